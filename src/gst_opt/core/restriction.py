"""A part of a grouping: some of its facilities and zones, the others left on the map only."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from gst_opt.core.careers import StaffingTarget
from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping, with_tables
from gst_opt.core.region import Facility, Population, Status
from gst_opt.core.services import DemandRate, ServiceTotal
from gst_opt.core.tables import Tables
from gst_opt.core.units import reference_of
from gst_opt.core.workforce import Staff
from gst_opt.text import Message

MAP = ("facilities", "zones", "roads", "travel_times")
"""Tables of places and ways between them: all of their rows stay."""

DELIVERIES = ("direct_deliveries", "depot_supplies")
"""Tables that say where a supplier delivers; one without a row in any delivers everywhere."""

REGION = "*"


def restrict(grouping: Grouping, facilities: Collection[str], zones: Collection[str]) -> Grouping:
    """Return a grouping that is some of the facilities of another, and the people of some of its zones.

    - Rows that refer to a facility or a zone left out go, and those that refer to rows gone: staff, activity,
      platforms, beds, stocks, demand, mobile units and where they dock. A supplier that delivered nowhere else goes.
    - Places stay on the map, so that journeys and referrals are as they were: facilities left out as excluded ones,
      zones left out without inhabitants.
    - What is known stays known: a skill that nobody is left of has a row of no heads; rates do not stand in for a
      service whose demand is recorded.
    - What the region has in common stays whole: services, standards, offers, tariffs, envelopes of posts, budgets.

    Parameters
    ----------
    grouping
        The whole.
    facilities, zones
        Ids of those that stay; a facility keeps its status.

    Raises
    ------
    GstOptError
        If an id is not one of a facility, or of a zone.
    """
    tables = grouping.tables()
    for name, ids in (("facilities", facilities), ("zones", zones)):
        unknown = sorted(set(ids) - _ids(tables[name]))
        if unknown:
            raise GstOptError(Message("core.unknown_members", {"table": name, "ids": ", ".join(unknown)}))
    kept = {"facilities": set(facilities), "zones": set(zones), "places": set(facilities) | set(zones)}
    narrowed = _cascade(tables, kept)
    stranded = _suppliers(tables) - _suppliers(narrowed)
    if stranded:
        kept["suppliers"] = _ids(narrowed["suppliers"]) - stranded
        narrowed = _cascade(tables, kept)
    narrowed["facilities"] = tuple(
        row if row.id in kept["facilities"] else row.replace(status=Status.EXCLUDED)
        for row in tables["facilities"]
        if isinstance(row, Facility)
    )
    narrowed["staff"] += tuple(_nobody(tables, narrowed, min(facilities, default="")))
    return with_tables(grouping, narrowed | _of_people(grouping, narrowed))


def _cascade(tables: Tables, kept: Mapping[str, set[str]]) -> dict[str, tuple[Row, ...]]:
    """Return every table without the rows that refer to what is not kept, or to a row gone for that reason."""
    known, narrowed, changed = dict(kept), dict(tables), True
    while changed:
        changed = False
        for name, rows in narrowed.items():
            left = _referring(name, rows, known)
            if len(left) < len(rows):
                narrowed[name] = left
                if rows[0].key == ("id",):
                    known[name] = _ids(left)
                    changed = True
    return narrowed


def _referring(name: str, rows: tuple[Row, ...], known: Mapping[str, set[str]]) -> tuple[Row, ...]:
    """Return the rows of a table that refer to known ids only, and whose own id is known."""
    if not rows or name in MAP:
        return rows
    targets = {column: reference_of(field) for column, field in type(rows[0]).model_fields.items()}
    columns = {column: known[target] for column, target in targets.items() if target in known}
    if name in known:
        columns["id"] = known[name]
    left = rows
    for column, ids in columns.items():
        left = tuple(row for row in left if getattr(row, column) is None or getattr(row, column) in ids)
    return left


def _suppliers(tables: Tables) -> set[str]:
    """Return the suppliers that say where they deliver."""
    return {str(getattr(row, "supplier", "")) for name in DELIVERIES for row in tables[name]}


def _nobody(tables: Tables, narrowed: Tables, facility: str) -> Iterator[Staff]:
    """Yield a row of no heads for every skill that the staff left has lost: without any, staff would be no limit."""
    here, everywhere = ({row.skill for row in rows["staff"] if isinstance(row, Staff)} for rows in (narrowed, tables))
    for skill in sorted(everywhere - here) if facility else ():
        yield Staff(facility=facility, skill=skill, heads=0)


def _of_people(whole: Grouping, narrowed: Tables) -> dict[str, tuple[Row, ...]]:
    """Return the rates of ages, and the targets of provinces, that people are left in."""
    recorded = {row.service for row in whole.demand}
    left = [row for row in narrowed["populations"] if isinstance(row, Population)]
    ages = {row.age_group for row in left}
    province = {zone.id: zone.province for zone in whole.region.zones}
    inhabited = {name for row in left if row.inhabitants for name in (province[row.zone], REGION)}
    return {
        "service_totals": tuple(
            row for row in narrowed["service_totals"] if isinstance(row, ServiceTotal) and row.service not in recorded
        ),
        "demand_rates": tuple(
            row
            for row in narrowed["demand_rates"]
            if isinstance(row, DemandRate) and row.age_group in ages and row.service not in recorded
        ),
        "staffing_targets": tuple(
            row for row in narrowed["staffing_targets"] if isinstance(row, StaffingTarget) and row.province in inhabited
        ),
    }


def _ids(rows: Iterable[Row]) -> set[str]:
    return {row.key_values()[0] for row in rows}
