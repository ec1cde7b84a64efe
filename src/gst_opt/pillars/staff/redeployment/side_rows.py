"""Rows on moves: consent, caps, the premium budget, pins."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentProblem
from gst_opt.pillars.staff.redeployment.teams import Index

Block = Any


def consent(block: Block, problem: RedeploymentProblem) -> None:
    """When moves are voluntary, no more heads go to a facility than have named it as a wish.

    ::

        x_ijk <= sum over ranks r <= worst_rank of wishes_ijkr    for every allowed move (i, j, k)

    where x counts missions too. Source: consent of the person, as shared activity and transfers ask for.
    """
    sets = block.index
    if problem.policy.voluntary and len(sets.origin):
        every = np.arange(len(sets.origin))
        linear.rows(
            block,
            "consent",
            sets.move_keys,
            [Entries(block.moves, every, every), Entries(block.missions, sets.mission, np.arange(len(sets.mission)))],
            upper=sets.wishes,
        )


def max_moves(block: Block, problem: RedeploymentProblem) -> None:
    """No more heads move or go on mission than the policy allows.

    ::

        sum_ijk x_ijk <= max_moves

    Source: the grouping's policy.
    """
    every = np.arange(len(block.index.origin))
    if problem.policy.max_moves is not None:
        _one_row(block, "max_moves", [(block.moves, every, 1.0), _missions(block)], float(problem.policy.max_moves))


def max_approvals(block: Block, problem: RedeploymentProblem) -> None:
    """No more permanent moves ask for prior approval than the policy allows.

    ::

        sum of x_ijk over permanent moves of skills that need approval <= max_approvals

    Source: memo of the ministry in force since 10 November 2025 (approval of specialists' moves); the number is the
    grouping's.
    """
    sets = block.index
    if problem.policy.max_approvals is not None:
        asking = np.flatnonzero(sets.teams.approval[sets.origin])
        _one_row(block, "max_approvals", [(block.moves, asking, 1.0)], float(problem.policy.max_approvals))


def max_missions(block: Block, problem: RedeploymentProblem) -> None:
    """No more heads go on mission than the policy allows.

    ::

        sum of x_ijk over missions <= max_missions

    Source: the grouping's policy.
    """
    if problem.policy.max_missions:
        _one_row(block, "max_missions", [_missions(block)], float(problem.policy.max_missions))


def budget(block: Block, problem: RedeploymentProblem) -> None:
    """The premiums of all moves and missions stay within the budget.

    ::

        sum over moves of premium(km_ij) x_ijk + sum over missions of premium(km_ij) x_ijk <= premium_budget

    where a premium is that of the last step reached, of its kind. Source: the grouping's budget; step premiums as for
    shared activity in France (prime d'exercice territorial).
    """
    sets = block.index
    if problem.policy.premium_budget is not None:
        paid, far = np.flatnonzero(sets.premium), np.flatnonzero(sets.mission_premium)
        entries = [(block.moves, paid, sets.premium[paid]), (block.missions, far, sets.mission_premium[far])]
        _one_row(block, "budget", entries, problem.policy.premium_budget)


def _missions(block: Block) -> tuple[Any, Any, float]:
    return block.missions, np.arange(len(block.index.mission)), 1.0


def _one_row(block: Block, name: str, parts: list[tuple[Any, Any, Any]], upper: float) -> None:
    entries = [Entries(variable, 0, columns, values) for variable, columns, values in parts if len(columns)]
    if entries:
        linear.rows(block, name, ["*"], entries, upper=upper)


def pins(block: Block, problem: RedeploymentProblem) -> None:
    """Decisions already taken about moves hold.

    ::

        low_p <= sum of x_ijk over the moves and missions that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nobody moves, so "keep" means no move.
    """
    sets = block.index
    entries = [
        entry for position, pin in enumerate(problem.policy.pins) for entry in _selected(block, sets, position, pin)
    ]
    sides = [pin.sides(today=0.0) for pin in problem.policy.pins]
    if entries:
        low, high = (np.array(side) for side in zip(*sides, strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(problem.policy.pins, 1)]
        linear.rows(block, "pins", keys, entries, lower=low, upper=high)


def _selected(block: Block, sets: Index, row: int, pin: MovePin) -> list[Entries]:
    chosen = np.array([pin.selects(*key) for key in sets.move_keys], dtype=bool)
    return [
        Entries(block.moves, row, np.flatnonzero(chosen)),
        Entries(block.missions, row, np.flatnonzero(chosen[sets.mission])),
    ]
