"""Economic order quantity under a discount schedule: how much to order at a time; no solver."""

import math

import numpy as np
from pydantic import Field

from gst_opt.core.errors import DataError, expect
from gst_opt.core.frozen import Frozen
from gst_opt.model.arrays import floats
from gst_opt.pillars.purchasing.classic.schedule import TierSchedule, above_zero, wrong_schedule


class OrderQuantity(Frozen):
    """What to order at a time, the tier that it reaches, and what a period costs."""

    quantity: float = Field(description="Quantity of one order")
    tier: int = Field(description="Tier of the schedule that it reaches: position from 0")
    purchases: float = Field(description="Price of what one period needs")
    orders: float = Field(description="Cost of the orders of one period")
    stock: float = Field(description="Cost of the stock of one period")

    @property
    def cost(self) -> float:
        """Cost of one period in all."""
        return self.purchases + self.orders + self.stock


def eoq_discount(demand: float, order_cost: float, hold: float, schedule: TierSchedule) -> OrderQuantity:
    """Return the order quantity of least cost, proven: the best of each tier is known in closed form.

    Under all-units rates it is the quantity of Harris at the tier's price, where that is in the tier, or the
    threshold. Under incremental rates an order costs the tier's intercept more. Demand is steady and deliveries
    are at once.

    Parameters
    ----------
    demand
        Quantity needed in a period (a year), above 0.
    order_cost
        Cost of one order, above 0; the schedule's own fixed cost is paid with every order too.
    hold
        Cost of keeping stock worth 1 for a period, as a share of its value, above 0.
    schedule
        Tiers; the rates are prices, above 0, and the first threshold is the least order.

    Raises
    ------
    DataError
        If a number is not above 0, NaN or infinite, thresholds do not rise, or rates do not fall: every one of them.

    Examples
    --------
    >>> best = eoq_discount(1000, 200, 0.2, TierSchedule(thresholds=(0, 200, 500), rates=(500, 475, 450)))
    >>> best.quantity, best.tier, best.cost
    (500.0, 2, 472900.0)

    Notes
    -----
    Source: Hadley and Whitin (1963), Analysis of Inventory Systems, sections 2-11 and 2-12; Snyder and Shen (2019),
    Fundamentals of Supply Chain Theory, section 3.4.
    """
    expect(schedule, TierSchedule)
    problems = [*wrong_schedule("schedule", 0, schedule)]
    for name, value in (("demand", demand), ("order_cost", order_cost), ("hold", hold)):
        problems += above_zero(name, floats(value).reshape(-1), 1)
    problems += above_zero("rates", np.array(schedule.rates), -1)
    if problems:
        raise DataError(problems)
    return min(
        (_order(tier, demand, order_cost, hold, schedule) for tier in range(len(schedule.rates))),
        key=lambda order: order.cost,
    )


def _order(tier: int, demand: float, order_cost: float, hold: float, schedule: TierSchedule) -> OrderQuantity:
    """Return the best quantity from a tier's threshold on, at the rates of the tier that it reaches.

    Beyond the next threshold the next tier's rate holds, which is no higher.
    """
    each = order_cost + schedule.fixed
    best = math.sqrt(2 * demand * (each + schedule.intercepts()[tier]) / (hold * schedule.rates[tier]))
    quantity = max(best, schedule.thresholds[tier])
    paid = schedule.paid(quantity)
    return OrderQuantity(
        quantity=quantity,
        tier=schedule.tier(quantity),
        purchases=demand * paid / quantity,
        orders=demand * each / quantity,
        stock=hold * paid / 2,
    )
