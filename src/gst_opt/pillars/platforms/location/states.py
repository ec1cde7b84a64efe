"""Rows of the platforms' lives: paths of levels, units that move or change type, floor space, pins.

The levels of one platform form a path, so its steps alone are integral: what is fractional comes from what platforms
share. Source: Jena, Cordeau, Gendron (2015), Dynamic facility location with generalized modular capacities.
"""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.naming import dated
from gst_opt.pillars.platforms.location.policy import LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.upgrades import upgrades

Block = Any


def state_variables(block: Block, problem: LocationProblem) -> None:
    """Steps between levels, units that move from one site to another, and units that become others."""
    sets: Index = block.index
    resource = np.array([one.resource for one in sets.platforms])
    linear.variables(block, "step", sets.arc_keys, upper=1.0, integer=True)
    added, closed = sets.most_into(sets.added), sets.most_into(sets.closed)
    platform, _ = sets.slots
    lasting = np.array([one.lasting for one in sets.platforms], dtype=np.float64)[platform]
    own = resource[platform]
    leaving = np.minimum(closed, lasting) * problem.policy.move
    moving = np.isin(own, own[leaving > 0]) & (np.maximum(added, leaving) > 0) & ~sets.ward[platform]
    block.moving = np.flatnonzero(moving)
    keys = [sets.slot_keys[slot] for slot in block.moving.tolist()]
    linear.variables(block, "moved_in", keys, upper=added[block.moving], integer=True)
    linear.variables(block, "moved_out", keys, upper=leaving[block.moving], integer=True)
    block.upgrades = upgrades(problem, sets)
    linear.variables(block, "upgraded", block.upgrades.keys, upper=block.upgrades.most, integer=True)


def state_start(block: Block, problem: LocationProblem) -> None:
    """Every platform takes one step from its level of today.

    ::

        sum_q' z_jk,n0,q',t0 = 1    for every site j and resource k, t0 the first year it is there

    Source: units and beds of today; those that come with an opening.
    """
    sets: Index = block.index
    first = np.flatnonzero(sets.source < 0)
    keys = [(one.facility, one.resource) for one in sets.platforms]
    linear.rows(
        block, "state_start", keys, [Entries(block.step, sets.arc_platform[first], first)], lower=1.0, upper=1.0
    )


def state_flow(block: Block, problem: LocationProblem) -> None:
    """A platform leaves a year from the level in which it entered it.

    ::

        sum_q' z_jkq'qt = sum_q'' z_jkqq'',t+1    for every site j, resource k, level q and year t but the last

    A level stands once for every number of units of today that are still to reach the end of their life.
    Source: Jena, Cordeau, Gendron (2015), flow of states.
    """
    sets: Index = block.index
    inner = np.flatnonzero(sets.year < sets.years - 1)
    row = np.full(len(sets.year), -1, dtype=np.intp)
    row[inner] = np.arange(len(inner))
    into, out = np.flatnonzero(row[sets.target] >= 0), np.flatnonzero(sets.source >= 0)
    entries = [
        Entries(block.step, row[sets.target[into]], into),
        Entries(block.step, row[sets.source[out]], out, -1.0),
    ]
    linear.rows(block, "state_flow", sets.node_keys(inner), entries, lower=0.0, upper=0.0)


def moves_in(block: Block, problem: LocationProblem) -> None:
    """No more units arrive at a site, from elsewhere or from another type, than it gains beyond renewals.

    ::

        in_jkt + sum_k' up_jk'kt <= sum_qq' added_jkqq't z_jkqq't    for every site j, type k and year t

    Source: a unit that arrives is one more unit.
    """
    _moves(block, problem, "moves_in", (block.moved_in, block.upgrades.entering), block.index.added)


def moves_out(block: Block, problem: LocationProblem) -> None:
    """No more units leave a site, for elsewhere or for another type, than it loses before the end of their life.

    ::

        out_jkt + sum_k' up_jkk't <= sum_qq' closed_jkqq't z_jkqq't    for every site j, type k and year t

    Source: a unit that leaves is one less; a unit of today is never counted twice.
    """
    _moves(block, problem, "moves_out", (block.moved_out, block.upgrades.leaving), block.index.closed)


def _moves(block: Block, problem: LocationProblem, name: str, moved: tuple[Any, Positions], amount: Floats) -> None:
    """Add ``moved and upgraded <= amount`` of the steps, a row for every slot of either."""
    sets: Index = block.index
    family, changing = moved
    slots = np.union1d(block.moving, changing)
    row = np.full(len(sets.slot_keys), -1, dtype=np.intp)
    row[slots] = np.arange(len(slots))
    arcs = np.flatnonzero((row[sets.arc_slot] >= 0) & (amount > 0))
    entries = [
        Entries(family, row[block.moving], np.arange(len(block.moving))),
        Entries(block.upgraded, row[changing], np.arange(len(changing))),
        Entries(block.step, row[sets.arc_slot[arcs]], arcs, -amount[arcs]),
    ]
    keys = dated(problem, (sets.slot_keys[slot] for slot in slots.tolist()))
    linear.rows(block, name, keys, entries, upper=0.0)


