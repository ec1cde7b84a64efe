"""Plans of hubs, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import PinKind
from gst_opt.pillars.support.hubs.plan import Assignment, HubPlan, Reason
from gst_opt.pillars.support.hubs.policy import HubPin
from gst_opt.pillars.support.hubs.problem import HubProblem

Rng = np.random.Generator
Mutation = Callable[[HubPlan, Rng], HubPlan]
Change = Callable[[HubProblem, HubPlan, Rng], HubProblem]


def _row(table: str, change: Callable[[Any, Rng], dict[str, Any]]) -> Mutation:
    """Change one row of a table, drawn at random."""

    def mutate(plan: HubPlan, rng: Rng) -> HubPlan:
        rows: tuple[Frozen, ...] = getattr(plan, table)
        chosen = int(rng.integers(len(rows)))
        new = tuple(row.replace(**change(row, rng)) if at == chosen else row for at, row in enumerate(rows))
        return plan.replace(**{table: new})

    return mutate


def _more(*names: str) -> Callable[[Any, Rng], dict[str, Any]]:
    """Add something to one of some figures."""

    def change(row: Any, rng: Rng) -> dict[str, Any]:
        name = names[int(rng.integers(len(names)))]
        return {name: getattr(row, name) + int(rng.integers(1, 5))}

    return change


def _dropped(table: str) -> Mutation:
    """Drop a row of a table."""

    def mutate(plan: HubPlan, rng: Rng) -> HubPlan:
        rows = getattr(plan, table)
        at = int(rng.integers(len(rows)))
        return plan.replace(**{table: (*rows[:at], *rows[at + 1 :])})

    return mutate


def _either(*mutations: Mutation) -> Mutation:
    return lambda plan, rng: mutations[int(rng.integers(len(mutations)))](plan, rng)


def _twice(plan: HubPlan, rng: Rng) -> HubPlan:
    """Say a row of the assignments twice."""
    return plan.replace(assignments=(*plan.assignments, plan.assignments[int(rng.integers(len(plan.assignments)))]))


def _away(plan: HubPlan, rng: Rng) -> HubPlan:
    """Have a hub not serve its own facility, in any period."""
    own = sorted({row.hub for row in plan.assignments if row.hub == row.facility})
    hub = own[int(rng.integers(len(own)))]
    rows = (row.replace(hub=None) if row.facility == row.hub == hub else row for row in plan.assignments)
    return plan.replace(assignments=tuple(rows))


def _closed(plan: HubPlan, rng: Rng) -> HubPlan:
    """Close a hub that serves, in all periods."""
    hubs = [row.hub for row in plan.hubs if row.facilities]
    hub = hubs[int(rng.integers(len(hubs)))]
    return plan.replace(hubs=tuple(row.replace(capacity=0.0) if row.hub == hub else row for row in plan.hubs))


def _back(plan: HubPlan, rng: Rng) -> HubPlan:
    """Have a facility take up again in the last period what a hub did in the one before."""
    periods = sorted({row.period for row in plan.assignments})
    served = _returning(plan)
    facility = served[int(rng.integers(len(served)))]
    rows = (
        row.replace(hub=None) if (row.facility, row.period) == (facility, periods[-1]) else row
        for row in plan.assignments
    )
    return plan.replace(assignments=tuple(rows))


def _returning(plan: HubPlan) -> list[str]:
    """Return the facilities that a hub serves in the period before the last one, if there is one."""
    periods = sorted({row.period for row in plan.assignments})
    return [row.facility for row in plan.assignments if row.hub and len(periods) > 1 and row.period == periods[-2]]


def _reason(row: Assignment, rng: Rng) -> dict[str, Any]:
    others = [reason for reason in (*Reason, None) if reason is not row.reason]
    return {"reason": others[int(rng.integers(len(others)))]}


MONEY = (
    "as_today",
    "hub_sizes",
    "hub_volumes",
    "carriage",
    "openings",
    "migrations",
    "cost",
    "cost_unchanged",
    "saving",
)

PLANS: dict[str, Mutation] = {
    "one_way": _either(_dropped("assignments"), _twice),
    "known_hub": _row("assignments", lambda row, rng: {"hub": "nobody"}),
    "known_size": _row("hubs", _more("capacity")),
    "at_work": _closed,
    "own_hub": _away,
    "no_return": _back,
    "journey": _row("assignments", _more("minutes", "quantity")),
    "reason": _row("assignments", _reason),
    "hub_tables": _either(_row("hubs", _more("quantity", "facilities")), _dropped("hubs")),
    "changed": _either(_row("migrations", lambda row, rng: {"cost": row.cost + 1}), _dropped("migrations")),
    "hour_tables": _either(_row("staff", _more("hours_freed", "hours_needed")), _dropped("staff")),
    "cost_tables": _either(_row("spending", _more(*MONEY)), _dropped("spending")),
}
"""Broken by changing a plan."""


def _policy(problem: HubProblem, **changes: Any) -> HubProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def _function(problem: HubProblem, **changes: Any) -> HubProblem:
    (function,) = problem.support.support_functions
    return problem.replace(support=problem.support.replace(support_functions=(function.replace(**changes),)))


def shorter(problem: HubProblem, plan: HubPlan, rng: Rng) -> HubProblem:
    """Allow journeys of less than half an hour."""
    return _function(problem, max_minutes=float(rng.uniform(1, 29)))


def better(problem: HubProblem, plan: HubPlan, rng: Rng) -> HubProblem:
    """Ask for more quality than any hub has."""
    return _function(problem, min_quality=float(rng.uniform(0.91, 1.0)))


def more_linen(problem: HubProblem, plan: HubPlan, rng: Rng) -> HubProblem:
    """Multiply all volumes."""
    factor = float(rng.uniform(50, 100))
    rows = tuple(row.replace(volume=factor * row.volume) for row in problem.support.support_volumes)
    return problem.replace(support=problem.support.replace(support_volumes=rows))


def no_change(problem: HubProblem, plan: HubPlan, rng: Rng) -> HubProblem:
    """Allow no change."""
    return _policy(problem, max_changes=0)


def new_pin(problem: HubProblem, plan: HubPlan, rng: Rng) -> HubProblem:
    """Add a pin that the plan does not keep."""
    one = [row for row in plan.assignments if row.hub]
    row = one[int(rng.integers(len(one)))]
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: 9.0, PinKind.AT_LEAST: 9.0, PinKind.AT_MOST: 0.0}.get(kind)
    pin = HubPin(kind=kind, value=value, reason="drawn", facility=row.facility, hub=row.hub, period=row.period)
    return _policy(problem, pins=(pin,))


QUESTIONS: dict[str, Change] = {
    "within_reach": shorter,
    "min_quality": better,
    "hub_capacity": more_linen,
    "max_changes": no_change,
    "pins": new_pin,
}
"""Broken by changing the question under a plan."""


def fits(rule: str, problem: HubProblem, plan: HubPlan) -> bool:
    """Say whether a plan has what breaking a rule needs."""
    served = [row for row in plan.assignments if row.hub]
    if rule == "within_reach":
        return any(row.minutes >= 30 for row in served)
    if rule == "own_hub":
        return any(row.hub == row.facility for row in served)
    if rule == "no_return":
        dates = problem.spans[problem.support.support_functions[0].id][1:]
        return dates[-1].first == len(problem.periods) - 1 and bool(_returning(plan))
    if rule == "at_work":
        return any(row.facilities for row in plan.hubs)
    return bool(served)
