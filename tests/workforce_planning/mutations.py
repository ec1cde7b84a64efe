"""Workforce plans, each broken in one named way: by changing the plan, or the policy or data that it must keep."""

from collections.abc import Callable
from typing import Any

from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.workforce_planning.plan import Placement, PlannedMove, Reason, WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import Decision, WorkforcePin, WorkforcePlanningProblem

Case = tuple[WorkforcePlanningProblem, WorkforcePlan]
Change = Callable[[WorkforcePlanningProblem, WorkforcePlan], Case]


def _first(field: str, **changes: Any) -> Change:
    """Change the first record of a field."""

    def change(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
        first, *others = getattr(plan, field)
        return problem, plan.replace(**{field: (first.replace(**changes), *others)})

    return change


def _last(field: str, **changes: Any) -> Change:
    def change(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
        *others, last = getattr(plan, field)
        return problem, plan.replace(**{field: (*others, last.replace(**changes))})

    return change


def _more(field: str, column: str, by: float) -> Change:
    def change(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
        first, *others = getattr(plan, field)
        return problem, plan.replace(**{field: (first.replace(**{column: getattr(first, column) + by}), *others)})

    return change


def _policy(**changes: Any) -> Change:
    def change(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
        return problem.replace(policy=problem.policy.replace(**changes)), plan

    return change


def _rows(table: str, **changes: Any) -> Change:
    """Change every row of a table of the workforce."""

    def change(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
        rows = tuple(row.replace(**changes) for row in getattr(problem.workforce, table))
        return problem.replace(workforce=problem.workforce.replace(**{table: rows})), plan

    return change


def _twice(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    return problem, plan.replace(moves=(*plan.moves, plan.moves[0]))


def _to_the_full(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    back = PlannedMove(period="2027", origin="far", host="hub", skill="nurse", heads=1, minutes=50.0)
    return problem, plan.replace(moves=(*plan.moves, back))


def _emptied(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    return problem, plan.replace(moves=(plan.moves[0].replace(heads=5),))


def _stray(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    return problem, plan.replace(placements=(Placement(period="2026", facility="hub", skill="chief", trainees=1),))


def _crowd(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    return problem, plan.replace(placements=(Placement(period="2026", facility="hub", skill="chief", trainees=2),))


def _fewer_teams(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Case:
    return problem, plan.replace(teams=plan.teams[:-1])


PIN = WorkforcePin(kind=PinKind.AT_LEAST, decision=Decision.TRAINEES, value=1.0, reason="promised")

VALLEY: dict[str, tuple[Change, ...]] = {
    "known_decisions": (
        _first("moves", host="nowhere"),
        _first("moves", skill="wizard"),
        _first("moves", period="2031"),
        _first("moves", host="hub"),
        _first("posts", year=2027),
        _first("posts", facility="nowhere"),
    ),
    "whole_heads": (_first("moves", heads=0), _first("posts", posts=0), _first("posts", facility="hub", posts=1)),
    "one_row": (_twice,),
    "max_travel": (_policy(max_travel=49.0),),
    "minutes": (_more("moves", "minutes", 1.0), _more("moves", "minutes", -1.0)),
    "short_host": (_to_the_full,),
    "stock": (_emptied,),
    "release": (_first("moves", heads=2), _rows("staff", protected=3)),
    "leaving": (_first("moves", heads=2),),
    "leaving_site": (_first("moves", heads=2),),
    "moves_cap": (_policy(moves_per_period=0),),
    "approval": (_policy(approved_moves=1),),
    "envelope": (_rows("new_posts", posts=0), _first("posts", posts=2)),
    "budgeted": (_rows("posts", budgeted=0),),
    "reception": (_rows("posts", newcomers=1),),
    "placement": (_stray,),
    "supervision": (_crowd,),
    "budget": (_policy(yearly_budget=999.0),),
    "pins": (_policy(pins=(PIN,)),),
    "post_figures": (_more("posts", "filled", 0.5), _more("posts", "incentives", 1.0)),
    "teams": (_fewer_teams,),
    "team_place": (_first("teams", province="elsewhere"), _first("teams", profession="elsewhere")),
    "team_figures": tuple(
        _more("teams", column, 1)
        for column in (
            "need",
            "heads_start",
            "moved_in",
            "moved_out",
            "training_begun",
            "training_back",
            "departures",
            "retirements",
            "filled",
            "heads_end",
            "covered",
        )
    ),
    "targets": (
        _more("targets", "heads", 1.0),
        _more("targets", "shortfall", 1.0),
        _more("targets", "target", 1.0),
        _more("targets", "year", 1),
    ),
    "spending": (_more("spending", "incentives", 1.0), _more("spending", "year", 1)),
}
"""On the best plan of the valley."""

SCHOOL: dict[str, tuple[Change, ...]] = {
    "known_decisions": (
        _first("trainings", origin_skill="nurse"),
        _first("placements", facility="hub"),
    ),
    "places": (_first("trainings", heads=2),),
    "placement": (_first("trainings", heads=2), _first("placements", trainees=2)),
    "supervision": (_rows("posts", trainees=0),),
    "training_figures": (
        _more("trainings", "cost", 1.0),
        _more("trainings", "successes", 1.0),
        _first("trainings", back=""),
    ),
    "shortages": (_more("shortages", "uncovered", 1.0), _last("shortages", reason=Reason.NO_MEANS)),
}
"""On the best plan of the school."""
