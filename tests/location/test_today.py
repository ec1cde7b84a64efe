"""Today's network valued: everyone at the nearest site with room, step by step, within staff and beds."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gst_opt.core.equipment import CoverStandard, EquipmentType, ExpertTime, SessionStaff
from gst_opt.core.pathways import Pathway
from gst_opt.core.region import Level, Opening, Status, Ward, WardBeds
from gst_opt.core.standards import WorkingTime
from gst_opt.core.wards import StayStandard, WardStaff, WardStandard
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.platforms.location.check import check
from gst_opt.pillars.platforms.location.plan import LocationPlan, UnmetReason
from gst_opt.pillars.platforms.location.policy import DemandScenario
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.today import today
from gst_opt.samples import load_sample
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, facility, region, step, two_sites, units

PATHWAY = Pathway(id="p", name_fr="p", name_en="p")
A_DAY = 120_000 / 365


def valued(problem: LocationProblem) -> LocationPlan:
    """Return today's network, once its check has found nothing wrong and its terms are those of today."""
    plan = today(problem)
    found = check(problem, plan)
    assert not found.violations
    assert found.terms == found.today
    return plan


def served(plan: LocationPlan, **chosen: Any) -> dict[tuple[str, str], float]:
    """Return acts by (zone, place), rounded."""
    rows = [row for row in plan.served if all(getattr(row, name) == value for name, value in chosen.items())]
    return {(row.zone, row.place): round(row.acts, 6) for row in rows}


def unmet(plan: LocationPlan, **chosen: Any) -> list[tuple[str, float, str]]:
    rows = [row for row in plan.unmet if all(getattr(row, name) == value for name, value in chosen.items())]
    return [(row.zone, round(row.acts, 6), row.reason) for row in rows]


def staffed(heads: dict[str, int]) -> Workforce:
    """Return radiographers by site, each with 2,000 hours a year, of which half for platforms and beds."""
    return Workforce(
        skills=(Skill(id="radiographer", name_fr="m", name_en="r", profession="technician"),),
        staff=tuple(Staff(facility=site, skill="radiographer", heads=count) for site, count in heads.items()),
        working_times=(
            WorkingTime(skill="radiographer", days_per_week=5, hours_per_day=10, annual_leave=60, source=SOURCE),
        ),
    )


def test_those_who_do_not_fit_go_to_the_next_site() -> None:
    """1,500 scans a zone, 2,000 at a: near (10 minutes) comes first, 1,000 of far go on to b.

    Use 0.5 and 0.25: waits of an M/M/1 queue 30 x 0.5 / 0.5 = 30 and 30 x 0.25 / 0.75 = 10 minutes.
    """
    plan = valued(two_sites({"scan": 1500}))
    assert served(plan) == {("near", "a"): 1500, ("far", "a"): 500, ("far", "b"): 1000}
    assert not plan.unmet
    first, second = plan.units
    assert (first.sessions, second.sessions) == pytest.approx((500, 250))
    assert (first.sessions_per_week, second.sessions_per_week) == pytest.approx((10, 5))
    assert (first.use, second.use) == pytest.approx((0.5, 0.25))
    assert (first.wait, second.wait) == pytest.approx((30 / A_DAY, 10 / A_DAY))
    assert check(two_sites({"scan": 1500}), plan).today["journeys"] == pytest.approx(15_000 + 10_000 + 50_000)


def test_growth_fills_the_second_year() -> None:
    """Near needs 2,100 and 2,520 in the second year: 2,000 at a, 520 at b; of far's 2,100, b has room for 1,480."""
    plan = valued(two_sites({"scan": 2100}, {"years": 2}, region=region(growth=0.2)))
    assert served(plan, year=2026) == {("near", "a"): 2000, ("near", "b"): 100, ("far", "b"): 1900}
    assert served(plan, year=2027) == {("near", "a"): 2000, ("near", "b"): 520, ("far", "b"): 1480}
    assert unmet(plan, year=2026) == [("far", 200, "full")]
    assert unmet(plan, year=2027) == [("far", 620, "full")]


