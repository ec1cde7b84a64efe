"""The tables of a grouping, as the checks across them read them."""

from collections.abc import Mapping
from typing import TypeVar

from gst_opt.core.frozen import Row

Tables = Mapping[str, tuple[Row, ...]]
AnyRow = TypeVar("AnyRow", bound=Row)


def positioned(tables: Tables, name: str, record: type[AnyRow]) -> list[tuple[int, AnyRow]]:
    """Return the rows of one table with their positions, from 1."""
    return [(position, row) for position, row in enumerate(tables.get(name, ()), 1) if isinstance(row, record)]
