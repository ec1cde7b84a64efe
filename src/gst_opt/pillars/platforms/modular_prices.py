"""The bound of a modular location problem by prices: of each stream's demand, and of each row that links platforms.

At prices every platform is on its own: for each of its levels a continuous knapsack fills the capacity with the
streams worth most a minute, and the level with the least cost is taken. What no plan can be below is

::

    L(p, q) = sum_s p_s + sum_j min_{l of j} (cost_l + q rows_l - K_j(capacity_l)) - q sides,   p_s <= unmet_s, q >= 0
    K_j(c)  = max { sum_a (p_a - price_a - q rows_a) x_a : sum_a minutes_a x_a <= c, 0 <= x <= 1 }

and a plan with level l at platform j is not below ``L + (value of l - least value at j)``: the level's reduced cost.
Source: Lagrangean relaxation of the demand rows (Geoffrion and McBride, 1978; Cornuéjols, Sridharan and Thizy, 1991),
its prices by a deflected subgradient (Camerini, Fratta and Maffioli, 1975).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.platforms.modular import Modular

PATIENCE, SHRINK, DEFLECTION = 12, 0.7, 0.3
"""Steps without a better bound before the step shrinks, by how much; weight of the new direction."""

AIM = 0.03
"""Steps aim at so much above the bound, relative to what the demand is worth."""

ROW_SCALE = 3.0
"""A row weighs in a step as if its mean coefficient were this, beside demand rows of ones."""

ROUNDING = 1e-9
"""Relative error of a sum of this kind, taken off the bound."""


@dataclass(frozen=True)
class Prices:
    """Prices of the streams and rows, and what they prove.

    Attributes
    ----------
    stream, row
        Price of the whole demand of each stream, and of each row.
    value
        By platform and level (padded with infinity): the least cost of the platform at that level.
    bound
        By block: the part of the bound that its streams and platforms make, before the sides are paid.
    """

    stream: Floats
    row: Floats
    value: Floats
    bound: Floats

    def total(self, problem: Modular) -> float:
        """Return what no plan can be below."""
        total = float(self.bound.sum() - self.row @ problem.sides)
        return total - ROUNDING * float(np.abs(self.bound).sum() + self.row @ np.abs(problem.sides))

    def reduced(self, problem: Modular) -> Floats:
        """Return, by level, how much dearer than the bound a plan with it is at least."""
        reduced: Floats = (self.value - self.value.min(axis=1, keepdims=True))[_place(problem)]
        return reduced


@dataclass(frozen=True)
class _Point:
    """One evaluation: the prices' values, and how far the streams and rows are from being kept."""

    prices: Prices
    demand: Floats
    excess: Floats


