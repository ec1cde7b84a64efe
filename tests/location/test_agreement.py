"""What the model allows, the check allows: questions drawn around the valley, and corners."""

from typing import Any

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.core.equipment import SessionSale
from gst_opt.pillars.platforms.location.policy import DemandScenario
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.mutations import data, every, kind, step
from tests.location.toys import valley


def draw(seed: int) -> LocationProblem:
    """Draw a policy, the size of needs, and some limits of the valley."""
    rng = np.random.default_rng(seed)

    def one_of(*values: Any) -> Any:
        return values[int(rng.integers(len(values)))]

    policy: dict[str, Any] = {
        "max_change": one_of(0, 1, 2),
        "close": one_of(True, True, False),
        "move": one_of(True, False),
        "staff_limit": one_of(True, False),
        "staff_share": one_of(0.3, 0.85, 1.0),
        "capex_a_year": one_of(None, 500.0, 1_300.0),
        "opex_a_year": one_of(None, 300.0, 1_000.0),
        "carry_over": one_of(0.0, 0.5, 1.0),
        "max_lending": one_of(10.0, 60.0),
        "lending_price": one_of(0.0, 1.0, 40.0),
        "stay_progress": float(rng.random()),
        "years": int(rng.integers(1, 4)),
        "opened": one_of(("new",), ()),
        "wait_price": one_of(0.0, 0.0, 5.0),
        "remote_link": one_of(1.0, 60.0),
        "max_travel": one_of(None, None, 39.0),
        "discount_rate": 0.05,
        "pins": (),
    }
    if rng.random() < 0.8:
        policy["guarantees"] = ()
    if rng.random() < 0.4:
        factor, province, service = one_of(0.5, 1.7, 3.0), one_of(None, "Q"), one_of(None, "scan")
        policy["scenarios"] = (
            DemandScenario(id="a", probability=0.7),
            DemandScenario(id="b", probability=0.3, factor=factor, province=province, service=service),
        )
    problem, size = valley(**policy), one_of(1, 3, 8, 30)
    demand = tuple(row.replace(acts=row.acts * size) for row in problem.needs.demand)
    problem = problem.replace(needs=problem.needs.replace(demand=demand))
    changes = (
        kind(
            "scanner",
            min_use=0.0,
            min_acts=0.0,
            max_wait=one_of(None, 0.1, 1.0),
            life=one_of(3.0, 4.5, 6.0),
            minutes_per_session=one_of(120.0, 240.0),
        ),
        step(2, max_transfer=one_of(None, 0, 30, 35)),
        step(3, max_transfer=one_of(0, 15, 30, 35)),
        every("stay_standards", days=one_of(20.0, 100.0)),
        every("cover_standards", minutes=50.0, sites=2),
        every("private_offers", acts=100.0, min_acts=one_of(0.0, 60.0)),
    )
    for change in changes:
        problem = change(problem) if rng.random() < 0.4 else problem
    return problem


def agrees(problem: LocationProblem) -> bool:
    """Solve a question, and say whether it has a plan; the check may refuse none."""
    result = gst.solve(problem, gst.SolveOptions(workers=1))
    assert result.violations == ()
    return result.plan is not None


def test_a_plan_of_the_model_passes() -> None:
    assert [agrees(draw(seed)) for seed in range(12)].count(True) > 4


@pytest.mark.slow
def test_200_plans_of_the_model_pass() -> None:
    assert [agrees(draw(seed)) for seed in range(12, 300)].count(True) > 150


def test_sessions_are_sold_within_the_units_where_nobody_is_served() -> None:
    """An ambulance serves no need: what limits it is its weeks and its use."""
    sale = SessionSale(
        facility="hospital", equipment_type="ambulance", sessions=1_000, mad_per_session=30, source="toy"
    )
    problem = data(lambda equipment: {"session_sales": (sale,)})(valley(guarantees=(), opex_a_year=None))
    result = gst.solve(problem, gst.SolveOptions(workers=1))
    assert result.violations == ()
    ambulances = [row for row in result.require().units if row.equipment_type == "ambulance"]
    assert max(row.sessions_sold for row in ambulances) == pytest.approx(500 * 0.85)


def test_units_of_a_planned_facility_are_new_when_it_opens() -> None:
    """It opens in the first year; what is said of the installation of its units does not end them."""

    def older(problem: LocationProblem) -> LocationProblem:
        units = problem.equipment.equipment_units
        own = tuple(row.replace(installed=2018) if row.facility == "new" else row for row in units)
        openings = tuple(row.replace(opens=row.opens.replace(year=2026)) for row in problem.region.openings)
        return problem.replace(
            equipment=problem.equipment.replace(equipment_units=own),
            region=problem.region.replace(openings=openings),
        )

    result = gst.solve(older(valley()), gst.SolveOptions(workers=1))
    assert result.violations == ()
    assert not any(row.renewed + row.retired for row in result.require().units if row.facility == "new")


def test_a_stay_may_be_aimed_at_no_day_at_all() -> None:
    """Half the way from 3 days to none: 1.5 days, of 14 operations at most."""
    result = gst.solve(every("stay_standards", target_days=0.0)(valley()), gst.SolveOptions(workers=1))
    assert result.violations == ()
    beds = result.require().beds[0]
    acts = sum(row.acts for row in result.require().served if row.service == "operation" and row.year == beds.year)
    assert beds.bed_days == pytest.approx(1.5 * acts)
