"""Small groupings drawn from a seed, and the same solved by trying every whole decision.

Whole decisions are units of every hospital, technicians that move, tiers of every supplier and whether it sells at all;
what is left is linear, and is given to scipy. Nothing is shared with the model.
"""

import itertools
import math
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog

from gst_opt.core.catalogue import Catalogue, Category, Consumption, Need, ProductReference
from gst_opt.core.equipment import Equipment, EquipmentType, EquipmentUnits, SessionStaff, SessionStandard, SiteLimit
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level, Region, TravelTime, Zone
from gst_opt.core.services import Demand, Service
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy
from gst_opt.pillars.staff.redeployment.problem import RedeploymentPolicy

SOURCE = "drawn"
REACH, APART = 30.0, 40.0
A_YEAR, LENGTH, SCAN = 260.0, 240.0, 30.0
"""Hours of a technician, minutes of a session and of a scan."""


class Case(NamedTuple):
    """A small grouping in figures: hospitals, zones and suppliers in order."""

    units: tuple[int, ...]
    heads: tuple[int, ...]
    need: float
    minutes: tuple[tuple[float, ...], ...]
    apart: tuple[tuple[float, ...], ...]
    acts: tuple[float, ...]
    purchase: float
    upkeep: float
    session_cost: float
    per_act: float
    prices: tuple[float, ...]
    least: tuple[float, ...]
    tiers: tuple[tuple[float, float], ...]
    capacity: float
    budget: float | None


def drawn(seed: int) -> Case:
    """Draw two hospitals, three zones and two suppliers; something is short more often than not."""
    rng = np.random.default_rng(seed)
    units = tuple(int(one) for one in rng.integers(0, 2, 2))
    acts = tuple(float(one) for one in rng.integers(5, 80, 3) * 10)
    per_act = float(rng.integers(1, 4))
    total = sum(acts) * per_act
    return Case(
        units=units,
        heads=tuple(int(one) for one in rng.integers(0, 4, 2)),
        need=float(rng.choice([0.5, 1.0, 1.6, 2.0])),
        minutes=tuple(tuple(float(one) for one in rng.choice([10.0, 25.0, 45.0], 3)) for _ in units),
        apart=((0.0, *(own := (float(rng.choice([20.0, 60.0])),))), (*own, 0.0)),
        acts=acts,
        purchase=float(rng.choice([0.0, 2e5, 2e6])),
        upkeep=float(rng.choice([0.0, 3e4])),
        session_cost=float(rng.choice([0.0, 500.0])),
        per_act=per_act,
        prices=tuple(float(one) for one in rng.integers(5, 80, 2)),
        least=tuple(float(one) for one in rng.choice([0.0, 0.3], 2) * round(total)),
        tiers=tuple((float(round(rng.uniform(0.2, 1.2) * total) * 20), float(rng.choice([0.1, 0.4]))) for _ in units),
        capacity=float(round(rng.choice([0.5, 2.0]) * total)),
        budget=float(rng.choice([2e4, 6e4, 1.5e5])) if rng.random() < 0.7 else None,
    )


