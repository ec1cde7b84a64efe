"""The warm LP against an independent solver, as it is changed, and what it says when things go wrong."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from gst_opt.core.errors import SolverError
from gst_opt.solve import once, workers
from gst_opt.solve.interrupts import Cancellation, Interruption
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import Basis, LpAnswer, LpStatus, judged
from gst_opt.solve.lp_data import LpData

Floats = NDArray[np.float64]
INF = np.inf


class Mirror:
    """A dense copy of a linear problem, changed by itself and solved by scipy, cold."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        rows, columns = int(random.integers(1, 8)), int(random.integers(2, 11))
        self.matrix = self.block(rows, columns)
        self.costs = self.whole(-3, 10, columns)
        self.lower, self.upper = self.bounds(columns)
        self.row_lower, self.row_upper = self.sides(rows)

    def whole(self, low: int, high: int, count: int) -> Floats:
        return self.random.integers(low, high, count).astype(float)

    def block(self, rows: int, columns: int) -> Floats:
        values = self.random.integers(-3, 6, (rows, columns)).astype(float)
        return values * (self.random.random((rows, columns)) < 0.6)

    def bounds(self, count: int) -> tuple[Floats, Floats]:
        lower = self.random.choice([0.0, 0.0, 0.0, -4.0, -INF], count)
        return lower, np.where(self.random.random(count) < 0.5, INF, np.maximum(lower, 0.0) + self.whole(0, 8, count))

    def sides(self, count: int) -> tuple[Floats, Floats]:
        lower = self.whole(-8, 6, count)
        upper = lower + self.whole(0, 9, count)
        kind = self.random.integers(0, 3, count)
        return np.where(kind == 0, -INF, lower), np.where(kind == 1, INF, upper)

    def start(self) -> WarmLp:
        return WarmLp(self.costs, self.lower, self.upper, self.matrix, self.row_lower, self.row_upper)

    def change(self, lp: WarmLp) -> None:
        """Make one random change here and there."""
        rows, columns = self.matrix.shape
        some_columns = self.random.permutation(columns)[: int(self.random.integers(1, 4))]
        some_rows = self.random.permutation(rows)[: int(self.random.integers(1, 3))]
        match int(self.random.integers(0, 6)):
            case 0:
                self.costs[some_columns] = self.whole(-3, 10, len(some_columns))
                lp.change_costs(some_columns, self.costs[some_columns])
            case 1:
                self.lower[some_columns], self.upper[some_columns] = self.bounds(len(some_columns))
                lp.change_bounds(some_columns, self.lower[some_columns], self.upper[some_columns])
            case 2:
                self.row_lower[some_rows], self.row_upper[some_rows] = self.sides(len(some_rows))
                lp.change_sides(some_rows, self.row_lower[some_rows], self.row_upper[some_rows])
            case 3:
                block, (low, high) = self.block(2, columns), self.sides(2)
                self.matrix = np.vstack([self.matrix, block])
                self.row_lower, self.row_upper = np.append(self.row_lower, low), np.append(self.row_upper, high)
                lp.add_rows(block, low, high)
            case 4:
                block, costs, (low, high) = self.block(rows, 2), self.whole(-2, 10, 2), self.bounds(2)
                self.matrix, self.costs = np.hstack([self.matrix, block]), np.append(self.costs, costs)
                self.lower, self.upper = np.append(self.lower, low), np.append(self.upper, high)
                lp.add_columns(block, costs, low, high)
            case _:
                self.matrix = np.delete(self.matrix, some_rows, axis=0)
                self.row_lower = np.delete(self.row_lower, some_rows)
                self.row_upper = np.delete(self.row_upper, some_rows)
                lp.delete_rows(some_rows)

    def solve(self) -> tuple[LpStatus, float]:
        if self._scipy(np.zeros_like(self.costs)) is None:
            return LpStatus.INFEASIBLE, INF
        value = self._scipy(self.costs)
        return (LpStatus.UNBOUNDED, -INF) if value is None else (LpStatus.OPTIMAL, value)

    def _scipy(self, costs: Floats) -> float | None:
        """Return the optimum, or None (a problem with an optimum of zero costs is feasible, one without is not)."""
        low, high = np.isfinite(self.row_lower), np.isfinite(self.row_upper)
        found = linprog(
            costs,
            np.vstack([self.matrix[high], -self.matrix[low]]),
            np.append(self.row_upper[high], -self.row_lower[low]),
            bounds=np.column_stack([self.lower, self.upper]),
            options={"presolve": False},
        )
        assert found.status in (0, 2, 3, 4)
        return float(found.fun) if found.status == 0 else None


