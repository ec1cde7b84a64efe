"""The diagnosis: `two_towns` by hand, then one rule at a time on a toy, then properties."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gst_opt as gst
from gst_opt.core.equipment import (
    CoverStandard,
    Equipment,
    EquipmentType,
    EquipmentUnits,
    Sessions,
    SessionStandard,
)
from gst_opt.core.grouping import Grouping
from gst_opt.core.pathways import Pathway, PathwayStep, StepKind
from gst_opt.core.region import Facility, Level, Population, Region, Status, TravelTime, Ward, WardBeds, Zone
from gst_opt.core.services import Activity, DemandRate, Service
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import StayStandard
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.pillars.platforms.diagnosis import Diagnosis, DiagnosisPolicy, diagnose
from gst_opt.pillars.platforms.today.origins import Figure

TOWN = Zone(id="town", name="Town", commune="Town", province="North", urban=True)
VILLAGE = Zone(id="village", name="Village", commune="Village", province="South", urban=False)
BIG = Facility(id="big", name="Big", commune="Town", province="North", level=Level.REGIONAL_HOSPITAL)
SMALL = Facility(id="small", name="Small", commune="Village", province="South", level=Level.LOCAL_HOSPITAL)
CENTRE = Facility(id="centre", name="Centre", commune="Village", province="South", level=Level.RURAL_CENTRE_1)
MINUTES = {
    ("big", "small"): 20.0,
    ("big", "centre"): 25.0,
    ("small", "centre"): 5.0,
    ("town", "big"): 5.0,
    ("town", "small"): 22.0,
    ("town", "centre"): 27.0,
    ("village", "big"): 24.0,
    ("village", "small"): 4.0,
    ("village", "centre"): 1.0,
}
REGION = Region(
    facilities=(BIG, SMALL, CENTRE),
    zones=(TOWN, VILLAGE),
    populations=(
        Population(zone="town", age_group="all", inhabitants=9_000),
        Population(zone="village", age_group="all", inhabitants=1_000),
    ),
    travel_times=tuple(
        TravelTime(origin=a, destination=b, minutes=minutes)
        for (one, other), minutes in MINUTES.items()
        for a, b in ((one, other), (other, one))
    ),
)


def near(value: Any) -> Any:
    """Compare figures but for rounding."""
    return pytest.approx(value)


def kind(name: str, minutes_per_session: float = 240, min_level: Level | None = None) -> EquipmentType:
    """Make a type that is open 50 weeks x 10 sessions, half of which may be used."""
    return EquipmentType(
        id=name, name_fr=name, name_en=name, minutes_per_session=minutes_per_session, max_use=0.5, min_level=min_level
    )


def units(facility: str, count: int = 1, name: str = "ct", installed: int | None = None) -> EquipmentUnits:
    return EquipmentUnits(facility=facility, equipment_type=name, units=count, installed=installed)


def standard(service: str = "scan", name: str = "ct", minutes: float = 20) -> SessionStandard:
    return SessionStandard(equipment_type=name, service=service, minutes_per_act=minutes, source="toy")


def acts(facility: str, count: float, service: str = "scan", period: str = "2026") -> Activity:
    return Activity(facility=facility, service=service, period=period, acts=count)


def service(max_travel: float | None = None, min_level: Level | None = None, name: str = "scan") -> Service:
    return Service(id=name, name_fr=name, name_en=name, max_travel=max_travel, min_level=min_level)


CT = Equipment(
    equipment_types=(kind("ct"),), equipment_units=(units("big"), units("small")), session_standards=(standard(),)
)


def toy(**changes: object) -> Grouping:
    """Make two hospitals with a scanner each, 20 minutes apart; 2,000 scans of 20 minutes in all."""
    fields: dict[str, object] = {
        "id": "toy",
        "name": "Toy",
        "horizon": Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
        "region": REGION,
        "services": (service(),),
        "activity": (acts("big", 1_500), acts("small", 500)),
        "equipment": CT,
    }
    return Grouping.model_validate(fields | changes)


def test_two_towns_by_hand() -> None:
    """As counted in the docstrings of the sample: one duplicate scanner, 3,000 people beyond 45 minutes."""
    found = gst.diagnose(gst.load_sample("two_towns"))
    assert [(row.province, row.inhabitants, row.heads, row.beds) for row in found.provinces] == [
        ("North", 40_000, 33, 50),
        ("South", 20_000, 13, 20),
        ("*", 60_000, 46, 70),
    ]
    assert [row.heads_per_1000 for row in found.provinces] == near([0.825, 0.65, 46 / 60])
    assert [row.heads_missing for row in found.provinces] == near([178 - 33, 89 - 13, 267 - 46])
    assert [row.beds_per_1000 for row in found.provinces] == near([1.25, 1.0, 70 / 60])
    assert [
        (row.equipment_type, row.units, row.hours_open, row.hours_used, row.share_known) for row in found.types
    ] == [
        ("consulting_room", 2, 4_000.0, near(6_750 / 3), 1.0),
        ("ct", 2, 4_000.0, near(2_850 / 3), 1.0),
    ]
    assert [row.share_used for row in found.units] == near([0.75, 1 / 3, 0.375, 17 / 120])
    assert [(row.bed_days, row.share_occupied) for row in found.beds] == [
        (12_000.0, near(12_000 / 18_250)),
        (6_000.0, near(6_000 / 7_300)),
    ]
    (ward,) = found.wards
    assert (ward.beds, ward.bed_days, ward.share_occupied) == (70, 18_000.0, near(18_000 / 25_550))
    (double,) = found.duplicates
    assert (double.equipment_type, double.facility, double.neighbour) == ("ct", "hp-north", "hpr-south")
    assert (double.minutes, double.units, double.share_of_one) == (30.0, 2, near(57_000 / 96_000))
    assert [(row.service, row.acts_needed, row.acts_done, row.people_beyond) for row in found.services] == [
        ("admission", near(3_600), 3_600.0, 0),
        ("consultation", near(6_750), 6_750.0, 0),
        ("ct", near(3_000), 2_850.0, 3_000),
    ]
    beyond = [
        (row.service, row.province, row.people_beyond, row.share_beyond) for row in found.reach if row.people_beyond
    ]
    assert beyond == [("ct", "South", 3_000, 0.15)]
    (zone,) = found.zones_beyond
    assert (zone.zone, zone.facility, zone.minutes, zone.limit) == ("zone-far", "hpr-south", 52.0, 45.0)
    assert zone.acts_beyond == near(150)
    assert all(row.share_estimate == 1 and row.share_unlabelled == 0 for row in found.estimates)


def test_two_sites_with_too_little_work_for_one_unit_are_a_duplicate() -> None:
    """40,000 minutes are used; one unit may be used for 60,000 of its 120,000."""
    (found,) = diagnose(toy()).duplicates
    assert (found.hours_used, found.hours_of_one) == (near(40_000 / 60), near(1_000))
    assert diagnose(toy(), DiagnosisPolicy(neighbour=19.9)).duplicates == ()
    assert diagnose(toy(), DiagnosisPolicy(neighbour=20)).duplicates == (found,)


@pytest.mark.parametrize(("at_small", "double"), [(1_499, True), (1_500, False)])
def test_a_full_unit_is_no_duplicate(at_small: float, double: bool) -> None:
    found = diagnose(toy(activity=(acts("big", 1_500), acts("small", at_small)))).duplicates
    assert bool(found) is double


def test_a_journey_is_as_long_as_its_longer_way() -> None:
    times = tuple(
        row.replace(minutes=31) if (row.origin, row.destination) == ("small", "big") else row
        for row in REGION.travel_times
    )
    assert diagnose(toy(region=REGION.replace(travel_times=times))).duplicates == ()


def test_use_that_nothing_says_stays_empty_and_accuses_nobody() -> None:
    """No act of `small` is recorded: whether its scanner works is not known."""
    found = diagnose(toy(activity=(acts("big", 1_500),)))
    assert [(row.hours_used, row.use_from) for row in found.units] == [(near(500), "acts"), (None, None)]
    (total,) = found.types
    assert (total.hours_used, total.share_used, total.share_known) == (near(500), 0.25, 0.5)
    assert found.duplicates == ()


def test_recorded_sessions_come_before_acts() -> None:
    """250 sessions of 4 hours in half a year are 2,000 hours a year, whatever the acts."""
    halves = Horizon.of(Grain.QUARTER, date(2026, 1, 1), 4)
    sessions = tuple(
        Sessions(facility="big", equipment_type="ct", period=f"2026-Q{quarter}", half_days=125) for quarter in (1, 2)
    )
    quarters = tuple(acts("small", 125, period=f"2026-Q{quarter}") for quarter in (1, 2, 3, 4))
    found = diagnose(toy(horizon=halves, activity=quarters, equipment=CT.replace(sessions=sessions))).units
    assert [(row.hours_used, row.share_used, row.acts, row.use_from) for row in found] == [
        (2_000.0, 1.0, None, "sessions"),
        (near(500 / 3), near(1 / 12), 500.0, "acts"),
    ]


def test_acts_that_two_types_make_are_shared_by_the_time_that_they_are_open() -> None:
    """Two scanners of 240 minutes a session and one machine of 120: four acts in five are the scanners'."""
    equipment = Equipment(
        equipment_types=(kind("ct"), kind("old", minutes_per_session=120)),
        equipment_units=(units("big", 2), units("big", name="old")),
        session_standards=(standard(), standard(name="old", minutes=30)),
    )
    new, old = diagnose(toy(activity=(acts("big", 1_000),), equipment=equipment)).units
    assert (new.acts, new.hours_used) == (near(800), near(800 * 20 / 60))
    assert (old.acts, old.hours_used) == (near(200), near(200 * 30 / 60))


