"""What a warm LP brings: the relaxation of a location instance solved again after small changes, in three ways.

`python -m benchmarks.warm_lp [--quick]` prints a table and, last, one JSON object. The same changes are made to all:

- *warm*: `WarmLp`, one guarded worker that keeps its simplex basis; point and bound checked on the host;
- *cold*: the same class, started anew for each solve (an idle worker gets the whole problem);
- *bare*: highspy in this process, kept warm, nothing checked; point and duals read.

A round changes the bounds of a few hosts (a branch of a tree), the costs of some journeys, the demand of some zones,
adds a cut, or adds cheaper journeys. `cold_over_warm` is what warmth brings and `warm_over_bare` what the guard costs,
both ratios of medians over all rounds; `guard_milliseconds` is the median difference between warm and bare.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

from benchmarks.facility_location import draw
from benchmarks.location_model import FORMULATION, LocationProblem
from benchmarks.table import print_figures, print_table
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import LpStatus
from gst_opt.solve.lp_data import LpData

Floats = NDArray[np.float64]
SEED = 7
OPTIONS: tuple[tuple[str, bool | int | str], ...] = (
    ("output_flag", False),
    ("threads", 1),
    ("parallel", "off"),
    ("solver", "simplex"),
    ("simplex_strategy", 0),
)


class Changed(Protocol):
    """What takes changes."""

    def add_rows(self, matrix: Any, lower: ArrayLike, upper: ArrayLike) -> object: ...
    def add_columns(self, matrix: Any, costs: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> object: ...
    def change_costs(self, columns: ArrayLike, costs: ArrayLike) -> object: ...
    def change_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> object: ...
    def change_sides(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> object: ...


Change = Callable[[Changed], object]


class Bare:
    """highspy itself."""

    def __init__(self, data: LpData) -> None:
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in OPTIONS:
            self.solver.setOptionValue(name, value)
        matrix = data.matrix
        rows, columns = data.shape
        done = self.solver.passModel(
            *(columns, rows, matrix.nnz, highspy.MatrixFormat.kRowwise.value, highspy.ObjSense.kMinimize.value, 0.0),
            *(data.costs, data.lower, data.upper, data.row_lower, data.row_upper),
            *(_int(matrix.indptr), _int(matrix.indices), matrix.data, np.zeros(columns, np.int32)),
        )
        assert done == highspy.HighsStatus.kOk

    def add_rows(self, matrix: csr_array, lower: ArrayLike, upper: ArrayLike) -> None:
        arrays = _int(matrix.indptr[:-1]), _int(matrix.indices), matrix.data
        self.solver.addRows(matrix.shape[0], lower, upper, matrix.nnz, *arrays)

    def add_columns(self, matrix: csr_array, costs: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        added = csc_array(matrix)
        arrays = _int(added.indptr[:-1]), _int(added.indices), added.data
        self.solver.addCols(added.shape[1], costs, lower, upper, added.nnz, *arrays)

    def change_costs(self, columns: ArrayLike, costs: ArrayLike) -> None:
        self.solver.changeColsCost(len(_int(columns)), _int(columns), costs)

    def change_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        self.solver.changeColsBounds(len(_int(columns)), _int(columns), lower, upper)

    def change_sides(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        self.solver.changeRowsBounds(len(_int(rows)), _int(rows), lower, upper)

    def solve(self) -> float:
        assert self.solver.run() == highspy.HighsStatus.kOk
        solution = self.solver.getSolution()
        np.array(solution.col_value), np.array(solution.row_dual)
        return float(self.solver.getInfo().objective_function_value)


def _int(values: ArrayLike) -> NDArray[np.int32]:
    return np.asarray(values, dtype=np.int32)


@dataclass
class Timings:
    """Milliseconds of one kind of change, and simplex iterations, by way."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: {"warm": [], "cold": [], "bare": []})
    iterations: dict[str, list[int]] = field(default_factory=lambda: {"warm": [], "cold": []})


