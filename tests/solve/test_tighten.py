"""What the rows imply is derived, exactly: no whole-number point is lost, and big-Ms become what they need to be."""

import itertools

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named
from hypothesis import given
from hypothesis import strategies as st

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


coefficient = st.sampled_from([-2e6, -1e4, -7.0, -1.0, 0.0, 0.0, 1.0, 3.0, 2e4, 1e6])


@given(
    st.lists(st.tuples(st.lists(coefficient, min_size=4, max_size=4), st.integers(-9, 9), st.integers(0, 2))),
    st.lists(st.sampled_from([1.0, 2.0, 1e10]), min_size=4, max_size=4),
)
def test_no_whole_number_point_is_lost_or_won(rows: list[tuple[list[float], int, int]], upper: list[float]) -> None:
    """Enumerated over {0, 1, 2, 3}^4: the same points before and after, and all of them between the implied bounds."""
    sides = [(-INF, float(side)) if kind == 0 else (float(side), INF) for _, side, kind in rows]
    sides = [
        (low, low + 3) if kind == 2 else (low, high) for (low, high), (_, _, kind) in zip(sides, rows, strict=True)
    ]
    given_rows = [(values, low, high) for (values, _, _), (low, high) in zip(rows, sides, strict=True)]
    model = named([0] * 4, given_rows, [(0, bound, 1) for bound in upper])
    tight, (lower, highest) = tighten(model), propagate(model)
    for x in itertools.product(range(4), repeat=4):
        point = np.array(x, dtype=float)
        assert allows(model, point) == allows(tight, point), x
        if allows(model, point):
            assert np.all(lower <= point), x
            assert np.all(point <= highest), x


def allows(model: Compiled, x: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
    activity = model.matrix @ x
    inside = np.all(activity >= model.row_lower) and np.all(activity <= model.row_upper)
    return bool(inside and np.all(x >= model.lower) and np.all(x <= model.upper))


@pytest.mark.parametrize("columns", [0, 3])
def test_a_model_without_entries_comes_back(columns: int) -> None:
    model = named([1] * columns, [], [(0, INF, 1)] * columns)
    assert tighten(model) is model
