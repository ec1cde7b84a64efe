"""A large question starts from a plan whose changes are all in the first year, and ends where it would at once."""

import pytest

import gst_opt as gst
from gst_opt.pillars.support.hubs import method
from gst_opt.samples import load_sample
from tests.support.draw import draw
from tests.support.toys import linen

ONE = gst.SolveOptions(workers=1, gap=0.0)


def test_what_is_proven_is_that_of_the_question_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(6):
        problem = draw(seed)
        at_once = gst.solve(problem, ONE)
        monkeypatch.setattr(method, "LARGE", 0)
        found = gst.solve(problem, ONE)
        monkeypatch.undo()
        assert found.status is at_once.status, seed
        assert [stage.value for stage in found.stages] == pytest.approx([stage.value for stage in at_once.stages]), seed
        assert [stage.bound for stage in found.stages] == pytest.approx([stage.bound for stage in at_once.stages]), seed


def test_an_interruption_of_the_first_plan_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(method, "LARGE", 0)
    stop = gst.Cancellation()
    stop.cancel()
    result = gst.solve(linen(years=2), gst.SolveOptions(workers=1, cancel=stop))
    assert result.stop is gst.Stop.INTERRUPT
    assert result.provenance.interrupted_by is not None


@pytest.mark.slow
def test_tanger_pools_seven_functions_within_half_a_percent() -> None:
    result = gst.solve(gst.HubProblem.of(load_sample("tanger")), gst.SolveOptions(gap=5e-3, seconds=600))
    assert result.checked
    assert result.gap <= 5e-3
    assert {row.support_function for row in result.require().hubs} == {
        *("payroll", "it_tickets", "logistics", "laundry", "sterilisation", "maintenance", "catering")
    }
