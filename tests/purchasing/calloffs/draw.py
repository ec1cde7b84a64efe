"""Small random seasons."""

from typing import Any

import numpy as np

from gst_opt.core.stocks import OpeningStock, Stocks
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from tests.purchasing.calloffs.toys import NEED_OF, Key, season

OFFERS: tuple[Key, ...] = (("atlas", "latex"), ("rif", "latex"), ("atlas", "nitrile"), ("atlas", "cotton"))


def draw(seed: int) -> CallOffProblem:
    """Draw two or three months of one or two needs, whose best plan receives whole packs of ten.

    Demand is in fives, so that uses are whole fives too and can be counted; everything else is drawn: prices, minimum
    orders, lead times, shelf lives, payment delays, capacities, least and most, a contract, cash, costs.
    """
    rng = np.random.default_rng(seed)
    months = int(rng.integers(2, 4))
    keys = [OFFERS[n] for n in sorted(rng.permutation(len(OFFERS))[: int(rng.integers(1, 3 if months == 3 else 4))])]
    needs = sorted({NEED_OF[reference] for _, reference in keys})
    offers: dict[Key, dict[str, Any]] = {}
    awards: dict[Key, dict[str, Any]] = {}
    for key in keys:
        price = float(rng.integers(4, 12))
        offers[key] = {
            "price": price,
            "pack": 10.0,
            "min_order": float(rng.choice([0, 0, 20])),
            "lead_time": float(rng.choice([0, 0, 80])),
            "shelf_life": [None, 31.0, 62.0][int(rng.integers(3))],
        }
        awards[key] = {
            "price": price * float(rng.choice([1.0, 0.9])),
            "least": float(rng.choice([0, 0, 20, 35])),
            "most": [None, 40.0][int(rng.integers(2))],
            "per_period": [None, 20.0][int(rng.integers(2))],
        }
    contract = {
        "supplier": "atlas",
        "min_amount": float(rng.choice([0, 150])),
        "max_amount": [None, 200.0][int(rng.integers(2))],
    }
    limits = (CashLimit(period=f"2026-0{int(rng.integers(1, months + 1))}", mad=float(rng.choice([60, 120]))),)
    problem = season(
        offers,
        demand={(need, "hp"): tuple(5.0 * int(rng.integers(0, 5)) for _ in range(months)) for need in needs},
        awards=awards,
        contract=contract if rng.random() < 0.5 and any(one == "atlas" for one, _ in keys) else None,
        suppliers={one: {"payment_delay": float(rng.choice([0, 45]))} for one, _ in keys},
        cash_limits=limits if rng.random() < 0.4 else (),
        order_cost=float(rng.choice([0, 10, 40])),
        line_cost=float(rng.choice([0, 5])),
        holding_rate=float(rng.choice([0, 1.2])),
        shortage_factor=float(rng.choice([1.3, 3.0])),
        max_cover=[None, 31.0][int(rng.integers(2))],
    )
    return problem if rng.random() < 0.7 else problem.replace(stocks=Stocks(opening_stocks=_in_store(rng, keys)))


def _in_store(rng: np.random.Generator, keys: list[Key]) -> tuple[OpeningStock, ...]:
    """Draw what the hospital has in store, in fives."""
    return tuple(
        OpeningStock(facility="hp", reference=reference, units=5.0 * int(rng.integers(1, 5)), shelf_life=shelf_life)
        for reference in sorted({reference for _, reference in keys})
        for shelf_life in (31.0, None)
        if rng.random() < 0.6
    )
