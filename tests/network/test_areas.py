"""Who is served where, worked out by hand."""

import math

import pytest

from gst_opt.core.errors import GstOptError
from gst_opt.core.region import Kind, Level, Status
from gst_opt.network import Nearest, catchments, nearest, travel
from tests.network.places import facility, known, people, region, road, zone

HOSPITAL = Level.PROVINCIAL_HOSPITAL
DISPENSARY = Level.DISPENSARY


def test_a_zone_goes_to_the_centre_of_its_commune_even_when_another_is_nearer() -> None:
    world = region(
        facility("near", commune="Zoco"),
        facility("own", commune="Asilah"),
        zone("z", commune="Asilah"),
        roads=(road("z", "near", 1), road("z", "own", 30)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"near": 0, "own": 900}


def test_communes_of_one_name_in_two_provinces_are_two_communes() -> None:
    world = region(
        facility("namesake", commune="Bni", province="Chefchaouen"),
        facility("near", commune="Zoco", province="Larache"),
        zone("z", commune="Bni", province="Larache"),
        roads=(road("z", "near", 1), road("z", "namesake", 30)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"namesake": 0, "near": 900}


def test_centres_of_a_commune_share_a_zone_up_to_ten_minutes_beyond_the_nearest() -> None:
    """5, 15 and 16 minutes: the first two take half each."""
    world = region(
        facility("a"),
        facility("b"),
        facility("c"),
        zone("z"),
        roads=(road("z", "a", 5), road("z", "b", 15), road("z", "c", 16)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"a": 450, "b": 450, "c": 0}


def test_dispensaries_receive_only_zones_without_a_centre_in_the_commune() -> None:
    """In Asilah the dispensary is nearer, and gets nobody; Zoco has no centre, and goes to its dispensary."""
    world = region(
        facility("centre"),
        facility("dispensary", DISPENSARY),
        facility("dispensary_zoco", DISPENSARY, commune="Zoco"),
        zone("asilah"),
        zone("zoco", commune="Zoco"),
        roads=(
            road("asilah", "dispensary", 1),
            road("asilah", "centre", 20),
            road("zoco", "dispensary_zoco", 5),
            road("zoco", "centre", 6),
        ),
        populations=(people("asilah", 1000), people("zoco", 300)),
    )
    assert catchments(world, travel(world)) == {"centre": 1000, "dispensary": 0, "dispensary_zoco": 300}


def test_without_a_centre_in_the_commune_only_exact_ties_share() -> None:
    world = region(
        facility("a", commune="A"),
        facility("b", commune="B"),
        facility("c", commune="C"),
        zone("z", commune="Z"),
        roads=(road("z", "a", 5), road("z", "b", 5), road("z", "c", 5.5)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"a": 450, "b": 450, "c": 0}


def test_a_centre_of_the_commune_that_cannot_be_reached_is_passed_over() -> None:
    world = region(
        facility("cut_off"),
        facility("other", commune="Zoco"),
        zone("z"),
        zone("island"),
        roads=(road("z", "other", 50),),
        populations=(people("z", 900), people("island", 5)),
    )
    assert catchments(world, travel(world)) == {"cut_off": 0, "other": 900}


def test_the_journey_counted_is_from_the_zone_to_the_centre() -> None:
    world = region(
        facility("a", commune="A"),
        facility("b", commune="B"),
        zone("z", commune="Z"),
        travel_times=(known("z", "a", 30), known("a", "z", 5), known("z", "b", 10), known("b", "z", 60)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"a": 0, "b": 900}


def test_hospitals_serve_all_that_refers_to_them_through_others() -> None:
    """dispensary 100 -> centre 1,000 -> hospital -> regional; a second centre refers to the regional directly."""
    world = region(
        facility("centre", reference="hospital"),
        facility("centre2", commune="Z2", reference="regional"),
        facility("dispensary", DISPENSARY, commune="Z1", reference="centre"),
        facility("hospital", HOSPITAL, reference="regional"),
        facility("regional", Level.REGIONAL_HOSPITAL),
        facility("unused", Level.LOCAL_HOSPITAL),
        zone("z0"),
        zone("z1", commune="Z1"),
        zone("z2", commune="Z2"),
        roads=(
            road("z0", "centre", 5),
            road("z1", "dispensary", 5),
            road("z2", "centre2", 5),
            road("z0", "z1", 60),
            road("z1", "z2", 60),
        ),
        populations=(people("z0", 1000), people("z1", 100), people("z2", 10)),
    )
    assert catchments(world, travel(world)) == {
        "centre": 1000,
        "centre2": 10,
        "dispensary": 100,
        "hospital": 1100,
        "regional": 1110,
        "unused": 0,
    }


def test_a_facility_that_is_not_open_receives_nobody_and_passes_on_its_referrals() -> None:
    world = region(
        facility("centre", reference="planned"),
        facility("closed", status=Status.EXCLUDED),
        facility("planned", HOSPITAL, reference="regional", status=Status.PLANNED),
        facility("regional", Level.REGIONAL_HOSPITAL),
        zone("z"),
        roads=(road("z", "centre", 5), road("z", "closed", 1)),
        populations=(people("z", 900),),
    )
    assert catchments(world, travel(world)) == {"centre": 900, "regional": 900}


def test_specialised_centres_serve_their_province_and_are_not_counted_again_above() -> None:
    world = region(
        facility("centre", reference="hospital"),
        facility("family", kind=Kind.REPRODUCTIVE_HEALTH, reference="hospital"),
        facility("hospital", HOSPITAL),
        facility("lungs", Level.SPECIALISED_CENTRE, reference="hospital"),
        zone("z"),
        zone("far"),
        zone("abroad", province="Larache"),
        roads=(road("z", "centre", 5), road("abroad", "centre", 90), road("z", "lungs", 1), road("z", "family", 1)),
        populations=(people("z", 900), people("far", 50), people("abroad", 3)),
    )
    assert catchments(world, travel(world)) == {"centre": 903, "family": 950, "hospital": 903, "lungs": 950}


def test_references_to_unknown_facilities_are_refused() -> None:
    world = region(facility("a", reference="ghost"))
    with pytest.raises(GstOptError, match="ghost"):
        catchments(world, travel(world))


def test_travel_of_another_region_is_refused() -> None:
    with pytest.raises(GstOptError, match="«a»"):
        catchments(region(facility("a")), travel(region(facility("b"))))


def test_a_region_without_facilities_serves_nobody() -> None:
    world = region(zone("z"), populations=(people("z", 900),))
    assert catchments(world, travel(world)) == {}


def test_the_nearest_of_a_level_may_be_of_a_higher_one() -> None:
    world = region(
        facility("centre"),
        facility("lungs", Level.SPECIALISED_CENTRE),
        facility("provincial", HOSPITAL),
        facility("psychiatric", HOSPITAL, kind=Kind.PSYCHIATRIC),
        facility("planned", HOSPITAL, status=Status.PLANNED),
        facility("regional", Level.REGIONAL_HOSPITAL),
        zone("island"),
        zone("z"),
        roads=(
            road("z", "lungs", 1),
            road("z", "centre", 2),
            road("z", "planned", 3),
            road("z", "psychiatric", 4),
            road("z", "regional", 20),
            road("z", "provincial", 30),
        ),
    )
    journeys = travel(world)
    alone = Nearest(None, math.inf)
    assert nearest(world, journeys, DISPENSARY) == {"island": alone, "z": Nearest("centre", 2)}
    assert nearest(world, journeys, HOSPITAL) == {"island": alone, "z": Nearest("regional", 20)}
    assert nearest(world, journeys, HOSPITAL, Kind.PSYCHIATRIC)["z"] == Nearest("psychiatric", 4)
    assert nearest(world, journeys, Level.UNIVERSITY_HOSPITAL) == {"island": alone, "z": alone}
