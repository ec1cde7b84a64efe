"""Hosts of all kinds: after a fork, in threads, in pools of processes, in a notebook, beside ortools, without guard."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from gst_opt.core.errors import SolverError
from gst_opt.solve.components import split
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Status, Stop
from gst_opt.solve.run import direct
from gst_opt.solve.workers import close_workers
from tests.solve.hard import Seen, kept, knapsack, on_linux, solve, staffed, workers_of
from tests.solve.random_models import FORMULATION, RandomProblem, best, check, draw

EASY = draw(3)
SECONDS = 60
"""What takes longer hangs."""

SOLVE = """
import gst_opt as gst
result = gst.solve(gst.RedeploymentProblem.of(gst.load_sample("two_towns")))
print(result.status, result.terms[0].planned)
"""
WITH_ORTOOLS = """
from ortools.linear_solver import pywraplp
import sys
import gst_opt as gst
problem = gst.RedeploymentProblem.of(gst.load_sample("two_towns"))
assert gst.solve(problem).terms[0].planned == 2.0
assert "highspy" not in sys.modules
try:
    gst.solve(problem, gst.SolveOptions(in_process=True))
except gst.SolverError as error:
    print(error)
solver = pywraplp.Solver.CreateSolver("SCIP")
print(solver.Solve() == solver.OPTIMAL)
"""


def objective(options: SolveOptions | None = None) -> float | None:
    """Solve; a function that other processes can import."""
    return solve(EASY, options or SolveOptions()).objective


def expected() -> float:
    value = best(EASY)
    assert value is not None
    return float(value[0])


def exit_code(work: Callable[[], bool]) -> int:
    """Fork; return the exit code of the child, which does the work: 0 when it is done well, 1 when not."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        code = 2
        try:
            code = 0 if work() else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@on_linux
def test_a_fork_after_a_solve_solves_with_its_own_workers() -> None:
    assert objective() == expected()
    mine = workers_of(os.getpid())

    def work() -> bool:
        return objective() == expected() and not set(workers_of(os.getpid())) & set(mine)

    assert exit_code(work) == 0
    assert objective() == expected()
    assert workers_of(os.getpid()) == mine, "the child left its parent's workers alone"


@on_linux
def test_a_fork_in_the_middle_of_a_solve_solves_and_disturbs_nothing() -> None:
    results = []
    thread = threading.Thread(target=lambda: results.append(solve(knapsack(80), SolveOptions(gap=0.0, seconds=2.0))))
    thread.start()
    threading.Event().wait(0.8)
    assert exit_code(lambda: objective() == expected()) == 0
    thread.join()
    assert (results[0].stop, kept(results[0], 0.0)) == (Stop.TIME, True)


def test_three_threads_solve_at_once() -> None:
    with ThreadPoolExecutor(3) as pool:
        values = list(pool.map(lambda _: objective(), range(9), timeout=SECONDS))
    assert values == [expected()] * 9


