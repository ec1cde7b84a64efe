"""What holds of every region."""

import math
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gst_opt.core.region import Kind, Level, Region, Road, Status, Terrain, TerrainSpeed
from gst_opt.network import Method, Travel, catchments, graph, travel
from tests.network.places import SPEEDS, at, facility, known, people, region, road, zone

MINUTES = st.floats(0, 500, allow_nan=False).map(lambda value: round(value, 2))


@st.composite
def roads(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[Road, ...]:
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    ends = draw(st.lists(pairs, max_size=3 * len(names), unique=True))
    return tuple(road(start, end, draw(MINUTES)) for start, end in ends)


@st.composite
def road_regions(draw: st.DrawFn) -> Region:
    names = tuple(f"p{number}" for number in range(draw(st.integers(1, 9))))
    return region(*(facility(name) for name in names), roads=draw(roads(names)))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """A region of any shape: roads, known times, coordinates, terrains without speed, several communes."""
    communes = st.sampled_from(["A", "B", "C"])
    hosts = [
        facility(
            f"f{number}",
            draw(st.sampled_from(Level)),
            draw(communes),
            kind=draw(st.sampled_from([Kind.GENERAL, Kind.GENERAL, Kind.PSYCHIATRIC])),
            status=draw(st.sampled_from([Status.OPEN, Status.OPEN, Status.PLANNED])),
        )
        for number in range(draw(st.integers(0, 7)))
    ]
    for position, host in enumerate(hosts):
        above = [other.id for other in hosts if other.level.rank > host.level.rank]
        reference = draw(st.none() | st.sampled_from(above)) if above else None
        hosts[position] = host.replace(reference=reference)
        if draw(st.booleans()):
            terrain = draw(st.sampled_from([Terrain.PLAIN, Terrain.MOUNTAIN, Terrain.URBAN]))
            hosts[position] = at(hosts[position], draw(st.floats(34, 36)), draw(st.floats(-6, -4)), terrain)
    homes = [zone(f"z{number}", draw(communes)) for number in range(draw(st.integers(1, 5)))]
    names = (*(host.id for host in hosts), *(home.id for home in homes))
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names))
    times = draw(st.lists(pairs, max_size=6, unique=True))
    speeds: tuple[TerrainSpeed, ...] = SPEEDS[: draw(st.integers(0, 2))]
    return region(
        *hosts,
        *homes,
        roads=draw(roads(names)),
        travel_times=tuple(known(start, end, draw(MINUTES)) for start, end in times),
        populations=tuple(people(home.id, draw(st.integers(0, 100_000))) for home in homes),
        terrain_speeds=speeds,
    )


@given(road_regions())
def test_roads_give_a_symmetric_matrix_with_the_triangle_inequality(world: Region) -> None:
    times = travel(world).matrix
    assert np.array_equal(times, times.T)
    through = times[:, :, None] + times[None, :, :]
    assert (times[:, None, :] <= through + 3e-6).all()


@given(road_regions())
def test_roads_give_the_shortest_paths_of_networkx(world: Region) -> None:
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph(world), weight="minutes"))
    journeys = travel(world)
    for origin in journeys.places:
        for destination in journeys.places:
            expected = lengths[origin].get(destination, math.inf)
            assert journeys.minutes(origin, destination) == pytest.approx(expected, abs=1e-6)


@given(regions())
def test_every_pair_has_minutes_or_is_unreachable_and_says_how(world: Region) -> None:
    journeys = travel(world)
    assert not np.isnan(journeys.matrix).any()
    assert (journeys.matrix >= 0).all()
    assert np.array_equal(np.isinf(journeys.matrix), journeys.methods == Method.UNREACHABLE)
    assert np.array_equal(journeys.methods == Method.SAME, np.eye(len(journeys.places), dtype=bool))
    given_pairs = {(row.origin, row.destination) for row in world.travel_times if row.origin != row.destination}
    assert np.count_nonzero(journeys.methods == Method.USER) == len(given_pairs)
    computed = np.isin(journeys.methods, [Method.ROAD, Method.GREAT_CIRCLE])
    both_ways = computed & computed.T
    assert np.array_equal(journeys.matrix[both_ways], journeys.matrix.T[both_ways])


