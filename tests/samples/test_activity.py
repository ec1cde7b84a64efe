"""What the facilities of the Tanger sample do, and whether the need that it makes is plausible."""

from collections import Counter, defaultdict

import pytest

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Level, Status
from gst_opt.network import Travel
from gst_opt.pillars.staff.need import Basis, Need, needs
from gst_opt.samples import load_sample

PEOPLE = 4_030_222
WARD_DAYS = {
    "medical_day": ("medicine", "oncology"),
    "surgical_day": ("surgery",),
    "mother_child_day": ("mother_and_child",),
    "intensive_care_day": ("intensive_care",),
    "psychiatric_day": ("psychiatry",),
}


@pytest.fixture(scope="module")
def acts(tanger: Grouping) -> Counter[str]:
    totals: Counter[str] = Counter()
    for row in tanger.activity:
        totals[row.service] += round(row.acts)
    return totals


@pytest.fixture(scope="module")
def need(tanger: Grouping, journeys: Travel) -> dict[tuple[str, str], Need]:
    return needs(tanger.region, tanger.workforce, tanger.activity, tanger.horizon, journeys)


def test_regional_totals_are_those_of_the_notes(acts: Counter[str]) -> None:
    """Volumes for each inhabitant: 0.55 consultations, 0.17 emergency visits, ...; 75 % of 80,800 births."""
    assert acts["primary_consultation"] == 2_200_000
    consultations = ("specialist", "gynaecology", "paediatric", "mental_health")
    assert sum(acts[f"{kind}_consultation"] for kind in consultations) == 480_000
    assert acts["emergency_visit"] == 690_000
    assert acts["admission"] == 180_000
    assert acts["major_operation"] + acts["caesarean"] == 32_000
    assert (acts["ct"], acts["mri"]) == (100_000, 16_000)
    assert acts["birth"] == 0.75 * 80_800
    assert acts["caesarean"] / acts["birth"] == pytest.approx(0.21, abs=0.001)
    contacts = ("nursing_care", "vaccination", "antenatal_visit", "family_planning")
    assert sum(acts[service] for service in contacts) == pytest.approx(0.9 * PEOPLE, rel=1e-3)
    assert acts["dialysis"] == 130 * 2 * 312


def test_only_open_sites_work_in_whole_acts(tanger: Grouping) -> None:
    is_open = {site.id for site in tanger.region.open_facilities()}
    assert {row.facility for row in tanger.activity} == is_open
    assert all(row.acts == int(row.acts) > 0 for row in tanger.activity)
    assert {row.period for row in tanger.activity} == {"2026"}


def test_beds_are_neither_empty_nor_beyond_full(tanger: Grouping, acts: Counter[str]) -> None:
    done = {(row.facility, row.service): row.acts for row in tanger.activity}
    beds: Counter[tuple[str, str]] = Counter()
    is_open = {site.id for site in tanger.region.open_facilities()}
    for row in tanger.region.ward_beds:
        for service, wards in WARD_DAYS.items():
            if row.ward in wards and row.facility in is_open:
                beds[row.facility, service] += row.beds
    for key, count in beds.items():
        assert 0.4 <= done[key] / (365 * count) <= 0.95, key
    stay = sum(acts[service] for service in WARD_DAYS) / acts["admission"]
    assert 3.5 <= stay <= 5


def test_what_needs_equipment_is_done_where_it_stands(tanger: Grouping) -> None:
    units = {(row.equipment_type, row.facility) for row in tanger.equipment.equipment_units}
    for row in tanger.activity:
        tool = "operating_room" if row.service == "major_operation" else row.service
        if tool in ("operating_room", "ct", "mri", "dialysis"):
            assert (tool, row.facility) in units, row


