"""Linen counted by hand, small questions counted by enumeration, plans that add up; nothing pooled, nothing saved."""

import math
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.errors import DataError
from gst_opt.core.time import Grain
from gst_opt.model.goals import TermLimit, minimise
from gst_opt.model.problem import PinKind
from gst_opt.pillars.support.hubs.plan import HubPlan, Reason
from gst_opt.pillars.support.hubs.problem import HubProblem
from tests.support.brute import cheapest
from tests.support.draw import WEIGHTS, draw
from tests.support.toys import KNOWN, NURSE, linen, pin

ONE = gst.SolveOptions(workers=1, gap=0.0)


def solved(problem: HubProblem) -> tuple[tuple[float, ...], HubPlan]:
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
    return tuple(stage.value for stage in result.stages), result.require()


@pytest.mark.parametrize("name", KNOWN)
def test_the_cost_is_the_one_counted_by_hand(name: str) -> None:
    problem, best = KNOWN[name]
    assert solved(problem)[0] == pytest.approx(best)


def compare(seeds: range) -> tuple[int, int]:
    """Compare with enumeration; return how many questions have a plan, and in how many of them something changes."""
    plans = changes = 0
    for seed in seeds:
        problem = draw(seed)
        weights = WEIGHTS if problem.policy.goals else {}
        best, result = cheapest(problem, weights), gst.solve(problem, ONE)
        if result.plan is None:
            assert (best, result.status) == (math.inf, gst.Status.INFEASIBLE), seed
            continue
        assert result.checked, seed
        priced = {"as_today": 1.0} | weights
        before = sum(priced.get(term.name, 0.0) * term.constant for term in result.terms)
        assert result.stages[0].value + before == pytest.approx(best, abs=1e-5), seed
        plans, changes = plans + 1, changes + bool(result.plan.migrations)
    return plans, changes


def test_200_small_questions_cost_what_enumeration_finds() -> None:
    plans, changes = compare(range(200))
    assert plans > 150
    assert changes > 80


@pytest.mark.slow
def test_1000_small_questions_cost_what_enumeration_finds() -> None:
    compare(range(1000, 2000))


def test_without_pooling_nothing_is_saved() -> None:
    """No hub, all decided to stay, no hub in reach of another, or no change allowed: every line is today's."""
    alone = ((1000.0, 5000.0, 0.0, 0.0),)
    for problem in (
        linen(sizes={}),
        linen(pin(PinKind.KEEP, as_today=True)),
        linen(pin(PinKind.FORBID)),
        linen(max_changes=0),
        linen(sizes={"a": alone, "b": alone}, function={"max_minutes": 0.0}),
    ):
        values, plan = solved(problem)
        assert values[0] == 500.0
        assert [row.saving for row in plan.spending] == [0.0]
        assert (plan.hubs, plan.migrations, plan.staff) == ((), (), ())


def test_the_plan_says_who_washes_what_for_whom_and_what_it_saves() -> None:
    plan = solved(linen())[1]
    assert [(row.facility, row.hub, row.minutes) for row in plan.assignments] == [
        ("a", "a", 0.0),
        ("b", "a", 30.0),
        ("c", None, 0.0),
    ]
    assert [(row.hub, row.capacity, row.quantity, row.facilities) for row in plan.hubs] == [("a", 200.0, 160.0, 2)]
    assert [(row.facility, row.month, row.cost) for row in plan.migrations] == [
        ("a", "2026-01", 10.0),
        ("b", "2026-01", 10.0),
    ]
    (row,) = plan.spending
    assert (row.cost, row.cost_unchanged, row.saving) == (412.0, 500.0, 88.0)


def test_two_hours_a_kilogram_are_freed_and_half_an_hour_is_needed() -> None:
    plan = solved(linen())[1]
    found = {(row.facility, row.skill): (row.hours_freed, row.hours_needed) for row in plan.staff}
    assert found == {("a", NURSE): (200.0, 80.0), ("b", NURSE): (120.0, 0.0)}