def agrees(mirror: Mirror, answer: LpAnswer) -> bool:
    """Compare an answer with scipy's, and return whether its bound proves it."""
    status, value = mirror.solve()
    assert answer.status is status
    if status is not LpStatus.OPTIMAL:
        assert answer.objective == value
        assert answer.bound <= value
        return answer.ray is not None
    assert answer.bound <= value + 1e-9 * max(1.0, abs(value))
    assert answer.objective == pytest.approx(value, abs=1e-6, rel=1e-6)
    assert answer.x is not None
    assert answer.duals is not None
    assert answer.reduced_costs is not None
    assert np.all((answer.duals <= 1e-6) | np.isfinite(mirror.row_lower))
    assert np.all((answer.duals >= -1e-6) | np.isfinite(mirror.row_upper))
    assert answer.reduced_costs == pytest.approx(mirror.costs - mirror.matrix.T @ answer.duals, abs=1e-9)
    return answer.gap <= 1e-5


def run_against_scipy(seeds: range) -> tuple[int, int, dict[LpStatus, int]]:
    """Return how many solves there were, how many were proven, and how many ended in which way."""
    proven, ends = 0, dict.fromkeys(LpStatus, 0)
    for seed in seeds:
        mirror = Mirror(np.random.default_rng(seed))
        with mirror.start() as lp:
            for _ in range(7):
                answer = lp.solve()
                ends[answer.status] += 1
                proven += agrees(mirror, answer)
                for _ in range(int(mirror.random.integers(1, 4))):
                    mirror.change(lp)
    return sum(ends.values()), proven, ends


def test_random_changes_agree_with_scipy() -> None:
    solves, proven, ends = run_against_scipy(range(40))
    assert proven >= 0.95 * solves
    assert min(ends[status] for status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE, LpStatus.UNBOUNDED)) >= 10


@pytest.mark.slow
def test_many_random_changes_agree_with_scipy() -> None:
    solves, proven, ends = run_against_scipy(range(1000, 1200))
    assert solves == 1400
    assert proven >= 0.9 * solves, f"{proven} of {solves} proven; {ends}"


def two_columns() -> WarmLp:
    """Minimise 2 a + 3 b with a + b >= 4 and a <= 3: a = 3, b = 1, 9 in all."""
    return WarmLp([2.0, 3.0], 0.0, [3.0, INF], [[1.0, 1.0]], 4.0, INF)


def optimal(answer: LpAnswer, value: float) -> LpAnswer:
    assert answer.status is LpStatus.OPTIMAL
    assert answer.objective == pytest.approx(value, abs=1e-9)
    assert answer.bound == pytest.approx(value, rel=1e-9)
    assert answer.bound <= value
    return answer


def test_a_dual_is_what_one_more_unit_of_the_side_costs() -> None:
    with two_columns() as lp:
        answer = optimal(lp.solve(), 9.0)
        assert answer.x is not None
        assert answer.duals is not None
        assert answer.reduced_costs is not None
        assert answer.x.tolist() == [3.0, 1.0]
        assert answer.duals.tolist() == [3.0]  # b covers one unit more
        assert answer.reduced_costs.tolist() == [-1.0, 0.0]  # one unit more of a replaces one of b
        lp.change_sides([0], 4.5, INF)
        optimal(lp.solve(), 9.0 + 0.5 * 3.0)
        lp.change_bounds([0], 0.0, 3.25)
        optimal(lp.solve(), 9.0 + 0.5 * 3.0 - 0.25)
        lp.change_sides([0], -INF, 4.0)
        lp.change_costs([0, 1], [-2.0, -3.0])
        answer = optimal(lp.solve(), -12.0)
        assert answer.duals is not None
        assert answer.duals.tolist() == [-3.0]


def test_a_bound_holds_for_any_multipliers() -> None:
    """No multipliers, however wrong, prove more than the optimum, and those of the optimum prove it."""
    random = np.random.default_rng(0)
    for seed in range(40):
        mirror = Mirror(np.random.default_rng(seed))
        status, value = mirror.solve()
        data = LpData(mirror.costs, mirror.lower, mirror.upper, mirror.matrix, mirror.row_lower, mirror.row_upper)
        for scale in (0.0, 1e-12, 1.0, 1e6):
            duals = scale * random.normal(size=len(mirror.row_lower))
            if status is not LpStatus.UNBOUNDED:  # there, what is within reach still has a bound
                assert data.bound(duals) <= value + 1e-9 * max(1.0, abs(value))
            if status is not LpStatus.INFEASIBLE:
                assert not data.proves_infeasible(duals)
    assert LpData([1.0], 0.0, 1.0, [[1.0]], 0.0, 1.0).bound(np.array([np.nan])) == -INF


