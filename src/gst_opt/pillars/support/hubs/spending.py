"""What a course costs, by function, period and line; not discounted."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from gst_opt.core.support import HubLevel
from gst_opt.pillars.support.hubs.course import Course, Place, done, minutes_to_hubs
from gst_opt.pillars.support.hubs.plan import Spending
from gst_opt.pillars.support.hubs.policy import MONEY
from gst_opt.pillars.support.hubs.problem import HubProblem

Lines = dict[tuple[str, int, str], list[float]]
"""Amounts by function, period and line."""


def spending(problem: HubProblem, course: Course) -> Iterator[Spending]:
    """Yield what every function costs in every period, and what it would cost if nothing changed."""
    lines: Lines = defaultdict(list)
    _of_facilities(problem, course, lines)
    _of_hubs(problem, course, lines)
    today: Lines = defaultdict(list)
    _of_facilities(problem, Course.unchanged(problem), today)
    for function in sorted({name for name, _ in problem.volumes}):
        for position, period in enumerate(problem.periods):
            amounts = {line: math.fsum(lines[function, position, line]) for line in MONEY}
            cost, before = math.fsum(amounts.values()), math.fsum(today[function, position, "as_today"])
            yield Spending(
                support_function=function,
                period=period.id,
                **amounts,
                cost=cost,
                cost_unchanged=before,
                saving=before - cost,
            )


def _of_facilities(problem: HubProblem, course: Course, lines: Lines) -> None:
    """Add what is spent for each facility: as today, unit costs of hubs, carriage, changes."""
    today = {row.key_values(): row for row in problem.support.support_today}
    sizes, minutes = _sizes(problem), minutes_to_hubs(problem)
    for place, volumes in problem.volumes.items():
        name, facility = place
        function, own = problem.functions[name], today[place]
        for number, period, share in done(problem, name):
            hub = course.hub_at(place, number)
            volume = share * volumes[period]
            if hub is None:
                fixed = own.fixed_cost * share * problem.periods[period].years
                lines[name, period, "as_today"].append(fixed + own.unit_cost * volume)
            else:
                size = sizes[name, hub][course.capacity[name, hub][number - 1]]
                lines[name, period, "hub_volumes"].append(size.unit_cost * volume)
                lines[name, period, "carriage"].append(function.carriage * minutes[facility, hub] * volume)
        for number, _, _ in course.changes(place):
            period = problem.spans[name][number].first
            lines[name, period, "migrations"].append(function.migration_cost)


def _of_hubs(problem: HubProblem, course: Course, lines: Lines) -> None:
    """Add what is spent for each hub: its size, and the works when it opens or grows."""
    for (name, hub), sizes in _sizes(problem).items():
        capacities = course.capacity.get((name, hub), [])
        for number, period, share in done(problem, name):
            if number and capacities[number - 1]:
                cost = sizes[capacities[number - 1]].fixed_cost * share * problem.periods[period].years
                lines[name, period, "hub_sizes"].append(cost)
        paid = 0.0
        for number, capacity in enumerate(capacities, 1):
            cost = sizes[capacity].opening_cost if capacity else 0.0
            if cost > paid:
                lines[name, problem.spans[name][number].first, "openings"].append(cost - paid)
            paid = cost


def _sizes(problem: HubProblem) -> Mapping[Place, dict[float, HubLevel]]:
    found: dict[Place, dict[float, HubLevel]] = {}
    for row in problem.support.hub_levels:
        found.setdefault((row.support_function, row.facility), {})[row.capacity] = row
    return found