def test_a_longest_wait_leaves_less_room() -> None:
    """10 minutes at most: a use of 0.25, 1,000 scans a site."""
    kinds = (SCANNER.replace(max_wait=10 / A_DAY), ROOM)
    plan = valued(two_sites({"scan": 1500}, equipment=equipment(equipment_types=kinds)))
    assert served(plan) == {("near", "a"): 1000, ("near", "b"): 500, ("far", "b"): 500}
    assert [row.wait for row in plan.units] == pytest.approx([10 / A_DAY] * 2)


def test_a_step_is_given_to_no_more_than_the_step_before() -> None:
    """Rooms for 2,000 visits at a alone: near all 1,500, far a third; as many scans, though scanners have room."""
    rooms = equipment(equipment_units=units(("a", "scanner", 1), ("b", "scanner", 1), ("a", "room", 1)))
    steps = (step(1, "visit"), step(2, "scan"))
    plan = valued(two_sites({"visit": 1500}, equipment=rooms, pathways=(PATHWAY,), pathway_steps=steps))
    assert served(plan, step=1) == {("near", "a"): 1500, ("far", "a"): 500}
    assert served(plan, step=2) == {("near", "a"): 1500, ("far", "a"): 500}
    assert unmet(plan, step=1) == [("far", 1000, "full")]
    assert unmet(plan, step=2) == [("far", 1000, "earlier_step")]


def test_a_step_at_the_same_site_stays_there() -> None:
    """Rooms at both; one visit in two is followed by a scan at the same site, and b has no scanner.

    1,500 visits a zone: near and 500 of far at a, 1,000 of far at b. Far's scans: a third of 750, with room left at a.
    """
    own_equipment = equipment(equipment_units=units(("a", "scanner", 1), ("a", "room", 1), ("b", "room", 1)))
    steps = (step(1, "visit"), step(2, "scan", share=0.5, max_transfer=0))
    plan = valued(two_sites({"visit": 1500}, equipment=own_equipment, pathways=(PATHWAY,), pathway_steps=steps))
    assert served(plan, step=1) == {("near", "a"): 1500, ("far", "a"): 500, ("far", "b"): 1000}
    assert served(plan, step=2) == {("near", "a"): 750, ("far", "a"): 250}
    assert unmet(plan, step=2) == [("far", 500, "limited")]


def test_hours_of_sessions_and_of_experts_add_up() -> None:
    """A session of 4 hours has time for 4 scans: 1 hour of the radiographer each, and half an hour of reading.

    1,000 hours at a, 1.5 an act: 666 2/3 scans; none at b.
    """
    own_equipment = equipment(
        session_staff=(SessionStaff(equipment_type="scanner", skill="radiographer", heads=1, source=SOURCE),),
        expert_times=(
            ExpertTime(
                equipment_type="scanner", service="scan", skill="radiographer", minutes_per_act=30, source=SOURCE
            ),
        ),
    )
    workforce = staffed({"a": 1})
    plan = valued(two_sites({"scan": 1500}, {"staff_share": 0.5}, equipment=own_equipment, workforce=workforce))
    assert served(plan) == {("near", "a"): pytest.approx(2000 / 3)}
    assert [(row.facility, round(row.hours_needed, 6), row.hours_available) for row in plan.staff] == [
        ("a", 1000, 1000)
    ]
    assert {reason for _, _, reason in unmet(plan)} == {"limited"}
    free = valued(two_sites({"scan": 1500}, {"staff_limit": False}, equipment=own_equipment, workforce=workforce))
    assert sum(served(free).values()) == 3000


