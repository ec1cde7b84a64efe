"""What the data say of platforms, of needs and of what can meet them, in plain Python, for the check."""

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.equipment import MobileUnit
from gst_opt.core.wards import WardStandard
from gst_opt.pillars.platforms.location.check_stocks import Key, stocks
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.queues import mean_minutes, use_limit

Floats = NDArray[np.float64]
TOLERANCE = 1e-6


class Offer(NamedTuple):
    """Acts on sale in one year: most and fewest of a contract, price of one."""

    most: float
    fewest: float
    price: float


class Dock(NamedTuple):
    """A place of a mobile unit: minutes that the journey leaves of a session, fewest sessions a year, fitting out."""

    unit: MobileUnit
    minutes_left: float
    fewest: float
    opening: float


class Maker(NamedTuple):
    """What gives one service at one place: a platform, beds alone, a contract or a mobile unit."""

    service: str
    mode: Mode
    place: str
    platform: str | None
    per_act: float
    rank: float
    first: int
    beds: tuple[tuple[Key, float], ...]

    @property
    def site(self) -> Key:
        """Facility and type of a platform, facility and service of a contract, mobile unit and place of a round."""
        if self.mode is Mode.MOBILE:
            return (str(self.platform), self.place)
        return (self.place, self.service if self.mode is Mode.CONTRACT else str(self.platform))


