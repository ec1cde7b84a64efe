"""What the data and a plan's decisions say of every team, in plain Python, for the check."""

import math
from collections import defaultdict
from datetime import date
from functools import cached_property

from gst_opt.core.region import Status
from gst_opt.core.time import Grain
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem

Place = tuple[str, str]
_MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


class Facts:
    """The data: who is where, how many are needed, retire and may leave, how posts are filled."""

    def __init__(self, problem: WorkforcePlanningProblem) -> None:
        workforce = problem.workforce
        self.problem = problem
        self.periods = problem.calendar().periods
        self.ids = [period.id for period in self.periods]
        self.years = [period.start.year for period in self.periods]
        self.months = _MONTHS[problem.policy.grain]
        self.journeys = problem.journeys
        self.sites = {one.id: one for one in problem.region.facilities if one.status is Status.OPEN}
        self.needs = problem.needs
        self.staff = {(row.facility, row.skill): row for row in workforce.staff if row.facility in self.sites}
        self.places = sorted(self.needs.keys() | self.staff.keys())
        self.profession = {skill.id: skill.profession for skill in workforce.skills}
        self.careers = {row.skill: row for row in workforce.careers}
        self.posts = {(row.facility, row.skill): row for row in workforce.posts}
        self.attraction = {(row.facility, row.profession): row for row in workforce.attractions}
        self.envelopes = {
            (row.year, row.profession): self.within(row.posts, row.year)
            for row in workforce.new_posts
            if row.year in self.years
        }
        groups = problem.policy.counted
        self.counted = {
            skill.id
            for skill in workforce.skills
            if skill.profession in groups or (not groups and skill.health_professional)
        }
        self.courses = {(row.origin_skill, row.skill): row for row in workforce.trainings}

    def within(self, yearly: int, year: int) -> int:
        """Return what a whole yearly figure comes to in the plan's part of a year, rounded down."""
        return math.floor(yearly * self.years.count(year) * self.months / 12 + 1e-9)

    def heads(self, place: Place) -> int:
        """Heads in post today."""
        return self.staff[place].heads if place in self.staff else 0

    def need(self, place: Place) -> float:
        """FTE needed."""
        return self.needs[place].fte if place in self.needs else 0.0

    def stay(self, skill: str) -> float:
        """Share of the heads that stay over one period."""
        career = self.careers.get(skill)
        return math.pow(1.0 - career.yearly_departures, self.months / 12) if career else 1.0

    def lasts(self, months: int) -> int:
        """Periods that so many months take."""
        return math.ceil(months / self.months)

    def tenure(self, skill: str) -> int:
        """Periods after which an arrival may leave."""
        if not self.problem.policy.onward_moves:
            return len(self.ids)
        return max(1, self.lasts(self.careers[skill].minimum_tenure)) if skill in self.careers else 1

    @cached_property
    def retired(self) -> dict[Place, list[float]]:
        """Heads of today expected to be past their retirement age at the end of each period."""
        start: date = self.periods[0].start
        first = self.problem.horizon.periods[0].start if self.problem.horizon.periods else start
        before = (start.year - first.year) * 12 + (start.month - first.month)
        cohorts: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.problem.workforce.staff_ages:
            career = self.careers.get(row.skill)
            if career is not None:
                cohorts[row.facility, row.skill][career.retirement_age - row.age] += row.heads
        result = {}
        for place in self.places:
            course = []
            for number in range(1, len(self.periods) + 1):
                elapsed = before + number * self.months
                reached = 0.0
                for years, heads in cohorts.get(place, {}).items():
                    reached += heads * min(max(elapsed / 12 - (years - 1), 0.0), 1.0)
                course.append(min(reached, float(self.heads(place))))
            result[place] = course
        return result

    def natural(self, place: Place) -> list[float]:
        """Heads expected at the end of each period when nothing is decided."""
        stay = self.stay(place[1])
        return [(self.heads(place) - gone) * stay ** (t + 1) for t, gone in enumerate(self.retired[place])]

    def room(self, place: Place) -> list[int]:
        """Heads that may leave by decision, by period."""
        protected = self.staff[place].protected if place in self.staff else 0
        minimum = self.needs[place].minimum_team if place in self.needs else 0
        share = self.problem.policy.kept_share * min(float(self.heads(place)), self.need(place))
        kept = max(minimum, protected, math.ceil(share - 1e-9))
        return [max(math.floor(heads + 1e-9) - kept, 0) for heads in self.natural(place)]

    def short(self, place: Place) -> bool:
        """Whether a team is, or will be, short when nothing is decided."""
        return self.need(place) - self.natural(place)[-1] > 1e-9

    def filled(self, facility: str, skill: str, paid: bool) -> float:
        """Share of the posts opened there that are filled; zero where such posts make no sense."""
        row = self.attraction.get((facility, self.profession[skill]))
        if row is None:
            return 0.0 if paid else 1.0
        if paid:
            return row.fill_share_with_incentive if row.fill_share_with_incentive > row.fill_share else 0.0
        return row.fill_share

    def asked(self, year: int) -> dict[tuple[str, str], float]:
        """Heads that the targets in force ask for at the end of a year."""
        region = self.problem.region
        people: dict[str, float] = defaultdict(float)
        provinces = {zone.id: zone.province for zone in region.zones}
        for row in region.populations:
            people[provinces[row.zone]] += row.inhabitants
            people["*"] += row.inhabitants
        found = {}
        for target in self.problem.workforce.staffing_targets:
            rivals = [
                other.year
                for other in self.problem.workforce.staffing_targets
                if (other.province, other.profession) == (target.province, target.profession) and other.year <= year
            ]
            if rivals and target.year == max(rivals):
                found[target.province, target.profession] = target.per_1000 * people[target.province] / 1000
        return found

    def counts(self, place: Place, province: str, profession: str) -> bool:
        """Whether the heads of a team count towards a target."""
        here = province in ("*", self.sites[place[0]].province)
        return here and (place[1] in self.counted if profession == "*" else self.profession[place[1]] == profession)


