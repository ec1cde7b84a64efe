"""Joint replenishment: items ordered together, each in every so many orders; no solver."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from gst_opt.core.errors import DataError, DataProblem
from gst_opt.core.frozen import Frozen
from gst_opt.model.arrays import floats, wrong
from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.classic.schedule import above_zero
from gst_opt.text import Message

FIRST_LOOK = 256
"""Cycles tried for a first plan: its cost says how short a cycle has to be looked at."""

ROUNDING = 1e-9
"""Room for rounding in the shortest cycle, relative."""


class Replenishment(Frozen):
    """How often something is ordered, and each item in every so many orders."""

    cycle: float = Field(description="Time from an order to the next")
    multiples: tuple[int, ...] = Field(description="Orders from one of each item to its next")
    orders: float = Field(description="Cost of the orders in a unit of time")
    stock: float = Field(description="Cost of the stock in a unit of time")

    @property
    def cost(self) -> float:
        """Cost in a unit of time in all."""
        return self.orders + self.stock


class _Items(NamedTuple):
    """Cost of an order, cost of adding each item to it, and cost of the stock that each leaves, by unit of time."""

    major: float
    minor: Floats
    stock: Floats

    def multiples(self, cycle: Floats) -> Floats:
        """Return the best multiples for each cycle, shape (items, cycles): ``m (m-1) <= 2 minor / (stock cycle^2)``."""
        ratio = 2 * self.minor[:, None] / (self.stock[:, None] * cycle**2)
        return np.maximum(np.ceil((np.sqrt(1 + 4 * ratio) - 1) / 2), 1.0)

    def rates(self, multiples: Floats) -> tuple[Floats, Floats]:
        """Return what the orders of a cycle, and the stock of a cycle of length 1, cost; by column of `multiples`."""
        return self.major + (1 / multiples).T @ self.minor, multiples.T @ self.stock / 2


def joint_replenishment(major: float, minor: ArrayLike, demand: ArrayLike, hold: ArrayLike) -> Replenishment:
    """Return the cycle and the multiples of least cost, proven: every cycle that can be best is looked at.

    An order costs `major`, and `minor` more for each item in it. Between two lengths of the cycle where some item's
    best multiple changes the best cycle is known in closed form, and a cycle so short that its orders alone cost more
    than a plan known is not best.

    Parameters
    ----------
    major
        Cost of one order, above 0.
    minor
        Cost of adding item i to an order, shape (items,), not negative.
    demand
        Quantity of item i needed in a unit of time, shape (items,), above 0.
    hold
        Cost of keeping one unit of item i for a unit of time, shape (items,), above 0.

    Raises
    ------
    DataError
        If a shape is wrong, there is no item, or a number is NaN, infinite or too small: every one of them.

    Examples
    --------
    >>> best = joint_replenishment(600, [120, 840, 300], [1, 1, 1], [160, 20, 50])
    >>> best.multiples, round(best.cost, 4)
    ((1, 3, 1), 837.8544)

    Notes
    -----
    Source: Silver (1976), A simple method of determining order quantities in joint replenishments under deterministic
    demand; Wildeman, Frenk and Dekker (1997), An efficient optimal solution method for the joint replenishment problem.
    """
    once, added, needed, kept = floats(major), floats(minor), floats(demand), floats(hold)
    items = len(added) if added.ndim == 1 else -1
    problems = [*above_zero("major", once.reshape(-1), 1), *wrong("minor", added, (-1,), low=0.0)]
    problems += [*above_zero("demand", needed, items), *above_zero("hold", kept, items)]
    if items == 0:
        problems.append(DataProblem("minor", 0, "", "0", Message("pillars.one_item")))
    if problems:
        raise DataError(problems)
    given = _Items(float(once), added, needed * kept)
    return _plan(given, _best_cycle(given))


def _best_cycle(items: _Items) -> float:
    """Return the best cycle: in each interval of constant multiples the closed form, kept within the interval."""
    longest = float(np.sqrt(2 * (items.major + items.minor.sum()) / items.stock.sum()))
    tried = longest * np.geomspace(1e-4, 1.0, FIRST_LOOK)
    orders, stock = items.rates(items.multiples(tried))
    least = np.sqrt(2 * items.minor * items.stock).sum()
    known = float(np.min(orders / tried + stock * tried))
    shortest = items.major / max((known - least) * (1 + ROUNDING), ROUNDING * known)
    changes, item = _changes(items, shortest)
    order = np.argsort(-changes, kind="stable")
    changes, item = changes[order], item[order]
    ends = np.append(np.inf, changes)
    begins = np.append(changes, shortest)
    multiple = np.ones(len(changes))
    for one in range(len(items.minor)):
        own = np.flatnonzero(item == one)
        multiple[own] = np.arange(1, len(own) + 1)
    orders = (
        items.major + items.minor.sum() - np.cumsum(np.append(0.0, items.minor[item] / (multiple * (multiple + 1))))
    )
    stock = (items.stock.sum() + np.cumsum(np.append(0.0, items.stock[item]))) / 2
    cycles = np.clip(np.sqrt(orders / stock), begins, ends)
    return float(cycles[np.argmin(orders / cycles + stock * cycles)])


def _changes(items: _Items, shortest: float) -> tuple[Floats, Positions]:
    """Return the cycles, not below `shortest`, where an item's best multiple goes from m to m + 1, and the item."""
    last = items.multiples(np.array([shortest]))[:, 0].astype(np.intp)
    item = np.repeat(np.arange(len(last)), last - 1)
    multiple = np.concatenate([np.arange(1, count) for count in last]) if len(item) else np.empty(0)
    return np.sqrt(2 * items.minor[item] / (items.stock[item] * multiple * (multiple + 1))), item


def _plan(items: _Items, cycle: float) -> Replenishment:
    """Return the plan of a cycle, its multiples the best, its length the best of these multiples."""
    multiples = items.multiples(np.array([cycle]))
    orders, stock = (float(part[0]) for part in items.rates(multiples))
    best = float(np.sqrt(orders / stock))
    return Replenishment(
        cycle=best,
        multiples=tuple(int(multiple) for multiple in multiples[:, 0]),
        orders=orders / best,
        stock=stock * best,
    )