def moves_balance(block: Block, problem: LocationProblem) -> None:
    """Units that leave a site in a year arrive at another in the same year.

    ::

        sum_j in_jkt = sum_j out_jkt    for every type k and year t

    Source: a unit that leaves and arrives nowhere is closed.
    """
    sets: Index = block.index
    platform, year = (column[block.moving] for column in sets.slots)
    resources = sorted({sets.platforms[one].resource for one in platform.tolist()})
    number = {name: position for position, name in enumerate(resources)}
    row = np.array([number[sets.platforms[one].resource] for one in platform.tolist()], dtype=np.intp)
    row = row * sets.years + year
    every = np.arange(len(block.moving))
    entries = [Entries(block.moved_in, row, every), Entries(block.moved_out, row, every, -1.0)]
    keys = [(name, year) for name in resources for year in problem.years]
    linear.rows(block, "moves_balance", keys, entries, lower=0.0, upper=0.0)


def movable(block: Block, problem: LocationProblem) -> None:
    """Only units of today that outlive the plan go to another site or become others.

    ::

        sum_t (out_jkt + sum_k' up_jkk't) <= lasting_jk    for every site j and type k

    Source: years of installation and lives of the types.
    """
    sets: Index = block.index
    platform = sets.slots[0][np.concatenate([block.moving, block.upgrades.leaving])]
    found, row = np.unique(platform, return_inverse=True)
    row, moving = row.reshape(-1), len(block.moving)
    keys = [(sets.platforms[one].facility, sets.platforms[one].resource) for one in found.tolist()]
    most = np.array([sets.platforms[one].lasting for one in found.tolist()], dtype=np.float64)
    entries = [
        Entries(block.moved_out, row[:moving], np.arange(moving)),
        Entries(block.upgraded, row[moving:], np.arange(len(row) - moving)),
    ]
    linear.rows(block, "movable", keys, entries, upper=most)


def floor_space(block: Block, problem: LocationProblem) -> None:
    """Units and beds beyond those of today fit into the space that a facility has left.

    ::

        sum_kq space_k (q - n0_jk) w_jkqt <= free_j    for every facility j with a known space and year t

    where w is the step into level q. Source: floor space by facility, unit and bed.
    """
    sets: Index = block.index
    free = {row.facility: row.free for row in problem.equipment.floor_spaces if row.facility in problem.facilities}
    number = {facility: position for position, facility in enumerate(sorted(free))}
    space: dict[str, float] = {one.id: one.floor_space for one in problem.equipment.equipment_types}
    space |= {str(one.ward): one.floor_space for one in problem.equipment.ward_standards}
    owner = np.array([number.get(one.facility, -1) for one in sets.platforms], dtype=np.intp)
    each = np.array([space[one.resource] for one in sets.platforms])
    today = np.array([one.today for one in sets.platforms], dtype=np.float64)
    taken = each[sets.arc_platform] * (sets.amount[sets.target] - today[sets.arc_platform])
    arcs = np.flatnonzero((owner[sets.arc_platform] >= 0) & (taken != 0))
    row = owner[sets.arc_platform[arcs]] * sets.years + sets.arc_year[arcs]
    keys = [(facility, year) for facility in number for year in problem.years]
    most = np.repeat([free[facility] for facility in number], sets.years)
    linear.rows(block, "floor_space", keys, [Entries(block.step, row, arcs, taken[arcs])], upper=most)


def pins(block: Block, problem: LocationProblem) -> None:
    """Decisions already taken about units and beds hold.

    ::

        low_p <= sum_jq n_jkq w_jkqt <= high_p    for every pin p and year t that it selects

    Source: the grouping's policy; every pin carries its reason.
    """
    sets: Index = block.index
    keys: list[str] = []
    entries: list[Entries] = []
    sides: list[tuple[float, float]] = []
    for number, pin in enumerate(problem.policy.pins, 1):
        chosen = np.array([pin.selects(one.facility, one.resource) for one in sets.platforms], dtype=np.bool_)
        for year in _years(problem, pin):
            arcs = np.flatnonzero(chosen[sets.arc_platform] & (sets.arc_year == year))
            there = {int(one) for one in sets.arc_platform[arcs]}
            sides.append(pin.sides(float(sum(sets.platforms[one].today for one in there))))
            entries.append(Entries(block.step, len(keys), arcs, sets.amount[sets.target[arcs]]))
            keys.append(f"{number}: {pin.reason} ({problem.years[year]})")
    if keys:
        low, high = (np.array(side) for side in zip(*sides, strict=True))
        linear.rows(block, "pins", keys, entries, lower=low, upper=high)


def _years(problem: LocationProblem, pin: LocationPin) -> list[int]:
    """Return the positions of the years that a pin holds for."""
    return [position for position, year in enumerate(problem.years) if pin.year in (None, year)]
