"""Plans of call-offs and of distribution in words: orders and payments by period, depots, what every facility pays."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, NeedInPeriod
from gst_opt.pillars.purchasing.calloffs.plan import Reason as LateReason
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, NeedDelivered
from gst_opt.pillars.purchasing.distribution.plan import Reason as LostReason
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.report.pieces import need_names, pins_told, place_names
from gst_opt.report.tables import MOST, first_rows, paragraph, total_first
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure

Short = TypeVar("Short", bound=NeedInPeriod | NeedDelivered)
Reasons = Mapping[LateReason, str] | Mapping[LostReason, str]
TOTAL = "*"

_LATE = {
    LateReason.NO_OFFER: "purchasing.nothing_to_order",
    LateReason.LEAD_TIME: "purchasing.lead_time",
    LateReason.CAPACITY: "purchasing.all_that_can_come",
    LateReason.LIMITED: "purchasing.money_or_pins",
}
_LOST = {
    LostReason.NO_WAY: "purchasing.no_way",
    LostReason.NO_STOCK: "purchasing.no_stock",
    LostReason.LIMITED: "purchasing.room_or_stops",
}
_PERIODS = ("period", "orders", "lines", "paid", "falls_due")
_NEXT = ("order_by", "supplier", "received", "lines", "paid")
_INVOICES = ("facility", "supplies", "deliveries", "rounds", "kept", "common", "invoice")
_DEPOTS = ("depot", "volume", "storage", "worth")


def calloffs(grouping: Grouping, problem: CallOffProblem, result: Result[CallOffPlan], lang: Lang) -> Iterator[str]:
    """Yield the blocks of the story of call-offs, the main one first."""
    plan = result.require()
    periods = [period.id for period in problem.horizon.periods]
    asked = {"first": periods[0], "last": periods[-1]} if periods else {"first": "", "last": ""}
    question = "purchasing.calls_at_list_prices" if problem.at_list_prices else "purchasing.calls_question"
    yield "\n".join([say("purchasing.calls_title", lang), paragraph(question, lang, asked)])
    if not problem.used:
        yield paragraph("purchasing.no_need", lang)
        return
    yield "\n".join(_ordered(problem, plan, lang))
    yield from pins_told(problem.policy.pins, lang)
    yield first_rows("purchasing.by_period", total_first(_by_period(plan), lang), {}, lang, MOST + 1)
    yield first_rows("purchasing.next_orders", _next_orders(plan), {}, lang)
    yield from _owed(plan, lang)
    yield _shortages(plan.needs, _LATE, need_names(grouping, lang), lang)


def _ordered(problem: CallOffProblem, plan: CallOffPlan, lang: Lang) -> Iterator[str]:
    """Yield what is ordered, and what is in store before."""
    values = {
        "orders": len(plan.orders),
        "lines": len(plan.calls),
        "suppliers": len({order.supplier for order in plan.orders}),
        "paid": math.fsum(order.paid for order in plan.orders),
        "later": math.fsum(call.paid for call in plan.calls if call.due is None),
    }
    yield paragraph("purchasing.ordered", lang, {name: figure(value, lang) for name, value in values.items()})
    if plan.from_stock:
        idle = sum(use.period is None for use in plan.from_stock)
        stores = {(use.facility, use.depot) for use in plan.from_stock}
        said = {"stores": len(stores), "references": len({use.reference for use in plan.from_stock}), "idle": idle}
        yield paragraph("purchasing.in_store", lang, {name: figure(value, lang) for name, value in said.items()})


def _by_period(plan: CallOffPlan) -> PlanTable:
    """Return orders, their lines, what they cost and what falls due, by period and in all."""
    rows: list[tuple[Cell, ...]] = []
    for payment in plan.payments:
        own = [order for order in plan.orders if order.received == payment.period]
        lines, paid = sum(order.lines for order in own), math.fsum(order.paid for order in own)
        rows.append((payment.period, len(own), lines, paid, payment.mad))
    sums = (math.fsum(float(row[position] or 0) for row in rows) for position in range(1, len(_PERIODS)))
    orders, lines_of_all, paid_for_all, due = sums
    total = (TOTAL, round(orders), round(lines_of_all), paid_for_all, due)
    return PlanTable(name="periods", columns=_PERIODS, rows=(*rows, total))


def _next_orders(plan: CallOffPlan) -> PlanTable:
    """Return the orders by the day that they are placed by: that of their first line."""
    days: dict[tuple[str, str], str] = {}
    for call in plan.calls:
        key = (call.supplier, call.received)
        days[key] = min(days.get(key, call.order_by), call.order_by)
    rows = ((days[one.supplier, one.received], one.supplier, one.received, one.lines, one.paid) for one in plan.orders)
    return PlanTable(name="next_orders", columns=_NEXT, rows=tuple(sorted(rows)))


def _owed(plan: CallOffPlan, lang: Lang) -> Iterator[str]:
    """Yield what is owed without being ordered, if anything is."""
    offers = math.fsum(one.owed for one in plan.offers)
    contracts = math.fsum(one.owed for one in plan.contracts)
    if offers + contracts > 0:
        values = {"offers": figure(offers, lang), "contracts": figure(contracts, lang)}
        yield paragraph("purchasing.owed", lang, values)


def distribution(
    grouping: Grouping, problem: DistributionProblem, result: Result[DistributionPlan], lang: Lang
) -> Iterator[str]:
    """Yield the blocks of the story of distribution, the main one first."""
    plan = result.require()
    places = place_names(grouping)
    yield "\n".join([say("purchasing.moves_title", lang), paragraph("purchasing.moves_question", lang)])
    if not problem.used:
        yield paragraph("purchasing.no_need", lang)
        return
    yield _moved(problem, plan, lang)
    yield from pins_told(problem.policy.pins, lang)
    depots = _fullest(plan)
    if depots.rows:
        yield first_rows("purchasing.depots", depots, {}, lang)
    yield first_rows("purchasing.invoices", _invoices(plan, lang), {"facility": places}, lang)
    yield _shortages(plan.needs, _LOST, need_names(grouping, lang), lang)


def _moved(problem: DistributionProblem, plan: DistributionPlan, lang: Lang) -> str:
    """Say how goods reach facilities: stops, and the part of the volume that goes through depots."""
    volume = {one.id: one.volume for one in problem.catalogue.product_references}
    every = math.fsum(flow.units * volume[flow.reference] for flow in plan.flows)
    stored = math.fsum(flow.units * volume[flow.reference] for flow in plan.flows if flow.depot is not None)
    values = {
        "facilities": figure(len(plan.invoices), lang),
        "volume": figure(every, lang, 1),
        "stored": figure(stored, lang, 1),
        "stops": figure(sum(one.stops for one in plan.rounds), lang),
        "periods": figure(len(problem.horizon.periods), lang),
    }
    return paragraph("purchasing.moved", lang, values)


def _fullest(plan: DistributionPlan) -> PlanTable:
    """Return the fullest period of every depot that keeps anything."""
    most: dict[str, tuple[Cell, ...]] = {}
    for row in sorted(plan.depots, key=lambda one: one.volume):
        if row.worth > 0 or row.volume > 0:
            most[row.depot] = (row.depot, row.volume, row.storage, row.worth)
    return PlanTable(name="depots", columns=_DEPOTS, rows=tuple(most[key] for key in sorted(most)))


def _invoices(plan: DistributionPlan, lang: Lang) -> PlanTable:
    """Return the invoices, the total first and then the largest."""
    rows = [tuple(getattr(one, name) for name in _INVOICES) for one in plan.invoices]
    rows.sort(key=lambda row: (-float(row[-1]), str(row[0])))
    sums = (math.fsum(float(row[position]) for row in rows) for position in range(1, len(_INVOICES)))
    return total_first(PlanTable(name="invoices", columns=_INVOICES, rows=(*rows, (TOTAL, *sums))), lang)


def _shortages(rows: Iterable[Short], keys: Reasons, names: Mapping[str, str], lang: Lang) -> str:
    """Say what is missing in which period, by reason, with the need that lacks the largest part."""
    short = [row for row in rows if row.short]
    lines = [say("purchasing.short" if short else "purchasing.all_there", lang)]
    for reason, key in keys.items():
        own = [row for row in short if row.reason == reason]
        if own:
            most = max(own, key=lambda row: row.short / row.demand)
            values = {"count": figure(len(own), lang), "need": names.get(most.need, most.need), "period": most.period}
            lines.append(f"  - {say(key, lang, values)}")
    return "\n".join(lines)
