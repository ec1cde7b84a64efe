"""Two hospitals whose plan is counted by hand: a has technicians to spare, b has a scanner and nobody to run it.

=====  ======  ============  ============  =====
zone   scans   minutes to a  minutes to b  reach
=====  ======  ============  ============  =====
near   520     10            60            a
far    520     60            10            b
alone  520     90            90            none
=====  ======  ============  ============  =====

A scan takes 30 minutes and one tube of gel; journeys of more than 30 minutes are too long, so nothing reaches the
people of alone. A technician works 260 hours a year: 65 sessions of 4 hours, of 8 scans each, 520 scans. a has 4
technicians and b none; by the norm each needs 2. b is 20 minutes from a.
"""

from datetime import date
from typing import Any

from gst_opt.core.catalogue import Catalogue, Category, Consumption, Need, ProductReference
from gst_opt.core.equipment import Equipment, EquipmentType, EquipmentUnits, SessionStaff, SessionStandard
from gst_opt.core.grouping import Grouping
from gst_opt.core.ports import PortKey, money
from gst_opt.core.region import Facility, Level, Region, TravelTime, Zone
from gst_opt.core.services import Demand, Service
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentPolicy

SOURCE = "by hand"
HERE, THERE = {"near": 10.0, "far": 60.0, "alone": 90.0, "b": 20.0}, {"near": 60.0, "far": 10.0, "alone": 90.0}
ATLAS: tuple[Offer, ...] = (Offer(supplier="atlas", reference="gel-1", price=10.0),)
"""A tube of gel costs 10; one that is missing, three times as much."""


def region() -> Region:
    """Return both hospitals and the three zones."""
    times = {("a", place): minutes for place, minutes in HERE.items()}
    times |= {("b", place): minutes for place, minutes in THERE.items()}
    return Region(
        facilities=tuple(
            Facility(id=name, name=name, commune=name, province="P", level=Level.PROVINCIAL_HOSPITAL) for name in "ab"
        ),
        zones=tuple(
            Zone(id=name, name=name, commune=name, province="P", urban=True) for name in ("near", "far", "alone")
        ),
        travel_times=tuple(
            TravelTime(origin=i, destination=j, minutes=minutes)
            for (one, other), minutes in times.items()
            for i, j in ((one, other), (other, one))
        ),
    )


def workforce() -> Workforce:
    """Return 4 technicians at a; each hospital needs 2."""
    return Workforce(
        skills=(Skill(id="technician", name_fr="technicien", name_en="technician", profession="technician"),),
        staff=(Staff(facility="a", skill="technician", heads=4),),
        working_times=(WorkingTime(skill="technician", days_per_week=1, hours_per_day=5, source=SOURCE),),
        staffing_norms=(StaffingNorm(level=Level.PROVINCIAL_HOSPITAL, skill="technician", fte=2.0, source=SOURCE),),
    )


def equipment() -> Equipment:
    """Return a scanner at each hospital, with time for 4,000 scans a year."""
    return Equipment(
        equipment_types=(EquipmentType(id="scanner", name_fr="scanner", name_en="scanner", max_use=1.0),),
        equipment_units=tuple(EquipmentUnits(facility=site, equipment_type="scanner", units=1) for site in "ab"),
        session_standards=(
            SessionStandard(equipment_type="scanner", service="scan", minutes_per_act=30.0, source=SOURCE),
        ),
        session_staff=(SessionStaff(equipment_type="scanner", skill="technician", heads=1.0, source=SOURCE),),
    )


def twins(
    offers: tuple[Offer, ...] = ATLAS,
    *,
    used: tuple[str, ...] = ("gel",),
    rebate: tuple[float, float] | None = None,
    pins: tuple[MovePin, ...] = (),
    **policy: Any,
) -> GroupingProblem:
    """Return the question; a reference is called after its need, a rebate is given by atlas from a value on.

    One technician goes to b: 20,000 for the move and 20 x 750 for its journey, where 520 scans at 1,000 would be
    missing; 1,040 tubes cost 10,400. b lacks another technician: a tenth of an FTE at 250,000. Best: 70,400.
    """
    tiers = () if rebate is None else (DiscountTier(schedule="volume", threshold=rebate[0], rebate=rebate[1]),)
    schedules = () if rebate is None else (DiscountSchedule(id="volume", supplier="atlas"),)
    references = sorted({offer.reference for offer in offers})
    chosen: dict[str, Any] = {
        "location": LocationPolicy(years=1, staff_share=1.0, max_lending=0.0, travel_price=0.0, close=False),
        "staff": RedeploymentPolicy(pins=pins),
        "awards": AwardPolicy(shortage_factor=3.0),
    }
    return GroupingProblem(
        grouping=Grouping(
            id="twins",
            name="Twins",
            horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
            region=region(),
            services=(Service(id="scan", name_fr="scanner", name_en="scan", max_travel=30.0),),
            demand=tuple(
                Demand(zone=zone, service="scan", period="2026", acts=520.0) for zone in ("near", "far", "alone")
            ),
            workforce=workforce(),
            equipment=equipment(),
            catalogue=Catalogue(
                needs=tuple(
                    Need(id=one, name_fr=one, name_en=one, unit="unit", category=Category.CONSUMABLE) for one in used
                ),
                product_references=tuple(ProductReference(id=one, need=one.partition("-")[0]) for one in references),
                consumption=tuple(Consumption(service="scan", need=one, units_per_act=1.0) for one in used),
            ),
            tenders=Tenders(
                suppliers=tuple(Supplier(id=one) for one in sorted({offer.supplier for offer in offers})),
                offers=offers,
                discount_schedules=schedules,
                discount_tiers=tiers,
            ),
        ),
        policy=GroupingPolicy(**(chosen | policy)),
    )


