"""Limits and interruptions where there are several parts and goals, with and without a plan known before the search."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gst_opt.model.formulation import Formulation
from gst_opt.model.goals import leximax, minimise
from gst_opt.model.linear import Floats
from gst_opt.solve import parallel, stages, starts
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, split
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Result, Status, Stop
from gst_opt.solve.run import direct
from gst_opt.solve.workers import close_workers
from tests.solve import random_goals
from tests.solve.hard import knapsack, on_linux, workers_of
from tests.solve.random_models import FORMULATION, Numbers, RandomProblem, check
from tests.solve.test_totals import blocks, least_in_total

MANY = pytest.param(50, marks=pytest.mark.slow)


@pytest.fixture(autouse=True)
def _no_idle_workers() -> Iterator[None]:
    close_workers()
    yield
    close_workers()


def several(columns: list[int], *, known: bool, seed: int = 5) -> RandomProblem:
    """Knapsacks without a common row, and two goals; where no plan is known, each must hold a fourth of its columns."""
    parts = [knapsack(count, rows=10, seed=seed + number) for number, count in enumerate(columns)]
    width = sum(columns)
    matrix: list[tuple[int, ...]] = []
    low: list[int] = []
    high: list[int] = []
    for number, part in enumerate(parts):
        ahead, behind = sum(columns[:number]), sum(columns[number + 1 :])
        rows = part.matrix if known else (*part.matrix, (1,) * columns[number])
        matrix += [(0,) * ahead + row + (0,) * behind for row in rows]
        low += [*part.low] if known else [*part.low, columns[number] // 4]
        high += [*part.high] if known else [*part.high, columns[number]]
    return RandomProblem(
        upper=(1,) * width,
        matrix=tuple(matrix),
        low=tuple(low),
        high=tuple(high),
        first=tuple(value for part in parts for value in part.first),
        second=tuple(np.random.default_rng(seed).integers(1, 9, width).tolist()),
    )


def solve(problem: RandomProblem, options: SolveOptions) -> Result[Numbers]:
    return direct(FORMULATION, problem, check, options, splitter=lambda model: split(model, small=1))


class Points:
    """The best value streamed of each part's first goal."""

    def __init__(self) -> None:
        self.best: dict[int, float] = {}

    def __call__(self, event: Progress) -> None:
        if event.stage == 1 and event.incumbent is not None:
            self.best[event.part] = min(event.incumbent, self.best.get(event.part, np.inf))


def kept(result: Result[Numbers], points: Points, *, parts: int, known: bool) -> bool:
    """Say whether nothing streamed was lost: without a known plan, a plan needs a point of every part."""
    if result.plan is None:
        return not known and len(points.best) < parts and result.status is Status.UNKNOWN
    first = result.stages[0]
    bounded = all(stage.bound is None or stage.bound <= stage.reached + 1e-6 for stage in result.stages)
    return result.checked and bounded and first.value <= sum(points.best.values()) + 1e-6


HARD = {known: several([60, 50, 40], known=known) for known in (True, False)}
either = pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])


@either
@pytest.mark.parametrize("seconds", [0.0, 0.1, 1.0])
def test_a_limit_is_kept_by_all_parts_and_goals_together(seconds: float, known: bool) -> None:
    points, started = Points(), time.monotonic()
    result = solve(HARD[known], SolveOptions(gap=0.0, seconds=seconds, progress=points))
    assert time.monotonic() - started < seconds + 1.5
    assert kept(result, points, parts=3, known=known)
    assert result.stop is Stop.TIME
    assert known or seconds < 1.0 or result.plan is not None
    if seconds == 0.0:
        assert (result.status, result.objective) == ((Status.FEASIBLE, 0.0) if known else (Status.UNKNOWN, None))


@either
@pytest.mark.parametrize("count", [2, MANY])
def test_cancel_keeps_every_part(count: int, known: bool) -> None:
    for moment in np.random.default_rng(3).uniform(0.05, 1.5, count).tolist():
        points, cancel = Points(), Cancellation()
        threading.Timer(moment, cancel.cancel).start()
        result = solve(HARD[known], SolveOptions(gap=0.0, progress=points, cancel=cancel))
        assert kept(result, points, parts=3, known=known), moment
        assert (result.stop, result.provenance.interrupted_by) == (Stop.INTERRUPT, "Cancellation")
    assert workers_of(os.getpid()) == []


@either
@pytest.mark.parametrize("count", [2, MANY])
def test_an_exception_in_the_callback_keeps_every_part(count: int, known: bool) -> None:
    for number in np.random.default_rng(4).integers(1, 12, count).tolist():
        points, told = Points(), 0

        def progress(event: Progress, points: Points = points, number: int = number) -> None:
            nonlocal told
            points(event)
            told += 1
            if told == number:
                raise ZeroDivisionError("the caller's own fault")

        result = solve(HARD[known], SolveOptions(gap=0.0, seconds=20, progress=progress))
        assert kept(result, points, parts=3, known=known), number
        assert result.stop is Stop.INTERRUPT
        assert result.provenance.interrupted_by == "ZeroDivisionError: the caller's own fault"


@on_linux
@either
@pytest.mark.parametrize("count", [1, MANY])
def test_workers_killed_once_are_replaced_and_no_part_is_lost(count: int, known: bool) -> None:
    for moment in np.random.default_rng(5).uniform(0.05, 1.0, count).tolist():
        points = Points()

        def kill() -> None:
            for pid in workers_of(os.getpid()):
                os.kill(pid, signal.SIGKILL)

        threading.Timer(moment, kill).start()
        result = solve(HARD[known], SolveOptions(gap=0.0, seconds=moment + 1.0, progress=points))
        assert kept(result, points, parts=3, known=known), moment
        assert result.stop is Stop.TIME, "it went on with the time that was left"
        assert result.plan is not None or not known


