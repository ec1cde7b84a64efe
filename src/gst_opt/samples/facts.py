"""The small fact tables that the samples are drawn from; each row says its source and how far to trust it."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import TypeVar

from gst_opt.core.frozen import Row

RowT = TypeVar("RowT", bound=Row)


def facts(table: str) -> list[dict[str, str]]:
    """Read one table of the folder ``facts``, as text by column."""
    source = files(__package__).joinpath("facts", f"{table}.csv")
    return list(csv.DictReader(StringIO(source.read_text(encoding="utf-8"), newline="")))


@cache
def rules() -> Mapping[str, str]:
    """Return the values of the rules that place what no source gives, by name; ``rules.csv`` has their units."""
    return MappingProxyType({row["name"]: row["value"] for row in facts("rules")})


def records(table: str, record: type[RowT]) -> tuple[RowT, ...]:
    """Return the rows of a fact table as records: its columns that are fields, empty cells as their defaults."""
    return tuple(
        record.model_validate({column: cell for column, cell in row.items() if column in record.model_fields and cell})
        for row in facts(table)
    )
