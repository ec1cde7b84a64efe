"""Two hospitals and two zones, whose network of today is counted by hand.

=====  ============  ============
zone   minutes to a  minutes to b
=====  ============  ============
near   10            40
far    20            50
=====  ============  ============

Each zone has 1,000 people, in provinces of their own. A scanner is open 120,000 minutes a year (10 sessions of 240
minutes, 50 weeks); half of them may be used: at 30 minutes an act, 2,000 acts in 500 sessions.
"""

from typing import Any

from gst_opt.core.equipment import Equipment, EquipmentType, EquipmentUnits, SessionStandard
from gst_opt.core.pathways import PathwayStep, StepKind
from gst_opt.core.region import Facility, GrowthRate, Level, Population, Region, TravelTime, Zone
from gst_opt.core.services import DemandRate, Service
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem

SOURCE = "by hand"
MINUTES = {("near", "a"): 10, ("near", "b"): 40, ("far", "a"): 20, ("far", "b"): 50, ("a", "b"): 60, ("b", "a"): 60}
SCANNER = EquipmentType(id="scanner", name_fr="Scanner", name_en="Scanner", max_use=0.5)
ROOM = EquipmentType(id="room", name_fr="Salle", name_en="Room", max_use=0.5)


def facility(name: str, level: Level = Level.PROVINCIAL_HOSPITAL, **more: Any) -> Facility:
    """Return a hospital."""
    return Facility(id=name, name=name, commune=name, province="Here", level=level, **more)


def region(growth: float = 0.0, **more: Any) -> Region:
    """Return both hospitals and zones; people grow in the province of near."""
    zones = (("near", "Here"), ("far", "There"))
    given: dict[str, Any] = {
        "facilities": (facility("a"), facility("b")),
        "zones": tuple(Zone(id=name, name=name, commune=name, province=own, urban=True) for name, own in zones),
        "populations": tuple(Population(zone=name, age_group="all", inhabitants=1000) for name, _ in zones),
        "growth_rates": (GrowthRate(province="Here", per_year=growth, source=SOURCE),),
        "travel_times": tuple(TravelTime(origin=i, destination=j, minutes=t) for (i, j), t in MINUTES.items()),
    }
    return Region(**(given | more))


def units(*rows: tuple[str, str, int], installed: int | None = None) -> tuple[EquipmentUnits, ...]:
    """Return units by (facility, type, number)."""
    return tuple(
        EquipmentUnits(facility=site, equipment_type=kind, units=count, installed=installed)
        for site, kind, count in rows
    )


def equipment(**more: Any) -> Equipment:
    """Return a scanner at each hospital; a scan takes 30 minutes of it, a visit 30 of a room."""
    given: dict[str, Any] = {
        "equipment_types": (SCANNER, ROOM),
        "equipment_units": units(("a", "scanner", 1), ("b", "scanner", 1)),
        "session_standards": tuple(
            SessionStandard(equipment_type=kind, service=service, minutes_per_act=30, source=SOURCE)
            for kind, service in (("scanner", "scan"), ("room", "visit"))
        ),
    }
    return Equipment(**(given | more))


def step(number: int, service: str, **more: Any) -> PathwayStep:
    """Return a step of the pathway p."""
    return PathwayStep(pathway="p", step=number, kind=StepKind.IMAGING, service=service, **more)


def two_sites(acts: dict[str, float], policy: dict[str, Any] | None = None, **more: Any) -> LocationProblem:
    """Return the question for acts needed by 1,000 people, in one year unless the policy says otherwise."""
    given: dict[str, Any] = {
        "region": region(),
        "services": tuple(Service(id=name, name_fr=name, name_en=name) for name in ("scan", "visit")),
        "needs": DemandTables(
            demand_rates=tuple(
                DemandRate(service=service, age_group="all", acts_per_1000=rate, source=SOURCE)
                for service, rate in acts.items()
            )
        ),
        "equipment": equipment(),
        "policy": LocationPolicy(**({"years": 1} | (policy or {}))),
    }
    return LocationProblem(**(given | more))
