"""Good folders, in all the ways in which one grouping can be written."""

import csv
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gst_opt.core.errors import DataError, GstOptError
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Kind
from gst_opt.io import read, read_folder, write_folder
from tests.io.strategies import groupings
from tests.io.tiny import TINY, edit, put, write_tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


@settings(max_examples=40, deadline=None)
@given(groupings())
def test_writing_then_reading_gives_the_same_grouping(grouping: Grouping) -> None:
    with TemporaryDirectory() as folder:
        write_folder(grouping, folder)
        assert read_folder(folder) == grouping
        cells = [
            cell for file in Path(folder).iterdir() for row in csv.reader(file.open(encoding="utf-8")) for cell in row
        ]
    runs = [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not _is_number(cell)]
    assert not runs, "a spreadsheet would run these cells"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(rng: random.Random) -> None:
    with TemporaryDirectory() as name:
        folder = write_tiny(Path(name))
        expected = read_folder(folder)
        for file in folder.iterdir():
            header, *rows = (line.split(",") for line in file.read_text(encoding="utf-8").splitlines())
            order = rng.sample(range(len(header)), len(header))
            rng.shuffle(rows)
            lines = [",".join(row[position] for position in order) for row in (header, *rows)]
            file.write_text("\n".join(lines), encoding="utf-8")
        assert read_folder(folder) == expected


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_marks_and_line_ends(separator: str, mark: str, end: str, tiny: Path, tmp_path: Path) -> None:
    other = write_tiny(tmp_path / "other", separator)
    for file in other.iterdir():
        text = mark + file.read_text(encoding="utf-8").replace("\n", end)
        file.write_text(text, encoding="utf-8", newline="")
    assert read_folder(other) == read_folder(tiny)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_comma_where_the_separator_is_another(separator: str, tiny: Path, tmp_path: Path) -> None:
    other = write_tiny(tmp_path / "other", separator)
    for file in ("roads.csv", "facilities.csv", "persons.csv"):
        text = (other / file).read_text(encoding="utf-8")
        (other / file).write_text(text.replace(".", ","), encoding="utf-8")
    assert "35,71" in (other / "facilities.csv").read_text(encoding="utf-8")
    assert read_folder(other) == read_folder(tiny)


def test_the_separator_is_the_one_that_finds_columns_not_the_most_frequent(tiny: Path) -> None:
    put("skills.csv", 'profession;"id";name_fr;name_en\n"a,b,c,d,e";nurse;Infirmier;Nurse\n"x";gp;G,H;GP\n')(tiny)
    assert [skill.profession for skill in read_folder(tiny).workforce.skills] == ["x", "a,b,c,d,e"]


@pytest.mark.parametrize(
    ("yes", "no"), [("true", "false"), ("VRAI", "FAUX"), ("oui", "Non"), ("1", "0"), (" True ", "0")]
)
def test_booleans(yes: str, no: str, tiny: Path) -> None:
    put("zones.csv", f"id,name,commune,province,urban\nZ1,N,N,North,{yes}\nZ2,S,S,North,{no}\n")(tiny)
    assert [zone.urban for zone in read_folder(tiny).region.zones] == [True, False]


def test_an_empty_cell_and_an_absent_column_take_the_default(tiny: Path) -> None:
    put("persons.csv", "id,facility,skill\np1,H1,nurse\n")(tiny)
    put(
        "facilities.csv",
        "id,name,commune,province,level,kind,reference,latitude,longitude\n"
        "H1,H,N,North,HP,,, ,\nC1,C,N,North,CSR-1,,H1,,\n",
    )(tiny)
    grouping = read_folder(tiny)
    assert grouping.workforce.persons[0].fte == 1.0
    assert [(site.kind, site.latitude) for site in grouping.region.facilities] == [(Kind.GENERAL, None)] * 2
    assert [site.reference for site in grouping.region.facilities] == ["H1", None]


def test_cells_of_several_lines_blank_lines_and_numbers_with_spaces(tiny: Path) -> None:
    edit("facilities.csv", "Hôpital Nord", '"Hôpital\r\n""Nord"""')(tiny)
    edit("populations.csv", "Z1,all,1200\n", "\n,,\nZ1,all, 1200.0 \n\n")(tiny)
    grouping = read_folder(tiny)
    assert grouping.region.facilities[2].name == 'Hôpital\r\n"Nord"'
    assert grouping.region.inhabitants() == {"Z1": 1200, "Z2": 300}


def test_a_link_inside_the_folder_and_files_that_are_no_tables_are_fine(tiny: Path) -> None:
    expected = read_folder(tiny)
    (tiny / "skills.csv").rename(tiny / "skills.v2.txt")
    (tiny / "skills.csv").symlink_to("skills.v2.txt")
    (tiny / "README.md").write_text("about this folder")
    (tiny.parent / "link").symlink_to(tiny)
    assert read(tiny.parent / "link") == expected


def test_writing_again_removes_the_tables_that_became_empty(tiny: Path) -> None:
    grouping = read_folder(tiny)
    smaller = grouping.replace(activity=(), sources=())
    write_folder(grouping, tiny)
    assert {file.name for file in tiny.iterdir()} == set(TINY)
    write_folder(smaller, tiny)
    assert {file.name for file in tiny.iterdir()} == set(TINY) - {"activity.csv", "sources.csv"}
    assert read_folder(tiny) == smaller


def test_a_grouping_without_facilities_is_written_and_read(tmp_path: Path) -> None:
    empty = Grouping(id="empty", name="Nothing yet")
    write_folder(empty, tmp_path / "new" / "folder")
    assert read_folder(tmp_path / "new" / "folder") == empty


def test_a_failed_write_changes_nothing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file.name: file.read_bytes() for file in tiny.iterdir()}
    grouping = read_folder(tiny)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    written: list[object] = []
    monkeypatch.setattr(
        "gst_opt.io.csv_folder.put_rows", lambda *args: full() if len(written) == 3 else written.append(args)
    )
    with pytest.raises(GstOptError, match="Cannot write"):
        write_folder(grouping.replace(name="Other", activity=()), tiny)
    assert {file.name: file.read_bytes() for file in tiny.iterdir()} == before


def test_a_folder_that_cannot_be_made(tiny: Path) -> None:
    with pytest.raises(GstOptError, match=r"Cannot write .*skills.csv"):
        write_folder(read_folder(tiny), tiny / "skills.csv" / "inside")


def test_a_nul_character_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        write_folder(Grouping(id="a", name="nul\0"), tmp_path / "new")
    assert [(problem.table, problem.column) for problem in caught.value.problems] == [("grouping", "name")]
    assert not (tmp_path / "new").exists()
