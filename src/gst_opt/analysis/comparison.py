"""Two results of one question side by side: goals, terms, and indicators."""

from math import isfinite
from typing import Any

from pydantic import Field

from gst_opt.analysis.indicator_table import Indicators
from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.solve.result import Result, Status
from gst_opt.text import Lang, Message, say
from gst_opt.text.words import figure, goal_in_brief, in_unit, percent, unit_in_words

COLUMNS = ("unit", "first", "second", "second_less_first")


class ComparedValue(Frozen):
    """A goal or a term of two results."""

    name: str = Field(description="Goal or term")
    unit: str = Field(description="Unit")
    first: float | None = Field(description="Value of the first result; empty where it has none")
    second: float | None = Field(description="Value of the second")

    @property
    def difference(self) -> float | None:
        """The second less the first; None where one has no value."""
        return None if self.first is None or self.second is None else self.second - self.first


class Comparison(Frozen):
    """Two results of one question."""

    question: str = Field(description="Type of the problem")
    same: bool = Field(description="Whether data and policy are the same")
    first: Status = Field(description="What the first holds")
    second: Status = Field(description="What the second holds")
    gaps: tuple[float | None, float | None] = Field(description="Their gaps; empty where nothing is proven")
    goals: tuple[ComparedValue, ...] = Field(
        description="Goals in order; those of one term with what no decision changes of it"
    )
    terms: tuple[ComparedValue, ...] = Field(description="Terms, with what no decision changes")

    def tables(self) -> tuple[PlanTable, ...]:
        """Return goals and terms side by side."""
        return (
            PlanTable(name="compared_goals", columns=("goal", *COLUMNS), rows=tuple(map(_cells, self.goals))),
            PlanTable(name="compared_terms", columns=("term", *COLUMNS), rows=tuple(map(_cells, self.terms))),
        )

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it: what both hold, goals, then terms that are no goal and differ."""
        held = [say(f"solve.status_{status}", lang) for status in (self.first, self.second)]
        proven = [say("comparison.not_proven", lang) if gap is None else percent(gap, lang, 2) for gap in self.gaps]
        values = {"question": self.question, "first": held[0], "second": held[1]}
        values |= {"first_gap": proven[0], "second_gap": proven[1]}
        lines = [say("comparison.head", lang, values)]
        lines.append(say("comparison.same" if self.same else "comparison.other", lang))
        alone = {goal.name for goal in self.goals}
        shown = [*self.goals, *(term for term in self.terms if term.name not in alone and term.difference != 0)]
        return "\n".join([*lines, *(f"  {_said(one, lang)}" for one in shown)])

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def compare(first: Result[Any], second: Result[Any]) -> Comparison:
    """Put two results of one question side by side.

    Raises
    ------
    GstOptError
        If they answer different questions.

    Examples
    --------
    >>> import gst_opt as gst
    >>> towns = gst.load_sample("two_towns")
    >>> near, far = (gst.RedeploymentPolicy(max_travel=minutes) for minutes in (20, 45))
    >>> found = gst.compare(*(gst.solve(gst.RedeploymentProblem.of(towns, one)) for one in (near, far)))
    >>> [(term.name, term.first, term.second) for term in found.terms][0]
    ('uncovered', 6.0, 2.0)
    """
    asked = first.provenance.question, second.provenance.question
    if asked[0] != asked[1]:
        raise GstOptError(Message("comparison.other_question", {"first": asked[0], "second": asked[1]}))
    goals, terms = zip(*(_values(one) for one in (first, second)), strict=True)
    return Comparison(
        question=asked[0],
        same=first.provenance.problem_digest == second.provenance.problem_digest,
        first=first.status,
        second=second.status,
        gaps=(_finite(first.gap), _finite(second.gap)),
        goals=_beside(*goals),
        terms=_beside(*terms),
    )


def indicators_beside(first: Indicators, second: Indicators, lang: Lang = Lang.EN) -> PlanTable:
    """Return the indicators of two sets of plans side by side, those that neither says left out; shares in %."""
    others = {row.id: row.planned for row in second.rows}
    rows = tuple(
        (
            row.name_fr if lang is Lang.FR else row.name_en,
            unit_in_words(row.unit, lang),
            *(
                None if value is None else in_unit(value, row.unit)
                for value in (row.today, row.planned, other, row.target)
            ),
        )
        for row in first.rows
        for other in (others.get(row.id),)
        if (row.planned, other) != (None, None)
    )
    columns = ("indicator", "unit", "today", "first", "second", "target")
    return PlanTable(name="compared_indicators", columns=columns, rows=rows)


_Values = dict[str, tuple[float, str]]


def _values(result: Result[Any]) -> tuple[_Values, _Values]:
    """Return the value of every goal and term; of a goal of one term, with what no decision changes of that."""
    beyond = {term.name: term.constant for term in result.terms}
    goals = {stage.goal: (stage.value + beyond.get(stage.goal, 0.0), stage.unit) for stage in result.stages}
    return goals, {term.name: (term.planned + term.constant, term.unit) for term in result.terms}


def _finite(gap: float) -> float | None:
    return gap if isfinite(gap) else None


def _beside(first: _Values, second: _Values) -> tuple[ComparedValue, ...]:
    return tuple(
        ComparedValue(
            name=name,
            unit=unit,
            first=first[name][0] if name in first else None,
            second=second[name][0] if name in second else None,
        )
        for name, (_, unit) in (first | second).items()
    )


def _cells(one: ComparedValue) -> tuple[Cell, ...]:
    return one.name, one.unit, one.first, one.second, one.difference


def _said(one: ComparedValue, lang: Lang) -> str:
    def shown(value: float | None) -> str:
        return "-" if value is None else figure(in_unit(value, one.unit), lang, 2)

    values = {"name": goal_in_brief(one.name, lang), "unit": unit_in_words(one.unit, lang)}
    values |= {"first": shown(one.first), "second": shown(one.second)}
    difference = one.difference
    values["difference"] = ("+" if difference is not None and difference > 0 else "") + shown(difference)
    return say("comparison.line", lang, values)
