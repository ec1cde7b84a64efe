"""Why there is no plan: the rules that contradict one another, and the least that would have to give way."""

import itertools

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import MovePin
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Conflict, Status
from gst_opt.solve.run import direct
from tests.solve.random_models import FORMULATION, RandomProblem, check, draw
from tests.staff.toys import triangle

ONE = SolveOptions(workers=1)


def conflict_of(problem: RandomProblem) -> Conflict:
    result = direct(FORMULATION, problem, check, ONE)
    assert result.status is Status.INFEASIBLE
    assert result.conflict is not None
    return result.conflict


def test_a_pin_beyond_what_can_leave_is_named_with_the_rule_that_it_meets() -> None:
    """The hospital can spare 1 doctor; a pin asks that 2 leave. Either gives way by 1."""
    pin = MovePin(kind=PinKind.AT_LEAST, value=2, origin="hospital", reason="promised to the unions")
    result = gst.solve(triangle(pin), ONE)
    conflict = result.conflict
    assert conflict is not None
    assert conflict.rules == ("pins", "release")
    (relaxation,) = conflict.relaxations
    assert (relaxation.rule, relaxation.asked, relaxation.needed) in (("pins", 2.0, 1.0), ("release", 1.0, 2.0))
    with pytest.raises(gst.NoPlanError, match="contradict"):
        result.require()


def test_a_pin_that_nothing_can_keep_is_alone() -> None:
    pin = MovePin(kind=PinKind.AT_LEAST, value=1, origin="far", reason="promised to the unions")
    conflict = gst.solve(triangle(pin), ONE).conflict
    assert conflict is not None
    assert conflict.rules == ("pins",)
    assert [r.place for r in conflict.relaxations] == ["1: promised to the unions"]
    assert conflict.text(gst.Lang.EN).splitlines() == [
        "These rules contradict one another: pins. The least change that would allow a plan:",
        "  rule pins (1: promised to the unions): at least 1 is asked, 0 is possible",
    ]
    assert "au moins 1 est demandé, 0 est possible" in conflict.text(gst.Lang.FR)


def test_a_conflict_of_whole_numbers_is_explained() -> None:
    """2 x = 1: the relaxation has a point, whole numbers have none; 2 x = 0 or 2 is one unit away."""
    problem = RandomProblem(upper=(2,), matrix=((2,),), low=(1,), high=(1,), first=(1,), second=(0,))
    (relaxation,) = conflict_of(problem).relaxations
    assert (relaxation.asked, relaxation.needed) in ((1.0, 0.0), (1.0, 2.0))


def least_violation(problem: RandomProblem) -> int:
    """Return the least total distance of rows from their sides, by enumeration."""
    matrix = np.array(problem.matrix).reshape(len(problem.low), len(problem.upper))
    totals = []
    for x in itertools.product(*(range(limit + 1) for limit in problem.upper)):
        activity = matrix @ np.array(x)
        totals.append(np.maximum(problem.low - activity, 0).sum() + np.maximum(activity - problem.high, 0).sum())
    return int(min(totals))


def explain_all(seeds: range) -> None:
    explained = 0
    for seed in seeds:
        problem = draw(seed)
        least = least_violation(problem)
        if least == 0:
            continue
        relaxations = conflict_of(problem).relaxations
        assert sum(abs(r.asked - r.needed) for r in relaxations) == pytest.approx(least), seed
        explained += 1
    assert explained > len(seeds) / 10


def test_the_least_violation_equals_enumeration() -> None:
    explain_all(range(100))


@pytest.mark.slow
def test_the_least_violation_equals_enumeration_over_2000_models() -> None:
    explain_all(range(2000))


def test_a_feasible_problem_has_no_conflict() -> None:
    assert gst.solve(triangle(), ONE).conflict is None
