"""From the solved model to quantities: whole packs, figures near a whole number or a limit set to it."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.awards.index import Floats, Index
from gst_opt.pillars.purchasing.awards.outcome import Decided, plan_of
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.problem import AwardProblem

Block = Any
NEAR, COUNTED = 1e-7, 1e-3
"""Part of a figure that rounding explains, never more than so much of a unit."""
NONE = 1e-9
"""Share of a need below which nothing is bought."""


def read(block: Block, problem: AwardProblem) -> AwardPlan:
    """Read what is bought, where it goes, and which lots are reserved."""
    sets: Index = block.index
    units = _units(block, sets)
    bought = {key: value for key, value in zip(sets.keys, units.tolist(), strict=True) if value > 0}
    groups = [cell.group for cell in sets.cells]
    sent: dict[tuple[str, str, int], float] = {}
    for bid, cell in zip(sets.whole.bid.tolist(), sets.whole.cell.tolist(), strict=True):
        sent[(*sets.keys[bid], groups[cell])] = float(units[bid])
    shares = np.clip(linear.values(block.sent), 0.0, None)
    totals = np.bincount(sets.flows.bid, weights=shares, minlength=len(sets.bids))
    parts = np.divide(units, totals, out=np.zeros_like(units), where=totals > 0)
    for bid, cell, part in zip(
        sets.flows.bid.tolist(), sets.flows.cell.tolist(), (shares * parts[sets.flows.bid]).tolist(), strict=True
    ):
        sent[(*sets.keys[bid], groups[cell])] = part
    held = linear.values(block.held) > 0.5
    reserved = frozenset(lot for lot, chosen in zip(sets.lots, held.tolist(), strict=True) if chosen)
    return plan_of(problem, Decided(bought, sent, reserved))


def _units(block: Block, sets: Index) -> Floats:
    """Return the units bought of every bid."""
    units = units_of(sets, linear.values(block.share))
    packed = np.flatnonzero(sets.packs > 0)
    pack = np.array([bid.offer.pack or 0.0 for bid in sets.bids])
    units[packed] = np.rint(linear.values(block.packs)) * pack[packed]
    return units


def units_of(sets: Index, shares: Floats) -> Floats:
    """Return the units of every bid's share of its need: those near a whole number or a limit are set to it."""
    shares = np.clip(shares, 0.0, sets.most)
    units = np.where(shares > NONE, shares * sets.units, 0.0)
    for limit in (
        np.rint(units),
        np.array([bid.most for bid in sets.bids]),
        np.array([bid.least for bid in sets.bids]),
    ):
        units = np.where(np.abs(units - limit) <= np.minimum(NEAR * limit, COUNTED), limit, units)
    return units
