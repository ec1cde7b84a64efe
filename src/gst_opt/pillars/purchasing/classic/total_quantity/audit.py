"""What a plan costs and breaks, recomputed from the arrays and the plan alone."""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.purchasing.classic.total_quantity.records import (
    Purchase,
    TotalQuantityPlan,
    TotalQuantityProblem,
)

ROUNDING = 1e-6
"""Room for rounding, relative to the figure allowed."""


def check(problem: TotalQuantityProblem, plan: TotalQuantityPlan) -> Check:
    """Recompute every rule and the costs.

    Rules, by name: ``places`` (suppliers and items that exist, each pair once), ``each_item``, ``capacity``,
    ``threshold`` (the tier of every supplier is the one that its quantity reaches, and its minimum order is kept).
    """
    known = [
        one
        for one in plan.purchases
        if 0 <= one.supplier < len(problem.schedules) and 0 <= one.item < len(problem.demand)
    ]
    volumes: dict[int, list[float]] = defaultdict(list)
    for one in known:
        volumes[one.supplier].append(one.quantity)
    totals = {supplier: math.fsum(quantities) for supplier, quantities in sorted(volumes.items())}
    return Check(
        violations=(
            *_misplaced(plan, known),
            *_not_bought(problem, known),
            *_beyond_capacity(problem, known),
            *_wrong_tiers(problem, plan, totals),
        ),
        terms={
            "purchases": math.fsum(_paid(problem, supplier, known) for supplier in totals),
            "contracts": math.fsum(problem.schedules[supplier].fixed for supplier in totals),
        },
        today={"purchases": 0.0, "contracts": 0.0},
    )


def _paid(problem: TotalQuantityProblem, supplier: int, known: list[Purchase]) -> float:
    """Return what a supplier is paid for its quantities; where tiers are incremental its prices are alike."""
    own = [one for one in known if one.supplier == supplier]
    schedule, prices = problem.schedules[supplier], problem.prices[supplier]
    volume = math.fsum(one.quantity for one in own)
    value = math.fsum(prices[one.item] * one.quantity for one in own)
    tier = max(_tier(schedule.thresholds, volume), 0)
    if not schedule.incremental:
        return schedule.rates[tier] * value
    ends = [*schedule.thresholds[1 : tier + 1], volume]
    starts = [0.0, *schedule.thresholds[1 : tier + 1]]
    units = math.fsum(
        rate * (end - start) for rate, start, end in zip(schedule.rates[: tier + 1], starts, ends, strict=True)
    )
    return units * value / volume if volume > 0 else 0.0


def _tier(thresholds: tuple[float, ...], volume: float) -> int:
    """Return the tier of a quantity; -1 below the first."""
    return max((k for k, start in enumerate(thresholds) if volume >= start - ROUNDING * max(1.0, start)), default=-1)


def _misplaced(plan: TotalQuantityPlan, known: list[Purchase]) -> Iterator[Violation]:
    """Yield that suppliers or items do not exist, pairs come twice, or nothing is bought of them."""
    pairs = {(one.supplier, one.item) for one in known if one.quantity > 0}
    if len(pairs) != len(plan.purchases):
        yield Violation("places", ("purchases",), len(plan.purchases), len(pairs))


def _not_bought(problem: TotalQuantityProblem, known: list[Purchase]) -> Iterator[Violation]:
    """Yield every item of which another quantity is bought than is needed."""
    bought: dict[int, list[float]] = defaultdict(list)
    for one in known:
        bought[one.item].append(one.quantity)
    for item, needed in enumerate(problem.demand):
        found = math.fsum(bought[item])
        if not abs(found - needed) <= ROUNDING * max(1.0, needed):
            yield Violation("each_item", (str(item),), found, needed)


def _beyond_capacity(problem: TotalQuantityProblem, known: list[Purchase]) -> Iterator[Violation]:
    """Yield every quantity beyond what the supplier can sell."""
    for one in known:
        most = problem.capacity[one.supplier][one.item]
        if one.quantity > most + ROUNDING * max(1.0, most):
            yield Violation("capacity", (str(one.supplier), str(one.item)), one.quantity, most)


def _wrong_tiers(
    problem: TotalQuantityProblem, plan: TotalQuantityPlan, totals: dict[int, float]
) -> Iterator[Violation]:
    """Yield every supplier whose tier is not the one that its quantity reaches, or whose minimum order is not kept."""
    stated = {one.supplier: one.tier for one in plan.tiers}
    for supplier in sorted(stated.keys() | totals.keys()):
        volume = totals.get(supplier, 0.0)
        reached = _tier(problem.schedules[supplier].thresholds, volume) if supplier in totals else -1
        if reached < 0 or stated.get(supplier, -1) != reached:
            yield Violation("threshold", (str(supplier),), stated.get(supplier, -1), reached)
    for one in plan.tiers:
        volume = totals.get(one.supplier, 0.0)
        if abs(one.quantity - volume) > ROUNDING * max(1.0, volume):
            yield Violation("threshold", (str(one.supplier),), one.quantity, volume)
