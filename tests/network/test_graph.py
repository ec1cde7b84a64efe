"""The networkx graph of a region."""

import io

import networkx as nx
import pytest

from gst_opt.core.errors import GstOptError
from gst_opt.core.region import Level, Region
from gst_opt.network import graph
from tests.network.places import at, facility, people, region, road, zone


@pytest.fixture
def town() -> Region:
    """A centre that refers to a hospital 12 minutes away, and the zone where 300 people live."""
    return region(
        at(facility("centre", reference="hospital"), 35.5, -6),
        facility("hospital", Level.PROVINCIAL_HOSPITAL),
        zone("home"),
        roads=(road("centre", "hospital", 12), road("hospital", "centre", 14), road("home", "centre", 3)),
        populations=(people("home", 100, "0-4"), people("home", 200, "5+")),
    )


def test_nodes_say_what_they_are(town: Region) -> None:
    nodes = graph(town).nodes
    assert list(nodes) == ["centre", "hospital", "home"]
    assert nodes["centre"]["node"] == "facility"
    assert nodes["centre"]["level"] == "CSU-1"
    assert (nodes["centre"]["latitude"], nodes["centre"]["longitude"]) == (35.5, -6)
    assert "latitude" not in nodes["hospital"]
    assert nodes["home"]["node"] == "zone"
    assert nodes["home"]["population"] == 300
    assert nodes["home"]["province"] == "Tanger-Assilah"


def test_roads_go_both_ways_and_the_quickest_is_kept(town: Region) -> None:
    edges = graph(town).edges
    assert edges["centre", "hospital", "road"]["minutes"] == 12
    assert edges["hospital", "centre", "road"]["minutes"] == 12
    assert edges["centre", "home", "road"]["km"] == 3


def test_referrals_stand_beside_the_road_between_the_same_two_places(town: Region) -> None:
    edges = graph(town).edges
    assert edges["centre", "hospital", "referral"] == {"edge": "referral", "level": "HP"}
    assert ("hospital", "centre", "referral") not in edges


def test_the_roads_alone_give_shortest_paths(town: Region) -> None:
    full = graph(town)
    roads = full.edge_subgraph([edge for edge in full.edges if edge[2] == "road"])
    assert nx.shortest_path_length(roads, "home", "hospital", weight="minutes") == 15


def test_the_order_of_the_rows_does_not_matter(town: Region) -> None:
    mixed = region(
        *town.zones[::-1],
        *town.facilities[::-1],
        roads=town.roads[::-1],
        populations=town.populations[::-1],
    )
    assert list(graph(mixed).nodes(data=True)) == list(graph(town).nodes(data=True))
    assert list(graph(mixed).edges(data=True)) == list(graph(town).edges(data=True))


def test_the_graph_can_be_written_to_a_file(town: Region) -> None:
    file = io.BytesIO()
    nx.write_graphml(graph(town), file)
    file.seek(0)
    again = nx.read_graphml(file, force_multigraph=True)
    assert dict(again.nodes(data=True)) == dict(graph(town).nodes(data=True))


@pytest.mark.parametrize(
    "world",
    [region(facility("a"), roads=(road("a", "ghost", 1),)), region(facility("a", reference="ghost"))],
)
def test_edges_to_unknown_places_are_refused(world: Region) -> None:
    with pytest.raises(GstOptError, match="ghost"):
        graph(world)
