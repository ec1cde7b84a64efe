"""Options of a plan as arrays: through which platform, contract or mobile unit each stream can be served; no solver."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.equipment import MobileUnit
from gst_opt.core.wards import StayStandard
from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.streams import Stream

MODES = (Mode.ON_SITE, Mode.CONTRACT, Mode.MOBILE)


class Offer(NamedTuple):
    """Acts of a service on sale near a facility, a year: most, fewest, price, by year; the first year that has any."""

    facility: str
    service: str
    most: tuple[float, ...]
    fewest: tuple[float, ...]
    price: tuple[float, ...]


class Dock(NamedTuple):
    """A mobile unit at one of its places: minutes left of a session after the journey from its base."""

    unit: MobileUnit
    place: str
    minutes_left: float
    fewest: float
    opening: float


@dataclass(frozen=True)
class Options:
    """How streams can be served.

    Attributes
    ----------
    streams
        Streams of the problem.
    offers, docks
        Contracts and docking points.
    places
        Ids of the places where people are served.
    stream, mode, place, minutes, rank
        One option each: stream, position in `MODES`, position in `places`, journey from the zone one way, rank of the
        level of care that gives it (0 for a contract).
    platform, offer, dock
        Platform of equipment, offer or docking point that it uses; -1: none.
    per_act
        Minutes of the unit for one act; 0: none.
    first
        Position of the first year that it can be used.
    bed_option, bed_platform, bed_days
        One stay each: option, platform of beds at the same facility, days of one act.
    """

    streams: tuple[Stream, ...]
    offers: tuple[Offer, ...]
    docks: tuple[Dock, ...]
    places: tuple[str, ...]
    stream: Positions
    mode: Positions
    place: Positions
    minutes: Floats
    rank: Positions
    platform: Positions
    offer: Positions
    dock: Positions
    per_act: Floats
    first: Positions
    bed_option: Positions
    bed_platform: Positions
    bed_days: Floats

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether each stream has any option."""
        found = np.zeros(len(self.streams), dtype=np.bool_)
        found[self.stream] = True
        return found

    @cached_property
    def acts(self) -> Floats:
        """Acts needed by the data, shape (streams, years)."""
        years = len(self.streams[0].acts) if self.streams else 0
        return np.array([one.acts for one in self.streams], dtype=np.float64).reshape(len(self.streams), years)


class _Maker(NamedTuple):
    """What can give a service: where, from when, by what."""

    place: str
    mode: Mode
    number: int
    per_act: float
    first: int
    rank: int
    beds: tuple[tuple[int, float], ...]


def options(problem: LocationProblem, sets: Index) -> Options:
    """Derive how every stream can be served: within its journey, at its level of care or above."""
    streams = problem.streams
    offers, docks = tuple(_offers(problem)), tuple(_docks(problem))
    places = tuple(sorted(set(problem.facilities) | {dock.place for dock in docks}))
    place_number = {name: number for number, name in enumerate(places)}
    groups: dict[tuple[str, str | None, int | None], list[int]] = {}
    for position, stream in enumerate(streams):
        groups.setdefault((stream.service, stream.pathway, stream.step), []).append(position)
    columns: list[list[float]] = []
    beds: list[tuple[int, int, float]] = []
    makers = {service: _makers(problem, sets, service, offers, docks) for service in {key[0] for key in groups}}
    for (service, _, _), own in groups.items():
        able, head = makers[service], streams[own[0]]
        able = [one for one in able if one.mode is Mode.CONTRACT or one.rank >= head.rank]
        zones = [streams[position].zone for position in own]
        rows, chosen = problem.journeys.within(zones, [one.place for one in able], head.max_travel)
        times = problem.journeys.between(zones, [one.place for one in able])[rows, chosen]
        for row, column, minutes in zip(rows.tolist(), chosen.tolist(), times.tolist(), strict=True):
            one = able[column]
            beds += [(len(columns), platform, days) for platform, days in one.beds]
            which = [-1, -1, -1]
            which[MODES.index(one.mode)] = one.number
            head_columns = [own[row], MODES.index(one.mode), place_number[one.place], minutes]
            columns.append([*head_columns, *which, one.per_act, one.first, one.rank])
    table = np.array(columns, dtype=np.float64).reshape(-1, 10)
    order = np.lexsort((table[:, 1], table[:, 2], table[:, 3], table[:, 0]))
    back = np.empty(len(order), dtype=np.intp)
    back[order] = np.arange(len(order))
    table = table[order]
    stays = np.array(beds, dtype=np.float64).reshape(-1, 3)
    stays[:, 0] = back[stays[:, 0].astype(np.intp)]
    stays = stays[np.argsort(stays[:, 0], kind="stable")]
    whole = table[:, (0, 1, 2, 4, 5, 6, 8, 9)].astype(np.intp)
    return Options(
        streams=streams,
        offers=offers,
        docks=docks,
        places=places,
        stream=whole[:, 0],
        mode=whole[:, 1],
        place=whole[:, 2],
        minutes=table[:, 3],
        rank=whole[:, 7],
        platform=whole[:, 3],
        offer=whole[:, 4],
        dock=whole[:, 5],
        per_act=table[:, 7],
        first=whole[:, 6],
        bed_option=stays[:, 0].astype(np.intp),
        bed_platform=stays[:, 1].astype(np.intp),
        bed_days=stays[:, 2],
    )


