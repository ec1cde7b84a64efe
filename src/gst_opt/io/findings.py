"""What a reader found wrong in one file or table, held to a size that fits in memory and on a screen."""

from collections.abc import Iterable
from difflib import get_close_matches

from gst_opt.core.errors import DataProblem
from gst_opt.text import Message

MAX_PROBLEMS = 1000
"""Problems listed for one file; a file with more is not read further."""

MAX_ROWS = 500_000
"""Rows read from one file, about 1 kB of memory each."""

_MAX_VALUE = 200
_MAX_NAME = 80


class Findings:
    """The problems of one file or table, in the order found."""

    def __init__(self, place: str) -> None:
        self.place = printable(place)
        self.problems: list[DataProblem] = []

    @property
    def full(self) -> bool:
        """Whether reading must stop: the last problem listed says that there may be more."""
        return len(self.problems) > MAX_PROBLEMS

    def add(self, row: int, column: str, value: str, expected: Message) -> None:
        """List one problem, unless the list is full."""
        if self.full:
            return
        if len(self.problems) == MAX_PROBLEMS:
            column, value, expected = "", "", Message("io.fewer_problems", {"limit": MAX_PROBLEMS})
        self.problems.append(DataProblem(self.place, row, printable(column), value[:_MAX_VALUE], expected))


def printable(name: str) -> str:
    """Return a name from a user's file with nothing in it that could disturb a terminal."""
    shown = name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
    return shown if shown.isprintable() else shown.encode("unicode_escape", "replace").decode("ascii")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`, or an empty string when none is."""
    if len(name) > _MAX_NAME:
        return ""
    return next(iter(get_close_matches(name.strip().casefold(), list(known), n=1)), "")


def suggestion(name: str) -> Message | str:
    """Return the end of a sentence that proposes `name`, empty when there is nothing to propose."""
    return Message("io.suggestion", {"name": name}) if name else ""
