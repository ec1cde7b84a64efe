"""What each rule of distribution costs, counted by hand in `toys`."""

import pytest

import gst_opt as gst
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from tests.purchasing.distribution.draw import draw
from tests.purchasing.distribution.toys import BEST

ONE = gst.SolveOptions(workers=1, gap=0.0)
CASES: dict[str, dict[str, float]] = {
    "gloves": {},
    "storage": {"with depots of any room": 605.0 - 672.5},
    "max_stops": {"without a largest number of stops": 360.0 - 375.0},
    "cover": {"with sites that keep goods as long as it takes": 605.0 - 620.0},
    "pins": {"without the pin 1: test": 605.0 - 630.0},
    "everything": {"without a largest number of stops": 0.0, "with depots of any room": 0.0},
}


def prices(problem: DistributionProblem) -> dict[str, float | None]:
    found = gst.rule_prices(problem, gst.DistributionChanges(problem).every(), ONE)
    return {one.change.text(): one.goals[0].price for one in found.rules}


@pytest.mark.parametrize("name", CASES)
def test_what_a_rule_costs_is_counted_by_hand(name: str) -> None:
    assert prices(BEST[name][0]) == pytest.approx(CASES[name], abs=1e-6)


def test_no_rule_costs_less_than_nothing() -> None:
    for seed in range(12):
        for change, price in prices(draw(seed)).items():
            assert (price or 0.0) <= 1e-6, (seed, change)
