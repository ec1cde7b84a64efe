"""An earlier plan is used as far as it is still allowed, and never worsens the answer."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pyomo.environ as pyo
import pytest
from benchmarks.bug_panel import INF, named

import gst_opt as gst
from gst_opt.core.frozen import Frozen
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goal, TermLimit, TermWeight, minimise
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check, PinKind, Plan, Problem
from gst_opt.pillars.staff.redeployment.model import FORMULATION
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import Part, whole
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status
from gst_opt.solve.run import direct
from gst_opt.solve.standard import holds
from gst_opt.solve.starts import known_point
from tests.solve.random_models import FORMULATION as NUMBERS
from tests.solve.random_models import Numbers, RandomProblem, check
from tests.staff.toys import TRIANGLE_BEST, TRIANGLE_TODAY, pin, triangle

NOW = SolveOptions(workers=1, seconds=0.0)
GOALS = [Goal(weights=(TermWeight(term="cost"),))]


def test_with_no_time_the_start_is_returned_checked() -> None:
    best = gst.solve(triangle(), SolveOptions(workers=1)).require()
    started = gst.solve(triangle(), NOW, start=best)
    assert tuple(stage.value for stage in started.stages) == TRIANGLE_BEST
    assert started.plan == best
    assert started.checked
    without = gst.solve(triangle(), NOW)
    assert tuple(stage.value for stage in without.stages) == TRIANGLE_TODAY


def test_a_start_that_a_pin_now_forbids_is_left_for_today() -> None:
    best = gst.solve(triangle(), SolveOptions(workers=1)).require()
    forbidden = triangle(pin(PinKind.FORBID, host="far"))
    result = gst.solve(forbidden, NOW, start=best)
    assert result.checked
    assert tuple(stage.value for stage in result.stages) == TRIANGLE_TODAY


def test_moves_that_are_out_of_reach_are_dropped_from_the_start() -> None:
    best = gst.solve(triangle(), SolveOptions(workers=1)).require()
    shorter = triangle().replace(policy=RedeploymentPolicy(max_travel=40.0))
    model = FORMULATION.build(shorter)
    FORMULATION.write(model, shorter, best)
    assert {key: data.value for key, data in model.moves.items()} == {("hospital", "near", "doctor"): 0.0}


def stock_model() -> tuple[pyo.ConcreteModel, Term]:
    """Boxes hold 3 units each; 7 units are needed: at least 3 boxes, and a stock that is continuous."""
    model = pyo.ConcreteModel()
    boxes = linear.variables(model, "boxes", ["a"], upper=5, integer=True)
    stock = linear.variables(model, "stock", ["a"], upper=20)
    linear.rows(model, "space", ["a"], [Entries(stock, [0], [0]), Entries(boxes, [0], [0], -3.0)], upper=0)
    linear.rows(model, "need", ["a"], [Entries(stock, [0], [0])], lower=7)
    return model, Term(Affine((total(boxes),)), "boxes")


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ([4.0, 9.0], [4.0, 9.0]),
        ([3.9999996, 9.0000003], [4.0, 9.0000003]),  # as a solver leaves it
        ([3.0, 9.0000005], [3.0, 9.0000005]),  # within a millionth of its side
        ([9.0, 9.0], [5.0, 9.0]),
        ([4.0, 0.0], [4.0, None]),  # the stock is found again for 4 boxes
        ([2.0, 7.0], None),  # 2 boxes cannot do
        ([np.nan, 7.0], None),
    ],
)
def test_a_point_is_repaired_by_keeping_its_whole_numbers(
    point: list[float], expected: list[float | None] | None
) -> None:
    model, cost = stock_model()
    part = whole(compile_model(model, {"cost": cost}))
    found = known_point(part, GOALS, [np.array(point)], Limits(0.0, None, 0))
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert holds(part, found)
    assert all(value is None or value == got for value, got in zip(expected, found.tolist(), strict=True))


def test_nobody_is_told_of_a_repair() -> None:
    """Its costs are not those of the goal: its value, its bound and its gap would all be 0."""
    told: list[object] = []
    model, cost = stock_model()
    part = whole(compile_model(model, {"cost": cost}))
    limits = Limits(0.0, None, 0, watch=lambda *of: told.append(of))
    spread = replace(part, integer=np.array([False, True]))  # what is left to find is a whole number
    for points in ([np.array([4.0, 0.0])], [np.zeros(2), np.array([0.0, 7.0])]):
        assert known_point(spread, GOALS, points, limits) is not None or len(points) == 1
    assert told == []


def whole_numbers() -> Part:
    """Take three of x0 (0 to 1), x1 (0 to 3), x2 (-2 to 5), of which x0 + x1 <= 2; two thirds of x2 stay."""
    rows = [([1, 1, 1], 3, 3), ([1, 1, 0], -INF, 2)]
    return whole(named([1, 2, 4], rows, [(0, 1, 1), (0, 3, 1), (-2, 5, 1)]))


@pytest.mark.parametrize(
    ("start", "nearest"),
    [
        ([1, 1, 1], [1, 1, 1]),
        ([1, 1, 2], [1, 1, 1]),
        ([0, 3, 1], [0, 2, 1]),
        ([0, 0, 9], [0, 0, 3]),
        ([0.4, 0.4, -5], [1, 1, 1]),
    ],
)
def test_a_start_of_whole_numbers_gives_way_to_the_nearest_point(start: list[float], nearest: list[float]) -> None:
    limits, today = Limits(0.0, None, 0, nodes=0), np.zeros(3)
    found = known_point(whole_numbers(), GOALS, [today, np.array(start, dtype=float)], limits)
    assert found is not None
    moved = [np.abs(np.clip(np.rint(start), [0, 0, -2], [1, 3, 5]) - x).sum() for x in (found, np.array(nearest))]
    assert moved[0] == pytest.approx(moved[1])
    assert holds(whole_numbers(), found)


def test_only_a_start_is_searched_around() -> None:
    """Today's point is where nothing changes: what is near it is a change already."""
    limits = Limits(0.0, None, 0)
    assert known_point(whole_numbers(), GOALS, [np.array([1.0, 1.0, 2.0])], limits) is None
    stopped = Limits(0.0, 0.0, 0)
    assert known_point(whole_numbers(), GOALS, [np.zeros(3), np.array([1.0, 1.0, 2.0])], stopped) is None


