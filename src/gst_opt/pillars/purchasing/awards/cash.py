"""What falls due to suppliers in a period, and the money that there is for it."""

from typing import Any

import numpy as np

from gst_opt.model.linear import Entries
from gst_opt.pillars.purchasing.awards.index import Index, floats
from gst_opt.pillars.purchasing.awards.money import lost, paid
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.scaled import scaled_rows

Block = Any


def falls_due(block: Block, period: str) -> tuple[Entries, ...]:
    """Return what falls due to suppliers in a period."""
    sets: Index = block.index
    due, schedules = sets.problem.due, sets.problem.schedules
    bought = floats(due.bought[bid.offer.supplier, bid.need].get(period, 0.0) for bid in sets.bids)
    sellers = (schedules[number].schedule.supplier for number in sets.tiers.schedule.tolist())
    once = floats(due.once[seller].get(period, 0.0) for seller in sellers)
    return (*paid(block, np.ones(len(sets.bids), dtype=np.bool_), bought), lost(block, once))


def cash(block: Block, problem: AwardProblem) -> None:
    """Payments to suppliers that fall due in a period stay within its money.

    ::

        sum_(j,r) due_jit v_jr (x_jr - sum_k rebate_k x_jrk) + sum_k due_jt lost_k z_k <= cash_t

    for every period t with a limit, where due is the part that falls due in t: of what is received as need i requires
    it, a supplier's payment delay after; of what incremental rebates do not give, by the length of the periods. Source:
    the grouping's treasury.
    """
    limits = problem.policy.cash_limits
    entries = [
        Entries(entry.variable, row, entry.columns, entry.coefficients)
        for row, limit in enumerate(limits)
        for entry in falls_due(block, limit.period)
    ]
    scaled_rows(block, "cash", [one.period for one in limits], entries, upper=floats(one.mad for one in limits))
