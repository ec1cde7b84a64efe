"""Large problems in which whole numbers are few: the relaxation proves the bound, searches around it find the plan.

The linear relaxation is solved without the rows that only tighten it; those that its point breaks are added, and it is
solved again from where it ended. Its duals prove the bound. Then whole numbers that the relaxation leaves whole are
kept as they are, columns that it does not use and that are dear are left out, and what remains is searched; with more
and more of both, until a plan is within the gap of the bound. Source: relaxation-induced neighbourhoods (Danna,
Rothberg and Le Pape, 2005, Exploring relaxation induced neighborhoods to improve MIP solutions).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import LpAnswer, LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import Extra, StandardForm, standard_form

COLUMNS, WHOLE, MAJORITY = 30_000, 500, 0.5
"""Columns of a problem that is large, whole numbers among them, and the share of columns that these stay below."""

ROUNDS = 6
"""Times that broken rows are added to the relaxation."""

BROKEN = 1e-4
"""A row that is broken by less is not added."""

FRACTIONAL = 1e-6
"""A whole number this near to one is whole."""

WIDER = (0.0, 0.1, 0.5)
"""How dear, in shares of what a plan may still gain, the whole numbers are that each search sets free."""

MORE_COLUMNS = (0.5, 1.0, 2.0)
"""Columns that each search takes beyond those that the relaxation uses, against their number."""

SEARCH_SECONDS, SEARCH_NODES = 60.0, 500
"""Processor seconds and nodes of one search."""

SEARCHED = 0.5
"""Share of the gap asked for at which a search ends."""


@dataclass(frozen=True)
class Relaxed:
    """A relaxation: point, reduced costs, proven bound, and the rows that were needed."""

    x: Floats
    reduced: Floats
    bound: float
    rows: Positions


def is_mixed(part: Part) -> bool:
    """Say whether a part is large and has some whole numbers, but few among its columns."""
    columns, whole = len(part.lower), int(np.count_nonzero(part.integer))
    return columns >= COLUMNS and WHOLE <= whole < MAJORITY * columns


def minimise_mixed(
    part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits, known: Floats | None, scale: float
) -> Run:
    """Minimise ``costs . x`` over a part as `highs.minimise` does, by searches around its relaxation.

    Parameters
    ----------
    part, costs, extras, limits, known
        As for `highs.minimise`.
    scale
        Least value that a gap is a share of, such as today's.
    """
    relaxed = _relaxed(part, standard_form(part, costs, extras), limits)
    if relaxed is None:
        return minimise(part, costs, extras, limits, known)
    search = _Search(part, costs, extras, limits, known, relaxed, scale)
    for wider, more in zip(WIDER, MORE_COLUMNS, strict=True):
        if search.proven() or search.over():
            break
        search.around(wider, more)
    return search.run()


def _relaxed(part: Part, problem: StandardForm, limits: Limits) -> Relaxed | None:
    """Solve the relaxation, with more and more of the rows that only tighten it; None where it is not solved."""
    if problem.crossed:
        return None
    problem = problem.relaxed()
    optional = np.zeros(len(problem.row_lower), dtype=bool)
    if part.redundant is not None:
        optional[: len(part.redundant)] = part.redundant
    rows = np.flatnonzero(~optional)
    left = np.flatnonzero(optional)
    sides = problem.row_lower, problem.row_upper
    unit = problem.cost_unit
    best: LpAnswer | None = None
    with WarmLp(problem.costs / unit, problem.lower, problem.upper, problem.matrix[rows], *_of(sides, rows)) as lp:
        for _ in range(ROUNDS):
            answer = lp.solve(limits.seconds_left(), cancelled=limits.cancelled)
            if answer.status is not LpStatus.OPTIMAL or answer.reduced_costs is None or answer.x is None:
                break
            best, used = answer, rows
            broken = left[_broken(problem.matrix[left], answer.x, *_of(sides, left))]
            if not len(broken):
                break
            lp.add_rows(problem.matrix[broken], *_of(sides, broken))
            rows, left = np.concatenate([rows, broken]), np.setdiff1d(left, broken)
    if best is None or best.x is None or best.reduced_costs is None or not np.isfinite(best.bound):
        return None
    return Relaxed(best.x, best.reduced_costs * unit, best.bound * unit, np.sort(used))


def _of(sides: tuple[Floats, Floats], rows: Positions) -> tuple[Floats, Floats]:
    return sides[0][rows], sides[1][rows]


def _broken(matrix: csr_array, x: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    activity = matrix @ x
    broken: NDArray[np.bool_] = (activity < low - BROKEN) | (activity > high + BROKEN)
    return broken


class _Search:
    """Searches around one relaxation, and the best point that they left."""

    def __init__(
        self,
        part: Part,
        costs: Floats,
        extras: Sequence[Extra],
        limits: Limits,
        known: Floats | None,
        relaxed: Relaxed,
        scale: float,
    ) -> None:
        self.part, self.costs, self.extras, self.limits = part, costs, extras, limits
        self.best, self.relaxed, self.scale = known, relaxed, scale
        self.ended = Ended.OPTIMAL
        self.attempts: list[Attempt] = []
        own = relaxed.rows[relaxed.rows < len(part.row_lower)]
        self.needed = part.keeping_rows(own)

    def around(self, wider: float, more: float) -> None:
        """Search with whole numbers free up to a share of what may be gained, and columns beyond those in use."""
        x, reduced, whole = self.relaxed.x, np.abs(self.relaxed.reduced), self.part.integer
        free = np.abs(x - np.rint(x)) > FRACTIONAL
        if self.best is not None:
            free |= reduced <= wider * max(self._value() - self.relaxed.bound, 0.0)
        free &= whole
        if wider and self.best is not None:
            free |= whole & (np.abs(self.best - x) > FRACTIONAL)
        used = ~whole & ((x > self.part.lower + FRACTIONAL) & (x < self.part.upper - FRACTIONAL))
        if self.best is not None and wider:
            used |= ~whole & (np.abs(self.best - np.where(reduced > 0, x, self.best)) > FRACTIONAL)
        idle = np.flatnonzero(~whole & ~used)
        cheap = idle[np.argsort(reduced[idle], kind="stable")[: int(more * used.sum()) + 1]]
        used[cheap] = True
        fixed = ~free & ~used
        rest = np.where(whole, np.rint(x), x)
        known = self.best
        if known is not None and np.any(np.abs(known - rest)[fixed] > FRACTIONAL):
            known = None
        lower, upper = np.where(fixed, rest, self.part.lower), np.where(fixed, rest, self.part.upper)
        narrowed = replace(self.needed, lower=lower, upper=upper)
        watch, bound = self.limits.watch, self.relaxed.bound
        limits = replace(
            self.limits,
            gap=min(SEARCHED * self._gap() / max(abs(bound), 1e-9), 0.5),
            nodes=min(SEARCH_NODES, self.limits.nodes or SEARCH_NODES),
            effort=SEARCH_SECONDS,
            watch=None if watch is None else lambda stage, value, _: watch(stage, value, bound),
        )
        run = minimise(narrowed, self.costs, self.extras, limits, known)
        self.attempts += run.attempts
        if run.x is not None and (self.best is None or self.costs @ run.x < self._value()):
            self.best = run.x
        if run.ended in (Ended.LIMIT, Ended.INTERRUPT, Ended.FAULT):
            self.ended = run.ended

    def proven(self) -> bool:
        """Say whether the best point is within the gap."""
        return self._value() - self.relaxed.bound <= self._gap()

    def over(self) -> bool:
        """Say whether the time is over."""
        return self.limits.cancelled.is_set() or self.limits.seconds_left() == 0.0

    def run(self) -> Run:
        """Return what was found; where the gap is not reached, the whole problem is searched from there."""
        if self.proven():
            return Run(self.best, min(self.relaxed.bound, self._value()), Ended.OPTIMAL, tuple(self.attempts))
        last = minimise(self.part, self.costs, self.extras, self.limits, self.best)
        bounds = [self.relaxed.bound, *([] if last.bound is None else [last.bound])]
        return replace(last, bound=max(bounds), attempts=(*self.attempts, *last.attempts))

    def _value(self) -> float:
        return float("inf") if self.best is None else float(self.costs @ self.best)

    def _gap(self) -> float:
        return self.limits.gap * max(self.scale, abs(self.relaxed.bound))