def test_births_follow_the_people_of_a_province(tanger: Grouping) -> None:
    """Tanger-Assilah has the university hospital; nowhere do births pass 1.6 times the province's part of them."""
    province = {site.id: site.province for site in tanger.region.facilities}
    people: Counter[str] = Counter()
    zones = {zone.id: zone.province for zone in tanger.region.zones}
    for zone, count in tanger.region.inhabitants().items():
        people[zones[zone]] += count
    births: Counter[str] = Counter()
    for row in tanger.activity:
        births[province[row.facility]] += round(row.acts) if row.service == "birth" else 0
    ratio = {name: births[name] / 60_600 / (count / PEOPLE) for name, count in people.items()}
    assert max(ratio.values()) < 1.6
    assert min(ratio[name] for name in ratio if name != "Fahs-Anjra") > 0.6


def test_a_standard_is_for_a_service_and_a_skill_that_work_together(tanger: Grouping, journeys: Travel) -> None:
    """No act asks for a skill that the norm of its site does not have."""
    by_norm = needs(tanger.region, tanger.workforce, journeys=journeys)
    strangers = needs(tanger.region, tanger.workforce, tanger.activity, tanger.horizon, journeys).keys() - by_norm
    assert strangers == set()


def test_a_year_of_work_is_217_days_of_seven_hours_and_a_half(tanger: Grouping) -> None:
    assert {row.available_hours for row in tanger.workforce.working_times} == {1_627.5}
    assert len(tanger.workforce.working_times) == 54


def test_need_by_workload_is_plausible(tanger: Grouping, journeys: Travel, need: dict[tuple[str, str], Need]) -> None:
    """The region has 60 to 80 % of what it needs; each skill 60 to 130 % of its norm; some skills have too many."""
    by_norm = needs(tanger.region, tanger.workforce, journeys=journeys)
    heads = {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}
    asked, norm, present = (defaultdict[str, float](float) for _ in range(3))
    for (_, skill), one in need.items():
        asked[skill] += one.fte
    for (_, skill), one in by_norm.items():
        norm[skill] += one.fte
    for (_, skill), count in heads.items():
        present[skill] += count
    total = sum(asked.values())
    covered = sum(min(one.fte, heads.get(team, 0)) for team, one in need.items())
    assert 8_000 <= total <= 11_000
    assert 0.6 <= covered / total <= 0.8
    assert all(0.6 <= asked[skill] / norm[skill] <= 1.3 for skill in norm)
    assert {skill for skill in asked if present[skill] > asked[skill]} == {
        "nurse_anaesthetist",
        "radiology_technician",
        "emergency_nurse",
    }
    surplus = {team for team, one in need.items() if heads.get(team, 0) >= one.fte + 1}
    assert len(surplus) >= 100
    assert Counter(one.basis for one in need.values())[Basis.WORKLOAD] >= 800


def test_the_east_and_the_mountain_are_still_the_shortest(tanger: Grouping, need: dict[tuple[str, str], Need]) -> None:
    heads = {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}
    province = {site.id: site.province for site in tanger.region.facilities}
    asked, covered = defaultdict[str, float](float), defaultdict[str, float](float)
    for (site, skill), one in need.items():
        asked[province[site]] += one.fte
        covered[province[site]] += min(one.fte, heads.get((site, skill), 0))
    order = sorted(asked, key=lambda name: covered[name] / asked[name])
    assert set(order[:2]) == {"Chefchaouen", "Ouezzane"}
    assert set(order[-2:]) == {"Tétouan", "Al Hoceima"}


def test_university_and_planned_sites_are_as_today(tanger: Grouping) -> None:
    planned = {site.id for site in tanger.region.facilities if site.status is not Status.OPEN}
    assert not planned & {row.facility for row in tanger.activity}
    university = {site.id for site in tanger.region.open_facilities() if site.level is Level.UNIVERSITY_HOSPITAL}
    primary = {row.facility for row in tanger.activity if row.service == "primary_consultation"}
    assert not university & primary


def test_the_province_keeps_its_part_of_the_activity(tanger: Grouping) -> None:
    province = load_sample("province")
    kept = {site.id for site in province.region.facilities}
    assert province.activity == tuple(row for row in tanger.activity if row.facility in kept)
    assert province.services == tanger.services


def test_the_activity_of_two_towns_asks_for_no_staff() -> None:
    """No act has a standard: their need is that of the norms, so that it can be found by hand."""
    assert not load_sample("two_towns").workforce.activity_standards
