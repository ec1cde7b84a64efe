"""The question as the search over tiers takes it: arrays with one row a supplier."""

import numpy as np

from gst_opt.pillars.purchasing.classic.total_quantity.records import TotalQuantityProblem
from gst_opt.pillars.purchasing.tier_search.prices import Market


def market_of(problem: TotalQuantityProblem) -> Market:
    """Return a problem as such arrays; thresholds count quantities."""
    suppliers, demand = len(problem.schedules), np.array(problem.demand)
    most = np.minimum(np.array(problem.capacity).reshape(suppliers, len(demand)), demand)
    width = int((most > 0).sum(axis=1).max(initial=1))
    item = np.argsort(most <= 0, axis=1, kind="stable")[:, :width]
    most = np.take_along_axis(most, item, axis=1)
    price = np.take_along_axis(np.array(problem.prices).reshape(suppliers, len(demand)), item, axis=1)
    tiers = max((len(schedule.rates) for schedule in problem.schedules), default=0)
    start, rate, cost = np.full((suppliers, tiers), np.inf), np.ones((suppliers, tiers)), np.zeros((suppliers, tiers))
    for supplier, schedule in enumerate(problem.schedules):
        own, one = slice(len(schedule.rates)), price[supplier].max(where=most[supplier] > 0, initial=0.0)
        start[supplier, own], rate[supplier, own] = schedule.thresholds, schedule.rates
        cost[supplier, own] = schedule.fixed + one * np.array(schedule.intercepts())
    volume = most.sum(axis=1, keepdims=True)
    start[(start > volume * (1 + 1e-12)) | (volume == 0)] = np.inf
    return Market(demand, item, most, price, np.ones_like(most), start, rate, cost)
