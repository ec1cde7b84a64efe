"""What every establishment would do alone, added up, against what they do together and against today."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import Field

from gst_opt.analysis.establishments import establishments, partition
from gst_opt.analysis.silo_places import MetByPlace, met_by_place
from gst_opt.api import question_of, solve
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.model.goals import Goal, TermWeight
from gst_opt.model.problem import Cell, PlanT, PlanTable, Problem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, goal_in_brief, in_unit, rule_in_words, unit_in_words


class SiloLine(Frozen):
    """A goal or a term: today, the establishments alone added up, together; what no decision changes counts too."""

    name: str = Field(description="Goal or term")
    unit: str = Field(description="Unit")
    today: float = Field(description="When nothing changes")
    alone: float | None = Field(description="Sum over the establishments; empty where one of them has no plan")
    together: float | None = Field(description="All of them in one plan; empty without a plan")

    @property
    def gain(self) -> float | None:
        """What being together saves; None without a plan on one side."""
        return None if self.alone is None or self.together is None else self.alone - self.together


class SiloPlace(Frozen):
    """Need of one establishment or province, and how much of it is met."""

    province: str = Field(description="Province")
    establishment: str = Field(description="Establishment; * for the province, or the region")
    unit: str = Field(description="FTE of staff, or acts a year")
    needed: float = Field(description="Need")
    today: float | None = Field(description="Met today")
    alone: float | None = Field(description="Met when every establishment is alone; empty where it has no plan")
    together: float | None = Field(description="Met together; empty without a plan")


EVERY = "*"
FLOORS = {"use_floor", "act_floor", "bed_floor"}
"""Rules of platforms that ask for patients: `without_floors` leaves them out."""

COLUMNS = ("unit", "today", "alone", "together", "gain")


@dataclass(frozen=True)
class Silo(Generic[PlanT]):
    """The comparison of being alone and together.

    Attributes
    ----------
    together
        Result of the question asked of the whole grouping.
    alone
        Result of each establishment, by id.
    goals, terms
        Goals in their order, every round of goals that compare terms; terms.
    places
        Need met by establishment and province, where the question's plan says it.
    names, people
        Name of every establishment, and the people whose first contact is one of its sites.
    """

    together: Result[PlanT]
    alone: Mapping[str, Result[PlanT]]
    goals: tuple[SiloLine, ...]
    terms: tuple[SiloLine, ...]
    places: tuple[SiloPlace, ...]
    names: Mapping[str, str]
    people: Mapping[str, int]

    @property
    def without_plan(self) -> tuple[str, ...]:
        """Establishments that have no plan alone."""
        return tuple(name for name, result in self.alone.items() if result.plan is None)

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe it: goals, terms, places, and the terms of every establishment alone."""
        parts = tuple(
            (name, result.status, term.name, term.unit, term.today + term.constant, term.planned + term.constant)
            for name, result in self.alone.items()
            for term in result.terms
        )
        return (
            PlanTable(name="silo_goals", columns=("goal", *COLUMNS), rows=tuple(_cells(line) for line in self.goals)),
            PlanTable(name="silo_terms", columns=("term", *COLUMNS), rows=tuple(_cells(line) for line in self.terms)),
            PlanTable.of("silo_places", SiloPlace, self.places),
            PlanTable(
                name="silo_parts", columns=("establishment", "status", "term", "unit", "today", "alone"), rows=parts
            ),
        )

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it: how it was found, what being together buys and what it does not, then goal by goal."""
        values = {"parts": len(self.alone), "status": say(f"solve.status_{self.together.status}", lang)}
        lines = [say("silo.head", lang, values), say("silo.rules", lang), say("silo.salaries", lang)]
        lines += self._without_plan(lang)
        lines += [f"  {_said(line, lang)}" for line in self.goals]
        return "\n".join(lines)

    def _without_plan(self, lang: Lang) -> Iterator[str]:
        """Yield which establishments have no plan alone, what they cannot keep, and why that is so."""
        lacking = {name: self.alone[name].conflict for name in self.without_plan}
        if lacking:
            counts = {"count": figure(len(lacking), lang), "all": figure(len(self.alone), lang)}
            yield say("silo.without_plan", lang, counts)
        for name, conflict in lacking.items():
            rules = () if conflict is None else conflict.rules
            words = ", ".join(rule_in_words(rule, lang) for rule in rules) or say("silo.not_known", lang)
            values = {"name": self.names[name], "people": figure(self.people[name], lang), "rules": words}
            yield f"  {say('silo.cannot_keep', lang, values)}"
        if any(conflict is not None and FLOORS & set(conflict.rules) for conflict in lacking.values()):
            yield say("silo.floors", lang)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def silo(
    problem_of: Callable[[Grouping], Problem[PlanT]], grouping: Grouping, options: SolveOptions | None = None
) -> Silo[PlanT]:
    """Ask a question of the whole grouping and of each of its establishments alone, and compare.

    What the establishments do alone, put together, is a plan of the whole, wherever its limits are those of each
    establishment (journeys, floors, shares) or are shared among them (posts, budgets of the data: see
    `establishments`). Then, goal by goal in order, it is never better than the best plan of the whole. A limit of the
    policy in dirhams or heads holds for every establishment in full: let `problem_of` divide it. Terms are added up;
    one that is no sum, such as ``unmet_cvar``, is then an upper bound. A question that begins with the answer of
    another, such as call-offs, begins with another one here and there: its sums alone say nothing.

    Parameters
    ----------
    problem_of
        Asks the question of a grouping, such as ``gst.RedeploymentProblem.of``.
    grouping
        The whole.
    options
        As for `solve`, for each of them.

    Raises
    ------
    DataError, SolverError
        As `solve` does.

    Examples
    --------
    >>> import gst_opt as gst
    >>> found = gst.silo(gst.RedeploymentProblem.of, gst.load_sample("two_towns"))
    >>> {line.name: (line.today, line.alone, line.together) for line in found.terms}["uncovered"]
    (8.0, 6.0, 2.0)
    """
    problem, parts = problem_of(grouping), establishments(grouping)
    asked = {name: problem_of(part) for name, part in parts.items()}
    together = solve(problem, options)
    alone = {name: solve(part, options) for name, part in asked.items()}
    terms = _terms(together, alone)
    return Silo(
        together=together,
        alone=alone,
        goals=tuple(_goals(problem, terms)),
        terms=tuple(terms.values()),
        places=tuple(_places(grouping, (problem, together), {name: (asked[name], alone[name]) for name in asked})),
        names={name: part.name for name, part in parts.items()},
        people={name: sum(part.region.inhabitants().values()) for name, part in parts.items()},
    )


def _terms(together: Result[Any], alone: Mapping[str, Result[Any]]) -> dict[str, SiloLine]:
    """Return every term: the establishments' add up."""
    whole = {term.name: term for term in together.terms}
    parts = [{term.name: term.planned + term.constant for term in one.terms} for one in alone.values()]
    complete = all(one.plan is not None for one in alone.values())
    return {
        name: SiloLine(
            name=name,
            unit=term.unit,
            today=term.today + term.constant,
            alone=math.fsum(part.get(name, 0.0) for part in parts) if complete else None,
            together=term.planned + term.constant,
        )
        for name, term in whole.items()
    }


