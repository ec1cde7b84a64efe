"""The check names the rule that a plan of hubs breaks, and finds nothing wrong with plans that keep them."""

from functools import cache

import numpy as np

import gst_opt as gst
from gst_opt.core.time import Grain
from gst_opt.pillars.support.hubs.check import check
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.problem import HubProblem
from tests.support.draw import draw
from tests.support.mutations import PLANS, QUESTIONS, fits
from tests.support.toys import LINEN, linen

RULES = sorted(PLANS) + sorted(QUESTIONS)


@cache
def good_plans(count: int) -> tuple[tuple[HubProblem, HubPlan], ...]:
    """Solve questions until `count` plans with changes are found, and every rule has one that can break it."""
    found: list[tuple[HubProblem, HubPlan]] = []
    seed = 5000
    while len(found) < count or not all(any(fits(rule, *one) for one in found) for rule in RULES):
        problem = draw(seed)
        seed += 1
        plan = gst.solve(problem, gst.SolveOptions(workers=1)).plan
        if plan is not None and plan.migrations:
            found.append((problem, plan))
        assert len(found) < 200
    return tuple(found)


def test_a_plan_that_keeps_every_rule_passes() -> None:
    for problem, plan in good_plans(20):
        assert check(problem, plan).violations == ()


def test_1000_mutated_plans_are_each_named_by_their_rule() -> None:
    bases = good_plans(20)
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        rule = RULES[seed % len(RULES)]
        usable = [base for base in bases if fits(rule, *base)]
        problem, plan = usable[int(rng.integers(len(usable)))]
        if rule in QUESTIONS:
            problem = QUESTIONS[rule](problem, plan, rng)
        else:
            plan = PLANS[rule](plan, rng)
        assert rule in {violation.rule for violation in check(problem, plan).violations}, (seed, rule)


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    listed = set((check.__doc__ or "").split("Rules, by name:")[1].replace("``", "").replace(".", "").split(","))
    assert {rule.strip() for rule in listed} == set(RULES)


def test_a_change_between_two_dates_is_named() -> None:
    """Facilities change on 1 April only: what is served in the third quarter is served in the fourth."""
    problem = linen(
        volumes={one: (volume[0] / 4,) * 4 for one, volume in LINEN.items()},
        grain=Grain.QUARTER,
        function={"migration_month": 4, "migration_cost": 0.0},
    )
    plan = gst.solve(problem).require()
    assert [row.hub for row in plan.assignments if row.facility == "a"] == [None, "a", "a", "a"]
    rows = (
        row.replace(hub=None, reason="not_chosen") if (row.facility, row.period) == ("a", "2026-Q4") else row
        for row in plan.assignments
    )
    found = check(problem, plan.replace(assignments=tuple(rows))).violations
    assert [(one.rule, one.place) for one in found if one.rule == "changed"] == [
        ("changed", ("laundry", "a", "2026-Q4"))
    ]
