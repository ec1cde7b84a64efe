"""A grouping: one region with all that its facilities have, do, buy and spend, checked across its tables."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from gst_opt.core import crosscheck
from gst_opt.core.catalogue import Catalogue
from gst_opt.core.equipment import Equipment
from gst_opt.core.errors import DataError
from gst_opt.core.finances import Finances
from gst_opt.core.frozen import Row, Section
from gst_opt.core.pathways import Pathway, PathwayStep
from gst_opt.core.region import Region
from gst_opt.core.services import Activity, Demand, DemandRate, Service, ServiceTotal
from gst_opt.core.sources import Source
from gst_opt.core.stocks import Stocks
from gst_opt.core.support import Support
from gst_opt.core.tenders import Tenders
from gst_opt.core.time import Horizon
from gst_opt.core.units import Identifier, Label
from gst_opt.core.workforce import Workforce


class Table(NamedTuple):
    """Where one table stands in a grouping: its name, its section (empty at the top) and its record."""

    name: str
    section: str
    row: type[Row]


class Grouping(Section):
    """A region with its people, equipment, purchases, support functions and money.

    Tables may be given in any order; they are kept sorted by key, so that the same data make the same grouping.

    Raises
    ------
    DataError
        Listing every row that contradicts another: unknown ids, duplicate keys, impossible referrals, ...
    """

    id: Identifier = Field(description="Identifier of the grouping")
    name: Label = Field(description="Name")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of every table with a period")
    region: Region = Field(default=Region(), description="Facilities, people, roads")
    services: tuple[Service, ...] = Field(default=(), description="What is counted in acts")
    pathways: tuple[Pathway, ...] = Field(default=(), description="Patients who go through the same steps")
    pathway_steps: tuple[PathwayStep, ...] = Field(default=(), description="Steps of the pathways")
    activity: tuple[Activity, ...] = Field(default=(), description="Acts done")
    demand: tuple[Demand, ...] = Field(default=(), description="Acts needed")
    demand_rates: tuple[DemandRate, ...] = Field(
        default=(), description="Acts needed by age, where demand is not known"
    )
    service_totals: tuple[ServiceTotal, ...] = Field(default=(), description="Acts that the whole region needs")
    workforce: Workforce = Field(default=Workforce(), description="Skills, staff, standards")
    equipment: Equipment = Field(default=Equipment(), description="Technical platforms")
    catalogue: Catalogue = Field(default=Catalogue(), description="What is bought, and how much of it")
    tenders: Tenders = Field(default=Tenders(), description="Suppliers, their offers, lots")
    stocks: Stocks = Field(default=Stocks(), description="Depots and deliveries")
    support: Support = Field(default=Support(), description="Support functions")
    finances: Finances = Field(default=Finances(), description="Money")
    sources: tuple[Source, ...] = Field(default=(), description="Where the figures come from")

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        problems = crosscheck.problems(self.tables())
        if problems:
            raise DataError(problems)
        return self

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {len(rows)}" for name, rows in self.tables().items() if rows)
        return f"Grouping({self.id!r}: {rows})"

    __str__ = __repr__

    def tables(self) -> dict[str, tuple[Row, ...]]:
        """Return every table by name."""
        return {table.name: rows_of(self, table) for table in grouping_tables()}


def rows_of(grouping: Grouping, table: Table) -> tuple[Row, ...]:
    """Return the rows of one table of a grouping."""
    owner = getattr(grouping, table.section) if table.section else grouping
    rows: tuple[Row, ...] = getattr(owner, table.name)
    return rows


def with_tables(grouping: Grouping, tables: Mapping[str, tuple[Row, ...]]) -> Grouping:
    """Return a grouping with other rows in some of its tables."""
    sections: dict[str, dict[str, tuple[Row, ...]]] = {}
    for table in grouping_tables():
        if table.name in tables:
            sections.setdefault(table.section, {})[table.name] = tables[table.name]
    own = sections.pop("", {})
    return grouping.replace(
        **own, **{name: getattr(grouping, name).replace(**changed) for name, changed in sections.items()}
    )


@cache
def grouping_tables() -> tuple[Table, ...]:
    """Return every table of a grouping, read from the records themselves, in their order."""
    return tuple(_find_tables())


def _find_tables() -> Iterator[Table]:
    own = Grouping.tables_of()
    for name, field in Grouping.model_fields.items():
        if name in own:
            yield Table(name, "", own[name])
        elif isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from (Table(inner, name, row) for inner, row in field.annotation.tables_of().items())
