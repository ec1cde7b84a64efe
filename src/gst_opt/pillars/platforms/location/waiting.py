"""Rows of waiting: patient-days by use and number of the units that share a queue, where a goal or a limit asks for it.

A year's waiting is convex in the minutes used and, by its lines, the largest of some of them (`queues.wait_lines`). Use
is split over the levels that a platform may have; only that of its level is above zero, so each line is tight.
"""

from typing import Any, NamedTuple

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, Floats, Positions, total
from gst_opt.pillars.platforms.location.capacity import HOUR, hours_used
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.naming import dated
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.queues import mean_minutes, use_limit, wait_lines
from gst_opt.pillars.platforms.location.room import longest_waits, room
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any
TERM = "waiting"


class Queues(NamedTuple):
    """Levels at which people wait.

    Attributes
    ----------
    slot
        Slots that some use takes from.
    node, owner
        Nodes of those slots that have units, and the position of their slot.
    hours
        Hours that the units of each node may be used in a year.
    arc, into
        Steps that enter those nodes, and the position of the node.
    line_node, slope, height
        One line each: position of its node, patient-days an hour used, patient-days.
    """

    slot: Positions
    node: Positions
    owner: Positions
    hours: Floats
    arc: Positions
    into: Positions
    line_node: Positions
    slope: Floats
    height: Floats


def waiting_variables(block: Block, problem: LocationProblem) -> None:
    """Hours used and patient-days of waiting at every level; only where they matter."""
    block.queues = queues = _queues(block, problem)
    keys = block.index.node_keys(queues.node)
    linear.variables(block, "level_hours", keys, upper=queues.hours)
    linear.variables(block, "wait", keys)


def waiting_values(block: Block) -> None:
    """Set hours used and waiting of the levels that the steps enter, as the shares say."""
    used: Uses = block.uses
    queues: Queues = block.queues
    if not len(queues.slot):
        return
    load = hours_used(block)
    hours = load.amount * (used.chance[used.need] * linear.values(block.share))[load.use]
    by_slot = np.bincount(np.searchsorted(queues.slot, load.slot)[load.row], hours, len(queues.slot))
    here = np.bincount(queues.into, linear.values(block.step)[queues.arc], len(queues.node))
    at_level = by_slot[queues.owner] * here
    days = np.zeros(len(queues.node))
    lines = queues.slope * at_level[queues.line_node] + queues.height * here[queues.line_node]
    np.maximum.at(days, queues.line_node, lines)
    linear.set_values(block.level_hours, at_level)
    linear.set_values(block.wait, days)


def load_total(block: Block, problem: LocationProblem) -> None:
    """Hours used of a platform are used at some level.

    ::

        sum_q L_jkqt = sum_s pi_s sum_ha dur_ha d_hts x_hats    for every site j, type k and year t

    where L are hours used at a level and dur the time of an act. Source: mean over demand scenarios.
    """
    if not len(block.queues.slot):
        return
    sets: Index = block.index
    used: Uses = block.uses
    queues: Queues = block.queues
    load = hours_used(block)
    row = np.searchsorted(queues.slot, load.slot)[load.row]
    entries = [
        Entries(block.level_hours, queues.owner, np.arange(len(queues.node))),
        Entries(block.share, row, load.use, -load.amount * used.chance[used.need[load.use]]),
    ]
    keys = dated(problem, (sets.slot_keys[slot] for slot in queues.slot.tolist()))
    linear.rows(block, "load_total", keys, entries, lower=0.0, upper=0.0)


def load_level(block: Block, problem: LocationProblem) -> None:
    """Only the level that a platform has is used, no more than its waits allow.

    ::

        L_jkqt <= rho_k(q) q H_k w_jkqt    for every site j, type k, level q >= 1 and year t

    Source: as `capacity`, by level.
    """
    queues: Queues = block.queues
    if not len(queues.slot):
        return
    every = np.arange(len(queues.node))
    entries = [
        Entries(block.level_hours, every, every),
        Entries(block.step, queues.into, queues.arc, -queues.hours[queues.into]),
    ]
    linear.rows(block, "load_level", block.index.node_keys(queues.node), entries, upper=0.0)


