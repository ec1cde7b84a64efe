"""Platforms of a plan as arrays: levels by site and resource, and the steps between them from year to year; no solver.

A platform is one resource at one facility: units of an equipment type, or beds of a group of wards in blocks. Its life
is a path: a level in each year, a step from one to the next. Nodes of a level differ by the units that are still to
reach the end of their life: these leave first, so that what was taken out before is not renewed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.region import Facility, Level, Status
from gst_opt.core.wards import WardStandard
from gst_opt.pillars.platforms.location.problem import LocationProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class Platform(NamedTuple):
    """One resource at one facility.

    Attributes
    ----------
    facility, resource
        Facility, and equipment type or group of wards.
    block
        Beds in a block; 0 for equipment.
    today
        Units, or beds, of today; at a planned facility those that come with its opening.
    level
        Level of today: units, or blocks of beds (the last one may be begun).
    low, high
        Lowest and highest level of the plan.
    first
        Position of the first year that it is there.
    expiring
        Units that reach the end of their life at the start of each year.
    lasting
        Units of today that may go to another site or be upgraded: none where some of them end within the plan.
    """

    facility: str
    resource: str
    block: int
    today: int
    level: int
    low: int
    high: int
    first: int
    expiring: tuple[int, ...]
    lasting: int

    def ending(self, year: int) -> int:
        """Return the units of today that reach the end of their life in the plan, after the start of a year."""
        return sum(self.expiring[year + 1 :])

    def amount(self, level: int) -> int:
        """Return the units, or the beds, of a level."""
        return max(0, self.today + self.block * (level - self.level)) if self.block else level


def platforms(problem: LocationProblem) -> tuple[Platform, ...]:
    """Return what the plan may have, sorted by facility and resource."""
    found = [*_of_equipment(problem), *_of_wards(problem)]
    return tuple(sorted(found, key=lambda one: (one.facility, one.resource)))


def _of_equipment(problem: LocationProblem) -> Iterator[Platform]:
    policy, years = problem.policy, problem.years
    types = {one.id: one for one in problem.equipment.equipment_types}
    limits = {(row.facility, row.equipment_type): row.max_units for row in problem.equipment.site_limits}
    units: dict[tuple[str, str], int] = {}
    ends: dict[tuple[str, str], list[int]] = {}
    for row in problem.equipment.equipment_units:
        key = (row.facility, row.equipment_type)
        units[key] = units.get(key, 0) + row.units
        if row.installed is not None:
            end = row.installed + math.ceil(types[row.equipment_type].life)
            ends.setdefault(key, [0] * len(years))
            if end <= years[-1]:
                ends[key][max(end - years[0], 0)] += row.units
    for facility, kind in sorted(units.keys() | limits.keys()):
        site = problem.facilities.get(facility)
        if site is None:
            continue
        now = units.get((facility, kind), 0)
        most = max(limits.get((facility, kind), now), now) if _allowed(site, types[kind]) else now
        high = min(most, now + policy.max_change)
        planned = site.status is Status.PLANNED
        expiring = (0,) * len(years) if planned else tuple(ends.get((facility, kind), [0] * len(years)))
        if high:
            yield Platform(
                facility=facility,
                resource=kind,
                block=0,
                today=now,
                level=now,
                low=max(0, now - policy.max_change) if policy.close else now,
                high=high,
                first=problem.first_year[facility] - years[0],
                expiring=expiring,
                lasting=0 if any(expiring) else now,
            )


def _of_wards(problem: LocationProblem) -> Iterator[Platform]:
    policy, years = problem.policy, problem.years
    standards = {row.ward: row for row in problem.equipment.ward_standards}
    limits = {(row.facility, row.ward): row.max_beds for row in problem.equipment.ward_limits}
    beds = {(row.facility, row.ward): row.beds for row in problem.region.ward_beds}
    for facility, ward in sorted(beds.keys() | limits.keys()):
        site, standard = problem.facilities.get(facility), standards.get(ward)
        if site is None or standard is None:
            continue
        now = beds.get((facility, ward), 0)
        most = max(limits.get((facility, ward), now), now) if _allowed(site, standard) else now
        level = math.ceil(now / standard.block)
        high = level + min((most - now) // standard.block, policy.max_change)
        if high:
            yield Platform(
                facility=facility,
                resource=str(ward),
                block=standard.block,
                today=now,
                level=level,
                low=max(0, level - policy.max_change) if policy.close else level,
                high=high,
                first=problem.first_year[facility] - years[0],
                expiring=(0,) * len(years),
                lasting=0,
            )


def _allowed(site: Facility, standard: EquipmentType | WardStandard) -> bool:
    lowest: Level | None = standard.min_level
    return lowest is None or site.level.rank >= lowest.rank


@dataclass(frozen=True)
class Index:
    """Nodes and arcs of the platforms' paths.

    Attributes
    ----------
    platforms
        Platforms, sorted.
    years
        Number of years.
    platform, year, level, ending, amount
        One node each: platform, position of the year, level, units of today that end later in the plan, units or beds.
    source, target
        One arc each: node it leaves (-1: the level of today, before the first year) and node it enters.
    added, renewed, retired, closed
        What happens on an arc, in units or beds.
    opens
        Whether an arc goes from nothing to something.
    """

    platforms: tuple[Platform, ...]
    years: int
    platform: Positions
    year: Positions
    level: Positions
    ending: Positions
    amount: Floats
    source: Positions
    target: Positions
    added: Floats
    renewed: Floats
    retired: Floats
    closed: Floats
    opens: NDArray[np.bool_]

    @cached_property
    def number(self) -> dict[tuple[str, str], int]:
        """Position of a platform, by (facility, resource)."""
        return {(one.facility, one.resource): position for position, one in enumerate(self.platforms)}

    @cached_property
    def arc_platform(self) -> Positions:
        """Platform of every arc."""
        return self.platform[self.target]

    @cached_property
    def arc_year(self) -> Positions:
        """Year at whose start every arc is taken."""
        return self.year[self.target]

    @cached_property
    def slot(self) -> Positions:
        """Position of (platform, year) among those that exist, shape (platforms, years); -1 where it is not there."""
        first = np.array([one.first for one in self.platforms], dtype=np.intp)
        there = np.arange(self.years)[None, :] >= first[:, None]
        return np.where(there, np.cumsum(there).reshape(there.shape) - 1, -1)

    @cached_property
    def slots(self) -> tuple[Positions, Positions]:
        """Platform and year of every slot."""
        rows, columns = np.nonzero(self.slot >= 0)
        return rows, columns

    @cached_property
    def slot_keys(self) -> list[tuple[str, str, int]]:
        """(facility, resource, position of the year) of every slot."""
        return [
            (self.platforms[row].facility, self.platforms[row].resource, column)
            for row, column in zip(*(one.tolist() for one in self.slots), strict=True)
        ]

    @cached_property
    def arc_slot(self) -> Positions:
        """Slot that every arc enters."""
        return self.slot[self.arc_platform, self.arc_year]

    def arcs_into(self, slots: Positions) -> tuple[Positions, Positions]:
        """Return the arcs that enter something above zero in each of some slots, and the position of the slot."""
        some = np.flatnonzero(self.amount[self.target] > 0)
        some = some[np.argsort(self.arc_slot[some], kind="stable")]
        start, stop = (np.searchsorted(self.arc_slot[some], slots, side=side) for side in _SIDES)
        many = stop - start
        before = np.repeat(start - np.cumsum(many) + many, many)
        return some[before + np.arange(many.sum())], np.repeat(np.arange(len(slots)), many)

    def most_into(self, amounts: Floats) -> Floats:
        """Return the largest amount of any arc into each slot."""
        found = np.zeros(len(self.slot_keys))
        np.maximum.at(found, self.arc_slot, amounts)
        return found

    @cached_property
    def ward(self) -> NDArray[np.bool_]:
        """Whether each platform is a group of wards."""
        return np.array([one.block > 0 for one in self.platforms], dtype=np.bool_)

    @cached_property
    def arc_keys(self) -> list[tuple[str, str, int, int, int, int]]:
        """(facility, resource, position of the year, level before, units ending before, level) of every arc."""
        own = [self.platforms[platform] for platform in self.arc_platform.tolist()]
        columns = (self.arc_year, self.source, self.level[self.source], self.ending[self.source])
        steps = zip(own, *(one.tolist() for one in (*columns, self.level[self.target])), strict=True)
        return [
            (one.facility, one.resource, year, *((one.level, one.ending(-1)) if source < 0 else (low, ending)), high)
            for one, year, source, low, ending, high in steps
        ]

    def node_keys(self, nodes: Positions) -> list[tuple[str, str, int, int, int]]:
        """Return (facility, resource, position of the year, level, units ending) of some nodes."""
        columns = (self.platform, self.year, self.level, self.ending)
        return [
            (self.platforms[platform].facility, self.platforms[platform].resource, *rest)
            for platform, *rest in zip(*(one[nodes].tolist() for one in columns), strict=True)
        ]

    @cached_property
    def _arc(self) -> dict[tuple[int, int], int]:
        """Position of an arc, by the node that it leaves (-1 less its platform: the level of today) and its level."""
        source = np.where(self.source < 0, -1 - self.arc_platform, self.source)
        return {key: arc for arc, key in enumerate(zip(source.tolist(), self.level[self.target].tolist(), strict=True))}

    def path(self, levels: Positions) -> Positions:
        """Return the arcs that lead to some levels, one a slot."""
        found: list[int] = []
        before = -1
        for platform, level in zip(self.slots[0].tolist(), levels.tolist(), strict=True):
            source = int(self.target[found[-1]]) if platform == before else -1 - platform
            found.append(self._arc[source, level])
            before = platform
        return np.array(found, dtype=np.intp)


def index(problem: LocationProblem) -> Index:
    """Derive the paths of every platform from the data."""
    own = platforms(problem)
    nodes: list[tuple[int, int, int, int, int]] = []
    arcs: list[tuple[int, int, int, int, int, int, bool]] = []
    for position, platform in enumerate(own):
        before = {(platform.level, platform.ending(-1)): -1}
        for year in range(platform.first, len(problem.years)):
            here: dict[tuple[int, int], int] = {}
            for (old, ending), source in before.items():
                for new in range(platform.low, platform.high + 1):
                    step, left = _step(platform, year, (old, ending), new)
                    target = here.setdefault((new, left), len(nodes))
                    if target == len(nodes):
                        nodes.append((position, year, new, left, platform.amount(new)))
                    arcs.append((source, target, *step))
            before = here
    columns = [np.array(column, dtype=np.intp) for column in zip(*nodes, strict=True)] or [_NONE] * 5
    steps = [np.array(column) for column in zip(*arcs, strict=True)] or [_NONE] * 7
    return Index(
        platforms=own,
        years=len(problem.years),
        platform=columns[0],
        year=columns[1],
        level=columns[2],
        ending=columns[3],
        amount=columns[4].astype(np.float64),
        source=steps[0].astype(np.intp),
        target=steps[1].astype(np.intp),
        added=steps[2].astype(np.float64),
        renewed=steps[3].astype(np.float64),
        retired=steps[4].astype(np.float64),
        closed=steps[5].astype(np.float64),
        opens=steps[6].astype(np.bool_),
    )


_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
_NONE: Positions = np.empty(0, dtype=np.intp)


def _step(
    platform: Platform, year: int, before: tuple[int, int], new: int
) -> tuple[tuple[int, int, int, int, bool], int]:
    """Return what going from a level, with units ending, to another means, and how many are still to end after it.

    What it means: units or beds added, renewed, retired, closed, and whether the site opens. Units at the end of their
    life are renewed before others are bought, and those that would end first leave first.
    """
    old, ending = before
    ended = max(ending - platform.ending(year), 0)
    up = platform.amount(new) - platform.amount(old) + ended
    renewed, closed = min(max(up, 0), ended), max(-up, 0)
    opens = platform.amount(old) == 0 < platform.amount(new)
    return (max(up - renewed, 0), renewed, ended - renewed, closed, opens), max(ending - ended - closed, 0)
