"""What a small question of location says, read from its data again, for brute force."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scipy.optimize import brentq

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.pathways import PathwayStep
from gst_opt.core.region import Status
from gst_opt.model.goals import Goal
from gst_opt.pillars.platforms.location.policy import DemandScenario
from gst_opt.pillars.platforms.location.problem import LocationProblem

Site = tuple[str, str]
"""Facility, and type of equipment or group of wards."""


class Need(NamedTuple):
    """Acts of a service for a zone, outside pathways or at a step of one."""

    zone: str
    service: str
    pathway: str
    step: int
    acts: tuple[float, ...]
    rank: int
    reach: float
    transfer: float | None
    back: float
    """Minutes from home of the sites that a counter-referral compares; below 0: none is one."""


class Way(NamedTuple):
    """How a need can be met: mode, place, platform, offer or docking point, minutes of a unit, bed-days by ward."""

    mode: str
    place: str
    by: Any
    minutes: float
    unit_minutes: float
    beds: Mapping[str, float]
    first: int
    rank: int


@dataclass(frozen=True)
class Own:
    """A platform: units or beds by level, today's level, first year, ends of life by year, units that may leave."""

    amounts: tuple[int, ...]
    level: int
    first: int
    ends: tuple[int, ...]
    lasting: int
    ward: bool


class Life(NamedTuple):
    """Amount by year (0 before it is there), and what each year brings."""

    amounts: tuple[int, ...]
    added: tuple[int, ...]
    closed: tuple[int, ...]
    cost: tuple[float, ...]


