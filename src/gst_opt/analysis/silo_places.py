"""What a plan brings to each place, for the questions that say it: need covered by site, acts given by zone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.problem import Plan, Problem
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.staff.shared_time.plan import SharedTimePlan

Met = tuple[str, float, float, float]
"""A place, what it needs, what is met today and planned."""


@dataclass(frozen=True)
class MetByPlace:
    """What places need, and what of it is met.

    Attributes
    ----------
    unit
        Unit of the figures.
    needed, today, planned
        Figures by id of a facility or a zone.
    """

    unit: str
    needed: Mapping[str, float]
    today: Mapping[str, float]
    planned: Mapping[str, float]


def met_by_place(problem: Problem[Any], plan: Plan) -> tuple[MetByPlace, ...]:
    """Return what places need and what of it is met today and by a plan of the problem, unit by unit."""
    if isinstance(problem, GroupingProblem) and isinstance(plan, GroupingPlan):
        asked = ((problem.parts[name], part) for name, part in plan.parts.items())
        return tuple(found for question, part in asked for found in met_by_place(question, part))
    known = _READERS.get(type(plan))
    return () if known is None else (_met(known[0], known[1](problem, plan)),)


def _met(unit: str, rows: Iterable[Met]) -> MetByPlace:
    needed: dict[str, float] = {}
    today: dict[str, float] = {}
    planned: dict[str, float] = {}
    for place, need, before, after in rows:
        needed[place] = needed.get(place, 0.0) + need
        today[place] = today.get(place, 0.0) + before
        planned[place] = planned.get(place, 0.0) + after
    return MetByPlace(unit, needed, today, planned)


def _staff(problem: Problem[Any], plan: RedeploymentPlan | SharedTimePlan) -> Iterator[Met]:
    for team in plan.teams:
        yield team.facility, team.need, team.covered_today, team.covered_planned


def _acts(problem: LocationProblem, plan: LocationPlan) -> Iterator[Met]:
    """Yield the acts needed and given in a mean year, expected over demand scenarios; today's at today's network."""
    from gst_opt.pillars.platforms.location.today import today

    weight = {one.id: one.probability / len(problem.years) for one in problem.scenarios}
    for served in plan.served:
        acts = weight[served.scenario] * served.acts
        yield served.zone, acts, 0.0, acts
    for unmet in plan.unmet:
        yield unmet.zone, weight[unmet.scenario] * unmet.acts, 0.0, 0.0
    for served in today(problem).served:
        yield served.zone, 0.0, weight[served.scenario] * served.acts, 0.0


_READERS: dict[type[Plan], tuple[str, Callable[[Any, Any], Iterable[Met]]]] = {
    RedeploymentPlan: ("FTE", _staff),
    SharedTimePlan: ("FTE", _staff),
    LocationPlan: ("act", _acts),
}
