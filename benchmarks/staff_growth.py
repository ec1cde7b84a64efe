"""How time and memory of the staff questions grow with the region: the Tanger sample once, twice and four times.

`python -m benchmarks.staff_growth [--quick] [--plot]` prints a table and, last, one JSON object, and writes
`docs/figures/staff_growth.csv` and `.svg` (matplotlib, extra `bench`). `--plot` draws the figure from the file again.
`--quick` takes one province and twice that, at most 5 s a question, and writes nothing. Larger regions are copies side
by side with roads between them (`copies.py`).

Every figure comes from a process of its own. Building is all from the question to the compiled model (needs, journeys,
sets, rows, matrices); the seconds of a question are those of `solve`, building and check included. Memory is the peak
of the process and, beside it, of the largest of its workers, which solve. Each question may take `SECONDS`: one that
did not end says which gap it had then.
"""

import argparse
import csv
import resource
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import gst_opt as gst
from benchmarks.copies import side_by_side
from benchmarks.table import print_figures, print_table
from gst_opt.api import question_of
from gst_opt.model.problem import Problem
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.workers import close_workers

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
SCALES = (1, 2, 4)
SECONDS = 300.0


@dataclass(frozen=True)
class Step:
    """What is measured: its name, the gap asked for, and the question (none: the need alone)."""

    name: str
    gap: float = 1e-4
    ask: Callable[[gst.Grouping], Problem[Any]] | None = None


def _moves(kind: gst.EquityKind, grouping: gst.Grouping) -> Problem[Any]:
    policy = gst.RedeploymentPolicy(equity=gst.Equity(kind=kind))
    return gst.RedeploymentProblem.of(grouping, policy)


STEPS = (
    Step("need"),
    Step("moves, coverage", ask=partial(_moves, gst.EquityKind.NONE)),
    Step("moves, max-min", ask=partial(_moves, gst.EquityKind.MAX_MIN)),
    Step("workforce planning", 1e-3, gst.WorkforcePlanningProblem.of),
    Step("shared time", 1e-3, gst.SharedTimeProblem.of),
)


@dataclass(frozen=True)
class Row:
    """One line of the table; `gap` is that of the worst goal, empty where there is nothing to solve."""

    step: str
    scale: int
    facilities: int
    heads: int
    build_seconds: float
    seconds: float
    peak_mb: int
    worker_mb: int
    columns: int
    rows: int
    gap: float | None
    status: str
    seconds_allowed: float


def measure(step: Step, sample: str, scale: int, limit: float) -> Row:
    """Measure one step at one scale, in a process that has done nothing else."""
    grouping = side_by_side(gst.load_sample(sample), scale)
    own = partial(
        Row,
        step=step.name,
        scale=scale,
        facilities=len(grouping.region.open_facilities()),
        heads=sum(row.heads for row in grouping.workforce.staff),
        seconds_allowed=limit,
    )
    if step.ask is None:
        gst.staffing_need(gst.load_sample("two_towns"))  # imports
        started = time.perf_counter()
        gst.staffing_need(grouping)
        seconds = round(time.perf_counter() - started, 3)
        return own(
            build_seconds=0.0,
            seconds=seconds,
            peak_mb=_peak(resource.RUSAGE_SELF),
            worker_mb=_peak(resource.RUSAGE_CHILDREN),
            columns=0,
            rows=0,
            gap=None,
            status="",
        )
    question_of(step.ask(grouping)).formulation()  # imports
    started = time.perf_counter()
    _build(step.ask(grouping))
    built = time.perf_counter() - started
    started = time.perf_counter()
    result = gst.solve(step.ask(grouping), gst.SolveOptions(gap=step.gap, seconds=limit))
    seconds = time.perf_counter() - started
    assert result.checked, str(result)
    close_workers()
    return own(
        build_seconds=round(built, 3),
        seconds=round(seconds, 3),
        peak_mb=_peak(resource.RUSAGE_SELF),
        worker_mb=_peak(resource.RUSAGE_CHILDREN),
        columns=result.provenance.columns,
        rows=result.provenance.rows,
        gap=float(f"{result.gap:.3g}"),
        status=str(result.status),
    )