class Facts:
    """Needs, platforms of today, ways to serve, and limits of a question whose goal is one weighted sum of terms."""

    def __init__(self, problem: LocationProblem) -> None:
        self.problem, self.policy, self.data = problem, problem.policy, problem.equipment
        self.years = range(self.policy.years)
        self.types = {one.id: one for one in self.data.equipment_types}
        self.wards = {str(one.ward): one for one in self.data.ward_standards}
        (stage,) = problem.chosen_goals.stages
        assert isinstance(stage, Goal)
        self.weights: dict[str, float] = {one.term: one.weight for one in stage.weights}
        self.sites = {
            one.id: one
            for one in problem.region.facilities
            if one.status is Status.OPEN or one.id in self.policy.opened
        }
        opens = {row.facility: row.opens.year - problem.years[0] for row in problem.region.openings}
        self.first = {name: max(0, opens.get(name, 0)) for name, one in self.sites.items()}
        self.sites = {name: one for name, one in self.sites.items() if self.first[name] < self.policy.years}
        self.province = {zone.id: zone.province for zone in problem.region.zones}
        self.own = dict(self._platforms())
        self.needs = list(self._needs())
        self.ways = [list(self._ways(need)) for need in self.needs]
        self.discount = [(1 + self.policy.discount_rate) ** -t for t in self.years]

    def _platforms(self) -> Iterator[tuple[Site, Own]]:
        policy, first_year = self.policy, self.problem.years[0]
        for site, facility in sorted(self.sites.items()):
            for kind in self.types.values():
                rows = [r for r in self.data.equipment_units if (r.facility, r.equipment_type) == (site, kind.id)]
                now = sum(row.units for row in rows)
                most = self._most(now, kind.min_level, facility, self._limit(site, kind.id))
                ends = [0 for _ in self.years]
                for row in rows:
                    if row.installed is not None and facility.status is Status.OPEN:
                        year = max(0, row.installed + math.ceil(kind.life) - first_year)
                        if year < len(ends):
                            ends[year] += row.units
                low = max(0, now - policy.max_change) if policy.close else now
                high = min(most, now + policy.max_change)
                if high:
                    lasting = 0 if any(ends) else now
                    amounts = tuple(range(low, high + 1))
                    yield (site, kind.id), Own(amounts, now - low, self.first[site], tuple(ends), lasting, False)
            for name, ward in self.wards.items():
                now = sum(r.beds for r in self.problem.region.ward_beds if (r.facility, str(r.ward)) == (site, name))
                limits = [r.max_beds for r in self.data.ward_limits if (r.facility, str(r.ward)) == (site, name)]
                most = self._most(now, ward.min_level, facility, limits[0] if limits else None)
                down = min(math.ceil(now / ward.block), policy.max_change if policy.close else 0)
                up = min((most - now) // ward.block, policy.max_change)
                amounts = tuple(max(0, now + ward.block * change) for change in range(-down, up + 1))
                if math.ceil(now / ward.block) + up > 0:
                    yield (site, name), Own(amounts, down, self.first[site], (0,) * len(self.years), 0, True)

    def _limit(self, site: str, kind: str) -> int | None:
        rows = [r.max_units for r in self.data.site_limits if (r.facility, r.equipment_type) == (site, kind)]
        return rows[0] if rows else None

    @staticmethod
    def _most(now: int, lowest: Any, facility: Any, limit: int | None) -> int:
        allowed = lowest is None or facility.level.rank >= lowest.rank
        return max(now, limit) if limit is not None and allowed else now

    def _needs(self) -> Iterator[Need]:
        services = {one.id: one for one in self.problem.services}
        tables = (self.data.session_standards, self.data.stay_standards, self.data.private_offers)
        made = {row.service for table in tables for row in table}
        for (zone, service), acts in self.problem.acts.items():
            followed = 0.0
            for pathway in self.problem.pathways:
                steps = sorted((s for s in self.problem.pathway_steps if s.pathway == pathway.id), key=lambda s: s.step)
                if steps[0].service != service:
                    continue
                followed += pathway.share
                for step in steps:
                    given = services[step.service]
                    if given.id in made:
                        ranks = [one.rank for one in (given.min_level, step.min_level) if one is not None]
                        factor = pathway.share * step.share / (1 - step.returning)
                        yield Need(
                            zone,
                            given.id,
                            pathway.id,
                            step.step,
                            tuple(factor * one for one in acts),
                            max(ranks, default=0),
                            self._reach(given.max_travel),
                            step.max_transfer,
                            _near(step),
                        )
            own = services[service]
            if followed < 1 - 1e-9 and service in made:
                rank = 0 if own.min_level is None else own.min_level.rank
                left = tuple((1 - followed) * one for one in acts)
                yield Need(zone, service, "", 0, left, rank, self._reach(own.max_travel), None, -1.0)

    def _reach(self, own: float | None) -> float:
        longest = self.policy.max_travel if own is None else own
        return math.inf if longest is None else longest

    def _ways(self, need: Need) -> Iterator[Way]:
        time = {r.equipment_type: r.minutes_per_act for r in self.data.session_standards if r.service == need.service}
        days = {
            str(row.ward): row.days
            - self.policy.stay_progress * (row.days - (row.days if row.target_days is None else row.target_days))
            for row in self.data.stay_standards
            if row.service == need.service
        }
        for site, facility in self.sites.items():
            minutes = self.problem.journeys.minutes(need.zone, site)
            if minutes > need.reach:
                continue
            rank, first = facility.level.rank, self.first[site]
            beds = all((site, ward) in self.own for ward in days)
            if rank >= need.rank and beds:
                for kind, each in time.items():
                    if (site, kind) in self.own:
                        yield Way("on_site", site, kind, minutes, each, days, first, rank)
                if days and not time:
                    yield Way("on_site", site, None, minutes, 0.0, days, first, rank)
            if any((r.facility, r.service) == (site, need.service) for r in self.data.private_offers):
                yield Way("contract", site, (site, need.service), minutes, 0.0, {}, 0, 0)
        for row in self.data.docking_points:
            unit = next(one for one in self.data.mobile_units if one.id == row.mobile_unit)
            minutes = self.problem.journeys.minutes(need.zone, row.place)
            able = unit.base in self.sites and unit.equipment_type in time and not days and self.left(row.place) > 0
            if able and minutes <= need.reach and self.sites[unit.base].level.rank >= need.rank:
                each = time[unit.equipment_type]
                yield Way("mobile", row.place, row.place, minutes, each, {}, self.first[unit.base], 0)

    def left(self, place: str) -> float:
        """Return the minutes that the mobile unit has left of a session at a place."""
        (unit,) = self.data.mobile_units
        return self.types[unit.equipment_type].minutes_per_session - self.problem.journeys.minutes(unit.base, place)

    def use_limit(self, kind: EquipmentType, units: int) -> float:
        """Return the largest use of some units, by Sakasegawa's formula."""
        own = [row for row in self.data.session_standards if row.equipment_type == kind.id]
        services = {row.service for row in own}
        waits = [kind.max_wait, *(s.max_wait for s in self.problem.pathway_steps if s.service in services)]
        limits = [one for one in waits if one is not None]
        if not limits or not own or self.wait(kind, units, kind.max_use) <= min(limits):
            return kind.max_use
        return float(brentq(lambda use: self.wait(kind, units, use) - min(limits), 0.0, kind.max_use, xtol=1e-14))

    def wait(self, kind: EquipmentType, units: int, use: float) -> float:
        own = [row.minutes_per_act for row in self.data.session_standards if row.equipment_type == kind.id]
        if not own or units == 0 or use == 0:
            return 0.0
        power = math.pow(use, math.sqrt(2 * units + 2) - 1)
        minutes = kind.variability * sum(own) / len(own) * power / (units * (1 - use))
        return minutes / (kind.weeks_per_year * kind.sessions_per_week * kind.minutes_per_session / 365)

    @property
    def staffed(self) -> bool:
        """Whether staff limits anything."""
        return self.policy.staff_limit and bool(self.problem.workforce.staff)

    def offer(self, offer: tuple[str, str], t: int) -> tuple[float, float, float]:
        """Return most and fewest acts, and price, of an offer in a year: by the last year known."""
        starts = {period.id: period.start.year for period in self.problem.horizon.periods}
        rows = {starts[r.period]: r for r in self.data.private_offers if (r.facility, r.service) == offer}
        known = [year for year in rows if year <= self.problem.years[t]]
        row = rows[max(known) if known else min(rows)]
        return row.acts, row.min_acts, row.mad_per_act

    def factor(self, scenario: DemandScenario, need: Need) -> float:
        """Return what a scenario multiplies a need by."""
        here = scenario.province in (None, self.province[need.zone])
        return scenario.factor if here and scenario.service in (None, need.service) else 1.0


def _near(step: PathwayStep) -> float:
    if not step.counter_referral:
        return -1.0
    return math.inf if step.near_home is None else step.near_home
