"""Packs last: call-offs are planned as if any quantity were sold, rounded up to packs, and planned again from there."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan
from gst_opt.pillars.purchasing.calloffs.outcome import plan_of
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

P = TypeVar("P", bound=Plan)
FIRST = 0.5
"""Share of the time that quantities without packs may take."""
TINY = 1e-9


def packs_last(
    formulation: Formulation[Any, P],
    problem: Any,
    check: Callable[[Any, P], Check],
    options: SolveOptions,
    *,
    start: P | None,
) -> Result[P]:
    """Solve call-offs from the plan of the same year without packs.

    Without packs the relaxation is nearly the answer; whole packs hide good plans from the solver's own searches. The
    result is that of the question itself, with its own bound; with a `start`, or where nothing is sold in packs, it is
    solved at once.
    """
    if start is not None or all(call.pack is None for call in problem.calls):
        return direct(formulation, problem, check, options, start=start)
    began = time.monotonic()
    first = options if options.seconds is None else options.replace(seconds=FIRST * options.seconds)
    loose = direct(formulation, without_packs(problem), check, first, start=None)
    found: Any = loose.plan
    rounded: Any = None if found is None else in_packs(problem, found)
    result = direct(formulation, problem, check, _going_on(options, began, loose), start=rounded)
    provenance = result.provenance.replace(
        seconds=time.monotonic() - began,
        seconds_allowed=options.seconds,
        interrupted_by=loose.provenance.interrupted_by or result.provenance.interrupted_by,
    )
    return replace(result, provenance=provenance)


def _going_on(options: SolveOptions, began: float, loose: Result[Any]) -> SolveOptions:
    """Return the options of what follows: the time left, over at once where the first part was interrupted."""
    if options.seconds is not None:
        options = options.replace(seconds=max(options.seconds - (time.monotonic() - began), 1.0))
    if loose.provenance.interrupted_by is None:
        return options
    over = Cancellation()
    over.cancel()
    return options.replace(cancel=over)


def without_packs(problem: CallOffProblem) -> CallOffProblem:
    """Return the question as if any quantity were sold, from the minimum order in whole packs on."""
    offers = tuple(
        offer
        if offer.pack is None
        else offer.replace(pack=None, min_order=offer.pack * math.ceil(offer.min_order / offer.pack - TINY))
        for offer in problem.tenders.offers
    )
    return problem.replace(tenders=problem.tenders.replace(offers=offers))


def in_packs(problem: CallOffProblem, plan: CallOffPlan) -> CallOffPlan:
    """Return a plan with its receipts in whole packs: all until each period together are rounded up.

    Uses take what came first and may still be used; what a pack brings early is there in time for all of them, unless
    it expires.
    """
    at = {period.id: position for position, period in enumerate(problem.horizon.periods)}
    wholes = {call.key: call for call in problem.calls}
    receipts = {(one.supplier, one.reference, at[one.received]): one.units for one in plan.calls}
    uses: dict[tuple[str, str], dict[tuple[int, int], list[float]]] = {}
    for use in plan.uses:
        uses.setdefault((use.supplier, use.reference), {}).setdefault((at[use.period], use.group), []).append(use.units)
    filled: dict[tuple[str, str, int, int, int], float] = {}
    packed: dict[tuple[str, str, int], float] = {}
    for key, wanted in uses.items():
        call = wholes[key]
        own = {s: receipts[(*key, s)] for s in sorted(call.window) if (*key, s) in receipts}
        if call.pack is not None:
            own = _rounded(own, call.pack)
        packed |= {(*key, s): units for s, units in own.items() if units > 0}
        left = dict(own)
        for (t, group), parts in sorted(wanted.items()):
            units = math.fsum(parts)
            for s in left:
                taken = min(units, left[s]) if s <= t <= call.window[s] else 0.0
                if taken > 0:
                    filled[(*key, s, group, t)] = taken
                    left[s] -= taken
                    units -= taken
    return plan_of(problem, packed, filled)


def _rounded(units: dict[int, float], pack: float) -> dict[int, float]:
    """Return receipts in whole packs: until every period as many as what comes until then, rounded up."""
    rounded, before, total = {}, 0, 0.0
    for s, own in units.items():
        total += own
        packs = math.ceil(total / pack - TINY)
        rounded[s] = pack * (packs - before)
        before = packs
    return rounded
