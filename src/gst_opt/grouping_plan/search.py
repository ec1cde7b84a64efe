"""Searches of a grouping's model as arrays: parts in turn, ties priced, what two points agree on kept.

Sources: Geoffrion (1974), Lagrangean relaxation for integer programming; Danna, Rothberg and Le Pape (2005), Exploring
relaxation induced neighborhoods to improve MIP solutions.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gst_opt.grouping_plan.arrays import OWN, Bools, Tied, fixed, held
from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.belief import Ended
from gst_opt.solve.components import Part, split
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.standard import holds, standard_form

ROUNDS, BROKEN = 3, 1e-6
"""Times that rows which only tighten are added to the relaxation, and by how much they are broken then."""

RAISED, DEARER = 4, 1.5
"""Times that a price of money is raised, and by how much."""

SAME = 1e-6
"""Whole numbers this near are the same."""

EFFORT = 120.0
"""Processor seconds of one search at most, where a busy machine does not change what is found."""

SHARE = 0.4
"""Share of the time left that one search may take."""


class Search:
    """The best point of a model and what no point can be below, constants left out.

    Attributes
    ----------
    best
        The best point that the model allows; None without one.
    bound
        What no point can be below; minus infinity when nothing is proven.
    """

    def __init__(self, tied: Tied, limits: Limits) -> None:
        self.tied, self.limits = tied, limits
        self.best: Floats | None = None
        self.bound = -np.inf

    @property
    def value(self) -> float:
        """Cost of the best point; infinite without one."""
        return np.inf if self.best is None else self.tied.value(self.best)

    def in_turn(self, order: Sequence[str], x: Floats) -> None:
        """Plan parts one after the other, each with what those before it leave, and keep the plan where it is better.

        Parameters
        ----------
        order
            Names of the parts. Short supplies are the tender's concern, nobody else's.
        x
            Where the parts that are not planned yet stay. What platforms spend there is not counted before they are
            planned: the budget may not be enough for today's.
        """
        whole, money = self.tied.part, self.tied.money
        for number, name in enumerate(order):
            free = self.tied.owned([name, OWN])
            paid = self.tied.owned([name, OWN] if name == "awards" else [name])
            later = np.where(self.tied.owned({"location"} & set(order[number + 1 :])), x, 0.0)
            upper = whole.row_upper.copy()
            upper[money] += whole.matrix[money] @ later
            part = held(replace(whole, row_upper=upper), free, x)
            known = x if holds(part, x[free]) else None
            found = self._minimise(part, np.where(paid, self.tied.costs, 0.0)[free], known)
            if found is None:
                return
            x = x.copy()
            x[free] = found
        self.take(x)

    def priced(self) -> Floats | None:
        """Price the ties, solve what falls apart, and prove a bound; return the point of the pieces, ties broken.

        ::

            min c.x + pi.(b - A x)    over the rows that are not priced

        with the prices pi of the linear relaxation is below every plan.
        """
        prices = self._prices()
        if prices is None:
            return None
        part, rows = self.tied.part, self.tied.priced
        costs = self.tied.costs - part.matrix[rows].T @ prices
        sides = np.where(prices > 0, part.row_lower[rows], part.row_upper[rows])
        bound = float(np.where(prices != 0, prices, 0.0) @ np.where(prices != 0, sides, 0.0))
        x = np.empty(len(costs))
        for piece in split(self.tied.unpriced):
            run = minimise_large(piece, costs[piece.columns], (), self._limits(), None)
            if run.x is None or run.bound is None:
                return None
            x[piece.columns] = run.x
            bound += run.bound
        self.bound = max(self.bound, bound)
        return x

    def polish(self) -> None:
        """Keep all whole numbers of the best point, and find the best for the rest."""
        if self.best is not None:
            self._within(self.tied.part.integer, self.best)

    def between(self, x: Floats) -> None:
        """Search with the whole numbers that a point and the best one agree on."""
        if self.best is not None:
            self._within(self.tied.part.integer & (np.abs(x - self.best) < SAME), self.best)

    def take(self, x: Floats) -> None:
        """Keep a point that the model allows, where it is the best."""
        if self.tied.value(x) < self.value and self.tied.allows(x):
            self.best = x

    def over(self) -> bool:
        """Say whether the time is over."""
        return self.limits.cancelled.is_set() or self.limits.seconds_left() == 0.0

    def _within(self, kept: Bools, x: Floats) -> None:
        part = fixed(self.tied.part, kept, np.rint(x))
        known = self.best if self.best is not None and np.all(np.abs(self.best - x)[kept] < SAME) else None
        found = self._minimise(held(part, ~kept, np.where(kept, np.rint(x), x)), self.tied.costs[~kept], known)
        if found is not None:
            whole = np.where(kept, np.rint(x), 0.0)
            whole[~kept] = found
            self.take(whole)

    def _minimise(self, part: Part, costs: Floats, known: Floats | None) -> Floats | None:
        """Search a part; where money is a limit, with money at a price."""
        start = None if known is None else known[part.columns]
        if self.over():
            return start
        money = np.flatnonzero(np.isin(part.rows, self.tied.money))
        found = within_money(part, costs, money, self._limits()) if len(money) and part.integer.any() else None
        if found is not None:
            return found if start is None or costs @ found < costs @ start else start
        run = minimise_large(part, costs, (), self._limits(), start)
        return None if run.ended is Ended.INFEASIBLE else run.x

    def _limits(self) -> Limits:
        left = self.limits.seconds_left()
        limits = replace(self.limits, effort=EFFORT, watch=None)
        return limits if left is None else limits.until(time.monotonic() + SHARE * left)

    def _prices(self) -> Floats | None:
        """Return what the linear relaxation pays for one unit of each tie; its bound is kept."""
        part = self.tied.part
        problem = standard_form(part, self.tied.costs).relaxed()
        optional = np.zeros(len(part.row_lower), dtype=bool) if part.redundant is None else part.redundant
        rows, left = np.flatnonzero(~optional), np.flatnonzero(optional)
        unit, prices = problem.cost_unit, None
        with WarmLp(
            problem.costs / unit,
            problem.lower,
            problem.upper,
            part.matrix[rows],
            part.row_lower[rows],
            part.row_upper[rows],
        ) as lp:
            for _ in range(ROUNDS + 1):
                answer = lp.solve(self._limits().seconds_left(), cancelled=self.limits.cancelled)
                self.bound = max(self.bound, answer.bound * unit)
                if answer.status is not LpStatus.OPTIMAL or answer.duals is None or answer.x is None:
                    break
                duals = np.zeros(len(part.row_lower))
                duals[rows] = answer.duals * unit
                prices = duals[self.tied.priced]
                activity = part.matrix[left] @ answer.x
                broken = left[(activity < part.row_lower[left] - BROKEN) | (activity > part.row_upper[left] + BROKEN)]
                if not len(broken):
                    break
                lp.add_rows(part.matrix[broken], part.row_lower[broken], part.row_upper[broken])
                rows, left = np.concatenate([rows, broken]), np.setdiff1d(left, broken)
        return None if prices is None else _of_right_sign(part, self.tied.priced, prices)


def within_money(part: Part, costs: Floats, money: Positions, limits: Limits) -> Floats | None:
    """Search a part with money at a price that rises until the budget holds: a limit hides good plans from a search.

    Parameters
    ----------
    part, costs, limits
        What to minimise, and within which limits.
    money
        Positions of the rows of money.

    Returns
    -------
    array or None
        A point of the part, what is continuous in it the best for its whole numbers; None where none was found, or
        where money is no limit.
    """
    problem = standard_form(part, costs).relaxed()
    with WarmLp(costs, problem.lower, problem.upper, part.matrix, part.row_lower, part.row_upper) as lp:
        answer = lp.solve(limits.seconds_left(), cancelled=limits.cancelled)
    if answer.duals is None or not np.any(answer.duals[money] < 0):
        return None
    price, others = np.minimum(answer.duals[money], 0.0), np.setdiff1d(np.arange(len(part.row_lower)), money)
    for _ in range(RAISED):
        run = minimise_large(part.keeping_rows(others), costs - part.matrix[money].T @ price, (), limits, None)
        if run.x is None:
            return None
        whole = fixed(part, part.integer, np.rint(run.x))
        rest = minimise_large(whole, costs, (), limits, None)
        if rest.x is not None:
            return rest.x
        price = DEARER * price
    return None


def _of_right_sign(part: Part, rows: Positions, prices: Floats) -> Floats:
    """Return prices without those that a side which is not there would pay."""
    paid = np.where(np.isfinite(part.row_lower[rows]), np.maximum(prices, 0.0), 0.0)
    return paid + np.where(np.isfinite(part.row_upper[rows]), np.minimum(prices, 0.0), 0.0)