class Knapsacks:
    """The knapsacks of all platforms side by side, as padded arrays made once."""

    def __init__(self, problem: Modular) -> None:
        self.problem = problem
        count = np.bincount(problem.at, minlength=problem.platforms)
        shape = (problem.platforms, max(1, int(count.max(initial=0))))
        self.filled: NDArray[np.bool_] = np.arange(shape[1]) < count[:, None]
        self.order = np.argsort(problem.at, kind="stable")
        self.option = np.zeros(shape, dtype=np.intp)
        self.option[self.filled] = self.order
        self.stream = np.where(self.filled, problem.stream[self.option] if len(problem.at) else 0, 0)
        self.minutes = np.where(self.filled, problem.minutes[self.option] if len(problem.at) else 1.0, 1.0)
        self.place = _place(problem)
        levels = int(self.place[1].max(initial=0)) + 1
        self.capacity = np.zeros((problem.platforms, levels))
        self.capacity[self.place] = problem.capacity
        self.level = np.zeros((problem.platforms, levels), dtype=np.intp)
        self.level[self.place] = np.arange(len(problem.cost))
        self.streams_of = problem.block[1]
        self.blocks = problem.blocks

    def at(self, stream: Floats, row: Floats) -> _Point:
        """Fill every knapsack at some prices."""
        problem, shape = self.problem, self.option.shape
        costs, fees = problem.priced(row)
        gain = np.where(self.filled, stream[self.stream] - fees[self.option] if len(fees) else 0.0, -1.0)
        order = np.argsort(-gain / np.maximum(self.minutes, 1e-12), axis=1)
        order += np.arange(shape[0])[:, None] * shape[1]
        worth = np.maximum(gain.ravel()[order], 0.0)
        size = np.where(worth > 0, self.minutes.ravel()[order], 0.0)
        filled, earned = np.cumsum(size, axis=1), np.cumsum(worth, axis=1)
        ends, sums = (np.column_stack([np.zeros(shape[0]), totals]) for totals in (filled, earned))
        count = np.column_stack([np.count_nonzero(filled <= room[:, None], axis=1) for room in self.capacity.T])
        one, last = np.arange(shape[0])[:, None], np.minimum(count, shape[1] - 1)
        part = np.where(
            (count < shape[1]) & (size[one, last] > 0),
            (self.capacity - ends[one, count]) / np.where(size[one, last] > 0, size[one, last], 1.0),
            0.0,
        )
        value = np.full(self.capacity.shape, np.inf)
        value[self.place] = costs
        value -= sums[one, count] + part * worth[one, last]
        chosen = value.argmin(axis=1)
        room = self.capacity[np.arange(shape[0]), chosen][:, None]
        taken = np.clip((room - (filled - size)) / np.where(size > 0, size, 1.0), 0.0, 1.0)
        taken = np.where((worth > 0) & (room > 0), np.where(size > 0, taken, 1.0), 0.0)
        served = np.bincount(self.stream.ravel()[order.ravel()], taken.ravel(), len(problem.unmet))
        point = np.zeros(len(problem.cost) + len(problem.price))
        point[self.level[np.arange(shape[0]), chosen]] = 1.0
        share = np.zeros(shape[0] * shape[1])
        share[order.ravel()] = taken.ravel()
        point[len(problem.cost) + self.order] = share.reshape(shape)[self.filled]
        bound = np.bincount(self.streams_of, stream, self.blocks).astype(np.float64)
        bound += np.bincount(problem.block[0], value.min(axis=1), self.blocks)
        return _Point(
            Prices(stream, row, value, bound), (1.0 - served).astype(np.float64), problem.rows @ point - problem.sides
        )


def ascend(knapsacks: Knapsacks, steps: int, *, stop: Callable[[], bool] = lambda: False) -> Prices:
    """Raise the bound by some steps of a deflected subgradient, from half of what unmet demand costs and free rows.

    Parameters
    ----------
    knapsacks
        The problem.
    steps
        How many steps at most.
    stop
        Asked before each step.
    """
    problem = knapsacks.problem
    scale = _scale(problem)
    served = np.bincount(problem.stream, minlength=len(problem.unmet)) > 0
    stream, row = np.where(served, 0.5, 1.0) * problem.unmet, np.zeros(len(problem.sides))
    best = knapsacks.at(stream, row)
    top, point, pace, since = best.prices.total(problem), best, 1.0, 0
    direction: Floats | None = None
    for _ in range(steps):
        if stop():
            break
        slope = np.concatenate([_free(point.demand, stream, problem.unmet), _paid(point.excess, row) * scale])
        direction = slope if direction is None else (1 - DEFLECTION) * direction + DEFLECTION * slope
        length = float(direction @ direction)
        if length <= 0:
            break
        aim = top + AIM * max(1.0, abs(top), float(best.prices.stream.sum()))
        rise = pace * (aim - point.prices.total(problem)) / length
        stream = np.minimum(stream + rise * direction[: len(stream)], problem.unmet)
        row = np.maximum(row + rise * direction[len(stream) :] * scale, 0.0)
        point = knapsacks.at(stream, row)
        total, since = point.prices.total(problem), since + 1
        if total > top:
            best, top, since = point, total, 0
        elif since >= PATIENCE:
            pace, since, direction, point = SHRINK * pace, 0, None, best
            stream, row = best.prices.stream, best.prices.row
    return best.prices


def _free(demand: Floats, stream: Floats, unmet: Floats) -> Floats:
    """Return the demand left, none where its price is as high as it may be."""
    return np.where((stream >= unmet) & (demand > 0), 0.0, demand)


def _paid(excess: Floats, row: Floats) -> Floats:
    """Return the excess of the rows, none where a row is slack and already free."""
    return np.where((row <= 0) & (excess < 0), 0.0, excess)


def _scale(problem: Modular) -> Floats:
    """Return what each row is multiplied by to weigh as demand rows do."""
    size = np.abs(problem.rows).sum(axis=1) / np.maximum(np.diff(problem.rows.indptr), 1)
    return ROW_SCALE / np.where(size > 0, size, 1.0)


def _place(problem: Modular) -> tuple[Positions, Positions]:
    """Return platform and rank of each level."""
    return problem.platform, np.arange(len(problem.platform)) - problem.first[problem.platform]
