"""The Lagrangean bound: items are paid for at given prices, and every supplier answers with its best tier.

With the rows of `each_item` priced at ``pi``, suppliers are independent, and under one tier a supplier sells whatever
earns, and beyond that what loses least until its threshold is reached: a continuous knapsack, solved by sorting. The
best prices give the bound of the hull relaxation. Source: Geoffrion (1974), Lagrangean relaxation for integer
programming; Held, Wolfe and Crowder (1974), Validation of subgradient optimization.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.linear import Floats, Positions

Mask = NDArray[np.bool_]

FIRST_STEP, SMALLEST_STEP, SHRINK, STALLS, KEPT = 0.5, 1e-3, 0.8, 10, 0.7
"""Length of a subgradient step, when to give up, what it is multiplied by after so many steps without progress, and
the share of the last direction in the next."""


class Market(NamedTuple):
    """A problem as arrays with one row a supplier, its offers side by side; short rows are filled with offers of 0.

    Attributes
    ----------
    demand
        Quantity needed, shape (items,).
    item, most, price, measure
        Item, most that can be bought, list price, and what thresholds count of a unit, shape (suppliers, offers).
    start, rate, cost
        Threshold (infinite where it cannot be reached), rate, and what the tier costs whatever is bought, shape
        (suppliers, tiers).
    """

    demand: Floats
    item: Positions
    most: Floats
    price: Floats
    measure: Floats
    start: Floats
    rate: Floats
    cost: Floats

    @property
    def states(self) -> Mask:
        """What each supplier may do: sell under one of its tiers, or (last column) not at all."""
        return np.column_stack([np.isfinite(self.start), np.ones(len(self.start), dtype=bool)])

    def by_item(self, bought: Floats) -> Floats:
        """Return quantities of offers, suppliers by offers, as suppliers by items."""
        found = np.zeros((len(bought), len(self.demand)))
        np.add.at(found, (np.arange(len(bought))[:, None], self.item), bought)
        return found


class Answer(NamedTuple):
    """What suppliers answer to prices.

    Attributes
    ----------
    bound
        No plan within the states is below.
    values
        What every state costs at these prices, infinite where it is not allowed; shape (suppliers, tiers + 1).
    bought
        Quantity of each item in the best states, shape (items,).
    """

    bound: float
    values: Floats
    bought: Floats

    @property
    def best(self) -> Positions:
        """State of each supplier that costs least."""
        best: Positions = self.values.argmin(axis=1)
        return best


def answer(market: Market, states: Mask, pi: Floats) -> Answer:
    """Let every supplier choose among its states at prices `pi` of the items."""
    supplier, tier = np.nonzero(states[:, :-1])
    start, most, measure = market.start[supplier, tier], market.most[supplier], market.measure[supplier]
    reduced = market.price[supplier] * market.rate[supplier, tier, None] - pi[market.item[supplier]]
    taken = np.where(reduced < 0, most, 0.0)
    value = market.cost[supplier, tier] + np.einsum("ro,ro->r", reduced, taken)
    short = np.flatnonzero(np.einsum("ro,ro->r", measure, taken) < start)
    order = np.argsort(reduced[short] / measure[short], axis=1)
    costs, room = np.take_along_axis(reduced[short], order, 1), np.take_along_axis(most[short], order, 1)
    counted = np.take_along_axis(measure[short], order, 1)
    missing = start[short, None] - np.cumsum(counted * room, axis=1) + counted * room
    filled = np.where(costs < 0, room, np.clip(missing / counted, 0.0, room))
    value[short] = market.cost[supplier[short], tier[short]] + np.einsum("ro,ro->r", costs, filled)
    values = np.full(states.shape, np.inf)
    values[supplier, tier] = value
    values[states[:, -1], -1] = 0.0
    best = values.argmin(axis=1)
    chosen = np.flatnonzero(best[supplier] == tier)
    place = np.searchsorted(short, chosen)
    is_short = np.isin(chosen, short)
    quantity = taken[chosen]
    if is_short.any():
        unsorted = np.empty((int(is_short.sum()), most.shape[1]))
        np.put_along_axis(unsorted, order[place[is_short]], filled[place[is_short]], 1)
        quantity[is_short] = unsorted
    bought = np.zeros(len(market.demand))
    np.add.at(bought, market.item[supplier[chosen]], quantity)
    return Answer(float(pi @ market.demand + values.min(axis=1).sum()), values, bought)


@dataclass(frozen=True)
class Ascent:
    """Where a search for good prices ended.

    Attributes
    ----------
    pi, answer
        The best prices, and the answer to them.
    share
        How often lately each state was the best: near the relaxation's 0/1 columns; shape (suppliers, tiers + 1).
    """

    pi: Floats
    answer: Answer
    share: Floats


def ascend(market: Market, states: Mask, pi: Floats, target: float, steps: int, step: float = FIRST_STEP) -> Ascent:
    """Raise the bound from prices `pi`, by at most so many subgradient steps, until it reaches `target`."""
    best, best_pi = answer(market, states, pi), pi
    now, stalled, direction = best, 0, np.zeros(len(pi))
    share = np.zeros(states.shape)
    everybody = np.arange(len(states))
    for number in range(steps):
        share *= 0.95
        share[everybody, now.best] += 0.05
        missing = market.demand - now.bought
        direction = missing if number == 0 else KEPT * direction + (1 - KEPT) * missing
        norm = float(direction @ direction)
        if best.bound >= target or step < SMALLEST_STEP or norm == 0.0:
            break
        pi = pi + step * (target - now.bound) / norm * direction
        now = answer(market, states, pi)
        stalled = 0 if now.bound > best.bound + 1e-5 * abs(best.bound) else stalled + 1
        if now.bound > best.bound:
            best, best_pi = now, pi
        if stalled > STALLS:
            step, stalled, pi = step * SHRINK, 0, best_pi
    return Ascent(best_pi, best, share)
