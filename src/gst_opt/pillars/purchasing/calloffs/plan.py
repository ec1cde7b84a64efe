"""The answer: what is received when of which offer, for which later needs, when it is paid, and what stays short."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Mad, Quantity
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.pillars.purchasing.opening import StockUse
from gst_opt.pillars.purchasing.payments import Payment


class Reason(StrEnum):
    """Why a need is not met in full in a period."""

    NO_OFFER = "no_offer"
    LEAD_TIME = "lead_time"
    CAPACITY = "capacity"
    LIMITED = "limited"


class CallOff(Frozen):
    """A reference in an order: when it is placed at the latest, received and paid."""

    supplier: str = Field(description="Supplier")
    reference: str = Field(description="Reference")
    need: str = Field(description="Need that it meets")
    received: str = Field(description="Period that receives it, on its first day")
    order_by: str = Field(description="Day by which the order is placed, year-month-day")
    units: Quantity = Field(description="Units of the reference")
    left: Quantity = Field(description="Units of them that no need of the calendar uses: a last pack, a minimum order")
    paid: Mad = Field(description="Price of all units, less rebates")
    due: str | None = Field(description="Period in which payment falls due; empty: after the calendar")


class Use(Frozen):
    """What a group of facilities uses in a period of a receipt."""

    supplier: str = Field(description="Supplier")
    reference: str = Field(description="Reference")
    received: str = Field(description="Period that receives it")
    period: str = Field(description="Period that uses it")
    group: int = Field(ge=1, description="Group of facilities, by number")
    units: Quantity = Field(description="Units of the reference")


class SupplierOrder(Frozen):
    """An order to a supplier: all that it delivers in a period."""

    supplier: str = Field(description="Supplier")
    received: str = Field(description="Period that receives it")
    lines: int = Field(ge=1, description="References in it", json_schema_extra={"unit": "unit"})
    paid: Mad = Field(description="Price of all units, less rebates")


class OfferTotal(Frozen):
    """An awarded offer over the calendar: between its least and its most."""

    supplier: str = Field(description="Supplier")
    reference: str = Field(description="Reference")
    least: Quantity = Field(description="Units to be ordered at least")
    most: Quantity | None = Field(description="Units that may be ordered at most; empty: no limit")
    units: Quantity = Field(description="Units ordered")
    owed: Mad = Field(description="Price of the units missing to the least, which is owed all the same")


class ContractTotal(Frozen):
    """A framework contract over the calendar: between its minimum and its maximum."""

    lot: str = Field(description="Lot")
    supplier: str = Field(description="Supplier")
    value: Mad = Field(description="Value ordered, at list prices")
    min_amount: Mad = Field(description="Least that it orders, at list prices")
    max_amount: Mad | None = Field(description="Most that it orders, at list prices; empty: no limit")
    owed: Mad = Field(description="Missing to the minimum, beyond what is owed for its offers")


class NeedInPeriod(Frozen):
    """A need in a period: how much of it is there, and why not all."""

    need: str = Field(description="Need")
    period: str = Field(description="Period")
    demand: Quantity = Field(description="Units needed, beyond what is in store at the start")
    short: Quantity = Field(description="Units not met; shared out among the facilities of a group by what they need")
    reason: Reason | None = Field(
        description="Why units are not met: no_offer (nothing awarded, or nobody delivers there), lead_time (nothing "
        "can arrive in time), capacity (all that can arrive is used up), limited (money, pins, a shortage that costs "
        "less); empty: all are met"
    )


class GroupMember(Frozen):
    """A facility of a group: the suppliers of some needs compare in the same way for all of them."""

    group: int = Field(ge=1, description="Group, by number")
    facility: str = Field(description="Facility")


class CallOffPlan(Plan):
    """Orders by period, and what they are for."""

    calls: tuple[CallOff, ...] = Field(description="References in orders, by supplier and period of receipt")
    uses: tuple[Use, ...] = Field(description="Which period uses what is received, by group")
    orders: tuple[SupplierOrder, ...] = Field(description="Orders, by supplier and period of receipt")
    offers: tuple[OfferTotal, ...] = Field(description="Awarded offers over the calendar")
    contracts: tuple[ContractTotal, ...] = Field(description="Framework contracts over the calendar")
    needs: tuple[NeedInPeriod, ...] = Field(description="Needs by period")
    payments: tuple[Payment, ...] = Field(description="Payments to suppliers by period")
    from_stock: tuple[StockUse, ...] = Field(description="What is in store at the start, and the periods that use it")
    groups: tuple[GroupMember, ...] = Field(description="Groups and their facilities")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: orders and their lines, stocks, totals, needs, payments, uses, groups."""
        return (
            PlanTable.of("orders", SupplierOrder, self.orders),
            PlanTable.of("calls", CallOff, self.calls),
            self.stocks(),
            PlanTable.of("offers", OfferTotal, self.offers),
            PlanTable.of("contracts", ContractTotal, self.contracts),
            PlanTable.of("needs", NeedInPeriod, self.needs),
            PlanTable.of("payments", Payment, self.payments),
            PlanTable.of("uses", Use, self.uses),
            PlanTable.of("from_stock", StockUse, self.from_stock),
            PlanTable.of("groups", GroupMember, self.groups),
        )

    def stocks(self) -> PlanTable:
        """Return the units of each reference in stock at the end of every period.

        What is left over of an order stays in stock; of what was in store at the start, only what is used counts.
        """
        periods = [payment.period for payment in self.payments]
        at = {period: position for position, period in enumerate(periods)}
        change: dict[str, list[float]] = {}
        for call in self.calls:
            change.setdefault(call.reference, [0.0] * len(periods))[at[call.received]] += call.units
        for one in self.from_stock:
            if one.period is not None:
                steps = change.setdefault(one.reference, [0.0] * len(periods))
                steps[0] += one.units
                steps[at[one.period]] -= one.units
        for use in self.uses:
            change[use.reference][at[use.period]] -= use.units
        rows: list[tuple[Cell, ...]] = []
        for reference, steps in sorted(change.items()):
            stock = 0.0
            for period, step in zip(periods, steps, strict=True):
                stock += step
                rows.append((reference, period, max(round(stock, 6), 0.0)))
        return PlanTable(name="stocks", columns=("reference", "period", "units"), rows=tuple(rows))
