"""The check names the rule that a changed plan breaks; ties and budget are counted again from the parts' tables."""

from collections.abc import Callable
from functools import cache

import pytest

import gst_opt as gst
from gst_opt.grouping_plan.check import check
from gst_opt.grouping_plan.plan import GroupingPlan, TieKind
from gst_opt.grouping_plan.problem import GroupingProblem
from tests.grouping_plan import toys

ONE = gst.SolveOptions(workers=1)


@cache
def good(name: str) -> tuple[GroupingProblem, GroupingPlan]:
    problem: GroupingProblem = getattr(toys, name)()
    return problem, gst.solve(problem, ONE).require()


def nobody_moves(plan: GroupingPlan) -> GroupingPlan:
    """Leave the technicians where they are, in tables that agree with one another."""
    assert plan.staff is not None
    teams = tuple(
        one.replace(heads_planned=one.heads_today, covered_planned=one.covered_today) for one in plan.staff.teams
    )
    unmet = tuple(one.replace(uncovered=2.0) for one in plan.staff.unmet)
    return plan.replace(staff=plan.staff.replace(moves=(), teams=teams, unmet=unmet))


def fewer_tubes(plan: GroupingPlan) -> GroupingPlan:
    """Pay for half of the tubes."""
    assert plan.awards is not None
    orders = tuple(one.replace(units=one.units / 2) for one in plan.awards.orders)
    return plan.replace(awards=plan.awards.replace(orders=orders))


def first_tie(**changes: float | bool) -> Callable[[GroupingPlan], GroupingPlan]:
    return lambda plan: plan.replace(ties=(plan.ties[0].replace(**changes), *plan.ties[1:]))


MUTATIONS: dict[str, tuple[str, Callable[[GroupingPlan], GroupingPlan]]] = {
    "staff_tie": ("twins", nobody_moves),
    "ties": ("twins", first_tie(used=1.0)),
    "ties missing": ("twins", lambda plan: plan.replace(ties=plan.ties[1:])),
    "ties bound": ("twins", first_tie(bound=1.0)),
    "ties slack": ("twins", first_tie(slack=1.0)),
    "ties binding": ("twins", lambda plan: first_tie(binding=not plan.ties[0].binding)(plan)),
    "ties of tubes": ("twins", fewer_tubes),
    "spending": ("poor", lambda plan: plan.replace(spending=plan.spending[1:])),
    "spending said": ("poor", lambda plan: plan.replace(spending=tuple(s.replace(mad=7.0) for s in plan.spending))),
    "parts_asked": ("twins", lambda plan: plan.replace(awards=None)),
}


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_a_plan_that_breaks_a_tie_is_refused_by_its_name(name: str) -> None:
    which, change = MUTATIONS[name]
    problem, plan = good(which)
    assert check(problem, plan).violations == ()
    assert name.split()[0] in {one.rule for one in check(problem, change(plan)).violations}


def test_a_budget_that_is_too_small_is_named() -> None:
    problem, plan = good("twins")
    poor = problem.replace(policy=problem.policy.replace(budget=5_200.0))
    broken = {one.rule: one for one in check(poor, plan).violations}
    assert broken["year_budget"].found == pytest.approx(10_400.0)
    assert broken["year_budget"].allowed == 5_200.0


def test_ties_say_what_is_taken_what_there_is_and_what_binds() -> None:
    """At a 260 of 3 x 260 hours, at b 260 of 260; 1,040 tubes are used, half of them bought; all 5,200 are spent."""
    _, plan = good("poor")
    assert [(one.tie, one.facility, one.subject, one.binding) for one in plan.ties] == [
        (TieKind.STAFF, "a", "technician", False),
        (TieKind.STAFF, "b", "technician", True),
        (TieKind.SUPPLIES, None, "gel", True),
        (TieKind.BUDGET, None, None, True),
    ]
    assert [one.used for one in plan.ties] == pytest.approx([260.0, 260.0, 1040.0, 5200.0])
    assert [one.bound for one in plan.ties] == pytest.approx([780.0, 260.0, 520.0, 5200.0])
    assert [one.slack for one in plan.ties] == pytest.approx([520.0, 0.0, -520.0, 0.0])
    assert {one.line: one.mad for one in plan.spending if one.mad} == {"supplies": pytest.approx(5200.0)}