def test_a_reduced_cost_of_the_wrong_sign_by_a_little_costs_a_little() -> None:
    """Two columns without an upper bound and duals 1e-9 too large: scaled, or the bound of the row is used."""
    priced = LpData([1.0, 1.0], 0.0, INF, [[1.0, 1.0]], 4.0, INF)
    assert 4.0 - 1e-8 < priced.bound(np.array([1.0 + 1e-9])) <= 4.0
    free = LpData([0.0, 1.0], 0.0, INF, [[1.0, 1.0], [1.0, 0.0]], [4.0, 0.0], [INF, 3.0])
    assert 1.0 - 1e-8 < free.bound(np.array([1.0 + 1e-9, -1.0])) <= 1.0


CHVATAL = (100, np.array([45, 36, 31, 14]), np.array([97.0, 610.0, 395.0, 211.0]), 452.25)
"""Chvatal (1983), Linear Programming, chapter 13: width of a roll, widths ordered, numbers, rolls of the relaxation."""


def best_pattern(width: int, sizes: NDArray[np.int_], values: Floats) -> Floats:
    """Fill a roll with the most value: an unbounded knapsack by dynamic programming."""
    best, last = np.zeros(width + 1), np.full(width + 1, -1)
    for room in range(1, width + 1):
        best[room] = best[room - 1]
        for item, size in enumerate(sizes.tolist()):
            if size <= room and best[room - size] + values[item] > best[room] + 1e-12:
                best[room], last[room] = best[room - size] + values[item], item
    pattern, room = np.zeros(len(sizes)), width
    while room > 0:
        if last[room] < 0:
            room -= 1
        else:
            pattern[last[room]] += 1
            room -= int(sizes[last[room]])
    return pattern


