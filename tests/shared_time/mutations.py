"""Plans of shared time, each broken in one named way."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.shared_time.plan import Agreement, PrivateSessions, Reason, SharedTeam, SharedTimePlan
from gst_opt.pillars.staff.shared_time.problem import SharedTimePin, SharedTimeProblem

Rng = np.random.Generator
Change = Callable[[Agreement, Rng], dict[str, Any]]


def _agreement(change: Change) -> Callable[[SharedTimePlan, Rng], SharedTimePlan]:
    def mutate(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
        chosen = int(rng.integers(len(plan.agreements)))
        own = [one.replace(**change(one, rng)) if at == chosen else one for at, one in enumerate(plan.agreements)]
        return plan.replace(agreements=tuple(own))

    return mutate


def _team(change: Callable[[SharedTeam, Rng], dict[str, Any]]) -> Callable[[SharedTimePlan, Rng], SharedTimePlan]:
    def mutate(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
        chosen = int(rng.integers(len(plan.teams)))
        own = [one.replace(**change(one, rng)) if at == chosen else one for at, one in enumerate(plan.teams)]
        return plan.replace(teams=tuple(own))

    return mutate


def _known(one: Agreement, rng: Rng) -> dict[str, Any]:
    wrong: list[dict[str, Any]] = [
        {"host": "nowhere"},
        {"origin": "nowhere"},
        {"skill": "wizard"},
        {"host": one.origin},
    ]
    return wrong[int(rng.integers(len(wrong)))]


def _one_field(names: tuple[str, ...], low: float = 0.01) -> Callable[[Any, Rng], dict[str, Any]]:
    def change(one: Any, rng: Rng) -> dict[str, Any]:
        name = names[int(rng.integers(len(names)))]
        return {name: (getattr(one, name) or 0.0) + float(rng.uniform(low, 2))}

    return change


def _twice(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
    one = plan.agreements[int(rng.integers(len(plan.agreements)))]
    return plan.replace(agreements=(*plan.agreements, one))


def _away(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
    keep = int(rng.integers(len(plan.teams)))
    return plan.replace(teams=plan.teams[:keep] + plan.teams[keep + 1 :])


def _more_sold(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
    """Buy what is not on sale, or more than is."""
    if plan.private_sessions and rng.random() < 0.5:
        first = plan.private_sessions[0]
        return plan.replace(
            private_sessions=(first.replace(half_days=first.half_days + 50), *plan.private_sessions[1:])
        )
    return plan.replace(private_sessions=(*plan.private_sessions, _session(plan, "nowhere")))


def _session(plan: SharedTimePlan, facility: str) -> PrivateSessions:
    return PrivateSessions(facility=facility, skill=plan.teams[0].skill, half_days=1, price=10.0, cost=520.0)


def _cost(plan: SharedTimePlan, rng: Rng) -> SharedTimePlan:
    name = ("price", "cost")[int(rng.integers(2))]
    first, *others = plan.private_sessions
    return plan.replace(private_sessions=(first.replace(**{name: getattr(first, name) + 1.0}), *others))


def _reason(one: SharedTeam, rng: Rng) -> dict[str, Any]:
    return {"reason": next(reason for reason in [*Reason, None] if reason is not one.reason)}


MUTATIONS: dict[str, Callable[[SharedTimePlan, Rng], SharedTimePlan]] = {
    "known_places": _agreement(_known),
    "minutes": _agreement(_one_field(("minutes",))),
    "km": _agreement(_one_field(("km",))),
    "effective": _agreement(_one_field(("effective",))),
    "premium": _agreement(_one_field(("premium",))),
    "shortest_agreement": _agreement(lambda one, rng: {"half_days": 0}),
    "longest_agreement": _agreement(lambda one, rng: {"half_days": one.half_days + int(rng.integers(6, 9))}),
    "lenders": _agreement(lambda one, rng: {"person": one.person + int(rng.integers(5, 9))}),
    "distinct_people": _twice,
    "kept": _agreement(lambda one, rng: {"half_days": one.half_days + 50}),
    "on_sale": _more_sold,
    "teams": _away,
    "team_need": _team(_one_field(("need",))),
    "team_heads": _team(lambda one, rng: {"heads": one.heads + int(rng.integers(1, 4))}),
    "team_half_days": _team(_one_field(("half_days_lent", "half_days_received", "half_days_bought"))),
    "team_cover": _team(_one_field(("covered_today", "covered_planned"))),
    "team_fte": _team(_one_field(("fte_planned",))),
    "team_place": _team(lambda one, rng: {("province", "establishment")[int(rng.integers(2))]: "elsewhere"}),
    "reason": _team(_reason),
}
"""Broken by changing a plan that has agreements."""

BOUGHT: dict[str, Callable[[SharedTimePlan, Rng], SharedTimePlan]] = {"private_cost": _cost}
"""Broken by changing a plan that buys something."""


def _policy(problem: SharedTimeProblem, **changes: Any) -> SharedTimeProblem:
    return problem.replace(policy=problem.policy.replace(**changes))


def shorter_radius(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Set the radius below one of the plan's own journeys."""
    one = plan.agreements[int(rng.integers(len(plan.agreements)))]
    return _policy(problem, max_travel=one.minutes * float(rng.uniform(0.1, 0.99)))