def test_a_change_in_july_leaves_half_of_the_year_as_today() -> None:
    plan = solved(KNOWN["july"][0])[1]
    (row,) = plan.spending
    assert (row.as_today, row.hub_volumes) == pytest.approx((250.0 + 70.0, 32.0))
    assert [(one.month, one.facility) for one in plan.migrations] == [("2026-07", "a"), ("2026-07", "b")]
    assert [(one.facility, one.hours_freed, one.hours_needed) for one in plan.staff] == [
        ("a", 100.0, 40.0),
        ("b", 60.0, 0.0),
    ]


def test_why_a_function_stays_as_it_is() -> None:
    """c is an hour from a; b, half an hour away, is either far too dear, or not good enough, or no hub."""
    dear = {"b": ((200.0, 9999.0, 0.4, 0.0),)}
    for problem, reason in (
        (linen(sizes=dear), Reason.NOT_CHOSEN),
        (linen(sizes=dear, function={"min_quality": 0.8}, quality={"b": 0.7}), Reason.LOW_QUALITY),
        (linen(sizes={"a": ((200.0, 150.0, 0.4, 20.0),)}), Reason.NO_HUB_IN_REACH),
    ):
        (row,) = (row for row in solved(problem)[1].assignments if row.facility == "c")
        assert (row.hub, row.reason) == (None, reason)


def test_a_bounded_term_is_kept_whatever_it_costs() -> None:
    """b washes below the floor today: 110 + 160 + 110. In the hall of b, for all: 390 + 32, carriage 6, changes 30."""
    case: dict[str, Any] = {
        "volumes": {"a": (10.0,), "b": (60.0,), "c": (10.0,)},
        "sizes": {"b": ((200.0, 390.0, 0.4, 0.0),)},
        "function": {"min_quality": 0.8},
        "today_quality": {"b": 0.5},
    }
    bounded = linen().policy.chosen_goals.replace(limits=(TermLimit(term="below_floor", at_most=0.0),))
    assert solved(linen(**case))[0] == pytest.approx((380.0, 0.0))
    assert solved(linen(**case, goals=bounded))[0] == pytest.approx((458.0, 60.0))


def test_hours_are_a_goal_like_any_other() -> None:
    """A kilogram takes two hours today and half an hour in a hub: 1.5 less for 200 kg; c goes to b."""
    values, plan = solved(linen(goals=minimise(f"staff_hours[{NURSE}]", "distance")))
    assert values == pytest.approx((-300.0, 30.0))
    assert [row.hub for row in plan.assignments] == ["a", "b", "b"]


def test_functions_are_independent() -> None:
    """Two functions cost the sum of what each does, and their rows stand side by side."""
    first = linen()
    double = first.support.model_dump()
    for name, rows in double.items():
        key = "id" if name == "support_functions" else "support_function"
        double[name] = (*rows, *({**row, key: "meals"} for row in rows))
    values, plan = solved(first.replace(support=double))
    assert values == pytest.approx((824.0, 60.0))
    assert [(row.support_function, row.saving) for row in plan.spending] == [("laundry", 88.0), ("meals", 88.0)]


def test_a_plan_of_yesterday_is_a_start() -> None:
    problem = linen()
    plan = solved(problem)[1]
    again = gst.solve(problem.replace(policy=problem.policy.replace(max_changes=2)), ONE, start=plan)
    assert again.require() == plan


def test_lines_add_up_to_the_goal() -> None:
    for seed in range(30):
        problem = draw(seed)
        result = gst.solve(problem, ONE)
        if result.plan is None or problem.policy.goals is not None:
            continue
        worth = {period.id: problem.discount(period.start.year) for period in problem.periods}
        paid = math.fsum(worth[row.period] * row.cost for row in result.plan.spending)
        constant = sum(term.constant for term in result.terms if term.name == "as_today")
        assert paid == pytest.approx(result.stages[0].value + constant), seed


def test_a_calendar_of_weeks_and_pins_on_what_is_not_planned_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        linen(grain=Grain.WEEK)
    assert [(one.table, one.column) for one in caught.value.problems] == [("periods", "grain")]
    with pytest.raises(DataError) as caught:
        linen(pin(PinKind.FORBID, hub="z"), pin(PinKind.FORBID, period="2031"))
    found = [(one.table, one.row, one.column, one.value) for one in caught.value.problems]
    assert found == [("pins", 1, "hub", "z"), ("pins", 2, "period", "2031")]
