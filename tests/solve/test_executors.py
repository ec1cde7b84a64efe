"""Executors of other processes: told to stop, heard of, never waited for; and pools that wait for themselves."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gst_opt.core.errors import SolverError
from gst_opt.model.goals import Goals, minimise
from gst_opt.solve.executors import Post, waits_for_itself
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status, Stop
from gst_opt.solve.run import direct
from tests.solve import random_goals
from tests.solve.hard import Seen, kept, knapsack, solve
from tests.solve.random_goals import GoalProblem

HARD = knapsack(80)
LEAVES = """
import threading
from concurrent.futures import ProcessPoolExecutor
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import SolveOptions
from tests.solve.hard import knapsack, solve
if __name__ == "__main__":
    cancel = Cancellation()
    threading.Timer(1.0, cancel.cancel).start()
    result = solve(knapsack(80), SolveOptions(gap=0.0, executor=ProcessPoolExecutor(1), cancel=cancel))
    print(result.stop, result.objective < 0, flush=True)
"""


@pytest.fixture
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1) as executor:
        executor.submit(os.getpid).result()
        yield executor


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_host_ends_after_it_cancelled_a_part_in_a_process() -> None:
    done = subprocess.run([sys.executable, "-c", LEAVES], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "interrupt True\n"


def test_a_process_streams_points_and_stops_at_once(pool: ProcessPoolExecutor, folder: Path) -> None:
    seen, cancel = Seen(), Cancellation()
    threading.Timer(1.5, cancel.cancel).start()
    started = time.monotonic()
    result = solve(HARD, SolveOptions(gap=0.0, executor=pool, progress=seen, cancel=cancel))
    assert time.monotonic() - started < 3.0
    assert len(seen.events) > 2
    assert seen.best < 0.0
    assert kept(result, seen.best)
    assert (result.stop, result.provenance.interrupted_by) == (Stop.INTERRUPT, "Cancellation")
    assert list(folder.iterdir()) == []


def test_an_exception_in_the_callback_stops_a_process(pool: ProcessPoolExecutor) -> None:
    def progress(event: object) -> None:
        raise ZeroDivisionError

    result = solve(HARD, SolveOptions(gap=0.0, executor=pool, progress=progress))
    assert (result.stop, result.checked) == (Stop.INTERRUPT, True)
    assert pool.submit(os.getpid).result(timeout=2.0), "the process is free"


def test_a_process_that_does_not_see_the_folder_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a cluster without common files; or where no folder can be made at all."""

    def full(**_: str) -> str:
        raise OSError("no space left")

    for make in (lambda **_: "/nowhere/here", full):
        monkeypatch.setattr(tempfile, "mkdtemp", make)
        assert solve(knapsack(8), SolveOptions(executor=_Serial())).status is Status.OPTIMAL


def test_what_is_written_is_read_once_and_only_whole_lines(folder: Path) -> None:
    post = Post()
    (Path(post.folder) / "3").write_text("[0, -1.5, null]\n[1, -2.0, -4.0]\n[1, -2.5")
    assert post.read() == [(3, 0, -1.5, None), (3, 1, -2.0, -4.0)]
    with (Path(post.folder) / "3").open("a") as file:
        file.write(", -3.0]\n")
    assert post.read() == [(3, 1, -2.5, -3.0)]
    assert post.read() == []
    running: Future[Any] = Future()
    post.close([running])
    assert (Path(post.folder) / "stop").exists(), "what is under way is told to stop"
    running.set_result(None)
    assert list(folder.iterdir()) == []


class _Serial(Executor):
    """Does all work at once, until it fails."""

    def __init__(self, fails_from: int = 10**9) -> None:
        self.left = fails_from

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        if self.left < 0:
            raise OSError("no more files")
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_work_that_cannot_be_handed_over_loses_nothing_that_was_reached() -> None:
    """The first phase is solved; the executor refuses the second with an error of the system."""
    first = minimise("north").stages[0].replace(tolerance=2.0)
    problem = GoalProblem(
        upper=(3, 3),
        matrix=((1, 1),),
        low=(4,),
        high=(6,),
        costs=((1, 2), (2, 1), (0, 0), (0, 0)),
        constants=(0,) * 4,
        goals=Goals(stages=(first, *minimise("south").stages)),
    )
    options = SolveOptions(executor=_Serial(fails_from=1))
    result = direct(random_goals.FORMULATION, problem, random_goals.check, options)
    assert result.stages[0].reached == 5.0
    assert (result.stop, result.checked) == (Stop.FAULT, True)
    assert [attempt.status for attempt in result.provenance.attempts] == ["OSError"]
    with pytest.raises((OSError, SolverError), match="no more files"):
        direct(random_goals.FORMULATION, problem, random_goals.check, SolveOptions(executor=_Serial(fails_from=0)))


def test_a_solve_within_the_pool_that_is_its_executor_does_not_wait_for_itself() -> None:
    """New pools, whose threads are asked at once what they are."""
    for _ in range(30):
        with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as other:
            inner = [pool.submit(waits_for_itself, executor) for executor in (pool, other, None)]
            assert [one.result(timeout=10) for one in inner] == [True, False, False]
    with ThreadPoolExecutor(1) as pool:
        inner_solve = pool.submit(lambda: solve(knapsack(8), SolveOptions(executor=pool)).status)
        assert inner_solve.result(timeout=10) is Status.OPTIMAL
