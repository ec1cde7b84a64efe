"""Classical assignment from plain arrays: generalised assignment and linear assignment, agents by jobs."""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.ports import PortKey
from gst_opt.model import linear
from gst_opt.model.arrays import Matrix, floats, matrix, wrong
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals, minimise
from gst_opt.model.linear import Affine, Entries, Positions, total
from gst_opt.model.problem import Check, Plan, PlanTable, Problem, Violation
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct
from gst_opt.text import Message

Block = Any
TOLERANCE = 1e-9


class AssignmentPlan(Plan):
    """The agent of each job."""

    agents: tuple[int, ...] = Field(description="Agent of each job: positions from 0, job by job")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: one row a job."""
        return (PlanTable(name="jobs", columns=("job", "agent"), rows=tuple(enumerate(self.agents))),)


class AssignmentProblem(Frozen, Problem[AssignmentPlan]):
    """Which agent does each job, at least cost, when each agent has only so much room?"""

    cost: Matrix = Field(description="Cost of each agent (row) for each job (column)")
    use: Matrix = Field(description="Room of each agent that each job takes")
    capacity: tuple[float, ...] = Field(description="Room of each agent")


def generalised_assignment(
    cost: ArrayLike, use: ArrayLike, capacity: ArrayLike, options: SolveOptions | None = None
) -> Result[AssignmentPlan]:
    """Give every job to one agent at least cost, no agent beyond its capacity.

    Where costs are whole numbers, the bound is rounded up to one: with ``SolveOptions(gap=0)`` an optimal result is
    proven to the unit. To maximise, negate the costs.

    Parameters
    ----------
    cost
        Cost of agent i for job j, shape (agents, jobs).
    use
        Room of agent i that job j takes, shape (agents, jobs), not negative.
    capacity
        Room of agent i, shape (agents,), not negative.
    options
        As for `gst_opt.solve`.

    Returns
    -------
    Result
        Its plan holds the agent of each job. Infeasible, with the agents that would need more room, when the jobs do
        not fit.

    Raises
    ------
    DataError
        If a shape is wrong, there is no agent, a number is NaN or infinite, or a use or a capacity is negative: every
        one of them.
    """
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    costs, uses, room = floats(cost), floats(use), floats(capacity)
    problems = [*wrong("cost", costs, (-1, -1)), *wrong("use", uses, costs.shape, low=0.0)]
    problems += wrong("capacity", room, costs.shape[:1], low=0.0)
    if not problems and not len(costs):
        size = " x ".join(map(str, costs.shape))
        problems.append(DataProblem("cost", 0, "", size, Message("pillars.one_agent")))
    if problems:
        raise DataError(problems)
    problem = AssignmentProblem(cost=matrix(costs), use=matrix(uses), capacity=tuple(room.tolist()))
    return direct(FORMULATION, problem, check, options)


def linear_assignment(cost: ArrayLike, options: SolveOptions | None = None) -> Result[AssignmentPlan]:
    """Give every job to one agent at least cost, at most one job an agent.

    Parameters
    ----------
    cost
        Cost of agent i for job j, shape (agents, jobs); infeasible when there are more jobs than agents.
    options
        As for `gst_opt.solve`.

    Raises
    ------
    DataError
        If the shape is wrong, or a number is NaN or infinite.
    """
    costs = floats(cost)
    return generalised_assignment(costs, np.ones(costs.shape), np.ones(costs.shape[:1]), options)


def _pairs(problem: AssignmentProblem) -> tuple[Positions, Positions]:
    """Return agent and job of every pair where the job fits, agent by agent."""
    use = np.array(problem.use).reshape(len(problem.capacity), -1)
    agent, job = np.nonzero(use <= np.array(problem.capacity)[:, None] + TOLERANCE)
    return agent, job


def variables(block: Block, problem: AssignmentProblem) -> None:
    """Add one 0/1 column for each pair where the job fits."""
    block.agent, block.job = _pairs(problem)
    keys = list(zip(block.agent.tolist(), block.job.tolist(), strict=True))
    linear.variables(block, "given", keys, upper=1.0, integer=True)


def each_job(block: Block, problem: AssignmentProblem) -> None:
    """Every job is given to one agent.

    ::

        sum_i x_ij = 1    for every job j

    Source: generalised assignment (Ross and Soland, 1975).
    """
    jobs = len(problem.cost[0]) if problem.cost else 0
    entries = [Entries(block.given, block.job, np.arange(len(block.job)))]
    linear.rows(block, "each_job", list(range(jobs)), entries, lower=1.0, upper=1.0)


def capacity(block: Block, problem: AssignmentProblem) -> None:
    """No agent is given more than it has room for.

    ::

        sum_j use_ij x_ij <= capacity_i    for every agent i

    Source: generalised assignment (Ross and Soland, 1975).
    """
    use = np.array(problem.use).reshape(len(problem.capacity), -1)[block.agent, block.job]
    entries = [Entries(block.given, block.agent, np.arange(len(block.agent)), use)]
    linear.rows(block, "capacity", list(range(len(problem.capacity))), entries, upper=np.array(problem.capacity))


def terms(block: Block, problem: AssignmentProblem) -> Mapping[str, Term]:
    """Name the one term: the cost of the pairs chosen."""
    costs = np.array(problem.cost).reshape(len(problem.capacity), -1)[block.agent, block.job]
    return {"cost": Term(Affine((total(block.given, costs),)), "")}


def goals(problem: AssignmentProblem) -> Goals:
    """Ask for the least cost."""
    return minimise("cost")


def ports(block: Block, problem: AssignmentProblem) -> Mapping[PortKey, Affine]:
    """Publish nothing: arrays have no places that another question knows."""
    return {}


def write(block: Block, problem: AssignmentProblem, plan: AssignmentPlan | None) -> None:
    """Set the pairs of a plan; without one no job is given."""
    agents = np.array(plan.agents if plan else (), dtype=np.intp)
    chosen = agents[block.job] == block.agent if len(agents) else np.zeros(len(block.job))
    linear.set_values(block.given, chosen)


def read(block: Block, problem: AssignmentProblem) -> AssignmentPlan:
    """Read the agent of each job."""
    given = linear.values(block.given) > 0.5
    agents = np.full(len(problem.cost[0]) if problem.cost else 0, -1, dtype=np.intp)
    agents[block.job[given]] = block.agent[given]
    return AssignmentPlan(agents=tuple(agents.tolist()))


FORMULATION: Formulation[AssignmentProblem, AssignmentPlan] = Formulation(
    variables=variables,
    constraints=(each_job, capacity),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"each_job"}),
)


def check(problem: AssignmentProblem, plan: AssignmentPlan) -> Check:
    """Recompute every rule and the cost from the arrays and the plan alone.

    Rules, by name: ``each_job``, ``capacity``.
    """
    jobs = len(problem.cost[0]) if problem.cost else 0
    agents = len(problem.capacity)
    violations = [
        Violation("each_job", (str(job),), agent, agents - 1)
        for job, agent in enumerate(plan.agents)
        if not 0 <= agent < agents
    ]
    if len(plan.agents) != jobs:
        violations.append(Violation("each_job", ("*",), len(plan.agents), jobs))
    known = [(agent, job) for job, agent in enumerate(plan.agents[:jobs]) if 0 <= agent < agents]
    used: dict[int, list[float]] = defaultdict(list)
    for agent, job in known:
        used[agent].append(problem.use[agent][job])
    for agent, uses in sorted(used.items()):
        room = problem.capacity[agent]
        if math.fsum(uses) > room + 1e-6 * max(1.0, room):
            violations.append(Violation("capacity", (str(agent),), math.fsum(uses), room))
    cost = math.fsum(problem.cost[agent][job] for agent, job in known)
    return Check(violations=tuple(violations), terms={"cost": cost}, today={"cost": 0.0})