BEST = (70_400.0,)


def several() -> GroupingProblem:
    """Return a tender where two references of gel, and films, count for one rebate of a half from 25,000 on.

    1,040 films and 1,040 tubes cost 20,800: no rebate. With 420 tubes more it would be 12,500. Best: 60,000 + 20,800.
    """
    offers = tuple(Offer(supplier="atlas", reference=one, price=10.0) for one in ("film-1", "gel-1", "gel-2"))
    return twins(offers, used=("film", "gel"), rebate=(25_000.0, 0.5))


def minimum() -> GroupingProblem:
    """Return a tender where rif sells no fewer than 500 tubes, and atlas gives a half from 15,000 on.

    1,500 tubes of atlas would cost 7,500, and are no more than 1,040 and a minimum order; but 1,040 are the most that
    anybody sells alone. Best: 60,000 + 10,400.
    """
    offers = (*ATLAS, Offer(supplier="rif", reference="gel-1", price=40.0, min_order=500.0))
    return twins(offers, rebate=(15_000.0, 0.5))


def least() -> GroupingProblem:
    """Return a tender where atlas sells no fewer than 300 tubes, at 10, and gives a half from 13,000 on.

    1,300 tubes would cost 6,500: more than 1,040. Best: 60,000 + 10,400. When the minimum order may be taken for a
    reason to go beyond both, 1,300 are taken.
    """
    return twins((Offer(supplier="atlas", reference="gel-1", price=10.0, min_order=300.0),), rebate=(13_000.0, 0.5))


def poor() -> GroupingProblem:
    """Return the twins with 5,200 to spend: 520 tubes are bought, 520 are short at 30. Best: 60,000 + 20,800."""
    return twins(budget=5_200.0)


WITHOUT: dict[str, tuple[GroupingProblem, tuple[float, ...]]] = {
    "staff_tie": (twins(), (60_400.0,)),
    "activity": (twins(), (60_000.0,)),
    "supply_tie": (twins(), (60_000.0,)),
    "surplus_tie": (several(), (72_500.0,)),
    "offer_tie": (minimum(), (67_500.0,)),
    "least_tie": (least(), (66_500.0,)),
    "year_budget": (poor(), (70_400.0,)),
}
"""Nobody moves without the staff tie: 50,000 for a fifth of an FTE, and 10,400; nothing is bought without acts."""


def pinned(kind: PinKind, value: float | None = None) -> GroupingProblem:
    """Return the twins with the moves of technicians pinned, money enough, and a minimum order below what is used."""
    offers = (Offer(supplier="atlas", reference="gel-1", price=10.0, min_order=100.0),)
    pin = MovePin(kind=kind, value=value, skill="technician", reason="decided by the board")
    return twins(offers, pins=(pin,), budget=1_000_000.0)


STAY = (575_200.0,)
"""520 scans missing, a fifth of an FTE, 520 tubes."""

PINS: dict[PinKind, tuple[GroupingProblem, tuple[float, ...]]] = {
    PinKind.FIX: (pinned(PinKind.FIX, 2.0), (80_400.0,)),
    PinKind.FORBID: (pinned(PinKind.FORBID), STAY),
    PinKind.AT_LEAST: (pinned(PinKind.AT_LEAST, 2.0), (80_400.0,)),
    PinKind.AT_MOST: (pinned(PinKind.AT_MOST, 0.0), STAY),
    PinKind.KEEP: (pinned(PinKind.KEEP), STAY),
}

PORTS: dict[PortKey, float] = {
    money(line, "2026"): 0.0
    for line in (
        *("purchases", "upkeep", "sessions", "contracts", "mobile", "lending", "remote", "sales"),
        *("as_today", "hub_sizes", "hub_volumes", "carriage", "openings", "migrations"),
        *("premiums", "supplies", "supplier_contracts", "deliveries", "kept_references", "new_references"),
    )
}
