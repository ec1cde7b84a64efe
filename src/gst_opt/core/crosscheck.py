"""What rows of different tables, or of one table, must say of one another."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from gst_opt.core.crosscheck_catalogue import catalogue_problems
from gst_opt.core.crosscheck_finances import finance_problems
from gst_opt.core.crosscheck_platforms import platform_problems
from gst_opt.core.crosscheck_staff import staff_problems
from gst_opt.core.crosscheck_support import support_problems
from gst_opt.core.errors import DataProblem
from gst_opt.core.region import Facility, Zone
from gst_opt.core.sources import Source
from gst_opt.core.tables import Tables, repeated
from gst_opt.core.time import Grain, Period, bounds
from gst_opt.core.units import reference_of
from gst_opt.text import Message


def problems(tables: Tables, refused: Mapping[str, Collection[str]] | None = None) -> list[DataProblem]:
    """Return everything that rows contradict in one another, all at once.

    Parameters
    ----------
    tables
        Rows by table; a problem's `row` is the position in its table, from 1.
    refused
        Ids of rows that were refused for another reason, by table, so that rows that refer to them, or that are
        judged by a table's rows together, are not reported as well.
    """
    return [
        *_duplicates(tables),
        *_unknown_references(tables, refused or {}),
        *_places(tables),
        *_facilities(tables, zones_are_whole="zones" not in (refused or {})),
        *_coordinates(tables),
        *_periods(tables, whole="periods" not in (refused or {})),
        *_sources(tables),
        *staff_problems(tables, refused or {}),
        *platform_problems(tables, refused or {}),
        *catalogue_problems(tables, refused or {}),
        *finance_problems(tables, refused or {}),
        *support_problems(tables, refused or {}),
    ]


def _duplicates(tables: Tables) -> Iterator[DataProblem]:
    for name, rows in tables.items():
        yield from repeated(name, rows)


def _unknown_references(tables: Tables, refused: Mapping[str, Collection[str]]) -> Iterator[DataProblem]:
    known = {
        name: {row.key_values()[0] for row in rows if row.key == ("id",)} | set(refused.get(name, ()))
        for name, rows in tables.items()
    }
    known["periods"] = {str(getattr(row, "id", "")) for row in tables.get("periods", ())} | set(
        refused.get("periods", ())
    )
    known["places"] = known.get("facilities", set()) | known.get("zones", set())
    for name, rows in tables.items():
        if not rows:
            continue
        targets = {column: reference_of(field) for column, field in type(rows[0]).model_fields.items()}
        for column, target in targets.items():
            if not target:
                continue
            for position, row in enumerate(rows, 1):
                value = getattr(row, column)
                if value is not None and value not in known[target]:
                    yield DataProblem(
                        name, position, column, value, Message("core.unknown_reference", {"table": target})
                    )


def _places(tables: Tables) -> Iterator[DataProblem]:
    facilities = {facility.id for facility in _facility_rows(tables)}
    for position, zone in enumerate(tables.get("zones", ()), 1):
        if isinstance(zone, Zone) and zone.id in facilities:
            yield DataProblem("zones", position, "id", zone.id, Message("core.place_twice"))


def _facilities(tables: Tables, zones_are_whole: bool) -> Iterator[DataProblem]:
    by_id = {facility.id: facility for facility in _facility_rows(tables)}
    provinces = {zone.province for zone in tables.get("zones", ()) if isinstance(zone, Zone)}
    for position, facility in enumerate(_facility_rows(tables), 1):
        target = by_id.get(facility.reference or "")
        if facility.reference == facility.id:
            yield DataProblem("facilities", position, "reference", facility.id, Message("core.reference_to_itself"))
        elif target and target.level.rank <= facility.level.rank:
            expected = Message("core.reference_is_hospital", {"level": facility.level})
            yield DataProblem("facilities", position, "reference", target.id, expected)
        owner = by_id.get(facility.establishment or "")
        if owner and owner.establishment not in (None, owner.id):
            yield DataProblem(
                "facilities", position, "establishment", owner.id, Message("core.establishment_of_its_own")
            )
        if zones_are_whole and provinces and facility.province not in provinces:
            yield DataProblem("facilities", position, "province", facility.province, Message("core.known_province"))


def _coordinates(tables: Tables) -> Iterator[DataProblem]:
    for name in ("facilities", "zones"):
        for position, place in enumerate(tables.get(name, ()), 1):
            if isinstance(place, Facility | Zone) and (place.latitude is None) != (place.longitude is None):
                column, value = (
                    ("latitude", place.latitude) if place.longitude is None else ("longitude", place.longitude)
                )
                yield DataProblem(name, position, column, str(value), Message("core.coordinates_together"))


def _periods(tables: Tables, whole: bool) -> Iterator[DataProblem]:
    rows = [row for row in tables.get("periods", ()) if isinstance(row, Period)]
    first_with: dict[str, int] = {}
    for position, period in enumerate(rows, 1):
        namesake = first_with.setdefault(period.id, position)
        if period.start != rows[namesake - 1].start:
            expected = Message("core.duplicate", {"columns": "id", "row": namesake})
            yield DataProblem("periods", position, "id", period.id, expected)
        start, end = bounds(period.grain, period.start)
        if period.grain is not rows[0].grain:
            expected = Message("core.period_same_grain", {"grain": rows[0].grain})
            yield DataProblem("periods", position, "grain", period.grain, expected)
        elif (period.start, period.end) != (start, end):
            column, value = ("start", period.start) if period.start != start else ("end", period.end)
            expected = Message("core.period_bounds", {"grain": period.grain, "start": start, "end": end})
            yield DataProblem("periods", position, column, str(value), expected)
        elif whole and position > 1 and period.grain is not Grain.HALF_DAY:
            previous = rows[position - 2]
            follows = period.start - previous.end == timedelta(days=1)
            if not follows and bounds(previous.grain, previous.start) == (previous.start, previous.end):
                expected = Message("core.period_after", {"end": previous.end})
                yield DataProblem("periods", position, "start", str(period.start), expected)


def _sources(tables: Tables) -> Iterator[DataProblem]:
    columns = {name: set(type(rows[0]).model_fields) for name, rows in tables.items() if rows}
    for position, row in enumerate(tables.get("sources", ()), 1):
        if not isinstance(row, Source):
            continue
        if row.table not in tables:
            yield DataProblem("sources", position, "table", row.table, Message("core.known_table"))
        elif row.column != "*" and row.column not in columns.get(row.table, {row.column}):
            expected = Message("core.known_column", {"table": row.table})
            yield DataProblem("sources", position, "column", row.column, expected)


def _facility_rows(tables: Tables) -> list[Facility]:
    return [row for row in tables.get("facilities", ()) if isinstance(row, Facility)]
