"""Prices of changes as records and in words: what is proven of a difference is said, and no more."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.model.changes import Change
from gst_opt.model.problem import PlanTable, Problem
from gst_opt.solve.result import ROUNDING, Status
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, goal_in_words, in_unit, unit_in_words


class GoalPrice(Frozen):
    """What a change does to one goal; above zero it costs, below zero it brings.

    The best values without and with the change differ by `lowest` at least and `highest` at most. For a later goal:
    the best values that keep what each side reached in its goals before.
    """

    goal: str = Field(description="Terms of the goal")
    unit: str = Field(description="Unit of the goal")
    before: float | None = Field(description="Value reached without the change; empty when there is no plan")
    after: float | None = Field(description="Value reached with it; empty when there is no plan")
    lowest: float | None = Field(description="Bound with the change less the value without; empty without that bound")
    highest: float | None = Field(description="Value with the change less the bound without; empty without that bound")

    @property
    def price(self) -> float | None:
        """Difference of the values reached; None where there is no plan on one side."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def figures(self) -> tuple[float | None, ...]:
        """Values without and with the change, their difference, and its sides."""
        return self.before, self.after, self.price, self.lowest, self.highest

    @property
    def proven(self) -> bool:
        """Whether the bounds say that the change costs, that it brings, or that it does neither."""
        if self.lowest is None or self.highest is None:
            return False
        return self.nothing or self.lowest > self._rounding or self.highest < -self._rounding

    @property
    def nothing(self) -> bool:
        """Whether the bounds leave no difference."""
        sides = (self.lowest, self.highest)
        return all(side is not None and abs(side) <= self._rounding for side in sides)

    @property
    def _rounding(self) -> float:
        return ROUNDING * max(abs(self.before or 0.0), abs(self.after or 0.0), 1.0)

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one line; a difference that the gaps could make is told as not larger than what they leave."""
        price, unit = self.price, self.unit
        values: dict[str, object] = {"goal": goal_in_words(self.goal, lang), "unit": unit_in_words(unit, lang)}
        if price is None or self.before is None or self.after is None:
            return say("prices.no_price", lang, {"goal": values["goal"]})
        if self.nothing:
            return say("prices.no_difference", lang, {"goal": values["goal"]})
        values |= {"price": signed(price, unit, lang)}
        values |= {"before": _figure(self.before, unit, lang), "after": _figure(self.after, unit, lang)}
        if self.lowest is None or self.highest is None:
            return say("prices.nothing_proven", lang, values)
        if not self.proven:
            most = math.ceil(100 * in_unit(max(abs(self.lowest), abs(self.highest)), unit)) / 100
            values = {"goal": values["goal"], "unit": values["unit"], "most": figure(most, lang, 2)}
            return say("prices.within_gaps", lang, values)
        if self.highest - self.lowest <= 2 * self._rounding:
            return say("prices.exact", lang, values)
        sides = {"lowest": signed(self.lowest, unit, lang), "highest": signed(self.highest, unit, lang)}
        return say("prices.between", lang, values | sides)


class TermDifference(Frozen):
    """How one term of the two plans differs, with what lies beyond them; other best plans may differ otherwise."""

    term: str = Field(description="Name of the term")
    unit: str = Field(description="Unit of the term")
    before: float | None = Field(description="Value without the change; empty when there is no plan")
    after: float | None = Field(description="Value with it; empty when there is no plan")

    @property
    def price(self) -> float | None:
        """Difference of the two; None where there is no plan on one side."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def shown(self) -> bool:
        """Whether it is a term of the whole grouping, not of one province, and differs."""
        scale = max(abs(self.before or 0.0), abs(self.after or 0.0), 1.0)
        return "[" not in self.term and abs(self.price or 0.0) > ROUNDING * scale

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it in a few words."""
        values = {"term": goal_in_words(self.term, lang), "unit": unit_in_words(self.unit, lang)}
        return say("prices.term", lang, values | {"price": signed(self.price or 0.0, self.unit, lang)})


@dataclass(frozen=True)
class RulePrice:
    """What one change costs or brings.

    Attributes
    ----------
    change
        What is changed.
    status
        What is held with the change.
    goals, terms
        Every goal and every term, without and with the change.
    """

    change: Change[Problem[Any]]
    status: Status
    goals: tuple[GoalPrice, ...]
    terms: tuple[TermDifference, ...]

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it: what is changed, a line for each goal that differs or may, a line for the terms beside the goals."""
        change = say("prices.change", lang, {"change": self.change.text(lang), "status": _status(self.status, lang)})
        lines = [
            change,
            *(f"  {goal.text(lang)}" for goal in self.goals if goal.price is not None and not goal.nothing),
        ]
        if self.goals and all(goal.nothing for goal in self.goals):
            lines.append(f"  {say('prices.no_goal_differs', lang)}")
        alone = {goal.goal for goal in self.goals}
        beside = "; ".join(term.text(lang) for term in self.terms if term.shown and term.term not in alone)
        if beside:
            lines.append(f"  {say('prices.terms', lang, {'terms': beside})}")
        return "\n".join(lines)


_COLUMNS = ("change", "goal", "unit", "before", "after", "price", "lowest", "highest")


@dataclass(frozen=True)
class RulePrices:
    """What changes of a question cost or bring.

    Attributes
    ----------
    status
        What is held without any change.
    rules
        One for each change, in their order.
    """

    status: Status
    rules: tuple[RulePrice, ...]

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it, change by change."""
        values = {"count": len(self.rules), "status": _status(self.status, lang)}
        return "\n".join([say("prices.base", lang, values), *(rule.text(lang) for rule in self.rules)])

    def html(self, lang: Lang = Lang.EN) -> str:
        """Return the goals as a table, for a page."""
        heads = "".join(f"<th>{escape(say(f'column.{name}', lang))}</th>" for name in _COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>" for cells in self._cells(lang)
        )
        first = self.text(lang).splitlines()[0]
        return f"<p>{escape(first)}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def tables(self, lang: Lang = Lang.EN) -> tuple[PlanTable, ...]:
        """Return a table of the goals and one of the terms, a row for each change; changes named in a language."""
        goals = tuple(
            (
                rule.change.text(lang),
                rule.status,
                one.goal,
                one.unit,
                one.before,
                one.after,
                one.price,
                one.lowest,
                one.highest,
            )
            for rule in self.rules
            for one in rule.goals
        )
        terms = tuple(
            (rule.change.text(lang), rule.status, one.term, one.unit, one.before, one.after, one.price)
            for rule in self.rules
            for one in rule.terms
        )
        change, *columns = _COLUMNS
        return (
            PlanTable(name="goal_prices", columns=(change, "status", *columns), rows=goals),
            PlanTable(name="term_prices", columns=("change", "status", "term", *columns[1:5]), rows=terms),
        )

    def _cells(self, lang: Lang) -> Iterator[tuple[str, ...]]:
        for rule in self.rules:
            for one in rule.goals:
                words = (rule.change.text(lang), goal_in_words(one.goal, lang), unit_in_words(one.unit, lang))
                yield *words, *("" if value is None else _figure(value, one.unit, lang) for value in one.figures)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.html()


def signed(value: float, unit: str, lang: Lang) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> signed(12.5, "act", Lang.EN), signed(-0.1, "share", Lang.EN)
    ('+12.50', '-10.00')
    """
    return ("+" if value > 0 else "") + _figure(value, unit, lang)


def _figure(value: float, unit: str, lang: Lang) -> str:
    return figure(in_unit(value, unit), lang, 2)


def _status(status: Status, lang: Lang) -> str:
    return say(f"solve.status_{status}", lang)
