"""Tenders counted by hand, tenders counted by enumeration, thresholds and packs to the unit."""

from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.errors import DataError
from gst_opt.core.tenders import Measure
from gst_opt.pillars.purchasing.awards.plan import AwardPlan, Reason
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from tests.purchasing.awards.brute import cheapest
from tests.purchasing.awards.draw import draw, times
from tests.purchasing.awards.toys import BEST, TWO, TWO_GROUPS, Discounts, Offers, fair, rule, tender

ONE = gst.SolveOptions(workers=1, gap=0.0)


def solved(problem: AwardProblem) -> tuple[float, AwardPlan]:
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
    return result.stages[0].value, result.require()


@pytest.mark.parametrize("name", BEST)
def test_the_cost_is_the_one_counted_by_hand(name: str) -> None:
    problem, best = BEST[name]
    assert solved(problem)[0] == pytest.approx(best)


def compare(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        best, result = cheapest(problem), gst.solve(problem, ONE)
        if best is None:
            assert result.status is gst.Status.INFEASIBLE, seed
        else:
            assert result.checked, seed
            assert result.stages[0].value == pytest.approx(best, abs=1e-5), seed


def test_100_small_tenders_cost_what_enumeration_finds() -> None:
    compare(range(100))


@pytest.mark.slow
def test_1000_small_tenders_cost_what_enumeration_finds() -> None:
    compare(range(100, 1100))


def test_a_quantity_at_the_threshold_gets_its_tier() -> None:
    """0.9 from 100 on: 100 gloves cost 90; 99 cost 99, and the plan says that one is missing."""
    for units, paid, to_next in ((100.0, 90.0, None), (99.0, 99.0, 1.0)):
        discounts: Discounts = {"d": ({"supplier": "atlas", "measure": Measure.QUANTITY}, {100.0: 0.1})}
        more: Offers = {("rif", "cotton"): 1.0, ("atlas", "latex"): 1.0, ("atlas", "cotton"): 50.0}
        demand = {("gloves", "hp"): units, ("swabs", "hp"): 1.0}
        cost, plan = solved(tender(more, demand=demand, discounts=discounts))
        assert cost == pytest.approx(paid + 1)
        assert plan.tiers[0].to_next == to_next
        assert plan.orders[0].paid == pytest.approx(paid)


@pytest.mark.parametrize("pack", [None, 1.0])
def test_one_unit_below_a_threshold_of_a_million_is_below_it(pack: float | None) -> None:
    """999,999 gloves at 1, a tenth off from 1,000,000 on: 999,999, not 899,999.1."""
    offers: Offers = {("atlas", "latex"): {"price": 1.0, "pack": pack, "capacity": 999_999.0}}
    discounts: Discounts = {
        "d": ({"supplier": "atlas", "reference": "latex", "measure": Measure.QUANTITY}, {1_000_000.0: 0.1})
    }
    cost, plan = solved(tender(offers, demand={("gloves", "hp"): 999_999.0}, discounts=discounts))
    assert cost == pytest.approx(999_999.0)
    assert plan.tiers[0].to_next == pytest.approx(1.0)


def test_a_hair_below_a_threshold_is_below_it() -> None:
    """Of 100,000 gloves a contract of 999.9997 may be at 1, half price from 1,000 on, and the rest at 5."""
    discounts: Discounts = {
        "d": ({"supplier": "atlas", "reference": "latex", "measure": Measure.QUANTITY}, {1000.0: 0.5})
    }
    cost, plan = solved(
        tender(
            {("atlas", "latex"): 1.0, ("atlas", "nitrile"): 1.0},
            demand={("gloves", "hp"): 100_000.0},
            discounts=discounts,
            lots={"lot1": ({"max_amount": 999.9997}, ("gloves",))},
        )
    )
    assert cost == pytest.approx(999.9997 + 3 * (100_000 - 999.9997), abs=1e-3)
    assert plan.tiers[0].rebate == 0.0


@pytest.mark.parametrize("more", [{}, {"lots": {"lot1": ({}, ("gloves",))}}, {"stocks": TWO_GROUPS}])
def test_nobody_buys_a_millionth_too_much_to_reach_a_threshold(more: dict[str, Any]) -> None:
    """Two references could be a million gloves together: 999,999 are needed, and no surplus is allowed."""
    offers: Offers = {("atlas", "latex"): 1.0, ("atlas", "nitrile"): 1.0}
    demand = {("gloves", "hp"): 500_000.0, ("gloves", "cs"): 499_999.0}
    discounts: Discounts = {"d": ({"supplier": "atlas", "measure": Measure.QUANTITY}, {1_000_000.0: 0.1})}
    cost, plan = solved(tender(offers, demand=demand, discounts=discounts, **more))
    assert cost == pytest.approx(999_999.0)
    assert plan.tiers[0].rebate == 0.0


@pytest.mark.parametrize("size", [1e5 / 3, 1e7 / 7])
def test_a_tender_in_millions_costs_what_it_costs_in_units(size: float) -> None:
    """Quantities without packs, thresholds, fixed costs and budgets times a size: the cost, too, and every rebate."""
    for seed in range(20):
        small, large = gst.solve(times(draw(seed), 1.0), ONE), gst.solve(times(draw(seed), size), ONE)
        assert large.status is small.status, seed
        if small.plan is not None:
            assert large.stages[0].value == pytest.approx(size * small.stages[0].value), seed


def test_thresholds_are_exact_where_shares_are_not() -> None:
    """A third of 0.3 units and two thirds are one threshold in fractions that binary numbers do not hold."""
    offers: Offers = {("atlas", "latex"): 0.1, ("atlas", "cotton"): 0.7}
    demand = {("gloves", "hp"): 0.1, ("gloves", "cs"): 0.2, ("swabs", "hp"): 1 / 3}
    value = 0.1 * (0.1 + 0.2) + 0.7 / 3
    cost, plan = solved(tender(offers, demand=demand, discounts={"d": ({"supplier": "atlas"}, {value: 0.5})}))
    assert cost == pytest.approx(value / 2)
    assert plan.tiers[0].rebate == 0.5


def test_packs_are_whole_whatever_their_size() -> None:
    for pack in (0.1, 3.0, 7.0, 1 / 3, 99.0, 101.0):
        _, plan = solved(tender({("atlas", "latex"): {"price": 1.0, "pack": pack}}, shortage_factor=1000.0))
        (order,) = plan.orders
        packs = order.units / pack
        assert packs == round(packs)
        assert order.units >= 100 - 1e-9 > order.units - pack


def test_every_order_is_also_what_facilities_receive() -> None:
    _, plan = solved(fair())
    assert {(one.supplier, one.reference, one.units) for one in plan.deliveries} == {
        ("rif", "cotton", 100.0),
        ("rif", "latex", 1000.0),
    }


def test_shortages_have_reasons() -> None:
    capped = tender({("atlas", "latex"): {"price": 1.0, "capacity": 40.0}})
    none = tender({("atlas", "cotton"): 1.0}, demand={("gloves", "hp"): 100.0, ("swabs", "hp"): 1.0})
    limited = tender(TWO, budget=80.0)
    for problem, short, reason in (
        (capped, 60.0, Reason.CAPACITY),
        (none, 100.0, Reason.NO_OFFER),
        (limited, 20.0, Reason.LIMITED),
    ):
        need = solved(problem)[1].needs[0]
        assert need.short == pytest.approx(short)
        assert need.reason is reason


def test_a_rule_for_more_suppliers_than_a_lot_may_have_is_refused_where_it_stands() -> None:
    with pytest.raises(DataError) as caught:
        tender(TWO, lots={"lot1": ({}, ("gloves",))}, rules=(rule(), rule(min_sources=2)))
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column) == ("rules", 2, "min_sources")


