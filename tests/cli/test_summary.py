"""What a summary says of a proof, of a missing one, of pins, and of a plan that was refused."""

from dataclasses import replace

import pytest

import gst_opt as gst
from gst_opt.core.region import Status as FacilityStatus
from gst_opt.model.problem import Violation
from gst_opt.report.data import data_text
from gst_opt.report.summary import result_text
from tests.cli.run import words

GROUPING = gst.load_sample("two_towns")
PIN = gst.MovePin(kind=gst.PinKind.FORBID, skill="midwife", reason="the new school opens in May")
PROBLEM = gst.RedeploymentProblem.of(
    GROUPING, gst.RedeploymentPolicy(pins=(PIN,), goals=gst.minimise("uncovered", "travel", "moves"))
)


@pytest.fixture(scope="module")
def solved() -> gst.Result[gst.RedeploymentPlan]:
    return gst.solve(PROBLEM)


def told(result: gst.Result[gst.RedeploymentPlan], lang: gst.Lang = gst.Lang.EN) -> str:
    return words(result_text(GROUPING, PROBLEM, result, lang))


def with_bound(
    result: gst.Result[gst.RedeploymentPlan], bound: float | None, stop: gst.Stop
) -> gst.Result[gst.RedeploymentPlan]:
    first, *others = result.stages
    return replace(result, stop=stop, status=gst.Status.FEASIBLE, stages=(first.replace(bound=bound), *others))


def test_pins_are_told_with_their_reason(solved: gst.Result[gst.RedeploymentPlan]) -> None:
    assert "Decisions already taken: - the new school opens in May" in told(solved)
    assert "Midwife 1" not in told(solved)


def test_full_proof(solved: gst.Result[gst.RedeploymentPlan]) -> None:
    assert "the best plan there is under these rules" in told(solved)


def test_the_gaps_say_that_a_plan_is_the_best_not_why_the_solver_stopped(
    solved: gst.Result[gst.RedeploymentPlan],
) -> None:
    """The plan leaves 3 FTE uncovered; a bound 1e-5 FTE below is beyond the solver's tolerances: no end of proof."""
    assert "the best plan there is" in told(replace(solved, stop=gst.Stop.TIME))
    text = told(with_bound(solved, 3.0 - 1e-5, gst.Stop.PROOF))
    assert "the best plan there is" not in text
    assert "no plan does better by more than" in text


def test_no_move_helps_only_where_that_is_proven() -> None:
    problem = PROBLEM.replace(policy=gst.RedeploymentPolicy(max_travel=0.0))
    still = gst.solve(problem)
    assert "No move helps" in words(result_text(GROUPING, problem, still, gst.Lang.EN))
    loose = with_bound(still, 7.0, gst.Stop.PROOF)
    assert "The plan holds no move" in words(result_text(GROUPING, problem, loose, gst.Lang.EN))


@pytest.mark.parametrize(
    ("bound", "stop", "said"),
    [
        (2.999, gst.Stop.FAULT, "a better one may exist: Uncovered need, 0.0 FTE less at best (gap 0.01%)."),
        (2.8, gst.Stop.TIME, "a better one may exist: Uncovered need, 0.2 FTE less at best (gap 2.50%)."),
        (1.0, gst.Stop.TIME, "may do much better: Uncovered need, up to 2.0 FTE less (gap 25.00%)."),
        (None, gst.Stop.TIME, "nothing is proven about this plan"),
        (2.9999, gst.Stop.GAP, "no plan does better by more than 0.002%"),
    ],
)
def test_gaps_in_plain_words(
    solved: gst.Result[gst.RedeploymentPlan], bound: float | None, stop: gst.Stop, said: str
) -> None:
    """The plan leaves 3 FTE uncovered and today's value is 8: 2.8 is a gap of 0.2 / 8; 0.00125% rounds up."""
    assert solved.objective == 3.0
    text = told(with_bound(solved, bound, stop))
    assert said in text
    assert ("run it again with more time" in text) == (stop is gst.Stop.TIME)


def test_every_goal_far_from_proven_is_named(solved: gst.Result[gst.RedeploymentPlan]) -> None:
    """The first goal is cut at 25 %; the second was never worked on, and one was told nothing of it."""
    first = solved.stages[0]
    never = first.replace(goal="travel", unit="min", bound=0.0, today=0.0, reached=120.0, value=120.0)
    cut = with_bound(replace(solved, stages=(first,)), 1.0, gst.Stop.TIME)
    said = told(replace(cut, stages=(*cut.stages, never)))
    assert "Uncovered need, up to 2.0 FTE less (gap 25.00%); " in said
    assert "Journeys to new posts, up to 120.0 minutes less (gap 100.00%)." in said
    unknown = told(replace(cut, stages=(*cut.stages, never.replace(bound=None))))
    assert "less (gap 25.00%); " in unknown
    assert "of which nothing is proven." in unknown


def test_a_refused_plan_names_the_broken_rule(solved: gst.Result[gst.RedeploymentPlan]) -> None:
    broken = (Violation("release", ("csu-north", "nurse"), 9.0, 8.0),)
    refused = replace(solved, status=gst.Status.REJECTED, plan=None, violations=broken)
    assert told(refused) == (
        "No plan. Rejected by the check (full proof). "
        "rule heads that may leave broken (csu-north, nurse): 9 where 8 is allowed"
    )
    assert "règle agents qui peuvent partir non respectée" in told(refused, gst.Lang.FR)


def test_heads_of_facilities_that_are_not_open_are_told() -> None:
    """`csu-north` is planned only: its staff count nowhere."""
    region = GROUPING.region
    facilities = tuple(
        one.replace(status=FacilityStatus.PLANNED) if one.id == "csu-north" else one for one in region.facilities
    )
    heads = sum(row.heads for row in GROUPING.workforce.staff if row.facility == "csu-north")
    assert heads > 0
    shut = GROUPING.replace(region=region.replace(facilities=facilities))
    said = {
        gst.Lang.FR: f"Attention : {heads} agents sont affectés à des établissements qui ne sont pas ouverts",
        gst.Lang.EN: f"Beware: {heads} staff are posted to facilities that are not open",
    }
    for lang, line in said.items():
        assert line in words(data_text(shut, lang))
        assert line not in words(data_text(GROUPING, lang))
