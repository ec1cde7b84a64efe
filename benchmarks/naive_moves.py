"""Redeployment as an ordinary modeller writes it in Pyomo: whole heads on every pair of teams, need in fractions.

The rules, sets and figures are those of the library's question (kept heads, protected heads, reception, budgeted
posts, substitutes, premium budget, coverage floor); only the formulation differs:

- a column of whole heads for every two teams of one skill within the radius, whether or not anybody can leave the
  first or is of use at the second;
- need in fractions of a post: ``covered <= need`` and ``covered <= heads at work``, instead of whole and part posts;
- one solve a goal, each from the plan of the one before, which a row then keeps.

A head's time may be split between posts of several skills at one site, which the library does not allow: every plan of
the library is a plan here, so that the first bound here is at most the library's first value.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from gst_opt.core.mobility import PremiumKind
from gst_opt.network import distances
from gst_opt.pillars.staff.premiums import premium
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.redeployment.teams import teams_of

Team = tuple[str, str]
Arc = tuple[str, str, str]
OVERRUN = 1.5
"""How many times its limit the solver may take before its process is ended."""
KEPT = 1e-6
"""What a later goal may give back of an earlier one, relative: without any, the solver finds no plan again."""


@dataclass(frozen=True)
class Data:
    """The data as dictionaries by key: teams are (facility, skill), arcs (origin, host, skill).

    A limit that is not in `newcomers` or `ceiling` does not exist. A substitution is (facility, skill of the post,
    skill of the head).
    """

    teams: list[Team]
    arcs: list[Arc]
    substitutions: list[Arc]
    need: dict[Team, float]
    heads: dict[Team, int]
    may_leave: dict[Team, int]
    newcomers: dict[Team, int]
    ceiling: dict[Team, int]
    efficiency: dict[tuple[str, str], float]
    premium: dict[Arc, float]
    minutes: dict[Arc, float]
    budget: float
    floor: float
    teams_in: dict[str, list[Team]]

    @property
    def columns(self) -> int:
        """Columns of the model."""
        return len(self.arcs) + 2 * len(self.teams) + len(self.substitutions) + len(self.teams_in)


def tables(problem: RedeploymentProblem) -> Data:
    """Turn a problem into dictionaries: all that is known before a model is written."""
    teams = teams_of(problem)
    keys = list(teams.keys)
    present, limits = set(keys), zip(keys, teams.newcomers.tolist(), teams.ceiling.tolist(), strict=True)
    newcomers, ceiling = {}, {}
    for key, joining, held in limits:
        newcomers.update({key: int(joining)} if np.isfinite(joining) else {})
        ceiling.update({key: int(held)} if np.isfinite(held) else {})
    shifts = [shift for shift in problem.workforce.task_shifts if shift.efficiency > 0]
    minutes = _minutes(problem, keys, teams.heads)
    return Data(
        teams=keys,
        arcs=list(minutes),
        substitutions=[
            (facility, shift.skill, shift.substitute)
            for shift in shifts
            for facility, skill in keys
            if skill == shift.skill and (facility, shift.substitute) in present
        ],
        need=dict(zip(keys, teams.need.tolist(), strict=True)),
        heads=dict(zip(keys, teams.heads.tolist(), strict=True)),
        may_leave=dict(zip(keys, np.minimum(teams.spare, teams.movable).tolist(), strict=True)),
        newcomers=newcomers,
        ceiling=ceiling,
        efficiency={(shift.skill, shift.substitute): shift.efficiency for shift in shifts},
        premium=_premiums(problem, list(minutes)),
        minutes=minutes,
        budget=problem.policy.premium_budget or 0.0,
        floor=float(np.minimum(teams.heads, teams.need).sum()),
        teams_in={
            province: [keys[team] for team in np.flatnonzero(teams.province == number)]
            for number, province in enumerate(teams.provinces)
            if teams.need[teams.province == number].sum() > 0
        },
    )


def _minutes(problem: RedeploymentProblem, keys: list[Team], heads: Any) -> dict[Arc, float]:
    """Return the journey of every two teams of one skill within the radius, the first with heads."""
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(keys):
        by_skill.setdefault(skill, []).append(position)
    found = {}
    for skill, members in by_skill.items():
        places = [keys[member][0] for member in members]
        times = problem.journeys.between(places, places)
        near = times <= problem.policy.max_travel
        near[heads[members] == 0] = False
        np.fill_diagonal(near, False)
        found.update(
            {(places[i], places[j], skill): float(times[i, j]) for i, j in zip(*np.nonzero(near), strict=True)}
        )
    return found


def _premiums(problem: RedeploymentProblem, arcs: list[Arc]) -> dict[Arc, float]:
    """Return the premium of one head on every arc that has one."""
    places = sorted({place for arc in arcs for place in arc[:2]})
    number = {place: position for position, place in enumerate(places)}
    km = distances(problem.region, problem.journeys, places, places)
    paid = premium(problem.workforce.premium_steps, PremiumKind.MOVE, np.where(np.isfinite(km), km, -1.0))
    amounts = ((arc, float(paid[number[arc[0]], number[arc[1]]])) for arc in arcs)
    return {arc: amount for arc, amount in amounts if amount}


def model(data: Data) -> Any:
    """Write the model: rules over sparse sets."""
    import pyomo.environ as pyo

    joining: dict[Team, list[str]] = {team: [] for team in data.teams}
    leaving: dict[Team, list[str]] = {team: [] for team in data.teams}
    for i, j, k in data.arcs:
        leaving[i, k].append(j)
        joining[j, k].append(i)
    helpers: dict[Team, list[str]] = {team: [] for team in data.teams}
    helped: dict[Team, list[str]] = {team: [] for team in data.teams}
    for j, k, c in data.substitutions:
        helpers[j, k].append(c)
        helped[j, c].append(k)

    m = pyo.ConcreteModel()
    m.teams = pyo.Set(initialize=data.teams, dimen=2)
    m.arcs = pyo.Set(initialize=data.arcs, dimen=3)
    m.substitutions = pyo.Set(initialize=data.substitutions, dimen=3)
    m.provinces = pyo.Set(initialize=list(data.teams_in))
    m.moved = pyo.Var(m.arcs, domain=pyo.NonNegativeIntegers)
    m.at_work = pyo.Var(m.teams, domain=pyo.NonNegativeReals)
    m.substituted = pyo.Var(m.substitutions, domain=pyo.NonNegativeReals)
    m.covered = pyo.Var(m.teams, domain=pyo.NonNegativeReals)
    m.short_share = pyo.Var(m.provinces, domain=pyo.NonNegativeReals)
    m.rounds = pyo.RangeSet(len(data.teams_in))
    m.level = pyo.Var(m.rounds)
    m.excess = pyo.Var(m.rounds, m.provinces, domain=pyo.NonNegativeReals)
    m.kept = pyo.ConstraintList()

    def left(m: Any, j: str, k: str) -> Any:
        return sum(m.moved[j, other, k] for other in leaving[j, k])

    def joined(m: Any, j: str, k: str) -> Any:
        return sum(m.moved[i, j, k] for i in joining[j, k])

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def stock(m: Any, j: str, k: str) -> Any:
        used = m.at_work[j, k] + sum(m.substituted[j, d, k] for d in helped[j, k])
        return used <= data.heads[j, k] - left(m, j, k) + joined(m, j, k)

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def covered_by_heads(m: Any, j: str, k: str) -> Any:
        by_others = sum(data.efficiency[k, c] * m.substituted[j, k, c] for c in helpers[j, k])
        return m.covered[j, k] <= m.at_work[j, k] + by_others

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def covered_by_need(m: Any, j: str, k: str) -> Any:
        return m.covered[j, k] <= data.need[j, k]

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def release(m: Any, i: str, k: str) -> Any:
        return left(m, i, k) <= data.may_leave[i, k] if leaving[i, k] else pyo.Constraint.Skip

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def reception(m: Any, j: str, k: str) -> Any:
        if not joining[j, k] or (j, k) not in data.newcomers:
            return pyo.Constraint.Skip
        return joined(m, j, k) <= data.newcomers[j, k]

    @m.Constraint(m.teams)  # type: ignore[untyped-decorator]
    def budgeted(m: Any, j: str, k: str) -> Any:
        if not joining[j, k] or (j, k) not in data.ceiling:
            return pyo.Constraint.Skip
        return data.heads[j, k] - left(m, j, k) + joined(m, j, k) <= data.ceiling[j, k]

    @m.Constraint()  # type: ignore[untyped-decorator]
    def premiums(m: Any) -> Any:
        if not data.premium:
            return pyo.Constraint.Skip
        return sum(amount * m.moved[arc] for arc, amount in data.premium.items()) <= data.budget

    @m.Constraint()  # type: ignore[untyped-decorator]
    def coverage_floor(m: Any) -> Any:
        return sum(m.covered[team] for team in m.teams) >= data.floor

    @m.Constraint(m.provinces)  # type: ignore[untyped-decorator]
    def short_shares(m: Any, p: str) -> Any:
        own = data.teams_in[p]
        need = sum(data.need[team] for team in own)
        return need * m.short_share[p] == need - sum(m.covered[team] for team in own)

    return m


def goals(m: Any, data: Data) -> Iterator[tuple[str, Any]]:
    """Yield what is minimised, goal after goal; the columns and rows of a round are added when its turn comes.

    The sum of the ``k`` largest uncovered shares for ``k = 1, 2, ...`` is the least of ``k t + sum_p d_p`` over
    ``d_p >= share_p - t``, as in the library.
    """
    import pyomo.environ as pyo

    for k in m.rounds:
        for p in m.provinces:
            m.kept.add(m.excess[k, p] >= m.short_share[p] - m.level[k])
        yield f"{k} worst shares", k * m.level[k] + sum(m.excess[k, p] for p in m.provinces)
    yield "uncovered", sum(data.need.values()) - pyo.quicksum(m.covered.values())
    if data.premium:
        yield "premiums", pyo.quicksum(amount * m.moved[arc] for arc, amount in data.premium.items())
    yield "travel", pyo.quicksum(minutes * m.moved[arc] for arc, minutes in data.minutes.items())
    yield "moves", pyo.quicksum(m.moved.values())


@dataclass(frozen=True)
class Solved:
    """One goal: seconds since the start (writing included), value and bound; None where there is none."""

    goal: str
    seconds: float
    value: float | None
    bound: float | None

    def proven(self, gap: float) -> bool:
        """Say whether value and bound are that close, or as close as a later goal's slack allows."""
        if self.value is None or self.bound is None:
            return False
        return self.value - self.bound <= gap * max(abs(self.value), 1.0) * (1 + KEPT)