def wait_line(block: Block, problem: LocationProblem) -> None:
    """People wait as long as the use of the units that they share makes them.

    ::

        W_jkqt >= slope_kqb L_jkqt + height_kqb w_jkqt    for every site j, type k, level q >= 1, year t and line b

    where W are patient-days. Source: H. Sakasegawa (1977), An approximation formula Lq = alpha rho^beta / (1 - rho),
    joined at some uses.
    """
    queues: Queues = block.queues
    if not len(queues.slot):
        return
    every, node = np.arange(len(queues.line_node)), queues.line_node
    order = np.argsort(queues.into, kind="stable")
    first = np.searchsorted(queues.into[order], node)
    many = np.searchsorted(queues.into[order], node, side="right") - first
    arcs = queues.arc[order][np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())]
    line = np.repeat(every, many)
    entries = [
        Entries(block.wait, every, node),
        Entries(block.level_hours, every, node, -queues.slope),
        Entries(block.step, line, arcs, -queues.height[line]),
    ]
    number = every - np.searchsorted(node, node)
    heads = block.index.node_keys(queues.node[node])
    keys = [(*head, one) for head, one in zip(heads, number.tolist(), strict=True)]
    linear.rows(block, "wait_line", keys, entries, lower=0.0)


def waiting_terms(block: Block, problem: LocationProblem) -> dict[str, Term]:
    """Name the days that patients wait, where a goal or a limit asks for them."""
    return {TERM: Term(Affine((total(block.wait),)), "patient-day")} if _asked(problem) else {}


def _asked(problem: LocationProblem) -> bool:
    return TERM in problem.chosen_goals.terms


def _queues(block: Block, problem: LocationProblem) -> Queues:
    sets: Index = block.index
    slot = np.unique(hours_used(block).slot) if _asked(problem) else np.empty(0, dtype=np.intp)
    owner = np.full(len(sets.slot_keys), -1, dtype=np.intp)
    owner[slot] = np.arange(len(slot))
    mine = owner[sets.slot[sets.platform, sets.year]]
    node = np.flatnonzero((mine >= 0) & (sets.amount > 0))
    position = np.full(len(sets.platform), -1, dtype=np.intp)
    position[node] = np.arange(len(node))
    arc = np.flatnonzero(position[sets.target] >= 0)
    hours = room(problem, sets)[node] / HOUR
    lines = [(one, *line) for one, own in enumerate(_lines(problem, sets, node)) for line in own]
    table = np.array(lines, dtype=np.float64).reshape(-1, 3)
    return Queues(
        slot=slot,
        node=node,
        owner=mine[node],
        hours=hours,
        arc=arc,
        into=position[sets.target[arc]],
        line_node=table[:, 0].astype(np.intp),
        slope=table[:, 1] * HOUR,
        height=table[:, 2],
    )


def _lines(problem: LocationProblem, sets: Index, nodes: Positions) -> list[list[tuple[float, float]]]:
    """Return slope and height of every line of some nodes: patient-days by minutes used."""
    types = {one.id: one for one in problem.equipment.equipment_types}
    longest = longest_waits(problem)
    known: dict[tuple[str, int], list[tuple[float, float]]] = {}
    found = []
    for platform, amount in zip(sets.platform[nodes].tolist(), sets.amount[nodes].tolist(), strict=True):
        kind, units = types[sets.platforms[platform].resource], int(amount)
        if (kind.id, units) not in known:
            mean = mean_minutes(problem.equipment, kind.id)
            slopes, heights = wait_lines(kind, units, mean, use_limit(kind, units, mean, longest[kind.id]))
            known[kind.id, units] = list(zip(slopes.tolist(), heights.tolist(), strict=True))
        found.append(known[kind.id, units])
    return found
