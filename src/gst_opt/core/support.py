"""Support functions: payroll, laundry, sterilisation and the like, where they are done and how much."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import FacilityId, Identifier, Label, Mad, PeriodId, Quantity, SupportFunctionId


class SupportFunction(Row):
    """A function that facilities need and that a hub can do for several."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    driver: Label = Field(description="What its volume is counted in: payslips, kilograms of linen, meals")


class Hub(Row):
    """A facility that can do a function for others."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that can be the hub")
    capacity: Quantity = Field(description="Most volume in one period")
    fixed_mad: Mad = Field(description="Cost of the hub for one period")
    mad_per_unit: Mad = Field(description="Cost of one unit of volume")


class SupportVolume(Row):
    """Volume of a function that a facility needs."""

    key: ClassVar[tuple[str, ...]] = ("support_function", "facility", "period")

    support_function: SupportFunctionId = Field(description="Function")
    facility: FacilityId = Field(description="Facility that needs it")
    period: PeriodId = Field(description="Period")
    volume: Quantity = Field(description="Volume, in the function's driver")


class Support(Section):
    """Support functions, candidate hubs and volumes."""

    support_functions: tuple[SupportFunction, ...] = Field(default=(), description="Functions")
    hubs: tuple[Hub, ...] = Field(default=(), description="Where they can be done")
    support_volumes: tuple[SupportVolume, ...] = Field(default=(), description="How much is needed")
