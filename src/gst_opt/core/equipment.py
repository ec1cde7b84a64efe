"""Technical platforms: equipment types, units present, sessions, and what private providers offer."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    Acts,
    EquipmentTypeId,
    FacilityId,
    HalfDays,
    Identifier,
    Label,
    Mad,
    Minutes,
    PeriodId,
    ServiceId,
    SkillId,
    Units,
)


class EquipmentType(Row):
    """A kind of platform, such as an operating theatre, a scanner or a dialysis machine."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")


class EquipmentUnits(Row):
    """Units present at one facility."""

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type")

    facility: FacilityId = Field(description="Facility that has them")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    units: Units = Field(description="Units present and working")


class SessionStandard(Row):
    """Time that one act of a service takes from a unit of equipment and from the staff around it."""

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "service", "skill")

    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    service: ServiceId = Field(description="Service that it makes")
    skill: SkillId = Field(description="Skill present")
    minutes_per_act: Minutes = Field(description="Time of the unit for one act")
    source: Label = Field(description="Where the figure comes from")


class Sessions(Row):
    """Half-day sessions that the units of one facility run today."""

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type", "period")

    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    period: PeriodId = Field(description="Period")
    half_days: HalfDays = Field(description="Half-day sessions run")


class PrivateOffer(Row):
    """Acts that a private provider can sell to the grouping near one facility."""

    key: ClassVar[tuple[str, ...]] = ("facility", "service", "period")

    facility: FacilityId = Field(description="Nearest public facility")
    service: ServiceId = Field(description="Service")
    period: PeriodId = Field(description="Period")
    acts: Acts = Field(description="Acts on offer")
    mad_per_act: Mad = Field(description="Price of one act")


class Equipment(Section):
    """Platforms present and what they can do."""

    equipment_types: tuple[EquipmentType, ...] = Field(default=(), description="Kinds of platform")
    equipment_units: tuple[EquipmentUnits, ...] = Field(default=(), description="Units present")
    session_standards: tuple[SessionStandard, ...] = Field(default=(), description="Time per act")
    sessions: tuple[Sessions, ...] = Field(default=(), description="Sessions run today")
    private_offers: tuple[PrivateOffer, ...] = Field(default=(), description="Acts that can be bought")
