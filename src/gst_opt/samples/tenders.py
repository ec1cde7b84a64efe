"""The tender of the Tanger sample: coded suppliers, lots, offers, discounts, drawn from a seed.

Needs that the grouping buys for the region are put into lots of one family; what is rarely needed of a family is a lot
of its own with few bidders. The number of suppliers and the best, median and dearest price of a need are as published
for medicines (``rules.csv``); the median one is the need's hospital price.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.tenders import (
    DiscountKind,
    DiscountSchedule,
    DiscountTier,
    Lot,
    LotItem,
    Measure,
    Offer,
    Supplier,
    Tenders,
)
from gst_opt.samples.careers import GOLDEN_SHARE
from gst_opt.samples.catalogue import Item, draw, factors, items, reference_id
from gst_opt.samples.facts import facts, rules

BIDDERS = (4, 3, 5, 4, 6, 3, 4, 8)
"""Bidders of one lot after the other: 4 in the middle."""
RARE_BIDDERS = 2
CARTONS = (100, 50, 20, 10, 5)
WON = (0.08, 0.16, 0.3)
"""Thresholds of a supplier's rebates, over the value of all that it offers."""
DAYS = 365


@dataclass(frozen=True)
class DrawnLot:
    """A lot, its needs, and which supplier offers which of them."""

    id: str
    needs: tuple[Item, ...]
    sold: Mapping[str, tuple[str, ...]]
    partial: bool
    awards: int

    def sellers(self, need: str) -> list[str]:
        """Return the suppliers that offer a need."""
        return [firm for firm, needs in self.sold.items() if need in needs]


def drawn_lots() -> tuple[DrawnLot, ...]:
    """Return the lots and who bids for what."""
    by_family: dict[str, list[Item]] = {}
    for item in items():
        if item.level is BuyingLevel.REGIONAL:
            by_family.setdefault(item.family, []).append(item)
    found: list[DrawnLot] = []
    for family, own in by_family.items():
        usual = [item for item in own if item.weight > 1]
        rare = [item for item in own if item.weight == 1]
        count = max(1, round(len(usual) / float(rules()["lot_needs"])))
        groups = [(f"{family}-{number + 1}", usual[number::count]) for number in range(count)]
        for name, needs in groups:
            found.append(_lot(name, needs, BIDDERS[len(found) % len(BIDDERS)], rare=False))
        if rare:
            found.append(_lot(f"{family}-rare", rare, RARE_BIDDERS, rare=True))
    return tuple(found)


def _lot(name: str, needs: Sequence[Item], bidders: int, *, rare: bool) -> DrawnLot:
    """Draw who bids for a lot; every need has an offer."""
    random = draw("lot", name)
    family = needs[0].family_row
    able = [row["id"] for row in facts("suppliers") if family["category"] in row["sells"].split(";")]
    firms = sorted(able, key=lambda _: random.random())[: min(bidders, len(able))]
    awards = 1 if rare else int(family["max_awards"])
    partial = rare or (awards == 1 and random.random() >= float(rules()["lot_without_needs_left_out"]))
    share = float(rules()["rare_offers"]) if rare else 1 - 1 / len(firms) / 2
    sold = {firm: [item.id for item in needs if not partial or random.random() < share] for firm in firms}
    for number, item in enumerate(needs):
        if not any(item.id in ids for ids in sold.values()):
            sold[firms[number % len(firms)]].append(item.id)
    return DrawnLot(name, tuple(needs), {firm: tuple(ids) for firm, ids in sold.items() if ids}, partial, awards)


def sellers(lots: Sequence[DrawnLot]) -> dict[str, int]:
    """Return the number of suppliers of every need."""
    return {item.id: len(lot.sellers(item.id)) for lot in lots for item in lot.needs}


def tenders(lots: Sequence[DrawnLot], units: Mapping[str, float]) -> Tenders:
    """Return the tender, given the lots and the units of every need in a year."""
    offers = tuple(_offers(lots, units))
    schedules, tiers = _discounts(lots, offers, units)
    return Tenders(
        suppliers=tuple(
            Supplier(
                id=row["id"],
                small_firm=row["small_firm"] == "true",
                resident=row["resident"] == "true",
                contract_cost=float(row["contract_cost"]),
                payment_delay=float(row["payment_delay"]),
            )
            for row in facts("suppliers")
        ),
        offers=offers,
        discount_schedules=schedules,
        discount_tiers=tiers,
        lots=tuple(_framework(lot, _forecast(lot, units)) for lot in lots),
        lot_items=tuple(LotItem(need=item.id, lot=lot.id) for lot in lots for item in lot.needs),
    )


def _forecast(lot: DrawnLot, units: Mapping[str, float]) -> float:
    return round(sum(units[item.id] * item.unit_price for item in lot.needs), -3)


def _framework(lot: DrawnLot, forecast: float) -> Lot:
    """Return a lot, a framework contract if it is drawn as one."""
    framed = lot.awards == 1 and draw("framework", lot.id).random() < float(rules()["framework_share"])
    least = round(float(rules()["framework_min"]) * forecast, -3) if framed else 0.0
    return Lot(
        id=lot.id,
        max_awards=lot.awards,
        partial_bids=lot.partial,
        forecast=forecast,
        min_amount=least,
        max_amount=float(rules()["framework_ratio"]) * least if framed else None,
    )


