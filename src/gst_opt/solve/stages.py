"""Goals in order over one part: one guarded run a goal, its bound kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Ended, Extra, Limits, minimise

SLACK = 1e-7
"""Relative room left below a goal already reached, so that later goals are not blocked by rounding."""


@dataclass(frozen=True)
class PartAnswer:
    """What the goals left in one part: a point, the bound of each goal (constants left out), and how it ended.

    `ended` is the worst end of its runs.
    """

    x: Floats | None
    bounds: tuple[float, ...]
    ended: Ended


def costs_of(goal: Goal, part: Part) -> Floats:
    """Return the cost vector of a goal over a part."""
    costs: Floats = np.sum([weight.weight * part.costs[weight.term] for weight in goal.weights], axis=0)
    return costs


def trivial_bound(costs: Floats, part: Part) -> float:
    """Return what no point between the columns' bounds can be below (minus infinity where a bound is missing)."""
    used = costs != 0
    reach = np.where(costs > 0, part.lower, part.upper)[used]
    return float(costs[used] @ reach)


def solve_part(part: Part, goals: Sequence[Goal], known: Floats | None, limits: Limits) -> PartAnswer:
    """Reach the goals one after the other in one part, within the limits for all of them together."""
    extras: list[Extra] = []
    bounds: list[float] = []
    ended = Ended.OPTIMAL
    best = known
    for goal in goals:
        costs = costs_of(goal, part)
        floor = trivial_bound(costs, part)
        if best is not None and float(costs @ best) <= floor + 1e-9:
            run_bound, run_ended = floor, Ended.OPTIMAL
        elif ended > Ended.LIMIT or limits.cancelled.is_set():
            run_bound, run_ended = floor, Ended.INTERRUPT if limits.cancelled.is_set() else ended
        else:
            run = minimise(part, costs, extras, limits, best)
            best = run.x if run.x is not None else best
            run_bound = floor if run.bound is None else max(floor, run.bound)
            run_ended = run.ended
        bounds.append(run_bound)
        ended = max(ended, run_ended)
        if best is None:
            return PartAnswer(None, (), ended)
        reached = float(costs @ best)
        extras.append(Extra(costs, reached + goal.tolerance + SLACK * max(1.0, abs(reached))))
    return PartAnswer(best, tuple(bounds), ended)
