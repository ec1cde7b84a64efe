"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model.

Journey times and the people that each facility serves come from `network`, which turns the data into both.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gst_opt.core.region import Facility, Status
from gst_opt.model.problem import Check, PinKind, Violation
from gst_opt.network import Travel, catchments, travel
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem

Place = tuple[str, str]
TOLERANCE = 1e-6


def check(problem: RedeploymentProblem, plan: RedeploymentPlan) -> Check:
    """Recompute every rule and every term of a redeployment plan.

    Rules, by name: ``whole_heads``, ``known_posts``, ``one_row_a_move``, ``max_travel``, ``minutes``, ``release``,
    ``pins``, ``teams``, ``team_need``, ``team_heads``, ``team_cover``, ``team_place``.
    """
    facts = _Facts(problem)
    violations = [
        *_moves(problem, plan, facts),
        *_release(problem, plan, facts),
        *_pins(problem, plan),
        *_teams(problem, plan, facts),
    ]
    after = facts.heads_after(plan)
    reach = facts.can_take_part(problem.policy.max_travel)
    return Check(
        violations=tuple(violations),
        terms={
            "uncovered": math.fsum(facts.short(place, after.get(place, 0)) for place in reach),
            "moves": float(sum(move.heads for move in plan.moves)),
            "travel": math.fsum(move.heads * move.minutes for move in plan.moves),
        },
        today={
            "uncovered": math.fsum(facts.short(place, facts.heads.get(place, 0)) for place in reach),
            "moves": 0.0,
            "travel": 0.0,
        },
        constants={
            "uncovered": math.fsum(
                facts.short(place, facts.heads.get(place, 0)) for place in facts.places() if place not in reach
            )
        },
    )


class Need(NamedTuple):
    """What a team should be, computed again from the norms."""

    fte: float
    minimum_team: int


def _needs(problem: RedeploymentProblem, facilities: Iterable[Facility], journeys: Travel) -> dict[Place, Need]:
    people = catchments(problem.region, journeys)
    result = {}
    for facility in facilities:
        beds = sum(row.beds for row in problem.region.ward_beds if row.facility == facility.id)
        for norm in problem.workforce.staffing_norms:
            if (norm.level, norm.facility_kind) == (facility.level, facility.kind):
                by_people = norm.fte_per_10k_inhabitants * people.get(facility.id, 0.0) / 10_000
                asked = norm.fte + by_people + norm.fte_per_100_beds * beds / 100
                if max(asked, norm.minimum_fte, norm.minimum_team) > 0:
                    result[facility.id, norm.skill] = Need(max(asked, norm.minimum_fte), norm.minimum_team)
    return result


class _Facts:
    """What the data say: who is where, how many are needed and must stay, how far places are."""

    def __init__(self, problem: RedeploymentProblem) -> None:
        self.journeys: Travel = travel(problem.region)
        self.facilities = {one.id: one for one in problem.region.facilities if one.status is Status.OPEN}
        self.needs: dict[Place, Need] = _needs(problem, self.facilities.values(), self.journeys)
        self.heads: dict[Place, int] = {
            (row.facility, row.skill): row.heads for row in problem.workforce.staff if row.facility in self.facilities
        }
        self.kept_share = problem.policy.kept_share

    def places(self) -> list[Place]:
        return sorted(set(self.needs) | set(self.heads))

    def need(self, place: Place) -> float:
        return self.needs[place].fte if place in self.needs else 0.0

    def short(self, place: Place, heads: int) -> float:
        return max(self.need(place) - heads, 0.0)

    def spare(self, place: Place) -> int:
        """Heads that may leave: those above the team that must stay and above the share of the need to be kept."""
        heads = self.heads.get(place, 0)
        minimum = self.needs[place].minimum_team if place in self.needs else 0
        protected = self.kept_share * min(float(heads), self.need(place))
        return max(heads - max(minimum, math.ceil(protected - 1e-9)), 0)

    def heads_after(self, plan: RedeploymentPlan) -> dict[Place, int]:
        after = dict(self.heads)
        for move in plan.moves:
            after[move.origin, move.skill] = after.get((move.origin, move.skill), 0) - move.heads
            after[move.host, move.skill] = after.get((move.host, move.skill), 0) + move.heads
        return after

    def can_take_part(self, radius: float) -> set[Place]:
        """Teams with heads to spare near a team with an empty post of the same skill, and those teams."""
        by_skill: dict[str, list[Place]] = defaultdict(list)
        for place in self.places():
            by_skill[place[1]].append(place)
        result: set[Place] = set()
        for places in by_skill.values():
            givers = [place for place in places if self.spare(place) > 0]
            takers = [place for place in places if self.need(place) - self.heads.get(place, 0) > 1e-9]
            times = self.journeys.between([place[0] for place in givers], [place[0] for place in takers])
            for row, giver in enumerate(givers):
                for column, taker in enumerate(takers):
                    if giver != taker and times[row, column] <= radius:
                        result.update((giver, taker))
        return result


