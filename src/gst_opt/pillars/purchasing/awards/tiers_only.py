"""A tender in which nothing but suppliers' own discounts ties needs, as the search over tiers takes it."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.awards.index import Index
from gst_opt.pillars.purchasing.awards.outcome import Decided, plan_of
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.awards.read import units_of
from gst_opt.pillars.purchasing.market import Tiers
from gst_opt.pillars.purchasing.tier_search.prices import Market


class Offered(NamedTuple):
    """A tender as a market, whose last supplier sells what stays short; the place of each bid in its arrays."""

    sets: Index
    market: Market
    place: tuple[Positions, Positions]

    def plan(self, bought: Floats) -> AwardPlan:
        """Return the plan of quantities, suppliers by offers."""
        sets = self.sets
        units = units_of(sets, bought[self.place] / sets.demand[sets.need])
        groups = [sets.cells[cell].group for cell in sets.whole.cell.tolist()]
        bids = sets.whole.bid.tolist()
        sent = {(*sets.keys[bid], group): float(units[bid]) for bid, group in zip(bids, groups, strict=True)}
        sold = {key: value for key, value in zip(sets.keys, units.tolist(), strict=True) if value > 0}
        return plan_of(sets.problem, Decided(sold, sent, frozenset()))


def offered(problem: AwardProblem) -> Offered | None:
    """Return a tender as a market; None where it has more than bids, discounts on all that a supplier sells, contracts.

    Lots, packs, minimum orders, several groups of facilities, deliveries that cost, references that are limited or cost
    something, and rules of the policy are more.
    """
    sets = Index(problem)
    schedules = {one.schedule.supplier: one for one in problem.schedules}
    if not sets.bids or _more(sets) or len(schedules) < len(problem.schedules):
        return None
    if any(one.schedule.lot is not None or one.schedule.reference is not None for one in problem.schedules):
        return None
    margin = 1 + problem.policy.preference * sets.foreign
    demand = sets.demand[sets.need]
    measures = (
        schedules[key[0]].measure(units, value) if key[0] in schedules else units
        for key, units, value in zip(sets.keys, sets.units.tolist(), sets.value.tolist(), strict=True)
    )
    counted = np.array(list(measures)) / demand
    if not (counted > 0).all():
        return None
    suppliers, needs = len(sets.suppliers), len(sets.needs)
    row, column = np.append(sets.supplier, np.full(needs, suppliers)), np.append(sets.need, np.arange(needs))
    offer = _within(row)
    shape = suppliers + 1, int(offer.max()) + 1
    short = np.array([problem.shortage_prices[need] for need in sets.needs])
    item = np.zeros(shape, dtype=np.intp)
    most, price, measure = np.zeros(shape), np.zeros(shape), np.ones(shape)
    item[row, offer] = column
    most[row, offer] = np.append(np.minimum(sets.most, 1.0) * demand, sets.demand)
    price[row, offer] = np.append(sets.value / demand * margin, short)
    measure[row, offer] = np.append(counted, np.ones(needs))
    tiers = [_tiers(sets, schedules.get(one), one) for one in sets.suppliers]
    start, rate, cost = _filled([*tiers, [(0.0, 1.0, 0.0)]])
    volume = (most * measure).sum(axis=1, keepdims=True)
    start[start > volume * (1 + 1e-12)] = np.inf
    market = Market(sets.demand, item, most, price, measure, start, rate, cost)
    return Offered(sets, market, (sets.supplier, offer[: len(sets.bids)]))


def _more(sets: Index) -> bool:
    """Say whether something else than discounts ties bids, or keeps quantities from being any."""
    policy = sets.problem.policy
    rules = policy.rules or policy.pins or policy.cash_limits or policy.goals or policy.budget is not None
    shares = policy.surplus > 0 or policy.max_supplier_share < 1
    steps = len(sets.in_lots) or sets.kept or sets.packs.any() or sets.least.any()
    return bool(rules or shares or steps or len(sets.flows.bid) or sets.delivery(sets.whole).any())


def _tiers(sets: Index, tiers: Tiers | None, supplier: str) -> list[tuple[float, float, float]]:
    """Return the threshold of every tier of a supplier, its rate, and what it costs whatever is bought."""
    known = sets.problem.suppliers[supplier]
    margin = 1.0 if known.resident else 1 + sets.problem.policy.preference
    found = [] if tiers is None else list(zip(tiers.thresholds, tiers.rebates, tiers.lost, strict=True))
    if not found or found[0][0] > 0:
        found.insert(0, (0.0, 0.0, 0.0))
    return [(start, 1 - rebate, known.contract_cost + margin * lost) for start, rebate, lost in found]


def _filled(tiers: Iterable[list[tuple[float, float, float]]]) -> tuple[Floats, Floats, Floats]:
    """Return lists of different lengths as arrays; what is missing cannot be reached."""
    rows = list(tiers)
    most = max(len(own) for own in rows)
    array = np.array([own + [(np.inf, 1.0, 0.0)] * (most - len(own)) for own in rows])
    return array[..., 0], array[..., 1], array[..., 2]


def _within(row: Positions) -> Positions:
    """Return the position of each element among those of its row."""
    order = np.argsort(row, kind="stable")
    first = np.searchsorted(row[order], row[order])
    found = np.empty(len(row), dtype=np.intp)
    found[order] = np.arange(len(row)) - first
    return found
