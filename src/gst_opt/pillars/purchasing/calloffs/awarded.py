"""What was awarded: offers at the price paid, and framework contracts."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.units import LotId, Mad, Quantity, ReferenceId, SupplierId


class AwardedOffer(Row):
    """An offer that may be called off, at the price that its award gave."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "reference")

    supplier: SupplierId = Field(description="Supplier")
    reference: ReferenceId = Field(description="Reference")
    price: Mad = Field(description="Price of one unit, less rebates")
    least: Quantity = Field(default=0.0, description="Units that the calendar orders at least, or owes")
    most: Quantity | None = Field(default=None, description="Units that the calendar orders at most; empty: no limit")
    per_period: Quantity | None = Field(default=None, description="Units that it delivers in a period; empty: no limit")


class FrameworkContract(Row):
    """A contract of a lot with one supplier, between a minimum and a maximum."""

    key: ClassVar[tuple[str, ...]] = ("lot", "supplier")

    lot: LotId = Field(description="Lot")
    supplier: SupplierId = Field(description="Supplier")
    min_amount: Mad = Field(default=0.0, description="Least that it orders, at list prices, or owes")
    max_amount: Mad | None = Field(default=None, description="Most that it orders, at list prices; empty: no limit")
