"""The totals of the Tanger sample are those that were published."""

from collections import Counter

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Kind, Level, Status
from gst_opt.network import Travel
from gst_opt.pillars.staff.need import needs
from gst_opt.samples.facts import facts

PROVINCES = {  # census 2024: inhabitants, communes, centres (without the laboratories), hospitals of any kind
    "Tanger-Assilah": (1_494_413, 12, 39, 10),
    "M'diq-Fnideq": (254_064, 5, 11, 2),
    "Tétouan": (611_928, 22, 42, 3),
    "Fahs-Anjra": (100_789, 7, 8, 0),
    "Larache": (510_211, 19, 37, 2),
    "Al Hoceima": (371_527, 36, 63, 5),
    "Chefchaouen": (412_713, 28, 55, 1),
    "Ouezzane": (274_577, 17, 40, 1),
}


def test_inhabitants_communes_centres_and_hospitals_by_province(tanger: Grouping) -> None:
    region = tanger.region
    inhabitants = region.inhabitants()
    found = {}
    for province in PROVINCES:
        zones = [zone for zone in region.zones if zone.province == province]
        sites = [facility for facility in region.open_facilities() if facility.province == province]
        hospitals = sum(site.level.is_hospital for site in sites)
        people = sum(inhabitants[zone.id] for zone in zones)
        found[province] = (people, len({zone.commune for zone in zones}), len(sites) - hospitals, hospitals)
    assert found == PROVINCES
    assert sum(inhabitants.values()) == 4_030_222
    assert len({(zone.province, zone.commune) for zone in region.zones}) == 146
    assert {zone.province for zone in region.zones} == set(PROVINCES)


def test_64_in_100_live_in_an_urban_commune(tanger: Grouping) -> None:
    """The census has 65.5 % urban: it adds the small towns of rural communes."""
    inhabitants = tanger.region.inhabitants()
    urban = sum(inhabitants[zone.id] for zone in tanger.region.zones if zone.urban)
    assert round(urban / sum(inhabitants.values()), 2) == 0.64


def test_the_count_is_one_university_hospital_22_hospitals_and_295_centres(tanger: Grouping) -> None:
    sites = tanger.region.open_facilities()
    assert len(sites) == 319
    assert len(tanger.region.establishments()) == 318
    by_level = Counter(site.level for site in sites)
    assert by_level[Level.UNIVERSITY_HOSPITAL] == 2
    assert len({site.establishment or site.id for site in sites if site.level is Level.UNIVERSITY_HOSPITAL}) == 1
    assert sum(site.level.is_hospital for site in sites) == 2 + 22
    assert sum(not site.level.is_hospital for site in sites) == 295


def test_centres_by_category_and_hospitals_by_kind(tanger: Grouping) -> None:
    sites = tanger.region.open_facilities()
    assert Counter((site.level.value, site.kind.value) for site in sites) == {
        ("CSR-1", "general"): 66,
        ("CSR-2", "general"): 64,
        ("CSU-1", "general"): 74,
        ("CSU-2", "general"): 13,
        ("DR", "general"): 65,
        ("CSS", "respiratory"): 6,
        ("CSS", "reproductive_health"): 7,
        ("HPr", "general"): 6,
        ("HP", "general"): 8,
        ("HP", "psychiatric"): 1,
        ("HR", "general"): 3,
        ("HR", "psychiatric"): 1,
        ("HR", "oncology"): 1,
        ("HIR", "oncology"): 1,
        ("HIR", "psychiatric"): 1,
        ("CHU", "general"): 1,
        ("CHU", "mother_and_child"): 1,
    }


def test_laboratories_and_the_planned_hospital_are_there_and_do_not_count(tanger: Grouping) -> None:
    outside = [facility for facility in tanger.region.facilities if facility.status is not Status.OPEN]
    assert Counter((facility.kind, facility.status) for facility in outside) == {
        (Kind.LABORATORY, Status.EXCLUDED): 4,
        (Kind.GENERAL, Status.PLANNED): 1,
    }


def test_open_beds(tanger: Grouping) -> None:
    beds = tanger.region.beds()
    is_open = {facility.id for facility in tanger.region.open_facilities()}
    assert sum(count for facility, count in beds.items() if facility in is_open) == 3_125
    assert beds["hr-mohammed-v-tanger"] == 250
    assert beds["hp-saniat-rmel"] == 330
    assert beds["hp-mohammed-vi-al-hoceima"] == 250
    assert beds["chu-tanger-specialities"] + beds["chu-tanger-mother-child"] == 770  # press: 771 to 800


def test_equipment_totals(tanger: Grouping) -> None:
    is_open = {facility.id for facility in tanger.region.open_facilities()}
    units: Counter[str] = Counter()
    for row in tanger.equipment.equipment_units:
        units[row.equipment_type] += row.units if row.facility in is_open else 0
    heavy = ("operating_room", "ct", "mri", "dialysis")
    assert {kind: units[kind] for kind in heavy} == {"operating_room": 55, "ct": 10, "mri": 5, "dialysis": 130}


