"""Units and beds of today, and what they may become, for the check."""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.region import Facility, Level, Status
from gst_opt.core.wards import WardStandard
from gst_opt.pillars.platforms.location.problem import LocationProblem

Key = tuple[str, str]
"""Facility, and equipment type or group of wards."""


class Stock(NamedTuple):
    """Units, or beds, of one resource at one facility: today's, the amounts allowed, and what comes to its end."""

    today: int
    allowed: tuple[int, ...]
    first: int
    expiring: tuple[int, ...]
    lasting: int


def stocks(problem: LocationProblem) -> dict[Key, Stock]:
    """Return what the plan may have, by facility and resource."""
    return dict(sorted([*_units(problem), *_beds(problem)]))


def _units(problem: LocationProblem) -> Iterator[tuple[Key, Stock]]:
    policy, equipment, years = problem.policy, problem.equipment, problem.years
    kinds = {one.id: one for one in equipment.equipment_types}
    limits = {(row.facility, row.equipment_type): row.max_units for row in equipment.site_limits}
    units: dict[Key, int] = defaultdict(int)
    ends: dict[Key, list[int]] = defaultdict(lambda: [0] * len(years))
    for row in equipment.equipment_units:
        key = (row.facility, row.equipment_type)
        units[key] += row.units
        end = math.inf if row.installed is None else row.installed + math.ceil(kinds[row.equipment_type].life)
        if end <= years[-1]:
            ends[key][max(int(end) - years[0], 0)] += row.units
    for key in units.keys() | limits.keys():
        facility, kind = problem.facilities.get(key[0]), kinds[key[1]]
        if facility is None:
            continue
        today = units[key]
        most = max(limits.get(key, 0), today) if _allowed(facility, kind) else today
        most = min(most, today + policy.max_change)
        least = max(today - policy.max_change, 0) if policy.close else today
        expiring = [0] * len(years) if facility.status is Status.PLANNED else ends[key]
        lasting = today if sum(expiring) == 0 else 0
        if most:
            first = problem.first_year[key[0]] - years[0]
            yield key, Stock(today, tuple(range(least, most + 1)), first, tuple(expiring), lasting)


def _beds(problem: LocationProblem) -> Iterator[tuple[Key, Stock]]:
    policy, years = problem.policy, problem.years
    wards = {str(row.ward): row for row in problem.equipment.ward_standards}
    limits = {(row.facility, str(row.ward)): row.max_beds for row in problem.equipment.ward_limits}
    beds = {(row.facility, str(row.ward)): row.beds for row in problem.region.ward_beds}
    for key in beds.keys() | limits.keys():
        facility, ward = problem.facilities.get(key[0]), wards.get(key[1])
        if facility is None or ward is None:
            continue
        today = beds.get(key, 0)
        most = max(limits.get(key, 0), today) if _allowed(facility, ward) else today
        fewer = range(-policy.max_change, 0) if policy.close else range(0)
        blocks = [*fewer, *range(min((most - today) // ward.block, policy.max_change) + 1)]
        allowed = sorted({max(today + ward.block * block, 0) for block in blocks})
        if max(allowed):
            first = problem.first_year[key[0]] - years[0]
            yield key, Stock(today, tuple(allowed), first, (0,) * len(years), 0)


def _allowed(facility: Facility, standard: EquipmentType | WardStandard) -> bool:
    lowest: Level | None = standard.min_level
    return lowest is None or facility.level.rank >= lowest.rank
