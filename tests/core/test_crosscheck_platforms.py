"""What the tables of platforms, beds, pathways and demand say of one another: every kind of problem alone, then all."""

import ast
import inspect
from datetime import date

import pytest

from gst_opt.core import crosscheck_platforms
from gst_opt.core.equipment import (
    DockingPoint,
    Equipment,
    EquipmentType,
    EquipmentUnits,
    ExpertTime,
    MobileUnit,
    PrivateOffer,
    Sessions,
    SessionStandard,
    SiteLimit,
    Upgrade,
)
from gst_opt.core.errors import DataError
from gst_opt.core.grouping import Grouping
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import Facility, GrowthRate, Level, Opening, Region, Status, Ward, WardBeds
from gst_opt.core.services import DemandRate, Service, ServiceTotal
from gst_opt.core.wards import StayStandard, WardLimit, WardStandard
from tests.core.small import CARE, CENTRE, GROUPING, HOSPITAL, REGION

Found = tuple[str, int, str, str, str]

PLANNED = Facility(
    id="new", name="Nouveau", commune="Ville", province="Nord", level=Level.REGIONAL_HOSPITAL, status=Status.PLANNED
)
SCAN = Service(id="scan", name_fr="Scanner", name_en="Scan")
ROOM = EquipmentType(id="room", name_fr="Salle", name_en="Room", max_use=0.8, min_use=0.8)
CT = EquipmentType(id="ct", name_fr="Scanner", name_en="CT", min_level=Level.PROVINCIAL_HOSPITAL)
UNITS = EquipmentUnits(facility="hp", equipment_type="ct", units=1, installed=2015)
LIMIT = SiteLimit(facility="hp", equipment_type="ct", max_units=3, source="test")
STANDARD = SessionStandard(equipment_type="ct", service="scan", minutes_per_act=20, source="test")
READING = ExpertTime(equipment_type="ct", service="scan", skill="gp", minutes_per_act=10, source="test")
TRUCK = MobileUnit(
    id="truck",
    name_fr="Camion",
    name_en="Truck",
    equipment_type="ct",
    base="hp",
    sessions_per_week=8,
    source="test",
)
DOCK = DockingPoint(mobile_unit="truck", place="bourg", min_sessions=8, source="test")
UPGRADE = Upgrade(equipment_type="ct", becomes="room", price=1_000, source="test")
OFFER = PrivateOffer(facility="hp", service="scan", period="2026-Q1", acts=300, min_acts=300, mad_per_act=900)
BEDS = WardBeds(facility="hp", ward=Ward.SURGERY, beds=25)
WARD = WardStandard(ward=Ward.SURGERY, block=10, min_level=Level.PROVINCIAL_HOSPITAL, source="test")
WARD_LIMIT = WardLimit(facility="hp", ward=Ward.SURGERY, max_beds=40, source="test")
STAY = StayStandard(service="care", ward=Ward.SURGERY, days=4, target_days=4, source="test")
PATHWAY = Pathway(id="knee", name_fr="Genou", name_en="Knee", share=0.6)
STEP = PathwayStep(pathway="knee", step=1, kind=StepKind.CONSULTATION, service="care")
SECOND = PathwayStep(pathway="knee", step=2, kind=StepKind.IMAGING, service="scan", share=0.5, max_transfer=60)
THIRD = PathwayStep(pathway="knee", step=3, kind=StepKind.STAY, service="care", delay=7)
RATE = DemandRate(service="scan", age_group="all", acts_per_1000=25, source="test")

GOOD: dict[str, tuple[object, ...]] = {
    "facilities": (HOSPITAL, CENTRE, PLANNED),
    "services": (CARE, SCAN),
    "equipment_types": (CT, ROOM),
    "equipment_units": (UNITS, UNITS.replace(installed=2020, units=2), UNITS.replace(facility="new")),
    "site_limits": (LIMIT, LIMIT.replace(facility="cs", max_units=0), LIMIT.replace(facility="new", max_units=2)),
    "session_standards": (STANDARD,),
    "expert_times": (READING,),
    "mobile_units": (TRUCK,),
    "docking_points": (DOCK,),
    "upgrades": (UPGRADE,),
    "private_offers": (OFFER,),
    "sessions": (Sessions(facility="hp", equipment_type="ct", period="2026-Q1", half_days=100),),
    "ward_beds": (BEDS,),
    "ward_standards": (WARD,),
    "ward_limits": (WARD_LIMIT,),
    "stay_standards": (STAY,),
    "pathways": (PATHWAY,),
    "pathway_steps": (STEP, SECOND, THIRD),
    "demand_rates": (RATE,),
    "service_totals": (ServiceTotal(service="care", acts=500, source="test"),),
    "growth_rates": (GrowthRate(province="Nord", per_year=0.01, source="test"),),
    "openings": (Opening(facility="new", opens=date(2027, 7, 1), source="test"),),
}

