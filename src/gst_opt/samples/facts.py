"""The small fact tables that the samples are drawn from; each row says its source and how far to trust it."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType


def facts(table: str) -> list[dict[str, str]]:
    """Read one table of the folder ``facts``, as text by column."""
    source = files(__package__).joinpath("facts", f"{table}.csv")
    return list(csv.DictReader(StringIO(source.read_text(encoding="utf-8"), newline="")))


@cache
def rules() -> Mapping[str, str]:
    """Return the values of the rules that place what no source gives, by name; ``rules.csv`` has their units."""
    return MappingProxyType({row["name"]: row["value"] for row in facts("rules")})