def test_columns_are_generated_until_none_is_worth_it() -> None:
    width, sizes, ordered, rolls = CHVATAL
    with WarmLp(np.ones(4), 0.0, INF, np.diag(width // sizes), ordered, INF) as lp:
        for _ in range(30):
            answer = lp.solve()
            assert answer.duals is not None
            assert answer.gap <= 1e-9
            pattern = best_pattern(width, sizes, answer.duals)
            if answer.duals @ pattern <= 1.0 + 1e-9:
                break
            lp.add_columns(csr_array(pattern[:, None]), 1.0, 0.0, INF)
        assert answer.objective == pytest.approx(rolls, abs=1e-9)
        assert answer.bound == pytest.approx(rolls, abs=1e-6)


def test_rows_are_cut_until_none_is_broken_and_slack_ones_are_deleted() -> None:
    """The largest independent set of a wheel of seven spokes: 3.5 by edges, 3 by the odd cycle and its hub."""
    rim = [(spoke, (spoke + 1) % 7) for spoke in range(7)]
    edges = [*rim, *((spoke, 7) for spoke in range(7))]
    matrix = np.zeros((len(edges), 8))
    for row, pair in enumerate(edges):
        matrix[row, list(pair)] = 1.0
    cuts = [np.append(np.ones(7), 3.0), np.append(np.ones(7), 0.0)]  # the lifted odd cycle, and the plain one
    with WarmLp(-np.ones(8), 0.0, 1.0, matrix, -INF, 1.0) as lp:
        answer = optimal(lp.solve(), -4.0)
        rounds = 0
        while broken := [cut for cut in reversed(cuts) if answer.x is not None and cut @ answer.x > 3.0 + 1e-6]:
            lp.add_rows(np.array(broken[:1]), -INF, 3.0)
            answer = lp.solve()
            rounds += 1
        optimal(answer, -3.0)
        assert rounds <= 2
        basis = lp.solve(basis=True).basis
        assert basis is not None
        slack = np.flatnonzero(basis.rows == 1)
        lp.delete_rows(slack)
        assert lp.shape == (len(edges) + rounds - len(slack), 8)
        assert optimal(lp.solve(), -3.0).iterations == 0


def test_a_saved_basis_needs_no_iteration_and_takes_in_what_was_added() -> None:
    random = np.random.default_rng(3)
    matrix = random.integers(0, 5, (12, 30)).astype(float)
    with WarmLp(random.integers(5, 30, 30).astype(float), 0.0, 9.0, matrix, 40.0, INF) as lp:
        root = lp.solve(basis=True)
        assert root.basis is not None
        assert int(np.sum(root.basis.columns == 1) + np.sum(root.basis.rows == 1)) == 12
        assert root.x is not None
        used = np.flatnonzero(root.x > 1.0)
        lp.change_bounds(used, 0.0, 0.5)
        assert lp.solve().iterations > 0
        lp.change_bounds(used, 0.0, 9.0)
        lp.set_basis(root.basis)
        assert optimal(lp.solve(), root.objective).iterations == 0
        lp.add_rows(np.ones((1, 30)), 0.0, 300.0)
        lp.add_columns(np.ones((13, 1)), 1000.0, -INF, 2.0)
        lp.change_bounds([30], 0.0, 2.0)
        lp.set_basis(root.basis)
        assert optimal(lp.solve(), root.objective).iterations == 0
        with pytest.raises(SolverError, match="32"):
            lp.set_basis(Basis(np.zeros(32, np.int8), np.zeros(13, np.int8)))
        with pytest.raises(SolverError, match="rows"):
            lp.set_basis(Basis(np.zeros(3, np.int8), np.full(13, 7, np.int8)))


def test_infeasible_comes_with_multipliers_that_prove_it() -> None:
    with two_columns() as lp:
        lp.add_rows([[2.0, 1.0]], -INF, 1.0)
        answer = lp.solve()
        assert (answer.status, answer.objective, answer.bound) == (LpStatus.INFEASIBLE, INF, INF)
        assert answer.ray is not None
        first, second = answer.ray
        assert first > 0 > second
        assert answer.x is None
        lp.change_sides([1], -INF, 10.0)
        optimal(lp.solve(), 9.0)


def test_unbounded_comes_with_a_direction() -> None:
    with two_columns() as lp:
        lp.change_costs([1], [-1.0])
        answer = lp.solve()
        assert (answer.status, answer.objective, answer.bound, answer.gap) == (LpStatus.UNBOUNDED, -INF, -INF, INF)
        assert answer.ray is not None
        assert answer.ray[1] > 0
        lp.add_rows([[0.0, 1.0]], -INF, 10.0)
        optimal(lp.solve(), -10.0)


def test_problems_without_columns_or_rows() -> None:
    with WarmLp([], [], [], np.empty((2, 0)), [0.0, -1.0], [INF, 5.0]) as lp:
        assert lp.solve().status is LpStatus.OPTIMAL
        lp.change_sides([0], 3.0, INF)
        assert lp.solve().status is LpStatus.INFEASIBLE
        lp.add_columns([[1.0], [1.0]], 2.0, 0.0, INF)
        optimal(lp.solve(), 6.0)
        lp.delete_rows([1, 0])
        optimal(lp.solve(), 0.0)


NAN = float("nan")


@pytest.mark.parametrize("wrong", [NAN, INF, -INF, 1e20, 1e300])
def test_costs_that_are_not_finite_are_refused(wrong: float) -> None:
    with two_columns() as lp, pytest.raises(SolverError, match=r"costs\[1\]"):
        lp.change_costs([0, 1], [1.0, wrong])
    with pytest.raises(SolverError, match=r"costs\[0\]"):
        WarmLp([wrong], 0.0, 1.0, [[1.0]], 0.0, 1.0)


@pytest.mark.parametrize("wrong", [NAN, INF, -INF, 1e-12, 1e16])
def test_coefficients_that_a_solver_drops_or_drowns_in_are_refused(wrong: float) -> None:
    with two_columns() as lp:
        with pytest.raises(SolverError, match=r"matrix\[1\]"):
            lp.add_rows([[1.0, wrong]], 0.0, 1.0)
        with pytest.raises(SolverError, match="matrix"):
            lp.add_columns([[wrong]], 0.0, 0.0, 1.0)
        optimal(lp.solve(), 9.0)


@pytest.mark.parametrize(
    ("lower", "upper"), [(NAN, 1.0), (0.0, NAN), (INF, INF), (-INF, -INF), (2.0, 1.0), (1e20, INF)]
)
def test_bounds_and_sides_that_cannot_be_are_refused(lower: float, upper: float) -> None:
    with two_columns() as lp:
        for change in (lp.change_bounds, lp.change_sides):
            with pytest.raises(SolverError, match=r"\[0\]"):
                change([0], lower, upper)
        with pytest.raises(SolverError, match="bounds"):
            lp.add_columns([[1.0]], 0.0, lower, upper)
        optimal(lp.solve(), 9.0)


@pytest.mark.parametrize("where", [[2], [-1], [0, 0], [0.5], [[0]]])
def test_positions_that_do_not_exist_are_refused(where: list[int]) -> None:
    with two_columns() as lp:
        for change in (lp.delete_rows, lambda w: lp.change_costs(w, 1.0), lambda w: lp.change_sides(w, 0.0, 1.0)):
            with pytest.raises(SolverError):
                change(where)
        with pytest.raises(SolverError, match="matrix"):
            lp.add_rows([[1.0, 1.0, 1.0]], 0.0, 1.0)
        optimal(lp.solve(), 9.0)


def process_of(lp: WarmLp) -> int:
    worker = lp._worker
    assert isinstance(worker, workers.ProcessWorker)
    return worker._process.pid


def test_a_killed_worker_is_replaced_and_nothing_is_lost() -> None:
    mirror = Mirror(np.random.default_rng(5))
    with mirror.start() as lp:
        agrees(mirror, lp.solve())
        for _ in range(3):
            first = process_of(lp)
            os.kill(first, signal.SIGKILL)
            mirror.change(lp)
            agrees(mirror, lp.solve())
            assert process_of(lp) != first


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals that stop a process")
def test_a_silent_worker_is_killed_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "GRACE_SECONDS", 0.2)
    with two_columns() as lp:
        optimal(lp.solve(), 9.0)
        for cancelled, expected in ((None, LpStatus.LIMIT), (Cancellation(), LpStatus.INTERRUPT)):
            os.kill(process_of(lp), signal.SIGSTOP)
            started = time.monotonic()
            if cancelled is not None:
                threading.Timer(0.1, cancelled.cancel).start()
            lp.change_costs([0], [1.0])
            answer = lp.solve(0.1 if cancelled is None else None, cancelled=cancelled)
            assert answer.status is expected
            assert time.monotonic() - started < 3.0
            assert (answer.x, answer.bound) == (None, -INF)
            optimal(lp.solve(), 6.0)


def test_a_cancellation_that_was_made_before_stops_at_once() -> None:
    stop = Cancellation()
    stop.cancel()
    with two_columns() as lp:
        for cancelled in (stop, Interruption(stop)):
            assert lp.solve(cancelled=cancelled).status is LpStatus.INTERRUPT
        optimal(lp.solve(), 9.0)


def test_thousands_of_single_changes_travel_together_to_the_same_worker() -> None:
    """The last of each counts; the basis stays, so little is left to do."""
    mirror = Mirror(np.random.default_rng(3))
    with mirror.start() as lp:
        lp.solve()
        first, columns = process_of(lp), len(mirror.costs)
        for turn in range(6000):
            column, cost = turn % columns, float(turn % 7)
            mirror.costs[column] = cost
            mirror.lower[column], mirror.upper[column] = -1.0 - turn % 3, 1.0 + turn % 3
            lp.change_costs([column], [cost])
            lp.change_bounds([column], mirror.lower[[column]], mirror.upper[[column]])
        assert len(lp._steps) <= 2
        agrees(mirror, lp.solve())
        assert process_of(lp) == first


def test_rows_that_come_and_go_many_times_reach_the_same_worker() -> None:
    """x + y >= 4 has cuts x + y >= 4 + k/100 put below it and the row above taken away, 600 times: 10 at the end."""
    with two_columns() as lp:
        optimal(lp.solve(), 9.0)
        first = process_of(lp)
        for k in range(1, 601):
            lp.change_sides([0], -1.0, 4 + k)
            lp.add_rows([[1.0, 1.0]], 4 + k / 100, INF)
            lp.delete_rows([0])
        assert len(lp._steps) > 1000
        optimal(lp.solve(), 2 * 3.0 + 3 * 7.0)
        assert process_of(lp) == first
        lp.change_sides([0], 4.0, INF)
        lp.add_rows([[1.0, 0.0]], -INF, 2.0)
        lp.add_rows([[0.0, 1.0], [1.0, 1.0]], -INF, [9.0, 20.0])
        lp.change_sides([1, 3], -INF, [1.0, 21.0])
        optimal(lp.solve(), 2 * 1.0 + 3 * 3.0)
        assert lp.shape == (4, 2)


def test_an_exception_while_waiting_leaves_a_problem_that_can_be_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object, seconds: float) -> None:
        raise KeyboardInterrupt

    with two_columns() as lp:
        optimal(lp.solve(), 9.0)
        with monkeypatch.context() as patch:
            patch.setattr(workers.ProcessWorker, "next_frame", interrupted)
            with pytest.raises(KeyboardInterrupt):
                lp.solve()
        optimal(lp.solve(), 9.0)


