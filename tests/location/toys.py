"""A small problem of location, the valley, that has everything a plan may hold."""

from datetime import date
from itertools import product
from typing import Any

from gst_opt.core.equipment import (
    CoverStandard,
    DockingPoint,
    Equipment,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    FloorSpace,
    MobileUnit,
    PrivateOffer,
    SessionSale,
    SessionStaff,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import (
    Facility,
    GrowthRate,
    Level,
    Opening,
    Population,
    Region,
    Status,
    TravelTime,
    Ward,
    WardBeds,
    Zone,
)
from gst_opt.core.services import Demand, Service
from gst_opt.core.standards import WorkingTime
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import StayStandard, WardLimit, WardStaff, WardStandard
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.demand import DemandTables
from gst_opt.pillars.platforms.location.policy import Guarantee, LocationPin, LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem

SOURCE = "toy"
YEARS = (2026, 2027, 2028)
MINUTES = {
    ("town", "hospital"): 10.0,
    ("town", "centre"): 40.0,
    ("town", "new"): 45.0,
    ("village", "hospital"): 50.0,
    ("village", "centre"): 10.0,
    ("village", "new"): 20.0,
    ("hospital", "centre"): 30.0,
    ("hospital", "new"): 35.0,
    ("centre", "new"): 15.0,
    ("town", "village"): 45.0,
}
PROVINCES = {"hospital": "P", "centre": "Q", "new": "Q", "town": "P", "village": "Q", "far": "Q"}
HEADS = (("hospital", "technician"), ("centre", "technician"), ("hospital", "radiologist"), ("hospital", "nurse"))


def facility(name: str, level: Level, status: Status = Status.OPEN) -> Facility:
    """Make a facility named by its id."""
    return Facility(id=name, name=name, commune="C", province=PROVINCES[name], level=level, status=status)


def region() -> Region:
    """Two hospitals and a planned one, a town, a village, and a place that no road reaches."""
    return Region(
        facilities=(
            facility("hospital", Level.PROVINCIAL_HOSPITAL),
            facility("centre", Level.LOCAL_HOSPITAL),
            facility("new", Level.PROVINCIAL_HOSPITAL, Status.PLANNED),
        ),
        openings=(Opening(facility="new", opens=date(2027, 3, 1), source=SOURCE),),
        ward_beds=(WardBeds(facility="hospital", ward=Ward.SURGERY, beds=7),),
        zones=tuple(
            Zone(id=name, name=name, commune="C", province=PROVINCES[name], urban=name == "town")
            for name in ("town", "village", "far")
        ),
        populations=tuple(
            Population(zone=zone, age_group="all", inhabitants=count)
            for zone, count in (("town", 5_000), ("village", 1_000), ("far", 100))
        ),
        growth_rates=(GrowthRate(province="Q", per_year=0.1, source=SOURCE),),
        travel_times=tuple(
            TravelTime(origin=a, destination=b, minutes=minutes)
            for (one, other), minutes in MINUTES.items()
            for a, b in ((one, other), (other, one))
        ),
    )


def equipment() -> Equipment:
    """Scanners, a theatre with beds, consulting rooms, ambulances; an offer, a mobile scanner, sessions to sell."""
    return Equipment(
        equipment_types=(
            EquipmentType(
                id="scanner",
                name_fr="scanner",
                name_en="scanner",
                life=4.5,
                sessions_per_week=2,
                max_use=0.8,
                min_use=0.03,
                min_acts=15,
                max_wait=30,
                min_level=Level.LOCAL_HOSPITAL,
                floor_space=30,
                purchase=1_000,
                upkeep=100,
                session_cost=2,
                moving=50,
                closing=30,
            ),
            EquipmentType(id="theatre", name_fr="bloc", name_en="theatre", purchase=2_000),
            EquipmentType(id="room", name_fr="salle", name_en="room"),
            EquipmentType(id="ambulance", name_fr="ambulance", name_en="ambulance"),
            EquipmentType(id="echo", name_fr="écho", name_en="echo", closing=15),
            EquipmentType(id="doppler", name_fr="doppler", name_en="doppler", purchase=300),
        ),
        equipment_units=(
            EquipmentUnits(facility="hospital", equipment_type="scanner", units=1, installed=2022),
            EquipmentUnits(facility="hospital", equipment_type="scanner", units=1),
            EquipmentUnits(facility="centre", equipment_type="scanner", units=1),
            EquipmentUnits(facility="hospital", equipment_type="theatre", units=1, installed=2018),
            EquipmentUnits(facility="hospital", equipment_type="room", units=1),
            EquipmentUnits(facility="centre", equipment_type="room", units=1),
            EquipmentUnits(facility="hospital", equipment_type="ambulance", units=1),
            EquipmentUnits(facility="new", equipment_type="ambulance", units=1),
            EquipmentUnits(facility="centre", equipment_type="echo", units=2),
        ),
        site_limits=(
            SiteLimit(facility="hospital", equipment_type="scanner", max_units=3, source=SOURCE),
            SiteLimit(facility="new", equipment_type="scanner", max_units=2, opening=500, source=SOURCE),
            SiteLimit(facility="centre", equipment_type="ambulance", max_units=1, source=SOURCE),
            SiteLimit(facility="centre", equipment_type="doppler", max_units=2, opening=20, source=SOURCE),
        ),
        floor_spaces=(FloorSpace(facility="hospital", free=100, source=SOURCE),),
        session_standards=tuple(
            SessionStandard(equipment_type=kind, service=service, minutes_per_act=minutes, source=SOURCE)
            for kind, service, minutes in (
                ("scanner", "scan", 60.0),
                ("theatre", "operation", 120.0),
                ("room", "consultation", 20.0),
            )
        ),
        session_staff=(SessionStaff(equipment_type="scanner", skill="technician", heads=1, source=SOURCE),),
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
        session_sales=(
            SessionSale(facility="hospital", equipment_type="scanner", sessions=20, mad_per_session=30, source=SOURCE),
        ),
        private_offers=(
            PrivateOffer(facility="centre", service="scan", period="2026", acts=30, min_acts=5, mad_per_act=8),
        ),
        mobile_units=(
            MobileUnit(
                id="bus",
                name_fr="bus",
                name_en="bus",
                equipment_type="scanner",
                base="hospital",
                sessions_per_week=1,
                session_cost=3,
                source=SOURCE,
            ),
        ),
        docking_points=(DockingPoint(mobile_unit="bus", place="village", min_sessions=0.1, opening=7, source=SOURCE),),
        upgrades=(Upgrade(equipment_type="echo", becomes="doppler", price=70, source=SOURCE),),
        cover_standards=(CoverStandard(equipment_type="ambulance", minutes=30, source=SOURCE),),
        ward_standards=(
            WardStandard(
                ward=Ward.SURGERY,
                block=5,
                max_occupancy=0.8,
                min_occupancy=0.001,
                floor_space=10,
                opening=10,
                closing=5,
                upkeep=3,
                source=SOURCE,
            ),
        ),
        ward_limits=(WardLimit(facility="hospital", ward=Ward.SURGERY, max_beds=12, source=SOURCE),),
        ward_staff=(WardStaff(ward=Ward.SURGERY, skill="nurse", fte=0.1, source=SOURCE),),
        stay_standards=(StayStandard(service="operation", ward=Ward.SURGERY, days=3, target_days=2, source=SOURCE),),
    )


def workforce() -> Workforce:
    """One head of each skill; a head works 260 hours a year, of which 221 are for platforms and beds."""
    skills = ("technician", "radiologist", "nurse")
    return Workforce(
        skills=tuple(Skill(id=one, name_fr=one, name_en=one, profession=one) for one in skills),
        staff=tuple(Staff(facility=site, skill=skill, heads=1) for site, skill in HEADS),
        working_times=tuple(WorkingTime(skill=one, days_per_week=1, hours_per_day=5, source=SOURCE) for one in skills),
    )


def valley(**policy: Any) -> LocationProblem:
    """Three years, and everything that a plan may hold.

    Needs a year, for the town, the village and the place without a road: 100, 40 and 10 scans. Half of the patients
    follow a pathway: a scan, an operation at the same site for one in five, a consultation near home for all.

    A scanner gives 24,000 minutes a year. One of the two of the hospital ends in 2027 (2022 and 4.5 years, rounded
    up), its theatre in 2028. The new hospital opens in 2027 with an ambulance.
    """
    chosen: dict[str, Any] = {
        "years": 3,
        "opened": ("new",),
        "capex_a_year": 1_300.0,
        "opex_a_year": 1_000.0,
        "remote_link": 60.0,
        "stay_progress": 0.5,
        "discount_rate": 0.0,
        "guarantees": (Guarantee(province="Q", service="scan", minutes=60, share=0.5, reason="decided"),),
        "pins": (
            LocationPin(
                kind=PinKind.AT_LEAST, value=1, facility="hospital", equipment_type="scanner", reason="decided"
            ),
        ),
    }
    return LocationProblem(
        region=region(),
        services=(
            Service(id="scan", name_fr="scanner", name_en="scan", max_travel=60),
            Service(id="operation", name_fr="acte", name_en="operation", min_level=Level.PROVINCIAL_HOSPITAL),
            Service(id="consultation", name_fr="consultation", name_en="consultation"),
        ),
        pathways=(Pathway(id="hip", name_fr="hanche", name_en="hip", share=0.5),),
        pathway_steps=(
            PathwayStep(pathway="hip", step=1, kind=StepKind.IMAGING, service="scan"),
            PathwayStep(pathway="hip", step=2, kind=StepKind.ACT, service="operation", share=0.2, max_transfer=0),
            PathwayStep(pathway="hip", step=3, kind=StepKind.FOLLOW_UP, service="consultation", counter_referral=True),
        ),
        needs=DemandTables(
            demand=tuple(
                Demand(zone=zone, service="scan", period=str(year), acts=acts)
                for year, (zone, acts) in product(YEARS, (("town", 100.0), ("village", 40.0), ("far", 10.0)))
            )
        ),
        workforce=workforce(),
        equipment=equipment(),
        horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 3),
        policy=LocationPolicy(**(chosen | policy)),
    )
