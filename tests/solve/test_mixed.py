"""Large problems with few whole numbers: searches around the relaxation find the same plans, and prove no more."""

import numpy as np
import pyomo.environ as pyo
import pytest

from gst_opt.model import linear
from gst_opt.model.linear import total
from gst_opt.solve import compiled, restrict
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import split
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
