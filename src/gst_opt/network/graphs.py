"""The region as a networkx graph, for those who want to walk it, draw it or write it to a file."""

import networkx as nx

from gst_opt.core.region import Facility, Region, Zone
from gst_opt.network.journeys import refuse_unknown


def graph(region: Region) -> nx.MultiDiGraph:
    """Return the facilities and zones of a region with the roads and referrals between them.

    Nodes, facilities first and each group by id, have the attributes `node` ("facility" or "zone"), `name`,
    `commune`, `province`, `terrain`, and `latitude` and `longitude` when known; facilities also `level`,
    `kind` and `status`, zones `urban` and `population` (inhabitants). Edges have the attribute `edge`, which is
    their key as well:

    - "road", one each way, with `minutes`, `km` and `terrain`; of several roads between two places, the quickest;
    - "referral", from a facility to its reference, with `level`, that of the facility that receives.

    Referrals have no minutes: take the subgraph of the roads before asking for shortest paths. Attributes are
    text and numbers, so that the graph can be written to any format.

    Raises
    ------
    GstOptError
        If a road or a referral names a place that the region does not have.
    """
    result = nx.MultiDiGraph()
    inhabitants = region.inhabitants()
    for facility in region.facilities:
        own = {"level": facility.level.value, "kind": facility.kind.value, "status": facility.status.value}
        result.add_node(facility.id, node="facility", **_common(facility), **own)
    for zone in region.zones:
        result.add_node(zone.id, node="zone", **_common(zone), urban=zone.urban, population=inhabitants[zone.id])
    levels = {facility.id: facility.level.value for facility in region.facilities}
    refuse_unknown(result, (end for road in region.roads for end in (road.origin, road.destination)))
    refuse_unknown(levels, (facility.reference for facility in region.facilities if facility.reference))
    for road in sorted(region.roads, key=lambda road: road.minutes, reverse=True):
        for ends in ((road.origin, road.destination), (road.destination, road.origin)):
            values = {"minutes": road.minutes, "km": road.km, "terrain": road.terrain.value}
            result.add_edge(*ends, key="road", edge="road", **values)
    for facility in region.facilities:
        if facility.reference:
            result.add_edge(
                facility.id, facility.reference, key="referral", edge="referral", level=levels[facility.reference]
            )
    return result


def _common(place: Facility | Zone) -> dict[str, str | float]:
    named: dict[str, str | float] = {
        "name": place.name,
        "commune": place.commune,
        "province": place.province,
        "terrain": place.terrain.value,
    }
    if place.latitude is not None and place.longitude is not None:
        named |= {"latitude": place.latitude, "longitude": place.longitude}
    return named
