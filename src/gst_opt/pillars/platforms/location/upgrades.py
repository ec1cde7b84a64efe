"""Upgrades as arrays: units of one type that become units of another at the same site; no solver."""

import math
from typing import NamedTuple

import numpy as np

from gst_opt.core.equipment import Upgrade
from gst_opt.core.region import Status
from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.problem import LocationProblem


class Upgrades(NamedTuple):
    """Upgrades that a plan may do.

    Attributes
    ----------
    keys
        (facility, type, type that it becomes, position of the year).
    leaving, entering
        Slot of the type, and of what it becomes.
    most
        Most units: those of today that outlive the plan, as what they become too, of which the one slot can lose and
        the other gain as many.
    price
        Price of one.
    """

    keys: list[tuple[str, str, str, int]]
    leaving: Positions
    entering: Positions
    most: Floats
    price: Floats


def upgrades(problem: LocationProblem, sets: Index) -> Upgrades:
    """Derive the upgrades from the data, by site and year."""
    closed, added = sets.most_into(sets.closed), sets.most_into(sets.added)
    keys: list[tuple[str, str, str, int]] = []
    rows: list[tuple[float, ...]] = []
    for row in problem.equipment.upgrades:
        ending = _ending(problem, row)
        for site in problem.facilities:
            pair = [sets.number.get((site, kind), -1) for kind in (row.equipment_type, row.becomes)]
            if -1 in pair or site in ending:
                continue
            for year in range(sets.platforms[pair[0]].first, sets.years):
                leaving, entering = (int(sets.slot[platform, year]) for platform in pair)
                most = min(float(sets.platforms[pair[0]].lasting), closed[leaving], added[entering])
                if most > 0:
                    keys.append((site, row.equipment_type, row.becomes, year))
                    rows.append((leaving, entering, most, row.price))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    slots = table[:, :2].astype(np.intp)
    return Upgrades(keys, slots[:, 0], slots[:, 1], table[:, 2], table[:, 3])


def _ending(problem: LocationProblem, row: Upgrade) -> set[str]:
    """Return the facilities with a unit of today that would end within the plan as what it becomes."""
    life = next(one.life for one in problem.equipment.equipment_types if one.id == row.becomes)
    return {
        one.facility
        for one in problem.equipment.equipment_units
        if one.equipment_type == row.equipment_type
        and one.installed is not None
        and one.installed + math.ceil(life) <= problem.years[-1]
        and one.facility in problem.facilities
        and problem.facilities[one.facility].status is Status.OPEN
    }
