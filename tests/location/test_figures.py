"""From decisions of every kind to a plan: what units, beds, contracts, rounds and hours come to, by hand."""

from datetime import date

import numpy as np
import pytest

from gst_opt.core.equipment import (
    DockingPoint,
    ExpertTime,
    MobileUnit,
    PrivateOffer,
    SessionSale,
    SessionStaff,
    SiteLimit,
)
from gst_opt.core.region import TravelTime, Ward, WardBeds
from gst_opt.core.standards import WorkingTime
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import WardLimit, WardStandard
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.platforms.location.check import check
from gst_opt.pillars.platforms.location.decided import Decided, Hours
from gst_opt.pillars.platforms.location.figures import assemble
from gst_opt.pillars.platforms.location.index import index
from gst_opt.pillars.platforms.location.options import options
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import uses
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, region, two_sites, units

SKILLS = ("reader", "writer")


def everything() -> LocationProblem:
    """Return two scanners at a, none yet at b; 10 beds at b; an offer of visits at b; a van of a that docks at far."""
    scanner = SCANNER.replace(purchase=100, moving=7, closing=4, upkeep=3, session_cost=2)
    van = MobileUnit(
        id="van",
        name_fr="van",
        name_en="van",
        equipment_type="scanner",
        base="a",
        sessions_per_week=5,
        session_cost=9,
        source=SOURCE,
    )
    given = equipment(
        equipment_types=(scanner, ROOM),
        equipment_units=units(("a", "scanner", 2)),
        site_limits=(SiteLimit(facility="b", equipment_type="scanner", max_units=2, opening=50, source=SOURCE),),
        ward_standards=(WardStandard(ward=Ward.SURGERY, block=10, opening=5, upkeep=1, source=SOURCE),),
        ward_limits=(WardLimit(facility="b", ward=Ward.SURGERY, max_beds=20, source=SOURCE),),
        session_sales=(
            SessionSale(facility="a", equipment_type="scanner", sessions=50, mad_per_session=40, source=SOURCE),
        ),
        private_offers=(PrivateOffer(facility="b", service="visit", period="2026", acts=80, mad_per_act=6),),
        mobile_units=(van,),
        docking_points=(DockingPoint(mobile_unit="van", place="far", opening=30, source=SOURCE),),
        session_staff=(SessionStaff(equipment_type="scanner", skill="writer", heads=2, source=SOURCE),),
        expert_times=tuple(
            ExpertTime(
                equipment_type="scanner", service="scan", skill=skill, minutes_per_act=12, remote=True, source=SOURCE
            )
            for skill in SKILLS
        ),
    )
    there = region(ward_beds=(WardBeds(facility="b", ward=Ward.SURGERY, beds=10),))
    back = TravelTime(origin="a", destination="far", minutes=20)
    return two_sites(
        {"scan": 1000, "visit": 1000},
        {"years": 2},
        region=there.replace(travel_times=(*there.travel_times, back)),
        equipment=given,
        horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
        workforce=Workforce(
            skills=tuple(Skill(id=name, name_fr=name, name_en=name, profession="technician") for name in SKILLS),
            staff=tuple(Staff(facility="a", skill=name, heads=1) for name in SKILLS),
            working_times=tuple(
                WorkingTime(skill=name, days_per_week=5, hours_per_day=10, annual_leave=60, source=SOURCE)
                for name in SKILLS
            ),
        ),
    )


def planned(problem: LocationProblem) -> LocationPlan:
    """Move a scanner from a to b and buy one there, then close the one left at a; 10 more beds in 2027."""
    sets = index(problem)
    found = options(problem, sets)
    used = uses(problem, found)
    slot = {key: number for number, key in enumerate(sets.slot_keys)}
    zero = np.zeros(len(slot))

    def by_slot(values: dict[tuple[str, str, int], float]) -> np.ndarray:
        column = zero.copy()
        column[[slot[key] for key in values]] = list(values.values())
        return column

    levels = {
        ("a", "scanner", 0): 1,
        ("a", "scanner", 1): 0,
        ("b", "scanner", 0): 2,
        ("b", "scanner", 1): 2,
        ("b", "surgery", 0): 1,
        ("b", "surgery", 1): 2,
    }
    parts = {("near", "scan", Mode.ON_SITE, "b"): 0.8, ("far", "scan", Mode.MOBILE, "far"): 0.03}
    parts |= {("near", "visit", Mode.CONTRACT, "b"): 0.05}
    share = np.zeros(len(used.option))
    for use, (option, need) in enumerate(zip(used.option.tolist(), used.need.tolist(), strict=True)):
        stream, mode = found.streams[found.stream[option]], (Mode.ON_SITE, Mode.CONTRACT, Mode.MOBILE)
        key = (stream.zone, stream.service, mode[found.mode[option]], found.places[found.place[option]])
        if used.year[need] == 0:
            share[use] = parts.get(key, 0.0)
    return assemble(
        problem,
        sets,
        found,
        used,
        Decided(
            level=by_slot(dict(levels)).astype(np.intp),
            moved_in=by_slot({("b", "scanner", 0): 1}).astype(np.intp),
            moved_out=by_slot({("a", "scanner", 0): 1}).astype(np.intp),
            upgraded=np.zeros(0, dtype=np.intp),
            sessions=by_slot({("b", "scanner", 0): 200}),
            sold=by_slot({("a", "scanner", 0): 20}),
            share=share,
            bought=np.array([[50.0, 0.0]]),
            fitted=np.array([[1.0, 1.0]]),
            rounds=np.array([[10.0, 0.0]]),
            lent=(Hours("writer", "a", "b", 0, 12.0),),
            remote=tuple(Hours(skill, "a", "b", 0, 160.0) for skill in SKILLS),
        ),
    )


