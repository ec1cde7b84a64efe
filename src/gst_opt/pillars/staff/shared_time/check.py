"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model.

Journeys and distances come from `network`, needs and premiums from the modules of the pillar that derive them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from gst_opt.core.mobility import PremiumKind, PrivateTime
from gst_opt.core.region import Status
from gst_opt.model.problem import Check, Violation
from gst_opt.model.provinces import province_terms
from gst_opt.network import distances
from gst_opt.pillars.staff.premiums import premium
from gst_opt.pillars.staff.question import broken_pins
from gst_opt.pillars.staff.shared_time.plan import Agreement, Reason, SharedTeam, SharedTimePlan
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem

Place = tuple[str, str]
TOLERANCE = 1e-6


def check(problem: SharedTimeProblem, plan: SharedTimePlan) -> Check:
    """Recompute every rule and every term of a plan of shared time.

    Rules, by name: ``known_places``, ``short_host``, ``max_travel``, ``minutes``, ``km``, ``effective``, ``premium``,
    ``shortest_agreement``, ``longest_agreement``, ``lenders``, ``distinct_people``, ``hosts_per_person``,
    ``half_days_per_person``, ``kept``,
    ``on_sale``, ``private_cost``, ``premium_budget``, ``private_budget``, ``pins``, ``teams``, ``team_need``,
    ``team_heads``, ``team_half_days``, ``team_cover``, ``team_fte``, ``team_place``, ``reason``.
    """
    facts = _Facts(problem)
    known = [one for one in plan.agreements if facts.knows(one)]
    violations = [
        *(Violation("known_places", _place(one), 0, 1) for one in plan.agreements if not facts.knows(one)),
        *(
            broken
            for one, km in zip(known, facts.kilometres(known), strict=True)
            for broken in _agreement(facts, one, km)
        ),
        *_people(facts, known),
        *_kept(facts, known),
        *_private(facts, plan),
        *_budgets(facts, plan),
        *_pins(problem, plan),
        *_teams(facts, plan, known),
    ]
    return _figures(facts, plan, known, tuple(violations))