def _moves(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: _Facts) -> Iterator[Violation]:
    skills = {skill.id for skill in problem.workforce.skills}
    seen: set[tuple[str, str, str]] = set()
    for move in plan.moves:
        place = (move.origin, move.host, move.skill)
        if move.heads < 1:
            yield Violation("whole_heads", place, move.heads, 1)
        if (
            move.origin == move.host
            or not {move.origin, move.host} <= facts.facilities.keys()
            or move.skill not in skills
        ):
            yield Violation("known_posts", place, 0, 1)
            continue
        if place in seen:
            yield Violation("one_row_a_move", place, 2, 1)
        seen.add(place)
        minutes = facts.journeys.minutes(move.origin, move.host)
        if minutes > problem.policy.max_travel + TOLERANCE:
            yield Violation("max_travel", place, minutes, problem.policy.max_travel)
        if abs(minutes - move.minutes) > TOLERANCE * max(1.0, minutes):
            yield Violation("minutes", place, move.minutes, minutes)


def _release(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: _Facts) -> Iterator[Violation]:
    leaving: dict[Place, int] = defaultdict(int)
    for move in plan.moves:
        leaving[move.origin, move.skill] += move.heads
    for place, heads in sorted(leaving.items()):
        if heads > facts.spare(place):
            yield Violation("release", place, heads, facts.spare(place))


def _pins(problem: RedeploymentProblem, plan: RedeploymentPlan) -> Iterator[Violation]:
    for number, pin in enumerate(problem.policy.pins, 1):
        total = sum(move.heads for move in plan.moves if pin.selects(move.origin, move.host, move.skill))
        value = 0.0 if pin.value is None else pin.value
        wrong = {
            PinKind.FIX: total != value,
            PinKind.FORBID: total != 0,
            PinKind.KEEP: total != 0,
            PinKind.AT_LEAST: total < value,
            PinKind.AT_MOST: total > value,
        }[pin.kind]
        if wrong:
            yield Violation("pins", (str(number), pin.reason), total, value)


def _teams(problem: RedeploymentProblem, plan: RedeploymentPlan, facts: _Facts) -> Iterator[Violation]:
    after = facts.heads_after(plan)
    listed = [(team.facility, team.skill) for team in plan.teams]
    if listed != facts.places():
        wrong = sorted(set(listed) ^ set(facts.places()))
        yield Violation("teams", wrong[0] if wrong else ("*",), len(listed), len(facts.places()))
        return
    for team in plan.teams:
        place = (team.facility, team.skill)
        facility, need = facts.facilities[team.facility], facts.need(place)
        if (team.province, team.establishment) != (facility.province, facility.establishment or facility.id):
            yield Violation("team_place", place, 0, 1)
        if abs(team.need - need) > TOLERANCE:
            yield Violation("team_need", place, team.need, need)
        for heads, expected, cover in (
            (team.heads_today, facts.heads.get(place, 0), team.covered_today),
            (team.heads_planned, after.get(place, 0), team.covered_planned),
        ):
            if heads != expected:
                yield Violation("team_heads", place, heads, expected)
            if abs(cover - min(float(expected), need)) > TOLERANCE:
                yield Violation("team_cover", place, cover, min(float(expected), need))
