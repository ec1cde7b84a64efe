"""Named figures by place, today and as plans leave them: what indicators are made of; no solver.

=======================  =========  ====================================================================
figure                   by         what it is
=======================  =========  ====================================================================
people                   zone       inhabitants
people_within[service]   zone       those whose nearest site able to give it is within its longest journey
acts_needed, acts_given  zone       acts of a year
minutes_travelled        zone       minutes of the journeys to acts given, one way
sessions, days_waited    facility   sessions run; their number times their mean wait
hours_open, hours_used   facility   time of units of platforms
bed_days_open, bed_days  facility   365 days of every bed; those in use
heads                    facility   health professionals
fte_needed, fte_covered  facility   staff needed, and covered
moves, premiums          facility   heads that move, by where they go; their premiums, a year
platforms_running        facility   spending on platforms and beds in a year, less sessions sold
platforms_bought         facility   purchases and works, in a mean year
supplies_paid            facility   paid to suppliers over the calendar; today: what is required at today's prices
supplies_saving          facility   over the calendar, against today's prices
support_paid             facility   cost of support functions in a year, works and changes of hub left out
support_saving           facility   in the last year, works and changes of hub left out
support_works            facility   openings and changes of hub, in a mean year
=======================  =========  ====================================================================

Those of a plan of several years are of its last one.
"""

import math
from collections.abc import Iterable, Iterator, Mapping

from gst_opt.analysis.figures_money import Part, money_planned, money_today, platforms_money
from gst_opt.analysis.plans import Plans, of_one_demand
from gst_opt.core.equipment import EquipmentUnits
from gst_opt.core.grouping import Grouping, with_tables
from gst_opt.core.region import Facility, Status, WardBeds
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.today.facts import Today
from gst_opt.pillars.staff.need import staffing_need

DAYS = 365
HOUR = 60.0

Figures = Mapping[str, Mapping[str, float]]
"""Figures by name, then by id of a facility or a zone."""


def figures_today(grouping: Grouping) -> Figures:
    """Return the figures of today; of platforms: those of today's network in the first year."""
    from gst_opt.pillars.platforms.location.today import today

    network = today(LocationProblem.of(grouping, LocationPolicy(years=1)))
    needs = [(team.facility, team.need, min(team.need, team.heads)) for team in staffing_need(grouping).teams]
    staff = {(row.facility, row.skill): float(row.heads) for row in grouping.workforce.staff}
    return {
        **_people(grouping),
        **_within(grouping),
        **_gathered(_acts(network)),
        **_gathered(_platforms(grouping, network)),
        **_gathered(_heads(grouping, staff)),
        **_gathered(part for place, need, met in needs for part in _cover(place, need, met)),
        **_gathered(money_today(grouping)),
    }


def figures_planned(grouping: Grouping, plans: Plans) -> Figures:
    """Return the figures that plans leave; those of a plan that is missing are not there."""
    found = dict(_people(grouping))
    if plans.location is not None:
        of_one_demand(plans.location)
        found |= _gathered(_acts(plans.location)) | _gathered(_platforms(grouping, plans.location))
        found |= _within(_with_network(grouping, plans.location))
    found |= _staff(grouping, plans)
    found |= _gathered(money_planned(grouping, plans))
    return found


def added(parts: Iterable[Figures]) -> Figures:
    """Return the figures of parts of a grouping put together: those that all of them have."""
    every = list(parts)
    names = sorted(set.intersection(*(set(part) for part in every))) if every else []
    return {name: _sums(amount for part in every for amount in part[name].items()) for name in names}


def _people(grouping: Grouping) -> dict[str, dict[str, float]]:
    return {"people": {zone: float(count) for zone, count in grouping.region.inhabitants().items()}}


def _within(grouping: Grouping) -> dict[str, dict[str, float]]:
    """Return the people of each zone within the longest journey of each service, those of other zones left out."""
    today = Today(grouping)
    return {
        f"people_within[{service}]": {
            zone: 0.0 if zone in far else float(count) for zone, count in today.people.items()
        }
        for service, rows in today.far.items()
        for far in ({one.zone for one in rows},)
    }


