"""A plan of a large tender, lot by lot: what ties lots together is decided first, then each lot at the prices of that.

1. The linear relaxation is solved, with those of the rows that only tighten it that its points break, and the tiers of
   discounts that tie lots together are fixed, the most decided first; the relaxation stays warm.
2. Rows that tie lots (thresholds of these tiers, reserve, budget) are priced with their duals, so that each lot is a
   small mixed-integer problem of its own. Lots are decided some at a time, those that cost most first, and the
   relaxation, with what is decided fixed, prices the next ones: the last lots keep the rows that the first ones left
   to them. A lot to which no decision is left is decided together with others. Where the plan is not near the bound,
   lots are decided once more, now that all others are.
3. With tiers, awards and all other 0/1 decisions fixed, packs are made whole, with the rows between lots as they are.

Sources: Geoffrion (1974), Lagrangean relaxation for integer programming; Berthold (2006), Primal heuristics for mixed
integer programs, ch. 3 (diving). The bound is that of the first relaxation.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.components import Part
from gst_opt.solve.highs import minimise
from gst_opt.solve.lp import OverLp, WarmLp
from gst_opt.solve.lp_answer import LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import middle, standard_form

TIGHTENED, BROKEN = 3, 1e-4
"""Times that broken rows are added to the relaxation; a row that is broken by less is not added."""

DECIDED, DEAR = 0.95, 1e-3
"""Choices that the relaxation makes to this part are fixed together, the others one at a time; where one costs more
than this part of the whole, the next likely is tried too."""

FORCED = 4e-3
"""Decisions of lots that cost more than this part of the whole are forced by what others left: they are put off."""

BATCHES, ROUNDS, NEAR = 8, 2, 0.8
"""Lots are decided in so many batches, and again so many times at most; the part of the gap asked for that is near."""

WITH = 1, 2, 4
"""With so many batches lots are decided to which no decision is left, the next number where that fails."""

LOT_GAP, LOT_NODES, LOT_SECONDS = 5e-4, 200, 2.0
"""Gap, nodes and processor seconds of the search of one lot."""

SETTLED_GAP, SETTLED_SECONDS = 2e-3, 20.0
"""Gap and processor seconds of a search over several lots and their ties."""

PACKS_GAP, PACKS_SECONDS = 1e-3, 20.0
"""Gap and processor seconds of the search for whole packs."""

LOTS_SHARE, PACKS_SHARE = 0.8, 0.5
"""Share of the time left that lots may take, most of it, as the search of the whole finds nothing without a plan; and
of what is left then, packs."""


class LotByLot(OverLp):
    """A relaxation kept warm, with more and more of its whole numbers fixed."""

    def __init__(self, part: Part, costs: Floats, limits: Limits, workers: int) -> None:
        problem = standard_form(part, costs)
        self.part, self.costs, self.workers = replace(part, lower=problem.lower, upper=problem.upper), costs, workers
        self.finish, self.limits = limits, limits.for_a_share(LOTS_SHARE)
        self.label = part.labels
        self.first, self.last = _lots_of_rows(part, self.label)
        self.switches: NDArray[np.bool_] = part.integer & (problem.upper <= 1)
        self.lower, self.upper = problem.lower.copy(), problem.upper.copy()
        self.unit = middle(costs)
        self.x, self.duals = np.empty(0), np.empty(0)
        self.bound = self.proven = -np.inf
        tightening = np.zeros(len(part.rows), dtype=bool) if part.redundant is None else part.redundant
        self.rows, self.left = np.flatnonzero(~tightening), np.flatnonzero(tightening)
        self.lp = WarmLp(costs / self.unit, self.lower, self.upper, *self._sides(self.rows))

    def plan(self, choices: Sequence[Positions], rounds: int = ROUNDS) -> Floats | None:
        """Return a point, or None where none is found: `choices` are sets of ties of which one at most is 1.

        What it proves is in `bound`: no point of the whole is below. Lots are decided again `rounds` times at most.
        """
        if not self._solved():
            return None
        self._tighten()
        self._choose(list(choices))
        batches = self._batches()
        for batch in batches:
            self._decide(batch)
        for count in WITH:
            self._settle(np.concatenate(batches[:count]))
        for batch in batches * rounds:
            if not self._near():
                self._again(batch)
        return self._packed()

    def _tighten(self) -> None:
        """Add the rows that only tighten the relaxation and that its point breaks."""
        self.bound = self.proven
        for _ in range(TIGHTENED):
            matrix, lower, upper = self._sides(self.left)
            activity = matrix @ self.x
            broken = (activity < lower - BROKEN) | (activity > upper + BROKEN)
            if not broken.any() or self.limits.over():
                return
            self.lp.add_rows(matrix[broken], lower[broken], upper[broken])
            self.rows, self.left = np.concatenate([self.rows, self.left[broken]]), self.left[~broken]
            if self._solved():
                self.bound = max(self.bound, self.proven)

    def _sides(self, rows: Positions) -> tuple[csr_array, Floats, Floats]:
        return self.part.matrix[rows], self.part.row_lower[rows], self.part.row_upper[rows]

    def _choose(self, left: list[Positions]) -> None:
        """Fix the choices that tie lots together, the most decided first."""
        while left and not self.limits.over():
            made = [self._likely(columns)[0][0] for columns in left]
            enough = min(max(made), DECIDED)
            now = [columns for columns, share in zip(left, made, strict=True) if share >= enough]
            left = [columns for columns, share in zip(left, made, strict=True) if share < enough]
            if enough < DECIDED:
                self._make(now[0])
                left += now[1:]
            else:
                self._fix(np.concatenate(now), np.concatenate([self._likely(columns)[0][1] for columns in now]))

    def _likely(self, columns: Positions) -> list[tuple[float, Floats]]:
        """Return what may be chosen, one of the columns or none, the likely first: how far it is, and the values."""
        values = [*np.eye(len(columns)), np.zeros(len(columns))]
        shares = [*self.x[columns].tolist(), 1.0 - float(self.x[columns].sum())]
        return sorted(zip(shares, values, strict=True), key=lambda one: -one[0])

    def _make(self, columns: Positions) -> None:
        """Make one choice: the likely one, or the next if that is dear and the next costs less."""
        before, kept = self._value(), (self.lower[columns].copy(), self.upper[columns].copy())
        (_, first), (_, second), *_ = self._likely(columns)
        fixed = self._fix(columns, first)
        one = self._value()
        if fixed and one <= before + DEAR * abs(before):
            return
        self._bound(columns, *kept)
        if not (self._fix(columns, second) and (not fixed or self._value() <= one)):
            self._bound(columns, *kept)
            self._fix(columns, first)

    def _batches(self) -> list[Positions]:
        """Return the lots in batches, those that cost most first."""
        own = self.label >= 0
        paid = np.bincount(self.label[own], np.abs(self.costs * self.x)[own])
        return np.array_split(np.argsort(-paid, kind="stable"), BATCHES) if len(paid) else []

    def _decide(self, batch: Positions) -> None:
        """Solve the lots of a batch at the prices of what ties them, and fix their 0/1 decisions."""
        if self.limits.over():
            return
        priced = self.costs - self.part.matrix.T @ np.where(self.first < self.last, self.duals, 0.0)
        tied = self.part.matrix @ np.where(self.label < 0, self.x, 0.0)
        with ThreadPoolExecutor(self.workers) as threads:
            answers = list(threads.map(lambda lot: self._lot(lot, priced, tied), batch.tolist()))
        found = [(columns, x) for columns, x in answers if x is not None]
        if not found:
            return
        columns, x = (np.concatenate(part) for part in zip(*found, strict=True))
        columns, x = columns[self.switches[columns]], np.rint(x[self.switches[columns]])
        before, kept = self._value(), (self.lower[columns].copy(), self.upper[columns].copy())
        fixed = self._fix(columns, x)
        if fixed and self._value() > before + FORCED * abs(before):
            self._bound(columns, *kept)
            fixed = not self._solved()
        if not fixed and len(batch) > 1:
            for half in np.array_split(batch, 2):
                self._decide(half)

    def _lot(self, lot: int, priced: Floats, tied: Floats) -> tuple[Positions, Floats | None]:
        """Return the columns of a lot and its best point, given what the columns that tie lots take of its rows."""
        columns, rows = np.flatnonzero(self.label == lot), np.flatnonzero((self.first == lot) & (self.last == lot))
        part = Part(
            columns=columns,
            rows=rows,
            matrix=self.part.matrix[rows][:, columns],
            row_lower=self.part.row_lower[rows] - tied[rows],
            row_upper=self.part.row_upper[rows] - tied[rows],
            lower=self.lower[columns],
            upper=self.upper[columns],
            integer=self.part.integer[columns],
            costs={},
        )
        limits = replace(self.limits, gap=LOT_GAP, nodes=LOT_NODES, effort=LOT_SECONDS, watch=None)
        return columns, minimise(part, priced[columns], (), limits, None).x

    def _settle(self, batch: Positions) -> None:
        """Where some lots are not decided, as no decision of theirs is left, decide them with a batch and the ties."""
        left = np.unique(self.label[self.switches & (self.lower < self.upper)])
        if not len(left) or self.limits.over():
            return
        own = self.switches & (np.isin(self.label, [*left.tolist(), *batch.tolist()]) | (self.label < 0))
        part = replace(
            self.part,
            lower=np.where(own, self.part.lower, self.lower),
            upper=np.where(own, self.part.upper, self.upper),
            integer=self.switches,
        )
        limits = replace(self.limits, gap=SETTLED_GAP, effort=SETTLED_SECONDS, watch=None)
        x = minimise(part, self.costs, (), limits, None).x
        if x is not None:
            columns = np.flatnonzero(own)
            kept = self.lower[columns].copy(), self.upper[columns].copy()
            self._bound(columns, self.part.lower[columns], self.part.upper[columns])
            if not self._fix(columns, np.rint(x[columns])):
                self._bound(columns, *kept)

    def _again(self, batch: Positions) -> None:
        """Decide a batch once more, now that all others are decided; keep what is better."""
        if self.limits.over():
            return
        columns = np.flatnonzero(self.switches & np.isin(self.label, batch))
        before, kept = self._score(), (self.lower[columns].copy(), self.upper[columns].copy())
        self._bound(columns, self.part.lower[columns], self.part.upper[columns])
        if self._solved():
            self._decide(batch)
        if not self._score() < before:
            self._bound(columns, *kept)
            self._solved()

    def _score(self) -> tuple[int, float]:
        """Return how many 0/1 decisions are open, and what the relaxation costs."""
        return int(np.count_nonzero(self.switches & (self.lower < self.upper))), self._value()

    def _value(self) -> float:
        return float(self.costs @ self.x)

    def _near(self) -> bool:
        """Say whether all is decided, near the bound."""
        still_open, value = self._score()
        return not still_open and value - self.bound <= NEAR * self.limits.gap * abs(value)

    def _packed(self) -> Floats | None:
        """Return a point with whole packs under what is decided."""
        limits = replace(self.finish.for_a_share(PACKS_SHARE), gap=PACKS_GAP, effort=PACKS_SECONDS, watch=None)
        decided = replace(self.part, lower=self.lower, upper=self.upper)
        return minimise(decided, self.costs, (), limits, None).x

    def _fix(self, columns: Positions, values: Floats) -> bool:
        """Fix columns, unless that leaves no point; say whether it does."""
        kept = self.lower[columns].copy(), self.upper[columns].copy()
        values = np.clip(values, *kept)
        self._bound(columns, values, values)
        solved = self._solved()
        if not solved:
            self._bound(columns, *kept)
        return solved

    def _bound(self, columns: Positions, lower: Floats, upper: Floats) -> None:
        self.lower[columns], self.upper[columns] = lower, upper
        self.lp.change_bounds(columns, lower, upper)

    def _solved(self) -> bool:
        answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled)
        if answer.status is not LpStatus.OPTIMAL or answer.x is None or answer.duals is None:
            return False
        self.proven = answer.bound * self.unit
        self.x, self.duals = answer.x, np.zeros(len(self.part.rows))
        self.duals[self.rows] = answer.duals * self.unit
        return True


def _lots_of_rows(part: Part, label: Positions) -> tuple[Positions, Positions]:
    """Return the first and the last lot of every row; the last is -1 where it has none."""
    row = np.repeat(np.arange(part.matrix.shape[0]), np.diff(part.matrix.indptr))
    own = label[part.matrix.indices]
    first, last = np.full(part.matrix.shape[0], len(label)), np.full(part.matrix.shape[0], -1)
    np.minimum.at(first, row[own >= 0], own[own >= 0])
    np.maximum.at(last, row[own >= 0], own[own >= 0])
    return first, last
