"""Cover standards as arrays: how many sites each zone wants within the time, and what takes one away; no solver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gst_opt.core.equipment import CoverStandard
from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.problem import LocationProblem


class Covered(NamedTuple):
    """People whom some site within the time may leave without cover, and what decides it.

    Attributes
    ----------
    standard, zone, year
        One row each: positions of the cover standard, zone and year.
    people
        Inhabitants of the zone in the year.
    near
        Sites within the time that may have units.
    wanted
        Sites wanted, no more than those.
    row, arc
        One entry each: row, and step after which a site within the time has nothing.
    """

    standard: Positions
    zone: Positions
    year: Positions
    people: Floats
    near: Floats
    wanted: Floats
    row: Positions
    arc: Positions


@dataclass(frozen=True)
class _Region:
    """What all standards share: people by zone and year, slots that are there, steps into nothing."""

    problem: LocationProblem
    sets: Index
    zones: list[str]
    people: Floats
    empty: Positions


def covered(problem: LocationProblem, sets: Index) -> Covered:
    """Derive who may be left without cover; people grow with their province."""
    zones, counts = problem.region.zones, problem.region.inhabitants()
    growth = {row.province: 1 + row.per_year for row in problem.region.growth_rates}
    each = np.array([growth.get(zone.province, 1.0) for zone in zones])[:, None] ** np.arange(sets.years)
    people: Floats = np.array([float(counts[zone.id]) for zone in zones])[:, None] * each
    empty = np.flatnonzero(sets.amount[sets.target] == 0)
    region = _Region(problem, sets, [zone.id for zone in zones], people, empty)
    found = list(_by_standard(region))
    sizes = np.cumsum([0, *(len(one.zone) for one in found)])
    found = [one._replace(row=one.row + size) for one, size in zip(found, sizes, strict=False)]
    return Covered(*(np.concatenate(column) for column in zip(_NOBODY, *found, strict=True)))


_NONE: Positions = np.empty(0, dtype=np.intp)
_NOBODY = Covered(_NONE, _NONE, _NONE, np.empty(0), np.empty(0), np.empty(0), _NONE, _NONE)


def _by_standard(region: _Region) -> Iterator[Covered]:
    sets = region.sets
    for number, standard in enumerate(region.problem.equipment.cover_standards):
        sites = _sites(region, standard)
        times = region.problem.journeys.between(region.zones, [sets.platforms[one].facility for one in sites.tolist()])
        reach = (times <= standard.minutes).astype(np.float64)
        arcs = region.empty[np.isin(sets.arc_platform[region.empty], sites)]
        platform, years = sets.arc_platform[arcs], sets.arc_year[arcs]
        lost = np.zeros(sets.slot.shape)
        lost[platform, years] = 1.0
        near = reach @ (sets.slot[sites] >= 0)
        wanted = np.minimum(near, standard.sites)
        open_to_change = (near - reach @ lost[sites] < wanted) & (region.people > 0)
        zone, year = np.nonzero(open_to_change)
        row = np.full(near.shape, -1, dtype=np.intp)
        row[zone, year] = np.arange(len(zone))
        rows = np.where(reach[:, np.searchsorted(sites, platform)] > 0, row[:, years], -1)
        by_zone, position = np.nonzero(rows >= 0)
        yield Covered(
            standard=np.full(len(zone), number, dtype=np.intp),
            zone=zone,
            year=year,
            people=region.people[zone, year],
            near=near[zone, year],
            wanted=wanted[zone, year],
            row=rows[by_zone, position],
            arc=arcs[position],
        )


def _sites(region: _Region, standard: CoverStandard) -> Positions:
    """Return the platforms of the standard's type at its level of care or above."""
    rank = 0 if standard.min_level is None else standard.min_level.rank
    facilities = region.problem.facilities
    return np.array(
        [
            number
            for number, one in enumerate(region.sets.platforms)
            if one.resource == standard.equipment_type and facilities[one.facility].level.rank >= rank
        ],
        dtype=np.intp,
    )
