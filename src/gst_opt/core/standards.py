"""How much staff is needed: working time, time per act, allowances (WHO's method), and norms.

Source of the method: WHO (2010), Workload Indicators of Staffing Need, user's manual.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.region import Kind, Level
from gst_opt.core.units import FacilityId, Fte, Heads, Hours, Label, Minutes, ServiceId, SkillId

Days = Annotated[float, Field(ge=0, le=366, json_schema_extra={"unit": "day"})]


class WorkingTime(Row):
    """Time that one person of a skill has for work in a year.

    Days available = 52 x days_per_week - (public_holidays + annual_leave + sick_leave + other_absence).
    """

    key: ClassVar[tuple[str, ...]] = ("skill",)

    skill: SkillId = Field(description="Skill")
    days_per_week: float = Field(gt=0, le=7, description="Working days in a week", json_schema_extra={"unit": "day"})
    hours_per_day: float = Field(gt=0, le=24, description="Working hours in a day", json_schema_extra={"unit": "h"})
    public_holidays: Days = Field(default=0.0, description="Public holidays on working days in a year")
    annual_leave: Days = Field(default=0.0, description="Working days of annual leave in a year")
    sick_leave: Days = Field(default=0.0, description="Working days of sick leave in a year")
    other_absence: Days = Field(default=0.0, description="Working days of training and other absence in a year")
    source: Label = Field(description="Where the figures come from: a law, a statute, an estimate")

    @property
    def available_days(self) -> float:
        """Days for work in a year."""
        absence = self.public_holidays + self.annual_leave + self.sick_leave + self.other_absence
        return 52 * self.days_per_week - absence

    @property
    def available_hours(self) -> float:
        """Hours for work in a year."""
        return self.available_days * self.hours_per_day


class ActivityStandard(Row):
    """Time that one act of a service takes from one skill, as a unit time or as a rate: exactly one of the two.

    One act takes some time and at most 100 hours: nothing, or weeks, is a slip of the unit.
    """

    key: ClassVar[tuple[str, ...]] = ("service", "skill")

    service: ServiceId = Field(description="Service")
    skill: SkillId = Field(description="Skill that does the work")
    minutes_per_act: Minutes | None = Field(
        default=None, gt=0, le=6_000, description="Working time for one act; empty: see the rate"
    )
    acts_per_hour: float | None = Field(
        default=None,
        ge=0.01,
        le=3_600,
        description="Acts done in one hour of work; empty: see the unit time",
        json_schema_extra={"unit": "act"},
    )
    source: Label = Field(description="Where the figure comes from")

    @property
    def hours_per_act(self) -> float:
        """Working time for one act, in hours; 0 when neither the unit time nor the rate is given."""
        return (self.minutes_per_act or 0.0) / 60 if self.acts_per_hour is None else 1 / self.acts_per_hour


class AllowanceUnit(StrEnum):
    """How the time of a category allowance is given, for one person."""

    SHARE = "share"
    HOURS_PER_DAY = "hours_per_day"
    HOURS_PER_WEEK = "hours_per_week"
    HOURS_PER_MONTH = "hours_per_month"
    HOURS_PER_YEAR = "hours_per_year"
    DAYS_PER_YEAR = "days_per_year"


class CategoryAllowance(Row):
    """A support activity of everybody in a skill, such as meetings or records: part of everyone's working time."""

    key: ClassVar[tuple[str, ...]] = ("skill", "activity")

    skill: SkillId = Field(description="Skill")
    activity: Label = Field(description="Activity, such as meetings")
    amount: float = Field(ge=0, description="How much, in the unit of the next column")
    unit: AllowanceUnit = Field(description="Share of working time, or hours or days of one person in a period")
    source: Label = Field(description="Where the figure comes from")

    def share(self, time: WorkingTime) -> float:
        """Return the share of available working time that it takes from everybody, given their working time."""
        whole = {
            AllowanceUnit.SHARE: 1.0,
            AllowanceUnit.HOURS_PER_DAY: time.hours_per_day,
            AllowanceUnit.HOURS_PER_WEEK: time.hours_per_day * time.days_per_week,
            AllowanceUnit.HOURS_PER_MONTH: time.available_hours / 12,
            AllowanceUnit.HOURS_PER_YEAR: time.available_hours,
            AllowanceUnit.DAYS_PER_YEAR: time.available_days,
        }
        return self.amount / whole[self.unit]


class IndividualAllowance(Row):
    """An additional activity of some people of a team, such as management."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill", "activity")

    facility: FacilityId = Field(description="Facility")
    skill: SkillId = Field(description="Skill")
    activity: Label = Field(description="Activity, such as management")
    heads: Heads = Field(description="People who do it")
    hours_per_year: Hours = Field(le=8_784, description="Hours that each of them spends on it in a year")
    source: Label = Field(description="Where the figure comes from")


class StaffingNorm(Row):
    """Staff that a facility of one level and kind should have in one skill.

    Need = max(minimum_fte, fte + fte_per_10k_inhabitants x population / 10,000 + fte_per_100_beds x beds / 100).
    """

    key: ClassVar[tuple[str, ...]] = ("level", "facility_kind", "skill")

    level: Level = Field(description="Level of the facilities that it holds for")
    facility_kind: Kind = Field(default=Kind.GENERAL, description="Kind of the facilities that it holds for")
    skill: SkillId = Field(description="Skill")
    fte: Fte = Field(default=0.0, description="Staff for the facility as such")
    fte_per_10k_inhabitants: Fte = Field(default=0.0, description="More staff for each 10,000 people it serves")
    fte_per_100_beds: Fte = Field(default=0.0, description="More staff for each 100 beds")
    minimum_fte: Fte = Field(default=0.0, description="Need is never below this")
    minimum_team: Heads = Field(default=0, description="Heads that must stay: no move takes the team below")
    source: Label = Field(description="Where the figures come from: a law, a norm, an estimate")
