"""Large problems in which whole numbers are few: the relaxation proves the bound, searches around it find the plan.

1. The linear relaxation is solved without the rows that only tighten it. Its duals prove the bound.
2. Dive: whole numbers nearest to one are fixed, some at a time, and the relaxation is solved again from where it ended;
   a search settles the few that are left.
3. Where the model says which whole numbers are decided together, such as those of one type of equipment, any plan will
   do to begin with, and nothing is fixed: those of one label are searched, all others as in the best plan, label after
   label, as long as a round gains something.
4. Where the plan is not within the gap of the bound: whole numbers that the relaxation and the plan agree on are kept,
   columns that both leave at their lower bound and that are dear stay there, and what remains is searched; rows that
   the relaxation breaks are added, and more is set free.

Sources: Berthold (2006), Primal heuristics for mixed integer programs, ch. 3 (diving); Danna, Rothberg and Le Pape
(2005), Exploring relaxation induced neighborhoods to improve MIP solutions; Shaw (1998), Using constraint programming
and local search methods to solve vehicle routing problems (large neighbourhoods).
"""

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import Basis, LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import Aim, Extra, StandardForm, holds, middle, standard_form

COLUMNS, WHOLE, MAJORITY = 30_000, 500, 0.5
"""Columns of a problem that is large, whole numbers among them, and the share of columns that these stay below."""

ROUNDS = 3
"""Times that broken rows are added to the relaxation between two searches."""

BROKEN = 1e-4
"""A row that is broken by less is not added."""

FRACTIONAL = 1e-6
"""A whole number this near to one is whole."""

FIRST, WIDER = (0.0, 0.5), ((0.5, 0.5), (2.0, 1.0))
"""Whole numbers that searches set free beyond those undecided and columns beyond those in use, against their number."""

FIXED, FEWER, DIVES, LOST = 0.5, 4.0, 12, 2
"""Share of the broken whole numbers that a dive fixes at a time, less while that leaves no point; times at most, and
times without a point at first. Later the first time without a point ends it."""

HALF = 0.5 + 1e-6
"""Above it, one of those that add up to one at the most."""

STEPS = 2
"""How far along equalities of whole numbers a search goes from those that are undecided: the next steps of a path."""

SEARCH_SECONDS, SEARCH_NODES = 60.0, 500
"""Processor seconds and nodes of one search."""

FIRST_SECONDS, LABEL_SECONDS, LABEL_MORE = 45.0, 20.0, 0.3
"""Processor seconds of the first search where labels follow, and of the search over one label; columns that this sets
free beyond those in use, against their number."""

SEARCHED = 0.25
"""Share of the gap asked for at which a search ends."""


def is_mixed(part: Part) -> bool:
    """Say whether a part is large, has rows that only tighten it, and some whole numbers, few among its columns."""
    columns, whole = len(part.lower), int(np.count_nonzero(part.integer))
    tightened = part.redundant is not None and bool(part.redundant.any())
    return tightened and columns >= COLUMNS and WHOLE <= whole < MAJORITY * columns


def minimise_mixed(
    part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits, known: Floats | None, aim: Aim
) -> Run:
    """Minimise ``costs . x`` over a part as `highs.minimise` does, by searches around its relaxation.

    Parameters
    ----------
    part, costs, extras, limits, known
        As for `highs.minimise`.
    aim
        What else is known of the goal.
    """
    problem, limits = standard_form(part, costs, extras), limits.for_one_goal()
    if problem.crossed:
        return minimise(part, costs, extras, limits, known)
    with _Relaxation(part, problem.relaxed(), limits) as relaxation:
        if aim.guide is not None:
            relaxation.approach(aim.guide)
        if not relaxation.solve():
            return minimise(part, costs, extras, limits, known)
        search = _Search(part, costs, extras, limits, known, problem, relaxation, aim.scale)
        if known is not None and not search.proven():
            relaxation.tighten()
        if not search.done():
            search.around(relaxation.x if len(search.labels) else relaxation.dive(), *FIRST)
            search.by_label()
        for wider, more in WIDER:
            if search.done():
                break
            relaxation.tighten()
            if not search.done():
                search.around(relaxation.x, wider, more)
                search.by_label()
        return search.run()


