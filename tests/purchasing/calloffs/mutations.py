"""Plans of call-offs, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, Reason
from gst_opt.pillars.purchasing.calloffs.policy import CallOffPin, CashLimit
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Rng = np.random.Generator
Mutation = Callable[[CallOffPlan, Rng], CallOffPlan]
Change = Callable[[CallOffProblem, CallOffPlan, Rng], CallOffProblem]


def _row(table: str, change: Callable[[Any, Rng], dict[str, Any]]) -> Mutation:
    """Change one row of a table, drawn at random."""

    def mutate(plan: CallOffPlan, rng: Rng) -> CallOffPlan:
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
    return {("supplier", "reference", "need", "received")[int(rng.integers(4))]: "nobody"}


def _twice(plan: CallOffPlan, rng: Rng) -> CallOffPlan:
    return plan.replace(calls=(*plan.calls, plan.calls[int(rng.integers(len(plan.calls)))]))


def _elsewhere(row: Any, rng: Rng) -> dict[str, Any]:
    return {"group": 99} if rng.random() < 0.5 else {"period": "2025-12"}


def _reason(row: Any, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not row.reason)}


def _days(row: Any, rng: Rng) -> dict[str, Any]:
    return {"order_by": "2020-01-01"} if rng.random() < 0.5 else {"due": "2020-01"}


PLANS: dict[str, Mutation] = {
    "known_calls": lambda plan, rng: (_twice if rng.random() < 0.3 else _row("calls", _unknown))(plan, rng),
    "whole_packs": _row("calls", lambda row, rng: {"units": row.units + float(rng.uniform(0.1, 0.9))}),
    "window": _row("uses", _elsewhere),
    "left": lambda plan, rng: _row(*(("calls", _more("left")) if rng.random() < 0.5 else ("uses", _more("units"))))(
        plan, rng
    ),
    "met": _row("needs", _more("short", "demand")),
    "reason": _row("needs", _reason),
    "commitment": _row("offers", _more("units", "least", "owed")),
    "order_by": _row("calls", _days),
    "paid": _row("calls", _more("paid")),
    "orders": _row("orders", lambda row, rng: _more("paid")(row, rng) if rng.random() < 0.5 else {"lines": 9}),
    "payments": _row("payments", lambda row, rng: _more("mad")(row, rng) if rng.random() < 0.5 else {"period": "x"}),
    "groups": _row("groups", lambda row, rng: {"group": row.group + 1} if rng.random() < 0.5 else {"facility": "x"}),
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
    if rule == "cash":
        return any(row.mad for row in plan.payments)
    return bool(plan.calls and plan.uses)
