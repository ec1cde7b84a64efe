"""What a plan amounts to, recomputed in plain Python for the check: cover, targets, money, and what was in reach."""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.pillars.staff.workforce_planning.facts import Course, Facts, Place
from gst_opt.pillars.staff.workforce_planning.plan import TargetYear, WorkforcePlan


class Reach:
    """The teams whose heads some allowed decision changes, and those that one can bring heads to."""

    def __init__(self, facts: Facts) -> None:
        last = len(facts.ids) - 1
        short = {place for place in facts.places if facts.short(place)}
        posts = {
            place
            for place in facts.places
            for year in set(facts.years)
            if facts.need(place) > 0
            and facts.envelopes.get((year, facts.profession[place[1]]), 0) > 0
            and any(facts.filled(*place, paid) > 0 for paid in (False, True))
        }
        courses = [course for course in facts.courses.values() if course.places > 0]
        learnt = {place for place in facts.places if any(course.skill == place[1] for course in courses)}
        leaves = {
            place
            for place in facts.places
            if facts.room(place)[-1] >= 1 or (place in short | posts | learnt and facts.tenure(place[1]) <= last)
        }
        self.gains, gives = set(posts), set[Place]()
        for course in courses:
            for facility, skill in leaves:
                if skill == course.origin_skill and (facility, course.skill) in set(facts.places):
                    gives.add((facility, skill))
                    self.gains.add((facility, course.skill))
        by_skill: dict[str, tuple[list[Place], list[Place]]] = defaultdict(lambda: ([], []))
        for side, places in enumerate((leaves, short)):
            for place in sorted(places):
                by_skill[place[1]][side].append(place)
        for senders, hosts in by_skill.values():
            times = facts.journeys.between([one[0] for one in senders], [one[0] for one in hosts])
            near = times <= facts.problem.policy.max_travel
            for row, sender in enumerate(senders):
                for column in near[row].nonzero()[0].tolist():
                    if hosts[column] != sender:
                        gives.add(sender)
                        self.gains.add(hosts[column])
        self.changes = self.gains | gives


def uncovered(facts: Facts, course: Course, places: set[Place]) -> float:
    """Return the need left uncovered by some teams over all periods, in FTE x years."""
    part = facts.months / 12
    return part * math.fsum(max(facts.need(place) - end, 0.0) for place in places for end in course.end[place])


def targets(facts: Facts, course: Course, reach: Reach, *, within: bool) -> Iterator[TargetYear]:
    """Yield the targets at the ends of the plan's years that some decision can bring nearer, or that none can."""
    closing = {
        period.end.year: t for t, period in enumerate(facts.periods) if (period.end.month, period.end.day) == (12, 31)
    }
    for year in sorted(closing.keys() & set(facts.years)):
        for (province, profession), asked in sorted(facts.asked(year).items()):
            own = [place for place in facts.places if facts.counts(place, province, profession)]
            if asked > 0 and any(place in reach.changes for place in own) is within:
                heads = math.fsum(course.end[place][closing[year]] for place in own)
                yield TargetYear(
                    year=year,
                    province=province,
                    profession=profession,
                    target=asked,
                    heads=max(heads, 0.0),
                    shortfall=max(asked - heads, 0.0),
                )


def spent(facts: Facts, plan: WorkforcePlan) -> list[tuple[float, float]]:
    """Return the incentives and the trainings paid in each period."""
    result = []
    for t, period in enumerate(facts.ids):
        incentives = 0.0
        for post in plan.posts:
            row = facts.attraction.get((post.facility, facts.profession[post.skill]))
            if row is not None and post.year <= facts.years[t]:
                own = [number for number, year in enumerate(facts.years) if year == post.year]
                by_now = sum(number <= t for number in own) / len(own)
                heads = post.with_incentive * facts.filled(post.facility, post.skill, paid=True) * by_now
                incentives += heads * row.incentive * facts.months / 12
        trainings = math.fsum(
            one.heads * facts.courses[one.origin_skill, one.skill].cost
            for one in plan.trainings
            if one.period == period
        )
        result.append((incentives, trainings))
    return result


def terms(facts: Facts, plan: WorkforcePlan, course: Course, reach: Reach) -> dict[str, float]:
    """Return every term of a plan, what no decision can change left out."""
    return {
        "uncovered": uncovered(facts, course, reach.changes),
        "target_shortfall": math.fsum(one.shortfall for one in targets(facts, course, reach, within=True)),
        "spending": math.fsum(sum(pair) for pair in spent(facts, plan)),
        "moves": float(sum(move.heads for move in plan.moves)),
        "travel": math.fsum(move.heads * move.minutes for move in plan.moves),
    }
