"""What the rows imply is derived, exactly: no whole-number point is lost, and big-Ms become what they need to be."""

import itertools

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gst_opt.solve.compiled import Compiled
from gst_opt.solve.tighten import contradict, propagate, smallest_others, tighten


def test_a_big_m_becomes_the_capacity() -> None:
    """x <= 1e6 y with x <= 10: y = 1e-6 would let 1 through; 10 y lets 1e-5 through."""
    tight = tighten(named([0, 0], [([1, -1e6], -INF, 0)], [(0, 10), (0, 1, 1)]))
    assert tight.matrix.toarray().tolist() == [[1, -10]]


def test_a_big_m_becomes_what_another_row_allows() -> None:
    tight = tighten(named([0, 0, 0], [([1, 0, -1e6], -INF, 0), ([1, 2, 0], -INF, 7)], [(0, INF), (1, INF), (0, 1, 1)]))
    assert tight.matrix.toarray()[0].tolist() == [1, 0, -5]


def test_a_switch_the_other_way_round() -> None:
    """x <= 1e6 (1 - y), and as a floor: -x >= -1e6 (1 - y)."""
    tight = tighten(named([0, 0], [([1, 1e6], -INF, 1e6), ([-1, -1e6], -1e6, INF)], [(0, 10), (0, 1, 1)]))
    assert tight.matrix.toarray().tolist() == [[1, 10], [-1, -10]]
    assert tight.row_upper.tolist() == [10, INF]
    assert tight.row_lower.tolist() == [-INF, -10]


def test_a_large_coefficient_that_counts_is_kept() -> None:
    """2,000,000 a year for a site in a budget of 3,000,000: nothing to tighten."""
    model = named([0, 0], [([900, 2e6], -INF, 3e6)], [(0, 4000), (0, 1, 1)])
    assert tighten(model).matrix.toarray().tolist() == [[900, 2e6]]


def test_bounds_of_whole_numbers_come_from_rows() -> None:
    tight = tighten(named([0, 0], [([2, 1], -INF, 11)], [(0, 1e10, 1), (0, INF, 1)]))
    assert tight.upper.tolist() == [5, 11]
    assert tight.lower.tolist() == [0, 0]


def test_what_needs_nothing_comes_back_as_it_is() -> None:
    model = named([1, 1], [([3, 2], 4, 8)], [(0, 5, 1), (0, INF)])
    assert tighten(model) is model


def test_rows_that_contradict_one_another_are_left_to_the_solver() -> None:
    model = named([0], [([1], 5, INF), ([1], -INF, 3)], [(0, INF, 1)])
    lower, upper = propagate(model)
    assert contradict(lower, upper)
    assert tighten(model).upper.tolist() == [INF]
    unlimited = named([0], [([1], 5, INF), ([1], -INF, 3)], [(0, 1e9, 1)])
    assert tighten(unlimited).upper.tolist() == [INF], "there is no point whatever the bound"


def test_smallest_others_leave_the_entry_itself_out() -> None:
    matrix = named([0, 0, 0], [([4, -2, 7], 0, 1), ([0, 5, 0], 0, 1)], [(0, 1)] * 3).matrix
    assert smallest_others(matrix).tolist() == [2, 4, 2, np.inf]


def test_a_switch_that_only_its_own_row_makes_one_keeps_what_the_row_implies() -> None:
    """1e6 y + x <= 1,000,005 with y up to 10: made small, the coefficient no longer keeps y at 1 by itself."""
    tight = tighten(named([0, 0], [([1, 1e6], -INF, 1e6 + 5)], [(0, 10, 1), (0, 10, 1)]))
    assert tight.matrix.toarray().tolist() == [[1, 5]]
    assert (tight.lower.tolist(), tight.upper.tolist()) == ([0, 0], [10, 1])
    opened = tighten(named([0, 0], [([1, -1e5], -INF, 3)], [(0, 5, 1), (-3, 1, 1)]))
    assert (opened.lower.tolist(), opened.upper.tolist()) == ([0, 0], [5, 1])


unit = st.sampled_from([-7.0, -1.0, 0.0, 0.0, 1.0, 3.0])
large = st.sampled_from([-2e6, -1e4, 0.0, 2e4, 1e6])
row = st.tuples(st.lists(unit, min_size=3, max_size=3), st.integers(0, 2), large, st.integers(-9, 9), st.integers(0, 5))
bounds = st.tuples(st.integers(-3, 1), st.sampled_from([1, 2, 9, 10**10]))


@settings(max_examples=300)
@given(st.lists(row, min_size=1, max_size=3), st.lists(bounds, min_size=3, max_size=3))
def test_no_whole_number_point_is_lost_or_won(
    rows: list[tuple[list[float], int, float, int, int]], box: list[tuple[int, int]]
) -> None:
    """Enumerated from -3 to 4, and at the ends: the same points before and after, all between the implied bounds.

    Sides are near 0 or near a large coefficient.
    """
    given_rows = []
    for values, column, coefficient, off, kind in rows:
        entries = [coefficient if j == column else value for j, value in enumerate(values)]
        side = off + (coefficient if kind % 2 else 0.0)
        given_rows.append((entries, *[(-INF, side), (side, INF), (side, side + 3)][kind // 2]))
    model = named([0] * 3, given_rows, [(low, low + width, 1) for low, width in box])
    tight, (lower, highest) = tighten(model), propagate(model)
    x = np.array(list(itertools.product(*({*range(-3, 5), low, low + width} for low, width in box))), dtype=float)
    before, after = allows(model, x), allows(tight, x)
    assert np.array_equal(before, after), x[before != after][0]
    assert np.all((lower <= x[before]) & (x[before] <= highest))


def allows(model: Compiled, x: NDArray[np.float64]) -> NDArray[np.bool_]:
    activity = x @ model.matrix.toarray().T
    in_rows = (activity >= model.row_lower) & (activity <= model.row_upper)
    inside = (x >= model.lower) & (x <= model.upper)
    allowed: NDArray[np.bool_] = in_rows.all(axis=1) & inside.all(axis=1)
    return allowed


@pytest.mark.parametrize("columns", [0, 3])
def test_a_model_without_entries_comes_back(columns: int) -> None:
    model = named([1] * columns, [], [(0, INF, 1)] * columns)
    assert tighten(model) is model
