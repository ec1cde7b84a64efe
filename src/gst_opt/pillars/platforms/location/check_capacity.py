"""Do units, beds, contracts and mobile units give no more than they can, and no less than they must?"""

from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import DAYS, HOUR, Course
from gst_opt.pillars.platforms.location.check_facts import TOLERANCE, Facts, above
from gst_opt.pillars.platforms.location.check_stocks import Key
from gst_opt.pillars.platforms.location.plan import Mode


def platforms(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield what is wrong with the sessions, the time and the use of units."""
    hired = {(row.facility, row.equipment_type): row.sessions for row in facts.equipment.session_sales}
    for key, stock in facts.stocks.items():
        if key[1] in facts.wards:
            continue
        kind, units = facts.kinds[key[1]], course.amounts[key]
        a_year = kind.sessions_per_week * kind.weeks_per_year
        for t in range(stock.first, len(facts.years)):
            place = (*key, str(facts.years[t]))
            run, sold = course.sessions[key][t], course.sold[key][t]
            used = course.used[Mode.ON_SITE][key][t]
            taken = float(used.max()) + course.sold_minutes(key, t)
            least = course.expected(course.used[Mode.ON_SITE], key, t) + course.sold_minutes(key, t)
            acts = course.expected(course.made[Mode.ON_SITE], key, t)
            for rule, found, most, size in (
                ("session_time", float(used.max()), kind.max_use * kind.minutes_per_session * run, HOUR),
                ("capacity", taken, course.room(key, t), HOUR),
                ("session_count", run + sold, a_year * units[t], 1.0),
                ("sale", sold, hired.get(key, 0.0), 1.0),
                ("use_floor", -least, -kind.min_use * course.open_minutes(key, t), HOUR),
                ("act_floor", -acts, -kind.min_acts * (units[t] > 0), 1.0),
            ):
                if above(found, most, size):
                    yield Violation(rule, place, abs(found), abs(most))


def beds(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield beds used more than they may be, or less than they must."""
    for key, stock in facts.stocks.items():
        if key[1] not in facts.wards:
            continue
        for t in range(stock.first, len(facts.years)):
            place = (*key, str(facts.years[t]))
            days = float(course.bed_days[key][t].max())
            least = facts.wards[key[1]].min_occupancy * DAYS * course.amounts[key][t]
            mean = course.expected(course.bed_days, key, t)
            if above(days, course.room(key, t)):
                yield Violation("bed_days", place, days, course.room(key, t))
            if above(-mean, -least):
                yield Violation("bed_floor", place, mean, least)


def contracts(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield contracts of too many or too few acts, and acts given beyond them."""
    for key, offers in facts.offers.items():
        for t, offer in enumerate(offers):
            place, acts = (*key, str(facts.years[t])), course.bought[key][t]
            used = float(course.made[Mode.CONTRACT][key][t].max())
            if above(acts, offer.most):
                yield Violation("contract_max", place, acts, offer.most)
            if acts > TOLERANCE and above(-acts, -offer.fewest):
                yield Violation("contract_min", place, acts, offer.fewest)
            if above(used, acts):
                yield Violation("contract_use", place, used, acts)


def rounds(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield mobile units that come too seldom, before a place is fitted out, or are at too many places."""
    sessions: dict[Key, float] = defaultdict(float)
    most: dict[str, float] = {}
    for key, dock in facts.docks.items():
        kind = facts.kinds[dock.unit.equipment_type]
        most[key[0]] = dock.unit.sessions_per_week * kind.weeks_per_year
        first = facts.first[dock.unit.base]
        for t, year in enumerate(facts.years):
            place, run = (*key, str(year)), course.rounds[key][t]
            used = float(course.used[Mode.MOBILE][key][t].max())
            sessions[key[0], str(year)] += run
            if run > 0 and t < max(first, course.fitted.get(key, len(facts.years))):
                yield Violation("not_open" if t < first else "fitting", place, run, 0)
            if run > TOLERANCE and above(-run, -dock.fewest):
                yield Violation("rounds_min", place, run, dock.fewest)
            if above(used, kind.max_use * dock.minutes_left * run, HOUR):
                yield Violation("round_time", place, used, kind.max_use * dock.minutes_left * run)
    for (unit, when), run in sorted(sessions.items()):
        if above(run, most[unit]):
            yield Violation("rota", (unit, when), run, most[unit])
