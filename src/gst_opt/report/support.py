"""Support functions in words: what pooling saves, which hubs do what, who changes when, staff freed, what stays."""

from collections.abc import Callable, Iterator
from math import fsum

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.pillars.support.hubs.plan import HubPlan, Reason, Spending
from gst_opt.pillars.support.hubs.policy import INVESTMENTS
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.report.pieces import function_names, pins_told, place_names, skill_names
from gst_opt.report.tables import paragraph, text_table, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

_REASONS = {
    Reason.NO_HUB_IN_REACH: "support.no_hub_in_reach",
    Reason.LOW_QUALITY: "support.low_quality",
    Reason.NOT_CHOSEN: "support.not_chosen",
}


def hubs(grouping: Grouping, problem: HubProblem, result: Result[HubPlan], lang: Lang) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    functions, places = function_names(grouping, lang), place_names(grouping)
    periods = [period.id for period in problem.periods]
    span = {"first": periods[0], "last": periods[-1]}
    yield "\n".join([say("support.title", lang), paragraph("support.question", lang, span)])
    if not plan.assignments:
        yield paragraph("support.nothing", lang)
        return
    yield "\n".join([_money(plan, lang), _changes(plan, lang)])
    yield from pins_told(problem.policy.pins, lang)
    by_function = _summed("spending", "support_function", plan, lambda row: functions[row.support_function])
    yield f"{say('support.by_function', lang)}\n{text_table(totals_named(by_function, lang), lang)}"
    by_period = _summed("spending", "period", plan, lambda row: row.period)
    yield f"{say('support.by_period', lang)}\n{text_table(totals_named(by_period, lang), lang)}"
    at_end = [row for row in plan.hubs if row.period == periods[-1]]
    if at_end:
        rows = tuple(
            (functions[row.support_function], places[row.hub], round(row.capacity), round(row.quantity), row.facilities)
            for row in at_end
        )
        table = PlanTable(
            name="hubs", columns=("support_function", "hub", "capacity", "quantity", "facilities"), rows=rows
        )
        yield f"{say('support.hubs', lang, {'period': periods[-1]})}\n{text_table(table, lang)}"
    yield from _staff(grouping, plan, periods[-1], lang)
    yield _kept(plan, periods[-1], lang)


def _money(plan: HubPlan, lang: Lang) -> str:
    today, cost = fsum(row.cost_unchanged for row in plan.spending), fsum(row.cost for row in plan.spending)
    values = {
        "today": figure(today, lang),
        "cost": figure(cost, lang),
        "saving": figure(today - cost, lang),
        "share": percent((today - cost) / today if today else 0.0, lang, 1),
        "once": figure(fsum(getattr(row, line) for row in plan.spending for line in INVESTMENTS), lang),
    }
    return paragraph("support.money", lang, values)


def _changes(plan: HubPlan, lang: Lang) -> str:
    if not plan.migrations:
        return paragraph("support.no_change", lang)
    months = [row.month for row in plan.migrations]
    values = {
        "changes": figure(len(months), lang),
        "facilities": figure(len({row.facility for row in plan.migrations}), lang),
        "first": min(months),
        "last": max(months),
    }
    return paragraph("support.changes", lang, values)


def _summed(name: str, column: str, plan: HubPlan, key: Callable[[Spending], str]) -> PlanTable:
    """Return what is spent by some key of its rows, and in all."""
    groups: dict[str, list[Spending]] = {}
    for row in plan.spending:
        groups.setdefault(key(row), []).append(row)
    rows = [(label, *_figures(own)) for label, own in groups.items()]
    return PlanTable(
        name=name,
        columns=(column, "cost_unchanged", "cost", "openings", "migrations", "saving"),
        rows=(*rows, ("", *_figures(list(plan.spending)))),
    )


def _figures(rows: list[Spending]) -> tuple[Cell, ...]:
    lines = ("cost_unchanged", "cost", "openings", "migrations", "saving")
    return tuple(round(fsum(getattr(row, line) for row in rows)) for line in lines)


def _staff(grouping: Grouping, plan: HubPlan, period: str, lang: Lang) -> Iterator[str]:
    skills = skill_names(grouping, lang)
    own = [row for row in plan.staff if row.period == period]
    rows = tuple(
        (
            skills[skill],
            fsum(row.hours_freed for row in own if row.skill == skill),
            fsum(row.hours_needed for row in own if row.skill == skill),
        )
        for skill in sorted({row.skill for row in own})
    )
    if rows:
        table = PlanTable(name="staff", columns=("skill", "hours_freed", "hours_needed"), rows=rows)
        yield f"{say('support.staff', lang, {'period': period})}\n{text_table(table, lang)}"


def _kept(plan: HubPlan, period: str, lang: Lang) -> str:
    own = [row for row in plan.assignments if row.period == period]
    lines = [say("support.kept", lang, {"period": period})]
    for reason, key in _REASONS.items():
        count = sum(row.reason is reason for row in own)
        lines.append(f"  - {say(key, lang, {'count': figure(count, lang), 'all': figure(len(own), lang)})}")
    return "\n".join(lines)