def levels(count: int, number: int) -> list[float]:
    """Return the prices of a need's offers over their median, the best first; `number` spreads the needs evenly.

    The best is below the median, and the dearest above the best, as published: in the middle of the needs exactly so.
    """
    first, second = (number * GOLDEN_SHARE % 1, number * GOLDEN_SHARE**2 % 1)
    below = float(rules()["best_below_median"]) + (2 * first - 1) * float(rules()["price_spread"])
    ratio = float(rules()["dearest_over_best"]) + (2 * second - 1) * float(rules()["dearest_spread"])
    best = 1 - below
    dearest = max(best * ratio, 1 + below / 4)
    if count == 1:
        return [1.0]
    if count == 2:
        return [best, 2 - best]
    half = count // 2
    lower = [best + below * step / half for step in range(half)]
    upper = [1 + (dearest - 1) * (step + 1) / half for step in range(half)]
    if count % 2:
        return [*lower, 1.0, *upper]
    middle = min(1 - lower[-1], upper[0] - 1)
    return [*lower[:-1], 1 - middle, 1 + middle, *upper[1:]]


def _offers(lots: Sequence[DrawnLot], units: Mapping[str, float]) -> Iterator[Offer]:
    firms = {row["id"]: row for row in facts("suppliers")}
    number = 0  # of needs with three suppliers or more
    for lot in lots:
        for item in lot.needs:
            own = lot.sellers(item.id)
            random = draw("offers", item.id)
            place = {firm: draw("price", lot.id, firm).random() + random.random() for firm in own}
            prices = dict(zip(sorted(own, key=lambda firm: place[firm]), levels(len(own), number), strict=True))
            number += len(own) > 2
            sizes = factors(item, len(own))
            for firm in own:
                position = int(random.random() * len(sizes))
                need = units[item.id] / sizes[position]
                yield Offer(
                    supplier=firm,
                    reference=reference_id(item, position),
                    price=round(prices[firm] * item.unit_price * sizes[position], 2),
                    pack=_carton(need) if random.random() < float(rules()["carton_share"]) else None,
                    min_order=_min_order(need) if random.random() < float(rules()["min_order_share"]) else 0.0,
                    lead_time=float(firms[firm]["lead_time"]),
                    shelf_life=float(item.family_row["shelf_life"]),
                )


def _carton(need: float) -> float | None:
    """Return the largest carton of which the region needs enough, if any."""
    least = float(rules()["cartons_a_year"])
    return next((float(size) for size in CARTONS if need / size >= least), None)


def _min_order(need: float) -> float:
    return float(round(need * float(rules()["min_order_days"]) / DAYS))


def _discounts(
    lots: Sequence[DrawnLot], offers: Sequence[Offer], units: Mapping[str, float]
) -> tuple[tuple[DiscountSchedule, ...], tuple[DiscountTier, ...]]:
    """Return rebates by value on all that a supplier sells and on lots with two winners, by quantity on some offers."""
    of_reference = {
        reference_id(item, position): (item, size)
        for lot in lots
        for item in lot.needs
        for position, size in enumerate(factors(item, len(lot.sellers(item.id))))
    }
    schedules: list[DiscountSchedule] = []
    tiers: list[DiscountTier] = []

    def add(schedule: DiscountSchedule, steps: Sequence[tuple[float, float]]) -> None:
        schedules.append(schedule)
        tiers.extend(DiscountTier(schedule=schedule.id, threshold=at, rebate=rebate) for at, rebate in steps)

    for row in facts("suppliers"):
        values = [offer.price * _boxes(offer, of_reference, units) for offer in offers if offer.supplier == row["id"]]
        rebates = [float(cell) for cell in row["rebates"].split(";")]
        steps = [(round(share * sum(values), -4), rebate) for share, rebate in zip(WON, rebates, strict=True)]
        add(DiscountSchedule(id=f"all-{row['id']}", supplier=row["id"], kind=DiscountKind(row["discount"])), steps)
    for lot in lots:
        if lot.awards > 1:
            forecast = _forecast(lot, units)
            for firm in lot.sold:
                name = f"{lot.id}-{firm}"
                add(
                    DiscountSchedule(id=name, supplier=firm, lot=lot.id),
                    [(round(0.4 * forecast, -3), 0.015), (round(0.7 * forecast, -3), 0.03)],
                )
    for offer in offers:
        if draw("quantity", offer.supplier, offer.reference).random() < float(rules()["quantity_rebate_share"]):
            boxes = _boxes(offer, of_reference, units)
            schedule = DiscountSchedule(
                id=f"q{offer.supplier[-2:]}-{offer.reference}",
                supplier=offer.supplier,
                reference=offer.reference,
                measure=Measure.QUANTITY,
            )
            add(schedule, [(float(round(0.3 * boxes)), 0.01), (float(round(0.6 * boxes)), 0.03)])
    return tuple(schedules), tuple(tiers)


def _boxes(offer: Offer, of_reference: Mapping[str, tuple[Item, int]], units: Mapping[str, float]) -> float:
    """Return what the region needs of an offer's reference, were it the only one."""
    item, size = of_reference[offer.reference]
    return units[item.id] / size
