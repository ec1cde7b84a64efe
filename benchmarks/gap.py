"""Published generalised assignment instances: proven by the library and by highspy alone, one after the other.

`python -m benchmarks.gap [--quick]` prints a table by class and, last, one JSON object. Instances are read from
`GST_OPT_BENCH` (see `assignments.py`); without them it says so and ends. Both sides get the same arrays, the same
gap (none) and one thread, and their times hold all from the arrays to the agent of each job. The bare side writes
the strong model (0/1 columns, one equality a job, one capacity row an agent) straight into a `HighsLp`; it neither
checks its plan nor asks again. Every value is compared with the known optimum, and our bound too.
"""

import argparse
import time

import highspy
import numpy as np

from benchmarks.assignments import FOLDER, Floats, Instance, instances
from benchmarks.table import Figures, print_figures, print_table
from gst_opt.pillars.staff.classic import generalised_assignment
from gst_opt.solve.options import SolveOptions

OPTIONS = SolveOptions(gap=0.0, workers=1)
QUICK = ("a", "c0515", "c1050")


def bare(cost: Floats, use: Floats, capacity: Floats) -> float:
    """Minimise by highspy alone; return the cost of its rounded plan."""
    agents, jobs = cost.shape
    count = agents * jobs
    agent, job = np.divmod(np.arange(count), jobs)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, jobs + agents
    model.col_cost_, model.col_lower_, model.col_upper_ = cost.ravel(), np.zeros(count), np.ones(count)
    model.row_lower_ = np.concatenate([np.ones(jobs), np.full(agents, -np.inf)])
    model.row_upper_ = np.concatenate([np.ones(jobs), capacity])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = 2 * np.arange(count + 1)
    model.a_matrix_.index_ = np.stack([job, jobs + agent], axis=1).ravel()
    model.a_matrix_.value_ = np.stack([np.ones(count), use.ravel()], axis=1).ravel()
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    options = (("output_flag", False), ("threads", 1), ("mip_rel_gap", OPTIONS.gap), ("mip_abs_gap", 1e-6))
    for name, value in options:
        highs.setOptionValue(name, value)
    highs.passModel(model)
    highs.run()
    return float(cost.ravel() @ np.rint(highs.getSolution().col_value))


def run(instance: Instance) -> tuple[float, float, bool, bool]:
    """Return seconds of ours and of the bare run, whether ours is proven, and whether the bare value is right."""
    arrays, known = instance.assignment(), instance.sign * instance.optimum
    began = time.perf_counter()
    result = generalised_assignment(*arrays, OPTIONS)
    between = time.perf_counter()
    value = bare(*arrays)
    ended = time.perf_counter()
    return between - began, ended - between, (result.objective, result.bound) == (known, known), value == known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the quick instances only")
    chosen = instances("GAP")
    if parser.parse_args().quick:
        chosen = [one for one in chosen if one.name.startswith(QUICK)]
    if not chosen:
        print(f"no instances in {FOLDER.name}: set GST_OPT_BENCH")
        print_figures({"instances": 0})
        return
    generalised_assignment([[1.0]], [[1.0]], [1.0], OPTIONS)  # the worker starts
    found = {(one.name, one.sense): run(one) for one in chosen}
    rows, figures = [], {}
    for group in [*sorted({name[0] for name, _ in found}), "all"]:
        own = [figure for (name, _), figure in found.items() if group in (name[0], "all")]
        ours, theirs = sum(one[0] for one in own), sum(one[1] for one in own)
        figures[group] = {
            "instances": len(own),
            "seconds": round(ours, 2),
            "seconds_bare": round(theirs, 2),
            "ratio": round(ours / theirs, 2),
            "proven": sum(one[2] for one in own),
            "bare_right": sum(one[3] for one in own),
        }
        rows.append([group, *(str(figure) for figure in figures[group].values())])
    print_table(["class", "instances", "ours s", "bare s", "ratio", "proven", "bare right"], rows)
    total: Figures = figures["all"]
    print_figures({**total, "by_class": figures})


if __name__ == "__main__":
    main()
