"""Workforce plans: values by hand."""

import pytest

import gst_opt as gst
from tests.workforce_planning.toys import VALLEY_BEST, VALLEY_TODAY, WITH, WITHOUT, valley

ONE = gst.SolveOptions(workers=1)


def test_the_valley_moves_one_nurse_a_year_and_opens_its_post_with_the_incentive() -> None:
    result = gst.solve(valley(), ONE)
    assert result.status is gst.Status.OPTIMAL, result.violations
    assert tuple(stage.value for stage in result.stages) == pytest.approx(VALLEY_BEST)
    assert tuple(stage.today for stage in result.stages) == pytest.approx(VALLEY_TODAY)
    plan = result.require()
    assert [(one.period, one.origin, one.host, one.heads) for one in plan.moves] == [
        ("2026", "hub", "far", 1),
        ("2027", "hub", "far", 1),
    ]
    assert [(one.year, one.facility, one.posts, one.with_incentive, one.filled) for one in plan.posts] == [
        (2026, "far", 1, 1, 1.0)
    ]
    assert [(one.year, one.target, one.heads, one.shortfall) for one in plan.targets] == [
        (2026, 9.0, 5.0, 4.0),
        (2027, 9.0, 5.0, 4.0),
    ]
    assert [(one.period, one.incentives, one.trainings) for one in plan.spending] == [
        ("2026", 1000.0, 0.0),
        ("2027", 1000.0, 0.0),
    ]


@pytest.mark.parametrize("name", WITH)
def test_a_constraint_that_binds_gives_the_value_by_hand(name: str) -> None:
    result = gst.solve(WITHOUT[name][0], ONE)
    assert result.checked, result.violations
    assert tuple(stage.value for stage in result.stages) == pytest.approx(WITH[name])
