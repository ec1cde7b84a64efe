"""Size and time of the workforce plan and of shared time on Tanger: columns, rows, and every goal within a time limit.

``python -m benchmarks.workforce [seconds of the plan] [seconds of shared time]``
"""

import os
import sys
import time
from typing import Any

import gst_opt as gst
from gst_opt.api import question_of
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import split


def main(seconds: float, shared: float) -> None:
    grouping = gst.load_sample("tanger")
    measure(gst.WorkforcePlanningProblem.of(grouping), seconds)
    measure(gst.SharedTimeProblem.of(grouping), shared)


def measure(problem: Any, seconds: float) -> None:
    """Print what a problem is made of, what is proven, and every term."""
    formulation = question_of(problem).formulation()
    started = time.perf_counter()
    model = formulation.build(problem)
    compiled = compile_model(model, formulation.terms(model, problem))
    built = time.perf_counter() - started
    rows, columns = compiled.matrix.shape
    print(f"{type(problem).__name__}: built and compiled in {built:.1f} s, {len(split(compiled))} parts")
    print(f"{columns} columns, {int(compiled.integer.sum())} whole, {rows} rows, {compiled.matrix.nnz} nonzeros")
    result = gst.solve(problem, gst.SolveOptions(gap=1e-3, seconds=seconds))
    print(f"{result.status}, {result.stop}, {result.provenance.seconds:.0f} s, load {os.getloadavg()[0]:.1f}")
    for stage in result.stages:
        print(f"{stage.goal}: {stage.value:.2f}, bound {stage.bound}, gap {stage.gap:.2e}, today {stage.today:.2f}")
    for term in result.terms:
        print(f"  {term.name}: {term.planned:.2f} {term.unit}, today {term.today:.2f}")


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:]]
    main(*[*given, *(300.0, 60.0)[len(given) :]])
