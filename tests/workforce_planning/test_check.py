"""The check of a workforce plan names the rule that the plan breaks."""

from functools import cache

import pytest

import gst_opt as gst
from gst_opt.pillars.staff.workforce_planning.check import check
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from tests.workforce_planning.mutations import SCHOOL, VALLEY, Change
from tests.workforce_planning.toys import school, valley

CASES = [
    pytest.param(name, rule, change, id=f"{name}-{rule}-{number}")
    for name, rules in (("valley", VALLEY), ("school", SCHOOL))
    for rule, changes in rules.items()
    for number, change in enumerate(changes)
]


@cache
def solved(name: str) -> tuple[WorkforcePlanningProblem, WorkforcePlan]:
    problem = valley() if name == "valley" else school()
    return problem, gst.solve(problem, gst.SolveOptions(workers=1)).require()


@pytest.mark.parametrize("name", ["valley", "school"])
def test_a_plan_that_keeps_every_rule_passes(name: str) -> None:
    assert check(*solved(name)).violations == ()


@pytest.mark.parametrize(("name", "rule", "change"), CASES)
def test_a_broken_plan_is_named_by_its_rule(name: str, rule: str, change: Change) -> None:
    assert rule in {violation.rule for violation in check(*change(*solved(name))).violations}


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    listed = set((check.__doc__ or "").split("Rules, by name:")[1].replace("``", "").replace(".", "").split(","))
    assert {rule.strip() for rule in listed} == VALLEY.keys() | SCHOOL.keys()
