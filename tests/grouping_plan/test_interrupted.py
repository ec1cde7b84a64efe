"""Ctrl-C while a large grouping is searched: the best plan so far, and no search begun after it."""

import signal
import threading
import time

import pytest

import gst_opt as gst
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.search import Search
from gst_opt.solve.once import Limits


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


def press_after_polish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Ctrl-C arrive when all parts are planned, before the model in one piece goes on."""
    polish = Search.polish

    def pressed(search: Search) -> None:
        polish(search)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    monkeypatch.setattr(Search, "polish", pressed)


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


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_after_all_parts_leaves_a_plan_though_the_budget_makes_it_dearer_than_today(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 3 million the best plan costs 6,708,491 where today, for which that is not enough, costs 5,979,393."""
    press_after_polish(monkeypatch)
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"), gst.GroupingPolicy(budget=3_000_000))
    result = gst.solve(problem, gst.SolveOptions(workers=workers, gap=0), method=tied)
    assert (result.stop, result.checked) == (gst.Stop.INTERRUPT, True)
    assert result.objective is not None
    assert result.stages[0].today < 6_708_491 - 1 <= result.objective


def test_a_start_is_never_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"), gst.GroupingPolicy(budget=3_000_000))
    best = gst.solve(problem, gst.SolveOptions(workers=1, gap=1e-4))
    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    relax = Search.relax

    def pressed(search: Search) -> None:
        signal.raise_signal(signal.SIGINT)
        relax(search)

    monkeypatch.setattr(Search, "relax", pressed)
    result = gst.solve(problem, gst.SolveOptions(workers=1, gap=0), method=tied, start=best.plan)
    assert result.objective == pytest.approx(best.objective)


def test_what_is_proven_beside_ends_when_the_search_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def proving(search: Search, limits: Limits) -> None:
        while not limits.over():
            time.sleep(0.01)
        ended.set()

    def failing(search: Search, name: str, x: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    monkeypatch.setattr(Search, "prove", proving)
    monkeypatch.setattr(Search, "first", failing)
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    with pytest.raises(ZeroDivisionError):
        gst.solve(problem, gst.SolveOptions(workers=2), method=tied)
    assert ended.wait(5.0)


def test_ctrl_c_in_the_search_of_parts_ends_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """It arrives when parts are planned, before the model in one piece goes on: that must not begin."""
    press_after_polish(monkeypatch)
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"))
    result = gst.solve(problem, gst.SolveOptions(workers=1, gap=0), method=tied)
    assert result.stop is gst.Stop.INTERRUPT
    assert result.provenance.interrupted_by == "KeyboardInterrupt"
    assert result.checked
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound <= result.objective
