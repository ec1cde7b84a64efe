"""The linen of three hospitals, a, b and c, in a row 30 minutes apart: 100, 60 and 40 kg a year.

Today each washes its own for 100 a year and 1 a kilogram. Costs of the best plan of each question are in its comment.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gst_opt.core.ports import PortKey, money, staff_hours_freed, staff_hours_needed
from gst_opt.core.region import Facility, Level, Region, Road
from gst_opt.core.support import (
    Hub,
    HubLevel,
    HubStaff,
    Support,
    SupportFunction,
    SupportStaff,
    SupportToday,
    SupportVolume,
)
from gst_opt.core.time import Grain, Horizon
from gst_opt.model.goals import minimise
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import PinKind
from gst_opt.pillars.support.hubs.policy import MONEY, HubPin, HubPolicy
from gst_opt.pillars.support.hubs.problem import HubProblem

Size = tuple[float, float, float, float]
"""Capacity, cost of a year, cost of a kilogram, opening cost."""
COST = in_mad(dict.fromkeys(MONEY, 1.0)).then(minimise("distance"))
"""All money, then journeys."""
LAUNDRY: dict[str, Any] = {"max_minutes": 45.0, "carriage": 0.01, "migration_cost": 10.0}
LINEN: dict[str, tuple[float, ...]] = {"a": (100.0,), "b": (60.0,), "c": (40.0,)}
TODAY = {"a": (100.0, 1.0), "b": (100.0, 1.0), "c": (100.0, 1.0)}
SIZES: dict[str, tuple[Size, ...]] = {
    "a": ((120.0, 100.0, 0.5, 0.0), (200.0, 150.0, 0.4, 20.0)),
    "b": ((200.0, 290.0, 0.4, 0.0),),
}
NURSE = "agent"


def linen(
    *pins: HubPin,
    volumes: Mapping[str, tuple[float, ...]] | None = None,
    today: Mapping[str, tuple[float, float]] | None = None,
    sizes: Mapping[str, tuple[Size, ...]] | None = None,
    function: Mapping[str, Any] | None = None,
    quality: Mapping[str, float] | None = None,
    today_quality: Mapping[str, float] | None = None,
    grain: Grain = Grain.YEAR,
    start: date = date(2026, 1, 1),
    hours: bool = True,
    **policy: Any,
) -> HubProblem:
    """Build a problem of one function; volumes are by facility, period by period."""
    washed = LINEN if volumes is None else volumes
    costs = TODAY | dict(today or {})
    halls = SIZES if sizes is None else sizes
    horizon = Horizon.of(grain, start, max(map(len, washed.values())))
    facilities = tuple(
        Facility(id=one, name=one, commune="C", province="P", level=Level.PROVINCIAL_HOSPITAL) for one in "abc"
    )
    return HubProblem(
        region=Region(
            facilities=facilities,
            roads=(
                Road(origin="a", destination="b", km=30, minutes=30),
                Road(origin="b", destination="c", km=30, minutes=30),
            ),
        ),
        support=Support(
            support_functions=(
                SupportFunction(
                    id="laundry", name_fr="Linge", name_en="Laundry", driver="kg", **(LAUNDRY | dict(function or {}))
                ),
            ),
            support_volumes=tuple(
                SupportVolume(support_function="laundry", facility=one, period=period.id, volume=volume)
                for one, own in washed.items()
                for period, volume in zip(horizon.periods, own, strict=False)
            ),
            support_today=tuple(
                SupportToday(
                    support_function="laundry",
                    facility=one,
                    fixed_cost=costs[one][0],
                    unit_cost=costs[one][1],
                    quality=(today_quality or {}).get(one, 1.0),
                )
                for one in washed
            ),
            support_staff=tuple(
                SupportStaff(support_function="laundry", facility=one, skill=NURSE, hours_per_unit=2.0)
                for one in washed
                if hours
            ),
            hubs=tuple(
                Hub(support_function="laundry", facility=one, quality=(quality or {}).get(one, 1.0)) for one in halls
            ),
            hub_levels=tuple(
                HubLevel(
                    support_function="laundry",
                    facility=one,
                    capacity=capacity,
                    fixed_cost=fixed,
                    unit_cost=unit,
                    opening_cost=opening,
                )
                for one, own in halls.items()
                for capacity, fixed, unit, opening in own
            ),
            hub_staff=(HubStaff(support_function="laundry", skill=NURSE, hours_per_unit=0.5),) if hours else (),
        ),
        horizon=horizon,
        policy=HubPolicy(**({"years": 1, "discount_rate": 0.0, "pins": pins, "goals": COST} | policy)),
    )


BEST = (412.0, 30.0)
"""a washes for b in the large hall: 150 + 64, carriage 18, works 20, two changes 20; c stays: 140. Today 500.

