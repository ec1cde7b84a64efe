"""Quantities of a location plan that other questions may bind: staff hours needed, sessions, acts, money by line."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, acts, money, sessions, staff_hours_needed
from gst_opt.model.linear import Affine, Entries, Positions, by_group, total
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.money import spending
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.staff import hours_needed
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any


def ports(block: Block, problem: LocationProblem) -> Mapping[PortKey, Affine]:
    """Publish what a year of the plan needs and gives; a period is a year, named by its number.

    Acts and staff hours are means over demand scenarios. Hours lent and given at a distance are needed where the staff
    that gives them works. Money is not discounted.
    """
    sets: Index = block.index
    found: dict[PortKey, Affine] = dict(_needed(block, problem))
    for column, slot in enumerate(block.session_slots.tolist()):
        facility, kind, year = sets.slot_keys[slot]
        found[sessions(facility, kind, str(problem.years[year]))] = Affine((total(block.sessions, 1.0, [column]),))
    found |= _acts(block, problem)
    for line, spent in spending(block, problem).items():
        for position, year in enumerate(problem.years):
            found[money(line, str(year))] = Affine(tuple(_of_row(one, position) for one in spent))
    return found


def _needed(block: Block, problem: LocationProblem) -> Mapping[PortKey, Affine]:
    teams, entries = hours_needed(block, problem)
    return {
        staff_hours_needed(facility, skill, str(problem.years[year])): Affine(
            tuple(_of_row(one, row) for one in entries)
        )
        for row, (facility, skill, year) in enumerate(teams)
    }


def _acts(block: Block, problem: LocationProblem) -> dict[PortKey, Affine]:
    """Return the acts done at every facility, by its own platforms; a mobile unit's count at its base."""
    used: Uses = block.uses
    options: Options = block.options
    sites = sorted(problem.facilities)
    number = {site: position for position, site in enumerate(sites)}
    base = np.array([number[dock.unit.base] for dock in options.docks], dtype=np.intp)
    home = np.array([number.get(place, -1) for place in options.places], dtype=np.intp)[options.place]
    site = np.where(options.dock >= 0, np.concatenate([base, [-1]])[options.dock], home)
    site = np.where(options.offer >= 0, -1, site)[used.option]
    services = sorted({one.service for one in options.streams})
    service = np.array([services.index(one.service) for one in options.streams], dtype=np.intp)[used.stream[used.need]]
    year = used.year[used.need]
    own = np.flatnonzero(site >= 0)
    group = (site[own] * len(services) + service[own]) * len(problem.years) + year[own]
    codes, row = np.unique(group, return_inverse=True)
    done = (used.acts * used.chance)[used.need]
    found: dict[PortKey, Affine] = {}
    for code, members in zip(codes.tolist(), by_group(row.reshape(-1), len(codes)), strict=True):
        where, t = divmod(code, len(problem.years))
        place, what = divmod(where, len(services))
        uses: Positions = own[members]
        key = acts(sites[place], services[what], str(problem.years[t]))
        found[key] = Affine((total(block.share, done[uses], uses),))
    return found


def _of_row(entries: Entries, row: int) -> Entries:
    rows, columns, coefficients = entries.arrays()
    mine = np.flatnonzero(rows == row)
    return total(entries.variable, coefficients[mine], columns[mine])
