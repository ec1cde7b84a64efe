"""Redeployment plans, each broken in one named way."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.core.mobility import Consent, Post
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.plan import (
    FairnessMeasure,
    Fill,
    Move,
    MoveKind,
    Reason,
    RedeploymentPlan,
    Team,
)
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
    return plan.replace(moves=moves, teams=tuple(teams))


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


def _more_of(field: str, amount: float = 1.0) -> "Mutation":
    """Add to a figure of a move, as a plan that reports it wrongly would."""

    def change(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
        position = _pick(rng, plan)
        value = getattr(plan.moves[position], field) or 0.0
        return _change_move(plan, position, **{field: value + amount + float(rng.uniform(0, 20))})

    return change


def _flag(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    position = _pick(rng, plan)
    return _change_move(plan, position, needs_approval=not plan.moves[position].needs_approval)


def _mission(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    position = _pick(rng, plan)
    asking = {skill.id for skill in problem.workforce.skills if skill.needs_approval}
    return None if plan.moves[position].skill in asking else _change_move(plan, position, kind=MoveKind.MISSION)


def _missions(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan:
    position = _pick(rng, plan)
    more = problem.policy.max_missions + int(rng.integers(1, 4))
    return _change_move(plan, position, kind=MoveKind.MISSION, heads=more)


def _fill(plan: RedeploymentPlan, rng: Rng, change: Callable[[Fill], dict[str, Any]]) -> RedeploymentPlan | None:
    if not plan.fills:
        return None
    position = int(rng.integers(len(plan.fills)))
    fills = [one.replace(**change(one)) if place == position else one for place, one in enumerate(plan.fills)]
    return plan.replace(fills=tuple(fills))


def _substitute(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    wrong: list[dict[str, Any]] = [{"substitute": "wizard"}, {"whole_posts": 0, "part_posts": 0}]
    return _fill(plan, rng, lambda fill: wrong[int(rng.integers(2))])


def _efficiency(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    return _fill(plan, rng, lambda fill: {"efficiency": fill.efficiency * float(rng.uniform(0.1, 0.9))})


def _fill_cover(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    return _fill(plan, rng, lambda fill: {"covered": fill.covered + float(rng.uniform(0.01, 2))})


def _posts(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    return _fill(plan, rng, lambda fill: {"whole_posts": fill.whole_posts + 9})


def _slots(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    field = ("whole_posts", "part_posts")[int(rng.integers(2))]
    return _fill(plan, rng, lambda fill: {field: getattr(fill, field) + 9})


def _fairness(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    if not plan.fairness:
        return None
    position, field = int(rng.integers(len(plan.fairness))), ("today", "planned")[int(rng.integers(2))]
    wrong = [row.replace(**{field: (getattr(row, field) or 0.0) + 0.01}) for row in plan.fairness]
    rows = [wrong[place] if place == position else row for place, row in enumerate(plan.fairness)]
    return plan.replace(fairness=tuple(rows if rng.random() < 0.5 else rows[:position] + rows[position + 1 :]))


def _unmet(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    if not plan.unmet:
        return None
    position = int(rng.integers(len(plan.unmet)))
    more = plan.unmet[position].uncovered + float(rng.uniform(0.01, 2))
    rows = [row.replace(uncovered=more) if place == position else row for place, row in enumerate(plan.unmet)]
    nobody = plan.unmet[position].replace(facility="nowhere", uncovered=0.0)
    wrong = [rows, rows[:position] + rows[position + 1 :], [*plan.unmet, plan.unmet[position]], [*plan.unmet, nobody]]
    return plan.replace(unmet=tuple(wrong[int(rng.integers(len(wrong)))]))


def _unmet_reason(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentPlan | None:
    if not plan.unmet:
        return None
    position = int(rng.integers(len(plan.unmet)))
    others = [reason for reason in Reason if reason is not plan.unmet[position].reason]
    wrong = plan.unmet[position].replace(reason=others[int(rng.integers(len(others)))])
    return plan.replace(unmet=(*plan.unmet[:position], wrong, *plan.unmet[position + 1 :]))


Mutation = Callable[[RedeploymentProblem, RedeploymentPlan, Rng], RedeploymentPlan | None]
MUTATIONS: dict[str, Mutation] = {
    "whole_heads": _whole_heads,
    "known_posts": _known_posts,
    "one_row_a_move": _one_row,
    "minutes": _minutes,
    "km": _more_of("km"),
    "premium": _more_of("premium"),
    "approval_flag": _flag,
    "mission": _mission,
    "max_missions": _missions,
    "release": _release,
    "substitute": _substitute,
    "efficiency": _efficiency,
    "fill_cover": _fill_cover,
    "posts": _posts,
    "slots": _slots,
    "teams": _teams,
    "team_need": _need,
    "team_heads": _heads,
    "team_cover": _cover,
    "team_place": _place,
    "fairness": _fairness,
    "unmet": _unmet,
    "unmet_reason": _unmet_reason,
}
"""Broken by changing the plan, where it can be (None: it cannot); what needs another problem is in `POLICIES`."""


def _with_policy(problem: RedeploymentProblem, **changes: Any) -> RedeploymentProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def _with_tables(problem: RedeploymentProblem, **tables: Any) -> RedeploymentProblem:
    return problem.replace(workforce=problem.workforce.replace(**tables))


def shorter_radius(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Set the radius below one of the plan's own journeys."""
    move = plan.moves[_pick(rng, plan)]
    return _with_policy(problem, max_travel=move.minutes * float(rng.uniform(0.1, 0.99)))