def test_beds_have_their_staff_first_and_limit_acts() -> None:
    """10 beds at a, half in use: 1,825 bed-days, 365 scans of 5 days. A block takes 0.25 radiographers: 500 hours.

    500 hours are left for sessions: 500 scans, more than the beds. b has a scanner and no beds.
    """
    own_equipment = equipment(
        session_staff=(SessionStaff(equipment_type="scanner", skill="radiographer", heads=1, source=SOURCE),),
        ward_standards=(WardStandard(ward=Ward.SURGERY, block=10, max_occupancy=0.5, upkeep=7, source=SOURCE),),
        ward_staff=(WardStaff(ward=Ward.SURGERY, skill="radiographer", fte=0.25, source=SOURCE),),
        stay_standards=(StayStandard(service="scan", ward=Ward.SURGERY, days=5, source=SOURCE),),
    )
    own = region(ward_beds=(WardBeds(facility="a", ward=Ward.SURGERY, beds=10),))
    asked = two_sites(
        {"scan": 300}, {"staff_share": 0.5}, region=own, equipment=own_equipment, workforce=staffed({"a": 1, "b": 1})
    )
    plan = valued(asked)
    assert served(plan) == {("near", "a"): 300, ("far", "a"): 65}
    assert unmet(plan) == [("far", 235, "full")]
    assert [(row.beds, round(row.bed_days, 6), row.occupancy) for row in plan.beds] == [(10, 1825, 0.5)]
    assert [row.hours_needed for row in plan.staff] == pytest.approx([500 + 365])
    assert {row.line: row.mad for row in plan.costs if row.mad} == {"upkeep": 70}


def test_units_at_their_end_are_renewed_and_planned_sites_open() -> None:
    """a's scanner of 2017 ends in 2027 and costs 100; c opens in 2027 with one, nearest to far; upkeep 3 a unit."""
    kinds = (SCANNER.replace(purchase=100, upkeep=3, life=10), ROOM)
    present = (*units(("a", "scanner", 1), installed=2017), *units(("c", "scanner", 1)))
    base = region()
    minutes = base.travel_times[0]
    own = base.replace(
        facilities=(facility("a"), facility("b"), facility("c", status=Status.PLANNED)),
        openings=(Opening(facility="c", opens=date(2027, 3, 1), source=SOURCE),),
        travel_times=(*base.travel_times, minutes.replace(origin="far", destination="c", minutes=5)),
    )
    own_equipment = equipment(equipment_types=kinds, equipment_units=present)
    plan = valued(two_sites({"scan": 1500}, {"years": 2, "opened": ("c",)}, region=own, equipment=own_equipment))
    assert [(row.facility, row.year, row.units, row.renewed, row.bought) for row in plan.units] == [
        ("a", 2026, 1, 0, 0),
        ("a", 2027, 1, 1, 0),
        ("c", 2027, 1, 0, 0),
    ]
    assert unmet(plan) == [("far", 1000, "full")]
    assert served(plan, year=2027) == {("near", "a"): 1500, ("far", "c"): 1500}
    money = {(row.line, row.year): row.mad for row in plan.costs if row.mad}
    assert money == {("purchases", 2027): 100, ("upkeep", 2026): 3, ("upkeep", 2027): 6}


def test_each_scenario_is_served_within_the_sessions_of_the_largest_need() -> None:
    """500 or 2,000 scans a zone: sessions for 2,000 at each site. Use is expected: 0.5 x (0.25 + 0.5) and 0.25."""
    kinds = tuple(
        DemandScenario(id=name, probability=0.5, factor=factor) for name, factor in (("low", 0.5), ("high", 2.0))
    )
    plan = valued(two_sites({"scan": 1000}, {"scenarios": kinds}))
    assert served(plan, scenario="low") == {("near", "a"): 500, ("far", "a"): 500}
    assert served(plan, scenario="high") == {("near", "a"): 2000, ("far", "b"): 2000}
    assert [row.sessions for row in plan.units] == pytest.approx([500, 500])
    assert [row.use for row in plan.units] == pytest.approx([0.375, 0.25])


def test_needs_without_a_site_and_without_a_unit_yet() -> None:
    """No site may give a scan of university level; until c of that level opens, none has a unit for it."""
    services = two_sites({}).services
    top = (services[0].replace(min_level=Level.UNIVERSITY_HOSPITAL), services[1])
    assert unmet(valued(two_sites({"scan": 10}, services=top))) == [
        ("far", 10, "no_site_in_reach"),
        ("near", 10, "no_site_in_reach"),
    ]
    base = region()
    own = base.replace(
        facilities=(*base.facilities, facility("c", Level.UNIVERSITY_HOSPITAL, status=Status.PLANNED)),
        openings=(Opening(facility="c", opens=date(2027, 1, 1), source=SOURCE),),
        travel_times=(
            *base.travel_times,
            *(base.travel_times[0].replace(origin=zone, destination="c", minutes=5) for zone in ("near", "far")),
        ),
    )
    own_equipment = equipment(equipment_units=units(("c", "scanner", 1)))
    later = two_sites({"scan": 10}, {"years": 2, "opened": ("c",)}, services=top, region=own, equipment=own_equipment)
    plan = valued(later)
    assert unmet(plan) == [("far", 10, "no_unit_in_reach"), ("near", 10, "no_unit_in_reach")]
    assert served(plan) == {("near", "c"): 10, ("far", "c"): 10}


