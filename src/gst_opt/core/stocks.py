"""Where goods are kept and how they travel: depots, what is in store at the start, what deliveries cost."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    CubicMetres,
    Days,
    DepotId,
    FacilityId,
    Identifier,
    Label,
    Mad,
    Quantity,
    ReferenceId,
    Share,
    SupplierId,
)


class Depot(Row):
    """A store of the grouping that facilities are supplied from."""

    id: Identifier = Field(description="Identifier")
    facility: FacilityId = Field(description="Facility where it is")
    storage: CubicMetres | None = Field(default=None, description="Room for goods; empty: no limit")
    holding_rate: Share = Field(
        default=0.0, description="Cost of keeping goods for a year, as a share of their value, handling with it"
    )
    source: Label = Field(description="Where the figures come from")


class OpeningStock(Row):
    """Units in store on the first day of the calendar, paid already: in a depot, or in a facility's own store."""

    key: ClassVar[tuple[str, ...]] = ("facility", "depot", "reference", "shelf_life")

    facility: FacilityId | None = Field(
        default=None, description="Facility whose own store they are in; empty: a depot"
    )
    depot: DepotId | None = Field(default=None, description="Depot where they are; empty: a facility's own store")
    reference: ReferenceId = Field(description="Reference")
    units: Quantity = Field(description="Units of the reference")
    shelf_life: Days | None = Field(
        default=None, description="Days from the first day of the calendar until they expire; empty: they do not"
    )


class DirectDelivery(Row):
    """A supplier that delivers to a facility itself.

    A supplier without a row here or in `depot_supplies` delivers everywhere at the price of its offer.
    """

    key: ClassVar[tuple[str, ...]] = ("supplier", "facility")

    supplier: SupplierId = Field(description="Supplier")
    facility: FacilityId = Field(description="Facility")
    mad_per_m3: Mad = Field(default=0.0, description="Cost of a cubic metre, beyond the price of the offer")


class DepotSupply(Row):
    """A supplier that delivers to a depot."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "depot")

    supplier: SupplierId = Field(description="Supplier")
    depot: DepotId = Field(description="Depot")
    mad_per_m3: Mad = Field(default=0.0, description="Cost of a cubic metre, beyond the price of the offer")


class DepotDelivery(Row):
    """A facility that a depot delivers to."""

    key: ClassVar[tuple[str, ...]] = ("depot", "facility")

    depot: DepotId = Field(description="Depot")
    facility: FacilityId = Field(description="Facility")
    mad_per_m3: Mad = Field(default=0.0, description="Cost of a cubic metre, handling with it")


class Stocks(Section):
    """Depots, what is in store, and who delivers where at what cost."""

    depots: tuple[Depot, ...] = Field(default=(), description="Stores of the grouping")
    opening_stocks: tuple[OpeningStock, ...] = Field(default=(), description="What is in store at the start")
    direct_deliveries: tuple[DirectDelivery, ...] = Field(default=(), description="From suppliers to facilities")
    depot_supplies: tuple[DepotSupply, ...] = Field(default=(), description="From suppliers to depots")
    depot_deliveries: tuple[DepotDelivery, ...] = Field(default=(), description="From depots to facilities")
