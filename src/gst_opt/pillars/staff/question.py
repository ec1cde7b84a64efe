"""What the problems of the staff questions share: the data, what follows from it, ids that must exist; no solver."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import Field

from gst_opt.core.errors import DataProblem
from gst_opt.core.frozen import Frozen
from gst_opt.core.region import Region
from gst_opt.core.services import Activity
from gst_opt.core.tables import unknown_references
from gst_opt.core.time import Horizon
from gst_opt.core.workforce import Workforce
from gst_opt.model.problem import Pin, PinKind, Violation
from gst_opt.network import Travel, travel
from gst_opt.pillars.staff.need import Need, needs


class StaffProblem(Frozen):
    """The data of a staff question, and what follows from it."""

    region: Region = Field(description="Facilities, people, roads")
    workforce: Workforce = Field(description="Skills, staff, and all that is known of them")
    activity: tuple[Activity, ...] = Field(default=(), description="Acts done, for need by workload")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")

    @cached_property
    def journeys(self) -> Travel:
        """Minutes between all places."""
        return travel(self.region)

    @cached_property
    def needs(self) -> dict[tuple[str, str], Need]:
        """Need of every team that has one, by (facility, skill)."""
        return needs(self.region, self.workforce, self.activity, self.horizon, self.journeys)

    @cached_property
    def hours_a_year(self) -> dict[str, float]:
        """Hours that one head works in a year, by skill with a working time."""
        return {row.skill: row.available_hours for row in self.workforce.working_times}

    @property
    def years(self) -> dict[str, float]:
        """Length in years of every period of the grouping's calendar; of ``*``, one year, without any."""
        return {period.id: period.years for period in self.horizon.periods} or {"*": 1.0}

    def needs_by_province(self) -> dict[str, float]:
        """Return the need of every province that has any, in FTE, sorted by name."""
        province = {facility.id: facility.province for facility in self.region.facilities}
        totals: dict[str, float] = {}
        for (facility, _), need in self.needs.items():
            totals[province[facility]] = totals.get(province[facility], 0.0) + need.fte
        return {name: fte for name, fte in sorted(totals.items()) if fte > 0}

    def unknown_ids(self, table: str, records: Iterable[Frozen]) -> Iterator[DataProblem]:
        """Return the facilities and skills that records of the policy name and the data does not have."""
        facilities = ("facilities", {facility.id for facility in self.region.facilities})
        skills = ("skills", {skill.id for skill in self.workforce.skills})
        known = {"facility": facilities, "origin": facilities, "host": facilities, "skill": skills}
        return unknown_references(table, records, known)


def broken_pins(pins: Iterable[tuple[Pin, float]]) -> Iterator[Violation]:
    """Yield the pins that a plan does not keep, given what it holds of each; as today is none at all."""
    for number, (pin, total) in enumerate(pins, 1):
        value = 0.0 if pin.value is None else pin.value
        wrong = {
            PinKind.FIX: total != value,
            PinKind.FORBID: total != 0,
            PinKind.KEEP: total != 0,
            PinKind.AT_LEAST: total < value,
            PinKind.AT_MOST: total > value,
        }[pin.kind]
        if wrong:
            yield Violation("pins", (str(number), pin.reason), total, value)
