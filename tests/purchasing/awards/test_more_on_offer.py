"""Adding a supplier, a reference or a tier never costs more, where no rule by need asks for more of them."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gst_opt as gst
from gst_opt.core.catalogue import ProductReference, TodayPurchase
from gst_opt.core.tenders import DiscountTier, Offer, Supplier
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from tests.purchasing.awards.draw import draw
from tests.purchasing.awards.toys import tender

ONE = gst.SolveOptions(workers=1, gap=0.0)


def cost(problem: AwardProblem) -> float:
    """Return the least cost, with what nobody can sell; infinite where there is no plan."""
    result = gst.solve(problem, ONE)
    if result.status is gst.Status.INFEASIBLE:
        return math.inf
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
    return result.stages[0].value + sum(term.constant for term in result.terms)


def with_offer(problem: AwardProblem, supplier: str, reference: str, price: float) -> AwardProblem:
    """Add an offer for gloves; who sells it and what it is may be new."""
    catalogue, tenders = problem.catalogue, problem.tenders
    products, suppliers = catalogue.product_references, tenders.suppliers
    if reference not in {one.id for one in products}:
        products = (*products, ProductReference(id=reference, need="gloves", keeping_cost=5.0))
    if supplier not in {one.id for one in suppliers}:
        suppliers = (*suppliers, Supplier(id=supplier, contract_cost=7.0))
    offers = (*tenders.offers, Offer(supplier=supplier, reference=reference, price=price))
    return problem.replace(
        catalogue=catalogue.replace(product_references=products),
        tenders=tenders.replace(suppliers=suppliers, offers=offers),
    )


@st.composite
def drawn(draws: st.DrawFn) -> AwardProblem:
    """Return a drawn tender without rules by need, with today's price of gloves or without."""
    problem = draw(draws(st.integers(0, 5000)))
    problem = problem.replace(policy=problem.policy.replace(rules=(), max_supplier_share=1.0))
    price = draws(st.sampled_from((None, 1.0, 6.0, 20.0)))
    own = [one.id for one in problem.catalogue.product_references if one.need == "gloves"]
    assume(own)  # the first offer of a need without today's price gives it one
    if price is None:
        return problem
    today = (TodayPurchase(reference=own[0], price=price),)
    return problem.replace(catalogue=problem.catalogue.replace(today_purchases=today))


@settings(max_examples=80)
@given(
    problem=drawn(),
    supplier=st.sampled_from(("atlas", "rif", "tadla")),
    reference=st.sampled_from(("latex", "vinyl")),
    price=st.sampled_from((2.0, 5.0, 9.0, 40.0)),
)
def test_one_more_offer_never_costs_more(problem: AwardProblem, supplier: str, reference: str, price: float) -> None:
    assume(all((one.supplier, one.reference) != (supplier, reference) for one in problem.tenders.offers))
    assert cost(with_offer(problem, supplier, reference, price)) <= cost(problem) + 1e-5


@settings(max_examples=40)
@given(problem=drawn(), beyond=st.sampled_from((5.0, 10.0, 60.0)), rebate=st.sampled_from((0.0, 0.1, 0.4)))
def test_one_more_tier_never_costs_more(problem: AwardProblem, beyond: float, rebate: float) -> None:
    tiers = problem.tenders.discount_tiers
    assume(tiers)
    last = max((one for one in tiers if one.schedule == tiers[0].schedule), key=lambda one: one.threshold)
    tier = DiscountTier(schedule=last.schedule, threshold=last.threshold + beyond, rebate=last.rebate + rebate)
    more = problem.replace(tenders=problem.tenders.replace(discount_tiers=(*tiers, tier)))
    assert cost(more) <= cost(problem) + 1e-5


def test_a_dear_offer_does_not_make_shortages_dearer() -> None:
    """Of 100 gloves 60 can be had at 1; 40 are short, at three times the cheapest offer: 180, a dear offer or none."""
    few = {("atlas", "latex"): {"price": 1.0, "capacity": 60.0}}
    assert cost(tender(few)) == pytest.approx(180.0)
    assert cost(tender(few | {("rif", "nitrile"): {"price": 9.0, "capacity": 60.0}})) == pytest.approx(180.0)


def test_a_need_is_short_at_todays_price_where_one_is_known() -> None:
    """Three times today's 2 for each of the 40 gloves that are short, whatever is on offer: 60 + 240."""
    problem = tender({("atlas", "latex"): {"price": 1.0, "capacity": 60.0}})
    today = (TodayPurchase(reference="latex", price=2.0),)
    assert cost(problem.replace(catalogue=problem.catalogue.replace(today_purchases=today))) == pytest.approx(300.0)
