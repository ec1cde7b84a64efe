"""What each rule of call-offs costs, counted by hand in `toys`."""

import pytest

import gst_opt as gst
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from tests.purchasing.calloffs.draw import draw
from tests.purchasing.calloffs.toys import BEST, LATEX, season

ONE = gst.SolveOptions(workers=1, gap=0.0)
PACKS, ORDERS = "with packs that may be broken", "without minimum orders"
LEAST, MOST = "without quantities awarded to order at least", "without largest quantities of awarded offers"
CONTRACT = "without least and largest amounts of contracts"
CASES: dict[str, dict[str, float]] = {
    "gloves": {},
    "packs": {PACKS: 115.0 - 137.0},
    "minimum_order": {ORDERS: 115.0 - 170.0},
    "period_capacity": {MOST: 390.0 - 395.0},
    "offer_maximum": {MOST: 390.0 - 485.0},
    "commitment": {LEAST: 390.0 - 440.0},
    "contract_minimum": {CONTRACT: 390.0 - 440.0},
    "contract_maximum": {CONTRACT: 390.0 - 485.0},
    "cash": {"without the money of each period": 390.0 - 395.0},
    "budget": {"without the budget": 390.0 - (340.0 + 150.0 / 1.1)},
    "cover": {"with goods that may wait for any time": 390.0 - 395.0},
    "pins": {"without the pin 1: test": 390.0 - 395.0},
    # 437.5 of the contract's 500 are ordered: 62.5 are owed, be it 50 for units and 12.5, or to the contract alone
    "contract_and_least": {LEAST: 390.0 + 62.5 - 452.5, CONTRACT: 440.0 - 452.5},
}


def prices(problem: CallOffProblem) -> dict[str, float | None]:
    found = gst.rule_prices(problem, gst.CallOffChanges(problem).every(), ONE)
    return {one.change.text(): one.goals[0].price for one in found.rules}


@pytest.mark.parametrize("name", CASES)
def test_what_a_rule_costs_is_counted_by_hand(name: str) -> None:
    assert prices(BEST[name][0]) == pytest.approx(CASES[name], abs=1e-6)


def test_no_rule_costs_less_than_nothing() -> None:
    """But for packs and minimum orders, whose last units are left over."""
    for seed in range(12):
        for change, price in prices(draw(seed)).items():
            assert change in (PACKS, ORDERS) or (price or 0.0) <= 1e-6, (seed, change)


@pytest.mark.parametrize(("award", "max_cover"), [({}, 27.0), ({"per_period": 600_000.0}, None)])
def test_a_rule_that_alone_keeps_receipts_countable_is_not_priced(
    award: dict[str, float], max_cover: float | None
) -> None:
    """600,000 packs a month are counted, those of two months together are not."""
    demand = {("gloves", "hp"): (6e5, 6e5)}
    problem = season({LATEX: {"pack": 1.0}}, demand=demand, awards={LATEX: award}, max_cover=max_cover)
    assert [one.text() for one in gst.CallOffChanges(problem).every()] == [PACKS]
