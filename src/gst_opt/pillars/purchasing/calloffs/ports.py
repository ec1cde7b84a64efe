"""Quantities of call-offs that other questions may bind: needs met by facility and period, and money."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, items, money
from gst_opt.model.linear import Affine, total
from gst_opt.pillars.purchasing.calloffs.index import Index
from gst_opt.pillars.purchasing.calloffs.money import received
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Block = Any


def ports(block: Block, problem: CallOffProblem) -> Mapping[PortKey, Affine]:
    """Publish units met of every need by facility and period, from store too, and money by period.

    Lines: ``supplies`` (when payment falls due; what falls due after the calendar is left out) and ``logistics``
    (deliveries, orders and their lines, when they are received; stock, when it is received).
    """
    sets: Index = block.index
    wants = [sets.wants[want] for want in sets.reached.tolist()]
    at = {(want.need, want.group, sets.periods[want.period]): position for position, want in enumerate(wants)}
    found: dict[PortKey, Affine] = {}
    for (need, facility), periods in problem.used.items():
        ordered, group = problem.required.get((need, facility), {}), problem.wanted.group_of.get((need, facility))
        for period, needed in periods.items():
            units, position = ordered.get(period, 0.0), at.get((need, group, period))
            short = () if position is None or not units else (total(block.short, -units, [position]),)
            found[items(need, facility, period)] = Affine(short, needed if short else needed - units)
    price, policy = sets.price[sets.call], problem.policy
    kept = policy.holding_rate * sets.price
    delivery = sets.delivery() + kept[sets.of_call] * sets.units * sets.waits
    orders = np.array([sets.periods.index(period) for _, period in sets.orders], dtype=np.intp)
    for number, period in enumerate(sets.periods):
        found[money("supplies", period)] = Affine(received(block, price, np.flatnonzero(sets.due == number)))
        pairs = np.flatnonzero(sets.received[sets.slot] == number)
        left = np.flatnonzero(sets.received[sets.loose] == number)
        own = sets.loose[left]
        lines = np.flatnonzero(sets.received[sets.lines] == number)
        found[money("logistics", period)] = Affine(
            (
                total(block.share, delivery[pairs], pairs),
                total(block.left, (kept[sets.call] * sets.left_waits * sets.leeway)[own], left),
                total(block.order, policy.order_cost, np.flatnonzero(orders == number)),
                total(block.line, policy.line_cost, lines),
            )
        )
    return found
