"""From a plan to the model's variables: the inverse of `read`."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.distribution.index import Index
from gst_opt.pillars.purchasing.distribution.outcome import ROUNDING
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

Block = Any


def write(block: Block, problem: DistributionProblem, plan: DistributionPlan | None) -> None:
    """Set the flows of a plan, as far as there is a way; without one nothing is delivered."""
    sets: Index = block.index
    at = {key: position for position, key in enumerate(sets.keys)}
    share = np.zeros(len(sets.want))
    for flow in plan.flows if plan else ():
        key: tuple[str | int, ...] = (*flow.arrival, flow.group, flow.depot or "direct")
        if key in at:
            share[at[key]] = flow.units / sets.units[at[key]]
    stops = {stop for stop, part in zip(sets.stop_of, share.tolist(), strict=True) if part > 0}
    short = 1 - np.bincount(sets.want, weights=share, minlength=len(sets.wants))[sets.reached]
    linear.set_values(block.share, share)
    linear.set_values(block.short, np.where(short > ROUNDING, short, 0.0))
    linear.set_values(block.stop, [float(stop in stops) for stop in sets.stops])