def test_people_beyond_a_cover_standard_grow() -> None:
    """Within 30 minutes both zones have a alone, and a second site is wanted: 1,000 people each, 1,200 a year later."""
    second = CoverStandard(equipment_type="scanner", sites=2, minutes=30, source=SOURCE)
    plan = valued(
        two_sites({}, {"years": 2}, region=region(growth=0.2), equipment=equipment(cover_standards=(second,)))
    )
    assert [(row.zone, row.year, row.people) for row in plan.cover_gaps] == [
        ("far", 2026, 1000),
        ("far", 2027, 1000),
        ("near", 2026, 1000),
        ("near", 2027, pytest.approx(1200)),
    ]


@settings(max_examples=60)
@given(
    acts=st.tuples(st.floats(0, 5000), st.floats(0, 5000)),
    present=st.tuples(*[st.integers(0, 3)] * 4),
    heads=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    transfer=st.sampled_from([None, 0.0, 60.0]),
    factors=st.lists(st.floats(0, 3), min_size=1, max_size=2),
)
def test_it_keeps_every_rule(
    acts: tuple[float, float],
    present: tuple[int, ...],
    heads: tuple[int, int],
    transfer: float | None,
    factors: list[float],
) -> None:
    """A pathway, staff that sessions and experts share, a year of growth, demand scenarios: `check` finds nothing."""
    where = [(site, kind) for site in "ab" for kind in ("scanner", "room")]
    own = equipment(
        equipment_units=units(*((*place, count) for place, count in zip(where, present, strict=True) if count)),
        session_staff=tuple(
            SessionStaff(equipment_type=kind, skill="radiographer", heads=1, source=SOURCE)
            for kind in ("room", "scanner")
        ),
        expert_times=(
            ExpertTime(
                equipment_type="scanner", service="scan", skill="radiographer", minutes_per_act=10, source=SOURCE
            ),
        ),
    )
    scenarios = tuple(
        DemandScenario(id=f"s{number}", probability=1 / len(factors), factor=factor, service="visit")
        for number, factor in enumerate(factors)
    )
    valued(
        two_sites(
            {"visit": acts[0], "scan": acts[1]},
            {"years": 2, "scenarios": scenarios},
            region=region(growth=0.3),
            equipment=own,
            workforce=staffed({site: count for site, count in zip("ab", heads, strict=True) if count}),
            pathways=(PATHWAY.replace(share=0.7),),
            pathway_steps=(step(1, "visit"), step(2, "scan", share=0.8, max_transfer=transfer)),
        )
    )


def test_the_same_question_has_the_same_answer() -> None:
    asked = two_sites({"scan": 2100}, {"years": 3}, region=region(growth=0.1))
    assert today(asked) == today(asked)


def test_a_grouping_without_platforms() -> None:
    empty = equipment(equipment_types=(EquipmentType(id="x", name_fr="x", name_en="x"),)).replace(
        equipment_units=(), session_standards=()
    )
    plan = valued(two_sites({"scan": 10}, equipment=empty))
    assert not plan.units
    assert not plan.unmet


@pytest.mark.slow
def test_tanger_keeps_every_rule_but_floors_that_only_closing_mends() -> None:
    problem = LocationProblem.of(load_sample("tanger"))
    plan = today(problem)
    assert {row.reason for row in plan.unmet} == set(UnmetReason)
    assert {one.rule for one in check(problem, plan).violations} <= {"use_floor", "act_floor", "bed_floor"}
    kept = {(row.facility, row.equipment_type): row.units_today for row in plan.units}
    assert all(row.units == kept[row.facility, row.equipment_type] for row in plan.units)