def lowest_ranks(found: Options) -> Positions:
    """Return the lowest rank of a site near home, open by then, that gives each stream of a counter-referral.

    Shape (streams, years). It is above all ranks where no site near home gives it, and for all other streams.
    """
    near = np.array([-math.inf if one.near_home is None else one.near_home for one in found.streams])
    close = (found.mode == MODES.index(Mode.ON_SITE)) & (found.minutes <= near[found.stream])
    streams, years = found.acts.shape
    lowest = np.full((streams, years), np.iinfo(np.intp).max)
    for year in range(years):
        there = close & (found.first <= year)
        np.minimum.at(lowest[:, year], found.stream[there], found.rank[there])
    return lowest


def _makers(
    problem: LocationProblem, sets: Index, service: str, offers: Sequence[Offer], docks: Sequence[Dock]
) -> list[_Maker]:
    """Return what can give a service, wherever it is."""
    standards = {
        row.equipment_type: row.minutes_per_act for row in problem.equipment.session_standards if row.service == service
    }
    stays = {
        str(row.ward): row.days - problem.policy.stay_progress * (row.days - _target(row))
        for row in problem.equipment.stay_standards
        if row.service == service
    }
    found = [
        _Maker(offer.facility, Mode.CONTRACT, number, 0.0, _first_with(offer.most), 0, ())
        for number, offer in enumerate(offers)
        if offer.service == service
    ]
    if not stays:
        ranks = {one.id: one.level.rank for one in problem.region.facilities}
        found += [
            _Maker(
                dock.place,
                Mode.MOBILE,
                number,
                standards[dock.unit.equipment_type],
                problem.first_year[dock.unit.base] - problem.years[0],
                ranks[dock.unit.base],
                (),
            )
            for number, dock in enumerate(docks)
            if dock.unit.equipment_type in standards
        ]
    for site, facility in problem.facilities.items():
        numbers = [sets.number.get((site, ward), -1) for ward in stays]
        if -1 in numbers:
            continue
        beds = tuple(zip(numbers, stays.values(), strict=True))
        first = problem.first_year[site] - problem.years[0]
        rank = facility.level.rank
        if not standards and stays:
            found.append(_Maker(site, Mode.ON_SITE, -1, 0.0, first, rank, beds))
        for kind, minutes in standards.items():
            number = sets.number.get((site, kind), -1)
            if number >= 0:
                found.append(_Maker(site, Mode.ON_SITE, number, minutes, first, rank, beds))
    return found


def _target(stay: StayStandard) -> float:
    return stay.days if stay.target_days is None else stay.target_days


def _first_with(most: Sequence[float]) -> int:
    return next((year for year, acts in enumerate(most) if acts > 0), len(most))


def _offers(problem: LocationProblem) -> Iterator[Offer]:
    """Yield what is on sale in each year of the plan: by the offers of its periods, or of the last year known."""
    periods = {period.id: period for period in problem.horizon.periods}
    found: dict[tuple[str, str], dict[int, list[float]]] = {}
    for row in problem.equipment.private_offers:
        period = periods[row.period]
        share = period.years
        year = found.setdefault((row.facility, row.service), {}).setdefault(period.start.year, [0.0, 0.0, 0.0, 0.0])
        year[0] += row.acts
        year[1] += row.min_acts
        year[2] += row.acts * row.mad_per_act
        year[3] += share
    for (facility, service), by_year in sorted(found.items()):
        if facility not in problem.facilities:
            continue
        known = sorted(by_year)
        chosen = [by_year[max((one for one in known if one <= year), default=known[0])] for year in problem.years]
        yield Offer(
            facility=facility,
            service=service,
            most=tuple(one[0] / one[3] for one in chosen),
            fewest=tuple(one[1] / one[3] for one in chosen),
            price=tuple(one[2] / one[0] if one[0] else 0.0 for one in chosen),
        )


def _docks(problem: LocationProblem) -> Iterator[Dock]:
    """Yield the docking points from whose sessions the journey leaves some time."""
    types = {one.id: one for one in problem.equipment.equipment_types}
    units = {one.id: one for one in problem.equipment.mobile_units if one.base in problem.facilities}
    for row in problem.equipment.docking_points:
        if row.mobile_unit not in units:
            continue
        unit = units[row.mobile_unit]
        left = types[unit.equipment_type].minutes_per_session - problem.journeys.minutes(unit.base, row.place)
        if left > 0:
            weeks = types[unit.equipment_type].weeks_per_year
            yield Dock(unit, row.place, left, row.min_sessions * weeks, row.opening)
