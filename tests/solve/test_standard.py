"""What a model allows: within the solver's tolerance, and never as much as one unit more of something whole."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named

from gst_opt.model.problem import Check, Violation
from gst_opt.solve import phases
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import whole
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status
from gst_opt.solve.run import direct
from gst_opt.solve.standard import holds
from tests.solve.random_models import FORMULATION, Numbers, RandomProblem, check


@pytest.mark.parametrize(
    ("side", "room"), [(0.0, 1e-6), (1.0, 1e-6), (1e4, 0.01), (1e6, 1.0), (1e7, 1.0), (1e9, 1.0), (1e12, 1e3)]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_room_of_a_row_grows_with_its_side_up_to_one_unit(side: float, room: float, sign: float) -> None:
    """Beyond 1e9 a unit is less than a billionth of the side, and sums are not that exact."""
    row = ([1.0], -INF, side) if sign > 0 else ([1.0], -side, INF)
    model = whole(named([0], [row], [(-INF, INF)]))
    assert holds(model, np.array([sign * (side + 0.9 * room)]))
    assert not holds(model, np.array([sign * (side + 1.1 * room)]))


@pytest.mark.parametrize("point", [[10_000, 0, 9], [10_000, 0, 1], [0, 10_001, 0]])
def test_a_row_of_whole_numbers_is_not_broken_by_one_unit(point: list[int]) -> None:
    model = whole(named([0] * 3, [([1e3, 1e3, 1], -INF, 1e7)], [(0, 2e4, 1)] * 3))
    assert not holds(model, np.array(point, dtype=float))
    assert holds(model, np.array([9_999, 0, 1000.0]))
    floor = whole(named([0] * 3, [([1e3, 1e3, 1], 1e7 + 1010, INF)], [(0, 2e4, 1)] * 3))
    assert not holds(floor, np.array(point, dtype=float))


def test_a_point_that_breaks_a_row_as_it_was_given_is_rejected_whatever_was_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A derivation that lets a row go: the check of the question has nothing against it, the model has."""

    def too_wide(model: Compiled) -> Compiled:
        return replace(model, row_lower=model.row_lower - 3)

    def says_nothing(problem: RandomProblem, plan: Numbers) -> Check:
        return Check((), check(problem, plan).terms, check(problem, plan).today)

    problem = RandomProblem(upper=(2, 2), matrix=((1, 3),), low=(2,), high=(5,), first=(2, 1), second=(0, 0))
    assert direct(FORMULATION, problem, says_nothing, SolveOptions(workers=1)).status is Status.OPTIMAL
    monkeypatch.setattr(phases, "prepared", too_wide)
    result = direct(FORMULATION, problem, says_nothing, SolveOptions(workers=1))
    assert (result.status, result.plan) == (Status.REJECTED, None)
    assert result.violations == (Violation("rows", ("0",), 0.0, 2.0),)
