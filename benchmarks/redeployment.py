"""Staff redeployment of the Tanger sample: the library against the model that one would write first.

`python -m benchmarks.redeployment [--quick]` prints two tables and, last, one JSON object. All skills, 90 minutes,
provinces compared worst first (leximin), premiums of at most 2,000,000 MAD a year. Ours is `solve`, from the question
to the checked plan, every goal to a gap of 1e-4. The naive side (`naive_moves.py`) has a column of whole heads for
every pair of teams and the first goal only; Pyomo writes it and `appsi_highs` solves it, to the same gap, within
`TIMES` times what ours took. It is given the needs, journeys and pairs as dictionaries: finding them is left out of
its time, and counted in ours. They run one after the other.

`ratio` is the naive side's time over ours, for one goal against all of them; `first_plan_ratio` is the time until it
held any plan over ours (null when it never did).
"""

import argparse
import time

import gst_opt as gst
from benchmarks.naive_moves import Answer, Data, answer, tables
from benchmarks.table import print_figures, print_table
from gst_opt.solve.result import Result

GAP = 1e-4
TIMES = 10
SLACK = 1e-6


def question(*, quick: bool) -> gst.RedeploymentProblem:
    """Return the question of the issue; the quick one is of one province and its neighbour."""
    grouping = gst.load_sample("province" if quick else "tanger")
    budget = 100_000.0 if quick else 2_000_000.0
    return gst.RedeploymentProblem.of(grouping, gst.RedeploymentPolicy(max_travel=90.0, premium_budget=budget))


def ours(problem: gst.RedeploymentProblem) -> tuple[Result[gst.RedeploymentPlan], float]:
    """Solve; return the result and the wall time."""
    started = time.perf_counter()
    result = gst.solve(problem, gst.SolveOptions(gap=GAP))
    seconds = time.perf_counter() - started
    assert result.checked, str(result)
    return result, seconds


def show(data: Data, result: Result[gst.RedeploymentPlan], seconds: float, naive: Answer) -> None:
    """Print the stages of ours, then both sides."""
    print_table(
        ("goal", "unit", "today", "planned", "bound", "gap"),
        [
            (
                stage.goal,
                stage.unit,
                f"{stage.today:,.4f}",
                f"{stage.value:,.4f}",
                _figure(stage.bound),
                f"{stage.gap:.1e}",
            )
            for stage in result.stages
        ],
    )
    print()
    first = result.stages[0]
    print_table(
        ("side", "columns", "goals", "seconds", "plan after s", "worst province uncovered", "bound", "gap"),
        [
            (
                "gst_opt",
                f"{result.provenance.columns:,}",
                str(len(result.stages)),
                f"{seconds:.1f}",
                f"{seconds:.1f}",
                f"{first.value:.5f}",
                _figure(first.bound, 5),
                f"{result.gap:.1e}",
            ),
            (
                "naive, appsi_highs" if naive.returned else "naive, appsi_highs (ended)",
                f"{data.columns:,}",
                "1",
                f"{naive.seconds:.1f}",
                _figure(naive.first, 1),
                _figure(None if naive.worst is None else 1 - naive.worst, 5),
                _figure(None if naive.bound is None else 1 - naive.bound, 5),
                "no plan" if naive.gap is None else f"{naive.gap:.1e}",
            ),
        ],
    )


def _figure(value: float | None, decimals: int = 4) -> str:
    return "none" if value is None else f"{value:,.{decimals}f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one province")
    problem = question(quick=parser.parse_args().quick)
    result, seconds = ours(problem)
    data = tables(problem)
    naive = answer(data, GAP, TIMES * seconds)
    value = result.objective
    assert value is not None
    assert naive.bound is None or 1 - naive.bound <= value + SLACK, "the naive model excludes our plan"
    show(data, result, seconds, naive)
    print_figures(
        {
            "ratio": round(naive.seconds / seconds, 2),
            "first_plan_ratio": None if naive.first is None else round(naive.first / seconds, 2),
            "seconds": round(seconds, 2),
            "gap": result.gap,
            "stages": len(result.stages),
            "naive_seconds": round(naive.seconds, 2),
            "naive_build_seconds": round(naive.build_seconds, 2),
            "naive_gap": naive.gap,
            "naive_columns": data.columns,
            "columns": result.provenance.columns,
        }
    )


if __name__ == "__main__":
    main()
