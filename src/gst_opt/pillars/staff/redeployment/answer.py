"""From a plan to the values of the variables, and back."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.staff.redeployment.equity_rows import fills, fixed_cover
from gst_opt.pillars.staff.redeployment.fairness import fairness
from gst_opt.pillars.staff.redeployment.plan import Fill, Move, MoveKind, RedeploymentPlan, Team
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.redeployment.reasons import unmet
from gst_opt.pillars.staff.redeployment.teams import Index

Block = Any


def write(block: Block, problem: RedeploymentProblem, plan: RedeploymentPlan | None) -> None:
    """Set what a plan says (none: nobody moves or substitutes), as far as it is still allowed.

    Heads fill their own posts first, whole ones before the part post.
    """
    sets: Index = block.index
    wanted = {(move.origin, move.host, move.skill, move.kind): move.heads for move in (plan.moves if plan else ())}
    moved = np.array([wanted.get((*key, MoveKind.PERMANENT), 0) for key in sets.move_keys], dtype=np.intp)
    sent = np.array([wanted.get((*key, MoveKind.MISSION), 0) for key in sets.mission_keys], dtype=np.intp)
    filled = {
        (fill.facility, fill.skill, fill.substitute): (fill.whole_posts, fill.part_posts)
        for fill in (plan.fills if plan else ())
    }
    pairs = [filled.get(key, (0, 0)) for key in sets.substitution_keys]
    whole, part = (np.array([pair[side] for pair in pairs], dtype=np.intp) for side in (0, 1))
    linear.set_values(block.moves, moved)
    linear.set_values(block.missions, sent)
    linear.set_values(block.whole_substituted, whole)
    linear.set_values(block.part_substituted, part)
    own_whole, own_part = own_fills(sets, _all_moved(sets, moved, sent), whole, part)
    linear.set_values(block.whole_filled, own_whole[sets.active])
    linear.set_values(block.part_filled, own_part[sets.active])
    if problem.policy.equity.gini_ceiling is not None:
        _write_shares(block, sets)
        left = sets.teams.posts - own_whole - own_part
        np.subtract.at(left, sets.post, whole + part)
        linear.set_values(block.staffed, left[sets.active] == 0)


def _write_shares(block: Block, sets: Index) -> None:
    cover = fixed_cover(sets)
    for variable, team, value in fills(block, sets):
        np.add.at(cover, sets.teams.province[team], value * linear.values(variable))
    shares = cover[block.needy] / block.province_need[block.needy]
    first, second = np.triu_indices(len(shares), 1)
    linear.set_values(block.province_cover, cover[block.needy])
    linear.set_values(block.difference, np.abs(shares[first] - shares[second]))


def _all_moved(sets: Index, moved: Positions, sent: Positions) -> Positions:
    heads = moved.copy()
    heads[sets.mission] += sent
    return heads


def own_fills(sets: Index, moved: Positions, whole: Positions, part: Positions) -> tuple[Positions, Positions]:
    """Return the whole and part posts of every team that its own heads fill, given moves and substitutions."""
    teams = sets.teams
    free, whole_left = sets.heads_after(moved), teams.whole_posts.copy()
    part_left = (teams.part_post > 0).astype(np.intp)
    np.subtract.at(free, sets.helper, whole + part)
    np.subtract.at(whole_left, sets.post, whole)
    np.subtract.at(part_left, sets.post, part)
    own_whole = np.maximum(np.minimum(free, whole_left), 0)
    return own_whole, np.maximum(np.minimum(free - own_whole, part_left), 0)


def read(block: Block, problem: RedeploymentProblem) -> RedeploymentPlan:
    """Read moves and substitutions, and recompute every team from them."""
    sets: Index = block.index
    moved, sent, whole, part = (
        np.rint(linear.values(one)).astype(np.intp)
        for one in (block.moves, block.missions, block.whole_substituted, block.part_substituted)
    )
    heads = _all_moved(sets, moved, sent)
    moves = [
        *_moves(sets, moved, np.arange(len(sets.origin)), sets.premium, MoveKind.PERMANENT),
        *_moves(sets, sent, sets.mission, sets.mission_premium, MoveKind.MISSION),
    ]
    moves.sort(key=lambda move: (move.origin, move.host, move.skill, move.kind))
    teams = _teams(problem, sets, heads, whole, part)
    covered = {(team.facility, team.skill): team.covered_planned for team in teams}
    return RedeploymentPlan(
        moves=tuple(moves),
        fills=tuple(_fills(sets, whole, part)),
        teams=tuple(teams),
        fairness=fairness(teams),
        unmet=unmet(problem, sets.teams, tuple(moves), covered),
    )


def _moves(sets: Index, heads: Positions, allowed: Positions, premium: Floats, kind: MoveKind) -> list[Move]:
    keys = sets.teams.keys
    found = []
    for position in np.flatnonzero(heads).tolist():
        move = int(allowed[position])
        origin, host = int(sets.origin[move]), int(sets.host[move])
        km = float(sets.km[move])
        found.append(
            Move(
                origin=keys[origin][0],
                host=keys[host][0],
                skill=keys[origin][1],
                kind=kind,
                heads=int(heads[position]),
                minutes=float(sets.minutes[move]),
                km=km if np.isfinite(km) else None,
                premium=float(premium[position]) * int(heads[position]),
                needs_approval=kind is MoveKind.PERMANENT and bool(sets.teams.approval[origin]),
            )
        )
    return found


def _fills(sets: Index, whole: Positions, part: Positions) -> list[Fill]:
    weight = sets.teams.part_post
    found = []
    for position in np.flatnonzero(whole + part).tolist():
        facility, skill, substitute = sets.substitution_keys[position]
        efficiency = float(sets.efficiency[position])
        work = int(whole[position]) + float(weight[sets.post[position]]) * int(part[position])
        found.append(
            Fill(
                facility=facility,
                skill=skill,
                substitute=substitute,
                whole_posts=int(whole[position]),
                part_posts=int(part[position]),
                efficiency=efficiency,
                covered=efficiency * work,
            )
        )
    return sorted(found, key=lambda fill: (fill.facility, fill.skill, fill.substitute))


def _teams(
    problem: RedeploymentProblem, sets: Index, moved: Positions, whole: Positions, part: Positions
) -> list[Team]:
    teams = sets.teams
    after = sets.heads_after(moved)
    own_whole, own_part = own_fills(sets, moved, whole, part)
    covered = own_whole + own_part * teams.part_post
    np.add.at(covered, sets.post, sets.efficiency * (whole + part * teams.part_post[sets.post]))
    places = {facility.id: facility for facility in problem.region.facilities}
    return [
        Team(
            province=places[facility].province,
            establishment=places[facility].establishment or facility,
            facility=facility,
            skill=skill,
            need=float(teams.need[team]),
            basis=teams.basis[team],
            heads_today=int(teams.heads[team]),
            heads_planned=int(after[team]),
            covered_today=float(min(teams.heads[team], teams.need[team])),
            covered_planned=min(float(covered[team]), float(teams.need[team])),
        )
        for team, (facility, skill) in enumerate(teams.keys)
        if teams.need[team] > 0 or teams.heads[team] or after[team] or (facility, skill) in problem.needs
    ]