@pytest.fixture(scope="module")
def heavy() -> Iterator[WarmLp]:
    """A covering problem that takes a second or so."""
    random = np.random.default_rng(1)
    matrix = np.round(random.random((500, 3000)), 3) * (random.random((500, 3000)) < 0.05)
    with WarmLp(np.round(random.random(3000) + 0.1, 3), 0.0, 1.0, matrix, 0.25 * matrix.sum(axis=1), INF) as lp:
        yield lp


def test_a_time_limit_is_kept_its_bound_proven_and_the_next_solve_goes_on(heavy: WarmLp) -> None:
    started = time.monotonic()
    cut = [heavy.solve(seconds) for seconds in (0.0, 0.05, 0.05)]
    assert time.monotonic() - started < 2.0
    assert {answer.status for answer in cut} == {LpStatus.LIMIT}
    last = heavy.solve()
    assert last.status is LpStatus.OPTIMAL
    assert last.gap <= 1e-6
    assert all(answer.bound <= last.objective <= answer.objective for answer in cut)
    assert max(answer.bound for answer in cut) > -INF


def test_a_worker_killed_while_it_solves_is_replaced(heavy: WarmLp) -> None:
    value = heavy.solve().objective
    heavy.set_basis(Basis(np.zeros(0, np.int8), np.zeros(0, np.int8)))  # from the beginning
    first = process_of(heavy)
    killer = threading.Timer(0.05, os.kill, (first, signal.SIGKILL))
    killer.start()
    answer = heavy.solve()
    killer.join()
    assert process_of(heavy) != first
    assert answer.objective == pytest.approx(value, rel=1e-7)


