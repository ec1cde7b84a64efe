"""The location question by hand: its best plan, what each rule is worth, every kind of pin, and its golden model.

All but the golden problem are about the two hospitals of `two_sites`. A scanner gives 2,000 scans a year in 500
sessions of 4. Journeys of 1,000 scans of each zone: 30,000 minutes at a, 90,000 at b.
"""

from datetime import date
from typing import Any

from gst_opt.core.equipment import (
    CoverStandard,
    DockingPoint,
    EquipmentType,
    ExpertTime,
    FloorSpace,
    MobileUnit,
    PrivateOffer,
    SessionSale,
    SessionStaff,
    SessionStandard,
    SiteLimit,
)
from gst_opt.core.pathways import Pathway
from gst_opt.core.ports import PortKey
from gst_opt.core.region import Population, Region, TravelTime, Ward, WardBeds, Zone
from gst_opt.core.services import Demand, Service
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import StayStandard, WardStandard
from gst_opt.model.goals import minimise, weighted
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee, LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.row_toys import NEAREST, ROWS, Values, workforce
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, facility, region, step, two_sites, units

PRICED = SCANNER.replace(floor_space=30, purchase=1000, upkeep=50, session_cost=4, moving=100, closing=30)
ROOM_FOR_TWO = (SiteLimit(facility="a", equipment_type="scanner", max_units=2, source=SOURCE),)
HORIZON = Horizon.of(Grain.YEAR, date(2026, 1, 1), 3)


def scanners(kind: PinKind, value: float | None = None, **selected: Any) -> LocationPin:
    """Return a decision about scanners."""
    return LocationPin(kind=kind, value=value, equipment_type="scanner", reason="decided", **selected)


def hub(*pins: LocationPin, **more: Any) -> LocationProblem:
    """1,600 scans of each zone; a may have two scanners.

    Best: the scanner of b goes to a, where all are served. 100 to move it, 2 x 50 of upkeep, 800 sessions at 4, and
    48,000 minutes at 2. Today, 1,200 scans are at b, 30 minutes further: 84,000 minutes, and nothing to move.
    """
    own = equipment(equipment_types=(PRICED, ROOM), site_limits=ROOM_FOR_TWO, **more)
    return two_sites({"scan": 1600}, {"pins": pins}, equipment=own)


BEST: Values = (0.0, 0.0, 100.0 + 100 + 3200 + 96_000)
TODAY: Values = (0.0, 0.0, 100.0 + 3200 + 168_000)
BOUGHT: Values = (0.0, 0.0, 1000.0 + 150 + 3200 + 96_000)
PORTS: dict[PortKey, float] = {
    ("sessions", "a", "scanner", "2026"): 500.0,
    ("sessions", "b", "scanner", "2026"): 300.0,
    ("acts", "a", "scan", "2026"): 2000.0,
    ("acts", "b", "scan", "2026"): 1200.0,
    **{("money", line, "2026"): 0.0 for line in ("purchases", "contracts", "mobile", "lending", "remote", "sales")},
    ("money", "upkeep", "2026"): 100.0,
    ("money", "sessions", "2026"): 3200.0,
}
"""Today the nearest come first: 1,600 of near and 400 of far at a."""


def rule(*goals: str, scans: float = 1000, policy: dict[str, Any] | None = None, **own: Any) -> LocationProblem:
    """Return a problem of scans of each zone, with its goals."""
    given: dict[str, Any] = {"equipment_types": (PRICED, ROOM)} | own
    chosen = {"goals": minimise(*goals), "discount_rate": 0.0} | (policy or {})
    return two_sites({"scan": scans}, chosen, equipment=equipment(**given))


STAY: dict[str, Any] = {"close": False}
SECOND_AT_A = (scanners(PinKind.AT_LEAST, 2, facility="a"), scanners(PinKind.KEEP, facility="b"))
UNTIL_A_QUARTER = 10 * 365 / 120_000
"""Days of a mean wait of 10 minutes of opening: of one scanner a quarter in use, 30 x 0.25 / 0.75."""


def floor(**least: float) -> LocationProblem:
    """Return 2,000 scans that a has room for, where b is not closed and has something to do."""
    return rule("unmet", "journeys", policy=STAY, equipment_types=(PRICED.replace(**least), ROOM))


def to_and_fro() -> LocationProblem:
    """b has no scanner, one, and none again; there are always two.

    One goes from b to a, 100; a buys no other. In 2027 b buys one, 1,000, that 2028 takes out, 30: that of today has
    moved already. Were it to move again, it would go there, back and there for 300.
    """
    values = ((2026, 0), (2027, 1), (2028, 0))
    pins = (*(scanners(PinKind.FIX, n, facility="b", year=year) for year, n in values), scanners(PinKind.AT_LEAST, 2))
    return rule("purchases", policy={"years": 3, "pins": pins}, site_limits=ROOM_FOR_TWO)


