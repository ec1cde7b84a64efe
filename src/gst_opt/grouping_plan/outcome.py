"""From the parts' plans to the whole: ties and budget as tables; no solver."""

import math
from collections.abc import Iterator, Mapping

from gst_opt.grouping_plan.plan import GroupingPlan, Spending, Tie, TieKind
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.worlds import acts_of, recast, supplied
from gst_opt.model.problem import Plan
from gst_opt.pillars.support.hubs.policy import MONEY

BINDING = 1e-6
"""Part of a bound below which what is left is nothing."""


def assemble(problem: GroupingProblem, parts: Mapping[str, Plan]) -> GroupingPlan:
    """Return the plan of the whole, its tender that of the planned acts."""
    plan = GroupingPlan.model_validate(parts)
    if problem.location is not None and problem.awards is not None and plan.location and plan.awards:
        acts = acts_of(problem.location, plan.location)
        plan = plan.replace(awards=recast(supplied(problem, problem.awards, acts), plan.awards))
    spending = tuple(_spending(problem, plan))
    return plan.replace(
        ties=(*_staff(problem, plan), *_supplies(problem, plan), *_budget(problem, spending)), spending=spending
    )


def _staff(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[Tie]:
    """Yield the hours that platforms and hubs take of every team, less those freed, and those there are after moves."""
    if problem.location is None or problem.staff is None or plan.location is None or plan.staff is None:
        return
    if not problem.tied_staff:
        return
    share, hours = problem.location.policy.staff_share, problem.staff.hours_a_year
    heads = {(one.facility, one.skill): one.heads_planned for one in plan.staff.teams}
    used: dict[tuple[str, str], list[float]] = {}
    for row in plan.location.staff:
        used.setdefault((row.facility, row.skill), []).append(row.hours_needed)
    for lent in plan.location.lent_hours:
        used.setdefault((lent.origin, lent.skill), []).append(lent.hours)
        worked = 1 - 2 * lent.minutes / problem.location.policy.lent_day
        used.setdefault((lent.host, lent.skill), []).append(-lent.hours * worked)
    for remote in plan.location.remote_hours:
        used.setdefault((remote.origin, remote.skill), []).append(remote.hours)
        used.setdefault((remote.host, remote.skill), []).append(-remote.hours)
    for hub in plan.support.staff if plan.support else ():
        if hub.skill in problem.skills:
            used.setdefault((hub.facility, hub.skill), []).append(hub.hours_needed - hub.hours_freed)
    for (facility, skill), parts in sorted(used.items()):
        bound = share * heads.get((facility, skill), 0) * hours.get(skill, 0.0)
        yield _tie(TieKind.STAFF, facility, skill, "h", math.fsum(parts), bound)


def _supplies(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[Tie]:
    """Yield the units that acts use of every need, and those bought."""
    if problem.tied_supplies and plan.awards is not None:
        for need in plan.awards.needs:
            yield _tie(TieKind.SUPPLIES, None, need.need, "unit", need.demand, need.bought)


def _budget(problem: GroupingProblem, spending: tuple[Spending, ...]) -> Iterator[Tie]:
    """Yield the year's budget, where there is one."""
    if problem.policy.budget is not None:
        spent = math.fsum(line.mad for line in spending)
        yield _tie(TieKind.BUDGET, None, None, "MAD", spent, problem.policy.budget)


def _tie(kind: TieKind, facility: str | None, subject: str | None, unit: str, used: float, bound: float) -> Tie:
    slack = bound - used
    binding = slack <= BINDING * max(abs(bound), abs(used), 1.0)
    return Tie(
        tie=kind, facility=facility, subject=subject, unit=unit, used=used, bound=bound, slack=slack, binding=binding
    )


def _spending(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[Spending]:
    """Yield what every line takes of the year's budget."""
    paid = _paid(problem, plan)
    for line, share in problem.borne.items():
        yield Spending(line=line, mad=share * paid[line])


def _paid(problem: GroupingProblem, plan: GroupingPlan) -> dict[str, float]:
    """Return the money of every line, equipment at its price."""
    found = {row.line: row.mad for row in plan.location.costs} if plan.location else {}
    if plan.staff is not None:
        found["premiums"] = math.fsum(move.premium for move in plan.staff.moves)
    if plan.awards is not None and problem.awards is not None:
        suppliers = {order.supplier for order in plan.awards.orders}
        found |= {
            "supplies": math.fsum(order.paid for order in plan.awards.orders),
            "supplier_contracts": math.fsum(problem.awards.suppliers[one].contract_cost for one in suppliers),
            "deliveries": 0.0,
            "kept_references": math.fsum(one.keeping for one in plan.awards.references),
            "new_references": math.fsum(one.switching for one in plan.awards.references),
        }
    if plan.support is not None:
        for name in MONEY:
            found[name] = math.fsum(getattr(row, name) for row in plan.support.spending)
    return found
