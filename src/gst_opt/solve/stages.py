"""Goals in order over one part: one guarded run a goal, its bound kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, costs_of
from gst_opt.solve.once import Limits
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.standard import Aim, Extra
from gst_opt.solve.starts import known_point

SLACK = 1e-6
"""Room left above a goal already reached, in its own unit, so that later goals are not blocked by rounding."""

LARGE_SLACK, MOST_SLACK = 1e-7, 1e-4
"""The same as a share of what was reached, since rounding grows with it, and no more than so much."""


@dataclass(frozen=True)
class Job:
    """One part, and what is asked of it.

    Attributes
    ----------
    part
        Rows and columns.
    goals
        Goals to reach one after the other.
    today
        The point where nothing changes, allowed or not.
    points
        Points to try, repaired where they no longer fit; looked at when nothing is known.
    known
        A point reached already, or None.
    kept
        Rows that keep goals reached before.
    bound_only
        Whether only the bound is of use: these rows are wider than those that a plan has to keep.
    guide
        Goal to search by where the goals are flat; None to search by themselves.
    later
        Weighted goals whose turn comes after these: a first plan looks at the last one too.
    """

    part: Part
    goals: tuple[Goal, ...]
    today: Floats
    points: tuple[Floats, ...] = ()
    known: Floats | None = None
    kept: tuple[Extra, ...] = ()
    bound_only: bool = False
    guide: Goal | None = None
    later: tuple[Goal, ...] = ()


@dataclass(frozen=True)
class PartAnswer:
    """What the goals left in one part.

    Attributes
    ----------
    x
        The point, or None.
    reached, bounds
        Value of each goal when its turn was over, and what no point of the part that keeps the earlier goals can be
        below; constants left out; empty without a point.
    ended
        The worst end of its runs.
    attempts
        Runs of the solver that were not believed, and what was tried next.
    """

    x: Floats | None
    reached: tuple[float, ...]
    bounds: tuple[float, ...]
    ended: Ended
    attempts: tuple[Attempt, ...] = ()


def trivial_bound(costs: Floats, part: Part | Compiled) -> float:
    """Return what no point between the columns' bounds can be below (minus infinity where a bound is missing)."""
    used = costs != 0
    reach = np.where(costs > 0, part.lower, part.upper)[used]
    return float(costs[used] @ reach)


def side_of(reached: float, tolerance: float = 0.0) -> float:
    """Return the side of the row that keeps a goal already reached."""
    return reached + tolerance + room(reached)


def room(reached: float) -> float:
    """Return how far above a value already reached a later goal may end."""
    return min(max(SLACK, LARGE_SLACK * abs(reached)), MOST_SLACK)


def refutes(value: float, bound: float) -> bool:
    """Say whether the value of a point shows that a bound is none."""
    return bound > value + SLACK * max(1.0, abs(value))


def solve_part(job: Job, limits: Limits) -> PartAnswer:
    """Reach the goals one after the other in one part, within the limits for all of them together.

    Nothing is given back: tolerances are shared by all parts, so that is for `phases`.
    """
    part, best = job.part, job.known
    if best is None:
        best = known_point(part, job.goals, job.points, limits)
    extras = list(job.kept)
    reached: list[float] = []
    bounds: list[float] = []
    attempts: list[Attempt] = []
    ended = Ended.OPTIMAL
    for stage, goal in enumerate(job.goals, start=limits.stage):
        costs = costs_of(goal, part)
        floor = trivial_bound(costs, part)
        if best is not None and float(costs @ best) <= floor + 1e-9:
            run_bound, run_ended = floor, Ended.OPTIMAL
        elif ended > Ended.LIMIT or limits.cancelled.is_set():
            run_bound, run_ended = floor, Ended.INTERRUPT if limits.cancelled.is_set() else ended
        else:
            guide = None if job.guide is None else costs_of(job.guide, part)
            later = [*job.goals[len(reached) + 1 :], *job.later]
            aim = Aim(guide, max(1.0, abs(float(costs @ job.today))), _today_is_one(later[-1:], job))
            run = minimise_large(part, costs, extras, replace(limits, stage=stage), best, aim)
            attempts += run.attempts
            best = run.x if run.x is not None else best
            run_bound = floor if run.bound is None else max(floor, _whole(run.bound, costs, part))
            if best is not None and refutes(float(costs @ best), run_bound):
                run_bound = floor
            run_ended = Ended.FAULT if run.ended is Ended.INFEASIBLE and best is not None else run.ended
        ended = max(ended, run_ended)
        if best is None:
            return PartAnswer(None, (), (), ended, tuple(attempts))
        bounds.append(run_bound)
        reached.append(float(costs @ best))
        extras.append(Extra(costs, side_of(reached[-1])))
    return PartAnswer(best, tuple(reached), tuple(bounds), ended, tuple(attempts))


def _today_is_one(goals: Sequence[Goal], job: Job) -> Floats | None:
    """Return the costs of the last goal in the unit of its value today; None without a goal, or a value."""
    for goal in goals:
        costs = costs_of(goal, job.part)
        today = abs(float(costs @ job.today))
        if today > 0.0:
            return costs / today
    return None


def _whole(bound: float, costs: Floats, part: Part) -> float:
    """Return a bound rounded up to a whole number where the goal can only be one."""
    used = costs != 0
    if not (np.all(part.integer[used]) and np.all(costs == np.rint(costs)) and np.isfinite(bound)):
        return bound
    return max(bound, float(np.ceil(bound - SLACK * max(1.0, abs(bound)))))
