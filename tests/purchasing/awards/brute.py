"""The optimum of small tenders by enumeration of whole packs, from the data alone."""

import itertools
import math

from gst_opt.core.tenders import DiscountKind, DiscountSchedule, DiscountTier, Measure, Offer
from gst_opt.pillars.purchasing.awards.problem import AwardProblem

Key = tuple[str, str]


def cheapest(problem: AwardProblem) -> float | None:
    """Return the least cost over all numbers of packs; none where no numbers keep the rules."""
    need_of = {one.id: one.need for one in problem.catalogue.product_references}
    lot_of = {item.need: item.lot for item in problem.tenders.lot_items}
    demand: dict[str, float] = {}
    for row in problem.catalogue.requirements:
        demand[row.need] = demand.get(row.need, 0.0) + row.units
    offers = _that_can_be_taken(problem, need_of, lot_of, demand)
    choices = [_units(offer, demand[need_of[offer.reference]]) for offer in offers]
    found: list[float] = []
    for units in itertools.product(*choices):
        chosen = {(o.supplier, o.reference): (o, n) for o, n in zip(offers, units, strict=True) if n}
        cost = _cost(problem, chosen, offers, need_of, lot_of, demand)
        if cost is not None:
            found.append(cost)
    return min(found, default=None)


def _units(offer: Offer, demand: float) -> list[float]:
    """Return the quantities that an offer may be bought in: whole packs, none beyond what meets the need alone."""
    assert offer.pack is not None
    assert offer.capacity is not None
    most = max(math.ceil(demand / offer.pack) * offer.pack, math.ceil(offer.min_order / offer.pack) * offer.pack)
    packs = int(min(most, offer.capacity) // offer.pack)
    return [n * offer.pack for n in range(packs + 1) if n == 0 or n * offer.pack >= offer.min_order]


def _that_can_be_taken(
    problem: AwardProblem, need_of: dict[str, str], lot_of: dict[str, str], demand: dict[str, float]
) -> list[Offer]:
    own = [o for o in problem.tenders.offers if need_of[o.reference] in demand]
    own = [o for o in own if len(_units(o, demand[need_of[o.reference]])) > 1]
    whole = {lot.id: {n for n, of in lot_of.items() if of == lot.id and n in demand} for lot in problem.tenders.lots}
    partial = {lot.id for lot in problem.tenders.lots if lot.partial_bids}
    kept = []
    for offer in own:
        lot = lot_of.get(need_of[offer.reference])
        sold = {need_of[o.reference] for o in own if o.supplier == offer.supplier}
        if lot is None or lot in partial or whole[lot] <= sold:
            kept.append(offer)
    return kept


def _cost(
    problem: AwardProblem,
    chosen: dict[Key, tuple[Offer, float]],
    offers: list[Offer],
    need_of: dict[str, str],
    lot_of: dict[str, str],
    demand: dict[str, float],
) -> float | None:
    """Return what numbers of packs cost, or none where they break a rule."""
    policy = problem.policy
    value = {key: offer.price * units for key, (offer, units) in chosen.items()}
    bought = {need: sum(units for (_, r), (_, units) in chosen.items() if need_of[r] == need) for need in demand}
    for need, wanted in demand.items():
        left_over = [max(10.0, o.min_order) for o in offers if need_of[o.reference] == need]
        if left_over and bought[need] > wanted + max(left_over) + 1e-9:
            return None
    if not _lots_kept(problem, value, offers, need_of, lot_of) or not _rules_kept(
        problem, chosen, offers, need_of, demand
    ):
        return None
    for supplier in {key[0] for key in value}:
        own = sum(mad for key, mad in value.items() if key[0] == supplier)
        if own > policy.max_supplier_share * sum(value.values()) + 1e-9:
            return None
    paid = dict.fromkeys({key[0] for key in chosen}, 0.0)
    for key, mad in value.items():
        paid[key[0]] += mad
    for schedule in problem.tenders.discount_schedules:
        if schedule.supplier in paid:
            paid[schedule.supplier] -= _rebate(problem, schedule, chosen, need_of, lot_of)
    known = {one.id: one for one in problem.tenders.suppliers}
    products = {one.id: one for one in problem.catalogue.product_references}
    used = {key[1] for key in chosen}
    spent = (
        sum(paid.values())
        + sum(known[one].contract_cost for one in paid)
        + sum(products[one].keeping_cost + products[one].switching_cost for one in used)
    )
    if policy.budget is not None and spent > policy.budget + 1e-6:
        return None
    in_year = sum(mad for one, mad in paid.items() if known[one].payment_delay < 365)
    if any(in_year > limit.mad + 1e-6 for limit in policy.cash_limits):
        return None
    short = 0.0
    all_offers = problem.tenders.offers
    sellable = {need_of[o.reference] for o in offers}
    for need, wanted in demand.items():
        usual = min((o.price for o in all_offers if need_of[o.reference] == need), default=0.0)
        if need in sellable:
            short += policy.shortage_factor * usual * max(wanted - bought[need], 0.0)
    foreign = sum(mad for one, mad in paid.items() if not known[one].resident)
    return spent + short + policy.preference * foreign


def _lots_kept(
    problem: AwardProblem,
    value: dict[Key, float],
    offers: list[Offer],
    need_of: dict[str, str],
    lot_of: dict[str, str],
) -> bool:
    small = {one.id for one in problem.tenders.suppliers if one.small_firm}
    needed = sum(lot.forecast for lot in problem.tenders.lots) * problem.policy.small_firm_share
    for lot in problem.tenders.lots:
        if not any(lot_of.get(need_of[o.reference]) == lot.id for o in offers):
            continue
        by_supplier: dict[str, float] = {}
        for (supplier, reference), mad in value.items():
            if lot_of.get(need_of[reference]) == lot.id:
                by_supplier[supplier] = by_supplier.get(supplier, 0.0) + mad
        if len(by_supplier) > lot.max_awards or any(mad < lot.min_amount for mad in by_supplier.values()):
            return False
        if (lot.reserved or needed > 0) and not by_supplier.keys() <= small:  # the only lot is the one reserved
            return False
    return True


def _rules_kept(
    problem: AwardProblem,
    chosen: dict[Key, tuple[Offer, float]],
    offers: list[Offer],
    need_of: dict[str, str],
    demand: dict[str, float],
) -> bool:
    for rule in problem.policy.rules:
        wanted = demand.get(rule.need or "")
        if wanted is None:
            continue
        own = {key: units for key, (_, units) in chosen.items() if need_of[key[1]] == rule.need}
        if rule.max_references is not None and len({key[1] for key in own}) > rule.max_references:
            return False
        sold: dict[str, float] = {}
        for (supplier, _), units in own.items():
            sold[supplier] = sold.get(supplier, 0.0) + units
        bidders = {o.supplier for o in offers if need_of[o.reference] == rule.need}
        most = max(rule.max_share, 1 / len(bidders)) if bidders else 1.0
        if any(units > most * sum(sold.values()) + 1e-9 for units in sold.values()):
            return False
        if rule.min_sources > 1:
            able = {
                one
                for one in bidders
                if sum(_units(o, wanted)[-1] for o in offers if o.supplier == one and need_of[o.reference] == rule.need)
                >= rule.source_share * wanted - 1e-9
            }
            found = sum(units >= rule.source_share * wanted - 1e-9 for units in sold.values())
            if found < min(rule.min_sources, len(able)):
                return False
    return True


def _rebate(
    problem: AwardProblem,
    schedule: DiscountSchedule,
    chosen: dict[Key, tuple[Offer, float]],
    need_of: dict[str, str],
    lot_of: dict[str, str],
) -> float:
    own = [
        (offer, units)
        for (supplier, reference), (offer, units) in chosen.items()
        if supplier == schedule.supplier
        and schedule.reference in (None, reference)
        and schedule.lot in (None, lot_of.get(need_of[reference]))
    ]
    tiers = sorted((t for t in problem.tenders.discount_tiers if t.schedule == schedule.id), key=lambda t: t.threshold)
    value, units = sum(o.price * n for o, n in own), sum(n for _, n in own)
    if not own:
        return 0.0
    counted = units if schedule.measure is Measure.QUANTITY else value
    if schedule.kind is DiscountKind.ALL_UNITS:
        return value * max((t.rebate for t in tiers if counted >= t.threshold), default=0.0)
    return value / counted * sum(_slice(tiers, position, counted) for position in range(len(tiers)))


def _slice(tiers: list[DiscountTier], position: int, counted: float) -> float:
    end = tiers[position + 1].threshold if position + 1 < len(tiers) else math.inf
    return tiers[position].rebate * max(min(counted, end) - tiers[position].threshold, 0.0)
