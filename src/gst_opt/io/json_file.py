"""A grouping as one JSON file: its sections, each with its tables, and ``format_version`` at the top."""

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from gst_opt.core.errors import DataError, DataProblem
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping, grouping_tables
from gst_opt.io.assembly import assemble
from gst_opt.io.cells import replacing
from gst_opt.io.columns import columns_of
from gst_opt.io.csv_text import UnusableFileError, open_regular, unreadable
from gst_opt.io.draft import FORMAT_VERSION, HEAD, Draft, Head
from gst_opt.io.findings import MAX_ROWS, Findings, nearest, printable, suggestion
from gst_opt.io.header import refusal
from gst_opt.io.values import Scalar, from_json, whole_or_float
from gst_opt.text import Message

MAX_JSON = 32 * 2**20

_VERSION = "format_version"


class _Repeated(dict[str, object]):
    """A JSON object that says some names more than once."""

    names: tuple[str, ...] = ()


def read_json(path: str | PathLike[str]) -> Grouping:
    """Read a grouping from a JSON file; `json_schema` describes it.

    Raises
    ------
    DataError
        Naming everything wrong, by table, row (from 1) and column.
    """
    file = Path(path)
    place = printable(file.name)
    root = _load(file, place)
    top = Findings(place)
    head = Draft(HEAD, HEAD.name)
    drafts = {table.name: Draft(table, table.name) for table in grouping_tables()}
    tables: dict[str, object] = {}
    for section in dict.fromkeys(table.section for table in grouping_tables()):
        own = [table.name for table in grouping_tables() if table.section == section]
        content = root.get(section, {}) if section else root
        if isinstance(content, dict):
            meant = _check_names(content, own if section else [_VERSION, *Grouping.model_fields], section, top)
            tables |= {name: content[name] for name in own if name in content}
        else:
            top.add(0, section, shown(content), Message("io.json_object"))
            meant = set(own)
        for table in grouping_tables():
            drafts[table.name].opaque |= table.name in meant or (not section and table.section in meant)
    _take(head, 0, {name: root[name] for name in columns_of(Head) if name in root}, {})
    for name, rows in tables.items():
        _read_table(drafts[name], rows)
    return assemble(head, drafts.values(), top.problems)


def write_json(grouping: Grouping, path: str | PathLike[str]) -> None:
    """Write a grouping as a JSON file that `read_json` reads back equal, whole or not at all.

    Raises
    ------
    GstOptError
        If the file cannot be written.
    """
    content = {_VERSION: FORMAT_VERSION} | grouping.model_dump(mode="json")
    with replacing(path) as stream:
        json.dump(content, stream, ensure_ascii=False, allow_nan=False, indent=1)
        stream.write("\n")


def shown(value: object) -> str:
    """Return a value as a JSON file has it, however deep it is."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return value if isinstance(value, str) else json.dumps(value)


def _load(file: Path, place: str) -> Mapping[str, object]:
    """Parse the file; what stops that is the only problem reported."""
    try:
        with open_regular(file, MAX_JSON) as stream:
            text = stream.read(MAX_JSON + 1).decode("utf-8-sig")
        if text.count("{") > MAX_ROWS or text.count("[") > MAX_ROWS:
            raise UnusableFileError(Message("io.row_count", {"limit": MAX_ROWS}))
        root = json.loads(text, object_pairs_hook=_object, parse_int=whole_or_float)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError([DataProblem(place, line, "", place, Message("io.utf8"))]) from error
    except json.JSONDecodeError as error:
        near = error.doc[error.pos : error.pos + 20]
        raise DataError([DataProblem(place, error.lineno, str(error.colno), near, Message("io.json_text"))]) from error
    except RecursionError as error:
        raise DataError([DataProblem(place, 0, "", place, Message("io.json_depth"))]) from error
    except (OSError, ValueError, UnusableFileError) as error:
        raise DataError([unreadable(place, error)]) from error
    if not isinstance(root, dict):
        raise DataError([DataProblem(place, 0, "", shown(root), Message("io.json_object"))])
    return root


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    repeated = _Repeated(content)
    names = [name for name, _ in pairs]
    repeated.names = tuple(sorted({name for name in names if names.count(name) > 1}))
    return repeated


def _check_names(content: Mapping[str, object], known: list[str], section: str, top: Findings) -> set[str]:
    """Report names that an object must not have, or has twice; return the absent ones that were probably meant."""
    prefix = f"{section}." if section else ""
    meant = set()
    for name in content:
        if name not in known:
            close = nearest(name, known)
            top.add(0, prefix + name, name, Message("io.known_name", {"suggestion": suggestion(close)}))
            meant.add(close)
    for name in content.names if isinstance(content, _Repeated) else ():
        top.add(0, prefix + name, name, Message("io.name_once"))
    return meant.difference(content)


def _read_table(draft: Draft, rows: object) -> None:
    if not isinstance(rows, list):
        draft.findings.add(0, "", shown(rows), Message("io.json_list"))
        draft.opaque = True
        return
    strangers: dict[str, str] = {}
    for position, row in enumerate(rows, 1):
        if isinstance(row, dict):
            _take(draft, position, row, strangers)
        else:
            draft.findings.add(position, "", shown(row), Message("io.json_object"))
            draft.opaque = True
        if draft.findings.full:
            draft.opaque = True
            return


def _take(draft: Draft, position: int, row: Mapping[str, object], strangers: dict[str, str]) -> None:
    """Add a row; a name that the table does not have is reported where it is met first.

    `strangers` holds such names, each with the column probably meant, whose default must not stand in for it.
    """
    record: type[Row] = draft.table.row
    columns = columns_of(record)
    values: dict[str, Scalar] = {}
    refused: set[str] = set()
    for name, value in row.items():
        column = columns.get(name)
        if column is None:
            if name not in strangers:
                draft.findings.add(position, name, name, refusal(record, name))
                strangers[name] = nearest(name, columns)
            if strangers[name] in columns.keys() - row.keys() and not columns[strangers[name]].required:
                refused.add(strangers[name])
            continue
        try:
            values[name] = None if value is None else from_json(column, value)
        except ValueError:
            draft.findings.add(position, name, shown(value), column.expected)
            refused.add(name)
    for name in row.names if isinstance(row, _Repeated) else ():
        draft.findings.add(position, name, name, Message("io.name_once"))
    draft.take(position, values, refused, lambda name: shown(row.get(name)) if name in row else "")
