"""Plans of distribution, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Reason
from gst_opt.pillars.purchasing.distribution.policy import DistributionPin
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

Rng = np.random.Generator
Mutation = Callable[[DistributionPlan, Rng], DistributionPlan]
Change = Callable[[DistributionProblem, DistributionPlan, Rng], DistributionProblem]


def _row(table: str, change: Callable[[Any, Rng], dict[str, Any]]) -> Mutation:
    """Change one row of a table, drawn at random."""

    def mutate(plan: DistributionPlan, rng: Rng) -> DistributionPlan:
        rows: tuple[Frozen, ...] = getattr(plan, table)
        chosen = int(rng.integers(len(rows)))
        new = tuple(row.replace(**change(row, rng)) if at == chosen else row for at, row in enumerate(rows))
        return plan.replace(**{table: new})

    return mutate


def _more(*names: str) -> Callable[[Any, Rng], dict[str, Any]]:
    """Add something to one of some figures."""

    def change(row: Any, rng: Rng) -> dict[str, Any]:
        name = names[int(rng.integers(len(names)))]
        return {name: getattr(row, name) + float(rng.uniform(0.1, 5))}

    return change


def _unknown(row: Any, rng: Rng) -> dict[str, Any]:
    name = ("supplier", "reference", "received", "period", "depot", "group")[int(rng.integers(6))]
    return {name: 9 if name == "group" else "nobody"}


def _reason(row: Any, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not row.reason)}


def _invoice(row: Any, rng: Rng) -> dict[str, Any]:
    return _more("supplies", "deliveries", "rounds", "kept", "common", "invoice")(row, rng)


PLANS: dict[str, Mutation] = {
    "known_flows": _row("flows", _unknown),
    "available": _row("flows", lambda row, rng: {"units": row.units + 1000.0}),
    "met": lambda plan, rng: _row(
        *(("needs", _more("short", "demand")) if rng.random() < 0.5 else ("flows", _more("units")))
    )(plan, rng),
    "reason": _row("needs", _reason),
    "storage": _row("depots", _more("volume", "worth")),
    "rounds": _row("rounds", lambda row, rng: {"stops": 9} if rng.random() < 0.5 else {"period": "x"}),
    "tariffs": _row("tariffs", _more("bought", "paid", "price")),
    "invoices": _row("invoices", _invoice),
    "groups": _row("groups", lambda row, rng: {"group": row.group + 1} if rng.random() < 0.5 else {"facility": "x"}),
}
"""Broken by changing a plan."""


def _policy(problem: DistributionProblem, **changes: Any) -> DistributionProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def fewer_stops(problem: DistributionProblem, plan: DistributionPlan, rng: Rng) -> DistributionProblem:
    """Allow no stop at all."""
    return _policy(problem, max_stops=0)


def new_pin(problem: DistributionProblem, plan: DistributionPlan, rng: Rng) -> DistributionProblem:
    """Add a pin that the plan does not keep."""
    one = plan.flows[int(rng.integers(len(plan.flows)))]
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: 1e6, PinKind.AT_LEAST: 1e6, PinKind.AT_MOST: 0.0}.get(kind)
    selected = {"supplier": one.supplier, "period": one.period, "depot": one.depot, "direct": one.depot is None}
    return _policy(problem, pins=(DistributionPin(kind=kind, value=value, reason="drawn", **selected),))


QUESTIONS: dict[str, Change] = {"max_stops": fewer_stops, "pins": new_pin}
"""Broken by changing the question under a plan."""


def fits(rule: str, problem: DistributionProblem, plan: DistributionPlan) -> bool:
    """Say whether a plan has what breaking a rule needs."""
    return any(flow.units > 1 for flow in plan.flows)
