"""Short ways to write the places of a test."""

from gst_opt.core.region import (
    Facility,
    Kind,
    Level,
    Population,
    Region,
    Road,
    Status,
    Terrain,
    TerrainSpeed,
    TravelTime,
    Zone,
)

SPEEDS = (
    TerrainSpeed(terrain=Terrain.PLAIN, detour=1.2, km_per_hour=60.0, source="test"),
    TerrainSpeed(terrain=Terrain.MOUNTAIN, detour=1.5, km_per_hour=30.0, source="test"),
)


def facility(
    name: str,
    level: Level = Level.URBAN_CENTRE_1,
    commune: str = "Asilah",
    province: str = "Tanger-Assilah",
    reference: str | None = None,
    kind: Kind = Kind.GENERAL,
    status: Status = Status.OPEN,
) -> Facility:
    return Facility(
        id=name,
        name=name,
        commune=commune,
        province=province,
        level=level,
        kind=kind,
        status=status,
        reference=reference,
    )


def zone(name: str, commune: str = "Asilah", province: str = "Tanger-Assilah") -> Zone:
    return Zone(id=name, name=name, commune=commune, province=province, urban=True)


def at(place: Facility, latitude: float, longitude: float, terrain: Terrain = Terrain.PLAIN) -> Facility:
    return place.replace(latitude=latitude, longitude=longitude, terrain=terrain)


def road(origin: str, destination: str, minutes: float) -> Road:
    return Road(origin=origin, destination=destination, km=minutes, minutes=minutes)


def known(origin: str, destination: str, minutes: float) -> TravelTime:
    return TravelTime(origin=origin, destination=destination, minutes=minutes)


def people(name: str, inhabitants: int, age_group: str = "all") -> Population:
    return Population(zone=name, age_group=age_group, inhabitants=inhabitants)


def region(
    *places: Facility | Zone,
    roads: tuple[Road, ...] = (),
    travel_times: tuple[TravelTime, ...] = (),
    populations: tuple[Population, ...] = (),
    terrain_speeds: tuple[TerrainSpeed, ...] = (),
) -> Region:
    return Region(
        facilities=tuple(place for place in places if isinstance(place, Facility)),
        zones=tuple(place for place in places if isinstance(place, Zone)),
        roads=roads,
        travel_times=travel_times,
        populations=populations,
        terrain_speeds=terrain_speeds,
    )