def test_seven_thousand_professionals_by_profession_and_specialty(tanger: Grouping) -> None:
    heads: Counter[str] = Counter()
    for row in tanger.workforce.staff:
        heads[row.skill] += row.heads
    assert heads == {row["id"]: int(row["heads"]) for row in facts("skills")}
    assert sum(heads.values()) == 7_000
    specialties = [skill.id for skill in tanger.workforce.skills if skill.profession == "specialist"]
    assert len(specialties) == 33
    assert sum(heads[skill] for skill in specialties) == 800
    assert len(heads) - len(specialties) == 21
    assert (heads["general_practitioner"], heads["polyvalent_nurse"], heads["midwife"]) == (430, 2_050, 780)


def test_staff_anchors(tanger: Grouping) -> None:
    """Audit of Mohammed V Tanger (2015): 63 doctors, 202 nurses; new CSR-1: 1 doctor; new CSU-1: 1 doctor, 2 nurses."""
    profession = {skill.id: skill.profession for skill in tanger.workforce.skills}
    audited: Counter[str] = Counter()
    doctors: Counter[str] = Counter()
    for row in tanger.workforce.staff:
        if row.facility == "hr-mohammed-v-tanger":
            audited[profession[row.skill]] += row.heads
        if row.skill == "general_practitioner":
            doctors[row.facility] += row.heads
    assert 63 <= audited["physician"] + audited["specialist"] <= 63 * 1.2
    assert 202 * 0.9 <= audited["nurse"] <= 202 * 1.2
    for level, most in ((Level.RURAL_CENTRE_1, 1.25), (Level.URBAN_CENTRE_1, 2.0)):
        centres = [site.id for site in tanger.region.open_facilities() if site.level is level]
        assert 1.0 <= sum(doctors[centre] for centre in centres) / len(centres) <= most


def test_the_region_is_short_and_unequal(tanger: Grouping, journeys: Travel) -> None:
    """Every skill is short somewhere; Tétouan and Al Hoceima are covered best, Chefchaouen and Ouezzane least."""
    heads = {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}
    wanted = needs(tanger.region, tanger.workforce, journeys=journeys)
    assert 9_000 <= sum(need.fte for need in wanted.values()) <= 11_000
    short = {skill for (site, skill), need in wanted.items() if need.fte > heads.get((site, skill), 0)}
    assert len(short) == 54
    province = {facility.id: facility.province for facility in tanger.region.facilities}
    covered = dict.fromkeys(PROVINCES, 0.0)
    total = dict.fromkeys(PROVINCES, 0.0)
    for (site, skill), need in wanted.items():
        covered[province[site]] += min(need.fte, heads.get((site, skill), 0))
        total[province[site]] += need.fte
    order = sorted(PROVINCES, key=lambda name: covered[name] / total[name])
    assert set(order[:2]) == {"Chefchaouen", "Ouezzane"}
    assert set(order[-2:]) == {"Tétouan", "Al Hoceima"}


def test_surplus_within_an_hour_of_shortage(tanger: Grouping, journeys: Travel) -> None:
    heads = {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}
    wanted = needs(tanger.region, tanger.workforce, journeys=journeys)
    movable = set()
    for skill in {skill for _, skill in wanted}:
        sites = [site for site, of in wanted if of == skill]
        spare = [site for site in sites if heads.get((site, skill), 0) >= wanted[site, skill].fte + 1]
        short = [site for site in sites if heads.get((site, skill), 0) < wanted[site, skill].fte]
        if len(journeys.within(spare, short, 60)[0]):
            movable.add(skill)
    assert len(movable) >= 20


def test_referrals_of_centres_stay_in_their_province(tanger: Grouping) -> None:
    """Fahs-Anjra has no hospital: its centres refer to Tanger-Assilah. Only the university hospital refers to none."""
    by_id = {facility.id: facility for facility in tanger.region.facilities}
    for facility in tanger.region.open_facilities():
        if facility.level is Level.UNIVERSITY_HOSPITAL:
            assert facility.reference is None
            continue
        target = by_id[facility.reference or ""]
        assert target.status is Status.OPEN
        if facility.level is Level.DISPENSARY:
            assert target.commune == facility.commune
        elif facility.province == "Fahs-Anjra":
            assert target.province == "Tanger-Assilah"
        elif not facility.level.is_hospital:
            assert target.province == facility.province


def test_no_two_sites_stand_on_one_point(tanger: Grouping) -> None:
    points = Counter((facility.latitude, facility.longitude) for facility in tanger.region.facilities)
    assert max(points.values()) == 1
