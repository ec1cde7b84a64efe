"""From a plan to the model's variables: the inverse of `read`."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.calloffs.index import Index, floats
from gst_opt.pillars.purchasing.calloffs.outcome import ROUNDING
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Block = Any


def write(block: Block, problem: CallOffProblem, plan: CallOffPlan | None) -> None:
    """Set what a plan orders, as far as it can be called off; without one nothing is ordered."""
    sets: Index = block.index
    at = {key: position for position, key in enumerate(sets.keys)}
    received, left = np.zeros(len(sets.keys)), np.zeros(len(sets.keys))
    for call in plan.calls if plan else ():
        slot = at.get((call.supplier, call.reference, call.received))
        if slot is not None:
            received[slot], left[slot] = call.units, call.left
    share = np.zeros(len(sets.slot))
    pair_at = {key: position for position, key in enumerate(block.share)}
    for use in plan.uses if plan else ():
        pair = pair_at.get((use.supplier, use.reference, use.received, use.group, use.period))
        if pair is not None:
            share[pair] = use.units / sets.units[pair]
    opened = received > 0
    placed = {(sets.keys[n][0], sets.keys[n][2]) for n in np.flatnonzero(opened).tolist()}
    linear.set_values(block.share, share)
    linear.set_values(block.left, left[sets.loose] / sets.leeway[sets.loose])
    linear.set_values(block.order, [float(order in placed) for order in sets.orders])
    linear.set_values(block.line, opened[sets.lines].astype(np.float64))
    linear.set_values(block.packs, np.rint(received[sets.packed] / sets.pack[sets.packed]))
    short = 1 - np.bincount(sets.want, weights=share, minlength=len(sets.wants))[sets.reached]
    linear.set_values(block.short, np.where(short > ROUNDING, short, 0.0))
    _owed(block, sets, received)


def _owed(block: Block, sets: Index, received: Any) -> None:
    """Set what is missing to awarded quantities and to contracts."""
    totals, least = np.bincount(sets.call, weights=received, minlength=len(sets.calls)), sets.each("least")
    owed = np.maximum(least - totals, 0.0)
    owed[totals >= least * (1 - ROUNDING)] = 0.0
    linear.set_values(block.owed, (owed / np.where(least > 0, least, 1.0))[sets.committed])
    value = sets.each("list_price") * totals + sets.price * owed
    amounts = {(one.lot, one.supplier): one.min_amount for one in sets.problem.contracts}
    found = floats(value[sets.of_contract(*one)].sum() / amounts[one] for one in sets.contracts)
    linear.set_values(block.missing, np.where(found < 1 - ROUNDING, 1 - found, 0.0))
