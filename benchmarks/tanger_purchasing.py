"""Tanger's year of purchases: its tender, twelve months of call-offs, their distribution to 318 facilities.

`python -m benchmarks.tanger_purchasing [--gap G] [--seconds S]` solves the three questions one after the other and
prints their figures and, last, one JSON object. The tender has 529 needs in 121 lots and 18 suppliers; three tenths of
its forecast are reserved to small firms, and every need whose lot may be awarded to two suppliers has two. `--seconds`
(120) is the limit of each question, `--gap` (0.005) what is asked; gaps printed are relative to the plan's own value.
What in the sample is public and what is made up: `src/gst_opt/samples/SOURCES.md`.
"""

import argparse
import resource
import time

from benchmarks.regional_year import figures
from benchmarks.table import Figures, print_figures
from gst_opt.api import solve
from gst_opt.core.grouping import Grouping
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy, NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.months import purchases_by_month
from gst_opt.samples import load_sample
from gst_opt.solve.options import SolveOptions

SHARE = 0.2
"""Share of a need from which a supplier counts as a source."""


def two_sources(grouping: Grouping) -> AwardPolicy:
    """Return a policy that asks for two suppliers of every need whose lot may be awarded to two."""
    several = {lot.id for lot in grouping.tenders.lots if lot.max_awards > 1}
    return AwardPolicy(
        rules=tuple(
            NeedRule(need=item.need, min_sources=2, source_share=SHARE, reason="two sources")
            for item in grouping.tenders.lot_items
            if item.lot in several
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gap", type=float, default=0.005)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    options = SolveOptions(gap=asked.gap, workers=2, seconds=asked.seconds)
    told: dict[str, Figures] = {}
    clock = time.perf_counter

    began = clock()
    tanger = load_sample("tanger")
    months = purchases_by_month(tanger)
    loading = round(clock() - began, 1)
    began = clock()
    awarded = solve(AwardProblem.of(tanger, two_sources(tanger)), options)
    told["awards"] = figures(awarded, clock() - began)
    print(awarded)
    began = clock()
    called = solve(CallOffProblem.of(months, awards=awarded.require()), options)
    told["calloffs"] = figures(called, clock() - began)
    print(called)
    began = clock()
    moved = solve(DistributionProblem.of(months, calls=called.require()), options)
    told["distribution"] = figures(moved, clock() - began)
    print(moved)
    megabytes = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    print_figures({"loading": loading, **told, "megabytes": megabytes})


if __name__ == "__main__":
    main()
