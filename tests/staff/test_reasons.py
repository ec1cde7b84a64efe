"""Why a need stays uncovered, one toy a reason."""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.mobility import Post
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.plan import Reason
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from tests.staff.toys import doctors, pin, step, triangle, two_spare, wish, with_roads

ONE = gst.SolveOptions(workers=1)
MISSING: Any = {"consents": (wish("hospital", "near"),), "voluntary": True}
STILL: Any = {"goals": gst.minimise("moves")}


def reasons(problem: RedeploymentProblem) -> dict[str, Reason]:
    return {row.facility: row.reason for row in gst.solve(problem, ONE).require().unmet}


@pytest.mark.parametrize(
    ("problem", "facility", "reason"),
    [
        (triangle(max_travel=15.0), "near", Reason.NOBODY_WITHIN_REACH),
        (triangle(max_travel=40.0), "far", Reason.RELEASE_FLOOR),  # `near`, 20 minutes away, keeps its own
        (two_spare(**MISSING), "far", Reason.NO_CONSENT),
        (two_spare(pins=(pin(PinKind.FORBID, host="far"),)), "far", Reason.PIN),
        (two_spare(posts=(Post(facility="far", skill="doctor", newcomers=1),)), "far", Reason.RECEPTION_FULL),
        (two_spare(posts=(Post(facility="far", skill="doctor", budgeted=1),)), "far", Reason.RECEPTION_FULL),
        (triangle(), "near", Reason.NOBODY_LEFT),
        (two_spare(skills=doctors(), max_approvals=1), "near", Reason.APPROVALS),
        (two_spare(max_moves=1), "near", Reason.MOVES),
        (with_roads(two_spare(premium_steps=(step(10.0, 900.0),), premium_budget=1000.0)), "near", Reason.BUDGET),
        (two_spare(**STILL), "near", Reason.GOALS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_reason_is_the_rule_that_strikes_off_the_last_helper(
    problem: RedeploymentProblem, facility: str, reason: Reason
) -> None:
    assert reasons(problem)[facility] is reason


def test_who_is_covered_has_no_row() -> None:
    assert reasons(two_spare()).keys() == {"far"}
