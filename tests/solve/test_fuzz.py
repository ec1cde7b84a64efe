"""The guard against a second solver, against itself without presolve and with other seeds, and against numbers."""

import time
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.bug_panel import INF, Named, guarded, named

from gst_opt.core.errors import SolverError
from gst_opt.model.linear import Floats
from gst_opt.solve import highs
from gst_opt.solve.belief import WITHOUT_PRESOLVE, Ended
from gst_opt.solve.highs import Run
from gst_opt.solve.once import Limits
from tests.solve.big_m import draw


def costs_of(model: Named) -> Floats:
    return model.terms["cost"].costs


def value(model: Named, seed: int = 0) -> float | None:
    """Return the least cost, proven and with a point that keeps the rows as drawn; None when there is no point."""
    run = guarded(model, Limits(0.0, None, seed))
    if run.ended is Ended.INFEASIBLE:
        return None
    assert run.ended is Ended.OPTIMAL
    assert run.x is not None
    assert run.bound is not None
    found = float(costs_of(model) @ run.x)
    assert run.bound == pytest.approx(found, rel=1e-6, abs=1e-5)
    activity = model.matrix @ run.x
    assert np.all(activity >= model.row_lower - 1e-5)
    assert np.all(activity <= model.row_upper + 1e-5)
    assert np.all(run.x[model.integer] == np.rint(run.x[model.integer]))
    return found


def by_scip(model: Named) -> float | None:
    """Return the least cost according to SCIP, its whole numbers made whole and the rest solved again."""
    pyscipopt = pytest.importorskip("pyscipopt", reason="the second solver is an extra of the tests")
    fixed: Floats | None = None
    for _ in range(2):
        solver = pyscipopt.Model()
        solver.hideOutput()
        solver.setParam("limits/gap", 0.0)
        low, high = model.lower.copy(), model.upper.copy()
        if fixed is not None:
            low[model.integer] = high[model.integer] = fixed[model.integer]
        x = [
            solver.addVar(lb=lower, ub=None if np.isinf(upper) else upper, vtype="I" if whole else "C")
            for lower, upper, whole in zip(low, high, model.integer, strict=True)
        ]
        matrix = model.matrix.toarray()
        for row, lower, upper in zip(matrix, model.row_lower, model.row_upper, strict=True):
            activity = pyscipopt.quicksum(float(row[column]) * x[column] for column in np.flatnonzero(row))
            if np.isfinite(lower):
                solver.addCons(activity >= float(lower))
            if np.isfinite(upper):
                solver.addCons(activity <= float(upper))
        costs = costs_of(model)
        solver.setObjective(pyscipopt.quicksum(float(costs[column]) * x[column] for column in range(len(x))))
        solver.optimize()
        if solver.getStatus() != "optimal":
            assert solver.getStatus() == "infeasible"
            return None
        fixed = np.rint([solver.getVal(column) for column in x])
    return float(solver.getObjVal())


def agree_with_scip(seeds: range) -> int:
    """Compare; return how many problems had no point."""
    impossible = 0
    for seed in seeds:
        model = draw(seed)
        expected, found = by_scip(model), value(model)
        if expected is None or found is None:
            assert expected == found, seed
            impossible += 1
        else:
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-5), seed
    return impossible


def test_big_m_problems_equal_a_second_solver() -> None:
    agree_with_scip(range(100))


@pytest.mark.slow
def test_2000_big_m_problems_equal_a_second_solver() -> None:
    assert 20 < agree_with_scip(range(2000)) < 1000, "some have no point, and are said so"


