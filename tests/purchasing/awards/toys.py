"""Small tenders counted by hand. Gloves are needed at a hospital (hp) and a centre (cs), swabs at the hospital.

The best plan of each is in its comment, with what it would cost without one rule.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.ports import PortKey, items, money, ordered
from gst_opt.core.stocks import DirectDelivery, Stocks
from gst_opt.core.tenders import (
    DiscountKind,
    DiscountSchedule,
    DiscountTier,
    Lot,
    LotItem,
    Measure,
    Offer,
    Supplier,
    Tenders,
)
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.awards.policy import AwardPin, AwardPolicy, NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.payments import CashLimit

YEAR = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
NEED_OF = {"latex": "gloves", "nitrile": "gloves", "cotton": "swabs", "linen": "swabs"}
Offers = Mapping[tuple[str, str], float | dict[str, Any]]
Discounts = Mapping[str, tuple[dict[str, Any], dict[float, float]]]
QUANTITY = {"supplier": "atlas", "measure": Measure.QUANTITY}


def tender(
    offers: Offers,
    *,
    demand: Mapping[tuple[str, str], float] | None = None,
    suppliers: Mapping[str, dict[str, Any]] | None = None,
    references: Mapping[str, dict[str, Any]] | None = None,
    discounts: Discounts | None = None,
    lots: Mapping[str, tuple[dict[str, Any], tuple[str, ...]]] | None = None,
    stocks: Stocks | None = None,
    **policy: Any,
) -> AwardProblem:
    """Build a problem; an offer is a price or its fields, demand is by need and facility: 100 gloves by default."""
    required = {("gloves", "hp"): 100.0} if demand is None else demand
    about, of_reference = suppliers or {}, references or {}
    return AwardProblem(
        catalogue=Catalogue(
            needs=tuple(
                Need(id=need, name_fr=need, name_en=need, unit="unit", category=Category.CONSUMABLE)
                for need in sorted({need for need, _ in required})
            ),
            product_references=tuple(
                ProductReference(id=reference, need=NEED_OF[reference], **of_reference.get(reference, {}))
                for reference in sorted({reference for _, reference in offers})
            ),
            requirements=tuple(
                Requirement(facility=facility, need=need, period="2026", units=units)
                for (need, facility), units in required.items()
            ),
        ),
        tenders=Tenders(
            suppliers=tuple(Supplier(id=one, **about.get(one, {})) for one in sorted({one for one, _ in offers})),
            offers=tuple(
                Offer(supplier=one, reference=reference, **(more if isinstance(more, dict) else {"price": more}))
                for (one, reference), more in offers.items()
            ),
            discount_schedules=tuple(
                DiscountSchedule(id=name, **fields) for name, (fields, _) in (discounts or {}).items()
            ),
            discount_tiers=tuple(
                DiscountTier(schedule=name, threshold=start, rebate=rebate)
                for name, (_, tiers) in (discounts or {}).items()
                for start, rebate in tiers.items()
            ),
            lots=tuple(Lot(id=name, **fields) for name, (fields, _) in (lots or {}).items()),
            lot_items=tuple(
                LotItem(need=need, lot=name) for name, (_, needs) in (lots or {}).items() for need in needs
            ),
        ),
        stocks=stocks or Stocks(),
        horizon=YEAR,
        policy=AwardPolicy(**({"shortage_factor": 3.0} | policy)),
    )


FAIR: dict[str, Any] = {
    "offers": {("atlas", "latex"): 4.0, ("atlas", "cotton"): 8.0, ("rif", "latex"): 4.5, ("rif", "cotton"): 9.0},
    "demand": {("gloves", "hp"): 600.0, ("gloves", "cs"): 400.0, ("swabs", "hp"): 100.0},
    "discounts": {"overall": ({"supplier": "rif"}, {4000.0: 0.25})},
}


def fair(*pins: AwardPin, **more: Any) -> AwardProblem:
    """Rif gives a quarter off from 4,000 on.

    All from rif: 3/4 (4,500 + 900) = 4,050. All from atlas: 4,000 + 800. Gloves from rif only: 3,375 + 800.
    """
    return tender(**(FAIR | more), pins=pins)


FAIR_BEST = (4050.0,)
TWO_GROUPS = Stocks(
    direct_deliveries=tuple(
        DirectDelivery(supplier=supplier, facility=facility)
        for supplier, facility in (("atlas", "hp"), ("atlas", "cs"), ("rif", "hp"), ("rif", "cs"), ("souss", "hp"))
    )
)


def everything(*pins: AwardPin) -> AwardProblem:
    """The same with every rule and a third supplier, all of whose features are there and whom nobody would choose.

    Atlas would give a rebate beyond 1,100 gloves and swabs, which is all, for a packet of 10,000 that nobody needs.
    """
    dear = {"price": 40.0, "min_order": 100.0, "pack": 10.0}
    return fair(
        *pins,
        offers=FAIR["offers"] | {("souss", "nitrile"): dear, ("atlas", "linen"): 4e5},
        discounts=FAIR["discounts"] | {"large": (QUANTITY, {1100.005: 0.1})},
        suppliers={"atlas": {"small_firm": True}, "rif": {"small_firm": True}, "souss": {"contract_cost": 100.0}},
        references={"nitrile": {"keeping_cost": 10.0, "switching_cost": 5.0}, "linen": {"factor": 1e4}},
        lots={
            "lot1": (
                {"max_awards": 3, "min_amount": 1.0, "max_amount": 100_000.0, "forecast": 1000.0},
                ("gloves",),
            )
        },
        stocks=TWO_GROUPS,
        rules=(
            NeedRule(need="gloves", max_references=1, min_sources=2, source_share=0.15, max_share=0.9, reason="test"),
        ),
        max_supplier_share=0.95,
        budget=5000.0,
        cash_limits=(CashLimit(period="2026", mad=5000.0),),
    )


def pin(kind: PinKind, value: float | None = None, **selected: str) -> AwardPin:
    """Return a pin."""
    return AwardPin(kind=kind, value=value, reason="test", **selected)


PINS: dict[PinKind, tuple[AwardProblem, tuple[float, ...]]] = {
    # 800 from atlas: 200 gloves, and the rest from rif: 3/4 (3,600 + 900) + 800; or the swabs: 3,375 + 800
    PinKind.FIX: (everything(pin(PinKind.FIX, 800.0, supplier="atlas")), (4175.0,)),
    PinKind.FORBID: (fair(pin(PinKind.FORBID, supplier="rif")), (4800.0,)),
    PinKind.AT_LEAST: (fair(pin(PinKind.AT_LEAST, 800.0, supplier="atlas")), (4175.0,)),
    PinKind.AT_MOST: (fair(pin(PinKind.AT_MOST, 4500.0, supplier="rif")), (4175.0,)),
    # no latex: 1,000 gloves short at three times 4, and swabs from atlas
    PinKind.KEEP: (fair(pin(PinKind.KEEP, reference="latex")), (12800.0,)),
}

PORTS: dict[PortKey, float] = {
    items("gloves", "hp", "2026"): 0.0,
    items("gloves", "cs", "2026"): 0.0,
    items("swabs", "hp", "2026"): 0.0,
    ordered("atlas", "latex"): 0.0,
    ordered("atlas", "cotton"): 0.0,
    ordered("rif", "latex"): 0.0,
    ordered("rif", "cotton"): 0.0,
    money("supplies", "2026"): 0.0,
    money("contracts", "2026"): 0.0,
    money("deliveries", "2026"): 0.0,
    money("references", "2026"): 0.0,
}

TWO: Offers = {("atlas", "latex"): 1.0, ("rif", "latex"): 2.0}
"""Gloves of atlas at 1, of rif at 2; a glove not bought costs 3."""
CROSSED: dict[str, Any] = {
    "offers": {("atlas", "latex"): 1.0, ("atlas", "cotton"): 2.0, ("rif", "latex"): 2.0, ("rif", "cotton"): 1.0},
    "demand": {("gloves", "hp"): 100.0, ("swabs", "hp"): 100.0},
    "lots": {"lot1": ({}, ("gloves", "swabs"))},
}
ONE_LOT = {"lot1": ({"forecast": 100.0}, ("gloves",))}
SMALL: dict[str, Any] = {"suppliers": {"rif": {"small_firm": True}}}


def rule(**fields: Any) -> NeedRule:
    """Return a rule for gloves."""
    return NeedRule(need="gloves", reason="test", **fields)


# 100 gloves at 1, less a fifth of the 50 beyond 50; without `tier_link` a fifth of all
INCREMENTAL = tender(
    {("atlas", "latex"): 1.0},
    discounts={"d": ({"supplier": "atlas", "kind": DiscountKind.INCREMENTAL}, {50.0: 0.2})},
)
# 90 gloves of either reference; half price from 100 on, which is never reached by needs alone
NO_SURPLUS = tender(
    {("atlas", "latex"): 1.0, ("atlas", "nitrile"): 1.0},
    demand={("gloves", "hp"): 90.0},
    discounts={"d": (QUANTITY, {100.0: 0.5})},
)
# rif at half price; atlas would pay for a rebate on nothing
IN_TIERS = tender(
    {("atlas", "latex"): 1.0, ("rif", "latex"): 0.5},
    discounts={"d": ({"supplier": "atlas"}, {0.0: 0.2})},
)
# gloves from atlas, swabs from rif, 200; all from atlas 0.9 x 300; the rebate on gloves alone without its threshold
THRESHOLD = tender(
    {("atlas", "latex"): 1.0, ("atlas", "cotton"): 2.0, ("rif", "cotton"): 1.0},
    demand=CROSSED["demand"],
    discounts={"d": (QUANTITY, {150.0: 0.1})},
)
# a quarter off from 40 swabs more than all gloves on: 150 + 40 x 1.5, and 40 of rif; 150 + 80 if swabs counted unbought
SMALL_ITEMS = tender(
    {("atlas", "latex"): 1e-5, ("atlas", "cotton"): 2.0, ("rif", "cotton"): 1.0},
    demand={("gloves", "hp"): 2e7, ("swabs", "hp"): 80.0},
    lots={"lot1": ({"max_awards": 2}, ("swabs",))},
    discounts={"d": (QUANTITY, {20_000_040.0: 0.25})},
)
# 150 gloves of atlas for 150, rather than 100 of rif for 160
MINIMUM_ORDER = tender({("atlas", "latex"): {"price": 1.0, "min_order": 150.0}, ("rif", "latex"): 1.6})
# four packs
PACKS = tender({("atlas", "latex"): {"price": 1.0, "pack": 30.0}})
# atlas reaches the hospital alone: 60, and 40 at 2 for the centre
SPLIT = tender(
    TWO,
    demand={("gloves", "hp"): 60.0, ("gloves", "cs"): 40.0},
    stocks=Stocks(
        direct_deliveries=tuple(
            DirectDelivery(supplier=supplier, facility=facility)
            for supplier, facility in (("atlas", "hp"), ("rif", "hp"), ("rif", "cs"))
        )
    ),
)
# one supplier for both: 300; each from the cheaper one: 200
LOT = tender(**CROSSED)
# the only lot is reserved to rif, a small firm
RESERVED = tender(TWO, lots={"lot1": ({"reserved": True}, ("gloves",))}, **SMALL)
RESERVE = tender(TWO, lots=ONE_LOT, **SMALL)
# 100 gloves of atlas are worth less than the least amount
CONTRACT_MINIMUM = tender(TWO, lots={"lot1": ({"min_amount": 150.0}, ("gloves",))})
# 60 of atlas and 30 of rif are worth 60 each; ten are short: 60 + 60 + 30
CONTRACT_MAXIMUM = tender(TWO, lots={"lot1": ({"max_amount": 60.0, "max_awards": 2}, ("gloves",))})
# a contract with atlas costs more than rif's prices
CONTRACT = tender(TWO, suppliers={"atlas": {"contract_cost": 120.0}})
# the same with a discount on all that atlas sells, 0.9 x 100 + 120; on the lot, where rif alone may have an award
ONE_TIER = tender(
    TWO,
    suppliers={"atlas": {"contract_cost": 120.0}},
    discounts={"d": ({"supplier": "atlas"}, {50.0: 0.1})},
)
LOT_TIER = tender(
    TWO,
    lots={"lot1": ({"reserved": True}, ("gloves",))},
    discounts={"d": ({"supplier": "atlas", "lot": "lot1"}, {50.0: 0.1})},
    **SMALL,
)
# latex would cost 120 to keep
REFERENCE = tender({("atlas", "latex"): 1.0, ("atlas", "nitrile"): 2.0}, references={"latex": {"keeping_cost": 120.0}})
# 60 gloves of latex at most: all nitrile, 150, or both, 60 + 60
MAX_REFERENCES = tender(
    {("atlas", "latex"): {"price": 1.0, "capacity": 60.0}, ("rif", "nitrile"): 1.5}, rules=(rule(max_references=1),)
)
MAX_SHARE = tender(TWO, rules=(rule(max_share=0.6),))  # 60 + 80
SOURCES = tender(TWO, rules=(rule(min_sources=2, source_share=0.3),))  # 70 + 60
MAX_SUPPLIER_SHARE = tender(TWO, max_supplier_share=0.6)  # 75 + 50, worth 60 % and 40 %
BUDGET = tender(TWO, budget=80.0)  # 80, and 20 short at 3
# 80 of atlas, and 20 of rif, which is paid the year after
CASH = tender(TWO, suppliers={"rif": {"payment_delay": 400.0}}, cash_limits=(CashLimit(period="2026", mad=80.0),))
PINNED = tender(TWO, pins=(pin(PinKind.AT_LEAST, 40.0, supplier="rif"),))  # 80 + 40

WITHOUT: dict[str, tuple[AwardProblem, tuple[float, ...]]] = {
    "met": (fair(), (0.0,)),
    "split": (SPLIT, (0.0,)),
    "no_surplus": (NO_SURPLUS, (50.0,)),
    "tier_link": (INCREMENTAL, (80.0,)),
    "in_tiers": (IN_TIERS, (30.0,)),
    "threshold": (THRESHOLD, (190.0,)),
    "small_items": (SMALL_ITEMS, (230.0,)),
    "one_tier": (ONE_TIER, (90.0,)),
    "minimum_order": (MINIMUM_ORDER, (100.0,)),
    "order_placed": (MINIMUM_ORDER, (100.0,)),
    "whole_packs": (PACKS, (100.0,)),
    "lot_award": (LOT, (200.0,)),
    "awards_per_lot": (LOT, (200.0,)),
    "reserved": (RESERVED, (100.0,)),
    "reserve": (RESERVE, (100.0,)),
    "contract_minimum": (CONTRACT_MINIMUM, (100.0,)),
    "contract_maximum": (CONTRACT_MAXIMUM, (100.0,)),
    "contract": (CONTRACT, (100.0,)),
    "reference_used": (REFERENCE, (100.0,)),
    "max_references": (MAX_REFERENCES, (120.0,)),
    "max_share": (MAX_SHARE, (100.0,)),
    "sources": (SOURCES, (100.0,)),
    "source_share": (SOURCES, (100.0,)),
    "max_supplier_share": (MAX_SUPPLIER_SHARE, (100.0,)),
    "tender_budget": (BUDGET, (100.0,)),
    "cash": (CASH, (100.0,)),
    "pins": (PINNED, (100.0,)),
}
"""Each rule: a tender where it binds, and what the plan would cost without it."""

BEST: dict[str, tuple[AwardProblem, float]] = {
    "fair": (fair(), 4050.0),
    "split": (SPLIT, 140.0),
    "no_surplus": (NO_SURPLUS, 90.0),
    "incremental": (INCREMENTAL, 90.0),
    "in_tiers": (IN_TIERS, 50.0),
    "threshold": (THRESHOLD, 200.0),
    "small_items": (SMALL_ITEMS, 250.0),
    "minimum_order": (MINIMUM_ORDER, 150.0),
    "packs": (PACKS, 120.0),
    "lot": (LOT, 300.0),
    "reserved": (RESERVED, 200.0),
    "reserve": (RESERVE, 200.0),
    "contract_minimum": (CONTRACT_MINIMUM, 200.0),
    "contract_maximum": (CONTRACT_MAXIMUM, 150.0),
    "contract": (CONTRACT, 200.0),
    "one_tier": (ONE_TIER, 200.0),
    "lot_tier": (LOT_TIER, 200.0),
    "reference": (REFERENCE, 200.0),
    "max_references": (MAX_REFERENCES, 150.0),
    "max_share": (MAX_SHARE, 140.0),
    "sources": (SOURCES, 130.0),
    "max_supplier_share": (MAX_SUPPLIER_SHARE, 125.0),
    "budget": (BUDGET, 140.0),
    "cash": (CASH, 120.0),
    "pins": (PINNED, 120.0),
}
"""What the best plan of each costs."""