def problem(case: Case, **policy: Any) -> GroupingProblem:
    """Return the question of a case."""
    sites, zones, sellers = (
        tuple(f"{kind}{n}" for n in range(count)) for kind, count in (("h", 2), ("z", 3), ("s", 2))
    )
    times = {(sites[i], zones[h]): minutes for i, own in enumerate(case.minutes) for h, minutes in enumerate(own)}
    times |= {(sites[i], sites[j]): case.apart[i][j] for i in range(2) for j in range(2) if i < j}
    chosen: dict[str, Any] = {
        "location": LocationPolicy(
            years=1, staff_share=1.0, max_lending=0.0, close=False, move=False, max_change=1, max_travel=REACH
        ),
        "staff": RedeploymentPolicy(max_travel=APART),
        "awards": AwardPolicy(shortage_factor=3.0),
        "budget": case.budget,
    }
    return GroupingProblem(
        grouping=Grouping(
            id="drawn",
            name="Drawn",
            horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
            region=Region(
                facilities=tuple(
                    Facility(id=one, name=one, commune=one, province="P", level=Level.PROVINCIAL_HOSPITAL)
                    for one in sites
                ),
                zones=tuple(Zone(id=one, name=one, commune=one, province="P", urban=True) for one in zones),
                travel_times=tuple(
                    TravelTime(origin=i, destination=j, minutes=minutes)
                    for (one, other), minutes in times.items()
                    for i, j in ((one, other), (other, one))
                ),
            ),
            services=(Service(id="scan", name_fr="scanner", name_en="scan"),),
            demand=tuple(
                Demand(zone=one, service="scan", period="2026", acts=acts)
                for one, acts in zip(zones, case.acts, strict=True)
            ),
            workforce=Workforce(
                skills=(Skill(id="technician", name_fr="technicien", name_en="technician", profession="technician"),),
                staff=tuple(
                    Staff(facility=one, skill="technician", heads=heads)
                    for one, heads in zip(sites, case.heads, strict=True)
                    if heads
                ),
                working_times=(WorkingTime(skill="technician", days_per_week=1, hours_per_day=5, source=SOURCE),),
                staffing_norms=(
                    StaffingNorm(level=Level.PROVINCIAL_HOSPITAL, skill="technician", fte=case.need, source=SOURCE),
                ),
            ),
            equipment=Equipment(
                equipment_types=(
                    EquipmentType(
                        id="scanner",
                        name_fr="scanner",
                        name_en="scanner",
                        max_use=1.0,
                        purchase=case.purchase,
                        upkeep=case.upkeep,
                        session_cost=case.session_cost,
                    ),
                ),
                equipment_units=tuple(
                    EquipmentUnits(facility=one, equipment_type="scanner", units=units)
                    for one, units in zip(sites, case.units, strict=True)
                    if units
                ),
                site_limits=tuple(
                    SiteLimit(facility=one, equipment_type="scanner", max_units=2, source=SOURCE) for one in sites
                ),
                session_standards=(
                    SessionStandard(equipment_type="scanner", service="scan", minutes_per_act=SCAN, source=SOURCE),
                ),
                session_staff=(SessionStaff(equipment_type="scanner", skill="technician", heads=1.0, source=SOURCE),),
            ),
            catalogue=Catalogue(
                needs=(Need(id="gel", name_fr="gel", name_en="gel", unit="unit", category=Category.CONSUMABLE),),
                product_references=(ProductReference(id="tube", need="gel"),),
                consumption=(Consumption(service="scan", need="gel", units_per_act=case.per_act),),
            ),
            tenders=Tenders(
                suppliers=tuple(Supplier(id=one) for one in sellers),
                offers=tuple(
                    Offer(supplier=one, reference="tube", price=price, min_order=least, capacity=case.capacity)
                    for one, price, least in zip(sellers, case.prices, case.least, strict=True)
                ),
                discount_schedules=tuple(DiscountSchedule(id=f"of-{one}", supplier=one) for one in sellers),
                discount_tiers=tuple(
                    DiscountTier(schedule=f"of-{one}", threshold=start, rebate=rebate)
                    for one, (start, rebate) in zip(sellers, case.tiers, strict=True)
                ),
            ),
        ),
        policy=GroupingPolicy(**(chosen | policy)),
    )


