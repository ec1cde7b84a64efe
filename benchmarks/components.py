"""What splitting a model into its components brings: the same instance as one MIP and split, in the same time.

`python -m benchmarks.components [--quick]` prints a table and, last, one JSON object. The split run comes first, with
the gap that the library asks for by default and at most 60 s; one MIP then has the wall time that the split run took.
Both go through the solve path of the library, from the model to the checked plan. `gap_ratio` is the gap of the one
MIP over that of the split run, the median over the solver's seeds with two workers (one MIP can use only one of
them); `gap_ratio_one_worker` gives the split run a single worker too. A gap below `SMALLEST_GAP` counts as that.
"""

import argparse
import statistics
import time
from dataclasses import dataclass

from benchmarks.facility_location import Instance, draw
from benchmarks.location_model import FORMULATION, LocationPlan, LocationProblem, check
from benchmarks.table import print_figures, print_table
from gst_opt.solve.components import split
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.phases import Splitter
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct, whole_model

SMALLEST_GAP = 1e-6


@dataclass(frozen=True)
class Case:
    """How many workers the split run has, and the solver's seed."""

    workers: int
    seed: int


@dataclass(frozen=True)
class Pair:
    """The two results of one case, and the wall time of each."""

    case: Case
    split: Result[LocationPlan]
    split_seconds: float
    whole: Result[LocationPlan]
    whole_seconds: float

    @property
    def gap_ratio(self) -> float:
        """Gap of the one MIP over the gap of the split run."""
        return max(self.whole.gap, SMALLEST_GAP) / max(self.split.gap, SMALLEST_GAP)


def timed(instance: Instance, options: SolveOptions, splitter: Splitter) -> tuple[Result[LocationPlan], float]:
    """Solve once; the result is a checked plan."""
    start = time.perf_counter()
    result = direct(FORMULATION, LocationProblem(instance), check, options, splitter=splitter)
    seconds = time.perf_counter() - start
    assert result.checked, f"{result}: {result.violations[:3]}"
    assert result.bound is not None, str(result)
    return result, seconds


def compare(instance: Instance, case: Case, seconds: float) -> Pair:
    """Run split, then as one MIP with the time that took."""
    options = SolveOptions(seconds=seconds, seed=case.seed, workers=case.workers)
    in_parts, allowed = timed(instance, options, split)
    in_one, used = timed(instance, options.replace(seconds=allowed), whole_model)
    return Pair(case, in_parts, allowed, in_one, used)


def cells(pair: Pair) -> list[tuple[str, ...]]:
    """Return the two lines of the table."""
    results = (("split", pair.split, pair.split_seconds), ("one MIP", pair.whole, pair.whole_seconds))
    return [
        (
            name,
            str(pair.case.workers if result is pair.split else 1),
            str(pair.case.seed),
            str(result.provenance.parts),
            f"{result.objective:,.0f}",
            f"{result.bound:,.0f}",
            f"{result.gap:.4%}",
            f"{seconds:.1f}",
            f"{pair.gap_ratio:.1f}" if result is pair.whole else "",
        )
        for name, result, seconds in results
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller instance, at most 15 s, one seed")
    quick = parser.parse_args().quick
    instance, seconds = (draw(zones=100, services=6, hosts=20), 15.0) if quick else (draw(), 60.0)
    one_worker = Case(1, 0)
    cases = [Case(2, 0), one_worker] if quick else [Case(2, 0), Case(2, 1), Case(2, 2), one_worker]
    pairs = [compare(instance, case, seconds) for case in cases]
    rows, columns = pairs[0].split.provenance.rows, pairs[0].split.provenance.columns
    print(f"digest {instance.digest()}: {columns:,} columns, {rows:,} rows; all plans checked")
    print_table(
        ("run", "workers", "seed", "parts", "value", "bound", "gap", "seconds", "gap ratio"),
        [line for pair in pairs for line in cells(pair)],
    )
    two = [pair for pair in pairs if pair.case.workers == 2]
    print_figures(
        {
            "gap_ratio": round(statistics.median(pair.gap_ratio for pair in two), 3),
            "gap_ratio_one_worker": round(next(pair.gap_ratio for pair in pairs if pair.case == one_worker), 3),
            "gap_split": statistics.median(pair.split.gap for pair in two),
            "gap_one_mip": statistics.median(pair.whole.gap for pair in two),
            "seconds": round(statistics.median(pair.split_seconds for pair in two), 2),
            "digest": instance.digest(),
        }
    )


if __name__ == "__main__":
    main()
