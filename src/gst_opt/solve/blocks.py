"""Blocks of a large problem: the columns of one label, tied to others by rows that are priced with their duals.

Many rows tie the types of equipment of a region a little: staff that they share, steps of pathways, floor space, a
budget. With prices p of these rows, every block is a small problem in whole numbers of its own, and

::

    c.x >= p.b + sum_k min {(c - p A)_k . x_k : x_k in block k}    for every feasible x and prices p of the right sign

where b are the sides that p presses on. At the duals of the relaxation, no block is below its part of the relaxation's
bound, and most are above it. The same problems, with the columns that the relaxation has no use for left out, make a
plan: block after block is decided, and the relaxation, with what is decided fixed, prices the next one.

Sources: Geoffrion (1974), Lagrangean relaxation for integer programming; Berthold (2006), Primal heuristics for mixed
integer programs, ch. 3 (diving).
"""

from collections.abc import Mapping
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.interrupts import Within
from gst_opt.solve.lazy import LazyRelaxation, Optimum
from gst_opt.solve.lp_data import LpData
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import StandardForm
from gst_opt.solve.threads import Threads

BLOCK_SECONDS, BLOCK_NODES, LARGEST_GAP = 20.0, 200, 0.05
"""Processor seconds, nodes and largest gap of the search over one block."""

SHARE, CLOSE = 0.5, 0.25
"""Share of the time left that a plan may take; part of its share of the gap at which the search over a block ends."""

MORE, ROOM = 0.5, 1e-3
"""Columns that a search over one block has beyond those in use, against their number; whole numbers not in use whose
reduced cost is more than this part of what a gap is a share of are left out."""

ROUNDING = 1e-9
"""Error of a sum, relative to the sizes of what is added."""

HAIR = 1e-6
"""Room for rounding in what other blocks leave of a row, relative to what they take."""

TINY = 1e-9
"""Least size that a gap is a share of."""

USED = 1e-6
"""A column that may be zero, and is above it by less, is not in use: a plan of its block goes without it."""


class Block(NamedTuple):
    """A block as a problem of its own: its costs at the prices of what ties it, and what the relaxation pays for it."""

    part: Part
    costs: Floats
    paid: float


class Apart(NamedTuple):
    """A problem that falls apart at some prices.

    Attributes
    ----------
    paid, sizes
        What the sides of the priced rows pay, and the sum of its sizes.
    blocks, proven
        By label, those with few columns first: the block, and what the duals of its rows prove of it.
    """

    paid: float
    sizes: float
    blocks: Mapping[int, Block]
    proven: Mapping[int, float]


