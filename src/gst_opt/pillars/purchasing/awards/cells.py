"""What each group of facilities needs, who can deliver it, and what that costs at least; no solver."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gst_opt.pillars.purchasing.delivery import Routes
from gst_opt.pillars.purchasing.demand import Requirements
from gst_opt.pillars.purchasing.market import Bid


@dataclass(frozen=True)
class Cell:
    """A need of a group of facilities that all suppliers see alike.

    Attributes
    ----------
    need, group
        Need and number of the group.
    units
        Units that its facilities need over the calendar.
    share
        The same over all units of the need.
    base
        Cheapest delivery of a cubic metre, mean of its facilities by the units that they need (MAD): what stays short
        is shared out among them in proportion to their needs.
    suppliers
        Those with a bid for the need that reach the group.
    alone
        Whether no other group needs anything of the need.
    """

    need: str
    group: int
    units: float
    share: float
    base: float
    suppliers: frozenset[str]
    alone: bool


def cells_of(
    required: Requirements, demand: Mapping[str, float], routes: Routes, bids: Iterable[Bid]
) -> tuple[Cell, ...]:
    """Return the needs of every group, by need and group.

    Parameters
    ----------
    required
        Units by period, of each (need, facility).
    demand
        Units of each need.
    routes
        Deliveries, and groups of facilities.
    bids
        Offers that can be taken.
    """
    units: dict[tuple[str, int], list[float]] = {}
    costs: dict[tuple[str, int], list[float]] = {}
    for (need, facility), periods in required.items():
        place, own = (need, routes.group[facility]), math.fsum(periods.values())
        units.setdefault(place, []).append(own)
        costs.setdefault(place, []).append(own * routes.base[facility])
    bidders: dict[str, set[str]] = {}
    for bid in bids:
        bidders.setdefault(bid.need, set()).add(bid.offer.supplier)
    groups: dict[str, int] = {}
    for need, _ in units:
        groups[need] = groups.get(need, 0) + 1
    return tuple(
        Cell(
            need=need,
            group=group,
            units=math.fsum(units[need, group]),
            share=math.fsum(units[need, group]) / demand[need],
            base=math.fsum(costs[need, group]) / math.fsum(units[need, group]),
            suppliers=frozenset(one for one in bidders.get(need, ()) if (one, group) in routes.beyond),
            alone=groups[need] == 1,
        )
        for need, group in sorted(units)
    )
