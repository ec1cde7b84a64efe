"""A second pass for a gap larger than asked: nothing that either pass found or proved is lost, whatever ends it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gst_opt.model import linear
from gst_opt.model.linear import Floats
from gst_opt.solve import stages
from gst_opt.solve.belief import Ended
from gst_opt.solve.highs import Run
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result, Status, Stop
from gst_opt.solve.run import direct, whole_model
from tests.solve.hard import solve
from tests.solve.random_models import FORMULATION, Numbers, RandomProblem, check
from tests.solve.test_totals import carelessly

CHOICE = RandomProblem(upper=(10, 10), matrix=((1, 1),), low=(0,), high=(10,), first=(-1, -1), second=(0, 0))
"""At most ten of two things: the bounds of the columns alone prove -20."""


def passes(monkeypatch: pytest.MonkeyPatch, *runs: Run | Exception) -> Result[Numbers]:
    """Solve with a gap of 5 %, the solver's runs being these."""
    left = list(runs)

    def minimise(*_: object) -> Run:
        run = left.pop(0)
        if isinstance(run, Exception):
            raise run
        return run

    monkeypatch.setattr(stages, "minimise_large", minimise)
    return solve(CHOICE, SolveOptions(gap=0.05, workers=1))


def at(x: int) -> Floats:
    return np.array([float(x), 0.0])


ENDS = [
    (Ended.INTERRUPT, Stop.INTERRUPT),
    (Ended.LIMIT, Stop.TIME),
    (Ended.NODES, Stop.NODES),
    (Ended.FAULT, Stop.FAULT),
]


@pytest.mark.parametrize(("ended", "stop"), ENDS)
def test_a_better_plan_of_a_pass_that_was_cut_is_kept_with_the_earlier_bound(
    ended: Ended, stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = passes(monkeypatch, Run(at(8), -10.0, Ended.OPTIMAL), Run(at(9), -19.0, ended))
    assert (result.objective, result.bound) == (-9.0, -10.0)
    assert (result.status, result.stop) == (Status.FEASIBLE, stop)


def test_a_better_bound_of_a_pass_that_was_cut_is_kept_with_the_earlier_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    result = passes(monkeypatch, Run(at(9), -15.0, Ended.OPTIMAL), Run(None, -10.0, Ended.INTERRUPT))
    assert (result.objective, result.bound, result.stop) == (-9.0, -10.0, Stop.INTERRUPT)


def test_the_gap_may_be_reached_by_both_passes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    result = passes(monkeypatch, Run(at(8), -10.0, Ended.OPTIMAL), Run(at(10), -19.0, Ended.INTERRUPT))
    assert (result.objective, result.bound, result.status) == (-10.0, -10.0, Status.OPTIMAL)


def test_a_pass_that_fails_leaves_what_was_held_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    result = passes(monkeypatch, Run(at(8), -10.0, Ended.OPTIMAL), OSError("gone"))
    assert (result.objective, result.bound, result.stop) == (-8.0, -10.0, Stop.FAULT)


def test_the_gap_is_measured_against_today_as_the_check_values_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model's today is worth -20, the check's 0: one unit is 5 % of the one, and an eighth of a plan worth -8."""
    left = [Run(at(8), -9.0, Ended.OPTIMAL), Run(at(9), -9.0, Ended.OPTIMAL)]
    monkeypatch.setattr(stages, "minimise_large", lambda *_: left.pop(0))

    def write(block: Any, problem: RandomProblem, plan: Numbers | None) -> None:
        linear.set_values(block.x, np.array(problem.upper if plan is None else plan.x, dtype=np.float64))

    model = replace(FORMULATION, write=write)
    result = direct(model, CHOICE, check, SolveOptions(gap=0.05, workers=1), splitter=whole_model)
    assert (result.objective, result.bound, result.stop) == (-9.0, -9.0, Stop.PROOF)


def test_bounds_kept_from_an_earlier_pass_hold_in_total(monkeypatch: pytest.MonkeyPatch) -> None:
    carelessly(range(30), monkeypatch, tries=3)


def test_a_bound_above_the_point_of_its_own_run_is_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that claim -7 beside a point of -8: all that is proven is what the bounds of the columns say."""
    result = passes(monkeypatch, *[Run(at(8), -7.0, Ended.OPTIMAL)] * 4)
    assert (result.objective, result.bound, result.status) == (-8.0, -20.0, Status.FEASIBLE)
    assert result.stop is Stop.FAULT  # every run claims that the gap is reached, and it is not


def test_a_bound_that_the_final_plan_refutes_is_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first goal ends with a proof of -7; the run for the second finds a point that has -8."""
    problem = CHOICE.replace(second=(0, -1))
    runs = [Run(at(7), -7.0, Ended.OPTIMAL), Run(np.array([4.0, 4.0]), -4.0, Ended.OPTIMAL)]
    monkeypatch.setattr(stages, "minimise_large", lambda *_: runs.pop(0))
    result = solve(problem, SolveOptions(gap=1.0, workers=1))
    assert [(stage.value, stage.bound) for stage in result.stages] == [(-8.0, None), (-4.0, -4.0)]
    assert (result.status, result.gap) == (Status.FEASIBLE, float("inf"))