class _Relaxation:
    """A relaxation kept warm: point, reduced costs, proven bound, and the rows that it has needed so far."""

    def __init__(self, part: Part, problem: StandardForm, limits: Limits) -> None:
        self.problem, self.limits, self.whole = problem, limits, part.integer
        optional = np.zeros(len(problem.row_lower), dtype=bool)
        if part.redundant is not None:
            optional[: len(part.redundant)] = part.redundant
        self.rows, self.left = np.flatnonzero(~optional), np.flatnonzero(optional)
        self.unit = problem.cost_unit
        self.x, self.reduced, self.bound = np.empty(0), np.empty(0), -np.inf
        self.basis: Basis | None = None
        bounds = problem.lower, problem.upper
        self.lp = WarmLp(problem.costs / self.unit, *bounds, problem.matrix[self.rows], *self._sides(self.rows))

    def __enter__(self) -> Self:
        self.lp.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lp.__exit__(kind, error, trace)

    def solve(self) -> bool:
        """Solve it, and say whether that gave a point and a bound."""
        answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled, basis=True)
        self.bound = max(self.bound, answer.bound * self.unit)
        self.basis = answer.basis
        if answer.status is not LpStatus.OPTIMAL or answer.x is None or answer.reduced_costs is None:
            return False
        self.x, self.reduced = answer.x, answer.reduced_costs * self.unit
        return bool(np.isfinite(self.bound))

    def approach(self, guide: Floats) -> None:
        """Solve it by other costs first: from there the largest of several terms is few pivots away."""
        every = np.arange(len(guide))
        self.lp.change_costs(every, guide / middle(guide))
        self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled)
        self.lp.change_costs(every, self.problem.costs / self.unit)

    def dive(self) -> Floats:
        """Fix whole numbers, more and more of them, and return the last point: few of them are left broken.

        The relaxation is as before when it returns.
        """
        problem, kept = self.problem, (self.x, self.reduced, self.bound)
        fixed: list[Positions] = []
        share, lost = FIXED, 0
        for _ in range(DIVES):
            batch = self._nearly_whole(share)
            if not len(batch) or lost == LOST or self.limits.cancelled.is_set() or self.limits.seconds_left() == 0.0:
                break
            up = np.ceil(self.x[batch])
            if self._moved(batch, up, up):
                fixed.append(batch)
                continue
            share, lost = share / FEWER, LOST if fixed else lost + 1
            self.lp.change_bounds(batch, problem.lower[batch], problem.upper[batch])
        every = np.concatenate([*fixed, np.empty(0, dtype=np.intp)])
        self.lp.change_bounds(every, problem.lower[every], problem.upper[every])
        if self.basis is not None:
            self.lp.set_basis(self.basis)
        found = self.x
        self.x, self.reduced, self.bound = kept
        return found

    def _nearly_whole(self, share: float) -> Positions:
        """Return the broken whole numbers that are most of the way up, a share of them; else the one that is most."""
        left = np.flatnonzero(self.whole & (np.abs(self.x - np.rint(self.x)) > FRACTIONAL))
        way = self.x[left] - np.floor(self.x[left])
        order = np.argsort(-way, kind="stable")
        up = int(share * np.count_nonzero(way > HALF))
        return left[order[: max(up, 1)]]

    def _moved(self, columns: Positions, lower: Floats, upper: Floats) -> bool:
        """Give columns other bounds and solve; say whether there is a point. The bound is not one of the problem."""
        self.lp.change_bounds(columns, lower, upper)
        answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled)
        if answer.status is not LpStatus.OPTIMAL or answer.x is None:
            return False
        self.x = answer.x
        return True

    def tighten(self) -> None:
        """Add the rows that its point breaks, and solve it again, as long as some are broken."""
        for _ in range(ROUNDS):
            if self.limits.cancelled.is_set() or self.limits.seconds_left() == 0.0:
                return
            low, high = self._sides(self.left)
            activity = self.problem.matrix[self.left] @ self.x
            broken = self.left[(activity < low - BROKEN) | (activity > high + BROKEN)]
            if not len(broken):
                return
            self.lp.add_rows(self.problem.matrix[broken], *self._sides(broken))
            self.rows, self.left = np.union1d(self.rows, broken), np.setdiff1d(self.left, broken)
            if not self.solve():
                return

    def _sides(self, rows: Positions) -> tuple[Floats, Floats]:
        return self.problem.row_lower[rows], self.problem.row_upper[rows]


