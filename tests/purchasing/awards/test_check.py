"""The check names the rule that a plan of awards breaks, and finds nothing wrong with plans that keep them."""

from gst_opt.pillars.purchasing.awards.check import check
from tests.purchasing.awards.draw import draw
from tests.purchasing.awards.mutations import PLANS, QUESTIONS, fits
from tests.purchasing.broken import Broken

BROKEN = Broken(check, draw, PLANS, QUESTIONS, fits)


def test_a_plan_that_keeps_every_rule_passes() -> None:
    BROKEN.plans_that_keep_every_rule_pass()


def test_1000_mutated_plans_are_each_named_by_their_rule() -> None:
    BROKEN.broken_plans_are_named_by_their_rule()


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    BROKEN.every_rule_is_broken()
