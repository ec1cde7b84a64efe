"""What one part's plan leaves to the others: staff after moves, what planned acts use; no solver.

A part is read and checked in the world that the other parts leave it.
"""

import math
from collections.abc import Mapping

from gst_opt.core.catalogue import Requirement
from gst_opt.core.services import Activity
from gst_opt.core.workforce import Staff
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.purchasing.awards.outcome import Decided, plan_of
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan

Acts = Mapping[tuple[str, str], float]
"""Acts by (facility, service)."""


def staffed(location: LocationProblem, plan: RedeploymentPlan) -> LocationProblem:
    """Return the question of platforms with the staff that moves leave at every facility."""
    staff = tuple(Staff(facility=one.facility, skill=one.skill, heads=one.heads_planned) for one in plan.teams)
    return location.replace(workforce=location.workforce.replace(staff=staff))


def acts_of(problem: LocationProblem, plan: LocationPlan) -> dict[tuple[str, str], float]:
    """Return the acts that facilities do, those of a mobile unit at its base; what is bought elsewhere uses nothing."""
    base = {one.id: one.base for one in problem.equipment.mobile_units}
    found: dict[tuple[str, str], list[float]] = {}
    for row in plan.served:
        if row.mode is not Mode.CONTRACT:
            facility = base[row.platform or ""] if row.mode is Mode.MOBILE else row.place
            found.setdefault((facility, row.service), []).append(row.acts)
    return {key: math.fsum(parts) for key, parts in sorted(found.items())}


def supplied(problem: GroupingProblem, awards: AwardProblem, acts: Acts) -> AwardProblem:
    """Return the tender for these acts.

    Needs that acts of planned services use follow these acts at every facility, whatever the table of requirements
    says of them.
    """
    catalogue = awards.catalogue
    followed = {use.need for use in catalogue.consumption if use.service in problem.services}
    planned = tuple(
        Activity(facility=facility, service=service, period=period, acts=many * years)
        for (facility, service), many in acts.items()
        for period, years in problem.periods.items()
    )
    recorded = tuple(row for row in awards.activity if row.service not in problem.services)
    kept = tuple(row for row in catalogue.requirements if row.need not in followed)
    return awards.replace(catalogue=catalogue.replace(requirements=kept), activity=(*recorded, *planned))


def uses(problem: GroupingProblem, awards: AwardProblem) -> dict[tuple[str, str], float]:
    """Return the units of each need that one act of each planned service uses, by (need, service)."""
    levels = {need.id for need in awards.catalogue.needs if need.level in awards.policy.levels}
    return {
        (use.need, use.service): use.units_per_act
        for use in awards.catalogue.consumption
        if use.service in problem.services and use.need in levels and use.units_per_act > 0
    }


def acts_needed(location: LocationProblem) -> dict[str, float]:
    """Return the acts that people need of each planned service."""
    found: dict[str, list[float]] = {}
    for one in location.streams:
        found.setdefault(one.service, []).append(one.acts[0])
    return {service: math.fsum(parts) for service, parts in sorted(found.items())}


def largest(problem: GroupingProblem, location: LocationProblem, awards: AwardProblem) -> AwardProblem:
    """Return the tender if every need were met: no plan needs more of anything."""
    needed, least = acts_needed(location), supplied(problem, awards, {})
    most: dict[tuple[str, str], float] = {}
    for (need, _), periods in least.required.items():
        for period, units in periods.items():
            most[need, period] = most.get((need, period), 0.0) + units
    for (need, service), units in uses(problem, awards).items():
        for period, years in problem.periods.items():
            most[need, period] = most.get((need, period), 0.0) + units * needed.get(service, 0.0) * years
    facility = min(location.facilities)
    rows = tuple(
        Requirement(need=need, facility=facility, period=period, units=units)
        for (need, period), units in sorted(most.items())
        if units > 0
    )
    catalogue = awards.catalogue.replace(requirements=rows, consumption=())
    return awards.replace(catalogue=catalogue, activity=())


def recast(problem: AwardProblem, plan: AwardPlan) -> AwardPlan:
    """Return the same orders as the plan of a tender for other quantities; orders of what nobody needs are left out."""
    group = {cell.need: cell.group for cell in problem.cells}
    own = [one for one in plan.orders if one.need in group]
    units = {(one.supplier, one.reference): one.units for one in own}
    sent = {(one.supplier, one.reference, group[one.need]): one.units for one in own}
    return plan_of(problem, Decided(units, sent, frozenset(lot.lot for lot in plan.lots if lot.reserved)))
