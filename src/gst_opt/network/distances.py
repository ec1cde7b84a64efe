"""Kilometres between places, along the quickest journey."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from gst_opt.core.region import Facility, Region, TerrainSpeed, Zone
from gst_opt.network.journeys import Positions, Travel, positions, refuse_unknown
from gst_opt.network.minutes import DECIMALS, ROWS_AT_ONCE, Links, great_circle_km, quickest_links

MINUTES_PER_KM = 1e-9  # so little that it only chooses between journeys that are as quick


def distances(
    region: Region, journeys: Travel, origins: Sequence[str], destinations: Sequence[str]
) -> NDArray[np.float64]:
    """Return the kilometres from each origin (row) to each destination (column), one way.

    - Along the quickest way by road, even where the user knows the journey time; of several as quick, the shortest.
    - Between places that no road joins, great-circle km x the detour of the slower of the two places' terrains,
      under the conditions of `travel`.
    - `inf` where there is neither; 0 from a place to itself.

    The way there is as long as the way back. Only the origins asked for are computed, by bands.

    Parameters
    ----------
    region
        Places and roads.
    journeys
        Journey times of the region.
    origins, destinations
        Ids of facilities or zones, in any order.

    Raises
    ------
    GstOptError
        If an id is neither a facility nor a zone, or `journeys` are those of another region.
    """
    everything: tuple[Facility | Zone, ...] = (*region.facilities, *region.zones)
    by_id = {place.id: place for place in everything}
    refuse_unknown(by_id, journeys.places)
    numbers = {name: number for number, name in enumerate(journeys.places)}
    rows, where = np.unique(positions(numbers, origins), return_inverse=True)
    columns = positions(numbers, destinations)
    links = quickest_links(numbers, region.roads)
    lines = _StraightLines([by_id[name] for name in journeys.places], region.terrain_speeds)
    result = np.empty((len(rows), len(columns)))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        band = rows[start : start + ROWS_AT_ONCE]
        by_road = _by_road(links, band)[:, columns]
        result[start : start + len(band)] = np.where(np.isinf(by_road), lines.km(band, columns), by_road)
    result[rows[:, None] == columns] = 0.0
    return np.round(result, DECIMALS)[where]


def _by_road(links: Links, origins: Positions) -> NDArray[np.float64]:
    """Return the kilometres along the quickest way to every place, `inf` where no road leads."""
    km = np.full((len(origins), links.size), np.inf)
    if not len(links.pairs):
        return km
    weights = links.minutes + MINUTES_PER_KM * links.km
    minutes, previous = dijkstra(links.network(weights), indices=origins, return_predecessors=True)
    everywhere = np.broadcast_to(np.arange(links.size), previous.shape)
    arrives = previous >= 0
    back = np.where(arrives, previous, everywhere)
    reached = np.isfinite(minutes)
    km[reached] = 0.0
    last = np.searchsorted(links.pairs, previous[arrives].astype(np.intp) * links.size + everywhere[arrives])
    km[arrives] = links.km[last]
    while (back != (further := np.take_along_axis(back, back, axis=1))).any():  # each turn doubles the way walked
        km += np.take_along_axis(km, back, axis=1)
        back = further
    return km


class _StraightLines:
    """Great circles with a detour, between places that have coordinates and a terrain of known speed."""

    def __init__(self, places: Sequence[Facility | Zone], speeds: Sequence[TerrainSpeed]) -> None:
        ranked = sorted(speeds, key=lambda row: (row.detour / row.km_per_hour, row.detour))
        ranks = {row.terrain: rank for rank, row in enumerate(ranked)}
        known = [place.terrain in ranks and None not in (place.latitude, place.longitude) for place in places]
        self.known = np.array(known, dtype=bool)
        self.rank = np.array([ranks.get(place.terrain, 0) for place in places], dtype=np.intp)
        self.detour = np.array([row.detour for row in ranked] or [1.0])
        self.latitude = np.radians([place.latitude or 0.0 for place in places])
        self.longitude = np.radians([place.longitude or 0.0 for place in places])

    def km(self, origins: Positions, destinations: Positions) -> NDArray[np.float64]:
        """Return the kilometres, `inf` where coordinates or speeds are not known."""
        result = np.full((len(origins), len(destinations)), np.inf)
        rows, columns = np.nonzero(self.known[origins][:, None] & self.known[destinations])
        start, end = origins[rows], destinations[columns]
        km = great_circle_km(self.latitude[start], self.longitude[start], self.latitude[end], self.longitude[end])
        result[rows, columns] = km * self.detour[np.maximum(self.rank[start], self.rank[end])]
        return result
