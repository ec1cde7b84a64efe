"""The purchases of the two towns, counted by hand: the tables and the remarks of ``two_towns_purchases.py``."""

import pytest

from gst_opt.api import solve
from gst_opt.core.grouping import Grouping
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.demand import total
from gst_opt.samples import load_sample


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return load_sample("two_towns")


def assert_sold(towns: Grouping, policy: AwardPolicy, cost: float, sold: set[tuple[str, str]]) -> None:
    """Assert what the best plan costs, and who sells what."""
    result = solve(AwardProblem.of(towns, policy))
    assert result.objective == pytest.approx(cost)
    assert {(one.supplier, one.need) for one in result.require().orders} == sold


def test_units_of_every_site(towns: Grouping) -> None:
    required = AwardProblem.of(towns).required
    assert {place: total(periods) for place, periods in required.items()} == {
        ("paracetamol", "hp-north"): 42_000,
        ("paracetamol", "hpr-south"): 21_000,
        ("gloves", "hp-north"): 57_000,
        ("gloves", "hpr-south"): 28_500,
        ("contrast", "hp-north"): 800,
        ("contrast", "hpr-south"): 340,
    }


def test_the_reserve_gives_gloves_to_the_small_firm(towns: Grouping) -> None:
    """The forecast of gloves is three tenths of all lots exactly."""
    expected = {("alpha", "gloves"), ("beta", "paracetamol"), ("beta", "contrast")}
    assert_sold(towns, AwardPolicy(), 95_625.74, expected)


def test_without_reserve_one_firm_sells_everything(towns: Grouping) -> None:
    expected = {("beta", "gloves"), ("beta", "paracetamol"), ("beta", "contrast")}
    assert_sold(towns, AwardPolicy(small_firm_share=0), 92_479.69, expected)


def test_without_preference_the_firm_from_abroad_sells_contrast(towns: Grouping) -> None:
    expected = {("alpha", "gloves"), ("beta", "paracetamol"), ("gamma", "contrast")}
    assert_sold(towns, AwardPolicy(preference=0), 94_468.80, expected)


def test_savings_are_against_106_875_today(towns: Grouping) -> None:
    plan = solve(AwardProblem.of(towns)).require()
    assert sum(need.paid + (need.saving or 0) for need in plan.needs) == pytest.approx(106_875)
