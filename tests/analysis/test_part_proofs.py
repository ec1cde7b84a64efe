"""What each part of a grouping plan could still gain by itself: counted by hand, never more than the whole."""

from dataclasses import replace

import pytest

import gst_opt as gst
from gst_opt.analysis.part_proofs import part_proofs
from gst_opt.analysis.parts import PartProof, proofs_table
from gst_opt.grouping_plan.sequential import in_turn
from gst_opt.model.goals import Goal, Goals, TermWeight
from gst_opt.model.problem import PinKind
from tests.grouping_plan import toys

ONE = gst.SolveOptions(workers=1, gap=1e-6)


@pytest.fixture(scope="module")
def towns() -> gst.GroupingProblem:
    return gst.GroupingProblem.of(gst.load_sample("two_towns"))


@pytest.fixture(scope="module")
def best(towns: gst.GroupingProblem) -> gst.Result[gst.GroupingPlan]:
    return gst.solve(towns, ONE)


def unproven(result: gst.Result[gst.GroupingPlan]) -> gst.Result[gst.GroupingPlan]:
    """Return a result without its bound: only the searches of the parts say something then."""
    return replace(result, stages=tuple(stage.replace(bound=None) for stage in result.stages))


def by_part(proofs: tuple[PartProof, ...]) -> dict[str, PartProof]:
    return {one.part: one for one in proofs}


def test_parts_add_up_to_the_whole(towns: gst.GroupingProblem, best: gst.Result[gst.GroupingPlan]) -> None:
    """Their terms are the terms of the sum, today and planned, but for what no decision changes."""
    found = part_proofs(towns, best, ONE)
    (stage,) = best.stages
    assert sum(one.planned for one in found) == pytest.approx(stage.value)
    assert sum(one.today for one in found) == pytest.approx(stage.today)


def test_no_part_of_the_best_plan_gains_by_itself(
    towns: gst.GroupingProblem, best: gst.Result[gst.GroupingPlan]
) -> None:
    found = part_proofs(towns, unproven(best), ONE)
    assert [one.part for one in found] == ["location", "staff", "awards", "support"]
    for one in found:
        assert one.bound == pytest.approx(one.planned, rel=1e-6)


def test_a_part_that_stays_as_today_could_gain_what_the_best_plan_gains_on_it(towns: gst.GroupingProblem) -> None:
    """Support functions of the two towns: 1,710,000 as today, 1,620,770 pooled (`two_towns`); nothing else depends."""
    keep = gst.HubPin(kind=PinKind.KEEP, as_today=True, reason="not yet")
    policy = towns.policy.replace(support=gst.HubPolicy(years=1, pins=(keep,)))
    kept = unproven(gst.solve(gst.GroupingProblem.of(towns.grouping, policy), ONE))
    found = by_part(part_proofs(towns, kept, ONE))
    assert (found["support"].today, found["support"].planned) == (1_710_000, 1_710_000)
    assert found["support"].bound == pytest.approx(1_620_770.27, abs=1)
    assert found["support"].gap == pytest.approx((1_710_000 - 1_620_770.27) / 1_710_000, rel=1e-4)
    assert not found["support"].reached
    assert found["awards"].reached


def test_what_parts_gain_only_together_is_in_the_gap_of_the_whole() -> None:
    """In turn, platforms find no staff at b, and nobody is sent: no part gains alone, both gain 504,800 together."""
    problem = toys.twins()
    stuck = gst.solve(problem, ONE, method=in_turn)
    assert stuck.objective == pytest.approx(toys.STAY[0])
    for one in part_proofs(problem, unproven(stuck), ONE):
        assert one.bound == pytest.approx(one.planned, rel=1e-6, abs=1e-3)


def test_without_time_the_proof_of_the_whole_is_that_of_every_part(towns: gst.GroupingProblem) -> None:
    """A bound of the whole 100,000 below the plan: no part can gain more."""
    result = gst.solve(towns, ONE)
    (stage,) = result.stages
    loose = replace(result, stages=(stage.replace(bound=stage.reached - 100_000),))
    for one in part_proofs(towns, loose, gst.SolveOptions(gap=1e-6, seconds=0)):
        assert one.bound == pytest.approx(one.planned - 100_000)
    for one in part_proofs(towns, unproven(result), gst.SolveOptions(gap=1e-6, seconds=0)):
        assert one.bound is None
        assert one.gap == float("inf")
    table = proofs_table(part_proofs(towns, unproven(result), gst.SolveOptions(seconds=0)))
    assert [row[3:] for row in table.rows] == [(None, None, 1e-4)] * 4


def test_goals_in_order_have_no_parts(towns: gst.GroupingProblem) -> None:
    goals = Goals(stages=tuple(Goal(weights=(TermWeight(term=term),)) for term in ("unmet", "upkeep")))
    problem = gst.GroupingProblem.of(towns.grouping, towns.policy.replace(goals=goals))
    assert part_proofs(problem, gst.solve(problem, ONE)) == ()


@pytest.mark.parametrize(("bound", "shown"), [(90.0, (90.0, 0.1)), (0.0, (0.0, 1.0)), (-1.0, (None, None))])
def test_a_bound_beyond_all_that_a_part_costs_is_not_shown(
    bound: float, shown: tuple[float | None, float | None]
) -> None:
    proof = PartProof(part="support", today=50.0, planned=100.0, bound=bound, target=0.01)
    assert proofs_table((proof,)).rows[0][3:5] == shown