@given(regions(), st.randoms(use_true_random=False))
def test_names_do_not_matter(world: Region, random: Random) -> None:
    old = travel(world)
    names = [f"n{number}" for number in range(len(old.places))]
    random.shuffle(names)
    rename = dict(zip(old.places, names, strict=True))
    new_world = _renamed(world, rename)
    new = travel(new_world)
    order = [rename[name] for name in old.places]
    assert np.array_equal(new.between(order, order), old.matrix)
    assert all(
        new.method(rename[origin], rename[destination]) is old.method(origin, destination)
        for origin in old.places
        for destination in old.places
    )
    served = catchments(new_world, new)
    assert {rename[name]: pytest.approx(value) for name, value in catchments(world, old).items()} == served


@given(regions())
@settings(max_examples=200)
def test_everyone_who_reaches_a_first_contact_is_counted_once(world: Region) -> None:
    journeys = travel(world)
    served = catchments(world, journeys)
    hosts = [
        host.id
        for host in world.open_facilities()
        if host.level.rank <= 1 and host.level is not Level.SPECIALISED_CENTRE and host.kind is Kind.GENERAL
    ]
    reached = sum(
        inhabitants
        for home, inhabitants in world.inhabitants().items()
        if any(math.isfinite(journeys.minutes(home, host)) for host in hosts)
    )
    assert sum(served[host] for host in hosts) == pytest.approx(reached)
    assert set(served) == {host.id for host in world.open_facilities()}


@given(regions())
def test_a_hospital_serves_the_sum_of_its_first_contacts(world: Region) -> None:
    """Recomputed by walking up from each first contact instead of down from each hospital."""
    served = catchments(world, travel(world))
    by_id = {host.id: host for host in world.facilities}
    expected = {host.id: 0.0 for host in world.open_facilities() if host.level.is_hospital}
    for host in world.open_facilities():
        if host.level.rank > 1 or host.level is Level.SPECIALISED_CENTRE or host.kind is not Kind.GENERAL:
            continue
        above = host.reference
        while above:
            if above in expected:
                expected[above] += served[host.id]
            above = by_id[above].reference
    assert {name: served[name] for name in expected} == pytest.approx(expected)


def _renamed(world: Region, rename: dict[str, str]) -> Region:
    return Region(
        facilities=tuple(
            host.replace(id=rename[host.id], reference=rename[host.reference] if host.reference else None)
            for host in world.facilities
        ),
        zones=tuple(home.replace(id=rename[home.id]) for home in world.zones),
        populations=tuple(row.replace(zone=rename[row.zone]) for row in world.populations),
        roads=tuple(row.replace(origin=rename[row.origin], destination=rename[row.destination]) for row in world.roads),
        travel_times=tuple(
            row.replace(origin=rename[row.origin], destination=rename[row.destination]) for row in world.travel_times
        ),
        terrain_speeds=world.terrain_speeds,
    )


@pytest.mark.slow
def test_a_large_network_agrees_with_networkx() -> None:
    random = np.random.default_rng(3)
    names = [f"p{number:03d}" for number in range(300)]
    ends = random.integers(0, 300, (700, 2))
    links = {(int(start), int(end)): round(float(random.uniform(0, 90)), 1) for start, end in ends}
    world = region(
        *(facility(name) for name in names),
        roads=tuple(road(names[start], names[end], minutes) for (start, end), minutes in links.items()),
    )
    journeys: Travel = travel(world)
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph(world), weight="minutes"))
    expected = [[lengths[origin].get(destination, math.inf) for destination in names] for origin in names]
    assert np.allclose(journeys.matrix, expected, atol=1e-6)