def test_units_that_never_open_are_not_used() -> None:
    """Their acts are made elsewhere, or not counted."""
    equipment = CT.replace(equipment_types=(kind("ct").replace(sessions_per_week=0),))
    found = diagnose(toy(equipment=equipment))
    assert [(row.hours_open, row.hours_used, row.share_used) for row in found.units] == [(0.0, None, None)] * 2
    assert found.duplicates == ()


def test_units_are_past_their_life_when_they_are_as_old_as_it() -> None:
    """Ten years: those of 2016 are, those of 2017 or of an unknown year are not."""
    equipment = CT.replace(
        equipment_units=(units("big", 2, installed=2016), units("big", installed=2017), units("small"))
    )
    found = diagnose(toy(equipment=equipment))
    assert [(row.facility, row.units, row.past_life) for row in found.units] == [("big", 3, 2), ("small", 1, 0)]
    assert found.types[0].past_life == 2


def test_a_facility_that_is_not_open_counts_for_nothing() -> None:
    """Its scanner, beds, staff and acts are left out, and the village is too far."""
    region = REGION.replace(
        facilities=(BIG, SMALL.replace(status=Status.EXCLUDED), CENTRE),
        ward_beds=(
            WardBeds(facility="big", ward=Ward.SURGERY, beds=30),
            WardBeds(facility="small", ward=Ward.SURGERY, beds=10),
            WardBeds(facility="centre", ward=Ward.SURGERY, beds=0),
        ),
    )
    workforce = Workforce(
        skills=(
            Skill(id="nurse", name_fr="n", name_en="n", profession="nurse"),
            Skill(id="clerk", name_fr="c", name_en="c", profession="administrative", health_professional=False),
        ),
        staff=(
            Staff(facility="big", skill="nurse", heads=27),
            Staff(facility="big", skill="clerk", heads=5),
            Staff(facility="small", skill="nurse", heads=4),
        ),
    )
    found = diagnose(toy(region=region, workforce=workforce, services=(service(20),)))
    assert [row.facility for row in found.units] == ["big"]
    assert [row.facility for row in found.beds] == ["big"]
    assert found.duplicates == ()
    assert [(row.heads, row.beds) for row in found.provinces] == [(27, 30), (0, 0), (27, 30)]
    assert found.provinces[0].heads_missing == near(4.45 * 9 - 27)
    assert [(row.acts_done, row.sites, row.people_beyond) for row in found.services] == [(1_500.0, 1, 1_000)]


