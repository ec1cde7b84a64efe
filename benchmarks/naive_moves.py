"""Redeployment as an ordinary modeller writes it in Pyomo: whole heads on every pair of teams, need in fractions.

The rules, sets and figures are those of the library's question (kept heads, protected heads, reception, budgeted
posts, substitutes, premium budget, coverage floor); only the formulation differs:

- a column of whole heads for every two teams of one skill within the radius, whether or not anybody can leave the
  first or is of use at the second;
- need in fractions of a post: ``covered <= need`` and ``covered <= heads at work``, instead of whole and part posts;
- the first goal only, the share covered of the worst-off province as large as it can be.

A head's time may be split between posts of several skills at one site, which the library does not allow: every plan of
the library is a plan here, so that the bound here is at most the library's value.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
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
    budget: float
    floor: float
    teams_in: dict[str, list[Team]]

    @property
    def columns(self) -> int:
        """Columns of the model."""
        return len(self.arcs) + 2 * len(self.teams) + len(self.substitutions) + 1


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
    arcs = _arcs(problem, keys, teams.heads)
    return Data(
        teams=keys,
        arcs=arcs,
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
        premium=_premiums(problem, arcs),
        budget=problem.policy.premium_budget or 0.0,
        floor=float(np.minimum(teams.heads, teams.need).sum()),
        teams_in={
            province: [keys[team] for team in np.flatnonzero(teams.province == number)]
            for number, province in enumerate(teams.provinces)
            if teams.need[teams.province == number].sum() > 0
        },
    )


def _arcs(problem: RedeploymentProblem, keys: list[Team], heads: Any) -> list[Arc]:
    """Return every two teams of one skill within the radius, the first with heads."""
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(keys):
        by_skill.setdefault(skill, []).append(position)
    arcs = []
    for skill, members in by_skill.items():
        places = [keys[member][0] for member in members]
        near = problem.journeys.between(places, places) <= problem.policy.max_travel
        near[heads[members] == 0] = False
        np.fill_diagonal(near, False)
        arcs += [(places[i], places[j], skill) for i, j in zip(*np.nonzero(near), strict=True)]
    return arcs


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
    m.worst = pyo.Var(bounds=(0, 1))

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
        return sum(amount * m.moved[arc] for arc, amount in data.premium.items()) <= data.budget

    @m.Constraint()  # type: ignore[untyped-decorator]
    def coverage_floor(m: Any) -> Any:
        return sum(m.covered[team] for team in m.teams) >= data.floor

    @m.Constraint(m.provinces)  # type: ignore[untyped-decorator]
    def worst_off(m: Any, p: str) -> Any:
        own = data.teams_in[p]
        return sum(m.covered[team] for team in own) >= m.worst * sum(data.need[team] for team in own)

    m.goal = pyo.Objective(expr=m.worst, sense=pyo.maximize)
    return m


@dataclass(frozen=True)
class Answer:
    """What the solver returned, or left behind when its process was ended; shares are of the worst-off province.

    Attributes
    ----------
    returned
        Whether it came back by itself.
    seconds, build_seconds
        Writing the model and solving it; writing alone.
    worst, bound
        Share covered in the plan that it holds, and the largest that it has not excluded; None without.
    first
        Seconds until it held a plan, writing included; None when it never did.
    """

    returned: bool
    seconds: float
    build_seconds: float
    worst: float | None
    bound: float | None
    first: float | None

    @property
    def gap(self) -> float | None:
        """Distance between plan and bound, as a share; None without a plan."""
        return None if self.worst is None or self.bound is None else abs(self.bound - self.worst)


def answer(data: Data, gap: float, seconds: float) -> Answer:
    """Write and solve by `appsi_highs` with the solver's own settings, in a process that can be ended.

    Parameters
    ----------
    data
        The tables.
    gap
        Distance at which the search may stop, relative and absolute.
    seconds
        Time limit of the solver.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder) / "highs.log"
        ours, theirs = get_context("spawn").Pipe(duplex=False)
        process = get_context("spawn").Process(target=_solve, args=(data, gap, seconds, log, theirs))
        process.start()
        theirs.close()
        built = float(ours.recv())
        started = time.perf_counter()
        returned = ours.poll(OVERRUN * seconds + 30)
        solving = time.perf_counter() - started
        try:
            worst, bound = ours.recv() if returned else (None, None)
        except EOFError:
            returned, worst, bound = False, None, None
        process.kill()
        process.join()
        incumbents = list(_incumbents(log.read_text(encoding="utf-8").splitlines() if log.exists() else ()))
    if not returned and incumbents:
        _, worst, bound = incumbents[-1]
    first = built + incumbents[0][0] if incumbents else None if worst is None else built + solving
    return Answer(returned, built + solving, built, worst, bound, first)


def _solve(data: Data, gap: float, seconds: float, log: Path, pipe: Connection) -> None:
    """Send the seconds that writing took, then the value and the bound."""
    from pyomo.contrib import appsi

    started = time.perf_counter()
    written = model(data)
    pipe.send(time.perf_counter() - started)
    solver = appsi.solvers.Highs()
    solver.config.time_limit = seconds
    solver.config.mip_gap = gap
    solver.config.load_solution = False
    solver.config.logfile = str(log)
    solver.highs_options = {"mip_abs_gap": gap}
    results = solver.solve(written)
    pipe.send((results.best_feasible_objective, results.best_objective_bound))


_PROGRESS = re.compile(r"%\s+(\S+)\s+(\S+)\s+\S+\s+\d+\s+\d+\s+\d+\s+\d+\s+([\d.]+)s")


def _incumbents(lines: Iterable[str]) -> Iterable[tuple[float, float, float]]:
    """Return seconds, value and bound of every line of the solver's log that has a plan."""
    for line in lines:
        found = _PROGRESS.search(line)
        if found and "inf" not in found[2]:
            yield float(found[3]), float(found[2]), float(found[1])
