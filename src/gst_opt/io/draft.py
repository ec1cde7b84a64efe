"""The rows of one table as a reader meets them: good, broken, and what is wrong."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Literal

from pydantic import Field, ValidationError

from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Table
from gst_opt.core.units import Identifier, Label
from gst_opt.io.columns import columns_of
from gst_opt.io.findings import Findings
from gst_opt.io.values import Scalar

FORMAT_VERSION = 1


class Head(Row):
    """What is said once of a grouping: its one row in ``grouping.csv``, or the top of a JSON file."""

    format_version: Literal[1] = Field(description="Version of the format")
    id: Identifier = Field(description="Identifier of the grouping")
    name: Label = Field(description="Name")


HEAD = Table("grouping", "", Head)


class Draft:
    """The rows of one table as they are read: good ones, broken ones, and what is wrong.

    `stray` holds the cells of rows that are out of step with the header: one of them is the id. `opaque` is true when
    the source held rows whose ids nobody could read: then no reference to the table can be called unknown.
    """

    def __init__(self, table: Table, place: str) -> None:
        self.table = table
        self.findings = Findings(place)
        self.good: list[tuple[int, Row]] = []
        self.broken: list[tuple[int, Mapping[str, Scalar]]] = []
        self.stray: set[str] = set()
        self.opaque = False

    @property
    def incomplete(self) -> bool:
        """Whether the source holds rows that are not among the good ones."""
        return self.opaque or bool(self.broken or self.stray)

    def take(
        self, line: int, values: Mapping[str, Scalar], refused: Collection[str], text: Callable[[str], str]
    ) -> None:
        """Add a row: the values of its columns, the columns already reported, and how a value was written."""
        flawed = set(refused)
        row: Row | None = None
        try:
            row = self.table.row.model_validate(values)
        except ValidationError as error:
            columns = columns_of(self.table.row)
            for column in dict.fromkeys(str(flaw["loc"][0]) for flaw in error.errors(include_url=False)):
                if column not in flawed:
                    self.findings.add(line, column, text(column), columns[column].expected)
                flawed.add(column)
        if row is not None and not flawed:
            self.good.append((line, row))
            return
        defaults = {
            name: field.default for name, field in self.table.row.model_fields.items() if not field.is_required()
        }
        sound = {name: value for name, value in (defaults | dict(values)).items() if name not in flawed}
        self.broken.append((line, sound))
        self.opaque |= "id" in flawed

    def ids(self) -> set[str]:
        """Return what can be the id of a row, good or not."""
        if "id" not in self.table.row.model_fields:
            return set()
        good = {str(getattr(row, "id", "")) for _, row in self.good}
        return good | {str(values["id"]) for _, values in self.broken if "id" in values} | self.stray

    def keys(self) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        """Yield line, key and whether the row is good, for each row whose key is whole."""
        yield from ((line, row.key_values(), True) for line, row in self.good)
        for line, values in self.broken:
            if all(name in values for name in self.table.row.key):
                yield line, tuple(str(values[name]) for name in self.table.row.key), False
