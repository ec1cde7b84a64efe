"""Plans of distribution, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Reason
from gst_opt.pillars.purchasing.distribution.policy import DistributionPin
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from tests.purchasing.broken import Rng, either, more, row

Mutation = Callable[[DistributionPlan, Rng], DistributionPlan]
Change = Callable[[DistributionProblem, DistributionPlan, Rng], DistributionProblem]


def _unknown(one: Any, rng: Rng) -> dict[str, Any]:
    name = ("supplier", "reference", "received", "period", "depot", "group")[int(rng.integers(6))]
    return {name: 9 if name == "group" else "nobody"}


def _reason(one: Any, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not one.reason)}


def _invoice(one: Any, rng: Rng) -> dict[str, Any]:
    return more("supplies", "deliveries", "rounds", "kept", "common", "invoice")(one, rng)


PLANS: dict[str, Mutation] = {
    "known_flows": row("flows", _unknown),
    "available": row("flows", lambda one, rng: {"units": one.units + 1000.0}),
    "met": either(row("needs", more("short", "demand")), row("flows", more("units"))),
    "reason": row("needs", _reason),
    "storage": row("depots", more("volume", "worth")),
    "rounds": row("rounds", either(lambda one, rng: {"stops": 9}, lambda one, rng: {"period": "x"})),
    "facilities": row(
        "facilities",
        either(more("volume_in", "worth_in", "volume", "worth"), lambda one, rng: {"facility": "x"}),
    ),
    "tariffs": row("tariffs", more("bought", "paid", "price")),
    "invoices": row("invoices", _invoice),
    "groups": row("groups", either(lambda one, rng: {"group": one.group + 1}, lambda one, rng: {"facility": "x"})),
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
