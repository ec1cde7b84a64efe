"""The mathematics: a transportation model over post slots (whole posts of weight 1, one part post a team)."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation
from gst_opt.model.linear import Entries, Floats, Positions, Reading
from gst_opt.pillars.staff.redeployment.answer import read, write
from gst_opt.pillars.staff.redeployment.equity_rows import (
    cover,
    coverage_floor,
    differences,
    gini,
    no_idle_head,
    whole_first,
)
from gst_opt.pillars.staff.redeployment.objective import goals, ports, terms
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.redeployment.side_rows import (
    budget,
    consent,
    max_approvals,
    max_missions,
    max_moves,
    pins,
)
from gst_opt.pillars.staff.redeployment.teams import index

Block = Any


def variables(block: Block, problem: RedeploymentProblem) -> None:
    """Heads moved and on mission; whole and part posts filled by own heads and by substitutes; cover of provinces."""
    block.index = sets = index(problem)
    teams, active, post = sets.teams, sets.active, sets.post
    whole, part = teams.whole_posts.astype(np.float64), (teams.part_post > 0).astype(np.float64)
    block.row = np.full(len(teams.keys), -1, dtype=np.intp)
    block.row[active] = np.arange(len(active))
    linear.variables(block, "moves", sets.move_keys, upper=sets.most, integer=True)
    linear.variables(block, "missions", sets.mission_keys, upper=sets.most[sets.mission], integer=True)
    linear.variables(block, "whole_filled", sets.keys_of(active), upper=whole[active], integer=True)
    linear.variables(block, "part_filled", sets.keys_of(active), upper=part[active], integer=True)
    linear.variables(block, "whole_substituted", sets.substitution_keys, upper=whole[post], integer=True)
    linear.variables(block, "part_substituted", sets.substitution_keys, upper=part[post], integer=True)
    if problem.policy.equity.gini_ceiling is not None:
        need = np.bincount(teams.province, weights=teams.need, minlength=len(teams.provinces))
        needy = [province for province, fte in enumerate(need.tolist()) if fte > 0]
        block.needy, block.province_need = np.array(needy, dtype=np.intp), need
        names = [teams.provinces[province] for province in needy]
        linear.variables(block, "province_cover", names, upper=need[needy])
        linear.variables(block, "difference", list(combinations(names, 2)), upper=1.0)
        linear.variables(block, "staffed", sets.keys_of(active), upper=1.0, integer=True)


def posts(block: Block, problem: RedeploymentProblem) -> None:
    """A post is filled only by a head that is there after the moves, one post a head.

    ::

        y_jk + z_jk + sum_d (v_jdk + w_jdk) <= heads_jk - sum_i' x_ji'k + sum_i x_ijk    for every team (j, k)

    where x are heads moved or on mission; y whole posts and z the part post of the team filled by its own heads; v and
    w whole and part posts of skill d filled by heads of skill k. Source: transportation model, with need written as
    post slots so that a whole number of heads loses nothing.
    """
    sets, row = block.index, block.row
    own, other = np.arange(len(sets.active)), np.arange(len(sets.post))
    linear.rows(
        block,
        "posts",
        sets.keys_of(sets.active),
        [
            Entries(block.whole_filled, own, own),
            Entries(block.part_filled, own, own),
            Entries(block.whole_substituted, row[sets.helper], other),
            Entries(block.part_substituted, row[sets.helper], other),
            *taken(block, row[sets.origin]),
            *taken(block, row[sets.host], -1.0),
        ],
        upper=sets.teams.heads[sets.active].astype(np.float64),
    )


def taken(block: Block, row_of_move: Positions, coefficient: float = 1.0) -> list[Entries]:
    """Return the heads of every move and mission as entries; a row of -1 leaves a move out."""
    mission = block.index.mission
    found = []
    for variable, rows in ((block.moves, row_of_move), (block.missions, row_of_move[mission])):
        kept = np.flatnonzero(rows >= 0)
        found.append(Entries(variable, rows[kept], kept, coefficient))
    return found


def slots(block: Block, problem: RedeploymentProblem) -> None:
    """A post is filled once, by an own head or by a substitute.

    ::

        y_jk + sum_c v_jkc <= whole_posts_jk    for every team (j, k) that substitutes may help
        z_jk + sum_c w_jkc <= part_posts_jk

    where v and w are whole and part posts filled by heads of skill c. Source: task shifting (WHO 2008, Task shifting:
    global recommendations and guidelines); which skill may help which is data.
    """
    sets, row = block.index, block.row
    helped, line = np.unique(sets.post, return_inverse=True)
    if not len(helped):
        return
    own, other, half = np.arange(len(helped)), np.arange(len(line)), len(helped)
    keys = sets.keys_of(helped)
    part = (sets.teams.part_post[helped] > 0).astype(np.float64)
    linear.rows(
        block,
        "slots",
        [*((*key, "whole") for key in keys), *((*key, "part") for key in keys)],
        [
            Entries(block.whole_filled, own, row[helped]),
            Entries(block.whole_substituted, line, other),
            Entries(block.part_filled, half + own, row[helped]),
            Entries(block.part_substituted, half + line, other),
        ],
        upper=np.concatenate([sets.teams.whole_posts[helped].astype(np.float64), part]),
    )


def release(block: Block, problem: RedeploymentProblem) -> None:
    """A team sends no more heads than it has above those that must stay; with backfill, those who join it count.

    ::

        sum_j x_ijk <= max(heads_ik - kept_ik, 0)                 for every sending team (i, k)
        sum_j x_ijk - sum_h x_hik <= max(heads_ik - kept_ik, 0)   with backfill
        kept_ik = max(minimum_team_ik, ceil(kept_share * min(heads_ik, need_ik)))

    Source: minimum staff at the origin ("no release before replacement", the practice reported for transfers).
    """
    sets = block.index
    rows, senders = _rows_of(sets.origin, len(sets.teams.keys))
    entries = taken(block, rows[sets.origin])
    if problem.policy.backfill:
        entries += taken(block, rows[sets.host], -1.0)
    linear.rows(block, "release", sets.keys_of(senders), entries, upper=sets.teams.spare[senders].astype(np.float64))


def protected(block: Block, problem: RedeploymentProblem) -> None:
    """Only heads that a team has today and that are not protected leave it; those who join it are not sent on.

    ::

        sum_j x_ijk <= heads_ik - protected_ik    for every sending team (i, k), with backfill or protected heads

    Source: the grouping's table of staff (a pregnancy, a mandate, a medical restriction).
    """
    sets = block.index
    bound = problem.policy.backfill | (sets.teams.protected[sets.origin] > 0)
    chosen = np.where(bound, sets.origin, -1)
    rows, senders = _rows_of(chosen[chosen >= 0], len(sets.teams.keys))
    entries = taken(block, rows[sets.origin])
    upper = sets.teams.movable[senders].astype(np.float64)
    _add(block, "protected", sets.keys_of(senders), entries, upper)


def reception(block: Block, problem: RedeploymentProblem) -> None:
    """A team receives no more newcomers than it can house and introduce in a year.

    ::

        sum_i x_ijk <= newcomers_jk    for every receiving team (j, k) with a limit

    Source: the grouping's table of posts (lodging, supervision).
    """
    sets = block.index
    chosen = np.where(np.isfinite(sets.teams.newcomers[sets.host]), sets.host, -1)
    rows, hosts = _rows_of(chosen[chosen >= 0], len(sets.teams.keys))
    _add(block, "reception", sets.keys_of(hosts), taken(block, rows[sets.host]), sets.teams.newcomers[hosts])


def budgeted(block: Block, problem: RedeploymentProblem) -> None:
    """Nobody joins a team beyond its budgeted posts; one that is beyond them today does not grow.

    ::

        heads_jk - sum_i' x_ji'k + sum_i x_ijk <= max(budgeted_jk, heads_jk)    for every receiving team (j, k)

    where the team has a limit. Source: the grouping's table of posts (those of the finance law).
    """
    sets = block.index
    chosen = np.where(np.isfinite(sets.teams.ceiling[sets.host]), sets.host, -1)
    rows, hosts = _rows_of(chosen[chosen >= 0], len(sets.teams.keys))
    entries = [*taken(block, rows[sets.host]), *taken(block, rows[sets.origin], -1.0)]
    heads = sets.teams.heads[hosts].astype(np.float64)
    _add(block, "budgeted", sets.keys_of(hosts), entries, sets.teams.ceiling[hosts] - heads, Reading(constant=heads))


def leave(block: Block, problem: RedeploymentProblem) -> None:
    """When moves are voluntary, a team sends no more heads than wish to leave it.

    ::

        sum_j x_ijk <= max over ranks r <= worst_rank of sum_j wishes_ijkr    for every sending team (i, k)

    since a head has one wish at each rank. Source: consent of the person, as shared activity and transfers ask for.
    """
    sets = block.index
    if problem.policy.voluntary:
        rows, senders = _rows_of(sets.origin, len(sets.teams.keys))
        _add(block, "leave", sets.keys_of(senders), taken(block, rows[sets.origin]), sets.teams.wishing[senders])


def _rows_of(teams: Positions, count: int) -> tuple[Positions, Positions]:
    """Return the row of each of `count` teams (-1: none), one for each of those named, and the teams of the rows."""
    named = np.unique(teams)
    rows = np.full(count, -1, dtype=np.intp)
    rows[named] = np.arange(len(named))
    return rows, named


def _add(
    block: Block,
    name: str,
    keys: Sequence[Any],
    entries: Sequence[Entries],
    upper: Floats,
    reading: Reading | None = None,
) -> None:
    """Add rows, if there are any."""
    if keys:
        rows = linear.rows(block, name, keys, entries, upper=upper)
        rows.reading = reading or Reading()


FORMULATION: Formulation[RedeploymentProblem, RedeploymentPlan] = Formulation(
    variables=variables,
    constraints=(
        posts,
        slots,
        release,
        protected,
        reception,
        budgeted,
        leave,
        consent,
        max_moves,
        max_approvals,
        max_missions,
        budget,
        coverage_floor,
        cover,
        differences,
        whole_first,
        no_idle_head,
        gini,
        pins,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    hard=frozenset({"posts", "slots", "cover", "differences", "whole_first", "no_idle_head"}),
    read=read,
)
