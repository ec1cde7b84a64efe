"""What no grouping plan can be below: acts within their ranges, ties priced, what falls apart in whole numbers.

Source: Geoffrion (1974), Lagrangean relaxation for integer programming.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from gst_opt.grouping_plan.arrays import Tied
from gst_opt.grouping_plan.relaxation import Relaxation
from gst_opt.solve.components import Part, split
from gst_opt.solve.highs import minimise
from gst_opt.solve.lp_data import LpData
from gst_opt.solve.once import Limits
from gst_opt.solve.threads import at_once

ROOM = 0.02
"""Plans whose acts are outside of their ranges cost more than the relaxation by so much, as a share of it."""

SUPPLIES = 0.005
"""Services whose acts use less supplies, as a share of what the relaxation costs, keep the range that they have."""

RANGED = 0.4
"""Share of the time left for ranges."""

PIECES_GAP, PIECE_EFFORT = 0.02, 30.0
"""What all pieces may leave together, as a share of the gap asked for, and processor seconds of one at most."""

TINY = 1e-9
"""The least that a piece may leave."""


def proven(tied: Tied, lp: Relaxation, limits: Limits) -> float:
    """Return what no plan costs less than, constants left out: what the relaxation says at least.

    ::

        min c.x + pi.(b - A x)    over the rows that are not priced

    with prices pi is below every plan. They are those of the relaxation when acts are within their ranges, and the
    switches of the tender as tight as that allows: an award of eight tenths for eight tenths of the acts is none then.

    Parameters
    ----------
    tied
        The model.
    lp
        Its relaxation, solved once, which is narrowed.
    limits
        Time, gap, and how many pieces at once.
    """
    first = lp.bound
    if lp.prices is None:
        return first
    most = first + ROOM * abs(first)
    with lp:
        lp.limits = limits.for_a_share(RANGED)
        narrow = tied.within(*lp.ranges(_dear(tied, lp), most))
        lp.limits = limits
        lp.narrow(narrow.part)
        lp.solve()
    return max(first, min(max(lp.bound, apart(narrow, lp, limits)), most))


def _dear(tied: Tied, lp: Relaxation) -> list[int]:
    """Return the columns of acts whose supplies are a part of the costs worth looking at."""
    assert lp.prices is not None
    rows = tied.priced
    paid = np.abs(tied.part.matrix[rows].T @ lp.prices[rows])
    return [column for column in tied.acts.tolist() if paid[column] >= SUPPLIES * abs(lp.bound)]


def apart(tied: Tied, lp: Relaxation, limits: Limits) -> float:
    """Return the bound of a model whose ties, and what ties types of platforms, are priced."""
    if not np.isfinite(lp.bound):
        return lp.bound
    limits = limits if limits.deadline is None else limits.until(limits.deadline)
    part, rows, known, paid = tied.part, tied.apart, lp.x, lp.prices
    assert known is not None
    assert paid is not None
    prices = paid[rows]
    costs = tied.costs - part.matrix[rows].T @ prices
    sides = np.where(prices > 0, part.row_lower[rows], part.row_upper[rows])
    kept, pieces = np.setdiff1d(np.arange(len(paid)), rows), split(part.dropping_rows(rows))
    left = max(PIECES_GAP * limits.gap * abs(lp.bound) / max(len(pieces), 1), TINY)

    def searched(piece: Part) -> float:
        own = costs[piece.columns]
        gap = left / max(abs(float(own @ known[piece.columns])), left)
        run = minimise(piece, own, (), replace(limits, gap=gap, effort=PIECE_EFFORT, watch=None), None)
        bounds, rows = (piece.lower, piece.upper), (piece.row_lower, piece.row_upper)
        relaxed = LpData.trusted(own, bounds, piece.matrix, rows).bound(paid[kept[piece.rows]])
        return relaxed if run.bound is None else max(relaxed, run.bound)

    bounds = at_once([partial(searched, piece) for piece in pieces], limits.workers)
    return float(prices[prices != 0] @ sides[prices != 0]) + sum(bounds)
