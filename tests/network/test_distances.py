"""Kilometres along the quickest journey."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gst_opt.core.errors import GstOptError
from gst_opt.core.region import Facility, Region, Road, Terrain, Zone
from gst_opt.network import distances, travel
from gst_opt.network.minutes import great_circle_km
from tests.network.places import SPEEDS, at, facility, known, region
from tests.network.test_properties import regions


def road(origin: str, destination: str, minutes: float, km: float) -> Road:
    return Road(origin=origin, destination=destination, minutes=minutes, km=km)


def km(of: Region, origin: str, destination: str) -> float:
    return float(distances(of, travel(of), [origin], [destination])[0, 0])


def test_the_quickest_way_counts_not_the_shortest() -> None:
    """By the motorway 40 km in 30 minutes, over the pass 25 km in 50."""
    places = [facility(name) for name in "abc"]
    of = region(*places, roads=(road("a", "b", 50, 25), road("a", "c", 20, 28), road("c", "b", 10, 12)))
    assert km(of, "a", "b") == km(of, "b", "a") == 40
    assert km(of, "a", "a") == 0


def test_of_ways_and_roads_as_quick_the_shortest() -> None:
    places = [facility(name) for name in "abc"]
    ways = region(*places, roads=(road("a", "b", 30, 45), road("a", "c", 20, 28), road("c", "b", 10, 12)))
    roads = region(*places, roads=(road("a", "b", 30, 45), road("b", "a", 30, 31), road("a", "c", 1, 5)))
    assert km(ways, "a", "b") == 40
    assert km(roads, "b", "a") == 31


def test_a_road_of_no_length_and_no_time_is_a_road() -> None:
    of = region(*(facility(name) for name in "abc"), roads=(road("a", "b", 0, 0), road("b", "c", 5, 4)))
    assert km(of, "a", "b") == 0
    assert km(of, "a", "c") == km(of, "c", "a") == 4


def test_without_a_road_the_great_circle_with_the_detour_of_the_slower_terrain() -> None:
    """One degree of latitude is 111.195 km; mountain roads (1.5, 30 km/h) are slower than those of the plain."""
    plain, hills = at(facility("a"), 35, -5), at(facility("b"), 36, -5, Terrain.MOUNTAIN)
    lost = facility("c")
    of = region(plain, hills, lost, terrain_speeds=SPEEDS, travel_times=(known("a", "b", 7), known("a", "c", 9)))
    assert km(of, "a", "b") == km(of, "b", "a") == pytest.approx(1.5 * 111.195, abs=1e-3)
    assert km(of, "a", "c") == np.inf
    assert km(region(plain, hills), "a", "b") == np.inf


def test_known_minutes_change_no_distance() -> None:
    of = region(facility("a"), facility("b"), roads=(road("a", "b", 30, 22),), travel_times=(known("a", "b", 5),))
    assert km(of, "a", "b") == 22


def test_any_places_in_any_order() -> None:
    of = region(*(facility(name) for name in "abc"), roads=(road("a", "b", 3, 2), road("b", "c", 5, 4)))
    assert distances(of, travel(of), ["c", "a", "c"], ["b", "c"]).tolist() == [[4, 0], [2, 6], [4, 0]]
    assert distances(of, travel(of), [], ["b", "c"]).shape == (0, 2)
    assert distances(of, travel(of), ["a"], []).shape == (1, 0)


def test_unknown_places_and_another_region_are_refused() -> None:
    of = region(facility("a"))
    for origins, destinations in ((["x"], ["a"]), (["a"], ["x"])):
        with pytest.raises(GstOptError, match="x"):
            distances(of, travel(of), origins, destinations)
    with pytest.raises(GstOptError, match="b"):
        distances(of, travel(region(facility("a"), facility("b"))), ["a"], ["a"])


@settings(deadline=None)
@given(regions(), st.data())
def test_as_networkx_counts(of: Region, data: st.DataObject) -> None:
    """Symmetric, 0 to itself, and the kilometres of networkx's shortest path by (minutes, km)."""
    roads = tuple(one.replace(km=data.draw(st.integers(0, 50))) for one in of.roads)
    of = of.replace(roads=tuple(one.replace(minutes=float(round(one.minutes))) for one in roads))
    everything: tuple[Facility | Zone, ...] = (*of.facilities, *of.zones)
    places = {place.id: place for place in everything}
    names = list(places)
    matrix = distances(of, travel(of), names, names)
    assert (matrix == matrix.T).all()
    assert not np.isnan(matrix).any()
    graph = nx.Graph()
    for one in of.roads:
        weight = one.minutes * 10**6 + one.km
        if weight <= graph.get_edge_data(one.origin, one.destination, {"weight": np.inf})["weight"]:
            graph.add_edge(one.origin, one.destination, weight=weight)
    shortest = dict(nx.all_pairs_dijkstra_path_length(graph))
    pace = {row.terrain: (row.detour * 60 / row.km_per_hour, row.detour) for row in of.terrain_speeds}
    for i, origin in enumerate(names):
        for j, destination in enumerate(names):
            start, end = places[origin], places[destination]
            if i == j:
                expected = 0.0
            elif destination in shortest.get(origin, {}):
                expected = shortest[origin][destination] % 10**6
            elif not {start.terrain, end.terrain} <= pace.keys() or None in (start.latitude, end.latitude):
                expected = np.inf
            else:
                ends = (start.latitude, start.longitude, end.latitude, end.longitude)
                angles = (np.radians(np.array([value], dtype=np.float64)) for value in ends)
                expected = great_circle_km(*angles)[0] * max(pace[start.terrain], pace[end.terrain])[1]
            assert matrix[i, j] == pytest.approx(expected, abs=1e-5)