HIP = PATHWAY.replace(id="hip", share=0.5)

CASES: dict[str, tuple[dict[str, tuple[object, ...]], list[Found]]] = {
    "a least use above the largest": (
        {"equipment_types": (CT, ROOM.replace(min_use=0.81))},
        [("equipment_types", 2, "min_use", "0.81", "at_most_column")],
    ),
    "a least occupancy above the largest": (
        {"ward_standards": (WARD.replace(min_occupancy=0.9),)},
        [("ward_standards", 1, "min_occupancy", "0.9", "at_most_column")],
    ),
    "a contract for more acts than are on offer": (
        {"private_offers": (OFFER.replace(min_acts=301),)},
        [("private_offers", 1, "min_acts", "301", "at_most_column")],
    ),
    "more sessions at a dock than the mobile unit runs": (
        {"docking_points": (DOCK.replace(min_sessions=9),)},
        [("docking_points", 1, "min_sessions", "9", "at_most_column")],
    ),
    "a stay aimed at that is longer than today's": (
        {"stay_standards": (STAY.replace(target_days=5),)},
        [("stay_standards", 1, "target_days", "5", "at_most_column")],
    ),
    "three units of two years where two may stand": (
        {"site_limits": (LIMIT.replace(max_units=2),)},
        [("site_limits", 1, "max_units", "2", "at_least_present")],
    ),
    "24 beds where 25 stand": (
        {"ward_limits": (WARD_LIMIT.replace(max_beds=24),)},
        [("ward_limits", 1, "max_beds", "24", "at_least_present")],
    ),
    "room for a scanner in a centre": (
        {"site_limits": (LIMIT.replace(facility="cs", max_units=1), LIMIT)},
        [("site_limits", 1, "max_units", "1", "level_too_low")],
    ),
    "room for surgical beds in a centre": (
        {"ward_limits": (WARD_LIMIT.replace(facility="cs"),)},
        [("ward_limits", 1, "max_beds", "40", "level_too_low")],
    ),
    "a type that becomes itself": (
        {"upgrades": (UPGRADE.replace(becomes="ct"),)},
        [("upgrades", 1, "becomes", "ct", "another_type")],
    ),
    "a mobile unit that makes nothing": (
        {"mobile_units": (TRUCK.replace(equipment_type="room"),)},
        [("mobile_units", 1, "equipment_type", "room", "type_that_makes")],
    ),
    "a reading of what the type does not make": (
        {"expert_times": (READING.replace(service="care"),)},
        [("expert_times", 1, "service", "care", "service_of_type")],
    ),
    "sessions without units": (
        {"sessions": (Sessions(facility="cs", equipment_type="ct", period="2026-Q1", half_days=1),)},
        [("sessions", 1, "facility", "cs", "facility_with_units")],
    ),
    "the opening of a facility that is open": (
        {"openings": (Opening(facility="hp", opens=date(2027, 7, 1), source="test"),)},
        [("openings", 1, "facility", "hp", "planned_facility")],
    ),
    "a pathway without steps": (
        {"pathways": (PATHWAY, HIP.replace(share=0.4))},
        [("pathways", 1, "id", "hip", "pathway_with_steps")],
    ),
    "steps 1, 3 and 4": (
        {"pathway_steps": (STEP, SECOND.replace(step=3), THIRD.replace(step=4))},
        [("pathway_steps", 2, "step", "3", "next_step")],
    ),
    "steps from 2 on": (
        {"pathway_steps": (SECOND, THIRD)},
        [("pathway_steps", 1, "step", "2", "next_step")],
    ),
    "a first step for half the patients, after a delay and a journey": (
        {"pathway_steps": (STEP.replace(share=0.5, delay=3, max_transfer=20),)},
        [
            ("pathway_steps", 1, "delay", "3", "nothing_before"),
            ("pathway_steps", 1, "max_transfer", "20", "nothing_before"),
            ("pathway_steps", 1, "share", "0.5", "share_of_first_step"),
        ],
    ),
    "a journey near home for what is no counter-referral": (
        {"pathway_steps": (STEP, SECOND.replace(near_home=30), THIRD.replace(near_home=30, counter_referral=True))},
        [("pathway_steps", 2, "near_home", "30", "near_home_of_counter_referral")],
    ),
    "a stay without a length": (
        {"pathway_steps": (STEP, THIRD.replace(step=2, service="scan"))},
        [("pathway_steps", 2, "service", "scan", "service_with_stay")],
    ),
    "110 % of the patients of one service": (
        {"pathways": (HIP, PATHWAY), "pathway_steps": (STEP.replace(pathway="hip"), STEP)},
        [("pathways", 2, "share", "0.6", "entries_at_most_1")],
    ),
    "a rate of an age group that nobody is in": (
        {"demand_rates": (RATE, RATE.replace(age_group="60+"))},
        [("demand_rates", 1, "age_group", "60+", "known_age_group")],
    ),
    "growth of a province that nobody lives in": (
        {"growth_rates": (GrowthRate(province="Sud", per_year=0.01, source="test"),)},
        [("growth_rates", 1, "province", "Sud", "known_province")],
    ),
    "an unknown service is unknown, and no more": (
        {"expert_times": (READING.replace(service="mri"),)},
        [("expert_times", 1, "service", "mri", "unknown_reference")],
    ),
}


