"""Published capacitated location instances: the library and highspy alone, one after the other, both on the proof.

`python -m benchmarks.cflp [--quick] [NAME ...]` prints a table and, last, one JSON object; names say how instances
begin, `--quick` is `cap4` to `cap7`, and without either all customers may be shared (`cap`). Instances are read from
`GST_OPT_BENCH` (see `locations.py`); without them it says so and ends. Both sides get the same arrays, the same gap
(none), one thread and the same time limit, and their times hold all from the arrays to the value. The bare side writes
the strong model (0/1 sites, shares, one equality a customer, one capacity row a site, one link a pair) straight into a
`HighsLp`; it neither checks its plan nor asks again. A gap is what the side's own bound leaves, relative to its value;
`above` is how far our value is above the known optimum.
"""

import argparse
import time
from typing import NamedTuple

import highspy
import numpy as np

from benchmarks.locations import FOLDER, Arrays, Instance, instances
from benchmarks.table import print_figures, print_table
from gst_opt.pillars.platforms.classic import cflp
from gst_opt.solve.options import SolveOptions

SECONDS = 120.0
OPTIONS = SolveOptions(gap=0.0, workers=1, seconds=SECONDS)
QUICK = ("cap4", "cap5", "cap6", "cap7")
PROVEN = 1e-6
"""Relative distance between values, or between a value and a bound, that is rounding."""


class Side(NamedTuple):
    """What one side found: seconds, and the value and the bound of its plan; none where there is none in time."""

    seconds: float
    value: float
    bound: float

    @property
    def gap(self) -> float:
        return (self.value - self.bound) / self.value if np.isfinite(self.value) else float("inf")


def bare(arrays: Arrays, single_source: bool) -> tuple[float, float]:
    """Minimise by highspy alone; return value and bound."""
    cost, fixed, demand, capacity = arrays
    sites, customers = cost.shape
    pairs = sites * customers
    site, customer = np.divmod(np.arange(pairs), customers)
    link = customers + sites + np.arange(pairs)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = sites + pairs, customers + sites + pairs
    model.col_cost_ = np.concatenate([fixed, cost.ravel()])
    model.col_lower_, model.col_upper_ = np.zeros(sites + pairs), np.ones(sites + pairs)
    model.row_lower_ = np.concatenate([np.ones(customers), np.full(sites + pairs, -np.inf)])
    model.row_upper_ = np.concatenate([np.ones(customers), np.zeros(sites + pairs)])
    opened_rows = np.column_stack([customers + np.arange(sites), link.reshape(sites, customers)])
    opened_values = np.column_stack([-capacity, -np.ones((sites, customers))])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate(
        [(1 + customers) * np.arange(sites), (1 + customers) * sites + 3 * np.arange(pairs + 1)]
    )
    model.a_matrix_.index_ = np.concatenate(
        [opened_rows.ravel(), np.column_stack([customer, customers + site, link]).ravel()]
    )
    model.a_matrix_.value_ = np.concatenate(
        [opened_values.ravel(), np.column_stack([np.ones(pairs), demand[customer], np.ones(pairs)]).ravel()]
    )
    shares = highspy.HighsVarType.kInteger if single_source else highspy.HighsVarType.kContinuous
    model.integrality_ = [highspy.HighsVarType.kInteger] * sites + [shares] * pairs
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", OPTIONS.gap),
        ("mip_abs_gap", 1e-6),
        ("time_limit", SECONDS),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(model)
    highs.run()
    info = highs.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)


def run(instance: Instance) -> tuple[Side, Side]:
    """Return our side and the bare one."""
    arrays = instance.arrays()
    began = time.perf_counter()
    result = cflp(*arrays, instance.single_source, OPTIONS)
    between = time.perf_counter()
    value, bound = bare(arrays, instance.single_source)
    ended = time.perf_counter()
    own_value = np.inf if result.objective is None else result.objective
    own_bound = -np.inf if result.bound is None else result.bound
    return Side(between - began, own_value, own_bound), Side(ended - between, value, bound)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="how instances begin, such as capb_5000 or holmberg")
    parser.add_argument("--quick", action="store_true", help="the quick instances only")
    asked = parser.parse_args()
    chosen = instances(*(QUICK if asked.quick else asked.names or ("cap",)))
    if not chosen:
        print(f"no instances in {FOLDER.name}: set GST_OPT_BENCH")
        print_figures({"instances": 0})
        return
    cflp([[1.0]], [1.0], [1.0], [1.0], options=OPTIONS)  # the worker starts
    rows, figures = [], {}
    for instance in chosen:
        ours, theirs = run(instance)
        above = ours.value / instance.optimum - 1.0
        figures[instance.name] = {
            "seconds": round(ours.seconds, 2),
            "seconds_bare": round(theirs.seconds, 2),
            "ratio": round(ours.seconds / theirs.seconds, 2),
            "gap_percent": _percent(ours.gap),
            "gap_percent_bare": _percent(theirs.gap),
            "above_percent": _percent(above),
            "proven": ours.gap <= PROVEN and abs(above) <= PROVEN,
        }
        rows.append([instance.name, *map(str, figures[instance.name].values())])
    print_table(["instance", "ours s", "bare s", "ratio", "gap %", "bare gap %", "above %", "proven"], rows)
    seconds = sum(float(one["seconds"] or 0) for one in figures.values())
    seconds_bare = sum(float(one["seconds_bare"] or 0) for one in figures.values())
    print_figures(
        {
            "instances": len(figures),
            "proven": sum(bool(one["proven"]) for one in figures.values()),
            "seconds": round(seconds, 2),
            "seconds_bare": round(seconds_bare, 2),
            "ratio": round(seconds / seconds_bare, 2),
            "by_instance": figures,
        }
    )


def _percent(share: float) -> float | None:
    """Return a share in percent; None where there is none, as JSON has no infinity."""
    return round(100 * share, 4) + 0.0 if np.isfinite(share) else None


if __name__ == "__main__":
    main()
