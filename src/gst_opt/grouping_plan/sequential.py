"""The plan that is made without the ties: parts one after the other, to compare with."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from gst_opt.grouping_plan.case import Case
from gst_opt.model.formulation import Formulation
from gst_opt.model.problem import Check, Plan
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

P = TypeVar("P", bound=Plan)
ORDERS = ("location", "staff", "awards", "support"), ("staff", "location", "awards", "support")
"""Orders in which the parts may be planned one after the other."""


def in_turn(
    formulation: Formulation[Any, P],
    problem: Any,
    check: Callable[[Any, P], Check],
    options: SolveOptions,
    *,
    start: P | None = None,
) -> Result[P]:
    """Plan the parts one after the other, in the better of two orders: a method for `gst_opt.solve`, to compare with.

    Platforms, staff, purchases and support each take what is left of the budget. Nothing is proven of the whole.
    """
    began, case = time.monotonic(), Case(formulation, problem)
    with Interruption(options.cancel) as cancelled:
        search = case.search(limits_of(options, began, cancelled))
        for order in ORDERS:
            search.in_turn([name for name in order if name in problem.parts], case.today)
    return direct(formulation, problem, check, options.replace(seconds=0.0), start=case.plan(search.best) or start)
