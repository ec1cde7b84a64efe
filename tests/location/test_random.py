"""Random regions: the check, which shares no code with the model, refuses no plan of it, and M cuts nothing off."""

import random
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.api import question_of
from gst_opt.core.equipment import CoverStandard, DockingPoint, ExpertTime, MobileUnit, SessionStaff, SiteLimit
from gst_opt.core.pathways import Pathway
from gst_opt.core.region import Region
from gst_opt.core.workforce import Skill
from gst_opt.model.goals import minimise
from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.contract.test_questions import values_without
from tests.location.row_toys import workforce
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, step, two_sites, units

ONE = gst.SolveOptions(workers=1)
MADE = (("scanner", "scan"), ("room", "visit"))
PLACES = [(site, kind) for site in "ab" for kind in ("scanner", "room")]
SKILLS = ("doctor", "technician")
GOALS = (
    None,
    minimise("unmet", "remote", "lending"),
    minimise("unmet", "waiting"),
    minimise("unmet_cvar", "unmet"),
    minimise("kolm_pollak"),
    minimise("not_covered", "unmet", "purchases"),
)


def drawn(seed: int) -> LocationProblem:
    """Return the question of a region of two hospitals and two zones, everything else drawn."""
    draw = random.Random(seed)

    def some(chance: float) -> bool:
        return draw.random() < chance

    pathway: dict[str, Any] = {}
    if some(0.6):
        limits = [draw.choice([None, 0.0, 60.0]) for _ in range(2)]
        steps = (step(1, "scan"), step(2, "visit", share=draw.choice([0.5, 1.0]), max_transfer=limits[0]))
        pathway = {
            "pathways": (Pathway(id="p", name_fr="p", name_en="p", share=draw.choice([0.5, 1.0])),),
            "pathway_steps": (*steps, step(3, "scan", max_transfer=limits[1]))[: draw.choice([2, 3])],
        }
    heads = [(site, skill, draw.randint(1, 3)) for site in "ab" for skill in SKILLS if some(0.7)]
    staff = workforce(*(heads or [("a", "doctor", 1)]))
    skills = tuple(Skill(id=one, name_fr=one, name_en=one, profession=one) for one in SKILLS)
    return two_sites(
        {"scan": draw.choice([200.0, 1000.0, 1500.0]), "visit": draw.choice([100.0, 900.0, 2500.0])},
        _policy(draw),
        equipment=equipment(**_equipment(draw)),
        workforce=staff.replace(skills=skills),
        **pathway,
    )


def _equipment(draw: random.Random) -> dict[str, Any]:
    def some(chance: float) -> bool:
        return draw.random() < chance

    bus = MobileUnit(
        id="bus",
        name_fr="bus",
        name_en="bus",
        equipment_type="scanner",
        base="a",
        sessions_per_week=draw.randint(1, 3),
        session_cost=3,
        source=SOURCE,
    )
    dock = DockingPoint(mobile_unit="bus", place=draw.choice(["far", "near", "b"]), min_sessions=1, source=SOURCE)
    mobile = some(0.5)
    return {
        "equipment_types": (
            SCANNER.replace(purchase=draw.choice([0.0, 1000.0]), max_wait=draw.choice([None, 0.05, 1.0])),
            ROOM.replace(purchase=500.0),
        ),
        "equipment_units": units(*((*place, draw.randint(1, 2)) for place in PLACES if some(0.8))),
        "site_limits": tuple(
            SiteLimit(facility=site, equipment_type=kind, max_units=draw.randint(1, 3), source=SOURCE)
            for site, kind in PLACES
            if some(0.6)
        ),
        "session_staff": tuple(
            SessionStaff(equipment_type=kind, skill=skill, heads=draw.choice([0.5, 1.0, 2.0]), source=SOURCE)
            for kind, _ in MADE
            for skill in SKILLS
            if some(0.5)
        ),
        "expert_times": tuple(
            ExpertTime(
                equipment_type=kind,
                service=service,
                skill=skill,
                minutes_per_act=draw.choice([5, 20, 60]),
                remote=some(0.7),
                source=SOURCE,
            )
            for kind, service in MADE
            for skill in SKILLS
            if some(0.6)
        ),
        "cover_standards": tuple(
            CoverStandard(
                equipment_type=kind, minutes=draw.choice([15, 30, 45]), sites=draw.choice([1, 2]), source=SOURCE
            )
            for kind, _ in MADE
            if some(0.5)
        ),
        "mobile_units": (bus,) * mobile,
        "docking_points": (dock,) * mobile,
    }


def _policy(draw: random.Random) -> dict[str, Any]:
    low = DemandScenario(id="low", probability=0.25, factor=draw.choice([0.0, 0.5]))
    province, service = draw.choice([None, "There"]), draw.choice([None, "visit", "scan"])
    high = DemandScenario(id="high", probability=0.75, factor=2.0, province=province, service=service)
    promise = Guarantee(province=draw.choice([None, "There"]), minutes=45, share=0.1, reason="decided")
    return {
        "staff_share": 1.0,
        "years": draw.choice([1, 2]),
        "max_travel": draw.choice([None, 30.0, 45.0]),
        "max_lending": draw.choice([0.0, 60.0]),
        "scenarios": draw.choice([(), (low, high)]),
        "cvar_level": draw.choice([0.0, 0.5, 0.8]),
        "close": draw.random() < 0.7,
        "goals": draw.choice(GOALS),
        "wait_price": draw.choice([0.0, 10.0]),
        "opex_a_year": draw.choice([None, None, 100.0, 50_000.0]),
        "capex_a_year": draw.choice([None, None, 0.0, 1000.0]),
        "guarantees": draw.choice([(), (), (promise,)]),
    }


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 300))])
def test_no_plan_is_refused(seed: int) -> None:
    problem = drawn(seed)
    result = gst.solve(problem, ONE)
    assert result.status in (gst.Status.OPTIMAL, gst.Status.FEASIBLE, gst.Status.INFEASIBLE), result.violations
    assert result.plan is not None or problem.policy.guarantees


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 60))])
def test_links_cut_no_hours_off(seed: int) -> None:
    """Where links cost nothing that matters, as many needs are met as without the row that asks for them."""
    problem = drawn(seed)
    chosen = {"goals": minimise("unmet"), "opex_a_year": None, "guarantees": ()}
    free = problem.replace(policy=problem.policy.replace(**chosen))
    (stage,) = gst.solve(free, ONE).stages
    (without,) = values_without(question_of(free), free, "remote_link")
    assert stage.value == pytest.approx(without, rel=2e-4, abs=1e-3)


def test_a_region_without_anything_has_a_plan() -> None:
    assert gst.solve(LocationProblem(region=Region()), ONE).status is gst.Status.OPTIMAL
