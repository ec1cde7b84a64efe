"""A larger grouping made of a smaller one: copies side by side, with roads between them.

Every copy has the facilities, people and staff of the original under other ids and in provinces of its own, one region
width further east. The easternmost zones of a copy have a road to the nearest zone of the next one. Skills, standards
and premiums are shared; yearly envelopes and training places are as many times larger.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping, grouping_tables, rows_of
from gst_opt.core.region import Road, Zone
from gst_opt.core.units import reference_of
from gst_opt.network.minutes import great_circle_km

PLACES = frozenset({"facilities", "zones", "places"})
NAMES = frozenset({"name", "commune", "province"})
SHARED = {"new_posts": "posts", "trainings": "places"}
LINKS = 5
DETOUR, KM_PER_HOUR = 1.3, 50.0


def side_by_side(grouping: Grouping, copies: int) -> Grouping:
    """Return a grouping of so many copies; of one, the grouping itself."""
    if copies == 1:
        return grouping
    changed: dict[str, dict[str, tuple[Row, ...]]] = {}
    for table in grouping_tables():
        rows = rows_of(grouping, table)
        if table.name in SHARED:
            column = SHARED[table.name]
            rows = tuple(row.replace(**{column: copies * getattr(row, column)}) for row in rows)
        elif _is_local(table.row):
            rows = tuple({one: None for number in range(copies) for one in _copied(rows, number, _width(grouping))})
        changed.setdefault(table.section, {})[table.name] = rows
    zones = [row for row in changed["region"]["zones"] if isinstance(row, Zone)]
    changed["region"]["roads"] += tuple(_links(zones, len(zones) // copies))
    sections = {name: getattr(grouping, name).replace(**rows) for name, rows in changed.items() if name}
    return grouping.replace(id=f"{grouping.id}-x{copies}", **changed.get("", {}), **sections)


def _is_local(row: type[Row]) -> bool:
    fields = row.model_fields
    return (
        "latitude" in fields or "province" in fields or any(reference_of(field) in PLACES for field in fields.values())
    )


def _width(grouping: Grouping) -> float:
    """Return the degrees of longitude from one copy to the next."""
    east = [zone.longitude for zone in grouping.region.zones if zone.longitude is not None]
    return round(max(east) - min(east), 2) + 0.1


def _copied(rows: tuple[Row, ...], number: int, width: float) -> Iterator[Row]:
    """Yield the rows of one copy; a target for the whole region stays as it is."""
    if number == 0:
        yield from rows
        return
    for row in rows:
        fields, values = type(row).model_fields, {}
        for column, field in fields.items():
            value = getattr(row, column)
            if isinstance(value, str) and value != "*":
                if reference_of(field) in PLACES or (column == "id" and "latitude" in fields):
                    values[column] = f"{value}.{number}"
                elif column in NAMES:
                    values[column] = f"{value} {number}"
            elif column == "longitude" and value is not None:
                values[column] = value + number * width
        yield row.replace(**values)


def _links(zones: list[Zone], size: int) -> Iterator[Road]:
    """Yield the roads from each copy to the next."""
    copies = [zones[start : start + size] for start in range(0, len(zones), size)]
    for here, there in pairwise(copies):
        for zone in sorted(here, key=lambda zone: -(zone.longitude or 0.0))[:LINKS]:
            point = np.radians([zone.latitude or 0.0]), np.radians([zone.longitude or 0.0])
            others = (np.radians([getattr(one, side) or 0.0 for one in there]) for side in ("latitude", "longitude"))
            km = DETOUR * great_circle_km(*point, *others)
            nearest = int(np.argmin(km))
            length = round(float(km[nearest]), 1)
            yield Road(origin=zone.id, destination=there[nearest].id, km=length, minutes=60 * length / KM_PER_HOUR)
