"""The optimum of small seasons by enumeration of receipts in packs, from the data alone."""

import itertools
import math
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from gst_opt.core.time import Period
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

FIVE = 5.0
Key = tuple[str, str]


def cheapest(problem: CallOffProblem) -> float:
    """Return the least cost over all receipts in whole packs, their uses in fives; shortage out of reach with it."""
    periods = problem.horizon.periods
    need_of = {one.id: one.need for one in problem.catalogue.product_references}
    demand: dict[str, list[float]] = {need.id: [0.0] * len(periods) for need in problem.catalogue.needs}
    at = {period.id: t for t, period in enumerate(periods)}
    for row in problem.catalogue.requirements:
        demand[row.need][at[row.period]] += row.units
    _take_from_store(problem, demand, need_of)
    slots = _slots(problem)
    options = [_receipts(problem, key, s, last, demand[need_of[key[1]]]) for key, s, last in slots]
    uses = {need: _use_costs(problem, need, demand[need], slots, need_of) for need in demand}
    best = math.inf
    for receipts in itertools.product(*options):
        fixed = _fixed(problem, slots, receipts)
        if fixed is None:
            continue
        cost = fixed
        for need, use_cost in uses.items():
            own = tuple(units for units, (key, _, _) in zip(receipts, slots, strict=True) if need_of[key[1]] == need)
            cost += use_cost(own)
        best = min(best, cost)
    return best


def _take_from_store(problem: CallOffProblem, demand: dict[str, list[float]], need_of: dict[str, str]) -> None:
    """Meet the first needs from what is in store, the first to expire first."""
    periods = problem.horizon.periods
    batches = sorted(problem.stocks.opening_stocks, key=lambda one: math.inf if one.shelf_life is None else 31.0)
    for batch in batches:
        units, need = batch.units, need_of[batch.reference]
        for t, period in enumerate(periods):
            if batch.shelf_life is None or period.end < periods[0].start + timedelta(days=batch.shelf_life):
                used = min(units, demand[need][t])
                demand[need][t] -= used
                units -= used


def _slots(problem: CallOffProblem) -> list[tuple[Key, int, int]]:
    """Return who can deliver when, and the last month that can use it."""
    periods, found = problem.horizon.periods, []
    for offer in problem.tenders.offers:
        for s, period in enumerate(periods):
            order_day = period.start - timedelta(days=offer.lead_time)
            if order_day < periods[0].start - timedelta(days=problem.policy.notice):
                continue
            usable = [t for t in range(s, len(periods)) if _keeps(problem, offer.shelf_life, period, periods[t])]
            found.append(((offer.supplier, offer.reference), s, max(usable)))
    return found


def _keeps(problem: CallOffProblem, shelf_life: float | None, received: Period, used: Period) -> bool:
    fresh = shelf_life is None or used.end < received.start + timedelta(days=shelf_life)
    cover = problem.policy.max_cover
    return used == received or (fresh and (cover is None or used.start <= received.start + timedelta(days=cover)))


def _receipts(problem: CallOffProblem, key: Key, s: int, last: int, demand: list[float]) -> list[float]:
    offer = next(one for one in problem.tenders.offers if (one.supplier, one.reference) == key)
    award = next(one for one in problem.awards if (one.supplier, one.reference) == key)
    assert offer.pack is not None
    useful = sum(demand[s : last + 1])
    most = max(math.ceil(useful / offer.pack) * offer.pack, offer.min_order)
    most = min(most, *(limit for limit in (award.most, award.per_period, math.inf) if limit is not None))
    if useful == 0:
        return [0.0]
    packs = int(most // offer.pack)
    return [n * offer.pack for n in range(packs + 1) if n == 0 or n * offer.pack >= offer.min_order]


def _fixed(problem: CallOffProblem, slots: list[tuple[Key, int, int]], receipts: tuple[float, ...]) -> float | None:
    """Return what does not depend on uses: prices, orders, lines, what is owed; none where a rule is broken."""
    policy, periods = problem.policy, problem.horizon.periods
    lots = {item.need: item.lot for item in problem.tenders.lot_items}
    need_of = {one.id: one.need for one in problem.catalogue.product_references}
    totals: dict[Key, float] = {(one.supplier, one.reference): 0.0 for one in problem.awards}
    prices = {(one.supplier, one.reference): one.price for one in problem.awards}
    lists = {(one.supplier, one.reference): one.price for one in problem.tenders.offers}
    delays = {one.id: one.payment_delay for one in problem.tenders.suppliers}
    orders = set()
    due: dict[str, float] = {}
    cost = 0.0
    for (key, s, _), units in zip(slots, receipts, strict=True):
        if not units:
            continue
        totals[key] += units
        orders.add((key[0], s))
        cost += prices[key] * units + policy.line_cost
        pay = periods[s].start + timedelta(days=delays[key[0]])
        for period in periods:
            if period.start <= pay <= period.end:
                due[period.id] = due.get(period.id, 0.0) + prices[key] * units
    if any(due.get(limit.period, 0.0) > limit.mad + 1e-9 for limit in policy.cash_limits):
        return None
    owed: dict[Key, float] = {}
    for award in problem.awards:
        key = (award.supplier, award.reference)
        if award.most is not None and totals[key] > award.most:
            return None
        owed[key] = max(award.least - totals[key], 0.0)
        cost += award.price * owed[key]
    for contract in problem.contracts:
        own = [k for k in totals if (k[0], lots.get(need_of[k[1]])) == (contract.supplier, contract.lot)]
        value = sum(lists[k] * totals[k] for k in own)
        if contract.max_amount is not None and value > contract.max_amount + 1e-9:
            return None
        cost += max(contract.min_amount - value - sum(prices[k] * owed[k] for k in own), 0.0)
    return cost + policy.order_cost * len(orders)


def _use_costs(
    problem: CallOffProblem,
    need: str,
    demand: list[float],
    slots: list[tuple[Key, int, int]],
    need_of: dict[str, str],
) -> Callable[[tuple[float, ...]], float]:
    """Return the least cost of stock and shortage of one need, as a function of its receipts."""
    own = [slot for slot in slots if need_of[slot[0][1]] == need]
    prices = {(one.supplier, one.reference): one.price for one in problem.awards}
    month = problem.policy.holding_rate / 12
    usual = min((o.price for o in problem.tenders.offers if need_of[o.reference] == need), default=0.0)
    short = problem.policy.shortage_factor * usual

    @cache
    def cost(t: int, stock: tuple[float, ...]) -> float:
        if t == len(demand):
            return sum(
                month * prices[key] * left * (len(demand) - s) for (key, s, _), left in zip(own, stock, strict=True)
            )
        ranges = [
            [FIVE * n for n in range(int(min(left, demand[t]) // FIVE) + 1)] if s <= t <= last else [0.0]
            for (_, s, last), left in zip(own, stock, strict=True)
        ]
        best = math.inf
        for used in itertools.product(*ranges):
            if sum(used) <= demand[t]:
                kept = sum(month * prices[key] * u * (t - s) for (key, s, _), u in zip(own, used, strict=True))
                after = tuple(left - u for left, u in zip(stock, used, strict=True))
                best = min(best, kept + short * (demand[t] - sum(used)) + cost(t + 1, after))
        return best

    return lambda receipts: cost(0, receipts)
