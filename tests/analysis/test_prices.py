"""What changes cost: the difference, what gaps leave open, and how it is said."""

import dataclasses

import pytest

import gst_opt as gst
from gst_opt.analysis.price_table import GoalPrice, RulePrices
from gst_opt.core.errors import GstOptError
from tests.location.test_changes import ONE, town
from tests.staff.toys import TRIANGLE_FORBID, triangle

PROBLEM = town()
SESSION = gst.LocationChanges(PROBLEM).one_more_session("scanner")


@pytest.fixture(scope="module")
def base() -> gst.Result[gst.LocationPlan]:
    return gst.solve(PROBLEM, ONE)


def with_bound(result: gst.Result[gst.LocationPlan], bound: float | None) -> gst.Result[gst.LocationPlan]:
    """Return a result whose first goal has another bound."""
    first, *others = result.stages
    return dataclasses.replace(result, stages=(first.replace(bound=bound), *others))


def first_goal(result: gst.Result[gst.LocationPlan]) -> GoalPrice:
    return gst.rule_prices(PROBLEM, [SESSION], ONE, base=result).rules[0].goals[0]


@pytest.mark.parametrize(
    ("bound", "sides", "line"),
    [
        (1000, (-200, -200), "Unmet needs: -200.00 acts (1,000.00 -> 800.00)"),
        (900, (-200, -100), "Unmet needs: -200.00 acts (1,000.00 -> 800.00), proven between -200.00 and -100.00"),
        (550, (-200, 250), "Unmet needs: not larger than 250.00 acts, up or down; the gaps say no more"),
        (None, (-200, None), "Unmet needs: -200.00 acts (1,000.00 -> 800.00), nothing proven"),
    ],
)
def test_no_more_is_said_than_the_bounds_prove(
    base: gst.Result[gst.LocationPlan], bound: float | None, sides: tuple[float, float | None], line: str
) -> None:
    """1,000 scans unmet, at least so many as the bound says; with one more session a week 800."""
    goal = first_goal(with_bound(base, bound))
    assert (goal.lowest, goal.highest) == pytest.approx(sides)
    assert goal.price == pytest.approx(-200)
    assert goal.text() == line


def test_what_gaps_leave_is_rounded_up() -> None:
    goal = GoalPrice(goal="unmet", unit="act", before=1.0, after=1.001, lowest=-0.001, highest=0.001)
    assert "0.01" in goal.text()


def test_the_table_has_every_goal_and_term_and_is_said_in_both_languages(base: gst.Result[gst.LocationPlan]) -> None:
    refused = gst.LocationChanges(PROBLEM).site_refused("a")
    found = gst.rule_prices(PROBLEM, [SESSION, refused], ONE, base=base)
    assert isinstance(found, RulePrices)
    said = str(found).splitlines()
    assert [line for line in said if "between these two plans" not in line] == [
        "Prices of the changes (2), against the question as it is: Optimal",
        "one more session a week for each unit of scanner (Optimal)",
        "  Unmet needs: -200.00 acts (1,000.00 -> 800.00)",
        "neither unit nor bed at a (Optimal)",
        "  Unmet needs: +2,000.00 acts (1,000.00 -> 3,000.00)",
        "  Purchases, works and closures + Upkeep + Acts bought from private providers: -10.00 dirhams (10.00 -> 0.00)",
    ]
    assert "Upkeep -10.00 dirhams" in said[-1]
    assert "Besoins non satisfaits : +2 000,00 actes" in found.text(gst.Lang.FR).replace("\xa0", " ")
    goals, terms = found.tables(gst.Lang.FR)
    assert len(goals.rows) == 4
    assert dict(zip(goals.columns, goals.rows[0], strict=True)) == {
        "change": "une vacation de plus par semaine pour chaque unité de scanner",
        "status": "optimal",
        "goal": "unmet",
        "unit": "act",
        "before": pytest.approx(1000),
        "after": pytest.approx(800),
        "price": pytest.approx(-200),
        "lowest": pytest.approx(-200),
        "highest": pytest.approx(-200),
    }
    assert ("neither unit nor bed at a", "unmet") in {(row[0], row[2]) for row in found.tables()[1].rows}
    assert len(terms.rows) == 2 * len(base.terms)
    assert found.html().count("<tr>") == 5


def test_what_changes_nothing_says_so(base: gst.Result[gst.LocationPlan]) -> None:
    found = gst.rule_prices(PROBLEM, [gst.Change("as it is", PROBLEM)], ONE, base=base)
    assert str(found).splitlines()[1:] == ["as it is (Optimal)", "  no goal differs"]
    assert {goal.text() for goal in found.rules[0].goals if goal.goal == "unmet"} == {"Unmet needs: no difference"}


def test_no_plan_no_price() -> None:
    """With units that may not be closed, a site cannot be refused."""
    open_only = town({"close": False, "move": False})
    found = gst.rule_prices(open_only, [gst.LocationChanges(open_only).site_refused("a")], ONE)
    (rule,) = found.rules
    assert rule.status is gst.Status.INFEASIBLE
    assert {goal.price for goal in rule.goals} == {None}
    assert rule.text() == "neither unit nor bed at a (Infeasible: no plan keeps every rule)"
    assert rule.goals[0].text() == "Unmet needs: no price, there is no plan on one side"


def test_a_result_of_another_problem_is_refused(base: gst.Result[gst.LocationPlan]) -> None:
    with pytest.raises(GstOptError, match="another question"):
        gst.rule_prices(SESSION.problem, [], ONE, base=base)
    assert gst.rule_prices(PROBLEM, [], ONE, base=base).rules == ()


def test_any_question_and_label() -> None:
    """With moves to `far` forbidden, the spare doctor covers 0.5 at `near`, not 1 at `far`."""
    found = gst.rule_prices(triangle(TRIANGLE_FORBID), [gst.Change("the board thinks again", triangle())], ONE)
    (rule,) = found.rules
    assert rule.change.text(gst.Lang.FR) == "the board thinks again"
    assert {one.term: one.price for one in rule.terms}["uncovered"] == pytest.approx(-0.5)
