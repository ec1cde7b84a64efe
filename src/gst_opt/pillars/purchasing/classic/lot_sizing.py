"""Classical capacitated lot sizing from plain arrays: how much of each item is made or ordered when."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from gst_opt.core.errors import DataError, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.ports import PortKey
from gst_opt.model import linear
from gst_opt.model.arrays import Matrix, floats, matrix, wrong
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals, weighted
from gst_opt.model.linear import Affine, Entries, Floats, total
from gst_opt.model.problem import Check, Plan, PlanTable, Problem, Violation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

Block = Any
TOLERANCE = 1e-9
"""A share this small is none."""
ROUNDING = 1e-6
"""Room for rounding, relative to the figure allowed."""


class Lot(Frozen):
    """A quantity of an item, and the period in which it is made or received."""

    item: int = Field(description="Item: position from 0")
    period: int = Field(description="Period: position from 0")
    quantity: float = Field(description="Quantity, above 0")


class LotPlan(Plan):
    """The lots; what a period does not need is kept in stock."""

    lots: tuple[Lot, ...] = Field(description="Lots, item by item, period by period")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: one row a lot."""
        return (PlanTable.of("lots", Lot, self.lots),)


class LotProblem(Frozen, Problem[LotPlan]):
    """How much of each item is made when, at least cost of set-ups and stock, within each period's capacity?"""

    demand: Matrix = Field(description="Quantity of each item (row) that each period (column) needs")
    setup: tuple[float, ...] = Field(description="Cost of one set-up (one order) of each item")
    hold: tuple[float, ...] = Field(description="Cost of keeping one unit of each item from a period to the next")
    use: Matrix = Field(description="Capacity that one unit, and one set-up, of each item take")
    capacity: tuple[float, ...] = Field(description="Capacity of each period")


def capacitated_lot_sizing(
    demand: ArrayLike,
    setup: ArrayLike,
    hold: ArrayLike,
    use: ArrayLike,
    capacity: ArrayLike,
    options: SolveOptions | None = None,
) -> Result[LotPlan]:
    """Make every item in time at least cost of set-ups and stock, no period beyond its capacity.

    The multi-item capacitated lot-sizing problem with set-up times. Nothing is in stock at the beginning. Quantities
    may be fractions.

    Parameters
    ----------
    demand
        Quantity of item i that period t needs, shape (items, periods), not negative.
    setup
        Cost of a set-up (of an order) of item i, shape (items,), not negative.
    hold
        Cost of keeping one unit of item i from a period to the next, shape (items,), not negative.
    use
        Capacity that one unit of item i takes, and that one set-up takes, shape (items, 2), not negative.
    capacity
        Capacity of period t, shape (periods,), not negative.
    options
        As for `gst_opt.solve`.

    Returns
    -------
    Result
        Its plan holds the lots. Its terms are what set-ups and stock cost. Infeasible, with what is missing, where the
        capacity is too small.

    Raises
    ------
    DataError
        If a shape is wrong, or a number is negative, NaN or infinite: every one of them.
    SolverError
        If a use, or a capacity below what all items take, is too small or too large for the solver (outside 1e-6 to
        1e6): another unit helps.

    Examples
    --------
    >>> capacitated_lot_sizing([[10, 10]], [50], [1], [[1, 0]], [20, 20]).objective
    60.0
    """
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    needed, costs, holding, uses, room = floats(demand), floats(setup), floats(hold), floats(use), floats(capacity)
    problems = [*wrong("demand", needed, (-1, -1), low=0.0)]
    items, periods = needed.shape if needed.ndim == 2 else (-1, -1)
    problems += [*wrong("setup", costs, (items,), low=0.0), *wrong("hold", holding, (items,), low=0.0)]
    problems += [*wrong("use", uses, (items, 2), low=0.0), *wrong("capacity", room, (periods,), low=0.0)]
    if problems:
        raise DataError(problems)
    problem = LotProblem(
        demand=matrix(needed),
        setup=tuple(costs.tolist()),
        hold=tuple(holding.tolist()),
        use=matrix(uses),
        capacity=tuple(room.tolist()),
    )
    return direct(FORMULATION, problem, check, options)


