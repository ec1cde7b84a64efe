"""Purchases: what is needed, which references meet a need, who offers them at what price."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    FacilityId,
    Identifier,
    Label,
    Mad,
    NeedId,
    PeriodId,
    Quantity,
    ServiceId,
    Share,
    SupplierId,
)


class Need(Row):
    """Something to buy, whatever the brand."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    unit: Label = Field(description="Unit that it is counted in")


class ProductReference(Row):
    """A product that meets a need."""

    id: Identifier = Field(description="Identifier")
    need: NeedId = Field(description="Need that it meets")
    units_per_pack: Quantity = Field(description="Units of the need in one pack")


class Supplier(Row):
    """A firm that sells to the grouping."""

    id: Identifier = Field(description="Identifier")
    small_firm: bool = Field(default=False, description="true for a very small to medium firm or a cooperative")


class Offer(Row):
    """A supplier's price for a need."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "need")

    supplier: SupplierId = Field(description="Supplier")
    need: NeedId = Field(description="Need")
    mad_per_unit: Mad = Field(description="Price of one unit, all taxes included")
    capacity: Quantity | None = Field(default=None, description="Most units that it can deliver; empty: no limit")


class DiscountTier(Row):
    """A rebate on all of a supplier's units from a turnover on."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "from_mad")

    supplier: SupplierId = Field(description="Supplier")
    from_mad: Mad = Field(description="Turnover from which the rebate holds")
    rebate: Share = Field(description="Rebate on every unit")


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
    """Needs, products, suppliers and prices."""

    needs: tuple[Need, ...] = Field(default=(), description="What is bought")
    product_references: tuple[ProductReference, ...] = Field(default=(), description="Products that meet a need")
    suppliers: tuple[Supplier, ...] = Field(default=(), description="Firms that sell")
    offers: tuple[Offer, ...] = Field(default=(), description="Prices")
    discount_tiers: tuple[DiscountTier, ...] = Field(default=(), description="Rebates by turnover")
    consumption: tuple[Consumption, ...] = Field(default=(), description="Units used by one act")
    requirements: tuple[Requirement, ...] = Field(default=(), description="Units to receive")
