"""Plans of location made by hand, and what their terms come to."""

from datetime import date
from math import sqrt

from gst_opt.core.equipment import (
    Equipment,
    EquipmentType,
    EquipmentUnits,
    SessionStandard,
)
from gst_opt.core.region import (
    Level,
    Region,
    TravelTime,
    Ward,
    Zone,
)
from gst_opt.core.services import Demand, Service
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.plan import (
    Contract,
    CostLine,
    CoverGap,
    LentHours,
    LocationPlan,
    Mode,
    RemoteHours,
    Served,
    SiteBeds,
    SiteUnits,
    StaffUse,
    Unmet,
    UnmetReason,
    UpgradedUnits,
    Visits,
)
from gst_opt.pillars.platforms.location.policy import DemandScenario, LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.toys import MINUTES, PROVINCES, SOURCE, YEARS, facility


def valley_plan() -> LocationPlan:
    """Buy a scanner for the hospital in 2026, when it opens a block of beds; retire one in 2027, and move the centre's.

    One of the centre's two machines becomes a doppler in 2027, its first.

    The town is served at the hospital: 50 scans, 50 of the pathway, 10 operations, 40 consultations; 10 more at the
    centre. The village: 10 scans at the centre (from 2027 at the new hospital) and 10 bought there; of its pathway 10
    at the hospital, 4 in the bus, 6 where its others are. Only half of its patients can have their operation, at
    the hospital where half had their scan, so only half are seen again.
    """
    units, beds, served, unmet, contracts, visits, lent, remote, staff = ([] for _ in range(9))
    for year in YEARS:
        units += list(_units(year))
        beds.append(_beds(year))
        served += list(_served(year))
        unmet += list(_unmet(year))
        contracts.append(Contract(facility="centre", service="scan", year=year, acts=10, mad_per_act=8, cost=80))
        fitted = year == 2026
        visits.append(
            Visits(mobile_unit="bus", place="village", year=year, sessions=5, fitted_out=fitted, cost=15 + 7 * fitted)
        )
        if year > 2026:
            lent.append(
                LentHours(skill="technician", origin="hospital", host="new", year=year, hours=24, minutes=35, cost=960)
            )
        host = "centre" if year == 2026 else "new"
        remote.append(RemoteHours(skill="radiologist", origin="hospital", host=host, year=year, hours=4, cost=60))
        staff += list(_staff(year, host))
    return LocationPlan(
        units=tuple(units),
        upgrades=(
            UpgradedUnits(facility="centre", equipment_type="echo", becomes="doppler", year=2027, units=1, cost=70),
        ),
        beds=tuple(beds),
        served=tuple(served),
        unmet=tuple(unmet),
        contracts=tuple(contracts),
        visits=tuple(visits),
        lent_hours=tuple(lent),
        remote_hours=tuple(remote),
        staff=tuple(staff),
        cover_gaps=(
            _gap("village", 2026, 1_000.0),
            _gap("far", 2026, 100.0),
            _gap("far", 2027, 110.0),
            _gap("far", 2028, 121.0),
        ),
        costs=tuple(
            CostLine(line=line, year=year, mad=mad)
            for line, own in COSTS.items()
            for year, mad in zip(YEARS, own, strict=True)
        ),
    )


COSTS = {
    "purchases": (1_000.0 + 5 * 10 + 7, 50.0 + 500 + 30 + 70 + 20, 2_000.0 + 5 * 5),
    "upkeep": (4 * 100.0 + 12 * 3, 3 * 100.0 + 12 * 3, 3 * 100.0 + 7 * 3),
    "sessions": (90.0, 90.0, 90.0),
    "contracts": (80.0, 80.0, 80.0),
    "mobile": (15.0, 15.0, 15.0),
    "lending": (0.0, 960.0, 960.0),
    "remote": (60.0, 60.0, 60.0),
    "sales": (-300.0, -300.0, -300.0),
}
TERMS = {
    "unmet": 3 * (2 + 10.0),
    "not_covered": 1_000.0,
    "unmet_in[p]": 0.0,
    "unmet_in[q]": 3 * (2 + 10 + 16.0),
    **{line: sum(own) for line, own in COSTS.items()},
    "journeys": 3 * 1_900.0 + 960 + 2 * 1_120,
    "above_level": 3 * 40.0,
    "unmet_cvar": 36.0,
}
CONSTANTS = {"unmet": 3 * 16.0, "not_covered": 331.0}


def waits(minutes: float, units: int, use: float, minutes_a_year: float) -> float:
    """Return the mean wait in days, of acts all as long, by Sakasegawa's formula."""
    power: float = use ** (sqrt(2 * (units + 1)) - 1)
    return minutes * power / (units * (1 - use)) / (minutes_a_year / 365)


