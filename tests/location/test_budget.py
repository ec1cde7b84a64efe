"""A hard budget of running costs: whole sums of levels that it can keep up, and a plan that is proven."""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.pillars.platforms.location.model import FORMULATION

POOR = gst.LocationProblem.of(gst.load_sample("two_towns"), gst.LocationPolicy(opex_a_year=2_000_000))


def test_levels_that_a_budget_keeps_up_in_all_years() -> None:
    """10,000,000 in five years keep up 33 blocks of ten beds at 30,000, where 45 could be; all else is within it."""
    model: Any = FORMULATION.build(POOR)
    assert {name: model.kept[name].ub for name in model.kept} == {"medicine": 33}
    rich: Any = FORMULATION.build(POOR.replace(policy=gst.LocationPolicy()))
    assert len(rich.kept) == 0


@pytest.mark.slow
def test_a_hard_budget_is_proven() -> None:
    """5,157 acts stay unmet; without the sums of levels, 4,675 was all that was proven after 100 seconds."""
    result = gst.solve(POOR, gst.SolveOptions(workers=1, seconds=300))
    assert result.status is gst.Status.OPTIMAL
    assert result.stages[0].reached == pytest.approx(5157.0)
