"""The bytes of a CSV file as records with line numbers, whatever the bytes are."""

import csv
import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gst_opt.core.errors import DataProblem
from gst_opt.io.findings import Findings
from gst_opt.text import Message

MAX_FILE = 64 * 2**20
MAX_LINE = 64 * 2**10
MAX_RECORD = 4 * MAX_LINE
MAX_RECORD_LINES = 1000

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Line:
    """A line of the file, by number from 1, with its line end."""

    number: int
    text: str


@dataclass(frozen=True)
class Record:
    """The cells of one row, and the line where it begins."""

    line: int
    cells: tuple[str, ...]


class UnusableFileError(Exception):
    """A file cannot be used as a whole; `expected` says what it should have been. Readers list it as a problem."""

    def __init__(self, expected: Message) -> None:
        super().__init__(expected)
        self.expected = expected


def open_regular(path: Path, limit: int) -> BinaryIO:
    """Open a regular file (no pipe, device or folder) of at most `limit` bytes.

    Raises
    ------
    OSError
        If it cannot be opened.
    UnusableFileError
        If it is not such a file.
    """
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise UnusableFileError(Message("io.regular_file"))
    if info.st_size > limit:
        raise UnusableFileError(Message("io.file_size", {"limit": limit // 2**20}))
    return path.open("rb")


def unreadable(place: str, error: Exception) -> DataProblem:
    """Return the problem of a file that could not be opened."""
    expected = error.expected if isinstance(error, UnusableFileError) else Message("io.readable_file")
    return DataProblem(place, 0, "", place, expected)


class Lines:
    """The lines of an open file, one at a time, bad ones reported and left out; some can be put back.

    `lost` becomes true when a line was left out or reading stopped early: the file held rows that nobody saw.
    """

    def __init__(self, stream: BinaryIO, findings: Findings) -> None:
        self.lost = False
        self._stream = stream
        self._findings = findings
        self._pending: deque[Line] = deque()
        self._number = 0
        self._utf8 = True

    def next(self) -> Line | None:
        """Return the next good line, or None at the end of what can be read."""
        if self._pending:
            return self._pending.popleft()
        while not self._findings.full and (raw := self._stream.readline(MAX_LINE + 1)):
            self._number += 1
            text = self._text(raw)
            if text is not None:
                return Line(self._number, text)
            self.lost = True
            if self._number == 1:  # without the header the other lines mean nothing
                break
        self.lost |= self._findings.full
        return None

    def put_back(self, lines: list[Line]) -> None:
        """Have `lines` read again."""
        self._pending.extendleft(reversed(lines))

    def _text(self, raw: bytes) -> str | None:
        if len(raw) > MAX_LINE:
            self._skip_line(raw)
            self._refuse(raw, Message("io.line_length", {"limit": MAX_LINE // 2**10}))
            return None
        if self._number == 1 and raw.startswith(_UTF16_MARKS):
            self._stop(raw)
            return None
        try:
            text = raw.decode("utf-8-sig" if self._number == 1 else "utf-8")
        except UnicodeDecodeError:
            if b"\0" in raw:
                self._stop(raw)
                return None
            return self._other_encoding(raw)
        if "\0" in text:
            self._refuse(raw, Message("io.no_nul"))
            return None
        return text

    def _skip_line(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(MAX_LINE)

    def _stop(self, raw: bytes) -> None:
        """Report a file that is no text, and read no more of it."""
        self._refuse(raw, Message("io.utf8"))
        self._stream.seek(0, os.SEEK_END)

    def _refuse(self, raw: bytes, expected: Message) -> None:
        self._findings.add(self._number, "", raw[:200].decode("utf-8", "backslashreplace").rstrip("\r\n"), expected)

    def _other_encoding(self, raw: bytes) -> str:
        """Report the encoding once, then read on as the usual other one does, to find what else is wrong."""
        if self._utf8:
            self._refuse(raw, Message("io.utf8"))
        self._utf8 = False
        return raw.decode("cp1252", "replace")


def separator_of(header: str, known: set[str]) -> str:
    """Return the separator that finds the most known columns in the header line, then the most cells.

    Examples
    --------
    >>> separator_of("id;name, as people know it;level", {"id", "name", "level"})
    ';'
    """

    def score(separator: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in header.strip("\r\n").split(separator)]
        return len(known.intersection(cells)), len(cells)

    return max((",", ";", "\t"), key=score)


def records(lines: Lines, separator: str, findings: Findings) -> Iterator[Record]:
    """Yield the rows that are not empty; one with bad quotes is reported, and the lines after it read afresh."""
    while (first := lines.next()) is not None:
        extra: list[Line] = []
        try:
            cells = next(csv.reader(_feed(first, lines, extra), delimiter=separator, strict=True))
        except csv.Error:
            findings.add(first.number, "", first.text.rstrip("\r\n"), Message("io.quotes"))
            lines.lost = True
            lines.put_back(extra)
            continue
        if any(cells):
            yield Record(first.number, tuple(cells))


def _feed(first: Line, lines: Lines, extra: list[Line]) -> Iterator[str]:
    """Yield the line and, as long as the reader asks, those that follow; note them in `extra`."""
    yield first.text
    size = len(first.text)
    while size < MAX_RECORD and len(extra) < MAX_RECORD_LINES and (line := lines.next()) is not None:
        extra.append(line)
        size += len(line.text)
        yield line.text