def test_a_source_of_next_to_nothing_is_refused_where_it_stands() -> None:
    """A hundred-thousandth of a need is told from rounding: 99.999 at 1 and 0.001 at 2."""
    assert solved(tender(TWO, rules=(rule(min_sources=2, source_share=1e-5),)))[0] == pytest.approx(100.001, abs=1e-9)
    assert solved(tender(TWO, rules=(rule(source_share=1e-7),)))[0] == pytest.approx(100.0)
    with pytest.raises(DataError) as caught:
        tender(TWO, rules=(rule(), rule(min_sources=2, source_share=1e-7)))
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("rules", 2, "source_share", "1e-07")
    assert "1e-05" in problem.expected.text(gst.Lang.EN)


def test_packs_too_small_to_be_counted_are_refused_where_they_stand() -> None:
    """A million packs are counted; of one pack more, the offer, and the pack that would do."""
    offers: Offers = {("atlas", "cotton"): 1.0, ("atlas", "latex"): {"price": 1.0, "pack": 2.0}}
    needed = {("gloves", "hp"): 2_000_000.0, ("swabs", "hp"): 1.0}
    assert solved(tender(offers, demand=needed))[0] == pytest.approx(2_000_001.0)
    with pytest.raises(DataError) as caught:
        tender(offers, demand=needed | {("gloves", "hp"): 2_000_001.0})
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("offers", 2, "pack", "2")
    assert problem.expected.text(gst.Lang.EN) == (
        "at least 2.000002, or empty: 2000002 units may be ordered, and a million packs at most can be counted"
    )


def test_a_rule_or_pin_on_what_is_not_there_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        tender(TWO, rules=(rule().replace(need="masks"),))
    assert [(one.table, one.column, one.value) for one in caught.value.problems] == [("rules", "need", "masks")]


def test_a_rule_that_asks_for_no_second_source_does_not_say_how_large_one_is() -> None:
    """Two sources of a tenth: 90 gloves at 1 and 10 at 2; a rule about references alone changes nothing."""
    two = rule(min_sources=2, source_share=0.1)
    assert solved(tender(TWO, rules=(two, rule(max_references=2))))[0] == pytest.approx(110.0)
    assert solved(tender(TWO, rules=(two, rule(min_sources=2, source_share=0.3))))[0] == pytest.approx(130.0)


def test_a_conflict_is_told_in_the_figures_of_the_rules() -> None:
    """Two sources of 30 % cost 90: with 50, the dearer one can have 10 % at most."""
    problem = tender(TWO, rules=(rule(min_sources=2, source_share=0.3),), budget=50.0)
    with pytest.raises(gst.NoPlanError) as caught:
        gst.solve(problem, ONE).require()
    assert "at least 0.3 is asked, 0.1 is possible" in caught.value.text()