a alone in the small hall: 100 + 50 + 10, and 300 as today: 460. b for all: 290 + 80 + 42 + 30 = 442.
"""


def pin(kind: PinKind, value: float | None = None, **selected: Any) -> HubPin:
    """Return a pin."""
    return HubPin(kind=kind, value=value, reason="test", **selected)


PINS: dict[PinKind, tuple[HubProblem, tuple[float, ...]]] = {
    # b by the hub of b, in two years: 442 for all three, then 412; b alone would be 324 of it, and a and c 340
    PinKind.FIX: (linen(pin(PinKind.FIX, 1.0, facility="b", hub="b"), years=2), (854.0, 60.0)),
    PinKind.AT_LEAST: (linen(pin(PinKind.AT_LEAST, 3.0)), (442.0, 60.0)),
    # a alone in the small hall
    PinKind.AT_MOST: (linen(pin(PinKind.AT_MOST, 1.0)), (460.0, 0.0)),
    PinKind.FORBID: (linen(pin(PinKind.FORBID, facility="b", period="2026")), (460.0, 0.0)),
    PinKind.KEEP: (linen(pin(PinKind.KEEP, facility="b", as_today=True)), (460.0, 0.0)),
}

PORTS: dict[PortKey, float] = {
    money("support", "2026"): 500.0,
    money("support_investments", "2026"): 0.0,
    **{staff_hours_freed(one, NURSE, "2026"): 0.0 for one in "abc"},
    **{staff_hours_needed(hub, NURSE, "2026"): 0.0 for hub in "ab"},
}
"""Nothing changes: money of today, no hour freed or needed."""

# b has no linen of its own. 220 kg are too much for either of its halls: 30 + 60 + 36 + 10 for c in the small one, and
# 200 for a as today. In both halls at once: 100 + 80 + 10, carriage 66, works 20, changes 20
CROWDED = linen(
    volumes={"a": (100.0,), "c": (120.0,)}, sizes={"b": ((120.0, 30.0, 0.5, 0.0), (200.0, 70.0, 0.4, 20.0))}
)
# the hall of a is too dear to open; b needs nothing in the last quarter, when its own laundry costs 25
IDLE = linen(
    volumes={"a": (25.0,) * 4, "b": (20.0, 20.0, 20.0, 0.0)},
    sizes={"a": ((120.0, 1000.0, 0.5, 0.0),)},
    grain=Grain.QUARTER,
)
# a's own washing costs 10; the small hall for b alone would be 100 + 30 + 18 + 10, 2 less than b's own 160
CHEAP_A = linen(volumes={"a": (100.0,), "b": (60.0,)}, today={"a": (0.0, 0.1)}, sizes={"a": SIZES["a"][:1]})
# in the second year a and b wash 208 kg, more than the large hall of a. For a alone, 220 + 160 and 202 + 178;
# with b in the first year only, 272 and 202 + 178; as today 360 + 408
GROWING = linen(volumes={"a": (100.0,), "b": (60.0,)}, sizes={"a": SIZES["a"][1:]}, function={"growth": 0.3}, years=2)
STILL = linen(max_changes=0)
PINNED = PINS[PinKind.FORBID][0]

WITHOUT: dict[str, tuple[HubProblem, tuple[float, ...]]] = {
    "one_way": (linen(), (0.0, 0.0)),
    "one_size": (CROWDED, (296.0, 60.0)),
    # b "at" the closed hall of a: 10 for the change instead of 25
    "at_work": (IDLE, (345.0, 7.5)),
    # the small hall does it all, for nothing: 100, carriage 18, two changes 20, c 140
    "hub_volume": (linen(), (278.0, 30.0)),
    # the small hall at the cost of a year, the large one at that of a kilogram: 100 + 64 + 18 + 20, c 140
    "hub_capacity": (linen(), (342.0, 30.0)),
    "own_hub": (CHEAP_A, (168.0, 30.0)),
    "no_return": (GROWING, (652.0, 15.0)),
    "changed": (linen(), (392.0, 30.0)),
    "max_changes": (STILL, BEST),
    "opened": (linen(), (392.0, 30.0)),
    "pins": (PINNED, BEST),
}
"""Each rule: a question where it binds, and what the best plan would be without it."""

KNOWN: dict[str, tuple[HubProblem, tuple[float, ...]]] = {
    "linen": (linen(), BEST),
    "crowded": (CROWDED, (336.0, 30.0)),
    "idle": (IDLE, (360.0, 0.0)),
    "cheap": (CHEAP_A, (170.0, 0.0)),
    "growing": (GROWING, (760.0, 0.0)),
    "still": (STILL, (500.0, 0.0)),
    # from 1 July on: c 70, half a year of the hall 75 + 32 + 9, works and changes 40; 250 are paid before
    "july": (linen(function={"migration_month": 7}), (70.0 + 75.0 + 32.0 + 9.0 + 40.0, 15.0)),
    # nobody but a is near enough to a hub: the small hall for a alone, as b's hall is not worth it
    "far": (linen(function={"max_minutes": 29.0}), (460.0, 0.0)),
    # only b's hall is good enough
    "quality": (linen(function={"min_quality": 0.8}, quality={"a": 0.7, "b": 0.9}), (442.0, 60.0)),
    # works and changes are paid once; a dirham of the second year is worth 0.8
    "discounted": (linen(years=2, discount_rate=0.25), (412.0 + 372.0 / 1.25, 30.0)),
}
"""What the best plan of each costs, what is paid before the first change left out, and its mean journeys."""
