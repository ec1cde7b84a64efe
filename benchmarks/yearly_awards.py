"""Awards of a tender: the whole question with its plan and check, and highspy alone on other forms of the discounts.

`python -m benchmarks.yearly_awards [--quick] [--seconds S] [NAME ...]` prints a table and, last, one JSON object.
Names as for `purchasing_classic`: `tqd_...` a published tender, `100x20` a drawn one (items x suppliers). Without
names: the published tenders of 50 and 100 items, `100x20`, `tqd_500x20_s5`; `--quick`: the first alone.

A tender becomes an `AwardProblem`: a reference and a requirement for each need, a schedule of quantity for each
supplier, whose fixed cost is that of its contract, and shortages a hundred times as dear as the dearest price. Our side
builds, solves, reads and checks; the bare sides write their model straight into a `HighsLp` (the hull, segments of
spending with a bound for each offer, big-M) and check nothing. Every side has the same gap (none below 500 items, then
1 %), one thread, and `--seconds` (120). Gaps are relative to the side's own value; `relaxation` is what the linear
relaxation of our model leaves below our plan.
"""

import argparse
from datetime import date

import numpy as np

from benchmarks.purchasing_classic import BARE, FEW_ITEMS, LARGE, LARGE_GAP, OFFERS, SEED, Model, bare, of_result, timed
from benchmarks.table import Figures, print_figures, print_table
from benchmarks.tenders import FOLDER, Tender, drawn, tender
from gst_opt.api import solve
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Measure, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.goals import Goal
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.options import SolveOptions

USUAL = ("tqd_50x10_s1", "tqd_100x10_s2", "100x20", "tqd_500x20_s5")
DEAR = 100.0
"""Price of a unit that is not bought, against the dearest price."""


def problem_of(given: Tender) -> AwardProblem:
    """Return a tender as the question of awards."""
    suppliers, items = given.prices.shape
    dear = DEAR * float(given.prices.max())
    year = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
    return AwardProblem(
        catalogue=Catalogue(
            needs=tuple(
                Need(id=f"n{i}", name_fr="n", name_en="n", unit="unit", category=Category.MEDICINE, shortage_price=dear)
                for i in range(items)
            ),
            product_references=tuple(ProductReference(id=f"r{i}", need=f"n{i}") for i in range(items)),
            requirements=tuple(
                Requirement(facility="all", need=f"n{i}", period=year.periods[0].id, units=float(given.demand[i]))
                for i in range(items)
            ),
        ),
        tenders=Tenders(
            suppliers=tuple(Supplier(id=f"s{j}", contract_cost=given.schedules[j].fixed) for j in range(suppliers)),
            offers=tuple(
                Offer(
                    supplier=f"s{j}",
                    reference=f"r{i}",
                    price=float(given.prices[j, i]),
                    capacity=float(given.capacity[j, i]),
                )
                for j, i in zip(*(side.tolist() for side in np.nonzero(given.capacity)), strict=True)
            ),
            discount_schedules=tuple(
                DiscountSchedule(id=f"d{j}", supplier=f"s{j}", measure=Measure.QUANTITY) for j in range(suppliers)
            ),
            discount_tiers=tuple(
                DiscountTier(schedule=f"d{j}", threshold=start, rebate=round(1 - rate, 9))
                for j, schedule in enumerate(given.schedules)
                for start, rate in zip(schedule.thresholds[1:], schedule.rates[1:], strict=True)
            ),
        ),
        horizon=year,
    )


def relaxation(problem: AwardProblem) -> float:
    """Return the value of the linear relaxation of the model."""
    model = FORMULATION.build(problem)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    goal = FORMULATION.goals(problem).stages[0]
    assert isinstance(goal, Goal)
    whole = np.zeros(len(compiled.upper))
    sides = compiled.row_lower, compiled.row_upper
    return bare(Model(compiled.costs(goal), compiled.upper, whole, compiled.matrix, *sides), 0.0, 600.0)[0]


def figures_of(name: str, seconds: float) -> dict[str, Figures]:
    """Return what every side finds."""
    items, suppliers = (int(part) for part in name.removeprefix("tqd_").partition("_")[0].split("x"))
    offers = suppliers if items <= FEW_ITEMS else OFFERS
    given = tender(name) if name.startswith("tqd") else drawn(items, suppliers, offers, SEED)
    gap = LARGE_GAP if items >= LARGE else 0.0
    problem = problem_of(given)
    options = SolveOptions(gap=gap, workers=1, seconds=seconds)
    found = {"ours": timed(lambda: of_result(solve(problem, options)))}
    for side, model in BARE.items():
        found[side] = timed(lambda model=model: bare(model(given), gap, seconds))  # type: ignore[misc]
    own: dict[str, Figures] = {}
    for side, one in found.items():
        own[side] = {
            "seconds": round(one.seconds, 2),
            "value": round(one.value, 2) if np.isfinite(one.value) else None,
            "bound": round(one.bound, 2) if np.isfinite(one.bound) else None,
            "gap_percent": round(100 * one.gap, 3) + 0.0 if np.isfinite(one.gap) else None,
            "ratio": round(one.seconds / found["ours"].seconds, 2),
        }
    own["relaxation"] = {"gap_percent": round(100 * (1 - relaxation(problem) / found["ours"].value), 3)}
    return own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="instances, such as tqd_50x10_s1 or 100x20")
    parser.add_argument("--quick", action="store_true", help="the first instance only")
    parser.add_argument("--seconds", type=float, default=120.0, help="time limit of each side")
    asked = parser.parse_args()
    names = USUAL[:1] if asked.quick else asked.names or USUAL
    there = [name for name in names if FOLDER.is_dir() or name[0].isdigit()]
    if len(there) < len(names):
        print(f"no instances in {FOLDER.name}: set GST_OPT_BENCH")
    by_instance = {name: figures_of(name, asked.seconds) for name in there}
    columns = ["seconds", "value", "bound", "gap_percent", "ratio"]
    rows = [
        [name, side, *(str(one.get(column, "")) for column in columns)]
        for name, own in by_instance.items()
        for side, one in own.items()
    ]
    print_table(["instance", "side", *columns], rows)
    print_figures({"instances": len(by_instance), "by_instance": by_instance})


if __name__ == "__main__":
    main()
