"""What a question, its policy, its answer and its check are; no solver here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Generic, Self, TypeVar

from pydantic import Field, model_validator

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Label
from gst_opt.text import Lang, Message
from gst_opt.text.words import rule_in_words

Cell = str | int | float | bool | None


class PlanTable(Frozen):
    """One table of a plan: printing, CSV, frames and pages all show it from here."""

    name: str = Field(description="Name of the table and of its file")
    columns: tuple[str, ...] = Field(description="Column names; `text` has their titles in both languages")
    rows: tuple[tuple[Cell, ...], ...] = Field(description="Cells, row by row")

    @classmethod
    def of(cls, name: str, record: type[Frozen], rows: Iterable[Frozen]) -> Self:
        """Return the table of some records of one type, its columns their fields."""
        columns = tuple(record.model_fields)
        cells = tuple(tuple(getattr(row, column) for column in columns) for row in rows)
        return cls(name=name, columns=columns, rows=cells)


class Plan(Frozen):
    """An answer: what to do. Each question has its own."""

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan as tables; a plan of a new question must say how."""
        return ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{table.name} {len(table.rows)}' for table in self.tables())})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Show the first rows of every table in a notebook."""
        return "".join(_html(table) for table in self.tables())


ROWS_SHOWN = 10
"""Rows of each table that a notebook shows; the rest is counted."""


def _html(table: PlanTable) -> str:
    shown = table.rows[:ROWS_SHOWN]
    heads = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) + "</tr>" for row in shown)
    more = f"<p>+ {len(table.rows) - len(shown)}</p>" if len(table.rows) > len(shown) else ""
    return f"<h4>{escape(table.name)}</h4><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _shown(cell: Cell) -> str:
    return "" if cell is None else f"{cell:,.2f}" if isinstance(cell, float) else str(cell)


PlanT = TypeVar("PlanT", bound=Plan)


class Problem(Generic[PlanT]):
    """A question whose answer is a `PlanT`: a marker for the type checker, mixed into a frozen record."""


class PinKind(StrEnum):
    """What a pin demands of the quantity that it selects."""

    FIX = "fix"
    FORBID = "forbid"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    KEEP = "keep"


class Pin(Frozen):
    """A decision already taken: the sum of what it selects is fixed, forbidden, bounded or kept as today.

    A question's own pin adds the fields that select (a field left empty selects everything).
    """

    kind: PinKind = Field(description="fix, forbid, at_least, at_most or keep (as today)")
    value: float | None = Field(default=None, description="Value for fix, at_least, at_most; empty for forbid, keep")
    reason: Label = Field(description="Why, as it will be printed beside the pin")

    @model_validator(mode="after")
    def _value_where_needed(self) -> "Pin":
        if (self.value is None) != (self.kind in (PinKind.FORBID, PinKind.KEEP)):
            raise GstOptError(Message("model.pin_value", {"kind": self.kind}))
        return self

    def sides(self, today: float) -> tuple[float, float]:
        """Return the lowest and the highest value allowed, given today's."""
        inf = float("inf")
        value = self.value if self.value is not None else 0.0
        return {
            PinKind.FIX: (value, value),
            PinKind.FORBID: (0.0, 0.0),
            PinKind.AT_LEAST: (value, inf),
            PinKind.AT_MOST: (-inf, value),
            PinKind.KEEP: (today, today),
        }[self.kind]


class Policy(Frozen):
    """What the grouping has decided: knobs with units and cited defaults, and pins."""


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks, where, and by how much.

    Attributes
    ----------
    rule
        Name of the rule; the same as the constraint's where there is one.
    place
        Ids that say where.
    found, allowed
        The plan's figure and the rule's.
    """

    rule: str
    place: tuple[str, ...]
    found: float
    allowed: float

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one line."""
        rule, place = rule_in_words(self.rule, lang), ", ".join(self.place)
        values = {"rule": rule, "place": place, "found": self.found, "allowed": self.allowed}
        return Message("model.violation", values).text(lang)


@dataclass(frozen=True)
class Check:
    """What an independent reading of a plan found: broken rules, and every term recomputed, planned and today."""

    violations: tuple[Violation, ...]
    terms: Mapping[str, float] = field(default_factory=dict)
    today: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
