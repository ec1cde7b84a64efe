"""What each rule of a tender costs, counted by hand."""

from dataclasses import replace

import pytest

import gst_opt as gst
from gst_opt.analysis.price_table import RulePrices
from gst_opt.pillars.purchasing.awards.changes import AwardChanges
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from tests.purchasing.awards.draw import draw
from tests.purchasing.awards.toys import (
    BUDGET,
    CONTRACT_MAXIMUM,
    CONTRACT_MINIMUM,
    LOT,
    MAX_REFERENCES,
    MAX_SHARE,
    MAX_SUPPLIER_SHARE,
    MINIMUM_ORDER,
    PACKS,
    PINNED,
    RESERVE,
    RESERVED,
    SOURCES,
    TWO,
    rule,
    tender,
)

ONE = gst.SolveOptions(workers=1, gap=0.0)
TENDERS: tuple[tuple[AwardProblem, dict[str, float]], ...] = (
    (MAX_REFERENCES, {"without the rule 1: test": 120.0 - 150.0}),
    (MAX_SHARE, {"without the rule 1: test": 100.0 - 140.0}),
    (SOURCES, {"without the rule 1: test": 100.0 - 130.0}),
    (MAX_SUPPLIER_SHARE, {"without a largest share of one supplier in all purchases": 100.0 - 125.0}),
    (BUDGET, {"without the budget": 100.0 - 140.0}),
    (MINIMUM_ORDER, {"without minimum orders": 100.0 - 150.0}),
    (PACKS, {"with packs that may be broken": 100.0 - 120.0}),
    (PINNED, {"without the pin 1: test": 100.0 - 120.0}),
    # two suppliers, each for one need; both bid for all of the lot already
    (LOT, {"with lots awarded to any number of suppliers": 200.0 - 300.0, "with bids for parts of a lot": 0.0}),
    (
        RESERVED,
        {
            "without the reserve for small firms": 100.0 - 200.0,
            "with lots awarded to any number of suppliers": 0.0,
            "with bids for parts of a lot": 0.0,
        },
    ),
    (
        RESERVE,
        {
            "without the reserve for small firms": 100.0 - 200.0,
            "with lots awarded to any number of suppliers": 0.0,
            "with bids for parts of a lot": 0.0,
        },
    ),
    # 100 gloves of atlas are worth 100; two contracts would each need 150
    (
        CONTRACT_MINIMUM,
        {
            "with lots awarded to any number of suppliers": 0.0,
            "with bids for parts of a lot": 0.0,
            "without least and largest amounts of contracts": 100.0 - 200.0,
        },
    ),
    (
        CONTRACT_MAXIMUM,
        {"with bids for parts of a lot": 0.0, "without least and largest amounts of contracts": 100.0 - 150.0},
    ),
)


def prices(found: RulePrices) -> dict[str, float | None]:
    return {one.change.text(): one.goals[0].price for one in found.rules}


@pytest.mark.parametrize(("problem", "expected"), TENDERS)
def test_what_a_rule_costs_is_counted_by_hand(problem: AwardProblem, expected: dict[str, float]) -> None:
    assert prices(gst.rule_prices(problem, AwardChanges(problem).every(), ONE)) == pytest.approx(expected, abs=1e-6)


def test_the_rules_of_one_tender_side_by_side() -> None:
    """Gloves of atlas at 1, from abroad, of rif at 2; two sources, a budget of 120 and a glove short at 3.

    60 of atlas and 30 of rif for 120, ten short: 150, and 9 of preference. Without the budget 70 and 30: 130 and 10.5.
    With one source 100 of atlas: 100 and 15. Without preference the same plan, compared at 150.
    """
    problem = tender(
        TWO,
        suppliers={"atlas": {"resident": False}},
        rules=(rule(min_sources=2, source_share=0.3),),
        budget=120.0,
    )
    found = gst.rule_prices(problem, gst.AwardChanges(problem).every(), ONE)
    assert prices(found) == pytest.approx(
        {
            "without the rule 1: test": 115.0 - 159.0,
            "without preference for resident suppliers": 150.0 - 159.0,
            "without the budget": 140.5 - 159.0,
        }
    )
    assert "sans budget" in found.text(gst.Lang.FR)
    (preference,) = (one for one in found.rules if one.change.text() == "without preference for resident suppliers")
    assert {term.term for term in preference.terms if term.price} == {"preference"}


