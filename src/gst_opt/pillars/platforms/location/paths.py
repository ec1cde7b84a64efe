"""Rows of pathways: every step to no more people than the step before, at sites that are near enough."""

from typing import Any, NamedTuple

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.transfers import Gates, Transfers, transfers
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any


class Side(NamedTuple):
    """One side of rows: variables, and the row that each belongs to by any number; -1 for none."""

    family: Any
    row: Positions


def path_variables(block: Block, problem: LocationProblem) -> None:
    """Shares of patients who go from one place to another between two steps, where groups of places do not say it."""
    block.transfers = moves = transfers(problem, block.options, block.uses)
    keys = list(zip(*(one.tolist() for one in (moves.flow_need, moves.flow_from, moves.flow_to)), strict=True))
    linear.variables(block, "flow", keys, upper=1.0)


def path_values(block: Block) -> None:
    """Set the flows between the places where the shares say that people are, the nearest first."""
    moves: Transfers = block.transfers
    share = linear.values(block.share)
    waiting, wanted = (
        _by_number(side, share) for side in (_leaving(block, moves.nodes), _entering(block, moves.nodes))
    )
    starts, ends = _flows(block, moves.flow_from).row, _flows(block, moves.flow_to).row
    flows = np.zeros(len(starts))
    for flow, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        flows[flow] = moved = max(min(waiting.get(start, 0.0), wanted.get(end, 0.0)), 0.0)
        if moved:
            waiting[start] -= moved
            wanted[end] -= moved
    linear.set_values(block.flow, flows)


def _by_number(side: Side, values: Floats) -> dict[int, float]:
    """Return sums of values by row of a side."""
    own = np.flatnonzero(side.row >= 0)
    numbers, row = np.unique(side.row[own], return_inverse=True)
    sums = np.bincount(row.reshape(-1), values[own], len(numbers))
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
    row[0, moves.later[chosen]] = np.arange(len(chosen))
    known = chosen[moves.earlier[chosen] >= 0]
    row[1, moves.earlier[known]] = row[0, moves.later[known]]
    _balance(block, "step_order", *(_shares(block, one[block.uses.need]) for one in row))


def transfer(block: Block, problem: LocationProblem) -> None:
    """A step is given at a site, or a group of near ones, to no more people than the step before was given there.

    ::

        sum_a in G x_hats <= sum_a in G x_gats    for every group of places G of a step h, g the step before, t and s

    where from every place of the step before in G every place of the step in G is near enough, and no other is: with
    steps at the same site, G is that site. Source: longest transfers, by step.
    """
    groups = block.transfers.groups
    _balance(block, "transfer", _entering(block, groups), _leaving(block, groups))


def transfer_out(block: Block, problem: LocationProblem) -> None:
    """No more people go on from a place to the next step than the step before was given there.

    ::

        sum_b f_gabts <= x_gats    for every place a of a step g outside groups, year t and scenario s

    where f are shares of patients who go from place a to place b. Source: longest transfers, by step.
    """
    moves: Transfers = block.transfers
    _balance(block, "transfer_out", _flows(block, moves.flow_from), _leaving(block, moves.nodes))


def transfer_in(block: Block, problem: LocationProblem) -> None:
    """A step is given at a place to no more people than come there from near enough places of the step before.

    ::

        x_hbts <= sum_a f_gabts    for every place b of a step h outside groups, g the step before, t and s

    Source: longest transfers, by step.
    """
    moves: Transfers = block.transfers
    _balance(block, "transfer_in", _entering(block, moves.nodes), _flows(block, moves.flow_to))


def _balance(block: Block, name: str, more: Side, less: Side) -> None:
    """Add ``sum of more <= sum of less``, a row for every number that `more` has."""
    column, other = np.flatnonzero(more.row >= 0), np.flatnonzero(less.row >= 0)
    numbers, row = np.unique(more.row[column], return_inverse=True)
    other = other[np.isin(less.row[other], numbers)]
    entries = [
        Entries(more.family, row.reshape(-1), column),
        Entries(less.family, np.searchsorted(numbers, less.row[other]), other, -1.0),
    ]
    linear.rows(block, name, numbers.tolist(), entries, upper=0.0)


def _entering(block: Block, gates: Gates) -> Side:
    """Return shares of steps that follow another, by the gate that they enter, year and scenario."""
    used: Uses = block.uses
    follows = np.zeros(len(used.stream), dtype=np.bool_)
    follows[block.transfers.later] = True
    return _shares(block, np.where(follows[used.need], _numbers(block, gates.entering[used.option], used.need), -1))


def _leaving(block: Block, gates: Gates) -> Side:
    """Return shares of steps that another follows, by the gate that they leave, year and scenario."""
    used: Uses = block.uses
    return _shares(block, _numbers(block, gates.leaving[used.option], used.need))


def _shares(block: Block, row: Positions) -> Side:
    return Side(block.share, row)


def _flows(block: Block, gates: Positions) -> Side:
    """Return flows by gate, year and scenario."""
    return Side(block.flow, _numbers(block, gates, block.transfers.flow_need))


def _numbers(block: Block, gates: Positions, needs: Positions) -> Positions:
    """Return one number by gate, year and scenario of a need; -1 without a gate."""
    used: Uses = block.uses
    years, scenarios = (int(one.max(initial=0)) + 1 for one in (used.year, used.scenario))
    numbers = (gates * years + used.year[needs]) * scenarios + used.scenario[needs]
    return np.where(gates >= 0, numbers, -1)
