"""From a region to `Travel`: times the user knows, then roads, then the great circle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gst_opt.core.errors import expect
from gst_opt.core.region import Facility, Region, Road, TerrainSpeed, Zone
from gst_opt.network.journeys import Method, Positions, Travel, positions

EARTH_KM = 6371.0088  # mean radius (IUGG)
DECIMALS = 6  # of a computed minute: 0.1 + 0.2 is 0.3, and the way there is as long as the way back
ROWS_AT_ONCE = 128  # great circles are computed by bands of rows, to bound memory


def travel(region: Region) -> Travel:
    """Compute the minutes between all pairs of places (facilities of any status, and zones), one way.

    The first of these that is known for a pair holds:

    1. a place is 0 minutes from itself;
    2. the user's row for this origin and destination (one direction, this pair only: it is not a road, and
       no other journey goes through it);
    3. the shortest path on roads, usable both ways; of several roads between two places, the quickest;
    4. for places that no road joins, great-circle km x detour / speed, on the slower (per great-circle km) of
       the two places' terrains, if both places have coordinates and both terrains a known speed;
    5. otherwise the destination is unreachable: `inf`.

    Computed minutes are rounded to a millionth, so that equal journeys compare equal.

    Raises
    ------
    GstOptError
        If a road or a journey time names a place that the region does not have.
    """
    expect(region, Region)
    everything: tuple[Facility | Zone, ...] = (*region.facilities, *region.zones)
    by_id = {place.id: place for place in everything}
    numbers = {name: number for number, name in enumerate(sorted(by_id))}
    matrix = _road_minutes(numbers, region.roads)
    methods = np.where(np.isfinite(matrix), np.int8(Method.ROAD), np.int8(Method.UNREACHABLE))
    _fill_great_circles(matrix, methods, [by_id[name] for name in numbers], region.terrain_speeds)
    rows = positions(numbers, (row.origin for row in region.travel_times))
    columns = positions(numbers, (row.destination for row in region.travel_times))
    matrix[rows, columns] = [row.minutes for row in region.travel_times]
    methods[rows, columns] = Method.USER
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(methods, Method.SAME)
    return Travel(tuple(numbers), matrix, methods)


def _road_minutes(numbers: Mapping[str, int], roads: Sequence[Road]) -> NDArray[np.float64]:
    """Return the shortest driving times on roads, `inf` where no road leads."""
    size = len(numbers)
    if not roads:
        return np.full((size, size), np.inf)
    links = quickest_links(numbers, roads)
    matrix: NDArray[np.float64] = dijkstra(links.network(links.minutes))
    return np.round(matrix, DECIMALS, out=matrix)


@dataclass(frozen=True, eq=False)
class Links:
    """The roads between places, both ways: one link from a place to another, the quickest, then the shortest.

    Attributes
    ----------
    size
        Number of places.
    pairs
        Where each link leads from and to, as ``size * origin + destination``; sorted.
    minutes, km
        Driving time and length of each link.
    """

    size: int
    pairs: Positions
    minutes: NDArray[np.float64]
    km: NDArray[np.float64]

    def network(self, weights: NDArray[np.float64]) -> csr_array:
        """Return the links as a sparse matrix of one weight a link; a link of weight 0 is a link."""
        rows, columns = np.divmod(self.pairs, self.size)
        starts: Positions = np.searchsorted(rows, np.arange(self.size + 1))
        return csr_array((weights, columns, starts), shape=(self.size, self.size))


def quickest_links(numbers: Mapping[str, int], roads: Sequence[Road]) -> Links:
    """Return the roads as links between numbered places."""
    size = len(numbers)
    ends = positions(numbers, (road.origin for road in roads)), positions(numbers, (road.destination for road in roads))
    minutes, km = np.tile([road.minutes for road in roads], 2), np.tile([road.km for road in roads], 2)
    pairs = np.concatenate([ends[0] * size + ends[1], ends[1] * size + ends[0]])
    order = np.lexsort((km, minutes, pairs))
    unique, best = np.unique(pairs[order], return_index=True)
    return Links(size, unique, minutes[order][best], km[order][best])


def _fill_great_circles(
    matrix: NDArray[np.float64],
    methods: NDArray[np.int8],
    places: Sequence[Facility | Zone],
    speeds: Sequence[TerrainSpeed],
) -> None:
    """Estimate, in place, the journeys that have no road."""
    minutes_per_km = {row.terrain: row.detour * 60 / row.km_per_hour for row in speeds}
    known = [
        (number, place.latitude, place.longitude, minutes_per_km[place.terrain])
        for number, place in enumerate(places)
        if place.latitude is not None and place.longitude is not None and place.terrain in minutes_per_km
    ]
    where: Positions = np.array([row[0] for row in known], dtype=np.intp)
    latitude, longitude = np.radians([row[1] for row in known]), np.radians([row[2] for row in known])
    pace = np.array([row[3] for row in known], dtype=np.float64)
    for start in range(0, len(known), ROWS_AT_ONCE):
        origin, destination = np.nonzero(np.isinf(matrix[np.ix_(where[start : start + ROWS_AT_ONCE], where)]))
        origin += start
        km = great_circle_km(latitude[origin], longitude[origin], latitude[destination], longitude[destination])
        cells = where[origin], where[destination]
        matrix[cells] = np.round(km * np.maximum(pace[origin], pace[destination]), DECIMALS)
        methods[cells] = Method.GREAT_CIRCLE


def great_circle_km(
    latitude_a: NDArray[np.float64],
    longitude_a: NDArray[np.float64],
    latitude_b: NDArray[np.float64],
    longitude_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return great-circle distances by the haversine formula, exact for short distances; angles in radians."""
    half = (
        np.sin((latitude_b - latitude_a) / 2) ** 2
        + np.cos(latitude_a) * np.cos(latitude_b) * np.sin((longitude_b - longitude_a) / 2) ** 2
    )
    distance: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distance
