"""The benchmark of a region's equipment: what it draws, and that both sides answer one question."""

import numpy as np
import pytest
from benchmarks.platform_region import IN_REACH, KINDS, UNITS, draw, one_piece, run

from gst_opt.pillars.platforms.modular_search import minimise_modular
from gst_opt.solve.options import SolveOptions


def test_a_seed_draws_the_same_region_again() -> None:
    first, second, other = draw(1, 0.1), draw(1, 0.1), draw(2, 0.1)
    assert all(np.array_equal(getattr(first, name), getattr(second, name)) for name in first.__dataclass_fields__)
    assert not np.array_equal(first.travel, other.travel)


def test_a_region_has_the_size_and_reach_that_it_is_meant_to_have() -> None:
    region = draw(1)
    assert (len(region.space), len(region.site), len(region.unmet)) == (80, 80 * len(KINDS), 400 * len(KINDS))
    assert np.bincount(region.stream, minlength=len(region.unmet)).min() >= IN_REACH
    assert region.today.max() <= UNITS
    assert np.all(np.bincount(region.site, region.today * region.floor) <= region.space)
    problem = region.modular()
    assert set(problem.block[0][:4]) == set(range(len(KINDS)))
    assert problem.rows.shape == (81, len(problem.cost) + len(region.stream))


def test_both_sides_answer_one_question() -> None:
    region = draw(3, 0.05)
    value, bound = one_piece(region, 30.0)
    answer = minimise_modular(region.modular(), SolveOptions(gap=1e-3, seconds=60.0))
    assert answer.plan is not None
    assert answer.plan.broken(region.modular()) == {}
    assert answer.bound <= value * (1 + 1e-6)
    assert bound <= answer.value * (1 + 1e-6)


@pytest.mark.slow
def test_figures_of_a_small_region() -> None:
    figures = run(1, 0.1, 10.0)
    assert figures["meets"] is True
    assert figures["bound"] is not None
    assert float(str(figures["gap_percent"])) < 3.0
