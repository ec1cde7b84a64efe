"""The answer: who sells how much of what, which discounts that reaches, and what stays short."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.catalogue import Category
from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Mad, Quantity, Share
from gst_opt.model.problem import Cell, Plan, PlanTable
from gst_opt.pillars.purchasing.payments import Payment


class Reason(StrEnum):
    """Why a need is not met in full."""

    NO_OFFER = "no_offer"
    CAPACITY = "capacity"
    LIMITED = "limited"


class Order(Frozen):
    """A quantity of a reference, and the supplier that sells it."""

    supplier: str = Field(description="Supplier")
    reference: str = Field(description="Reference")
    need: str = Field(description="Need that it meets")
    lot: str | None = Field(description="Lot of the need; empty: none")
    units: Quantity = Field(description="Units of the reference, over the calendar")
    value: Mad = Field(description="Value at list prices")
    paid: Mad = Field(description="Value less rebates; one on all of several offers is shared out by their value")


class Delivery(Frozen):
    """What a group of facilities receives of an order."""

    supplier: str = Field(description="Supplier")
    reference: str = Field(description="Reference")
    group: int = Field(ge=1, description="Group of facilities, by number")
    units: Quantity = Field(description="Units of the reference")


class Award(Frozen):
    """A lot, or what is left of it, and the supplier that it is awarded to."""

    lot: str = Field(description="Lot")
    supplier: str = Field(description="Supplier")
    value: Mad = Field(description="Value at list prices")
    paid: Mad = Field(description="Value less rebates")


class LotOutcome(Frozen):
    """A lot: whether it is reserved to small firms, and to how many suppliers it is awarded."""

    lot: str = Field(description="Lot")
    forecast: Mad = Field(description="Forecast amount")
    reserved: bool = Field(description="Whether it is reserved to small firms")
    awards: int = Field(ge=0, description="Suppliers that it is awarded to", json_schema_extra={"unit": "unit"})


class TierReached(Frozen):
    """Where a discount schedule stands: the tier reached, and the distance to the next one."""

    schedule: str = Field(description="Discount schedule")
    supplier: str = Field(description="Supplier")
    measured: float = Field(
        ge=0, description="What its thresholds count: units, or MAD at list prices", json_schema_extra={"unit": "unit"}
    )
    value: Mad = Field(description="Value at list prices of what it is for")
    rebate: Share = Field(description="Rebate of the tier reached; 0 before the first")
    saved: Mad = Field(description="Rebate in money")
    next_rebate: Share | None = Field(description="Rebate of the next tier; empty: the last one is reached")
    to_next: float | None = Field(
        ge=0, description="Units or MAD missing to the next tier; empty: none", json_schema_extra={"unit": "unit"}
    )


class KeptReference(Frozen):
    """A reference that is bought, and whether it is in use today."""

    need: str = Field(description="Need")
    reference: str = Field(description="Reference")
    in_use: bool = Field(description="Whether it is in use today")
    share: Share = Field(description="Share of what is bought of the need")
    keeping: Mad = Field(description="Cost of keeping it, a year")
    switching: Mad = Field(description="Cost of taking it up")


class NeedMet(Frozen):
    """A need: how much of it is bought, at what price, what stays short and why, and what today's prices would cost."""

    need: str = Field(description="Need")
    category: Category = Field(description="medicine, device, consumable or reagent")
    demand: Quantity = Field(description="Units needed")
    bought: Quantity = Field(description="Units bought")
    short: Quantity = Field(description="Units not met")
    reason: Reason | None = Field(
        description="Why units are not met: no_offer (nothing that can be taken or delivered), capacity (all offers "
        "are used up), limited (lots, budget, shares, or a shortage that costs less); empty: all are met"
    )
    paid: Mad = Field(description="Paid to suppliers")
    price: Mad | None = Field(description="Paid for one unit; empty: none is bought")
    price_today: Mad | None = Field(description="Price of one unit today; empty: not known")
    saving: float | None = Field(
        description="What the units met would cost at today's price, less what is paid; empty: not known",
        json_schema_extra={"unit": "MAD"},
    )


