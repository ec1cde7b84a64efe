"""Points known before a search: today's, and an earlier plan's, repaired where it no longer fits."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Ended
from gst_opt.solve.components import Part
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.stages import costs_of

TOLERANCE = 1e-9


def known_point(part: Part, goals: Sequence[Goal], points: Sequence[Floats], limits: Limits) -> Floats | None:
    """Return the best of the points that a part allows, in the order of the goals; None when it allows none.

    A point that it does not allow is repaired by keeping its whole numbers and solving for the rest.
    """
    allowed = []
    for point in points:
        found = point if holds(part, point) else _repaired(part, point, limits)
        if found is not None:
            allowed.append(found)
    return min(allowed, key=lambda x: [float(costs_of(goal, part) @ x) for goal in goals], default=None)


def holds(part: Part, x: Floats) -> bool:
    """Say whether a part allows a point: its rows, its bounds, its whole numbers."""
    activity = part.matrix @ x
    room = TOLERANCE * np.maximum(1.0, np.abs(activity))
    return bool(
        np.all(np.isfinite(x))
        and np.all(activity >= part.row_lower - room)
        and np.all(activity <= part.row_upper + room)
        and np.all(x >= part.lower - TOLERANCE)
        and np.all(x <= part.upper + TOLERANCE)
        and np.all(np.abs(x - np.rint(x))[part.integer] <= TOLERANCE)
    )


def _repaired(part: Part, x: Floats, limits: Limits) -> Floats | None:
    whole = np.clip(np.rint(x), part.lower, part.upper)
    if part.integer.all() or not np.all(np.isfinite(whole[part.integer])):
        return None
    fixed = replace(
        part,
        lower=np.where(part.integer, whole, part.lower),
        upper=np.where(part.integer, whole, part.upper),
    )
    run = minimise(fixed, np.zeros(len(x)), (), limits, None)
    return run.x if run.ended is Ended.OPTIMAL else None
