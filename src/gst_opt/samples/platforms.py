"""The platforms and beds of the Tanger sample: units present and allowed, what they do, take and cost.

Units of theatres, scanners, MRI and dialysis are those of ``hospitals.csv``; the others, and the room for more,
follow the rules of ``equipment_sites.csv`` by level, kind and beds. Units without a known year get ages that spread
evenly over the life of their type; types that live 20 years or more get none.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from gst_opt.core.equipment import (
    CoverStandard,
    DockingPoint,
    Equipment,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    FloorSpace,
    MobileUnit,
    PrivateOffer,
    SessionSale,
    SessionStaff,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.region import Facility, Level, Region, Status, Terrain
from gst_opt.core.wards import StayStandard, WardLimit, WardStaff, WardStandard
from gst_opt.network import Travel, catchments
from gst_opt.samples.careers import GOLDEN_SHARE
from gst_opt.samples.facts import facts, records, rules

LONG_LIFE = 20


def equipment(region: Region, journeys: Travel, first_year: int, period: str) -> Equipment:
    """Return all that is known of platforms and beds."""
    sites = platform_sites(region, journeys)
    present, limits = _units(region, sites)
    return Equipment(
        equipment_types=records("equipment_types", EquipmentType),
        equipment_units=_with_years(present, first_year),
        site_limits=limits,
        floor_spaces=_floor_spaces(region, sites),
        session_standards=records("session_standards", SessionStandard),
        session_staff=records("session_staff", SessionStaff),
        expert_times=records("expert_times", ExpertTime),
        session_sales=records("session_sales", SessionSale),
        private_offers=tuple(
            PrivateOffer(
                facility=row["facility"],
                service=row["service"],
                period=period,
                acts=float(row["acts"]),
                min_acts=float(row["min_acts"]),
                mad_per_act=float(row["mad_per_act"]),
            )
            for row in facts("private_offers")
        ),
        mobile_units=records("mobile_units", MobileUnit),
        docking_points=docking_points(region, journeys, present),
        upgrades=records("upgrades", Upgrade),
        cover_standards=records("cover_standards", CoverStandard),
        ward_standards=records("ward_standards", WardStandard),
        ward_limits=_ward_limits(region),
        ward_staff=records("ward_staff", WardStaff),
        stay_standards=tuple(
            StayStandard(
                service=row["id"],
                ward=row["ward"],
                days=float(row["days"]),
                target_days=float(row["target_days"]),
                source=row["source"],
            )
            for row in facts("admissions")
        ),
    )


def platform_sites(region: Region, journeys: Travel) -> tuple[Facility, ...]:
    """Return hospitals, open or planned, all CSU-2, and the CSR-2 that most people depend on, up to the rule's number.

    Of two CSR-2 with as many people, the first by id comes first.
    """
    counted = [site for site in region.facilities if site.status in (Status.OPEN, Status.PLANNED)]
    hospitals = [site for site in counted if site.level.is_hospital]
    towns = [site for site in counted if site.level is Level.URBAN_CENTRE_2]
    people = catchments(region, journeys)
    country = sorted(
        (site for site in counted if site.level is Level.RURAL_CENTRE_2),
        key=lambda site: (-round(people[site.id]), site.id),
    )
    return (*hospitals, *towns, *country[: int(rules()["platform_centres"]) - len(towns)])


def docking_points(region: Region, journeys: Travel, present: Sequence[EquipmentUnits]) -> tuple[DockingPoint, ...]:
    """Return the rural mountain communes with most inhabitants that a mobile unit reaches, far from every other one."""
    people = region.inhabitants()
    is_open = {site.id for site in region.open_facilities()}
    reach, apart = float(rules()["docking_minutes"]), float(rules()["docking_distance"])
    mountain = sorted(
        (zone.id for zone in region.zones if zone.terrain is Terrain.MOUNTAIN and not zone.urban),
        key=lambda zone: (-people[zone], zone),
    )
    points = []
    for unit in records("mobile_units", MobileUnit):
        fixed = [
            row.facility for row in present if row.equipment_type == unit.equipment_type and row.facility in is_open
        ]
        _, times = journeys.nearest(mountain, fixed)
        far = [
            zone
            for zone, minutes in zip(mountain, times.tolist(), strict=True)
            if minutes > apart and journeys.minutes(unit.base, zone) <= reach
        ]
        points += [
            DockingPoint(
                mobile_unit=unit.id,
                place=zone,
                min_sessions=float(rules()["docking_sessions"]),
                opening=float(rules()["docking_opening"]),
                source="our rule: rural mountain communes with most inhabitants, far from every fixed unit",
            )
            for zone in far[: int(rules()["docking_points"])]
        ]
    return tuple(points)


def _units(region: Region, sites: Sequence[Facility]) -> tuple[list[EquipmentUnits], tuple[SiteLimit, ...]]:
    """Return the units of each site, and the most that it may have."""
    beds = region.beds()
    listed = {row["id"]: row for row in facts("hospitals")}
    works = {row["id"]: float(row["works"]) for row in facts("equipment_types")}
    present, limits = [], []
    for site in sites:
        for rule in _rules_of(site):
            kind, size = rule["equipment_type"], beds.get(site.id, 0)
            by_beds = size // int(rule["beds_per_unit"]) if rule["beds_per_unit"] else 0
            units = max(int(rule["units"]), by_beds) if rule["units"] else int(listed[site.id][kind])
            most = units + (int(rule["more_units"]) if size >= int(rule["least_beds"]) else 0)
            if units:
                present.append(EquipmentUnits(facility=site.id, equipment_type=kind, units=units))
            if most:
                limits.append(
                    SiteLimit(
                        facility=site.id,
                        equipment_type=kind,
                        max_units=most,
                        opening=0.0 if units else works[kind],
                        source=rule["source"],
                    )
                )
    return present, tuple(limits)


def _rules_of(site: Facility) -> Iterator[dict[str, str]]:
    for row in facts("equipment_sites"):
        if (row["level"], row["facility_kind"]) == (site.level.value, site.kind.value):
            yield row


def _with_years(present: Sequence[EquipmentUnits], first_year: int) -> tuple[EquipmentUnits, ...]:
    """Give units their year: the known one, or an age from 1 to one less than the life of their type."""
    known = {row["facility"]: int(row["year"]) for row in facts("installed")}
    life = {row["id"]: int(row["life"]) for row in facts("equipment_types")}
    numbers: dict[str, int] = {}
    dated = []
    for row in sorted(present, key=lambda one: (one.equipment_type, one.facility)):
        lasts = life[row.equipment_type]
        year = known.get(row.facility)
        if year is None and lasts < LONG_LIFE:
            number = numbers[row.equipment_type] = numbers.get(row.equipment_type, 0) + 1
            year = first_year - 1 - int(number * GOLDEN_SHARE % 1 * (lasts - 1))
        dated.append(row.replace(installed=year))
    return tuple(dated)


def _floor_spaces(region: Region, sites: Sequence[Facility]) -> tuple[FloorSpace, ...]:
    by_level = {row["level"]: row for row in facts("floor_spaces")}
    beds = region.beds()
    return tuple(
        FloorSpace(
            facility=site.id,
            free=float(row["square_metres"]) + float(row["per_bed"]) * beds.get(site.id, 0),
            source=row["source"],
        )
        for site in sites
        for row in (by_level[site.level.value],)
    )


def _ward_limits(region: Region) -> tuple[WardLimit, ...]:
    """Allow each ward one block more, or the share of the rules, rounded up to whole blocks."""
    by_ward = {row["ward"]: row for row in facts("ward_standards")}
    limits = []
    for row in region.ward_beds:
        standard = by_ward[row.ward.value]
        block = int(standard["block"])
        more = max(1, ceil(float(standard["more_share"]) * row.beds / block))
        limits.append(
            WardLimit(
                facility=row.facility,
                ward=row.ward,
                max_beds=row.beds + more * block,
                source="our rule: today's beds and some blocks more",
            )
        )
    return tuple(limits)
