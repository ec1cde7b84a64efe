"""Time and memory to build the facility-location instance and hand it to HiGHS, by five libraries.

`python -m benchmarks.build [--quick]` prints a table and, last, one JSON object: `vs_pyomo`, `vs_pulp`, `vs_linopy`
and `vs_numpy` (the peer's median seconds over ours) at 318 zones, and the same with seconds and peak memory at each
size. Imports and solving are left out. Each library lives in a process of its own; the processes take turns, so that
a busy machine slows all of them alike. What reached HiGHS is compared between the libraries on every run.
"""

import argparse
import gc
import os
import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array

from benchmarks.facility_location import ZONES, draw
from benchmarks.peers import PEERS, Peer
from benchmarks.table import Figure, Figures, print_figures, print_table

SAME = 1e-9
"""Relative distance allowed between the checksums of two libraries, which add in different orders."""


class Checksum(NamedTuple):
    """What HiGHS holds, summed so that neither the order of rows and columns nor the sign of a row matters."""

    columns: int
    rows: int
    nonzeros: int
    integers: int
    costs: float
    bounds: float
    distances: float
    squares: float

    def agrees(self, other: "Checksum") -> bool:
        """Say whether two models are the same but for rounding."""
        return bool(np.allclose(self, other, rtol=SAME, atol=0))


class Run(NamedTuple):
    """One run in one process."""

    digest: str
    build: float
    hand_over: float
    checksum: Checksum
    peak_mb: float

    @property
    def seconds(self) -> float:
        """Both steps."""
        return self.build + self.hand_over


def checksum(solver: Any) -> Checksum:
    """Sum up a model at a point that its costs give: distances of the rows from their sides, and their squares."""
    lp = solver.getLp()
    matrix = lp.a_matrix_
    kind = csc_array if matrix.format_.name == "kColwise" else csr_array
    shape = (lp.num_row_, lp.num_col_)
    coefficients = kind((np.array(matrix.value_), np.array(matrix.index_), np.array(matrix.start_)), shape=shape)
    costs = np.array(lp.col_cost_)
    activity = coefficients @ np.modf(costs * 0.618)[0]
    distance = np.abs(np.concatenate([np.array(lp.row_lower_) - activity, np.array(lp.row_upper_) - activity]))
    distance = distance[np.isfinite(distance)]
    sides = np.concatenate([np.array(lp.col_lower_), np.array(lp.col_upper_)])
    return Checksum(
        columns=lp.num_col_,
        rows=lp.num_row_,
        nonzeros=len(matrix.value_),
        integers=sum(one.name == "kInteger" for one in lp.integrality_),
        costs=float(costs.sum()),
        bounds=float(sides[np.isfinite(sides)].sum()),
        distances=float(distance.sum()),
        squares=float((distance**2).sum()),
    )


@cache
def prepared(name: str, scale: int) -> tuple[str, Peer]:
    """Draw the instance and import the library, once in a process."""
    instance = draw(zones=ZONES * scale)
    return instance.digest(), PEERS[name](instance)


def silence() -> None:
    """Send what a library prints from a process (the solver's banner) nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def peak_mb() -> float:
    """Return the largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def idle_mb(name: str, scale: int) -> float:
    """Return the peak before anything is built: interpreter, imports, instance."""
    prepared(name, scale)
    return peak_mb()


def run(name: str, scale: int) -> Run:
    """Build once and hand over once."""
    digest, peer = prepared(name, scale)
    gc.collect()
    start = time.perf_counter()
    model = peer.build()
    built = time.perf_counter()
    solver = peer.hand_over(model)
    handed = time.perf_counter()
    peak = peak_mb()
    return Run(digest, built - start, handed - built, checksum(solver), peak)


def measure(scale: int, rounds: int) -> Figures:
    """Let the libraries take turns at one size, print their table, and return the figures.

    Raises
    ------
    AssertionError
        If two libraries did not hand over the same model.
    """
    with ExitStack() as stack:
        pools = {name: stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"), silence)) for name in PEERS}
        idle = {name: pool.submit(idle_mb, name, scale).result() for name, pool in pools.items()}
        first = {name: pool.submit(run, name, scale).result() for name, pool in pools.items()}
        runs: dict[str, list[Run]] = {name: [] for name in PEERS}
        for _ in range(rounds):
            for name, pool in pools.items():
                runs[name].append(pool.submit(run, name, scale).result())
    expected = first["numpy"]
    for name in PEERS:
        for one in (first[name], *runs[name]):
            assert one.digest == expected.digest, f"{name} was given another instance"
            assert one.checksum.agrees(expected.checksum), f"{name} built another model: {one.checksum}"
    seconds = {name: statistics.median(one.seconds for one in runs[name]) for name in PEERS}
    size = expected.checksum
    print(
        f"\n{ZONES * scale} zones, digest {expected.digest}: {size.columns:,} columns, {size.rows:,} rows, "
        f"{size.nonzeros:,} nonzeros; "
        f"medians of {rounds} runs after a cold one (peak memory is its); all hand over the same model"
    )
    heads = ("library", "build s", "hand over s", "total s", "x ours", "cold s", "peak MB", "before MB")
    print_table(
        heads,
        [
            (
                name,
                f"{statistics.median(one.build for one in runs[name]):.3f}",
                f"{statistics.median(one.hand_over for one in runs[name]):.3f}",
                f"{seconds[name]:.3f}",
                f"{seconds[name] / seconds['ours']:.2f}",
                f"{first[name].seconds:.3f}",
                f"{first[name].peak_mb:.0f}",
                f"{idle[name]:.0f}",
            )
            for name in PEERS
        ],
    )
    ratios: dict[str, Figure | Figures] = {
        f"vs_{name}": round(seconds[name] / seconds["ours"], 3) for name in PEERS if name != "ours"
    }
    return ratios | {
        "digest": expected.digest,
        "columns": size.columns,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "cold_seconds": {name: round(first[name].seconds, 4) for name in PEERS},
        "peak_mb": {name: round(first[name].peak_mb) for name in PEERS},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the first size, three runs")
    quick = parser.parse_args().quick
    plan = {1: 3} if quick else {1: 9, 2: 5, 4: 3}
    sizes = {f"{scale}x": measure(scale, rounds) for scale, rounds in plan.items()}
    ratios = {name: value for name, value in sizes["1x"].items() if name.startswith("vs_")}
    print_figures({**ratios, "sizes": sizes})


if __name__ == "__main__":
    main()