class Blocks:
    """The blocks of one problem around its relaxation; a bound may be proven beside (`begin`), up to the end of a
    ``with`` block.

    Parameters
    ----------
    part, problem
        The problem, and as it goes to the solver.
    relaxation
        Its relaxation, solved.
    limits
        Limits of all runs together.
    """

    def __init__(self, part: Part, problem: StandardForm, relaxation: LazyRelaxation, limits: Limits) -> None:
        self.problem, self.relaxation, self.limits = problem, relaxation, limits
        self.label = part.labels
        self.slack = np.bincount(part.matrix.indices, minlength=len(part.lower)) <= 1
        whole = np.bincount(self.label[part.integer] + 1, minlength=int(self.label.max()) + 2)
        self.labels = np.flatnonzero(whole[1:] > 0)
        self.first, self.last = _blocks_of_rows(problem, self.label)
        self.stuck: list[int] = []
        self._enough, self._over = np.inf, Within(limits.cancelled)
        self._begun: Future[float] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._begun is not None:
            self._over.set()
            wait([self._begun])

    def plan(self, size: float) -> Floats:
        """Decide block after block, those that cost most first, and return the last point: what is left is undecided.

        Where a block takes what the others cannot leave, it is decided within what they leave it now. Where that
        cannot be, it is left to be decided (`stuck`), and comes first in the next plan.
        `size` is what the gap is a share of. The relaxation is as before when it returns.
        """
        limits, fixed = self.limits.for_a_share(SHARE), [np.empty(0, dtype=np.intp)]
        now, costs = self.relaxation.optimum, self.relaxation.costs
        own = self.label >= 0
        paid = np.bincount(self.label[own], np.abs(costs * now.x)[own]).astype(np.float64)
        paid[np.array(self.stuck, dtype=np.intp)] = np.inf
        self.stuck = []
        for label in self.labels[np.argsort(-paid[self.labels], kind="stable")].tolist():
            if limits.over():
                break
            columns = self._useful(label, now, ROOM * size)
            priced = self._priced(costs, now.duals)
            whole = np.flatnonzero((self.label == label) & self.problem.integer)
            for within in (False, True):
                if within:
                    columns = np.flatnonzero(self.label == label)
                part = self._beside(columns, now) if within else self._alone(label, columns)
                block = Block(part, priced[columns], float(priced[columns] @ self.relaxation.x[columns]))
                run = _search(block, self.limits, CLOSE * self.limits.gap * size / len(self.labels))
                if run.x is None:
                    continue
                x = np.zeros(len(costs))
                x[columns] = run.x
                then = self.relaxation.fix(whole, np.rint(x[whole]), limits)
                if then is not None:
                    now = then
                    fixed.append(whole)
                    break
            else:
                self.stuck.append(label)
        self.relaxation.free(np.concatenate(fixed))
        return now.x

    def begin(self, room: float) -> None:
        """Begin to prove a bound at the relaxation's duals where a worker is to spare; `bound` waits for it then.

        As what is enough is not known yet, searches end where all blocks together have no more than `room` open.
        """
        if self.limits.workers > 1:
            limits = replace(self.limits, cancelled=self._over)
            with closing(Threads[float](1)) as threads:
                self._begun = threads.submit(partial(self._prove, self._apart(), limits, room))

    def bound(self, enough: float) -> float:
        """Return a proven bound at the relaxation's duals; blocks with few columns first, until it is `enough`."""
        self._enough = enough
        return self._prove(self._apart(), self.limits, np.inf) if self._begun is None else self._begun.result()

    def _apart(self) -> Apart:
        """Return the blocks at the duals of the relaxation, as it stands."""
        names, sizes = np.unique(self.label, return_counts=True)
        if len(names) == 1:
            return Apart(-np.inf, 0.0, {}, {})
        rows = self.relaxation.rows
        tying = self.first[rows] < self.last[rows]
        low, high, duals = self.problem.row_lower[rows], self.problem.row_upper[rows], self.relaxation.optimum.duals
        pressed = np.where(duals > 0, low, high)
        duals = np.where(np.isfinite(pressed), duals, 0.0)
        sides = duals * np.where(tying & np.isfinite(pressed), pressed, 0.0)
        priced = self._priced(self.problem.costs, duals)
        blocks, proven = dict[int, Block](), dict[int, float]()
        for label in names[np.argsort(sizes, kind="stable")].tolist():
            columns = np.flatnonzero(self.label == label)
            part, costs = self._alone(label, columns), priced[columns]
            blocks[label] = Block(part, costs, float(costs @ self.relaxation.x[columns]))
            proven[label] = _proven(part, costs, duals[part.rows])
        return Apart(float(sides.sum()), float(np.abs(sides).sum()), blocks, proven)

    def _prove(self, apart: Apart, limits: Limits, room: float) -> float:
        """Search the blocks one after the other, until what they prove is enough, and return it."""
        proven, count = dict(apart.proven), len(apart.proven)
        for label, block in apart.blocks.items():
            total = apart.paid + sum(proven.values())
            if total >= self._enough or limits.over():
                break
            bound = _search(block, limits, (room if np.isfinite(room) else self._enough - total) / count).bound
            proven[label] = max(proven[label], -np.inf if bound is None else bound)
        error = ROUNDING * (apart.sizes + sum(abs(one) for one in proven.values()))
        return apart.paid + sum(proven.values()) - error

    def _priced(self, costs: Floats, duals: Floats) -> Floats:
        """Return costs at the prices of the rows that tie blocks."""
        rows = self.relaxation.rows
        priced: Floats = costs - self.relaxation.matrix.T @ np.where(self.first[rows] < self.last[rows], duals, 0.0)
        return priced

    def _alone(self, label: int, columns: Positions) -> Part:
        """Return some columns of a block with the rows that hold no others."""
        of = self.relaxation.rows
        rows = np.flatnonzero((self.first[of] == label) & (self.last[of] == label))
        sides = self.problem.row_lower[of[rows]], self.problem.row_upper[of[rows]]
        return self._part(columns, rows, self.relaxation.matrix[rows][:, columns], sides)

    def _beside(self, columns: Positions, now: Optimum) -> Part:
        """Return some columns with all their rows, of which the others take what they take at a point."""
        matrix = self.relaxation.matrix
        own = matrix[:, columns]
        rows = np.flatnonzero(np.diff(own.indptr))
        taken = matrix[rows] @ now.x - own[rows] @ now.x[columns]
        low, high = (side[self.relaxation.rows[rows]] for side in (self.problem.row_lower, self.problem.row_upper))
        room = HAIR * np.maximum(1.0, np.abs(taken))
        return self._part(columns, rows, own[rows], (low - taken - room, high - taken + room))

    def _part(self, columns: Positions, rows: Positions, matrix: csr_array, sides: tuple[Floats, Floats]) -> Part:
        """Return columns and rows of the relaxation as a problem of their own."""
        return Part(
            columns=columns,
            rows=rows,
            matrix=matrix,
            row_lower=sides[0],
            row_upper=sides[1],
            lower=self.problem.lower[columns],
            upper=self.problem.upper[columns],
            integer=self.problem.integer[columns],
            costs={},
        )

    def _useful(self, label: int, now: Optimum, room: float) -> Positions:
        """Return the columns of a block that its plan is searched over: in use, or hardly dearer."""
        columns = np.flatnonzero(self.label == label)
        whole, dear = self.problem.integer[columns], np.abs(now.reduced[columns])
        used: NDArray[np.bool_] = (self.problem.lower[columns] != 0.0) | (now.x[columns] > USED)
        kept = used | np.where(whole, dear <= room, self.slack[columns])
        others = np.flatnonzero(~whole & ~kept)
        kept[others[np.argsort(dear[others], kind="stable")[: int(MORE * (used & ~whole).sum())]]] = True
        return columns[kept]


def _search(block: Block, limits: Limits, gap: float) -> Run:
    """Search a block; the gap is in the unit of the costs."""
    nodes = min(BLOCK_NODES, limits.nodes or BLOCK_NODES)
    gap = min(gap / max(abs(block.paid), TINY), LARGEST_GAP)
    limits = replace(limits, gap=gap, nodes=nodes, effort=BLOCK_SECONDS, watch=None)
    return minimise(block.part, block.costs, (), limits, None)


def _blocks_of_rows(problem: StandardForm, label: Positions) -> tuple[Positions, Positions]:
    """Return the first and the last label of every row."""
    matrix = problem.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    own = label[matrix.indices]
    first, last = np.full(matrix.shape[0], len(label)), np.full(matrix.shape[0], -2)
    np.minimum.at(first, row, own)
    np.maximum.at(last, row, own)
    return first, last


def _proven(part: Part, costs: Floats, duals: Floats) -> float:
    """Return what no point of a block is below, by multipliers of its rows."""
    columns, rows = (part.lower, part.upper), (part.row_lower, part.row_upper)
    return LpData.trusted(costs, columns, part.matrix, rows).bound(duals)
