"""Every term of a plan, recomputed, and what no decision changes."""

import math

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.provinces import province_terms
from gst_opt.pillars.platforms.location.check_access import covers
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import Facts, Floats
from gst_opt.pillars.platforms.location.check_money import spending
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode
from gst_opt.pillars.platforms.location.problem import UNMET_IN
from gst_opt.pillars.platforms.location.queues import mean_minutes, wait_lines


def terms(facts: Facts, plan: LocationPlan, course: Course) -> dict[str, float]:
    """Recompute the terms of a plan: expected over scenarios, all years, money discounted."""
    served = np.array([bool(own) for own in facts.options], dtype=np.bool_)
    weighted = _weighted(facts, course.left)
    by_scenario = weighted[served].sum(axis=(0, 1))
    chance = facts.chance[course.scenario] * course.acts
    discount = [facts.problem.discount(year) for year in facts.years]
    return {
        "unmet": float(by_scenario @ facts.chance),
        "not_covered": math.fsum(float((one.missing - one.beyond).sum()) for one in covers(facts, course)),
        **_provinces(facts, weighted),
        **{
            line: math.fsum(rate * mad for rate, mad in zip(discount, own, strict=True))
            for line, own in spending(facts, plan, course).items()
        },
        "journeys": float(chance @ course.minutes),
        "above_level": _above_level(facts, course, chance),
        "waiting": _waiting(facts, course),
        "kolm_pollak": _kolm_pollak(facts, course, chance, served),
        "unmet_cvar": _tail(by_scenario, facts.chance, facts.policy.cvar_level),
    }


def constants(facts: Facts, course: Course) -> dict[str, float]:
    """Return the needs that no site in reach could meet, and the people that no site could cover."""
    beyond = [h for h, own in enumerate(facts.options) if not own]
    return {
        "unmet": float(_weighted(facts, facts.need)[beyond].sum(axis=(0, 1)) @ facts.chance),
        "not_covered": math.fsum(float(one.beyond.sum()) for one in covers(facts, course)),
    }


def _weighted(facts: Facts, acts: Floats) -> Floats:
    weights = np.array([facts.weight[one.service] for one in facts.streams])
    found: Floats = acts * weights[:, None, None]
    return found


def _provinces(facts: Facts, weighted: Floats) -> dict[str, float]:
    """Return what every province with any need lacks, what nothing can reach included."""
    own = np.array([facts.zones[one.zone].province for one in facts.streams])
    mean = weighted.sum(axis=1) @ facts.chance
    names = province_terms({str(name) for name in own}, UNMET_IN)
    return {term: float(mean[own == name].sum()) for name, term in names.items()}


def _above_level(facts: Facts, course: Course, chance: Floats) -> float:
    """Return the acts of counter-referral given on site above the lowest level near home in their year."""
    ranks = np.array([facts.rank.get(one.place, 0) for one in facts.makers])
    on_site = np.array([one.mode is Mode.ON_SITE for one in facts.makers], dtype=np.bool_)
    lowest = np.full((len(facts.streams), len(facts.years)), np.inf)
    for h, (stream, own) in enumerate(zip(facts.streams, facts.options, strict=True)):
        if stream.near_home is not None:
            near = [one for one in own if facts.minutes(stream.zone, facts.makers[one].place) <= stream.near_home]
            for t in range(len(facts.years)):
                there = [ranks[one] for one in near if on_site[one] and facts.makers[one].first <= t]
                lowest[h, t] = min(there, default=np.inf)
    above = on_site[course.maker] & (ranks[course.maker] > lowest[course.stream, course.year])
    return float(chance[above].sum())


def _waiting(facts: Facts, course: Course) -> float:
    """Return the days that patients wait, by the lines of every platform's units."""
    total = 0.0
    for key, stock in facts.stocks.items():
        if key[1] in facts.wards:
            continue
        mean = mean_minutes(facts.equipment, key[1])
        for t in range(stock.first, len(facts.years)):
            slopes, heights = wait_lines(course.kind(key), course.amounts[key][t], mean, course.limit(key, t))
            used = course.expected(course.used[Mode.ON_SITE], key, t)
            total += float((slopes * used + heights).max())
    return total


def _kolm_pollak(facts: Facts, course: Course, chance: Floats, served: NDArray[np.bool_]) -> float:
    """Return acts by the exponent of their journey; one not given counts as the longest journey in reach."""
    rate = facts.policy.inequality_aversion
    left = (course.left.sum(axis=1) @ facts.chance)[served]
    return float(chance @ np.exp(rate * course.minutes)) + float(left @ np.exp(rate * facts.longest[served]))


def _tail(unmet: Floats, chance: Floats, level: float) -> float:
    """Return the mean of the worst scenarios, as many as have a probability of 1 - level."""
    left, total = 1 - level, 0.0
    for s in np.argsort(-unmet, kind="stable").tolist():
        part = min(float(chance[s]), left)
        total, left = total + part * float(unmet[s]), left - part
    return total / (1 - level)