def new_pin(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Add a pin that the plan does not keep."""
    move = plan.moves[_pick(rng, plan)]
    heads = sum(m.heads for m in plan.moves if (m.origin, m.host, m.skill) == (move.origin, move.host, move.skill))
    more, less = heads + int(rng.integers(1, 4)), heads - 1
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: more, PinKind.AT_LEAST: more, PinKind.AT_MOST: less}.get(kind)
    pin = MovePin(kind=kind, value=value, origin=move.origin, host=move.host, skill=move.skill, reason="drawn")
    return _with_policy(problem, pins=(pin,))


def protect(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Protect every head of a team that sends some."""
    move = plan.moves[_pick(rng, plan)]
    staff = [
        row.replace(protected=row.heads) if (row.facility, row.skill) == (move.origin, move.skill) else row
        for row in problem.workforce.staff
    ]
    return _with_tables(problem, staff=tuple(staff))


def close(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Let nobody join a team that somebody joins."""
    move = plan.moves[_pick(rng, plan)]
    return _with_tables(problem, posts=(Post(facility=move.host, skill=move.skill, newcomers=0),))


def no_budget_posts(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Take the budgeted posts of a team that grows."""
    grows = [team for team in plan.teams if team.heads_planned > team.heads_today]
    if not grows:
        return None
    team = grows[int(rng.integers(len(grows)))]
    return _with_tables(problem, posts=(Post(facility=team.facility, skill=team.skill, budgeted=0),))


def no_wish(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Ask for wishes that nobody has."""
    return _with_tables(_with_policy(problem, voluntary=True), consents=())


def few_wish(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Let one head of every team have all the wishes, one at each rank."""
    gone: dict[tuple[str, str], int] = {}
    consents = []
    for move in plan.moves:
        for _ in range(move.heads):
            rank = gone[move.origin, move.skill] = gone.get((move.origin, move.skill), 0) + 1
            consents.append(Consent(origin=move.origin, host=move.host, skill=move.skill, rank=rank, heads=1))
    if max(gone.values()) < 2:
        return None
    return _with_tables(_with_policy(problem, voluntary=True, worst_rank=None), consents=tuple(consents))


def fewer_moves(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem:
    """Allow one move less."""
    return _with_policy(problem, max_moves=sum(move.heads for move in plan.moves) - 1)


def fewer_approvals(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Let every skill need approval, and allow one less."""
    skills = tuple(skill.replace(needs_approval=True) for skill in problem.workforce.skills)
    permanent = sum(move.heads for move in plan.moves if move.kind is MoveKind.PERMANENT)
    return _with_tables(_with_policy(problem, max_approvals=permanent - 1), skills=skills) if permanent else None


def smaller_budget(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Allow less than the premiums of the plan."""
    paid = sum(move.premium for move in plan.moves)
    return _with_policy(problem, premium_budget=paid * float(rng.uniform(0, 0.99))) if paid else None


def higher_floor(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Ask for more coverage than the plan has."""
    need, covered = sum(team.need for team in plan.teams), sum(team.covered_planned for team in plan.teams)
    floor = covered / need + 0.01 if need else 2.0
    return _with_policy(problem, equity=problem.policy.equity.replace(coverage_floor=floor)) if floor <= 1 else None


def lower_gini(problem: RedeploymentProblem, plan: RedeploymentPlan, rng: Rng) -> RedeploymentProblem | None:
    """Ask for a smaller Gini coefficient than the plan has."""
    found = {row.measure: row.planned or 0.0 for row in plan.fairness}.get(FairnessMeasure.GINI, 0.0)
    ceiling = found * float(rng.uniform(0, 0.9))
    return _with_policy(problem, equity=problem.policy.equity.replace(gini_ceiling=ceiling)) if found > 0.01 else None


POLICIES: dict[str, Callable[[RedeploymentProblem, RedeploymentPlan, Rng], RedeploymentProblem | None]] = {
    "max_travel": shorter_radius,
    "pins": new_pin,
    "protected": protect,
    "reception": close,
    "budgeted": no_budget_posts,
    "consent": no_wish,
    "leave": few_wish,
    "max_moves": fewer_moves,
    "max_approvals": fewer_approvals,
    "budget": smaller_budget,
    "coverage_floor": higher_floor,
    "gini": lower_gini,
}
