"""From a course to the tables of a plan."""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.pillars.support.hubs.course import Course, Place, at_end, done, minutes_to_hubs
from gst_opt.pillars.support.hubs.plan import Assignment, HubPlan, HubSize, Migration, Reason, StaffHours
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.pillars.support.hubs.spending import spending


def plan_of(problem: HubProblem, course: Course) -> HubPlan:
    """Return the plan of a course, with all its figures."""
    return HubPlan(
        spending=tuple(spending(problem, course)),
        hubs=tuple(_hubs(problem, course)),
        migrations=tuple(_migrations(problem, course)),
        staff=tuple(_staff(problem, course)),
        assignments=tuple(_assignments(problem, course)),
    )


def _assignments(problem: HubProblem, course: Course) -> Iterator[Assignment]:
    minutes = minutes_to_hubs(problem)
    reasons = _reasons(problem, minutes)
    for place, volumes in problem.volumes.items():
        for position, period in enumerate(problem.periods):
            hub = course.hub_at(place, at_end(problem, place[0], position))
            yield Assignment(
                support_function=place[0],
                facility=place[1],
                period=period.id,
                hub=hub,
                minutes=minutes[place[1], hub] if hub else 0.0,
                quantity=volumes[position],
                reason=None if hub else reasons[place],
            )


def _reasons(problem: HubProblem, minutes: dict[Place, float]) -> dict[Place, Reason]:
    """Say of every place what would keep it as it is."""
    hubs: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for hub in problem.support.hubs:
        hubs[hub.support_function].append((hub.facility, hub.quality))
    found = {}
    for function, facility in problem.volumes:
        own = problem.functions[function]
        longest = math.inf if own.max_minutes is None else own.max_minutes
        near = [
            quality
            for hub, quality in hubs[function]
            if math.isfinite(minutes[facility, hub]) and minutes[facility, hub] <= longest
        ]
        if not near:
            found[function, facility] = Reason.NO_HUB_IN_REACH
        else:
            low = max(near) < own.min_quality
            found[function, facility] = Reason.LOW_QUALITY if low else Reason.NOT_CHOSEN
    return found


def _hubs(problem: HubProblem, course: Course) -> Iterator[HubSize]:
    worked: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    served: dict[tuple[str, str, int], int] = defaultdict(int)
    for place, volumes in problem.volumes.items():
        for number, period, share in done(problem, place[0]):
            hub = course.hub_at(place, number)
            if hub is not None:
                worked[place[0], hub, period].append(share * volumes[period])
        for position in range(len(problem.periods)):
            hub = course.hub_at(place, at_end(problem, place[0], position))
            if hub is not None:
                served[place[0], hub, position] += 1
    for (function, hub), capacities in sorted(course.capacity.items()):
        for position, dated in enumerate(problem.periods):
            number = at_end(problem, function, position)
            capacity = capacities[number - 1] if number else 0.0
            if capacity or (function, hub, position) in worked:
                yield HubSize(
                    support_function=function,
                    hub=hub,
                    period=dated.id,
                    capacity=capacity,
                    quantity=math.fsum(worked[function, hub, position]),
                    facilities=served[function, hub, position],
                )


def _migrations(problem: HubProblem, course: Course) -> Iterator[Migration]:
    for place in problem.volumes:
        for number, origin, hub in course.changes(place):
            yield Migration(
                support_function=place[0],
                facility=place[1],
                month=problem.spans[place[0]][number].name,
                origin=origin,
                hub=hub,
                cost=problem.functions[place[0]].migration_cost,
            )


def _staff(problem: HubProblem, course: Course) -> Iterator[StaffHours]:
    today: dict[Place, list[tuple[str, float]]] = defaultdict(list)
    for row in problem.support.support_staff:
        today[row.support_function, row.facility].append((row.skill, row.hours_per_unit))
    at_hub: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for staff in problem.support.hub_staff:
        at_hub[staff.support_function].append((staff.skill, staff.hours_per_unit))
    freed: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    needed: dict[tuple[str, str, int], list[float]] = defaultdict(list)
    for place, volumes in problem.volumes.items():
        for number, period, share in done(problem, place[0]):
            hub = course.hub_at(place, number)
            if hub is not None:
                for skill, hours in today[place]:
                    freed[place[1], skill, period].append(hours * share * volumes[period])
                for skill, hours in at_hub[place[0]]:
                    needed[hub, skill, period].append(hours * share * volumes[period])
    for facility, skill, period in sorted(freed.keys() | needed.keys()):
        yield StaffHours(
            facility=facility,
            skill=skill,
            period=problem.periods[period].id,
            hours_freed=math.fsum(freed[facility, skill, period]),
            hours_needed=math.fsum(needed[facility, skill, period]),
        )
