"""What the tables of purchases must say of one another."""

import math
from collections.abc import Collection, Iterator
from itertools import pairwise

from gst_opt.core.catalogue import ProductReference, TodayPurchase
from gst_opt.core.errors import DataProblem
from gst_opt.core.stocks import OpeningStock
from gst_opt.core.tables import Tables, positioned
from gst_opt.core.tenders import DiscountKind, DiscountSchedule, DiscountTier, Lot, LotItem, Measure, Offer
from gst_opt.text import Message

TINY = 1e-9


def catalogue_problems(tables: Tables, refused: Collection[str] = ()) -> list[DataProblem]:
    """Return what rows of needs, offers, discounts and lots contradict, all at once.

    Parameters
    ----------
    tables
        Rows by table; a problem's `row` is the position in its table, from 1.
    refused
        Tables that have rows refused for another reason: what is missing from them is not reported.
    """
    return [
        *_offers(tables),
        *_schedules(tables, whole=not {"offers", "lot_items"} & set(refused)),
        *_tiers(tables),
        *_rebates_of_offers(tables),
        *_lots(tables, whole="lot_items" not in refused),
        *_today(tables),
        *_opening_stocks(tables),
    ]


def _offers(tables: Tables) -> Iterator[DataProblem]:
    """Report an offer that cannot be taken: its least quantity, in whole packs, is above its capacity."""
    for position, offer in positioned(tables, "offers", Offer):
        if offer.capacity is None:
            continue
        if offer.min_order > offer.capacity:
            values = {"column": "capacity", "most": f"{offer.capacity:g}"}
            yield DataProblem(
                "offers", position, "min_order", f"{offer.min_order:g}", Message("core.at_most_column", values)
            )
        elif offer.pack is not None and offer.pack > offer.capacity:
            values = {"column": "capacity", "most": f"{offer.capacity:g}"}
            yield DataProblem("offers", position, "pack", f"{offer.pack:g}", Message("core.at_most_column", values))
        elif offer.pack is not None:
            within = offer.pack * math.floor(offer.capacity / offer.pack + TINY)
            if offer.min_order > within * (1 + TINY):
                expected = Message("core.at_most_in_packs", {"most": f"{within:g}", "capacity": f"{offer.capacity:g}"})
                yield DataProblem("offers", position, "min_order", f"{offer.min_order:g}", expected)


def _schedules(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    """Report discounts on two things at once, on what the supplier does not sell, or whose thresholds mean nothing."""
    offered = {(offer.supplier, offer.reference) for _, offer in positioned(tables, "offers", Offer)}
    for position, schedule in positioned(tables, "discount_schedules", DiscountSchedule):
        reference, lot = schedule.reference, schedule.lot
        if reference is not None and lot is not None:
            yield DataProblem("discount_schedules", position, "lot", lot, Message("core.reference_or_lot"))
        elif whole and reference is not None and (schedule.supplier, reference) not in offered:
            expected = Message("core.reference_on_offer", {"supplier": schedule.supplier})
            yield DataProblem("discount_schedules", position, "reference", reference, expected)
        units = schedule.measure is Measure.QUANTITY
        if units and reference is None and schedule.kind is DiscountKind.INCREMENTAL:
            yield DataProblem("discount_schedules", position, "measure", schedule.measure, Message("core.by_value"))


def _tiers(tables: Tables) -> Iterator[DataProblem]:
    """Report rebates that fall as thresholds rise."""
    tiers: dict[str, list[tuple[int, DiscountTier]]] = {}
    for position, tier in positioned(tables, "discount_tiers", DiscountTier):
        tiers.setdefault(tier.schedule, []).append((position, tier))
    for own in tiers.values():
        for (_, before), (position, tier) in pairwise(sorted(own, key=lambda row: row[1].threshold)):
            if tier.rebate < before.rebate:
                expected = Message("core.rebate_rises", {"rebate": f"{before.rebate:g}"})
                yield DataProblem("discount_tiers", position, "rebate", f"{tier.rebate:g}", expected)


def _rebates_of_offers(tables: Tables) -> Iterator[DataProblem]:
    """Report schedules of one supplier that could together give more than the whole price of an offer."""
    best: dict[str, float] = {}
    for _, tier in positioned(tables, "discount_tiers", DiscountTier):
        best[tier.schedule] = max(best.get(tier.schedule, 0.0), tier.rebate)
    needs = {row.id: row.need for _, row in positioned(tables, "product_references", ProductReference)}
    lots = {item.need: item.lot for _, item in positioned(tables, "lot_items", LotItem)}
    schedules: dict[str, list[DiscountSchedule]] = {}
    for _, schedule in positioned(tables, "discount_schedules", DiscountSchedule):
        schedules.setdefault(schedule.supplier, []).append(schedule)
    for position, offer in positioned(tables, "offers", Offer):
        lot = lots.get(needs.get(offer.reference, ""))
        own = [one for one in schedules.get(offer.supplier, ()) if covers(one, offer.reference, lot)]
        total = math.fsum(best.get(one.id, 0.0) for one in own)
        if total > 1 + TINY:
            expected = Message("core.rebates_at_most_1", {"percent": f"{100 * total:.0f}"})
            yield DataProblem("offers", position, "reference", offer.reference, expected)


def covers(schedule: DiscountSchedule, reference: str, lot: str | None) -> bool:
    """Say whether a schedule is for a reference of its supplier, whose need is in a lot (or in none)."""
    if schedule.reference is not None:
        return schedule.reference == reference
    return schedule.lot is None or schedule.lot == lot


def _lots(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    used = {item.lot for _, item in positioned(tables, "lot_items", LotItem)}
    for position, lot in positioned(tables, "lots", Lot):
        if whole and lot.id not in used:
            yield DataProblem("lots", position, "id", lot.id, Message("core.lot_with_items"))
        if lot.max_amount is not None and lot.min_amount > lot.max_amount:
            expected = Message("core.at_most_column", {"column": "max_amount", "most": f"{lot.max_amount:g}"})
            yield DataProblem("lots", position, "min_amount", f"{lot.min_amount:g}", expected)


def _today(tables: Tables) -> Iterator[DataProblem]:
    """Report where the references in use meet more than all of a need."""
    needs = {row.id: row.need for _, row in positioned(tables, "product_references", ProductReference)}
    shares: dict[str, list[float]] = {}
    for position, row in positioned(tables, "today_purchases", TodayPurchase):
        need = needs.get(row.reference)
        if need is None:
            continue
        own = shares.setdefault(need, [])
        before = math.fsum(own)
        own.append(row.share)
        total = math.fsum(own)
        if before <= 1 + TINY < total:
            expected = Message("core.need_met_once", {"need": need, "percent": f"{100 * total:.0f}"})
            yield DataProblem("today_purchases", position, "share", f"{row.share:g}", expected)


def _opening_stocks(tables: Tables) -> Iterator[DataProblem]:
    """Report stock that is in no store, or in two."""
    for position, row in positioned(tables, "opening_stocks", OpeningStock):
        if (row.facility is None) == (row.depot is None):
            yield DataProblem("opening_stocks", position, "depot", row.depot or "", Message("core.facility_or_depot"))
