"""Platforms near each other, decided anew while all others stay: a small modular problem inside a large one.

Platforms that a local row joins (floor space: one of each kind at most) are one site, and sites are near that serve
the same streams well. A neighbourhood frees the levels of some platforms, and every share of the streams that these
can serve; what is open elsewhere keeps its level, and what other streams leave of its capacity.

Source: large neighbourhood search (Shaw, 1998); neighbourhoods of near facilities as in kernel search for capacitated
location (Guastaroba and Speranza, 2014).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from gst_opt.model.linear import Positions
from gst_opt.pillars.platforms.modular import Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Flags
from gst_opt.pillars.platforms.modular_prices import Prices

CLOSED = 1e-9
"""Share of a platform's capacity that is left where other streams take all: what takes no time is served still."""


class Sites:
    """Sites, and how near they are.

    Attributes
    ----------
    of
        Site of each platform.
    count
        Number of sites.
    """

    def __init__(self, problem: Modular, prices: Prices, of: Positions) -> None:
        self.of, self.count = of, int(of.max(initial=-1)) + 1
        fees = problem.priced(prices.row)[1]
        gain = np.maximum(prices.stream[problem.stream] - fees, 0.0) / np.maximum(problem.unmet[problem.stream], 1e-9)
        shape = (self.count, len(problem.unmet))
        worth = csr_array(coo_array((gain, (of[problem.at], problem.stream)), shape=shape))
        length = np.sqrt(worth.multiply(worth).sum(axis=1))
        self._worth = csr_array(diags_array(1.0 / np.where(length > 0, length, 1.0)) @ worth)

    def near(self, site: int, most: int) -> Flags:
        """Say which platforms are at a site and at those nearest to it, at most so many in all (beside its own)."""
        nearness = (self._worth @ self._worth[[site]].T).toarray().ravel()
        nearness[site] = np.inf
        order = np.argsort(-nearness, kind="stable")[: np.count_nonzero(nearness)]
        held = np.cumsum(np.bincount(self.of, minlength=self.count)[order])
        chosen = np.zeros(self.count, dtype=bool)
        chosen[order[: max(1, int(np.count_nonzero(held <= most)))]] = True
        near: Flags = chosen[self.of]
        return near


def local(problem: Modular) -> Flags:
    """Say which rows hold one platform of each block at most."""
    entries = coo_array(problem.rows)
    platform = np.concatenate([problem.platform, problem.at])[entries.coords[1]]
    row, platform = np.unique(np.stack([entries.coords[0], platform]), axis=1)
    held = coo_array((np.ones(len(row)), (row, problem.block[0][platform])), shape=(len(problem.sides), problem.blocks))
    most: Flags = held.tocsr().max(axis=1).toarray().ravel() <= 1
    return most


def joined(problem: Modular) -> Positions:
    """Return the site of each platform: those that a local row joins have the same."""
    entries = coo_array(problem.rows[local(problem)])
    platform = np.concatenate([problem.platform, problem.at])[entries.coords[1]]
    count = problem.platforms
    edges = (np.ones(len(platform)), (platform, count + entries.coords[0]))
    label = connected_components(coo_array(edges, shape=(count + entries.shape[0],) * 2), directed=False)[1][:count]
    return np.unique(label, return_inverse=True)[1].astype(np.intp)


@dataclass(frozen=True)
class Neighbourhood:
    """Some platforms decided anew.

    Attributes
    ----------
    problem, base
        The small problem, its rows at what others leave of the sides, and the plan that it begins with.
    free, streams
        By platform and stream, among all: whether its level or its shares are free.
    level, option
        Position, among all, of the small problem's levels and options.
    """

    problem: Modular
    base: ModularPlan
    free: Flags
    streams: Flags
    level: Positions
    option: Positions

    def into(self, whole: Modular, plan: ModularPlan, found: ModularPlan) -> ModularPlan:
        """Return a plan of the whole problem with what was found in the neighbourhood."""
        level, share = plan.level.copy(), plan.share.copy()
        taken = self.level[found.level]
        decided = self.free[whole.platform[taken]]
        level[whole.platform[taken[decided]]] = taken[decided]
        share[self.streams[whole.stream]] = 0.0
        share[self.option] = found.share
        return ModularPlan(level, share)


def touched(problem: Modular, free: Flags) -> Flags:
    """Say which streams some platforms can serve."""
    streams = np.zeros(len(problem.unmet), dtype=bool)
    streams[problem.stream[free[problem.at]]] = True
    return streams


def around(problem: Modular, plan: ModularPlan, free: Flags, keep: Flags) -> Neighbourhood:
    """Return the problem of deciding some platforms anew.

    Parameters
    ----------
    problem, plan
        The problem, and the plan that holds elsewhere.
    free
        By platform: whether its level is free.
    keep
        By level: whether it may be taken where the platform is free; the plan's may always.
    """
    streams = touched(problem, free)
    moving = streams[problem.stream] & (free | (problem.capacity[plan.level] > 0))[problem.at]
    inside = free.copy()
    inside[problem.at[moving]] = True
    left = keep & free[problem.platform]
    left[plan.level[inside]] = True
    level, option = np.flatnonzero(left), np.flatnonzero(moving)
    elsewhere = np.where(streams[problem.stream], 0.0, plan.share)
    load = np.bincount(problem.at, problem.minutes * elsewhere, problem.platforms)
    capacity = problem.capacity[level]
    kept = np.concatenate([plan.taken(problem) * ~inside[problem.platform], elsewhere])
    number, rank = np.cumsum(inside) - 1, np.cumsum(streams) - 1
    small = Modular(
        platform=number[problem.platform[level]],
        cost=problem.cost[level],
        capacity=np.maximum(capacity - load[problem.platform[level]], CLOSED * capacity),
        stream=rank[problem.stream[option]],
        at=number[problem.at[option]],
        price=problem.price[option],
        minutes=problem.minutes[option],
        unmet=problem.unmet[streams],
        rows=problem.rows[:, np.concatenate([level, len(problem.cost) + option])],
        sides=problem.sides - problem.rows @ kept,
    )
    base = ModularPlan(np.searchsorted(level, plan.level[inside]), plan.share[option])
    return Neighbourhood(small, base, free, streams, level, option)
