"""Is there staff for sessions, beds and experts, and is it lent, and heard from afar, as it may be?"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import HOUR, ByScenario, ByYear, Course
from gst_opt.pillars.platforms.location.check_facts import Facts, above, same
from gst_opt.pillars.platforms.location.check_stocks import Key
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode


class Hours:
    """Hours needed of every skill at every facility, by year and scenario, and the hours there are.

    Attributes
    ----------
    needed
        By (facility, skill): hours of sessions, rounds, beds and experts.
    at_a_distance
        Those of experts who may be elsewhere.
    available
        Hours of its own staff that a facility may use.
    """

    def __init__(self, facts: Facts, course: Course) -> None:
        shape = (len(facts.years), len(facts.scenarios))
        self.needed: ByScenario = defaultdict(lambda: np.zeros(shape))
        self.at_a_distance: ByScenario = defaultdict(lambda: np.zeros(shape))
        self._sessions(facts, course)
        self._beds(facts, course)
        self._experts(facts, course)
        hours, share = facts.problem.hours_a_year, facts.policy.staff_share
        self.available: dict[Key, float] = {
            (row.facility, row.skill): share * row.heads * hours.get(row.skill, 0.0)
            for row in facts.problem.workforce.staff
            if row.facility in facts.sites
        }

    def _sessions(self, facts: Facts, course: Course) -> None:
        for row in facts.equipment.session_staff:
            each = row.heads * facts.kinds[row.equipment_type].minutes_per_session / HOUR
            for (facility, kind), sessions in course.sessions.items():
                if kind == row.equipment_type and any(sessions):
                    self.needed[facility, row.skill] += each * np.array(sessions)[:, None]
            for key, dock in facts.docks.items():
                if dock.unit.equipment_type == row.equipment_type and any(course.rounds[key]):
                    self.needed[dock.unit.base, row.skill] += each * np.array(course.rounds[key])[:, None]

    def _beds(self, facts: Facts, course: Course) -> None:
        for row in facts.equipment.ward_staff:
            if str(row.ward) not in facts.wards:
                continue
            each = row.fte * facts.problem.hours_a_year.get(row.skill, 0.0) / facts.wards[str(row.ward)].block
            for (facility, ward), beds in course.amounts.items():
                if ward == row.ward and any(beds):
                    self.needed[facility, row.skill] += each * np.array(beds)[:, None]

    def _experts(self, facts: Facts, course: Course) -> None:
        experts = defaultdict(list)
        for row in facts.equipment.expert_times:
            experts[row.equipment_type, row.service].append(row)
        for maker, acts in zip(facts.makers, course.by_maker, strict=True):
            if maker.platform is None or not acts.any():
                continue
            facility, kind = maker.place, maker.platform
            if maker.mode is Mode.MOBILE:
                unit = facts.docks[maker.site].unit
                facility, kind = unit.base, unit.equipment_type
            for row in experts[kind, maker.service]:
                self.needed[facility, row.skill] += acts * row.minutes_per_act / HOUR
                if row.remote:
                    self.at_a_distance[facility, row.skill] += acts * row.minutes_per_act / HOUR


def staff(facts: Facts, plan: LocationPlan, hours: Hours) -> Iterator[Violation]:
    """Yield what is wrong with the hours of staff, lent ones and those at a distance."""
    yield from _lent(facts, plan)
    yield from _links(facts, plan)
    if not facts.policy.staff_limit or not facts.problem.workforce.staff:
        return
    come: ByYear = defaultdict(lambda: [0.0] * len(facts.years))
    go: ByYear = defaultdict(lambda: [0.0] * len(facts.years))
    heard: ByYear = defaultdict(lambda: [0.0] * len(facts.years))
    for lent in plan.lent_hours:
        t = facts.number[lent.year]
        go[lent.origin, lent.skill][t] += lent.hours
        lost = 2 * facts.minutes(lent.origin, lent.host) / facts.policy.lent_day
        come[lent.host, lent.skill][t] += lent.hours * (1 - lost)
    for remote in plan.remote_hours:
        t = facts.number[remote.year]
        go[remote.origin, remote.skill][t] += remote.hours
        heard[remote.host, remote.skill][t] += remote.hours
    for key in sorted(hours.needed.keys() | go.keys() | heard.keys()):
        for t, year in enumerate(facts.years):
            asked = float(hours.needed[key][t].max()) + go[key][t]
            own = hours.available.get(key, 0.0) if t >= facts.first[key[0]] else 0.0
            there = own + come[key][t] + heard[key][t]
            if above(asked, there):
                yield Violation("staff_hours", (*key, str(year)), asked, there)
            eligible = float(hours.at_a_distance[key][t].min())
            if above(heard[key][t], eligible):
                yield Violation("remote_need", (*key, str(year)), heard[key][t], eligible)


def _lent(facts: Facts, plan: LocationPlan) -> Iterator[Violation]:
    for one in plan.lent_hours:
        place = (one.skill, one.origin, one.host, str(one.year))
        minutes = facts.minutes(one.origin, one.host)
        if above(minutes, facts.policy.max_lending) or 2 * minutes >= facts.policy.lent_day:
            yield Violation("max_lending", place, minutes, facts.policy.max_lending)
        if not same(one.minutes, minutes):
            yield Violation("minutes", place, one.minutes, minutes)
        cost = facts.policy.lending_price * one.hours
        if not same(one.cost, cost):
            yield Violation("lending_cost", place, one.cost, cost)


def _links(facts: Facts, plan: LocationPlan) -> Iterator[Violation]:
    """Yield links between two sites that do not cost what one does, whatever the skills that share it."""
    paid: dict[tuple[str, str, int], float] = defaultdict(float)
    for one in plan.remote_hours:
        paid[one.origin, one.host, one.year] += one.cost
    for (origin, host, year), cost in sorted(paid.items()):
        if not same(cost, facts.policy.remote_link):
            yield Violation("remote_link", (origin, host, str(year)), cost, facts.policy.remote_link)
