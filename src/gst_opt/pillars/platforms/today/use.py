"""How far units and beds are used today, from what is recorded; no solver."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, TypeVar

from gst_opt.core.equipment import Equipment
from gst_opt.core.region import WardBeds
from gst_opt.core.services import Activity
from gst_opt.core.time import Horizon

DAYS = 365.0
"""Bed-days that one bed gives in a year."""

Place = TypeVar("Place")


class UseBasis(StrEnum):
    """What the use of units comes from."""

    SESSIONS = "sessions"
    ACTS = "acts"


class Use(NamedTuple):
    """The units of one type at one facility, their time in minutes a year, and what they do.

    Attributes
    ----------
    units
        Units present.
    open_minutes
        Time that they can be open: all the sessions of their type.
    used_minutes
        Time used; None where nothing that is recorded says.
    acts
        Acts that they make in a year; None where none that the type makes is recorded.
    basis
        What `used_minutes` comes from.
    """

    units: int
    open_minutes: float
    used_minutes: float | None
    acts: float | None
    basis: UseBasis | None


class BedUse(NamedTuple):
    """The beds of one ward of one facility, and the days a year that patients keep them; None where nothing says."""

    beds: int
    bed_days: float | None


def a_year(rows: Iterable[tuple[Place, str, float]], horizon: Horizon) -> dict[Place, float]:
    """Return sums by place, made yearly over all the periods that any row is recorded for.

    Raises
    ------
    GstOptError
        If a row is of a period that the calendar does not have.
    """
    totals: dict[Place, float] = {}
    periods = set()
    for place, period, value in rows:
        totals[place] = totals.get(place, 0.0) + value
        periods.add(period)
    length = horizon.years_in(periods)
    return {place: total / length for place, total in totals.items()}


def acts_done(activity: Iterable[Activity], horizon: Horizon) -> dict[tuple[str, str], float]:
    """Return the acts of a year by (facility, service)."""
    return a_year((((row.facility, row.service), row.period, row.acts) for row in activity), horizon)


def unit_uses(equipment: Equipment, acts: dict[tuple[str, str], float], horizon: Horizon) -> dict[tuple[str, str], Use]:
    """Return the use of the units present, by (facility, type).

    - Where sessions are recorded: their number x minutes_per_session of the type;
    - elsewhere, where acts of a service that the type makes are recorded: sum of acts x minutes_per_act. Acts that
      several types of the facility make are shared between them in proportion to the time that these are open.
    """
    types = {row.id: row for row in equipment.equipment_types}
    units: dict[tuple[str, str], int] = {}
    for row in equipment.equipment_units:
        place = row.facility, row.equipment_type
        units[place] = units.get(place, 0) + row.units
    open_minutes = {place: count * types[place[1]].minutes_per_year for place, count in units.items() if count}
    recorded = (((row.facility, row.equipment_type), row.period, row.half_days) for row in equipment.sessions)
    sessions = a_year(recorded, horizon)
    work = _work(equipment, acts, open_minutes)
    uses = {}
    for place, minutes in sorted(open_minutes.items()):
        made, worked = work.get(place, (None, None))
        if place in sessions:
            used = sessions[place] * types[place[1]].minutes_per_session
            uses[place] = Use(units[place], minutes, used, made, UseBasis.SESSIONS)
        else:
            uses[place] = Use(units[place], minutes, worked, made, None if worked is None else UseBasis.ACTS)
    return uses


def _work(
    equipment: Equipment, acts: dict[tuple[str, str], float], open_minutes: dict[tuple[str, str], float]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the acts recorded that units make, and the minutes that they take, by (facility, type)."""
    standards: dict[str, dict[str, float]] = {}
    for row in equipment.session_standards:
        standards.setdefault(row.service, {})[row.equipment_type] = row.minutes_per_act
    work: dict[tuple[str, str], tuple[float, float]] = {}
    for (facility, service), done in acts.items():
        makers = [kind for kind in standards.get(service, {}) if open_minutes.get((facility, kind), 0.0) > 0]
        together = sum(open_minutes[facility, kind] for kind in makers)
        for kind in makers:
            made, minutes = work.get((facility, kind), (0.0, 0.0))
            own = done * open_minutes[facility, kind] / together
            work[facility, kind] = made + own, minutes + own * standards[service][kind]
    return work


def bed_uses(
    ward_beds: Iterable[WardBeds], equipment: Equipment, acts: dict[tuple[str, str], float]
) -> dict[tuple[str, str], BedUse]:
    """Return the use of beds by (facility, ward): sum of acts x mean days of stay, where such acts are recorded."""
    stays: dict[str, list[tuple[str, float]]] = {}
    for stay in equipment.stay_standards:
        stays.setdefault(stay.service, []).append((stay.ward, stay.days))
    days: dict[tuple[str, str], float] = {}
    for (facility, service), done in acts.items():
        for ward, length in stays.get(service, ()):
            days[facility, ward] = days.get((facility, ward), 0.0) + done * length
    beds = {(row.facility, str(row.ward)): row.beds for row in ward_beds if row.beds}
    used = {place for place, value in days.items() if value > 0}
    return {place: BedUse(beds.get(place, 0), days.get(place)) for place in sorted(beds.keys() | used)}
