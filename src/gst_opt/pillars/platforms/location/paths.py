"""Rows of pathways: every step to no more people than the step before, at sites that are near enough."""

from typing import Any, NamedTuple

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.naming import in_scenario
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.serving import need_keys
from gst_opt.pillars.platforms.location.transfers import Gates, Transfers, joined, transfers
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any


class Side(NamedTuple):
    """One side of rows: positions of variables, and the number of the row that each belongs to."""

    family: Any
    column: Positions
    row: Positions


def path_variables(block: Block, problem: LocationProblem) -> None:
    """Shares of patients who go from one place to another between two steps, where sets of places do not say it."""
    block.transfers = moves = transfers(problem, block.options, block.uses)
    keys = list(zip(*(one.tolist() for one in (moves.flow_need, moves.flow_start, moves.flow_end)), strict=True))
    linear.variables(block, "flow", keys, upper=1.0)


def path_values(block: Block) -> None:
    """Set the flows between the places where the shares say that people are, the nearest first."""
    moves: Transfers = block.transfers
    share = linear.values(block.share)
    waiting = _by_number(_leaving(block, moves.leaving), share)
    wanted = _by_number(_entering(block, moves.entering), share)
    starts, ends = _flows(block, moves.flow_start).row, _flows(block, moves.flow_end).row
    flows = np.zeros(len(starts))
    for flow, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        flows[flow] = moved = max(min(waiting.get(start, 0.0), wanted.get(end, 0.0)), 0.0)
        if moved:
            waiting[start] -= moved
            wanted[end] -= moved
    linear.set_values(block.flow, flows)


def _by_number(side: Side, values: Floats) -> dict[int, float]:
    """Return sums of values by row of a side."""
    numbers, row = np.unique(side.row, return_inverse=True)
    sums = np.bincount(row.reshape(-1), values[side.column], len(numbers))
    return dict(zip(numbers.tolist(), sums.tolist(), strict=True))


def step_order(block: Block, problem: LocationProblem) -> None:
    """A step of a pathway is given to no larger share of its patients than the step before.

    ::

        sum_a x_hats <= sum_a x_gats    for every step h that may be given at any site, g the step before, year t and
        scenario s

    Source: steps of the pathways, in order.
    """
    moves: Transfers = block.transfers
    chosen = np.flatnonzero(moves.anywhere)
    row = np.full((2, len(block.uses.stream)), -1, dtype=np.intp)
    row[0, moves.later[chosen]] = moves.later[chosen]
    known = chosen[moves.earlier[chosen] >= 0]
    row[1, moves.earlier[known]] = moves.later[known]
    of_use = row[:, block.uses.need]
    sides = [Side(block.share, np.flatnonzero(one >= 0), one[one >= 0]) for one in of_use]
    _balance(block, problem, "step_order", *sides)


def transfer(block: Block, problem: LocationProblem) -> None:
    """A step is given at some sites to no more people than the step before was given near enough to any of them.

    ::

        sum_{a at B} x_hats <= sum_{a near B} x_gats    for every set of places B of a step h, g the step before, t, s

    For a step at the same site as the one before, B is one site. Source: longest transfers, by step; P. Hall (1935),
    D. Gale (1957): with all such sets, shares can be joined by transfers.
    """
    moves: Transfers = block.transfers
    _balance(block, problem, "transfer", _entering(block, moves.set_into), _leaving(block, moves.set_from))


def transfer_out(block: Block, problem: LocationProblem) -> None:
    """No more people go on from a place to the next step than the step before was given there.

    ::

        sum_b f_gabts <= x_gats    for every place a of a step g, year t and scenario s

    where f are shares of patients who go from place a to place b; instead of `transfer`, where the sets would be more
    than the pairs of near places. Source: longest transfers, by step.
    """
    moves: Transfers = block.transfers
    _balance(block, problem, "transfer_out", _flows(block, moves.flow_start), _leaving(block, moves.leaving))


def transfer_in(block: Block, problem: LocationProblem) -> None:
    """A step is given at a place to no more people than come there from near enough places of the step before.

    ::

        x_hbts <= sum_a f_gabts    for every place b of a step h, g the step before, year t and scenario s

    Source: longest transfers, by step.
    """
    moves: Transfers = block.transfers
    _balance(block, problem, "transfer_in", _entering(block, moves.entering), _flows(block, moves.flow_end))


def _balance(block: Block, problem: LocationProblem, name: str, more: Side, less: Side) -> None:
    """Add ``sum of more <= sum of less``, a row for every number that `more` has."""
    numbers, first, row = np.unique(more.row, return_index=True, return_inverse=True)
    kept = np.flatnonzero(np.isin(less.row, numbers))
    used: Uses = block.uses
    needs = (used.need if more.family is block.share else block.transfers.flow_need)[more.column[first]]
    heads = in_scenario(problem, need_keys(block.options, used, needs))
    keys = [(number, *head) for number, head in zip(numbers.tolist(), heads, strict=True)]
    entries = [
        Entries(more.family, row.reshape(-1), more.column),
        Entries(less.family, np.searchsorted(numbers, less.row[kept]), less.column[kept], -1.0),
    ]
    linear.rows(block, name, keys, entries, upper=0.0)


def _entering(block: Block, gates: Gates) -> Side:
    """Return shares of steps that follow another, by the gates that they enter, year and scenario."""
    used: Uses = block.uses
    follows = np.zeros(len(used.stream), dtype=np.bool_)
    follows[block.transfers.later] = True
    side = _leaving(block, gates)
    kept = np.flatnonzero(follows[used.need[side.column]])
    return Side(block.share, side.column[kept], side.row[kept])


def _leaving(block: Block, gates: Gates) -> Side:
    """Return shares of steps by the gates of their options, year and scenario."""
    used: Uses = block.uses
    use, gate = joined(used.option, gates.option)
    return Side(block.share, use, _numbers(used, gates.gate[gate], used.need[use]))


def _flows(block: Block, gates: Positions) -> Side:
    """Return flows by gate, year and scenario."""
    needs = block.transfers.flow_need
    return Side(block.flow, np.arange(len(needs)), _numbers(block.uses, gates, needs))


def _numbers(used: Uses, gates: Positions, needs: Positions) -> Positions:
    """Return one number by gate, year and scenario of a need."""
    years, scenarios = (int(one.max(initial=0)) + 1 for one in (used.year, used.scenario))
    return (gates * years + used.year[needs]) * scenarios + used.scenario[needs]
