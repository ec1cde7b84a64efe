"""The optimum of small seasons: all sets of stops, and for each a linear program, from the data."""

import itertools
import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog

from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

Way = tuple[int, str, str, str, float]
"""Arrival, facility, who stops, when, and the cost of a unit of the need, stock with it."""


def cheapest(problem: DistributionProblem) -> float:
    """Return the least cost over all sets of stops; every facility is one by itself."""
    demand = {
        (row.need, row.facility, row.period): row.units for row in problem.catalogue.requirements if row.units > 0
    }
    needs = {one.id: one.need for one in problem.catalogue.product_references}
    ways = list(_ways(problem, needs))
    visits = sorted({(who, facility, when) for _, facility, who, when, _ in ways})
    policy = problem.policy
    usual: dict[str, float] = {}
    for offer in problem.tenders.offers:
        usual[needs[offer.reference]] = min(usual.get(needs[offer.reference], math.inf), offer.price)
    short = {place: policy.shortage_factor * usual.get(place[0], 0.0) for place in demand}
    served = _transport(problem, needs, ways, demand, short)
    best = math.inf
    for chosen in itertools.product(
        (False, True), repeat=len(visits) if policy.stop_cost or policy.max_stops is not None else 0
    ):
        opened = {visit for visit, one in zip(visits, chosen, strict=False) if one} if chosen else set(visits)
        counts: dict[tuple[str, str], int] = {}
        for _, facility, when in opened:
            counts[facility, when] = counts.get((facility, when), 0) + 1
        if policy.max_stops is not None and any(count > policy.max_stops for count in counts.values()):
            continue
        fixed = policy.stop_cost * len(opened) if chosen else 0.0
        if fixed < best:
            best = min(best, fixed + served(opened))
    return best


def _ways(problem: DistributionProblem, needs: dict[str, str]) -> list[Way]:
    stocks, policy = problem.stocks, problem.policy
    months = {period.id: number for number, period in enumerate(problem.horizon.periods)}
    volume = {one.id: one.volume for one in problem.catalogue.product_references}
    facilities = {row.facility for row in problem.catalogue.requirements}
    listed = {row.supplier for row in stocks.direct_deliveries} | {row.supplier for row in stocks.depot_supplies}
    found: list[Way] = []
    for number, one in enumerate(problem.arrivals):
        waits = months[one.period] - months[one.received]
        if one.supplier is None:
            found += [
                (number, row.facility, row.depot, one.period, row.mad_per_m3 * volume[one.reference] + kept)
                for row in stocks.depot_deliveries
                if row.depot == one.depot and row.facility in facilities
                for kept in [stocks.depots[0].holding_rate * one.price * waits / 12]
            ]
            continue
        direct = {row.facility: row.mad_per_m3 for row in stocks.direct_deliveries if row.supplier == one.supplier}
        if one.supplier not in listed:
            direct = dict.fromkeys(facilities, 0.0)
        for facility, mad in direct.items():
            if facility in facilities and (waits == 0 or policy.facility_cover >= 31):
                kept = policy.facility_holding_rate * one.price * waits / 12
                found.append((number, facility, str(one.supplier), one.received, mad * volume[one.reference] + kept))
        for inward in stocks.depot_supplies:
            for onward in stocks.depot_deliveries:
                if inward.supplier == one.supplier and onward.depot == inward.depot and onward.facility in facilities:
                    depot = next(row for row in stocks.depots if row.id == inward.depot)
                    kept = depot.holding_rate * one.price * waits / 12
                    mad = (inward.mad_per_m3 + onward.mad_per_m3) * volume[one.reference]
                    found.append((number, onward.facility, depot.id, one.period, mad + kept))
    return found


def _transport(
    problem: DistributionProblem,
    needs: dict[str, str],
    ways: list[Way],
    demand: dict[tuple[str, str, str], float],
    short: dict[tuple[str, str, str], float],
) -> Callable[[set[tuple[str, str, str]]], float]:
    """Return what deliveries, stock and shortages cost at least when some stops are made."""
    places = list(demand)
    goes = [(needs[problem.arrivals[u].reference], facility, problem.arrivals[u].period) for u, facility, *_ in ways]
    costs = np.array([cost for *_, cost in ways] + [short[place] for place in places])
    equal = np.zeros((len(places), len(costs)))
    for row, place in enumerate(places):
        equal[row, len(ways) + row] = 1.0
        for column, goal in enumerate(goes):
            equal[row, column] = float(goal == place)
    volume = {one.id: one.volume for one in problem.catalogue.product_references}
    rows, sides = [], []
    for number, one in enumerate(problem.arrivals):
        rows.append([float(u == number) for u, *_ in ways] + [0.0] * len(places))
        sides.append(one.units)
    for depot in problem.stocks.depots:
        if depot.storage is not None:
            kept = [
                volume[problem.arrivals[u].reference]
                * (who == depot.id and problem.arrivals[u].received != problem.arrivals[u].period)
                for u, _, who, *_ in ways
            ]
            rows.append(kept + [0.0] * len(places))
            sides.append(depot.storage)

    def cost(opened: set[tuple[str, str, str]]) -> float:
        bounds = [(0.0, None if (who, facility, when) in opened else 0.0) for _, facility, who, when, _ in ways]
        answer = linprog(
            costs,
            A_ub=np.array(rows),
            b_ub=sides,
            A_eq=equal,
            b_eq=[demand[place] for place in places],
            bounds=[*bounds, *[(0.0, None)] * len(places)],
        )
        return float(answer.fun)

    return cost
