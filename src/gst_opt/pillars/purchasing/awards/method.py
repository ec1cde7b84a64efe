"""Packs last: the tender is solved as if any quantity were sold, rounded up to packs, and solved again from there."""

import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan
from gst_opt.pillars.purchasing.awards.outcome import Decided, plan_of
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

P = TypeVar("P", bound=Plan)
FIRST = 0.5
"""Share of the time that quantities without packs may take."""


def packs_last(
    formulation: Formulation[Any, P],
    problem: Any,
    check: Callable[[Any, P], Check],
    options: SolveOptions,
    *,
    start: P | None,
) -> Result[P]:
    """Solve a tender from the plan of the same tender without packs: a method for `gst_opt.solve`.

    Whole packs hide good plans from the solver's own searches. The result is that of the tender itself, with its own
    bound; with a `start`, or where nothing is sold in packs, it is solved at once.
    """
    began = time.monotonic()
    if start is None and any(bid.offer.pack is not None for bid in problem.bids):
        first = options if options.seconds is None else options.replace(seconds=FIRST * options.seconds)
        found: Any = direct(formulation, without_packs(problem), check, first, start=None).plan
        rounded: Any = None if found is None else in_packs(problem, found)
        start = rounded
        if options.seconds is not None:
            options = options.replace(seconds=max(options.seconds - (time.monotonic() - began), 1.0))
    return direct(formulation, problem, check, options, start=start)


def without_packs(problem: AwardProblem) -> AwardProblem:
    """Return the question as if any quantity were sold."""
    offers = tuple(offer.replace(pack=None) for offer in problem.tenders.offers)
    return problem.replace(tenders=problem.tenders.replace(offers=offers))


def in_packs(problem: AwardProblem, plan: AwardPlan) -> AwardPlan:
    """Return a plan with its quantities rounded up to whole packs, as far as offers go."""
    bids = {(bid.offer.supplier, bid.offer.reference): bid for bid in problem.bids}
    units: dict[tuple[str, str], float] = {}
    growth: dict[tuple[str, str], float] = {}
    for order in plan.orders:
        key = (order.supplier, order.reference)
        if key in bids:
            pack, most = bids[key].offer.pack, bids[key].most
            units[key] = order.units if pack is None else min(pack * math.ceil(order.units / pack - 1e-9), most)
            growth[key] = units[key] / order.units
    sent = {
        (one.supplier, one.reference, one.group): one.units * growth[one.supplier, one.reference]
        for one in plan.deliveries
        if (one.supplier, one.reference) in units
    }
    return plan_of(problem, Decided(units, sent, frozenset(lot.lot for lot in plan.lots if lot.reserved)))
