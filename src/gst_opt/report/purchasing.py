"""A plan of awards in words: who sells what at what price, discounts, references, what is saved, what stays short."""

import math
from collections.abc import Iterator, Mapping

from gst_opt.core.catalogue import Category
from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.purchasing.awards.plan import AwardPlan, Reason
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.report.pieces import need_names, pins_told
from gst_opt.report.tables import first_rows, paragraph, total_first, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

Words = Mapping[str, Mapping[str, str]]

_CATEGORIES = {
    Category.MEDICINE: "purchasing.medicines",
    Category.DEVICE: "purchasing.devices",
    Category.CONSUMABLE: "purchasing.consumables",
    Category.REAGENT: "purchasing.reagents",
}
_REASONS = {
    Reason.NO_OFFER: "purchasing.no_offer",
    Reason.CAPACITY: "purchasing.capacity",
    Reason.LIMITED: "purchasing.limited",
}
_SAVINGS = ("category", "needs", "needs_short", "paid", "at_today_prices", "saving", "share_saved")
_TIERS = ("supplier", "schedule", "measured", "share_rebate", "saved", "share_next", "to_next")
_NEEDS = ("purchase", "bought", "paid", "price", "price_today", "saving")
_LOTS = ("lot", "reserved", "supplier", "value", "paid")


def awards(grouping: Grouping, problem: AwardProblem, result: Result[AwardPlan], lang: Lang) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    words = _words(grouping, lang)
    yield "\n".join([say("purchasing.awards_title", lang), paragraph("purchasing.awards_question", lang)])
    if not problem.demand:
        yield paragraph("purchasing.no_need", lang)
        return
    yield "\n".join(_overview(problem, plan, lang))
    yield from _rules(problem, plan, lang)
    yield from pins_told(problem.policy.pins, lang)
    if plan.orders:
        yield from _bought(problem, plan, words, lang)
    yield _shortages(plan, words, lang)


def _bought(problem: AwardProblem, plan: AwardPlan, words: Words, lang: Lang) -> Iterator[str]:
    """Yield who sells what, at which rebates, against today's prices, and when it is paid."""
    yield first_rows("purchasing.by_supplier", total_first(_suppliers(plan), lang), {}, lang)
    if plan.awards:
        yield first_rows("purchasing.by_lot", _lots(plan, lang), {}, lang)
    if plan.tiers:
        yield first_rows("purchasing.tiers", _tiers(plan), {}, lang)
    yield first_rows("purchasing.by_category", totals_named(_savings(plan), lang), words, lang)
    yield first_rows("purchasing.dearest", _dearest(plan), words, lang)
    yield _references(plan, lang)
    if len(plan.payments) > 1 or problem.policy.cash_limits:
        payments = next(table for table in plan.tables() if table.name == "payments")
        yield first_rows("purchasing.payments", payments, {}, lang)


def _words(grouping: Grouping, lang: Lang) -> dict[str, dict[str, str]]:
    """Return the names behind ids, by column."""
    return {
        "purchase": need_names(grouping, lang),
        "category": {str(one): say(key, lang) for one, key in _CATEGORIES.items()},
    }


def _overview(problem: AwardProblem, plan: AwardPlan, lang: Lang) -> Iterator[str]:
    """Yield what is bought and what it saves."""
    sellers = {order.supplier for order in plan.orders}
    values = {
        "needs": len(problem.demand),
        "facilities": len({facility for _, facility in problem.required}),
        "offers": len(problem.bids),
        "bidders": len({bid.offer.supplier for bid in problem.bids}),
        "sellers": len(sellers),
        "paid": math.fsum(order.paid for order in plan.orders),
        "rebates": math.fsum(tier.saved for tier in plan.tiers),
    }
    yield paragraph("purchasing.bought", lang, {name: figure(value, lang) for name, value in values.items()})
    known = [need for need in plan.needs if need.saving is not None]
    saving = math.fsum(need.saving or 0.0 for need in known)
    today = saving + math.fsum(need.paid for need in known)
    if plan.orders and today > 0:
        said = {"needs": figure(len(known), lang), "today": figure(today, lang), "saving": figure(saving, lang)}
        yield paragraph("purchasing.saved", lang, said | {"share": percent(saving / today, lang)})


