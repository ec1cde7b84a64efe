"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model.

Journey times, distances and needs come from `network` and `need`, which turn the data into them.
"""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.staff.question import broken_pins
from gst_opt.pillars.staff.redeployment.check_facts import TOLERANCE, Facts, Place, gini_of
from gst_opt.pillars.staff.redeployment.check_figures import figures
from gst_opt.pillars.staff.redeployment.plan import MoveKind, RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem


def check(problem: RedeploymentProblem, plan: RedeploymentPlan) -> Check:
    """Recompute every rule and every term of a redeployment plan.

    Rules, by name: ``whole_heads``, ``known_posts``, ``one_row_a_move``, ``max_travel``, ``minutes``, ``km``,
    ``premium``, ``approval_flag``, ``mission``, ``release``, ``protected``, ``reception``, ``budgeted``, ``consent``,
    ``leave``, ``max_moves``, ``max_approvals``, ``max_missions``, ``budget``, ``coverage_floor``, ``gini``, ``pins``,
    ``substitute``, ``efficiency``, ``fill_cover``, ``posts``, ``slots``, ``teams``, ``team_need``, ``team_heads``,
    ``team_cover``, ``team_place``, ``fairness``, ``unmet``, ``unmet_reason``.
    """
    facts = Facts(problem)
    after = facts.heads_after(plan)
    cover = facts.cover_planned(plan, after)
    violations = [
        *_moves(problem, plan, facts),
        *_teams_send_and_receive(problem, plan, facts, after),
        *_consent(problem, plan, facts),
        *_caps(problem, plan, facts),
        *_shares(problem, facts, cover),
        *_pins(problem, plan),
        *_fills(plan, facts, after),
        *figures(problem, plan, facts, after, cover),
    ]
    reach = facts.can_take_part()
    names = facts.province_terms()
    shares = {name: facts.short_in(province, cover) for province, name in names.items()}
    today = {name: facts.short_in(province, facts.cover_today()) for province, name in names.items()}
    return Check(
        violations=tuple(violations),
        terms={
            "uncovered": facts.uncovered(cover, reach),
            "premiums": math.fsum(facts.premium_of(move) for move in plan.moves),
            "travel": math.fsum(move.heads * move.minutes for move in plan.moves),
            "moves": float(sum(move.heads for move in plan.moves)),
            **shares,
        },
        today={
            "uncovered": facts.uncovered(facts.cover_today(), reach),
            "premiums": 0.0,
            "travel": 0.0,
            "moves": 0.0,
            **today,
        },
        constants={"uncovered": facts.uncovered(facts.cover_today(), facts.places() - reach)},
    )


def _moves(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: Facts) -> Iterator[Violation]:
    """Yield what is wrong with the moves, each looked at alone."""
    seen: set[tuple[str, ...]] = set()
    for move in plan.moves:
        place = (move.origin, move.host, move.skill)
        if move.heads < 1:
            yield Violation("whole_heads", place, move.heads, 1)
        known = {move.origin, move.host} <= facts.facilities.keys() and move.skill in facts.skills
        if move.origin == move.host or not known:
            yield Violation("known_posts", place, 0, 1)
            continue
        if (*place, move.kind) in seen:
            yield Violation("one_row_a_move", place, 2, 1)
        seen.add((*place, move.kind))
        minutes, km = facts.journeys.minutes(move.origin, move.host), facts.km(move.origin, move.host)
        if minutes > problem.policy.max_travel + TOLERANCE:
            yield Violation("max_travel", place, minutes, problem.policy.max_travel)
        if abs(minutes - move.minutes) > TOLERANCE * max(1.0, minutes):
            yield Violation("minutes", place, move.minutes, minutes)
        if (km is None) != (move.km is None) or abs((km or 0.0) - (move.km or 0.0)) > TOLERANCE * max(1.0, km or 0.0):
            yield Violation("km", place, move.km or 0.0, km or 0.0)
        owed = facts.premium_of(move)
        if abs(owed - move.premium) > TOLERANCE * max(1.0, owed):
            yield Violation("premium", place, move.premium, owed)
        asks = facts.needs_approval(move.skill)
        if move.needs_approval != (asks and move.kind is MoveKind.PERMANENT):
            yield Violation("approval_flag", place, move.needs_approval, not move.needs_approval)
        if move.kind is MoveKind.MISSION and not asks:
            yield Violation("mission", place, move.heads, 0)


def _teams_send_and_receive(
    problem: RedeploymentProblem, plan: RedeploymentPlan, facts: Facts, after: dict[Place, int]
) -> Iterator[Violation]:
    """Yield the teams that send or receive more than they may."""
    leaving: dict[Place, int] = defaultdict(int)
    joining: dict[Place, int] = defaultdict(int)
    for move in plan.moves:
        leaving[move.origin, move.skill] += move.heads
        joining[move.host, move.skill] += move.heads
    for place, heads in sorted(leaving.items()):
        net = heads - joining[place] if problem.policy.backfill else heads
        if net > facts.spare(place):
            yield Violation("release", place, net, facts.spare(place))
        may_move = facts.heads.get(place, 0) - facts.protected.get(place, 0)
        if heads > may_move:
            yield Violation("protected", place, heads, may_move)
    for place, heads in sorted(joining.items()):
        if heads > facts.newcomers(place):
            yield Violation("reception", place, heads, facts.newcomers(place))
        if heads and after.get(place, 0) > facts.ceiling(place):
            yield Violation("budgeted", place, after.get(place, 0), facts.ceiling(place))


def _consent(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: Facts) -> Iterator[Violation]:
    if not problem.policy.voluntary:
        return
    flow: dict[tuple[str, str, str], int] = defaultdict(int)
    leaving: dict[Place, int] = defaultdict(int)
    for move in plan.moves:
        flow[move.origin, move.host, move.skill] += move.heads
        leaving[move.origin, move.skill] += move.heads
    for (origin, host, skill), heads in sorted(flow.items()):
        if heads > facts.wishes(origin, host, skill):
            yield Violation("consent", (origin, host, skill), heads, facts.wishes(origin, host, skill))
    for place, heads in sorted(leaving.items()):
        if heads > facts.wishing(place):
            yield Violation("leave", place, heads, facts.wishing(place))


def _caps(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: Facts) -> Iterator[Violation]:
    """Yield the caps and the budget that the moves exceed in all."""
    policy = problem.policy
    sums = {
        "max_moves": (sum(move.heads for move in plan.moves), policy.max_moves),
        "max_approvals": (
            sum(m.heads for m in plan.moves if m.kind is MoveKind.PERMANENT and facts.needs_approval(m.skill)),
            policy.max_approvals,
        ),
        "max_missions": (
            sum(move.heads for move in plan.moves if move.kind is MoveKind.MISSION),
            policy.max_missions,
        ),
        "budget": (math.fsum(facts.premium_of(move) for move in plan.moves), policy.premium_budget),
    }
    for rule, (found, allowed) in sums.items():
        if allowed is not None and found > allowed + TOLERANCE * max(1.0, allowed):
            yield Violation(rule, ("*",), found, allowed)


def _shares(problem: RedeploymentProblem, facts: Facts, cover: dict[Place, float]) -> Iterator[Violation]:
    """Yield what is wrong with the coverage in all, and with its spread over the provinces."""
    equity = problem.policy.equity
    today, planned = math.fsum(facts.cover_today().values()), math.fsum(cover.values())
    need = math.fsum(facts.need(place) for place in facts.places())
    floor = today if equity.coverage_floor is None else equity.coverage_floor * need
    if planned < floor - TOLERANCE * max(1.0, floor):
        yield Violation("coverage_floor", ("*",), planned, floor)
    if equity.gini_ceiling is not None:
        found = gini_of(facts.shares(cover))
        if found > equity.gini_ceiling + TOLERANCE:
            yield Violation("gini", ("*",), found, equity.gini_ceiling)


def _pins(problem: RedeploymentProblem, plan: RedeploymentPlan) -> Iterator[Violation]:
    return broken_pins(
        (pin, sum(move.heads for move in plan.moves if pin.selects(move.origin, move.host, move.skill)))
        for pin in problem.policy.pins
    )


def _fills(plan: RedeploymentPlan, facts: Facts, after: dict[Place, int]) -> Iterator[Violation]:
    """Yield substitutes who may not be, posts filled twice, and heads who fill more than one post."""
    lent: dict[Place, int] = defaultdict(int)
    whole: dict[Place, int] = defaultdict(int)
    part: dict[Place, int] = defaultdict(int)
    for fill in plan.fills:
        place = (fill.facility, fill.skill, fill.substitute)
        efficiency = facts.efficiency.get((fill.skill, fill.substitute), 0.0)
        if efficiency == 0.0 or fill.skill == fill.substitute or fill.whole_posts + fill.part_posts < 1:
            yield Violation("substitute", place, fill.whole_posts + fill.part_posts, 0)
        if abs(fill.efficiency - efficiency) > TOLERANCE:
            yield Violation("efficiency", place, fill.efficiency, efficiency)
        _, rest = facts.slots((fill.facility, fill.skill))
        owed = efficiency * (fill.whole_posts + fill.part_posts * rest)
        if abs(fill.covered - owed) > TOLERANCE * max(1.0, owed):
            yield Violation("fill_cover", place, fill.covered, owed)
        lent[fill.facility, fill.substitute] += fill.whole_posts + fill.part_posts
        whole[fill.facility, fill.skill] += fill.whole_posts
        part[fill.facility, fill.skill] += fill.part_posts
    for team, heads in sorted(lent.items()):
        if heads > after.get(team, 0):
            yield Violation("posts", team, heads, after.get(team, 0))
    for team in sorted(whole):
        posts, rest = facts.slots(team)
        if whole[team] > posts:
            yield Violation("slots", team, whole[team], posts)
        if part[team] > (rest > 0):
            yield Violation("slots", team, part[team], rest > 0)
