"""Platforms and beds of the two towns, small enough to be counted by hand.

A scanner and a consulting room run 50 weeks x 10 sessions x 240 minutes = 120,000 minutes a year, of which 80 %
(96,000) may be used. A scan takes 20 minutes, a consultation 20: 4,800 a year for one unit.

=============  ===============  =====  =====  ====  =====
acts needed    of which         North  South  Far   total
=============  ===============  =====  =====  ====  =====
consultation   outside          3,000  1,275   225  4,500
consultation   pathway, step 1  1,000    425    75  1,500
consultation   pathway, step 4    500    212.5  37.5  750
ct             outside          1,600    680   120  2,400
ct             pathway, step 2    400    170    30    600
admission      outside          2,200    935   165  3,300
admission      pathway, step 3    200     85    15    300
=============  ===============  =====  =====  ====  =====

- Scanners: 3,000 scans are 60,000 minutes, less than the 96,000 of one unit. The two, 30 minutes apart, are a
  duplicate; those recorded in 2026 (2,850) take 57,000 minutes.
- Far has 3,000 people, 52 minutes from the hospital of South and 78 from that of North: beyond the 45 minutes of a
  scan (a gap of 150 scans), within the 60 of a consultation or an admission in South.
- Beds: 3,600 admissions of 5 days take 18,000 of 70 x 365 = 25,550 bed-days (70.5 %): 12,000 of 18,250 in North
  (65.8 %), 6,000 of 7,300 in South (82.2 %). With stays of 4 days, 14,400.
- A scanner can become one of 64 slices for 2,500,000 MAD, where a new one costs 9,000,000: 8,000 scans a year of 12
  minutes. Those of today end in 2028 and 2030, so that a plan of two years may upgrade them and one of five may not.
- One private scanner in South sells 100 to 300 scans at 900 MAD.
"""

