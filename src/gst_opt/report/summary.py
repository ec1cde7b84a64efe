"""A grouping and a result in words that a director can read."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Status as FacilityStatus
from gst_opt.model.problem import PlanTable, Problem
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.report import staff
from gst_opt.report.tables import figure, paragraph, percent, text_table
from gst_opt.solve.result import Result, Stop
from gst_opt.text import Lang, say
from gst_opt.text.message import catalogue

LARGE_GAP = 0.05
_TERM = re.compile(r"[^\s(),+]+(?=$|[),]| \+)")

_STORIES: dict[type[Problem[Any]], Callable[[Grouping, Any, Any, Lang], Iterator[str]]] = {
    RedeploymentProblem: staff.redeployment,
}


def grouping_text(grouping: Grouping, lang: Lang) -> str:
    """Say what was read, on one line."""
    is_open = {facility.id for facility in grouping.region.open_facilities()}
    counts = {
        "establishments": len(grouping.region.establishments()),
        "sites": len(is_open),
        "outside": sum(facility.status is not FacilityStatus.OPEN for facility in grouping.region.facilities),
        "provinces": len({facility.province for facility in grouping.region.open_facilities()}),
        "inhabitants": sum(row.inhabitants for row in grouping.region.populations),
        "skills": len(grouping.workforce.skills),
        "heads": sum(row.heads for row in grouping.workforce.staff if row.facility in is_open),
    }
    return say("report.grouping", lang, {"name": grouping.name} | {k: figure(v, lang) for k, v in counts.items()})


def result_text(grouping: Grouping, problem: Problem[Any], result: Result[Any], lang: Lang) -> str:
    """Tell the plan and its proof, or why there is no plan."""
    blocks = [] if result.plan is None else list(_STORIES[type(problem)](grouping, problem, result, lang))
    blocks += _proof(result, lang)
    return "\n\n".join(blocks)


def _proof(result: Result[Any], lang: Lang) -> Iterator[str]:
    ended = {"status": say(f"solve.status_{result.status}", lang), "stop": say(f"solve.stop_{result.stop}", lang)}
    seconds = figure(result.provenance.seconds, lang, 1)
    if result.plan is None:
        yield paragraph("report.no_plan", lang, ended)
        if result.conflict is not None:
            yield result.conflict.text(lang)
        if result.violations:
            yield "\n".join(violation.text(lang) for violation in result.violations)
        return
    yield "\n".join(
        [
            say("report.proof", lang, ended | {"seconds": seconds}),
            text_table(_stages(result, lang), lang),
            _in_plain_words(result, lang),
            paragraph("report.checked", lang),
        ]
    )


def _stages(result: Result[Any], lang: Lang) -> PlanTable:
    constants = {term.name: term.constant for term in result.terms}
    rows = [
        (
            _goal(stage.goal, lang),
            _unit(stage.unit, lang),
            stage.today,
            stage.value,
            stage.bound,
            None if stage.bound is None else stage.gap,
            constants.get(stage.goal),
        )
        for stage in result.stages
    ]
    return PlanTable(
        name="stages", columns=("goal", "unit", "today", "planned", "bound", "gap", "constant"), rows=tuple(rows)
    )


def _goal(name: str, lang: Lang) -> str:
    """Say the terms of a goal; their weights, and what compares them, such as ``max(...)``, stay."""
    return _TERM.sub(lambda found: say(f"report.term_{found[0]}", lang), name)


def _unit(unit: str, lang: Lang) -> str:
    """Say a unit; one that a goal was given by the planner stays as it was written."""
    key = f"report.unit_{unit}"
    return say(key, lang) if key in catalogue() else unit


def _in_plain_words(result: Result[Any], lang: Lang) -> str:
    loose = [stage for stage in result.stages if stage.gap > LARGE_GAP]
    worst = loose[0] if loose else max(result.stages, key=lambda stage: stage.gap)
    if result.stop is Stop.PROOF:
        return paragraph("report.best", lang)
    if worst.bound is None:
        lines = [paragraph("report.nothing_proven", lang)]
    else:
        values = {
            "gap": percent(worst.gap, lang, 2),
            "left": figure(worst.reached - worst.bound, lang, 1),
            "unit": _unit(worst.unit, lang),
            "goal": _goal(worst.goal, lang),
        }
        if result.gap <= result.provenance.gap:
            return paragraph("report.gap_reached", lang, values)
        lines = [paragraph("report.gap_large" if loose else "report.gap_small", lang, values)]
    if result.stop in (Stop.TIME, Stop.INTERRUPT):
        lines.append(say("report.more_time", lang))
    return "\n".join(lines)
