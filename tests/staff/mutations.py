"""Redeployment plans, each broken in one named way."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.plan import Move, RedeploymentPlan, Team
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentProblem

Rng = np.random.Generator


def _change_move(plan: RedeploymentPlan, position: int, **changes: Any) -> RedeploymentPlan:
    """Change a move and count the teams again, so that only the move's own rule is broken."""
    moves = [move.replace(**changes) if place == position else move for place, move in enumerate(plan.moves)]
    return recount(plan, tuple(moves))


def recount(plan: RedeploymentPlan, moves: tuple[Move, ...]) -> RedeploymentPlan:
    """Return the plan with other moves and teams that agree with them."""
    teams = []
    for team in plan.teams:
        gone = sum(move.heads for move in moves if (move.origin, move.skill) == (team.facility, team.skill))
        come = sum(move.heads for move in moves if (move.host, move.skill) == (team.facility, team.skill))
        now = max(team.heads_today - gone + come, 0)
        teams.append(team.replace(heads_planned=now, covered_planned=min(float(now), team.need)))
    return RedeploymentPlan(moves=moves, teams=tuple(teams))


def _pick(rng: Rng, plan: RedeploymentPlan) -> int:
    return int(rng.integers(len(plan.moves)))


def _change_team(plan: RedeploymentPlan, rng: Rng, change: Callable[[Team], dict[str, Any]]) -> RedeploymentPlan:
    position = int(rng.integers(len(plan.teams)))
    teams = [team.replace(**change(team)) if place == position else team for place, team in enumerate(plan.teams)]
    return plan.replace(teams=tuple(teams))


def _whole_heads(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    return _change_move(plan, _pick(rng, plan), heads=0)


def _known_posts(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    position = _pick(rng, plan)
    wrong = [{"host": "nowhere"}, {"origin": "nowhere"}, {"skill": "wizard"}, {"host": plan.moves[position].origin}]
    return _change_move(plan, position, **wrong[int(rng.integers(len(wrong)))])


def _one_row(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    return recount(plan, (*plan.moves, plan.moves[_pick(rng, plan)]))


def _minutes(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    position = _pick(rng, plan)
    return _change_move(plan, position, minutes=plan.moves[position].minutes + float(rng.uniform(0.01, 20)))


def _release(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    position = _pick(rng, plan)
    origin, skill = plan.moves[position].origin, plan.moves[position].skill
    team = next(team for team in plan.teams if (team.facility, team.skill) == (origin, skill))
    return _change_move(plan, position, heads=team.heads_today + int(rng.integers(1, 4)))


def _teams(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    keep = int(rng.integers(len(plan.teams)))
    return plan.replace(teams=plan.teams[:keep] + plan.teams[keep + 1 :])


def _need(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    return _change_team(plan, rng, lambda team: {"need": team.need + float(rng.uniform(0.01, 3))})


def _heads(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    field = ("heads_today", "heads_planned")[int(rng.integers(2))]
    return _change_team(plan, rng, lambda team: {field: getattr(team, field) + int(rng.integers(1, 4))})


def _cover(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    field = ("covered_today", "covered_planned")[int(rng.integers(2))]
    return _change_team(plan, rng, lambda team: {field: getattr(team, field) + float(rng.uniform(0.01, 2))})


def _place(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    field = ("province", "establishment")[int(rng.integers(2))]
    return _change_team(plan, rng, lambda team: {field: "elsewhere"})


MUTATIONS: dict[str, Callable[[RedeploymentProblem, RedeploymentPlan, Rng], RedeploymentPlan]] = {
    "whole_heads": _whole_heads,
    "known_posts": _known_posts,
    "one_row_a_move": _one_row,
    "minutes": _minutes,
    "release": _release,
    "teams": _teams,
    "team_need": _need,
    "team_heads": _heads,
    "team_cover": _cover,
    "team_place": _place,
}
"""Broken by changing the plan; the two rules that need another policy are in `POLICIES`."""


def _with_policy(problem: RedeploymentProblem, **changes: Any) -> RedeploymentProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def shorter_radius(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Set the radius below one of the plan's own journeys."""
    move = plan.moves[_pick(rng, plan)]
    return _with_policy(problem, max_travel=move.minutes * float(rng.uniform(0.1, 0.99)))


def new_pin(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Add a pin that the plan does not keep."""
    move = plan.moves[_pick(rng, plan)]
    more, less = move.heads + int(rng.integers(1, 4)), move.heads - 1
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: more, PinKind.AT_LEAST: more, PinKind.AT_MOST: less}.get(kind)
    pin = MovePin(kind=kind, value=value, origin=move.origin, host=move.host, skill=move.skill, reason="drawn")
    return _with_policy(problem, pins=(pin,))


POLICIES: dict[str, Callable[[RedeploymentProblem, RedeploymentPlan, Rng], RedeploymentProblem]] = {
    "max_travel": shorter_radius,
    "pins": new_pin,
}