class Facts:
    """The data of a problem of location, by what a plan names."""

    def __init__(self, problem: LocationProblem) -> None:
        equipment, region = problem.equipment, problem.region
        self.problem, self.policy, self.equipment = problem, problem.policy, equipment
        self.years = problem.years
        self.number = {year: t for t, year in enumerate(self.years)}
        self.scenarios = {one.id: s for s, one in enumerate(problem.scenarios)}
        self.chance = np.array([one.probability for one in problem.scenarios])
        self.kinds = {one.id: one for one in equipment.equipment_types}
        self.wards: dict[str, WardStandard] = {str(row.ward): row for row in equipment.ward_standards}
        self.sites = problem.facilities
        self.first = {site: problem.first_year[site] - self.years[0] for site in self.sites}
        self.rank = {one.id: one.level.rank for one in region.facilities}
        self.stocks = stocks(problem)
        self.upgrades = {(row.equipment_type, row.becomes): row.price for row in equipment.upgrades}
        self.minutes_per_act = {
            (row.equipment_type, row.service): row.minutes_per_act for row in equipment.session_standards
        }
        self.stays = self._stays()
        self.offers = self._offers()
        self.docks = self._docks()
        self.makers = tuple(self._makers())
        self.maker_number = {
            (one.service, one.mode, one.place, one.platform): position for position, one in enumerate(self.makers)
        }
        self.streams = problem.streams
        self.stream_number = {
            (one.zone, one.service, one.pathway, one.step): position for position, one in enumerate(self.streams)
        }
        self.zones = {zone.id: zone for zone in region.zones}
        self.weight = {one.id: one.weight for one in problem.services}
        self._limits: dict[tuple[str, int], float] = {}
        self.position = {place: number for number, place in enumerate(problem.journeys.places)}

    @cached_property
    def need(self) -> Floats:
        """Acts needed, by stream, year and scenario."""
        factors = [
            [
                self.problem.factor(one, stream.service, self.zones[stream.zone].province)
                for one in self.problem.scenarios
            ]
            for stream in self.streams
        ]
        acts = np.array([one.acts for one in self.streams]).reshape(len(self.streams), len(self.years), 1)
        found: Floats = acts * np.array(factors).reshape(len(self.streams), 1, len(self.scenarios))
        return found

    @cached_property
    def before(self) -> NDArray[np.intp]:
        """Stream of the step before of every stream, for the same zone and pathway; -1 where there is none."""
        steps = sorted(
            (one.zone, one.pathway, one.step or 0, h) for h, one in enumerate(self.streams) if one.pathway is not None
        )
        found = np.full(len(self.streams), -1, dtype=np.intp)
        for earlier, later in pairwise(steps):
            if earlier[:2] == later[:2]:
                found[later[3]] = earlier[3]
        return found

    @cached_property
    def options(self) -> list[list[int]]:
        """Makers within the journey and the level of every stream."""
        journeys = self.problem.journeys.matrix
        by_service: dict[str, list[int]] = defaultdict(list)
        for number, maker in enumerate(self.makers):
            by_service[maker.service].append(number)
        columns = {
            service: (np.array([self.position[self.makers[one].place] for one in own]), np.array(own))
            for service, own in by_service.items()
        }
        ranks = np.array([one.rank for one in self.makers])
        found: list[list[int]] = []
        for one in self.streams:
            if one.service not in columns:
                found.append([])
                continue
            places, own = columns[one.service]
            times = journeys[self.position[one.zone], places]
            able = (times <= one.max_travel) & np.isfinite(times) & (ranks[own] >= one.rank)
            found.append(own[able].tolist())
        return found

    @cached_property
    def longest(self) -> Floats:
        """Longest journey to a maker within reach of every stream, in minutes; 0 without any."""
        places = np.array([self.position[one.place] for one in self.makers], dtype=np.intp)
        journeys = self.problem.journeys.matrix
        found = [
            float(journeys[self.position[one.zone], places[own]].max(initial=0.0))
            for one, own in zip(self.streams, self.options, strict=True)
        ]
        return np.array(found)

    @cached_property
    def people(self) -> dict[str, list[float]]:
        """Inhabitants of every zone in every year, grown at the rate of its province."""
        growth = {row.province: row.per_year for row in self.problem.region.growth_rates}
        return {
            zone: [count * (1 + growth.get(self.zones[zone].province, 0.0)) ** t for t in range(len(self.years))]
            for zone, count in self.problem.region.inhabitants().items()
        }

    def minutes(self, origin: str, destination: str) -> float:
        """Return the journey between two places, one way."""
        return float(self.problem.journeys.matrix[self.position[origin], self.position[destination]])

    def limit(self, kind: str, units: int) -> float:
        """Return the largest use of units that keeps the waits: the type's own, those of the steps that it serves."""
        if (kind, units) not in self._limits:
            services = {service for own, service in self.minutes_per_act if own == kind}
            waits = [row.max_wait for row in self.problem.pathway_steps if row.service in services]
            shortest = min((one for one in (self.kinds[kind].max_wait, *waits) if one is not None), default=None)
            mean = mean_minutes(self.equipment, kind)
            self._limits[kind, units] = use_limit(self.kinds[kind], units, mean, shortest)
        return self._limits[kind, units]

    def _stays(self) -> dict[str, list[tuple[str, float]]]:
        """Return the wards that an act of a service takes a bed in, and for how many days."""
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for row in self.equipment.stay_standards:
            target = row.days if row.target_days is None else row.target_days
            days = row.days - self.policy.stay_progress * (row.days - target)
            found[row.service].append((str(row.ward), days))
        return found

    def _offers(self) -> dict[Key, list[Offer]]:
        """Return what is on sale in each year, from that year's periods or those of the last year known before it."""
        periods = {one.id: one for one in self.problem.horizon.periods}
        known: dict[Key, dict[int, list[tuple[float, float, float, float]]]] = {}
        for row in self.equipment.private_offers:
            period, key = periods[row.period], (row.facility, row.service)
            figures = (row.acts, row.min_acts, row.acts * row.mad_per_act, period.years)
            if row.facility in self.sites:
                known.setdefault(key, {}).setdefault(period.start.year, []).append(figures)
        found: dict[Key, list[Offer]] = {}
        for key, by_year in sorted(known.items()):
            for year in self.years:
                base = max((one for one in by_year if one <= year), default=min(by_year))
                most, fewest, paid, length = (math.fsum(column) for column in zip(*by_year[base], strict=True))
                price = paid / most if most else 0.0
                found.setdefault(key, []).append(Offer(most / length, fewest / length, price))
        return found

    def _docks(self) -> dict[Key, Dock]:
        """Return the places of the mobile units from whose sessions the journey leaves some minutes."""
        units = {one.id: one for one in self.equipment.mobile_units if one.base in self.sites}
        found: dict[Key, Dock] = {}
        for row in self.equipment.docking_points:
            if row.mobile_unit in units:
                unit = units[row.mobile_unit]
                kind = self.kinds[unit.equipment_type]
                left = kind.minutes_per_session - self.problem.journeys.minutes(unit.base, row.place)
                if left > 0:
                    fewest = row.min_sessions * kind.weeks_per_year
                    found[unit.id, row.place] = Dock(unit, left, fewest, row.opening)
        return found

    def _makers(self) -> Iterator[Maker]:
        """Yield what can give each service; beds of every ward that it stays in stand at the same facility."""
        services = {service for _, service in self.minutes_per_act} | self.stays.keys()
        for (kind, service), minutes in sorted(self.minutes_per_act.items()):
            for site in self.sites:
                if (site, kind) in self.stocks and (beds := self._beds_for(service, site)) is not None:
                    rank, first = self.rank[site], self.first[site]
                    yield Maker(service, Mode.ON_SITE, site, kind, minutes, rank, first, beds)
        for service in sorted(self.stays.keys() - {service for _, service in self.minutes_per_act}):
            for site in self.sites:
                if (beds := self._beds_for(service, site)) is not None:
                    yield Maker(service, Mode.ON_SITE, site, None, 0.0, self.rank[site], self.first[site], beds)
        for facility, service in self.offers:
            yield Maker(service, Mode.CONTRACT, facility, None, 0.0, math.inf, 0, ())
        for (unit, place), dock in self.docks.items():
            base = dock.unit.base
            for service in sorted(services - self.stays.keys()):
                if (dock.unit.equipment_type, service) in self.minutes_per_act:
                    per_act = self.minutes_per_act[dock.unit.equipment_type, service]
                    rank, first = self.rank[base], self.first[base]
                    yield Maker(service, Mode.MOBILE, place, unit, per_act, rank, first, ())

    def _beds_for(self, service: str, site: str) -> tuple[tuple[Key, float], ...] | None:
        """Return the beds that an act keeps at a facility, with days; None where a ward is not there."""
        own = [((site, ward), days) for ward, days in self.stays.get(service, ())]
        return tuple(own) if all(key in self.stocks for key, _ in own) else None


def above(found: float, allowed: float, size: float = 1.0) -> bool:
    """Say whether a figure is above a side, beyond rounding of the side or of a figure of some size."""
    return found > allowed + TOLERANCE * max(size, abs(allowed))


def same(found: float, right: float, size: float = 1.0) -> bool:
    """Say whether two figures agree, but for rounding."""
    return abs(found - right) <= TOLERANCE * max(size, abs(right))