def test_units_missing_to_the_mean_of_the_region() -> None:
    """Two units for 10,000 people are 1.8 for the town's 9,000."""
    found = diagnose(toy()).province_units
    assert [(row.province, row.units_per_million, row.region_per_million) for row in found] == [
        ("North", near(1e6 / 9_000), 200.0),
        ("South", 1_000.0, 200.0),
    ]
    assert [row.units_missing for row in found] == near([0.8, 0.0])


@pytest.mark.parametrize(
    ("asked", "sites", "beyond"),
    [
        pytest.param(service(22), 2, 0, id="both sites are within the time"),
        pytest.param(service(22, Level.REGIONAL_HOSPITAL), 1, 1_000, id="only the regional hospital may give it"),
        pytest.param(service(4, Level.REGIONAL_HOSPITAL), 1, 10_000, id="nobody is near"),
        pytest.param(service(22, Level.UNIVERSITY_HOSPITAL), 0, 10_000, id="no site may give it"),
        pytest.param(service(), 2, None, id="no limit"),
    ],
)
def test_people_beyond_a_service(asked: Service, sites: int, beyond: int | None) -> None:
    (found,) = diagnose(toy(services=(asked,))).services
    assert (found.sites, found.people_beyond) == (sites, beyond)


def test_a_type_has_a_lowest_level_too() -> None:
    types = (kind("ct", min_level=Level.REGIONAL_HOSPITAL),)
    (found,) = diagnose(toy(services=(service(22),), equipment=CT.replace(equipment_types=types))).services
    assert (found.sites, found.people_beyond) == (1, 1_000)


