"""Bounds of later goals hold for every plan that is no worse at the earlier ones in total, whatever is proven."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from gst_opt.model.goals import Goals, leximax, minimise
from gst_opt.model.linear import Floats
from gst_opt.solve import run, stages
from gst_opt.solve.belief import Ended
from gst_opt.solve.components import Part
from gst_opt.solve.highs import Run
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result, Status, Stop
from gst_opt.solve.run import direct
from gst_opt.solve.standard import Extra, holds, standard_form
from gst_opt.solve.totals import room_of_others
from tests.solve.random_goals import FORMULATION, GoalProblem, Heads, check, draw, draw_goal, least, tolerances
from tests.solve.test_stages import pieces

Minimise = Callable[[Part, Floats, Sequence[Extra], Limits, Floats | None, Floats | None], Run]


def careless(seed: int) -> Minimise:
    """Return a solver that stops at any allowed point no worse than the known one, with any bound that is true."""
    rng = np.random.default_rng(seed)

    def minimise(
        part: Part,
        costs: Floats,
        extras: Sequence[Extra],
        limits: Limits,
        known: Floats | None,
        guide: Floats | None,
    ) -> Run:
        problem = standard_form(part, costs, extras)
        ranges = [range(int(low), int(high) + 1) for low, high in zip(problem.lower, problem.upper, strict=True)]
        points = [np.array(x, dtype=float) for x in itertools.product(*ranges)]
        allowed = [x for x in points if holds(problem, x)]
        if not allowed:
            return Run(None, None, Ended.INFEASIBLE)
        ceiling = np.inf if known is None else problem.value(known)
        found = allowed[rng.integers(len(allowed))]
        found = found if known is None or problem.value(found) <= ceiling else known
        lowest = min(problem.value(x) for x in allowed)
        return Run(found, lowest - float(rng.choice([0.0, 0.0, 0.5, 1.5])), Ended.OPTIMAL)

    return minimise


def three_sums(seed: int) -> Goals:
    rng = np.random.default_rng(seed + 20_000)
    return Goals(stages=tuple(draw_goal(rng, "weighted") for _ in range(3)))


def hold_in_total(result: Result[Heads], problem: GoalProblem, seed: int) -> None:
    """No bound is above the least value of the plans that keep what the earlier steps reached, in total."""
    given = tolerances(problem.goals)
    for step, stage in enumerate(result.stages):
        kept = [
            earlier.reached + (tolerance if position != given[step][0] else 0.0)
            for earlier, (position, tolerance) in zip(result.stages[:step], given, strict=False)
        ]
        assert stage.bound is not None, seed
        assert stage.bound <= least(problem, step, kept) + 1e-5, (seed, step)


def carelessly(seeds: range, monkeypatch: pytest.MonkeyPatch, tries: int = 0) -> None:
    monkeypatch.setattr(run, "TRIES_FOR_GAP", tries)
    for seed in seeds:
        problem = draw(seed, three_sums(seed))
        monkeypatch.setattr(stages, "minimise_large", careless(seed))
        result = direct(FORMULATION, problem, check, SolveOptions(workers=1), splitter=pieces)
        if result.plan is not None:
            hold_in_total(result, problem, seed)


def test_bounds_hold_in_total_when_no_part_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    carelessly(range(60), monkeypatch)


@pytest.mark.slow
def test_bounds_hold_in_total_when_no_part_is_proven_on_1000(monkeypatch: pytest.MonkeyPatch) -> None:
    carelessly(range(1000), monkeypatch)


def blocks(seed: int, goals: Goals, count: int = 3, columns: int = 11) -> GoalProblem:
    """Draw knapsacks without a common row, hard enough for the solver to end by a wide gap or a limit of nodes."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((4 * count, count * columns), dtype=int)
    for block in range(count):
        own = slice(block * columns, (block + 1) * columns)
        matrix[4 * block : 4 * block + 4, own] = rng.integers(20, 60, (4, columns))
    north = -(matrix.sum(axis=0) // 4 + rng.integers(0, 5, count * columns))
    other = rng.integers(1, 9, (3, count * columns))
    return GoalProblem(
        upper=(1,) * (count * columns),
        matrix=tuple(map(tuple, matrix.tolist())),
        low=(0,) * len(matrix),
        high=tuple((matrix.sum(axis=1) // 2).tolist()),
        costs=tuple(map(tuple, np.vstack([north, other]).astype(float).tolist())),
        constants=(0.0,) * 4,
        goals=goals,
    )


def least_in_total(problem: GoalProblem, kept: float, count: int = 3) -> float:
    """Return the least second goal of the plans whose first is at most `kept`: every block's best trades, combined."""
    columns = len(problem.upper) // count
    choices = np.array(list(itertools.product((0, 1), repeat=columns)), dtype=float)
    matrix, high, costs = np.array(problem.matrix), np.array(problem.high), np.array(problem.costs)
    trades = {0: 0.0}
    for block in range(count):
        own = slice(block * columns, (block + 1) * columns)
        allowed = choices[np.all(choices @ matrix[:, own].T <= high, axis=1)]
        firsts, seconds = (allowed @ costs[0, own]).astype(int).tolist(), (allowed @ costs[1, own]).tolist()
        pairs: dict[int, float] = {}
        for first, second in zip(firsts, seconds, strict=True):
            pairs[first] = min(second, pairs.get(first, np.inf))
        combined: dict[int, float] = {}
        for (one, cost), (first, second) in itertools.product(trades.items(), pairs.items()):
            combined[one + first] = min(cost + second, combined.get(one + first, np.inf))
        trades = combined
    return min(second for first, second in trades.items() if first <= kept + 1e-6)


@pytest.mark.parametrize("options", [SolveOptions(gap=0.2), SolveOptions(gap=0.0, nodes=20)], ids=["gap", "nodes"])
def test_a_goal_that_ended_early_in_several_parts_bounds_the_next_in_total(
    options: SolveOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "TRIES_FOR_GAP", 0)
    early = 0
    for seed in range(5):
        problem = blocks(seed, minimise("north", "south"))
        result = direct(FORMULATION, problem, check, options, splitter=pieces)
        first, second = result.stages
        assert result.provenance.parts == 3
        assert first.bound is not None
        assert second.bound is not None
        early += first.reached > first.bound + 1e-5
        assert second.bound <= least_in_total(problem, first.reached) + 1e-5, seed
    assert early > 1, "the first goal was proven, which shows nothing"


def test_a_goal_compared_after_one_that_ended_early_has_one_row_for_the_total() -> None:
    goals = minimise("north").then(leximax(("south", 1.0), ("east", 1.0)))
    result = direct(FORMULATION, blocks(1, goals), check, SolveOptions(gap=0.1), splitter=pieces)
    assert (result.status, result.stop, result.checked) == (Status.OPTIMAL, Stop.GAP, True)
    assert result.stages[0].value <= result.stages[0].reached + 1e-5
    assert result.gap <= 0.1


def test_room_is_what_the_other_parts_could_gain() -> None:
    assert room_of_others([5.0, 7.0, 2.0], [4.0, 7.0, 0.0]) == [2.0, 3.0, 1.0]
    assert room_of_others([5.0, 7.0, 2.0], [4.0, 7.0, 2.0]) == [0.0, 1.0, 1.0], "the only one not proven is kept"
    assert room_of_others([5.0, 7.0], [5.0 - 1e-9, 7.0]) == [0.0, 0.0]
    assert room_of_others([5.0, 7.0], [-np.inf, 6.0]) == [1.0, np.inf]
    assert room_of_others([5.0], [0.0]) == [0.0]
    assert room_of_others([], []) == []
