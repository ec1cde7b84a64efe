"""Awards and call-offs at once never cost more than one after the other, and as much where nothing links them."""

from typing import Any

import numpy as np
import pytest

from gst_opt.core.tenders import DiscountSchedule, DiscountTier
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from tests.purchasing.calloffs.toys import Key, season
from tests.purchasing.integrated import one_after_the_other, together


def tender(calls: CallOffProblem, rebates: dict[str, tuple[float, float]]) -> AwardProblem:
    """Return the tender of a season; a rebate of a supplier is on all that it sells, from a threshold on."""
    discounts = {
        "discount_schedules": tuple(DiscountSchedule(id=f"d-{one}", supplier=one) for one in rebates),
        "discount_tiers": tuple(
            DiscountTier(schedule=f"d-{one}", threshold=start, rebate=rebate)
            for one, (start, rebate) in rebates.items()
        ),
    }
    return AwardProblem(
        catalogue=calls.catalogue,
        tenders=calls.tenders.replace(**discounts),
        stocks=calls.stocks,
        horizon=calls.horizon,
        policy=AwardPolicy(shortage_factor=10.0),
    )


def monthly(**more: Any) -> CallOffProblem:
    """Return a season of gloves that two suppliers sell, and of swabs of one of them; goods last a month."""
    fresh = {"shelf_life": 31.0}
    offers = {
        ("atlas", "latex"): {"price": 1.0, **fresh},
        ("rif", "latex"): {"price": 1.05, **fresh},
        ("rif", "cotton"): {"price": 1.0, **fresh},
    }
    demand = {("gloves", "hp"): (100.0, 100.0, 100.0), ("swabs", "hp"): (10.0, 10.0, 10.0)}
    return season(offers, demand=demand, **({"shortage_factor": 10.0} | more))


def test_orders_may_be_worth_a_dearer_award() -> None:
    """Six orders and 330, or three orders and 345: an order costs 15."""
    calls = monthly()
    awards = tender(calls, {})
    assert one_after_the_other(awards, calls) == pytest.approx(330.0 + 90.0)
    assert together(awards, calls) == pytest.approx(345.0 + 45.0)


def test_where_orders_and_stock_cost_nothing_awards_alone_decide() -> None:
    calls = monthly(order_cost=0.0)
    awards = tender(calls, {"rif": (200.0, 0.06)})
    assert one_after_the_other(awards, calls) == pytest.approx(0.94 * 345.0)
    assert together(awards, calls) == pytest.approx(0.94 * 345.0)


def compare(seeds: range) -> None:
    """Compare on seasons in packs: at once never costs more; as much where no order, stock or lead time counts."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        keys: list[Key] = [("atlas", "latex"), ("rif", "latex"), ("rif", "cotton"), ("souss", "cotton")]
        offers = {key: {"price": float(rng.integers(4, 9)), "pack": float(rng.choice([1, 5]))} for key in keys}
        demand = {
            (need, "hp"): tuple(5.0 * float(rng.integers(1, 6)) for _ in range(3)) for need in ("gloves", "swabs")
        }
        rebates = {one: (float(rng.integers(100, 400)), 0.1) for one in ("atlas", "rif") if rng.random() < 0.7}
        for free in (False, True):
            costs: dict[str, Any] = (
                {"order_cost": 0.0, "holding_rate": 0.0} if free else {"order_cost": 30.0, "holding_rate": 0.6}
            )
            calls = season(offers, demand=demand, shortage_factor=10.0, **costs)
            awards = tender(calls, rebates)
            after, at_once = one_after_the_other(awards, calls), together(awards, calls)
            assert at_once <= after + 1e-4, seed
            assert not free or at_once == pytest.approx(after, abs=1e-4), seed


def test_small_seasons_at_once_and_one_after_the_other() -> None:
    compare(range(6))


@pytest.mark.slow
def test_60_seasons_at_once_and_one_after_the_other() -> None:
    compare(range(10, 70))
