"""Does a plan of the grouping keep every rule? Every part's own check, in the world that the others leave it, and ties.

Ties and the budget are computed again from the parts' tables; no code is shared with the model.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from gst_opt.grouping_plan.plan import GroupingPlan, TieKind
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.worlds import acts_of, largest, staffed, supplied
from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.platforms.location.check import check as check_location
from gst_opt.pillars.platforms.location.today import today as platforms_today
from gst_opt.pillars.purchasing.awards.check import check as check_awards
from gst_opt.pillars.staff.redeployment.check import check as check_staff
from gst_opt.pillars.support.hubs.check import check as check_hubs

TOLERANCE = 1e-6

Figures = dict[tuple[TieKind, str | None, str | None], tuple[float, float]]
"""What is used and what there is, by tie, facility and subject."""


def check(problem: GroupingProblem, plan: GroupingPlan) -> Check:
    """Recompute every rule and every term of a plan of the grouping.

    Rules, by name: those of every part, and ``parts_asked``, ``staff_tie``, ``supply_tie``, ``year_budget``, ``ties``,
    ``spending``.
    """
    if plan.parts.keys() != problem.parts.keys():
        return Check(violations=(Violation("parts_asked", tuple(plan.parts), len(plan.parts), len(problem.parts)),))
    found = _parts(problem, plan)
    broken = [
        Violation(one.rule, (name, *one.place), one.found, one.allowed)
        for name, own in found.items()
        for one in own.violations
    ]
    terms = {name: value for own in found.values() for name, value in own.terms.items()}
    figures = {**_staff(problem, plan), **_supplies(problem, plan)}
    always = {name: value for own in found.values() for name, value in own.constants.items()}
    spent = {line: share * (terms.get(line, 0.0) + always.get(line, 0.0)) for line, share in problem.borne.items()}
    if problem.policy.budget is not None:
        figures[TieKind.BUDGET, None, None] = math.fsum(spent.values()), problem.policy.budget
    return Check(
        violations=(*broken, *_broken_ties(figures), *_rows(plan, figures), *_lines(plan, spent)),
        terms=terms,
        today={name: value for own in _today(problem, plan, found).values() for name, value in own.today.items()},
        constants=always,
    )


def _parts(problem: GroupingProblem, plan: GroupingPlan) -> dict[str, Check]:
    """Check every part, platforms with the staff after moves, the tender for the acts planned."""
    found: dict[str, Check] = {}
    if problem.location is not None and plan.location is not None:
        moved = problem.tied_staff and plan.staff is not None
        world = staffed(problem.location, plan.staff) if moved and plan.staff else problem.location
        own = check_location(world, plan.location)
        if moved:  # hours freed by hubs are not in its world: the tie is what counts
            own = replace(own, violations=tuple(one for one in own.violations if one.rule != "staff_hours"))
        found["location"] = own
    if problem.staff is not None and plan.staff is not None:
        found["staff"] = check_staff(problem.staff, plan.staff)
    if problem.support is not None and plan.support is not None:
        found["support"] = check_hubs(problem.support, plan.support)
    if problem.awards is not None and plan.awards is not None:
        awards = problem.awards
        if problem.location is not None and plan.location is not None:
            awards = supplied(problem, awards, acts_of(problem.location, plan.location))
        own = check_awards(awards, plan.awards)
        if problem.location is not None:
            kept = [one for one in own.violations if one.rule != "reserve"]
            own = replace(own, violations=(*kept, *_reserve(problem, plan)))
        found["awards"] = own
    return found


def _reserve(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[Violation]:
    """Yield lots reserved to small firms that are too few: of all that may be needed, whatever acts use in the end."""
    if problem.location is None or problem.awards is None or plan.awards is None:
        return
    offered = {bid.lot for bid in largest(problem, problem.location, problem.awards).bids}
    forecast = {lot.id: lot.forecast for lot in problem.awards.tenders.lots if lot.id in offered}
    held = {lot.lot for lot in plan.awards.lots if lot.reserved}
    kept = math.fsum(mad for lot, mad in forecast.items() if lot in held)
    least = problem.awards.policy.small_firm_share * math.fsum(forecast.values())
    if kept < least - TOLERANCE * max(1.0, least):
        yield Violation("reserve", ("*",), kept, least)
    for lot in problem.awards.tenders.lots:
        if lot.reserved and lot.id in offered - held:
            yield Violation("reserve", (lot.id,), 0, 1)


def _today(problem: GroupingProblem, plan: GroupingPlan, found: Mapping[str, Check]) -> dict[str, Check]:
    """Return the checks whose figures of today are those of today's staff and today's acts."""
    as_today = dict(found)
    if problem.location is not None:
        network = platforms_today(problem.location)
        as_today["location"] = check_location(problem.location, network)
        if problem.awards is not None and plan.awards is not None:
            awards = supplied(problem, problem.awards, acts_of(problem.location, network))
            as_today["awards"] = check_awards(awards, plan.awards)
    return as_today


def _staff(problem: GroupingProblem, plan: GroupingPlan) -> Figures:
    """Return the hours that platforms and hubs take of every team, less what others give it, and those after moves."""
    location, staff = plan.location, plan.staff
    if not problem.tied_staff or location is None or staff is None or problem.location is None:
        return {}
    a_year = problem.location.hours_a_year
    taken: dict[tuple[str, str], float] = {}
    for own in location.staff:
        taken[own.facility, own.skill] = taken.get((own.facility, own.skill), 0.0) + own.hours_needed
    for lent in location.lent_hours:
        lost = 2 * problem.location.journeys.minutes(lent.origin, lent.host) / problem.location.policy.lent_day
        worked = lent.hours * (1 - lost)
        taken[lent.origin, lent.skill] = taken.get((lent.origin, lent.skill), 0.0) + lent.hours
        taken[lent.host, lent.skill] = taken.get((lent.host, lent.skill), 0.0) - worked
    for far in location.remote_hours:
        taken[far.origin, far.skill] = taken.get((far.origin, far.skill), 0.0) + far.hours
        taken[far.host, far.skill] = taken.get((far.host, far.skill), 0.0) - far.hours
    for hub in plan.support.staff if plan.support is not None else ():
        if any(row.skill == hub.skill for row in problem.grouping.workforce.staff):
            key = (hub.facility, hub.skill)
            taken[key] = taken.get(key, 0.0) + hub.hours_needed - hub.hours_freed
    there = dict.fromkeys(taken, 0.0)
    for team in staff.teams:
        if (team.facility, team.skill) in there:
            hours = problem.location.policy.staff_share * a_year.get(team.skill, 0.0)
            there[team.facility, team.skill] = team.heads_planned * hours
    return {(TieKind.STAFF, *key): (hours, there[key]) for key, hours in taken.items()}


def _supplies(problem: GroupingProblem, plan: GroupingPlan) -> Figures:
    """Return the units that acts use of every need, and those bought."""
    if problem.location is None or problem.awards is None or plan.location is None or plan.awards is None:
        return {}
    needed = supplied(problem, problem.awards, acts_of(problem.location, plan.location)).demand
    factor = {one.id: one.factor for one in problem.awards.catalogue.product_references}
    bought = dict.fromkeys(needed, 0.0)
    for order in plan.awards.orders:
        bought[order.need] = bought.get(order.need, 0.0) + order.units * factor[order.reference]
    return {(TieKind.SUPPLIES, None, need): (units, bought[need]) for need, units in needed.items()}


def _broken_ties(figures: Figures) -> Iterator[Violation]:
    """Yield teams that platforms take too much of, and money beyond the budget; what is not bought is short."""
    names = {TieKind.STAFF: "staff_tie", TieKind.BUDGET: "year_budget"}
    for (kind, facility, subject), (used, there) in figures.items():
        if kind in names and used > there + TOLERANCE * max(1.0, abs(there)):
            yield Violation(names[kind], tuple(one for one in (facility, subject) if one), used, there)


def _rows(plan: GroupingPlan, figures: Figures) -> Iterator[Violation]:
    """Yield rows of the table of ties that are not what the parts' tables say."""
    written = {(row.tie, row.facility, row.subject): row for row in plan.ties}
    if len(written) != len(plan.ties) or written.keys() != figures.keys():
        yield Violation("ties", ("*",), len(plan.ties), len(figures))
    for key, (used, there) in figures.items():
        row = written.get(key)
        if row is not None:
            place = tuple(str(one) for one in key if one)
            right = (used, there, there - used)
            for said, figure in zip((row.used, row.bound, row.slack), right, strict=True):
                if abs(said - figure) > TOLERANCE * max(1.0, abs(used), abs(there)):
                    yield Violation("ties", place, said, figure)
            if row.binding != (row.slack <= TOLERANCE * max(abs(row.bound), abs(row.used), 1.0)):
                yield Violation("ties", place, float(row.binding), float(not row.binding))


def _lines(plan: GroupingPlan, spent: Mapping[str, float]) -> Iterator[Violation]:
    """Yield lines of the budget that are not what the parts spend."""
    written = {row.line: row.mad for row in plan.spending}
    if len(written) != len(plan.spending) or written.keys() != spent.keys():
        yield Violation("spending", ("*",), len(plan.spending), len(spent))
    for line, mad in spent.items():
        if line in written and abs(written[line] - mad) > TOLERANCE * max(1.0, abs(mad)):
            yield Violation("spending", (line,), written[line], mad)