def test_problems_side_by_side_have_a_worker_each_and_give_it_back() -> None:
    with two_columns() as one, two_columns() as other:
        optimal(one.solve(), 9.0)
        other.change_costs([0], [1.0])
        optimal(other.solve(), 6.0)
        optimal(one.solve(), 9.0)
        lent = {process_of(one), process_of(other)}
        assert len(lent) == 2
    with two_columns() as third:
        optimal(third.solve(), 9.0)
        assert process_of(third) in lent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_solves_with_a_worker_of_its_own() -> None:
    with two_columns() as lp:
        optimal(lp.solve(), 9.0)
        mine = process_of(lp)
        child = os.fork()
        if child == 0:
            answer = lp.solve()
            os._exit(int(answer.objective) if process_of(lp) != mine else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        optimal(lp.solve(), 9.0)
        assert process_of(lp) == mine


def test_the_end_of_every_way_to_end_is_known() -> None:
    """What HiGHS may say is an optimum, a proof or a limit; anything else is a fault."""
    data = LpData([1.0, 1.0], 0.0, 1.0, [[1.0, 1.0]], 1.0, INF)
    arrays = {"x": np.array([1.0, 0.0]), "duals": np.ones(1)}
    for said in ("kModelEmpty", "kUnknown", "kSolveError", "kNotset", "kUnboundedOrInfeasible", "refused"):
        answer, sure = judged(({"status": said, "sound": True, "iterations": 0}, arrays), data)
        assert (answer.status, sure) == (LpStatus.FAULT, False)
    for sound, x, expected in (
        (True, 1.0, LpStatus.OPTIMAL),
        (False, 1.0, LpStatus.FAULT),
        (True, 0.5, LpStatus.FAULT),
    ):
        frame = ({"status": "kOptimal", "sound": sound, "iterations": 0}, arrays | {"x": np.array([x, 0.0])})
        assert judged(frame, data)[0].status is expected
    wrong = ({"status": "kOptimal", "sound": True, "iterations": 0}, arrays | {"duals": np.zeros(1)})
    assert judged(wrong, data)[1] is False  # an optimum of 1 with a bound of 0 is solved once more
    nan = ({"status": "kOptimal", "sound": True, "iterations": 0}, {"x": np.array([np.nan, 1.0]), "duals": np.ones(1)})
    assert judged(nan, data)[0].status is LpStatus.FAULT
