"""Ctrl-C, cancel, an exception in the callback, the death of a worker: the best point streamed comes back, checked."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from gst_opt.solve import interrupts
from gst_opt.solve.interrupts import Cancellation, Interruption, Within
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Stop
from gst_opt.solve.workers import close_workers
from tests.solve.hard import Seen, gone, kept, knapsack, on_linux, solve, workers_of

HARD = knapsack(80)
MANY = pytest.param(50, marks=pytest.mark.slow)
SCRIPT = """
import json, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background hands on that it is ignored
from gst_opt.solve.options import SolveOptions
from tests.solve.hard import Seen, kept, knapsack, solve, workers_of
problem = knapsack(80)
for _ in range(int(sys.argv[1])):
    seen = Seen()
    print("begin", flush=True)
    result = solve(problem, SolveOptions(gap=0.0, progress=seen))
    told = [kept(result, seen.best), result.stop, result.provenance.interrupted_by, len(workers_of(os.getpid()))]
    print(json.dumps(told), flush=True)
"""


@pytest.fixture(autouse=True)
def _no_idle_workers() -> Iterator[None]:
    close_workers()
    yield
    close_workers()


def moments(count: int, longest: float = 1.5) -> list[float]:
    rng = random.Random(7)
    return [rng.uniform(0.02, longest) for _ in range(count)]


@pytest.mark.parametrize("count", [2, MANY])
def test_ctrl_c_returns_the_best_point_streamed(count: int) -> None:
    command = [sys.executable, "-c", SCRIPT, str(count)]
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        for moment in moments(count):
            assert host.stdout.readline() == "begin\n"
            time.sleep(0.2 + moment)  # 0.2: Ctrl-C while the model is built is an ordinary KeyboardInterrupt
            host.send_signal(signal.SIGINT)
            told.append(json.loads(host.stdout.readline()))
    assert host.returncode == 0
    assert told == [[True, Stop.INTERRUPT, "KeyboardInterrupt", 0]] * count


@pytest.mark.parametrize("count", [2, MANY])
def test_cancel_returns_the_best_point_streamed(count: int) -> None:
    for moment in moments(count):
        seen, cancel = Seen(), Cancellation()
        timer = threading.Timer(moment, cancel.cancel)
        timer.start()
        result = solve(HARD, SolveOptions(gap=0.0, progress=seen, cancel=cancel))
        assert kept(result, seen.best), moment
        assert (result.stop, result.provenance.interrupted_by) == (Stop.INTERRUPT, "Cancellation")
    assert workers_of(os.getpid()) == []


@pytest.mark.parametrize("count", [2, MANY])
def test_an_exception_in_the_callback_stops_the_search_and_is_told(count: int) -> None:
    for moment in moments(count):
        seen, ends = Seen(), time.monotonic() + moment

        def progress(event: Progress, seen: Seen = seen, ends: float = ends) -> None:
            assert threading.current_thread() is threading.main_thread()
            seen(event)
            if time.monotonic() > ends:
                raise ZeroDivisionError("the caller's own fault")

        result = solve(HARD, SolveOptions(gap=0.0, progress=progress, seconds=20))
        assert kept(result, seen.best), moment
        assert result.stop is Stop.INTERRUPT, moment
        assert result.provenance.interrupted_by == "ZeroDivisionError: the caller's own fault"
    assert workers_of(os.getpid()) == []


@on_linux
@pytest.mark.parametrize("count", [2, MANY])
def test_a_worker_killed_once_is_replaced_and_nothing_is_lost(count: int) -> None:
    for moment in moments(count):
        seen = Seen()
        killed: list[int] = []

        def kill(killed: list[int] = killed) -> None:
            killed += workers_of(os.getpid())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(moment, kill)
        timer.start()
        result = solve(HARD, SolveOptions(gap=0.0, progress=seen, seconds=moment + 0.7))
        timer.join()
        assert kept(result, seen.best), moment
        assert result.stop is Stop.TIME, "it went on with the time that was left"
        assert gone(killed)


@on_linux
def test_workers_that_always_die_leave_the_best_point() -> None:
    seen, done = Seen(), threading.Event()

    def kill() -> None:
        while not done.wait(0.7):
            for pid in workers_of(os.getpid()):
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    result = solve(HARD, SolveOptions(gap=0.0, progress=seen))
    done.set()
    killer.join()
    assert kept(result, seen.best)
    assert seen.best < 0.0, "points were streamed before they died"
    assert result.stop is Stop.FAULT


def test_a_solve_begun_with_a_cancelled_object_keeps_the_known_plan() -> None:
    cancel = Cancellation()
    cancel.cancel()
    result = solve(HARD, SolveOptions(cancel=cancel))
    assert (result.objective, result.stop, result.checked) == (0.0, Stop.INTERRUPT, True)


def test_ctrl_c_twice_is_one_interruption_unless_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with Interruption() as interruption:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert (interruption.is_set(), interruption.why) == (True, "KeyboardInterrupt")
        monkeypatch.setattr(interrupts, "PATIENCE_SECONDS", 0.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_is_within_a_solve_stops_with_it_and_by_itself() -> None:
    solve = Interruption()
    first, second = Within(solve), Within(solve)
    first.set()
    assert (first.is_set(), second.is_set(), solve.is_set()) == (True, False, False)
    solve.set("KeyboardInterrupt")
    assert (second.is_set(), second.why) == (True, "KeyboardInterrupt")


def test_a_handler_of_the_host_is_left_alone() -> None:
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        with Interruption() as interruption:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (pressed, interruption.is_set()) == ([signal.SIGINT], False)


def test_an_exit_in_the_callback_ends_the_search_and_goes_on_up() -> None:
    def leave(event: Progress) -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        solve(HARD, SolveOptions(progress=leave))
    assert workers_of(os.getpid()) == []