@dataclass(frozen=True)
class Answer:
    """What came back: every goal that a solve was begun for and ended, and when all of it was over.

    Attributes
    ----------
    goals
        How many there are.
    solved
        Those that the solver came back from, in order.
    seconds, build_seconds
        Writing the model and solving all that was solved; writing alone.
    """

    goals: int
    solved: tuple[Solved, ...]
    seconds: float
    build_seconds: float

    def proven(self, gap: float) -> int:
        """Return how many goals were proven before the first that was not."""
        return next((n for n, one in enumerate(self.solved) if not one.proven(gap)), len(self.solved))


def answer(data: Data, gap: float, seconds: float) -> Answer:
    """Write and solve by `appsi_highs`, with the solver's own settings, in a process that can be ended.

    Parameters
    ----------
    data
        The tables.
    gap
        Distance at which a goal's search may stop, relative and absolute.
    seconds
        Time limit of all goals together.
    """
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_solve, args=(data, gap, seconds, theirs))
    process.start()
    theirs.close()
    built = float(ours.recv())
    end = time.perf_counter() + OVERRUN * seconds
    solved: list[Solved] = []
    started, ended = time.perf_counter(), False
    while not ended and ours.poll(max(0.0, end - time.perf_counter())):
        try:
            solved.append(ours.recv())
        except EOFError:
            ended = True
    taken = solved[-1].seconds if ended and solved else built + time.perf_counter() - started
    process.kill()
    process.join()
    return Answer(len(data.teams_in) + 3 + bool(data.premium), tuple(solved), taken, built)


def _solve(data: Data, gap: float, seconds: float, pipe: Connection) -> None:
    """Send the seconds that writing took, then every goal that is over, while there is time and a plan."""
    import pyomo.environ as pyo
    from pyomo.contrib import appsi

    started = time.perf_counter()
    m = model(data)
    pipe.send(time.perf_counter() - started)
    solver = appsi.solvers.Highs()
    solver.config.mip_gap = gap
    solver.config.load_solution = False
    solver.config.warmstart = True
    solver.highs_options = {"mip_abs_gap": gap}
    for name, expression in goals(m, data):
        left = seconds - (time.perf_counter() - started)
        if left <= 0:
            return
        solver.config.time_limit = left
        m.del_component("goal")
        m.goal = pyo.Objective(expr=expression)
        results = solver.solve(m)
        value = results.best_feasible_objective
        pipe.send(Solved(name, time.perf_counter() - started, value, results.best_objective_bound))
        if value is None:
            return
        results.solution_loader.load_vars()
        m.kept.add(expression <= value + KEPT * max(1.0, abs(value)))
