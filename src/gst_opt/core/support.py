"""Support functions: payroll, laundry, sterilisation and the like: how much, who does them today, which hubs could."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    FacilityId,
    Hours,
    Identifier,
    Label,
    Mad,
    Minutes,
    PeriodId,
    Quantity,
    Share,
    SkillId,
    SupportFunctionId,
)


class SupportFunction(Row):
    """A function that facilities need and that a hub can do for several."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    driver: Label = Field(description="What its volume is counted in: payslips, kilograms of linen, meals")
    max_minutes: Minutes | None = Field(
        default=None, description="Longest journey between a facility and its hub, one way; empty: no limit"
    )
    min_quality: Share = Field(
        default=0.0, description="Lowest quality of a hub, from 0 to 1: what is pooled is not done worse than that"
    )
    carriage: Mad = Field(default=0.0, description="Cost of a unit of volume for each minute of its journey, one way")
    migration_cost: Mad = Field(default=0.0, description="Cost of a change of hub, paid once by facility")
    migration_month: int | None = Field(
        default=None,
        ge=1,
        le=12,
        description="Month on whose first day facilities change hub; empty: at the beginning of every period",
        json_schema_extra={"unit": "month"},
    )
    growth: float = Field(
        default=0.0, ge=-0.5, le=0.5, description="Growth of volumes in a year", json_schema_extra={"unit": "share"}
    )


class Hub(Row):
    """A facility that can do a function for others."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that can be the hub")
    quality: Share = Field(default=1.0, description="Quality of what it does, from 0 to 1")


class HubLevel(Row):
    """A size that a hub can have, and what it costs: the steps of its cost."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility", "capacity")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Hub")
    capacity: float = Field(gt=0, description="Most volume in a year", json_schema_extra={"unit": "unit"})
    fixed_cost: Mad = Field(description="Cost of a year, whatever the volume; salaries of State staff left out")
    unit_cost: Mad = Field(default=0.0, description="Cost of a unit of volume; salaries of State staff left out")
    opening_cost: Mad = Field(
        default=0.0, description="Works and equipment, paid once; from a smaller size, the difference"
    )


class HubStaff(Row):
    """Hours of a skill that a hub needs."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "skill")

    support_function: SupportFunctionId = Field(description="Function")
    skill: SkillId = Field(description="Skill")
    hours_per_unit: Hours = Field(description="Hours for a unit of volume")


class SupportVolume(Row):
    """Volume of a function that a facility needs."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility", "period")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that needs it")
    period: PeriodId = Field(description="Period")
    volume: Quantity = Field(description="Volume, in the function's driver")


class SupportToday(Row):
    """What a function costs a facility today, that does it itself or has a firm do it."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that needs it")
    fixed_cost: Mad = Field(default=0.0, description="Cost of a year, whatever the volume; State salaries left out")
    unit_cost: Mad = Field(default=0.0, description="Cost of a unit of volume; State salaries left out")
    quality: Share = Field(default=1.0, description="Quality of what is done, from 0 to 1")


class SupportStaff(Row):
    """Hours of a skill that today's way takes, and that are freed when a hub takes over."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility", "skill")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that needs it")
    skill: SkillId = Field(description="Skill of who does it")
    hours_per_unit: Hours = Field(description="Hours for a unit of volume")


class Support(Section):
    """Support functions: volumes, how they are done today, and hubs that could do them."""

    support_functions: tuple[SupportFunction, ...] = Field(default=(), description="Functions")
    support_volumes: tuple[SupportVolume, ...] = Field(default=(), description="How much is needed")
    support_today: tuple[SupportToday, ...] = Field(default=(), description="How it is done today")
    support_staff: tuple[SupportStaff, ...] = Field(default=(), description="Hours that today's way takes")
    hubs: tuple[Hub, ...] = Field(default=(), description="Where it can be done for several")
    hub_levels: tuple[HubLevel, ...] = Field(default=(), description="Sizes and costs of hubs")
    hub_staff: tuple[HubStaff, ...] = Field(default=(), description="Hours that hubs need")
