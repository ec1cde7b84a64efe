"""A year of purchases after its tender, drawn from a seed: twelve months of call-offs, then their distribution.

`python -m benchmarks.regional_year [--needs N] [--suppliers J] [--facilities F] [--gap G] [--seconds S]` solves a
year and prints its figures and, last, one JSON object. The tender is that of `regional_tender`; every need is awarded
to its cheapest offer at 7 % off; what facilities need of it is spread over twelve months at random; lead times are a
month, goods last six months to two years. An order costs 500 MAD, a stop 150. Nothing in it stands for a real firm,
price or facility.
"""

import argparse
import time
from datetime import date
from typing import TypeVar

import numpy as np

from benchmarks.regional_tender import drawn_tender
from benchmarks.table import Figures, print_figures
from gst_opt.api import solve
from gst_opt.core.catalogue import Requirement
from gst_opt.core.tenders import Offer
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.problem import Plan
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.arrivals import called_off, common_costs
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result

P = TypeVar("P", bound=Plan)
MONTHS, REBATE, LEAD_TIME, SHELF_LIVES = 12, 0.07, 30.0, (180, 365, 730)


def drawn_year(needs: int, suppliers: int, facilities: int, seed: int = 0) -> CallOffProblem:
    """Draw the call-offs of a tender of so many needs and suppliers, for so many facilities."""
    tender = drawn_tender(needs, suppliers, seed, facilities)
    rng = np.random.default_rng(seed + 1)
    year = Horizon.of(Grain.MONTH, date(2026, 1, 1), MONTHS)
    requirements = [
        Requirement(facility=row.facility, need=row.need, period=period.id, units=units)
        for row in tender.catalogue.requirements
        for period, units in zip(year.periods, np.rint(rng.dirichlet([8.0] * MONTHS) * row.units).tolist(), strict=True)
    ]
    need_of = {one.id: one.need for one in tender.catalogue.product_references}
    cheapest: dict[str, Offer] = {}
    for offer in sorted(tender.tenders.offers, key=lambda one: -one.price):
        cheapest[need_of[offer.reference]] = offer
    offers = tuple(
        offer.replace(lead_time=LEAD_TIME, shelf_life=float(rng.choice(SHELF_LIVES))) for offer in tender.tenders.offers
    )
    return CallOffProblem(
        catalogue=tender.catalogue.replace(requirements=tuple(requirements)),
        tenders=tender.tenders.replace(offers=offers),
        stocks=tender.stocks,
        horizon=year,
        awards=tuple(
            AwardedOffer(supplier=one.supplier, reference=one.reference, price=one.price * (1 - REBATE))
            for one in cheapest.values()
        ),
    )


def distributed(year: CallOffProblem, plan: CallOffPlan) -> DistributionProblem:
    """Return how the call-offs of a year reach its facilities."""
    return DistributionProblem(
        catalogue=year.catalogue,
        tenders=year.tenders,
        stocks=year.stocks,
        horizon=year.horizon,
        arrivals=called_off(plan),
        common=common_costs(plan),
    )


def figures(result: Result[P], seconds: float) -> Figures:
    """Return the figures of one question; the gap is relative to its value."""
    value, bound = result.objective, result.bound
    return {
        "seconds": round(seconds, 1),
        "value": value and round(value),
        "bound": bound and round(bound),
        "gap_percent": round(100 * (value - bound) / value, 4) if value and bound is not None else None,
        "columns": result.provenance.columns,
        "rows": result.provenance.rows,
        "checked": result.checked,
        "terms": {term.name: round(term.planned) for term in result.terms},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=500)
    parser.add_argument("--suppliers", type=int, default=16)
    parser.add_argument("--facilities", type=int, default=318)
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    options = SolveOptions(gap=asked.gap, workers=2, seconds=asked.seconds)
    year = drawn_year(asked.needs, asked.suppliers, asked.facilities)
    began = time.perf_counter()
    called = solve(year, options)
    first = time.perf_counter() - began
    print(called)
    moved = solve(distributed(year, called.require()), options)
    second = time.perf_counter() - began - first
    print(moved)
    print_figures(
        {
            "needs": asked.needs,
            "facilities": asked.facilities,
            "calloffs": figures(called, first),
            "distribution": figures(moved, second),
        }
    )


if __name__ == "__main__":
    main()