def stays(stays_of: int, policy: dict[str, Any], *beds: str, least: float = 0.0) -> LocationProblem:
    """Return stays of each zone, in 5 beds at some hospitals: 200 of 7.3 days of 1,825 x 0.8 at each."""
    ward = WardStandard(ward=Ward.MEDICINE, block=5, max_occupancy=0.8, min_occupancy=least, source=SOURCE)
    return two_sites(
        {"visit": stays_of},
        policy,
        region=region(ward_beds=tuple(WardBeds(facility=site, ward=Ward.MEDICINE, beds=5) for site in beds)),
        equipment=equipment(
            session_standards=(),
            ward_standards=(ward,),
            stay_standards=(StayStandard(service="visit", ward=Ward.MEDICINE, days=7.3, source=SOURCE),),
        ),
    )


def contract(*goals: str, scans: float, fewest: float = 0.0) -> LocationProblem:
    """Return scans that are bought near a alone, 1,000 at most, at 10 dirhams."""
    offer = PrivateOffer(facility="a", service="scan", period="2026", acts=1000, min_acts=fewest, mad_per_act=10)
    problem = rule(*goals, scans=scans, equipment_units=(), private_offers=(offer,))
    return problem.replace(horizon=HORIZON)


def bus(*goals: str, scans: float, places: str = "a", fewest: float = 0.0, **more: Any) -> LocationProblem:
    """Return scans in a mobile unit alone, 50 sessions of 4 a year at 3 dirhams; 1,000 to fit a place out."""
    unit = MobileUnit(
        id="bus",
        name_fr="bus",
        name_en="bus",
        equipment_type="scanner",
        base="a",
        sessions_per_week=1,
        session_cost=3,
        source=SOURCE,
    )
    docks = tuple(
        DockingPoint(mobile_unit="bus", place=place, min_sessions=fewest, opening=1000, source=SOURCE)
        for place in places
    )
    return rule(*goals, scans=scans, equipment_units=(), mobile_units=(unit,), docking_points=docks, **more)


def only_in_2026() -> LocationProblem:
    """20 scans in 2026 and none in 2027, in a mobile unit."""
    needs = tuple(
        Demand(zone="near", service="scan", period=period, acts=acts) for period, acts in (("2026", 20), ("2027", 0))
    )
    goals = weighted(("unmet", 1000), ("purchases", 1))
    problem = bus("unmet", scans=0, policy={"years": 2, "goals": goals})
    return problem.replace(needs=DemandTables(demand=needs), horizon=HORIZON)


