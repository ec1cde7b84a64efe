"""Large problems: the relaxation first, then only the whole numbers that a good plan can use, the gap proven on all.

With the duals of the linear relaxation, moving a whole number off the bound where it rests costs at least its reduced
cost. So a plan within `room` of the relaxation's bound uses none whose reduced cost is larger than `room`:

::

    c.x >= L + sum_j |r_j| * |x_j - rest_j|    for every feasible x, with L the bound proven by the duals

The problem without those columns holds every plan up to ``L + room``. What it proves holds for the whole problem, up
to ``L + room``. Source: reduced-cost fixing (Dantzig, Fulkerson and Johnson, 1954, Solution of a large-scale
traveling-salesman problem, sec. 3).

The largest of several terms is flat: most moves change nothing, and a search for its smallest value is lost. There the
relaxation's bound becomes a row, ``c.x <= L + gap``, and a short search is made for the plan that is best by a goal
that every move changes (the guide): where there is one, the gap is proven.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import LpStatus
from gst_opt.solve.mixed import is_mixed, minimise_mixed
from gst_opt.solve.once import Limits, Watch
from gst_opt.solve.standard import Aim, Extra, standard_form

LARGE, MAJORITY = 4000, 0.5
"""A part with fewer whole numbers, or a smaller share of them among its columns, goes to the solver as it is."""

FIRST_ROOM, WIDER = 10.0, 4.0
"""Room of the first restriction, in gaps asked for, and how much more the next one has where no plan is within it."""

GUIDED_GAP, GUIDED_NODES = 1e-3, 50
"""Gap of a search for the best plan by the guide, and how long it may take: it is quick or of no use."""

WORTHWHILE = 0.5
"""A restriction that leaves more than this share of the whole numbers free is not made."""

GUIDED_FROM = 1e-5
"""With a smaller gap there is hardly ever a point within it."""

LEAST_GAP = 1e-6
"""A smaller gap is none, as for the solver."""

ROUNDING = 1e-9
"""Room for rounding: a reduced cost, or a value at rest, this near is taken as equal."""


@dataclass(frozen=True)
class Relaxation:
    """Bound proven by the duals; by column the reduced cost, the value at rest, whether it is a whole number."""

    bound: float
    reduced: Floats
    rest: Floats
    integer: NDArray[np.bool_]

    def idle(self, room: float) -> NDArray[np.bool_]:
        """Say which whole numbers rest in every plan up to `room` above the bound."""
        idle: NDArray[np.bool_] = self.integer & (np.abs(self.reduced) > room + ROUNDING * max(1.0, abs(self.bound)))
        return idle


def minimise_large(
    part: Part,
    costs: Floats,
    extras: Sequence[Extra],
    limits: Limits,
    known: Floats | None,
    aim: Aim | None = None,
) -> Run:
    """Minimise ``costs . x`` over a part as `highs.minimise` does; a large one through its relaxation.

    Parameters
    ----------
    part, costs, extras, limits, known
        As for `highs.minimise`.
    aim
        What else is known of the goal.
    """
    aim = Aim() if aim is None else aim
    if is_mixed(part) and not limits.in_process:
        return minimise_mixed(part, costs, extras, limits, known, aim)
    if np.count_nonzero(part.integer) < max(LARGE, MAJORITY * len(costs)) or limits.in_process:
        return minimise(part, costs, extras, limits, known)
    relaxation = relax(part, costs, extras, limits)
    if relaxation is None:
        return minimise(part, costs, extras, limits, known)
    search = _Search(part, costs, extras, limits, known, relaxation)
    return search.restricted() if aim.guide is None or limits.gap < GUIDED_FROM else search.guided(aim.guide)


def relax(part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits) -> Relaxation | None:
    """Solve the linear relaxation; None where it is not solved within the limits, or proves nothing."""
    problem = standard_form(part, costs, extras)
    if problem.crossed:
        return None
    sides = problem.lower, problem.upper, problem.matrix, problem.row_lower, problem.row_upper
    with WarmLp(problem.costs, *sides) as lp:
        answer = lp.solve(limits.seconds_left(), cancelled=limits.cancelled)
    if answer.status is not LpStatus.OPTIMAL or answer.reduced_costs is None or not np.isfinite(answer.bound):
        return None
    rest = np.where(answer.reduced_costs >= 0, problem.lower, problem.upper)
    return Relaxation(answer.bound, answer.reduced_costs, rest, part.integer)


class _Search:
    """Restrictions of one problem, and the best point and bound that they left."""

    def __init__(
        self,
        part: Part,
        costs: Floats,
        extras: Sequence[Extra],
        limits: Limits,
        known: Floats | None,
        relaxation: Relaxation,
    ) -> None:
        self.part, self.costs, self.extras, self.limits = part, costs, extras, limits
        self.best, self.bound, self.relaxation = known, relaxation.bound, relaxation
        self.attempts: list[Attempt] = []

    def restricted(self) -> Run:
        """Search within a few gaps of the bound, then wider where no plan is there, then up to the best plan."""
        ended, room = Ended.OPTIMAL, min(FIRST_ROOM * self._gap(), self._room_left())
        while not self._proven():
            if self.relaxation.idle(room).sum() < (1 - WORTHWHILE) * self.part.integer.sum():
                room = float("inf")
            ended = self._within(room)
            searched, room = room, self._room_left()
            if ended is Ended.INFEASIBLE:
                room = min(WIDER * searched, room)
            if ended not in (Ended.OPTIMAL, Ended.INFEASIBLE) or room <= searched:
                break
        return self._run(Ended.OPTIMAL if self._proven() else ended)

    def guided(self, guide: Floats) -> Run:
        """Search by the guide among the points within the gap of the bound, for a short while; then without it."""
        reach = self.bound + self._gap()
        if not self._proven():
            limits = replace(
                self.limits, gap=GUIDED_GAP, nodes=min(GUIDED_NODES, self.limits.nodes or GUIDED_NODES), watch=None
            )
            extras = (*self.extras, Extra(self.costs, reach))
            run = minimise(self._narrowed(reach - self.relaxation.bound), guide, extras, limits, None)
            self._take(run)
            if run.ended is Ended.INFEASIBLE:
                self.bound = reach
        return self.restricted()

    def _within(self, room: float) -> Ended:
        """Search every plan up to so much above the relaxation's bound."""
        idle, known = self.relaxation.idle(room), self.best
        reach = self.relaxation.bound + room
        if known is not None and np.any(np.abs(known - self.relaxation.rest)[idle] > ROUNDING):
            known = None
        limits = replace(self.limits, watch=_capped(self.limits.watch, reach))
        run = minimise(self._narrowed(room), self.costs, self.extras, limits, known)
        self._take(run)
        if run.ended is Ended.INFEASIBLE:
            self.bound = max(self.bound, reach)
        elif run.bound is not None:
            self.bound = max(self.bound, min(run.bound, reach))
        return run.ended

    def _narrowed(self, room: float) -> Part:
        """Return the part with the whole numbers at rest that no plan up to so much above the bound moves."""
        idle, rest = self.relaxation.idle(room), self.relaxation.rest
        lower, upper = np.where(idle, rest, self.part.lower), np.where(idle, rest, self.part.upper)
        return replace(self.part, lower=lower, upper=upper)

    def _take(self, run: Run) -> None:
        self.attempts += run.attempts
        if run.x is not None and (self.best is None or self.costs @ run.x < self._value()):
            self.best = run.x

    def _value(self) -> float:
        return float("inf") if self.best is None else float(self.costs @ self.best)

    def _gap(self) -> float:
        """Return how far above the bound a plan may be, as a stage's gap is measured: one unit is the least scale."""
        return max(self.limits.gap, LEAST_GAP) * max(1.0, abs(self.bound))

    def _proven(self) -> bool:
        return self._value() - self.bound <= self._gap()

    def _room_left(self) -> float:
        """Return how much better than the best plan the relaxation allows a plan to be."""
        return max(self._value() - self.relaxation.bound, 0.0)

    def _run(self, ended: Ended) -> Run:
        return Run(self.best, min(self.bound, self._value()), ended, tuple(self.attempts))


def _capped(watch: Watch | None, most: float) -> Watch | None:
    """Tell of no bound above `most`: a restriction proves nothing beyond."""
    if watch is None:
        return None
    return lambda stage, value, bound: watch(stage, value, None if bound is None else min(bound, most))
