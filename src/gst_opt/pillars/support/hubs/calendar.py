"""Periods planned, and the spans of time in which facilities keep one hub; no solver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gst_opt.core.time import Grain, Horizon, Period

FIRST_YEAR = 2026
"""Year of a grouping without a calendar."""
_MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


@dataclass(frozen=True)
class Span:
    """The time from one date when facilities may change hub to the next.

    Attributes
    ----------
    year, month
        When it begins: on the first day of this month.
    parts
        Share of every period that lies in it, by the period's position.
    """

    year: int
    month: int
    parts: dict[int, float]

    @property
    def name(self) -> str:
        """The month that it begins with, such as 2026-07."""
        return f"{self.year}-{self.month:02d}"

    @property
    def first(self) -> int:
        """Position of the period that it begins in."""
        return min(self.parts)


def planned(horizon: Horizon, years: int) -> tuple[Period, ...]:
    """Return the periods of some years, of the calendar's grain, from its first period on; else years from 2026.

    The calendar is of years, quarters or months.
    """
    if not horizon.periods:
        return Horizon.of(Grain.YEAR, date(FIRST_YEAR, 1, 1), years).periods
    first = horizon.periods[0]
    return Horizon.of(first.grain, first.start, years * 12 // _MONTHS[first.grain]).periods


def is_planned(horizon: Horizon) -> bool:
    """Say whether a calendar is of years, quarters or months."""
    return all(period.grain in _MONTHS for period in horizon.periods)


def spans(periods: Sequence[Period], month: int | None, years: int | None = None) -> tuple[Span, ...]:
    """Return the time before the first change, as today, and the spans after it.

    Changes are on the first day of a month of every year, or without one of every period; in the first years alone, if
    `years` says how many. The first span may be empty.

    Examples
    --------
    >>> years = Horizon.of(Grain.YEAR, date(2026, 1, 1), 2).periods
    >>> [(span.name, span.parts) for span in spans(years, 7)]
    [('2026-01', {0: 0.5}), ('2026-07', {0: 0.5, 1: 0.5}), ('2027-07', {1: 0.5})]
    """
    starts = [12 * period.start.year + period.start.month - 1 for period in periods]
    length = _MONTHS[periods[0].grain]
    end = starts[-1] + length
    changes = starts if month is None else [at for at in range(starts[0], end) if at % 12 == month - 1]
    last = end if years is None else starts[0] + 12 * years
    bounds = [starts[0], *(at for at in changes if at < last), end]
    return tuple(
        Span(year=begin // 12, month=begin % 12 + 1, parts=_parts(starts, length, begin, stop))
        for begin, stop in pairwise(bounds)
    )


def _parts(starts: Sequence[int], length: int, begin: int, stop: int) -> dict[int, float]:
    inside = {at: min(stop, start + length) - max(begin, start) for at, start in enumerate(starts)}
    return {at: months / length for at, months in inside.items() if months > 0}
