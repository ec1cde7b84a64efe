"""Today's network: units and beds kept, everyone at the nearest site with room; no solver.

It is what every plan is compared with, and where a search may start.
"""

from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.decided import Decided
from gst_opt.pillars.platforms.location.figures import assemble
from gst_opt.pillars.platforms.location.index import Floats, Index, Positions, index
from gst_opt.pillars.platforms.location.options import MODES, Options, options
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.reasons import steps_before
from gst_opt.pillars.platforms.location.room import room
from gst_opt.pillars.platforms.location.staffing import staff_hours
from gst_opt.pillars.platforms.location.uses import Uses, uses

NOTHING = 1e-12
"""Share of a need too small to be given anywhere."""

Takes = tuple[tuple[int, float], ...]
"""What one act takes: position of a resource (minutes or bed-days of a platform, hours of a team), and how much."""


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
    case = _case(problem, sets, found)
    per_session = _minutes_per_session(problem, sets)
    level = np.array([one.level for one in sets.platforms], dtype=np.intp)[sets.slots[0]]
    limits = _limits(problem, sets, case)
    sessions, share = np.zeros(sets.slot.shape), np.zeros((len(found.stream), *needs.shape[1:]))
    for year in range(sets.years):
        largest = needs[:, year].max(axis=1)
        given = _fill(case, case.takes, largest, limits[:, year])
        minutes = _minutes(sets, found, given * largest[found.stream])
        sessions[:, year] = np.divide(minutes, per_session, out=np.zeros_like(minutes), where=per_session > 0)
        if len(problem.scenarios) == 1:
            share[:, year, 0] = given
            continue
        left = limits[:, year].copy()
        left[: len(minutes)] = np.where(per_session > 0, minutes, left[: len(minutes)])
        left[len(minutes) :] -= _of_sessions(problem, sets, case) @ sessions[:, year]
        for scenario in range(len(problem.scenarios)):
            share[:, year, scenario] = _fill(case, case.takes_in_session, needs[:, year, scenario], left)
    nothing = np.zeros(len(level))
    return Decided(
        level=level,
        moved_in=nothing.astype(np.intp),
        moved_out=nothing.astype(np.intp),
        sessions=sessions[sets.slots],
        sold=nothing,
        share=share[used.option, used.year[used.need], used.scenario[used.need]],
        bought=np.zeros((len(found.offers), sets.years)),
        fitted=np.zeros((len(found.docks), sets.years)),
        rounds=np.zeros((len(found.docks), sets.years)),
    )


class _Case(NamedTuple):
    """What filling the network goes by: options in their order, what each takes, steps before, places near others."""

    teams: dict[tuple[str, str], int]
    order: list[int]
    stream: list[int]
    place: list[int]
    takes: list[Takes]
    takes_in_session: list[Takes]
    before: list[int]
    near: list[dict[int, list[int]]]
    served: list[bool]


def _case(problem: LocationProblem, sets: Index, found: Options) -> _Case:
    limited = problem.policy.staff_limit and bool(problem.workforce.staff)
    hours = staff_hours(problem)
    kinds = {one.id: one for one in problem.equipment.equipment_types}
    teams: dict[tuple[str, str], int] = {}
    beds: dict[int, list[tuple[int, float]]] = {}
    stays = (found.bed_option, found.bed_platform, found.bed_days)
    for option, platform, days in zip(*(one.tolist() for one in stays), strict=True):
        beds.setdefault(option, []).append((platform, days))
    on_site = np.flatnonzero(found.mode == MODES.index(Mode.ON_SITE))
    takes: list[Takes] = [()] * len(found.stream)
    in_session: list[Takes] = [()] * len(found.stream)
    for option in on_site.tolist():
        number, per_act = int(found.platform[option]), float(found.per_act[option])
        own = beds.get(option, [])
        staff: list[tuple[int, float]] = []
        experts: list[tuple[int, float]] = []
        if number >= 0:
            own = [(number, per_act), *own]
            facility, resource, *_ = sets.platforms[number]
            service = found.streams[int(found.stream[option])].service
            length = kinds[resource].max_use * kinds[resource].minutes_per_session
            for each, per, into in (
                (hours.session.get(resource, {}), per_act / length, staff),
                (hours.expert.get((resource, service), {}), 1.0, experts),
            ):
                for skill, amount in each.items() if limited else ():
                    team = teams.setdefault((facility, skill), len(sets.platforms) + len(teams))
                    into.append((team, amount * per))
        takes[option], in_session[option] = (*own, *staff, *experts), (*own, *experts)
    before = steps_before(found.streams)
    order = np.lexsort((on_site, found.minutes[on_site], _depth(before)[found.stream[on_site]]))
    return _Case(
        teams=teams,
        order=on_site[order].tolist(),
        stream=found.stream.tolist(),
        place=found.place.tolist(),
        takes=takes,
        takes_in_session=in_session,
        before=before.tolist(),
        near=_near(problem, found),
        served=found.served.tolist(),
    )


