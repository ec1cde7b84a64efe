"""What is bought: needs, references that meet them, what acts use, what facilities must receive, today's purchases."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    CubicMetres,
    FacilityId,
    Identifier,
    Label,
    Mad,
    NeedId,
    PeriodId,
    Quantity,
    ReferenceId,
    ServiceId,
)


class Category(StrEnum):
    """What kind of thing a need is."""

    MEDICINE = "medicine"
    DEVICE = "device"
    CONSUMABLE = "consumable"
    REAGENT = "reagent"


class BuyingLevel(StrEnum):
    """Who buys: the ministry for the country, the grouping for the region, each facility for itself."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"


class Need(Row):
    """Something to buy, whatever the brand: a medicine by its international name, a class of devices."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    unit: Label = Field(description="Unit that it is counted in")
    category: Category = Field(description="medicine, device, consumable or reagent")
    level: BuyingLevel = Field(default=BuyingLevel.REGIONAL, description="Who buys it: national, regional or local")
    shortage_price: Mad | None = Field(
        default=None,
        description="What one unit not bought costs; empty: a multiple of what it costs today (policy)",
    )


class ProductReference(Row):
    """A product that meets a need; all references of a need are equivalent."""

    id: Identifier = Field(description="Identifier")
    need: NeedId = Field(description="Need that it meets")
    factor: float = Field(
        default=1.0,
        gt=0,
        description="Units of the need that one unit meets",
        json_schema_extra={"unit": "ratio"},
    )
    volume: CubicMetres = Field(default=0.0, description="Volume of one unit in store")
    keeping_cost: Mad = Field(default=0.0, description="Cost of having it in the catalogue, a year")
    switching_cost: Mad = Field(
        default=0.0, description="Cost of taking it up where it is not in use today: training, tests, adaptation"
    )


class TodayPurchase(Row):
    """A reference in use today, and its price."""

    key: ClassVar[tuple[str, ...]] = ("reference",)

    reference: ReferenceId = Field(description="Reference")
    price: Mad = Field(description="Price paid for one unit, all taxes included")
    share: float = Field(
        default=1.0, gt=0, le=1, description="Share of the need that it meets", json_schema_extra={"unit": "share"}
    )


class Consumption(Row):
    """Units of a need that one act of a service uses."""

    key: ClassVar[tuple[str, ...]] = ("service", "need")

    service: ServiceId = Field(description="Service")
    need: NeedId = Field(description="Need")
    units_per_act: Quantity = Field(description="Units used by one act")


class Requirement(Row):
    """Units of a need that a facility must receive in a period."""

    key: ClassVar[tuple[str, ...]] = ("facility", "need", "period")

    facility: FacilityId = Field(description="Facility")
    need: NeedId = Field(description="Need")
    period: PeriodId = Field(description="Period")
    units: Quantity = Field(description="Units to receive")


class Catalogue(Section):
    """Needs, references, and how much of them is needed."""

    needs: tuple[Need, ...] = Field(default=(), description="What is bought")
    product_references: tuple[ProductReference, ...] = Field(default=(), description="Products that meet a need")
    today_purchases: tuple[TodayPurchase, ...] = Field(default=(), description="References in use and their prices")
    consumption: tuple[Consumption, ...] = Field(default=(), description="Units used by one act")
    requirements: tuple[Requirement, ...] = Field(
        default=(), description="Units to receive; where a facility has none of a need, its acts say how much it uses"
    )
