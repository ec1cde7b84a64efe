"""Frames, and workers that do not start, do not read, do not end, die, wear out, or outlive their host."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gst_opt.core.errors import SolverError
from gst_opt.solve import once, wire, workers
from gst_opt.solve.belief import Ended
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Status, Stop
from gst_opt.solve.workers import borrowed, close_workers
from tests.solve.hard import gone, knapsack, on_linux, solve, workers_of
from tests.solve.random_models import draw
from tests.solve.test_run import knapsack as hard_part

EASY = draw(3)


@pytest.fixture(autouse=True)
def _no_idle_workers() -> Iterator[None]:
    close_workers()
    yield
    close_workers()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of Python."""
    path = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(path))
    return path


def become(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_frame_comes_back_as_it_went() -> None:
    arrays = {
        "a": np.arange(5.0),
        "none": np.empty(0, dtype=np.int32),
        "every second": np.arange(10)[::2],
        "yes": np.array([True, False]),
    }
    stream = io.BytesIO()
    wire.send(stream, {"kind": "answer", "bound": None, "name": "Tétouan"}, arrays)
    stream.seek(0)
    frame = wire.receive(stream)
    assert frame is not None
    header, back = frame
    assert header == {"kind": "answer", "bound": None, "name": "Tétouan"}
    assert {name: array.tolist() for name, array in back.items()} == {n: a.tolist() for n, a in arrays.items()}
    assert {name: array.dtype for name, array in back.items()} == {n: a.dtype for n, a in arrays.items()}


def test_a_frame_cut_anywhere_is_no_frame() -> None:
    stream = io.BytesIO()
    wire.send(stream, {"kind": "answer"}, {"x": np.arange(3.0)})
    whole = stream.getvalue()
    assert all(wire.receive(io.BytesIO(whole[:length])) is None for length in range(len(whole)))


@pytest.mark.parametrize("noise", [b"usage: python [option]", b"\0" * 64, b"gst1" + b"\xff" * 60])
def test_noise_is_no_frame(noise: bytes) -> None:
    assert wire.receive(io.BytesIO(noise)) is None


@pytest.mark.parametrize("missing", [None, ""])
def test_without_an_executable_the_error_says_so(missing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", missing)
    with pytest.raises(SolverError, match=r"sys\.executable is empty"):
        solve(EASY, SolveOptions())


def test_a_program_that_does_not_exist_is_named(program: Path) -> None:
    with pytest.raises(SolverError, match=str(program)):
        solve(EASY, SolveOptions())


def test_a_program_that_fails_is_quoted(program: Path) -> None:
    become(program, "echo 'No module named highspy' >&2; exit 1")
    with pytest.raises(SolverError, match="could not be started: No module named highspy"):
        solve(EASY, SolveOptions())


def test_a_program_that_speaks_otherwise_is_no_worker(program: Path) -> None:
    become(program, "echo 'Welcome to another program, which waits for orders'; exec sleep 60")
    with pytest.raises(SolverError, match="could not be started"):
        solve(EASY, SolveOptions())


def test_a_program_that_hangs_at_the_start_is_given_up(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    become(program, "exec sleep 60")
    monkeypatch.setattr(workers, "START_SECONDS", 0.3)
    with pytest.raises(SolverError, match="could not be started"):
        solve(EASY, SolveOptions())


def test_a_start_that_hangs_does_not_outlast_the_time_limit(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    become(program, "exec sleep 60")
    monkeypatch.setattr(once, "GRACE_SECONDS", 0.3)
    started = time.monotonic()
    result = solve(knapsack(8), SolveOptions(seconds=0.2))
    assert (result.stop, result.objective, result.checked) == (Stop.TIME, 0.0, True)
    assert time.monotonic() - started < 2.0


@on_linux
def test_a_big_request_to_a_worker_that_does_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "GRACE_SECONDS", 0.3)
    part, costs = hard_part(4000)
    with borrowed() as worker:
        assert worker.settled(20.0)
    (pid,) = workers_of(os.getpid())
    os.kill(pid, signal.SIGSTOP)
    known, started = np.zeros(4000), time.monotonic()
    run = minimise(part, costs, (), Limits(0.0, started + 0.3, 0), known)
    assert run.ended is Ended.LIMIT
    assert run.x is not None
    assert time.monotonic() - started < 2.0
    assert gone([pid])


@on_linux
def test_a_big_request_to_a_worker_that_does_not_read_can_be_cancelled() -> None:
    part, costs = hard_part(4000)
    with borrowed() as worker:
        assert worker.settled(20.0)
    os.kill(workers_of(os.getpid())[0], signal.SIGSTOP)
    limits = Limits(0.0, None, 0)
    timer = threading.Timer(0.5, limits.cancelled.set)
    timer.start()
    assert minimise(part, costs, (), limits, np.zeros(4000)).ended is Ended.INTERRUPT
    assert workers_of(os.getpid()) == []


@on_linux
def test_a_worker_that_hangs_after_its_answer_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SETTLE_SECONDS", 0.2)
    with borrowed() as worker:
        assert worker.settled(20.0)
        (stuck,) = workers_of(os.getpid())
        os.kill(stuck, signal.SIGSTOP)
        worker.request({"kind": "lp", "run": False, "fresh": True}, {})
    assert gone([stuck])
    assert solve(EASY, SolveOptions()).status is Status.OPTIMAL


@on_linux
def test_a_worker_killed_while_idle_is_replaced_and_leaves_no_zombie() -> None:
    solve(EASY, SolveOptions(workers=1))
    (idle,) = workers_of(os.getpid())
    os.kill(idle, signal.SIGKILL)
    assert gone([idle])
    assert solve(EASY, SolveOptions(workers=1)).status is Status.OPTIMAL
    assert idle not in workers_of(os.getpid())
    assert len(workers_of(os.getpid())) == 1


@on_linux
def test_a_worker_is_replaced_after_so_many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "REQUESTS_PER_WORKER", 2)
    served = []
    for _ in range(4):
        with borrowed() as worker:
            assert worker.settled(20.0)
            served += workers_of(os.getpid())
            worker.request({"kind": "lp", "run": False, "fresh": True}, {})
    assert [served.count(pid) for pid in dict.fromkeys(served)] == [2, 2]
    assert workers_of(os.getpid()) == []


def lend() -> None:
    with borrowed() as worker:
        assert worker.settled(20.0)


@on_linux
def test_a_worker_that_nobody_asks_is_ended_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "IDLE_SECONDS", 0.6)
    with borrowed() as first:
        assert first.settled(20.0)
        lend()
        early, time_back = workers_of(os.getpid()), time.monotonic()
        assert len(early) == 2
        while time.monotonic() < time_back + 0.4:
            time.sleep(0.05)
    assert gone(early, 1.5), "the one given back later too"
    assert time.monotonic() > time_back + 0.9, "not before its own while"
    lend()
    assert len(workers_of(os.getpid())) == 1


HOST = """
import os, sys, threading, time
from gst_opt.solve.options import SolveOptions
from tests.solve.hard import knapsack, solve, workers_of
solve(knapsack(12), SolveOptions())
if sys.argv[1] == "busy":
    threading.Thread(target=solve, args=(knapsack(80), SolveOptions()), daemon=True).start()
    time.sleep(0.5)
if sys.argv[2] == "forked" and os.fork() == 0:
    time.sleep(8)  # it holds the other ends of all pipes
    os._exit(0)
print(*workers_of(os.getpid()), flush=True)
if sys.argv[3] == "killed":
    time.sleep(60)
"""


@on_linux
@pytest.mark.parametrize(
    ("state", "family", "end"),
    [
        ("busy", "alone", "ends"),
        ("busy", "forked", "killed"),
        pytest.param("idle", "alone", "ends", marks=pytest.mark.slow),
        pytest.param("idle", "forked", "ends", marks=pytest.mark.slow),
        pytest.param("idle", "forked", "killed", marks=pytest.mark.slow),
        pytest.param("busy", "alone", "killed", marks=pytest.mark.slow),
    ],
)
def test_no_worker_outlives_its_host(state: str, family: str, end: str) -> None:
    command = [sys.executable, "-c", HOST, state, family, end]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        pids = [int(pid) for pid in host.stdout.readline().split()]
        assert pids
        if end == "killed":
            host.kill()
        else:
            host.wait(20)
        assert gone(pids)
        host.stdout.close()
