"""Needs that nothing can reach, by hand."""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import PrivateOffer
from gst_opt.core.region import Level
from gst_opt.pillars.platforms.location.unreachable import Unreachable
from gst_opt.report.location import nothing_in_reach
from tests.location.contract_toys import HORIZON
from tests.location.toys import valley
from tests.location.two_sites import equipment, two_sites

TWO_TOWNS = gst.load_sample("two_towns")


def test_scans_of_the_village_of_two_towns() -> None:
    """Far needs 120 scans and 30 of the pathway; South is 52 minutes away, beyond the 45 of a scan."""
    (row,) = gst.unreachable(gst.LocationProblem.of(TWO_TOWNS))
    assert (row.zone, row.service, row.place) == ("zone-far", "ct", "hpr-south")
    assert (row.acts, row.minutes, row.limit) == (150.0, 52.0, 45.0)


def test_they_are_what_every_plan_leaves_for_want_of_a_site() -> None:
    for problem in (gst.LocationProblem.of(TWO_TOWNS), valley(guarantees=())):
        result = gst.solve(problem, gst.SolveOptions(workers=1))
        left: dict[tuple[str, str], float] = {}
        for row in result.require().unmet:
            if row.reason == "no_site_in_reach":
                key = row.zone, row.service
                left[key] = left.get(key, 0.0) + row.acts / len(problem.years)
        assert {(row.zone, row.service): row.acts for row in gst.unreachable(problem)} == left


def test_largest_first_with_the_longest_journey_of_the_policy() -> None:
    """Within 15 minutes only near reaches a; far is 20 minutes from it. A visit needs a room, and there is none."""
    problem = two_sites({"scan": 1000, "visit": 10}, {"max_travel": 15.0})
    nowhere: dict[str, Any] = {"service": "visit", "acts": 10.0, "place": None, "minutes": None, "limit": 15.0}
    assert gst.unreachable(problem) == (
        Unreachable(zone="far", service="scan", acts=1000.0, place="a", minutes=20.0, limit=15.0),
        Unreachable(zone="far", **nowhere),
        Unreachable(zone="near", **nowhere),
    )


def test_an_offer_is_within_reach_and_a_level_too_low_is_not() -> None:
    offer = PrivateOffer(facility="b", service="scan", period="2026", acts=1, mad_per_act=1)
    problem = two_sites({"scan": 1000}, equipment=equipment(private_offers=(offer,))).replace(horizon=HORIZON)
    services = tuple(one.replace(min_level=Level.UNIVERSITY_HOSPITAL) for one in problem.services)
    assert gst.unreachable(problem.replace(services=services)) == ()
    alone = problem.replace(services=services, equipment=equipment())
    assert {row.place for row in gst.unreachable(alone)} == {None}


def test_a_service_that_nothing_makes_is_named() -> None:
    """No equipment makes a visit, no bed keeps it, nobody sells it: no plan has it as a need, and no site gives it."""
    scan = tuple(row for row in equipment().session_standards if row.service == "scan")
    problem = two_sites({"scan": 1000, "visit": 10}, equipment=equipment(session_standards=scan))
    assert {one.service for one in problem.streams} == {"scan"}
    assert [(row.zone, row.service, row.acts, row.place) for row in gst.unreachable(problem)] == [
        ("far", "visit", 10.0, None),
        ("near", "visit", 10.0, None),
    ]


def test_nothing_is_beyond_reach_where_nothing_is_needed() -> None:
    assert gst.unreachable(two_sites({})) == ()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            gst.Lang.EN,
            "Needs that nothing can reach: 1 (one service in one zone), 150 acts a year. The largest: CT scan,",
        ),
        (gst.Lang.FR, "Besoins que rien ne peut atteindre : 1 (une prestation dans une zone), 150 actes par an."),
    ],
)
def test_they_are_told_in_one_line(lang: gst.Lang, said: str) -> None:
    (line,) = nothing_in_reach(TWO_TOWNS, gst.LocationProblem.of(TWO_TOWNS), lang)
    told = " ".join(line.split())
    assert told.startswith(said)
    assert "52 min" in told
    assert "45 min" in told


def test_what_no_site_can_give_is_told_so() -> None:
    problem = gst.LocationProblem.of(TWO_TOWNS)
    nothing = problem.equipment.replace(equipment_units=(), site_limits=(), private_offers=())
    (line,) = nothing_in_reach(TWO_TOWNS, problem.replace(equipment=nothing), gst.Lang.EN)
    assert " ".join(line.split()).endswith("no site can give it.")
