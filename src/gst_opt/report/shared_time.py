"""Shared time in words: who helps whom for how many half-days a week, what it costs, what stays short and why."""

from collections.abc import Iterator

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.staff.shared_time.plan import Reason, SharedTimePlan
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem
from gst_opt.report.pieces import fairness_told, pins_told, prices_told, skill_names
from gst_opt.report.tables import columns_of, paragraph, text_table, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

MOST = 10
_COVERAGE = (
    "province",
    "need",
    "half_days_lent",
    "half_days_received",
    "half_days_bought",
    "share_today",
    "share_planned",
    "ratio_today",
    "ratio_planned",
)
_REASONS = {
    Reason.NOBODY_IN_REACH: "shared.nobody_in_reach",
    Reason.USED_UP: "shared.used_up",
    Reason.LIMITED: "shared.limited",
}


def shared_time(
    grouping: Grouping, problem: SharedTimeProblem, result: Result[SharedTimePlan], lang: Lang
) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    tables = {table.name: table for table in plan.tables()}
    radius = {"radius": figure(problem.policy.max_travel, lang)}
    yield "\n".join([say("shared.title", lang), paragraph("shared.question", lang, radius)])
    lines = [_coverage(plan, lang), _agreements(plan, lang), _money(plan, lang)]
    yield "\n".join([*lines, *fairness_told(tables["provinces"], tables["fairness"], lang)])
    if problem.policy.goals is None:
        yield prices_told("shared.prices", problem.policy.prices, lang)
    yield from pins_told(problem.policy.pins, lang)
    by_province = totals_named(columns_of(tables["provinces"], _COVERAGE), lang)
    yield f"{say('report.by_province', lang)}\n{text_table(by_province, lang)}"
    yield from _exchanges(grouping, tables["exchanges"], lang)
    yield _short(plan, lang)


def _coverage(plan: SharedTimePlan, lang: Lang) -> str:
    need = sum(team.need for team in plan.teams)
    today, planned = (sum(getattr(team, f"covered_{when}") for team in plan.teams) for when in ("today", "planned"))
    values = {
        "need": figure(need, lang, 1),
        "today": percent(today / need if need else 0.0, lang),
        "planned": percent(planned / need if need else 0.0, lang),
        "gain": figure(planned - today, lang, 1),
    }
    return paragraph("shared.coverage", lang, values)


def _agreements(plan: SharedTimePlan, lang: Lang) -> str:
    if not plan.agreements:
        return paragraph("shared.no_agreement", lang)
    values = {
        "agreements": len(plan.agreements),
        "people": len({(one.origin, one.skill, one.person) for one in plan.agreements}),
        "lent": sum(one.half_days for one in plan.agreements),
        "effective": sum(one.effective for one in plan.agreements),
        "hours": sum(2 * one.minutes * one.half_days for one in plan.agreements) / 60,
    }
    return paragraph("shared.agreements", lang, {name: figure(value, lang) for name, value in values.items()})


def _money(plan: SharedTimePlan, lang: Lang) -> str:
    values = {
        "premiums": sum(one.premium for one in plan.agreements),
        "bought": sum(one.half_days for one in plan.private_sessions),
        "cost": sum(one.cost for one in plan.private_sessions),
    }
    return paragraph("shared.money", lang, {name: figure(value, lang) for name, value in values.items()})


def _exchanges(grouping: Grouping, table: PlanTable, lang: Lang) -> Iterator[str]:
    """Yield the exchanges that bring the most time to work."""
    names = {facility.id: facility.name for facility in grouping.region.facilities}
    skills = skill_names(grouping, lang)
    place = table.columns.index("effective")
    rows = sorted(table.rows, key=lambda row: (-float(row[place] or 0), row[:3]))[:MOST]
    if rows:
        shown = tuple((names[str(row[0])], names[str(row[1])], skills[str(row[2])], *row[3:]) for row in rows)
        values = {"shown": figure(len(shown), lang), "all": figure(len(table.rows), lang)}
        yield f"{say('shared.exchanges', lang, values)}\n{text_table(table.replace(rows=shown), lang)}"


def _short(plan: SharedTimePlan, lang: Lang) -> str:
    lines = [say("shared.short", lang)]
    for reason, key in _REASONS.items():
        own = [team for team in plan.teams if team.reason is reason]
        values = {
            "teams": figure(len(own), lang),
            "left": figure(sum(team.need - team.covered_planned for team in own), lang, 1),
        }
        lines.append(f"  - {say(key, lang, values)}")
    return "\n".join(lines)
