"""Staff redeployment of the Tanger sample: the library against the model that one would write first.

`python -m benchmarks.redeployment [--quick]` prints three tables and, last, one JSON object. All skills, 90 minutes,
provinces compared worst first (leximin), premiums of at most 2,000,000 MAD a year; then need uncovered, premiums,
minutes, moves, each goal to a gap of 1e-4. Ours is `solve`, from the question to the checked plan. The naive side
(`naive_moves.py`) has a column of whole heads for every pair of teams; Pyomo writes it and `appsi_highs` solves goal
after goal, within `TIMES` times what ours took. It is given needs, journeys and pairs as dictionaries: finding them is
left out of its time, and counted in ours. They run one after the other.

`ratio` is the naive side's time over ours: where it has not proven all goals (`naive_proven`), it would be more.
The two `first_goal_seconds` compare one goal alone, the worst-off province, which is the easiest for a plain solver.
"""

import argparse
import time

import gst_opt as gst
from benchmarks.naive_moves import Answer, Data, answer, tables
from benchmarks.table import print_figures, print_table
from gst_opt.model.provinces import worst_province_first
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


def first_goal_only(problem: gst.RedeploymentProblem) -> gst.RedeploymentProblem:
    """Return the question with the worst-off province as its only goal."""
    first = worst_province_first(problem.needs_by_province(), rounds=1)
    return problem.replace(policy=problem.policy.replace(goals=first))


def show(data: Data, result: Result[gst.RedeploymentPlan], seconds: float, naive: Answer) -> None:
    """Print the stages of both sides, then both sides."""
    print_table(
        ("goal", "unit", "today", "planned", "bound", "gap"),
        [
            (one.goal, one.unit, *(_figure(value) for value in (one.today, one.value, one.bound)), f"{one.gap:.1e}")
            for one in result.stages
        ],
    )
    print()
    print_table(
        ("naive goal", "ended after s", "planned", "bound"),
        [(one.goal, f"{one.seconds:.1f}", _figure(one.value), _figure(one.bound)) for one in naive.solved],
    )
    print()
    proven = sum(stage.gap <= GAP for stage in result.stages)
    print_table(
        ("side", "columns", "build s", "seconds", "goals proven"),
        [
            ("gst_opt", f"{result.provenance.columns:,}", "", f"{seconds:.1f}", f"{proven}/{len(result.stages)}"),
            (
                "naive, appsi_highs",
                f"{data.columns:,}",
                f"{naive.build_seconds:.1f}",
                f"{naive.seconds:.1f}",
                f"{naive.proven(GAP)}/{naive.goals}",
            ),
        ],
    )


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:,.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one province")
    problem = question(quick=parser.parse_args().quick)
    result, seconds = ours(problem)
    _, first_seconds = ours(first_goal_only(problem))
    data = tables(problem)
    naive = answer(data, GAP, TIMES * seconds)
    value, first = result.objective, naive.solved[0] if naive.solved else None
    assert value is not None
    assert first is None or first.bound is None or first.bound <= value + SLACK, "the naive model excludes our plan"
    show(data, result, seconds, naive)
    in_time = [one for one in naive.solved if one.seconds <= seconds]
    print_figures(
        {
            "ratio": round(naive.seconds / seconds, 2),
            "seconds": round(seconds, 2),
            "gap": result.gap,
            "goals": len(result.stages),
            "naive_seconds": round(naive.seconds, 2),
            "naive_proven": naive.proven(GAP),
            "naive_ended_when_ours_is_proven": len(in_time),
            "first_goal_seconds": round(first_seconds, 2),
            "naive_first_goal_seconds": None if first is None else round(first.seconds, 2),
            "naive_columns": data.columns,
            "columns": result.provenance.columns,
        }
    )


if __name__ == "__main__":
    main()