RULES: dict[str, tuple[LocationProblem, Values, Values]] = {
    # nothing is kept up, in no year or in the second alone
    "state_start": (rule("upkeep", policy=STAY), (100.0,), (0.0,)),
    "state_flow": (rule("upkeep", policy=STAY | {"years": 2}), (200.0,), (100.0,)),
    # a has received a scanner that it has not; b has sent one that it keeps; one has come from nowhere
    "moves_in": (rule("purchases", site_limits=ROOM_FOR_TWO), (0.0,), (100.0 - 1000,)),
    "moves_out": (rule("purchases", policy={"pins": SECOND_AT_A}, site_limits=ROOM_FOR_TWO), (1000.0,), (100.0 - 30,)),
    "moves_balance": (rule("purchases", policy={"pins": SECOND_AT_A}, site_limits=ROOM_FOR_TWO), (1000.0,), (100.0,)),
    "movable": (to_and_fro(), (1130.0,), (300.0,)),
    "floor_space": (hub(floor_spaces=(FloorSpace(facility="a", free=10, source=SOURCE),)), TODAY, BEST),
    "pins": (hub(scanners(PinKind.AT_MOST, 1, facility="a")), TODAY, BEST),
    # 6,000 scans, and room for 4,000
    "met": (rule("unmet", scans=3000), (2000.0,), (0.0,)),
    "session_time": (rule("unmet", "sessions"), (0.0, 2000.0), (0.0, 0.0)),
    # 2,000 scans at a, where a quarter of the time is 1,000
    "capacity": (
        rule(
            "unmet", policy=NEAREST | {"move": False}, equipment_types=(PRICED.replace(max_wait=UNTIL_A_QUARTER), ROOM)
        ),
        (1000.0,),
        (0.0,),
    ),
    # 400 scans go to b, 30 minutes further, or stay at a
    "use_floor": (floor(min_use=0.1), (0.0, 42_000.0), (0.0, 30_000.0)),
    "act_floor": (floor(min_acts=400), (0.0, 42_000.0), (0.0, 30_000.0)),
    # 300 stays, and room for 200; 50 of 150 at b, 30 minutes further, or none
    "bed_days": (stays(150, {"goals": minimise("unmet")}, "a"), (100.0,), (0.0,)),
    "bed_floor": (
        stays(75, STAY | {"goals": minimise("unmet", "journeys")}, "a", "b", least=0.2),
        (0.0, 75 * 30.0 + 50 * 30),
        (0.0, 75 * 30.0),
    ),
    # 500 scans for 200; 200 without a contract; 2,000 through one of 1,000
    "contract_min": (contract("unmet", "contracts", scans=100, fewest=500), (0.0, 5000.0), (0.0, 2000.0)),
    "contract_max": (contract("unmet", "contracts", scans=100, fewest=500), (0.0, 5000.0), (0.0, 2000.0)),
    "contract_use": (contract("unmet", scans=1000), (1000.0,), (0.0,)),
    # 2,000 scans, and 200 in the sessions of a year; 5 sessions for 20 scans, or 25; at a and at b, 150, at a time
    "round_time": (bus("unmet", scans=1000), (1800.0,), (0.0,)),
    "rounds_min": (bus("unmet", "mobile", scans=10, fewest=0.5), (0.0, 75.0), (0.0, 15.0)),
    "rounds_max": (bus("unmet", "mobile", scans=10, fewest=0.5), (0.0, 75.0), (0.0, 15.0)),
    "rota": (bus("unmet", scans=1000, places="ab"), (1800.0,), (1650.0,)),
    "fitting": (bus("unmet", "purchases", scans=10), (0.0, 1000.0), (0.0, 0.0)),
    "fitted_for_good": (only_in_2026(), (1000.0,), (0.0,)),
    # 1,000 scans more at a with a second scanner, or with 500 sessions instead of 250
    "capex": (
        rule(
            "unmet",
            scans=1500,
            policy=NEAREST | {"move": False, "capex_a_year": 900},
            site_limits=ROOM_FOR_TWO,
        ),
        (1000.0,),
        (0.0,),
    ),
    "opex": (rule("unmet", policy=NEAREST | STAY | {"opex_a_year": 1100}), (1000.0,), (0.0,)),
}
"""By rule: problem, values of its goals, and their values without the rule."""

WITHOUT = {name: (problem, without) for name, (problem, _, without) in (RULES | ROWS).items()}