class _Facts:
    """What the data say: who is where, what is needed, what may be lent, how far places are, what is on sale."""

    def __init__(self, problem: SharedTimeProblem) -> None:
        self.problem, self.policy = problem, problem.policy
        self.facilities = {one.id: one for one in problem.region.facilities if one.status is Status.OPEN}
        self.heads: dict[Place, int] = {}
        self.free: dict[Place, int] = {}
        for row in problem.workforce.staff:
            if row.facility in self.facilities:
                self.heads[row.facility, row.skill] = row.heads
                self.free[row.facility, row.skill] = max(row.heads - row.protected, 0)
        self.offers: dict[Place, PrivateTime] = {
            (row.facility, row.skill): row for row in problem.workforce.private_times
        }
        self.places = sorted(set(problem.needs) | set(self.heads))
        self.reach = self._reach()

    def knows(self, one: Agreement) -> bool:
        """Say whether an agreement is between two open facilities that have or need its skill."""
        ends = {(one.origin, one.skill), (one.host, one.skill)}
        return len(ends) == 2 and ends <= set(self.problem.needs) | self.heads.keys()

    def kilometres(self, agreements: Sequence[Agreement]) -> list[float]:
        """Distance of every agreement, by road."""
        origins, hosts = sorted({one.origin for one in agreements}), sorted({one.host for one in agreements})
        table = distances(self.problem.region, self.problem.journeys, origins, hosts)
        return [float(table[origins.index(one.origin), hosts.index(one.host)]) for one in agreements]

    def need(self, place: Place) -> float:
        """Need of a team, in FTE."""
        return self.problem.needs[place].fte if place in self.problem.needs else 0.0

    def short(self, place: Place) -> float:
        """What its own heads leave of its need, in FTE."""
        return max(self.need(place) - self.heads.get(place, 0), 0.0)

    def away(self, skill: str) -> int:
        """Most half-days of one person at all hosts."""
        return math.floor(min(self.problem.weeks[skill].half_days, self.policy.max_half_days_per_person) + 1e-9)

    def longest(self, skill: str, hosts: int = 1) -> int:
        """Most half-days at one host of a person who has so many."""
        return min(self.policy.max_half_days, self.away(skill) // hosts)

    def lendable(self, place: Place) -> int:
        """Half-days a week above those that a team keeps; 0 when nobody could make an agreement with them."""
        heads = self.heads.get(place, 0)
        team = self.problem.needs[place].minimum_team if place in self.problem.needs else 0
        stays = max(float(team), self.policy.kept_share * min(float(heads), self.need(place)))
        spare = math.floor(max(heads - stays, 0.0) * self.problem.weeks[place[1]].half_days + 1e-9)
        shortest = self.policy.min_half_days
        return spare if spare >= shortest <= self.longest(place[1]) and self.free.get(place, 0) else 0

    def _reach(self) -> dict[Place, list[Place]]:
        """Lenders near enough of every team that is short."""
        by_skill: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            by_skill[place[1]].append(place)
        found: dict[Place, list[Place]] = {}
        for skill, places in by_skill.items():
            givers = [place for place in places if self.lendable(place) > 0]
            takers = [place for place in places if self.short(place) > 1e-9]
            times = self.problem.journeys.between([place[0] for place in givers], [place[0] for place in takers])
            near = (times <= self.policy.max_travel) & (2 * times < self.problem.weeks[skill].minutes * (1 - 1e-9))
            for column, taker in enumerate(takers):
                rows = np.flatnonzero(near[:, column]).tolist()
                found[taker] = [givers[row] for row in rows if givers[row] != taker]
        return found

    def touched(self) -> set[Place]:
        """Teams that a decision can help, or leave short."""
        helped = {place for place in self.reach if self.reach[place] or self.for_sale(place)}
        lending = {giver for place in helped for giver in self.reach[place]}
        weak = {
            place
            for place in lending
            if (self.need(place) - self.heads[place]) * self.week(place) + self.lendable(place) > 1e-9
        }
        return helped | weak

    def for_sale(self, place: Place) -> int:
        """Whole half-days a week on sale to a team that is short."""
        offer = self.offers.get(place)
        return math.floor(offer.half_days + 1e-9) if offer and self.short(place) > 1e-9 else 0

    def week(self, place: Place) -> float:
        """Half-days of one person's week."""
        return self.problem.weeks[place[1]].half_days


def _place(one: Agreement) -> tuple[str, ...]:
    return (one.origin, one.host, one.skill, str(one.person))


def _agreement(facts: _Facts, one: Agreement, km: float) -> Iterator[Violation]:
    """Yield what is wrong with one agreement by itself."""
    place, policy = _place(one), facts.policy
    minutes = facts.problem.journeys.minutes(one.origin, one.host)
    left = 1 - 2 * minutes / facts.problem.weeks[one.skill].minutes
    far = math.isfinite(km) and km >= policy.premium_distance - 1e-9
    steps = facts.problem.workforce.premium_steps
    paid = float(premium(steps, PremiumKind.SHARED_TIME, np.array([float(one.half_days)]))[0]) if far else 0.0
    if facts.short((one.host, one.skill)) <= 1e-9:
        yield Violation("short_host", place, 0, 1)
    if minutes > policy.max_travel + TOLERANCE or left <= 0:
        yield Violation("max_travel", place, minutes, policy.max_travel)
    if one.half_days < policy.min_half_days:
        yield Violation("shortest_agreement", place, one.half_days, policy.min_half_days)
    known = -1.0 if one.km is None else one.km
    for rule, found, right in (
        ("minutes", one.minutes, minutes),
        ("km", known, km if math.isfinite(km) else -1.0),
        ("effective", one.effective, max(one.half_days * left, 0.0)),
        ("premium", one.premium, paid),
    ):
        if not _same(found, right):
            yield Violation(rule, place, found, right)


def _same(found: float, right: float) -> bool:
    return abs(found - right) <= TOLERANCE * max(1.0, abs(right))


def _people(facts: _Facts, agreements: Iterable[Agreement]) -> Iterator[Violation]:
    """Yield people who do not exist, who would have one host twice or too many, or who are away for too long."""
    lent: dict[tuple[str, str, int], list[Agreement]] = defaultdict(list)
    for one in agreements:
        lent[one.origin, one.skill, one.person].append(one)
    for (origin, skill, person), agreed in sorted(lent.items()):
        place, own = (origin, skill, str(person)), [one.host for one in agreed]
        longest, away = facts.longest(skill, len(set(own))), sum(one.half_days for one in agreed)
        for one in agreed:
            if one.half_days > longest:
                yield Violation("longest_agreement", _place(one), one.half_days, longest)
        if away > facts.away(skill):
            yield Violation("half_days_per_person", place, away, facts.away(skill))
        if person > facts.free.get((origin, skill), 0):
            yield Violation("lenders", place, person, facts.free.get((origin, skill), 0))
        if len(set(own)) < len(own):
            yield Violation("distinct_people", place, len(own), len(set(own)))
        if len(set(own)) > facts.policy.hosts_per_person:
            yield Violation("hosts_per_person", place, len(set(own)), facts.policy.hosts_per_person)


def _kept(facts: _Facts, agreements: Iterable[Agreement]) -> Iterator[Violation]:
    lent: dict[Place, int] = defaultdict(int)
    for one in agreements:
        lent[one.origin, one.skill] += one.half_days
    for place, half_days in sorted(lent.items()):
        if half_days > facts.lendable(place):
            yield Violation("kept", place, half_days, facts.lendable(place))


def _private(facts: _Facts, plan: SharedTimePlan) -> Iterator[Violation]:
    seen: set[Place] = set()
    for one in plan.private_sessions:
        place = (one.facility, one.skill)
        most = 0 if place in seen else facts.for_sale(place)
        seen.add(place)
        if not 1 <= one.half_days <= most:
            yield Violation("on_sale", place, one.half_days, most)
            continue
        price = facts.offers[place].price
        cost = facts.problem.weeks[one.skill].a_year * price * one.half_days
        if not (_same(one.price, price) and _same(one.cost, cost)):
            yield Violation("private_cost", place, one.cost, cost)


def _budgets(facts: _Facts, plan: SharedTimePlan) -> Iterator[Violation]:
    for rule, spent, budget in (
        ("premium_budget", math.fsum(one.premium for one in plan.agreements), facts.policy.premium_budget),
        ("private_budget", math.fsum(one.cost for one in plan.private_sessions), facts.policy.private_budget),
    ):
        if budget is not None and spent > budget + TOLERANCE * max(1.0, budget):
            yield Violation(rule, ("*",), spent, budget)


def _pins(problem: SharedTimeProblem, plan: SharedTimePlan) -> Iterator[Violation]:
    return broken_pins(
        (pin, sum(one.half_days for one in plan.agreements if pin.selects(one.origin, one.host, one.skill)))
        for pin in problem.policy.pins
    )


def _flows(plan: SharedTimePlan, agreements: Iterable[Agreement]) -> tuple[dict[Place, float], ...]:
    """Return half-days lent, received and bought by team."""
    lent: dict[Place, float] = defaultdict(float)
    received: dict[Place, float] = defaultdict(float)
    bought: dict[Place, float] = defaultdict(float)
    for one in agreements:
        lent[one.origin, one.skill] += one.half_days
        received[one.host, one.skill] += one.effective
    for sessions in plan.private_sessions:
        bought[sessions.facility, sessions.skill] += sessions.half_days
    return lent, received, bought


def _teams(facts: _Facts, plan: SharedTimePlan, agreements: Iterable[Agreement]) -> Iterator[Violation]:
    listed = [(team.facility, team.skill) for team in plan.teams]
    if listed != facts.places:
        wrong = sorted(set(listed) ^ set(facts.places))
        yield Violation("teams", wrong[0] if wrong else ("*",), len(listed), len(facts.places))
        return
    lent, received, bought = _flows(plan, agreements)
    for team in plan.teams:
        place = (team.facility, team.skill)
        facility, need, heads = facts.facilities[team.facility], facts.need(place), facts.heads.get(place, 0)
        flows = (lent.get(place, 0.0), received.get(place, 0.0), bought.get(place, 0.0))
        at_work = heads + (flows[1] + flows[2] - flows[0]) / facts.week(place)
        if (team.province, team.establishment) != (facility.province, facility.establishment or facility.id):
            yield Violation("team_place", place, 0, 1)
        if team.heads != heads:
            yield Violation("team_heads", place, team.heads, heads)
        for rule, found, right in (
            ("team_need", team.need, need),
            ("team_half_days", team.half_days_lent, flows[0]),
            ("team_half_days", team.half_days_received, flows[1]),
            ("team_half_days", team.half_days_bought, flows[2]),
            ("team_cover", team.covered_today, min(float(heads), need)),
            ("team_cover", team.covered_planned, min(need, at_work)),
            ("team_fte", team.fte_planned, at_work),
        ):
            if not _same(found, right):
                yield Violation(rule, place, found, right)
        if team.reason is not _reason(facts, team, lent, bought):
            yield Violation("reason", place, 0, 1)


def _reason(facts: _Facts, team: SharedTeam, lent: dict[Place, float], bought: dict[Place, float]) -> Reason | None:
    """Say why a team stays short, from what its lenders and its offer have left."""
    place = (team.facility, team.skill)
    if team.need - team.covered_planned <= TOLERANCE:
        return None
    lenders, offer = facts.reach.get(place, []), facts.for_sale(place)
    if not lenders and not offer:
        return Reason.NOBODY_IN_REACH
    shortest = facts.policy.min_half_days
    left = any(facts.lendable(giver) - lent.get(giver, 0.0) >= shortest for giver in lenders)
    return Reason.LIMITED if left or offer > bought.get(place, 0.0) else Reason.USED_UP


def _figures(
    facts: _Facts, plan: SharedTimePlan, agreements: Iterable[Agreement], violations: tuple[Violation, ...]
) -> Check:
    """Recompute every term, planned and today, and what no decision changes."""
    lent, received, bought = _flows(plan, agreements)
    touched = facts.touched()
    today = {place: facts.short(place) for place in facts.places}
    planned = {}
    for place in facts.places:
        shared = received.get(place, 0.0) + bought.get(place, 0.0) - lent.get(place, 0.0)
        planned[place] = max(facts.need(place) - facts.heads.get(place, 0) - shared / facts.week(place), 0.0)
    names = province_terms(facts.problem.needs_by_province())
    in_province = {
        term: [place for place in facts.places if facts.facilities[place[0]].province == province]
        for province, term in names.items()
    }
    return Check(
        violations=violations,
        terms={
            "uncovered": math.fsum(planned[place] for place in touched),
            "spending": math.fsum(one.cost for one in plan.private_sessions),
            "premiums": math.fsum(one.premium for one in plan.agreements),
            "weekly_travel": math.fsum(2 * one.minutes * one.half_days for one in plan.agreements),
            "agreements": float(len(plan.agreements)),
            **{term: math.fsum(planned[place] for place in places) for term, places in in_province.items()},
        },
        today={
            "uncovered": math.fsum(today[place] for place in touched),
            **dict.fromkeys(("spending", "premiums", "weekly_travel", "agreements"), 0.0),
            **{term: math.fsum(today[place] for place in places) for term, places in in_province.items()},
        },
        constants={"uncovered": math.fsum(today[place] for place in facts.places if place not in touched)},
    )