def _units(year: int) -> list[SiteUnits]:
    first = year == 2026
    hospital, centre, new = (3, 1, 0) if first else (2, 0, 1)
    used = 9_000 / (24_000 * hospital)
    change = {"bought": 1} if first else {"retired": 1} if year == 2027 else {}
    found = [
        _site("hospital", "scanner", year, 2, hospital, (40.0, 2, 10.0), (used, 60, 24_000), **change),
        _site(
            *("centre", "scanner", year, 1, centre, (5.0 * centre, 2, 0.0), (0.04 * centre, 60, 24_000)),
            moved_out=int(year == 2027),
        ),
        _site(
            *("hospital", "theatre", year, 1, 1, (8.0, 10, 0.0), (1_440 / 120_000, 120, 120_000)),
            renewed=int(year == 2028),
        ),
        _site("hospital", "room", year, 1, 1, (4.0, 10, 0.0), (800 / 120_000, 20, 120_000)),
        _site("centre", "room", year, 1, 1, (2.0, 10, 0.0), (400 / 120_000, 20, 120_000)),
        _site("hospital", "ambulance", year, 1, 1, (0.0, 10, 0.0), (0.0, 0, 120_000)),
        _site("centre", "ambulance", year, 0, 0, (0.0, 10, 0.0), (0.0, 0, 120_000)),
    ]
    later = int(not first)
    found += [
        _site(
            *("centre", "echo", year, 2, 2 - later, (0.0, 10, 0.0), (0.0, 0, 120_000)), upgraded_out=int(year == 2027)
        ),
        _site(*("centre", "doppler", year, 0, later, (0.0, 10, 0.0), (0.0, 0, 120_000)), upgraded_in=int(year == 2027)),
    ]
    if not first:
        found += [
            _site("new", "scanner", year, 0, new, (5.0, 2, 0.0), (0.04, 60, 24_000), moved_in=int(year == 2027)),
            _site("new", "ambulance", year, 1, 1, (0.0, 10, 0.0), (0.0, 0, 120_000)),
        ]
    return found


def _site(
    site: str,
    kind: str,
    year: int,
    today: int,
    units: int,
    sessions: tuple[float, int, float],
    use: tuple[float, float, float],
    **changes: int,
) -> SiteUnits:
    """Make a row: sessions a year, those that its type can run in a week, those sold; use, minutes an act, a year."""
    run, weekly, sold = sessions
    assert run + sold <= 50 * weekly * units
    share, minutes, a_year = use
    nothing = dict.fromkeys(("bought", "renewed", "retired", "closed", "moved_in", "moved_out"), 0)
    return SiteUnits(
        province=PROVINCES[site],
        facility=site,
        equipment_type=kind,
        year=year,
        units_today=today,
        units=units,
        sessions=run,
        sessions_per_week=run / 50,
        sessions_sold=sold,
        use=share,
        wait=waits(minutes, units, share, a_year) if share else 0.0,
        **(nothing | changes),
    )


def _beds(year: int) -> SiteBeds:
    beds = 7 if year == 2028 else 12
    return SiteBeds(
        province="P",
        facility="hospital",
        ward=Ward.SURGERY,
        year=year,
        beds_today=7,
        beds=beds,
        opened=5 * (year == 2026),
        closed=5 * (year == 2028),
        bed_days=30.0,
        occupancy=30 / (365 * beds),
    )


def _served(year: int) -> list[Served]:
    near = "centre" if year == 2026 else "new"
    rows: list[tuple[str, str, int | None, Mode, str, str | None, float]] = [
        ("town", "scan", None, Mode.ON_SITE, "hospital", "scanner", 50),
        ("town", "scan", 1, Mode.ON_SITE, "hospital", "scanner", 50),
        ("town", "operation", 2, Mode.ON_SITE, "hospital", "theatre", 10),
        ("town", "consultation", 3, Mode.ON_SITE, "hospital", "room", 40),
        ("town", "consultation", 3, Mode.ON_SITE, "centre", "room", 10),
        ("village", "scan", None, Mode.ON_SITE, near, "scanner", 10),
        ("village", "scan", None, Mode.CONTRACT, "centre", None, 10),
        ("village", "scan", 1, Mode.ON_SITE, "hospital", "scanner", 10),
        ("village", "scan", 1, Mode.MOBILE, "village", "bus", 4),
        ("village", "scan", 1, Mode.ON_SITE, near, "scanner", 6),
        ("village", "operation", 2, Mode.ON_SITE, "hospital", "theatre", 2),
        ("village", "consultation", 3, Mode.ON_SITE, "centre", "room", 10),
    ]
    return [
        Served(
            zone=zone,
            service=service,
            pathway=None if step is None else "hip",
            step=step,
            year=year,
            mode=mode,
            place=place,
            platform=platform,
            acts=acts,
            minutes=MINUTES.get((zone, place), 0.0),
        )
        for zone, service, step, mode, place, platform, acts in rows
    ]


