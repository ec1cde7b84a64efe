"""Capacity at sites in whole units: one level for each platform, shares of each stream over the options that serve it.

A platform is a kind of equipment at a site, and its levels are what may stand there (two scanners, none). A stream is
a demand (a zone's scans), an option one platform that can serve it. Budgets, floor space and shared staff are rows
over levels and options; without them the problem falls into blocks (one kind of equipment each).

::

    min  sum_l cost_l w_l + sum_a price_a x_a + sum_s unmet_s v_s
    sum_{l of p} w_l = 1                                       for every platform p
    sum_{a of s} x_a + v_s = 1                                 for every stream s
    sum_{a of p} minutes_a x_a <= sum_{l of p} capacity_l w_l  for every platform p
    x_a <= sum_{l of p, capacity_l > 0} w_l                    for every option a of platform p
    rows (w, x) <= sides,  w whole,  x, v >= 0

Source: facility location with modular capacities (Correia and Captivo, 2003; Jena, Cordeau and Gendron, 2015).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from gst_opt.model.linear import Floats, Positions

TOLERANCE = 1e-6
"""How far a plan may break a row, relative to the row's side or to one, whichever is larger."""


@dataclass(frozen=True)
class Modular:
    """Levels, options, streams and the rows that link them.

    Attributes
    ----------
    platform, cost, capacity
        By level: its platform (from 0, ascending, each platform with a level), its cost, the minutes that it can serve.
    stream, at, price, minutes
        By option: its stream, its platform, what serving the whole stream there costs, and how many minutes it takes.
    unmet
        By stream: the cost of leaving it unserved.
    rows, sides
        Rows over levels and then options, and what each is at most; a floor is a row of negative coefficients.
    """

    platform: Positions
    cost: Floats
    capacity: Floats
    stream: Positions
    at: Positions
    price: Floats
    minutes: Floats
    unmet: Floats
    rows: csr_array
    sides: Floats

    @property
    def platforms(self) -> int:
        """Number of platforms."""
        return int(self.platform[-1]) + 1 if len(self.platform) else 0

    @cached_property
    def first(self) -> Positions:
        """Position of the first level of each platform."""
        return np.searchsorted(self.platform, np.arange(self.platforms))

    @cached_property
    def block(self) -> tuple[Positions, Positions]:
        """Block of each platform and of each stream, as the options join them."""
        count = self.platforms
        edges = coo_array((np.ones(len(self.at)), (self.at, count + self.stream)), shape=(count + len(self.unmet),) * 2)
        label = connected_components(edges, directed=False)[1].astype(np.intp)
        return label[:count], label[count:]

    @cached_property
    def blocks(self) -> int:
        """Number of blocks."""
        return int(max(self.block[0].max(initial=-1), self.block[1].max(initial=-1))) + 1

    def priced(self, prices: Floats) -> tuple[Floats, Floats]:
        """Return the costs of the levels and of the options with the rows at a price each."""
        paid = prices @ self.rows
        return self.cost + paid[: len(self.cost)], self.price + paid[len(self.cost) :]


@dataclass(frozen=True)
class ModularPlan:
    """The level of each platform (a position among all levels), and the share of its stream that each option serves."""

    level: Positions
    share: Floats

    def unmet(self, problem: Modular) -> Floats:
        """Return the share of each stream that is left."""
        served = np.bincount(problem.stream, self.share, len(problem.unmet))
        left: Floats = np.clip(1.0 - served, 0.0, 1.0)
        return left

    def used(self, problem: Modular) -> Floats:
        """Return what each row comes to."""
        used: Floats = problem.rows @ np.concatenate([self.taken(problem), self.share])
        return used

    def taken(self, problem: Modular) -> Floats:
        """Return 1 for each level taken, 0 for the others."""
        taken = np.zeros(len(problem.cost))
        taken[self.level] = 1.0
        return taken

    def value(self, problem: Modular) -> float:
        """Return what levels, options and unmet demand cost."""
        return float(problem.cost[self.level].sum() + problem.price @ self.share + problem.unmet @ self.unmet(problem))

    def broken(self, problem: Modular) -> dict[str, float]:
        """Return by how much each kind of rule is broken at the worst place, relative to its side; empty when none."""
        served = np.bincount(problem.stream, self.share, len(problem.unmet))
        load = np.bincount(problem.at, problem.minutes * self.share, problem.platforms)
        room = problem.capacity[self.level]
        excess = {
            "levels": np.abs(problem.platform[self.level] - np.arange(problem.platforms)),
            "shares": np.abs(self.share - np.clip(self.share, 0.0, 1.0)),
            "demand": served - 1.0,
            "capacity": (load - room) / np.maximum(1.0, room),
            "link": np.where(room[problem.at] > 0, 0.0, self.share),
            "rows": (self.used(problem) - problem.sides) / np.maximum(1.0, np.abs(problem.sides)),
        }
        worst = {name: float(np.max(values, initial=0.0)) for name, values in excess.items()}
        return {name: value for name, value in worst.items() if value > TOLERANCE}
