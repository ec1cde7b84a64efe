"""Plans made lot by lot: as cheap as those of the whole where the search may go on, good ones where it may not."""

from collections.abc import Sequence
from typing import Any

import pytest
from benchmarks.regional_tender import drawn_tender

import gst_opt as gst
from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.awards import lots, method
from gst_opt.pillars.purchasing.awards.check import check
from gst_opt.solve.run import direct
from tests.purchasing.awards.draw import draw
from tests.purchasing.awards.relaxation import relaxed
from tests.purchasing.awards.toys import tender

ONE = gst.SolveOptions(workers=1, gap=0.0)


@pytest.fixture
def every_tender_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(method, "LARGE", 1)


@pytest.mark.usefixtures("every_tender_is_large")
def test_lot_by_lot_the_cost_is_the_same() -> None:
    """Nothing is lost on the way: rules that no plan keeps are told, and the optimum is found."""
    for seed in range(20):
        problem = draw(seed)
        result, at_once = gst.solve(problem, ONE), gst.solve(problem, ONE, method=direct)
        assert result.status is at_once.status, seed
        if at_once.plan is not None:
            assert result.checked
            assert result.stages[0].value == pytest.approx(at_once.stages[0].value, abs=1e-5), seed


def test_the_plan_of_a_tender_of_lots_is_near_its_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 needs in 20 lots, packs, rebates on all that 6 suppliers sell: within 7 %.

    The relaxation proves it, and nothing is searched after it.
    """
    problem = drawn_tender(100, 6, facilities=6)
    found: list[float] = []
    plan_of_lots = lots.LotByLot.plan

    def kept(search: lots.LotByLot, choices: Sequence[Positions]) -> Floats | None:
        x = plan_of_lots(search, choices)
        assert x is not None
        found.append(float(search.costs @ x))
        return x

    monkeypatch.setattr(method, "LARGE", 1)
    monkeypatch.setattr(lots.LotByLot, "plan", kept)
    searches: list[float | None] = []

    def recorded(formulation: Any, problem: Any, check: Any, options: gst.SolveOptions, *, start: Any) -> Any:
        searches.append(options.seconds)
        return direct(formulation, problem, check, options, start=start)

    monkeypatch.setattr(method, "direct", recorded)
    result = gst.solve(problem, gst.SolveOptions(gap=0.1, workers=1))
    assert not check(problem, result.require()).violations
    assert relaxed(problem) <= found[0] <= 1.07 * relaxed(problem)
    assert searches == [0.0]
    assert (result.status, result.stop) == (gst.Status.OPTIMAL, gst.Stop.GAP)
    assert not result.provenance.cut_by_time
    assert result.bound == pytest.approx(relaxed(problem), rel=1e-3)
    assert result.bound is not None
    assert result.bound <= relaxed(problem) * (1 + 1e-9)
    assert result.objective == pytest.approx(found[0], rel=1e-3)  # without contracts that nothing is bought under


@pytest.mark.usefixtures("every_tender_is_large")
def test_an_interruption_of_the_first_plan_ends_the_solve() -> None:
    stop = gst.Cancellation()
    stop.cancel()
    result = gst.solve(draw(3), ONE.replace(cancel=stop))
    assert result.stop is gst.Stop.INTERRUPT
    assert result.provenance.interrupted_by == "Cancellation"


def test_a_lot_that_is_reserved_in_part_goes_to_small_firms_in_part() -> None:
    """Half of the forecast is reserved, so all of the one lot: 100 gloves at 2 from the small firm cost 200.

    The relaxation reserves half of the lot. Each big firm may be awarded the other half, and both together sold all of
    it for 100; now they sell half of it: 50 + 100.
    """
    problem = tender(
        {("atlas", "latex"): 1.0, ("rif", "latex"): 1.0, ("souss", "latex"): 2.0},
        suppliers={"souss": {"small_firm": True}},
        lots={"l": ({"max_awards": 3, "forecast": 100.0}, ("gloves",))},
        small_firm_share=0.5,
    )
    assert relaxed(problem, without=("reserved_needs",)) == pytest.approx(100.0)
    assert relaxed(problem) == pytest.approx(150.0)
    assert gst.solve(problem, ONE).objective == pytest.approx(200.0)
