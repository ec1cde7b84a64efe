"""Who refers to whom in the Tanger sample: dispensaries to centres, centres to the general hospitals.

A city may have several general hospitals, of very different sizes, so close to each other that the nearest is no
guide; there the centres are shared in proportion to beds.
"""

from collections.abc import Mapping, Sequence

from gst_opt.core.region import Facility, Kind, Level, Region
from gst_opt.network import Travel, catchments
from gst_opt.samples.facts import rules
from gst_opt.samples.geography import slug
from gst_opt.samples.places import point_of

DECIMALS = 6  # km and inhabitants that differ by less are equal, so that the result is the same on every machine


def refer(region: Region, journeys: Travel) -> Region:
    """Give each dispensary and centre the facility that receives its referrals.

    A dispensary refers to the nearest centre of its commune, or like a centre if there is none. A centre refers to
    the city of the nearest general hospital of its province; if the city (a commune) has several, its centres are
    shared by `shared`, counting the inhabitants of each centre and of its dispensaries.
    """
    hospitals = [site for site in region.open_facilities() if takes_referrals(site)]
    references = _of_dispensaries(region.open_facilities())
    people = catchments(region, journeys)
    specialised = {site.id for site in region.open_facilities() if site.level is Level.SPECIALISED_CENTRE}
    weights = {site: 0.0 if site in specialised else count for site, count in people.items()}
    for dispensary, centre in references.items():
        weights[centre] += weights[dispensary]
    cities: dict[tuple[str, str], list[Facility]] = {}
    for site in region.open_facilities():
        if not site.level.is_hospital and site.id not in references:
            nearest = _nearest(site, [host for host in hospitals if host.province == hospital_province(site.province)])
            cities.setdefault((nearest.province, nearest.commune), []).append(site)
    beds = region.beds()
    for city, centres in cities.items():
        hosts = {host: beds[host.id] for host in hospitals if (host.province, host.commune) == city}
        references |= shared({centre: weights[centre.id] for centre in centres}, hosts)
    return region.replace(
        facilities=tuple(
            site.replace(reference=references[site.id]) if site.id in references else site for site in region.facilities
        )
    )


def shared(centres: Mapping[Facility, float], hospitals: Mapping[Facility, int]) -> dict[str, str]:
    """Share centres (with their inhabitants) between hospitals (with their beds); return hospital by centre.

    Each hospital has a quota of the inhabitants in proportion to its beds. Pairs of centre and hospital are taken
    nearest first; a hospital takes a centre if that brings it nearer to its quota. A centre that no hospital takes
    goes where most of the quota is left.
    """
    each = sum(centres.values()) / sum(hospitals.values())
    left = {host.id: each * beds for host, beds in hospitals.items()}
    pairs = sorted(
        (_km(centre, host), centre.id, host.id, count) for centre, count in centres.items() for host in hospitals
    )
    found: dict[str, str] = {}
    for _, centre, host, count in pairs:
        if centre not in found and round(left[host] - count / 2, DECIMALS) >= 0:
            found[centre] = host
            left[host] -= count
    for _, centre, _, count in pairs:
        if centre not in found:
            found[centre] = min(left, key=lambda host: (-round(left[host], DECIMALS), host))
            left[found[centre]] -= count
    return found


def takes_referrals(site: Facility) -> bool:
    """Tell whether centres refer to a site: a general hospital below the university hospital."""
    return site.level.is_hospital and site.level is not Level.UNIVERSITY_HOSPITAL and site.kind is Kind.GENERAL


def hospital_province(province: str) -> str:
    """Return the province whose hospitals serve a province: itself, if it has any."""
    return rules().get(f"hospital_province_of_{slug(province)}", province)


def _of_dispensaries(sites: Sequence[Facility]) -> dict[str, str]:
    centres: dict[tuple[str, str], list[Facility]] = {}
    for site in sites:
        if not site.level.is_hospital and site.level not in (Level.DISPENSARY, Level.SPECIALISED_CENTRE):
            centres.setdefault((site.province, site.commune), []).append(site)
    return {
        site.id: _nearest(site, centres[site.province, site.commune]).id
        for site in sites
        if site.level is Level.DISPENSARY and (site.province, site.commune) in centres
    }


def _nearest(site: Facility, others: Sequence[Facility]) -> Facility:
    return min(others, key=lambda other: (_km(site, other), other.id))


def _km(site: Facility, other: Facility) -> float:
    return round(point_of(site).km_to(point_of(other)), DECIMALS)