def test_a_service_that_keeps_a_bed_needs_one_where_it_is_given() -> None:
    """A scanner stands in both, beds in `big` only; the stays of `small` are shown without a bed."""
    equipment = CT.replace(stay_standards=(StayStandard(service="scan", ward=Ward.SURGERY, days=2, source="toy"),))
    region = REGION.replace(ward_beds=(WardBeds(facility="big", ward=Ward.SURGERY, beds=10),))
    found = diagnose(toy(services=(service(22),), region=region, equipment=equipment))
    assert (found.services[0].sites, found.services[0].people_beyond) == (1, 1_000)
    assert [(row.facility, row.beds, row.bed_days, row.share_occupied) for row in found.beds] == [
        ("big", 10, 3_000.0, near(3_000 / 3_650)),
        ("small", 0, 1_000.0, None),
    ]


def test_a_service_that_no_type_makes_is_given_where_it_is_recorded() -> None:
    """Nobody can say where an advice is given, that no table but its own names."""
    services = (service(3, name="advice"), service(3, name="visit"))
    visits = (acts("centre", 9, "visit"), acts("small", 0, "visit"))
    found = diagnose(toy(services=services, activity=visits, equipment=Equipment()))
    assert [(row.service, row.sites, row.people_beyond) for row in found.services] == [
        ("advice", None, None),
        ("visit", 1, 9_000),
    ]
    assert [row.zone for row in found.zones_beyond] == ["town"]


def test_acts_needed_count_the_steps_of_pathways() -> None:
    """2,000 visits are needed; the quarter on the pathway, 500, leads to 250 scans, half of which bring another one."""
    found = diagnose(
        toy(
            services=(service(), service(name="visit")),
            demand_rates=(DemandRate(service="visit", age_group="all", acts_per_1000=200, source="toy"),),
            pathways=(Pathway(id="path", name_fr="p", name_en="p", share=0.25),),
            pathway_steps=(
                PathwayStep(pathway="path", step=1, kind=StepKind.FIRST_CONTACT, service="visit"),
                PathwayStep(pathway="path", step=2, kind=StepKind.IMAGING, service="scan", share=0.5, returning=0.5),
            ),
        )
    )
    assert {row.service: row.acts_needed for row in found.services} == near({"scan": 500, "visit": 2_000})
    assert [row.acts_done for row in found.services] == [2_000.0, None]
    assert Figure.DEMAND in {row.figure for row in found.estimates}


def cover(minutes: float, sites: int = 1, min_level: Level | None = None) -> Equipment:
    rule = CoverStandard(equipment_type="ct", min_level=min_level, sites=sites, minutes=minutes, source="toy")
    return CT.replace(cover_standards=(rule,))


@pytest.mark.parametrize(
    ("equipment", "left"),
    [
        pytest.param(cover(5), {"North": 0, "South": 0, "*": 0}, id="a scanner near everybody"),
        pytest.param(cover(4), {"North": 9_000, "South": 0, "*": 9_000}, id="a minute less"),
        pytest.param(cover(23, sites=2), {"North": 0, "South": 1_000, "*": 1_000}, id="second cover"),
        pytest.param(
            cover(23, min_level=Level.REGIONAL_HOSPITAL), {"North": 0, "South": 1_000, "*": 1_000}, id="of a level"
        ),
        pytest.param(
            cover(99, sites=2, min_level=Level.REGIONAL_HOSPITAL),
            {"North": 9_000, "South": 1_000, "*": 10_000},
            id="no second site of the level",
        ),
    ],
)
def test_people_beyond_a_cover_standard(equipment: Equipment, left: dict[str, int]) -> None:
    found = diagnose(toy(equipment=equipment))
    assert {row.province: row.people_beyond for row in found.cover} == left
    assert sum(row.inhabitants for row in found.zones_uncovered) == left["*"]