class _Search:
    """Searches around one relaxation, and the best point that they left."""

    def __init__(
        self,
        part: Part,
        costs: Floats,
        extras: Sequence[Extra],
        limits: Limits,
        known: Floats | None,
        problem: StandardForm,
        relaxation: _Relaxation,
        scale: float,
    ) -> None:
        self.part, self.costs, self.extras, self.limits = part, costs, extras, limits
        self.best, self.whole_problem, self.relaxation, self.scale = known, problem, relaxation, scale
        self.attempts: list[Attempt] = []
        self.together = part.labels
        self.labels = np.unique(self.together[part.integer & (self.together >= 0)])
        self.slack = np.bincount(part.matrix.indices, minlength=len(part.lower)) <= 1
        self.ties = _ties(part)

    def around(self, x: Floats, wider: float, more: float) -> None:
        """Search around a point, with more whole numbers and columns free than it leaves undecided and uses."""
        effort = FIRST_SECONDS if self.best is None and len(self.labels) else SEARCH_SECONDS
        self._decide(self._free(x, wider, more), np.rint(x), SEARCHED * self._gap(), effort)

    def by_label(self) -> None:
        """Search the whole numbers of one label after the other around the best point, while a round gains enough."""
        if self.best is None:
            return
        gained, enough = np.inf, SEARCHED * self._gap()
        while len(self.labels) and gained > enough:
            before = self._value()
            for label in self.labels.tolist():
                if self.done():
                    return
                own = self.part.integer & ((self.together == label) | (self.together < 0))
                free = own | self._continuous(self.relaxation.x, LABEL_MORE)
                self._decide(free, np.rint(self.best), enough / len(self.labels), LABEL_SECONDS)
            gained = before - self._value()

    def _decide(self, free: NDArray[np.bool_], whole: Floats, gap: float, effort: float) -> None:
        """Search over some columns; the other whole numbers have given values, the rest is at its lower bound."""
        rest = np.where(self.part.integer, whole, self.part.lower)
        known = self.best
        if known is not None and np.any(np.abs(known - rest)[~free] > FRACTIONAL):
            known = None
        lower, upper = np.where(free, self.part.lower, rest), np.where(free, self.part.upper, rest)
        rows = self.relaxation.rows
        needed = self.part.keeping_rows(rows[rows < len(self.part.row_lower)])
        watch, bound = self.limits.watch, self.relaxation.bound
        limits = replace(
            self.limits,
            gap=min(gap / max(abs(bound), 1e-9), 0.5),
            nodes=min(SEARCH_NODES, self.limits.nodes or SEARCH_NODES),
            effort=effort,
            watch=None if watch is None else lambda stage, value, _: watch(stage, value, bound),
        )
        run = minimise(replace(needed, lower=lower, upper=upper), self.costs, self.extras, limits, known)
        self.attempts += run.attempts
        self.take(run.x)

    def take(self, x: Floats | None) -> None:
        """Keep a point that the whole problem allows, where it is the best."""
        if x is None:
            return
        x = self.whole_problem.rounded(x)
        better = self.best is None or self.costs @ x < self._value() - self.whole_problem.rounding(x)
        if better and holds(self.whole_problem, x):
            self.best = x
            if self.limits.watch is not None:
                self.limits.watch(self.limits.stage, self._value(), self.relaxation.bound)

    def _free(self, x: Floats, wider: float, more: float) -> NDArray[np.bool_]:
        """Say which columns a search may move: those that the point, or the best plan, leaves to be decided."""
        whole, dear = self.part.integer, np.abs(self.relaxation.reduced)
        undecided = whole & (np.abs(x - np.rint(x)) > FRACTIONAL)
        if self.best is not None:
            undecided |= whole & (np.abs(self.best - x) > FRACTIONAL)
        undecided |= _cheapest(whole & ~undecided, dear, int(wider * undecided.sum()))
        for _ in range(STEPS):
            undecided = undecided | (self.ties.T @ (self.ties @ undecided.astype(np.float64)) > 0)
        return undecided | self._continuous(x, more)

    def _continuous(self, x: Floats, more: float) -> NDArray[np.bool_]:
        """Say which columns that are no whole numbers may move: those in use, the cheapest others, those of one row."""
        others = ~self.part.integer
        used = others & (x > self.part.lower + FRACTIONAL)
        if self.best is not None:
            used |= others & (self.best > self.part.lower + FRACTIONAL)
        used |= _cheapest(others & ~used, np.abs(self.relaxation.reduced), int(more * used.sum()))
        return used | (others & self.slack)

    def done(self) -> bool:
        """Say whether the best point is within the gap, or the time is over."""
        return self.proven() or self.limits.cancelled.is_set() or self.limits.seconds_left() == 0.0

    def proven(self) -> bool:
        """Say whether the best point is within the gap."""
        return self._value() - self.relaxation.bound <= self._gap()

    def run(self) -> Run:
        """Return what was found; where the gap is not reached, the whole problem is searched from there."""
        if self.proven():
            return Run(self.best, min(self.relaxation.bound, self._value()), Ended.OPTIMAL, tuple(self.attempts))
        last = minimise(self.part, self.costs, self.extras, self.limits, self.best)
        bounds = [self.relaxation.bound, *([] if last.bound is None else [last.bound])]
        return replace(last, bound=min(max(bounds), self._value_of(last)), attempts=(*self.attempts, *last.attempts))

    def _value_of(self, run: Run) -> float:
        """Return the value of the best point, that of a run included."""
        return self._value() if run.x is None else min(self._value(), float(self.costs @ run.x))

    def _value(self) -> float:
        return float("inf") if self.best is None else float(self.costs @ self.best)

    def _gap(self) -> float:
        return self.limits.gap * max(self.scale, abs(self.relaxation.bound))


def _ties(part: Part) -> csr_array:
    """Return the equalities that hold whole numbers alone, such as those of a path, as ones."""
    matrix = part.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    others = np.bincount(row, ~part.integer[matrix.indices], matrix.shape[0])
    ties = csr_array(matrix[np.flatnonzero((part.row_lower == part.row_upper) & (others == 0))])
    ties.data = np.ones(len(ties.data))
    return ties


def _cheapest(columns: NDArray[np.bool_], dear: Floats, count: int) -> NDArray[np.bool_]:
    """Return the columns, of some, whose reduced costs are the smallest."""
    some = np.flatnonzero(columns)
    found = np.zeros(len(dear), dtype=bool)
    found[some[np.argsort(dear[some], kind="stable")[:count]]] = True
    return found
