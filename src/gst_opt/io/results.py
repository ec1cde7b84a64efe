"""A result in a folder: ``plan.json`` with the proof and the plan, and one CSV file a plan table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import Any

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.io.cells import put_rows, replacing
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.solve.result import Result
from gst_opt.text import Message

PLAN_FILE = "plan.json"
BYTE_ORDER_MARK = "\ufeff"
TOTAL = "*"
"""First cell of the row of totals that ends some tables of a plan."""

Names = Mapping[str, Mapping[str, str]]
"""Names to write beside the ids of a column, by column and id."""


def write_result(
    result: Result[Any], folder: str | PathLike[str], names: Names, beside: Iterable[PlanTable] = ()
) -> tuple[Path, ...]:
    """Write a result, and tables made from it (`beside`), and return the files, ``plan.json`` first.

    ``plan.json`` holds ``status``, ``stop``, ``objective``, ``bound``, ``gap`` (null when nothing was proven),
    ``checked``, ``terms``, ``stages``, ``violations``, ``conflict``, ``provenance``, ``tables`` (the CSV files), then
    ``plan``.
    The CSV files begin with a byte order mark, so that a spreadsheet reads them as UTF-8. Each column of ids that
    `names` knows is followed by one of names (``facility``, ``facility_name``); rows of totals are left out, so that
    a column can be added up. Files that an earlier result left here and that this one does not have are removed.

    Raises
    ------
    GstOptError
        If the folder holds a grouping (its tables would be overwritten) or cannot be written.
    """
    target = output_folder(folder)
    tables = (*(() if result.plan is None else result.plan.tables()), *beside)
    files = [f"{table.name}.csv" for table in tables]
    try:
        for stale in _tables_of(target / PLAN_FILE).difference(files):
            (target / stale).unlink(missing_ok=True)
    except OSError as error:
        raise GstOptError(Message("io.cannot_write", {"path": target})) from error
    write_tables(tables, target, names)
    with replacing(target / PLAN_FILE) as stream:
        json.dump(
            _content(result) | {"tables": files, "plan": _dump(result.plan)},
            stream,
            ensure_ascii=False,
            allow_nan=False,
            indent=1,
        )
        stream.write("\n")
    return tuple(target / file for file in (PLAN_FILE, *files))


def write_tables(tables: Iterable[PlanTable], folder: Path, names: Names) -> tuple[Path, ...]:
    """Write plan tables as CSV files, as `write_result` does, in a folder that is there; return the files.

    Raises
    ------
    GstOptError
        If a file cannot be written.
    """
    files = []
    for table in tables:
        files.append(folder / f"{table.name}.csv")
        with replacing(files[-1]) as stream:
            stream.write(BYTE_ORDER_MARK)
            rows = (list(_row(table, row, names)) for row in _without_total(table))
            put_rows(stream, list(_header(table, names)), rows)
    return tuple(files)


def output_folder(folder: str | PathLike[str]) -> Path:
    """Make a folder for results, unless it is there.

    Raises
    ------
    GstOptError
        If it holds a grouping, or cannot be made.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        is_grouping = (target / "grouping.csv").exists()
    except (OSError, ValueError) as error:
        raise GstOptError(Message("io.cannot_write", {"path": target})) from error
    if is_grouping:
        raise GstOptError(Message("io.holds_grouping", {"path": target}))
    return target


def _header(table: PlanTable, names: Names) -> Iterator[str]:
    for column in table.columns:
        yield column
        if column in names:
            yield f"{column}_name"


def _row(table: PlanTable, row: tuple[Cell, ...], names: Names) -> Iterator[Cell]:
    for column, cell in zip(table.columns, row, strict=True):
        yield cell
        if column in names:
            yield names[column].get(str(cell))


def _without_total(table: PlanTable) -> tuple[tuple[Cell, ...], ...]:
    return table.rows[:-1] if table.rows and table.rows[-1][0] == TOTAL else table.rows


def _tables_of(plan_file: Path) -> set[str]:
    """Return the CSV files that an earlier ``plan.json`` names beside it."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        names = json.loads(plan_file.read_text(encoding="utf-8"))["tables"]
        return {name for name in names if Path(name).name == name and name.endswith(".csv")}
    return set()


def _content(result: Result[Any]) -> dict[str, Any]:
    return {
        "status": result.status,
        "stop": result.stop,
        "objective": result.objective,
        "bound": result.bound,
        "gap": _finite(result.gap),
        "checked": result.checked,
        "terms": [_dump(term) for term in result.terms],
        "stages": [_dump(stage) | {"gap": _finite(stage.gap)} for stage in result.stages],
        "violations": [vars(violation) for violation in result.violations],
        "conflict": _dump(result.conflict),
        "provenance": _dump(result.provenance),
    }


def _dump(record: Frozen | None) -> Any:
    return None if record is None else record.model_dump(mode="json")


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
