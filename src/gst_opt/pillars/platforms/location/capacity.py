"""What units and beds can give in a year at every level, and the staff that they take; no solver."""

from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.index import Floats, Index
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.queues import DAYS, mean_minutes, use_limit


def longest_waits(problem: LocationProblem) -> dict[str, float | None]:
    """Return the longest mean wait for each type of equipment, in days: its own, or that of a step that it makes."""
    made: dict[str, set[str]] = {}
    for row in problem.equipment.session_standards:
        made.setdefault(row.equipment_type, set()).add(row.service)
    found: dict[str, float | None] = {}
    for kind in problem.equipment.equipment_types:
        waits = [step.max_wait for step in problem.pathway_steps if step.service in made.get(kind.id, ())]
        found[kind.id] = min((one for one in (kind.max_wait, *waits) if one is not None), default=None)
    return found


def capacity(problem: LocationProblem, sets: Index) -> Floats:
    """Return what every node of the paths can give in a year.

    - Equipment: minutes, use_limit(type, units) x units x minutes_per_year.
    - Wards: bed-days, max_occupancy x 365 x beds.
    """
    types = {one.id: one for one in problem.equipment.equipment_types}
    wards = {str(one.ward): one for one in problem.equipment.ward_standards}
    waits = longest_waits(problem)
    known: dict[tuple[str, int], float] = {}

    def gives(resource: str, block: int, amount: int) -> float:
        if block:
            return wards[resource].max_occupancy * DAYS * amount
        kind = types[resource]
        limit = use_limit(kind, amount, mean_minutes(problem.equipment, resource), waits[resource])
        return limit * amount * kind.minutes_per_year

    found = np.zeros(len(sets.platform))
    for node, (platform, amount) in enumerate(zip(sets.platform.tolist(), sets.amount.tolist(), strict=True)):
        own = sets.platforms[platform]
        key = own.resource, int(amount)
        if key not in known:
            known[key] = gives(own.resource, own.block, int(amount))
        found[node] = known[key]
    return found


class Hours(NamedTuple):
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


def staff_hours(problem: LocationProblem) -> Hours:
    """Return what sessions, acts and beds take of staff, and the hours in post that they may use."""
    equipment, a_year = problem.equipment, problem.hours_a_year
    lengths = {one.id: one.minutes_per_session / 60 for one in equipment.equipment_types}
    blocks = {one.ward: one.block for one in equipment.ward_standards}
    found = Hours({}, {}, {}, {})
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
