"""Plans of awards, each broken in one named way: by changing the plan, or the question under it."""

from collections.abc import Callable
from typing import Any

from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.awards.plan import AwardPlan, Reason
from gst_opt.pillars.purchasing.awards.policy import AwardPin, NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from tests.purchasing.broken import Rng, either, more, row

Mutation = Callable[[AwardPlan, Rng], AwardPlan]
Change = Callable[[AwardProblem, AwardPlan, Rng], AwardProblem]


def _unknown(one: Any, rng: Rng) -> dict[str, Any]:
    name = ("supplier", "reference", "need", "lot")[int(rng.integers(4))]
    return {name: "nobody"}


def _reason(one: Any, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not one.reason)}


def _twice(plan: AwardPlan, rng: Rng) -> AwardPlan:
    return plan.replace(orders=(*plan.orders, plan.orders[int(rng.integers(len(plan.orders)))]))


PLANS: dict[str, Mutation] = {
    "known_orders": either(_twice, row("orders", _unknown)),
    "offer_capacity": row("orders", lambda one, rng: {"units": one.units + 1000.0}),
    "whole_packs": row("orders", lambda one, rng: {"units": one.units + float(rng.uniform(0.1, 0.9))}),
    "no_surplus": lambda plan, rng: plan.replace(
        orders=tuple(one.replace(units=one.units + 100.0) for one in plan.orders)
    ),
    "split": row("deliveries", either(more("units"), lambda one, rng: {"group": 9})),
    "order_value": row("orders", more("value")),
    "paid": row("orders", more("paid")),
    "threshold": row("tiers", more("measured", "value", "saved", "to_next")),
    "awards": row("awards", either(more("value", "paid"), lambda one, rng: {"supplier": "nobody"})),
    "lots": row("lots", either(lambda one, rng: {"awards": one.awards + 1}, lambda one, rng: {"forecast": 7.0})),
    "references": row("references", lambda one, rng: {"in_use": not one.in_use, "keeping": one.keeping + 1}),
    "needs": row("needs", more("demand", "bought", "paid", "price")),
    "met": row("needs", more("short")),
    "reason": row("needs", _reason),
    "saving": row("needs", more("price_today", "saving")),
    "payments": row("payments", either(more("mad"), lambda one, rng: {"period": "x"})),
    "groups": row("groups", either(lambda one, rng: {"group": one.group + 1}, lambda one, rng: {"facility": "x"})),
}
"""Broken by changing a plan."""


def _policy(problem: AwardProblem, **changes: Any) -> AwardProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def _tenders(problem: AwardProblem, table: str, selects: Callable[[Any], bool], **changes: Any) -> AwardProblem:
    rows = tuple(row.replace(**changes) if selects(row) else row for row in getattr(problem.tenders, table))
    return problem.replace(tenders=problem.tenders.replace(**{table: rows}))


def _some(plan: AwardPlan, rng: Rng) -> Any:
    return plan.orders[int(rng.integers(len(plan.orders)))]


def larger_order(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Raise the minimum order of something that is bought, in packs of ten: the offer can still be taken."""
    one = _some(plan, rng)
    return _tenders(
        problem,
        "offers",
        lambda row: (row.supplier, row.reference) == (one.supplier, one.reference),
        min_order=one.units + 10.0,
        capacity=one.units + 100.0,
    )


def fewer_awards(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Allow one supplier in every lot."""
    problem = _policy(problem, rules=())
    return _tenders(problem, "lots", lambda row: True, max_awards=1)


def large_firms(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Make every firm a large one where a lot is reserved."""
    return _tenders(problem, "suppliers", lambda row: True, small_firm=False)


def larger_reserve(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Ask for a reserve, and reserve more forecast than the plan does."""
    return _policy(_tenders(problem, "lots", lambda row: True, forecast=50.0), small_firm_share=1.0)


def larger_minimum(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Set the least amount of contracts above those of the plan."""
    return _tenders(problem, "lots", lambda row: True, min_amount=1e6)


def smaller_maximum(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Set the largest amount of contracts below those of the plan."""
    return _tenders(problem, "lots", lambda row: True, min_amount=0.0, max_amount=0.5)


def one_reference(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Allow one reference a need."""
    return _policy(problem, rules=(NeedRule(max_references=1, reason="drawn"),))


def smaller_share(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Allow each supplier an even share at most."""
    return _policy(problem, rules=(NeedRule(max_share=0.0, reason="drawn"),))


def more_sources(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Ask for as many suppliers as there are, each with hardly anything."""
    problem = _tenders(problem, "lots", lambda row: True, max_awards=9)
    return _policy(problem, rules=(NeedRule(min_sources=9, source_share=0.01, reason="drawn"),))


def smaller_suppliers(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Allow no supplier more than a tenth of all."""
    return _policy(problem, max_supplier_share=0.1)


def smaller_budget(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Set the budget below what the plan pays."""
    return _policy(problem, budget=sum(one.paid for one in plan.orders) * float(rng.uniform(0, 0.99)))


def less_cash(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Leave less money in every period than falls due."""
    limits = tuple(CashLimit(period=one.period, mad=one.mad * float(rng.uniform(0, 0.99))) for one in plan.payments)
    return _policy(problem, cash_limits=limits)


def new_pin(problem: AwardProblem, plan: AwardPlan, rng: Rng) -> AwardProblem:
    """Add a pin that the plan does not keep."""
    one = _some(plan, rng)
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: one.value + 1, PinKind.AT_LEAST: one.value + 1, PinKind.AT_MOST: one.value - 1}.get(kind)
    pin = AwardPin(kind=kind, value=value, supplier=one.supplier, reference=one.reference, reason="drawn")
    return _policy(problem, pins=(pin,))


QUESTIONS: dict[str, Change] = {
    "minimum_order": larger_order,
    "awards_per_lot": fewer_awards,
    "reserved": large_firms,
    "reserve": larger_reserve,
    "contract_minimum": larger_minimum,
    "contract_maximum": smaller_maximum,
    "max_references": one_reference,
    "max_share": smaller_share,
    "sources": more_sources,
    "max_supplier_share": smaller_suppliers,
    "tender_budget": smaller_budget,
    "cash": less_cash,
    "pins": new_pin,
}
"""Broken by changing the question under a plan."""


def fits(rule: str, problem: AwardProblem, plan: AwardPlan) -> bool:
    """Say whether a plan has what breaking a rule needs."""
    if rule == "cash":
        return any(one.mad for one in plan.payments)
    if rule == "threshold":
        return bool(plan.tiers)
    if rule in ("awards", "contract_minimum", "contract_maximum"):
        return bool(plan.awards)
    if rule in ("lots", "reserve"):
        return any(not lot.reserved for lot in plan.lots) and (rule == "lots" or bool(plan.awards))
    if rule == "awards_per_lot":
        return any(lot.awards > 1 for lot in plan.lots)
    if rule == "reserved":
        return any(lot.reserved and lot.awards for lot in plan.lots)
    if rule in ("max_references", "max_share", "sources"):
        return _needs_like(rule, problem, plan)
    return bool(plan.orders)


def _needs_like(rule: str, problem: AwardProblem, plan: AwardPlan) -> bool:
    for need in problem.demand:
        own = [one for one in plan.orders if one.need == need]
        bidders = {bid.offer.supplier for bid in problem.bids if bid.need == need}
        sold = {one.supplier for one in own}
        if rule == "max_references" and len({one.reference for one in own}) > 1:
            return True
        if rule == "max_share" and own and len(sold) < len(bidders):
            return True
        if rule == "sources" and len(bidders) > len(sold) and not problem.tenders.lots:
            return True
    return False