def _depth(before: Positions) -> Positions:
    """Return how many steps come before each stream."""
    depth, above = np.zeros(len(before), dtype=np.intp), before
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, before[above], -1)
    return depth


def _near(problem: LocationProblem, found: Options) -> list[dict[int, list[int]]]:
    """Return, by stream, the places that a transfer to each place may come from, nearest first; empty: any place."""
    longest = {one.max_transfer for one in found.streams if one.max_transfer is not None}
    times = problem.journeys.between(found.places, found.places)
    nearest = np.argsort(times, axis=0, kind="stable").T
    within = {
        limit: {
            place: [source for source in row.tolist() if times[source, place] <= limit]
            for place, row in enumerate(nearest)
        }
        for limit in sorted(longest)
    }
    return [{} if one.max_transfer is None else within[one.max_transfer] for one in found.streams]


def _limits(problem: LocationProblem, sets: Index, case: _Case) -> Floats:
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


def _fill(case: _Case, takes: list[Takes], needs: Floats, limits: Floats) -> Floats:
    """Return the share of its stream's need by option, filling nearest places first, for the needs of one year."""
    need, left = needs.tolist(), limits.tolist()
    given = [0.0] * len(need)
    passed: dict[int, dict[int, float]] = {}
    share = [0.0] * len(case.stream)
    for option in case.order:
        stream = case.stream[option]
        acts, part = need[stream], 1.0 - given[stream]
        if acts <= 0 or part <= NOTHING:
            continue
        for resource, each in takes[option]:
            if left[resource] < each * acts * part:
                part = max(left[resource], 0.0) / (each * acts)
        if part <= NOTHING:
            continue
        step = case.before[stream]
        if step >= 0 and (need[step] > 0 or not case.served[step]):
            near = case.near[stream].get(case.place[option])
            if near is None:
                part = min(part, given[step] - given[stream])
            else:
                part = _transferred(passed.get(step, {}), near, part)
        if part <= NOTHING:
            continue
        for resource, each in takes[option]:
            left[resource] -= each * acts * part
        given[stream] += part
        share[option] = part
        here = passed.setdefault(stream, {})
        here[case.place[option]] = here.get(case.place[option], 0.0) + part
    return np.array(share)


def _transferred(waiting: dict[int, float], near: list[int], part: float) -> float:
    """Take patients from where the step before was given, nearest first; return the share that comes."""
    came = 0.0
    for place in near:
        some = min(waiting.get(place, 0.0), part - came)
        if some > 0:
            waiting[place] -= some
            came += some
    return came


def _minutes_per_session(problem: LocationProblem, sets: Index) -> Floats:
    """Return the minutes of acts in a session of every platform; 0 for beds."""
    kinds = {one.id: one for one in problem.equipment.equipment_types}
    return np.array(
        [
            0.0 if one.block else kinds[one.resource].max_use * kinds[one.resource].minutes_per_session
            for one in sets.platforms
        ]
    )


def _minutes(sets: Index, found: Options, acts: Floats) -> Floats:
    minutes = np.zeros(len(sets.platforms))
    mine = found.platform >= 0
    np.add.at(minutes, found.platform[mine], (acts * found.per_act)[mine])
    return minutes


def _of_sessions(problem: LocationProblem, sets: Index, case: _Case) -> Floats:
    """Return the hours of each team in a session of each platform, shape (teams, platforms)."""
    hours = staff_hours(problem).session
    found = np.zeros((len(case.teams), len(sets.platforms)))
    for platform, one in enumerate(sets.platforms):
        for skill, each in hours.get(one.resource, {}).items() if not one.block else ():
            team = case.teams.get((one.facility, skill))
            if team is not None:
                found[team - len(sets.platforms), platform] = each
    return found
