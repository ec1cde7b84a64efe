"""Small random tenders, and their optimum by enumeration of quantities."""

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.core.tenders import DiscountKind, Measure
from gst_opt.pillars.purchasing.awards.policy import NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from tests.purchasing.awards.toys import tender

RowT = TypeVar("RowT", bound=Frozen)
SUPPLIERS = ("atlas", "rif", "souss")
REFERENCES = {"gloves": ("latex", "nitrile"), "swabs": ("cotton",)}


def draw(seed: int) -> AwardProblem:
    """Draw a tender of one or two needs whose best plan buys whole tens of units.

    All quantities are in packs of ten, so that the choices can be counted; everything else is drawn: prices, minimum
    orders, capacities, discounts of every scope and kind, one lot or none, reserves, shares, budgets, money of the year
    where some suppliers are paid on its last day and others on the first of the next.
    """
    rng = np.random.default_rng(seed)
    needs = ("gloves", "swabs")[: int(rng.integers(1, 3))]
    demand = {(need, "hp"): 10.0 * int(rng.integers(1, 5)) - float(rng.integers(0, 3)) for need in needs}
    pairs = [(one, reference) for one in SUPPLIERS for need in needs for reference in REFERENCES[need]]
    kept = [pair for pair in pairs if rng.random() < 0.6][:4] or pairs[:1]
    offers: dict[tuple[str, str], float | dict[str, Any]] = {}
    for pair in kept:
        offers[pair] = {
            "price": float(rng.integers(4, 12)),
            "pack": 10.0,
            "min_order": float(rng.choice([0, 0, 20])),
            "capacity": float(rng.choice([20, 30, 50])),
        }
    small = rng.random(3) < 0.4
    suppliers = {
        one: {
            "small_firm": bool(small[n]),
            "resident": bool(rng.random() < 0.7),
            "contract_cost": float(rng.choice([0, 0, 30])),
        }
        for n, one in enumerate(SUPPLIERS)
        if any(one == supplier for supplier, _ in kept)
    }
    sold = {reference for _, reference in kept}
    references = {
        one: {"keeping_cost": float(rng.choice([0, 0, 25])), "switching_cost": float(rng.choice([0, 15]))}
        for one in sorted(sold)
    }
    lots: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {}
    if rng.random() < 0.5:
        fields: dict[str, Any] = {
            "max_awards": int(rng.integers(1, 3)),
            "partial_bids": bool(rng.random() < 0.5),
            "forecast": float(rng.choice([0, 100])),
            "min_amount": float(rng.choice([0, 120])),
        }
        lots["lot1"] = (fields, needs)
    rules: tuple[NeedRule, ...] = ()
    if rng.random() < 0.4:
        rules = (
            NeedRule(
                need="gloves",
                max_references=int(rng.integers(1, 3)),
                min_sources=int(rng.integers(1, 3)) if not lots or lots["lot1"][0]["max_awards"] > 1 else 1,
                max_share=float(rng.choice([0.6, 1.0])),
                reason="drawn",
            ),
        )
    problem = tender(
        offers,
        demand=demand,
        suppliers=suppliers,
        references=references,
        discounts=dict(_discounts(rng, kept, bool(lots))),
        lots=lots,
        rules=rules,
        budget=float(rng.choice([200, 400])) if rng.random() < 0.3 else None,
        max_supplier_share=0.7 if rng.random() < 0.1 else 1.0,
        small_firm_share=0.3 if rng.random() < 0.7 else 0.0,
        shortage_factor=float(rng.choice([1.5, 3.0])),
    )
    if rng.random() < 0.8:
        return problem
    paid = tuple(one.replace(payment_delay=float(rng.choice([364, 365]))) for one in problem.tenders.suppliers)
    limit = CashLimit(period="2026", mad=float(rng.choice([100, 200])))
    policy = problem.policy.replace(cash_limits=(limit,))
    return problem.replace(tenders=problem.tenders.replace(suppliers=paid), policy=policy)


def times(problem: AwardProblem, size: float) -> AwardProblem:
    """Return a drawn tender without packs, all of its quantities and amounts of money times a size, its prices kept."""
    catalogue, tenders, policy = problem.catalogue, problem.tenders, problem.policy
    return problem.replace(
        catalogue=catalogue.replace(
            requirements=_times(catalogue.requirements, size, "units"),
            product_references=_times(catalogue.product_references, size, "keeping_cost", "switching_cost"),
        ),
        tenders=tenders.replace(
            suppliers=_times(tenders.suppliers, size, "contract_cost"),
            offers=tuple(one.replace(pack=None) for one in _times(tenders.offers, size, "capacity", "min_order")),
            discount_tiers=_times(tenders.discount_tiers, size, "threshold"),
            lots=_times(tenders.lots, size, "min_amount"),
        ),
        policy=policy.replace(
            budget=policy.budget and policy.budget * size, cash_limits=_times(policy.cash_limits, size, "mad")
        ),
    )


def _times(rows: tuple[RowT, ...], size: float, *columns: str) -> tuple[RowT, ...]:
    return tuple(row.replace(**{column: getattr(row, column) * size for column in columns}) for row in rows)


def _discounts(
    rng: np.random.Generator, kept: list[tuple[str, str]], lots: bool
) -> Iterator[tuple[str, tuple[dict[str, Any], dict[float, float]]]]:
    """Draw up to three schedules."""
    for number in range(int(rng.integers(0, 4))):
        supplier, reference = kept[int(rng.integers(len(kept)))]
        scope = int(rng.integers(3))
        fields: dict[str, Any] = {"supplier": supplier}
        if scope == 0:
            fields["reference"] = reference
        elif scope == 1 and lots:
            fields["lot"] = "lot1"
        incremental = rng.random() < 0.4
        by_value = rng.random() < 0.5 or (incremental and scope > 0)
        fields["measure"] = Measure.VALUE if by_value else Measure.QUANTITY
        fields["kind"] = DiscountKind.INCREMENTAL if incremental else DiscountKind.ALL_UNITS
        step = 60.0 if by_value else 10.0
        starts = sorted({step * int(rng.integers(0, 6)) for _ in range(2)})
        rebates = sorted(float(rng.integers(1, 7)) / 20 for _ in starts)
        yield f"d{number}", (fields, dict(zip(starts, rebates, strict=True)))
