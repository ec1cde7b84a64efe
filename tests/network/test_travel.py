"""Minutes between places, on networks small enough to work out by hand."""

import math
import subprocess
import sys

import numpy as np
import pytest

from gst_opt.core.errors import GstOptError
from gst_opt.core.region import Region, Terrain
from gst_opt.network import Method, travel
from gst_opt.text import Lang
from tests.network.places import SPEEDS, at, facility, known, region, road, zone

KM_PER_DEGREE = 111.19508  # of a meridian: pi / 180 x 6371.0088 km


def test_the_shortest_path_on_roads_may_pass_through_other_places() -> None:
    """a-c by b takes 10 + 15 = 25, less than the 40 of the direct road."""
    world = region(
        facility("a"), facility("b"), zone("c"), roads=(road("a", "b", 10), road("b", "c", 15), road("a", "c", 40))
    )
    journeys = travel(world)
    assert journeys.minutes("a", "c") == 25
    assert journeys.minutes("c", "a") == 25
    assert journeys.method("a", "c") is Method.ROAD


def test_of_two_roads_between_two_places_the_quickest_counts_both_ways() -> None:
    journeys = travel(region(facility("a"), facility("b"), roads=(road("a", "b", 30), road("b", "a", 20))))
    assert journeys.minutes("a", "b") == journeys.minutes("b", "a") == 20


def test_a_road_of_no_minutes_is_a_road() -> None:
    """Two facilities on one campus: 0 minutes, not unreachable as in a dense matrix of weights."""
    journeys = travel(region(facility("a"), facility("b"), facility("c"), roads=(road("a", "b", 0), road("b", "c", 5))))
    assert journeys.minutes("a", "b") == 0
    assert journeys.minutes("a", "c") == 5
    assert journeys.method("a", "b") is Method.ROAD


def test_a_known_time_beats_the_road_in_its_direction_only() -> None:
    """a to b is known to take 50 (road: 10); b to a still takes 10, and so does every path through a-b."""
    world = region(
        facility("a"),
        facility("b"),
        facility("c"),
        roads=(road("a", "b", 10), road("b", "c", 15)),
        travel_times=(known("a", "b", 50),),
    )
    journeys = travel(world)
    assert journeys.minutes("a", "b") == 50
    assert journeys.method("a", "b") is Method.USER
    assert journeys.minutes("b", "a") == 10
    assert journeys.method("b", "a") is Method.ROAD
    assert journeys.minutes("a", "c") == 25


def test_known_times_are_not_roads() -> None:
    """a-b and b-c are known; a-c is not, and nothing else joins them."""
    world = region(facility("a"), facility("b"), facility("c"), travel_times=(known("a", "b", 5), known("b", "c", 5)))
    journeys = travel(world)
    assert journeys.minutes("a", "c") == math.inf
    assert journeys.minutes("b", "a") == math.inf
    assert journeys.method("b", "a") is Method.UNREACHABLE


def test_a_place_is_nowhere_but_at_itself() -> None:
    journeys = travel(region(facility("a"), travel_times=(known("a", "a", 7),)))
    assert journeys.minutes("a", "a") == 0
    assert journeys.method("a", "a") is Method.SAME


def test_without_a_road_the_great_circle_is_used() -> None:
    """One degree of meridian on the plain: 111.195 km x 1.2 at 60 km/h = 133.434 min."""
    world = region(at(facility("a"), 35, -5), at(facility("b"), 36, -5), terrain_speeds=SPEEDS)
    journeys = travel(world)
    assert journeys.minutes("a", "b") == pytest.approx(KM_PER_DEGREE * 1.2, abs=1e-3)
    assert journeys.minutes("b", "a") == journeys.minutes("a", "b")
    assert journeys.method("a", "b") is Method.GREAT_CIRCLE


def test_the_great_circle_follows_the_sphere() -> None:
    """A degree of longitude at 60 degrees north is half as long as at the equator, less the bulge of the arc."""
    world = region(at(facility("a"), 60, 0), at(facility("b"), 60, 1), terrain_speeds=SPEEDS)
    cosine = math.sin(math.radians(60)) ** 2 + math.cos(math.radians(60)) ** 2 * math.cos(math.radians(1))
    assert travel(world).minutes("a", "b") == pytest.approx(6371.0088 * math.acos(cosine) * 1.2, rel=1e-6)


def test_many_places_over_the_whole_globe_agree_with_the_angle_between_their_directions() -> None:
    """300 places, more than one band of rows; the angle is the arc cosine of the product of unit vectors."""
    random = np.random.default_rng(1)
    latitude, longitude = random.uniform(-90, 90, 300), random.uniform(-180, 180, 300)
    names = [f"p{number:03d}" for number in range(300)]
    places = [
        at(facility(name), float(north), float(east))
        for name, north, east in zip(names, latitude, longitude, strict=True)
    ]
    north, east = np.radians(latitude), np.radians(longitude)
    directions = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    angles = np.arccos(np.clip(directions @ directions.T, -1, 1))
    np.fill_diagonal(angles, 0)
    journeys = travel(region(*places, terrain_speeds=SPEEDS))
    assert np.allclose(journeys.matrix, angles * 6371.0088 * 1.2, rtol=1e-6)


def test_the_slower_terrain_of_the_two_holds() -> None:
    """Mountain: 1.5 x 60 / 30 = 3 min per km, against 1.2 on the plain."""
    world = region(at(facility("a"), 35, -5), at(facility("b"), 36, -5, Terrain.MOUNTAIN), terrain_speeds=SPEEDS)
    journeys = travel(world)
    assert journeys.minutes("a", "b") == pytest.approx(KM_PER_DEGREE * 3, abs=1e-3)
    assert journeys.minutes("b", "a") == pytest.approx(KM_PER_DEGREE * 3, abs=1e-3)


