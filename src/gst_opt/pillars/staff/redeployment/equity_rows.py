"""Rows on the cover of provinces: the coverage floor, and the Gini ceiling."""

from itertools import combinations
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Affine, Entries, Floats, Reading
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.redeployment.teams import Index

Block = Any


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
    fixed = float(fixed_cover(sets).sum())
    entries = covered(block, np.zeros(len(teams.provinces), np.intp))
    rows = linear.rows(block, "coverage_floor", ["*"], entries, lower=floor - fixed)
    rows.reading = Reading(constant=fixed)


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


def whole_first(block: Block, problem: RedeploymentProblem) -> None:
    """Own heads fill the part post only when the whole posts are filled, so that nobody looks worse off than they are.

    ::

        y_jk + sum_c v_jkc >= whole_posts_jk z_jk    for every team (j, k), under a Gini ceiling

    Source: a ceiling on differences could be kept by leaving posts empty that heads on the spot can fill.
    """
    if problem.policy.equity.gini_ceiling is None:
        return
    sets, own = block.index, np.arange(len(block.index.active))
    entries = [
        Entries(block.whole_filled, own, own),
        Entries(block.whole_substituted, block.row[sets.post], np.arange(len(sets.post))),
        Entries(block.part_filled, own, own, -sets.teams.whole_posts[sets.active].astype(np.float64)),
    ]
    linear.rows(block, "whole_first", sets.keys_of(sets.active), entries, lower=0.0)


def no_idle_head(block: Block, problem: RedeploymentProblem) -> None:
    """No head is idle beside an empty post of its team, so that nobody looks worse off than they are.

    ::

        y_jk + z_jk + sum_c (v_jkc + w_jkc) >= posts_jk f_jk    for every team (j, k), under a Gini ceiling
        heads_jk - sum_i' x_ji'k + sum_i x_ijk - y_jk - z_jk - sum_d (v_jdk + w_jdk) <= most_jk f_jk

    where f is 1 when all posts of the team are filled, most the heads that it can have. Source: as `whole_first`.
    """
    if problem.policy.equity.gini_ceiling is None:
        return
    sets, teams, row = block.index, block.index.teams, block.row
    active, count = sets.active, len(sets.active)
    own, other, move = np.arange(count), np.arange(len(sets.post)), np.arange(len(sets.origin))
    most = teams.heads.astype(np.float64)
    np.add.at(most, sets.host, sets.most)
    np.add.at(most, sets.host[sets.mission], sets.most[sets.mission])
    most = np.minimum(most, teams.ceiling)[active]
    entries = []
    for variable in (block.whole_filled, block.part_filled):
        entries += [Entries(variable, own, own), Entries(variable, count + own, own, -1.0)]
    for variable in (block.whole_substituted, block.part_substituted):
        entries += [Entries(variable, row[sets.post], other), Entries(variable, count + row[sets.helper], other, -1.0)]
    for variable, where in ((block.moves, move), (block.missions, sets.mission)):
        columns = np.arange(len(where))
        entries.append(Entries(variable, count + row[sets.host[where]], columns))
        entries.append(Entries(variable, count + row[sets.origin[where]], columns, -1.0))
    entries.append(Entries(block.staffed, own, own, -teams.posts[active].astype(np.float64)))
    entries.append(Entries(block.staffed, count + own, own, -most))
    keys = sets.keys_of(active)
    linear.rows(
        block,
        "no_idle_head",
        [*((*key, "posts") for key in keys), *((*key, "heads") for key in keys)],
        entries,
        lower=np.concatenate([np.zeros(count), np.full(count, -np.inf)]),
        upper=np.concatenate([np.full(count, np.inf), -teams.heads[active].astype(np.float64)]),
    )


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
    rows = linear.rows(block, "gini", ["*"], entries, upper=0.0)
    shares = linear.total(block.province_cover, count * share)
    rows.reading = Reading(constant=ceiling, divisor=Affine((shares,)))
