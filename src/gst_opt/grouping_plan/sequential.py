"""Plans made in turn, each part with what is left of the budget; those planned first may be told of ties."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from gst_opt.grouping_plan.arrays import Tied
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.method import LAST
from gst_opt.grouping_plan.neighbours import PARTS
from gst_opt.grouping_plan.plan import TieKind
from gst_opt.grouping_plan.search import Search
from gst_opt.model.formulation import Formulation
from gst_opt.model.linear import Floats
from gst_opt.model.problem import Check, Plan
from gst_opt.solve.components import Part
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct
from gst_opt.solve.standard import Aim

P = TypeVar("P", bound=Plan)
ORDERS = ("location", "staff", "awards", "support"), ("staff", "location", "awards", "support")
"""Orders in which the parts may be planned one after the other."""

PROVEN, PROOF_EFFORT = 5e-3, 120.0
"""Gap asked of a part in its turn, relative to the larger of what it costs planned and today; processor seconds of the
last search for it at most."""


@dataclass(frozen=True)
class Turns:
    """A plan made in turn.

    Attributes
    ----------
    order
        Names of the parts.
    x
        The point; None where a part had no plan.
    left
        What each part could still have gained in its turn, at most; infinite where nothing was proven.
    """

    order: tuple[str, ...]
    x: Floats | None
    left: Mapping[str, float]


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
        limits = limits_of(options, began, cancelled)
        found = [one.x for one in turns(case, limits) if one.x is not None]
    best = min(found, key=case.value, default=None)
    return direct(formulation, problem, check, options.replace(seconds=0.0), start=case.plan(best) or start)


def turns(case: Case, limits: Limits) -> Iterator[Turns]:
    """Plan the parts in turn, in one order after the other, and prove each in its turn."""
    orders = dict.fromkeys(tuple(name for name in order if name in case.problem.parts) for order in ORDERS)
    for number, order in enumerate(orders):
        search = _Proving(case.tied, limits.for_a_share(1 / (len(orders) - number)), case.near)
        search.in_turn(order, case.today)
        yield Turns(order, search.best, search.left)


def told(
    search: Search, order: Sequence[str], today: Floats, ties: Collection[TieKind], limits: Limits
) -> Floats | None:
    """Plan the parts in turn, platforms and staff told of some ties; return the point, None without one.

    Support functions come before purchases here, which may so use what they free.

    Parameters
    ----------
    search
        A search of the whole, its relaxation solved: the budget and acts are told by their prices there.
    order
        Names of the parts, of which platforms and staff keep this order.
    today
        Where the parts that are not planned yet stay.
    ties
        What platforms and staff are told of when they are planned; of staff by being planned together.
    limits
        Limits of this plan.
    """
    first = Search(_told(search, ties), limits, search.near)
    first.in_turn([name for name in order if name in PARTS and (name != "staff" or TieKind.STAFF not in ties)], today)
    if first.best is None:
        return None
    last = Search(search.tied, limits, search.near)
    last.in_turn([name for name in LAST if name in order], first.best)
    return last.best


def _told(search: Search, ties: Collection[TieKind]) -> Tied:
    """Return the model as platforms and staff know it: prices instead of rows of ties, staff as part of platforms."""
    tied, model = search.tied, search.tied.model
    priced = {TieKind.BUDGET: tied.money, TieKind.SUPPLIES: np.setdiff1d(tied.priced, tied.money)}
    rows = np.concatenate([*(priced[tie] for tie in priced if tie in ties), np.empty(0, dtype=np.intp)])
    prices = np.zeros(len(model.row_lower)) if search.prices is None else search.prices
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    lower[rows], upper[rows] = -np.inf, np.inf
    return replace(
        tied,
        model=replace(model, row_lower=lower, row_upper=upper),
        costs=tied.costs - model.matrix[rows].T @ prices[rows],
        owner=np.where(tied.owner == "staff", "location", tied.owner) if TieKind.STAFF in ties else tied.owner,
    )


class _Proving(Search):
    """A search that goes on with each part in its turn until it is proven, and remembers what was left."""

    def __init__(self, tied: Tied, limits: Limits, near: Sequence[Any]) -> None:
        super().__init__(tied, limits, near)
        self.left: dict[str, float] = {}

    def _planned(self, name: str, part: Part, costs: Floats, x: Floats) -> Floats | None:
        """Plan a part from a point, and prove it."""
        found = super()._planned(name, part, costs, x)
        if found is None:
            return None
        limits = self._limits(PROVEN, PROOF_EFFORT)
        run = minimise_large(part, costs, (), limits, found, Aim(scale=max(abs(float(costs @ x)), 1.0)))
        better = found if run.x is None or costs @ run.x > costs @ found else run.x
        self.left[name] = np.inf if run.bound is None else max(float(costs @ better) - run.bound, 0.0)
        return better
