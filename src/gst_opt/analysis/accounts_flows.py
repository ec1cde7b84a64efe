"""Amounts of one line and year before they are rounded, and who they belong to."""

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from gst_opt.analysis.establishments import partition
from gst_opt.analysis.plans import Plans
from gst_opt.core.errors import GstOptError
from gst_opt.core.finances import FundingScenario
from gst_opt.core.grouping import Grouping
from gst_opt.text import Message

COMMON = "*"
"""What belongs to no establishment in particular."""


class Side(StrEnum):
    """Whether money comes in or goes out."""

    INCOME = "income"
    SPENDING = "spending"


class Flow(NamedTuple):
    """Money of one line in one year: the total, and weights by place by which establishments share it."""

    side: Side
    line: str
    year: int
    mad: float
    weights: Mapping[str, float]


class Case:
    """What accounts are made of: a grouping, its plans, a funding scenario, and what follows from them."""

    def __init__(self, grouping: Grouping, plans: Plans, scenario: str) -> None:
        self.grouping, self.plans = grouping, plans
        self.scenario = _scenario(grouping, scenario)
        periods = grouping.horizon.periods
        first = periods[0].start.year if periods else 2026
        self.years = tuple(range(first, first + YEARS))
        self.calendar = math.fsum(period.years for period in periods) or 1.0

    @cached_property
    def homes(self) -> dict[str, str]:
        """Establishment of every facility and zone."""
        found = partition(self.grouping)
        return {place: one.id for one in found for place in (*one.facilities, *one.zones)}

    @cached_property
    def growth(self) -> dict[str, float]:
        """Yearly growth factor of the people of every province that has one."""
        return {row.province: 1 + row.per_year for row in self.grouping.region.growth_rates}

    def people(self, place: str, year: int) -> float:
        """Return what the inhabitants around a facility or of a zone are multiplied by in a year."""
        return self.growth.get(self._provinces[place], 1.0) ** (year - self.years[0])

    @cached_property
    def _provinces(self) -> dict[str, str]:
        region = self.grouping.region
        return {one.id: one.province for one in region.zones} | {one.id: one.province for one in region.facilities}


YEARS = 5
"""Years that accounts look ahead: the issue of a grouping's multi-year programme."""


class Dated(Protocol):
    """A row that holds from a year on."""

    @property
    def year(self) -> int:
        """Calendar year."""
        ...


RowT = TypeVar("RowT", bound=Dated)


def in_force(rows: Iterable[RowT], year: int) -> tuple[RowT, ...]:
    """Return the rows that hold in a year: those of the latest year, up to it, that has any."""
    found = tuple(rows)
    latest = max((row.year for row in found if row.year <= year), default=None)
    return tuple(row for row in found if row.year == latest)


def summed(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return sums by name."""
    found: dict[str, list[float]] = {}
    for name, value in parts:
        found.setdefault(name, []).append(value)
    return {name: math.fsum(values) for name, values in sorted(found.items())}


def _scenario(grouping: Grouping, name: str) -> FundingScenario:
    known = {row.id: row for row in grouping.finances.funding_scenarios}
    if name not in known:
        raise GstOptError(Message("accounts.unknown_scenario", {"scenario": name, "known": ", ".join(known) or "-"}))
    return known[name]