class GroupOfFacilities(Frozen):
    """A facility and its group: suppliers compare in the same way for all facilities of a group."""

    facility: str = Field(description="Facility")
    group: int = Field(ge=1, description="Group, by number")


class AwardPlan(Plan):
    """Orders, what they reach, and every need."""

    orders: tuple[Order, ...] = Field(description="Quantities, by supplier and reference")
    deliveries: tuple[Delivery, ...] = Field(description="Where they go, by supplier, reference and group")
    awards: tuple[Award, ...] = Field(description="Awards, by lot and supplier")
    lots: tuple[LotOutcome, ...] = Field(description="Lots")
    tiers: tuple[TierReached, ...] = Field(description="Discount schedules of suppliers that sell something for them")
    references: tuple[KeptReference, ...] = Field(description="References bought, by need")
    needs: tuple[NeedMet, ...] = Field(description="Needs that units are required of")
    payments: tuple[Payment, ...] = Field(description="Payments to suppliers by period")
    groups: tuple[GroupOfFacilities, ...] = Field(description="Groups of the facilities that need something")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: awards, orders, discounts, references, needs, suppliers, payments, deliveries."""
        return (
            PlanTable.of("awards", Award, self.awards),
            PlanTable.of("lots", LotOutcome, self.lots),
            self.suppliers(),
            PlanTable.of("orders", Order, self.orders),
            PlanTable.of("tiers", TierReached, self.tiers),
            PlanTable.of("references", KeptReference, self.references),
            PlanTable.of("needs", NeedMet, self.needs),
            self.categories(),
            PlanTable.of("payments", Payment, self.payments),
            PlanTable.of("deliveries", Delivery, self.deliveries),
            PlanTable.of("groups", GroupOfFacilities, self.groups),
        )

    def categories(self) -> PlanTable:
        """Return needs, those not met in full, money and savings by category and in all.

        The saving is that of the needs whose price today is known, and so is what today's prices would cost.
        """
        groups: dict[str, list[NeedMet]] = {}
        for need in self.needs:
            groups.setdefault(need.category, []).append(need)
        rows = [_saved(key, groups[key]) for key in sorted(groups)]
        columns = ("category", "needs", "needs_short", "paid", "at_today_prices", "saving", "saving_share")
        return PlanTable(name="categories", columns=columns, rows=(*rows, _saved("*", self.needs)))

    def suppliers(self) -> PlanTable:
        """Return orders and money by supplier and in all, with each one's share of what is paid."""
        by_supplier: dict[str, list[Order]] = {}
        for order in self.orders:
            by_supplier.setdefault(order.supplier, []).append(order)
        total = sum(order.paid for order in self.orders)
        rows: list[tuple[Cell, ...]] = [_sums(key, by_supplier[key], total) for key in sorted(by_supplier)]
        rows.append(_sums("*", self.orders, total))
        return PlanTable(name="suppliers", columns=("supplier", "orders", "value", "paid", "share"), rows=tuple(rows))


def _sums(key: str, orders: "tuple[Order, ...] | list[Order]", total: float) -> tuple[Cell, ...]:
    paid = sum(order.paid for order in orders)
    value = sum(order.value for order in orders)
    return key, len(orders), round(value, 2), round(paid, 2), round(paid / total, 4) if total else None


def _saved(key: str, needs: "tuple[NeedMet, ...] | list[NeedMet]") -> tuple[Cell, ...]:
    known = [need for need in needs if need.saving is not None]
    saving = sum(need.saving or 0.0 for need in known)
    today = saving + sum(need.paid for need in known)
    return (
        key,
        len(needs),
        sum(need.short > 0 for need in needs),
        round(sum(need.paid for need in needs), 2),
        round(today, 2),
        round(saving, 2),
        round(saving / today, 4) if round(today, 2) else None,
    )
