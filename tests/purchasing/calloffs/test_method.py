"""Packs last: receipts until every period rounded up, uses from what came first; the answer is that of the question."""

import pytest

import gst_opt as gst
from gst_opt.pillars.purchasing.calloffs.check import check
from gst_opt.pillars.purchasing.calloffs.method import in_packs, without_packs
from gst_opt.pillars.purchasing.calloffs.model import FORMULATION
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.run import direct
from tests.purchasing.calloffs.draw import draw
from tests.purchasing.calloffs.toys import FEB, JAN, LATEX, MAR, season

EXACT = SolveOptions(gap=0.0, workers=1)


def test_packs_come_early_enough_and_nothing_is_bought_twice() -> None:
    """10, 10 and 40 units in packs of 30: 10, 20 and 60 until then are 1, 1 and 2 packs: none comes in February."""
    given = season({LATEX: {"pack": 30.0}}, demand={("gloves", "hp"): (10.0, 10.0, 40.0)}, order_cost=0.0)
    loose = gst.solve(without_packs(given), EXACT).require()
    assert {one.received: one.units for one in loose.calls} == pytest.approx({JAN: 10.0, FEB: 10.0, MAR: 40.0})
    plan = in_packs(given, loose)
    assert {one.received: one.units for one in plan.calls} == {JAN: 30.0, MAR: 30.0}
    assert sum(one.left for one in plan.calls) == pytest.approx(0.0)
    assert sum(row.short for row in plan.needs) == pytest.approx(0.0)
    assert check(given, plan).violations == ()


def test_a_minimum_order_is_kept_in_whole_packs() -> None:
    """At least 35, so two packs of 30, in each order, where 45 and 90 units alone would be two and one more."""
    given = season(
        {LATEX: {"pack": 30.0, "min_order": 35.0, "shelf_life": 31.0}},
        demand={("gloves", "hp"): (45.0, 45.0)},
        order_cost=0.0,
    )
    plan = in_packs(given, gst.solve(without_packs(given), EXACT).require())
    assert {one.received: one.units for one in plan.calls} == {JAN: 60.0, FEB: 60.0}
    assert check(given, plan).violations == ()


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_by_packs_last_is_as_good_as_at_once(seed: int) -> None:
    given = draw(seed)
    result = gst.solve(given, EXACT)
    once = direct(FORMULATION, given, check, EXACT)
    assert result.status is once.status
    assert result.objective == pytest.approx(once.objective)
