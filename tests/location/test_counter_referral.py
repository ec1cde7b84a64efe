"""Which level near home a counter-referral is above, where a local hospital opens within the plan.

200 people a year are scanned at the provincial hospital a, and seen again in a room: that of a, or from 2028 on that of
the local hospital c, 5 and 15 minutes away.
"""

from datetime import date

import pytest

import gst_opt as gst
from gst_opt.core.pathways import Pathway
from gst_opt.core.region import Level, Opening, Status, TravelTime
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.goals import minimise
from gst_opt.pillars.platforms.location.check import check
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode, Served
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.two_sites import MINUTES, SOURCE, equipment, facility, region, step, two_sites, units

NEW = {("near", "c"): 5, ("far", "c"): 15, ("a", "c"): 10, ("c", "a"): 10}
KNOWN = MINUTES | NEW
KINDS = equipment().equipment_types


def opening(*goals: str) -> LocationProblem:
    """Return the question of three years."""
    planned = facility("c", Level.LOCAL_HOSPITAL, status=Status.PLANNED)
    asked = two_sites(
        {"scan": 100},
        {"years": 3, "opened": ("c",), "goals": minimise(*goals), "discount_rate": 0.0},
        region=region(
            facilities=(facility("a"), planned),
            openings=(Opening(facility="c", opens=date(2028, 1, 1), source=SOURCE),),
            travel_times=tuple(
                TravelTime(origin=i, destination=j, minutes=t) for (i, j), t in KNOWN.items() if "b" not in (i, j)
            ),
        ),
        equipment=equipment(equipment_units=units(("a", "scanner", 1), ("a", "room", 1), ("c", "room", 1))),
        pathways=(Pathway(id="p", name_fr="p", name_en="p"),),
        pathway_steps=(step(1, "scan"), step(2, "visit", counter_referral=True)),
    )
    return asked.replace(horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 3))


def seen(zone: str, number: int, year: int, place: str) -> Served:
    """Return the people of a zone at a step."""
    return Served(
        zone=zone,
        service=("scan", "visit")[number - 1],
        pathway="p",
        step=number,
        year=year,
        mode=Mode.ON_SITE,
        place=place,
        platform=("scanner", "room")[number - 1],
        acts=100.0,
        minutes=KNOWN[zone, place],
    )


def all_at_a() -> LocationPlan:
    """Return who is served where if c is never used."""
    cases = [(zone, number, year) for zone in ("far", "near") for number in (1, 2) for year in (2026, 2027, 2028)]
    return LocationPlan(served=tuple(seen(zone, number, year, "a") for zone, number, year in cases))


def test_no_visit_is_above_a_hospital_that_does_not_exist_yet() -> None:
    """Everybody is seen again at c in 2028, and at a before: 0, where 2026 and 2027 would count 200 each."""
    result = gst.solve(opening("unmet", "above_level"), gst.SolveOptions(workers=1))
    assert result.status is gst.Status.OPTIMAL
    assert [stage.value for stage in result.stages] == pytest.approx([0.0, 0.0])
    places = {(row.year, row.place) for row in result.require().served if row.step == 2}
    assert places == {(2026, "a"), (2027, "a"), (2028, "c")}


def test_the_check_counts_the_year_of_the_opening_alone() -> None:
    """The 200 visits of 2028 at a are above c; 600 if c counted before it opens."""
    assert check(opening("unmet"), all_at_a()).terms["above_level"] == pytest.approx(200.0)


def test_the_roadmap_says_so_from_the_opening_on() -> None:
    table = gst.pathway_roadmap(opening("unmet"), all_at_a())
    year, number, above = (table.columns.index(name) for name in ("year", "step", "above_level"))
    assert {(row[year], row[above]) for row in table.rows if row[number] == 2} == {
        (2026, False),
        (2027, False),
        (2028, True),
    }


def test_a_limit_makes_a_rule_of_the_price() -> None:
    """A room makes 120 visits a year, and 200 are needed: in 2028, 120 at c and 80 at a; 80 unmet where none may be.

    240 minutes x 0.6 sessions x 50 weeks, half of it used, at 30 minutes a visit. Until 2027, 80 are unmet at a.
    """
    asked = opening("unmet", "above_level")
    kinds = tuple(one.replace(sessions_per_week=0.6) if one.id == "room" else one for one in KINDS)
    asked = asked.replace(equipment=asked.equipment.replace(equipment_types=kinds))
    rule = asked.chosen_goals.replace(limits=(gst.TermLimit(term="above_level", at_most=0.0),))
    ruled = asked.replace(policy=asked.policy.replace(goals=rule))
    found = [gst.solve(one, gst.SolveOptions(workers=1)) for one in (asked, ruled)]
    assert [one.violations for one in found] == [(), ()]
    assert [[stage.value for stage in one.stages] for one in found] == [
        pytest.approx([80.0 + 80.0, 80.0]),
        pytest.approx([80.0 + 80.0 + 80.0, 0.0], abs=1e-4),
    ]
