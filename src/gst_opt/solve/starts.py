"""Points known before a search: today's, and an earlier plan's, repaired where it no longer fits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gst_opt.core.errors import GstOptError
from gst_opt.model.formulation import Formulation, P, Q
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, costs_of
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import holds, standard_form
from gst_opt.text import Message


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
    by keeping its whole numbers and solving for the rest.
    """
    allowed = [found for point in points if (found := _allowed(part, point, limits)) is not None]
    return min(allowed, key=lambda x: [float(costs_of(goal, part) @ x) for goal in goals], default=None)


def _allowed(part: Part, x: Floats, limits: Limits) -> Floats | None:
    whole = standard_form(part, np.zeros(len(x))).rounded(x)
    if holds(part, whole):
        return whole
    if part.integer.all() or not np.all(np.isfinite(whole[part.integer])):
        return None
    fixed = replace(
        part,
        lower=np.where(part.integer, whole, part.lower),
        upper=np.where(part.integer, whole, part.upper),
    )
    run = minimise(fixed, np.zeros(len(x)), (), limits, None)
    return run.x if run.ended is Ended.OPTIMAL else None
