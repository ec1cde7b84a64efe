"""What is on offer for what is needed: offers that can be taken, prices today, discounts by offer; no solver."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gst_opt.core.catalogue import Catalogue
from gst_opt.core.errors import DataProblem
from gst_opt.core.tenders import DiscountKind, DiscountSchedule, Measure, Offer, Tenders
from gst_opt.text import Message

TINY = 1e-9
MOST_PACKS = 1_000_000
"""Packs of one offer that are counted one by one: a solver whose tolerance is a millionth tells no more apart."""
Scope = tuple[str, str | None, str | None]
"""A supplier, and the reference or the lot that a discount is for; neither: all that it sells."""


@dataclass(frozen=True)
class Bid:
    """An offer that can be taken for a need, and how much of it.

    Attributes
    ----------
    offer
        The offer.
    need, lot
        Need that its reference meets, and the lot of that need.
    factor
        Units of the need that one unit of the reference meets.
    volume
        Cubic metres of one unit.
    least, most
        Fewest units if any, and most: what meets the need alone, in whole packs, at least the minimum order, within
        the capacity.
    """

    offer: Offer
    need: str
    lot: str | None
    factor: float
    volume: float
    least: float
    most: float


@dataclass(frozen=True)
class Tiers:
    """A discount schedule ready for use.

    Attributes
    ----------
    schedule
        The schedule.
    thresholds, rebates
        Its tiers, in the order of thresholds.
    lost
        What the rebate does not give on the units before the threshold, tier by tier (MAD); 0 unless incremental.
    """

    schedule: DiscountSchedule
    thresholds: tuple[float, ...]
    rebates: tuple[float, ...]
    lost: tuple[float, ...]

    def measure(self, units: float, value: float) -> float:
        """Return what its thresholds count, of units and their value at list prices."""
        return units if self.schedule.measure is Measure.QUANTITY else value


def bids(catalogue: Catalogue, tenders: Tenders, demand: dict[str, float], surplus: float) -> tuple[Bid, ...]:
    """Return the offers that can be taken, by supplier and reference.

    Left out: offers for what is not needed, offers whose fewest units are above their capacity, and those of a
    supplier that has no offer for some need of a lot where bids must be complete.

    Parameters
    ----------
    catalogue, tenders
        References, offers, lots.
    demand
        Units of each need that is bought.
    surplus
        Share of a need that may be bought beyond it.
    """
    references = {one.id: one for one in catalogue.product_references}
    lot_of = {item.need: item.lot for item in tenders.lot_items}
    found = []
    for offer in tenders.offers:
        reference = references[offer.reference]
        if demand.get(reference.need, 0.0) <= 0:
            continue
        least = _whole_packs(offer.min_order, offer.pack)
        alone = _whole_packs((1 + surplus) * demand[reference.need] / reference.factor, offer.pack)
        most = min(max(alone, least), _packs_within(offer))
        if least <= most > 0:
            lot = lot_of.get(reference.need)
            found.append(Bid(offer, reference.need, lot, reference.factor, reference.volume, least, most))
    partial = {lot.id for lot in tenders.lots if lot.partial_bids}
    asked: dict[str, set[str]] = {}
    for need, lot in lot_of.items():
        if lot not in partial and demand.get(need, 0.0) > 0:
            asked.setdefault(lot, set()).add(need)
    sold: dict[str, set[str]] = {}
    for bid in found:
        sold.setdefault(bid.offer.supplier, set()).add(bid.need)
    return tuple(bid for bid in found if asked.get(bid.lot or "", set()) <= sold[bid.offer.supplier])


def _whole_packs(units: float, pack: float | None) -> float:
    return units if pack is None else pack * math.ceil(units / pack - TINY)


def _packs_within(offer: Offer) -> float:
    """Return the most units that it can deliver, in whole packs."""
    if offer.capacity is None or offer.pack is None:
        return math.inf if offer.capacity is None else offer.capacity
    return offer.pack * math.floor(offer.capacity / offer.pack + TINY)


def packs_too_small(tenders: Tenders, most: Mapping[tuple[str, str], float]) -> Iterator[DataProblem]:
    """Yield offers in more packs than can be counted, given the most units of each supplier and reference."""
    for position, offer in enumerate(tenders.offers, 1):
        units = most.get((offer.supplier, offer.reference), 0.0)
        if offer.pack is not None and units > MOST_PACKS * (1 + TINY) * offer.pack:
            values = {"units": f"{units:.10g}", "least": f"{units / MOST_PACKS:.10g}"}
            yield DataProblem("offers", position, "pack", f"{offer.pack:g}", Message("pillars.least_pack", values))


def left_over(bids_of_need: list[Bid], demand: float, surplus: float) -> float:
    """Return the units of a need that may be bought beyond it: a last pack, a minimum order, the policy's share."""
    steps = [max(bid.offer.pack or 0.0, bid.least) * bid.factor for bid in bids_of_need]
    return max(steps, default=0.0) + surplus * demand


