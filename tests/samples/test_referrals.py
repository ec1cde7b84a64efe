"""Who refers to whom in the Tanger sample, and how many people that sends to each hospital."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Kind, Level
from gst_opt.network import Travel, catchments
from gst_opt.samples.referrals import shared

TANGER = ("hpr-bni-makada", "hr-al-kortobi", "hr-duc-de-tovar", "hr-mohammed-v-tanger")


@pytest.fixture(scope="module")
def people(tanger: Grouping, journeys: Travel) -> dict[str, float]:
    return catchments(tanger.region, journeys)


def general_hospitals(tanger: Grouping) -> list[Facility]:
    return [site for site in tanger.region.open_facilities() if site.level.is_hospital and site.kind is Kind.GENERAL]


def test_every_open_general_hospital_serves_somebody(tanger: Grouping, people: dict[str, float]) -> None:
    assert [site.id for site in general_hospitals(tanger) if people[site.id] == 0] == []


def test_people_per_bed_differ_by_less_than_three_within_a_city(tanger: Grouping, people: dict[str, float]) -> None:
    beds = tanger.region.beds()
    cities: dict[tuple[str, str], list[float]] = {}
    for site in general_hospitals(tanger):
        if site.level is not Level.UNIVERSITY_HOSPITAL:
            cities.setdefault((site.province, site.commune), []).append(people[site.id] / beds[site.id])
    assert len(cities["Tanger-Assilah", "Tanger"]) == len(TANGER)
    assert all(max(city) < 3 * min(city) for city in cities.values())


def test_the_centres_of_tanger_are_shared_by_beds(tanger: Grouping, people: dict[str, float]) -> None:
    """Mohammed V also receives, at second hand, what refers to the local hospitals of Bni Makada and Assilah."""
    beds = tanger.region.beds()
    own = {site: people[site] for site in TANGER}
    own["hr-mohammed-v-tanger"] -= people["hpr-bni-makada"] + people["hpr-assilah"]
    each = sum(own.values()) / sum(beds[site] for site in TANGER)
    for site in TANGER:
        assert own[site] == pytest.approx(each * beds[site], rel=0.2), site
    assert people["hpr-bni-makada"] < people["hr-al-kortobi"] < people["hr-duc-de-tovar"]


def test_each_reference_is_one_level_up_or_more(tanger: Grouping) -> None:
    by_id = {site.id: site for site in tanger.region.facilities}
    for site in tanger.region.facilities:
        ladder = [site]
        while ladder[-1].reference:
            ladder.append(by_id[ladder[-1].reference])
        assert all(above.level.rank > below.level.rank for below, above in pairwise(ladder)), site.id


def place(name: str, level: Level, longitude: float) -> Facility:
    return Facility(id=name, name=name, commune="A", province="P", level=level, latitude=35, longitude=longitude)


def test_a_small_hospital_takes_the_nearest_centres_up_to_its_quota() -> None:
    """Both hospitals have room in proportion to their 10 and 30 beds; all four centres are nearest to the small one."""
    small, large = place("small", Level.LOCAL_HOSPITAL, -5.0), place("large", Level.PROVINCIAL_HOSPITAL, -5.1)
    centres = [place(f"csu-{number}", Level.URBAN_CENTRE_1, -5 + number / 100) for number in (1, 2, 3, 4)]
    found = shared(dict.fromkeys(centres, 500.0), {small: 10, large: 30})
    assert found == {"csu-1": "small", "csu-2": "large", "csu-3": "large", "csu-4": "large"}


@given(
    st.lists(st.tuples(st.integers(0, 100_000), st.floats(-6, -5)), min_size=1, max_size=15),
    st.lists(st.tuples(st.integers(1, 500), st.floats(-6, -5)), min_size=1, max_size=5),
)
def test_every_centre_is_shared_out_and_no_quota_is_passed_by_a_whole_centre(
    counts: list[tuple[int, float]], sizes: list[tuple[int, float]]
) -> None:
    centres = {place(f"c{i}", Level.URBAN_CENTRE_1, at): float(count) for i, (count, at) in enumerate(counts)}
    hospitals = {place(f"h{i}", Level.PROVINCIAL_HOSPITAL, at): beds for i, (beds, at) in enumerate(sizes)}
    found = shared(centres, hospitals)
    assert set(found) == {centre.id for centre in centres}
    each = sum(centres.values()) / sum(hospitals.values())
    for host, beds in hospitals.items():
        load = sum(count for centre, count in centres.items() if found[centre.id] == host.id)
        assert load <= each * beds + max(centres.values()) + 1e-3
    assert shared(dict(reversed(centres.items())), dict(reversed(hospitals.items()))) == found