def _goals(problem: Problem[Any], terms: Mapping[str, SiloLine]) -> Iterator[SiloLine]:
    """Yield every goal, from the terms."""
    if not terms:
        return
    for goal in question_of(problem).formulation().goals(problem).stages:
        if isinstance(goal, Goal):
            yield _goal(goal.name, goal.unit, goal.weights, terms, len(goal.weights))
        else:
            for number in goal.numbers:
                yield _goal(goal.round_name(number), goal.unit, goal.worst_of, terms, number)


def _goal(name: str, unit: str, weights: Sequence[TermWeight], terms: Mapping[str, SiloLine], largest: int) -> SiloLine:
    """Return the sum of the largest of some weighted terms: of all of them where `largest` is their number."""

    def value(values: list[float | None]) -> float | None:
        known = [one for one in values if one is not None]
        weighed = [weight.weight * one for weight, one in zip(weights, known, strict=False)]
        return math.fsum(sorted(weighed)[-largest:]) if len(known) == len(values) else None

    lines = [terms[weight.term] for weight in weights]
    return SiloLine(
        name=name,
        unit=unit or lines[0].unit,
        today=value([line.today for line in lines]) or 0.0,
        alone=value([line.alone for line in lines]),
        together=value([line.together for line in lines]),
    )


_Asked = tuple[Problem[Any], Result[Any]]


def _places(grouping: Grouping, whole: _Asked, alone: Mapping[str, _Asked]) -> Iterator[SiloPlace]:
    """Yield the region, each province, and the establishments of each, unit by unit."""
    problem, together = whole
    if together.plan is None:
        return
    parts = {
        name: {} if result.plan is None else {met.unit: met.planned for met in met_by_place(own, result.plan)}
        for name, (own, result) in alone.items()
    }
    found, lacking = partition(grouping), {name for name, (_, result) in alone.items() if result.plan is None}
    region = grouping.region
    province = {one.id: one.province for one in region.zones} | {one.id: one.province for one in region.facilities}
    for met in met_by_place(problem, together.plan):
        planned = {place: value for part in parts.values() for place, value in part.get(met.unit, {}).items()}
        everywhere = sorted(met.needed)
        if everywhere:
            yield _place((EVERY, EVERY), met, everywhere, None if lacking else planned)
        for name in sorted({province[place] for place in everywhere}):
            inside = [place for place in everywhere if province[place] == name]
            yield _place((name, EVERY), met, inside, None if lacking else planned)
            for one in found:
                own = [place for place in everywhere if place in (*one.facilities, *one.zones)]
                if own and one.province == name:
                    yield _place((name, one.id), met, own, None if one.id in lacking else planned)


def _place(key: tuple[str, str], met: MetByPlace, places: list[str], alone: Mapping[str, float] | None) -> SiloPlace:
    """Return the sums of some places: those of a province, an establishment."""

    def total(values: Mapping[str, float]) -> float:
        return math.fsum(values.get(place, 0.0) for place in places)

    return SiloPlace(
        province=key[0],
        establishment=key[1],
        unit=met.unit,
        needed=total(met.needed),
        today=total(met.today),
        alone=None if alone is None else total(alone),
        together=total(met.planned),
    )


def _cells(line: SiloLine) -> tuple[Cell, ...]:
    return line.name, line.unit, line.today, line.alone, line.together, line.gain


def _said(line: SiloLine, lang: Lang) -> str:
    """Say a goal on one line."""

    def shown(value: float | None) -> str:
        return "-" if value is None else figure(in_unit(value, line.unit), lang, 2)

    values = {"today": shown(line.today), "alone": shown(line.alone), "together": shown(line.together)}
    names = {"goal": goal_in_brief(line.name, lang), "unit": unit_in_words(line.unit, lang)}
    return say("silo.goal", lang, names | values)
