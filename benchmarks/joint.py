"""A sample's grouping plan: parts in turn, the grouping plan's own method, and the model in one piece.

`python -m benchmarks.joint [--sample S] [--budget MAD] [--seconds S] [--ways turn tied piece]` prints a line each and,
last, one JSON object. Gaps are relative to the plan's own value, in dirhams.
"""

import argparse
import time
from collections.abc import Mapping

from benchmarks.table import print_figures, print_table
from gst_opt.api import Method
from gst_opt.grouping_plan.check import check
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.sequential import in_turn
from gst_opt.samples import load_sample
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.run import direct

WAYS: Mapping[str, Method] = {"turn": in_turn, "tied": tied, "piece": direct}
HEADS = ("way", "value", "bound", "gap %", "ties binding", "columns", "seconds")


def measured(problem: GroupingProblem, way: str, seconds: float) -> dict[str, float | int | str | None]:
    """Solve a question one way; return its figures."""
    began = time.perf_counter()
    options = SolveOptions(workers=1, seconds=seconds, gap=1e-2)
    result = WAYS[way](FORMULATION, problem, check, options, start=None)
    value, bound = result.objective, None if way == "turn" else result.bound
    return {
        "status": result.status,
        "value": value,
        "bound": bound,
        "gap": None if bound is None or value is None else (value - bound) / max(abs(value), 1.0),
        "binding": sum(tie.binding for tie in result.plan.ties) if result.plan else None,
        "columns": result.provenance.columns,
        "seconds": time.perf_counter() - began,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", default="province")
    parser.add_argument("--budget", type=float, default=80e6)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    asked = parser.parse_args()
    problem = GroupingProblem.of(load_sample(asked.sample), GroupingPolicy(budget=asked.budget))
    found = {way: measured(problem, way, asked.seconds) for way in asked.ways}
    print_table(HEADS, [(way, *_cells(figures)) for way, figures in found.items()])
    print_figures({"sample": asked.sample, "budget": asked.budget, **found})


def _cells(figures: Mapping[str, float | int | str | None]) -> list[str]:
    value, bound, gap = (figures[name] for name in ("value", "bound", "gap"))
    return [
        "" if value is None else f"{value:,.0f}",
        "" if bound is None else f"{bound:,.0f}",
        "" if not isinstance(gap, float) else f"{100 * gap:.2f}",
        str(figures["binding"]),
        str(figures["columns"]),
        f"{figures['seconds']:.1f}",
    ]


if __name__ == "__main__":
    main()