@dataclass(frozen=True)
class Instance:
    """The relaxation of a location instance."""

    model: Compiled
    costs: Floats
    hosts: NDArray[np.intp]
    journeys: NDArray[np.intp]
    demands: NDArray[np.intp]

    @classmethod
    def of(cls, zones: int, services: int, hosts: int) -> "Instance":
        problem = LocationProblem(draw(zones=zones, services=services, hosts=hosts))
        block = FORMULATION.build(problem)
        model = compile_model(block, FORMULATION.terms(block, problem))
        costs = np.sum([term.costs for term in model.terms.values()], axis=0)
        open_costs, travel_costs = model.terms["opening"].costs, model.terms["travel"].costs
        demands = np.flatnonzero(model.row_lower == 1.0)
        return cls(model, costs, np.flatnonzero(open_costs), np.flatnonzero(travel_costs), demands)

    def data(self) -> LpData:
        model = self.model
        return LpData(self.costs, model.lower, model.upper, model.matrix, model.row_lower, model.row_upper)

    def changes(self, rounds: int, data: LpData, point: Callable[[], Floats]) -> Iterator[tuple[str, Change]]:
        """Walk over the changes of every round; `data` is the problem and `point` its optimum before each."""
        random = np.random.default_rng(SEED)
        for _ in range(rounds):
            x = point()
            split = self.hosts[np.argsort(np.abs(x[self.hosts] - 0.5))[:3]]
            fixed = np.rint(random.random(3))
            yield "bounds", lambda lp, s=split, f=fixed: lp.change_bounds(s, f, f)  # type: ignore[misc]
            some = random.choice(self.journeys, len(self.journeys) // 50, replace=False)
            costs = data.costs[some] * random.uniform(0.8, 1.25, len(some))
            yield "costs", lambda lp, s=some, c=costs: lp.change_costs(s, c)  # type: ignore[misc]
            needs = random.choice(self.demands, 5, replace=False)
            sides = random.uniform(0.8, 1.0, 5)
            yield "sides", lambda lp, n=needs, s=sides: lp.change_sides(n, s, s)  # type: ignore[misc]
            x = point()
            subset = np.sort(random.choice(self.hosts, 8, replace=False))
            cut = csr_array((np.ones(8), (np.zeros(8, int), subset)), shape=(1, data.shape[1]))
            side = np.array([min(x[subset].sum() + 0.25, data.upper[subset].sum())])
            none = np.array([np.inf])
            yield "rows", lambda lp, c=cut, s=side, n=none: lp.add_rows(c, s, n)  # type: ignore[misc]
            twins = random.choice(self.journeys, 20, replace=False)
            block, price = csr_array(data.matrix[:, twins]), data.costs[twins] * 0.8
            low, high = np.zeros(20), np.full(20, np.inf)
            yield "columns", lambda lp, b=block, p=price, lo=low, hi=high: lp.add_columns(b, p, lo, hi)  # type: ignore[misc]
            yield "bounds back", lambda lp, s=split: lp.change_bounds(s, np.zeros(3), np.ones(3))  # type: ignore[misc]


def cold(data: LpData) -> tuple[float, int]:
    """Solve from nothing, in a worker that knows nothing of the problem."""
    with WarmLp(data.costs, data.lower, data.upper, data.matrix, data.row_lower, data.row_upper) as lp:
        answer = lp.solve()
    assert answer.status is LpStatus.OPTIMAL
    return answer.objective, answer.iterations


def measure(instance: Instance, rounds: int) -> dict[str, Timings]:
    """Make every change in the three ways; their optima agree, and every warm bound proves its optimum."""
    data = instance.data()
    bare = Bare(data)
    timings: dict[str, Timings] = {}
    with WarmLp(data.costs, data.lower, data.upper, data.matrix, data.row_lower, data.row_upper) as lp:
        last = lp.solve()
        cold(data)
        bare.solve()

        def point() -> Floats:
            assert last.x is not None
            return last.x

        for kind, change in instance.changes(rounds, data, point):
            timing = timings.setdefault(kind, Timings())
            change(data)
            start = time.perf_counter()
            change(lp)
            last = lp.solve()
            warm_done = time.perf_counter()
            change(bare)
            bare_value = bare.solve()
            bare_done = time.perf_counter()
            cold_value, cold_iterations = cold(data)
            cold_done = time.perf_counter()
            assert last.gap <= 1e-6, last
            assert np.allclose([bare_value, cold_value], last.objective, rtol=1e-6), (kind, bare_value, cold_value)
            for way, seconds in (
                ("warm", warm_done - start),
                ("bare", bare_done - warm_done),
                ("cold", cold_done - bare_done),
            ):
                timing.milliseconds[way].append(1000 * seconds)
            timing.iterations["warm"].append(last.iterations)
            timing.iterations["cold"].append(cold_iterations)
    return timings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller instance, fewer rounds")
    quick = parser.parse_args().quick
    instance = Instance.of(60, 2, 12) if quick else Instance.of(120, 2, 30)
    timings = measure(instance, 3 if quick else 15)
    rows, columns = instance.model.matrix.shape
    print(f"{columns:,} columns, {rows:,} rows, {instance.model.matrix.nnz:,} nonzeros; seed {SEED}")
    lines = []
    for kind, timing in timings.items():
        middle = {way: statistics.median(values) for way, values in timing.milliseconds.items()}
        lines.append(
            (
                kind,
                *(f"{middle[way]:.1f}" for way in ("warm", "bare", "cold")),
                *(f"{statistics.median(timing.iterations[way]):.0f}" for way in ("warm", "cold")),
                f"{middle['cold'] / middle['warm']:.1f}",
                f"{middle['warm'] / middle['bare']:.2f}",
            )
        )
    heads = ("change", "warm ms", "bare ms", "cold ms", "warm it.", "cold it.", "cold/warm", "warm/bare")
    print_table(heads, lines)
    every = {
        way: [value for timing in timings.values() for value in timing.milliseconds[way]]
        for way in ("warm", "bare", "cold")
    }
    middle = {way: statistics.median(values) for way, values in every.items()}
    overhead = [warm - bare for warm, bare in zip(every["warm"], every["bare"], strict=True)]
    print_figures(
        {
            "cold_over_warm": round(middle["cold"] / middle["warm"], 2),
            "warm_over_bare": round(middle["warm"] / middle["bare"], 2),
            "guard_milliseconds": round(statistics.median(overhead), 2),
            "warm_milliseconds": round(middle["warm"], 2),
            "bare_milliseconds": round(middle["bare"], 2),
            "cold_milliseconds": round(middle["cold"], 2),
            "columns": columns,
            "rows": rows,
            "solves": len(overhead),
        }
    )


if __name__ == "__main__":
    main()
