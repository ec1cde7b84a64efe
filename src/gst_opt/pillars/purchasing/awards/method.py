"""How a tender is solved: by a search over tiers, from a plan made lot by lot, or at once."""

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.formulation import Formulation
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Positions
from gst_opt.model.problem import Check, Plan
from gst_opt.pillars.purchasing.awards.lots import LotByLot
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.tiers_only import offered
from gst_opt.pillars.purchasing.tier_search.proof import Ended, Teller, proven
from gst_opt.pillars.purchasing.tier_search.search import search
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.components import split, whole
from gst_opt.solve.interrupts import Cancellation, Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.preflight import prepared
from gst_opt.solve.result import ROUNDING, Result, Status, Stop
from gst_opt.solve.run import direct

P = TypeVar("P", bound=Plan)

LARGE = 5000
"""A tender whose largest independent part has fewer columns is solved at once."""


def solve_tender(
    formulation: Formulation[Any, P],
    problem: Any,
    check: Callable[[Any, P], Check],
    options: SolveOptions,
    *,
    start: P | None,
) -> Result[P]:
    """Solve a tender.

    Where only discounts on all that a supplier sells tie needs, it is solved by a tree over tiers (`tier_search`). A
    large tender is first planned lot by lot (`lots`); where the relaxation does not prove that plan to be within the
    gap, it is where the search of the whole starts. The result is that of the tender itself, with its own bound. With a
    `start`, or where parts run elsewhere, all is searched at once.
    """
    if start is not None or options.executor is not None or options.in_process:
        return direct(formulation, problem, check, options, start=start)
    began = time.monotonic()
    if formulation is FORMULATION and (found := _by_tiers(problem, check, options, began)) is not None:
        return found
    with Interruption(options.cancel) as cancelled:
        start, bound = _by_lots(formulation, problem, limits_of(options, began, cancelled), options.workers)

    def searched(seconds: float | None) -> Result[P]:
        result = direct(formulation, problem, check, _going_on(options, seconds, cancelled), start=start)
        return _with_bound(result, bound, options, began, cancelled)

    if start is not None and (result := searched(0.0)).status is Status.OPTIMAL:
        return result
    return searched(None if options.seconds is None else max(options.seconds - (time.monotonic() - began), 0.0))


def _with_bound(
    result: Result[P], bound: float, options: SolveOptions, began: float, cancelled: Interruption
) -> Result[P]:
    """Return a result with what was proven before, and with the options and the time of the whole."""
    stages, status, stop = result.stages, result.status, result.stop
    if result.plan is not None and bound > (-np.inf if stages[0].bound is None else stages[0].bound):
        stages = (stages[0].replace(bound=min(bound, stages[0].reached)), *stages[1:])
        if max(stage.gap for stage in stages) <= options.gap + ROUNDING:
            status, stop = Status.OPTIMAL, stop if stop is Stop.INTERRUPT else Stop.GAP
    provenance = result.provenance.replace(
        seconds=time.monotonic() - began,
        seconds_allowed=options.seconds,
        cut_by_time=stop in (Stop.TIME, Stop.INTERRUPT),
        interrupted_by=cancelled.why or result.provenance.interrupted_by,
    )
    return replace(result, stages=stages, status=status, stop=stop, provenance=provenance)


def _by_tiers(problem: Any, check: Callable[[Any, P], Check], options: SolveOptions, began: float) -> Result[P] | None:
    """Return the result of the search over tiers; None where the tender is another, or its plan would be refused."""
    asked = offered(problem)
    if asked is None:
        return None
    with Interruption(options.cancel) as cancelled:
        teller = Teller(options, cancelled, began)
        found = search(asked.market, limits_of(options, began, cancelled), teller.tell)
        if found is None:
            return None
        plan: Any = asked.plan(found.bought)
        ended = Ended(options, cancelled, time.monotonic() - began, found)
        result = proven(problem, plan, check(problem, plan), ended, unit="MAD")
    return None if result.violations else result


def _going_on(options: SolveOptions, seconds: float | None, cancelled: Interruption) -> SolveOptions:
    """Return the options of what follows a first plan: over at once where that was interrupted."""
    if not cancelled.is_set():
        return options.replace(seconds=seconds)
    over = Cancellation()
    over.cancel()
    return options.replace(seconds=seconds, cancel=over)


def _by_lots(formulation: Formulation[Any, P], problem: Any, limits: Limits, workers: int) -> tuple[P | None, float]:
    """Return a plan made lot by lot, and what no plan is below.

    None and nothing where the tender is small or has other goals; None too where no plan is found.
    """
    model = formulation.build(problem)
    compiled = prepared(compile_model(model, formulation.terms(model, problem)))
    goal, parts = formulation.goals(problem).stages[0], split(compiled)
    if not isinstance(goal, Goal) or not parts or len(parts[0].columns) < LARGE:
        return None, -np.inf
    part = replace(whole(compiled), redundant=_tightening(compiled, formulation.redundant))
    with LotByLot(part, compiled.costs(goal), limits, workers) as search:
        x = search.plan(_ties(compiled))
    bound = search.bound + sum(weight.weight * compiled.terms[weight.term].constant for weight in goal.weights)
    if x is None:
        return None, bound
    compiled.load(x)
    return formulation.read(model, problem), bound


def _tightening(compiled: Compiled, names: Collection[str]) -> NDArray[np.bool_]:
    """Say which rows are of the constraints that only tighten the relaxation."""
    found = np.zeros(len(compiled.row_lower), dtype=bool)
    for first, rows in compiled.row_data:
        if rows and rows[0].parent_component().local_name in names:
            found[first : first + len(rows)] = True
    return found


def _ties(compiled: Compiled) -> list[Positions]:
    """Return the whole numbers without a label, together where their keys begin alike: the tiers of a discount."""
    found: dict[tuple[int, Any], list[int]] = {}
    for start, family in compiled.families:
        for column, key in enumerate(family.keys(), start):
            if compiled.integer[column] and compiled.together[column] < 0:
                found.setdefault((start, key[0] if isinstance(key, tuple) else key), []).append(column)
    return [np.array(columns, dtype=np.intp) for columns in found.values()]