def _rules(problem: AwardProblem, plan: AwardPlan, lang: Lang) -> Iterator[str]:
    """Yield the rules of the tender that the plan keeps, in figures."""
    policy = problem.policy
    forecast = math.fsum(lot.forecast for lot in plan.lots)
    lines = []
    if forecast and policy.small_firm_share > 0:
        reserved = math.fsum(lot.forecast for lot in plan.lots if lot.reserved)
        values = {"reserved": percent(reserved / forecast, lang), "asked": percent(policy.small_firm_share, lang)}
        lines.append(say("purchasing.reserve", lang, values))
    if policy.preference > 0 and not all(one.resident for one in problem.tenders.suppliers):
        lines.append(say("purchasing.preference", lang, {"share": percent(policy.preference, lang)}))
    if policy.budget is not None:
        lines.append(say("purchasing.budget", lang, {"budget": figure(policy.budget, lang)}))
    lines += [rule.reason for rule in policy.rules]
    if lines:
        yield "\n".join([say("purchasing.rules", lang), *(f"  - {line}" for line in lines)])


def _suppliers(plan: AwardPlan) -> PlanTable:
    """Return what suppliers sell, those paid the most first, the total last."""
    table = plan.suppliers()
    *rows, total = table.rows
    paid = table.columns.index("paid")
    rows.sort(key=lambda row: (-float(row[paid] or 0), str(row[0])))
    return table.replace(rows=(*rows, total))


def _lots(plan: AwardPlan, lang: Lang) -> PlanTable:
    """Return who each lot is awarded to, the largest amounts first."""
    reserved = {lot.lot: say("purchasing.yes", lang) if lot.reserved else "" for lot in plan.lots}
    rows = sorted(plan.awards, key=lambda one: (-one.paid, one.lot, one.supplier))
    cells = ((one.lot, reserved[one.lot], one.supplier, one.value, one.paid) for one in rows)
    return PlanTable(name="lots", columns=_LOTS, rows=tuple(cells))


def _tiers(plan: AwardPlan) -> PlanTable:
    """Return the tiers reached, the largest rebates first."""
    rows = sorted(plan.tiers, key=lambda one: (-one.saved, one.schedule))
    return PlanTable(
        name="tiers",
        columns=_TIERS,
        rows=tuple(
            (one.supplier, one.schedule, one.measured, one.rebate, one.saved, one.next_rebate, one.to_next)
            for one in rows
        ),
    )


def _savings(plan: AwardPlan) -> PlanTable:
    table = plan.categories()
    return table.replace(columns=_SAVINGS)


def _dearest(plan: AwardPlan) -> PlanTable:
    """Return the needs that cost the most."""
    rows = sorted((need for need in plan.needs if need.bought), key=lambda one: (-one.paid, one.need))
    cells = tuple((one.need, one.bought, one.paid, one.price, one.price_today, one.saving) for one in rows)
    return PlanTable(name="needs", columns=_NEEDS, rows=cells)


def _references(plan: AwardPlan, lang: Lang) -> str:
    values = {
        "kept": len(plan.references),
        "needs": len({one.need for one in plan.references}),
        "new": sum(not one.in_use for one in plan.references),
        "cost": math.fsum(one.switching for one in plan.references),
    }
    return paragraph("purchasing.references", lang, {name: figure(value, lang) for name, value in values.items()})


def _shortages(plan: AwardPlan, words: Words, lang: Lang) -> str:
    """Say which needs are not met in full, by reason."""
    lines = [say("purchasing.short" if any(need.short for need in plan.needs) else "purchasing.nothing_short", lang)]
    for reason, key in _REASONS.items():
        own = [need for need in plan.needs if need.reason is reason]
        if own:
            most = max(own, key=lambda need: need.short / need.demand)
            values = {"count": figure(len(own), lang), "need": words["purchase"].get(most.need, most.need)}
            lines.append(f"  - {say(key, lang, values | {'share': percent(most.short / most.demand, lang)})}")
    return "\n".join(lines)
