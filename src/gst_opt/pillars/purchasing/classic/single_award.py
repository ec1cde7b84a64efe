"""Classical award of lots from plain arrays: every lot to one supplier, each with a contract cost and a capacity."""

import math
from collections import defaultdict
from collections.abc import Mapping
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
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check, Plan, PlanTable, Problem, Violation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

Block = Any
ROUNDING = 1e-6
"""Room for rounding, relative to the figure allowed."""


class AwardPlan(Plan):
    """The winner of each lot."""

    winners: tuple[int, ...] = Field(description="Supplier that wins each lot: positions from 0, lot by lot")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: one row a lot."""
        return (PlanTable(name="awards", columns=("lot", "supplier"), rows=tuple(enumerate(self.winners))),)


class AwardProblem(Frozen, Problem[AwardPlan]):
    """Which supplier wins each lot, at least cost, when each can take only so much?"""

    cost: Matrix = Field(description="Price of each lot (column) from each supplier (row)")
    fixed: tuple[float, ...] = Field(description="Cost of a contract with each supplier")
    load: tuple[float, ...] = Field(description="Load of each lot")
    capacity: tuple[float, ...] = Field(description="Load that each supplier can take")


def single_award(
    cost: ArrayLike,
    fixed: ArrayLike,
    load: ArrayLike,
    capacity: ArrayLike,
    options: SolveOptions | None = None,
) -> Result[AwardPlan]:
    """Award every lot to one supplier at least cost, no supplier beyond its capacity.

    The single-source capacitated location problem: suppliers are sites, lots are customers.

    Parameters
    ----------
    cost
        Price of lot i from supplier j, shape (suppliers, lots).
    fixed
        Cost of a contract with supplier j, paid where it wins something, shape (suppliers,), not negative.
    load
        Load of lot i, in the unit of `capacity`, shape (lots,), not negative.
    capacity
        Load that supplier j can take, shape (suppliers,), not negative.
    options
        As for `gst_opt.solve`.

    Returns
    -------
    Result
        Its plan holds the winner of each lot. Its terms are prices and contracts. Infeasible, with what is missing,
        where the lots do not fit.

    Raises
    ------
    DataError
        If a shape is wrong, a number is NaN or infinite, or a fixed cost, a load or a capacity is negative: every one
        of them.
    SolverError
        If a load, or a capacity below the load of all, is too small or too large for the solver (outside 1e-6 to
        1e6): another unit helps.

    Examples
    --------
    >>> single_award([[1, 2], [2, 1]], [5, 5], [1, 1], [2, 2]).require().winners in ((0, 0), (1, 1))
    True
    """
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    costs, contracts, loads, room = floats(cost), floats(fixed), floats(load), floats(capacity)
    problems = [*wrong("cost", costs, (-1, -1))]
    suppliers, lots = costs.shape if costs.ndim == 2 else (-1, -1)
    problems += [*wrong("fixed", contracts, (suppliers,), low=0.0), *wrong("load", loads, (lots,), low=0.0)]
    problems += wrong("capacity", room, (suppliers,), low=0.0)
    if problems:
        raise DataError(problems)
    problem = AwardProblem(
        cost=matrix(costs),
        fixed=tuple(contracts.tolist()),
        load=tuple(loads.tolist()),
        capacity=tuple(room.tolist()),
    )
    return direct(FORMULATION, problem, check, options)


def variables(block: Block, problem: AwardProblem) -> None:
    """Add one 0/1 column for each supplier, and for each lot that a supplier can take."""
    block.supplier, block.lot = np.nonzero(np.array(problem.load) <= np.array(problem.capacity)[:, None])
    awards = list(zip(block.supplier.tolist(), block.lot.tolist(), strict=True))
    linear.variables(block, "contract", list(range(len(problem.fixed))), upper=1.0, integer=True)
    linear.variables(block, "award", awards, upper=1.0, integer=True)


def each_lot(block: Block, problem: AwardProblem) -> None:
    """Every lot has one winner.

    ::

        sum_j x_ij = 1    for every lot i

    Source: single-source capacitated location (Holmberg, Rönnqvist and Yuan, 1999).
    """
    entries = [Entries(block.award, block.lot, np.arange(len(block.lot)))]
    linear.rows(block, "each_lot", list(range(len(problem.load))), entries, lower=1.0, upper=1.0)


def link(block: Block, problem: AwardProblem) -> None:
    """Who has no contract wins nothing.

    ::

        x_ij <= y_j    for every lot i and supplier j

    Source: the strong form of Balinski (1965).
    """
    awards = np.arange(len(block.lot))
    entries = [Entries(block.award, awards, awards), Entries(block.contract, awards, block.supplier, -1.0)]
    linear.rows(block, "link", list(block.award), entries, upper=0.0)


def capacity(block: Block, problem: AwardProblem) -> None:
    """No supplier takes more than it can.

    ::

        sum_i load_i x_ij <= capacity_j y_j    for every supplier j that cannot take all

    Source: single-source capacitated location (Holmberg, Rönnqvist and Yuan, 1999).
    """
    limited = np.flatnonzero(np.array(problem.capacity) < math.fsum(problem.load))
    awards = np.flatnonzero(np.isin(block.supplier, limited))
    loads = np.array(problem.load)[block.lot[awards]]
    entries = [
        Entries(block.award, np.searchsorted(limited, block.supplier[awards]), awards, loads),
        Entries(block.contract, np.arange(len(limited)), limited, -np.array(problem.capacity)[limited]),
    ]
    linear.rows(block, "capacity", limited.tolist(), entries, upper=0.0)


def total_capacity(block: Block, problem: AwardProblem) -> None:
    """The suppliers with a contract can take all lots.

    ::

        sum_j capacity_j y_j >= sum_i load_i    where no supplier can take all

    Source: the sum of the rows of `capacity` and `each_lot`; solvers cut well from it.
    """
    rooms, loads = np.array(problem.capacity), math.fsum(problem.load)
    if np.all(rooms < loads):
        linear.rows(block, "total_capacity", ["all"], [total(block.contract, rooms)], lower=loads)


def terms(block: Block, problem: AwardProblem) -> Mapping[str, Term]:
    """Name prices and contracts."""
    costs = np.array(problem.cost).reshape(len(problem.fixed), len(problem.load))[block.supplier, block.lot]
    return {
        "prices": Term(Affine((total(block.award, costs),)), ""),
        "contracts": Term(Affine((total(block.contract, np.array(problem.fixed)),)), ""),
    }


def goals(problem: AwardProblem) -> Goals:
    """Ask for the least cost in all."""
    return weighted(("prices", 1.0), ("contracts", 1.0))


def ports(block: Block, problem: AwardProblem) -> Mapping[PortKey, Affine]:
    """Publish nothing: arrays have no places that another question knows."""
    return {}


def write(block: Block, problem: AwardProblem, plan: AwardPlan | None) -> None:
    """Set the winners of a plan; without one no lot is awarded."""
    winners = np.array(plan.winners if plan else (), dtype=np.intp)
    won = winners[block.lot] == block.supplier if len(winners) else np.zeros(len(block.lot))
    linear.set_values(block.award, won)
    linear.set_values(block.contract, np.isin(np.arange(len(problem.fixed)), winners))


def read(block: Block, problem: AwardProblem) -> AwardPlan:
    """Read the winner of each lot."""
    won = linear.values(block.award) > 0.5
    winners = np.full(len(problem.load), -1, dtype=np.intp)
    winners[block.lot[won]] = block.supplier[won]
    return AwardPlan(winners=tuple(winners.tolist()))


FORMULATION: Formulation[AwardProblem, AwardPlan] = Formulation(
    variables=variables,
    constraints=(each_lot, link, capacity, total_capacity),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"total_capacity"}),
    hard=frozenset({"capacity", "link"}),
)


def check(problem: AwardProblem, plan: AwardPlan) -> Check:
    """Recompute every rule and the costs from the arrays and the plan alone.

    Rules, by name: ``each_lot`` (one winner a lot, of suppliers that exist), ``capacity``.
    """
    lots, suppliers = len(problem.load), len(problem.fixed)
    violations = [
        Violation("each_lot", (str(lot),), winner, suppliers - 1)
        for lot, winner in enumerate(plan.winners)
        if not 0 <= winner < suppliers
    ]
    if len(plan.winners) != lots:
        violations.append(Violation("each_lot", ("*",), len(plan.winners), lots))
    known = [(lot, winner) for lot, winner in enumerate(plan.winners[:lots]) if 0 <= winner < suppliers]
    loads: dict[int, list[float]] = defaultdict(list)
    for lot, winner in known:
        loads[winner].append(problem.load[lot])
    for winner, parts in sorted(loads.items()):
        room = problem.capacity[winner]
        if math.fsum(parts) > room + ROUNDING * max(1.0, room):
            violations.append(Violation("capacity", (str(winner),), math.fsum(parts), room))
    prices = math.fsum(problem.cost[winner][lot] for lot, winner in known)
    contracts = math.fsum(problem.fixed[winner] for winner in loads)
    return Check(tuple(violations), {"prices": prices, "contracts": contracts}, {"prices": 0.0, "contracts": 0.0})
