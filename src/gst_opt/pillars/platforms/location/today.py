"""Today's network: units and beds kept, everyone at the nearest site with room; no solver.

It is what every plan is compared with, and where a search may start.
"""

import numpy as np

from gst_opt.pillars.platforms.location.decided import Decided
from gst_opt.pillars.platforms.location.figures import assemble
from gst_opt.pillars.platforms.location.filling import Case, fill, filling, minutes_per_session
from gst_opt.pillars.platforms.location.index import Floats, Index, index
from gst_opt.pillars.platforms.location.options import Options, options
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.room import room
from gst_opt.pillars.platforms.location.staffing import staff_hours
from gst_opt.pillars.platforms.location.upgrades import upgrades
from gst_opt.pillars.platforms.location.uses import Uses, uses


def today(problem: LocationProblem) -> LocationPlan:
    """Return the plan that keeps the network of today.

    - Units and beds stay; units at the end of their life are renewed; planned facilities open with what they have.
    - Pathways are given step by step; within a step the shortest journeys of the region come first, and each need goes
      to the nearest site that has minutes, bed-days and staff left, within the transfer of its pathway.
    - No contract, mobile unit, hour lent, reading at a distance or session sold.
    - With several demand scenarios, sessions are those that the largest need of each stream would take, and each
      scenario is served within these.

    Staff is what beds leave; where beds of today take more than is in post, sessions have none. Floors of use and
    budgets are not looked at: nothing is closed.
    """
    sets = index(problem)
    found = options(problem, sets)
    used = uses(problem, found)
    return assemble(problem, sets, found, used, decided_today(problem, sets, found, used))


def decided_today(problem: LocationProblem, sets: Index, found: Options, used: Uses) -> Decided:
    """Return what `today` decides, over the arrays of a question."""
    needs = np.zeros((len(found.streams), sets.years, len(problem.scenarios)))
    needs[used.stream, used.year, used.scenario] = used.acts
    case = filling(problem, sets, found)
    per_session = minutes_per_session(problem, sets)
    level = np.array([one.level for one in sets.platforms], dtype=np.intp)[sets.slots[0]]
    limits = _limits(problem, sets, case)
    sessions, share = np.zeros(sets.slot.shape), np.zeros((len(found.stream), *needs.shape[1:]))
    for year in range(sets.years):
        largest = needs[:, year].max(axis=1)
        given = fill(case, case.takes, largest, limits[:, year])
        minutes = _minutes(sets, found, given * largest[found.stream])
        sessions[:, year] = np.divide(minutes, per_session, out=np.zeros_like(minutes), where=per_session > 0)
        if len(problem.scenarios) == 1:
            share[:, year, 0] = given
            continue
        left = limits[:, year].copy()
        left[: len(minutes)] = np.where(per_session > 0, minutes, left[: len(minutes)])
        left[len(minutes) :] -= _of_sessions(problem, sets, case) @ sessions[:, year]
        for scenario in range(len(problem.scenarios)):
            share[:, year, scenario] = fill(case, case.takes_in_session, needs[:, year, scenario], left)
    nothing = np.zeros(len(level))
    return Decided(
        level=level,
        moved_in=nothing.astype(np.intp),
        moved_out=nothing.astype(np.intp),
        upgraded=np.zeros(len(upgrades(problem, sets).keys), dtype=np.intp),
        sessions=sessions[sets.slots],
        sold=nothing,
        share=share[used.option, used.year[used.need], used.scenario[used.need]],
        bought=np.zeros((len(found.offers), sets.years)),
        fitted=np.zeros((len(found.docks), sets.years)),
        rounds=np.zeros((len(found.docks), sets.years)),
    )


def _limits(problem: LocationProblem, sets: Index, case: Case) -> Floats:
    """Return what platforms give and what beds leave of teams, shape (platforms and teams, years)."""
    hours = staff_hours(problem)
    level = np.array([one.level for one in sets.platforms], dtype=np.intp)
    found = np.zeros((len(sets.platforms) + len(case.teams), sets.years))
    nodes = np.flatnonzero(sets.level == level[sets.platform])
    found[sets.platform[nodes], sets.year[nodes]] = room(problem, sets)[nodes]
    for team, row in case.teams.items():
        found[row] = hours.available.get(team, 0.0)
    for one in sets.platforms:
        for skill, each in hours.bed.get(one.resource, {}).items() if one.block else ():
            team = (one.facility, skill)
            if team in case.teams:
                found[case.teams[team], one.first :] -= each * one.today
    return np.maximum(found, 0.0)


def _minutes(sets: Index, found: Options, acts: Floats) -> Floats:
    minutes = np.zeros(len(sets.platforms))
    mine = found.platform >= 0
    np.add.at(minutes, found.platform[mine], (acts * found.per_act)[mine])
    return minutes


def _of_sessions(problem: LocationProblem, sets: Index, case: Case) -> Floats:
    """Return the hours of each team in a session of each platform, shape (teams, platforms)."""
    hours = staff_hours(problem).session
    found = np.zeros((len(case.teams), len(sets.platforms)))
    for platform, one in enumerate(sets.platforms):
        for skill, each in hours.get(one.resource, {}).items() if not one.block else ():
            team = case.teams.get((one.facility, skill))
            if team is not None:
                found[team - len(sets.platforms), platform] = each
    return found
