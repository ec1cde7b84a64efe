"""A grouping as a folder of CSV tables: one file a table, and ``grouping.csv`` with its id and name."""

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from itertools import chain, islice
from os import PathLike
from pathlib import Path

from gst_opt.core.errors import DataError, DataProblem, GstOptError
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping, Table, grouping_tables, rows_of
from gst_opt.io.assembly import assemble
from gst_opt.io.cells import Cell, put_rows, replacing
from gst_opt.io.columns import columns_of
from gst_opt.io.csv_text import (
    MAX_FILE,
    Lines,
    Record,
    UnusableFileError,
    open_regular,
    records,
    separator_of,
    unreadable,
)
from gst_opt.io.draft import FORMAT_VERSION, HEAD, Draft, Head
from gst_opt.io.findings import MAX_PROBLEMS, MAX_ROWS, nearest, printable, suggestion
from gst_opt.io.header import positions, shifted
from gst_opt.io.values import Scalar, from_cell, is_blank
from gst_opt.text import Message

_REQUIRED = ("grouping", "facilities")
_ROWS_AHEAD = 20


def read_folder(path: str | PathLike[str]) -> Grouping:
    """Read a grouping from a folder of CSV files.

    UTF-8 with or without mark; separator ``,`` ``;`` or tab; decimal comma where the separator is not a comma;
    rows and columns in any order; an empty cell of an optional column takes the column's default.

    Raises
    ------
    DataError
        Naming everything wrong in every file, by file, line and column. Rows broken in one column are still checked
        in the others: their own values, their references and their key.
    """
    folder = Path(path)
    try:
        names = {entry.name for entry in folder.iterdir() if entry.name.casefold().endswith(".csv")}
    except (OSError, ValueError) as error:
        problem = DataProblem(folder.name, 0, "", str(path), Message("io.folder"))
        raise DataError([problem]) from error
    head, *drafts = (_read_table(folder, table, names) for table in (HEAD, *grouping_tables()))
    return assemble(head, drafts, _strangers(names, {draft.findings.place: draft for draft in (head, *drafts)}))


def write_folder(grouping: Grouping, path: str | PathLike[str]) -> None:
    """Write a grouping as a folder of CSV files that `read_folder` reads back equal.

    Files of tables that have become empty are removed. Nothing is replaced unless every table could be written.

    Raises
    ------
    DataError
        If a text holds a NUL character, which no CSV file can hold.
    GstOptError
        If the folder cannot be written.
    """
    folder = Path(path)
    tables = {table: rows_of(grouping, table) for table in grouping_tables()}
    tables = {table: rows for table, rows in tables.items() if rows or table.name in _REQUIRED}
    tables[HEAD] = (Head(format_version=FORMAT_VERSION, id=grouping.id, name=grouping.name),)
    problems = [problem for table, rows in tables.items() for problem in _with_nul(table, rows)]
    if problems:
        raise DataError(problems)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            for table, rows in tables.items():
                stream = files.enter_context(replacing(folder / f"{table.name}.csv"))
                header = tuple(columns_of(table.row))
                put_rows(stream, header, ([_cell(getattr(row, name)) for name in header] for row in rows))
                stream.flush()
        for table in grouping_tables():
            if table not in tables:
                (folder / f"{table.name}.csv").unlink(missing_ok=True)
    except OSError as error:
        raise GstOptError(Message("io.cannot_write", {"path": folder})) from error


def _read_table(folder: Path, table: Table, names: set[str]) -> Draft:
    draft = Draft(table, f"{table.name}.csv")
    name = draft.findings.place
    if name not in names:
        if table.name in _REQUIRED:
            draft.findings.add(0, "", name, Message("io.required_file"))
            draft.opaque = True
        return draft
    try:
        _check_inside(folder / name)
        with open_regular(folder / name, MAX_FILE) as stream:
            lines = Lines(stream, draft.findings)
            _read_rows(draft, lines)
            draft.opaque |= lines.lost
    except (OSError, UnusableFileError) as error:
        draft.findings.problems.append(unreadable(name, error))
        draft.opaque = True
    if table is HEAD and not draft.findings.problems and len(draft.good) != 1:
        row = draft.good[1][0] if draft.good else 0
        draft.findings.add(row, "", str(len(draft.good)), Message("io.one_row"))
    return draft


