"""The solve path: right optimum, honest status, bounds that add up."""

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check
from gst_opt.solve import highs, once
from gst_opt.solve.belief import Claim, Ended
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import split, whole
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Status, Stop, relative_gap
from gst_opt.solve.run import direct, whole_model
from gst_opt.solve.stages import trivial_bound
from tests.solve.random_models import FORMULATION, Numbers, RandomProblem, best, check, draw


def agree(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        result = direct(FORMULATION, problem, check, SolveOptions(workers=1))
        expected = best(problem)
        if expected is None:
            assert (result.status, result.plan) == (Status.INFEASIBLE, None), seed
        else:
            assert result.status is Status.OPTIMAL, seed
            assert result.checked, seed
            assert tuple(round(stage.value) for stage in result.stages) == expected, seed
            assert all(abs(stage.bound - stage.value) < 1e-6 for stage in result.stages if stage.bound is not None), (
                seed
            )


def test_random_small_models_equal_enumeration() -> None:
    agree(range(60))


@pytest.mark.slow
def test_1000_random_small_models_equal_enumeration() -> None:
    agree(range(1000))


def test_an_empty_model_is_optimal_with_the_empty_plan() -> None:
    problem = RandomProblem(upper=(), matrix=(), low=(), high=(), first=(), second=())
    result = direct(FORMULATION, problem, check, SolveOptions())
    assert result.status is Status.OPTIMAL
    assert result.plan == Numbers(x=())
    assert result.gap == 0.0


def test_a_row_that_no_column_enters_can_make_it_infeasible() -> None:
    problem = RandomProblem(upper=(1,), matrix=((0,),), low=(1,), high=(2,), first=(1,), second=(1,))
    result = direct(FORMULATION, problem, check, SolveOptions())
    assert (result.status, result.stop, result.plan) == (Status.INFEASIBLE, Stop.PROOF, None)


def test_infeasible_only_by_integrality_is_said_so() -> None:
    """2x = 1 with x whole: the relaxation has x = 0.5."""
    problem = RandomProblem(upper=(2,), matrix=((2,),), low=(1,), high=(1,), first=(1,), second=(0,))
    assert direct(FORMULATION, problem, check, SolveOptions()).status is Status.INFEASIBLE


def test_a_plan_that_the_check_refuses_does_not_leave() -> None:
    def stern(problem: RandomProblem, plan: Numbers) -> Check:
        return Check(check(problem, plan).violations, {"first": -99.0, "second": 0.0}, {"first": 0.0, "second": 0.0})

    problem = RandomProblem(upper=(1,), matrix=(), low=(), high=(), first=(-1,), second=(0,))
    result = direct(FORMULATION, problem, stern, SolveOptions())
    assert (result.status, result.plan, result.checked) == (Status.REJECTED, None, False)
    assert [(v.rule, v.place, v.found, v.allowed) for v in result.violations] == [("term", ("first",), -1.0, -99.0)]


def test_split_and_whole_agree_and_small_parts_share_a_run() -> None:
    """Three blocks without a common row: 2 + 1 + 1 columns."""
    problem = RandomProblem(
        upper=(2, 2, 2, 2),
        matrix=((1, 1, 0, 0), (0, 0, 2, 0), (0, 0, 0, 1)),
        low=(1, 1, 0),
        high=(3, 4, 1),
        first=(2, 3, 1, -1),
        second=(0, 0, 0, 0),
    )
    compiled = compile_model(FORMULATION.build(problem), {})
    assert [len(part.columns) for part in split(compiled, small=1)] == [2, 1, 1]
    assert [len(part.columns) for part in split(compiled, small=2)] == [2, 2]
    assert [len(part.columns) for part in split(compiled)] == [4]
    again = [piece for part in split(compiled, small=2) for piece in split(part, small=1)]
    assert [piece.columns.tolist() for piece in again] == [[0, 1], [0], [1]]
    pieces = direct(FORMULATION, problem, check, SolveOptions(), splitter=lambda c: split(c, small=1))
    piece = direct(FORMULATION, problem, check, SolveOptions(), splitter=whole_model)
    assert pieces.objective == piece.objective == 2 * 1 + 1 * 1 - 1
    assert (pieces.provenance.parts, piece.provenance.parts) == (3, 1)


def test_progress_is_told_part_by_part() -> None:
    seen: list[Progress] = []
    problem = draw(3).replace(matrix=(), low=(), high=())
    options = SolveOptions(progress=seen.append, workers=1)
    direct(FORMULATION, problem, check, options, splitter=lambda c: split(c, small=1))
    assert seen[-1].done == seen[-1].parts == len(problem.upper)


def test_trivial_bound_is_below_every_point_and_infinite_without_bounds() -> None:
    part = whole(compile_model(FORMULATION.build(draw(1)), {}))
    costs = np.array([1.0, -2.0, 0.0, 0.0, 0.0, 0.0])[: len(part.columns)]
    corner = np.where(costs > 0, part.lower, part.upper)
    assert trivial_bound(costs, part) == costs @ corner
    model = pyo.ConcreteModel()
    linear.variables(model, "x", ["a"])
    assert trivial_bound(np.array([-1.0]), whole(compile_model(model, {}))) == -np.inf


def test_gap_is_relative_to_the_largest_of_value_today_and_one_unit() -> None:
    assert relative_gap(200.0, 190.0, 100.0) == pytest.approx(0.05)
    assert relative_gap(1.0, 0.0, 50.0) == pytest.approx(0.02)
    assert relative_gap(0.2, 0.0, 0.0) == pytest.approx(0.2)


def knapsack(size: int) -> Any:
    """A strongly correlated knapsack family that takes HiGHS far more than a second."""
    rng = np.random.default_rng(5)
    model = pyo.ConcreteModel()
    x = linear.variables(model, "x", range(size), upper=1, integer=True)
    rows = np.repeat(np.arange(30), size)
    weights = rng.integers(1000, 3000, (30, size)).astype(float)
    linear.rows(
        model,
        "space",
        range(30),
        [Entries(x, rows, np.tile(np.arange(size), 30), weights.ravel())],
        upper=weights.sum(axis=1) // 2,
    )
    costs = -(weights.mean(axis=0) + rng.integers(0, 40, size))
    compiled = compile_model(model, {"cost": Term(Affine((total(x, costs),)), "MAD")})
    return whole(compiled), costs


def test_a_time_limit_keeps_the_best_point_and_its_bound() -> None:
    part, costs = knapsack(80)
    run = minimise(part, costs, (), Limits(0.0, time.monotonic() + 1.0, 0), None)
    assert run.ended is Ended.LIMIT
    assert run.x is not None
    assert run.bound is not None
    assert run.bound <= float(costs @ run.x)


def test_cancelling_returns_the_incumbent_and_ends_the_worker() -> None:
    part, costs = knapsack(80)
    limits = Limits(0.0, None, 0)
    threading.Timer(1.5, limits.cancelled.set).start()
    run = minimise(part, costs, (), limits, None)
    assert run.ended is Ended.INTERRUPT
    assert run.x is not None
    assert run.bound is not None


def small_knapsack(seed: int, constant: float) -> tuple[RandomProblem, Any]:
    """Choose among 30 objects under 5 limits; the term is what is left out, counted from a constant."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(5, 60, (5, 30))
    problem = RandomProblem(
        upper=(1,) * 30,
        matrix=tuple(tuple(row) for row in weights.tolist()),
        low=(0,) * 5,
        high=tuple((weights.sum(axis=1) // 2).tolist()),
        first=tuple((-rng.integers(40, 60, 30)).tolist()),
        second=(0,) * 30,
    )

    def terms(block: Any, problem: RandomProblem) -> dict[str, Term]:
        return {
            "first": Term(Affine((total(block.x, problem.first),), constant), "MAD"),
            "second": Term(Affine((total(block.x, problem.second),)), "MAD"),
        }

    return problem, replace(FORMULATION, terms=terms)


@pytest.mark.parametrize("seed", range(3))
def test_the_gap_asked_for_is_on_the_value_with_its_constant(seed: int) -> None:
    """The solver measures 1 % of the raw costs (about 900); with the constant the value is near 20."""

    def with_constant(problem: RandomProblem, plan: Numbers) -> Check:
        found = check(problem, plan)
        planned, today = ({**terms, "first": terms["first"] + 920.0} for terms in (found.terms, found.today))
        return replace(found, terms=planned, today=today)

    problem, formulation = small_knapsack(seed, 920.0)
    result = direct(formulation, problem, with_constant, SolveOptions(gap=0.01, workers=1))
    best_value = direct(formulation, problem, with_constant, SolveOptions(gap=0.0, workers=1)).objective
    assert best_value is not None
    assert result.objective is not None
    assert result.bound is not None
    assert result.status is Status.OPTIMAL
    assert result.gap <= 0.01 + 1e-6
    assert result.bound <= best_value + 1e-6
    assert result.objective - best_value <= 0.01 * max(abs(result.objective), 920.0)


def test_stopping_by_the_gap_is_not_called_a_full_proof() -> None:
    problem, formulation = small_knapsack(1, 0.0)
    result = direct(formulation, problem, check, SolveOptions(gap=0.05, workers=1))
    assert result.status is Status.OPTIMAL
    assert (result.gap > 1e-6) == (result.stop is Stop.GAP)
    exact = direct(formulation, problem, check, SolveOptions(gap=0.0, workers=1))
    assert (exact.stop, exact.gap <= 1e-6) == (Stop.PROOF, True)


def test_a_plan_worth_less_than_what_was_reached_shows_it_as_a_gap() -> None:
    """A `read` that forgets something: the solver reached -2, the plan is worth 0."""

    def forgetful(block: Any, problem: RandomProblem) -> Numbers:
        return Numbers(x=(0,))

    problem = RandomProblem(upper=(2,), matrix=(), low=(), high=(), first=(-1,), second=(0,))
    result = direct(replace(FORMULATION, read=forgetful), problem, check, SolveOptions(workers=1))
    assert result.stages[0].value == 0.0
    assert result.status is not Status.OPTIMAL
    assert result.gap >= 1.0


def test_a_bound_above_a_checked_point_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run cut by time that claims the bound 8 beside the point of 7, as in public issues of the solver."""
    part, costs = knapsack(20)
    point = np.zeros(20)

    def lying(*_: object) -> once.Answer:
        return once.Answer(point, float(costs @ point) + 8.0, Claim.LIMIT, "kTimeLimit", True)

    monkeypatch.setattr(highs, "once", lying)
    run = minimise(part, costs, (), Limits(0.0, time.monotonic() + 5.0, 0), None)
    assert run.ended is Ended.LIMIT
    assert run.bound is None
    assert run.x is not None


@pytest.mark.parametrize("scale", [1, 10**4, 10**7])
def test_a_later_goal_gives_nothing_back_however_large_the_first_one_is(scale: int) -> None:
    """First: scale * x0 + x1 with x0 at least 1; the second would like x1 = 1, which costs one unit of the first."""
    problem = RandomProblem(upper=(2, 1), matrix=((1, 0),), low=(1,), high=(2,), first=(scale, 1), second=(0, -1))
    result = direct(FORMULATION, problem, check, SolveOptions(gap=0.0, workers=1))
    assert result.require().x == (1, 0)
    assert result.stages[0].value == scale


def test_a_bad_last_point_does_not_lose_an_earlier_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run cut by time whose last point breaks a row when rounded, after one that keeps all of them."""
    part, costs = knapsack(20)
    good, bad = np.zeros(20), np.full(20, 0.7)

    def cut(*_: object) -> once.Answer:
        return once.Answer(bad, None, Claim.LIMIT, "kTimeLimit", sound=good)

    monkeypatch.setattr(highs, "once", cut)
    run = minimise(part, costs, (), Limits(0.0, time.monotonic() + 5.0, 0), None)
    assert run.ended is Ended.LIMIT
    assert run.x is not None
    assert run.x.tolist() == good.tolist()
