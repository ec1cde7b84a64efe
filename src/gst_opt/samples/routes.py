"""The roads of the Tanger sample: known journeys between towns, and links to neighbours by terrain."""

from collections.abc import Iterable, Sequence

from gst_opt.core.region import Facility, Road, Terrain, TerrainSpeed, Zone
from gst_opt.samples.facts import facts, rules
from gst_opt.samples.places import point_of, zone_id


def terrain_speeds() -> tuple[TerrainSpeed, ...]:
    """Return detour and speed by terrain."""
    return tuple(
        TerrainSpeed(
            terrain=Terrain(row["terrain"]),
            detour=float(row["detour"]),
            km_per_hour=float(row["km_per_hour"]),
            source=row["source"],
        )
        for row in facts("terrain_speeds")
    )


def roads(zones: Sequence[Zone], facilities: Iterable[Facility]) -> tuple[Road, ...]:
    """Return the roads: towns first, then each zone to its nearest zones, then each facility to its zone.

    A link's length is the great circle times the detour of its terrain; a pair of towns keeps its known time.
    """
    speeds = {row.terrain: row for row in terrain_speeds()}
    found = {frozenset((road.origin, road.destination)): road for road in _town_roads()}
    for zone in zones:
        for other in _nearest(zone, zones):
            pair = frozenset((zone.id, other.id))
            if pair not in found:
                found[pair] = _link(zone, other, speeds[_terrain_between(zone, other)])
    homes = [
        _link(facility, home, speeds[Terrain.URBAN if home.urban else home.terrain])
        for facility, home in ((facility, home_of(facility, zones)) for facility in facilities)
    ]
    return (*found.values(), *homes)


def home_of(facility: Facility, zones: Iterable[Zone]) -> Zone:
    """Return the zone of the facility's commune that it stands nearest to."""
    own = [zone for zone in zones if (zone.province, zone.commune) == (facility.province, facility.commune)]
    return min(own, key=lambda zone: (_km(facility, zone), zone.id))


def _town_roads() -> Iterable[Road]:
    for row in facts("town_roads"):
        yield Road(
            origin=zone_id(row["origin"]),
            destination=zone_id(row["destination"]),
            km=float(row["km"]),
            minutes=float(row["minutes"]),
            terrain=Terrain(row["terrain"]),
        )


def _nearest(zone: Zone, zones: Sequence[Zone]) -> list[Zone]:
    others = sorted((other for other in zones if other.id != zone.id), key=lambda other: (_km(zone, other), other.id))
    return others[: int(rules()["neighbours"])]


def _terrain_between(zone: Zone, other: Zone) -> Terrain:
    if zone.commune == other.commune:
        return Terrain.URBAN
    return Terrain.MOUNTAIN if Terrain.MOUNTAIN in (zone.terrain, other.terrain) else Terrain.PLAIN


def _link(origin: Facility | Zone, destination: Zone, speed: TerrainSpeed) -> Road:
    km = max(float(rules()["shortest_link"]), _km(origin, destination) * speed.detour)
    return Road(
        origin=origin.id,
        destination=destination.id,
        km=round(km, 1),
        minutes=round(km / speed.km_per_hour * 60, 1),
        terrain=speed.terrain,
    )


def _km(place: Facility | Zone, other: Facility | Zone) -> float:
    return round(point_of(place).km_to(point_of(other)), 6)
