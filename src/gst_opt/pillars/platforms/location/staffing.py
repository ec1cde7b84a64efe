"""Hours of staff that sessions, acts and beds take, and those in post; no solver."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.decided import NOTHING, Outcome
from gst_opt.pillars.platforms.location.index import Floats
from gst_opt.pillars.platforms.location.plan import StaffUse
from gst_opt.pillars.platforms.location.problem import LocationProblem


class StaffHours(NamedTuple):
    """Hours of staff by skill: in a session of a type, for an act of a type and service, for a bed of a ward; in post.

    Attributes
    ----------
    session
        By type of equipment: skill and hours of one session.
    expert
        By (type, service): skill and hours of one act.
    bed
        By ward: skill and hours of one bed, a year.
    available
        By (facility, skill): hours a year that platforms and beds may use.
    """

    session: dict[str, dict[str, float]]
    expert: dict[tuple[str, str], dict[str, float]]
    bed: dict[str, dict[str, float]]
    available: dict[tuple[str, str], float]


def staff_hours(problem: LocationProblem) -> StaffHours:
    """Return what sessions, acts and beds take of staff, and the hours in post that they may use."""
    equipment, a_year = problem.equipment, problem.hours_a_year
    lengths = {one.id: one.minutes_per_session / 60 for one in equipment.equipment_types}
    blocks = {one.ward: one.block for one in equipment.ward_standards}
    found = StaffHours({}, {}, {}, {})
    for session in equipment.session_staff:
        hours = session.heads * lengths[session.equipment_type]
        found.session.setdefault(session.equipment_type, {})[session.skill] = hours
    for act in equipment.expert_times:
        found.expert.setdefault((act.equipment_type, act.service), {})[act.skill] = act.minutes_per_act / 60
    for row in equipment.ward_staff:
        if row.ward in blocks:
            hours = row.fte * a_year.get(row.skill, 0.0) / blocks[row.ward]
            found.bed.setdefault(str(row.ward), {})[row.skill] = hours
    for staff in problem.workforce.staff:
        hours = problem.policy.staff_share * staff.heads * a_year.get(staff.skill, 0.0)
        found.available[staff.facility, staff.skill] = hours
    return found


def staff_uses(outcome: Outcome) -> Iterator[StaffUse]:
    """Yield the hours that each facility needs: sessions (rounds at the base), beds, and experts for their acts."""
    problem, sets, found = outcome.problem, outcome.sets, outcome.found
    hours = staff_hours(problem)
    needed: dict[tuple[str, str], Floats] = {}

    def add(facility: str, skill: str, amounts: Floats) -> None:
        zero = np.zeros((sets.years, len(problem.scenarios)))
        needed[facility, skill] = needed.get((facility, skill), zero) + amounts

    sessions = np.zeros(sets.slot.shape)
    sessions[sets.slots] = outcome.decided.sessions
    for number, own in enumerate(sets.platforms):
        of_one, count = (hours.bed, outcome.amount[number]) if own.block else (hours.session, sessions[number])
        for skill, each in of_one.get(own.resource, {}).items():
            add(own.facility, skill, each * count[:, None])
    for number, dock in enumerate(found.docks):
        for skill, each in hours.session.get(dock.unit.equipment_type, {}).items():
            add(dock.unit.base, skill, each * outcome.decided.rounds[number][:, None])
    makers = [
        (sets.platforms[platform].facility, sets.platforms[platform].resource)
        if platform >= 0
        else (found.docks[dock].unit.base, found.docks[dock].unit.equipment_type)
        if dock >= 0
        else None
        for platform, dock in zip(found.platform.tolist(), found.dock.tolist(), strict=True)
    ]
    groups: dict[tuple[str, str, str], list[int]] = {}
    for option, (maker, stream) in enumerate(zip(makers, found.stream.tolist(), strict=True)):
        if maker is not None and (maker[1], found.streams[stream].service) in hours.expert:
            groups.setdefault((*maker, found.streams[stream].service), []).append(option)
    for (facility, kind, service), options in sorted(groups.items()):
        for skill, each in hours.expert[kind, service].items():
            add(facility, skill, each * outcome.acts[options].sum(axis=0))
    for (facility, skill), own_needed in sorted(needed.items()):
        for year, amount in enumerate(own_needed.max(axis=1).tolist()):
            if amount > NOTHING:
                yield StaffUse(
                    facility=facility,
                    skill=skill,
                    year=problem.years[year],
                    hours_needed=amount,
                    hours_available=hours.available.get((facility, skill), 0.0),
                )
