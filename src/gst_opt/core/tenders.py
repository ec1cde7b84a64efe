"""Who sells at what price: suppliers, offers, discounts, and the lots that contracts are awarded in."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    Days,
    Identifier,
    LotId,
    Mad,
    NeedId,
    Quantity,
    ReferenceId,
    ScheduleId,
    Share,
    SupplierId,
)


class Supplier(Row):
    """A firm that sells to the grouping."""

    id: Identifier = Field(description="Identifier")
    small_firm: bool = Field(
        default=False, description="true for firms that lots may be reserved to: small and medium ones, cooperatives"
    )
    resident: bool = Field(default=True, description="false for a firm that national preference weighs against")
    contract_cost: Mad = Field(default=0.0, description="Cost of a contract with it, paid once where it sells anything")
    payment_delay: Days = Field(default=60.0, description="Days from delivery to payment")


class Offer(Row):
    """A supplier's price for a reference, over the calendar of the tender."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "reference")

    supplier: SupplierId = Field(description="Supplier")
    reference: ReferenceId = Field(description="Reference")
    price: float = Field(
        gt=0, description="List price of one unit, all taxes included", json_schema_extra={"unit": "MAD"}
    )
    min_order: Quantity = Field(default=0.0, description="Fewest units that it sells, if any")
    pack: float | None = Field(
        default=None,
        gt=0,
        description="Units of a pack: only whole packs are sold; empty: any quantity",
        json_schema_extra={"unit": "unit"},
    )
    capacity: Quantity | None = Field(default=None, description="Most units that it can deliver; empty: no limit")
    lead_time: Days = Field(default=0.0, description="Days from order to delivery")
    shelf_life: Days | None = Field(default=None, description="Shelf life left at delivery; empty: it does not expire")


class Measure(StrEnum):
    """What the thresholds of a discount count."""

    QUANTITY = "quantity"
    VALUE = "value"


class DiscountKind(StrEnum):
    """Whether a rebate is on all units, or on those beyond its threshold only."""

    ALL_UNITS = "all_units"
    INCREMENTAL = "incremental"


class DiscountSchedule(Row):
    """A supplier's rebates by quantity or by value: on one reference, on a lot, or on all that it sells.

    Rebates are on the list price; those of several schedules on the same offer add up.
    """

    id: Identifier = Field(description="Identifier")
    supplier: SupplierId = Field(description="Supplier")
    reference: ReferenceId | None = Field(default=None, description="Reference that it is for; empty: see lot")
    lot: LotId | None = Field(default=None, description="Lot that it is for; empty, as reference: all that it sells")
    measure: Measure = Field(
        default=Measure.VALUE, description="What thresholds count: quantity (units) or value (MAD at list prices)"
    )
    kind: DiscountKind = Field(
        default=DiscountKind.ALL_UNITS, description="all_units, or incremental: on what is beyond the threshold only"
    )


class DiscountTier(Row):
    """A rebate from a threshold on; exactly at the threshold it holds."""

    key: ClassVar[tuple[str, ...]] = ("schedule", "threshold")

    schedule: ScheduleId = Field(description="Schedule")
    threshold: float = Field(ge=0, description="Units, or MAD at list prices, from which the rebate holds")
    rebate: Share = Field(description="Rebate, as a share of the list price")


class Lot(Row):
    """Needs that are awarded together; a framework contract where it has a least or a largest amount."""

    id: Identifier = Field(description="Identifier")
    max_awards: int = Field(
        default=1, ge=1, description="Suppliers that it may be awarded to", json_schema_extra={"unit": "unit"}
    )
    partial_bids: bool = Field(default=False, description="Whether a supplier may leave needs of the lot out")
    forecast: Mad = Field(default=0.0, description="Forecast amount, that reserves are counted on")
    reserved: bool = Field(default=False, description="Whether it is reserved to small firms already")
    min_amount: Mad = Field(default=0.0, description="Least that each contract orders, at list prices")
    max_amount: Mad | None = Field(
        default=None, description="Most that each contract orders, at list prices; empty: no limit"
    )


class LotItem(Row):
    """A need of a lot; a need is in one lot at most."""

    key: ClassVar[tuple[str, ...]] = ("need",)

    need: NeedId = Field(description="Need")
    lot: LotId = Field(description="Lot")


class Tenders(Section):
    """Suppliers, offers, discounts and lots."""

    suppliers: tuple[Supplier, ...] = Field(default=(), description="Firms that sell")
    offers: tuple[Offer, ...] = Field(default=(), description="Prices")
    discount_schedules: tuple[DiscountSchedule, ...] = Field(default=(), description="What rebates are for")
    discount_tiers: tuple[DiscountTier, ...] = Field(default=(), description="Rebates by threshold")
    lots: tuple[Lot, ...] = Field(default=(), description="What is awarded together")
    lot_items: tuple[LotItem, ...] = Field(default=(), description="Needs of each lot")
