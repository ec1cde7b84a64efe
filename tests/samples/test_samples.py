"""The samples that are shipped: what they hold, where their figures come from, how they are made again."""

from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import pytest

from gst_opt.core.errors import GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.core.sources import SourceLabel
from gst_opt.io import read_folder, write_folder
from gst_opt.network import catchments, travel
from gst_opt.pillars.staff.need import needs
from gst_opt.samples import load_sample, samples
from gst_opt.samples.build import build
from gst_opt.samples.facts import facts
from gst_opt.text import Lang

NAMES = ("tanger", "province", "two_towns")
FACTS = sorted(entry.name.removesuffix(".csv") for entry in files("gst_opt.samples").joinpath("facts").iterdir())


def test_the_list_of_samples() -> None:
    found = {info.name: (info.facilities, info.skills) for info in samples()}
    assert found == {"tanger": (319, 54), "province": (46, 50), "two_towns": (4, 3)}
    assert {info.name: info.heads for info in samples()}["tanger"] == 7_000
    assert samples()[0].description.text(Lang.FR).endswith("318 établissements")


def test_an_unknown_sample_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(GstOptError, match="tanger, province, two_towns"):
        load_sample("tangier")


def test_the_folders_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    build(tmp_path)
    with as_file(files("gst_opt.samples").joinpath("data")) as shipped:
        made, kept = contents(tmp_path), contents(shipped)
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_write_then_read_gives_the_same_grouping(name: str, tmp_path: Path) -> None:
    grouping = load_sample(name)
    write_folder(grouping, tmp_path)
    assert read_folder(tmp_path) == grouping


@pytest.mark.parametrize("name", NAMES)
def test_every_filled_column_says_where_it_comes_from(name: str) -> None:
    grouping = load_sample(name)
    said = {(source.table, source.column) for source in grouping.sources}
    silent = [
        (table, column)
        for table, rows in grouping.tables().items()
        if rows
        for column, field in type(rows[0]).model_fields.items()
        if any(getattr(row, column) not in (None, field.default) for row in rows)
        and not said & {(table, column), (table, "*")}
    ]
    assert silent == []
    assert {source.table for source in grouping.sources} == {table for table, rows in grouping.tables().items() if rows}


@pytest.mark.parametrize("table", FACTS)
def test_every_fact_has_a_label_and_a_source(table: str) -> None:
    for row in facts(table):
        assert SourceLabel(row["label"])
        assert row["source"]


def test_the_province_is_tetouan_and_one_hospital_next_door(tanger: Grouping) -> None:
    province = load_sample("province")
    assert {site.province for site in province.region.facilities if site.id != "hp-mdiq"} == {"Tétouan"}
    assert sum(province.region.inhabitants().values()) == 611_928
    whole = {(row.facility, row.skill): row.heads for row in tanger.workforce.staff}
    assert all(whole[row.facility, row.skill] == row.heads for row in province.workforce.staff)
    served = catchments(province.region, travel(province.region))
    assert served["hp-saniat-rmel"] + served["hp-ben-karrich"] == pytest.approx(611_928)
    assert served["hp-mdiq"] == 0
    assert travel(province.region).minutes("hp-saniat-rmel", "hp-mdiq") == pytest.approx(25, abs=1)


def test_two_towns_are_as_its_builder_says() -> None:
    """The table and the journeys of the docstring of `two_towns`."""
    towns = load_sample("two_towns")
    journeys = travel(towns.region)
    pairs = {
        ("csu-north", "hp-north"): 5,
        ("csu-south", "hpr-south"): 5,
        ("csu-south", "csu-north"): 30,
        ("csu-south", "hp-north"): 31,
        ("hpr-south", "csu-north"): 29,
        ("hpr-south", "hp-north"): 30,
    }
    assert {pair: journeys.minutes(*pair) for pair in pairs} == pairs
    wanted = {key: need.fte for key, need in needs(towns.region, towns.workforce).items()}
    sites = ("csu-north", "hp-north", "csu-south", "hpr-south")
    assert [wanted[site, "doctor"] for site in sites] == [4, 6, 2, 2]
    assert [wanted[site, "nurse"] for site in sites] == [8, 10, 4, 4]
    assert [wanted[site, "midwife"] for site in sites] == [1, 4, 1, 2]
    heads = {(row.facility, row.skill): row.heads for row in towns.workforce.staff}
    assert sum(heads.values()) == 46
    assert sum(min(fte, heads.get(key, 0)) for key, fte in wanted.items()) == 40


def test_the_samples_hold_nobody() -> None:
    """No person, not even by pseudonym."""
    groupings = [load_sample(name) for name in NAMES]
    assert not list(chain.from_iterable(grouping.workforce.persons for grouping in groupings))
