"""From quantities to a plan: tiers reached, money, lots, references, and what each need lacks and why; no solver."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gst_opt.pillars.purchasing.awards.cells import Cell
from gst_opt.pillars.purchasing.awards.plan import (
    Award,
    AwardPlan,
    Delivery,
    GroupOfFacilities,
    KeptReference,
    LotOutcome,
    NeedMet,
    Order,
    Reason,
    TierReached,
)
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.market import Bid, Tiers, by_scope, scope_of, today_prices
from gst_opt.pillars.purchasing.payments import Payment
from gst_opt.pillars.purchasing.tolerance import reaches

ROUNDING = 1e-6
"""Room for rounding, relative to the figure that it is compared with."""

Key = tuple[str, str]


class Decided(NamedTuple):
    """What was decided: units by bid, units by bid and group, lots reserved to small firms."""

    units: Mapping[Key, float]
    sent: Mapping[tuple[str, str, int], float]
    reserved: frozenset[str]


def plan_of(problem: AwardProblem, decided: Decided) -> AwardPlan:
    """Return the plan that quantities stand for."""
    bought = [bid for bid in problem.bids if decided.units.get(_key(bid), 0.0) > 0]
    values = {_key(bid): bid.offer.price * decided.units[_key(bid)] for bid in bought}
    tiers = list(_tiers(problem, bought, decided.units, values))
    saved = _saved(problem, bought, values, tiers)
    orders = tuple(
        Order(
            supplier=bid.offer.supplier,
            reference=bid.offer.reference,
            need=bid.need,
            lot=bid.lot,
            units=decided.units[_key(bid)],
            value=values[_key(bid)],
            paid=max(values[_key(bid)] - saved.get(_key(bid), 0.0), 0.0),
        )
        for bid in bought
    )
    awards = tuple(_awards(orders))
    return AwardPlan(
        orders=orders,
        deliveries=tuple(
            Delivery(supplier=supplier, reference=reference, group=group, units=units)
            for (supplier, reference, group), units in sorted(decided.sent.items())
            if units > 0
        ),
        awards=awards,
        lots=tuple(
            LotOutcome(
                lot=lot.id,
                forecast=lot.forecast,
                reserved=lot.id in decided.reserved,
                awards=sum(award.lot == lot.id for award in awards),
            )
            for lot in problem.tenders.lots
        ),
        tiers=tuple(tiers),
        references=tuple(_references(problem, bought, decided.units)),
        needs=tuple(_needs(problem, orders, decided)),
        payments=tuple(_payments(problem, bought, values, tiers)),
        groups=tuple(
            GroupOfFacilities(facility=facility, group=group)
            for facility, group in sorted(problem.routes.group.items())
        ),
    )


def _key(bid: Bid) -> Key:
    return bid.offer.supplier, bid.offer.reference


def _tiers(
    problem: AwardProblem, bought: list[Bid], units: Mapping[Key, float], values: Mapping[Key, float]
) -> Iterator[TierReached]:
    scopes = by_scope(bought)
    for tiers in problem.schedules:
        own = [_key(bought[position]) for position in scopes.get(scope_of(tiers.schedule), ())]
        if own:
            value = sum(values[key] for key in own)
            measured = tiers.measure(sum(units[key] for key in own), value)
            yield _reached(tiers, measured, value)


def _reached(tiers: Tiers, measured: float, value: float) -> TierReached:
    reached = [k for k, start in enumerate(tiers.thresholds) if reaches(measured, start)]
    tier = reached[-1] if reached else -1
    last = tier + 1 == len(tiers.thresholds)
    rebate, lost = (tiers.rebates[tier], tiers.lost[tier]) if reached else (0.0, 0.0)
    return TierReached(
        schedule=tiers.schedule.id,
        supplier=tiers.schedule.supplier,
        measured=measured,
        value=value,
        rebate=rebate,
        saved=max(rebate * value - lost, 0.0),
        next_rebate=None if last else tiers.rebates[tier + 1],
        to_next=None if last else tiers.thresholds[tier + 1] - measured,
    )


def _saved(
    problem: AwardProblem, bought: list[Bid], values: Mapping[Key, float], tiers: list[TierReached]
) -> dict[Key, float]:
    """Share the rebates out over the orders that they are for, by value."""
    found: dict[Key, float] = {}
    scopes = by_scope(bought)
    scope = {one.schedule.id: scope_of(one.schedule) for one in problem.schedules}
    for one in tiers:
        for position in scopes[scope[one.schedule]]:
            key = _key(bought[position])
            found[key] = found.get(key, 0.0) + values[key] / one.value * one.saved
    return found


def _payments(
    problem: AwardProblem, bought: list[Bid], values: Mapping[Key, float], tiers: list[TierReached]
) -> Iterator[Payment]:
    """Yield what falls due: orders at list price less the rebates of their tiers, and what incremental ones lose."""
    due, limits = problem.due, {limit.period: limit.mad for limit in problem.policy.cash_limits}
    rebates: dict[Key, float] = {}
    lost: list[tuple[str, float]] = []
    scopes = by_scope(bought)
    scope = {one.schedule.id: scope_of(one.schedule) for one in problem.schedules}
    for tier in tiers:
        lost.append((tier.supplier, tier.rebate * tier.value - tier.saved))
        for position in scopes[scope[tier.schedule]]:
            key = _key(bought[position])
            rebates[key] = rebates.get(key, 0.0) + tier.rebate
    full = [((bid.offer.supplier, bid.need), values[_key(bid)] * (1 - rebates.get(_key(bid), 0.0))) for bid in bought]
    for period in problem.horizon.periods:
        parts = [amount * due.bought[seller].get(period.id, 0.0) for seller, amount in full]
        parts += [amount * due.once[supplier].get(period.id, 0.0) for supplier, amount in lost]
        yield Payment(period=period.id, mad=max(math.fsum(parts), 0.0), max_amount=limits.get(period.id))


def _awards(orders: tuple[Order, ...]) -> Iterator[Award]:
    sums: dict[Key, list[Order]] = {}
    for order in orders:
        if order.lot is not None:
            sums.setdefault((order.lot, order.supplier), []).append(order)
    for (lot, supplier), own in sorted(sums.items()):
        value, paid = sum(order.value for order in own), sum(order.paid for order in own)
        yield Award(lot=lot, supplier=supplier, value=value, paid=paid)


def _references(problem: AwardProblem, bought: list[Bid], units: Mapping[Key, float]) -> Iterator[KeptReference]:
    known = {one.id: one for one in problem.catalogue.product_references}
    met: dict[Key, float] = {}
    total: dict[str, float] = {}
    for bid in bought:
        own = units[_key(bid)] * bid.factor
        met[bid.need, bid.offer.reference] = met.get((bid.need, bid.offer.reference), 0.0) + own
        total[bid.need] = total.get(bid.need, 0.0) + own
    for need, reference in sorted(met):
        in_use = reference in problem.in_use
        yield KeptReference(
            need=need,
            reference=reference,
            in_use=in_use,
            share=min(met[need, reference] / total[need], 1.0),
            keeping=known[reference].keeping_cost,
            switching=0.0 if in_use else known[reference].switching_cost,
        )


def _needs(problem: AwardProblem, orders: tuple[Order, ...], decided: Decided) -> Iterator[NeedMet]:
    factor = {_key(bid): bid.factor for bid in problem.bids}
    category = {need.id: need.category for need in problem.catalogue.needs}
    bids: dict[str, list[Bid]] = {}
    for bid in problem.bids:
        bids.setdefault(bid.need, []).append(bid)
    today = today_prices(problem.catalogue)
    cells: dict[str, list[Cell]] = {}
    for cell in problem.cells:
        cells.setdefault(cell.need, []).append(cell)
    received: dict[tuple[str, int], float] = {}
    need_of = {_key(bid): bid.need for bid in problem.bids}
    for (supplier, reference, group), units in decided.sent.items():
        place = (need_of[supplier, reference], group)
        received[place] = received.get(place, 0.0) + units * factor[supplier, reference]
    by_need: dict[str, list[Order]] = {}
    for order in orders:
        by_need.setdefault(order.need, []).append(order)
    for need, demand in sorted(problem.demand.items()):
        own = by_need.get(need, [])
        missing = [(cell, _missing(cell, received.get((need, cell.group), 0.0))) for cell in cells[need]]
        short, paid = sum(units for _, units in missing), sum(order.paid for order in own)
        bought = sum(order.units * factor[order.supplier, order.reference] for order in own)
        price = today.get(need)
        yield NeedMet(
            need=need,
            category=category[need],
            demand=demand,
            bought=bought,
            short=short,
            reason=_reason(bids.get(need, []), missing, decided.units) if short else None,
            paid=paid,
            price=paid / bought if bought else None,
            price_today=price,
            saving=None if price is None else price * (demand - short) - paid,
        )


def _missing(cell: Cell, received: float) -> float:
    """Return the units that a group lacks; nothing where rounding explains it."""
    short = cell.units - received
    return short if short > ROUNDING * cell.units else 0.0


def _reason(bids: list[Bid], missing: list[tuple[Cell, float]], units: Mapping[Key, float]) -> Reason:
    if not any(short for cell, short in missing if cell.suppliers):
        return Reason.NO_OFFER
    left = [bid for bid in bids if units.get(_key(bid), 0.0) < bid.most * (1 - ROUNDING)]
    return Reason.LIMITED if left else Reason.CAPACITY
