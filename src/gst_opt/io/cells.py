"""Rows as CSV text: ``,`` between cells, decimal point, no cell that a spreadsheet would run."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike, getpid, replace
from pathlib import Path
from typing import TextIO

from gst_opt.core.errors import GstOptError
from gst_opt.io.values import neutralise
from gst_opt.text import Message

Cell = str | int | float | bool | None


def write_rows(path: str | PathLike[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV file (UTF-8) whole or not at all.

    Text that begins with ``= + - @``, a tab or a return gets an apostrophe before it; numbers stay as they are.

    Raises
    ------
    GstOptError
        If the file cannot be written.
    """
    with replacing(path) as stream:
        put_rows(stream, header, rows)


def put_rows(stream: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a header and rows to an open file."""
    stream.write(_line(header))
    stream.writelines(_line(row) for row in rows)


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[TextIO]:
    """Open a text file beside `path` that takes its place when all went well, and is removed otherwise.

    Raises
    ------
    GstOptError
        If the file cannot be written.
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.{getpid()}.tmp")
    try:
        try:
            with draft.open("w", encoding="utf-8", newline="") as stream:
                yield stream
            replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise GstOptError(Message("io.cannot_write", {"path": target})) from error


def _line(row: Sequence[Cell]) -> str:
    """Return one line; a lone empty cell is quoted, for an empty line is no row."""
    return (",".join(_cell(value) for value in row) or '""') + "\n"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = neutralise(value)
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',;"\t\r\n') else text
    return str(value) if isinstance(value, int) else repr(float(value))
