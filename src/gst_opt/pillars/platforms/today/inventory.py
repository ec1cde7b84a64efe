"""What there is and how far it is used: by site, by province, in all; duplicates; no solver."""

import math
from collections.abc import Iterator
from itertools import combinations

from gst_opt.pillars.platforms.today.facts import REGION, Today
from gst_opt.pillars.platforms.today.findings import (
    Duplicate,
    ProvinceMeans,
    ProvinceUnits,
    SiteBeds,
    SiteUnits,
    TypeUse,
    WardUse,
)
from gst_opt.pillars.platforms.today.use import DAYS, Use

HOUR = 60.0


def site_units(today: Today) -> tuple[SiteUnits, ...]:
    """Return the units of every site and their use, by province, facility and type."""
    rows = (
        SiteUnits(
            province=today.province_of[facility],
            facility=facility,
            equipment_type=kind,
            units=use.units,
            past_life=today.past_life.get((facility, kind), 0),
            hours_open=use.open_minutes / HOUR,
            hours_used=_hours(use.used_minutes),
            share_used=_share(use.used_minutes, use.open_minutes),
            acts=use.acts,
            acts_floor=today.types[kind].min_acts,
            share_floor=today.types[kind].min_use,
            share_ceiling=today.types[kind].max_use,
            use_from=use.basis,
        )
        for (facility, kind), use in today.uses.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.province, row.facility, row.equipment_type)))


def types(today: Today) -> tuple[TypeUse, ...]:
    """Return the units of every type in the region and their use, where it is known."""
    return tuple(
        _type(today, kind, {place: use for place, use in today.uses.items() if place[1] == kind})
        for kind in sorted({kind for _, kind in today.uses})
    )


def _type(today: Today, kind: str, uses: dict[tuple[str, str], Use]) -> TypeUse:
    known = [(use.used_minutes, use.open_minutes) for use in uses.values() if use.used_minutes is not None]
    used = math.fsum(minutes for minutes, _ in known) if known else None
    open_known = math.fsum(minutes for _, minutes in known)
    open_all = math.fsum(use.open_minutes for use in uses.values())
    return TypeUse(
        equipment_type=kind,
        sites=len(uses),
        units=sum(use.units for use in uses.values()),
        past_life=sum(today.past_life.get(place, 0) for place in uses),
        hours_open=open_all / HOUR,
        hours_used=_hours(used),
        share_used=_share(used, open_known),
        share_known=_share(open_known, open_all) or 0.0,
    )


def site_beds(today: Today) -> tuple[SiteBeds, ...]:
    """Return the beds of every site and their occupancy, by province, facility and ward."""
    standards = {str(row.ward): row for row in today.equipment.ward_standards}
    rows = (
        SiteBeds(
            province=today.province_of[facility],
            facility=facility,
            ward=ward,
            beds=use.beds,
            bed_days=use.bed_days,
            share_occupied=_share(use.bed_days, use.beds * DAYS),
            share_floor=standards[ward].min_occupancy if ward in standards else None,
            share_ceiling=standards[ward].max_occupancy if ward in standards else None,
        )
        for (facility, ward), use in today.bed_uses.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.province, row.facility, row.ward)))


def wards(today: Today) -> tuple[WardUse, ...]:
    """Return the beds of every group of wards in the region and their occupancy, where it is known."""
    return tuple(_ward(today, ward) for ward in sorted({ward for _, ward in today.bed_uses}))


def _ward(today: Today, ward: str) -> WardUse:
    uses = [use for (_, own), use in today.bed_uses.items() if own == ward]
    known = [(use.bed_days, use.beds) for use in uses if use.bed_days is not None]
    beds, beds_known = sum(use.beds for use in uses), sum(count for _, count in known)
    days = math.fsum(value for value, _ in known) if known else None
    return WardUse(
        ward=ward,
        sites=sum(use.beds > 0 for use in uses),
        beds=beds,
        bed_days=days,
        share_occupied=_share(days, beds_known * DAYS),
        share_known=_share(beds_known, beds) or 0.0,
    )


def provinces(today: Today, target: float) -> tuple[ProvinceMeans, ...]:
    """Return staff and beds against the people of every province, and of the region last."""
    health = {skill.id for skill in today.grouping.workforce.skills if skill.health_professional}
    heads, beds = dict.fromkeys(today.inhabitants, 0), dict.fromkeys(today.inhabitants, 0)
    for row in today.grouping.workforce.staff:
        if row.skill in health and row.facility in today.province_of:
            heads[today.province_of[row.facility]] += row.heads
    for (facility, _), use in today.bed_uses.items():
        beds[today.province_of[facility]] += use.beds
    people = dict(today.inhabitants)
    for totals in (people, heads, beds):
        totals[REGION] = sum(totals.values())
    return tuple(
        ProvinceMeans(
            province=province,
            inhabitants=count,
            heads=heads[province],
            heads_per_1000=_share(1000 * heads[province], count),
            target_per_1000=target,
            heads_missing=max(0.0, target * count / 1000 - heads[province]),
            beds=beds[province],
            beds_per_1000=_share(1000 * beds[province], count),
        )
        for province, count in people.items()
    )


def province_units(today: Today) -> tuple[ProvinceUnits, ...]:
    """Return the units of every type and province against those that the region has for as many people."""
    units: dict[str, dict[str, int]] = {}
    for (facility, kind), use in today.uses.items():
        own = units.setdefault(kind, dict.fromkeys(today.inhabitants, 0))
        own[today.province_of[facility]] += use.units
    everybody = sum(today.inhabitants.values())
    return tuple(
        ProvinceUnits(
            equipment_type=kind,
            province=province,
            units=own[province],
            units_per_million=_share(1e6 * own[province], count),
            region_per_million=1e6 * sum(own.values()) / everybody,
            units_missing=max(0.0, sum(own.values()) * count / everybody - own[province]),
        )
        for kind, own in sorted(units.items())
        for province, count in today.inhabitants.items()
        if everybody
    )


def duplicates(today: Today, neighbour: float) -> tuple[Duplicate, ...]:
    """Return the pairs of near sites whose units of one type do together less than one may; the least used first."""
    return tuple(sorted(_duplicates(today, neighbour), key=lambda row: (row.equipment_type, row.share_of_one)))


def _duplicates(today: Today, neighbour: float) -> Iterator[Duplicate]:
    for one, other in combinations(today.uses, 2):
        kind = one[1]
        used, more = today.uses[one].used_minutes, today.uses[other].used_minutes
        if other[1] != kind or used is None or more is None:
            continue
        capacity = today.types[kind].minutes_per_year * today.types[kind].max_use
        minutes = max(today.journeys.minutes(one[0], other[0]), today.journeys.minutes(other[0], one[0]))
        if minutes <= neighbour and used + more < capacity:
            yield Duplicate(
                equipment_type=kind,
                facility=one[0],
                neighbour=other[0],
                minutes=minutes,
                units=today.uses[one].units + today.uses[other].units,
                hours_used=(used + more) / HOUR,
                hours_of_one=capacity / HOUR,
                share_of_one=(used + more) / capacity,
            )


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / HOUR


def _share(part: float | None, whole: float) -> float | None:
    return None if part is None or not whole else part / whole
