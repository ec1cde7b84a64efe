"""Ctrl-C while a large grouping is searched: the best plan so far, and no search begun after it."""

import signal

import pytest

import gst_opt as gst
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.search import Search


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
