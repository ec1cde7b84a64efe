"""What facilities do and what people need: services, their pathways, activity and demand."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.units import (
    Acts,
    FacilityId,
    Identifier,
    Label,
    Minutes,
    PeriodId,
    ServiceId,
    Share,
    ZoneId,
)


class Service(Row):
    """A service that is counted in acts; the join key of the whole library."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    max_travel: Minutes | None = Field(default=None, description="Longest acceptable journey, one way; empty: none")


class Pathway(Row):
    """A service that follows another for a share of its patients."""

    key: ClassVar[tuple[str, ...]] = ("service", "next_service")

    service: ServiceId = Field(description="Service that comes first")
    next_service: ServiceId = Field(description="Service that follows")
    share: Share = Field(description="Share of the acts that are followed")


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
