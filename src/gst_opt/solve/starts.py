"""Points known before a search: today's, and an earlier plan's, repaired where it no longer fits."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from gst_opt.core.errors import GstOptError
from gst_opt.model.formulation import Formulation, P, Q
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Ended, Rung
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, costs_of
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits, once
from gst_opt.solve.standard import StandardForm, holds, standard_form
from gst_opt.text import Message

NEAREST_GAP, NEAREST_NODES, NEAREST_SHARE = 0.5, 50, 0.1
"""Gap and nodes of the search for a point near a start, and its share of the time left: any near point will do."""


def points_of(
    formulation: Formulation[Q, P], model: Any, problem: Q, compiled: Compiled, start: P | None
) -> list[Floats]:
    """Return today's point, then that of the plan to start from, which may name what is not there.

    Raises
    ------
    GstOptError
        If the start is not a plan of this question, or one whose values do not fit the model.
    """
    formulation.write(model, problem, None)
    points = [compiled.stored()]
    if start is not None:
        try:
            formulation.write(model, problem, start)
            points.append(compiled.stored())
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            values = {"given": type(start).__name__, "question": type(problem).__name__, "why": str(error)}
            raise GstOptError(Message("solve.start_does_not_fit", values)) from error
    return points


def known_point(part: Part, goals: Sequence[Goal], points: Sequence[Floats], limits: Limits) -> Floats | None:
    """Return the best of the points that a part allows, in the order of the goals; None when it allows none.

    A point is taken with its whole numbers whole and inside its bounds; one that is not allowed even so is repaired
    by keeping its whole numbers and solving for the rest, and, but for the first (today's), by a short search for the
    nearest whole numbers that will do.
    """
    quiet = replace(limits, watch=None)
    found = [_allowed(part, point, quiet, near=position > 0) for position, point in enumerate(points)]
    allowed = [x for x in found if x is not None]
    return min(allowed, key=lambda x: [float(costs_of(goal, part) @ x) for goal in goals], default=None)


def _allowed(part: Part, x: Floats, limits: Limits, *, near: bool) -> Floats | None:
    problem = standard_form(part, np.zeros(len(x)))
    whole = problem.rounded(x)
    if holds(part, whole):
        return whole
    if not np.all(np.isfinite(whole[part.integer])):
        return None
    if not part.integer.all():
        fixed = replace(
            part,
            lower=np.where(part.integer, whole, part.lower),
            upper=np.where(part.integer, whole, part.upper),
        )
        run = minimise(fixed, np.zeros(len(x)), (), limits, None)
        if run.ended is Ended.OPTIMAL:
            return run.x
    return _nearest(problem, whole, limits) if near and part.integer.any() else None


def _nearest(problem: StandardForm, target: Floats, limits: Limits) -> Floats | None:
    """Return a point whose whole numbers are few units from those of `target`, if a short search finds one.

    The distance of a number that lies between its bounds is a column of its own; at a bound it is the number itself.
    """
    at_lower, at_upper = problem.integer & (target <= problem.lower), problem.integer & (target >= problem.upper)
    between = np.flatnonzero(problem.integer & ~at_lower & ~at_upper)
    count, columns = len(between), len(target)
    number = csr_array((np.ones(count), (np.arange(count), between)), shape=(count, columns))
    distance = csr_array((np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count))
    rows = [hstack([problem.matrix, csr_array((problem.matrix.shape[0], count))])]
    rows += [
        hstack([sign * number, distance]) for sign in (1.0, -1.0)
    ]  # distance >= target - x, distance >= x - target
    around = StandardForm(
        costs=np.concatenate([1.0 * at_lower - at_upper, np.ones(count)]),
        matrix=csr_array(vstack(rows, format="csr")),
        row_lower=np.concatenate([problem.row_lower, target[between], -target[between]]),
        row_upper=np.concatenate([problem.row_upper, np.full(2 * count, np.inf)]),
        lower=np.concatenate([problem.lower, np.zeros(count)]),
        upper=np.concatenate([problem.upper, np.full(count, np.inf)]),
        integer=np.concatenate([problem.integer, np.zeros(count, dtype=bool)]),
    )
    left = limits.seconds_left()
    limits = replace(limits, gap=NEAREST_GAP, nodes=NEAREST_NODES)
    answer = once(
        around, limits if left is None else limits.until(time.monotonic() + NEAREST_SHARE * left), None, Rung()
    )
    for x in (answer.x, answer.sound):
        if x is not None and holds(problem, whole := problem.rounded(x[:columns])):
            return whole
    return None
