"""What nothing makes: a step of a pathway that drops out, a promise that nobody keeps; what no site can give.

Half of the 1,000 people of each zone need a scan, a visit, and a scan again at the site of the step before. Hospitals a
and b have scanners of 2,000 scans a year; visits take a room.
"""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import SessionStandard
from gst_opt.core.pathways import Pathway
from gst_opt.model.goals import minimise
from gst_opt.pillars.platforms.location.check import check
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.policy import Guarantee
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.two_sites import SOURCE, equipment, step, two_sites

SCAN = SessionStandard(equipment_type="scanner", service="scan", minutes_per_act=30, source=SOURCE)


def followed(**more: Any) -> LocationProblem:
    """Return the question of a pathway whose second step is a visit."""
    return two_sites(
        {"scan": 500},
        {"goals": minimise("unmet", "journeys")},
        equipment=equipment(**more),
        pathways=(Pathway(id="p", name_fr="p", name_en="p"),),
        pathway_steps=(step(1, "scan"), step(2, "visit"), step(3, "scan", max_transfer=0)),
    )


def given(problem: LocationProblem) -> dict[tuple[int | None, str], float]:
    """Return the acts of the best plan by step and place."""
    result = gst.solve(problem, gst.SolveOptions(workers=1))
    assert result.status is gst.Status.OPTIMAL
    found: dict[tuple[int | None, str], float] = {}
    for row in result.require().served:
        found[row.step, row.place] = found.get((row.step, row.place), 0.0) + row.acts
    return found


def test_a_step_that_nothing_makes_drops_out_and_the_rest_goes_on() -> None:
    """Without a standard for visits, the third step follows the first: 1,000 scans each, all at a. No visit counts."""
    problem = followed(session_standards=(SCAN,))
    assert {one.step for one in problem.streams} == {1, 3}
    assert given(problem) == pytest.approx({(1, "a"): 1000.0, (3, "a"): 1000.0})
    assert sum(row.acts for row in gst.unreachable(problem) if row.service == "visit") == pytest.approx(1000.0)


def test_a_step_that_no_site_can_give_ends_the_pathway() -> None:
    """Visits take a room, and no site has or may have one: 1,000 first scans, and nothing after them."""
    problem = followed()
    assert given(problem) == pytest.approx({(1, "a"): 1000.0})
    plan = gst.solve(problem, gst.SolveOptions(workers=1)).require()
    assert {(row.step, str(row.reason)) for row in plan.unmet} == {(2, "no_site_in_reach"), (3, "earlier_step")}


def test_the_check_measures_the_transfer_from_the_last_step_made() -> None:
    """All first scans are at a: no second scan at the site of the step before can be at b, 60 minutes away."""
    problem = followed(session_standards=(SCAN,))
    plan = gst.solve(problem, gst.SolveOptions(workers=1)).require()
    moved = plan.replace(
        served=tuple(row.replace(place="b", minutes=row.minutes + 30) if row.step == 3 else row for row in plan.served)
    )
    assert isinstance(moved, LocationPlan)
    assert "transfer" in {one.rule for one in check(problem, moved).violations}


def test_a_promise_of_what_nothing_makes_has_no_plan() -> None:
    """Nine in ten of 20 visits are promised, and nothing makes any; a promise of all needs counts scans alone."""
    kept = Guarantee(share=0.9, reason="most of all")
    broken = kept.replace(service="visit", reason="most visits")
    problem = two_sites(
        {"scan": 100, "visit": 10}, {"guarantees": (kept,)}, equipment=equipment(session_standards=(SCAN,))
    )
    result = gst.solve(problem, gst.SolveOptions(workers=1))
    assert result.status is gst.Status.OPTIMAL
    promised = problem.replace(policy=problem.policy.replace(guarantees=(broken,)))
    assert gst.solve(promised, gst.SolveOptions(workers=1)).status is gst.Status.INFEASIBLE
    found = [(one.rule, one.place[1:3], one.found, one.allowed) for one in check(promised, result.require()).violations]
    assert found == [("guarantee", ("most visits", province), 0.0, 9.0) for province in ("Here", "There")]
