"""The check names the rule that a plan breaks, finds nothing wrong with plans that keep them, and counts right."""

import math

import pytest

from gst_opt.pillars.platforms.location.check import check
from gst_opt.pillars.platforms.location.check_facts import Facts
from gst_opt.pillars.platforms.location.check_served import transferred
from gst_opt.pillars.platforms.location.today import today
from tests.location.mutations import PLANS, QUESTIONS
from tests.location.plans import CONSTANTS, TERMS, valley_plan, wager
from tests.location.toys import valley

RULES = sorted(PLANS.keys() | QUESTIONS.keys())


def test_plans_made_by_hand_pass() -> None:
    assert check(valley(), valley_plan()).violations == ()
    assert check(*wager()).violations == ()


def test_terms_are_those_counted_by_hand() -> None:
    found = check(valley(), valley_plan())
    assert {name: found.terms[name] for name in TERMS} == pytest.approx(TERMS)
    assert dict(found.constants) == pytest.approx(CONSTANTS)


@pytest.mark.parametrize(("minutes", "above"), [(40.0, 120.0), (39.0, 0.0), (9.0, 0.0)])
def test_a_counter_referral_is_above_what_is_near_home(minutes: float, above: float) -> None:
    """40 of the town's 50 consultations are at the hospital, 10 minutes away; the centre is 40 minutes away."""
    problem = valley()
    steps = tuple(one.replace(near_home=minutes) if one.counter_referral else one for one in problem.pathway_steps)
    assert check(problem.replace(pathway_steps=steps), valley_plan()).terms["above_level"] == pytest.approx(above)


def test_money_is_discounted() -> None:
    found = check(valley(discount_rate=0.25), valley_plan())
    assert found.terms["purchases"] == pytest.approx(1_057 + 670 / 1.25 + 2_025 / 1.25**2)


def test_scenarios_count_by_their_probability() -> None:
    found = check(*wager(level=0.9))
    assert found.terms["unmet"] == pytest.approx(0.25 * 50 * 2)
    assert found.terms["journeys"] == pytest.approx(10 * (0.75 * 100 + 0.25 * 150))
    assert found.terms["unmet_cvar"] == pytest.approx(100)
    assert check(*wager(level=0.5)).terms["unmet_cvar"] == pytest.approx(50)


def test_waiting_and_journeys_by_their_exponent_are_those_counted_by_hand() -> None:
    found = check(*wager())
    # 125 acts in 10,800 minutes a year: a use of 0.625, between the lines' breaks at 0.5 and 0.7, where one unit has
    # 365 u^2 / (1 - u) patient-days of waiting.
    low, high = 365 * 0.5**2 / 0.5, 365 * 0.7**2 / 0.3
    assert found.terms["waiting"] == pytest.approx(low + 0.625 * (high - low))
    # The town's one journey is also its longest: acts not given count like those given.
    assert found.terms["kolm_pollak"] == pytest.approx(125 * math.exp(0.02 * 10))


def test_every_scenario_keeps_the_sessions() -> None:
    problem, plan = wager()
    low = plan.replace(units=(plan.units[0].replace(sessions=44.0, sessions_per_week=0.88),))
    assert {one.rule for one in check(problem, low).violations} == {"session_time"}


@pytest.mark.parametrize(("rule", "at"), [(rule, at) for rule, own in PLANS.items() for at in range(len(own))])
def test_a_changed_plan_is_named_by_its_rule(rule: str, at: int) -> None:
    found = check(valley(), PLANS[rule][at](valley_plan()))
    assert rule in {one.rule for one in found.violations}


@pytest.mark.parametrize(("rule", "at"), [(rule, at) for rule, own in QUESTIONS.items() for at in range(len(own))])
def test_a_plan_of_another_question_is_named_by_its_rule(rule: str, at: int) -> None:
    found = check(QUESTIONS[rule][at](valley()), valley_plan())
    assert rule in {one.rule for one in found.violations}


def test_transfers_are_the_largest_flow() -> None:
    facts = Facts(valley())
    halves = {"hospital": 0.5, "centre": 0.5}
    # Within 30 minutes: hospital to hospital or centre, centre to all three.
    assert transferred(facts, {"hospital": 1.0}, {"new": 1.0}, 30.0) == 0.0
    assert transferred(facts, {"hospital": 1.0}, {"new": 1.0}, 35.0) == pytest.approx(1.0)
    assert transferred(facts, halves, {"centre": 0.5, "new": 0.5}, 30.0) == pytest.approx(1.0)
    assert transferred(facts, halves, {"new": 0.8}, 30.0) == pytest.approx(0.5)
    assert transferred(facts, halves, {"hospital": 0.8, "centre": 0.1}, 0.0) == pytest.approx(0.6)


def test_today_is_counted_like_a_plan() -> None:
    problem = valley()
    as_today = check(problem, today(problem))
    assert as_today.terms == as_today.today == check(problem, valley_plan()).today
    # Nothing is bought: the hospital renews a scanner in 2027 and its theatre in 2028.
    assert as_today.today["purchases"] == pytest.approx(3_000)
    assert as_today.today["not_covered"] == pytest.approx(1_000)


def test_every_rule_that_the_check_lists_is_mutated() -> None:
    listed = set((check.__doc__ or "").split("Rules, by name:")[1].replace("``", "").replace(".", "").split(","))
    assert {rule.strip() for rule in listed} == set(RULES)
