"""What earlier goals reached is kept with room for rounding: a later goal is proven, not lost."""

import pytest

import gst_opt as gst
from gst_opt.solve.result import Status, Stop


def test_two_towns_with_two_demand_scenarios_are_proven() -> None:
    """Room of 1e-6 beside coefficients in the thousands made the solver call the second goal's problem infeasible."""
    scenarios = (
        gst.DemandScenario(id="as_known", probability=0.7),
        gst.DemandScenario(id="more_scans", probability=0.3, factor=1.8, service="ct"),
    )
    problem = gst.LocationProblem.of(gst.load_sample("two_towns"), gst.LocationPolicy(scenarios=scenarios))
    result = gst.solve(problem)
    assert (result.status, result.stop) == (Status.OPTIMAL, Stop.PROOF)
    assert result.stages[0].value == pytest.approx(262.5, rel=1e-6)
