"""Random damage to good files: a grouping or a `DataError`, never anything else."""

import random
from pathlib import Path

import pytest

from gst_opt.core.errors import DataError
from gst_opt.io import read, read_folder, write_json
from gst_opt.text import Lang
from tests.io.tiny import write_tiny

_PIECES = [
    b"",
    b"\0",
    b'"',
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r",
    b"\xff",
    b"=",
    b"-",
    b"9" * 400,
    b"nan",
    b"1e999",
    b"{",
    b"[",
    b"]",
]
_PIECES += [
    b"null",
    b"true",
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"9999-12-31",
    b"0001-01-01",
    b"H1",
    b"Z1",
    b"\xd9\xa1",
    b"'",
    b"}",
]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Replace a few stretches of bytes with pieces that have broken readers before."""
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(data))
        data = data[:start] + rng.choice(_PIECES) + data[start + rng.choice([0, 0, 1, 2, 8]) :]
    return data


def read_or_refuse(path: Path) -> None:
    try:
        read(path)
    except DataError as error:
        sentences = [error.text(lang) for lang in Lang]
    else:
        sentences = []
    assert all(len(sentence.splitlines()) > 1 for sentence in sentences)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_damaged_files(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    folder = write_tiny(tmp_path / "tiny")
    write_json(read_folder(folder), tmp_path / "tiny.json")
    whole = (tmp_path / "tiny.json").read_bytes()
    files = sorted(folder.iterdir())
    for _ in range(3000 if seed else 60):
        file = rng.choice(files)
        good = file.read_bytes()
        file.write_bytes(damaged(good, rng))
        read_or_refuse(folder)
        file.write_bytes(good)
        (tmp_path / "tiny.json").write_bytes(damaged(whole, rng))
        read_or_refuse(tmp_path / "tiny.json")
