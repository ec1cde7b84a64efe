"""Classical facility location from plain arrays: which sites to open, and who is served where, sites by customers."""

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
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check, Plan, PlanTable, Problem, Violation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct

Block = Any
TOLERANCE = 1e-9
"""A share this small is none, and a demand that exceeds a capacity by this little fits."""


class Share(Frozen):
    """A part of a customer's demand, and the site that serves it."""

    customer: int = Field(description="Customer: position from 0")
    site: int = Field(description="Site: position from 0")
    share: float = Field(description="Share of the customer's demand, above 0, at most 1")


class LocationPlan(Plan):
    """The sites that open, and who is served where."""

    open: tuple[int, ...] = Field(description="Sites that open: positions from 0, in order")
    assignment: tuple[Share, ...] = Field(description="Shares of each customer by site, customer by customer")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: one row an open site, and one row a share."""
        shares = tuple((one.customer, one.site, one.share) for one in self.assignment)
        return (
            PlanTable(name="sites", columns=("site",), rows=tuple((site,) for site in self.open)),
            PlanTable(name="assignment", columns=("customer", "site", "share"), rows=shares),
        )


class LocationProblem(Frozen, Problem[LocationPlan]):
    """Which sites open, and who is served where, at least cost, when each site has only so much capacity?"""

    cost: Matrix = Field(description="Cost of serving the whole demand of each customer (column) from each site (row)")
    fixed: tuple[float, ...] = Field(description="Cost of opening each site")
    demand: tuple[float, ...] = Field(description="Demand of each customer")
    capacity: tuple[float, ...] = Field(description="Demand that each site can serve")
    single_source: bool = Field(description="Whether each customer is served by one site only")


def cflp(
    cost: ArrayLike,
    fixed: ArrayLike,
    demand: ArrayLike,
    capacity: ArrayLike,
    single_source: bool = False,
    options: SolveOptions | None = None,
) -> Result[LocationPlan]:
    """Open sites and serve every customer from them at least cost, no site beyond its capacity.

    The capacitated facility location problem. A share of a customer costs that share of `cost`.

    Parameters
    ----------
    cost
        Cost of serving the whole demand of customer j from site i, shape (sites, customers).
    fixed
        Cost of opening site i, shape (sites,).
    demand
        Demand of customer j, shape (customers,), not negative.
    capacity
        Demand that site i can serve when it is open, shape (sites,), not negative.
    single_source
        Whether each customer is served by one site only; otherwise sites may share a customer.
    options
        As for `gst_opt.solve`.

    Returns
    -------
    Result
        Its plan holds the sites that are `open`, and `assignment`: the shares of each customer by site. Its terms are
        what opening and serving cost. Infeasible, with what can be served at most, when the demand does not fit.

    Raises
    ------
    DataError
        If a shape is wrong, a number is NaN or infinite, or a demand or a capacity is negative: every one of them.
    SolverError
        If a demand, or a capacity that is below the demand of all, is too small or too large for the solver (outside
        1e-6 to 1e6): another unit helps.
    """
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    expect(single_source, bool)
    costs, opening, wanted, room = floats(cost), floats(fixed), floats(demand), floats(capacity)
    problems = [*wrong("cost", costs, (-1, -1))]
    sites, customers = costs.shape if costs.ndim == 2 else (-1, -1)
    problems += [*wrong("fixed", opening, (sites,)), *wrong("demand", wanted, (customers,), low=0.0)]
    problems += wrong("capacity", room, (sites,), low=0.0)
    if problems:
        raise DataError(problems)
    problem = LocationProblem(
        cost=matrix(costs),
        fixed=tuple(opening.tolist()),
        demand=tuple(wanted.tolist()),
        capacity=tuple(room.tolist()),
        single_source=single_source,
    )
    return direct(FORMULATION, problem, check, options)


def variables(block: Block, problem: LocationProblem) -> None:
    """Add one 0/1 column for each site, and the share of each pair where the site can serve the customer.

    With one site a customer, shares are 0 or 1 and the site has to hold the whole demand.
    """
    room, wanted = np.array(problem.capacity)[:, None], np.array(problem.demand)
    serves = wanted <= room + TOLERANCE if problem.single_source else (room > 0) | (wanted == 0)
    block.site, block.customer = np.nonzero(serves)
    pairs = list(zip(block.site.tolist(), block.customer.tolist(), strict=True))
    linear.variables(block, "open", list(range(len(problem.fixed))), upper=1.0, integer=True)
    linear.variables(block, "share", pairs, upper=1.0, integer=problem.single_source)


def each_customer(block: Block, problem: LocationProblem) -> None:
    """Every customer is served, by one site or by several.

    ::

        sum_i x_ij = 1    for every customer j

    Source: capacitated facility location (Balinski, 1965).
    """
    entries = [Entries(block.share, block.customer, np.arange(len(block.customer)))]
    linear.rows(block, "each_customer", list(range(len(problem.demand))), entries, lower=1.0, upper=1.0)


def link(block: Block, problem: LocationProblem) -> None:
    """A site that is closed serves nobody.

    ::

        x_ij <= y_i    for every site i and customer j

    Source: the strong form of Balinski (1965).
    """
    pairs = np.arange(len(block.site))
    keys = list(zip(block.site.tolist(), block.customer.tolist(), strict=True))
    entries = [Entries(block.share, pairs, pairs), Entries(block.open, pairs, block.site, -1.0)]
    linear.rows(block, "link", keys, entries, upper=0.0)


def capacity(block: Block, problem: LocationProblem) -> None:
    """No open site serves more than it has capacity for.

    ::

        sum_j demand_j x_ij <= capacity_i y_i    for every site i whose capacity is below the demand of all

    Where a site has capacity for all, `link` says as much without a large coefficient.

    Source: capacitated facility location (Balinski, 1965).
    """
    limited = np.flatnonzero(np.array(problem.capacity) < math.fsum(problem.demand))
    rows = np.arange(len(limited))
    pairs = np.flatnonzero(np.isin(block.site, limited))
    entries = [
        Entries(
            block.share,
            np.searchsorted(limited, block.site[pairs]),
            pairs,
            np.array(problem.demand)[block.customer[pairs]],
        ),
        Entries(block.open, rows, limited, -np.array(problem.capacity)[limited]),
    ]
    linear.rows(block, "capacity", limited.tolist(), entries, upper=0.0)


def total_capacity(block: Block, problem: LocationProblem) -> None:
    """The open sites have capacity for the demand of all.

    ::

        sum_i capacity_i y_i >= sum_j demand_j    where no site has capacity for all

    Source: the sum of the rows of `capacity` and `each_customer`; solvers cut well from it.
    """
    rooms, wanted = np.array(problem.capacity), math.fsum(problem.demand)
    if np.all(rooms < wanted):
        linear.rows(block, "total_capacity", ["all"], [total(block.open, rooms)], lower=wanted)


def terms(block: Block, problem: LocationProblem) -> Mapping[str, Term]:
    """Name what opening and serving cost."""
    costs = np.array(problem.cost).reshape(len(problem.fixed), len(problem.demand))[block.site, block.customer]
    return {
        "opening": Term(Affine((total(block.open, np.array(problem.fixed)),)), ""),
        "serving": Term(Affine((total(block.share, costs),)), ""),
    }


def goals(problem: LocationProblem) -> Goals:
    """Ask for the least cost in all."""
    return weighted(("opening", 1.0), ("serving", 1.0))


def ports(block: Block, problem: LocationProblem) -> Mapping[PortKey, Affine]:
    """Publish nothing: arrays have no places that another question knows."""
    return {}


def write(block: Block, problem: LocationProblem, plan: LocationPlan | None) -> None:
    """Set the sites and shares of a plan; without one no site opens and nobody is served."""
    opened, shares = np.zeros(len(problem.fixed)), np.zeros((len(problem.fixed), len(problem.demand)))
    if plan is not None:
        opened[list(plan.open)] = 1.0
        for one in plan.assignment:
            shares[one.site, one.customer] = one.share
    linear.set_values(block.open, opened)
    linear.set_values(block.share, shares[block.site, block.customer])


def read(block: Block, problem: LocationProblem) -> LocationPlan:
    """Read the sites and shares; a site that serves nobody stays closed, unless opening it pays."""
    values = np.clip(linear.values(block.share), 0.0, 1.0)
    shares = np.rint(values) if problem.single_source else values
    served = np.flatnonzero(shares > TOLERANCE)
    served = served[np.lexsort((block.site[served], block.customer[served]))]
    site, customer = block.site[served].tolist(), block.customer[served].tolist()
    useful = (np.array(problem.fixed) < 0) | np.isin(np.arange(len(problem.fixed)), site)
    return LocationPlan(
        open=tuple(np.flatnonzero((linear.values(block.open) > 0.5) & useful).tolist()),
        assignment=tuple(
            Share(customer=j, site=i, share=share)
            for i, j, share in zip(site, customer, shares[served].tolist(), strict=True)
        ),
    )


FORMULATION: Formulation[LocationProblem, LocationPlan] = Formulation(
    variables=variables,
    constraints=(each_customer, capacity, link, total_capacity),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"total_capacity"}),
    hard=frozenset({"capacity", "link"}),
)


def check(problem: LocationProblem, plan: LocationPlan) -> Check:
    """Recompute every rule and the costs from the arrays and the plan alone.

    Rules, by name: ``places`` (sites and customers that exist, each once), ``each_customer``, ``single_source``,
    ``link``, ``capacity``.
    """
    opened = [site for site in plan.open if 0 <= site < len(problem.fixed)]
    known = [
        one for one in plan.assignment if 0 <= one.site < len(problem.fixed) and 0 <= one.customer < len(problem.demand)
    ]
    serving = math.fsum(problem.cost[one.site][one.customer] * one.share for one in known)
    return Check(
        violations=(*_misplaced(plan, opened, known), *_broken(problem, known, set(opened))),
        terms={"opening": math.fsum(problem.fixed[site] for site in opened), "serving": serving},
        today={"opening": 0.0, "serving": 0.0},
    )


def _misplaced(plan: LocationPlan, opened: list[int], known: list[Share]) -> Iterator[Violation]:
    """Yield that sites or pairs do not exist or come twice."""
    pairs = {(one.site, one.customer) for one in known}
    for place, found, allowed in (
        ("open", len(plan.open), len(set(opened))),
        ("assignment", len(plan.assignment), len(pairs)),
    ):
        if found != allowed:
            yield Violation("places", (place,), found, allowed)


def _broken(problem: LocationProblem, known: list[Share], opened: set[int]) -> Iterator[Violation]:
    """Yield every rule that shares of sites and customers that exist break."""
    shares: dict[int, list[float]] = defaultdict(list)
    loads: dict[int, list[float]] = defaultdict(list)
    for one in known:
        shares[one.customer].append(one.share)
        loads[one.site].append(problem.demand[one.customer] * one.share)
        if not 0 < one.share <= 1 + 1e-6:
            yield Violation("each_customer", (str(one.customer), str(one.site)), one.share, 1.0)
        if one.site not in opened:
            yield Violation("link", (str(one.site), str(one.customer)), one.share, 0.0)
    for customer in range(len(problem.demand)):
        if not abs(math.fsum(shares[customer]) - 1.0) <= 1e-6:
            yield Violation("each_customer", (str(customer),), math.fsum(shares[customer]), 1.0)
        if problem.single_source and len(shares[customer]) > 1:
            yield Violation("single_source", (str(customer),), len(shares[customer]), 1.0)
    for site, load in sorted(loads.items()):
        room = problem.capacity[site]
        if math.fsum(load) > room + 1e-6 * max(1.0, room):
            yield Violation("capacity", (str(site),), math.fsum(load), room)
