"""A workforce plan in words: who leaves, what is decided, what it covers, what is missing to targets."""

import math
from collections.abc import Iterator

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.staff.workforce_planning.plan import Reason, WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.report.pieces import fairness_told, pins_told, prices_told
from gst_opt.report.tables import columns_of, paragraph, text_table, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, profession_in_words

MOST = 12
_COURSE = ("period", "heads_start", "moved_in", "departures", "retirements", "filled", "heads_end", "share_planned")

_COVERAGE = (
    "need",
    "heads_today",
    "heads_planned",
    "share_today",
    "share_planned",
    "ratio_today",
    "ratio_planned",
)


def workforce_planning(
    grouping: Grouping, problem: WorkforcePlanningProblem, result: Result[WorkforcePlan], lang: Lang
) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    tables = {table.name: table for table in plan.tables()}
    periods = problem.calendar().periods
    yield "\n".join(
        [
            say("workforce.title", lang),
            paragraph("workforce.question", lang, {"first": periods[0].id, "last": periods[-1].id}),
        ]
    )
    yield "\n".join([_exits(plan, len(periods), lang), _decisions(plan, lang)])
    if problem.policy.goals is None:
        yield prices_told("workforce.prices", problem.policy.prices, lang)
    yield from pins_told(problem.policy.pins, lang)
    yield f"{say('workforce.course', lang)}\n{text_table(columns_of(tables['periods'], _COURSE), lang)}"
    for name, key in (("provinces", "workforce.provinces"), ("professions", "workforce.professions")):
        table = columns_of(tables[name], (name.removesuffix("s"), *_COVERAGE))
        yield f"{say(key, lang)}\n{text_table(totals_named(table, lang), lang)}"
    yield from fairness_told(tables["provinces"], tables["fairness"], lang)
    yield from _targets(problem, tables["targets"], lang)
    yield _shortages(plan, lang)


def _exits(plan: WorkforcePlan, periods: int, lang: Lang) -> str:
    first = plan.teams[: len(plan.teams) // periods]
    values = {
        "heads": math.fsum(team.heads_start for team in first),
        "departures": math.fsum(team.departures for team in plan.teams),
        "retirements": math.fsum(team.retirements for team in plan.teams),
    }
    return paragraph("workforce.exits", lang, {name: figure(value, lang) for name, value in values.items()})


def _decisions(plan: WorkforcePlan, lang: Lang) -> str:
    values = {
        "posts": sum(post.posts for post in plan.posts),
        "paid": sum(post.with_incentive for post in plan.posts),
        "filled": math.fsum(post.filled for post in plan.posts),
        "trained": sum(one.heads for one in plan.trainings),
        "moved": sum(move.heads for move in plan.moves),
        "money": math.fsum(one.incentives + one.trainings for one in plan.spending),
    }
    return paragraph("workforce.decisions", lang, {name: figure(value, lang) for name, value in values.items()})


def _targets(problem: WorkforcePlanningProblem, table: PlanTable, lang: Lang) -> Iterator[str]:
    """Yield the targets that are missed the most, and who counts towards those for all professions."""
    if table.rows:
        worst = sorted(table.rows, key=lambda row: -float(row[-1] or 0))[:MOST]
        values = {"shown": figure(len(worst), lang), "all": figure(len(table.rows), lang)}
        everybody = say("report.total", lang)
        shown = tuple((str(row[0]), *(everybody if cell == "*" else cell for cell in row[1:])) for row in worst)
        yield f"{say('workforce.targets', lang, values)}\n{text_table(table.replace(rows=shown), lang)}"
        if any(row[2] == "*" for row in table.rows):
            groups = {skill.profession for skill in problem.workforce.skills if skill.id in problem.counted_skills}
            counted = "; ".join(profession_in_words(group, lang) for group in sorted(groups))
            yield paragraph("workforce.counted", lang, {"groups": counted})


def _shortages(plan: WorkforcePlan, lang: Lang) -> str:
    lost = math.fsum(one.uncovered for one in plan.shortages if one.reason is Reason.NO_MEANS)
    values = {
        "left": figure(math.fsum(one.uncovered for one in plan.shortages), lang, 1),
        "teams": figure(len(plan.shortages), lang),
        "lost": figure(lost, lang, 1),
    }
    return paragraph("workforce.shortages", lang, values)
