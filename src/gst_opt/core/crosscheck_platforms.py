"""What the tables of platforms, beds, pathways and demand must say of one another."""

import math
from collections.abc import Collection, Iterator

from gst_opt.core.equipment import (
    DockingPoint,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    MobileUnit,
    PrivateOffer,
    Sessions,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.errors import DataProblem
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import Facility, GrowthRate, Level, Opening, Population, Status, WardBeds, Zone
from gst_opt.core.services import DemandRate, Service
from gst_opt.core.tables import Tables, positioned
from gst_opt.core.wards import StayStandard, WardLimit, WardStandard
from gst_opt.text import Message

TINY = 1e-9


def platform_problems(tables: Tables, refused: Collection[str] = ()) -> list[DataProblem]:
    """Return what rows of platforms, beds, pathways and demand contradict, all at once.

    Parameters
    ----------
    tables
        Rows by table; a problem's `row` is the position in its table, from 1.
    refused
        Tables that have rows refused for another reason: what is missing from them is not reported.
    """
    return [
        *_bounds(tables),
        *_site_limits(tables, whole="equipment_units" not in refused),
        *_upgrades(tables),
        *_ward_limits(tables, whole="ward_beds" not in refused),
        *_made_services(tables, whole="session_standards" not in refused),
        *_sessions_without_units(tables, whole="equipment_units" not in refused),
        *_openings(tables),
        *_steps(tables, whole="pathway_steps" not in refused),
        *_stays_of_steps(tables, whole="stay_standards" not in refused),
        *_shares_of_entries(tables),
        *_rates(tables, whole=not {"populations", "zones"} & set(refused)),
    ]


def _bounds(tables: Tables) -> Iterator[DataProblem]:
    """Report a least value above the largest one."""
    for position, kind in positioned(tables, "equipment_types", EquipmentType):
        yield from _above("equipment_types", position, "min_use", kind.min_use, "max_use", kind.max_use)
    for position, ward in positioned(tables, "ward_standards", WardStandard):
        least, most = ward.min_occupancy, ward.max_occupancy
        yield from _above("ward_standards", position, "min_occupancy", least, "max_occupancy", most)
    for position, offer in positioned(tables, "private_offers", PrivateOffer):
        yield from _above("private_offers", position, "min_acts", offer.min_acts, "acts", offer.acts)
    for position, stay in positioned(tables, "stay_standards", StayStandard):
        if stay.target_days is not None:
            yield from _above("stay_standards", position, "target_days", stay.target_days, "days", stay.days)
    weekly = {unit.id: unit.sessions_per_week for _, unit in positioned(tables, "mobile_units", MobileUnit)}
    for position, point in positioned(tables, "docking_points", DockingPoint):
        most = weekly.get(point.mobile_unit, math.inf)
        yield from _above("docking_points", position, "min_sessions", point.min_sessions, "sessions_per_week", most)


def _above(table: str, position: int, column: str, least: float, other: str, most: float) -> Iterator[DataProblem]:
    if least > most:
        expected = Message("core.at_most_column", {"column": other, "most": f"{most:g}"})
        yield DataProblem(table, position, column, f"{least:g}", expected)


def _site_limits(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report a limit below the units present, and room for more where the level may not have them."""
    present: dict[tuple[str, str], int] = {}
    for _, row in positioned(tables, "equipment_units", EquipmentUnits):
        place = row.facility, row.equipment_type
        present[place] = present.get(place, 0) + row.units
    levels = _levels(tables)
    least = {kind.id: kind.min_level for _, kind in positioned(tables, "equipment_types", EquipmentType)}
    for position, limit in positioned(tables, "site_limits", SiteLimit):
        there, level = present.get((limit.facility, limit.equipment_type), 0), levels.get(limit.facility)
        yield from _limit(
            ("site_limits", position, "max_units", limit.max_units),
            there,
            level if whole else None,
            least.get(limit.equipment_type),
        )


def _upgrades(tables: Tables) -> Iterator[DataProblem]:
    """Report a type that becomes itself."""
    for position, row in positioned(tables, "upgrades", Upgrade):
        if row.becomes == row.equipment_type:
            yield DataProblem("upgrades", position, "becomes", row.becomes, Message("core.another_type"))


def _ward_limits(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report a limit below the beds open, and room for more where the level may not have them."""
    beds = {(row.facility, row.ward): row.beds for _, row in positioned(tables, "ward_beds", WardBeds)}
    levels = _levels(tables)
    least = {ward.ward: ward.min_level for _, ward in positioned(tables, "ward_standards", WardStandard)}
    for position, limit in positioned(tables, "ward_limits", WardLimit):
        there, level = beds.get((limit.facility, limit.ward), 0), levels.get(limit.facility)
        yield from _limit(
            ("ward_limits", position, "max_beds", limit.max_beds),
            there,
            level if whole else None,
            least.get(limit.ward),
        )


def _limit(
    cell: tuple[str, int, str, int], present: int, level: Level | None, least: Level | None
) -> Iterator[DataProblem]:
    table, position, column, most = cell
    if most < present:
        yield DataProblem(table, position, column, str(most), Message("core.at_least_present", {"present": present}))
    elif most > present and level is not None and least is not None and level.rank < least.rank:
        expected = Message("core.level_too_low", {"present": present, "level": level, "least": least})
        yield DataProblem(table, position, column, str(most), expected)


def _levels(tables: Tables) -> dict[str, Level]:
    return {facility.id: facility.level for _, facility in positioned(tables, "facilities", Facility)}


def _made_services(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report a mobile unit that makes nothing, and an expert's time for what the type does not make."""
    types = {kind.id for _, kind in positioned(tables, "equipment_types", EquipmentType)}
    services = {service.id for _, service in positioned(tables, "services", Service)}
    made = {(row.equipment_type, row.service) for _, row in positioned(tables, "session_standards", SessionStandard)}
    making = {equipment_type for equipment_type, _ in made}
    for position, unit in positioned(tables, "mobile_units", MobileUnit) if whole else ():
        if unit.equipment_type in types - making:
            expected = Message("core.type_that_makes")
            yield DataProblem("mobile_units", position, "equipment_type", unit.equipment_type, expected)
    for position, time in positioned(tables, "expert_times", ExpertTime) if whole else ():
        known = time.equipment_type in types and time.service in services
        if known and (time.equipment_type, time.service) not in made:
            expected = Message("core.service_of_type", {"type": time.equipment_type})
            yield DataProblem("expert_times", position, "service", time.service, expected)


def _sessions_without_units(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    types = {kind.id for _, kind in positioned(tables, "equipment_types", EquipmentType)}
    facilities = set(_levels(tables))
    equipped = {(row.facility, row.equipment_type) for _, row in positioned(tables, "equipment_units", EquipmentUnits)}
    for position, row in positioned(tables, "sessions", Sessions) if whole else ():
        known = row.facility in facilities and row.equipment_type in types
        if known and (row.facility, row.equipment_type) not in equipped:
            expected = Message("core.facility_with_units", {"type": row.equipment_type})
            yield DataProblem("sessions", position, "facility", row.facility, expected)


def _openings(tables: Tables) -> Iterator[DataProblem]:
    status = {facility.id: facility.status for _, facility in positioned(tables, "facilities", Facility)}
    for position, row in positioned(tables, "openings", Opening):
        if status.get(row.facility, Status.PLANNED) is not Status.PLANNED:
            yield DataProblem("openings", position, "facility", row.facility, Message("core.planned_facility"))


def _steps(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report steps that do not follow one another from 1, are near home without going back, or begin for a few."""
    steps: dict[str, list[tuple[int, PathwayStep]]] = {}
    for position, step in positioned(tables, "pathway_steps", PathwayStep):
        steps.setdefault(step.pathway, []).append((position, step))
    for position, pathway in positioned(tables, "pathways", Pathway) if whole else ():
        if pathway.id not in steps:
            yield DataProblem("pathways", position, "id", pathway.id, Message("core.pathway_with_steps"))
    for rows in steps.values():
        before = 0
        for position, step in sorted(rows, key=lambda row: row[1].step):
            if whole and step.step > before + 1:
                expected = Message("core.next_step", {"step": before + 1})
                yield DataProblem("pathway_steps", position, "step", str(step.step), expected)
            before = step.step
            if step.near_home is not None and not step.counter_referral:
                expected = Message("core.near_home_of_counter_referral")
                yield DataProblem("pathway_steps", position, "near_home", f"{step.near_home:g}", expected)
            if step.step == 1:
                yield from _first_step(position, step)


def _first_step(position: int, step: PathwayStep) -> Iterator[DataProblem]:
    if step.share != 1:
        yield DataProblem("pathway_steps", position, "share", f"{step.share:g}", Message("core.share_of_first_step"))
    for column, value in (("delay", step.delay), ("max_transfer", step.max_transfer)):
        if value:
            yield DataProblem("pathway_steps", position, column, f"{value:g}", Message("core.nothing_before"))


def _stays_of_steps(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    services = {service.id for _, service in positioned(tables, "services", Service)}
    staying = {stay.service for _, stay in positioned(tables, "stay_standards", StayStandard)}
    for position, step in positioned(tables, "pathway_steps", PathwayStep) if whole else ():
        if step.kind is StepKind.STAY and step.service in services - staying:
            yield DataProblem("pathway_steps", position, "service", step.service, Message("core.service_with_stay"))


def _shares_of_entries(tables: Tables) -> Iterator[DataProblem]:
    """Report where the pathways that begin with one service take more than all of its patients."""
    entry = {
        step.pathway: step.service for _, step in positioned(tables, "pathway_steps", PathwayStep) if step.step == 1
    }
    shares: dict[str, list[float]] = {}
    for position, pathway in positioned(tables, "pathways", Pathway):
        if pathway.id in entry:
            own = shares.setdefault(entry[pathway.id], [])
            before = math.fsum(own)
            own.append(pathway.share)
            total = math.fsum(own)
            if before <= 1 + TINY < total:
                values = {"service": entry[pathway.id], "percent": f"{100 * total:.0f}"}
                expected = Message("core.entries_at_most_1", values)
                yield DataProblem("pathways", position, "share", f"{pathway.share:g}", expected)


def _rates(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report rates of an age, and growth of a province, that nobody has."""
    if not whole:
        return
    ages = {row.age_group for _, row in positioned(tables, "populations", Population)}
    for position, rate in positioned(tables, "demand_rates", DemandRate):
        if rate.age_group not in ages:
            yield DataProblem("demand_rates", position, "age_group", rate.age_group, Message("core.known_age_group"))
    provinces = {zone.province for _, zone in positioned(tables, "zones", Zone)}
    for position, growth in positioned(tables, "growth_rates", GrowthRate):
        if growth.province not in provinces:
            yield DataProblem("growth_rates", position, "province", growth.province, Message("core.known_province"))