@pytest.fixture(scope="module")
def plan() -> LocationPlan:
    return planned(everything())


def test_units_balance_year_by_year(plan: LocationPlan) -> None:
    found = [
        (row.facility, row.units_today, row.units, row.bought, row.closed, row.moved_in, row.moved_out)
        for row in plan.units
    ]
    assert found == [
        ("a", 2, 1, 0, 0, 0, 1),
        ("a", 2, 0, 0, 1, 0, 0),
        ("b", 0, 2, 1, 0, 1, 0),
        ("b", 0, 2, 0, 0, 0, 0),
    ]
    assert [(row.beds_today, row.beds, row.opened, row.closed) for row in plan.beds] == [
        (10, 10, 0, 0),
        (10, 20, 10, 0),
    ]


def test_use_counts_acts_and_sessions_sold(plan: LocationPlan) -> None:
    """800 scans of 30 minutes at two units of b: 24,000 of 240,000; 20 sessions of 240 sold at a: 4,800 of 120,000."""
    assert [row.use for row in plan.units] == pytest.approx([0.04, 0, 0.1, 0])
    assert [row.sessions_per_week for row in plan.units] == [0, 0, 4, 0]
    assert plan.units[0].wait == pytest.approx(30 * 0.04 / 0.96 / (120_000 / 365))


def test_who_is_served_and_who_is_not(plan: LocationPlan) -> None:
    """The van has time for 36 scans of far (110 of 220 minutes, 10 rounds) and gives 30; 50 visits are bought."""
    assert [(row.zone, row.mode, row.place, row.platform, round(row.acts, 6), row.minutes) for row in plan.served] == [
        ("far", Mode.MOBILE, "far", "van", 30, 0),
        ("near", Mode.ON_SITE, "b", "scanner", 800, 40),
        ("near", Mode.CONTRACT, "b", None, 50, 40),
    ]
    first = {(row.zone, row.service): (round(row.acts, 6), row.reason) for row in plan.unmet if row.year == 2026}
    assert first == {
        ("far", "scan"): (970, "limited"),
        ("far", "visit"): (1000, "full"),
        ("near", "scan"): (200, "limited"),
        ("near", "visit"): (950, "full"),
    }
    second = {(row.zone, row.service): row.reason for row in plan.unmet if row.year == 2027}
    assert second["near", "visit"] == "no_unit_in_reach"


def test_money_by_line(plan: LocationPlan) -> None:
    """A scanner bought (100), works at b (50), one moved (7), far fitted out (30); one closed (4), 10 beds (50)."""
    assert {(row.line, row.year): row.mad for row in plan.costs if row.mad} == {
        ("purchases", 2026): 100 + 50 + 7 + 30,
        ("purchases", 2027): 4 + 50,
        ("upkeep", 2026): 3 * 3 + 10,
        ("upkeep", 2027): 2 * 3 + 20,
        ("sessions", 2026): 200 * 2,
        ("contracts", 2026): 50 * 6,
        ("mobile", 2026): 10 * 9,
        ("lending", 2026): 12 * 40,
        ("remote", 2026): 60_000,
        ("sales", 2026): -20 * 40,
    }
    assert [(row.acts, row.mad_per_act, row.cost) for row in plan.contracts] == [(50, 6, 300)]
    assert [(row.place, row.sessions, row.fitted_out, row.cost) for row in plan.visits] == [("far", 10, True, 120)]
    assert [(row.hours, row.minutes, row.cost) for row in plan.lent_hours] == [(12, 60, 480)]
    assert [(row.skill, row.cost) for row in plan.remote_hours] == [("reader", 30_000), ("writer", 30_000)]


def test_staff_of_sessions_rounds_and_acts(plan: LocationPlan) -> None:
    """A session of 4 hours has two writers, an act 0.2 hours of both: b 200 x 8 + 800 x 0.2; the van 10 x 8 + 30 x 0.2.

    Of 2,000 hours of one head, 0.85 may be used.
    """
    found = {(row.facility, row.skill): (round(row.hours_needed, 6), row.hours_available) for row in plan.staff}
    assert found == {
        ("a", "reader"): (6, 1700),
        ("a", "writer"): (86, 1700),
        ("b", "reader"): (160, 0),
        ("b", "writer"): (1760, 0),
    }


def test_the_check_finds_the_same_figures(plan: LocationPlan) -> None:
    """Only b's writers are short: 1,760 hours, 160 from afar and 9 lent (12, a quarter of the day on the road)."""
    broken = {(one.rule, one.place[:2]) for one in check(everything(), plan).violations}
    assert broken == {("staff_hours", ("b", "writer"))}
