"""Three months of gloves counted by hand: 100, 100 and 150 at a price of 1; an order costs 15, one kept 0.1 a month.

The best plan of each is in its comment, with what it would cost without one rule.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.ports import PortKey, items, money
from gst_opt.core.stocks import OpeningStock, Stocks
from gst_opt.core.tenders import Lot, LotItem, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer, FrameworkContract
from gst_opt.pillars.purchasing.calloffs.policy import CallOffPin, CallOffPolicy
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import CashLimit

NEED_OF = {"latex": "gloves", "nitrile": "gloves", "cotton": "swabs"}
JAN, FEB, MAR = "2026-01", "2026-02", "2026-03"
Key = tuple[str, str]
COSTS: dict[str, Any] = {"order_cost": 15.0, "holding_rate": 1.2, "shortage_factor": 3.0}


def season(
    offers: Mapping[Key, dict[str, Any]] | None = None,
    *,
    demand: Mapping[tuple[str, str], tuple[float, ...]] | None = None,
    awards: Mapping[Key, dict[str, Any]] | None = None,
    contract: dict[str, Any] | None = None,
    suppliers: Mapping[str, dict[str, Any]] | None = None,
    stocks: Stocks | None = None,
    **policy: Any,
) -> CallOffProblem:
    """Build a problem; demand is by need and facility, month by month; a contract is of atlas (or rif) for `lot1`."""
    offered = {("atlas", "latex"): {}} if offers is None else offers
    required = {("gloves", "hp"): (100.0, 100.0, 150.0)} if demand is None else demand
    months = max(len(units) for units in required.values())
    horizon = Horizon.of(Grain.MONTH, date(2026, 1, 1), months)
    needs = sorted({need for need, _ in required} | {NEED_OF[reference] for _, reference in offered})
    return CallOffProblem(
        catalogue=Catalogue(
            needs=tuple(
                Need(id=need, name_fr=need, name_en=need, unit="unit", category=Category.CONSUMABLE) for need in needs
            ),
            product_references=tuple(
                ProductReference(id=reference, need=NEED_OF[reference], volume=0.01)
                for reference in sorted({reference for _, reference in offered})
            ),
            requirements=tuple(
                Requirement(facility=facility, need=need, period=period.id, units=units)
                for (need, facility), by_month in required.items()
                for period, units in zip(horizon.periods, by_month, strict=True)
            ),
        ),
        tenders=Tenders(
            suppliers=tuple(
                Supplier(id=one, **(suppliers or {}).get(one, {})) for one in sorted({one for one, _ in offered})
            ),
            offers=tuple(
                Offer(supplier=one, reference=reference, **({"price": 1.0} | fields))
                for (one, reference), fields in offered.items()
            ),
            lots=(Lot(id="lot1"),) if contract else (),
            lot_items=tuple(LotItem(need=need, lot="lot1") for need in needs[-1:]) if contract else (),
        ),
        stocks=stocks or Stocks(),
        horizon=horizon,
        awards=tuple(
            AwardedOffer(
                supplier=one,
                reference=reference,
                **({"price": fields.get("price", 1.0)} | (awards or {}).get((one, reference), {})),
            )
            for (one, reference), fields in offered.items()
        ),
        contracts=(FrameworkContract(lot="lot1", **({"supplier": "atlas"} | contract)),) if contract else (),
        policy=CallOffPolicy(**(COSTS | policy)),
    )


def gloves(*pins: CallOffPin, **more: Any) -> CallOffProblem:
    """January for two months and March: 30, and 10 for stock; every month: 45; January and February: 30 and 15."""
    return season(pins=pins, **more)


def in_store(shelf_life: float | None = None, **units: float) -> Stocks:
    """Return stocks of latex in the own stores of facilities, by their names."""
    rows = (OpeningStock(facility=one, reference="latex", units=n, shelf_life=shelf_life) for one, n in units.items())
    return Stocks(opening_stocks=tuple(rows))


GLOVES_BEST = (390.0,)
LATEX, COTTON = ("atlas", "latex"), ("rif", "cotton")


def everything(*pins: CallOffPin) -> CallOffProblem:
    """With 100 swabs in March and every rule: three packs of 30 for 180, an order, and ten short at 6 each."""
    return season(
        {LATEX: {}, COTTON: {"price": 2.0, "pack": 30.0, "min_order": 60.0}},
        demand={("gloves", "hp"): (100.0, 100.0, 150.0), ("swabs", "hp"): (0.0, 0.0, 100.0)},
        awards={COTTON: {"least": 90.0, "most": 150.0, "per_period": 150.0}},
        contract={"supplier": "rif", "min_amount": 100.0, "max_amount": 1000.0},
        cash_limits=(CashLimit(period=MAR, mad=10_000.0),),
        budget=10_000.0,
        pins=pins,
    )


def pin(kind: PinKind, value: float | None = None, **selected: str) -> CallOffPin:
    """Return a pin."""
    return CallOffPin(kind=kind, value=value, reason="test", **selected)


PINS: dict[PinKind, tuple[CallOffProblem, tuple[float, ...]]] = {
    # gloves every month, and swabs
    PinKind.FIX: (everything(pin(PinKind.FIX, 100.0, supplier="atlas", period=FEB)), (395.0 + 255.0,)),
    PinKind.FORBID: (gloves(pin(PinKind.FORBID, period=MAR)), (395.0,)),
    PinKind.AT_LEAST: (gloves(pin(PinKind.AT_LEAST, 150.0, period=FEB)), (395.0,)),
    PinKind.AT_MOST: (gloves(pin(PinKind.AT_MOST, 150.0, period=JAN)), (395.0,)),
    PinKind.KEEP: (gloves(pin(PinKind.KEEP, period=MAR, reference="latex")), (395.0,)),
}

PORTS: dict[PortKey, float] = {
    **{items("gloves", "hp", month): 0.0 for month in (JAN, FEB, MAR)},
    **{money("supplies", month): 0.0 for month in (JAN, FEB, MAR)},
    **{money("logistics", month): 0.0 for month in (JAN, FEB, MAR)},
}

ONE_MONTH: dict[str, Any] = {"demand": {("gloves", "hp"): (100.0,)}, "shortage_factor": 10.0}
# a line costs 15, an order nothing
LINES = gloves(order_cost=0.0, line_cost=15.0)
# 20 for an order of one line: two orders and 10; without orders a line every month
LINES_IN_ORDERS = gloves(line_cost=5.0)
# four packs of 30, an order, and 20 gloves kept for a month
PACKS = season({LATEX: {"pack": 30.0}}, **ONE_MONTH)
# 150 gloves, an order, and 50 gloves kept for a month
MINIMUM_ORDER = season({LATEX: {"min_order": 150.0}}, **ONE_MONTH)
# every month, rather than 150 in January, 50 in February and 150 in March
PERIOD_CAPACITY = gloves(awards={LATEX: {"per_period": 150.0}})
# fifty short in February: 150, and 5 less for gloves kept
OFFER_MAXIMUM = gloves(awards={LATEX: {"most": 300.0}})
CONTRACT_MAXIMUM = gloves(contract={"max_amount": 300.0})
# fifty owed
COMMITMENT = gloves(awards={LATEX: {"least": 400.0}})
CONTRACT_MINIMUM = gloves(contract={"min_amount": 400.0})
# what January receives is paid in March
CASH = gloves(cash_limits=(CashLimit(period=MAR, mad=150.0),))
# 50 / 1.1 gloves short in February at 3 each
BUDGET = gloves(budget=340.0)
PINNED = gloves(pin(PinKind.AT_LEAST, 150.0, period=FEB))

WITHOUT: dict[str, tuple[CallOffProblem, tuple[float, ...]]] = {
    "met": (gloves(), (0.0,)),
    "ordered": (gloves(), (350.0,)),
    "in_line": (LINES, (350.0,)),
    "line_in_order": (LINES_IN_ORDERS, (365.0,)),
    "whole_packs": (PACKS, (115.0,)),
    "minimum_order": (MINIMUM_ORDER, (115.0,)),
    "period_capacity": (PERIOD_CAPACITY, GLOVES_BEST),
    "offer_maximum": (OFFER_MAXIMUM, GLOVES_BEST),
    "commitment": (COMMITMENT, GLOVES_BEST),
    "contract_minimum": (CONTRACT_MINIMUM, GLOVES_BEST),
    "contract_maximum": (CONTRACT_MAXIMUM, GLOVES_BEST),
    "cash": (CASH, GLOVES_BEST),
    "call_budget": (BUDGET, GLOVES_BEST),
    "pins": (PINNED, GLOVES_BEST),
}
"""Each rule: a season where it binds, and what the plan would cost without it."""

BEST: dict[str, tuple[CallOffProblem, float]] = {
    "gloves": (gloves(), 390.0),
    "everything": (everything(), 390.0 + 255.0),
    "lines": (LINES, 390.0),
    "lines_in_orders": (LINES_IN_ORDERS, 400.0),
    "packs": (PACKS, 137.0),
    "minimum_order": (MINIMUM_ORDER, 170.0),
    "period_capacity": (PERIOD_CAPACITY, 395.0),
    "offer_maximum": (OFFER_MAXIMUM, 485.0),
    "commitment": (COMMITMENT, 440.0),
    "contract_minimum": (CONTRACT_MINIMUM, 440.0),
    "contract_maximum": (CONTRACT_MAXIMUM, 485.0),
    "cash": (CASH, 395.0),
    "budget": (BUDGET, 340.0 + 150.0 / 1.1),
    "pins": (PINNED, 395.0),
    # goods last a month, or may wait no day: every month
    "shelf_life": (season({LATEX: {"shelf_life": 31.0}}), 395.0),
    "cover": (gloves(max_cover=30.0), 395.0),
    # 59 days: January and February
    "two_months": (season({LATEX: {"shelf_life": 59.0}}), 390.0),
    # a list price of 1.25 for 1 paid: fifty owed, and 12.5 to a contract of 500 that counts 437.5 and what is owed
    "contract_and_least": (
        season(
            {LATEX: {"price": 1.25}}, awards={LATEX: {"price": 1.0, "least": 400.0}}, contract={"min_amount": 500.0}
        ),
        390.0 + 50.0 + 12.5,
    ),
    # 150 in the hospital's store: January, and half of February; then 200 in one order in February, 15 to keep 150
    "from_store": (season(stocks=in_store(hp=150.0)), 200.0 + 15.0 + 15.0),
    # nothing can arrive in January: 100 short at 3, of which no decision can change anything
    "lead_time": (season({LATEX: {"lead_time": 90.0}}), 250.0 + 30.0),
}
"""What the best plan of each costs."""
