"""`gst-opt diagnose`: the story in both languages, the tables on request."""

import csv
import time
from pathlib import Path

import pytest

import gst_opt as gst
from gst_opt.report.diagnosis import diagnosis_text
from gst_opt.text import Lang
from tests.cli.run import invoke, words
from tests.platforms.test_diagnosis import acts, cover, service, toy, units


def test_two_towns_are_told() -> None:
    run = invoke("diagnose", "two_towns")
    assert run.exit_code == 0, run.stderr
    said = words(run.stdout)
    assert "DIAGNOSIS OF PLATFORMS AND BEDS" in said
    assert "Provinces below the threshold: 2 of 2; 221 public health professionals are missing." in said
    assert "CT scanner Hospital of North Hospital of South 30.0 2 950 1,600 59.4%" in said
    assert "CT scan 3,000 2,850 2 45.0 3,000 5.0%" in said
    assert "Medicine 2 70 18,000 70.5% 100.0%" in said


def test_french_is_spoken_to_the_end() -> None:
    said = words(invoke("diagnose", "two_towns", "--lang", "fr").stdout)
    assert "DIAGNOSTIC DES PLATEAUX TECHNIQUES ET DES LITS" in said
    assert "Médecine 2 70 18 000 70,5 %" in said
    assert "Personnel par habitant" in said
    assert "Salle de consultation" in said


def test_nothing_is_written_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("diagnose", "two_towns").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_tables_are_written_as_those_of_a_plan(tmp_path: Path) -> None:
    run = invoke("diagnose", "two_towns", "--out", tmp_path)
    assert run.exit_code == 0, run.stderr
    tables = gst.diagnose(gst.load_sample("two_towns")).tables()
    assert {path.name for path in tmp_path.iterdir()} == {f"{table.name}.csv" for table in tables} | {"summary.txt"}
    with (tmp_path / "duplicates.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["neighbour"], row["neighbour_name"], row["minutes"]) == ("hpr-south", "Hospital of South", "30.0")
    with (tmp_path / "provinces.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [line["province"] for line in csv.DictReader(file)] == ["North", "South"]
    assert (tmp_path / "summary.txt").read_text(encoding="utf-8") == run.stdout


def test_a_folder_of_data_is_not_written_over(tmp_path: Path) -> None:
    gst.write_folder(gst.load_sample("two_towns"), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    run = invoke("diagnose", tmp_path, "--out", tmp_path)
    assert run.exit_code == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_unknown_source_is_told() -> None:
    run = invoke("diagnose", "nowhere")
    assert run.exit_code == 2
    assert "nowhere" in run.stderr


def test_a_grouping_without_platforms_is_told(tmp_path: Path) -> None:
    gst.write_folder(gst.Grouping(id="empty", name="Empty"), tmp_path)
    run = invoke("diagnose", tmp_path)
    assert run.exit_code == 0, run.stderr
    assert "no pair of sites at most 30 minutes apart" in words(run.stdout)


def test_gaps_and_limits_of_use_are_told() -> None:
    """A second cover that the village lacks, a scanner used above its ceiling, another below its floor."""
    asked = cover(23, sites=2)
    types = tuple(kind.replace(min_use=0.1, min_acts=600) for kind in asked.equipment_types)
    grouping = toy(
        equipment=asked.replace(equipment_types=types, equipment_units=(units("big", 3), units("small"))),
        activity=(acts("big", 9_500), acts("small", 500)),
        services=(service(22),),
    )
    said = words(diagnosis_text(grouping, gst.diagnose(grouping), gst.DiagnosisPolicy(), Lang.EN))
    assert "Equipment of a site: 2; above its ceiling of use 1, below its floor 1, below its fewest acts 1" in said
    assert "People beyond cover standards; 1 of 1" in said
    assert "ct 2 23.0 South 1,000 1,000 100.0%" in said
    assert "Everybody is within reach of every service that has a longest journey." in said
    covered = toy(equipment=cover(23), services=(service(3),))
    said = words(diagnosis_text(covered, gst.diagnose(covered), gst.DiagnosisPolicy(), Lang.EN))
    assert "Every cover standard is met." in said
    assert "scan North 9,000 9,000 100.0%" in said


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_tanger_prints_in_less_than_five_seconds(lang: str) -> None:
    started = time.process_time()
    run = invoke("diagnose", "tanger", "--lang", lang)
    assert run.exit_code == 0, run.stderr
    assert time.process_time() - started < 5
