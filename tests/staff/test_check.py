"""The check names the rule that a plan breaks, every time, and finds nothing wrong with plans that keep them."""

from functools import cache

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.pillars.staff.redeployment.check import check
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from tests.staff.mutations import MUTATIONS, POLICIES, recount
from tests.staff.random_cases import draw, draw_with_side_rows
from tests.staff.toys import everything, relay, triangle


@cache
def good_plans(count: int) -> tuple[tuple[RedeploymentProblem, RedeploymentPlan], ...]:
    """Solve problems until `count` plans that move somebody are found; every second one with rules that tie teams."""
    found: list[tuple[RedeploymentProblem, RedeploymentPlan]] = []
    seed = 0
    while len(found) < count:
        problem = BY_HAND[seed] if seed < len(BY_HAND) else (draw, draw_with_side_rows)[seed % 2](seed)
        plan = gst.solve(problem, gst.SolveOptions(workers=1)).plan
        if plan is not None and plan.moves:
            found.append((problem, plan))
        seed += 1
    return tuple(found)


BY_HAND = (triangle(), everything())


def test_a_plan_that_keeps_every_rule_passes() -> None:
    for problem, plan in good_plans(24):
        assert check(problem, plan).violations == ()


def _broken(
    rule: str, problem: RedeploymentProblem, plan: RedeploymentPlan, rng: np.random.Generator
) -> tuple[RedeploymentProblem, RedeploymentPlan] | None:
    """Return a problem and a plan that breaks a rule of it, made from a plan that keeps all; None where it cannot."""
    if rule in POLICIES:
        changed = POLICIES[rule](problem, plan, rng)
        return None if changed is None else (changed, plan)
    mutated = MUTATIONS[rule](problem, plan, rng)
    return None if mutated is None else (problem, mutated)


def name_the_rule(count: int) -> None:
    bases = good_plans(24)
    rules = sorted(MUTATIONS) + sorted(POLICIES)
    for seed in range(count):
        rule, rng = rules[seed % len(rules)], np.random.default_rng(seed)
        for turn in range(len(bases)):  # the first plan that can be changed so
            broken = _broken(rule, *bases[(seed + turn) % len(bases)], rng)
            if broken is not None:
                assert rule in {violation.rule for violation in check(*broken).violations}, (seed, rule)
                break
        else:
            pytest.fail(rule)


def test_heads_who_join_a_team_are_not_sent_on_by_it() -> None:
    """With backfill, two join `b` and two leave it, where one was."""
    problem = relay()
    plan = gst.solve(problem, gst.SolveOptions(workers=1)).require()
    joining, leaving = sorted(plan.moves, key=lambda one: one.origin)
    both = (leaving.replace(host="c"), leaving.replace(host="d"))
    wrong = recount(plan, (joining.replace(heads=2), *both))
    broken = {(one.rule, one.place, one.found, one.allowed) for one in check(problem, wrong).violations}
    assert ("protected", ("b", "doctor"), 2, 1) in broken


def test_1200_mutated_plans_are_each_named_by_their_rule() -> None:
    name_the_rule(1200)


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    listed = set((check.__doc__ or "").split("Rules, by name:")[1].replace("``", "").replace(".", "").split(","))
    assert {rule.strip() for rule in listed} == MUTATIONS.keys() | POLICIES.keys()


@pytest.mark.parametrize("lang", gst.Lang)
def test_a_violation_is_said_in_both_languages(lang: gst.Lang) -> None:
    problem, plan = good_plans(24)[0]
    broken = MUTATIONS["release"](problem, plan, np.random.default_rng(0))
    assert broken is not None
    line = next(violation for violation in check(problem, broken).violations if violation.rule == "release").text(lang)
    assert {gst.Lang.FR: "agents qui peuvent partir", gst.Lang.EN: "heads that may leave"}[lang] in line
    assert "hospital" in line