def grouping(changes: dict[str, tuple[object, ...]]) -> Grouping:
    """Return the small grouping with the good tables, some of them changed."""
    tables = GOOD | changes
    region = {name: rows for name, rows in tables.items() if name in Region.model_fields}
    equipment = {name: rows for name, rows in tables.items() if name in Equipment.model_fields}
    own = {name: rows for name, rows in tables.items() if name not in region | equipment}
    return GROUPING.replace(**own, region=REGION.replace(**region), equipment=Equipment().replace(**equipment))


def found(changes: dict[str, tuple[object, ...]]) -> list[Found]:
    """Return the problems of a spoilt grouping, as (table, row, column, value, kind)."""
    with pytest.raises(DataError) as caught:
        grouping(changes)
    return sorted(
        (problem.table, problem.row, problem.column, problem.value, problem.expected.key.removeprefix("core."))
        for problem in caught.value.problems
    )


def test_good_tables_are_good() -> None:
    """A least equal to the largest, beds that are no whole blocks, a total without a rate: all allowed."""
    assert grouping({}).equipment.site_limits[0].facility == "cs"


def test_what_stands_at_too_low_a_level_may_stay() -> None:
    """A scanner of a centre is a fact, not an error of the table; room for a second one is."""
    units = (*GOOD["equipment_units"], UNITS.replace(facility="cs"))
    stays = {"equipment_units": units, "site_limits": (LIMIT.replace(facility="cs", max_units=1),)}
    assert grouping(stays).equipment.site_limits[0].max_units == 1
    more = stays | {"site_limits": (LIMIT.replace(facility="cs", max_units=2),)}
    assert found(more) == [("site_limits", 1, "max_units", "2", "level_too_low")]


@pytest.mark.parametrize("case", CASES)
def test_problem_alone(case: str) -> None:
    changes, expected = CASES[case]
    assert found(changes) == expected


def test_every_kind_of_problem_has_a_case() -> None:
    tree = ast.parse(inspect.getsource(crosscheck_platforms))
    kinds = {
        node.value.removeprefix("core.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("core.")
    }
    assert {place[4] for _, expected in CASES.values() for place in expected} - {"unknown_reference"} == kinds


def test_all_problems_come_at_once() -> None:
    names = ("24 beds where 25 stand", "sessions without units", "steps 1, 3 and 4", "a mobile unit that makes nothing")
    changes = {table: rows for name in names for table, rows in CASES[name][0].items()}
    assert found(changes) == sorted(place for name in names for place in CASES[name][1])


def test_a_table_that_is_not_whole_misses_nothing() -> None:
    """Rows refused elsewhere may be the ones that others need."""
    whole = grouping({}).tables()
    incomplete = (
        "equipment_units",
        "ward_beds",
        "session_standards",
        "pathway_steps",
        "stay_standards",
        "populations",
        "facilities",
        "services",
        "equipment_types",
    )
    for empty in incomplete:
        assert crosscheck_platforms.platform_problems(whole | {empty: ()}, (empty,)) == []