def _read_rows(draft: Draft, lines: Lines) -> None:
    columns = columns_of(draft.table.row)
    findings = draft.findings
    first = _first_line(lines)
    if first is None:
        if not lines.lost:
            findings.add(0, "", "", Message("io.header", {"names": ", ".join(columns)}))
        draft.opaque = True
        return
    separator = separator_of(first, set(columns))
    rows = records(lines, separator, findings)
    header = next(rows, None)
    if header is None or lines.lost:
        draft.opaque = True
        return
    place, missing = positions(draft.table.row, header.cells, header.line, findings)
    ahead = list(islice(rows, _ROWS_AHEAD))
    places: dict[int, Mapping[str, int]] = {len(header.cells): place}
    if ahead:
        usual, _ = Counter(len(record.cells) for record in ahead).most_common(1)[0]
        places = shifted(place, len(header.cells), usual) | places
    for count, record in enumerate(chain(ahead, rows)):
        if count == MAX_ROWS:
            findings.add(record.line, "", "", Message("io.row_count", {"limit": MAX_ROWS}))
            lines.lost = True
            return
        if len(record.cells) in places:
            _take(draft, record, places[len(record.cells)], missing, separator != ",")
        else:
            expected = Message("io.cell_count", {"count": len(header.cells)})
            findings.add(record.line, "", str(len(record.cells)), expected)
            draft.stray.update(record.cells)
        if findings.full:
            lines.lost = True
            return


def _take(draft: Draft, record: Record, place: Mapping[str, int], missing: frozenset[str], decimal_comma: bool) -> None:
    columns = columns_of(draft.table.row)
    values: dict[str, Scalar] = {}
    refused = set(missing)
    for name, position in place.items():
        column, text = columns[name], record.cells[position]
        if is_blank(column, text):
            continue
        try:
            values[name] = from_cell(column, text, decimal_comma)
        except ValueError:
            draft.findings.add(record.line, name, text, column.expected)
            refused.add(name)
    draft.take(record.line, values, refused, lambda name: record.cells[place[name]])


def _first_line(lines: Lines) -> str | None:
    """Return the first line with something on it, and leave it to be read."""
    while (line := lines.next()) is not None:
        if lines.lost:
            return None
        if line.text.strip():
            lines.put_back([line])
            return line.text
    return None


def _strangers(names: set[str], known: Mapping[str, Draft]) -> list[DataProblem]:
    """Report files that are no table; the table that one was meant for is not called empty."""
    problems = []
    strangers = sorted(names.difference(known))
    for name in strangers[:MAX_PROBLEMS]:
        meant = nearest(name, known)
        expected = Message("io.known_file", {"suggestion": suggestion(meant)})
        problems.append(DataProblem(printable(name), 0, "", name, expected))
        if meant and meant not in names:
            known[meant].opaque = True
    if len(strangers) > MAX_PROBLEMS:
        expected = Message("io.fewer_problems", {"limit": MAX_PROBLEMS})
        problems.append(DataProblem(printable(strangers[MAX_PROBLEMS]), 0, "", "", expected))
    return problems


def _check_inside(path: Path) -> None:
    """Refuse a link to a file elsewhere: a folder from a stranger must not make us read other files."""
    if os.path.dirname(os.path.realpath(path, strict=True)) != os.path.realpath(path.parent, strict=True):
        raise UnusableFileError(Message("io.inside_folder"))


def _cell(value: Scalar) -> Cell:
    return value.isoformat() if isinstance(value, date) else value


def _with_nul(table: Table, rows: tuple[Row, ...]) -> list[DataProblem]:
    return [
        DataProblem(table.name, position, name, value, Message("io.no_nul"))
        for position, row in enumerate(rows, 1)
        for name in columns_of(table.row)
        if isinstance(value := getattr(row, name), str) and "\0" in value
    ]
