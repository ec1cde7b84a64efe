"""A linear relaxation kept warm, without the rows that only tighten it until its point breaks them.

Its duals prove a bound of the whole problem (`LpData.bound`). Searches fix some of its whole numbers, and free them.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.components import Part
from gst_opt.solve.lp import OverLp, WarmLp
from gst_opt.solve.lp_answer import Basis, LpAnswer, LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import StandardForm, cost_unit

ROUNDS = 3
"""Times that broken rows are added to the relaxation between two searches."""

BROKEN = 1e-4
"""A row that is broken by less is not added."""


@dataclass(frozen=True)
class Optimum:
    """Where the relaxation stands: its point, reduced costs of columns, duals of the rows that it has (new: 0)."""

    x: Floats
    reduced: Floats
    duals: Floats


class LazyRelaxation(OverLp):
    """A relaxation kept warm: its optimum, proven bound, and the rows that it has needed so far."""

    def __init__(self, part: Part, problem: StandardForm, limits: Limits) -> None:
        self.problem, self.limits = problem.relaxed(), limits
        optional = np.zeros(len(problem.row_lower), dtype=bool)
        if part.redundant is not None:
            optional[: len(part.redundant)] = part.redundant
        self.rows, self.left = np.flatnonzero(~optional), np.flatnonzero(optional)
        self.costs, self.unit = problem.costs, problem.cost_unit
        self.optimum, self.bound = Optimum(np.empty(0), np.empty(0), np.empty(0)), -np.inf
        self._basis: Basis | None = None
        bounds = problem.lower, problem.upper
        self.lp = WarmLp(problem.costs / self.unit, *bounds, problem.matrix[self.rows], *self._sides(self.rows))

    @property
    def x(self) -> Floats:
        """Point of the optimum."""
        return self.optimum.x

    @property
    def proves(self) -> bool:
        """Whether its costs are those of the problem: what it proves holds for the whole problem then."""
        return self.costs is self.problem.costs

    @property
    def value(self) -> float:
        """What the point costs."""
        return float(self.costs @ self.x)

    @property
    def matrix(self) -> csr_array:
        """Rows that it has, in their order."""
        return self.problem.matrix[self.rows]

    def solve(self) -> bool:
        """Solve it, and say whether that gave a point and, by the costs of the problem, a bound."""
        answer = self.lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled, basis=True)
        if self.proves:
            self.bound = max(self.bound, answer.bound * self.unit)
        optimum = self._optimum(answer)
        if optimum is None:
            return False
        self.optimum, self._basis = optimum, answer.basis
        return not self.proves or bool(np.isfinite(self.bound))

    def turn(self, costs: Floats | None) -> None:
        """Take other costs, or (None) those of the problem again; the next solve begins where the last one ended."""
        self.costs = self.problem.costs if costs is None else costs
        self.unit = cost_unit(self.costs)
        self.lp.change_costs(np.arange(len(self.costs)), self.costs / self.unit)

    def tighten(self, worth: float) -> None:
        """Add the rows that its point breaks, and solve it again, as long as that raises its value by so much."""
        for _ in range(ROUNDS):
            if self.limits.over():
                return
            low, high = self._sides(self.left)
            activity = self.problem.matrix[self.left] @ self.x
            broken = self.left[(activity < low - BROKEN) | (activity > high + BROKEN)]
            if not len(broken):
                return
            self.lp.add_rows(self.problem.matrix[broken], *self._sides(broken))
            self.rows, self.left = np.append(self.rows, broken), np.setdiff1d(self.left, broken)
            self.optimum = replace(self.optimum, duals=np.append(self.optimum.duals, np.zeros(len(broken))))
            before = self.value
            if not self.solve() or self.value < before + worth:
                return

    def fix(self, columns: Positions, values: Floats, limits: Limits) -> Optimum | None:
        """Give columns a value and solve; where that leaves no point within the limits, free them and return None.

        The bound and the optimum stay as they were.
        """
        self.lp.change_bounds(columns, values, values)
        answer = self.lp.solve(limits.seconds_left(), cancelled=limits.cancelled)
        optimum = self._optimum(answer)
        if optimum is None:
            self.lp.change_bounds(columns, self.problem.lower[columns], self.problem.upper[columns])
        return optimum

    def free(self, columns: Positions) -> None:
        """Give columns their bounds back; the next solve begins where the relaxation stood."""
        self.lp.change_bounds(columns, self.problem.lower[columns], self.problem.upper[columns])
        if self._basis is not None:
            self.lp.set_basis(self._basis)

    def _optimum(self, answer: LpAnswer) -> Optimum | None:
        """Return the optimum that a solve left, or None."""
        if answer.status is not LpStatus.OPTIMAL:
            return None
        if answer.x is None or answer.reduced_costs is None or answer.duals is None:
            return None
        return Optimum(answer.x, answer.reduced_costs * self.unit, answer.duals * self.unit)

    def _sides(self, rows: Positions) -> tuple[Floats, Floats]:
        return self.problem.row_lower[rows], self.problem.row_upper[rows]