def host_with_enough(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Give a host all the heads that it needs."""
    one = plan.agreements[int(rng.integers(len(plan.agreements)))]
    rows = [row for row in problem.workforce.staff if (row.facility, row.skill) != (one.host, one.skill)]
    row = problem.workforce.staff[0].replace(facility=one.host, skill=one.skill, heads=9, protected=0)
    return problem.replace(workforce=problem.workforce.replace(staff=(*rows, row)))


def fewer_hosts(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Allow one host less than the busiest of the people has."""
    return _policy(problem, hosts_per_person=1)


def less_away(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Allow one half-day away less than the busiest of the people has."""
    return _policy(problem, max_half_days_per_person=_longest_away(plan) - 1, min_half_days=1)


def _longest_away(plan: SharedTimePlan) -> int:
    away: dict[tuple[str, str, int], int] = {}
    for one in plan.agreements:
        away[one.origin, one.skill, one.person] = away.get((one.origin, one.skill, one.person), 0) + one.half_days
    return max(away.values(), default=0)


def lower_premiums(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Set the budget below what the plan pays."""
    spent = sum(one.premium for one in plan.agreements)
    return _policy(problem, premium_budget=spent * float(rng.uniform(0.0, 0.99)))


def lower_spending(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Set the budget below what the plan buys."""
    spent = sum(one.cost for one in plan.private_sessions)
    return _policy(problem, private_budget=spent * float(rng.uniform(0.0, 0.99)))


def new_pin(problem: SharedTimeProblem, plan: SharedTimePlan, rng: Rng) -> SharedTimeProblem:
    """Add a pin that the plan does not keep."""
    one = plan.agreements[int(rng.integers(len(plan.agreements)))]
    total = sum(other.half_days for other in plan.agreements if (other.origin, other.host) == (one.origin, one.host))
    kind = list(PinKind)[int(rng.integers(len(PinKind)))]
    value = {PinKind.FIX: total + 1, PinKind.AT_LEAST: total + 1, PinKind.AT_MOST: total - 1}.get(kind)
    pin = SharedTimePin(kind=kind, value=value, origin=one.origin, host=one.host, skill=one.skill, reason="drawn")
    return _policy(problem, pins=(pin,))


POLICIES: dict[str, Callable[[SharedTimeProblem, SharedTimePlan, Rng], SharedTimeProblem]] = {
    "max_travel": shorter_radius,
    "short_host": host_with_enough,
    "hosts_per_person": fewer_hosts,
    "half_days_per_person": less_away,
    "premium_budget": lower_premiums,
    "private_budget": lower_spending,
    "pins": new_pin,
}
"""Broken by changing the question under the plan."""


def fits(rule: str, plan: SharedTimePlan) -> bool:
    """Say whether a plan has what breaking a rule needs."""
    if rule in ("private_cost", "private_budget"):
        return bool(plan.private_sessions)
    if rule == "premium_budget":
        return any(one.premium for one in plan.agreements)
    if rule == "half_days_per_person":
        return _longest_away(plan) > 1
    if rule == "hosts_per_person":
        hosts: dict[tuple[str, str, int], set[str]] = {}
        for one in plan.agreements:
            hosts.setdefault((one.origin, one.skill, one.person), set()).add(one.host)
        return any(len(own) > 1 for own in hosts.values())
    return bool(plan.agreements)
