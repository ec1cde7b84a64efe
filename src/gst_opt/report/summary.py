"""A grouping and a result in words that a director can read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Status as FacilityStatus
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.problem import PlanTable, Problem
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.roadmap import pathway_roadmap
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.report import grouping_plan, location, purchasing, purchasing_flows, shared_time, staff, support, workforce
from gst_opt.report.pieces import function_names, place_names, platform_names, service_names, skill_names
from gst_opt.report.proof import failure, proof
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure

_STORIES: dict[type[Problem[Any]], Callable[[Grouping, Any, Any, Lang], Iterator[str]]] = {
    RedeploymentProblem: staff.redeployment,
    WorkforcePlanningProblem: workforce.workforce_planning,
    SharedTimeProblem: shared_time.shared_time,
    LocationProblem: location.location,
    AwardProblem: purchasing.awards,
    CallOffProblem: purchasing_flows.calloffs,
    DistributionProblem: purchasing_flows.distribution,
    HubProblem: support.hubs,
    GroupingProblem: grouping_plan.grouping_plan,
}
_KNOWN_BEFORE: dict[type[Problem[Any]], Callable[[Grouping, Any, Lang], Iterator[str]]] = {
    LocationProblem: location.nothing_in_reach
}
_BESIDE: dict[type[Problem[Any]], Callable[[Any, Any, Lang], tuple[PlanTable, ...]]] = {
    LocationProblem: lambda problem, plan, lang: (pathway_roadmap(problem, plan),),
    GroupingProblem: grouping_plan.tables_beside,
}


def grouping_text(grouping: Grouping, lang: Lang) -> str:
    """Say what was read, on one line."""
    is_open = {facility.id for facility in grouping.region.open_facilities()}
    counts = {
        "establishments": len(grouping.region.establishments()),
        "sites": len(is_open),
        "outside": sum(facility.status is not FacilityStatus.OPEN for facility in grouping.region.facilities),
        "provinces": len({facility.province for facility in grouping.region.open_facilities()}),
        "inhabitants": sum(row.inhabitants for row in grouping.region.populations),
        "skills": len(grouping.workforce.skills),
        "heads": sum(row.heads for row in grouping.workforce.staff if row.facility in is_open),
    }
    return say("report.grouping", lang, {"name": grouping.name} | {k: figure(v, lang) for k, v in counts.items()})


def names(grouping: Grouping, lang: Lang) -> dict[str, dict[str, str]]:
    """Return the names behind the ids of the columns of plan tables, by column and id."""
    places, skills, platforms = place_names(grouping), skill_names(grouping, lang), platform_names(grouping, lang)
    columns = dict.fromkeys(
        ("facility", "origin", "host", "hub", "establishment", "neighbour", "place", "zone", "area"), places
    )
    columns |= dict.fromkeys(("skill", "origin_skill", "specialty"), skills)
    columns |= dict.fromkeys(("equipment_type", "mobile_unit", "platform"), platforms)
    return columns | {
        "service": service_names(grouping, lang),
        "support_function": function_names(grouping, lang),
        "pathway": {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in grouping.pathways},
    }


def tables_beside(problem: Problem[Any], result: Result[Any], lang: Lang) -> tuple[PlanTable, ...]:
    """Return the tables that are written beside those of a plan."""
    beside = _BESIDE.get(type(problem))
    return () if beside is None or result.plan is None else beside(problem, result.plan, lang)


def stories_beside(grouping: Grouping, problem: Problem[Any], result: Result[Any], lang: Lang) -> Iterator[str]:
    """Yield the stories of the parts of a grouping plan, each told as the answer of its own question."""
    if isinstance(problem, GroupingProblem) and result.plan is not None:
        for name, question, plan in grouping_plan.in_their_worlds(problem, result.plan):
            story = "\n\n".join(_STORIES[type(question)](grouping, question, replace(result, plan=plan), lang))
            files = "|".join(table.name for table in plan.tables())
            yield re.sub(rf"\b({files})\.csv", rf"{name}_\1.csv", story)


def result_text(grouping: Grouping, problem: Problem[Any], result: Result[Any], lang: Lang) -> str:
    """Tell what is known before solving, the plan and its proof, or why there is no plan."""
    known = _KNOWN_BEFORE.get(type(problem))
    blocks = [] if known is None else list(known(grouping, problem, lang))
    blocks += failure(result, lang)
    story = _STORIES.get(type(problem))
    if story is not None and result.plan is not None:
        blocks += story(grouping, problem, result, lang)
    blocks += proof(result, lang)
    return "\n\n".join(blocks)
