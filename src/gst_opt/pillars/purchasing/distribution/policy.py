"""What the grouping has decided about its deliveries: stops, who keeps goods, groups of facilities, pins."""

from pydantic import Field

from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.units import Days, DepotId, Mad, NeedId, PeriodId, ReferenceId, SupplierId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy

TERMS = ("deliveries", "stops", "depot_stock", "facility_stock", "shortages")
"""Terms, all in MAD; the last one is not paid."""


class DistributionPin(Pin):
    """A decision already taken: what is delivered of what it selects, in MAD at the prices paid."""

    supplier: SupplierId | None = Field(default=None, description="Supplier; empty: any")
    reference: ReferenceId | None = Field(default=None, description="Reference; empty: any")
    need: NeedId | None = Field(default=None, description="Need; empty: any")
    period: PeriodId | None = Field(default=None, description="Period of use; empty: any")
    direct: bool | None = Field(
        default=None, description="true: straight from suppliers; false: by depots; empty: both"
    )
    depot: DepotId | None = Field(default=None, description="Depot; empty: any, or none")

    def selects(self, found: tuple[str | None, str, str, str, str | None]) -> bool:
        """Say whether the pin counts a flow, given its supplier, reference, need, period of use and depot."""
        wanted = (self.supplier, self.reference, self.need, self.period, self.depot)
        same = all(one in (None, other) for one, other in zip(wanted, found, strict=True))
        return same and self.direct in (None, found[4] is None)


class DistributionPolicy(Policy):
    """What the grouping has decided about its deliveries."""

    levels: tuple[BuyingLevel, ...] = Field(
        default=(BuyingLevel.REGIONAL,),
        description="Whose needs are delivered: national, regional, local. The others are left to those who buy them",
    )
    stop_cost: Mad = Field(
        default=150.0,
        description="Cost of one stop of a supplier or of a depot's round at a facility, whatever it brings. 150: an "
        "hour of a van and of who receives, an estimate of ours",
    )
    max_stops: int | None = Field(
        default=None,
        ge=0,
        description="Stops at a facility in a period, at most; empty: no limit",
        json_schema_extra={"unit": "unit"},
    )
    facility_cover: Days = Field(
        default=31.0,
        description="Days that facilities may keep goods that came straight from a supplier before they use them. 31: "
        "a month, the room of a hospital's own store, an estimate of ours",
    )
    facility_holding_rate: float = Field(
        default=0.3,
        ge=0,
        description="Cost of keeping goods at a facility for a year, as a share of their price. 0.3: more than in a "
        "depot, as losses are, an estimate of ours",
        json_schema_extra={"unit": "share"},
    )
    group_width: Mad = Field(
        default=0.0,
        description="Facilities whose costs of delivery compare alike up to this (MAD/m3) are one group. 0: only those "
        "that compare exactly alike",
    )
    shortage_factor: float = Field(
        default=10.0,
        ge=0,
        description="Price of a unit that is not delivered, where the need has none, as a multiple of today's price, "
        "or of the cheapest offer where that is not known. 10: as for awards",
        json_schema_extra={"unit": "ratio"},
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: the sum of all terms. Terms, in MAD: deliveries, stops, depot_stock, "
        "facility_stock, shortages (not paid)",
    )
    pins: tuple[DistributionPin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any the sum of all terms."""
        return self.goals or in_mad(dict.fromkeys(TERMS, 1.0))
