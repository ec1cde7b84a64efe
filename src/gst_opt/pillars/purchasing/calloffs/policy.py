"""What the grouping has decided about its call-offs: costs of orders and stock, money by period, pins."""

from pydantic import Field

from gst_opt.core.catalogue import BuyingLevel
from gst_opt.core.units import Days, LotId, Mad, NeedId, PeriodId, ReferenceId, SupplierId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy
from gst_opt.pillars.purchasing.payments import CashLimit

TERMS = ("supplies", "deliveries", "orders", "order_lines", "stock", "commitments", "shortages")
"""Terms, all in MAD; the last one is not paid."""


class CallOffPin(Pin):
    """A decision already taken: what is received of what it selects, in MAD at the prices paid."""

    supplier: SupplierId | None = Field(default=None, description="Supplier; empty: any")
    reference: ReferenceId | None = Field(default=None, description="Reference; empty: any")
    need: NeedId | None = Field(default=None, description="Need; empty: any")
    lot: LotId | None = Field(default=None, description="Lot; empty: any")
    period: PeriodId | None = Field(default=None, description="Period of receipt; empty: any")

    def selects(self, found: tuple[str, str, str, str | None, str]) -> bool:
        """Say whether the pin counts a receipt, given its supplier, reference, need, lot and period."""
        wanted = (self.supplier, self.reference, self.need, self.lot, self.period)
        return all(one in (None, other) for one, other in zip(wanted, found, strict=True))


class CallOffPolicy(Policy):
    """What the grouping has decided about its call-offs."""

    levels: tuple[BuyingLevel, ...] = Field(
        default=(BuyingLevel.REGIONAL,),
        description="Whose needs are bought: national, regional, local. The others are left to those who buy them",
    )
    order_cost: Mad = Field(
        default=500.0,
        description="Cost of one order to a supplier, whatever it holds. 500: half a day to place it, to receive it "
        "and to pay it, an estimate of ours",
    )
    line_cost: Mad = Field(
        default=0.0, description="Cost of one more reference in an order. 0: it is in the cost of the order"
    )
    holding_rate: float = Field(
        default=0.2,
        ge=0,
        description="Cost of keeping goods for a year, as a share of their price. 0.2: money, room, handling, loss, "
        "the middle of what textbooks give, an estimate",
        json_schema_extra={"unit": "share"},
    )
    notice: Days = Field(
        default=60.0,
        description="Days before the calendar begins from which orders may be placed. 60: contracts are signed two "
        "months ahead, an estimate of ours",
    )
    max_cover: Days | None = Field(
        default=None, description="Days that goods may wait for the period that uses them, at most; empty: no limit"
    )
    cash_limits: tuple[CashLimit, ...] = Field(default=(), description="Payments to suppliers, period by period")
    budget: Mad | None = Field(
        default=None,
        description="All that is paid for what the calendar receives, at most: supplies, deliveries, orders, stock, "
        "amounts owed; empty: no limit",
    )
    shortage_factor: float = Field(
        default=10.0,
        ge=0,
        description="Price of a unit that is not there, where the need has none, as a multiple of today's price, or of "
        "the cheapest offer where that is not known. 10: as for awards",
        json_schema_extra={"unit": "ratio"},
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: the sum of all terms. Terms, in MAD: supplies, deliveries, orders, "
        "order_lines, stock, commitments (owed without being ordered), shortages (not paid)",
    )
    pins: tuple[CallOffPin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any the sum of all terms."""
        return self.goals or in_mad(dict.fromkeys(TERMS, 1.0))
