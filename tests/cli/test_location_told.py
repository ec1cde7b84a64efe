"""`gst-opt plan --only location`: the story in both languages, and the roadmap beside the tables of the plan."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import CoverStandard, DockingPoint, MobileUnit
from gst_opt.pillars.platforms.location.plan import (
    Contract,
    CoverGap,
    LentHours,
    LocationPlan,
    Mode,
    RemoteHours,
    Served,
    SiteUnits,
    Unmet,
    UnmetReason,
    Visits,
)
from gst_opt.report.location import location
from gst_opt.report.location_tables import Compared
from gst_opt.text import Lang
from tests.cli.run import invoke, planned, words


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned(tmp_path_factory.mktemp("location"), "location")


def test_two_towns_are_told(folder: Path) -> None:
    """By hand: Far lacks its 150 scans, and of its pathway 15 stays and 37.5 follow-ups after 30 of them."""
    text = (folder / "summary.txt").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines() if not line.startswith("Files in")) <= 120
    said = words(text)
    assert "From 2026 to 2030, which equipment and beds at which site" in said
    assert "Needs: 13,350 acts a year. Met by the network of today: 98.5%; with the plan: 98.5%." in said
    assert "CT scan 3,000 95.0% 95.0%" in said
    assert "Province met least: South today (95.4%); South with the plan (95.4%)." in said
    assert "CT scanner 2 1 23.8% 47.5%" in said
    assert "CT scanner 2026 1 0 0 0 0 0 0 1" in said
    assert "CT scanner 2030 1 0 0 0 0 1 0 0" in said
    assert "Medicine 70 60 70.2% 81.8%" in said
    assert "2026 Hospital of North Medicine closed 10 40" in said
    assert "2026 Hospital of South CT scanner closed 1 0" in said
    assert (
        "Duplicates of the diagnosis: 1; ended by the plan: 1. - CT scanner: Hospital of North and Hospital of" in said
    )
    assert (
        "Gaps of the diagnosis (a service too far from a zone): 1; zones served by the plan in the last year: 0."
        in said
    )
    assert "Zones in reach of a service that are not served: 0." in said
    assert "Purchases, works and closures 12,000,000 6,200,000" in said
    assert "All 28,466,992 18,666,992" in said
    assert "2030 6,000,000 2,493,398" in said
    assert "no site in reach can have what it takes: 150 acts a year (zones: 1)" in said
    assert "the step before in the pathway is not given either: 52 acts a year (zones: 1)" in said


def test_french_is_spoken_to_the_end(tmp_path: Path) -> None:
    said = words(invoke("plan", "two_towns", "--only", "location", "--lang", "fr", "--out", tmp_path).stdout)
    assert "PLATEAUX TECHNIQUES ET LITS" in said
    assert "Besoins : 13 350 actes par an." in said
    assert "2026 Hospital of North Médecine fermeture 10 40" in said
    assert "aucun site à portée ne peut avoir de quoi : 150 actes par an (zones : 1)" in said
    assert "Achats, travaux et fermetures 12 000 000 6 200 000" in said


def test_the_roadmap_is_written_with_names(folder: Path) -> None:
    with (folder / "pathway_roadmap.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "pathway_roadmap.csv" in json.loads((folder / "plan.json").read_text(encoding="utf-8"))["tables"]
    assert len(rows) == 5 * 12
    (scan,) = (row for row in rows if (row["zone"], row["step"], row["year"]) == ("zone-south", "2", "2026"))
    assert (scan["pathway_name"], scan["zone_name"], scan["service_name"]) == ("Chest pain", "South", "CT scan")
    assert (scan["seen_at"], scan["referred_from"], scan["level"]) == ("Hospital of North", "Hospital of South", "HP")


def test_another_result_takes_the_roadmap_away(tmp_path: Path) -> None:
    invoke("plan", "two_towns", "--only", "location", "--out", tmp_path)
    invoke("plan", "two_towns", "--only", "shared_time", "--out", tmp_path)
    assert not (tmp_path / "pathway_roadmap.csv").exists()


def towns(**policy: Any) -> tuple[gst.Grouping, gst.LocationProblem]:
    """Return the towns with a mobile unit and a cover standard, for two years."""
    grouping = gst.load_sample("two_towns")
    van = MobileUnit(
        id="van",
        name_fr="Camion",
        name_en="Van",
        base="hp-north",
        equipment_type="ct",
        sessions_per_week=5,
        source="made up",
    )
    equipment = grouping.equipment.replace(
        mobile_units=(van,),
        docking_points=(DockingPoint(mobile_unit="van", place="zone-far", source="made up"),),
        cover_standards=(CoverStandard(equipment_type="ct", minutes=45, source="made up"),),
    )
    grouping = grouping.replace(equipment=equipment)
    return grouping, gst.LocationProblem.of(grouping, gst.LocationPolicy(years=2, **policy))


def story(grouping: gst.Grouping, problem: gst.LocationProblem, plan: LocationPlan) -> str:
    """Tell a plan written by hand."""
    result = replace(gst.solve(gst.LocationProblem.of(gst.Grouping(id="empty", name="Empty"))), plan=plan)
    return words("\n".join(location(grouping, problem, result, Lang.EN)))


def test_help_between_sites_is_told_a_year() -> None:
    """Two years: 300 hours in the first alone are 150 a year."""
    help_between: dict[str, Any] = {"origin": "hp-north", "host": "hpr-south", "year": 2026}
    plan = LocationPlan(
        remote_hours=(RemoteHours(skill="doctor", hours=300, cost=60_000, **help_between),),
        lent_hours=(LentHours(skill="nurse", hours=100, minutes=30, cost=4_000, **help_between),),
        contracts=(
            Contract(facility="hpr-south", service="ct", year=2026, acts=200, mad_per_act=900, cost=180_000),
            Contract(facility="hpr-south", service="ct", year=2027, acts=100, mad_per_act=900, cost=90_000),
        ),
        visits=(Visits(mobile_unit="van", place="zone-far", year=2026, sessions=50, fitted_out=True, cost=7_000),),
        cover_gaps=(CoverGap(equipment_type="ct", sites=1, zone="zone-far", year=2027, people=1_234),),
    )
    said = story(*towns(), plan)
    assert "Who reads for whom, a year (1 of 1)" in said
    assert "Doctor Hospital of North Hospital of South 150 30,000" in said
    assert "Nurse Hospital of North Hospital of South 50 2,000" in said
    assert "Hospital of South CT scan 150 135,000" in said
    assert "Van Far 25 3,500" in said
    assert "CT scanner 1 45.0 3,000 1,234" in said
    assert "Every need is met." in said
    assert "The plan changes neither units nor beds." in said


def test_guarantees_and_pins_are_told_by_their_reason() -> None:
    guarantee = gst.Guarantee(province="South", share=0.5, reason="promised to South")
    pin = gst.LocationPin(kind=gst.PinKind.KEEP, equipment_type="ct", reason="scanners are new")
    said = story(*towns(guarantees=(guarantee,), pins=(pin,)), LocationPlan())
    assert "Guarantees to keep: - promised to South" in said
    assert "scanners are new" in said


def test_needs_are_expected_over_scenarios() -> None:
    """Half of 100 acts in one scenario, none in the other: 25 of 50 a year are met, in 10 minutes."""
    scenarios = (gst.DemandScenario(id="low", probability=0.5), gst.DemandScenario(id="high", probability=0.5))
    _, problem = towns(scenarios=scenarios)
    own: dict[str, Any] = {"zone": "zone-south", "service": "ct", "year": 2026}
    place: dict[str, Any] = {"mode": Mode.ON_SITE, "place": "hpr-south", "platform": "ct", "minutes": 10}
    plan = LocationPlan(
        served=(Served(scenario="low", acts=100, **own, **place),),
        unmet=(Unmet(scenario="high", acts=100, reason=UnmetReason.FULL, **own),),
    )
    compared = Compared(problem, plan, LocationPlan())
    assert compared.needs("service", lambda row: row.service).rows == (("ct", 50.0, 1.0, 0.5, None, 10.0),)
    assert compared.reasons() == {UnmetReason.FULL: (25.0, 1)}


def test_use_is_weighted_by_units_and_wait_by_sessions() -> None:
    """3 units half used and 1 not: 37.5 %; 10 sessions with 2 days, 30 with 6: 5 days."""
    _, problem = towns()
    zero: dict[str, Any] = dict.fromkeys(("bought", "renewed", "retired", "closed", "moved_in", "moved_out"), 0)
    zero |= {"sessions_per_week": 0.0, "sessions_sold": 0.0, "equipment_type": "ct", "year": 2027, "units_today": 1}
    rows = (
        SiteUnits(province="North", facility="hp-north", units=3, use=0.5, wait=2, sessions=10, **zero),
        SiteUnits(province="South", facility="hpr-south", units=1, use=0.0, wait=6, sessions=30, **zero),
    )
    compared = Compared(problem, LocationPlan(units=rows), LocationPlan())
    assert compared.uses().rows == (("ct", 0, 4, None, 0.375, None, 5.0),)


def test_a_grouping_without_platforms_is_told() -> None:
    grouping = gst.Grouping(id="empty", name="Empty")
    problem = gst.LocationProblem.of(grouping)
    said = words("\n".join(location(grouping, problem, gst.solve(problem), Lang.EN)))
    assert "The data say of no need that equipment or beds could meet." in said


def test_a_gap_that_a_plan_opens_is_counted() -> None:
    """South's scans are in reach today and given nowhere: one zone more."""
    lost = Unmet(zone="zone-south", service="ct", year=2027, acts=680, reason=UnmetReason.NO_UNIT_IN_REACH)
    said = story(*towns(), LocationPlan(unmet=(lost,)))
    assert "Zones in reach of a service that are not served: 1." in said
    assert "no unit, bed or contract in reach: 340 acts a year (zones: 1)" in said
