"""Files that are large, endless or made to hurt: refused soon, in little memory."""

import os
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from gst_opt.core.errors import DataError
from gst_opt.io import read
from gst_opt.io.findings import MAX_PROBLEMS
from tests.io.tiny import put, write_tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 20


def places(path: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(DataError) as caught:
        read(path)
    return [(problem.table, problem.row, problem.column) for problem in caught.value.problems]


def test_a_line_of_10_mb_takes_little_memory(tiny: Path) -> None:
    put("staff.csv", b"facility,skill,heads\nH1,nurse," + b"9" * 10_000_000 + b"\nC9,nurse,1\n")(tiny)
    tracemalloc.start()
    try:
        assert places(tiny) == [("staff.csv", 2, ""), ("staff.csv", 3, "facility")]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_file_of_a_terabyte(tiny: Path) -> None:
    with (tiny / "staff.csv").open("wb") as stream:
        stream.truncate(2**40)
    assert places(tiny) == [("staff.csv", 0, "")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_that_nobody_writes_to(tiny: Path) -> None:
    (tiny / "staff.csv").unlink()
    os.mkfifo(tiny / "staff.csv")
    assert places(tiny) == [("staff.csv", 0, "")]
    os.mkfifo(tiny / "pipe.json")
    assert places(tiny / "pipe.json") == [("pipe.json", 0, "")]


@pytest.mark.parametrize(
    "line",
    [
        "\0\n",
        "C1,nurse\n",
        "C1,nurse,x\n",
        '"C1",nurse,"1\n',
        'x","\n',
        '",""\n',
        '"\n' + "x" * 60_000 + "\n",
        '"",""",\n',
    ],
)
def test_more_faults_than_anybody_reads(line: str, tiny: Path) -> None:
    put("staff.csv", "facility,skill,heads\n" + line * (2_000_000 // len(line)))(tiny)
    found = places(tiny)
    assert 1 <= len(found) <= MAX_PROBLEMS + 1
    assert {table for table, *_ in found} == {"staff.csv"}


def test_a_header_of_many_unknown_columns(tiny: Path) -> None:
    put("staff.csv", ",".join(f"c{n}" for n in range(10_000)) + "\n")(tiny)
    assert len(places(tiny)) == MAX_PROBLEMS + 1


def test_a_folder_of_many_other_files(tiny: Path) -> None:
    for number in range(MAX_PROBLEMS + 200):
        (tiny / f"export_{number}.csv").touch()
    assert len(places(tiny)) == MAX_PROBLEMS + 1


def test_a_name_that_could_disturb_a_terminal(tiny: Path) -> None:
    (tiny / "\x1b[31m.csv").touch()
    os.close(os.open(os.fsencode(tiny) + b"/\xff.csv", os.O_CREAT))
    put("staff.csv", "facility,skill,heads,\x1b[2J\nC1,nurse,1,x\n")(tiny)
    with pytest.raises(DataError) as caught:
        read(tiny)
    assert len(caught.value.problems) == 3
    assert all(line.isprintable() for line in str(caught.value).split("\n"))


def test_a_good_table_of_a_twenty_thousand_rows(tiny: Path) -> None:
    rows = "".join(f"Z1,age {number},{number}\n" for number in range(20_000))
    put("populations.csv", "zone,age_group,inhabitants\n" + rows)(tiny)
    assert len(read(tiny).region.populations) == 20_000


def test_more_rows_than_memory_is_for(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gst_opt.io.csv_folder.MAX_ROWS", 2)
    found = places(tiny)
    assert ("facilities.csv", 4, "") in found
    assert ("skills.csv", 4, "") not in found


def test_more_objects_than_memory_is_for(tmp_path: Path) -> None:
    (tmp_path / "wide.json").write_text("[" + "{}," * 600_000 + "{}]")
    assert places(tmp_path / "wide.json") == [("wide.json", 0, "")]