def _demand(problem: LotProblem) -> Floats:
    return np.array(problem.demand).reshape(len(problem.setup), len(problem.capacity))


def _use(problem: LotProblem) -> Floats:
    return np.array(problem.use).reshape(len(problem.setup), 2)


def variables(block: Block, problem: LotProblem) -> None:
    """Add one 0/1 column for each set-up that a later need can want, and the share of each need that it makes."""
    demand = _demand(problem)
    item, period = np.nonzero(np.cumsum(demand[:, ::-1], axis=1)[:, ::-1] > 0)
    later = np.tri(len(problem.capacity), dtype=bool).T[period] & (demand[item] > 0)
    block.setup_of, block.need = np.nonzero(later)
    block.item, block.period = item[block.setup_of], period[block.setup_of]
    block.quantity = demand[block.item, block.need]
    block.setup_item, block.setup_period = item, period
    setups = list(zip(item.tolist(), period.tolist(), strict=True))
    shares = zip(block.item.tolist(), block.period.tolist(), block.need.tolist(), strict=True)
    linear.variables(block, "setup", setups, upper=1.0, integer=True)
    linear.variables(block, "share", list(shares), upper=1.0)


def each_need(block: Block, problem: LotProblem) -> None:
    """Every need is made, in its period or before.

    ::

        sum_s x_ist = 1    for every item i and period t that needs it, over periods s <= t

    Source: facility location form of lot sizing (Krarup and Bilde, 1977).
    """
    needs = np.column_stack([block.item, block.need])
    keys, rows = np.unique(needs, axis=0, return_inverse=True)
    entries = [Entries(block.share, rows.ravel(), np.arange(len(needs)))]
    linear.rows(block, "each_need", list(map(tuple, keys.tolist())), entries, lower=1.0, upper=1.0)


def link(block: Block, problem: LotProblem) -> None:
    """Without a set-up nothing is made.

    ::

        x_ist <= y_is    for every item i and periods s <= t

    Source: facility location form of lot sizing (Krarup and Bilde, 1977).
    """
    shares = np.arange(len(block.setup_of))
    entries = [Entries(block.share, shares, shares), Entries(block.setup, shares, block.setup_of, -1.0)]
    linear.rows(block, "link", list(block.share), entries, upper=0.0)


def capacity(block: Block, problem: LotProblem) -> None:
    """No period makes more than it has capacity for.

    ::

        sum_i (unit_use_i sum_t demand_it x_ist + setup_use_i y_is) <= capacity_s

    for every period s that could not make all that is left to need.

    Source: capacitated lot sizing with set-up times (Trigeiro, Thomas and McClain, 1989).
    """
    use, room = _use(problem), np.array(problem.capacity)
    units, setups = use[block.item, 0] * block.quantity, use[block.setup_item, 1]
    most = np.bincount(block.period, units, len(room)) + np.bincount(block.setup_period, setups, len(room))
    limited = np.flatnonzero(most > room)
    own, begun = np.isin(block.period, limited), np.isin(block.setup_period, limited)
    entries = [
        Entries(block.share, np.searchsorted(limited, block.period[own]), np.flatnonzero(own), units[own]),
        Entries(block.setup, np.searchsorted(limited, block.setup_period[begun]), np.flatnonzero(begun), setups[begun]),
    ]
    linear.rows(block, "capacity", limited.tolist(), entries, upper=room[limited])


def terms(block: Block, problem: LotProblem) -> Mapping[str, Term]:
    """Name what set-ups and stock cost."""
    kept = np.array(problem.hold)[block.item] * block.quantity * (block.need - block.period)
    return {
        "setups": Term(Affine((total(block.setup, np.array(problem.setup)[block.setup_item]),)), ""),
        "stock": Term(Affine((total(block.share, kept),)), ""),
    }


def goals(problem: LotProblem) -> Goals:
    """Ask for the least cost in all."""
    return weighted(("setups", 1.0), ("stock", 1.0))


