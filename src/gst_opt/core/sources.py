"""Where the figures of a grouping come from, table by table and column by column."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.units import Label, Note


class SourceLabel(StrEnum):
    """How far a figure can be trusted."""

    OFFICIAL = "official"
    PRESS = "press"
    ESTIMATE = "estimate"
    SYNTHETIC = "synthetic"


class Source(Row):
    """The origin of one column of one table, for all of its rows or some of them."""

    key: ClassVar[tuple[str, ...]] = ("table", "column", "rows")

    table: Label = Field(description="Table")
    column: Label = Field(description="Column, or * for all")
    rows: Label = Field(default="*", description="Rows that it holds for, in words; * for all")
    label: SourceLabel = Field(description="official, press, estimate or synthetic")
    source: Note = Field(description="Who published the figure, or the rule that made it")
