"""Who is served where: catchments, and the nearest facility of a level."""

from typing import NamedTuple

import numpy as np

from gst_opt.core.region import Facility, Kind, Level, Region, Zone
from gst_opt.network.journeys import Travel, refuse_unknown
from gst_opt.network.minutes import travel

SAME_COMMUNE_MINUTES = 10.0  # centres of one commune this close to the nearest one share its zones


class Nearest(NamedTuple):
    """The nearest facility to a zone; None and `inf` when there is none that can be reached."""

    facility: str | None
    minutes: float


def nearest(region: Region, journeys: Travel, level: Level, kind: Kind = Kind.GENERAL) -> dict[str, Nearest]:
    """Return, for each zone, the nearest open facility of one kind and at least one level.

    Specialised centres stand beside the referral ladder and are left out. Of several that tie, the first by id.
    """
    hosts = [
        facility.id
        for facility in region.open_facilities()
        if facility.kind is kind
        and facility.level is not Level.SPECIALISED_CENTRE
        and facility.level.rank >= level.rank
    ]
    zones = [zone.id for zone in region.zones]
    best, minutes = journeys.nearest(zones, hosts)
    return {
        zone: Nearest(hosts[host] if host >= 0 else None, time)
        for zone, host, time in zip(zones, best.tolist(), minutes.tolist(), strict=True)
    }


def catchments(region: Region, journeys: Travel | None = None) -> dict[str, float]:
    """Return the inhabitants that each open facility serves: those of `served_people`, or else an estimate.

    - First contact (open dispensaries and centres of kind general): each zone goes to the nearest centre of its
      own commune, and is split equally between it and the commune's other centres at most 10 minutes further;
      a zone without a centre in its commune goes to the nearest dispensary or centre of any commune, split
      equally between those that tie. Nobody is counted twice; a zone that reaches no one is not counted.
    - Hospitals serve everyone whose first contact refers to them, directly or through others. A facility that
      is not open passes on what refers to it.
    - Specialised centres, and others below hospital that are not of kind general, serve their whole province.

    Parameters
    ----------
    region
        Facilities, zones and their inhabitants.
    journeys
        Journey times, if already known; computed from the region otherwise.

    Returns
    -------
    dict
        Inhabitants by id of every open facility, sorted by id. Nobody refers to a hospital that is no one's
        reference: it serves 0.

    Raises
    ------
    GstOptError
        If a reference is not a facility of the region, or `journeys` are those of another region.
    """
    inhabitants = region.inhabitants()
    known = {row.facility: row.people for row in region.served_people}
    first_contact = {facility.id: 0.0 for facility in region.open_facilities() if is_first_contact(facility)}
    for place, hosts in first_contacts(region, journeys).items():
        for host in hosts:
            first_contact[host] += inhabitants[place] / len(hosts)
    first_contact |= {host: known[host] for host in first_contact.keys() & known.keys()}
    served = _with_referrals(region, first_contact)
    by_province: dict[str, float] = {}
    for zone in region.zones:
        by_province[zone.province] = by_province.get(zone.province, 0.0) + inhabitants[zone.id]
    result: dict[str, float] = {}
    for facility in region.open_facilities():
        if facility.level.is_hospital:
            result[facility.id] = served[facility.id]
        elif is_first_contact(facility):
            result[facility.id] = first_contact[facility.id]
        else:
            result[facility.id] = by_province.get(facility.province, 0.0)
    return result | {facility: people for facility, people in known.items() if facility in result}


def is_first_contact(facility: Facility) -> bool:
    """Tell whether people go to a facility first: dispensaries and centres of kind general."""
    level = facility.level
    return facility.kind is Kind.GENERAL and not level.is_hospital and level is not Level.SPECIALISED_CENTRE


def first_contacts(region: Region, journeys: Travel | None = None) -> dict[str, tuple[str, ...]]:
    """Return the facilities that the people of each zone go to first, as in `catchments`; none where none is reached.

    The nearest comes first.
    """
    hosts = [facility for facility in region.open_facilities() if is_first_contact(facility)]
    known = journeys if journeys is not None else travel(region)
    times = known.between([zone.id for zone in region.zones], [host.id for host in hosts])
    communes: dict[tuple[str, str], list[int]] = {}
    for position, host in enumerate(hosts):
        if host.level is not Level.DISPENSARY:
            communes.setdefault(_commune(host), []).append(position)
    everyone = np.arange(len(hosts))
    found: dict[str, tuple[str, ...]] = {}
    for zone, minutes in zip(region.zones, times, strict=True):
        own = np.array(communes.get(_commune(zone), ()), dtype=np.intp)
        local = bool(np.isfinite(minutes[own]).any())
        candidates, slack = (own, SAME_COMMUNE_MINUTES) if local else (everyone, 0.0)
        best = minutes[candidates].min(initial=np.inf)
        chosen = candidates[minutes[candidates] <= best + slack] if np.isfinite(best) else everyone[:0]
        nearest_first = chosen[np.argsort(minutes[chosen], kind="stable")]
        found[zone.id] = tuple(hosts[position].id for position in nearest_first.tolist())
    return found


def _commune(place: Facility | Zone) -> tuple[str, str]:
    """Name a commune in full: two provinces may have communes of one name."""
    return place.province, place.commune


def _with_referrals(region: Region, first_contact: dict[str, float]) -> dict[str, float]:
    """Add to each facility what those below it on the referral ladder serve."""
    served = {facility.id: first_contact.get(facility.id, 0.0) for facility in region.facilities}
    refuse_unknown(served, (facility.reference for facility in region.facilities if facility.reference))
    for facility in sorted(region.facilities, key=lambda facility: facility.level.rank):
        if facility.reference:
            served[facility.reference] += served[facility.id]
    return served
