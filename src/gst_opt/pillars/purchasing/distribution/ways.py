"""How goods can reach facilities, which facilities compare alike, and what each group needs; no solver."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gst_opt.core.stocks import Stocks
from gst_opt.core.time import Horizon
from gst_opt.pillars.purchasing.demand import Requirements

Source = tuple[str, str]
"""Who stops at a facility: ("supplier", its id) or ("depot", its id)."""


@dataclass(frozen=True)
class Ways:
    """Costs of a cubic metre (MAD): from a supplier to a depot, and from who stops at a facility to it."""

    to_depot: dict[tuple[str, str], float]
    to_facility: dict[tuple[Source, str], float]


def ways_of(stocks: Stocks, suppliers: Iterable[str], depots: Iterable[str], facilities: Iterable[str]) -> Ways:
    """Return the ways of some suppliers, and of what some depots have, to some facilities.

    A supplier without any row of deliveries reaches every facility at no cost beyond its prices.
    """
    named = {row.supplier for rows in (stocks.direct_deliveries, stocks.depot_supplies) for row in rows}
    wanted, sellers = set(facilities), set(suppliers)
    stops: dict[tuple[Source, str], float] = {
        (("supplier", one), facility): 0.0 for one in sellers - named for facility in wanted
    }
    for direct in stocks.direct_deliveries:
        if direct.supplier in sellers and direct.facility in wanted:
            stops[("supplier", direct.supplier), direct.facility] = direct.mad_per_m3
    to_depot = {(row.supplier, row.depot): row.mad_per_m3 for row in stocks.depot_supplies if row.supplier in sellers}
    used = {depot for _, depot in to_depot} | set(depots)
    for onward in stocks.depot_deliveries:
        if onward.depot in used and onward.facility in wanted:
            stops[("depot", onward.depot), onward.facility] = onward.mad_per_m3
    return Ways(to_depot, stops)


def groups_of(ways: Ways, facilities: Iterable[str], width: float) -> dict[str, int]:
    """Return the number of each facility's group, from 1: its costs differ from another's by one figure for all ways.

    Needs of a group may then be added up without changing what is cheapest, but for what a stop costs, which is by
    group. `width` above 0 also makes groups of facilities that compare alike up to it (MAD/m3).
    """
    sources = sorted({source for source, _ in ways.to_facility})
    numbers: dict[tuple[float, ...], int] = {}
    found = {}
    for facility in sorted(set(facilities)):
        own = [ways.to_facility.get((source, facility), math.inf) for source in sources]
        base = min(own, default=math.inf)
        above = [cost - base if math.isfinite(cost) else math.inf for cost in own]
        profile = tuple(
            one if math.isinf(one) else float(round(one / width)) if width else round(one, 9) for one in above
        )
        found[facility] = numbers.setdefault(profile, len(numbers) + 1)
    return found


@dataclass(frozen=True)
class Want:
    """What a group of facilities needs of a need in a period.

    Attributes
    ----------
    need, group, period
        Need, number of the group, position of the period.
    units
        Units needed.
    parts
        Units needed by each of its facilities.
    costs
        Cost of a cubic metre by who stops there, mean of the facilities by what they need (MAD): what arrives is
        shared out among them in that proportion.
    """

    need: str
    group: int
    period: int
    units: float
    parts: dict[str, float]
    costs: dict[Source, float]


def wants_of(required: Requirements, ways: Ways, group_of: dict[str, int], horizon: Horizon) -> tuple[Want, ...]:
    """Return what every group needs of every need in every period."""
    at = {period.id: position for position, period in enumerate(horizon.periods)}
    sources: dict[int, list[Source]] = {}
    for source, facility in sorted(ways.to_facility):
        own = sources.setdefault(group_of[facility], [])
        if source not in own:
            own.append(source)
    parts: dict[tuple[str, int, int], dict[str, float]] = {}
    for (need, facility), periods in required.items():
        for period, units in periods.items():
            parts.setdefault((need, group_of[facility], at[period]), {})[facility] = units
    return tuple(
        Want(need, group, period, math.fsum(own.values()), own, _means(ways, sources.get(group, ()), own))
        for (need, group, period), own in sorted(parts.items())
    )


def _means(ways: Ways, sources: Sequence[Source], parts: dict[str, float]) -> dict[Source, float]:
    total = math.fsum(parts.values())
    return {
        source: math.fsum(units * ways.to_facility[source, facility] for facility, units in parts.items()) / total
        for source in sources
    }
