"""One calendar for every table: dated periods, and their exact roll-up to coarser ones."""

import math
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import Identifier
from gst_opt.text import Message


class Grain(StrEnum):
    """The length of a period."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    HALF_DAY = "half_day"


class Period(Row):
    """One period: its first and last day (both included) and, for a half-day, which half."""

    key: ClassVar[tuple[str, ...]] = ("start", "id")

    id: Identifier = Field(description="Identifier, such as 2026, 2026-Q1, 2026-03, 2026-W07, 2026-03-02-am")
    grain: Grain = Field(description="Length of the period")
    start: date = Field(description="First day, included")
    end: date = Field(description="Last day, included")

    @property
    def years(self) -> float:
        """Length in years: exact for years, quarters and months, days / 365.25 for the others.

        A half-day is a tenth of a week: those of a week are the ten of its five working days.
        """
        if self.grain in _MONTHS:
            return _MONTHS[self.grain] / 12
        return (7.0 if self.grain is Grain.WEEK else 0.7) / 365.25


class Horizon(Section):
    """Consecutive periods of one grain, in order of time."""

    periods: tuple[Period, ...] = Field(default=(), description="Periods in order of time, without gap or overlap")

    @classmethod
    def of(cls, grain: Grain, start: date, count: int) -> Self:
        """Build `count` consecutive periods from the one that holds `start`.

        Weeks are ISO weeks (Monday to Sunday); a half-day count runs over working days, Monday to Friday.

        Examples
        --------
        >>> [p.id for p in Horizon.of(Grain.QUARTER, date(2026, 11, 22), 3).periods]
        ['2026-Q4', '2027-Q1', '2027-Q2']
        """
        periods: list[Period] = []
        day = start
        while len(periods) < count:
            if grain is Grain.HALF_DAY:
                if day.weekday() < 5:
                    periods += [Period(id=f"{day}-{half}", grain=grain, start=day, end=day) for half in ("am", "pm")]
                day += timedelta(days=1)
            else:
                periods.append(_period(grain, day))
                day = periods[-1].end + timedelta(days=1)
        return cls(periods=tuple(periods[:count]))

    def years_in(self, periods: Collection[str]) -> float:
        """Return the length of some periods together, in years.

        Raises
        ------
        GstOptError
            If `periods` names one that the calendar does not have.

        Examples
        --------
        >>> Horizon.of(Grain.MONTH, date(2026, 1, 1), 4).years_in({"2026-01", "2026-03", "2026-04"})
        0.25
        """
        years = {period.id: period.years for period in self.periods}
        unknown = sorted(set(periods) - years.keys())
        if unknown:
            raise GstOptError(Message("core.unknown_period", {"periods": ", ".join(unknown)}))
        return math.fsum(years[period] for period in set(periods))

    def coarser(self, grain: Grain) -> "Horizon":
        """Return the periods of a coarser grain that this horizon is part of.

        Raises
        ------
        GstOptError
            If some period does not lie inside one period of `grain` (a week across two months).
        """
        parents = {self._parent(period, grain): None for period in self.periods}
        return Horizon(periods=tuple(parents))

    def roll_up(self, values: Mapping[str, float], grain: Grain) -> dict[str, float]:
        """Sum values by period id into the periods of a coarser grain; a period without a value counts zero.

        Raises
        ------
        GstOptError
            If some period does not lie inside one period of `grain`, or `values` names an unknown period.

        Examples
        --------
        >>> months = Horizon.of(Grain.MONTH, date(2026, 1, 1), 4)
        >>> months.roll_up({p.id: 1.0 for p in months.periods}, Grain.QUARTER)
        {'2026-Q1': 3.0, '2026-Q2': 1.0}
        """
        parents = {period.id: self._parent(period, grain).id for period in self.periods}
        unknown = sorted(values.keys() - parents.keys())
        if unknown:
            raise GstOptError(Message("core.unknown_period", {"periods": ", ".join(unknown)}))
        totals = dict.fromkeys(parents.values(), 0.0)
        for period, parent in parents.items():
            totals[parent] += values.get(period, 0.0)
        return totals

    @staticmethod
    def _parent(period: Period, grain: Grain) -> Period:
        if grain is period.grain:
            return period
        _, end = bounds(grain, period.start)
        if period.end > end or grain is Grain.HALF_DAY:
            raise GstOptError(Message("core.period_not_inside", {"period": period.id, "grain": grain}))
        return _period(grain, period.start)


_MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


def bounds(grain: Grain, day: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar period of `grain` that holds `day`.

    Examples
    --------
    >>> [str(one) for one in bounds(Grain.WEEK, date(2026, 1, 1))]
    ['2025-12-29', '2026-01-04']
    """
    if grain is Grain.HALF_DAY:
        return day, day
    if grain is Grain.WEEK:
        monday = day.toordinal() - day.weekday()
        return date.fromordinal(monday), date.fromordinal(min(monday + 6, date.max.toordinal()))
    first = (day.month - 1) // _MONTHS[grain] * _MONTHS[grain] + 1
    last = first + _MONTHS[grain] - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def _period(grain: Grain, day: date) -> Period:
    """Return the period of `grain` (a week or longer) that holds `day`."""
    start, end = bounds(grain, day)
    year, week, _ = day.isocalendar()
    name = {
        Grain.YEAR: f"{day.year}",
        Grain.QUARTER: f"{day.year}-Q{(start.month + 2) // 3}",
        Grain.MONTH: f"{day.year}-{start.month:02d}",
        Grain.WEEK: f"{year}-W{week:02d}",
    }[grain]
    return Period(id=name, grain=grain, start=start, end=end)
