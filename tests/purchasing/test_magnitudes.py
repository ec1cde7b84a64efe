"""Tenths or hundreds of thousands of units, prices of a hundredth or of ten thousand: plans are proven and pass."""

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.core.stocks import DirectDelivery, Stocks
from tests.purchasing.calloffs.toys import season as calls
from tests.purchasing.distribution.toys import FEB, JAN
from tests.purchasing.distribution.toys import season as ways

ONE = gst.SolveOptions(workers=1)
SITES, SOLD = ("hp", "cs", "x"), (("atlas", "latex"), ("rif", "latex"), ("rif", "cotton"), ("souss", "nitrile"))
each_seed = pytest.mark.parametrize("seed", range(15))


@each_seed
def test_call_offs_of_every_magnitude_pass_the_check(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = float(10.0 ** rng.integers(-1, 6))
    prices = {key: float(10 ** rng.uniform(-2, 4)) for key in SOLD}
    offers = {
        key: {
            "price": price,
            "pack": [None, round(size * float(rng.uniform(0.1, 0.7)), 3)][int(rng.integers(2))],
            "min_order": float(rng.choice([0, 0.37 * size])),
            "lead_time": float(rng.choice([0, 75])),
            "shelf_life": [None, 40.0, 90.0][int(rng.integers(3))],
        }
        for key, price in prices.items()
    }
    awards = {
        key: {
            "price": price * float(rng.uniform(0.7, 1)),
            "least": float(rng.choice([0, 3.3 * size])),
            "per_period": [None, 1.3 * size][int(rng.integers(2))],
        }
        for key, price in prices.items()
    }
    problem = calls(
        offers,
        demand={(n, s): tuple(size * rng.uniform(0, 1, 6)) for n in ("gloves", "swabs") for s in SITES},
        awards=awards,
        contract={"min_amount": 3 * size, "max_amount": 1e5 * size},
        stocks=Stocks(
            direct_deliveries=tuple(
                DirectDelivery(supplier=one, facility=site, mad_per_m3=float(rng.uniform(0, 900)))
                for one in ("atlas", "rif")
                for site in SITES
                if rng.random() < 0.8
            )
        ),
        order_cost=float(rng.choice([0, 500])),
        line_cost=float(rng.choice([0, 10])),
        shortage_factor=float(rng.choice([1.1, 10])),
    )
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL


@each_seed
def test_distribution_of_every_magnitude_passes_the_check(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = float(10.0 ** rng.integers(-1, 6))
    problem = ways(
        {(n, s): tuple(size * rng.uniform(0.01, 1, 2)) for n in ("gloves", "swabs") for s in SITES},
        {
            (*key, s, t): size * float(rng.uniform(0, 3))
            for key in SOLD[:3]
            for s, t in ((JAN, JAN), (JAN, FEB), (FEB, FEB))
        },
        direct={(j, s): float(rng.uniform(0, 900)) for j in ("atlas", "rif") for s in SITES if rng.random() < 0.6},
        onward={site: float(rng.uniform(0, 300)) for site in SITES},
        storage=size * float(10 ** rng.uniform(-4, 0)),
        prices={"latex": float(10 ** rng.uniform(-2, 4)), "cotton": float(10 ** rng.uniform(-2, 4))},
        group_width=float(rng.choice([0, 100])),
        max_stops=[None, 2][int(rng.integers(2))],
    )
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
