"""How far the figures of the diagnosis rest on estimates, from the labels of their sources; no solver."""

from collections.abc import Mapping
from enum import StrEnum
from statistics import fmean

from gst_opt.core.grouping import Grouping
from gst_opt.core.sources import SourceLabel

SOFT = (SourceLabel.ESTIMATE, SourceLabel.SYNTHETIC)
"""Labels of figures that nobody published."""


class Figure(StrEnum):
    """A figure of the diagnosis."""

    UNITS = "units"
    USE = "use"
    BEDS = "beds"
    OCCUPANCY = "occupancy"
    DUPLICATES = "duplicates"
    DEMAND = "demand"
    REACH = "reach"
    COVER = "cover"
    UNITS_PER_MILLION = "units_per_million"
    STAFF_PER_1000 = "staff_per_1000"
    BEDS_PER_1000 = "beds_per_1000"


Columns = tuple[tuple[str, str], ...]

_UNITS: Columns = (("equipment_units", "units"),)
_USE: Columns = (
    *_UNITS,
    ("equipment_types", "sessions_per_week"),
    ("equipment_types", "minutes_per_session"),
    ("equipment_types", "weeks_per_year"),
    ("sessions", "half_days"),
    ("session_standards", "minutes_per_act"),
    ("activity", "acts"),
)
_BEDS: Columns = (("ward_beds", "beds"),)
_PEOPLE: Columns = (("populations", "inhabitants"),)
_JOURNEYS: Columns = (("roads", "minutes"), ("travel_times", "minutes"), ("terrain_speeds", "km_per_hour"))
_INPUTS: Mapping[Figure, Columns] = {
    Figure.UNITS: _UNITS,
    Figure.USE: _USE,
    Figure.BEDS: _BEDS,
    Figure.OCCUPANCY: (*_BEDS, ("stay_standards", "days"), ("activity", "acts")),
    Figure.DUPLICATES: (*_USE, *_JOURNEYS),
    Figure.DEMAND: (
        *_PEOPLE,
        ("demand", "acts"),
        ("demand_rates", "acts_per_1000"),
        ("demand_rates", "rural_factor"),
        ("service_totals", "acts"),
        ("pathways", "share"),
        ("pathway_steps", "share"),
        ("pathway_steps", "returning"),
    ),
    Figure.REACH: (
        ("services", "max_travel"),
        *_PEOPLE,
        *_UNITS,
        ("session_standards", "service"),
        ("stay_standards", "service"),
        *_JOURNEYS,
    ),
    Figure.COVER: (("cover_standards", "minutes"), *_PEOPLE, *_UNITS, *_JOURNEYS),
    Figure.UNITS_PER_MILLION: (*_UNITS, *_PEOPLE),
    Figure.STAFF_PER_1000: (("staff", "heads"), *_PEOPLE),
    Figure.BEDS_PER_1000: (*_BEDS, *_PEOPLE),
}
"""Columns that each figure is made of, first the one without which there is no such figure."""

_ANY_OF = {Figure.DEMAND: ("demand", "demand_rates", "service_totals")}
"""Tables one of which is enough for a figure, where it is not the first column's."""


def shares(grouping: Grouping) -> dict[Figure, tuple[int, float, float]]:
    """Return, for each figure, its columns with rows, and their mean shares estimated and without a source.

    Each column counts as much as another: a product is as sure as its factors, however long their tables. A column
    with several sources, each for some rows, counts them equally: their rows are named in words.
    """
    rows = grouping.tables()
    return {
        figure: shares_of(grouping, columns)
        for figure, columns in _INPUTS.items()
        if any(rows[table] for table in _ANY_OF.get(figure, (columns[0][0],)))
    }


def shares_of(grouping: Grouping, columns: Columns) -> tuple[int, float, float]:
    """Return how many of some columns have rows, and their mean shares estimated and without a source; see `shares`."""
    rows = grouping.tables()
    labels: dict[tuple[str, str], list[SourceLabel]] = {}
    for source in grouping.sources:
        labels.setdefault((source.table, source.column), []).append(source.label)
    own = [labels.get((table, column)) or labels.get((table, "*")) or [] for table, column in columns if rows[table]]
    if not own:
        return 0, 0.0, 0.0
    soft = fmean(fmean(label in SOFT for label in column) if column else 0.0 for column in own)
    return len(own), soft, fmean(not column for column in own)
