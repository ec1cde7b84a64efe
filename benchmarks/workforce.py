"""Size and time of the workforce plan of Tanger: columns, rows, and every goal's gap within a time limit.

``python -m benchmarks.workforce [seconds]``
"""

import sys
import time

import gst_opt as gst
from gst_opt.pillars.staff.workforce_planning.model import FORMULATION
from gst_opt.solve.compiled import compile_model


def main(seconds: float) -> None:
    problem = gst.WorkforcePlanningProblem.of(gst.load_sample("tanger"))
    started = time.perf_counter()
    model = FORMULATION.build(problem)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    built = time.perf_counter() - started
    rows, columns = compiled.matrix.shape
    print(f"{columns} columns, {int(compiled.integer.sum())} whole, {rows} rows, {compiled.matrix.nnz} nonzeros")
    print(f"built and compiled in {built:.1f} s")
    result = gst.solve(problem, gst.SolveOptions(gap=1e-3, seconds=seconds))
    print(f"{result.status}, {result.stop}, {result.provenance.seconds:.0f} s")
    for stage in result.stages:
        print(f"{stage.goal}: {stage.value:.2f}, bound {stage.bound}, gap {stage.gap:.2e}, today {stage.today:.2f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 300.0)
