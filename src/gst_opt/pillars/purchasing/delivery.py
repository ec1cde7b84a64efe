"""What it costs to bring a supplier's goods to a facility, and facilities that all suppliers see alike; no solver."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gst_opt.core.stocks import Stocks


@dataclass(frozen=True)
class Routes:
    """Cheapest delivery of a cubic metre, from every supplier to every facility.

    Attributes
    ----------
    base
        Cost from the cheapest supplier that reaches the facility (MAD/m3); 0 where none does.
    group
        Number of the facility's group, from 1: the facilities of a group differ by their base alone, so that their
        needs may be added up without changing what is cheapest.
    beyond
        Cost above the base, by (supplier, group), of suppliers that reach the group (MAD/m3).
    """

    base: dict[str, float]
    group: dict[str, int]
    beyond: dict[tuple[str, int], float]


def routes(stocks: Stocks, suppliers: Sequence[str], facilities: Iterable[str]) -> Routes:
    """Return the cheapest way from every supplier to every facility: straight, or through one depot.

    A supplier without any row of deliveries reaches every facility at no cost beyond its prices.
    """
    costs = _cheapest(stocks)
    named = {row.supplier for rows in (stocks.direct_deliveries, stocks.depot_supplies) for row in rows}
    base: dict[str, float] = {}
    profile: dict[str, tuple[float, ...]] = {}
    for facility in sorted(set(facilities)):
        own = [costs.get((one, facility), math.inf) if one in named else 0.0 for one in suppliers]
        cheapest = min(own, default=math.inf)
        base[facility] = cheapest if math.isfinite(cheapest) else 0.0
        profile[facility] = tuple(round(cost - base[facility], 9) for cost in own)
    numbers: dict[tuple[float, ...], int] = {}
    for facility in profile:
        numbers.setdefault(profile[facility], len(numbers) + 1)
    beyond = {
        (supplier, number): cost
        for costs_of, number in numbers.items()
        for supplier, cost in zip(suppliers, costs_of, strict=True)
        if math.isfinite(cost)
    }
    return Routes(base=base, group={facility: numbers[own] for facility, own in profile.items()}, beyond=beyond)


def _cheapest(stocks: Stocks) -> dict[tuple[str, str], float]:
    """Return the cost of a cubic metre by (supplier, facility), where there is a way."""
    found = {(row.supplier, row.facility): row.mad_per_m3 for row in stocks.direct_deliveries}
    onwards: dict[str, list[tuple[str, float]]] = {}
    for delivery in stocks.depot_deliveries:
        onwards.setdefault(delivery.depot, []).append((delivery.facility, delivery.mad_per_m3))
    for supply in stocks.depot_supplies:
        for facility, cost in onwards.get(supply.depot, ()):
            way = (supply.supplier, facility)
            found[way] = min(found.get(way, math.inf), supply.mad_per_m3 + cost)
    return found
