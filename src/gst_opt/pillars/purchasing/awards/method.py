"""How a tender is solved: by a search over tiers, from a plan made lot by lot, or at once."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

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
from gst_opt.solve.result import Result
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
    large tender is first planned lot by lot (`lots`), and its plan is where the search of the whole starts. The result
    is that of the tender itself, with its own bound. With a `start`, or where parts run elsewhere, all is searched at
    once.
    """
    if start is not None or options.executor is not None or options.in_process:
        return direct(formulation, problem, check, options, start=start)
    began = time.monotonic()
    if formulation is FORMULATION and (found := _by_tiers(problem, check, options, began)) is not None:
        return found
    with Interruption(options.cancel) as cancelled:
        start = _plan(formulation, problem, limits_of(options, began, cancelled), options.workers)
    left = None if options.seconds is None else max(options.seconds - (time.monotonic() - began), 0.0)
    result = direct(formulation, problem, check, _going_on(options, left, cancelled), start=start)
    provenance = result.provenance.replace(
        seconds=time.monotonic() - began,
        seconds_allowed=options.seconds,
        interrupted_by=cancelled.why or result.provenance.interrupted_by,
    )
    return replace(result, provenance=provenance)


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


def _plan(formulation: Formulation[Any, P], problem: Any, limits: Limits, workers: int) -> P | None:
    """Return a plan made lot by lot; None where the tender is small, has other goals, or none is found."""
    model = formulation.build(problem)
    compiled = prepared(compile_model(model, formulation.terms(model, problem)))
    goal, parts = formulation.goals(problem).stages[0], split(compiled)
    if not isinstance(goal, Goal) or not parts or len(parts[0].columns) < LARGE:
        return None
    with LotByLot(whole(compiled), compiled.costs(goal), limits, workers) as search:
        x = search.plan(_ties(compiled))
    if x is None:
        return None
    compiled.load(x)
    return formulation.read(model, problem)


def _ties(compiled: Compiled) -> list[Positions]:
    """Return the whole numbers without a label, together where their keys begin alike: the tiers of a discount."""
    found: dict[tuple[int, Any], list[int]] = {}
    for start, family in compiled.families:
        for column, key in enumerate(family.keys(), start):
            if compiled.integer[column] and compiled.together[column] < 0:
                found.setdefault((start, key[0] if isinstance(key, tuple) else key), []).append(column)
    return [np.array(columns, dtype=np.intp) for columns in found.values()]
