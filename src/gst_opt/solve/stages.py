"""Goals in order over a split model: one guarded run a goal and part, bounds kept, answers added up."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Ended, Extra, Limits, minimise
from gst_opt.solve.options import Progress, SolveOptions

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


def solve_parts(
    parts: Sequence[Part], goals: Sequence[Goal], known: Sequence[Floats | None], options: SolveOptions
) -> list[PartAnswer]:
    """Solve every part, `options.workers` at a time, and return the answers in the order of the parts.

    A part's share of the time limit is in proportion to its columns. Ctrl-C ends the running parts with the best
    point that they hold; parts not begun keep the point that is known.
    """
    started = time.monotonic()
    cancelled = threading.Event()
    sizes = [len(part.columns) for part in parts]
    ahead = [sum(sizes[position:]) for position in range(len(sizes))]

    def one(position: int) -> PartAnswer:
        deadline = None
        if options.seconds is not None:
            now = time.monotonic()
            left = max(started + options.seconds - now, 0.0)
            deadline = now + left * min(1.0, options.workers * sizes[position] / ahead[position])
        limits = Limits(options.gap, deadline, options.seed, cancelled)
        return solve_part(parts[position], goals, known[position], limits)

    with ThreadPoolExecutor(max_workers=options.workers) as pool:
        futures = [pool.submit(one, position) for position in range(len(parts))]
        waiting: set[Future[PartAnswer]] = set(futures)
        try:
            while waiting:
                _, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                if options.progress is not None:
                    options.progress(Progress(len(futures) - len(waiting), len(futures), time.monotonic() - started))
        except KeyboardInterrupt:
            cancelled.set()
            with suppress(KeyboardInterrupt):
                wait(waiting)
        except BaseException:
            cancelled.set()
            raise
    return [future.result() for future in futures]
