"""Large parts: restrictions by reduced cost find the same plans, and prove no more than is true."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pytest
from scipy.sparse import csr_array

from gst_opt.model.goals import leximax, minimise
from gst_opt.model.linear import Floats
from gst_opt.solve import restrict
from gst_opt.solve.belief import Ended
from gst_opt.solve.components import Part
from gst_opt.solve.couple import steps_of
from gst_opt.solve.highs import Run
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status
from gst_opt.solve.run import direct, whole_model
from gst_opt.solve.standard import Extra
from tests.solve.random_goals import FORMULATION, check, draw, draw_goals, least, tolerances
from tests.solve.test_stages import KINDS, agree


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restrict, "LARGE", 0)
    monkeypatch.setattr(restrict, "MAJORITY", 0.0)


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("kind", KINDS)
def test_random_small_models_equal_enumeration_through_their_relaxation(kind: str) -> None:
    agree(kind, range(12))


@pytest.mark.slow
@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("kind", KINDS)
def test_300_random_small_models_equal_enumeration_through_their_relaxation(kind: str) -> None:
    agree(kind, range(300))


def with_a_gap(kind: str, seeds: range, gap: float) -> None:
    """A plan within the gap of a bound that is true for the plans that keep what earlier steps reached."""
    for seed in seeds:
        problem = draw(seed, draw_goals(seed, kind))
        result = direct(FORMULATION, problem, check, SolveOptions(workers=1, gap=gap), splitter=whole_model)
        if result.plan is None:
            assert result.status is Status.INFEASIBLE
            continue
        assert result.status is Status.OPTIMAL, seed
        given = tolerances(problem.goals)
        for step, stage in enumerate(result.stages):
            kept = [
                earlier.reached + (tolerance if position != given[step][0] else 0.0)
                for earlier, (position, tolerance) in zip(result.stages[:step], given, strict=False)
            ]
            assert stage.bound is not None
            with suppress(ValueError):  # no single plan keeps them all where tolerances were used
                assert stage.bound <= least(problem, step, kept) + 1e-5, (seed, step)
            assert stage.gap <= gap + 1e-9, (seed, step)


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("kind", ["lexicographic", "leximin"])
def test_a_plan_within_a_wide_gap_has_a_true_bound(kind: str) -> None:
    with_a_gap(kind, range(20), 0.2)


@pytest.mark.slow
@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("gap", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_within_a_wide_gap_has_a_true_bound_on_many(kind: str, gap: float) -> None:
    with_a_gap(kind, range(150), gap)


def test_the_guide_of_terms_compared_is_their_sum() -> None:
    shares = (("north", 0.5), ("south", 0.25))
    first, last, after = steps_of(leximax(*shares).then(minimise("east")))
    assert first.guide is not None
    assert [(weight.term, weight.weight) for weight in first.guide.weights] == list(shares)
    assert last.guide is None
    assert after.guide is None


def test_a_search_that_leaves_more_than_the_gap_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's gap is a share of the plan's value, 10, and not of the bound, 7.5: 2.5 is within 0.3 of it."""
    runs = 0

    def once_more(part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits, known: Floats | None) -> Run:
        nonlocal runs
        runs += 1
        assert runs < 5, "the same search again and again"
        return Run(np.array([10.0, 0.0]), 7.5, Ended.OPTIMAL)

    part = Part(
        columns=np.arange(2),
        rows=np.arange(1),
        matrix=csr_array(np.array([[2.0, 1.0]])),
        row_lower=np.array([14.9]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(2),
        upper=np.array([20.0, 20.0]),
        integer=np.array([True, True]),
        costs={},
    )
    monkeypatch.setattr(restrict, "LARGE", 0)
    monkeypatch.setattr(restrict, "minimise", once_more)
    run = restrict.minimise_large(part, np.array([1.0, 1000.0]), (), Limits(0.3, None, 0), None)
    assert run.x is not None
    assert (run.x.tolist(), run.bound, run.ended) == ([10.0, 0.0], 7.5, Ended.OPTIMAL)
