"""What facilities do and what people need: services, activity, demand, and rates to derive demand from."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.region import Level
from gst_opt.core.units import (
    Acts,
    FacilityId,
    Identifier,
    Label,
    Minutes,
    PeriodId,
    ServiceId,
    ZoneId,
)


class Service(Row):
    """A service that is counted in acts; the join key of the whole library."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    max_travel: Minutes | None = Field(default=None, description="Longest acceptable journey, one way; empty: none")
    min_level: Level | None = Field(default=None, description="Lowest level of care that may give it; empty: any")
    weight: float = Field(
        default=1.0,
        gt=0,
        description="What one act not given counts, against an ordinary act",
        json_schema_extra={"unit": "ratio"},
    )


class Activity(Row):
    """Acts done, as recorded."""

    key: ClassVar[tuple[str, ...]] = ("facility", "service", "period")

    facility: FacilityId = Field(description="Facility that did them")
    service: ServiceId = Field(description="Service")
    period: PeriodId = Field(description="Period")
    acts: Acts = Field(description="Acts done")


class Demand(Row):
    """Acts that the people of a zone need."""

    key: ClassVar[tuple[str, ...]] = ("zone", "service", "period")

    zone: ZoneId = Field(description="Zone where the patients live")
    service: ServiceId = Field(description="Service")
    period: PeriodId = Field(description="Period")
    acts: Acts = Field(description="Acts needed")


class DemandRate(Row):
    """Acts of a service that 1,000 people of an age group need in a year."""

    key: ClassVar[tuple[str, ...]] = ("service", "age_group")

    service: ServiceId = Field(description="Service")
    age_group: Label = Field(description="Age group, as in the populations")
    acts_per_1000: Acts = Field(description="Acts for 1,000 people, a year")
    rural_factor: float = Field(
        default=1.0,
        ge=0,
        description="Acts of people of rural zones, against those of urban zones",
        json_schema_extra={"unit": "ratio"},
    )
    source: Label = Field(description="Where the figure comes from")


class ServiceTotal(Row):
    """Acts of a service that the whole region needs in a year: rates are scaled to it."""

    key: ClassVar[tuple[str, ...]] = ("service",)

    service: ServiceId = Field(description="Service")
    acts: Acts = Field(description="Acts needed in a year")
    source: Label = Field(description="Where the figure comes from")
