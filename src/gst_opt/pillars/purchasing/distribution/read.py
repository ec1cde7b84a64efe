"""From the solved model to flows: nothing beyond what arrives or is needed, nothing without a stop."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.distribution.index import Index
from gst_opt.pillars.purchasing.distribution.outcome import plan_of
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Flow
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

Block = Any
NEAR = 1e-7
"""Part of a figure that rounding explains."""
NONE = 1e-9
"""Share of a want below which nothing is delivered."""


def read(block: Block, problem: DistributionProblem) -> DistributionPlan:
    """Read who brings what to whom."""
    sets: Index = block.index
    shares = np.clip(linear.values(block.share), 0.0, sets.most)
    shares[shares <= NONE] = 0.0
    if len(block.stop):
        stops = dict(zip(sets.stops, (linear.values(block.stop) > 0.5).tolist(), strict=True))
        shares[~np.array([stops[stop] for stop in sets.stop_of])] = 0.0
    met = np.bincount(sets.want, weights=shares, minlength=len(sets.wants))
    shares = shares / np.where(np.abs(met - 1) <= NEAR, met, np.maximum(met, 1.0))[sets.want]
    units = shares * sets.units
    used = np.bincount(sets.arrival, weights=units, minlength=len(sets.arrivals)) / np.maximum(sets.available, 1e-300)
    units = units / np.maximum(used, 1.0)[sets.arrival]
    flows = [
        Flow(
            supplier=sets.arrivals[u].supplier,
            reference=sets.arrivals[u].reference,
            received=sets.arrivals[u].received,
            period=sets.arrivals[u].period,
            group=sets.wants[k].group,
            depot=None if h < 0 else sets.depots[h],
            units=quantity,
        )
        for u, k, h, quantity in zip(
            sets.arrival.tolist(), sets.want.tolist(), sets.depot.tolist(), units.tolist(), strict=True
        )
        if quantity > 0
    ]
    return plan_of(problem, flows)