def differ(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Solve with three seeds, then without presolve."""
    values = [[value(draw(number), seed) for seed in range(3)] for number in seeds]
    with monkeypatch.context() as patch:
        patch.setattr(highs, "LADDER", (WITHOUT_PRESOLVE,))
        patch.setattr(highs, "LARGEST_SWITCH_WITHOUT_PRESOLVE", np.inf)
        for number, known in zip(seeds, values, strict=True):
            for found in (*known[1:], value(draw(number))):
                assert found == known[0] or found == pytest.approx(known[0], rel=1e-6, abs=1e-5), number


def test_presolve_and_seeds_change_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    differ(range(3000, 3012), monkeypatch)


@pytest.mark.slow
def test_presolve_and_seeds_change_no_value_of_300(monkeypatch: pytest.MonkeyPatch) -> None:
    differ(range(3000, 3300), monkeypatch)


def within(model: Named, seconds: float = 1.0) -> Run:
    started = time.monotonic()
    try:
        return guarded(model, Limits(1e-6, started + seconds, 0))
    finally:
        assert time.monotonic() - started < seconds + 5.0


def covering(bound: float) -> Named:
    rows = [([2.0, 3, 1, 4], 17.5, INF), ([1.0, 0, 5, 2], 9.0, INF), ([3.0, 1, 1, 0], 6.0, INF)]
    return named([5, 4, 6, 7], rows, [(0, bound, 1)] * 4)


@pytest.mark.parametrize("bound", [1e10, 1e12, 2e9, 1.1e6])
def test_a_bound_that_hangs_the_solver_is_refused(bound: float) -> None:
    with pytest.raises(SolverError, match=rf"x\[0\].*{bound:g}".replace("+", r"\+")):
        within(covering(bound))


@pytest.mark.parametrize("bound", [1e10, 1e12])
def test_a_bound_that_a_row_makes_small_is_no_matter(bound: float) -> None:
    model = covering(bound)
    limit = named([0] * 4, [([1, 1, 1, 1], -INF, 900)], [(0, bound, 1)] * 4)
    matrix = type(model.matrix)(np.vstack([model.matrix.toarray(), limit.matrix.toarray()]))
    limited = replace(
        model,
        matrix=matrix,
        row_lower=np.append(model.row_lower, -INF),
        row_upper=np.append(model.row_upper, 900),
        redundant=np.append(model.redundant, False),
    )
    run, small = within(limited), within(covering(100))
    assert (run.ended, run.bound) == (small.ended, small.bound) == (Ended.OPTIMAL, small.bound)


@pytest.mark.parametrize(("column", "expected"), [((0, 4.5, 1), -4), ((0.5, 4.5, 1), -4), ((-INF, 4.999, 1), -4)])
def test_a_bound_between_two_whole_numbers(column: tuple[float, ...], expected: float) -> None:
    run = within(named([-1], [([1], -INF, 10)], [column]))
    assert (run.ended, run.bound) == (Ended.OPTIMAL, expected)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (named([np.nan, 1], [([1, 1], 1, INF)], [(0, 5, 1)] * 2), r"x\[0\]"),
        (named([1, INF], [([1, 1], 1, INF)], [(0, 5, 1)] * 2), r"x\[1\]"),
        (named([1, 1], [([1, 1e-12], 1, INF)], [(0, 5, 1)] * 2), r"x\[1\] in row\[0\]"),
        (named([1, 1], [([1, 1e16], 1, INF)], [(0, 5), (0, 5)]), r"x\[1\] in row\[0\]"),
        (named([1, 1], [([1, np.nan], 1, INF)], [(0, 5, 1)] * 2), r"x\[1\] in row\[0\]"),
        (named([-1, 1], [([1, 1], 1, INF)], [(0, INF, 1), (0, 5, 1)]), r"x\[0\].*cost"),
        (named([1, 1], [([1, 1], -INF, 9)], [(-INF, 5), (0, 5, 1)]), r"x\[0\].*cost"),
        (named([0, 1], [([1, -1e6], -INF, 0)], [(0, INF), (0, 1, 1)]), r"x\[1\] opens row\[0\].*100000"),
    ],
)
def test_hostile_numbers_are_refused_by_name(model: Named, word: str) -> None:
    with pytest.raises(SolverError, match=word):
        within(model)


def test_a_big_m_of_a_million_without_presolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sites, 1.3 to be served, at most 0.6 and 0.7 each: both open, 5.6."""
    monkeypatch.setattr(highs, "LADDER", (WITHOUT_PRESOLVE,))
    rows = [([-1e6, 0.0, 1.0, 0.0], -INF, 0.0), ([0.0, -1e6, 0.0, 1.0], -INF, 0.0), ([0.0, 0.0, 1.0, 1.0], 1.3, INF)]
    model = named([2.5, 3.1, 0, 0], rows, [(0, 1, 1)] * 2 + [(0, 0.6), (0, 0.7)])
    run = within(model)
    assert run.ended is Ended.OPTIMAL
    assert run.bound == pytest.approx(5.6)


def test_unbounded_through_rows_is_not_answered() -> None:
    run = within(named([-1, 0], [([1, -1], 0, 0)], [(0, INF, 1), (0, INF)]))
    assert (run.x, run.ended, [a.refused for a in run.attempts]) == (None, Ended.FAULT, ["unbounded"])


def test_empty_and_infeasible_only_by_whole_numbers() -> None:
    assert within(named([], [], [])).ended is Ended.OPTIMAL
    assert within(named([], [([], 1, 2)], [])).ended is Ended.INFEASIBLE
    assert within(named([1, 1], [([2, 4], 3, 3)], [(0, 5, 1)] * 2)).ended is Ended.INFEASIBLE
    assert within(named([1], [([1], 0.2, 0.8)], [(0, 5, 1)])).ended is Ended.INFEASIBLE
