"""Why no redeployment is possible, in figures and words that a planner knows."""

import pytest

import gst_opt as gst
from gst_opt.core.mobility import Post
from gst_opt.core.workforce import Staff
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy, RedeploymentProblem
from gst_opt.solve.result import Relaxation
from tests.staff.toys import narrow_gini, pin, triangle, two_spare

ONE = gst.SolveOptions(workers=1)


def relaxation(problem: RedeploymentProblem) -> Relaxation:
    conflict = gst.solve(problem, ONE).conflict
    assert conflict is not None
    (found,) = conflict.relaxations
    return found


def floor(problem: RedeploymentProblem, share: float) -> RedeploymentProblem:
    equity = gst.Equity(coverage_floor=share)
    return problem.replace(policy=problem.policy.replace(equity=equity))


def test_a_floor_is_told_in_the_need_of_all_teams_those_that_nobody_joins_too() -> None:
    """Within 40 minutes of the hospital is `near` only: 1.5 + 1.5 of 4.5 can be covered, and 1 by the one at `far`."""
    problem = triangle(max_travel=40.0)
    staff = (*problem.workforce.staff, Staff(facility="far", skill="doctor", heads=1))
    found = relaxation(floor(problem.replace(workforce=problem.workforce.replace(staff=staff)), 1.0))
    assert (found.rule, found.asked, found.needed) == ("coverage_floor", 4.5, 4.0)


def test_the_floor_of_a_sample_is_its_whole_need() -> None:
    grouping = gst.load_sample("two_towns")
    problem = RedeploymentProblem.of(grouping, RedeploymentPolicy(equity=gst.Equity(coverage_floor=1.0)))
    found = relaxation(problem)
    assert found.asked == pytest.approx(sum(need.fte for need in problem.needs.values()))
    enough = found.needed / found.asked
    assert gst.solve(floor(problem, enough - 1e-6), ONE).plan is not None
    assert gst.solve(floor(problem, enough + 1e-3), ONE).plan is None


def test_a_gini_ceiling_is_told_as_a_gini_coefficient() -> None:
    """The best spread that `narrow_gini` can have is 0.1667 / (2 x 1.8333) = 0.0455."""
    problem = narrow_gini()
    found = relaxation(problem.replace(policy=problem.policy.replace(equity=gst.Equity(gini_ceiling=0.01))))
    assert (found.rule, found.asked) == ("gini", 0.01)
    assert found.needed == pytest.approx(1 / 22, abs=1e-5)


def test_budgeted_posts_are_told_as_heads_present() -> None:
    """`near` has 1 doctor and 1 budgeted post; a pin sends it another."""
    posts = (Post(facility="near", skill="doctor", budgeted=1),)
    problem = two_spare(posts=posts, pins=(pin(PinKind.AT_LEAST, 1.0, host="near"),))
    found = relaxation(problem)
    assert (found.rule, found.asked, found.needed) in (("budgeted", 1.0, 2.0), ("pins", 1.0, 0.0))


def test_a_conflict_is_said_in_words_of_both_languages() -> None:
    problem = floor(triangle(max_travel=15.0), 1.0)
    conflict = gst.solve(problem, ONE).conflict
    assert conflict is not None
    assert conflict.rules == ("coverage_floor",)
    assert conflict.text(gst.Lang.FR).splitlines() == [
        "Ces règles se contredisent : plancher de couverture. Le moindre changement qui permettrait un plan :",
        "  règle plancher de couverture (en tout) : au moins 4,5 est demandé, 2,5 est possible",
    ]
    assert "rule coverage floor (in all): at least 4.5 is asked, 2.5 is possible" in conflict.text(gst.Lang.EN)
