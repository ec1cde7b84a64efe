"""The bound of a grouping plan: switches as tight as they may be, acts within their ranges, nothing above the best."""

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

import gst_opt as gst
from gst_opt.grouping_plan.arrays import Tied
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.proof import apart, proven
from gst_opt.grouping_plan.relaxation import Relaxation, tightened
from gst_opt.solve.components import Part
from gst_opt.solve.once import Limits
from gst_opt.solve.preflight import SMALLEST_COEFFICIENT
from tests.grouping_plan.random_cases import best, drawn, problem

LIMITS = Limits(1e-6, None, 1)
DRAWN = 30


def switch(most: float) -> Part:
    """Return sales x of at most 10 z for an award z that costs 5, of a need of 8 of which `most` is done."""
    return Part(
        columns=np.arange(3),
        rows=np.arange(2),
        matrix=csr_array(np.array([[1.0, -10.0, 0.0], [1.0, 0.0, -8.0]])),
        row_lower=np.array([-np.inf, 0.0]),
        row_upper=np.array([0.0, 0.0]),
        lower=np.zeros(3),
        upper=np.array([10.0, 1.0, most]),
        integer=np.array([False, True, False]),
        costs={},
    )


def test_an_award_sells_no_more_than_is_used() -> None:
    """Half of a need of 8 is done: an award of 4 tenths is enough for sales of 4, and none below 1 after it."""
    assert tightened(switch(0.5)).matrix.toarray()[0].tolist() == [1.0, -4.0, 0.0]
    assert tightened(switch(1.0)).matrix.toarray()[0].tolist() == [1.0, -8.0, 0.0]
    assert tightened(switch(0.5), [0]).matrix.toarray()[0].tolist() == [1.0, -10.0, 0.0]


def test_an_award_of_next_to_nothing_keeps_a_coefficient_that_the_solver_takes() -> None:
    """A need of which 1e-15 is done: rounding, as where other rows leave nothing to sell."""
    (_, switched, _) = tightened(switch(1e-15)).matrix.toarray()[0].tolist()
    assert -1e-5 < switched <= -SMALLEST_COEFFICIENT


def test_a_range_ends_where_the_relaxation_costs_so_much() -> None:
    """Done pays 20 in all and its award 5 a whole: 20 d - 5 (8 d / 10) = 16 d, lost by what is not done."""
    part, costs = switch(1.0), np.array([0.0, 5.0, -20.0])
    with Relaxation(part, costs, LIMITS) as lp:
        assert lp.solve()
        assert lp.bound == pytest.approx(-16)
        lower, upper = lp.ranges([2], -8.0)
        assert (lower[2], upper[2]) == pytest.approx((0.5, 1.0), abs=1e-6)
        lp.narrow(tightened(part))
        assert lp.solve()
        assert lp.bound == pytest.approx(-15)


def tied(question: GroupingProblem) -> tuple[Tied, float]:
    """Return the arrays of a question, and what no decision changes."""
    case = Case(FORMULATION, question)
    return case.tied, case.constant


@pytest.mark.parametrize("seed", range(DRAWN))
def test_a_bound_is_never_above_the_best_plan(seed: int) -> None:
    """Every whole decision tried, on groupings drawn from a seed."""
    case = drawn(seed)
    question = problem(case)
    arrays, constant = tied(question)
    lp = Relaxation(arrays.part, arrays.costs, LIMITS)
    with lp:
        lp.solve()
    first = lp.bound
    found, (expected, _) = proven(arrays, lp, LIMITS) + constant, best(case, question.policy)
    assert first + constant <= found
    assert found <= expected + 1e-6 * abs(expected)


def test_pieces_for_which_there_is_no_time_prove_what_the_relaxation_does() -> None:
    """The duals of all rows, those within pieces and those priced, are a proof by themselves."""
    arrays, _ = tied(GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0)))
    with Relaxation(arrays.part, arrays.costs, LIMITS) as lp:
        assert lp.solve()
    assert apart(arrays, lp, replace(LIMITS, deadline=time.monotonic())) == pytest.approx(lp.bound, rel=1e-9)


def test_acts_within_their_ranges_and_types_apart_prove_more_than_the_relaxation() -> None:
    question = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0))
    arrays, constant = tied(question)
    lp = Relaxation(arrays.part, arrays.costs, LIMITS)
    with lp:
        lp.solve()
    first = lp.bound
    objective = gst.solve(question, gst.SolveOptions(workers=1, gap=1e-6)).objective
    assert objective is not None
    assert first < proven(arrays, lp, LIMITS) <= objective - constant + 1e-3


def test_nothing_is_proven_beyond_a_relaxation_that_was_not_solved() -> None:
    arrays, _ = tied(GroupingProblem.of(gst.load_sample("two_towns")))
    assert proven(arrays, Relaxation(arrays.part, arrays.costs, LIMITS), LIMITS) == -np.inf
