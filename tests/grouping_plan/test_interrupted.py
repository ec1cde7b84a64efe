"""Ctrl-C while a large grouping is searched: the best plan so far, and no search begun after it."""

import signal

import pytest

import gst_opt as gst
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.search import Search


def pressed_in(name: str, monkeypatch: pytest.MonkeyPatch) -> gst.Result[gst.GroupingPlan]:
    """Return the result of two_towns when Ctrl-C arrives as a step of the search begins."""
    step = getattr(Search, name)

    def pressed(search: Search, *given: object) -> object:
        signal.raise_signal(signal.SIGINT)
        return step(search, *given)

    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    monkeypatch.setattr(Search, name, pressed)
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    return gst.solve(problem, gst.SolveOptions(workers=1, gap=0), method=tied)


@pytest.mark.parametrize("name", ["relax", "first", "together"])
def test_ctrl_c_before_anything_is_bought_leaves_no_plan_that_is_worse_than_today(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All supplies short cost 6,938,838 where today costs 5,979,393: that is no plan to go on from."""
    result = pressed_in(name, monkeypatch)
    assert (result.status, result.stop, result.plan) == (gst.Status.UNKNOWN, gst.Stop.INTERRUPT, None)
    assert result.provenance.interrupted_by == "KeyboardInterrupt"


def test_ctrl_c_when_platforms_are_planned_leaves_what_is_better_than_today(monkeypatch: pytest.MonkeyPatch) -> None:
    result = pressed_in("polish", monkeypatch)
    assert result.stop is gst.Stop.INTERRUPT
    assert result.checked
    assert result.objective is not None
    assert result.objective < result.stages[0].today


def test_ctrl_c_in_the_search_of_parts_ends_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """It arrives when parts are planned, before the model in one piece goes on: that must not begin."""
    polish = Search.polish

    def pressed(search: Search) -> None:
        polish(search)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    monkeypatch.setattr(Search, "polish", pressed)
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    result = gst.solve(problem, gst.SolveOptions(workers=1, gap=0), method=tied)
    assert result.stop is gst.Stop.INTERRUPT
    assert result.provenance.interrupted_by == "KeyboardInterrupt"
    assert result.checked
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound <= result.objective