def schedules(tenders: Tenders) -> tuple[Tiers, ...]:
    """Return the discount schedules that have tiers, their tiers in order."""
    found = []
    price = {(offer.supplier, offer.reference): offer.price for offer in tenders.offers}
    by_schedule: dict[str, list[tuple[float, float]]] = {}
    for tier in tenders.discount_tiers:
        by_schedule.setdefault(tier.schedule, []).append((tier.threshold, tier.rebate))
    for schedule in tenders.discount_schedules:
        tiers = sorted(by_schedule.get(schedule.id, ()))
        lost = [0.0] * len(tiers)
        if schedule.kind is DiscountKind.INCREMENTAL:
            by_unit = schedule.measure is Measure.QUANTITY
            unit = price.get((schedule.supplier, schedule.reference or ""), 0.0) if by_unit else 1.0
            before = [0.0, *(rebate for _, rebate in tiers)]
            steps = [unit * start * (rebate - before[k]) for k, (start, rebate) in enumerate(tiers)]
            lost = [math.fsum(steps[: k + 1]) for k in range(len(tiers))]
        if tiers:
            starts, rebates = zip(*tiers, strict=True)
            found.append(Tiers(schedule, starts, rebates, tuple(lost)))
    return tuple(found)


def scope_of(schedule: DiscountSchedule) -> Scope:
    """Return what a schedule is for."""
    return schedule.supplier, schedule.reference, schedule.lot


def by_scope(chosen: Iterable[Bid]) -> dict[Scope, list[int]]:
    """Return the positions of bids by every scope that a schedule for them may have."""
    found: dict[Scope, list[int]] = {}
    for position, bid in enumerate(chosen):
        supplier, reference = bid.offer.supplier, bid.offer.reference
        scopes = {(supplier, reference, None), (supplier, None, bid.lot), (supplier, None, None)}
        for scope in scopes:
            found.setdefault(scope, []).append(position)
    return found


def today_prices(catalogue: Catalogue) -> dict[str, float]:
    """Return the price of one unit of each need today: the mean of the references in use, by their shares."""
    references = {one.id: one for one in catalogue.product_references}
    parts: dict[str, list[tuple[float, float]]] = {}
    for row in catalogue.today_purchases:
        reference = references[row.reference]
        parts.setdefault(reference.need, []).append((row.share, row.price / reference.factor))
    return {
        need: math.fsum(share * price for share, price in own) / math.fsum(share for share, _ in own)
        for need, own in parts.items()
    }


def shortage_prices(catalogue: Catalogue, tenders: Tenders, factor: float) -> dict[str, float]:
    """Return what one unit of each need not bought costs: its own price, or `factor` times what it costs today.

    Where that is not known the cheapest offer stands for it. So no offer makes a shortage dearer, but the first one of
    a need of which no price was known.
    """
    references = {one.id: one for one in catalogue.product_references}
    usual: dict[str, float] = {}
    for offer in tenders.offers:
        reference = references[offer.reference]
        usual[reference.need] = min(usual.get(reference.need, math.inf), offer.price / reference.factor)
    usual |= today_prices(catalogue)
    return {
        need.id: factor * usual.get(need.id, 0.0) if need.shortage_price is None else need.shortage_price
        for need in catalogue.needs
    }
