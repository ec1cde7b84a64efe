"""Plans made in turn, each part with what is left of the budget; those planned first may be told of ties."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from gst_opt.grouping_plan.arrays import Bools, Tied
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.method import LAST
from gst_opt.grouping_plan.neighbours import PARTS
from gst_opt.grouping_plan.plan import TieKind
from gst_opt.grouping_plan.relaxation import tightened
from gst_opt.grouping_plan.search import Search
from gst_opt.model.formulation import Formulation
from gst_opt.model.linear import Floats, Positions
from gst_opt.model.problem import Check, Plan
from gst_opt.solve.components import Part, split
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.mixed import is_mixed
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct
from gst_opt.solve.standard import Aim, holds

P = TypeVar("P", bound=Plan)
ORDERS = ("location", "staff", "awards", "support"), ("staff", "location", "awards", "support")
"""Orders in which the parts may be planned one after the other."""

PROVEN, PROOF_EFFORT = 5e-3, 120.0
"""Gap asked of a part in its turn, relative to the larger of what it costs planned and today; processor seconds of the
last search for it at most."""

PLANNED = 0.75
"""Share of the time left that a part in its turn may take."""

PRICED = 0.25
"""Part of that gap which a search with money at its price may leave: the price leaves some of it too."""

LEAST = 1e-6
"""The smallest gap asked of a piece."""

SLACK = 1e-6
"""Part of what is taken of a row that must be left for it to be slack."""


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

    def __init__(self, tied: Tied, limits: Limits, near: Sequence[Bools]) -> None:
        super().__init__(tied, limits, near)
        self.left: dict[str, float] = {}

    def _planned(
        self, name: str, part: Part, costs: Floats, x: Floats, start: Floats | None, quick: bool
    ) -> Floats | None:
        """Plan a part from a point, and prove it; later parts have their share of the time."""
        limits, self.limits = self.limits, self.limits.for_a_share(PLANNED)
        best = super()._planned(name, part, costs, x, start, quick)
        if best is not None:
            best, left = self._on(part, costs, x, best)
            self.left[name] = left
        self.limits = limits
        return best

    def _on(self, part: Part, costs: Floats, x: Floats, best: Floats) -> tuple[Floats, float]:
        """Go on with a part until it is proven; return its best point and what is left.

        Money is at its price first, where it binds. Then rows that tie pieces of it, and that the plan leaves slack,
        are left out: a bound without them is one with them. All of it is searched where these do not fit together.
        """
        scale, bound = max(abs(float(costs @ x)), 1.0), -np.inf
        ways = [[tightened(replace(part, columns=np.arange(len(costs)), rows=np.arange(len(part.rows))))]]
        if not is_mixed(part):
            bound, best = self._priced(part, costs, best)
            ways.insert(0, _pieces(part, best, self.tied.apart))
        for pieces in ways:
            if costs @ best - bound <= PROVEN * abs(costs @ best):
                break
            proven, found = self._proven(pieces, costs, best, scale)
            bound, fits = max(bound, proven), holds(part, found)
            if fits and costs @ found < costs @ best:
                best = found
            if fits:
                break
        return best, max(float(costs @ best) - bound, 0.0)

    def _priced(self, part: Part, costs: Floats, x: Floats) -> tuple[float, Floats]:
        """Search around a point with money at its price in the relaxation; return what that proves, and the best point.

        ::

            min c.x + pi (B - m x)    over the other rows

        with a price pi is below every plan: as a row, money that is short hides both plans and bounds from the search.
        """
        tight = tightened(part)
        money, price = self._money(tight, costs)
        if price is None or not price.any():
            return -np.inf, x
        own, paid = costs - tight.matrix[money].T @ price, float(price @ tight.row_upper[money])
        gap = PRICED * PROVEN * abs(float(costs @ x)) / max(abs(float(own @ x)), 1.0)
        run = minimise_large(tight.dropping_rows(money), own, (), self._limits(gap, PROOF_EFFORT), x)
        found = None if run.x is None else self._filled(part, costs, run.x)
        best = x if found is None or costs @ found >= costs @ x else found
        return -np.inf if run.bound is None else run.bound + paid, best

    def _proven(self, pieces: Sequence[Part], costs: Floats, x: Floats, scale: float) -> tuple[float, Floats]:
        """Search pieces around a point; return what they prove together, and their points as one.

        What they may leave together is shared alike: a small one may leave more of its own value than a large one.
        """
        bound, found, most = 0.0, x.copy(), PROVEN * abs(float(costs @ x)) / max(len(pieces), 1)
        for piece in pieces:
            own, known = costs[piece.columns], x[piece.columns]
            limits = self._limits(max(most / max(abs(float(own @ known)), most, 1.0), LEAST), PROOF_EFFORT)
            run = minimise_large(piece, own, (), limits, known, Aim(scale=scale / len(pieces)))
            bound += -np.inf if run.bound is None else run.bound
            found[piece.columns] = known if run.x is None else run.x
        return bound, found


def _pieces(part: Part, x: Floats, tying: Positions) -> list[Part]:
    """Return what a part falls into without the rows, of those that tie, that a point leaves slack."""
    activity = part.matrix @ x
    room = SLACK * np.maximum(1.0, np.abs(activity))
    slack = (activity < part.row_upper - room) & (activity > part.row_lower + room)
    return split(part.keeping_rows(np.flatnonzero(~(slack & np.isin(part.rows, tying)))))
