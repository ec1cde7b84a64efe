"""The errors that gst_opt raises: each says what is wrong in French or English."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from gst_opt.text import Lang, Message, say


class GstOptError(Exception):
    """Base of every error of gst_opt; `message` can be said in either language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it."""
        return self.message.text(lang)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class DataProblem:
    """One thing wrong with the data, and where: table or file, row, column, the value, what was expected.

    `row` is the line of the file (the header is line 1), or the position in the table (from 1) for data that
    never was in a file; 0 when the problem is of the whole table.
    """

    table: str
    row: int
    column: str
    value: str
    expected: Message

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one line."""
        place = "core.problem_in_row" if self.row else "core.problem_in_table"
        values = {
            "table": self.table,
            "row": self.row,
            "column": f", {say('core.column', lang)} {self.column}" if self.column else "",
            "value": shorten(self.value),
            "expected": self.expected,
        }
        return say(place, lang, values)


def shorten(value: str, width: int = 60) -> str:
    """Quote a value on one line, cut in the middle when it is long."""
    shown = value if len(value) <= width else f"{value[: width // 2]}…{value[-width // 4 :]}"
    return ascii(shown) if not shown.isprintable() else f"«{shown}»"


class DataError(GstOptError):
    """The data cannot be used; `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[DataProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.table, p.row, p.column, p.value)))
        super().__init__(Message("core.data_error", {"count": len(self.problems)}))

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it: a first line, then one line a problem."""
        return "\n".join([self.message.text(lang), *(f"  {problem.text(lang)}" for problem in self.problems)])


class Explanation(Protocol):
    """Something that can say why."""

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it."""
        ...


class NoPlanError(GstOptError):
    """A plan was asked for where there is none; `conflict` says why, when that is known."""

    def __init__(self, message: Message, conflict: Explanation | None = None) -> None:
        super().__init__(message)
        self.conflict = conflict

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it, and why."""
        lines = [self.message.text(lang)] + ([self.conflict.text(lang)] if self.conflict is not None else [])
        return "\n".join(lines)


class SolverError(GstOptError):
    """The solver could not be run, or a model cannot be given to it."""


def expect(value: object, kind: type) -> None:
    """Refuse a value of another type, in words.

    Raises
    ------
    GstOptError
        Saying which type was expected and which was given.
    """
    if not isinstance(value, kind):
        raise GstOptError(Message("core.wrong_type", {"expected": kind.__name__, "given": type(value).__name__}))


class MissingExtraError(GstOptError):
    """A feature needs an optional part of gst_opt that is not installed."""

    def __init__(self, extra: str) -> None:
        super().__init__(Message("core.missing_extra", {"extra": extra}))
