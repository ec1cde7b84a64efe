"""Plans of call-offs, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, Reason
from gst_opt.pillars.purchasing.calloffs.policy import CallOffPin
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from tests.purchasing.broken import Rng, either, more, row

Mutation = Callable[[CallOffPlan, Rng], CallOffPlan]
Change = Callable[[CallOffProblem, CallOffPlan, Rng], CallOffProblem]


def _unknown(one: Any, rng: Rng) -> dict[str, Any]:
    return {("supplier", "reference", "need", "received")[int(rng.integers(4))]: "nobody"}


def _twice(plan: CallOffPlan, rng: Rng) -> CallOffPlan:
    return plan.replace(calls=(*plan.calls, plan.calls[int(rng.integers(len(plan.calls)))]))


def _elsewhere(one: Any, rng: Rng) -> dict[str, Any]:
    return {"group": 99} if rng.random() < 0.5 else {"period": "2025-12"}


def _reason(one: Any, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not one.reason)}


def _another(period: str | None) -> str | None:
    """Return another period, or that nothing is used where something was."""
    return "2026-03" if period is None else None


def _days(one: Any, rng: Rng) -> dict[str, Any]:
    return {"order_by": "2020-01-01"} if rng.random() < 0.5 else {"due": "2020-01"}


PLANS: dict[str, Mutation] = {
    "known_calls": either(_twice, row("calls", _unknown)),
    "whole_packs": row("calls", lambda one, rng: {"units": one.units + float(rng.uniform(0.1, 0.9))}),
    "window": row("uses", _elsewhere),
    "left": either(row("calls", more("left")), row("uses", more("units"))),
    "met": row("needs", more("short", "demand")),
    "reason": row("needs", _reason),
    "commitment": row("offers", more("units", "least", "owed")),
    "order_by": row("calls", _days),
    "paid": row("calls", more("paid")),
    "orders": row("orders", either(more("paid"), lambda one, rng: {"lines": 9})),
    "payments": row("payments", either(more("mad"), lambda one, rng: {"period": "x"})),
    "from_stock": row("from_stock", either(more("units"), lambda one, rng: {"period": _another(one.period)})),
    "groups": row("groups", either(lambda one, rng: {"group": one.group + 1}, lambda one, rng: {"facility": "x"})),
}
"""Broken by changing a plan."""


def _some(plan: CallOffPlan, rng: Rng) -> Any:
    return plan.calls[int(rng.integers(len(plan.calls)))]


def _policy(problem: CallOffProblem, **changes: Any) -> CallOffProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def _award(problem: CallOffProblem, one: Any, **changes: Any) -> CallOffProblem:
    """Change the award of a line."""
    rows = tuple(
        row.replace(**changes) if (row.supplier, row.reference) == (one.supplier, one.reference) else row
        for row in problem.awards
    )
    return problem.replace(awards=rows)


def larger_order(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Raise the minimum order of something that is received."""
    one = _some(plan, rng)
    offers = tuple(
        row.replace(min_order=one.units + 10.0)
        if (row.supplier, row.reference) == (one.supplier, one.reference)
        else row
        for row in problem.tenders.offers
    )
    problem = _award(problem, one, most=None, per_period=None)
    return problem.replace(tenders=problem.tenders.replace(offers=offers))


def smaller_period(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Let a supplier deliver less in a period than it does."""
    one = _some(plan, rng)
    offers = tuple(row.replace(min_order=0.0, pack=1.0) for row in problem.tenders.offers)
    problem = problem.replace(tenders=problem.tenders.replace(offers=offers))
    return _award(problem, one, per_period=one.units - 1.0)


def smaller_most(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Let an offer sell less than it does."""
    one = _some(plan, rng)
    offers = tuple(row.replace(min_order=0.0, pack=1.0) for row in problem.tenders.offers)
    problem = problem.replace(tenders=problem.tenders.replace(offers=offers))
    return _award(problem, one, most=one.units - 1.0)


def smaller_maximum(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Set the largest amount of contracts below what they order."""
    rows = tuple(row.replace(min_amount=0.0, max_amount=0.5) for row in problem.contracts)
    return problem.replace(contracts=rows)


def larger_minimum(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Set the least amount of contracts above what they order."""
    rows = tuple(row.replace(min_amount=1e6, max_amount=None) for row in problem.contracts)
    return problem.replace(contracts=rows)


def less_cash(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Leave less money in every period than falls due."""
    limits = tuple(CashLimit(period=row.period, mad=row.mad * float(rng.uniform(0, 0.99))) for row in plan.payments)
    return _policy(problem, cash_limits=limits)


def smaller_budget(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Set the budget below what the plan pays."""
    return _policy(problem, budget=sum(one.paid for one in plan.orders) * float(rng.uniform(0, 0.99)))


def new_pin(problem: CallOffProblem, plan: CallOffPlan, rng: Rng) -> CallOffProblem:
    """Add a pin that the plan does not keep."""
    one = _some(plan, rng)
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: one.paid + 1, PinKind.AT_LEAST: one.paid + 1, PinKind.AT_MOST: one.paid - 1}.get(kind)
    selected = {"supplier": one.supplier, "reference": one.reference, "period": one.received}
    return _policy(problem, pins=(CallOffPin(kind=kind, value=value, reason="drawn", **selected),))


QUESTIONS: dict[str, Change] = {
    "minimum_order": larger_order,
    "period_capacity": smaller_period,
    "offer_maximum": smaller_most,
    "contract_maximum": smaller_maximum,
    "contract_minimum": larger_minimum,
    "cash": less_cash,
    "call_budget": smaller_budget,
    "pins": new_pin,
}
"""Broken by changing the question under a plan."""


def fits(rule: str, problem: CallOffProblem, plan: CallOffPlan) -> bool:
    """Say whether a plan has what breaking a rule needs."""
    if rule in ("contract_maximum", "contract_minimum"):
        return any(row.value > 1 for row in plan.contracts)
    if rule == "from_stock":
        return bool(plan.from_stock)
    if rule == "cash":
        return any(row.mad for row in plan.payments)
    return bool(plan.calls and plan.uses)
