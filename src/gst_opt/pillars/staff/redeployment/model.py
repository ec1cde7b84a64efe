"""The mathematics: a transportation model over post slots (whole posts of weight 1, one part post a team)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, PortKey, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, Floats, Positions, total
from gst_opt.network import travel
from gst_opt.pillars.staff.need import NO_NEED, needs
from gst_opt.pillars.staff.redeployment.plan import Move, RedeploymentPlan, Team
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentProblem

Block = Any
TINY = 1e-9


@dataclass(frozen=True)
class Index:
    """Teams that can take part in a move, and the moves allowed, as arrays.

    Attributes
    ----------
    teams
        (facility, skill) of every team with heads or need, sorted.
    need, heads, kept
        FTE needed, heads in post, heads that stay, by team.
    active
        Positions of the teams that can send or receive.
    origin, host, minutes
        One allowed move each: positions in `active`, and its journey.
    """

    teams: tuple[tuple[str, str], ...]
    need: Floats
    heads: Positions
    kept: Positions
    active: Positions
    origin: Positions
    host: Positions
    minutes: Floats

    @property
    def active_keys(self) -> list[tuple[str, str]]:
        """(facility, skill) of the active teams."""
        return [self.teams[position] for position in self.active.tolist()]

    @property
    def move_keys(self) -> list[tuple[str, str, str]]:
        """(origin, host, skill) of the allowed moves."""
        keys = self.active_keys
        return [
            (keys[i][0], keys[j][0], keys[i][1]) for i, j in zip(self.origin.tolist(), self.host.tolist(), strict=True)
        ]

    @property
    def whole_posts(self) -> Positions:
        """Posts of weight 1, by active team."""
        return np.floor(self.need[self.active] + TINY).astype(np.intp)

    @property
    def part_post(self) -> Floats:
        """Weight of the one part post, by active team; 0 where the need is whole."""
        rest = self.need[self.active] - self.whole_posts
        return np.where(rest > TINY, rest, 0.0)


def index(problem: RedeploymentProblem) -> Index:
    """Derive teams and allowed moves from the data."""
    journeys = travel(problem.region)
    need_of = needs(problem.region, problem.workforce, journeys=journeys)
    is_open = {facility.id for facility in problem.region.open_facilities()}
    heads_of = {(row.facility, row.skill): row.heads for row in problem.workforce.staff if row.facility in is_open}
    teams = tuple(sorted(need_of.keys() | heads_of.keys()))
    need = np.array([need_of.get(team, NO_NEED).fte for team in teams])
    heads = np.array([heads_of.get(team, 0) for team in teams], dtype=np.intp)
    floor = np.array([need_of.get(team, NO_NEED).minimum_team for team in teams], dtype=np.intp)
    share = problem.policy.kept_share
    kept = np.maximum(floor, np.ceil(share * np.minimum(heads, need) - TINY).astype(np.intp))
    sends = heads > kept
    receives = np.ceil(need - TINY) > heads
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(teams):
        by_skill.setdefault(skill, []).append(position)
    origins, hosts, minutes = [], [], []
    for positions in by_skill.values():
        senders = [position for position in positions if sends[position]]
        receivers = [position for position in positions if receives[position]]
        times = journeys.between([teams[i][0] for i in senders], [teams[j][0] for j in receivers])
        reach, where = np.nonzero(times <= problem.policy.max_travel)
        origins.append(np.array(senders, dtype=np.intp)[reach])
        hosts.append(np.array(receivers, dtype=np.intp)[where])
        minutes.append(times[reach, where])
    origin, host = _joined(origins), _joined(hosts)
    different = origin != host
    origin, host, times = origin[different], host[different], np.concatenate([*minutes, np.empty(0)])[different]
    active, compact = np.unique(np.concatenate([origin, host]), return_inverse=True)
    return Index(teams, need, heads, kept, active, compact[: len(origin)], compact[len(origin) :], times)


def _joined(arrays: Sequence[Positions]) -> Positions:
    return np.concatenate([*arrays, np.empty(0, dtype=np.intp)])


def variables(block: Block, problem: RedeploymentProblem) -> None:
    """Heads moved, whole posts filled, part posts filled."""
    block.index = sets = index(problem)
    releasable = np.maximum(sets.heads - sets.kept, 0)[sets.active]
    room = np.ceil(sets.need - TINY).astype(np.intp)[sets.active]
    most = np.minimum(releasable[sets.origin], room[sets.host]).astype(np.float64)
    linear.variables(block, "moves", sets.move_keys, upper=most, integer=True)
    linear.variables(block, "whole_filled", sets.active_keys, upper=sets.whole_posts.astype(np.float64), integer=True)
    linear.variables(
        block, "part_filled", sets.active_keys, upper=(sets.part_post > 0).astype(np.float64), integer=True
    )


def posts(block: Block, problem: RedeploymentProblem) -> None:
    """A post is filled only by a head that is there after the moves.

    ::

        y_jk + z_jk <= heads_jk - sum_i' x_ji'k + sum_i x_ijk    for every team (j, k)

    where x are heads moved, y whole posts filled, z the part post filled. Source: transportation model, with need
    written as post slots so that a whole number of heads loses nothing.
    """
    sets = block.index
    teams = np.arange(len(sets.active))
    moves = np.arange(len(sets.origin))
    linear.rows(
        block,
        "posts",
        sets.active_keys,
        [
            Entries(block.whole_filled, teams, teams),
            Entries(block.part_filled, teams, teams),
            Entries(block.moves, sets.origin, moves),
            Entries(block.moves, sets.host, moves, -1.0),
        ],
        upper=sets.heads[sets.active].astype(np.float64),
    )


def release(block: Block, problem: RedeploymentProblem) -> None:
    """A team sends no more heads than it has above those that must stay.

    ::

        sum_j x_ijk <= heads_ik - kept_ik    for every sending team (i, k)
        kept_ik = max(minimum_team_ik, ceil(kept_share * min(heads_ik, need_ik)))

    Source: minimum staff at the origin ("no release before replacement", the practice reported for transfers).
    """
    sets = block.index
    senders, row = np.unique(sets.origin, return_inverse=True)
    keys = sets.active_keys
    spare = np.maximum(sets.heads - sets.kept, 0)[sets.active][senders].astype(np.float64)
    linear.rows(
        block,
        "release",
        [keys[team] for team in senders.tolist()],
        [Entries(block.moves, row, np.arange(len(sets.origin)))],
        upper=spare,
    )


def pins(block: Block, problem: RedeploymentProblem) -> None:
    """Decisions already taken about moves hold.

    ::

        low_p <= sum of x_ijk over the moves that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nobody moves, so "keep" means no move.
    """
    sets = block.index
    entries = [_selected(block, sets, position, pin) for position, pin in enumerate(problem.policy.pins)]
    sides = [pin.sides(today=0.0) for pin in problem.policy.pins]
    if entries:
        low, high = (np.array(side) for side in zip(*sides, strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(problem.policy.pins, 1)]
        linear.rows(block, "pins", keys, entries, lower=low, upper=high)


def _selected(block: Block, sets: Index, row: int, pin: MovePin) -> Entries:
    columns = [position for position, key in enumerate(sets.move_keys) if pin.selects(*key)]
    return Entries(block.moves, row, np.array(columns, dtype=np.intp))


def terms(block: Block, problem: RedeploymentProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; need that no allowed move can reach is left out (it is a constant)."""
    sets = block.index
    reachable = float(sets.need[sets.active].sum())
    uncovered = Affine((total(block.whole_filled, -1.0), total(block.part_filled, -sets.part_post)), reachable)
    return {
        "uncovered": Term(uncovered, "FTE"),
        "moves": Term(Affine((total(block.moves),)), "heads"),
        "travel": Term(Affine((total(block.moves, sets.minutes),)), "min"),
    }


