"""How hubs are solved: a large question from a plan whose changes are all in the first year, any other at once."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.solve.interrupts import Cancellation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

P = TypeVar("P", bound=Plan)

LARGE = 500
"""Facilities times functions times dates of change: a question with fewer is solved at once."""

FIRST_SHARE = 0.3
"""Share of the time that the first plan may take."""


def by_first_year(
    formulation: Formulation[HubProblem, P],
    problem: HubProblem,
    check: Callable[[HubProblem, P], Check],
    options: SolveOptions,
    *,
    start: P | None,
) -> Result[P]:
    """Solve a question about hubs; a large one is first planned with changes in the first year alone.

    That question is a few times smaller, and its plan is where the search starts. The result is that of the question
    itself, with its own bound. With a `start` it is solved at once.
    """
    dates = sum(len(problem.spans[function]) - 1 for function, _ in problem.volumes)
    if start is not None or dates < LARGE or problem.policy.change_years == 1:
        return direct(formulation, problem, check, options, start=start)
    began = time.monotonic()
    seconds = None if options.seconds is None else FIRST_SHARE * options.seconds
    simpler = problem.replace(policy=problem.policy.replace(change_years=1))
    first = direct(formulation, simpler, check, options.replace(seconds=seconds), start=None)
    left = None if options.seconds is None else max(options.seconds - (time.monotonic() - began), 0.0)
    stopped = first.provenance.interrupted_by
    result = direct(formulation, problem, check, _going_on(options, left, bool(stopped)), start=first.plan)
    provenance = result.provenance.replace(
        seconds=time.monotonic() - began,
        seconds_allowed=options.seconds,
        interrupted_by=stopped or result.provenance.interrupted_by,
    )
    return replace(result, provenance=provenance)


def _going_on(options: SolveOptions, seconds: float | None, stopped: bool) -> SolveOptions:
    """Return the options of what follows a first plan: over at once where that was interrupted."""
    if not stopped:
        return options.replace(seconds=seconds)
    over = Cancellation()
    over.cancel()
    return options.replace(seconds=seconds, cancel=over)
