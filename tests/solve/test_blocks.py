"""Blocks tied by rows: their bound is between the relaxation's and the optimum; their plan keeps what ties them."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import Ended
from gst_opt.solve.blocks import Blocks
from gst_opt.solve.components import Part
from gst_opt.solve.lazy import LazyRelaxation
from gst_opt.solve.mixed import minimise_mixed
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import Aim, holds, standard_form

LIMITS = Limits(gap=0.0, deadline=None, seed=0)


def scanner_and_loan(staff: float) -> tuple[Part, Floats]:
    """A scanner (10 MAD) does up to 4 of 3 scans, each left undone 6 MAD; hours of staff not needed are lent for 1 MAD.

    Columns: scanner open, scans done, scans left; hours lent, at most 10. One hour a scan; `staff` hours in all.
    """
    matrix = csr_array(np.array([[0.0, 1.0, 1.0, 0.0], [-4.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]]))
    part = Part(
        columns=np.arange(4),
        rows=np.arange(3),
        matrix=matrix,
        row_lower=np.array([3.0, -np.inf, -np.inf]),
        row_upper=np.array([3.0, 0.0, staff]),
        lower=np.zeros(4),
        upper=np.array([1.0, 3.0, 3.0, 10.0]),
        integer=np.array([True, False, False, False]),
        costs={},
        together=np.array([0, 0, 0, 1]),
    )
    return part, np.array([10.0, 0.0, 6.0, -1.0])


def drawn(seed: int) -> tuple[Part, Floats]:
    """Three blocks of three 0/1 columns, a row in each, and two rows that tie them."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((5, 9))
    for block in range(3):
        matrix[block, 3 * block : 3 * block + 3] = rng.integers(1, 6, 3)
    matrix[3:] = rng.integers(0, 4, (2, 9))
    part = Part(
        columns=np.arange(9),
        rows=np.arange(5),
        matrix=csr_array(matrix),
        row_lower=np.append(rng.integers(1, 5, 3).astype(float), [-np.inf, -np.inf]),
        row_upper=np.append(np.full(3, np.inf), rng.integers(6, 12, 2).astype(float)),
        lower=np.zeros(9),
        upper=np.ones(9),
        integer=np.ones(9, dtype=np.bool_),
        costs={},
        together=np.repeat([0, 1, 2], 3),
    )
    return part, rng.integers(1, 10, 9).astype(float)


def least(part: Part, costs: Floats) -> float:
    """Return the optimum of 0/1 columns by enumeration; infinity where there is no point."""
    points = (np.array(point, dtype=np.float64) for point in itertools.product((0.0, 1.0), repeat=len(costs)))
    return min((float(costs @ x) for x in points if holds(part, x)), default=np.inf)


def test_a_scanner_is_bought_whole() -> None:
    """With 8 hours: the relaxation buys 3/4 of a scanner, 7.5 - 5 lent; the bound of the blocks buys it, 10 - 5."""
    part, costs = scanner_and_loan(8.0)
    with LazyRelaxation(part, standard_form(part, costs), LIMITS) as relaxation:
        assert relaxation.solve()
        assert relaxation.bound == pytest.approx(2.5)
        assert Blocks(part, standard_form(part, costs), relaxation, LIMITS).bound(np.inf) == pytest.approx(5.0)


def test_the_plan_of_blocks_lends_what_the_scanner_leaves() -> None:
    part, costs = scanner_and_loan(8.0)
    with LazyRelaxation(part, standard_form(part, costs), LIMITS) as relaxation:
        assert relaxation.solve()
        x = Blocks(part, standard_form(part, costs), relaxation, LIMITS).plan(10.0)
        assert x == pytest.approx([1.0, 3.0, 0.0, 5.0])
        assert relaxation.solve()
        assert relaxation.x[0] == pytest.approx(0.75)


def test_a_block_that_takes_too_much_is_decided_within_what_the_others_leave() -> None:
    """A theatre (gain 10) takes 6 of 10.5 hours; a scanner 5, or a small one 4, does the 0.8 that is needed.

    The relaxation has 0.8 scanners (1 MAD each), and hours to spare, so that they have no price: the whole scanner does
    not fit beside the theatre, the small one (1.5 MAD) does. Columns: theatre; scanner, small scanner, done, left.
    """
    matrix = np.array([[0.0, 0.0, 0.0, 1.0, 1.0], [0.0, -1.0, -0.8, 1.0, 0.0], [6.0, 5.0, 4.0, 0.0, 0.0]])
    part = Part(
        columns=np.arange(5),
        rows=np.arange(3),
        matrix=csr_array(matrix),
        row_lower=np.array([0.8, -np.inf, -np.inf]),
        row_upper=np.array([0.8, 0.0, 10.5]),
        lower=np.zeros(5),
        upper=np.ones(5),
        integer=np.array([True, True, True, False, False]),
        costs={},
        together=np.array([0, 1, 1, 1, 1]),
    )
    costs = np.array([-10.0, 1.0, 1.5, 0.0, 10.0])
    with LazyRelaxation(part, standard_form(part, costs), LIMITS) as relaxation:
        assert relaxation.solve()
        assert relaxation.bound == pytest.approx(-9.2)
        x = Blocks(part, standard_form(part, costs), relaxation, LIMITS).plan(1e4)
        assert x == pytest.approx([1.0, 0.0, 1.0, 0.8, 0.0])


