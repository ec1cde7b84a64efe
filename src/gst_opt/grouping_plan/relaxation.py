"""The linear relaxation of a grouping, kept warm: prices, a bound, and how far acts may be from its own.

Sources: Savelsbergh (1994), Preprocessing and probing techniques for mixed integer programming problems (switches);
Ryoo and Sahinidis (1996), A branch-and-reduce approach to global optimization (ranges by what a plan may cost).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self, TypeVar

import numpy as np
from scipy.sparse import csr_array, vstack

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part
from gst_opt.solve.lp import OverLp, WarmLp
from gst_opt.solve.lp_answer import Basis, LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.preflight import SMALLEST_COEFFICIENT
from gst_opt.solve.standard import standard_form
from gst_opt.solve.tighten import propagate, switches

M = TypeVar("M", Compiled, Part)

ROUNDS, BROKEN = 5, 1e-6
"""Times that rows which only tighten are added to the relaxation, and by how much they are broken then."""

STEP, NEARER, TRIES = 0.05, 4.0, 2
"""How far a column is moved to see what that costs; where it cannot go so far, so many times nearer; times at most."""

ROUNDING = 1e-7
"""Room for rounding in a range."""

LEAST = 1e-9
"""A coefficient that falls by a smaller part stays as it is."""


class Relaxation(OverLp):
    """A linear relaxation kept warm.

    Attributes
    ----------
    bound
        What no point can be below, constants left out.
    x
        Its solution; None while it is not solved.
    prices
        What it pays for one unit of each row of the part; None while it is not solved.
    """

    def __init__(self, part: Part, costs: Floats, limits: Limits) -> None:
        problem = standard_form(part, costs).relaxed()
        self.part, self.limits, self.unit = part, limits, problem.cost_unit
        self.bound = -np.inf
        self.x: Floats | None = None
        self.prices: Floats | None = None
        self.lower, self.upper = problem.lower, problem.upper
        self.matrix, self.sides = part.matrix, (part.row_lower, part.row_upper)
        optional = np.zeros(len(part.row_lower), dtype=bool) if part.redundant is None else part.redundant
        self.rows, self.left = np.flatnonzero(~optional), np.flatnonzero(optional)
        self.basis: Basis | None = None
        self.lp = WarmLp(problem.costs / self.unit, problem.lower, problem.upper, *self._those(self.rows))

    def __enter__(self) -> Self:
        """Enter it, for the first time or again: it goes on from where it ended."""
        if self.basis is not None:
            self.lp.set_basis(self.basis)
        return super().__enter__()

    def solve(self) -> bool:
        """Solve it, rows that only tighten added where they are broken; say whether it was solved."""
        for _ in range(ROUNDS + 1):
            answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled, basis=True)
            self.bound = max(self.bound, answer.bound * self.unit)
            if answer.status is not LpStatus.OPTIMAL or answer.duals is None or answer.x is None:
                return False
            prices = np.zeros(self.matrix.shape[0])
            prices[self.rows] = answer.duals * self.unit
            self.x, self.basis = answer.x, answer.basis
            self.prices = _of_right_sign(self.part, prices[: len(self.part.rows)])
            matrix, lower, upper = self._those(self.left)
            activity = matrix @ answer.x
            broken = (activity < lower - BROKEN) | (activity > upper + BROKEN)
            if not broken.any():
                break
            self.lp.add_rows(matrix[broken], lower[broken], upper[broken])
            self.rows, self.left = np.concatenate([self.rows, self.left[broken]]), self.left[~broken]
        return True

    def ranges(self, columns: Sequence[int], most: float) -> tuple[Floats, Floats]:
        """Return bounds of all columns, those given narrowed: points outside of them cost `most` at least.

        ::

            L_h + r (x - h) >= most    for x beyond the bound, with L_h and r bound and reduced cost when x is held at h

        Where the time given for it is over, the rest stay as they are.
        """
        lower, upper = self.lower.copy(), self.upper.copy()
        for column in columns:
            upper[column] = self._reach(column, 1.0, most)
            lower[column] = self._reach(column, -1.0, most)
        return lower, upper

    def narrow(self, tight: Part) -> None:
        """Go on within the bounds of a part, with its rows where they are others: these are added where broken."""
        other = np.flatnonzero((tight.lower != self.part.lower) | (tight.upper != self.part.upper))
        self.lower, self.upper = tight.lower, tight.upper
        self.lp.change_bounds(other, tight.lower[other], tight.upper[other])
        difference = csr_array(tight.matrix - self.part.matrix)
        changed = np.flatnonzero(np.diff(difference.indptr))
        self.left = np.concatenate([self.left, self.matrix.shape[0] + np.arange(len(changed))])
        self.matrix = csr_array(vstack([self.matrix, tight.matrix[changed]]))
        lower, upper = self.sides
        self.sides = (
            np.concatenate([lower, tight.row_lower[changed]]),
            np.concatenate([upper, tight.row_upper[changed]]),
        )

    def _reach(self, column: int, sign: float, most: float) -> float:
        """Return how far up, or down, a column may go before the relaxation costs `most`."""
        assert self.x is not None
        rest, end = float(self.x[column]), float((self.upper if sign > 0 else self.lower)[column])
        at = rest + sign * STEP
        for _ in range(TRIES):
            if self.limits.over() or sign * (end - at) <= 0:
                break
            self.lp.change_bounds([column], [min(at, end)], [max(at, end)])
            answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled)
            if answer.status is LpStatus.INFEASIBLE:
                end, at = at, rest + (at - rest) / NEARER
                continue
            sure = answer.runs == 1 and answer.status is LpStatus.OPTIMAL  # else bound and slope may be of two points
            slope = sign * float(answer.reduced_costs[column]) if sure and answer.reduced_costs is not None else 0.0
            left = most / self.unit - answer.bound
            if slope > 0:
                end = sign * min(sign * end, sign * at + max(left, 0.0) / slope)
            if left <= 0 or abs(end - at) <= STEP:
                break
            at = (at + end) / 2
        self.lp.change_bounds([column], [self.lower[column]], [self.upper[column]])
        return end + sign * ROUNDING

    def _those(self, rows: Positions) -> tuple[csr_array, Floats, Floats]:
        lower, upper = self.sides
        return self.matrix[rows], lower[rows], upper[rows]


def warm(part: Part, costs: Floats) -> WarmLp:
    """Return the linear relaxation of a part, kept warm, rows that only tighten it among the others."""
    problem = standard_form(part, costs).relaxed()
    return WarmLp(costs, problem.lower, problem.upper, part.matrix, part.row_lower, part.row_upper)


def tightened(model: M, but: Sequence[int] | Positions = ()) -> M:
    """Return a model whose switches have the smallest coefficients that allow the same points in whole numbers.

    ::

        x <= m z    where other rows and bounds keep x below u < m:    x <= u z

    Parameters
    ----------
    model
        Rows and columns.
    but
        Rows that stay as they are.
    """
    matrix, found = model.matrix, switches(model, *propagate(model))
    size, needed = np.abs(matrix.data[found.entry]), np.maximum(found.needed, SMALLEST_COEFFICIENT)
    limit = np.where(np.isfinite(model.row_upper), 1.0, -1.0)[found.row] * matrix.data[found.entry] < 0
    smaller = limit & (needed < size * (1 - LEAST)) & ~np.isin(found.row, but)
    data = matrix.data.copy()
    data[found.entry[smaller]] = (np.sign(matrix.data[found.entry]) * needed)[smaller]
    return replace(model, matrix=csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape))


def _of_right_sign(part: Part, prices: Floats) -> Floats:
    """Return prices without those that a side which is not there would pay."""
    paid = np.where(np.isfinite(part.row_lower), np.maximum(prices, 0.0), 0.0)
    return paid + np.where(np.isfinite(part.row_upper), np.minimum(prices, 0.0), 0.0)
