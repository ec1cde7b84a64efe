"""What is bought from whom once the tier of every supplier is decided: a linear problem, kept warm."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.tier_search.prices import Market
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.lp import OverLp, WarmLp
from gst_opt.solve.lp_answer import LpStatus


class Buying(NamedTuple):
    """The best purchases under given tiers: cost, proven bound, quantities (suppliers by offers), prices of the items.

    Cost and bound are infinite where the demand cannot be met, which is proven; the cost alone where it was not solved.
    """

    cost: float
    bound: float
    bought: Floats | None = None
    pi: Floats | None = None


class FixedTiers(OverLp):
    """One column an offer, one row an item and a supplier; a change of tiers changes costs, bounds and thresholds."""

    def __init__(self, market: Market, cancelled: Interruption) -> None:
        self.market, self.cancelled = market, cancelled
        self.supplier, self.offer = np.nonzero(market.most > 0)
        item, measure = (array[self.supplier, self.offer] for array in (market.item, market.measure))
        suppliers, items, offers = len(market.most), len(market.demand), len(self.supplier)
        self.unit = np.maximum(market.measure.max(axis=1), 1.0)
        rows = np.concatenate([item, items + self.supplier])
        columns = np.tile(np.arange(offers), 2)
        counted = np.concatenate([np.ones(offers), measure / self.unit[self.supplier]])
        matrix = coo_array((counted, (rows, columns)), shape=(items + suppliers, offers))
        low = np.concatenate([market.demand, np.full(suppliers, -np.inf)])
        high = np.concatenate([market.demand, np.full(suppliers, np.inf)])
        self.tiers: Positions = np.full(suppliers, market.start.shape[1])
        self.lp = WarmLp(np.zeros(offers), 0.0, np.zeros(offers), matrix, low, high)

    def buy(self, tiers: Positions, seconds: float | None = None) -> Buying:
        """Buy at least cost under these tiers; the last state is to sell nothing."""
        market, closed = self.market, self.market.start.shape[1]
        changed = np.flatnonzero(tiers != self.tiers)
        offers = np.flatnonzero(np.isin(self.supplier, changed))
        supplier, offer = self.supplier[offers], self.offer[offers]
        opened = tiers[supplier] < closed
        tier = np.minimum(tiers[supplier], closed - 1)
        self.lp.change_costs(offers, np.where(opened, market.price[supplier, offer] * market.rate[supplier, tier], 0.0))
        self.lp.change_bounds(offers, 0.0, np.where(opened, market.most[supplier, offer], 0.0))
        own = tiers[changed]
        starts = np.where(
            own < closed, market.start[changed, np.minimum(own, closed - 1)] / self.unit[changed], -np.inf
        )
        self.lp.change_sides(len(market.demand) + changed, starts, np.inf)
        self.tiers = tiers.copy()
        paid = np.flatnonzero(tiers < closed)
        fixed = float(market.cost[paid, tiers[paid]].sum())
        found = self.lp.solve(seconds, cancelled=self.cancelled)
        if found.status is not LpStatus.OPTIMAL or found.x is None or found.duals is None:
            return Buying(np.inf, np.inf if found.status is LpStatus.INFEASIBLE else -np.inf)
        bought = np.zeros(market.most.shape)
        bought[self.supplier, self.offer] = found.x
        items = len(market.demand)
        return Buying(found.objective + fixed, found.bound + fixed, bought, found.duals[:items])