def moved(case: Case) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield heads after moves and what the moves cost; a swap only costs more.

    Nobody goes where all posts are filled, nor more heads than there are posts.
    """
    yield case.heads, 0.0
    for i, j in ((0, 1), (1, 0)):
        kept = math.ceil(min(case.heads[i], case.need))
        posts = math.ceil(case.need)
        most = min(case.heads[i] - kept, posts) if case.heads[j] < posts else 0
        for count in range(1, most + 1) if case.apart[i][j] <= APART else ():
            after = [case.heads[0], case.heads[1]]
            after[i], after[j] = after[i] - count, after[j] + count
            yield tuple(after), count * (20_000.0 + 750.0 * case.apart[i][j])


def best(case: Case, policy: GroupingPolicy) -> tuple[float, int]:
    """Return the least sum of the goal, and how many whole decisions were tried.

    A supplier with a minimum order sells nothing, up to the need, or its minimum order exactly; with its rebate or not.

    Need of teams that no move can touch is not in the goal.
    """
    found, tried = math.inf, 0
    ways: list[list[int | None]] = [[None, 0, 1, 2, 3] if least else [0, 1] for least in case.least]
    for added in itertools.product((0, 1), repeat=2):
        for heads, cost in moved(case):
            for tiers in itertools.product(*ways):
                tried += 1
                found = min(found, _linear(case, policy, added, heads, tiers) + cost)
    return found, tried


def _linear(
    case: Case, policy: GroupingPolicy, added: tuple[int, ...], heads: tuple[int, ...], tiers: tuple[int | None, ...]
) -> float:
    """Return the least cost of acts (6), sessions (2), orders (2) and a shortage, whole decisions given."""
    units = [one + more for one, more in zip(case.units, added, strict=True)]
    capital, upkeep = policy.annuity * case.purchase * sum(added), case.upkeep * sum(units)
    touched = len(list(moved(case))) > 1
    lacking = sum(max(case.need - one, 0.0) for one in heads) if touched else 0.0
    constant = capital + upkeep + policy.uncovered_price * policy.platform_skill_weight * lacking
    paid = [
        price * (1 - (tier or 0) % 2 * tiers_of[1])
        for price, tier, tiers_of in zip(case.prices, tiers, case.tiers, strict=True)
    ]
    needed = np.repeat(np.array(case.acts), 2)
    cost = np.zeros(11)
    upper = np.full(11, np.inf)
    reachable = np.array([case.minutes[i][h] <= REACH for h in range(3) for i in range(2)])
    travel = np.array([case.minutes[i][h] for h in range(3) for i in range(2)])
    cost[:6] = needed * (2.0 * travel - policy.unmet_price)
    upper[:6] = np.where(reachable, 1.0, 0.0)
    cost[6:8], cost[8:10] = case.session_cost, paid
    cost[10] = 3.0 * min(case.prices)
    open_to = sum(acts for h, acts in enumerate(case.acts) if reachable[2 * h : 2 * h + 2].any())
    rows, sides = [], []

    def row(side: float, **columns: Any) -> None:
        own = np.zeros(11)
        for name, value in columns.items():
            own[int(name[1:])] = value
        rows.append(own)
        sides.append(side)

    for h in range(3):
        row(1.0, **{f"x{2 * h}": 1.0, f"x{2 * h + 1}": 1.0})
    for i in range(2):
        row(0.0, **{f"x{2 * h + i}": case.acts[h] * SCAN for h in range(3)}, **{f"x{6 + i}": -LENGTH})
        row(500.0 * units[i], **{f"x{6 + i}": 1.0})
        row(heads[i] * A_YEAR if any(case.heads) else 1e9, **{f"x{6 + i}": LENGTH / 60})
    used = case.per_act * needed
    row(0.0, **{f"x{n}": used[n] for n in range(6)}, x8=-1.0, x9=-1.0, x10=-1.0)
    row(max(case.least), **{f"x{n}": -used[n] for n in range(6)}, x8=1.0, x9=1.0)
    for s, tier in enumerate(tiers):
        name = f"x{8 + s}"
        if tier is None:
            upper[8 + s] = 0.0
            continue
        upper[8 + s] = case.capacity
        if tier > 1:
            row(case.least[s], **{name: 1.0})
        else:
            row(0.0, **{f"x{n}": -used[n] for n in range(6)}, **{name: 1.0})
        row(-case.least[s], **{name: -1.0})
        if tier % 2:
            row(-case.tiers[s][0], **{name: -case.prices[s]})
    if policy.budget is not None:
        row(policy.budget - capital - upkeep, x6=case.session_cost, x7=case.session_cost, x8=paid[0], x9=paid[1])
    answer = linprog(cost, np.array(rows), np.array(sides), bounds=list(zip(np.zeros(11), upper, strict=True)))
    return math.inf if answer.status != 0 else float(answer.fun) + constant + policy.unmet_price * open_to
