"""The platforms of Tanger over five years, all services, staff, pathways and a budget: gap of every goal, and time.

Two ways to ask: the goals in order (needs not met, the worst province, money), and one sum in MAD with a stated price
of an act not given. Run ``python -m benchmarks.tanger_platforms [--seconds S]``.
"""

import argparse
import time

import gst_opt as gst
from benchmarks.table import Figures, print_figures, print_table

CAPEX_A_YEAR = 120e6
"""MAD a year for purchases, works and renewals: an estimate of ours."""

UNMET_PRICE = 2000.0
"""MAD of an act not given in the sum of everything: near what one more act costs where purchases are limited."""

GAP = 0.01


def policies() -> dict[str, gst.LocationPolicy]:
    """Return the two ways to ask."""
    policy = gst.LocationPolicy(capex_a_year=CAPEX_A_YEAR)
    prices = {"unmet": UNMET_PRICE, "not_covered": UNMET_PRICE * policy.cover_weight, **policy.prices}
    return {
        "one sum in MAD": policy.replace(
            goals=gst.weighted(*((name, price) for name, price in prices.items() if price))
        ),
        "goals in order": policy,
    }


def main() -> None:
    """Solve both and print their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=900.0)
    limit = parser.parse_args().seconds
    grouping = gst.load_sample("tanger")
    rows: list[list[str]] = []
    figures: dict[str, Figures] = {}
    for way, policy in policies().items():
        begun = time.perf_counter()
        result = gst.solve(gst.LocationProblem.of(grouping, policy), gst.SolveOptions(seconds=limit, gap=GAP))
        taken = time.perf_counter() - begun
        figures[way] = {"status": result.status.value, "seconds": round(taken), "gap": result.gap}
        for stage in result.stages:
            bound = float("nan") if stage.bound is None else stage.bound
            rows.append(
                [
                    f"{way}: {stage.goal[:30]}",
                    f"{stage.today:,.6g}",
                    f"{stage.value:,.6g}",
                    f"{bound:,.6g}",
                    f"{stage.gap:.2%}",
                    f"{(stage.reached - bound) / abs(stage.reached):.2%}",
                ]
            )
    print_table(["goal", "today", "plan", "bound", "gap", "of the plan's own value"], rows)
    print_figures(figures)


if __name__ == "__main__":
    main()
