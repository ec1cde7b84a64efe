"""A modular location problem with only some levels left, as one linear problem in whole numbers.

Besides the rows of `modular` each platform has one that its prices give: what its options earn at the prices is no
more than the knapsack of its level,

::

    sum_a max(p_a - price_a, 0) x_a <= sum_{l of p} K_p(capacity_l) w_l    for every platform p

With these rows the linear relaxation proves what the prices prove. Source: the Fenchel cuts of Boyd (1994).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.platforms.modular import Modular, ModularPlan
from gst_opt.pillars.platforms.modular_prices import Prices
from gst_opt.solve.components import Part

ROUNDING = 1e-9
"""Relative slack of a knapsack's row."""

NEGLIGIBLE = 1e-6
"""What an option earns is left out of its knapsack's row below this share of what the platform can earn."""

Flags = NDArray[np.bool_]
_Entries = tuple[Positions, Positions, float | Floats]


@dataclass(frozen=True)
class Restricted:
    """Some blocks with some of their levels: the part, its costs, and what its columns stand for.

    Columns are the options, then the unmet shares, then the levels, each given by its position in the problem; then
    what rows are exceeded by.
    """

    part: Part
    costs: Floats
    option: Positions
    stream: Positions
    level: Positions

    def point(self, problem: Modular, plan: ModularPlan) -> Floats | None:
        """Return a plan as a point; None where it takes a level that is not left."""
        taken = plan.taken(problem)
        if taken[self.level].sum() < len(np.unique(problem.platform[self.level])):
            return None
        point = np.concatenate([plan.share[self.option], plan.unmet(problem)[self.stream], taken[self.level]])
        matrix, columns = self.part.matrix, np.arange(len(point), self.part.matrix.shape[1])
        excess = matrix[:, : len(point)] @ point - self.part.row_upper
        return np.concatenate([point, np.maximum(0.0, -(matrix[:, columns].T @ np.where(excess > 0, excess, 0.0)))])

    def plan(self, problem: Modular, x: Floats, base: ModularPlan) -> ModularPlan:
        """Return a plan with the blocks as a point has them, and the others as they are."""
        level, share = base.level.copy(), base.share.copy()
        platform = problem.platform[self.level]
        share[np.isin(problem.at, platform)] = 0.0
        share[self.option] = np.clip(x[: len(self.option)], 0.0, 1.0)
        first = len(self.option) + len(self.stream)
        taken = self.level[x[first : first + len(self.level)] > 0.5]
        level[problem.platform[taken]] = taken
        return ModularPlan(level, share)


@dataclass(frozen=True)
class Rest:
    """What the rows leave for some blocks, what a unit beyond costs (infinite: not allowed) and each unit, by row."""

    sides: Floats
    penalty: Floats
    price: Floats


