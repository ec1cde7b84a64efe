"""What pooling moves: heads, hours, acts and support functions that go from one establishment to another."""

import math
from collections.abc import Iterable, Iterator
from enum import StrEnum

from pydantic import Field

from gst_opt.analysis.establishments import partition
from gst_opt.core.frozen import Frozen
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.platforms.location.plan import LocationPlan, Mode


class Moved(StrEnum):
    """What goes from one establishment to another."""

    HEADS = "heads"
    HOURS = "hours"
    ACTS = "acts"
    FUNCTIONS = "functions"


class Transfer(Frozen):
    """What one establishment gives to others and receives from them in a year.

    Acts are received by the establishment that does them for people of another, functions by the hub that takes them.
    """

    establishment: str = Field(description="Establishment")
    moved: Moved = Field(
        description="heads (that change post), hours (lent, or given at a distance), acts (for people of another), "
        "functions (support functions of sites)"
    )
    given_today: float = Field(description="Given today", json_schema_extra={"unit": "unit"})
    given_planned: float = Field(description="Given with the plan", json_schema_extra={"unit": "unit"})
    received_today: float = Field(description="Received today", json_schema_extra={"unit": "unit"})
    received_planned: float = Field(description="Received with the plan", json_schema_extra={"unit": "unit"})


_Flow = tuple[Moved, str, str, float]
"""What goes, the facility or zone that it leaves, the facility that it reaches, how much."""


def transfers(problem: GroupingProblem, plan: GroupingPlan) -> tuple[Transfer, ...]:
    """Return what every establishment gives and receives, today and with a plan; what stays within one is left out.

    Today nobody has moved, and support functions are done as they are; acts are those of today's network. Acts bought
    from private providers leave no establishment for another.

    Examples
    --------
    >>> import gst_opt as gst
    >>> problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    >>> found = transfers(problem, gst.solve(problem).require())
    >>> [(row.establishment, row.given_today, row.given_planned) for row in found if row.moved == "acts"]
    [('hp-north', 0.0, 500.0), ('hpr-south', 0.0, 850.0)]
    """
    parts = partition(problem.grouping)
    homes = {place: one.id for one in parts for place in (*one.facilities, *one.zones)}
    before: list[_Flow] = []
    if problem.location is not None:
        from gst_opt.pillars.platforms.location.today import today

        before += _acts(problem, today(problem.location))
    given_today, received_today = _sums(before, homes)
    given, received = _sums(_planned(problem, plan), homes)
    return tuple(
        Transfer(
            establishment=one.id,
            moved=moved,
            given_today=given_today.get((moved, one.id), 0.0),
            given_planned=given.get((moved, one.id), 0.0),
            received_today=received_today.get((moved, one.id), 0.0),
            received_planned=received.get((moved, one.id), 0.0),
        )
        for moved in dict.fromkeys(key[0] for key in (*given_today, *given))
        for one in parts
    )


def transfers_table(rows: tuple[Transfer, ...]) -> PlanTable:
    """Describe transfers as a table."""
    return PlanTable.of("transfers", Transfer, rows)


def _planned(problem: GroupingProblem, plan: GroupingPlan) -> Iterator[_Flow]:
    if plan.staff is not None:
        for move in plan.staff.moves:
            yield Moved.HEADS, move.origin, move.host, move.heads
    if plan.location is not None:
        for lent in plan.location.lent_hours:
            yield Moved.HOURS, lent.origin, lent.host, lent.hours
        for remote in plan.location.remote_hours:
            yield Moved.HOURS, remote.origin, remote.host, remote.hours
        yield from _acts(problem, plan.location)
    if plan.support is not None:
        for done in plan.support.assignments:
            if done.hub is not None:
                yield Moved.FUNCTIONS, done.facility, done.hub, 1.0


def _acts(problem: GroupingProblem, plan: LocationPlan) -> Iterator[_Flow]:
    base = {unit.id: unit.base for unit in problem.grouping.equipment.mobile_units}
    for row in plan.served:
        if row.mode is not Mode.CONTRACT:
            yield Moved.ACTS, row.zone, base[str(row.platform)] if row.mode is Mode.MOBILE else row.place, row.acts


_Sums = dict[tuple[Moved, str], float]


def _sums(flows: Iterable[_Flow], homes: dict[str, str]) -> tuple[_Sums, _Sums]:
    """Return what establishments give to others, and what they receive."""
    given: dict[tuple[Moved, str], list[float]] = {}
    received: dict[tuple[Moved, str], list[float]] = {}
    for moved, origin, host, amount in flows:
        leaves, reaches = homes.get(origin), homes.get(host)
        if leaves is not None and reaches is not None and leaves != reaches:
            given.setdefault((moved, leaves), []).append(amount)
            received.setdefault((moved, reaches), []).append(amount)
    return _added(given), _added(received)


def _added(sums: dict[tuple[Moved, str], list[float]]) -> _Sums:
    return {key: math.fsum(parts) for key, parts in sums.items()}
