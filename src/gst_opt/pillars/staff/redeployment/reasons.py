"""Why a need stays uncovered: who could have come is struck off, one rule after another; no solver.

At first, those who could come to a short team are the other teams of its skill within the radius with heads that are
not protected. Then these are struck off, in this order; the reason is the rule that strikes off the last of them:

1. ``nobody_within_reach``: there are none;
2. ``release_floor``: those whose heads must all stay (with backfill, nobody is struck off here);
3. ``no_consent``: those without a wish for this facility, when moves are voluntary;
4. ``pin``: those whose move a pin keeps from growing;
5. ``reception_full``: all, if the team has all the newcomers or all the heads that it may have;
6. ``nobody_left``: those that the plan leaves with nobody to send: floor, wishes or heads are used up;
7. ``approvals``: all, if the skill needs approval and the plan has as many approvals and missions as it may;
8. ``moves``: all, if the plan has as many moves as it may;
9. ``budget``: those whose premium is more than what the plan leaves of the budget.

When somebody is left, the reason is ``goals``: a goal that comes first, or a part post not worth a head, kept them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.mobility import PremiumKind
from gst_opt.network import distances
from gst_opt.pillars.staff.premiums import premium
from gst_opt.pillars.staff.redeployment.plan import Move, MoveKind, Reason, Unmet
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentProblem
from gst_opt.pillars.staff.redeployment.teams import Positions, Teams

Mask = NDArray[np.bool_]
SHORT = 1e-6


def unmet(
    problem: RedeploymentProblem, teams: Teams, moves: Sequence[Move], covered: Mapping[tuple[str, str], float]
) -> tuple[Unmet, ...]:
    """Return every need that stays uncovered, with the reason.

    Parameters
    ----------
    problem
        The question.
    teams
        Its teams.
    moves
        Moves and missions of the plan.
    covered
        Need covered by the plan, by (facility, skill).
    """
    used = _Used.of(problem, teams, moves)
    found = []
    for team, key in enumerate(teams.keys):
        short = float(teams.need[team]) - covered.get(key, 0.0)
        if short > SHORT:
            found.append(Unmet(facility=key[0], skill=key[1], uncovered=short, reason=_reason(used, team)))
    return tuple(found)


@dataclass(frozen=True)
class _Used:
    """What a plan uses of what it may."""

    problem: RedeploymentProblem
    teams: Teams
    members: Mapping[str, Positions]
    out: Positions
    into: Positions
    flow: Mapping[tuple[str, str, str], int]
    wishes: Mapping[tuple[str, str, str], int]
    pinned: tuple[tuple[MovePin, bool], ...]
    approvals_full: bool
    moves_full: bool
    money_left: float

    @classmethod
    def of(cls, problem: RedeploymentProblem, teams: Teams, moves: Sequence[Move]) -> "_Used":
        policy = problem.policy
        number = {key: position for position, key in enumerate(teams.keys)}
        out, into = np.zeros((2, len(teams.keys)), dtype=np.intp)
        flow: dict[tuple[str, str, str], int] = {}
        for move in moves:
            out[number[move.origin, move.skill]] += move.heads
            into[number[move.host, move.skill]] += move.heads
            place = (move.origin, move.host, move.skill)
            flow[place] = flow.get(place, 0) + move.heads
        wishes: dict[tuple[str, str, str], int] = {}
        for row in problem.workforce.consents:
            if policy.worst_rank is None or row.rank <= policy.worst_rank:
                place = (row.origin, row.host, row.skill)
                wishes[place] = wishes.get(place, 0) + row.heads
        members: dict[str, list[int]] = {}
        for position, (_, skill) in enumerate(teams.keys):
            members.setdefault(skill, []).append(position)
        missions = sum(move.heads for move in moves if move.kind is MoveKind.MISSION)
        approvals = sum(move.heads for move in moves if move.needs_approval)
        full = policy.max_approvals is not None and approvals >= policy.max_approvals
        selected = [sum(heads for place, heads in flow.items() if pin.selects(*place)) for pin in policy.pins]
        paid = sum(move.premium for move in moves)
        return cls(
            problem=problem,
            teams=teams,
            members={skill: np.array(own, dtype=np.intp) for skill, own in members.items()},
            out=out,
            into=into,
            flow=flow,
            wishes=wishes,
            pinned=tuple(
                (pin, heads >= pin.sides(today=0.0)[1]) for pin, heads in zip(policy.pins, selected, strict=True)
            ),
            approvals_full=full and missions >= policy.max_missions,
            moves_full=policy.max_moves is not None and sum(move.heads for move in moves) >= policy.max_moves,
            money_left=np.inf if policy.premium_budget is None else policy.premium_budget - paid,
        )


def _reason(used: _Used, team: int) -> Reason:
    """Strike off those who could come to a team until nobody is left."""
    problem, teams, policy = used.problem, used.teams, used.problem.policy
    facility, skill = teams.keys[team]
    own = used.members[skill]
    own = own[(own != team) & (teams.movable[own] > 0)]
    minutes = problem.journeys.between([teams.keys[one][0] for one in own.tolist()], [facility])[:, 0]
    own = own[minutes <= policy.max_travel]
    places = [(teams.keys[one][0], facility, skill) for one in own.tolist()]
    spare = teams.spare[own] + (used.into[own] if policy.backfill else 0) - used.out[own]
    free = np.minimum(teams.movable[own] - used.out[own], np.minimum(spare, teams.wishing[own] - used.out[own]))
    if policy.voluntary:
        named = np.array([used.wishes.get(place, 0) for place in places])
        free = np.minimum(free, named - np.array([used.flow.get(place, 0) for place in places]))
    else:
        named = np.ones(len(own))
    pinned = [any(full and pin.selects(*place) for pin, full in used.pinned) for place in places]
    host_full = (
        used.into[team] >= teams.newcomers[team]
        or teams.heads[team] + used.into[team] - used.out[team] >= teams.ceiling[team]
    )
    left = np.ones(len(own), dtype=bool)
    for reason, struck in (
        (Reason.NOBODY_WITHIN_REACH, np.zeros(len(own), dtype=bool)),
        (Reason.RELEASE_FLOOR, (teams.spare[own] <= 0) & (not policy.backfill)),
        (Reason.NO_CONSENT, named <= 0),
        (Reason.PIN, np.array(pinned, dtype=bool)),
        (Reason.RECEPTION_FULL, host_full),
        (Reason.NOBODY_LEFT, free <= 0),
        (Reason.APPROVALS, used.approvals_full and bool(teams.approval[team])),
        (Reason.MOVES, used.moves_full),
    ):
        left &= ~np.broadcast_to(np.asarray(struck, dtype=bool), left.shape)
        if not left.any():
            return reason
    return Reason.BUDGET if _too_dear(used, own[left], team) else Reason.GOALS


def _too_dear(used: _Used, own: Positions, team: int) -> bool:
    """Say whether every move left asks for more than what is left of the budget."""
    if not np.isfinite(used.money_left):
        return False
    problem, keys = used.problem, used.teams.keys
    km = distances(problem.region, problem.journeys, [keys[one][0] for one in own.tolist()], [keys[team][0]])[:, 0]
    known = np.where(np.isfinite(km), km, -1.0)
    kinds = [PremiumKind.MOVE]
    if problem.policy.max_missions and used.teams.approval[team]:
        kinds.append(PremiumKind.MISSION)
    steps = problem.workforce.premium_steps
    cheapest = min(float(premium(steps, kind, known).min()) for kind in kinds)
    return cheapest > used.money_left + SHORT