def test_a_block_that_nothing_fits_is_left_open() -> None:
    """One hour of staff does one scan: no whole choice of the scanner is forbidden, and none is forced."""
    part, costs = scanner_and_loan(1.0)
    with LazyRelaxation(part, standard_form(part, costs), LIMITS) as relaxation:
        assert relaxation.solve()
        x = Blocks(part, standard_form(part, costs), relaxation, LIMITS).plan(10.0)
        assert holds(standard_form(part, costs).relaxed(), x)


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_blocks_is_between_the_relaxation_and_the_optimum(seed: int) -> None:
    part, costs = drawn(seed)
    problem, optimum = standard_form(part, costs), least(part, costs)
    with LazyRelaxation(part, problem, LIMITS) as relaxation:
        if not relaxation.solve():
            assert optimum == np.inf
            return
        bound = Blocks(part, problem, relaxation, LIMITS).bound(np.inf)
    assert relaxation.bound - 1e-6 <= bound <= optimum + 1e-6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bound_proven_beside_is_that_of_the_relaxation_as_it_stood(seed: int) -> None:
    """Begun before the plan of the blocks fixes and frees what it likes, and other costs come and go."""
    part, costs = drawn(seed)
    problem, two = standard_form(part, costs), replace(LIMITS, workers=2)
    with LazyRelaxation(part, problem, two) as relaxation, Blocks(part, problem, relaxation, two) as blocks:
        assert relaxation.solve()
        alone = Blocks(part, problem, relaxation, LIMITS).bound(np.inf)
        blocks.begin(0.0)
        blocks.plan(10.0)
        relaxation.turn(-costs)
        assert relaxation.solve()
        assert blocks.bound(np.inf) == pytest.approx(alone, rel=1e-9)


def test_a_bound_that_nobody_waits_for_ends_with_the_blocks() -> None:
    part, costs = drawn(1)
    problem, two = standard_form(part, costs), replace(LIMITS, workers=2)
    with LazyRelaxation(part, problem, two) as relaxation:
        assert relaxation.solve()
        with Blocks(part, problem, relaxation, two) as blocks:
            blocks.begin(0.0)
        assert blocks.bound(np.inf) <= least(part, costs)
    assert not two.cancelled.is_set()


def test_a_problem_without_labels_has_no_blocks() -> None:
    part, costs = scanner_and_loan(8.0)
    part = replace(part, together=None)
    with LazyRelaxation(part, standard_form(part, costs), LIMITS) as relaxation:
        assert relaxation.solve()
        blocks = Blocks(part, standard_form(part, costs), relaxation, LIMITS)
        assert blocks.bound(np.inf) == -np.inf
        assert blocks.plan(10.0) == pytest.approx(relaxation.x)


def test_what_the_relaxation_uses_to_the_full_is_in_the_plan() -> None:
    """A second column of the block, at least 1, earns 50 a unit up to 3: its reduced cost is large, and it is used."""
    part, costs = scanner_and_loan(8.0)
    part = replace(
        part,
        columns=np.arange(5),
        matrix=csr_array(np.hstack([part.matrix.toarray(), [[0.0], [0.0], [0.0]]])),
        lower=np.append(part.lower, 1.0),
        upper=np.append(part.upper, 3.0),
        integer=np.append(part.integer, True),
        together=np.append(part.labels, 0),
    )
    problem = standard_form(part, np.append(costs, -50.0))
    with LazyRelaxation(part, problem, LIMITS) as relaxation:
        assert relaxation.solve()
        assert Blocks(part, problem, relaxation, LIMITS).plan(10.0) == pytest.approx([1.0, 3.0, 0.0, 5.0, 3.0])


def test_rows_that_leave_no_point_stop_nothing() -> None:
    """x + y = 1.5 has no whole numbers; x + y <= 1, which only tightens, leaves the relaxation without a point too."""
    part, costs = scanner_and_loan(8.0)
    part = replace(
        part,
        rows=np.arange(5),
        matrix=csr_array(np.vstack([part.matrix.toarray(), [[1.0, 0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0, 1.0]]])),
        row_lower=np.append(part.row_lower, [1.5, -np.inf]),
        row_upper=np.append(part.row_upper, [1.5, 1.0]),
        integer=np.array([True, False, False, True]),
        redundant=np.array([False, False, False, False, True]),
    )
    problem = standard_form(part, costs)
    with LazyRelaxation(part, problem, LIMITS) as relaxation:
        assert relaxation.solve()
        relaxation.tighten(0.0)
        assert relaxation.bound == np.inf
        blocks = Blocks(part, problem, relaxation, LIMITS)
        assert np.isfinite(blocks.plan(10.0)).all()
    assert minimise_mixed(part, costs, (), LIMITS, None, Aim()).ended is Ended.INFEASIBLE