def test_the_better_of_two_points_is_kept() -> None:
    model, cost = stock_model()
    part = whole(compile_model(model, {"cost": cost}))
    found = known_point(part, GOALS, [np.array([5.0, 9.0]), np.array([3.0, 8.0])], Limits(0.0, None, 0))
    assert found is not None
    assert found.tolist() == [3.0, 8.0]


def test_what_a_start_names_that_is_not_there_is_left_out() -> None:
    """A plan of another grouping: nothing of it fits, and it costs nothing."""
    best = gst.solve(triangle(), SolveOptions(workers=1)).require()
    elsewhere = best.replace(moves=[move.replace(host="nowhere") for move in best.moves])
    result = gst.solve(triangle(), NOW, start=elsewhere)
    assert result.checked
    assert tuple(stage.value for stage in result.stages) == TRIANGLE_TODAY


@pytest.mark.parametrize("x", [(1, 2, 3), (float("nan"),), (2**70, 0)])
def test_a_start_whose_values_do_not_fit_is_refused_or_left_out(x: Any) -> None:
    problem = RandomProblem(upper=(2, 2), matrix=((1, 3),), low=(2,), high=(5,), first=(2, 1), second=(0, 0))
    start = Numbers.model_construct(x=x)
    if len(x) == 2:
        assert direct(NUMBERS, problem, check, SolveOptions(workers=1), start=start).objective == 1
        return
    with pytest.raises(gst.GstOptError, match="Numbers, does not fit the question RandomProblem"):
        direct(NUMBERS, problem, check, SolveOptions(workers=1), start=start)


def test_a_start_of_another_question_is_refused_in_both_languages() -> None:
    for stranger in (Numbers(x=(1,)), gst.solve(triangle(), NOW)):
        with pytest.raises(gst.GstOptError) as raised:
            gst.solve(triangle(), NOW, start=cast("Any", stranger))
        assert f"of type {type(stranger).__name__}, does not fit the question RedeploymentProblem" in str(raised.value)
        assert "ne convient pas à la question" in raised.value.text(gst.Lang.FR)


class Level(Plan):
    """One number."""

    x: float


class LevelProblem(Frozen, Problem[Level]):
    """The largest level that a limit of 10,000 allows."""


def level_model(block: Any, problem: LevelProblem) -> None:
    linear.variables(block, "x", ["a"], upper=20_000.0)


def write_level(block: Any, problem: LevelProblem, plan: Level | None) -> None:
    linear.set_values(block.x, [0.0 if plan is None else plan.x])


LEVEL: Formulation[LevelProblem, Level] = Formulation(
    variables=level_model,
    constraints=(),
    terms=lambda block, problem: {
        "used": Term(Affine((total(block.x),)), "MAD"),
        "spare": Term(Affine((total(block.x, -1.0),), 20_000.0), "MAD"),
    },
    goals=lambda problem: minimise("spare").replace(limits=(TermLimit(term="used", at_most=10_000.0),)),
    ports=lambda block, problem: {},
    write=write_level,
    read=lambda block, problem: Level(x=float(linear.values(block.x)[0])),
)


@pytest.mark.parametrize(("beyond", "used"), [(0.9e-6, True), (1.1e-6, False)])
def test_a_start_within_the_tolerance_of_a_limit_survives_as_a_plan(beyond: float, used: bool) -> None:
    """What is taken as a known point must pass the check of the plan: one tolerance for both."""

    def check_level(problem: LevelProblem, plan: Level) -> Check:
        return Check((), {"used": plan.x, "spare": 20_000.0 - plan.x}, {"used": 0.0, "spare": 20_000.0})

    start = Level(x=10_000.0 * (1 + beyond))
    result = direct(LEVEL, LevelProblem(), check_level, NOW, start=start)
    assert result.status is Status.FEASIBLE
    assert result.checked
    assert result.plan == (start if used else Level(x=0.0))