def _unmet(year: int) -> list[Unmet]:
    rows: list[tuple[str, str, int | None, float, UnmetReason]] = [
        ("village", "operation", 2, 2, UnmetReason.LIMITED),
        ("village", "consultation", 3, 10, UnmetReason.EARLIER_STEP),
        ("far", "scan", None, 5, UnmetReason.NO_SITE_IN_REACH),
        ("far", "scan", 1, 5, UnmetReason.NO_SITE_IN_REACH),
        ("far", "operation", 2, 1, UnmetReason.NO_SITE_IN_REACH),
        ("far", "consultation", 3, 5, UnmetReason.NO_SITE_IN_REACH),
    ]
    return [
        Unmet(
            zone=zone,
            service=service,
            pathway=None if step is None else "hip",
            step=step,
            year=year,
            acts=acts,
            reason=reason,
        )
        for zone, service, step, acts, reason in rows
    ]


def _staff(year: int, host: str) -> list[StaffUse]:
    """45 sessions of 4 hours and 5 rounds, 114 acts and 16 of a quarter of an hour, blocks of beds of 26 hours."""
    rows = [
        ("hospital", "technician", 40 * 4.0 + 5 * 4, 221.0),
        (host, "technician", 20.0, 221.0 if host == "centre" else 0.0),
        ("hospital", "radiologist", 114 / 4, 221.0),
        (host, "radiologist", 4.0, 0.0),
        ("hospital", "nurse", 26 * (7 if year == 2028 else 12) / 5, 221.0),
    ]
    return [
        StaffUse(facility=site, skill=skill, year=year, hours_needed=needed, hours_available=there)
        for site, skill, needed, there in rows
    ]


def _gap(zone: str, year: int, people: float) -> CoverGap:
    return CoverGap(equipment_type="ambulance", sites=1, zone=zone, year=year, people=people)


def wager(level: float = 0.9) -> tuple[LocationProblem, LocationPlan]:
    """One room and one town: 100 consultations needed, 200 with a chance of one in four; 150 fit into the sessions.

    150 of 60 minutes in 45 sessions of 240, of which 5 in 6 may be used: 9,000 minutes.
    """
    problem = LocationProblem(
        region=Region(
            facilities=(facility("hospital", Level.PROVINCIAL_HOSPITAL),),
            zones=(Zone(id="town", name="town", commune="C", province="P", urban=True),),
            travel_times=(TravelTime(origin="town", destination="hospital", minutes=10),),
        ),
        services=(Service(id="consultation", name_fr="c", name_en="c", weight=2),),
        needs=DemandTables(demand=(Demand(zone="town", service="consultation", period="2026", acts=100),)),
        equipment=Equipment(
            equipment_types=(
                EquipmentType(id="room", name_fr="salle", name_en="room", max_use=5 / 6, sessions_per_week=0.9),
            ),
            equipment_units=(EquipmentUnits(facility="hospital", equipment_type="room", units=1),),
            session_standards=(
                SessionStandard(equipment_type="room", service="consultation", minutes_per_act=60, source=SOURCE),
            ),
        ),
        horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
        policy=LocationPolicy(
            years=1,
            cvar_level=level,
            scenarios=(
                DemandScenario(id="usual", probability=0.75),
                DemandScenario(id="high", probability=0.25, factor=2),
            ),
        ),
    )
    use = (0.75 * 100 + 0.25 * 150) * 60 / 10_800
    plan = LocationPlan(
        units=(_site("hospital", "room", 2026, 1, 1, (45.0, 1, 0.0), (use, 60, 10_800)),),
        served=tuple(
            Served(
                zone="town",
                service="consultation",
                year=2026,
                scenario=scenario,
                mode=Mode.ON_SITE,
                place="hospital",
                platform="room",
                acts=acts,
                minutes=10,
            )
            for scenario, acts in (("usual", 100.0), ("high", 150.0))
        ),
        unmet=(
            Unmet(
                zone="town",
                service="consultation",
                year=2026,
                scenario="high",
                acts=50,
                reason=UnmetReason.FULL,
            ),
        ),
    )
    return problem, plan
