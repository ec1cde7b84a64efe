"""The check names the rule that a plan of shared time breaks, and finds nothing wrong with plans that keep them."""

from functools import cache

import numpy as np

import gst_opt as gst
from gst_opt.pillars.staff.shared_time.check import check
from gst_opt.pillars.staff.shared_time.plan import SharedTimePlan
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem
from tests.shared_time.mutations import BOUGHT, MUTATIONS, POLICIES, fits
from tests.shared_time.toys import draw, fork

Solved = tuple[SharedTimeProblem, SharedTimePlan]
RULES = sorted(MUTATIONS) + sorted(BOUGHT) + sorted(POLICIES)


@cache
def good_plans(count: int) -> tuple[Solved, ...]:
    """Solve problems until `count` plans with agreements are found, and every rule has one that can break it."""
    found: list[Solved] = []
    todo = [fork(), fork(protected=2, max_half_days=5, min_half_days=2), fork(protected=3)]
    seed = 0
    while len(found) < count or not all(any(fits(rule, plan) for _, plan in found) for rule in RULES):
        problem = todo.pop() if todo else draw(seed)
        seed += 1
        plan = gst.solve(problem, gst.SolveOptions(workers=1)).plan
        if plan is not None and plan.agreements:
            found.append((problem, plan))
    return tuple(found)


def test_a_plan_that_keeps_every_rule_passes() -> None:
    for problem, plan in good_plans(10):
        assert check(problem, plan).violations == ()


def test_1000_mutated_plans_are_each_named_by_their_rule() -> None:
    bases = good_plans(10)
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        rule = RULES[seed % len(RULES)]
        usable = [base for base in bases if fits(rule, base[1])]
        problem, plan = usable[int(rng.integers(len(usable)))]
        if rule in POLICIES:
            problem = POLICIES[rule](problem, plan, rng)
        else:
            plan = (MUTATIONS | BOUGHT)[rule](plan, rng)
        assert rule in {violation.rule for violation in check(problem, plan).violations}, (seed, rule)


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    listed = set((check.__doc__ or "").split("Rules, by name:")[1].replace("``", "").replace(".", "").split(","))
    assert {rule.strip() for rule in listed} == set(RULES)
