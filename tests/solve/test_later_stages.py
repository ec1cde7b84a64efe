"""Limits and interruptions that come when the first goal is done: each stage keeps what it had, constants counted."""

import time

import numpy as np
import pytest

from gst_opt.model.goals import leximax, minimise
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Result, Stop
from gst_opt.solve.run import direct, whole_model
from tests.solve.hard import knapsack
from tests.solve.random_goals import FORMULATION, GoalProblem, Heads, check

CONSTANT = 50_000.0
SIZE = 80


def easy_then_hard() -> GoalProblem:
    """Three objects first, which is quickly proven; then the knapsack, counted from a constant; then two compared."""
    hard = knapsack(SIZE)
    three = tuple(-1.0 if column < 3 else 0.0 for column in range(SIZE))
    east, west = np.random.default_rng(2).integers(1, 9, (2, SIZE)).astype(float).tolist()
    return GoalProblem(
        upper=hard.upper,
        matrix=hard.matrix,
        low=hard.low,
        high=hard.high,
        costs=(tuple(map(float, hard.first)), three, tuple(east), tuple(west)),
        constants=(CONSTANT, 7.0, 0.0, 0.0),
        goals=minimise("south", "north").then(leximax(("east", 1.0), ("west", 1.0))),
    )


def cut(options: SolveOptions, told: list[Progress], stop: Stop) -> Result[Heads]:
    """Solve; the first goal must be proven, the second kept as it was streamed, the last two bounded honestly."""
    result = direct(FORMULATION, easy_then_hard(), check, options, splitter=whole_model)
    assert (result.checked, result.stop) == (True, stop)
    first, second, *rounds = result.stages
    assert (first.value, first.bound) == (4.0, 4.0)
    streamed = [event.incumbent for event in told if event.stage == 2 and event.incumbent is not None]
    assert second.value <= min(streamed, default=0.0) + CONSTANT + 1e-6
    assert second.bound is not None
    assert CONSTANT + sum(knapsack(SIZE).first) <= second.bound < second.value
    assert second.reached == second.value
    assert len(rounds) == 2
    assert all(stage.bound is not None and stage.bound <= stage.value for stage in rounds)
    return result


def test_a_limit_in_the_second_stage_keeps_both() -> None:
    told: list[Progress] = []
    started = time.monotonic()
    cut(SolveOptions(gap=0.0, seconds=1.0, progress=told.append), told, Stop.TIME)
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("way", ["cancel", "raise"])
def test_an_interruption_in_the_second_stage_keeps_both(way: str) -> None:
    told: list[Progress] = []
    stop = Cancellation()

    def progress(event: Progress) -> None:
        told.append(event)
        if event.stage == 2 and event.incumbent is not None and event.incumbent < 0:
            if way == "raise":
                raise ZeroDivisionError
            stop.cancel()

    cut(SolveOptions(gap=0.0, progress=progress, cancel=stop), told, Stop.INTERRUPT)
