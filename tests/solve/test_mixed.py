"""Large problems with few whole numbers: searches around the relaxation find the same plans, and prove no more."""

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.sparse import csr_array

from gst_opt.model import linear
from gst_opt.model.linear import total
from gst_opt.solve import compiled, mixed, restrict
from gst_opt.solve.belief import Ended
from gst_opt.solve.blocks import Blocks
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import Part, split
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import Aim
from tests.solve.test_restrict import with_a_gap
from tests.solve.test_stages import KINDS, agree


@pytest.fixture(autouse=True)
def everything_is_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restrict, "is_mixed", lambda part: True)


@pytest.mark.parametrize("kind", KINDS)
def test_random_small_models_equal_enumeration_around_their_relaxation(kind: str) -> None:
    agree(kind, range(8))


@pytest.mark.parametrize("kind", KINDS)
def test_labels_change_no_optimum(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_together", lambda families, count: np.arange(count) % 3)
    agree(kind, range(8, 16))


@pytest.mark.parametrize("kind", ["weighted", "lexicographic"])
def test_a_bound_of_blocks_that_a_plan_refutes_is_none(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_together", lambda families, count: np.arange(count) % 3)
    monkeypatch.setattr(Blocks, "bound", lambda blocks, enough: 1e3)
    agree(kind, range(16))


def test_a_first_plan_by_two_goals_is_told_with_the_bound_of_the_first() -> None:
    """One of x and y, 2 and 3 each, and later x alone: 2 is proven before a plan is searched by both."""
    part = Part(
        columns=np.arange(2),
        rows=np.arange(1),
        matrix=csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([1.0]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(2),
        upper=np.ones(2),
        integer=np.ones(2, dtype=np.bool_),
        costs={},
        together=np.array([0, 1]),
    )
    told: list[tuple[float, float | None]] = []
    limits = Limits(gap=0.0, deadline=None, seed=0, watch=lambda stage, value, bound: told.append((value, bound)))
    run = mixed.minimise_mixed(part, np.array([2.0, 3.0]), (), limits, None, Aim(later=np.array([1.0, 0.0])))
    assert run.bound == pytest.approx(2.0)
    assert run.ended is Ended.OPTIMAL
    assert all(bound == pytest.approx(2.0) for _, bound in told)


def test_labels_of_families_are_numbered_together() -> None:
    model = pyo.ConcreteModel()
    linear.variables(model, "units", ["a", "b"], upper=3.0, integer=True)
    linear.variables(model, "moves", ["a"], upper=3.0, integer=True)
    linear.variables(model, "share", ["a", "b"], upper=1.0)
    model.units.together, model.moves.together = np.array(["scanner", "laboratory"]), np.array(["scanner"])
    linear.rows(model, "all", ["all"], [total(model.units), total(model.moves), total(model.share)], lower=1.0)
    whole = compile_model(model, {})
    assert whole.together.tolist() == [1, 0, 1, -1, -1]
    (part,) = split(whole)
    assert part.together is not None
    assert part.together.tolist() == [1, 0, 1, -1, -1]


def test_an_empty_label_is_none() -> None:
    model = pyo.ConcreteModel()
    linear.variables(model, "units", ["a", "b", "c"], upper=3.0, integer=True)
    model.units.together = np.array(["scanner", "", "laboratory"])
    assert compile_model(model, {}).together.tolist() == [1, -1, 0]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_300_random_small_models_equal_enumeration_around_their_relaxation(kind: str) -> None:
    agree(kind, range(300))


@pytest.mark.parametrize("kind", ["lexicographic", "leximin"])
def test_a_plan_within_a_wide_gap_has_a_true_bound_around_its_relaxation(kind: str) -> None:
    with_a_gap(kind, range(12), 0.2)


def test_a_known_point_that_the_relaxation_refutes_proves_nothing() -> None:
    """The point is short of a row by 1.8e-6 of 2: within what a point may be, beyond what the relaxation allows."""
    part = Part(
        columns=np.arange(2),
        rows=np.arange(2),
        matrix=csr_array(np.array([[1.0, 1.0], [1.0, -1.0]])),
        row_lower=np.array([2.0 + 1.8e-6, -np.inf]),
        row_upper=np.array([np.inf, 5.0]),
        lower=np.zeros(2),
        upper=np.ones(2),
        integer=np.array([True, False]),
        costs={},
        redundant=np.array([False, True]),
        together=np.array([0, 0]),
    )
    run = mixed.minimise_mixed(part, np.ones(2), (), Limits(1e-4, None, 0), np.ones(2), Aim())
    assert (run.ended, run.bound) == (Ended.FAULT, None)
