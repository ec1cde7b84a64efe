"""How a grouping is planned: around a first plan, ties priced, then parts in turn, and the model in one piece."""

import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.neighbours import PARTS
from gst_opt.grouping_plan.search import Search
from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import ROUNDING, Result, Status, Stop
from gst_opt.solve.run import direct
from gst_opt.solve.threads import Threads

P = TypeVar("P", bound=Plan)
SEARCHED, FIRST = 0.93, 0.6
"""Shares of the time for all that comes before the model in one piece; of that, for the relaxation and a first plan of
platforms."""

LAST = ("support", "awards")
"""Parts that are planned after platforms and staff, with what these leave of the budget."""


def tied(
    formulation: Formulation[Any, P],
    problem: Any,
    check: Callable[[Any, P], Check],
    options: SolveOptions,
    *,
    start: P | None = None,
) -> Result[P]:
    """Solve a grouping: a method for `gst_opt.solve`, and the grouping plan's own.

    Small models, and goals in order, go in one piece. For the others money and acts are priced by the relaxation;
    platforms and staff are searched together around a first plan of platforms, one type, skill and province after
    another, and support and purchases planned with what they leave; then again with what money and acts are worth to
    these. Pieces that fall apart at the prices prove a bound of the whole. What time is left, the model in one piece
    goes on from the best. The better bound and the better plan are returned.
    """
    began = time.monotonic()
    case = Case(formulation, problem)
    if not case.fit_for_prices:
        return direct(formulation, problem, check, options, start=start)
    with Interruption(options.cancel) as cancelled:
        try:
            search, complete = _searched(case, options, began, cancelled, start)
        except BaseException as error:  # what is proven beside ends as well
            cancelled.set(type(error).__name__)
            raise
    plan, bound = case.plan(search.best) or start, search.bound + case.constant
    over = cancelled.is_set() or _gap(case, plan, check, search) <= options.gap
    left = None if options.seconds is None else max(options.seconds - (time.monotonic() - began), 0.0)
    result = direct(formulation, problem, check, options.replace(seconds=0.0 if over else left), start=plan)
    result = _with_bound(result, bound, options, time.monotonic() - began)
    return _stopped(result, cancelled.why, complete or start is not None) if cancelled.is_set() else result


def _searched(
    case: Case, options: SolveOptions, began: float, cancelled: Interruption, start: Plan | None
) -> tuple[Search, bool]:
    """Search; return what was found, and whether all parts were planned before an interruption."""
    first = options if options.seconds is None else options.replace(seconds=SEARCHED * options.seconds)
    limits = replace(limits_of(first, began, cancelled), workers=max(options.workers - 1, 1))
    parts = case.problem.parts
    with closing(Threads[None](1)) as threads:
        search = case.search(limits.for_a_share(FIRST))
        search.relax()
        beside = threads.submit(partial(search.prove, limits)) if options.workers > 1 else None
        if start is not None:
            search.take(case.point(start))
        x = search.first("location", case.today) if "location" in parts else case.today
        search.limits = limits
        complete = x is not None and search.jointly(x, PARTS, [name for name in LAST if name in parts])
        search.polish()
        search.prove(limits) if beside is None else beside.result()
    return search, complete


def _gap(case: Case, plan: Any, check: Callable[[Any, Any], Check], search: Search) -> float:
    """Return the gap of what a search has found, relative to the larger of its value and today's by the check."""
    if search.best is None or case.goal is None:
        return np.inf
    checked = check(case.problem, plan)
    today = math.fsum(one.weight * checked.today[one.term] for one in case.goal.weights)
    return (search.value - search.bound) / max(abs(case.value(search.best)), abs(today), 1.0)


def _stopped(result: Result[P], why: str | None, complete: bool) -> Result[P]:
    """Return a result whose search was interrupted: Ctrl-C in an early part of it ends the later ones as well.

    A plan that is not complete, its purchases still to come, is not handed out where it is worse than today.
    """
    provenance = result.provenance.replace(interrupted_by=why, cut_by_time=True)
    if not complete and any(stage.reached > stage.today for stage in result.stages):
        return Result(Status.UNKNOWN, Stop.INTERRUPT, None, (), (), (), provenance)
    return replace(result, stop=Stop.INTERRUPT, provenance=provenance)


def _with_bound(result: Result[P], bound: float, options: SolveOptions, seconds: float) -> Result[P]:
    """Return a result with the better of two bounds, and what that makes of its status."""
    if result.plan is None or not np.isfinite(bound):
        return result
    (stage,) = result.stages
    best = bound if stage.bound is None else max(stage.bound, bound)
    stage = stage.replace(bound=min(best, stage.reached))
    reached = stage.gap <= options.gap + ROUNDING
    return Result(
        status=Status.OPTIMAL if reached else Status.FEASIBLE,
        stop=(Stop.PROOF if stage.gap <= ROUNDING else Stop.GAP) if reached else result.stop,
        plan=result.plan,
        stages=(stage,),
        terms=result.terms,
        violations=result.violations,
        provenance=result.provenance.replace(
            seconds=seconds, cut_by_time=not reached and result.provenance.cut_by_time
        ),
        conflict=result.conflict,
    )
