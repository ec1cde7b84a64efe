"""Which variables are decided together: those of one type of equipment or group of wards, with the needs they serve.

Types that give the same service are one, such as rooms of two kinds. What ties several types has no label: staff lent
or given at a distance, budgets, upgrades.
"""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.platforms.location.covers import Covered
from gst_opt.pillars.platforms.location.index import Index, Positions
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any
Labels = NDArray[np.str_]


def labels(block: Block, problem: LocationProblem) -> Mapping[str, Labels]:
    """Return the label of every variable, by family: that of its type or service."""
    sets: Index = block.index
    found: Options = block.options
    used: Uses = block.uses
    covered: Covered = block.covered
    of_type, of_service = _named(problem, sets, found)
    types = np.array([of_type[one.resource] for one in sets.platforms], dtype=np.str_)
    services = np.array([of_service[one.service] for one in found.streams], dtype=np.str_)
    offers = np.array([of_service[one.service] for one in found.offers], dtype=np.str_)
    docks = np.array([of_type[one.unit.equipment_type] for one in found.docks], dtype=np.str_)
    standards = np.array([of_type[one.equipment_type] for one in problem.equipment.cover_standards], dtype=np.str_)

    def at(slots: Positions) -> Labels:
        return types[sets.slots[0][slots]]

    return {
        "step": types[sets.arc_platform],
        "moved_in": at(block.moving),
        "moved_out": at(block.moving),
        "share": services[found.stream[used.option]],
        "unmet": services[used.stream],
        "sessions": at(block.session_slots),
        "sold": at(block.sale_slots),
        "contract": offers[block.offer_years[0]],
        "bought": offers[block.offer_years[0]],
        **dict.fromkeys(("docked", "fitted", "rounds"), docks[block.dock_years[0]]),
        "uncovered": standards[covered.standard],
        "level_hours": at(block.queues.slot[block.queues.owner]),
        "wait": at(block.queues.slot[block.queues.owner]),
    }


def _named(problem: LocationProblem, sets: Index, found: Options) -> tuple[dict[str, str], dict[str, str]]:
    """Return the label of every type and of every service: the first type of those that services tie together."""
    service = np.array([one.service for one in found.streams], dtype=np.str_)[found.stream]
    resource = np.array([one.resource for one in sets.platforms], dtype=np.str_)
    docked = np.array([one.unit.equipment_type for one in found.docks], dtype=np.str_)
    on_site, mobile = np.flatnonzero(found.platform >= 0), np.flatnonzero(found.dock >= 0)
    makers = {
        *zip(service[on_site].tolist(), resource[found.platform[on_site]].tolist(), strict=True),
        *zip(service[found.bed_option].tolist(), resource[found.bed_platform].tolist(), strict=True),
        *zip(service[mobile].tolist(), docked[found.dock[mobile]].tolist(), strict=True),
    }
    ties = nx.Graph((("service", one), ("type", maker)) for one, maker in makers)
    standards = (one.equipment_type for one in problem.equipment.cover_standards)
    ties.add_nodes_from(("type", one) for one in {*resource.tolist(), *docked.tolist(), *standards})
    services = {*(one.service for one in found.streams), *(one.service for one in found.offers)}
    ties.add_nodes_from(("service", one) for one in services)
    named = {node: _first(own) for own in nx.connected_components(ties) for node in own}
    of_type, of_service = (
        {one: label for (side, one), label in named.items() if side == kind} for kind in ("type", "service")
    )
    return of_type, of_service


def _first(tied: set[tuple[str, str]]) -> str:
    """Return the first of some types and services that are tied, types before services."""
    return min((kind != "type", one) for kind, one in tied)[1]