def test_the_site_that_would_complete_a_cover_is_named() -> None:
    (second,) = diagnose(toy(equipment=cover(23, sites=2))).zones_uncovered
    assert (second.zone, second.facility, second.minutes) == ("village", "big", 24.0)
    nowhere = diagnose(toy(region=REGION.replace(travel_times=()), equipment=cover(23))).zones_uncovered
    assert [(row.facility, row.minutes) for row in nowhere] == [(None, None), (None, None)]


def test_share_of_estimates_by_column() -> None:
    """Staff: half of the sources of `heads` and no source of `inhabitants`; beds: official by the whole table."""
    labels = [
        ("staff", "heads", "total", SourceLabel.PRESS),
        ("staff", "heads", "by facility", SourceLabel.SYNTHETIC),
        ("staff", "*", "*", SourceLabel.OFFICIAL),
        ("ward_beds", "*", "*", SourceLabel.OFFICIAL),
    ]
    found = diagnose(
        toy(
            region=REGION.replace(ward_beds=(WardBeds(facility="big", ward=Ward.SURGERY, beds=30),)),
            workforce=Workforce(
                skills=(Skill(id="nurse", name_fr="n", name_en="n", profession="nurse"),),
                staff=(Staff(facility="big", skill="nurse", heads=27),),
            ),
            sources=tuple(Source(table=a, column=b, rows=c, label=d, source="toy") for a, b, c, d in labels),
        )
    )
    shares = {row.figure: (row.columns, row.share_estimate, row.share_unlabelled) for row in found.estimates}
    assert shares[Figure.STAFF_PER_1000] == (2, 0.25, 0.5)
    assert shares[Figure.BEDS] == (1, 0.0, 0.0)
    assert shares[Figure.UNITS] == (1, 0.0, 1.0)
    assert Figure.COVER not in shares
    assert Figure.DEMAND not in shares


def test_a_diagnosis_prints_its_tables() -> None:
    found = diagnose(toy())
    assert isinstance(found, Diagnosis)
    assert "site_units 2, site_beds 0, province_units 2, duplicates 1" in repr(found)
    assert "<h4>duplicates</h4>" in found._repr_html_()
    assert len({table.name for table in found.tables()}) == 13


def test_an_empty_grouping_has_an_empty_diagnosis() -> None:
    found = diagnose(Grouping(id="empty", name="Empty"))
    assert [row.province for row in found.provinces] == ["*"]
    assert found.provinces[0].heads_per_1000 is None
    assert sum(len(table.rows) for table in found.tables()) == 1


def test_what_is_not_a_grouping_is_refused() -> None:
    with pytest.raises(gst.GstOptError, match="Grouping"):
        diagnose("tanger")  # type: ignore[arg-type]


def test_tanger_in_less_than_five_seconds() -> None:
    grouping = gst.load_sample("tanger")
    started = time.process_time()
    found = diagnose(grouping)
    assert time.process_time() - started < 5
    *own, region = found.provinces
    assert region.inhabitants == sum(grouping.region.inhabitants().values())
    assert 0.5 < (region.heads_per_1000 or 0) < 4.45
    assert region.beds == sum(row.beds for row in own) == sum(row.beds for row in found.beds)


amounts = st.floats(0, 3_000)


@given(amounts, amounts, st.floats(0, 60), st.floats(0, 60))
def test_more_minutes_find_more_duplicates_and_fewer_gaps(
    at_big: float, at_small: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    grouping = toy(activity=(acts("big", at_big), acts("small", at_small)))
    pairs = [diagnose(grouping, DiagnosisPolicy(neighbour=minutes)).duplicates for minutes in (less, more)]
    assert set(pairs[0]) <= set(pairs[1])
    far = [diagnose(toy(services=(service(minutes),))).services[0].people_beyond or 0 for minutes in (less, more)]
    assert far[0] >= far[1]


@given(st.lists(amounts, min_size=2, max_size=2), st.integers(1, 5), st.integers(1, 5))
def test_time_used_is_that_of_the_acts_recorded(done: list[float], at_big: int, at_small: int) -> None:
    """However many units share the work."""
    equipment = CT.replace(equipment_units=(units("big", at_big), units("small", at_small)))
    (found,) = diagnose(toy(activity=(acts("big", done[0]), acts("small", done[1])), equipment=equipment)).types
    assert found.hours_used == near(sum(done) / 3)
    assert found.share_known == 1
