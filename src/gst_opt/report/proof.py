"""What is proven of a plan, in words that a director can read."""

from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

from gst_opt.report.goals import goal_named, goals_table, worst_first_note
from gst_opt.report.tables import paragraph, text_table
from gst_opt.solve.result import ROUNDING, Result, Stage, Status, Stop
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, in_unit, percent, unit_in_words

LARGE_GAP = 0.05


def is_best(result: Result[Any]) -> bool:
    """Tell whether every goal is proven to the end: no other plan does better."""
    return result.plan is not None and all(stage.gap <= ROUNDING for stage in result.stages)


def solver_failed(result: Result[Any]) -> bool:
    """Tell whether the solver failed before it had done what was asked."""
    return result.stop is Stop.FAULT and result.status is not Status.OPTIMAL


def failure(result: Result[Any], lang: Lang) -> Iterator[str]:
    """Yield what the solver did if it failed: each kind of attempt, with their number."""
    if solver_failed(result):
        attempts = Counter(attempt.text(lang) for attempt in result.provenance.attempts)
        lines = (say("report.attempts", lang, {"what": what, "count": count}) for what, count in attempts.items())
        yield "\n".join([paragraph("report.solver_failed", lang), *lines])


def proof(result: Result[Any], lang: Lang) -> Iterator[str]:
    """Yield what is proven of a plan, or why there is none."""
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
            text_table(goals_table(result, lang), lang),
            *worst_first_note(result, lang),
            _in_plain_words(result, lang),
            paragraph("report.checked", lang),
        ]
    )


def _in_plain_words(result: Result[Any], lang: Lang) -> str:
    if is_best(result):
        return paragraph("report.best", lang)
    if result.stages[0].bound is None:
        lines = [paragraph("report.nothing_proven", lang)]
    elif result.gap <= result.provenance.gap:
        return paragraph("report.gap_reached", lang, {"gap": percent(ceil(1e5 * result.gap) / 1e5, lang, 3)})
    elif loose := [stage for stage in result.stages if stage.gap > LARGE_GAP]:
        goals = "; ".join(_far_from_proven(stage, lang) for stage in loose)
        lines = [paragraph("report.gap_large", lang, {"goals": goals})]
    else:
        worst = max(result.stages, key=lambda stage: stage.gap)
        lines = [paragraph("report.gap_small", lang, _gap_told(worst, worst.bound or 0.0, lang))]
    if result.stop in (Stop.TIME, Stop.INTERRUPT):
        lines.append(say("report.more_time", lang))
    return "\n".join(lines)


def _far_from_proven(stage: Stage, lang: Lang) -> str:
    if stage.bound is None:
        return say("report.goal_not_proven", lang, {"goal": goal_named(stage.goal, lang)})
    return say("report.goal_far_from_proven", lang, _gap_told(stage, stage.bound, lang))


def _gap_told(stage: Stage, bound: float, lang: Lang) -> dict[str, str]:
    return {
        "gap": percent(stage.gap, lang, 2),
        "left": figure(in_unit(stage.reached - bound, stage.unit), lang, 1),
        "unit": unit_in_words(stage.unit, lang),
        "goal": goal_named(stage.goal, lang),
    }
