"""From the solved model to quantities: whole packs, figures near a whole number or a limit set to it."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.calloffs.index import Floats, Index
from gst_opt.pillars.purchasing.calloffs.outcome import plan_of
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Block = Any
NEAR = 1e-7
"""Part of a figure that rounding explains."""
NONE = 1e-9
"""Share of a want below which nothing is received."""


def read(block: Block, problem: CallOffProblem) -> CallOffPlan:
    """Read what is received, and which period and group uses it."""
    sets: Index = block.index
    used = _shares(block, sets) * sets.units
    totals: Floats = np.bincount(sets.slot, weights=used, minlength=len(sets.call)).astype(np.float64)
    received = _received(block, sets, totals)
    part = np.divide(np.minimum(totals, received), totals, out=np.ones_like(totals), where=totals > 0)
    used *= part[sets.slot]
    places = [(*sets.calls[call].key, s) for call, s in zip(sets.call.tolist(), sets.received.tolist(), strict=True)]
    pairs = zip(sets.slot.tolist(), sets.want.tolist(), used.tolist(), strict=True)
    return plan_of(
        problem,
        {place: units for place, units in zip(places, received.tolist(), strict=True) if units > 0},
        {
            (*places[slot], sets.wants[want].group, sets.wants[want].period): units
            for slot, want, units in pairs
            if units > 0
        },
    )


def _shares(block: Block, sets: Index) -> Floats:
    """Return the shares of what is ordered, none of a want above all of it."""
    shares = np.clip(linear.values(block.share), 0.0, sets.most)
    open_slot = np.ones(len(sets.call), dtype=np.bool_)
    open_slot[sets.lines] = linear.values(block.line) > 0.5
    if len(block.order):
        chosen = dict(zip(sets.orders, (linear.values(block.order) > 0.5).tolist(), strict=True))
        open_slot &= np.array([chosen[supplier, period] for supplier, _, period in sets.keys])
    shares[(shares <= NONE) | ~open_slot[sets.slot]] = 0.0
    met = np.bincount(sets.want, weights=shares, minlength=len(sets.wants))
    whole = np.where(np.abs(met - 1) <= NEAR, met, np.maximum(met, 1.0))
    return np.asarray(shares / whole[sets.want])


def _received(block: Block, sets: Index, totals: Floats) -> Floats:
    """Return the units received in every slot."""
    received = totals.copy()
    left = np.clip(linear.values(block.left), 0.0, 1.0)
    received[sets.loose] += np.where(left > NONE, left, 0.0) * sets.leeway[sets.loose]
    smallest = sets.each("smallest")[sets.call]
    received = np.where(received > 0, np.maximum(received, smallest), 0.0)
    for limit in (np.rint(received), sets.largest):
        received = np.where(np.abs(received - limit) <= NEAR * limit, limit, received)
    received[sets.packed] = np.rint(linear.values(block.packs)) * sets.pack[sets.packed]
    return np.asarray(received)
