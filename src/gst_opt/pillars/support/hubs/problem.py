"""The question: which functions are pooled at which hubs, of which size, and who changes when, at the least cost?"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Region
from gst_opt.core.support import Support, SupportFunction
from gst_opt.core.tables import unknown_references
from gst_opt.core.time import Horizon, Period
from gst_opt.model.problem import Problem
from gst_opt.network import Travel, travel
from gst_opt.pillars.support.hubs.calendar import Span, is_planned, planned, spans
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.policy import HubPolicy
from gst_opt.text import Message


class HubProblem(Frozen, Problem[HubPlan]):
    """Hubs: volumes of support functions, how they are done today, and hubs that could do them.

    Raises
    ------
    DataError
        If a pin names what the data does not have, or the calendar is not of years, quarters or months.
    """

    region: Region = Field(description="Facilities and roads")
    support: Support = Field(default=Support(), description="Functions, volumes, today's costs, hubs")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")
    policy: HubPolicy = Field(default=HubPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: HubPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            region=grouping.region,
            support=grouping.support,
            horizon=grouping.horizon,
            policy=policy or HubPolicy(),
        )

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Periods planned."""
        return planned(self.horizon, self.policy.years)

    @cached_property
    def functions(self) -> dict[str, SupportFunction]:
        """Functions by id."""
        return {one.id: one for one in self.support.support_functions}

    @cached_property
    def spans(self) -> dict[str, tuple[Span, ...]]:
        """Spans of every function; the first one is as today."""
        years = self.policy.change_years
        return {one.id: spans(self.periods, one.migration_month, years) for one in self.support.support_functions}

    @cached_property
    def journeys(self) -> Travel:
        """Minutes between all places."""
        return travel(self.region)

    @cached_property
    def volumes(self) -> dict[tuple[str, str], tuple[float, ...]]:
        """Volume of every period planned, by (function, facility); facilities that need nothing are left out.

        The volume of a year, quarter or month that has no row is that of the last year before it that has one (or else
        the first), grown.
        """
        known: dict[tuple[str, str], dict[int, dict[int, float]]] = {}
        start = {period.id: period.start for period in self.horizon.periods}
        for row in self.support.support_volumes:
            day = start[row.period]
            own = known.setdefault((row.support_function, row.facility), {})
            own.setdefault(day.month, {})[day.year] = row.volume
        found = {
            place: tuple(_volume(months, period, 1 + self.functions[place[0]].growth) for period in self.periods)
            for place, months in sorted(known.items())
        }
        return {place: volumes for place, volumes in found.items() if any(volumes)}

    def discount(self, year: int) -> float:
        """Return what a dirham of a year is worth in the first one."""
        return float((1 + self.policy.discount_rate) ** -(year - self.periods[0].start.year))

    @model_validator(mode="after")
    def _known(self) -> Self:
        problems = [*self._grains(), *self._unknown()]
        if problems:
            raise DataError(problems)
        return self

    def _grains(self) -> Iterator[DataProblem]:
        """Yield a calendar of periods that are no months together."""
        if not is_planned(self.horizon):
            grain = self.horizon.periods[0].grain
            yield DataProblem("periods", 1, "grain", grain, Message("pillars.months_together"))

    def _unknown(self) -> Iterator[DataProblem]:
        """Yield what pins name and the data does not have."""
        known = {
            "support_function": ("support_functions", set(self.functions)),
            "facility": ("facilities", {one.id for one in self.region.facilities}),
            "hub": ("facilities", {one.id for one in self.region.facilities}),
        }
        yield from unknown_references("pins", self.policy.pins, known)
        if not is_planned(self.horizon):
            return
        ids = [period.id for period in self.periods]
        for position, pin in enumerate(self.policy.pins, 1):
            if pin.period is not None and pin.period not in ids:
                expected = Message("pillars.planned_period", {"first": ids[0], "last": ids[-1]})
                yield DataProblem("pins", position, "period", pin.period, expected)


def _volume(months: Mapping[int, Mapping[int, float]], period: Period, factor: float) -> float:
    """Return the volume of a period, grown from the same months of the nearest year known before it."""
    by_year = months.get(period.start.month)
    if not by_year:
        return 0.0
    base = max((year for year in by_year if year <= period.start.year), default=min(by_year))
    return by_year[base] * factor ** (period.start.year - base)
