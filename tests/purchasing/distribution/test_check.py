"""The check names the rule that a plan of distribution breaks, and finds nothing wrong with plans that keep them."""

import gst_opt as gst
from gst_opt.pillars.purchasing.distribution.check import check
from tests.purchasing.broken import Broken
from tests.purchasing.distribution.draw import draw
from tests.purchasing.distribution.mutations import PLANS, QUESTIONS, fits
from tests.purchasing.distribution.toys import gloves

BROKEN = Broken(check, draw, PLANS, QUESTIONS, fits)


def test_a_plan_that_keeps_every_rule_passes() -> None:
    BROKEN.plans_that_keep_every_rule_pass()


def test_1000_mutated_plans_are_each_named_by_their_rule() -> None:
    BROKEN.broken_plans_are_named_by_their_rule()


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    BROKEN.every_rule_is_broken()


def test_a_store_that_keeps_more_than_it_has_room_for_is_named() -> None:
    problem = gloves()
    plan = gst.solve(problem, gst.SolveOptions(workers=1)).require()
    (rule,) = {violation.rule for violation in check(gloves(storage=0.9), plan).violations}
    assert rule == "storage"
