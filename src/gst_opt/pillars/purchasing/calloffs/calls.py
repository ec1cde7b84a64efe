"""Awarded offers and when they can be received and used; what every group of facilities needs; no solver."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from gst_opt.core.catalogue import Catalogue
from gst_opt.core.stocks import Stocks
from gst_opt.core.tenders import Tenders
from gst_opt.core.time import Horizon, Period
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer
from gst_opt.pillars.purchasing.calloffs.policy import CallOffPolicy
from gst_opt.pillars.purchasing.delivery import routes
from gst_opt.pillars.purchasing.demand import Requirements
from gst_opt.pillars.purchasing.payments import due

TINY = 1e-9


@dataclass(frozen=True)
class Call:
    """An awarded offer, and when it can be received and used.

    Attributes
    ----------
    supplier, reference, need, lot
        Who sells what, for which need, in which lot if any.
    factor, volume
        Units of the need that one unit meets, and its cubic metres.
    price, list_price
        Price paid for one unit, and its price before rebates (MAD).
    least, most
        Units of the calendar; `most` is infinite where there is no limit.
    smallest, largest
        Units of one receipt: the minimum order and the capacity of a period, in whole packs.
    pack
        Units of a pack, if any.
    window
        By period that can receive it, the last period that can use it (positions).
    order_by, due
        By period that can receive it, the day to order it by, and the period of payment (position; none: later).
    """

    supplier: str
    reference: str
    need: str
    lot: str | None
    factor: float
    volume: float
    price: float
    list_price: float
    least: float
    most: float
    smallest: float
    largest: float
    pack: float | None
    window: dict[int, int]
    order_by: dict[int, str]
    due: dict[int, int | None]

    @property
    def key(self) -> tuple[str, str]:
        """Supplier and reference."""
        return self.supplier, self.reference


def calls_of(
    catalogue: Catalogue, tenders: Tenders, awards: Sequence[AwardedOffer], horizon: Horizon, policy: CallOffPolicy
) -> tuple[Call, ...]:
    """Return what may be called off, by supplier and reference.

    Goods are received on the first day of a period, an order placed `lead_time` days before; the first one is placed
    `notice` days before the calendar. They can be used in the period that receives them, and in later ones that end
    before they expire and begin within `max_cover` days.
    """
    references = {one.id: one for one in catalogue.product_references}
    levels = {need.id: need.level for need in catalogue.needs}
    offers = {(one.supplier, one.reference): one for one in tenders.offers}
    lot_of = {item.need: item.lot for item in tenders.lot_items}
    delay = {one.id: one.payment_delay for one in tenders.suppliers}
    found = []
    for award in sorted(awards, key=lambda one: one.key_values()):
        offer, reference = offers[award.supplier, award.reference], references[award.reference]
        smallest, most = _up(offer.min_order, offer.pack), _down(award.most, offer.pack)
        largest = min(_down(award.per_period, offer.pack), most)
        if levels[reference.need] not in policy.levels:
            continue
        received = _received(horizon.periods, offer.lead_time - policy.notice)
        found.append(
            Call(
                supplier=award.supplier,
                reference=award.reference,
                need=reference.need,
                lot=lot_of.get(reference.need),
                factor=reference.factor,
                volume=reference.volume,
                price=award.price,
                list_price=offer.price,
                least=award.least,
                most=most,
                smallest=smallest,
                largest=largest,
                pack=offer.pack,
                window={
                    s: _last_use(horizon.periods, s, offer.shelf_life, policy.max_cover)
                    for s in (received if smallest <= largest > 0 else ())
                },
                order_by={
                    s: str(horizon.periods[s].start - timedelta(days=math.ceil(offer.lead_time))) for s in received
                },
                due={s: due(horizon.periods, s, delay[award.supplier]) for s in received},
            )
        )
    return tuple(found)


def _up(units: float, pack: float | None) -> float:
    return units if pack is None else pack * math.ceil(units / pack - TINY)


def _down(units: float | None, pack: float | None) -> float:
    if units is None or pack is None:
        return math.inf if units is None else units
    return pack * math.floor(units / pack + TINY)


def _received(periods: Sequence[Period], lead: float) -> list[int]:
    """Return the periods whose first day is late enough."""
    return [s for s, period in enumerate(periods) if (period.start - periods[0].start).days >= lead]


def _last_use(periods: Sequence[Period], received: int, shelf_life: float | None, cover: float | None) -> int:
    start, last = periods[received].start, received
    for t in range(received + 1, len(periods)):
        kept, waits = (periods[t].end - start).days + 1, (periods[t].start - start).days
        if (shelf_life is not None and kept > shelf_life) or (cover is not None and waits > cover):
            break
        last = t
    return last


@dataclass(frozen=True)
class Want:
    """What a group of facilities needs of a need in a period.

    Attributes
    ----------
    need, group, period
        Need, number of the group, position of the period.
    units
        Units needed.
    base
        Delivery of a cubic metre by the cheapest supplier of the need, mean of the facilities by what they need (MAD):
        what stays short is shared out among them in proportion to their needs.
    suppliers
        Suppliers of the need that reach the group, and what their delivery costs above the base (MAD/m3).
    """

    need: str
    group: int
    period: int
    units: float
    base: float
    suppliers: dict[str, float]


@dataclass(frozen=True)
class Wanted:
    """Every want, by need, group and period; the members of every group; the group of every (need, facility)."""

    wants: tuple[Want, ...]
    members: dict[int, tuple[str, ...]]
    group_of: dict[tuple[str, str], int]


def largest_receipts(calls: Sequence[Call], wanted: Wanted) -> dict[tuple[str, str], float]:
    """Return the most units that one receipt of each call in packs may have: what its periods can use, or may be."""
    found = {}
    for call in calls:
        if call.pack is None:
            continue
        own = [one for one in wanted.wants if one.need == call.need and call.supplier in one.suppliers]
        usable = [
            math.fsum(one.units for one in own if received <= one.period <= last) / call.factor
            for received, last in call.window.items()
        ]
        found[call.key] = min(max(_up(max(usable, default=0.0), call.pack), call.smallest), call.largest)
    return found


def wanted_of(required: Requirements, stocks: Stocks, calls: Sequence[Call], horizon: Horizon) -> Wanted:
    """Return what groups need: facilities that the suppliers of a need see alike are one.

    Their needs may be added up without changing what is cheapest, as no cost is by facility and order.
    """
    at = {period.id: position for position, period in enumerate(horizon.periods)}
    sellers: dict[str, set[str]] = {}
    for call in calls:
        sellers.setdefault(call.need, set()).add(call.supplier)
    places: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for need, facility in required:
        places.setdefault(tuple(sorted(sellers.get(need, ()))), []).append((need, facility))
    members: dict[int, tuple[str, ...]] = {}
    group_of: dict[tuple[str, str], int] = {}
    wants: list[Want] = []
    for own, pairs in sorted(places.items()):
        ways, before = routes(stocks, own, (facility for _, facility in pairs)), len(members)
        for facility, group in sorted(ways.group.items()):
            members[before + group] = (*members.get(before + group, ()), facility)
        units: dict[tuple[str, int, int], list[float]] = {}
        costs: dict[tuple[str, int, int], list[float]] = {}
        for need, facility in pairs:
            group_of[need, facility] = before + ways.group[facility]
            for period, needed in required[need, facility].items():
                key = (need, ways.group[facility], at[period])
                units.setdefault(key, []).append(needed)
                costs.setdefault(key, []).append(needed * ways.base[facility])
        for (need, group, position), parts in units.items():
            reach = {one: ways.beyond[one, group] for one in own if (one, group) in ways.beyond}
            base = math.fsum(costs[need, group, position]) / math.fsum(parts)
            wants.append(Want(need, before + group, position, math.fsum(parts), base, reach))
    return Wanted(tuple(sorted(wants, key=lambda one: (one.need, one.group, one.period))), members, group_of)
