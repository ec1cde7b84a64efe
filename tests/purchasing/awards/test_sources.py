"""Needs of several sources: what tightens the relaxation, by hand, and that it forbids no plan."""

from dataclasses import replace

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Category
from gst_opt.core.tenders import Measure
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.policy import NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.solve.run import direct
from tests.purchasing.awards.draw import draw
from tests.purchasing.awards.relaxation import relaxed
from tests.purchasing.awards.toys import TWO, Offers, rule, tender

ONE = gst.SolveOptions(workers=1, gap=0.0)


def discount(supplier: str, threshold: float, rebate: float) -> AwardProblem:
    """100 gloves of atlas at 1 and of rif at 2, at least 20 of each, and a rebate on a quantity of one of them."""
    scope = {"supplier": supplier, "measure": Measure.QUANTITY}
    return tender(TWO, discounts={"d": (scope, {threshold: rebate})}, rules=(rule(min_sources=2, source_share=0.2),))


def test_sources_of_the_needs_of_a_lot_are_the_same_suppliers() -> None:
    """Half of each need from each of two suppliers, and two awards: every pair of them costs 400.

    Gloves cost 1, 3, 2 at atlas, rif, souss, swabs 3, 1, 2. Half an award was enough for half of a need, so that each
    need had the two suppliers that are cheapest for it: 50 + 100 for gloves, and the same for swabs.
    """
    problem = tender(
        {
            ("atlas", "latex"): 1.0,
            ("rif", "latex"): 3.0,
            ("souss", "latex"): 2.0,
            ("atlas", "cotton"): 3.0,
            ("rif", "cotton"): 1.0,
            ("souss", "cotton"): 2.0,
        },
        demand={("gloves", "hp"): 100.0, ("swabs", "hp"): 100.0},
        lots={"l": ({"max_awards": 2}, ("gloves", "swabs"))},
        rules=(NeedRule(category=Category.CONSUMABLE, min_sources=2, source_share=0.5, reason="test"),),
        small_firm_share=0.0,
    )
    assert relaxed(problem, without=("source_awarded",)) == pytest.approx(300.0)
    assert relaxed(problem) == pytest.approx(400.0)
    assert gst.solve(problem, ONE).objective == pytest.approx(400.0)


def test_a_tier_that_other_sources_leave_no_room_for_is_not_reached_in_part() -> None:
    """Half price from 90 gloves of atlas on, and rif sells 20: 80 + 40.

    The relaxation had the 80 gloves under 80/90 of the tier, at half price.
    """
    problem = discount("atlas", 90.0, 0.5)
    assert relaxed(problem, without=("source_room", "source_tier")) == pytest.approx(80.0)
    assert relaxed(problem, without=("source_tier",)) == pytest.approx(120.0)
    assert relaxed(problem) == pytest.approx(120.0)
    assert gst.solve(problem, ONE).objective == pytest.approx(120.0)


def test_a_source_that_sells_its_share_reaches_no_higher_tier_in_part() -> None:
    """A quarter off from 80 gloves of rif on: 20 from it, 80 + 40, or 80, 20 + 120.

    The relaxation had the 20 gloves under a quarter of the tier: 80 + 30.
    """
    problem = discount("rif", 80.0, 0.25)
    assert relaxed(problem, without=("source_tier",)) == pytest.approx(110.0)
    assert relaxed(problem) == pytest.approx(120.0)
    assert gst.solve(problem, ONE).objective == pytest.approx(120.0)


@pytest.mark.parametrize(("capacity", "best"), [(33.3333, 100.0), (33.333333333333, 400 / 3)])
def test_who_cannot_quite_be_a_source_is_none(capacity: float, best: float) -> None:
    """A third of 100 gloves from each of two, and rif has 33.3333, so one source is all there can be; or a third."""
    offers: Offers = {("atlas", "latex"): 1.0, ("rif", "latex"): {"price": 2.0, "capacity": capacity}}
    result = gst.solve(tender(offers, rules=(rule(min_sources=2, source_share=1 / 3),)), ONE)
    assert result.checked
    assert result.objective == pytest.approx(best)


def test_what_tightens_forbids_no_plan() -> None:
    """Two sources for every need of drawn tenders: the same optimum without the rows that only tighten."""
    names = FORMULATION.redundant
    kept = tuple(piece for piece in FORMULATION.constraints if piece.__name__ not in names)
    plain, bound = replace(FORMULATION, constraints=kept, redundant=frozenset()), 0
    for seed in range(60):
        problem = draw(seed)
        lots = tuple(lot.replace(max_awards=2) for lot in problem.tenders.lots)
        rules = (NeedRule(min_sources=2, source_share=0.1 + 0.1 * (seed % 5), reason="drawn"),)
        problem = problem.replace(
            tenders=problem.tenders.replace(lots=lots), policy=problem.policy.replace(rules=rules)
        )
        result, without = gst.solve(problem, ONE), gst.solve(problem, ONE, formulation=plain, method=direct)
        assert result.status is without.status, seed
        if without.plan is not None:
            assert result.checked, seed
            assert result.objective == pytest.approx(without.objective, abs=1e-5), seed
            bound += relaxed(problem) > relaxed(problem, without=tuple(names)) + 1e-3
    assert bound >= 5