def test_leaving_a_rule_out_cannot_cost_whatever_is_proven() -> None:
    """The reserve costs 100, of 200; were no more than 50 proven of the plan with it, its price is from -100 to 0."""
    base = gst.solve(RESERVE, ONE)
    loose = replace(base, stages=(base.stages[0].replace(bound=50.0),))
    found = gst.rule_prices(RESERVE, AwardChanges(RESERVE).limits(), ONE, base=loose)
    (goal,) = found.rules[0].goals
    assert (goal.lowest, goal.highest) == pytest.approx((-100.0, 0.0))


def test_lots_are_never_awarded_to_fewer_than_before() -> None:
    """One lot may have five suppliers and a rule asks for five, of three that bid; swabs are awarded to one."""
    problem = tender(
        {**TWO, ("souss", "cotton"): 1.0},
        demand={("gloves", "hp"): 100.0, ("swabs", "hp"): 10.0},
        lots={"l1": ({"max_awards": 5}, ("gloves",)), "l2": ({"max_awards": 1}, ("swabs",))},
        rules=(rule(min_sources=5, source_share=0.1),),
    )
    changed = {one.text(): one.problem for one in AwardChanges(problem).lots()}
    lots = changed["with lots awarded to any number of suppliers"].tenders.lots
    assert [lot.max_awards for lot in lots] == [5, 5]


def test_preference_costs_what_the_paid_terms_differ_by() -> None:
    """Atlas, from abroad, sells at 1.9 what rif sells at 2; with 15 % on top it is dearer: rif, 200 paid, not 190."""
    problem = tender({("atlas", "latex"): 1.9, ("rif", "latex"): 2.0}, suppliers={"atlas": {"resident": False}})
    (found,) = gst.rule_prices(problem, AwardChanges(problem).limits(), ONE).rules
    assert {term.term: term.price for term in found.terms if term.price} == pytest.approx({"supplies": -10.0})


def test_no_rule_costs_less_than_nothing() -> None:
    """Leaving a rule out never costs more, but for packs and minimum orders, whose last units are left over."""
    for seed in range(12):
        problem = draw(seed)
        base = gst.solve(problem, ONE)
        changes = AwardChanges(problem)
        if base.plan is not None:
            rules = (*changes.need_rules(), *changes.limits(), *changes.lots(), *changes.pins())
            for one in gst.rule_prices(problem, rules, ONE, base=base).rules:
                assert (one.goals[0].price or 0.0) <= 1e-6, (seed, one.change.text())


def test_the_rules_of_the_two_towns_cost_what_the_sample_says() -> None:
    """See `samples/two_towns_purchases.py`: 95,625.74; 92,479.69 without reserve, 94,468.80 without preference."""
    problem = gst.AwardProblem.of(gst.load_sample("two_towns"))
    found = prices(gst.rule_prices(problem, AwardChanges(problem).limits(), ONE))
    assert found == pytest.approx(
        {
            "without the reserve for small firms": 92_479.69 - 95_625.74,
            "without preference for resident suppliers": 94_468.80 - 95_625.74,
        },
        abs=0.02,
    )


def test_a_rule_that_alone_keeps_an_offer_in_too_many_packs_out_is_not_priced() -> None:
    """Rif sells two million gloves one by one, but not the swabs of the lot, or from four million on."""
    demand = {("gloves", "hp"): 2e6, ("swabs", "hp"): 1.0}
    part = tender(
        {("atlas", "latex"): 1.0, ("atlas", "cotton"): 1.0, ("rif", "latex"): {"price": 1.0, "pack": 1.0}},
        demand=demand,
        lots={"lot1": ({"max_awards": 2}, ("gloves", "swabs"))},
    )
    large = tender(
        {
            ("atlas", "latex"): 1.0,
            ("rif", "latex"): {"price": 1.0, "pack": 1.0, "min_order": 4e6, "capacity": 3e6},
        },
        demand=demand,
    )
    for problem in (part, large):
        assert [one.text() for one in AwardChanges(problem).every()] == ["with packs that may be broken"]