def test_a_terrain_without_speed_has_no_great_circle() -> None:
    """Not even between two places at the same point, where the distance is 0."""
    world = region(at(facility("a"), 35, -5), at(facility("b"), 35, -5, Terrain.MOUNTAIN), terrain_speeds=SPEEDS[:1])
    assert travel(world).minutes("a", "b") == math.inf


def test_a_place_without_coordinates_or_road_is_unreachable() -> None:
    world = region(at(facility("a"), 35, -5), facility("b"), zone("c"), terrain_speeds=SPEEDS)
    journeys = travel(world)
    assert journeys.minutes("a", "b") == journeys.minutes("b", "c") == math.inf
    assert not np.isnan(journeys.matrix).any()


def test_two_road_networks_are_joined_pair_by_pair_by_the_great_circle() -> None:
    """a-b and c-d are roads; b and c, a degree apart, have coordinates, d has none: d stays out of reach of b."""
    world = region(
        at(facility("a"), 35, -5),
        at(facility("b"), 35, -5),
        at(facility("c"), 36, -5),
        facility("d"),
        roads=(road("a", "b", 500), road("c", "d", 1)),
        terrain_speeds=SPEEDS,
    )
    journeys = travel(world)
    assert journeys.method("a", "b") is Method.ROAD  # though the great circle says 0
    assert journeys.minutes("a", "b") == 500
    assert journeys.method("b", "c") is Method.GREAT_CIRCLE
    assert journeys.minutes("b", "c") == pytest.approx(133.434, abs=1e-3)
    assert journeys.minutes("b", "d") == math.inf


def test_known_times_beat_the_great_circle() -> None:
    world = region(
        at(facility("a"), 35, -5), at(facility("b"), 36, -5), travel_times=(known("b", "a", 99),), terrain_speeds=SPEEDS
    )
    journeys = travel(world)
    assert journeys.minutes("b", "a") == 99
    assert journeys.method("a", "b") is Method.GREAT_CIRCLE


def test_a_limit_that_is_the_sum_of_the_roads_is_met() -> None:
    """0.1 + 0.2 is 0.30000000000000004 in floating point; the journey takes 0.3."""
    world = region(facility("a"), facility("b"), facility("c"), roads=(road("a", "b", 0.1), road("b", "c", 0.2)))
    journeys = travel(world)
    rows, columns = journeys.within(["a"], ["c"], 0.3)
    assert (rows.tolist(), columns.tolist()) == ([0], [0])


def test_within_lists_pairs_in_the_order_asked_and_never_the_unreachable() -> None:
    world = region(
        facility("a"), facility("b"), facility("c"), zone("far"), roads=(road("a", "b", 10), road("b", "c", 15))
    )
    journeys = travel(world)
    rows, columns = journeys.within(["c", "a"], ["a", "b", "far"], 15)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 1)]
    rows, columns = journeys.within(["a"], ["far", "c"], math.inf)
    assert columns.tolist() == [1]


def test_between_gives_a_matrix_of_its_own() -> None:
    journeys = travel(region(facility("a"), facility("b"), travel_times=(known("a", "b", 5), known("b", "a", 6))))
    times = journeys.between(["b", "a", "b"], ["a"])
    assert times.tolist() == [[6], [0], [6]]
    assert times.dtype == np.float64
    times[0, 0] = 1
    assert journeys.minutes("b", "a") == 6


def test_nearest_takes_the_first_of_a_tie_and_says_when_there_is_none() -> None:
    world = region(
        facility("a"), facility("b"), facility("c"), zone("far"), roads=(road("a", "b", 10), road("a", "c", 10))
    )
    journeys = travel(world)
    best, minutes = journeys.nearest(["a", "far"], ["c", "b"])
    assert best.tolist() == [0, -1]
    assert minutes.tolist() == [10, math.inf]
    best, minutes = journeys.nearest(["a"], [])
    assert (best.tolist(), minutes.tolist()) == ([-1], [math.inf])


def test_travel_cannot_be_written() -> None:
    journeys = travel(region(facility("a")))
    with pytest.raises(ValueError, match="read-only"):
        journeys.matrix[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        journeys.methods[0, 0] = 1


def test_places_are_sorted_and_methods_take_one_byte_a_pair() -> None:
    journeys = travel(region(zone("b"), facility("c"), facility("a")))
    assert journeys.places == ("a", "b", "c")
    assert journeys.methods.dtype == np.int8


def test_an_empty_region_has_no_journeys() -> None:
    assert travel(Region()).matrix.shape == (0, 0)


def test_unknown_places_are_named_in_both_languages() -> None:
    journeys = travel(region(facility("a")))
    with pytest.raises(GstOptError) as caught:
        journeys.between(["a", "nowhere"], ["elsewhere"])
    assert "nowhere" in caught.value.text(Lang.EN)
    assert "nowhere" in caught.value.text(Lang.FR)
    with pytest.raises(GstOptError):
        journeys.minutes("a", "b")
    with pytest.raises(GstOptError):
        journeys.method("b", "a")


@pytest.mark.parametrize(
    "world",
    [
        region(facility("a"), roads=(road("a", "ghost", 1),)),
        region(facility("a"), travel_times=(known("ghost", "a", 1),)),
    ],
)
def test_roads_and_times_to_unknown_places_are_refused(world: Region) -> None:
    with pytest.raises(GstOptError, match="ghost"):
        travel(world)


def test_no_solver_is_loaded() -> None:
    code = "import sys, gst_opt.network; print(sorted({'pyomo', 'highspy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