from gst_opt.core.equipment import (
    Equipment,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    PrivateOffer,
    SessionStaff,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import Level, Ward
from gst_opt.core.services import Activity, DemandRate, Service
from gst_opt.core.wards import StayStandard, WardLimit, WardStaff, WardStandard

SOURCE = "invented, so that the best plan can be found by hand"
NORTH, SOUTH = "hp-north", "hpr-south"


def services() -> tuple[Service, ...]:
    """Return what is counted in acts."""
    return (
        Service(id="consultation", name_fr="Consultation", name_en="Consultation", max_travel=60),
        Service(id="ct", name_fr="Scanner", name_en="CT scan", max_travel=45),
        Service(
            id="admission",
            name_fr="Hospitalisation",
            name_en="Admission",
            max_travel=60,
            min_level=Level.LOCAL_HOSPITAL,
        ),
    )


def demand_rates() -> tuple[DemandRate, ...]:
    """Return the acts needed outside the steps of pathways that begin with another service."""
    rates = {"consultation": 100.0, "ct": 40.0, "admission": 55.0}
    return tuple(
        DemandRate(service=service, age_group="all", acts_per_1000=rate, source=SOURCE)
        for service, rate in rates.items()
    )


def activity(period: str) -> tuple[Activity, ...]:
    """Return the acts done today: everything that is within reach."""
    done = {
        "consultation": {NORTH: 4_500, SOUTH: 2_250},
        "ct": {NORTH: 2_000, SOUTH: 850},
        "admission": {NORTH: 2_400, SOUTH: 1_200},
    }
    return tuple(
        Activity(facility=facility, service=service, period=period, acts=acts)
        for service, by_facility in done.items()
        for facility, acts in by_facility.items()
    )


def pathway() -> Pathway:
    """Return the pathway of a quarter of those who need a consultation."""
    return Pathway(id="chest", name_fr="Douleur thoracique", name_en="Chest pain", share=0.25)


def pathway_steps() -> tuple[PathwayStep, ...]:
    """Return a consultation, for two in five a scan within the week, for one in five a stay, for half a follow-up."""
    step = PathwayStep(pathway="chest", step=1, kind=StepKind.CONSULTATION, service="consultation")
    return (
        step,
        step.replace(step=2, kind=StepKind.IMAGING, service="ct", share=0.4, delay=7, max_transfer=45),
        step.replace(step=3, kind=StepKind.STAY, service="admission", share=0.2, delay=2, max_transfer=45),
        step.replace(step=4, kind=StepKind.FOLLOW_UP, share=0.5, delay=30, counter_referral=True),
    )


def equipment(period: str) -> Equipment:
    """Return a scanner and a consulting room in each hospital, its beds, and one private scanner in South."""
    return Equipment(
        equipment_types=(
            EquipmentType(
                id="ct",
                name_fr="Scanner",
                name_en="CT scanner",
                max_use=0.8,
                min_level=Level.LOCAL_HOSPITAL,
                purchase=6_000_000,
                upkeep=500_000,
                session_cost=500,
                moving=400_000,
                closing=100_000,
                source=SOURCE,
            ),
            EquipmentType(
                id="ct_64",
                name_fr="Scanner à 64 coupes",
                name_en="64-slice CT scanner",
                max_use=0.8,
                min_level=Level.LOCAL_HOSPITAL,
                purchase=9_000_000,
                upkeep=800_000,
                session_cost=500,
                moving=400_000,
                closing=100_000,
                source=SOURCE,
            ),
            EquipmentType(
                id="consulting_room",
                name_fr="Salle de consultation",
                name_en="Consulting room",
                max_use=0.8,
                purchase=100_000,
                upkeep=5_000,
                session_cost=50,
                source=SOURCE,
            ),
        ),
        equipment_units=(
            EquipmentUnits(facility=NORTH, equipment_type="ct", units=1, installed=2020),
            EquipmentUnits(facility=SOUTH, equipment_type="ct", units=1, installed=2018),
            EquipmentUnits(facility=NORTH, equipment_type="consulting_room", units=1),
            EquipmentUnits(facility=SOUTH, equipment_type="consulting_room", units=1),
        ),
        site_limits=tuple(
            SiteLimit(facility=facility, equipment_type=kind, max_units=most, source=SOURCE)
            for facility in (NORTH, SOUTH)
            for kind, most in (("ct", 2), ("ct_64", 1), ("consulting_room", 2))
        ),
        session_standards=(
            SessionStandard(equipment_type="ct", service="ct", minutes_per_act=20, source=SOURCE),
            SessionStandard(equipment_type="ct_64", service="ct", minutes_per_act=12, source=SOURCE),
            SessionStandard(
                equipment_type="consulting_room", service="consultation", minutes_per_act=20, source=SOURCE
            ),
        ),
        session_staff=(
            SessionStaff(equipment_type="ct", skill="nurse", heads=1, source=SOURCE),
            SessionStaff(equipment_type="ct_64", skill="nurse", heads=1, source=SOURCE),
            SessionStaff(equipment_type="consulting_room", skill="doctor", heads=1, source=SOURCE),
        ),
        expert_times=tuple(
            ExpertTime(
                equipment_type=kind, service="ct", skill="doctor", minutes_per_act=10, remote=True, source=SOURCE
            )
            for kind in ("ct", "ct_64")
        ),
        upgrades=(Upgrade(equipment_type="ct", becomes="ct_64", price=2_500_000, source=SOURCE),),
        private_offers=(
            PrivateOffer(facility=SOUTH, service="ct", period=period, acts=300, min_acts=100, mad_per_act=900),
        ),
        ward_standards=(
            WardStandard(ward=Ward.MEDICINE, block=10, opening=500_000, closing=10_000, upkeep=30_000, source=SOURCE),
        ),
        ward_limits=(
            WardLimit(facility=NORTH, ward=Ward.MEDICINE, max_beds=60, source=SOURCE),
            WardLimit(facility=SOUTH, ward=Ward.MEDICINE, max_beds=30, source=SOURCE),
        ),
        ward_staff=(WardStaff(ward=Ward.MEDICINE, skill="nurse", fte=1, source=SOURCE),),
        stay_standards=(StayStandard(service="admission", ward=Ward.MEDICINE, days=5, target_days=4, source=SOURCE),),
    )
