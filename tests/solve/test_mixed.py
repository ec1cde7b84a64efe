"""Large problems with few whole numbers: searches around the relaxation find the same plans, and prove no more."""

import pytest

from gst_opt.solve import restrict
from tests.solve.test_restrict import with_a_gap
from tests.solve.test_stages import KINDS, agree


@pytest.fixture(autouse=True)
def everything_is_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restrict, "is_mixed", lambda part: True)


@pytest.mark.parametrize("kind", KINDS)
def test_random_small_models_equal_enumeration_around_their_relaxation(kind: str) -> None:
    agree(kind, range(8))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_300_random_small_models_equal_enumeration_around_their_relaxation(kind: str) -> None:
    agree(kind, range(300))


@pytest.mark.parametrize("kind", ["lexicographic", "leximin"])
def test_a_plan_within_a_wide_gap_has_a_true_bound_around_its_relaxation(kind: str) -> None:
    with_a_gap(kind, range(12), 0.2)
