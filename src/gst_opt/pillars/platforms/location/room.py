"""What units and beds can give in a year at every level; no solver."""

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


def room(problem: LocationProblem, sets: Index) -> Floats:
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