def _with_network(grouping: Grouping, plan: LocationPlan) -> Grouping:
    """Return a grouping with the units and beds of a plan's last year."""
    last = _last(plan)
    units = [row for row in plan.units if row.year == last and row.units]
    beds = [row for row in plan.beds if row.year == last and row.beds]
    there = {row.facility for row in units} | {row.facility for row in beds}
    facilities: list[Facility] = [
        one.replace(status=Status.OPEN) if one.id in there else one for one in grouping.region.facilities
    ]
    return with_tables(
        grouping,
        {
            "facilities": tuple(facilities),
            "openings": tuple(row for row in grouping.region.openings if row.facility not in there),
            "equipment_units": tuple(
                EquipmentUnits(facility=row.facility, equipment_type=row.equipment_type, units=row.units)
                for row in units
            ),
            "ward_beds": tuple(WardBeds(facility=row.facility, ward=row.ward, beds=row.beds) for row in beds),
            "sessions": (),
            "site_limits": (),
            "ward_limits": (),
        },
    )


def _last(plan: LocationPlan) -> int:
    return max([row.year for row in plan.units] + [row.year for row in plan.beds], default=0)


def _acts(plan: LocationPlan) -> Iterator[Part]:
    last = _last(plan)
    for served in plan.served:
        if served.year == last:
            yield "acts_needed", served.zone, served.acts
            yield "acts_given", served.zone, served.acts
            yield "minutes_travelled", served.zone, served.acts * served.minutes
    for unmet in plan.unmet:
        if unmet.year == last:
            yield "acts_needed", unmet.zone, unmet.acts
            yield "acts_given", unmet.zone, 0.0


def _platforms(grouping: Grouping, plan: LocationPlan) -> Iterator[Part]:
    types = {kind.id: kind for kind in grouping.equipment.equipment_types}
    last = max((row.year for row in plan.costs), default=0)
    for row in plan.units:
        if row.year == last:
            hours = row.units * types[row.equipment_type].minutes_per_year / HOUR
            yield "hours_open", row.facility, hours
            yield "hours_used", row.facility, row.use * hours
            yield "sessions", row.facility, row.sessions
            yield "days_waited", row.facility, row.sessions * row.wait
    for beds in plan.beds:
        if beds.year == last:
            yield "bed_days_open", beds.facility, float(DAYS * beds.beds)
            yield "bed_days", beds.facility, beds.bed_days
    yield from platforms_money(grouping, plan)


def _staff(grouping: Grouping, plans: Plans) -> dict[str, dict[str, float]]:
    """Return staff as the plan of recruitment leaves it, or else that of moves; cover by the last plan that says it."""
    found: dict[str, dict[str, float]] = {}
    if plans.redeployment is not None:
        found |= _gathered(p for t in plans.redeployment.teams for p in _cover(t.facility, t.need, t.covered_planned))
        heads = {(team.facility, team.skill): float(team.heads_planned) for team in plans.redeployment.teams}
        found |= _gathered(_heads(grouping, heads))
    if plans.shared_time is not None:
        found |= _gathered(p for t in plans.shared_time.teams for p in _cover(t.facility, t.need, t.covered_planned))
    if plans.workforce is not None:
        ends = {(team.facility, team.skill): team for team in plans.workforce.teams}
        found |= _gathered(part for t in ends.values() for part in _cover(t.facility, t.need, t.covered))
        found |= _gathered(_heads(grouping, {place: team.heads_end for place, team in ends.items()}))
    return found


def _cover(facility: str, need: float, met: float) -> Iterator[Part]:
    yield "fte_needed", facility, need
    yield "fte_covered", facility, met


def _heads(grouping: Grouping, heads: Mapping[tuple[str, str], float]) -> Iterator[Part]:
    """Yield the health professionals of open facilities."""
    counting = {skill.id for skill in grouping.workforce.skills if skill.health_professional}
    is_open = {one.id for one in grouping.region.open_facilities()}
    for (facility, skill), count in heads.items():
        if skill in counting and facility in is_open:
            yield "heads", facility, count


def _gathered(parts: Iterable[Part]) -> dict[str, dict[str, float]]:
    """Return amounts by name and place."""
    found: dict[str, list[tuple[str, float]]] = {}
    for name, place, amount in parts:
        found.setdefault(name, []).append((place, amount))
    return {name: _sums(amounts) for name, amounts in found.items()}


def _sums(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for place, amount in parts:
        found.setdefault(place, []).append(amount)
    return {place: math.fsum(amounts) for place, amounts in found.items()}
