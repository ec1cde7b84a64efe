"""Filling a network: needs go to the nearest place with room, in the order of pathways and journeys; no solver."""

from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.options import MODES, Options
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.reasons import steps_before
from gst_opt.pillars.platforms.location.staffing import StaffHours, staff_hours

NOTHING = 1e-12
"""Share of a need too small to be given anywhere."""

Takes = tuple[tuple[int, float], ...]
"""What one act takes: position of a resource (minutes or bed-days of a platform, hours of a team), and how much."""


class Case(NamedTuple):
    """What filling a network goes by.

    Attributes
    ----------
    teams
        Position of the staff hours of a skill at a facility among resources, after those of the platforms.
    order
        Options on site: first those of first steps, then by their journeys.
    stream, place
        Stream and place of every option.
    takes, takes_in_session
        What one act through an option takes; without the staff of its sessions where these are given.
    before
        Step before of every stream; -1: none.
    near
        By stream, the places that a transfer to each place may come from, nearest first; empty: any.
    served
        Whether a stream has any option.
    """

    teams: dict[tuple[str, str], int]
    order: list[int]
    stream: list[int]
    place: list[int]
    takes: list[Takes]
    takes_in_session: list[Takes]
    before: list[int]
    near: list[dict[int, list[int]]]
    served: list[bool]


def filling(problem: LocationProblem, sets: Index, found: Options) -> Case:
    """Derive what filling goes by."""
    beds: dict[int, list[tuple[int, float]]] = {}
    stays = (found.bed_option, found.bed_platform, found.bed_days)
    for option, platform, days in zip(*(one.tolist() for one in stays), strict=True):
        beds.setdefault(option, []).append((platform, days))
    on_site = np.flatnonzero(found.mode == MODES.index(Mode.ON_SITE))
    staff = _Staff(problem, sets)
    takes: list[Takes] = [()] * len(found.stream)
    of_acts: list[Takes] = [()] * len(found.stream)
    known: dict[tuple[int, int, str], tuple[Takes, Takes]] = {}
    columns = (on_site, found.platform[on_site], found.place[on_site], found.stream[on_site], found.per_act[on_site])
    for option, number, place, stream, per_act in zip(*(one.tolist() for one in columns), strict=True):
        service = found.streams[stream].service
        key = number, place, service
        if key not in known:
            own = tuple(beds.get(option, ()))
            known[key] = own, own
            if number >= 0:
                both = (staff.takes(number, service, minutes) for minutes in (per_act, 0.0))
                whole, in_session = (((number, per_act), *own, *one) for one in both)
                known[key] = whole, in_session
        takes[option], of_acts[option] = known[key]
    before = steps_before(found.streams)
    order = np.lexsort((on_site, found.minutes[on_site], _depth(before)[found.stream[on_site]]))
    return Case(
        teams=staff.teams,
        order=on_site[order].tolist(),
        stream=found.stream.tolist(),
        place=found.place.tolist(),
        takes=takes,
        takes_in_session=of_acts,
        before=before.tolist(),
        near=_near(problem, found),
        served=found.served.tolist(),
    )


class _Staff:
    """Numbers the teams that acts take hours of, after the platforms."""

    def __init__(self, problem: LocationProblem, sets: Index) -> None:
        limited = problem.policy.staff_limit and bool(problem.workforce.staff)
        self.hours = staff_hours(problem) if limited else StaffHours({}, {}, {}, {})
        self.platforms = sets.platforms
        self.per_session = minutes_per_session(problem, sets)
        self.teams: dict[tuple[str, str], int] = {}

    def takes(self, number: int, service: str, per_act: float) -> Takes:
        """Return the hours that an act takes of the teams of its platform: of its minutes of sessions, of experts."""
        one = self.platforms[number]
        sessions = per_act / self.per_session[number]
        taken: dict[str, float] = {}
        if sessions > 0:
            taken = {skill: each * sessions for skill, each in self.hours.session.get(one.resource, {}).items()}
        for skill, each in self.hours.expert.get((one.resource, service), {}).items():
            taken[skill] = taken.get(skill, 0.0) + each
        return tuple((self._team(one.facility, skill), float(each)) for skill, each in taken.items())

    def _team(self, facility: str, skill: str) -> int:
        return self.teams.setdefault((facility, skill), len(self.platforms) + len(self.teams))


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


def fill(case: Case, takes: list[Takes], needs: Floats, limits: Floats) -> Floats:
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


def minutes_per_session(problem: LocationProblem, sets: Index) -> Floats:
    """Return the minutes of acts in a session of every platform; 0 for beds."""
    kinds = {one.id: one for one in problem.equipment.equipment_types}
    return np.array(
        [
            0.0 if one.block else kinds[one.resource].max_use * kinds[one.resource].minutes_per_session
            for one in sets.platforms
        ]
    )
