"""What is decided, span by span: the hub of every facility's function, and the size of every hub; no solver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.problem import HubProblem

Place = tuple[str, str]
"""Function, and facility or hub."""


@dataclass(frozen=True)
class Course:
    """What is decided; spans are those after the first, which is as today.

    Attributes
    ----------
    hub
        Hub by (function, facility), one a span; none is as today.
    capacity
        Capacity by (function, hub), one a span; 0 where the hub is closed.
    """

    hub: dict[Place, list[str | None]]
    capacity: dict[Place, list[float]]

    @classmethod
    def unchanged(cls, problem: HubProblem) -> Self:
        """Return the course in which nothing changes."""
        count = {name: len(own) - 1 for name, own in problem.spans.items()}
        hubs = [hub.key_values() for hub in problem.support.hubs]
        return cls(
            hub={place: [None] * count[place[0]] for place in problem.volumes},
            capacity={(function, hub): [0.0] * count[function] for function, hub in hubs},
        )

    @classmethod
    def of(cls, problem: HubProblem, plan: HubPlan) -> Self:
        """Return what a plan decides, as far as its functions, facilities and periods are still known."""
        course = cls.unchanged(problem)
        at = {period.id: position for position, period in enumerate(problem.periods)}
        begun = {
            (name, span.first): number for name, own in problem.spans.items() for number, span in enumerate(own[1:])
        }
        for row in plan.assignments:
            number = begun.get((row.support_function, at.get(row.period, -1)))
            if number is not None and (row.support_function, row.facility) in course.hub:
                course.hub[row.support_function, row.facility][number] = row.hub
        for size in plan.hubs:
            number = begun.get((size.support_function, at.get(size.period, -1)))
            if number is not None and (size.support_function, size.hub) in course.capacity:
                course.capacity[size.support_function, size.hub][number] = size.capacity
        return course

    def hub_at(self, place: Place, number: int) -> str | None:
        """Return the hub of a place in a span, by its number in all spans of the function; none is as today."""
        return self.hub[place][number - 1] if number else None

    def changes(self, place: Place) -> Iterator[tuple[int, str | None, str]]:
        """Yield the changes of hub of a place: number of the span, hub before, hub after."""
        before = None
        for number, hub in enumerate(self.hub[place], 1):
            if hub is not None and hub != before:
                yield number, before, hub
            before = hub


def done(problem: HubProblem, function: str) -> Iterator[tuple[int, int, float]]:
    """Yield what spans of a function and periods have in common: span, period (positions), share of the period."""
    for number, span in enumerate(problem.spans[function]):
        for period, share in span.parts.items():
            yield number, period, share


def at_end(problem: HubProblem, function: str, period: int) -> int:
    """Return the number of the last span of a function that has begun by the end of a period."""
    return sum(span.first <= period for span in problem.spans[function][1:])


def minutes_to_hubs(problem: HubProblem) -> dict[Place, float]:
    """Return the minutes from every facility that needs something to every hub."""
    facilities = sorted({facility for _, facility in problem.volumes})
    hubs = sorted({hub.facility for hub in problem.support.hubs})
    between = problem.journeys.between(facilities, hubs).tolist() if facilities and hubs else []
    return {
        (facility, hub): time
        for facility, row in zip(facilities, between, strict=False)
        for hub, time in zip(hubs, row, strict=True)
    }
