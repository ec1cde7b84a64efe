"""What deliveries cost, and the quantities that other questions may bind: needs delivered, and money."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, items, money
from gst_opt.model.linear import Affine, total
from gst_opt.pillars.purchasing.distribution.index import Index, floats
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

Block = Any


def amounts(block: Block, period: int | None = None) -> dict[str, Affine]:
    """Return every term in money but shortages, by name; in all, or when facilities receive in one period."""
    sets: Index = block.index
    policy = sets.problem.policy
    delivered = np.where(sets.depot < 0, sets.received, sets.period)
    ways = np.arange(len(sets.want)) if period is None else np.flatnonzero(delivered == period)
    stops = [n for n, (_, _, one) in enumerate(sets.stops) if period is None or sets.at[one] == period]
    worth = sets.price * sets.units * sets.years
    kept = np.where(sets.depot < 0, policy.facility_holding_rate * worth, 0.0)
    cost = policy.stop_cost * floats(sets.members[sets.stops[n][1]] for n in stops)
    return {
        "deliveries": Affine((total(block.share, (sets.cost * sets.units)[ways], ways),)),
        "stops": Affine((total(block.stop, cost, np.array(stops, dtype=np.intp)),)),
        "depot_stock": Affine((total(block.share, (sets.depot_rate * worth)[ways], ways),)),
        "facility_stock": Affine((total(block.share, kept[ways], ways),)),
    }


def ports(block: Block, problem: DistributionProblem) -> Mapping[PortKey, Affine]:
    """Publish units of every need by facility and period, delivered or from its own store, and money by period.

    Line: ``distribution`` (deliveries, stops and stock, when the facility receives).
    """
    sets: Index = block.index
    wants = [sets.wants[want] for want in sets.reached.tolist()]
    at = {(want.need, want.group, sets.periods[want.period]): position for position, want in enumerate(wants)}
    found: dict[PortKey, Affine] = {}
    for (need, facility), periods in problem.used.items():
        delivered, group = problem.required.get((need, facility), {}), problem.groups.get(facility, 0)
        for period, needed in periods.items():
            units, position = delivered.get(period, 0.0), at.get((need, group, period))
            short = () if position is None or not units else (total(block.short, -units, [position]),)
            found[items(need, facility, period)] = Affine(short, needed if short else needed - units)
    for number, period in enumerate(sets.periods):
        parts = amounts(block, number).values()
        found[money("distribution", period)] = Affine(tuple(entry for part in parts for entry in part.entries))
    return found
