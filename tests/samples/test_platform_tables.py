"""Platforms, beds, needs and pathways of the Tanger sample: totals, anchors, and rules that hold row by row."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Level
from gst_opt.network import Travel
from gst_opt.samples import load_sample
from gst_opt.samples.facts import facts

PLANNED = "hr-specialities-tetouan"


@pytest.fixture(scope="module")
def types(tanger: Grouping) -> dict[str, EquipmentType]:
    return {row.id: row for row in tanger.equipment.equipment_types}


@pytest.fixture(scope="module")
def units(tanger: Grouping) -> Counter[str]:
    """Units at open facilities, by type."""
    is_open = {site.id for site in tanger.region.open_facilities()}
    found: Counter[str] = Counter()
    for row in tanger.equipment.equipment_units:
        found[row.equipment_type] += row.units if row.facility in is_open else 0
    return found


@pytest.fixture(scope="module")
def recorded(tanger: Grouping) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in tanger.activity:
        found[row.service] += round(row.acts)
    return found


def test_the_whole_question_has_a_few_hundred_sites_and_types(tanger: Grouping) -> None:
    """All 25 hospitals but none of the dispensaries; 32 centres, among them all CSU-2, for light types."""
    level = {site.id: site.level for site in tanger.region.facilities}
    sites = {row.facility for row in tanger.equipment.site_limits}
    assert 250 <= len(tanger.equipment.site_limits) <= 350
    assert Counter(level[site].is_hospital for site in sites) == {True: 25, False: 32}
    assert sum(level[site] is Level.URBAN_CENTRE_2 for site in sites) == 13
    light = {row.equipment_type for row in tanger.equipment.site_limits if not level[row.facility].is_hospital}
    assert light == {"ultrasound", "x_ray", "delivery_room", "teleconsultation_room", "ambulance_base"}


def test_scanners_and_mri_stand_where_press_and_audits_say(tanger: Grouping) -> None:
    heavy = {
        (row.facility, row.equipment_type): row.units
        for row in tanger.equipment.equipment_units
        if row.equipment_type in ("ct", "mri")
    }
    assert heavy["chu-tanger-specialities", "ct"] == heavy["chu-tanger-specialities", "mri"] == 2
    for site in ("hr-mohammed-v-tanger", "hp-saniat-rmel", "hp-mohammed-vi-al-hoceima", PLANNED):
        assert heavy[site, "ct"] == heavy[site, "mri"] == 1
    assert Counter(kind for _, kind in heavy) == {"ct": 10, "mri": 5}


def test_units_have_an_age_within_the_life_of_their_type(tanger: Grouping, types: dict[str, EquipmentType]) -> None:
    known = {"chu-tanger-specialities": 2023, "chu-tanger-mother-child": 2023, "hp-mohammed-vi-al-hoceima": 2024}
    for row in tanger.equipment.equipment_units:
        life = types[row.equipment_type].life
        if row.facility in known:
            assert row.installed == known[row.facility]
        elif row.facility == PLANNED:
            assert row.installed == 2027
        elif life >= 20:
            assert row.installed is None
        else:
            assert row.installed is not None
            assert row.installed <= 2025
            assert row.installed + life > 2026
    ends = Counter(
        row.installed + types["ct"].life
        for row in tanger.equipment.equipment_units
        if row.equipment_type == "ct" and row.installed
    )
    assert any(2027 <= year <= 2030 for year in ends)


def test_no_unit_stands_below_the_level_of_its_type(tanger: Grouping, types: dict[str, EquipmentType]) -> None:
    level = {site.id: site.level for site in tanger.region.facilities}
    for row in tanger.equipment.equipment_units:
        least = types[row.equipment_type].min_level
        assert least is None or level[row.facility].rank >= least.rank, row


def test_prices_are_those_of_the_press(types: dict[str, EquipmentType]) -> None:
    assert types["mri"].purchase == 13_200_000
    assert types["ct"].purchase == 6_000_000
    assert 6e6 <= types["operating_room"].purchase <= 9e6
    for kind in ("ct", "mri"):
        assert 0.08 <= types[kind].upkeep / types[kind].purchase <= 0.10


def test_what_is_recorded_fits_into_the_units_of_today(
    tanger: Grouping, types: dict[str, EquipmentType], units: Counter[str], recorded: Counter[str]
) -> None:
    """Dialysis machines are all full, scanners beyond four fifths; nothing is beyond its opening hours."""
    used = defaultdict[str, float](float)
    for row in tanger.equipment.session_standards:
        if units[row.equipment_type]:
            used[row.equipment_type] += recorded[row.service] * row.minutes_per_act
    share = {kind: used[kind] / (units[kind] * types[kind].minutes_per_year) for kind in used}
    assert all(0.3 <= value <= 1 for value in share.values()), share
    assert share["dialysis"] == pytest.approx(1)
    assert 0.8 <= share["ct"] <= 0.85


def needed(tanger: Grouping) -> dict[str, float]:
    """Return acts of the region: totals, and later steps of the pathways that begin with another service."""
    totals = {row.service: row.acts for row in tanger.service_totals}
    entry = {step.pathway: step.service for step in tanger.pathway_steps if step.step == 1}
    share = {pathway.id: pathway.share for pathway in tanger.pathways}
    acts = defaultdict[str, float](float, totals)
    for step in tanger.pathway_steps:
        if step.step > 1:
            patients = totals[entry[step.pathway]] * share[step.pathway]
            acts[step.service] += patients * step.share / (1 - step.returning)
    return acts


def test_totals_and_steps_of_pathways_make_the_needs_of_the_facts(tanger: Grouping) -> None:
    asked = {row["service"]: float(row["acts"]) for row in facts("service_needs")}
    assert needed(tanger) == pytest.approx(asked, abs=2)
    assert all(row.acts > 0 for row in tanger.service_totals)


def test_need_is_beyond_what_is_recorded_and_for_some_beyond_all_units(
    tanger: Grouping, types: dict[str, EquipmentType], units: Counter[str], recorded: Counter[str]
) -> None:
    acts = needed(tanger)
    assert all(1 <= acts[service] / recorded[service] <= 1.7 for service in acts)
    usable = {kind: count * types[kind].minutes_per_year * types[kind].max_use for kind, count in units.items()}
    asked = defaultdict[str, float](float)
    for row in tanger.equipment.session_standards:
        if units[row.equipment_type]:
            asked[row.equipment_type] += acts[row.service] * row.minutes_per_act
    assert {kind for kind in asked if asked[kind] > usable[kind]} == {"ct", "dialysis", "endoscopy"}


def test_rates_by_age_make_the_totals(tanger: Grouping) -> None:
    rate = {(row.service, row.age_group): row for row in tanger.demand_rates}
    urban = {zone.id: zone.urban for zone in tanger.region.zones}
    acts = defaultdict[str, float](float)
    for people in tanger.region.populations:
        for service in {row.service for row in tanger.demand_rates}:
            row = rate[service, people.age_group]
            factor = 1 if urban[people.zone] else row.rural_factor
            acts[service] += people.inhabitants * row.acts_per_1000 / 1000 * factor
    assert acts == pytest.approx({row.service: row.acts for row in tanger.service_totals}, rel=1e-3)
    assert rate["paediatric_consultation", "60+"].acts_per_1000 == 0
    assert rate["ct", "60+"].acts_per_1000 > 3 * rate["ct", "5-59"].acts_per_1000


def test_days_recorded_make_the_admissions_recorded(tanger: Grouping, recorded: Counter[str]) -> None:
    kinds = {row.service for row in tanger.equipment.stay_standards}
    assert sum(recorded[kind] for kind in kinds) == pytest.approx(recorded["admission"], rel=0.01)
    beds = Counter[str]()
    is_open = {site.id for site in tanger.region.open_facilities()}
    for row in tanger.region.ward_beds:
        beds[row.ward] += row.beds if row.facility in is_open else 0
    for stay in tanger.equipment.stay_standards:
        assert 0.55 <= recorded[stay.service] * stay.days / (365 * beds[stay.ward]) <= 0.95
        assert stay.target_days is not None
        assert 0.7 * stay.days <= stay.target_days <= stay.days


def test_sessions_of_today_ask_for_about_the_staff_in_post(
    tanger: Grouping, types: dict[str, EquipmentType], units: Counter[str], recorded: Counter[str]
) -> None:
    """All units at 70 % of their sessions, all beds, and reading what is recorded: a third to nine tenths of hours."""
    hours = {row.skill: row.available_hours for row in tanger.workforce.working_times}
    heads: Counter[str] = Counter()
    for team in tanger.workforce.staff:
        heads[team.skill] += team.heads
    asked = defaultdict[str, float](float)
    for row in tanger.equipment.session_staff:
        asked[row.skill] += (
            row.heads * units[row.equipment_type] * types[row.equipment_type].minutes_per_year / 60 * 0.7
        )
    for expert in tanger.equipment.expert_times:
        if units[expert.equipment_type]:
            asked[expert.skill] += recorded[expert.service] * expert.minutes_per_act / 60
    block = {row.ward: row.block for row in tanger.equipment.ward_standards}
    is_open = {site.id for site in tanger.region.open_facilities()}
    for ward in tanger.region.ward_beds:
        for need in tanger.equipment.ward_staff:
            if need.ward is ward.ward and ward.facility in is_open:
                asked[need.skill] += need.fte * ward.beds / block[ward.ward] * hours[need.skill]
    share = {skill: asked[skill] / (heads[skill] * hours[skill]) for skill in asked}
    for skill in ("anaesthesia", "nurse_anaesthetist", "radiology_technician", "laboratory_technician"):
        assert 0.5 <= share[skill] <= 0.9, skill
    for skill in ("radiology", "emergency_nurse", "gastroenterology", "other_nurse"):
        assert 1 / 3 <= share[skill] <= 0.9, skill
    assert max(share.values()) <= 0.9


def test_provinces_grow_as_between_the_censuses(tanger: Grouping) -> None:
    growth = {row.province: row.per_year for row in tanger.region.growth_rates}
    assert 1_065_601 * (1 + growth["Tanger-Assilah"]) ** 10 == pytest.approx(1_494_413, rel=1e-4)
    assert 457_432 * (1 + growth["Chefchaouen"]) ** 10 == pytest.approx(412_713, rel=1e-4)
    assert {name for name, rate in growth.items() if rate < 0} == {"Chefchaouen", "Ouezzane", "Al Hoceima"}


def test_the_hospital_of_tetouan_opens_with_its_units_and_beds(tanger: Grouping) -> None:
    (opening,) = tanger.region.openings
    assert (opening.facility, opening.opens) == (PLANNED, date(2027, 7, 1))
    assert tanger.region.beds()[PLANNED] == 380
    coming = {row.equipment_type: row.units for row in tanger.equipment.equipment_units if row.facility == PLANNED}
    assert (coming["operating_room"], coming["ct"], coming["mri"]) == (8, 1, 1)


def test_nine_pathways_of_three_to_five_steps(tanger: Grouping) -> None:
    steps = Counter(step.pathway for step in tanger.pathway_steps)
    assert len(tanger.pathways) == len(steps) == 9
    assert set(steps.values()) == {3, 4, 5}
    profession = {skill.id: skill.profession for skill in tanger.workforce.skills}
    assert {profession[row.specialty or ""] for row in tanger.pathways} == {"specialist"}
    stays = {step.service for step in tanger.pathway_steps if step.kind == "stay"}
    assert stays <= {row.service for row in tanger.equipment.stay_standards}
    assert any(step.counter_referral for step in tanger.pathway_steps)


def test_private_offers_are_near_hospitals_of_towns_with_clinics(tanger: Grouping) -> None:
    commune = {site.id: site.commune for site in tanger.region.facilities}
    offers = tanger.equipment.private_offers
    assert {commune[row.facility] for row in offers} == {"Tanger", "Tétouan", "Larache", "Al Hoceima"}
    assert all(0 < row.min_acts <= row.acts / 3 for row in offers)
    clinics = [row.mad_per_act for row in offers if row.service == "mri"]
    assert all(1_500 <= price < 3_500 for price in clinics)


def test_the_mobile_unit_stands_where_no_other_mammograph_is_near(tanger: Grouping, journeys: Travel) -> None:
    (unit,) = tanger.equipment.mobile_units
    is_open = {site.id for site in tanger.region.open_facilities()}
    fixed = [
        row.facility
        for row in tanger.equipment.equipment_units
        if row.equipment_type == unit.equipment_type and row.facility in is_open
    ]
    zones = {zone.id: zone for zone in tanger.region.zones}
    assert len(tanger.equipment.docking_points) == 12
    for point in tanger.equipment.docking_points:
        assert not zones[point.place].urban
        assert journeys.minutes(unit.base, point.place) <= 120
        assert min(journeys.minutes(point.place, site) for site in fixed) > 90


def test_scanners_of_two_large_hospitals_may_become_newer_ones(
    tanger: Grouping, types: dict[str, EquipmentType]
) -> None:
    """They outlive a plan of five years from 2026; half of a new scanner, and less than the newer one, is the price."""
    (row,) = tanger.equipment.upgrades
    room = {limit.facility for limit in tanger.equipment.site_limits if limit.equipment_type == row.becomes}
    assert room == {"hp-saniat-rmel", "hp-mohammed-vi-al-hoceima"}
    ends = {
        unit.facility: unit.installed + types[unit.equipment_type].life
        for unit in tanger.equipment.equipment_units
        if unit.equipment_type == row.equipment_type and unit.facility in room and unit.installed is not None
    }
    assert ends.keys() == room
    assert min(ends.values()) > 2030
    assert types[row.becomes].life == types[row.equipment_type].life
    assert row.price == types[row.equipment_type].purchase / 2 < types[row.becomes].purchase


def test_one_in_nine_lives_more_than_an_hour_from_an_emergency_department(tanger: Grouping, journeys: Travel) -> None:
    sites = [row.facility for row in tanger.equipment.equipment_units if row.equipment_type == "emergency_department"]
    people = tanger.region.inhabitants()
    _, times = journeys.nearest(list(people), [site for site in sites if site != PLANNED])
    far = sum(count for count, minutes in zip(people.values(), times.tolist(), strict=True) if minutes > 60)
    assert far / sum(people.values()) == pytest.approx(1 / 9, abs=0.02)


def test_the_province_keeps_its_part_of_the_platforms(tanger: Grouping) -> None:
    province = load_sample("province")
    kept = {site.id for site in province.region.facilities}
    whole = {(row.facility, row.equipment_type, row.units) for row in tanger.equipment.equipment_units}
    found = {(row.facility, row.equipment_type, row.units) for row in province.equipment.equipment_units}
    assert found == {row for row in whole if row[0] in kept}
    assert province.demand_rates == tanger.demand_rates
    assert not province.service_totals
    assert [row.facility for row in province.region.openings] == [PLANNED]
