"""What the check knows: the data by id, and who a plan has do what, span by span; nothing of the model."""

import math
from collections import defaultdict
from functools import cached_property

from gst_opt.core.support import HubLevel
from gst_opt.pillars.support.hubs.plan import HubPlan, Reason
from gst_opt.pillars.support.hubs.problem import HubProblem

Place = tuple[str, str]
"""Function, and facility or hub."""
TOLERANCE = 1e-6


class Facts:
    """A plan as its assignments and sizes say it, and what they add up to.

    Attributes
    ----------
    hub
        Hub of every place at the end of every period; none is as today.
    capacity
        Capacity of every hub at the end of every period; 0 where it is closed.
    """

    def __init__(self, problem: HubProblem, plan: HubPlan) -> None:
        self.problem, self.plan, self.support = problem, plan, problem.support
        self.ids = [period.id for period in problem.periods]
        at = {period: position for position, period in enumerate(self.ids)}
        self.hub: dict[Place, list[str | None]] = {place: [None] * len(at) for place in problem.volumes}
        self.quality: dict[Place, float] = {
            (row.support_function, row.facility): row.quality for row in self.support.hubs
        }
        for row in plan.assignments:
            place = (row.support_function, row.facility)
            if place in self.hub and row.period in at and (row.hub is None or (place[0], row.hub) in self.quality):
                self.hub[place][at[row.period]] = row.hub
        self.capacity: dict[Place, list[float]] = {hub: [0.0] * len(at) for hub in self.quality}
        for size in plan.hubs:
            if (size.support_function, size.hub) in self.capacity and size.period in at:
                self.capacity[size.support_function, size.hub][at[size.period]] = size.capacity
        self.today = {row.key_values(): row for row in self.support.support_today}
        self.sizes: dict[Place, dict[float, HubLevel]] = defaultdict(dict)
        for level in self.support.hub_levels:
            self.sizes[level.support_function, level.facility][level.capacity] = level

    @cached_property
    def minutes(self) -> dict[Place, float]:
        """Minutes from every facility to every hub."""
        facilities = {facility for _, facility in self.hub}
        hubs = {hub for _, hub in self.quality}
        return {(one, hub): self.problem.journeys.minutes(one, hub) for one in facilities for hub in hubs}

    def hub_in(self, place: Place, number: int) -> str | None:
        """Return the hub of a place in a span of its function: that of the end of the period it begins in."""
        return self.hub[place][self.problem.spans[place[0]][number].first] if number else None

    def begun(self, function: str, period: int) -> int:
        """Return the number of the last span of a function that has begun by the end of a period."""
        return sum(span.first <= period for span in self.problem.spans[function][1:])

    def size_in(self, hub: Place, number: int) -> HubLevel | None:
        """Return the size of a hub in a span of its function, if it has one that the data knows."""
        capacity = self.capacity[hub][self.problem.spans[hub[0]][number].first] if number else 0.0
        return self.sizes[hub].get(capacity)

    @cached_property
    def volumes(self) -> dict[tuple[str, str | None, str, int, int], float]:
        """Volume of every function, hub (none: as today), facility, span and period that have something in common."""
        return {
            (place[0], self.hub_in(place, number), place[1], number, period): share * volumes[period]
            for place, volumes in self.problem.volumes.items()
            for number, span in enumerate(self.problem.spans[place[0]])
            for period, share in span.parts.items()
        }

    @cached_property
    def changes(self) -> list[tuple[str, str, int, str | None, str | None]]:
        """Function, facility, span, hub before and after of every change."""
        return [
            (*place, number, self.hub_in(place, number - 1), self.hub_in(place, number))
            for place in self.hub
            for number in range(1, len(self.problem.spans[place[0]]))
            if self.hub_in(place, number) != self.hub_in(place, number - 1)
        ]

    @cached_property
    def money(self) -> dict[tuple[str, int, str], float]:
        """Money by function, period and line."""
        found: dict[tuple[str, int, str], list[float]] = defaultdict(list)
        years = [period.years for period in self.problem.periods]
        for (name, hub, facility, number, period), volume in self.volumes.items():
            if hub is None:
                own = self.today[name, facility]
                share = self.problem.spans[name][number].parts[period]
                found[name, period, "as_today"].append(own.unit_cost * volume + own.fixed_cost * share * years[period])
                continue
            size = self.size_in((name, hub), number)
            found[name, period, "hub_volumes"].append(size.unit_cost * volume if size else 0.0)
            mad = self.problem.functions[name].carriage * self.minutes[facility, hub] * volume
            found[name, period, "carriage"].append(mad)
        for name, _, number, _, after in self.changes:
            if after is not None:
                first = self.problem.spans[name][number].first
                found[name, first, "migrations"].append(self.problem.functions[name].migration_cost)
        for where in self.capacity:
            paid = 0.0
            for number, span in enumerate(self.problem.spans[where[0]][1:], 1):
                size = self.size_in(where, number)
                works = size.opening_cost if size else 0.0
                found[where[0], span.first, "openings"].append(max(works - paid, 0.0))
                paid = works
                for period, share in span.parts.items():
                    found[where[0], period, "hub_sizes"].append(
                        size.fixed_cost * share * years[period] if size else 0.0
                    )
        return {key: math.fsum(parts) for key, parts in found.items()}

    def line(self, name: str, period: int, line: str) -> float:
        """Return one line of money of a function in a period."""
        return self.money.get((name, period, line), 0.0)

    def unchanged(self, name: str, period: int) -> float:
        """Return what a function costs in a period if nothing changes."""
        years = self.problem.periods[period].years
        return math.fsum(
            self.today[place].fixed_cost * years + self.today[place].unit_cost * volumes[period]
            for place, volumes in self.problem.volumes.items()
            if place[0] == name
        )

    @cached_property
    def hours(self) -> dict[tuple[str, str, int], tuple[float, float]]:
        """Hours freed and needed by facility, skill and period."""
        found: dict[tuple[str, str, int], list[tuple[float, float]]] = defaultdict(list)
        for (name, hub, facility, _, period), volume in self.volumes.items():
            if hub is None:
                continue
            for row in self.support.hub_staff:
                if row.support_function == name:
                    found[hub, row.skill, period].append((0.0, row.hours_per_unit * volume))
            for skill, hours in self._staff_today.get((name, facility), ()):
                found[facility, skill, period].append((hours * volume, 0.0))
        return {key: (math.fsum(a for a, _ in own), math.fsum(b for _, b in own)) for key, own in found.items()}

    @cached_property
    def _staff_today(self) -> dict[Place, list[tuple[str, float]]]:
        found: dict[Place, list[tuple[str, float]]] = defaultdict(list)
        for row in self.support.support_staff:
            found[row.support_function, row.facility].append((row.skill, row.hours_per_unit))
        return found

    def reason(self, place: Place) -> Reason:
        """Say why a place would stay as it is."""
        function = self.problem.functions[place[0]]
        longest = math.inf if function.max_minutes is None else function.max_minutes
        near = {
            hub: quality
            for (name, hub), quality in self.quality.items()
            if name == place[0] and self.minutes[place[1], hub] <= longest and self.minutes[place[1], hub] < math.inf
        }
        if not near:
            return Reason.NO_HUB_IN_REACH
        good = [hub for hub, quality in near.items() if quality >= function.min_quality]
        return Reason.NOT_CHOSEN if good else Reason.LOW_QUALITY