def ports(block: Block, problem: LotProblem) -> Mapping[PortKey, Affine]:
    """Publish nothing: arrays have no places that another question knows."""
    return {}


def write(block: Block, problem: LotProblem, plan: LotPlan | None) -> None:
    """Set the lots of a plan, the first made the first used; without one nothing is made."""
    made = np.zeros((len(problem.setup), len(problem.capacity)))
    for lot in plan.lots if plan is not None else ():
        made[lot.item, lot.period] += lot.quantity
    until_made, until_needed = np.cumsum(made, axis=1), np.cumsum(_demand(problem), axis=1)
    item, period, need = block.item, block.period, block.need
    ends = np.minimum(until_made[item, period], until_needed[item, need])
    begins = np.maximum(until_made[item, period] - made[item, period], until_needed[item, need] - block.quantity)
    linear.set_values(block.setup, made[block.setup_item, block.setup_period] > 0)
    linear.set_values(block.share, np.clip((ends - begins) / block.quantity, 0.0, 1.0))


def read(block: Block, problem: LotProblem) -> LotPlan:
    """Read the lots."""
    begun = linear.values(block.setup)[block.setup_of] > 0.5
    shares = np.where(begun, np.clip(linear.values(block.share), 0.0, 1.0), 0.0)
    shares[shares <= TOLERANCE] = 0.0
    made = np.zeros((len(problem.setup), len(problem.capacity)))
    np.add.at(made, (block.item, block.period), shares * block.quantity)
    item, period = np.nonzero(made)
    quantities = made[item, period].tolist()
    return LotPlan(
        lots=tuple(
            Lot(item=i, period=t, quantity=quantity)
            for i, t, quantity in zip(item.tolist(), period.tolist(), quantities, strict=True)
        )
    )


FORMULATION: Formulation[LotProblem, LotPlan] = Formulation(
    variables=variables,
    constraints=(each_need, link, capacity),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"link"}),
)


def check(problem: LotProblem, plan: LotPlan) -> Check:
    """Recompute every rule and the costs from the arrays and the plan alone.

    Rules, by name: ``places`` (items and periods that exist, each pair once, a quantity above 0), ``each_need`` (no
    stock below zero), ``capacity``.
    """
    periods = range(len(problem.capacity))
    known = [lot for lot in plan.lots if 0 <= lot.item < len(problem.setup) and lot.period in periods]
    made = {(lot.item, lot.period): lot.quantity for lot in known if lot.quantity > 0}
    violations, kept = [*_misplaced(plan, len(made)), *_beyond_capacity(problem, made)], []
    for item, needs in enumerate(problem.demand):
        stock = 0.0
        for period in periods:
            stock += made.get((item, period), 0.0) - needs[period]
            if stock < -ROUNDING * max(1.0, math.fsum(needs)):
                violations.append(Violation("each_need", (str(item), str(period)), stock, 0.0))
            kept.append(problem.hold[item] * stock)
    setups = math.fsum(problem.setup[item] for item, _ in made)
    return Check(tuple(violations), {"setups": setups, "stock": math.fsum(kept)}, {"setups": 0.0, "stock": 0.0})


def _misplaced(plan: LotPlan, found: int) -> Iterator[Violation]:
    """Yield that lots are of items or periods that do not exist, come twice or hold nothing."""
    if found != len(plan.lots):
        yield Violation("places", ("lots",), len(plan.lots), found)


def _beyond_capacity(problem: LotProblem, made: Mapping[tuple[int, int], float]) -> Iterator[Violation]:
    """Yield every period whose lots take more than it has capacity for."""
    taken: dict[int, list[float]] = defaultdict(list)
    for (item, period), quantity in made.items():
        unit, setup = problem.use[item]
        taken[period] += [unit * quantity, setup]
    for period, parts in sorted(taken.items()):
        room = problem.capacity[period]
        if math.fsum(parts) > room + ROUNDING * max(1.0, room):
            yield Violation("capacity", (str(period),), math.fsum(parts), room)
