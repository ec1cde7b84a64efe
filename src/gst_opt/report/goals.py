"""The goals of a result as one table, in words that a director can read."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from math import isfinite
from typing import Any

from gst_opt.model.problem import Cell, PlanTable
from gst_opt.report.tables import paragraph
from gst_opt.solve.result import Result, Stage
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, goal_in_words, in_unit, unit_in_words

_ROUND = re.compile(r"(?:(?P<largest>max)(?P<number>\d*)|sum)\((?P<terms>[^,()]+)\)")


def goals_table(result: Result[Any], lang: Lang) -> PlanTable:
    """Return the goals in order: rounds of terms compared on one row, a weighted sum above its terms."""
    constants = {term.name: term.constant for term in result.terms}
    rows: list[tuple[Cell, ...]] = []
    for terms, group in groupby(result.stages, key=lambda stage: _compared(stage.goal)[1] or stage.goal):
        first, *others = group
        compared = say("report.worst_first", lang, {"terms": goal_in_words(terms, lang)})
        name = compared if others else goal_named(first.goal, lang)
        unit, gap = unit_in_words(first.unit, lang), max(stage.gap for stage in (first, *others))
        figures = [None if value is None else in_unit(value, first.unit) for value in _figures(first)]
        rows.append((name, unit, *figures, gap if isfinite(gap) else None, constants.get(first.goal)))
        rows += _terms(first.goal, result, lang)
    columns = ("goal", "unit", "today", "planned", "bound", "gap", "constant")
    return PlanTable(name="stages", columns=columns, rows=tuple(rows))


def worst_first_note(result: Result[Any], lang: Lang) -> Iterator[str]:
    """Yield how to read the row of terms compared worst first, if there is one."""
    rounds = Counter(_compared(stage.goal)[1] for stage in result.stages)
    for terms, number in rounds.items():
        if terms and number > 1:
            yield paragraph("report.worst_first_note", lang, {"rounds": number})


def _figures(stage: Stage) -> tuple[float, float, float | None]:
    return stage.today, stage.value, stage.bound


def _terms(goal: str, result: Result[Any], lang: Lang) -> Iterator[tuple[Cell, ...]]:
    """Yield the terms of a weighted sum, but those that are nothing, today and planned."""
    values = {term.name: term for term in result.terms}
    for weight, name in _weights(goal):
        term = values[name]
        if not (term.today or term.planned or term.constant):
            continue
        named = goal_in_words(name, lang)
        if weight != 1:
            price = figure(weight, lang, 0 if weight == int(weight) else 2)
            named = say("report.weighted_term", lang, {"term": named, "weight": price})
        unit = unit_in_words(term.unit, lang)
        today, planned = in_unit(term.today, term.unit), in_unit(term.planned, term.unit)
        yield f"  {named}", unit, today, planned, None, None, term.constant


def goal_named(goal: str, lang: Lang) -> str:
    """Say a goal: what is compared in a round, or that it is a weighted sum, or its term."""
    number, terms = _compared(goal)
    if terms:
        key = "report.worst" if number == 1 else "report.worst_summed" if number else "report.all_summed"
        return say(key, lang, {"terms": goal_in_words(terms, lang), "number": number})
    return say("report.weighted_sum", lang) if _weights(goal) else goal_in_words(goal, lang)


def _compared(goal: str) -> tuple[int, str]:
    """Return which round it is, 0 for the last, and what is compared under one name; no name if it is no round."""
    found = _ROUND.fullmatch(goal)
    if found is None:
        return 0, ""
    return (int(found["number"] or 1) if found["largest"] else 0), found["terms"]


def _weights(goal: str) -> list[tuple[float, str]]:
    """Return the weights and terms of a sum of several; none for another goal."""
    terms = [term.rpartition(" ") for term in goal.split(" + ")]
    return [(float(weight or 1), name) for weight, _, name in terms] if len(terms) > 1 and "(" not in goal else []
