"""Whole-number models of a chosen hardness, as questions that `direct` answers, and a look at the processes left."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct, whole_model
from tests.solve.random_models import FORMULATION, Numbers, RandomProblem, check

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def knapsack(columns: int, rows: int = 20, seed: int = 5) -> RandomProblem:
    """A strongly correlated knapsack in several dimensions: 80 columns take HiGHS far more than a minute."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1000, 3000, (rows, columns))
    values = weights.mean(axis=0).astype(int) + rng.integers(0, 40, columns)
    return RandomProblem(
        upper=(1,) * columns,
        matrix=tuple(map(tuple, weights.tolist())),
        low=(0,) * rows,
        high=tuple((weights.sum(axis=1) // 2).tolist()),
        first=tuple((-values).tolist()),
        second=(0,) * columns,
    )


def staffed(columns: int, rows: int = 20, seed: int = 5) -> RandomProblem:
    """The same, with a least number of columns: to change nothing is no plan, and none is known before the search."""
    problem = knapsack(columns, rows, seed)
    return problem.replace(
        matrix=(*problem.matrix, (1,) * columns), low=(*problem.low, columns // 4), high=(*problem.high, columns)
    )


class Seen:
    """What a progress callback was told: the values of the first goal's points, and all events."""

    def __init__(self) -> None:
        self.events: list[Progress] = []

    def __call__(self, progress: Progress) -> None:
        self.events.append(progress)

    @property
    def best(self) -> float:
        """The best value streamed."""
        values = [one.incumbent for one in self.events if one.stage == 1 and one.incumbent is not None]
        return min(values, default=0.0)


def solve(problem: RandomProblem, options: SolveOptions) -> Result[Numbers]:
    """Answer in one piece."""
    return direct(FORMULATION, problem, check, options, splitter=whole_model)


def kept(result: Result[Numbers], streamed: float) -> bool:
    """Say whether a checked plan at least as good as the best point streamed came back, above a proven bound."""
    return (
        result.checked
        and result.objective is not None
        and result.objective <= streamed + 1e-6
        and (result.bound is None or result.bound <= result.objective + 1e-6)
    )


def workers_of(host: int) -> list[int]:
    """Return the worker processes of a host, and every zombie that it has left."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if (int(parent) == host and state == "Z") or (b"gst_opt.solve.worker" in command and int(parent) == host):
            found.append(int(entry.name))
    return found


def gone(pids: list[int], seconds: float = 3.0) -> bool:
    """Wait until processes are gone; say whether they are."""
    until = time.monotonic() + seconds
    while any(_lives(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, ValueError):
        return False
