"""What the guard costs: the same models solved by highspy in this process and by the library in its workers.

`python -m benchmarks.guard [--quick]` prints a table and, last, one JSON object. Each model is compiled once. A bare
run is a new `Highs`, its options, one `passModel` and `run`; a guarded run is all that the library does with a part:
thread, worker, frames, incumbents streamed, the plan rounded and its rows checked. They take turns, and the overhead of
a model is the median of the differences. `start` is the first solve when no worker is running yet, less a bare run.
`whole` is the same for a question in full: `direct` (today's plan, preflight, split, plan read, check) less building,
compiling and a bare run, each solve from the data.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import highspy
import numpy as np

from benchmarks.facility_location import draw
from benchmarks.location_model import FORMULATION, LocationProblem, check
from benchmarks.table import print_figures, print_table
from gst_opt.model.goals import Goal
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import Part, costs_of, whole
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of, solve_parts
from gst_opt.solve.run import direct
from gst_opt.solve.stages import Job
from gst_opt.solve.standard import standard_form
from gst_opt.solve.worker import load
from gst_opt.solve.workers import close_workers

OPTIONS = SolveOptions()


@dataclass(frozen=True)
class Model:
    """A part, its goal, and what it is called."""

    name: str
    part: Part
    goal: Goal


def models(*, quick: bool) -> list[Model]:
    """Return facility-location models, from tiny to the one of the other benchmarks (without costs: all transfer).

    The hard one takes a second; with fewer than 400 columns its optimum is asked for again without presolve.
    """
    sizes = [("tiny", 4, 2), ("small", 20, 5), ("medium", 60, 8)]
    found = [_model(name, zones, 1, hosts) for name, zones, hosts in sizes]
    if not quick:
        found.append(_model("hard", 26, 2, 15))
        large = _model("large, no costs", 318, 8, 40)
        free = {term: np.zeros_like(costs) for term, costs in large.part.costs.items()}
        found.append(replace(large, part=replace(large.part, costs=free)))
    return found


def _model(name: str, zones: int, services: int, hosts: int) -> Model:
    return _model_of(name, LocationProblem(draw(zones=zones, services=services, hosts=hosts)))


def _model_of(name: str, problem: LocationProblem) -> Model:
    model = FORMULATION.build(problem)
    (goal,) = FORMULATION.goals(problem).stages
    assert isinstance(goal, Goal)
    return Model(name, whole(compile_model(model, FORMULATION.terms(model, problem))), goal)


def bare(model: Model) -> float:
    """Solve with highspy alone; return the value."""
    problem = standard_form(model.part, costs_of(model.goal, model.part))
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    for option, value in (("threads", 1), ("parallel", "off"), ("mip_rel_gap", OPTIONS.gap), ("mip_abs_gap", 1e-6)):
        solver.setOptionValue(option, value)
    load(solver, problem.frame())
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)


def guarded(model: Model) -> float:
    """Solve as the library does; return the value."""
    limits = limits_of(OPTIONS, time.monotonic(), Interruption())
    job = Job(model.part, (model.goal,), today=np.zeros(len(model.part.columns)))
    (answer,) = solve_parts([job], OPTIONS, limits)
    assert answer.x is not None
    return answer.reached[0]


def from_data(*, guard: bool) -> float:
    """Return the milliseconds that a small question takes, from its data to a checked plan or to highspy's value."""
    problem = LocationProblem(draw(zones=20, services=5, hosts=8))
    started = time.perf_counter()
    if guard:
        assert direct(FORMULATION, problem, check, OPTIONS).checked
    else:
        bare(_model_of("whole", problem))
    return 1000 * (time.perf_counter() - started)


def milliseconds(solve: Callable[[Model], float], model: Model) -> tuple[float, float]:
    """Solve; return the milliseconds and the value."""
    started = time.perf_counter()
    value = solve(model)
    return 1000 * (time.perf_counter() - started), value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer models, 5 turns instead of 15")
    quick = parser.parse_args().quick
    lines, overheads = [], {}
    chosen = models(quick=quick)
    bare(chosen[0])
    close_workers()
    start = milliseconds(guarded, chosen[0])[0] - milliseconds(bare, chosen[0])[0]
    for model in chosen:
        guarded(model)
        turns = []
        for _ in range(5 if quick else 15):
            (alone, expected), (with_guard, value) = milliseconds(bare, model), milliseconds(guarded, model)
            assert abs(value - expected) <= OPTIONS.gap * max(1.0, abs(expected)), model.name
            turns.append((alone, with_guard, with_guard - alone))
        alone, with_guard, overhead = (statistics.median(values) for values in zip(*turns, strict=True))
        overheads[model.name] = overhead
        rows, columns = model.part.matrix.shape
        lines.append((model.name, f"{columns:,}", f"{rows:,}", f"{alone:.1f}", f"{with_guard:.1f}", f"{overhead:.1f}"))
    print_table(("model", "columns", "rows", "bare ms", "guarded ms", "overhead ms"), lines)
    turns_whole = 5 if quick else 15
    whole_overhead = statistics.median(from_data(guard=True) - from_data(guard=False) for _ in range(turns_whole))
    print_figures(
        {
            "overhead_whole_milliseconds": round(whole_overhead, 2),
            "overhead_milliseconds": round(max(overheads.values()), 2),
            "overhead_small_milliseconds": round(overheads["small"], 2),
            "start_milliseconds": round(start, 1),
            "turns": 5 if quick else 15,
        }
    )


if __name__ == "__main__":
    main()
