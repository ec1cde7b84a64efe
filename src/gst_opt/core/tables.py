"""The tables of a grouping and the records of a policy, as the checks across them read them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from gst_opt.core.errors import DataProblem
from gst_opt.core.frozen import Frozen, Row
from gst_opt.text import Message

Tables = Mapping[str, tuple[Row, ...]]
AnyRow = TypeVar("AnyRow", bound=Row)


def positioned(tables: Tables, name: str, record: type[AnyRow]) -> list[tuple[int, AnyRow]]:
    """Return the rows of one table with their positions, from 1."""
    return [(position, row) for position, row in enumerate(tables.get(name, ()), 1) if isinstance(row, record)]


def repeated(name: str, rows: Iterable[Row]) -> Iterator[DataProblem]:
    """Yield the rows of one table whose key an earlier row has."""
    seen: dict[tuple[str, ...], int] = {}
    for position, row in enumerate(rows, 1):
        first = seen.setdefault(row.key_values(), position)
        if first != position:
            columns = ", ".join(row.key)
            expected = Message("core.duplicate", {"columns": columns, "row": first})
            yield DataProblem(name, position, columns, ", ".join(row.key_values()), expected)


def unknown_references(
    name: str, records: Iterable[Frozen], known: Mapping[str, tuple[str, Collection[str]]]
) -> Iterator[DataProblem]:
    """Yield what records name and the data does not have.

    Parameters
    ----------
    name
        What the records are called together, such as ``pins``.
    records
        Records; a column that one does not have, or leaves empty, refers to nothing.
    known
        By column: the table that it refers to, and what that has.
    """
    for position, record in enumerate(records, 1):
        for column, (target, ids) in known.items():
            value = getattr(record, column, None)
            if value is not None and value not in ids:
                yield DataProblem(name, position, column, value, Message("core.unknown_reference", {"table": target}))