def _build(problem: Problem[Any]) -> None:
    formulation = question_of(problem).formulation()
    model = formulation.build(problem)
    compile_model(model, formulation.terms(model, problem))


def _peak(who: int) -> int:
    """Return the largest memory of this process, or of the largest of those that it started."""
    return round(resource.getrusage(who).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def alone(step: Step, sample: str, scale: int, limit: float) -> Row:
    """Measure in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, step, sample, scale, limit).result()


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in rows)


def plot(source: Path, target: Path) -> None:
    """Draw seconds and memory by scale from the table."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scales = sorted({int(row["scale"]) for row in rows})
    mpl.rcParams["svg.hashsalt"] = "gst_opt"
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    for name in dict.fromkeys(row["step"] for row in rows):
        own = [row for row in rows if row["step"] == name]
        at = [int(row["scale"]) for row in own]
        megabytes = [int(row["peak_mb"]) + int(row["worker_mb"]) for row in own]
        for axes, values in ((time_axes, [float(row["seconds"]) for row in own]), (memory_axes, megabytes)):
            (line,) = axes.plot(at, values, label=name)
            for x, y, row in zip(at, values, own, strict=True):
                filled = line.get_color() if row["status"] in ("", "optimal") else "white"
                axes.plot([x], [y], marker="o", color=line.get_color(), markerfacecolor=filled)
    time_axes.set_yscale("log")
    time_axes.yaxis.set_major_formatter("{x:g}")
    memory_axes.set_ylim(bottom=0)
    for axes, title in ((time_axes, "seconds"), (memory_axes, "peak memory, MB (process and largest worker)")):
        axes.set_xscale("log", base=2)
        axes.set_xticks(scales, [f"{scale}x" for scale in scales])
        axes.set_xlabel("facilities and staff")
        axes.set_title(title, fontsize=10)
        axes.grid(visible=True, linewidth=0.3)
    figure.legend(*time_axes.get_legend_handles_labels(), loc="outside lower center", ncols=len(STEPS), fontsize=8)
    figure.savefig(target, format="svg", metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one province and twice that; nothing is written")
    parser.add_argument("--plot", action="store_true", help="draw the figure from the file")
    asked = parser.parse_args()
    source, target = FIGURES / "staff_growth.csv", FIGURES / "staff_growth.svg"
    if asked.plot:
        plot(source, target)
        return
    sample, scales, limit = ("province", (1, 2), 5.0) if asked.quick else ("tanger", SCALES, SECONDS)
    rows: list[Row] = []
    for step in STEPS:
        for scale in scales:
            rows.append(alone(step, sample, scale, limit))
            if not asked.quick:
                write(rows, source)
    heads = ("step", "scale", "build s", "seconds", "peak MB", "worker MB", "columns", "rows", "gap", "status")
    print_table(
        heads,
        [
            (
                row.step,
                f"{row.scale}x",
                f"{row.build_seconds:.2f}",
                f"{row.seconds:.2f}",
                str(row.peak_mb),
                str(row.worker_mb),
                f"{row.columns:,}",
                f"{row.rows:,}",
                "" if row.gap is None else f"{row.gap:.1e}",
                row.status,
            )
            for row in rows
        ],
    )
    if not asked.quick:
        plot(source, target)
    first, last = scales[0], scales[-1]
    by_step = {step.name: {row.scale: row for row in rows if row.step == step.name} for step in STEPS}
    print_figures(
        {
            name: {
                "times": round(own[last].seconds / own[first].seconds, 2),
                "seconds": {f"{scale}x": own[scale].seconds for scale in scales},
                "mb": {f"{scale}x": own[scale].peak_mb + own[scale].worker_mb for scale in scales},
                "gap": {f"{scale}x": own[scale].gap for scale in scales},
            }
            for name, own in by_step.items()
        }
    )


if __name__ == "__main__":
    main()
