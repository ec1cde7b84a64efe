"""Rows that tie teams together: consent, caps, the premium budget, fairness between provinces, pins."""

from itertools import combinations
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats
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


def covered(block: Block, row_of_province: Any, scale: Any = 1.0) -> list[Entries]:
    """Return the need covered in every province as entries (what no decision can change left out).

    Parameters
    ----------
    block
        The model.
    row_of_province
        Row of each province; -1 leaves it out.
    scale
        Factor of each province's entries.
    """
    sets, teams = block.index, block.index.teams
    rows, factor = np.asarray(row_of_province), np.broadcast_to(scale, (len(teams.provinces),))
    found = []
    for variable, team, value in fills(block, sets):
        place = teams.province[team]
        kept = np.flatnonzero((rows[place] >= 0) & (value > 0))
        found.append(Entries(variable, rows[place[kept]], kept, (factor[place] * value)[kept]))
    return found


def fills(block: Block, sets: Index) -> list[tuple[Any, Any, Floats]]:
    """Return every family of filled posts: variable, team of each post, FTE covered by one."""
    part = sets.teams.part_post
    return [
        (block.whole_filled, sets.active, np.ones(len(sets.active))),
        (block.part_filled, sets.active, part[sets.active]),
        (block.whole_substituted, sets.post, sets.efficiency),
        (block.part_substituted, sets.post, sets.efficiency * part[sets.post]),
    ]


def fixed_cover(sets: Index) -> Floats:
    """Return the need covered today in the teams that no decision touches, by province."""
    teams = sets.teams
    today: Floats = np.minimum(teams.heads.astype(np.float64), teams.need)
    today[sets.active] = 0.0
    return np.asarray(np.bincount(teams.province, today, len(teams.provinces)), dtype=np.float64)


def coverage_floor(block: Block, problem: RedeploymentProblem) -> None:
    """As much of the need is covered as the policy asks for, or as is today, so that fairness takes from nobody alone.

    ::

        sum_jk covered_jk >= coverage_floor * sum_jk need_jk          if the policy has a floor
        sum_jk covered_jk >= sum_jk min(heads_jk, need_jk)            otherwise
        covered_jk = y_jk + part_jk z_jk + sum_c efficiency_kc (v_jkc + part_jk w_jkc)

    The second is left out where no rule lets a move uncover anything: every team keeps its own heads and nobody fills
    posts of other skills. Source: leximin and the Gini coefficient can level down; see Chen and Hooker (2022),
    Combining leximax fairness and efficiency in a mathematical programming model.
    """
    sets, teams = block.index, block.index.teams
    share = problem.policy.equity.coverage_floor
    if share is None and problem.policy.kept_share == 1.0 and not len(sets.post):
        return
    floor = np.minimum(teams.heads, teams.need).sum() if share is None else share * teams.need.sum()
    lower = floor - fixed_cover(sets).sum()
    linear.rows(block, "coverage_floor", ["*"], covered(block, np.zeros(len(teams.provinces), np.intp)), lower=lower)


def cover(block: Block, problem: RedeploymentProblem) -> None:
    """The cover of a province is that of its teams.

    ::

        c_p = sum over teams (j, k) of province p of covered_jk    for every province p with a need

    Source: definition.
    """
    if problem.policy.equity.gini_ceiling is None:
        return
    sets = block.index
    rows = np.full(len(sets.teams.provinces), -1, dtype=np.intp)
    rows[block.needy] = own = np.arange(len(block.needy))
    fixed = fixed_cover(sets)[block.needy]
    entries = [Entries(block.province_cover, own, own, -1.0), *covered(block, rows)]
    names = [sets.teams.provinces[province] for province in block.needy.tolist()]
    linear.rows(block, "cover", names, entries, lower=-fixed, upper=-fixed)


def differences(block: Block, problem: RedeploymentProblem) -> None:
    """The difference between two provinces is at least that between their covered shares, either way.

    ::

        g_pq >= c_p / need_p - c_q / need_q    for every two provinces p, q with a need
        g_pq >= c_q / need_q - c_p / need_p

    Source: definition of an absolute value.
    """
    if problem.policy.equity.gini_ceiling is None or len(block.needy) < 2:
        return
    pairs = np.array(list(combinations(range(len(block.needy)), 2)), dtype=np.intp)
    names = [block.index.teams.provinces[province] for province in block.needy.tolist()]
    share = 1 / block.province_need[block.needy]
    here, there = np.arange(len(pairs)), len(pairs) + np.arange(len(pairs))
    entries = []
    for rows, sign in ((here, -1.0), (there, 1.0)):
        entries.append(Entries(block.difference, rows, np.arange(len(pairs))))
        entries += [
            Entries(block.province_cover, rows, pairs[:, end], way * share[pairs[:, end]])
            for end, way in ((0, sign), (1, -sign))
        ]
    two = [(names[p], names[q]) for p, q in pairs.tolist()]
    keys = [*two, *((q, p) for p, q in two)]
    linear.rows(block, "differences", keys, entries, lower=0.0)


def gini(block: Block, problem: RedeploymentProblem) -> None:
    """The Gini coefficient of the provinces' covered shares stays below its ceiling.

    ::

        sum_p<q g_pq <= gini_ceiling * n * sum_p c_p / need_p    over the n provinces with a need

    Source: definition of the Gini coefficient, linear for a fixed ceiling.
    """
    ceiling = problem.policy.equity.gini_ceiling
    if ceiling is None or len(block.needy) < 2:
        return
    count, share = len(block.needy), 1 / block.province_need[block.needy]
    entries = [
        Entries(block.difference, 0, np.arange(count * (count - 1) // 2)),
        Entries(block.province_cover, 0, np.arange(count), -ceiling * count * share),
    ]
    linear.rows(block, "gini", ["*"], entries, upper=0.0)


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
