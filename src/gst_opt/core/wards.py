"""Beds by group of wards: blocks, occupancy, staff, length of stay."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.region import Level, Ward
from gst_opt.core.units import Beds, Days, FacilityId, Fte, Label, Mad, ServiceId, Share, SkillId, SquareMetres


class WardStandard(Row):
    """How beds of a group of wards are opened, used and paid for."""

    key: ClassVar[tuple[str, ...]] = ("ward",)

    ward: Ward = Field(description="Group of wards")
    block: Beds = Field(ge=1, description="Beds opened or closed together")
    max_occupancy: Share = Field(default=0.85, gt=0, description="Largest share of bed-days that may be used")
    min_occupancy: Share = Field(default=0.0, description="Smallest share of bed-days that must be used where beds are")
    min_level: Level | None = Field(default=None, description="Lowest level of care that may have them; empty: any")
    floor_space: SquareMetres = Field(default=0.0, description="Space of one bed")
    opening: Mad = Field(default=0.0, description="Opening one bed, works and equipment")
    closing: Mad = Field(default=0.0, description="Closing one bed")
    upkeep: Mad = Field(default=0.0, description="One bed, a year, without staff")
    source: Label = Field(description="Where the figures come from")


class WardLimit(Row):
    """How many beds of a group of wards a facility may have; without a row: those of today."""

    key: ClassVar[tuple[str, ...]] = ("facility", "ward")

    facility: FacilityId = Field(description="Facility")
    ward: Ward = Field(description="Group of wards")
    max_beds: Beds = Field(description="Most beds that it may have")
    source: Label = Field(description="Where the figure comes from")


class WardStaff(Row):
    """Staff that one block of beds needs."""

    key: ClassVar[tuple[str, ...]] = ("ward", "skill")

    ward: Ward = Field(description="Group of wards")
    skill: SkillId = Field(description="Skill")
    fte: Fte = Field(description="Staff of one block")
    source: Label = Field(description="Where the figure comes from")


class StayStandard(Row):
    """Days that one act of a service keeps a bed, at the site where the act is done."""

    key: ClassVar[tuple[str, ...]] = ("service", "ward")

    service: ServiceId = Field(description="Service")
    ward: Ward = Field(description="Group of wards")
    days: Days = Field(description="Mean length of stay today")
    target_days: Days | None = Field(default=None, description="Length of stay aimed at; empty: that of today")
    source: Label = Field(description="Where the figures come from")