class Course:
    """What becomes of every team under a plan: figures by (period number, team)."""

    def __init__(self, facts: Facts, plan: WorkforcePlan) -> None:
        number = {period: t for t, period in enumerate(facts.ids)}
        count = len(facts.ids)
        figures: list[dict[Place, list[float]]] = [{one: [0.0] * count for one in facts.places} for _ in range(11)]
        self.moved_in, self.moved_out, self.begun, self.back, self.filled, stayed, *others = figures
        self.start, self.end, self.departures, self.retirements, self.gone = others
        for move in plan.moves:
            t, skill = number[move.period], move.skill
            self.moved_out[move.origin, skill][t] += move.heads
            self.moved_in[move.host, skill][t] += move.heads
            _add(stayed[move.host, skill], t + facts.tenure(skill), move.heads)
        for post in plan.posts:
            place = post.facility, post.skill
            own = [t for t, year in enumerate(facts.years) if year == post.year]
            plain, paid = (facts.filled(*place, paid) for paid in (False, True))
            heads = (post.posts - post.with_incentive) * plain + post.with_incentive * paid
            for t in own:
                self.filled[place][t] += heads / len(own)
                _add(stayed[place], t + 1 + facts.tenure(post.skill), heads / len(own))
        for one in plan.trainings:
            course = facts.courses[one.origin_skill, one.skill]
            t = number[one.period]
            home, learnt = (one.facility, one.origin_skill), (one.facility, one.skill)
            self.begun[home][t] += one.heads
            back = t + facts.lasts(course.months)
            _add(self.back[home], back, one.heads * (1 - course.success_share))
            _add(self.back[learnt], back, one.heads * course.success_share)
            _add(stayed[home], back, one.heads * (1 - course.success_share))
            _add(stayed[learnt], back + facts.tenure(one.skill), one.heads * course.success_share)
        for place in facts.places:
            stay, retired, heads, gone = facts.stay(place[1]), facts.retired[place], float(facts.heads(place)), 0.0
            for t in range(count):
                self.start[place][t] = heads
                present = heads + self.moved_in[place][t] - self.moved_out[place][t]
                present += self.back[place][t] - self.begun[place][t]
                self.departures[place][t] = (1 - stay) * present
                self.retirements[place][t] = (retired[t] - (retired[t - 1] if t else 0)) * stay ** (t + 1)
                heads = stay * present - self.retirements[place][t] + self.filled[place][t]
                self.end[place][t] = heads
                gone += self.moved_out[place][t] + self.begun[place][t] - stayed[place][t]
                self.gone[place][t] = gone


def _add(course: list[float], t: int, heads: float) -> None:
    if t < len(course):
        course[t] += heads
