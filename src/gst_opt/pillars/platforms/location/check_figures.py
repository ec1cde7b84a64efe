"""Are the figures of a plan what its decisions come to: use, waits, occupancy, staff, reasons?"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import DAYS, Course
from gst_opt.pillars.platforms.location.check_facts import TOLERANCE, Facts, same
from gst_opt.pillars.platforms.location.check_served import shares
from gst_opt.pillars.platforms.location.check_staff import Hours
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode, UnmetReason
from gst_opt.pillars.platforms.location.queues import mean_minutes, wait

NEAR = (0.5 * TOLERANCE, 2 * TOLERANCE)
"""How near to a limit is at the limit, relative: a plan at the edge may say either."""


def platforms(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    """Yield units and beds with a wrong province, use, wait, occupancy, bed-days or sessions a week."""
    for row in plan.units:
        key, t = (row.facility, row.equipment_type), facts.number[row.year]
        kind, time = facts.kinds[key[1]], course.open_minutes(key, t)
        used = course.expected(course.used[Mode.ON_SITE], key, t) + course.sold_minutes(key, t)
        use = used / time if time else 0.0
        waited = wait(kind, row.units, use, mean_minutes(facts.equipment, key[1]))
        for rule, found, right in (
            ("sessions_per_week", row.sessions_per_week, row.sessions / kind.weeks_per_year),
            ("use", row.use, use),
            ("wait", row.wait, waited),
        ):
            if not same(found, right):
                yield Violation(rule, (*key, str(row.year)), found, right)
        if row.province != facts.sites[row.facility].province:
            yield Violation("site_province", (*key, str(row.year)), 0, 1)
    for beds in plan.beds:
        key, t = (beds.facility, str(beds.ward)), facts.number[beds.year]
        days = course.expected(course.bed_days, key, t)
        share = days / (DAYS * beds.beds) if beds.beds else 0.0
        for rule, found, right in (("bed_use", beds.bed_days, days), ("occupancy", beds.occupancy, share)):
            if not same(found, right):
                yield Violation(rule, (*key, str(beds.year)), found, right)
        if beds.province != facts.sites[beds.facility].province:
            yield Violation("site_province", (*key, str(beds.year)), 0, 1)


def staff(facts: Facts, plan: LocationPlan, hours: Hours) -> Iterator[Violation]:
    """Yield teams whose hours, needed or available, are not those that the plan says."""
    written = {(one.facility, one.skill, one.year): one for one in plan.staff}
    asked = {(*key, year) for key in hours.needed for year in facts.years}
    for facility, skill, year in sorted(asked | written.keys()):
        needed = float(hours.needed[facility, skill][facts.number[year]].max())
        there, row = hours.available.get((facility, skill), 0.0), written.get((facility, skill, year))
        place = (facility, skill, str(year))
        if not same(0.0 if row is None else row.hours_needed, needed):
            yield Violation("staff_figures", place, 0.0 if row is None else row.hours_needed, needed)
        if row is not None and not same(row.hours_available, there):
            yield Violation("staff_figures", place, row.hours_available, there)


def reasons(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    """Yield needs left for another reason than the plan says."""
    share = shares(facts, course)
    states = [_state(facts, course, near) for near in NEAR]
    for one in plan.unmet:
        h = facts.stream_number[one.zone, one.service, one.pathway, one.step]
        t, s = facts.number[one.year], facts.scenarios[one.scenario]
        if one.acts <= TOLERANCE * max(1.0, float(facts.need[h, t, s])):
            continue
        before = int(facts.before[h])
        own = facts.options[h]
        fit = set()
        for near, (opened, full) in zip(NEAR, states, strict=True):
            if not own:
                fit.add(UnmetReason.NO_SITE_IN_REACH)
            elif before >= 0 and share[h, t, s] >= share[before, t, s] - near:
                fit.add(UnmetReason.EARLIER_STEP)
            elif not opened[own, t].any():
                fit.add(UnmetReason.NO_UNIT_IN_REACH)
            elif full[own, t, s][opened[own, t]].all():
                fit.add(UnmetReason.FULL)
            else:
                fit.add(UnmetReason.LIMITED)
        if one.reason not in fit:
            place = (one.zone, one.service, one.pathway or "", str(one.year), one.scenario, one.reason)
            yield Violation("unmet_reason", place, 0, 1)


def _state(facts: Facts, course: Course, near: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether every maker has anything in each year, and is at its limit in each scenario."""
    years, scenarios = len(facts.years), len(facts.scenarios)
    opened = np.zeros((len(facts.makers), years), dtype=np.bool_)
    full = np.zeros((len(facts.makers), years, scenarios), dtype=np.bool_)
    reached: dict[object, NDArray[np.bool_]] = {}
    for number, maker in enumerate(facts.makers):
        opened[number] = [course.open(number, t) for t in range(years)]
        keys = [("beds", key) for key, _ in maker.beds]
        keys += [] if maker.mode is Mode.ON_SITE and maker.platform is None else [(maker.mode, maker.site)]
        for what, key in keys:
            if (what, key) not in reached:
                reached[what, key] = np.array([_reached(course, what, key, t, near) for t in range(years)])
            full[number] |= reached[what, key]
    return opened, full


def _reached(course: Course, what: object, key: tuple[str, str], t: int, near: float) -> NDArray[np.bool_]:
    """Say in which scenarios a platform, beds, a contract or rounds are at their limit."""
    facts = course.facts
    if what == "beds":
        most, used = course.room(key, t), course.bed_days[key][t]
    elif what is Mode.ON_SITE:
        most, used = course.room(key, t), course.used[Mode.ON_SITE][key][t] + course.sold_minutes(key, t)
    elif what is Mode.CONTRACT:
        most, used = course.bought[key][t], course.made[Mode.CONTRACT][key][t]
    else:
        dock = facts.docks[key]
        each = facts.kinds[dock.unit.equipment_type].max_use * dock.minutes_left
        most, used = each * course.rounds[key][t], course.used[Mode.MOBILE][key][t]
    full: NDArray[np.bool_] = used >= most * (1 - near)
    return full