def bounded_in_time(seeds: range, limits: list[float]) -> None:
    """Compare every bound of a run cut by time with what can be reached at all, found by enumeration."""
    for seed in seeds:
        problem = blocks(seed, minimise("north", "south"))
        only = problem.replace(costs=(problem.costs[0],) * 4)
        lowest = least_in_total(only, 0.0)
        for seconds in limits:
            options = SolveOptions(gap=0.0, seconds=seconds)
            result = direct(random_goals.FORMULATION, problem, random_goals.check, options, splitter=_pieces)
            first, second = result.stages
            assert first.bound is None or first.bound <= lowest + 1e-5, (seed, seconds)
            assert second.bound is None or second.bound <= least_in_total(problem, first.reached) + 1e-5, (
                seed,
                seconds,
            )


def _pieces(model: Compiled) -> list[Part]:
    return split(model, small=1)


def test_bounds_are_true_whatever_the_time() -> None:
    bounded_in_time(range(20, 22), [0.0, 0.03, 0.06, 0.1, 0.2])


@pytest.mark.slow
def test_bounds_are_true_whatever_the_time_on_50() -> None:
    bounded_in_time(range(50), [0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5])


def test_progress_counts_from_the_start_of_the_solve_and_names_the_stage_of_the_result() -> None:
    told: list[Progress] = []
    problem = blocks(30, minimise("north").then(leximax(("south", 1.0), ("east", 1.0))), columns=8)
    options = SolveOptions(progress=told.append, gap=0.0)
    result = direct(random_goals.FORMULATION, problem, random_goals.check, options, splitter=_pieces)
    assert len(result.stages) == 3, "one goal, then two rounds"
    assert {event.stage for event in told} == {1, 2, 3}
    assert [event.seconds for event in told] == sorted(event.seconds for event in told)
    assert told[-1].seconds <= result.provenance.seconds
    last = {event.stage: event for event in told if event.done == event.parts == 1}
    for stage in (2, 3):  # in one part, so what the part has is what the stage has
        assert last[stage].incumbent == pytest.approx(result.stages[stage - 1].reached)
        assert last[stage].gap == pytest.approx(result.stages[stage - 1].gap, abs=1e-6)


def test_the_gap_of_progress_is_that_of_the_stage() -> None:
    """Today's value counts where it is larger than the plan's: 3 columns of a knapsack that today are all at 0."""
    told: list[Progress] = []
    result = solve(several([50], known=True), SolveOptions(progress=told.append, gap=0.0, seconds=1.0))
    last = [event for event in told if event.stage == 1][-1]
    assert last.gap is not None
    assert last.gap >= result.stages[0].gap - 1e-9
    assert last.gap < 0.2


def test_a_part_cut_by_its_share_goes_on_with_the_time_that_the_others_left() -> None:
    """One at a time, the hard part has half of two seconds; the easy one leaves nearly all of its own."""
    hard = several([60, 60], known=True)
    easy = hard.replace(first=(*hard.first[:60], *(0,) * 60), second=(*hard.second[:60], *(0,) * 60))
    result = solve(easy, SolveOptions(gap=0.0, seconds=2.0, workers=1))
    assert 1.8 < result.provenance.seconds < 3.0
    assert (result.stop, result.checked) == (Stop.TIME, True)


def test_bounds_of_a_part_that_goes_on_never_get_worse() -> None:
    before = stages.PartAnswer(np.zeros(1), (5.0, 9.0), (3.0, 1.0), Ended.LIMIT)
    after = stages.PartAnswer(np.ones(1), (4.0, 8.0), (2.0, 6.0), Ended.OPTIMAL)
    assert parallel._gone_on(before, after).bounds == (3.0, 6.0)
    nothing = stages.PartAnswer(None, (), (), Ended.LIMIT)
    assert parallel._gone_on(nothing, after).bounds == (2.0, 6.0)


def test_parts_cut_by_time_that_are_within_the_gap_together_need_no_more() -> None:
    done = stages.PartAnswer(np.zeros(1), (1000.0,), (1000.0,), Ended.OPTIMAL)
    cut = stages.PartAnswer(np.zeros(1), (2.0,), (1.5,), Ended.LIMIT)
    lost = stages.PartAnswer(None, (), (), Ended.LIMIT)
    assert parallel._proven_in_total([done, cut], 1e-3)
    assert not parallel._proven_in_total([done, cut], 1e-4)
    assert not parallel._proven_in_total([done, lost], 1.0)


def test_parts_repair_their_start_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(2, timeout=10)
    known_point = starts.known_point

    def wait(*arguments: Any) -> Floats | None:
        together.wait()
        return known_point(*arguments)

    monkeypatch.setattr(stages, "known_point", wait)
    result = solve(several([6, 6], known=True), SolveOptions(workers=2))
    assert (result.status, result.checked) == (Status.OPTIMAL, True)


def test_ctrl_c_while_the_model_is_built_is_an_ordinary_one() -> None:
    def press(block: Any, problem: RandomProblem) -> None:
        signal.raise_signal(signal.SIGINT)

    pressing = Formulation(**{**vars(FORMULATION), "variables": press})
    with pytest.raises(KeyboardInterrupt):
        direct(pressing, several([6], known=True), check, SolveOptions())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert workers_of(os.getpid()) == []