def restrict(problem: Modular, prices: Prices, keep: Flags, blocks: Flags, rest: Rest | None = None) -> Restricted:
    """Write some blocks as a linear problem in whole numbers.

    Parameters
    ----------
    problem, prices
        The problem, and prices that the knapsack rows come from.
    keep
        By level: whether it is left; at least one for each platform.
    blocks
        By block: whether it is written.
    rest
        What the rows leave for these blocks; None for rows at their prices, and as rows only where nobody else enters.
    """
    count = len(problem.cost)
    mine = blocks[problem.block[0]]
    level = np.flatnonzero(keep & mine[problem.platform])
    stream = np.flatnonzero(blocks[problem.block[1]])
    serving = np.bincount(problem.platform[level], problem.capacity[level] > 0, problem.platforms) > 0
    option = np.flatnonzero(mine[problem.at] & serving[problem.at])
    rows = _Rows(len(option), len(stream), len(level))
    at, x, w = problem.at[option], np.arange(len(option)), np.arange(len(level))
    platform, capacity = problem.platform[level], problem.capacity[level]
    number = np.cumsum(mine) - 1
    rank = np.full(len(problem.unmet), -1)
    rank[stream] = np.arange(len(stream))
    demand = (rank[problem.stream[option]], x, 1.0), (np.arange(len(stream)), rows.unmet + np.arange(len(stream)), 1.0)
    rows.add(len(stream), demand, lower=1.0, upper=1.0)
    platforms = int(mine.sum())
    rows.add(platforms, [(number[platform], rows.level + w, 1.0)], lower=1.0, upper=1.0)
    load = (number[at], x, problem.minutes[option])
    rows.add(platforms, [load, (number[platform], rows.level + w, -capacity)])
    costs, fees = problem.priced(prices.row)
    gain = np.maximum(prices.stream[problem.stream[option]] - fees[option], 0.0)
    always = np.ones(problem.platforms, dtype=bool)
    always[platform[capacity <= 0]] = False
    _link(rows, at, platform, capacity, np.flatnonzero(~always[at] & ((gain > 0) | (problem.minutes[option] <= 0))))
    earned = (costs - prices.value[problem.platform, np.arange(count) - problem.first[problem.platform]])[level]
    earned += ROUNDING * np.maximum(1.0, np.abs(costs[level]))
    unit = np.ones(problem.platforms)
    np.maximum.at(unit, platform, earned)
    earned = np.where(capacity > 0, np.maximum(earned, NEGLIGIBLE * unit[platform]), 0.0)
    gain = np.where(gain > NEGLIGIBLE * unit[at], gain / unit[at], 0.0)
    rows.add(platforms, [(number[at], x, gain), (number[platform], rows.level + w, -earned / unit[platform])])
    columns = np.concatenate([count + option, level])
    inside = problem.rows[:, columns]
    if rest is None:
        alone = np.diff(inside.indptr) == np.diff(problem.rows.indptr)
        rest = Rest(problem.sides, np.full(len(problem.sides), np.inf), prices.row)
        chosen = np.flatnonzero(alone & (np.diff(inside.indptr) > 0))
    else:
        costs, fees = problem.priced(rest.price)
        chosen = np.flatnonzero(np.diff(inside.indptr) > 0)
    entries = coo_array(inside[chosen])
    place = np.concatenate([x, rows.level + w])
    soft = np.flatnonzero(np.isfinite(rest.penalty[chosen]))
    beyond = (soft, rows.widen(len(soft)), -1.0)
    used = (entries.coords[0], place[entries.coords[1]], entries.data)
    rows.add(len(chosen), [used, beyond], upper=rest.sides[chosen])
    paid = [fees[option], problem.unmet[stream], costs[level], rest.penalty[chosen][soft]]
    return Restricted(rows.part(), np.concatenate(paid), option, stream, level)


def _link(rows: "_Rows", at: Positions, platform: Positions, capacity: Floats, linked: Positions) -> None:
    """No option of a platform without capacity: ``x_a <= sum of its levels with capacity``."""
    open_ = np.flatnonzero(capacity > 0)
    start, end = (np.searchsorted(platform[open_], at[linked], side) for side in ("left", "right"))
    count = end - start
    row = np.repeat(np.arange(len(linked)), count)
    column = open_[np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)]
    rows.add(len(linked), [(np.arange(len(linked)), linked, 1.0), (row, rows.level + column, -1.0)])


class _Rows:
    """Rows collected family by family; columns are options, unmet shares and levels."""

    def __init__(self, options: int, streams: int, levels: int) -> None:
        self.unmet, self.level = options, options + streams
        self.bounded = self.columns = options + streams + levels
        self._matrices: list[csr_array] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []

    def add(self, count: int, entries: Sequence[_Entries], lower: float = -np.inf, upper: float | Floats = 0.0) -> None:
        """Add some rows with entries ``(rows, columns, values)``."""
        rows, columns, values = (
            np.concatenate([np.broadcast_to(one[part], one[1].shape) for one in entries]) for part in range(3)
        )
        self._matrices.append(csr_array(coo_array((values, (rows, columns)), shape=(count, self.columns))))
        self._lower.append(np.broadcast_to(lower, count))
        self._upper.append(np.broadcast_to(upper, count))

    def widen(self, count: int) -> Positions:
        """Return some more columns, without an upper bound."""
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def part(self) -> Part:
        """Put all together."""
        for matrix in self._matrices:
            matrix.resize((matrix.shape[0], self.columns))
        matrix = csr_array(vstack(self._matrices, format="csr"))
        matrix.eliminate_zeros()
        column = np.arange(self.columns)
        integer = (column >= self.level) & (column < self.bounded)
        return Part(
            columns=np.arange(self.columns),
            rows=np.arange(matrix.shape[0]),
            matrix=matrix,
            row_lower=np.concatenate(self._lower),
            row_upper=np.concatenate(self._upper),
            lower=np.zeros(self.columns),
            upper=np.where(column < self.bounded, 1.0, np.inf),
            integer=integer,
            costs={},
        )
