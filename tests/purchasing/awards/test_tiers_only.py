"""Tenders that only discounts on all that a supplier sells tie: the tree over tiers finds what the model finds."""

from typing import Any

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.core.tenders import DiscountKind, Measure
from gst_opt.pillars.purchasing.awards.check import check
from gst_opt.pillars.purchasing.awards.policy import AwardPin
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.awards.tiers_only import offered
from gst_opt.solve.run import direct
from tests.purchasing.awards.toys import FAIR, fair, rule, tender

PROVEN = gst.SolveOptions(gap=0.0, workers=1)


def drawn(seed: int) -> AwardProblem:
    """Draw a tender of three needs and suppliers: two references of one need, every kind and measure of discounts."""
    rng = np.random.default_rng(seed)
    offers: dict[tuple[str, str], float | dict[str, Any]] = {
        (one, reference): {"price": float(rng.integers(4, 12)), "capacity": float(rng.choice([30, 60, 500]))}
        for one in ("atlas", "rif", "souss")
        for reference in ("latex", "nitrile", "cotton")
        if rng.random() < 0.8
    } or {("atlas", "latex"): 5.0}
    sellers = sorted({one for one, _ in offers})
    discounts = {}
    for one in sellers:
        if rng.random() < 0.8:
            measure, kind = rng.choice(list(Measure)), rng.choice(list(DiscountKind))
            kind = DiscountKind.ALL_UNITS if measure is Measure.QUANTITY else DiscountKind(kind)
            first = float(rng.choice([20, 60])) * (1 if measure is Measure.QUANTITY else 8)
            fields = {"supplier": one, "measure": Measure(measure), "kind": kind}
            discounts[f"d-{one}"] = (fields, {first: 0.1, 2 * first: 0.25})
    return tender(
        offers,
        demand={("gloves", "hp"): float(rng.integers(20, 90)), ("swabs", "hp"): float(rng.integers(20, 90))},
        suppliers={
            one: {"resident": bool(rng.random() < 0.6), "contract_cost": float(rng.choice([0, 40]))} for one in sellers
        },
        discounts=discounts,
        shortage_factor=float(rng.choice([0.9, 3.0])),
    )


def compare(seeds: range) -> None:
    for seed in seeds:
        problem = drawn(seed)
        assert offered(problem) is not None
        result, other = gst.solve(problem, PROVEN), gst.solve(problem, PROVEN, method=direct)
        assert result.checked, seed
        assert result.status is gst.Status.OPTIMAL, seed
        assert result.objective == pytest.approx(other.objective, abs=1e-4), seed
        assert result.bound == pytest.approx(other.objective, abs=1e-4), seed
        told = [{(term.name, term.unit, term.today, term.constant) for term in one.terms} for one in (result, other)]
        assert told[0] == told[1]
        assert result.stages[0].today == pytest.approx(other.stages[0].today)
        assert result.stages[0].goal == other.stages[0].goal


def test_the_search_over_tiers_agrees_with_the_model() -> None:
    compare(range(15))


@pytest.mark.slow
def test_the_search_over_tiers_agrees_with_the_model_often() -> None:
    compare(range(15, 315))


def test_what_stays_short_is_bought_from_nobody() -> None:
    """60 of 100 gloves can be had at 5; the other 40 stay short at 15, three times the price: 300 + 600."""
    result = gst.solve(tender({("atlas", "latex"): {"price": 5.0, "capacity": 60.0}}), PROVEN)
    assert result.objective == pytest.approx(900.0)
    assert [need.short for need in result.require().needs] == [40.0]


@pytest.mark.parametrize(
    "more",
    [
        {"budget": 4500.0},
        {"surplus": 0.1},
        {"max_supplier_share": 0.8},
        {"rules": (rule(min_sources=2),)},
        {"lots": {"l": ({}, ("gloves",))}},
        {"references": {"latex": {"keeping_cost": 10.0}}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_tender_with_more_is_left_to_the_model(more: dict[str, Any]) -> None:
    assert offered(fair()) is not None
    assert offered(fair(**more)) is None


def test_pins_packs_and_discounts_on_less_are_left_to_the_model() -> None:
    assert offered(fair(AwardPin(kind="forbid", supplier="rif", reason="late last year"))) is None
    assert offered(tender({("atlas", "latex"): {"price": 5.0, "pack": 10.0}})) is None
    assert offered(tender({("atlas", "latex"): {"price": 5.0, "min_order": 10.0}})) is None
    own = {"own": ({"supplier": "rif", "reference": "latex"}, {100.0: 0.1})}
    assert offered(tender(**(FAIR | {"discounts": own}))) is None


def test_a_plan_of_the_search_is_checked() -> None:
    result = gst.solve(fair(), PROVEN)
    assert not check(fair(), result.require()).violations
    assert result.objective == pytest.approx(4050.0)
    assert result.stop is gst.Stop.PROOF
