"""Who is beyond the time of a cover standard, and are the shares guaranteed within a time given?"""

from collections.abc import Iterator

import numpy as np

from gst_opt.core.equipment import CoverStandard
from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import TOLERANCE, Facts, Floats, above, same
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.policy import Guarantee


class Cover:
    """People times sites missing of one standard, by zone and year.

    Attributes
    ----------
    missing
        With the units of the plan.
    beyond
        Whatever units the plan may have: no site that could have them is within the time.
    """

    def __init__(self, facts: Facts, course: Course, standard: CoverStandard) -> None:
        lowest = -1 if standard.min_level is None else standard.min_level.rank
        keys = [key for key in facts.stocks if key[1] == standard.equipment_type and facts.rank[key[0]] >= lowest]
        zones = list(facts.zones)
        times = facts.problem.journeys.between(zones, [key[0] for key in keys])
        near = (times <= standard.minutes).astype(np.float64)
        years = range(len(facts.years))
        units = np.array([[course.amounts[key][t] > 0 for t in years] for key in keys]).reshape(-1, len(years))
        there = np.array([[t >= facts.stocks[key].first for t in years] for key in keys]).reshape(-1, len(years))
        people = np.array([facts.people[zone] for zone in zones])
        self.missing: Floats = np.maximum(standard.sites - near @ units, 0.0) * people
        self.beyond: Floats = np.maximum(standard.sites - near @ there, 0.0) * people


def covers(facts: Facts, course: Course) -> list[Cover]:
    """Return who is not covered, by standard."""
    return [Cover(facts, course, one) for one in facts.equipment.cover_standards]


def gaps(facts: Facts, plan: LocationPlan, found: list[Cover]) -> Iterator[Violation]:
    """Yield zones whose people beyond the time of a standard are not those that the plan names."""
    written = {
        (one.equipment_type, one.min_level, one.sites, one.zone, one.year): one.people for one in plan.cover_gaps
    }
    for standard, cover in zip(facts.equipment.cover_standards, found, strict=True):
        for i, zone in enumerate(facts.zones):
            for t, year in enumerate(facts.years):
                people = written.get((standard.equipment_type, standard.min_level, standard.sites, zone, year), 0.0)
                if not same(people, float(cover.missing[i, t])):
                    place = (standard.equipment_type, str(standard.sites), zone, str(year))
                    yield Violation("cover", place, people, float(cover.missing[i, t]))


def guarantees(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield the provinces where too few acts are given within a guaranteed time."""
    services = np.array([one.service for one in facts.streams], dtype=np.str_)
    provinces = np.array([facts.zones[one.zone].province for one in facts.streams], dtype=np.str_)
    every = sorted({zone.province for zone in facts.zones.values()})
    for number, one in enumerate(facts.policy.guarantees, 1):
        near = _within(facts, course, one)
        for province in every if one.province is None else [one.province]:
            mine = (provinces == province) & ((services == one.service) | (one.service is None))
            needed, given = facts.need[mine].sum(axis=0) + _unmade(facts, one, province), near[mine].sum(axis=0)
            for t, s in np.ndindex(*needed.shape):
                if above(one.share * needed[t, s], given[t, s]):
                    place = (str(number), one.reason, province, str(facts.years[t]), list(facts.scenarios)[s])
                    yield Violation("guarantee", place, float(given[t, s]), one.share * float(needed[t, s]))


def _unmade(facts: Facts, one: Guarantee, province: str) -> Floats:
    """Return the acts needed in a province of the service that a guarantee names, where nothing makes it."""
    problem, found = facts.problem, np.zeros((len(facts.years), len(facts.scenarios)))
    for row in set(problem.needed) - set(problem.streams):
        if row.service == one.service and facts.zones[row.zone].province == province:
            found += np.outer(row.acts, [problem.factor(way, row.service, province) for way in problem.scenarios])
    return found


def _within(facts: Facts, course: Course, one: Guarantee) -> Floats:
    """Return the acts given within the minutes of a guarantee, by stream, year and scenario."""
    near = np.ones(len(course.acts), dtype=np.bool_)
    if one.minutes is not None:
        near = course.minutes <= one.minutes + TOLERANCE
    found = np.zeros_like(course.given)
    np.add.at(found, (course.stream[near], course.year[near], course.scenario[near]), course.acts[near])
    return found
