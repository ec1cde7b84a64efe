"""Limits of time and of nodes: kept, and nothing found before them is lost."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status, Stop
from tests.solve.hard import Seen, kept, knapsack, solve
from tests.solve.random_models import draw


def overrun(columns: int, seed: int, seconds: float) -> float:
    """Solve within a limit; return by how much it was exceeded, the building of the model included."""
    seen = Seen()
    started = time.monotonic()
    result = solve(knapsack(columns, seed=seed), SolveOptions(gap=0.0, seconds=seconds, progress=seen))
    over = time.monotonic() - started - seconds
    assert kept(result, seen.best), (columns, seed, seconds)
    assert result.stop in (Stop.TIME, Stop.PROOF, Stop.GAP)
    assert result.provenance.interrupted_by is None
    return over


def measure(problems: list[int], limits: list[float]) -> None:
    cases = [(columns, seed, limit) for limit in limits for seed, columns in enumerate(problems)]
    with ThreadPoolExecutor(2) as pool:
        over = np.array(list(pool.map(lambda case: overrun(*case), cases)))
    p99 = float(np.quantile(over, 0.99))
    median, worst = float(np.median(over)), float(over.max())
    sys.stdout.write(f"{len(cases)} solves: overrun p50 {median:.3f}, p99 {p99:.3f}, worst {worst:.3f} s\n")
    assert p99 <= 1.0


def test_limits_are_kept_and_nothing_is_lost() -> None:
    measure([8, 80, 90], [0.0, 0.1, 1.0])


@pytest.mark.slow
def test_limits_are_kept_on_200_problems_and_nothing_is_lost() -> None:
    measure([70 + seed if seed % 5 == 0 else 8 + seed % 10 for seed in range(200)], [0.0, 0.1, 1.0, 5.0])


def test_without_time_the_plan_is_todays() -> None:
    result = solve(knapsack(12), SolveOptions(seconds=0.0))
    assert (result.status, result.stop, result.objective, result.checked) == (Status.FEASIBLE, Stop.TIME, 0.0, True)


def test_a_limit_of_nodes_gives_the_same_plan_again() -> None:
    options = SolveOptions(gap=0.0, nodes=40)
    first, second = (solve(knapsack(40), options) for _ in range(2))
    assert first.plan == second.plan
    assert first.bound == second.bound
    assert (first.stop, first.checked, first.provenance.cut_by_time) == (Stop.NODES, True, False)
    assert first.provenance.nodes_allowed == 40
    assert solve(knapsack(40), SolveOptions(gap=0.0, nodes=0)).gap >= first.gap


def test_an_easy_problem_ends_by_proof_within_its_limits() -> None:
    result = solve(draw(3), SolveOptions(seconds=30, nodes=1000))
    assert (result.status, result.stop) == (Status.OPTIMAL, Stop.PROOF)
    assert result.provenance.seconds < 5


def test_progress_tells_points_bounds_and_gaps_that_only_improve() -> None:
    seen = Seen()
    solve(knapsack(80), SolveOptions(gap=0.0, seconds=1.5, progress=seen))
    points = [event for event in seen.events if event.stage == 1]
    values = [event.incumbent for event in points if event.incumbent is not None]
    bounds = [event.bound for event in points if event.bound is not None]
    assert values == sorted(values, reverse=True)
    assert bounds == sorted(bounds)
    assert len(bounds) > 2
    assert bounds[-1] <= values[-1]
    assert points[-1].gap == pytest.approx(abs(values[-1] - bounds[-1]) / abs(values[-1]))
    assert [event.seconds for event in points] == sorted(event.seconds for event in points)
    assert (seen.events[-1].done, seen.events[-1].part, seen.events[-1].parts) == (1, 1, 1)
