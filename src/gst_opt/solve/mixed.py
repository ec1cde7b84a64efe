"""Large problems in which whole numbers are few: the relaxation proves the bound, searches around it find the plan.

1. The linear relaxation is solved without the rows that only tighten it, then with those that its point breaks. Its
   duals prove a bound.
2. A first plan: block after block is decided at the prices of what ties them (`blocks`), where the model says which
   variables are decided together, such as those of one type of equipment; a search settles what that leaves open. It
   looks at a later goal too: where this one alone is flat, its prices say little, and its relaxation takes long.
3. The same blocks, each solved at the prices of the relaxation, prove a better bound: now where the plan is near it,
   else after 4; beside 2 and 4 where a worker is to spare.
4. Whole numbers of one block are searched around the best plan, all others as they are, block after block, as long as a
   round gains something.
5. Where the plan is not within the gap of the bound: whole numbers that the relaxation and the plan agree on are kept,
   columns that both leave at their lower bound and that are dear stay there, and what remains is searched; rows that
   the relaxation breaks are added, and more is set free.

Sources: Danna, Rothberg and Le Pape (2005), Exploring relaxation induced neighborhoods to improve MIP solutions; Shaw
(1998), Using constraint programming and local search methods to solve vehicle routing problems (large neighbourhoods).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Attempt, Ended
from gst_opt.solve.blocks import Blocks
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.lazy import LazyRelaxation
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import Aim, Extra, StandardForm, holds, standard_form

COLUMNS, WHOLE, MAJORITY = 30_000, 500, 0.5
"""Columns of a problem that is large, whole numbers among them, and the share of columns that these stay below."""

FRACTIONAL = 1e-6
"""A whole number this near to one is whole."""

FIRST, WIDER = (0.0, 0.5), ((0.5, 0.5), (2.0, 1.0))
"""Whole numbers that searches set free beyond those undecided and columns beyond those in use, against their number."""

STEPS = 2
"""How far along equalities of whole numbers a search goes from those that are undecided: the next steps of a path."""

SEARCH_SECONDS, SEARCH_NODES = 60.0, 500
"""Processor seconds and nodes of one search."""

FIRST_SECONDS, LABEL_SECONDS, LABEL_MORE = 45.0, 20.0, 0.3
"""Processor seconds of the first search where labels follow, and of the search over one label; columns that this sets
free beyond those in use, against their number."""

LATER = 0.1
"""What all of today's value of a later goal counts in a first plan, as a part of today's value of this one."""

NEAR = 2.0
"""Gaps asked for above the bound at which the blocks are to prove a better one before searches go on."""

WORTH = 0.02
"""Part of the gap asked for that the bound rises by, or rows that the relaxation breaks are added no more."""

SEARCHED, BESIDE = 0.25, 0.1
"""Shares of the gap asked for: at which a search ends, and that all blocks may leave open in a bound that is proven
beside the search for a plan."""


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
    with LazyRelaxation(part, problem, limits) as relaxation, Blocks(part, problem, relaxation, limits) as blocks:
        search = _Search(part, costs, extras, limits, known, problem, relaxation, aim.scale)
        both = None if aim.later is None or known is not None else costs + LATER * search.size() * aim.later
        nearby = both if aim.guide is None else aim.guide
        if nearby is not None:
            search.towards(nearby, None)
        if not relaxation.solve():
            return search.run()
        if both is not None:
            search.towards(both, blocks)
            relaxation.solve()
        if aim.guide is None:
            search.tighten()
        if not search.done():
            blocks.begin(BESIDE * search.gap())
        if search.best is None and aim.later is None:
            search.first(blocks)
        elif search.best is None:
            search.around(relaxation.x, *FIRST)
        if search.near():
            search.prove(blocks)
        search.by_label()
        search.prove(blocks)
        for wider, more in WIDER:
            if search.done():
                break
            search.tighten()
            if not search.done():
                search.around(relaxation.x, wider, more)
                search.by_label()
        return search.run()


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
        relaxation: LazyRelaxation,
        scale: float,
    ) -> None:
        self.part, self.costs, self.extras, self.limits = part, costs, extras, limits
        self.best, self.whole_problem, self.relaxation, self.scale = known, problem, relaxation, scale
        self.attempts: list[Attempt] = []
        self.by_blocks: float | None = None  # bound that the blocks prove, once they were asked
        self.together = part.labels
        self.labels = np.unique(self.together[part.integer & (self.together >= 0)])
        self.slack = np.bincount(part.matrix.indices, minlength=len(part.lower)) <= 1
        self.ties = _ties(part)

    def towards(self, costs: Floats, blocks: Blocks | None) -> None:
        """Solve the relaxation by other costs: it is nearer to its optimum then, and (with blocks) leaves a plan."""
        self.relaxation.turn(costs)
        if self.relaxation.solve() and blocks is not None:
            self.tighten()
            self.first(blocks)
        self.relaxation.turn(None)

    def first(self, blocks: Blocks) -> None:
        """Make a first plan block by block; once more, where some block was stuck, with that one first."""
        self.around(blocks.plan(self.size()), *FIRST)
        if self.best is None and blocks.stuck and not self.limits.over():
            self.around(blocks.plan(self.size()), *FIRST)

    def tighten(self) -> None:
        """Tighten the relaxation, unless the best point is proven."""
        if not self.proven():
            self.relaxation.tighten(WORTH * self.gap())

    def near(self) -> bool:
        """Say whether the best point is so near the bound that a better one may prove it."""
        return self._value() - self.bound() <= NEAR * self.gap()

    def prove(self, blocks: Blocks) -> None:
        """Prove a better bound by the blocks, once."""
        if self.by_blocks is None and not self.proven():
            self.by_blocks = blocks.bound(self.enough())

    def around(self, x: Floats, wider: float, more: float) -> None:
        """Search around a point, with more whole numbers and columns free than it leaves undecided and uses."""
        effort = FIRST_SECONDS if self.best is None and len(self.labels) else SEARCH_SECONDS
        self._decide(self._free(x, wider, more), np.rint(x), SEARCHED * self.gap(), effort)

    def by_label(self) -> None:
        """Search the whole numbers of one label after the other around the best point, while a round gains enough."""
        if self.best is None:
            return
        gained, enough = np.inf, SEARCHED * self.gap()
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
        watch, bound = self.limits.watch if self.relaxation.proves else None, self.bound()
        limits = replace(
            self.limits,
            gap=min(gap / max(abs(self.relaxation.value), 1e-9), 0.5),
            nodes=min(SEARCH_NODES, self.limits.nodes or SEARCH_NODES),
            effort=effort,
            watch=None if watch is None else lambda stage, value, _: watch(stage, value, bound),
        )
        run = minimise(replace(needed, lower=lower, upper=upper), self.relaxation.costs, self.extras, limits, known)
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
                bound = self.bound()
                self.limits.watch(self.limits.stage, self._value(), bound if np.isfinite(bound) else None)

    def _free(self, x: Floats, wider: float, more: float) -> NDArray[np.bool_]:
        """Say which columns a search may move: those that the point, or the best plan, leaves to be decided."""
        whole, dear = self.part.integer, np.abs(self.relaxation.optimum.reduced)
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
        used |= _cheapest(others & ~used, np.abs(self.relaxation.optimum.reduced), int(more * used.sum()))
        return used | (others & self.slack)

    def done(self) -> bool:
        """Say whether the best point is within the gap, there is none, or the time is over."""
        return self.proven() or self.bound() == np.inf or self.limits.over()

    def enough(self) -> float:
        """Return the bound that proves the best point within the gap."""
        return self._value() - self.gap()

    def proven(self) -> bool:
        """Say whether the best point is within the gap."""
        return self._value() - self.bound() <= self.gap()

    def run(self) -> Run:
        """Return what was found; where the gap is not reached, the whole problem is searched from there."""
        if np.isfinite(self.bound()) and self.proven():
            return Run(self.best, min(self.bound(), self._value()), Ended.OPTIMAL, tuple(self.attempts))
        last = minimise(self.part, self.costs, self.extras, self.limits, self.best)
        self.take(last.x)
        told = [one for one in (self.bound(), last.bound) if one is not None and np.isfinite(one)]
        bound = min(max(told), self._value_of(last)) if told else last.bound
        return replace(last, bound=bound, attempts=(*self.attempts, *last.attempts))

    def _value_of(self, run: Run) -> float:
        """Return the value of the best point, that of a run included."""
        return self._value() if run.x is None else min(self._value(), float(self.costs @ run.x))

    def _value(self) -> float:
        return float("inf") if self.best is None else float(self.costs @ self.best)

    def gap(self) -> float:
        """Return how far above the bound a plan may be."""
        return self.limits.gap * self.size()

    def size(self) -> float:
        """Return what the gap is a share of."""
        bound = self.bound()
        return max(self.scale, abs(bound) if np.isfinite(bound) else 0.0)

    def bound(self) -> float:
        """Return the best bound; what the solver said of the blocks is none where the best point is below it."""
        told = -np.inf if self.by_blocks is None else self.by_blocks
        refuted = self.best is not None and told > self._value() + self.whole_problem.rounding(self.best)
        return self.relaxation.bound if refuted else max(self.relaxation.bound, told)


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
