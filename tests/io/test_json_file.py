"""Groupings as JSON: the round trip, the schema, and every problem of a broken file."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.io import json_schema, read, read_folder, read_json, write_json
from gst_opt.text import Lang
from tests.io.strategies import groupings
from tests.io.tiny import write_tiny

SCHEMA = Path(__file__).parents[2] / "docs" / "grouping.schema.json"
Content = dict[str, Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    grouping = read_folder(write_tiny(tmp_path / "tiny"))
    write_json(grouping, tmp_path / "tiny.json")
    return tmp_path / "tiny.json"


def problems(file: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(DataError) as caught:
        read(file)
    error = caught.value
    for lang in Lang:
        assert len(error.text(lang).splitlines()) == 1 + len(error.problems)
    assert all(problem.text(Lang.FR) != problem.text(Lang.EN) for problem in error.problems)
    return [(problem.table, problem.row, problem.column) for problem in error.problems]


@settings(max_examples=30, deadline=None)
@given(groupings())
def test_writing_then_reading_gives_the_same_grouping(grouping: Grouping) -> None:
    with TemporaryDirectory() as folder:
        write_json(grouping, Path(folder) / "it.json")
        assert read(Path(folder) / "it.json") == grouping


def test_json_and_csv_hold_the_same_grouping(file: Path) -> None:
    assert read_json(file) == read_folder(file.parent / "tiny")
    assert json.loads(file.read_text(encoding="utf-8"))["format_version"] == 1


def test_a_mark_and_the_order_of_rows_do_not_matter(file: Path) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    content["region"]["facilities"].reverse()
    other = file.with_name("OTHER.JSON")
    other.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
    assert read(other) == read(file)


def test_sections_and_columns_may_be_absent(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"format_version": 1, "id": "a", "name": "A", "region": {}}')
    assert read(tmp_path / "a.json") == Grouping(id="a", name="A")


def test_the_published_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def test_the_schema_says_what_the_reader_wants() -> None:
    schema = json_schema()
    assert schema["required"] == ["format_version", "id", "name"]
    assert schema["properties"]["format_version"]["const"] == 1
    assert schema["additionalProperties"] is False
    staff = schema["$defs"]["Staff"]["properties"]
    assert staff["heads"] == {
        "description": "People in post, each full time",
        "minimum": 0,
        "title": "Heads",
        "type": "integer",
        "unit": "head",
    }
    assert staff["facility"]["references"] == "facilities"


FAULTS: list[tuple[str, Callable[[Content], object], list[tuple[str, int, str]]]] = [
    ("no version", lambda c: c.pop("format_version"), [("grouping", 0, "format_version")]),
    ("newer version", lambda c: c.update(format_version=2), [("grouping", 0, "format_version")]),
    ("version in words", lambda c: c.update(format_version="1"), [("grouping", 0, "format_version")]),
    ("true as version", lambda c: c.update(format_version=True), [("grouping", 0, "format_version")]),
    ("no name, bad id", lambda c: c.update(name=None, id=""), [("grouping", 0, "id"), ("grouping", 0, "name")]),
    ("unknown section", lambda c: c.update(doctors={}), [("tiny.json", 0, "doctors")]),
    ("misspelt section", lambda c: c.update(regions=c.pop("region")), [("tiny.json", 0, "regions")]),
    (
        "misspelt table",
        lambda c: c["region"].update(facilites=c["region"].pop("facilities")),
        [("tiny.json", 0, "region.facilites")],
    ),
    ("list for a section", lambda c: c.update(region=[]), [("tiny.json", 0, "region")]),
    ("object for a table", lambda c: c["region"].update(facilities={}), [("facilities", 0, "")]),
    ("null for a table", lambda c: c.update(activity=None), [("activity", 0, "")]),
    ("number for a row", lambda c: c["workforce"]["skills"].append(3), [("skills", 3, "")]),
    ("list for a value", lambda c: c["workforce"]["staff"][1].update(heads=[1]), [("staff", 2, "heads")]),
    ("text for a number", lambda c: c["workforce"]["staff"][1].update(heads="1"), [("staff", 2, "heads")]),
    ("true for a number", lambda c: c["workforce"]["staff"][1].update(heads=True), [("staff", 2, "heads")]),
    ("number for a text", lambda c: c["workforce"]["skills"][0].update(name_fr=1), [("skills", 1, "name_fr")]),
    ("number for a date", lambda c: c["horizon"]["periods"][0].update(end=0), [("periods", 1, "end")]),
    ("text for a boolean", lambda c: c["region"]["zones"][0].update(urban="true"), [("zones", 1, "urban")]),
    ("null for a default", lambda c: c["workforce"]["persons"][0].update(fte=None), [("persons", 1, "fte")]),
    ("not a number", lambda c: c["region"]["roads"][0].update(km=float("nan")), [("roads", 1, "km")]),
    ("infinity", lambda c: c["region"]["roads"][0].update(km=float("-inf")), [("roads", 1, "km")]),
    ("missing column", lambda c: c["workforce"]["staff"][2].pop("heads"), [("staff", 3, "heads")]),
    ("half a surrogate", lambda c: c["workforce"]["skills"][0].update(name_fr="\ud800"), [("skills", 1, "name_fr")]),
    (
        "names of people",
        lambda c: [person.update(nom="A") for person in c["workforce"]["persons"]],
        [("persons", 1, "nom")],
    ),
    (
        "misspelt optional column",
        lambda c: [site.update(lattitude=site.pop("latitude")) for site in c["region"]["facilities"]],
        [("facilities", 1, "lattitude")],
    ),
    (
        "many at once",
        lambda c: (
            c.update(format_version=0, activities=[]),
            c["workforce"]["staff"][0].update(facility="C9", heads=-1),
            c["workforce"]["staff"][1].update(skill="dentist"),
            c["region"]["facilities"][0].update(level="XX"),
            c["region"]["zones"][1].update(id="Z1"),
        ),
        [
            ("facilities", 1, "level"),
            ("grouping", 0, "format_version"),
            ("roads", 2, "destination"),
            ("staff", 1, "facility"),
            ("staff", 1, "heads"),
            ("staff", 2, "skill"),
            ("populations", 2, "zone"),
            ("tiny.json", 0, "activities"),
            ("zones", 2, "id"),
        ],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_one_error_names_every_problem(
    change: Callable[[Content], object], expected: list[tuple[str, int, str]], file: Path
) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")
    assert problems(file) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", ("tiny.json", 1, "1")),
        (b'{\n"id": }', ("tiny.json", 2, "7")),
        (b"[]", ("tiny.json", 0, "")),
        (b"null", ("tiny.json", 0, "")),
        (b'\n\n"\xff"', ("tiny.json", 3, "")),
        ("{}".encode("utf-16"), ("tiny.json", 1, "")),
        (b"[" * 1_000_000, ("tiny.json", 0, "")),
        (b'{"a":' * 1_000_000, ("tiny.json", 0, "")),
        (b"9" * 1_000_000, ("tiny.json", 0, "")),
        (b" " * 2**26, ("tiny.json", 0, "")),
    ],
    ids=["empty", "syntax", "list", "null", "latin-1", "utf-16", "deep lists", "deep objects", "long number", "large"],
)
def test_files_that_are_no_grouping_at_all(text: bytes, place: tuple[str, int, str], file: Path) -> None:
    file.write_bytes(text)
    assert problems(file) == [place]


def test_names_said_twice(file: Path) -> None:
    file.write_text(
        '{"format_version": 1, "id": "a", "id": "b", "name": "A", "region": {"facilities": [], "facilities": []},'
        ' "services": [{"id": "s", "id": "t", "name_fr": "S", "name_en": "S", "max_travel": 1, "max_travel": 2}]}'
    )
    assert problems(file) == [
        ("services", 1, "id"),
        ("services", 1, "max_travel"),
        ("tiny.json", 0, "id"),
        ("tiny.json", 0, "region.facilities"),
    ]


def test_a_long_number_in_a_row_is_one_problem(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace('"heads": 30', '"heads": ' + "9" * 5000)
    file.write_text(text, encoding="utf-8")
    assert problems(file) == [("staff", 3, "heads")]


def test_a_file_that_cannot_be_written(file: Path) -> None:
    with pytest.raises(GstOptError, match="Cannot write"):
        write_json(read(file), file / "inside.json")