@pytest.mark.parametrize("way", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_processes_of_a_pool_solve(way: str) -> None:
    objective()
    with ProcessPoolExecutor(2, mp_context=get_context(way)) as pool:
        values = list(pool.map(objective, [SolveOptions()] * 4, timeout=SECONDS))
    assert values == [expected()] * 4


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_parts_run_in_an_executor(pool: Callable[[int], Executor]) -> None:
    with pool(2) as executor:
        for seed in (3, 4, 8):
            problem = draw(seed)
            told: list[Progress] = []
            result = solve(problem, SolveOptions(executor=executor, progress=told.append))
            value = best(problem)
            if value is None:
                assert result.status is Status.INFEASIBLE
            else:
                assert (result.status, result.objective) == (Status.OPTIMAL, value[0])
            assert told[-1].done == told[-1].parts


def test_an_executor_that_loses_its_processes_leaves_the_known_plan_checked() -> None:
    with ProcessPoolExecutor(1) as executor:
        pid = executor.submit(os.getpid).result()
        threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
        result = solve(knapsack(80), SolveOptions(executor=executor))
        assert (result.objective, result.stop, result.checked) == (0.0, Stop.FAULT, True)
        assert [attempt.status for attempt in result.provenance.attempts] == ["BrokenProcessPool"]
        assert solve(knapsack(80), SolveOptions(executor=executor)).stop is Stop.FAULT, "it is broken from the start"


def test_an_executor_that_loses_its_processes_ends_unknown_when_no_plan_was_known() -> None:
    with ProcessPoolExecutor(1) as executor:
        pid = executor.submit(os.getpid).result()
        threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
        result = solve(staffed(80), SolveOptions(executor=executor))
    assert (result.status, result.stop, result.plan) == (Status.UNKNOWN, Stop.FAULT, None)


def test_an_executor_that_cannot_run_a_part_at_all_says_why() -> None:
    executor = ProcessPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        solve(EASY, SolveOptions(executor=executor))


def test_a_part_that_an_executor_loses_keeps_its_known_point() -> None:
    """The second of three parts fails; the others are solved."""
    problem = RandomProblem(upper=(3, 3, 3), matrix=(), low=(), high=(), first=(-1, -2, -4), second=(0, 0, 0))
    executor = _FailsOnce()
    options = SolveOptions(executor=executor)
    result = direct(FORMULATION, problem, check, options, splitter=lambda model: split(model, small=1))
    assert (result.objective, result.stop, result.checked) == (-15.0, Stop.FAULT, True)


def test_a_thread_pool_streams_points_and_stops_at_once() -> None:
    seen, cancel = Seen(), Cancellation()
    with ThreadPoolExecutor(2) as executor:
        threading.Timer(1.5, cancel.cancel).start()
        started = time.monotonic()
        result = solve(knapsack(80), SolveOptions(gap=0.0, executor=executor, progress=seen, cancel=cancel))
        assert time.monotonic() - started < 2.5
    assert len(seen.events) > 2
    assert seen.best < 0.0
    assert kept(result, seen.best)
    assert (result.stop, result.provenance.interrupted_by) == (Stop.INTERRUPT, "Cancellation")


@contextmanager
def _loky() -> Iterator[tuple[Executor, Callable[[], list[int]]]]:
    loky = pytest.importorskip("loky")
    executor = loky.get_reusable_executor(max_workers=2)
    yield executor, lambda: list(executor._processes)
    executor.shutdown(kill_workers=True)


@contextmanager
def _dask() -> Iterator[tuple[Executor, Callable[[], list[int]]]]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor(), lambda: list(client.run(os.getpid).values())


@pytest.mark.parametrize(("pool", "survives"), [(_loky, False), (_dask, True)], ids=["loky", "dask"])
def test_foreign_executors(
    pool: Callable[[], AbstractContextManager[tuple[Executor, Callable[[], list[int]]]]], survives: bool
) -> None:
    """Dask starts a killed worker again and its part anew; loky is broken, and the known plan is left."""
    with pool() as (executor, workers):
        assert objective(SolveOptions(executor=executor)) == expected()
        cancel = Cancellation()
        threading.Timer(0.5, cancel.cancel).start()
        started = time.monotonic()
        cut = solve(knapsack(80), SolveOptions(gap=0.0, seconds=3.0, executor=executor, cancel=cancel))
        assert time.monotonic() - started < 3.5
        assert (cut.stop, cut.checked) == (Stop.INTERRUPT, True)

        def kill() -> None:
            for pid in workers():
                os.kill(pid, signal.SIGKILL)

        threading.Timer(0.7, kill).start()
        lost = solve(knapsack(80), SolveOptions(gap=0.0, seconds=8.0, executor=executor))
        assert (lost.stop, lost.checked) == (Stop.TIME if survives else Stop.FAULT, True)


class _FailsOnce(Executor):
    """Does all work at once, but the second."""

    def __init__(self) -> None:
        self.count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.count += 1
        future: Future[Any] = Future()
        if self.count == 2:
            future.set_exception(OSError("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_an_executor_that_is_too_slow_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from gst_opt.solve import once

    monkeypatch.setattr(once, "GRACE_SECONDS", 0.2)
    release = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(release.wait)
        result = solve(knapsack(20), SolveOptions(executor=executor, seconds=0.3))
        release.set()
    assert (result.stop, result.objective, result.checked) == (Stop.TIME, 0.0, True)


def test_in_process_gives_the_same_plan_and_can_be_stopped() -> None:
    code = """
import threading
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import SolveOptions
from tests.solve.hard import Seen, kept, knapsack, solve
from tests.solve.random_models import best, draw
import sys
for seed in range(6):
    value = best(draw(seed))
    assert solve(draw(seed), SolveOptions(in_process=True)).objective == (None if value is None else value[0])
assert "highspy" in sys.modules
seen, stop = Seen(), Cancellation()
threading.Timer(0.7, stop.cancel).start()
result = solve(knapsack(80), SolveOptions(in_process=True, gap=0.0, cancel=stop, progress=seen))
assert kept(result, seen.best) and result.objective < 0
result = solve(knapsack(80), SolveOptions(in_process=True, gap=0.0, seconds=0.5, progress=seen))
print(result.stop)
"""
    assert run(code) == "time\n"


@pytest.mark.parametrize("way", ["spawn", pytest.param("fork", marks=pytest.mark.slow)])
def test_a_script_without_guard_runs_once_and_never_loads_the_solver(way: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    begin = f"import multiprocessing, sys\nmultiprocessing.set_start_method('{way}')\nprint('once')"
    script.write_text(f"{begin}{SOLVE}print('highspy' in sys.modules)")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=SECONDS, check=True)
    assert done.stdout == "once\noptimal 2.0\nFalse\n"


@pytest.mark.skipif(find_spec("ortools") is None, reason="ortools is not installed")
def test_beside_ortools() -> None:
    assert run(WITH_ORTOOLS).splitlines() == [
        "in_process=True cannot be used here: ortools is loaded in this process, with its own copy of HiGHS; "
        "without in_process all works",
        "True",
    ]


def test_in_process_is_refused_beside_ortools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools", threading)
    with pytest.raises(SolverError, match="ortools is loaded in this process"):
        solve(EASY, SolveOptions(in_process=True))
    assert objective() == expected()


def test_in_a_jupyter_kernel() -> None:
    manager = pytest.importorskip("jupyter_client.manager", reason="needs ipykernel")
    pytest.importorskip("ipykernel")
    kernel, client = manager.start_new_kernel(startup_timeout=SECONDS, kernel_name="python3")
    told: list[str] = []

    def hear(message: dict[str, dict[str, str]]) -> None:
        told.append(message["content"].get("text", message["content"].get("evalue", "")))

    try:
        client.execute_interactive(SOLVE, timeout=SECONDS, output_hook=hear)
        hard = "from tests.solve.hard import *; r = solve(knapsack(80), SolveOptions(gap=0.0))"
        threading.Timer(3.0, kernel.interrupt_kernel).start()
        client.execute_interactive(hard, timeout=SECONDS, output_hook=hear)
        client.execute_interactive("print(r.stop, r.checked)", timeout=SECONDS, output_hook=hear)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    assert "".join(told).splitlines() == ["optimal 2.0", "interrupt True"]


@on_linux
@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_the_memory_of_the_host_does_not_grow(count: int) -> None:
    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    problems = [draw(seed) for seed in (3, 4, 8, 12)]
    for number in range(20 + count // 10):
        solve(problems[number % 4], SolveOptions())
    before = resident()
    for number in range(count):
        solve(problems[number % 4], SolveOptions())
    grown = resident() - before
    sys.stdout.write(f"{count} solves: {grown:+.2f} MB\n")
    assert grown < 5.0
    close_workers()


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
