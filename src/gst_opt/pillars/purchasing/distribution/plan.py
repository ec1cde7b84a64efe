"""The answer: who brings what to which facilities, what depots keep, what stays short, what every facility pays."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import CubicMetres, Mad, Quantity
from gst_opt.model.problem import Plan, PlanTable


class Reason(StrEnum):
    """Why a need is not delivered in full in a period."""

    NO_WAY = "no_way"
    NO_STOCK = "no_stock"
    LIMITED = "limited"


class Flow(Frozen):
    """Units that reach a group of facilities, straight from a supplier or through a depot."""

    supplier: str | None = Field(description="Supplier; empty: in the depot at the start")
    reference: str = Field(description="Reference")
    received: str = Field(description="Period that receives it: the facility's, or the depot's")
    period: str = Field(description="Period that uses it; a depot delivers it then")
    group: int = Field(ge=1, description="Group of facilities, by number")
    depot: str | None = Field(description="Depot; empty: straight from the supplier")
    units: Quantity = Field(description="Units of the reference")

    @property
    def arrival(self) -> tuple[str, ...]:
        """Key of the arrival that it is of."""
        store = self.depot if self.supplier is None else None
        return str(self.supplier), str(store), self.reference, self.received, self.period


class Stops(Frozen):
    """A supplier or a depot that stops at all facilities of a group in a period."""

    period: str = Field(description="Period")
    group: int = Field(ge=1, description="Group of facilities, by number")
    supplier: str | None = Field(description="Supplier; empty: a depot")
    depot: str | None = Field(description="Depot; empty: a supplier")
    stops: int = Field(ge=1, description="Stops: the facilities of the group", json_schema_extra={"unit": "unit"})


class DepotStock(Frozen):
    """What a depot keeps at the end of a period."""

    depot: str = Field(description="Depot")
    period: str = Field(description="Period")
    volume: CubicMetres = Field(description="Volume kept")
    storage: CubicMetres | None = Field(description="Room; empty: no limit")
    worth: Mad = Field(description="Price of what is kept")


class FacilityStock(Frozen):
    """What a facility receives in a period, and what it keeps at its end; a group's flows are shared out by need."""

    facility: str = Field(description="Facility")
    period: str = Field(description="Period")
    volume_in: CubicMetres = Field(description="Volume received")
    worth_in: Mad = Field(description="Price of what is received")
    volume: CubicMetres = Field(description="Volume kept for later periods")
    worth: Mad = Field(description="Price of what is kept")


class NeedDelivered(Frozen):
    """A need in a period: how much of it is delivered, and why not all."""

    need: str = Field(description="Need")
    period: str = Field(description="Period")
    demand: Quantity = Field(description="Units needed")
    short: Quantity = Field(description="Units not delivered; shared out among the facilities of a group by their need")
    reason: Reason | None = Field(
        description="Why units are not delivered: no_way (none from what is left), no_stock (all that came is "
        "delivered), limited (room in depots, stops, pins, or a shortage that costs less); empty: all are"
    )


class Tariff(Frozen):
    """What a unit of a need costs all facilities alike, deliveries apart."""

    need: str = Field(description="Need")
    bought: Quantity = Field(description="Units delivered")
    paid: Mad = Field(description="Paid to suppliers for them")
    price: Mad = Field(description="Price of one unit")


class Invoice(Frozen):
    """What a facility pays for what it receives; a group's flows are shared out by what its facilities need."""

    facility: str = Field(description="Facility")
    supplies: Mad = Field(description="Units received, at the tariff of each need")
    deliveries: Mad = Field(description="Transport of its own deliveries, and of those to the depots for it")
    rounds: Mad = Field(description="Its stops")
    kept: Mad = Field(description="Keeping its goods, in depots and at the facility")
    common: Mad = Field(description="Part of what is paid for no facility in particular, by its supplies")
    invoice: Mad = Field(description="All of these")


class GroupMember(Frozen):
    """A facility and its group: all ways compare alike for the facilities of a group."""

    group: int = Field(ge=1, description="Group, by number")
    facility: str = Field(description="Facility")


class DistributionPlan(Plan):
    """Flows, stops, stocks, and invoices."""

    flows: tuple[Flow, ...] = Field(description="What reaches whom, and how")
    rounds: tuple[Stops, ...] = Field(description="Who stops where")
    depots: tuple[DepotStock, ...] = Field(description="What depots keep")
    facilities: tuple[FacilityStock, ...] = Field(description="What facilities receive and keep")
    needs: tuple[NeedDelivered, ...] = Field(description="Needs by period")
    tariffs: tuple[Tariff, ...] = Field(description="Internal price of every need")
    invoices: tuple[Invoice, ...] = Field(description="What every facility pays")
    groups: tuple[GroupMember, ...] = Field(description="Groups and their facilities")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: invoices, tariffs, stocks of depots and facilities, rounds, needs, flows, groups."""
        return (
            PlanTable.of("invoices", Invoice, self.invoices),
            PlanTable.of("tariffs", Tariff, self.tariffs),
            PlanTable.of("depots", DepotStock, self.depots),
            PlanTable.of("facilities", FacilityStock, self.facilities),
            PlanTable.of("rounds", Stops, self.rounds),
            PlanTable.of("needs", NeedDelivered, self.needs),
            PlanTable.of("flows", Flow, self.flows),
            PlanTable.of("groups", GroupMember, self.groups),
        )