def goals(problem: RedeploymentProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.goals


def ports(block: Block, problem: RedeploymentProblem) -> Mapping[PortKey, Affine]:
    """Publish the heads present after the moves, by ("staff", facility, skill), for every active team."""
    sets = block.index
    gone, come = _by_team(sets.origin, len(sets.active)), _by_team(sets.host, len(sets.active))
    heads = sets.heads[sets.active].tolist()
    return {
        ("staff", facility, skill): Affine(
            (total(block.moves, -1.0, gone[team]), total(block.moves, 1.0, come[team])), float(heads[team])
        )
        for team, (facility, skill) in enumerate(sets.active_keys)
    }


def _by_team(team_of_move: Positions, teams: int) -> list[Positions]:
    """Return the positions of the moves of each team."""
    order = np.argsort(team_of_move, kind="stable")
    return np.split(order, np.searchsorted(team_of_move[order], np.arange(1, teams)))


def write(block: Block, problem: RedeploymentProblem, plan: RedeploymentPlan | None) -> None:
    """Set the moves of a plan (none: nobody moves), as far as they are still allowed; heads fill whole posts first."""
    sets = block.index
    wanted = {(move.origin, move.host, move.skill): move.heads for move in (plan.moves if plan else ())}
    moved = np.array([wanted.get(key, 0) for key in sets.move_keys], dtype=np.intp)
    heads = sets.heads[sets.active].copy()
    np.subtract.at(heads, sets.origin, moved)
    np.add.at(heads, sets.host, moved)
    linear.set_values(block.moves, moved)
    linear.set_values(block.whole_filled, np.minimum(heads, sets.whole_posts))
    linear.set_values(block.part_filled, (heads > sets.whole_posts) & (sets.part_post > 0))


def read(block: Block, problem: RedeploymentProblem) -> RedeploymentPlan:
    """Read moves, and recompute every team from them."""
    sets = block.index
    heads_moved = np.rint(linear.values(block.moves)).astype(np.intp)
    after = sets.heads.copy()
    np.subtract.at(after, sets.active[sets.origin], heads_moved)
    np.add.at(after, sets.active[sets.host], heads_moved)
    keys = sets.move_keys
    moves = [
        Move(origin=keys[m][0], host=keys[m][1], skill=keys[m][2], heads=heads_moved[m], minutes=float(sets.minutes[m]))
        for m in np.flatnonzero(heads_moved).tolist()
    ]
    places = {facility.id: facility for facility in problem.region.facilities}
    teams = [
        Team(
            province=places[facility].province,
            establishment=places[facility].establishment or facility,
            facility=facility,
            skill=skill,
            need=need,
            heads_today=before,
            heads_planned=now,
            covered_today=min(float(before), need),
            covered_planned=min(float(now), need),
        )
        for (facility, skill), need, before, now in zip(
            sets.teams, sets.need.tolist(), sets.heads.tolist(), after.tolist(), strict=True
        )
    ]
    return RedeploymentPlan(
        moves=tuple(sorted(moves, key=lambda move: (move.origin, move.host, move.skill))), teams=tuple(teams)
    )


FORMULATION: Formulation[RedeploymentProblem, RedeploymentPlan] = Formulation(
    variables=variables,
    constraints=(posts, release, pins),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    hard=frozenset({"posts"}),
    read=read,
)
