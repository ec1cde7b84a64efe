"""The committed fact tables against the wider tables that they were drawn from, where those are at hand."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from gst_opt.samples.facts import facts

FOLDER = Path(os.environ.get("GST_OPT_FACTS", Path(__file__).parents[3] / "shared" / "facts"))


def wider(table: str) -> list[dict[str, str]]:
    path = FOLDER / f"{table}.csv"
    if not path.is_file():
        pytest.skip(f"no {path.name}: set GST_OPT_FACTS; the published totals are tested in test_tanger.py")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_inhabitants_of_every_zone() -> None:
    theirs = {
        row["name"]: int(float(row["pop_2024"]))
        for row in wider("localities_tta")
        if row["kind"] == "arrondissement" or (row["kind"] == "commune" and row["name"] != "Tanger")
    }
    assert {row["name"]: int(row["inhabitants"]) for row in facts("zones")} == theirs


def test_centres_of_every_zone_and_category() -> None:
    theirs = Counter((row["commune_matched"], row["category"]) for row in wider("essp_tta_2024"))
    assert {(row["zone"], row["category"]): int(row["centres"]) for row in facts("centres")} == theirs


def test_beds_and_equipment_of_every_hospital() -> None:
    columns = {
        "beds": "beds",
        "operating_room": "operating_rooms_est",
        "ct": "ct_est",
        "mri": "mri_est",
        "dialysis": "dialysis_machines_est",
    }
    theirs = {
        row["name"]: {ours: int(row[column]) for ours, column in columns.items()} for row in wider("hospitals_tta")
    }
    assert {row["name"]: {ours: int(row[ours]) for ours in columns} for row in facts("hospitals")} == theirs


def test_heads_by_profession_and_specialty() -> None:
    rows = wider("sample_region_spec_tta")
    theirs = [int(row["value"]) for row in rows if row["group"] == "profession" and "specialist" not in row["item"]]
    theirs += [int(row["value"]) for row in rows if row["group"] == "specialist"]
    assert [int(row["heads"]) for row in facts("skills")] == theirs


def test_journeys_between_towns() -> None:
    theirs = [(float(row["road_km_approx"]), float(row["drive_min_approx"])) for row in wider("road_distances_tta")]
    assert [(float(row["km"]), float(row["minutes"])) for row in facts("town_roads")] == theirs


def test_an_inland_bearing_says_its_label_and_its_source() -> None:
    for row in facts("zones"):
        assert bool(row["inland_bearing"]) == bool(row["inland_label"]) == bool(row["inland_source"])