def everything() -> LocationProblem:
    """A town, a hospital c, and three more around it, 10 minutes from it and 20 from one another; two years.

    500 patients in 2026 on average, none in 2027: a scan; then a visit, 10 minutes away at most; for one in five an
    operation with 3 days in a bed, as near; then another visit, anywhere. Scanners are at c, x, y and z, rooms at x, y
    and z, the rest at c. The town is 10 minutes from c, 20 from x, 30 from y, 40 from z. Nothing is bought, and a
    scanner that does not make 40 scans is taken out, but that of x stays in 2026: 40 scans are there, 10 minutes
    further. An MRI at c, which makes nothing, would cost more to keep up than a year's budget.

    - Journeys: 500 x 10 + 500 x 20 + 100 x 10 + 500 x 20, and 40 x 10.
    - Waits: a use of a half is 182.5 patient-days, of 60,000 minutes; scans take 15,000, visits 30,000, operations
      6,000.
    """
    sites, rooms = "cxyz", "xyz"
    minutes = {("c", site): 10 for site in rooms} | dict.fromkeys((("x", "y"), ("x", "z"), ("y", "z")), 20)
    minutes |= {("town", site): 10 * (1 + place) for place, site in enumerate(sites)}
    both = minutes | {(other, one): time for (one, other), time in minutes.items()}
    own = Region(
        facilities=tuple(facility(name) for name in sites),
        zones=(Zone(id="town", name="town", commune="town", province="Here", urban=True),),
        populations=(Population(zone="town", age_group="all", inhabitants=1000),),
        travel_times=tuple(TravelTime(origin=i, destination=j, minutes=t) for (i, j), t in both.items()),
        ward_beds=(WardBeds(facility="c", ward=Ward.SURGERY, beds=5),),
    )
    theatre = EquipmentType(id="theatre", name_fr="bloc", name_en="theatre", max_use=0.5)
    ambulance = EquipmentType(id="ambulance", name_fr="ambulance", name_en="ambulance")
    mri = EquipmentType(id="mri", name_fr="irm", name_en="mri", upkeep=600_000)
    makes = (("scanner", "scan", 30), ("room", "visit", 30), ("theatre", "operation", 60))
    bus = MobileUnit(
        id="bus",
        name_fr="bus",
        name_en="bus",
        equipment_type="scanner",
        base="c",
        sessions_per_week=1,
        session_cost=3,
        source=SOURCE,
    )
    lot = equipment(
        equipment_types=(PRICED.replace(min_use=0.005, min_acts=40), ROOM, theatre, ambulance, mri),
        equipment_units=units(
            *((site, "scanner", 1) for site in sites),
            *((site, "room", 1) for site in rooms),
            ("c", "theatre", 1),
            ("c", "ambulance", 1),
        ),
        site_limits=(SiteLimit(facility="c", equipment_type="mri", max_units=1, source=SOURCE),),
        floor_spaces=(FloorSpace(facility="x", free=20, source=SOURCE),),
        session_standards=tuple(
            SessionStandard(equipment_type=kind, service=service, minutes_per_act=time, source=SOURCE)
            for kind, service, time in makes
        ),
        session_staff=(SessionStaff(equipment_type="scanner", skill="technician", heads=1, source=SOURCE),),
        session_sales=(
            SessionSale(facility="c", equipment_type="scanner", sessions=5, mad_per_session=7, source=SOURCE),
        ),
        expert_times=(
            ExpertTime(
                equipment_type="scanner",
                service="scan",
                skill="radiologist",
                minutes_per_act=15,
                remote=True,
                source=SOURCE,
            ),
        ),
        private_offers=(
            PrivateOffer(facility="z", service="scan", period="2026", acts=100, min_acts=50, mad_per_act=10),
        ),
        mobile_units=(bus,),
        docking_points=(DockingPoint(mobile_unit="bus", place="z", min_sessions=0.5, opening=1000, source=SOURCE),),
        cover_standards=(CoverStandard(equipment_type="ambulance", minutes=15, source=SOURCE),),
        ward_standards=(
            WardStandard(ward=Ward.SURGERY, block=5, max_occupancy=0.8, min_occupancy=0.1, upkeep=2, source=SOURCE),
        ),
        stay_standards=(StayStandard(service="operation", ward=Ward.SURGERY, days=3, source=SOURCE),),
    )
    ways = tuple(
        DemandScenario(id=name, probability=0.5, factor=factor) for name, factor in (("less", 0.5), ("more", 1.5))
    )
    needs = (
        Demand(zone="town", service="scan", period=period, acts=acts) for period, acts in (("2026", 500), ("2027", 0))
    )
    return two_sites(
        {},
        {
            "years": 2,
            "goals": weighted(("unmet_cvar", 1000), ("not_covered", 1000), ("journeys", 1), ("waiting", 1)),
            "staff_share": 1.0,
            "cvar_level": 0.5,
            "scenarios": ways,
            "capex_a_year": 900,
            "opex_a_year": 500_000,
            "guarantees": (Guarantee(province="Here", minutes=15, share=0.3, reason="decided"),),
            "pins": (scanners(PinKind.KEEP, facility="x", year=2026),),
        },
        region=own,
        services=tuple(Service(id=name, name_fr=name, name_en=name) for name in ("scan", "visit", "operation")),
        equipment=lot,
        workforce=workforce(("c", "technician", 1), ("x", "technician", 1), ("x", "radiologist", 1)),
        pathways=(Pathway(id="p", name_fr="p", name_en="p"),),
        pathway_steps=(
            step(1, "scan"),
            step(2, "visit", max_transfer=10),
            step(3, "operation", share=0.2, max_transfer=10),
            step(4, "visit"),
        ),
        needs=DemandTables(demand=tuple(needs)),
        horizon=HORIZON,
    )


EVERYTHING: Values = (26_000.0 + 400 + 51_000 * 182.5 / 60_000,)


def alone(kind: PinKind, value: float | None = None, facility: str | None = None) -> LocationProblem:
    """Return 3,000 scans where only one hospital may have its scanner: 1,500 of near there, and 500 of far."""
    pins = (scanners(kind, value, facility=facility),)
    return rule("unmet", "journeys", scans=1500, policy={"pins": pins})


PINS: dict[PinKind, tuple[LocationProblem, Values]] = {
    PinKind.KEEP: (everything(), EVERYTHING),
    PinKind.FIX: (alone(PinKind.FIX, 1), (1000.0, 25_000.0)),
    PinKind.FORBID: (alone(PinKind.FORBID, facility="a"), (1000.0, 85_000.0)),
    PinKind.AT_LEAST: (hub(scanners(PinKind.AT_LEAST, 3)), BOUGHT),
    PinKind.AT_MOST: (hub(scanners(PinKind.AT_MOST, 1, facility="a")), TODAY),
}
"""The first is the golden model."""
