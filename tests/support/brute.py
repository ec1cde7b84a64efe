"""The optimum of small questions: all courses of all facilities and hubs, counted month by month from the data."""

import itertools
import math
from collections.abc import Iterator, Mapping

from gst_opt.core.support import HubLevel
from gst_opt.core.time import Grain
from gst_opt.model.problem import PinKind
from gst_opt.pillars.support.hubs.problem import HubProblem

MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}
Course = tuple[str | None, ...]
"""Who does it for a facility from each date of change on; none is as today."""


class Brute:
    """One function of a question, month by month."""

    def __init__(self, problem: HubProblem) -> None:
        self.problem = problem
        (self.function,) = problem.support.support_functions
        self.length = MONTHS[problem.horizon.periods[0].grain]
        start = problem.horizon.periods[0].start
        self.months = [
            (start.year + (start.month - 1 + m) // 12, (start.month - 1 + m) % 12 + 1)
            for m in range(12 * problem.policy.years)
        ]
        wanted = self.function.migration_month
        self.changes = [
            m for m, (_, month) in enumerate(self.months) if (month == wanted if wanted else m % self.length == 0)
        ]
        if problem.policy.change_years:
            self.changes = [m for m in self.changes if m < 12 * problem.policy.change_years]
        known = {period.id: period.start for period in problem.horizon.periods}
        self.rows: dict[str, dict[tuple[int, int], float]] = {}
        for row in problem.support.support_volumes:
            day = known[row.period]
            self.rows.setdefault(row.facility, {})[day.year, day.month] = row.volume
        self.today = {row.facility: row for row in problem.support.support_today}
        self.hubs = {row.facility: row for row in problem.support.hubs if row.quality >= self.function.min_quality}

    def volume(self, facility: str, month: int) -> float:
        """Volume of a month: that of its period, in equal parts; grown by years."""
        year, number = self.months[month - month % self.length]
        same = {y: v for (y, m), v in self.rows[facility].items() if m == number}
        if not same:
            return 0.0
        base = max([y for y in same if y <= year] or [min(same)])
        return same[base] * (1 + self.function.growth) ** (year - base) / self.length

    def discount(self, month: int) -> float:
        """Worth of a dirham of a month in the first year."""
        period = self.months[month - month % self.length]
        return float((1 + self.problem.policy.discount_rate) ** (self.months[0][0] - period[0]))

    def spans(self) -> list[range]:
        """Months of each span, the first one being as today."""
        bounds = [0, *self.changes, len(self.months)]
        return [range(a, b) for a, b in itertools.pairwise(bounds)]

    def minutes(self, facility: str, hub: str) -> float:
        """Minutes between two facilities."""
        return self.problem.journeys.minutes(facility, hub)

    def courses(self, facility: str) -> Iterator[Course]:
        """Yield what a facility may do: in reach, never back, not too many changes in a year."""
        longest = math.inf if self.function.max_minutes is None else self.function.max_minutes
        near = [hub for hub in self.hubs if self.minutes(facility, hub) <= longest]
        for course in itertools.product([None, *near], repeat=len(self.changes)):
            before: str | None = None
            counts: dict[int, int] = {}
            possible = True
            for at, hub in zip(self.changes, course, strict=True):
                possible &= not (before is not None and hub is None)
                if hub != before:
                    counts[self.months[at][0]] = counts.get(self.months[at][0], 0) + 1
                before = hub
            if possible and max(counts.values(), default=0) <= self.problem.policy.max_changes:
                yield course

    def pinned(self, courses: Mapping[str, Course]) -> bool:
        """Say whether all pins are kept at the end of their periods."""
        for pin in self.problem.policy.pins:
            today = sum(pin.selects(self.function.id, one, None) for one in courses)
            for number, period in enumerate(self.problem.periods):
                if pin.period not in (None, period.id):
                    continue
                last = (number + 1) * self.length - 1
                begun = sum(at <= last for at in self.changes)
                count = sum(
                    pin.selects(self.function.id, one, course[begun - 1] if begun else None)
                    for one, course in courses.items()
                )
                value = today if pin.kind is PinKind.KEEP else pin.value or 0
                if (count < value and pin.kind is not PinKind.AT_MOST) or (
                    count > value and pin.kind is not PinKind.AT_LEAST
                ):
                    return False
        return True

    def facility_cost(self, facility: str, course: Course, weights: Mapping[str, float]) -> float:
        """Return what a facility's course costs, hubs' sizes and unit costs apart."""
        own, function, total = self.today[facility], self.function, 0.0
        years = self.problem.policy.years
        staff_today = {r.skill: r.hours_per_unit for r in self.problem.support.support_staff if r.facility == facility}
        staff_hub = {r.skill: r.hours_per_unit for r in self.problem.support.hub_staff}
        extra = sum(staff_hub.values()) - sum(staff_today.values())
        before: str | None = None
        for months, hub in zip(self.spans(), (None, *course), strict=True):
            if hub is not None and hub != before:
                total += function.migration_cost * self.discount(months[0])
            before = hub
            for month in months:
                volume = self.volume(facility, month)
                if hub is None:
                    total += (own.fixed_cost / 12 + own.unit_cost * volume) * self.discount(month)
                    if own.quality < function.min_quality:
                        total += weights.get("below_floor", 0.0) / 12 / years
                else:
                    minutes = self.minutes(facility, hub)
                    total += function.carriage * minutes * volume * self.discount(month)
                    total += weights.get("distance", 0.0) * minutes / 12 / years
                    total += weights.get("staff_hours", 0.0) * extra * volume / years
        return total

    def hub_cost(self, hub: str, courses: Mapping[str, Course]) -> float:
        """Return what a hub costs at least for what it has to do."""
        sizes = [row for row in self.problem.support.hub_levels if row.facility == hub]
        spans = self.spans()[1:]
        costs: dict[HubLevel | None, float] = {None: 0.0}
        for number, months in enumerate(spans):
            served = [one for one, course in courses.items() if course[number] == hub]
            paid: dict[HubLevel | None, float] = {}
            for size in [None, *sizes]:
                if size is None and served:
                    continue
                if size is not None and hub in courses and hub not in served:
                    continue
                running = 0.0
                fits = True
                by_period: dict[int, tuple[float, int]] = {}
                for month in months:
                    volume = sum(self.volume(one, month) for one in served)
                    done, count = by_period.get(month // self.length, (0.0, 0))
                    by_period[month // self.length] = (done + volume, count + 1)
                    if size is not None:
                        running += (size.fixed_cost / 12 + size.unit_cost * volume) * self.discount(month)
                for done, count in by_period.values():
                    fits &= size is None or done <= size.capacity * count / 12 + 1e-9
                if fits:
                    works = 0.0 if size is None else size.opening_cost
                    paid[size] = running + min(
                        cost + max(works - (last.opening_cost if last else 0.0), 0.0) * self.discount(months[0])
                        for last, cost in costs.items()
                    )
            costs = paid
            if not costs:
                return math.inf
        return min(costs.values())


def cheapest(problem: HubProblem, weights: Mapping[str, float]) -> float:
    """Return the least cost over all courses, with what is paid before the first change; infinite where none is."""
    brute = Brute(problem)
    facilities = sorted(one for one, rows in brute.rows.items() if any(rows.values()))
    own = {
        one: [(course, brute.facility_cost(one, course, weights)) for course in brute.courses(one)]
        for one in facilities
    }
    best, known = math.inf, {}
    for chosen in itertools.product(*own.values()):
        courses = {one: course for one, (course, _) in zip(facilities, chosen, strict=True)}
        cost = sum(part for _, part in chosen)
        if cost >= best or not brute.pinned(courses):
            continue
        for hub in brute.hubs:
            key = (hub, tuple(tuple(at == hub for at in course) for course in courses.values()))
            if key not in known:
                known[key] = brute.hub_cost(hub, courses)
            cost += known[key]
        best = min(best, cost)
    return best
