"""Gloves for a hospital (hp) and a centre (cs), 100 each in January and in February; all arrive in January.

A hundred gloves take a cubic metre. A stop costs 20; 100 gloves kept for a month cost 5 in the store, 20
at a facility.
The best plan of each is in its comment, with what it would cost without one rule.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.ports import PortKey, items, money
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, Stocks
from gst_opt.core.tenders import Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.problem import PinKind
from gst_opt.pillars.purchasing.distribution.arrivals import Arrival
from gst_opt.pillars.purchasing.distribution.policy import DistributionPin, DistributionPolicy
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem

NEED_OF = {"latex": "gloves", "cotton": "swabs"}
JAN, FEB = "2026-01", "2026-02"
Place = tuple[str, str]
COSTS: dict[str, Any] = {"stop_cost": 20.0, "facility_holding_rate": 2.4, "shortage_factor": 3.0}
GLOVES: dict[Place, tuple[float, ...]] = {("gloves", "hp"): (100.0, 100.0), ("gloves", "cs"): (100.0, 100.0)}
ARRIVALS: dict[tuple[str, str, str, str], float] = {
    ("atlas", "latex", JAN, JAN): 200.0,
    ("atlas", "latex", JAN, FEB): 200.0,
}
DIRECT: dict[Place, float] = {("atlas", "hp"): 100.0, ("atlas", "cs"): 400.0}
INWARD = {"atlas": 60.0}
ONWARD = {"hp": 50.0, "cs": 100.0}


def already_there(problem: DistributionProblem, units: float) -> DistributionProblem:
    """Return a problem where some gloves of January are in the store at the start, and as many less come."""
    first = next(one for one in problem.arrivals if (one.received, one.period) == (JAN, JAN))
    others = tuple(one for one in problem.arrivals if one is not first)
    there = first.replace(supplier=None, depot="store", units=units, price=0.0)
    return problem.replace(arrivals=(*others, first.replace(units=first.units - units), there))


def season(
    demand: Mapping[Place, tuple[float, ...]] | None = None,
    arrivals: Mapping[tuple[str, str, str, str], float] | None = None,
    *,
    direct: Mapping[Place, float] | None = None,
    inward: Mapping[str, float] | None = None,
    onward: Mapping[str, float] | None = None,
    storage: float | None = None,
    common: float = 0.0,
    prices: Mapping[str, float] | None = None,
    **policy: Any,
) -> DistributionProblem:
    """Build a problem with one depot, the store; demand is by need and facility, month by month."""
    required = GLOVES if demand is None else demand
    coming = ARRIVALS if arrivals is None else arrivals
    horizon = Horizon.of(Grain.MONTH, date(2026, 1, 1), max(len(units) for units in required.values()))
    needs = {need for need, _ in required}
    sold = sorted({(supplier, reference) for supplier, reference, _, _ in coming})
    references = sorted({reference for _, reference in sold})
    price = dict.fromkeys(references, 1.0) | dict(prices or {})
    return DistributionProblem(
        catalogue=Catalogue(
            needs=tuple(
                Need(id=one, name_fr=one, name_en=one, unit="unit", category=Category.CONSUMABLE)
                for one in sorted(needs | {NEED_OF[one] for one in references})
            ),
            product_references=tuple(
                ProductReference(id=reference, need=NEED_OF[reference], volume=0.01) for reference in references
            ),
            requirements=tuple(
                Requirement(facility=facility, need=need, period=period.id, units=units)
                for (need, facility), by_month in required.items()
                for period, units in zip(horizon.periods, by_month, strict=True)
            ),
        ),
        tenders=Tenders(
            suppliers=tuple(Supplier(id=one) for one in sorted({one for one, _ in sold})),
            offers=tuple(Offer(supplier=one, reference=ref, price=price[ref]) for one, ref in sold),
        ),
        stocks=Stocks(
            depots=(Depot(id="store", facility="hp", storage=storage, holding_rate=0.6, source="test"),),
            direct_deliveries=tuple(
                DirectDelivery(supplier=one, facility=facility, mad_per_m3=mad)
                for (one, facility), mad in (DIRECT if direct is None else direct).items()
            ),
            depot_supplies=tuple(
                DepotSupply(supplier=one, depot="store", mad_per_m3=mad)
                for one, mad in (INWARD if inward is None else inward).items()
            ),
            depot_deliveries=tuple(
                DepotDelivery(depot="store", facility=facility, mad_per_m3=mad)
                for facility, mad in (ONWARD if onward is None else onward).items()
            ),
        ),
        horizon=horizon,
        arrivals=tuple(
            Arrival(supplier=j, reference=r, received=s, period=t, units=units, price=price[r])
            for (j, r, s, t), units in coming.items()
        ),
        common=common,
        policy=DistributionPolicy(**(COSTS | policy)),
    )


def gloves(*pins: DistributionPin, **more: Any) -> DistributionProblem:
    """Return the months of gloves.

    The hospital gets all straight in January, 100 + 100 + 20 for stock + 20; by the store it would be 265, one of each
    255. The centre gets all by the store, 160 + 160 + 5 + 40; straight it would be 840.
    """
    return season(pins=pins, **more)


GLOVES_BEST = (605.0,)


def everything(*pins: DistributionPin) -> DistributionProblem:
    """The same with a room and a number of stops that do not matter."""
    return gloves(*pins, storage=10.0, max_stops=5)


def pin(kind: PinKind, value: float | None = None, **selected: Any) -> DistributionPin:
    """Return a pin."""
    return DistributionPin(kind=kind, value=value, reason="test", **selected)


PINS: dict[PinKind, tuple[DistributionProblem, tuple[float, ...]]] = {
    # the hospital's gloves of one month by the store, of both months for the last two
    PinKind.FIX: (everything(pin(PinKind.FIX, 300.0, depot="store")), (620.0,)),
    PinKind.AT_LEAST: (gloves(pin(PinKind.AT_LEAST, 300.0, direct=False)), (620.0,)),
    PinKind.AT_MOST: (gloves(pin(PinKind.AT_MOST, 100.0, direct=True, need="gloves")), (620.0,)),
    PinKind.FORBID: (gloves(pin(PinKind.FORBID, direct=True)), (630.0,)),
    PinKind.KEEP: (gloves(pin(PinKind.KEEP, direct=True, supplier="atlas")), (630.0,)),
}

PORTS: dict[PortKey, float] = {
    **{items("gloves", facility, month): 0.0 for facility in ("hp", "cs") for month in (JAN, FEB)},
    **{money("distribution", month): 0.0 for month in (JAN, FEB)},
}

# fifty of the centre's gloves are missing in February: 150, and 82.5 less
AVAILABLE = gloves(arrivals=ARRIVALS | {("atlas", "latex", JAN, FEB): 150.0})
# half of the centre's gloves of February find no room: 150 for the shortage, 82.5 less
STORAGE = gloves(storage=0.5)
# one stop in January: gloves and swabs by the store, 110 + 110 + 20, and 110 + 5 + 20 in February; two: 240 + 120
MAX_STOPS = season(
    {("gloves", "hp"): (100.0, 100.0), ("swabs", "hp"): (100.0, 0.0)},
    {("atlas", "latex", JAN, JAN): 100.0, ("atlas", "latex", JAN, FEB): 100.0, ("rif", "cotton", JAN, JAN): 100.0},
    direct={("atlas", "hp"): 100.0, ("rif", "hp"): 100.0},
    inward={"atlas": 60.0, "rif": 60.0},
    onward={"hp": 50.0},
    max_stops=1,
)
PINNED = gloves(pin(PinKind.FORBID, direct=True))

WITHOUT: dict[str, tuple[DistributionProblem, tuple[float, ...]]] = {
    "met": (gloves(), (0.0,)),
    "available": (AVAILABLE, GLOVES_BEST),
    "stopped": (gloves(), (540.0,)),
    "max_stops": (MAX_STOPS, (360.0,)),
    "storage": (STORAGE, GLOVES_BEST),
    "pins": (PINNED, GLOVES_BEST),
}
"""Each rule: a season where it binds, and what the plan would cost without it."""

BEST: dict[str, tuple[DistributionProblem, float]] = {
    "gloves": (gloves(), 605.0),
    "everything": (everything(), 605.0),
    "available": (AVAILABLE, 672.5),
    "storage": (STORAGE, 672.5),
    "max_stops": (MAX_STOPS, 375.0),
    "pins": (PINNED, 630.0),
    # the centre's gloves of January are in the store already: 60 less
    "already_there": (already_there(gloves(), 100.0), 545.0),
    # facilities may keep nothing: the hospital's gloves of February by the store
    "cover": (gloves(facility_cover=0.0), 620.0),
}
"""What the best plan of each costs."""
