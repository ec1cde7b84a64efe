"""Small questions of location solved by trying every whole decision; nothing is shared with the model.

Whole decisions are lives of platforms, units that move, contracts, rounds, places fitted out and links. What is left
is linear, and is given to scipy. Needs, units of today and rules are read from the data again.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq, linprog

from gst_opt.core.equipment import EquipmentType
from gst_opt.core.region import Status
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
    back: bool


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
    """A platform: units or beds by level, today's level, first year, ends of life by year, units that may move."""

    amounts: tuple[int, ...]
    level: int
    first: int
    ends: tuple[int, ...]
    movable: int
    ward: bool


class Life(NamedTuple):
    """Amount by year (0 before it is there), and what each year brings."""

    amounts: tuple[int, ...]
    added: tuple[int, ...]
    closed: tuple[int, ...]
    cost: tuple[float, ...]


@dataclass
class Program:
    """A linear program, row by row."""

    costs: list[float] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, high: float = math.inf, low: float = 0.0) -> int:
        """Add a variable."""
        self.costs.append(cost)
        self.bounds.append((low, high))
        return len(self.costs) - 1

    def at_most(self, row: Mapping[int, float], most: float) -> None:
        """Add a row."""
        self.rows.append((dict(row), most))

    def best(self) -> float:
        """Return the least cost; inf where nothing fits."""
        if not self.costs:
            return 0.0 if all(most >= -1e-9 for _, most in self.rows) else math.inf
        sides: list[Any] = []
        for rows in (self.rows, self.equal):
            matrix = np.zeros((len(rows), len(self.costs)))
            for number, (row, _) in enumerate(rows):
                for column, value in row.items():
                    matrix[number, column] = value
            sides += [matrix, np.array([side for _, side in rows])] if rows else [None, None]
        found = linprog(self.costs, sides[0], sides[1], sides[2], sides[3], self.bounds, method="highs")
        return float(found.fun) if found.status == 0 else math.inf


class Brute:
    """Every whole decision of a question whose goal is one weighted sum of terms."""

    def __init__(self, problem: LocationProblem) -> None:
        self.problem, self.policy, self.data = problem, problem.policy, problem.equipment
        self.years = range(self.policy.years)
        self.types = {one.id: one for one in self.data.equipment_types}
        self.wards = {str(one.ward): one for one in self.data.ward_standards}
        (stage,) = problem.chosen_goals.stages
        self.weights: dict[str, float] = {one.term: one.weight for one in stage.weights}  # type: ignore[union-attr]
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

    # -- data ----------------------------------------------------------------------------------------------------

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
                    movable = max(0, now - sum(ends)) if policy.move else 0
                    amounts = tuple(range(low, high + 1))
                    yield (site, kind.id), Own(amounts, now - low, self.first[site], tuple(ends), movable, False)
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
                            step.counter_referral,
                        )
            own = services[service]
            if followed < 1 - 1e-9 and service in made:
                rank = 0 if own.min_level is None else own.min_level.rank
                left = tuple((1 - followed) * one for one in acts)
                yield Need(zone, service, "", 0, left, rank, self._reach(own.max_travel), None, False)

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
            able = unit.base in self.sites and unit.equipment_type in time and not days and self._left(row.place) > 0
            if able and minutes <= need.reach and self.sites[unit.base].level.rank >= need.rank:
                each = time[unit.equipment_type]
                yield Way("mobile", row.place, row.place, minutes, each, {}, self.first[unit.base], 0)

    def _left(self, place: str) -> float:
        """Return the minutes that the mobile unit has left of a session at a place."""
        (unit,) = self.data.mobile_units
        return self.types[unit.equipment_type].minutes_per_session - self.problem.journeys.minutes(unit.base, place)

    def _use_limit(self, kind: EquipmentType, units: int) -> float:
        """Return the largest use of some units, by Sakasegawa's formula."""
        own = [row for row in self.data.session_standards if row.equipment_type == kind.id]
        services = {row.service for row in own}
        waits = [kind.max_wait, *(s.max_wait for s in self.problem.pathway_steps if s.service in services)]
        limits = [one for one in waits if one is not None]
        if not limits or not own or self._wait(kind, units, kind.max_use) <= min(limits):
            return kind.max_use
        return float(brentq(lambda use: self._wait(kind, units, use) - min(limits), 0.0, kind.max_use, xtol=1e-14))

    def _wait(self, kind: EquipmentType, units: int, use: float) -> float:
        own = [row.minutes_per_act for row in self.data.session_standards if row.equipment_type == kind.id]
        if not own or units == 0 or use == 0:
            return 0.0
        power = math.pow(use, math.sqrt(2 * units + 2) - 1)
        minutes = kind.variability * sum(own) / len(own) * power / (units * (1 - use))
        return minutes / (kind.weeks_per_year * kind.sessions_per_week * kind.minutes_per_session / 365)

    # -- whole decisions -----------------------------------------------------------------------------------------

    def lives(self, site: Site) -> list[Life]:
        """Return what a platform may do over the years."""
        own, (facility, resource) = self.own[site], site
        works = [
            r.opening for r in self.data.site_limits if (r.facility, r.equipment_type) == (facility, resource)
        ] or [0.0]
        found = []
        for levels in itertools.product(range(len(own.amounts)), repeat=len(self.years) - own.first):
            before, rows = own.amounts[own.level], [(0, 0, 0, 0.0)] * own.first
            for t, level in enumerate(levels, own.first):
                after = own.amounts[level]
                ended = min(own.ends[t], before)
                up = after - before + ended
                renewed = max(0, min(up, ended))
                added, closed, retired = max(0, up - renewed), max(0, -up), ended - renewed
                if own.ward:
                    ward = self.wards[resource]
                    cost = ward.opening * added + ward.closing * closed
                else:
                    kind = self.types[resource]
                    cost = kind.purchase * (added + renewed) + kind.closing * (closed + retired)
                    cost += works[0] * (before == 0 < after)
                rows.append((after, added, closed, cost))
                before = after
            found.append(Life(*(tuple(column) for column in zip(*rows, strict=True))))
        return found

    def moves(self, chosen: Mapping[Site, Life]) -> Iterator[list[float]]:
        """Yield what moves add to purchases by year, for every way to move units."""
        slots = [(site, t) for site in self.own for t in self.years if self.own[site].movable or chosen[site].added[t]]
        slots = [(site, t) for site, t in slots if not self.own[site].ward and self.policy.move]
        ranges = []
        for site, t in slots:
            out = min(chosen[site].closed[t], self.own[site].movable)
            ranges.append([(i, o) for i in range(chosen[site].added[t] + 1) for o in range(out + 1)])
        for counts in itertools.product(*ranges):
            balance: dict[tuple[str, int], int] = {}
            left: dict[Site, int] = {}
            saved = [0.0 for _ in self.years]
            for (site, t), (arrives, leaves) in zip(slots, counts, strict=True):
                kind = self.types[site[1]]
                balance[site[1], t] = balance.get((site[1], t), 0) + arrives - leaves
                left[site] = left.get(site, 0) + leaves
                saved[t] += (kind.moving - kind.purchase) * arrives - kind.closing * leaves
            if not any(balance.values()) and all(count <= self.own[site].movable for site, count in left.items()):
                yield saved

    def yes_or_no(self) -> list[tuple[str, Any, int]]:
        """Return contracts, places visited and fitted out, and links: each is or is not."""
        found: list[tuple[str, Any, int]] = []
        for offer in sorted({(row.facility, row.service) for row in self.data.private_offers}):
            found += [("contract", offer, t) for t in self.years if offer[0] in self.sites and self.offer(offer, t)[0]]
        for row in self.data.docking_points:
            base = self.data.mobile_units[0].base
            if base in self.sites and self._left(row.place) > 0:
                years = [t for t in self.years if t >= self.first[base]]
                found += [(what, row.place, t) for what in ("docked", "fitted") for t in years]
        if self.staffed and any(row.remote for row in self.data.expert_times):
            pairs = itertools.permutations(sorted(self.sites), 2)
            found += [("link", pair, t) for pair in pairs for t in self.years]
        return found

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

    def count(self) -> int:
        """Return how many whole decisions there are at most, moves left aside."""
        return math.prod(len(self.lives(site)) for site in self.own) << len(self.yes_or_no())

    def best(self) -> float:
        """Return the least value of the goal over all whole decisions."""
        names, asked = list(self.own), self.yes_or_no()
        least = math.inf
        for lives in itertools.product(*(self.lives(site) for site in names)):
            chosen = dict(zip(names, lives, strict=True))
            if not self._allowed(chosen):
                continue
            for saved in self.moves(chosen):
                for answers in itertools.product((0, 1), repeat=len(asked)):
                    said = dict(zip(asked, answers, strict=True))
                    if self._sensible(said):
                        least = min(least, _Rest(self, chosen, saved, said).best())
        return least

    def _allowed(self, chosen: Mapping[Site, Life]) -> bool:
        """Say whether floor space and pins hold."""
        for row in self.data.floor_spaces:
            for t in self.years:
                taken = 0.0
                for (facility, resource), life in chosen.items():
                    own = self.own[facility, resource]
                    if facility == row.facility and t >= own.first:
                        space = self.wards[resource] if own.ward else self.types[resource]
                        taken += space.floor_space * (life.amounts[t] - own.amounts[own.level])
                if taken > row.free + 1e-9:
                    return False
        for pin in self.policy.pins:
            for t in self.years:
                if pin.year in (None, self.problem.years[t]):
                    mine = [site for site in chosen if pin.selects(*site) and t >= self.own[site].first]
                    low, high = pin.sides(float(sum(self.own[s].amounts[self.own[s].level] for s in mine)))
                    if not low <= sum(chosen[site].amounts[t] for site in mine) <= high:
                        return False
        return True

    def _sensible(self, said: Mapping[tuple[str, Any, int], int]) -> bool:
        """Say whether places are fitted out before they are visited, and stay so."""
        for (what, place, t), yes in said.items():
            if what == "docked" and yes and not said["fitted", place, t]:
                return False
            if what == "fitted" and yes and said.get(("fitted", place, t + 1)) == 0:
                return False
        return True

    def factor(self, scenario: DemandScenario, need: Need) -> float:
        """Return what a scenario multiplies a need by."""
        here = scenario.province in (None, self.province[need.zone])
        return scenario.factor if here and scenario.service in (None, need.service) else 1.0


class _Rest:
    """What is left when the whole decisions are made: one linear program."""

    def __init__(
        self,
        brute: Brute,
        chosen: Mapping[Site, Life],
        saved: Sequence[float],
        said: Mapping[tuple[str, Any, int], int],
    ) -> None:
        self.brute, self.chosen, self.said = brute, chosen, said
        self.program, self.constant = Program(), 0.0
        self.weights, self.discount = brute.weights, brute.discount
        self.spent: dict[str, list[tuple[dict[int, float], float]]] = {
            which: [({}, 0.0) for _ in brute.years] for which in ("capex", "opex")
        }
        self.share: dict[tuple[int, int, int, int], int] = {}
        self.acts: dict[tuple[int, int, int], float] = {}
        self.hours: dict[tuple[str, str, int, int], dict[int, float]] = {}
        self.standing: dict[tuple[str, str, int], float] = {}
        self.distant: dict[tuple[str, str, int, int], dict[int, float]] = {}
        self.given: dict[tuple[str, str, int, int], dict[int, float]] = {}
        self.rounds: list[dict[int, float]] = [{} for _ in brute.years]
        for t, mad in enumerate(saved):
            self._pay("purchases", t, sum(life.cost[t] for life in chosen.values()) + mad)
        self._upkeep()
        self._cover()

    def best(self) -> float:
        """Return the value of the goal; inf where no plan is allowed."""
        self._serve()
        self._sites()
        self._contracts()
        self._rounds()
        self._steps()
        if self.brute.staffed:
            self._staff()
        self._guarantees()
        self._budgets()
        return self.program.best() + self.constant

    def _pay(self, line: str, t: int, mad: float, variable: int | None = None) -> None:
        """Count money of a line: a constant, or so much for one of a variable."""
        weight = self.weights.get(line, 0.0) * self.discount[t] * mad
        row, known = self.spent["capex" if line == "purchases" else "opex"][t]
        if variable is None:
            self.constant += weight
            self.spent["capex" if line == "purchases" else "opex"][t] = row, known + mad
        else:
            self.program.costs[variable] += weight
            row[variable] = row.get(variable, 0.0) + mad

    def _upkeep(self) -> None:
        for (_, resource), life in self.chosen.items():
            kind = self.brute.wards.get(resource) or self.brute.types[resource]
            for t in self.brute.years:
                self._pay("upkeep", t, kind.upkeep * life.amounts[t])

    def _cover(self) -> None:
        """Count people for every site missing that could have units."""
        brute, region = self.brute, self.brute.problem.region
        people = region.inhabitants()
        growth = {row.province: row.per_year for row in region.growth_rates}
        for row in brute.data.cover_standards:
            rank = 0 if row.min_level is None else row.min_level.rank
            for zone, t in itertools.product(region.zones, brute.years):
                near = [
                    site
                    for site in brute.own
                    if site[1] == row.equipment_type
                    and brute.sites[site[0]].level.rank >= rank
                    and brute.problem.journeys.minutes(zone.id, site[0]) <= row.minutes
                    and t >= brute.own[site].first
                ]
                missing = min(row.sites, len(near)) - sum(self.chosen[site].amounts[t] > 0 for site in near)
                weight = self.weights.get("not_covered", 0.0) * (1 + growth.get(zone.province, 0.0)) ** t
                self.constant += weight * people[zone.id] * max(0, missing)

    def _serve(self) -> None:
        brute, program, weights = self.brute, self.program, self.weights
        policy = brute.policy
        value = {one.id: one.weight for one in brute.problem.services}
        beyond: list[dict[int, float]] = [{} for _ in brute.problem.scenarios]
        for h, need in enumerate(brute.needs):
            ways = brute.ways[h]
            if not ways:
                continue
            lowest = min((way.rank for way in ways if way.mode == "on_site"), default=0)
            longest = max(way.minutes for way in ways)
            for t, (s, scenario) in itertools.product(brute.years, enumerate(brute.problem.scenarios)):
                acts = need.acts[t] * brute.factor(scenario, need)
                if acts <= 0:
                    continue
                self.acts[h, t, s] = acts
                mean = acts * scenario.probability
                missed = mean * (
                    weights.get("unmet", 0.0) * value[need.service]
                    + weights.get("kolm_pollak", 0.0) * math.exp(policy.inequality_aversion * longest)
                )
                left = program.variable(missed, 1.0)
                beyond[s][left] = acts * value[need.service]
                row = {left: 1.0}
                for w, way in enumerate(ways):
                    if t < way.first:
                        continue
                    above = way.mode == "on_site" and need.back and way.rank > lowest
                    cost = (
                        weights.get("journeys", 0.0) * way.minutes
                        + weights.get("above_level", 0.0) * above
                        + weights.get("kolm_pollak", 0.0) * math.exp(policy.inequality_aversion * way.minutes)
                    )
                    self.share[h, w, t, s] = program.variable(mean * cost, 1.0)
                    row[self.share[h, w, t, s]] = 1.0
                program.equal.append((row, 1.0))
        if "unmet_cvar" in weights:
            start = program.variable(weights["unmet_cvar"], low=-math.inf)
            for scenario, unmet in zip(brute.problem.scenarios, beyond, strict=True):
                over = program.variable(weights["unmet_cvar"] * scenario.probability / (1 - policy.cvar_level))
                program.at_most({**unmet, start: -1.0, over: -1.0}, 0.0)

    def _used(self, mode: str, by: Any, t: int, s: int, what: str = "minutes", site: str = "") -> dict[int, float]:
        """Return what acts take, by share: minutes of units, acts, or days in a ward."""
        found: dict[int, float] = {}
        for (h, w, year, scenario), column in self.share.items():
            way = self.brute.ways[h][w]
            if (year, scenario, way.mode) != (t, s, mode) or (site and way.place != site):
                continue
            if what == "days":
                each = way.beds.get(by, 0.0)
            else:
                each = (way.unit_minutes if what == "minutes" else 1.0) if way.by == by else 0.0
            if each:
                found[column] = each * self.acts[h, t, s]
        return found

    def _mean(self, mode: str, by: Any, t: int, what: str, site: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for s, scenario in enumerate(self.brute.problem.scenarios):
            own = self._used(mode, by, t, s, what, site)
            found |= {column: scenario.probability * amount for column, amount in own.items()}
        return found

    def _sites(self) -> None:
        brute, program = self.brute, self.program
        scenarios = range(len(brute.problem.scenarios))
        for (site, resource), t in itertools.product(self.chosen, brute.years):
            count = self.chosen[site, resource].amounts[t]
            if brute.own[site, resource].ward:
                ward = brute.wards[resource]
                for s in scenarios:
                    days = self._used("on_site", resource, t, s, "days", site)
                    program.at_most(days, ward.max_occupancy * 365 * count)
                mean = self._mean("on_site", resource, t, "days", site)
                program.at_most(_minus(mean), -ward.min_occupancy * 365 * count)
                self._stand(ward_hours(brute, resource), site, t, count / ward.block)
                continue
            kind = brute.types[resource]
            minutes = kind.weeks_per_year * kind.sessions_per_week * kind.minutes_per_session
            most = brute._use_limit(kind, count) * count * minutes if count else 0.0
            tariff = {(r.facility, r.equipment_type): r for r in brute.data.session_sales}.get((site, resource))
            sold = program.variable(high=tariff.sessions if tariff and count else 0.0)
            sessions = program.variable(high=kind.weeks_per_year * kind.sessions_per_week * count)
            if tariff:
                self._pay("sales", t, -tariff.mad_per_session, sold)
            self._pay("sessions", t, kind.session_cost, sessions)
            for s in scenarios:
                used = self._used("on_site", resource, t, s, "minutes", site)
                program.at_most({**used, sold: kind.minutes_per_session}, most)
                program.at_most({**used, sessions: -kind.max_use * kind.minutes_per_session}, 0.0)
            mean = self._mean("on_site", resource, t, "minutes", site)
            program.at_most({**_minus(mean), sold: -kind.minutes_per_session}, -kind.min_use * minutes * count)
            acts = self._mean("on_site", resource, t, "acts", site)
            program.at_most(_minus(acts), -kind.min_acts * (count > 0))
            made = any(row.equipment_type == resource for row in brute.data.session_standards)
            for row in brute.data.session_staff:
                if row.equipment_type == resource and made:
                    self._take(site, row.skill, t, {sessions: row.heads * kind.minutes_per_session / 60})
            self._experts("on_site", resource, site, t)
            if "waiting" in self.weights and count and mean:
                self._wait(kind, count, mean, most)

    def _wait(self, kind: EquipmentType, count: int, mean: Mapping[int, float], most: float) -> None:
        """Count patient-days by the largest of the lines between some uses."""
        minutes = kind.weeks_per_year * kind.sessions_per_week * kind.minutes_per_session * count
        limit = min(most / minutes, 0.98)
        uses = [use for use in (0.0, 0.5, 0.7, 0.8, 0.85, 0.9) if use < limit] + [limit]
        own = [row.minutes_per_act for row in self.brute.data.session_standards if row.equipment_type == kind.id]
        days = [self.brute._wait(kind, count, use) * use * minutes / (sum(own) / len(own)) for use in uses]
        total = self.program.variable(self.weights["waiting"])
        for (low, high), (one, other) in zip(itertools.pairwise(uses), itertools.pairwise(days), strict=True):
            slope = (other - one) / (high - low) / minutes
            row = {column: slope * amount for column, amount in mean.items()}
            self.program.at_most({**row, total: -1.0}, slope * low * minutes - one)

    def _contracts(self) -> None:
        for (what, offer, t), yes in self.said.items():
            if what == "contract":
                most, fewest, price = self.brute.offer(offer, t)
                bought = self.program.variable(low=fewest * yes, high=most * yes)
                self._pay("contracts", t, price, bought)
                for s in range(len(self.brute.problem.scenarios)):
                    used = self._used("contract", offer, t, s, "acts")
                    self.program.at_most({**used, bought: -1.0}, 0.0)

    def _rounds(self) -> None:
        brute, program = self.brute, self.program
        for row, t in itertools.product(brute.data.docking_points, brute.years):
            if ("docked", row.place, t) not in self.said:
                continue
            (unit,) = brute.data.mobile_units
            kind = brute.types[unit.equipment_type]
            yes = self.said["docked", row.place, t]
            a_year = unit.sessions_per_week * kind.weeks_per_year
            rounds = program.variable(low=row.min_sessions * kind.weeks_per_year * yes, high=a_year * yes)
            self.rounds[t][rounds] = 1.0
            self._pay("mobile", t, unit.session_cost, rounds)
            before = self.said.get(("fitted", row.place, t - 1), 0)
            self._pay("purchases", t, row.opening * (self.said["fitted", row.place, t] - before))
            for s in range(len(brute.problem.scenarios)):
                used = self._used("mobile", row.place, t, s)
                program.at_most({**used, rounds: -kind.max_use * brute._left(row.place)}, 0.0)
            for staff in brute.data.session_staff:
                if staff.equipment_type == kind.id:
                    self._take(unit.base, staff.skill, t, {rounds: staff.heads * kind.minutes_per_session / 60})
            self._experts("mobile", row.place, unit.base, t)
            program.at_most(self.rounds[t], a_year)

    def _steps(self) -> None:
        brute, program = self.brute, self.program
        for h, need in enumerate(brute.needs):
            earlier = [
                g
                for g, one in enumerate(brute.needs)
                if (one.zone, one.pathway) == (need.zone, need.pathway) and need.pathway and one.step < need.step
            ]
            if not earlier:
                continue
            g = max(earlier, key=lambda one: brute.needs[one].step)
            for t, s in itertools.product(brute.years, range(len(brute.problem.scenarios))):
                if (h, t, s) not in self.acts or ((g, t, s) not in self.acts and brute.ways[g]):
                    continue
                here, there = self._places(h, t, s), self._places(g, t, s)
                if need.transfer is None:
                    row = {column: 1.0 for columns in here.values() for column in columns}
                    row |= {column: -1.0 for columns in there.values() for column in columns}
                    program.at_most(row, 0.0)
                    continue
                leaving: dict[str, dict[int, float]] = {a: dict.fromkeys(own, -1.0) for a, own in there.items()}
                for b, columns in here.items():
                    arriving = dict.fromkeys(columns, 1.0)
                    for a in there:
                        if brute.problem.journeys.minutes(a, b) <= need.transfer:
                            flow = program.variable()
                            arriving[flow] = -1.0
                            leaving[a][flow] = 1.0
                    program.at_most(arriving, 0.0)
                for row in leaving.values():
                    program.at_most(row, 0.0)

    def _places(self, h: int, t: int, s: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for w, way in enumerate(self.brute.ways[h]):
            if (h, w, t, s) in self.share:
                found.setdefault(way.place, []).append(self.share[h, w, t, s])
        return found

    def _take(self, site: str, skill: str, t: int, hours: Mapping[int, float]) -> None:
        for s in range(len(self.brute.problem.scenarios)):
            row = self.hours.setdefault((site, skill, t, s), {})
            for column, amount in hours.items():
                row[column] = row.get(column, 0.0) + amount

    def _stand(self, hours: Mapping[str, float], site: str, t: int, count: float) -> None:
        for skill, each in hours.items():
            self._take(site, skill, t, {})
            self.standing[site, skill, t] = self.standing.get((site, skill, t), 0.0) + each * count

    def _experts(self, mode: str, by: str, site: str, t: int) -> None:
        """Count the hours of experts, those that may be elsewhere apart."""
        brute = self.brute
        kind = by if mode == "on_site" else brute.data.mobile_units[0].equipment_type
        for (h, w, year, s), column in self.share.items():
            way = brute.ways[h][w]
            if year != t or way.mode != mode or way.by != by or (mode == "on_site" and way.place != site):
                continue
            for row in brute.data.expert_times:
                if (row.equipment_type, row.service) == (kind, brute.needs[h].service):
                    hours = row.minutes_per_act / 60 * self.acts[h, t, s]
                    for table in (self.hours, self.distant) if row.remote else (self.hours,):
                        own = table.setdefault((site, row.skill, t, s), {})
                        own[column] = own.get(column, 0.0) + hours

    def _staff(self) -> None:
        """Keep hours within those in post; lent by teams that platforms need, to such teams; given over links."""
        brute, program, policy = self.brute, self.program, self.brute.policy
        heads = {(row.facility, row.skill): row.heads for row in brute.problem.workforce.staff}
        scenarios = range(len(brute.problem.scenarios))
        teams = {(site, skill, t) for site, skill, t, _ in self.hours}
        for skill, t in sorted({(skill, t) for _, skill, t in teams}):
            a_year = policy.staff_share * brute.problem.hours_a_year.get(skill, 0.0)
            post = {site: a_year * heads.get((site, skill), 0) * (t >= brute.first[site]) for site in brute.sites}
            for i, j in itertools.permutations(brute.sites, 2):
                minutes = brute.problem.journeys.minutes(i, j)
                both = {(i, skill, t), (j, skill, t)} <= teams
                if post[i] and both and minutes <= policy.max_lending and minutes < 240:
                    lent = program.variable()
                    self._pay("lending", t, policy.lending_price, lent)
                    self._take(i, skill, t, {lent: 1.0})
                    self._take(j, skill, t, {lent: -(1 - 2 * minutes / 480)})
                if post[i] and self.said.get(("link", (i, j), t)):
                    remote = program.variable()
                    self._take(i, skill, t, {remote: 1.0})
                    self._take(j, skill, t, {remote: -1.0})
                    for s in scenarios:
                        self.given.setdefault((j, skill, t, s), {})[remote] = 1.0
            for site, s in itertools.product(brute.sites, scenarios):
                left = post[site] - self.standing.get((site, skill, t), 0.0)
                program.at_most(self.hours.get((site, skill, t, s), {}), left)
        for key, given in self.given.items():
            program.at_most({**given, **_minus(self.distant.get(key, {}))}, 0.0)
        for (what, _, t), yes in self.said.items():
            if what == "link" and yes:
                self._pay("remote", t, policy.remote_link)

    def _guarantees(self) -> None:
        brute = self.brute
        provinces = sorted(set(brute.province.values()))
        for one, province in itertools.product(brute.policy.guarantees, provinces):
            if one.province not in (None, province):
                continue
            for t, (s, scenario) in itertools.product(brute.years, enumerate(brute.problem.scenarios)):
                row: dict[int, float] = {}
                needed = 0.0
                for h, need in enumerate(brute.needs):
                    if brute.province[need.zone] == province and one.service in (None, need.service):
                        needed += need.acts[t] * brute.factor(scenario, need)
                        for w, way in enumerate(brute.ways[h]):
                            near = one.minutes is None or way.minutes <= one.minutes
                            if near and (h, w, t, s) in self.share:
                                row[self.share[h, w, t, s]] = -self.acts[h, t, s]
                self.program.at_most(row, -one.share * needed)

    def _budgets(self) -> None:
        policy = self.brute.policy
        for which, budget in (("capex", policy.capex_a_year), ("opex", policy.opex_a_year)):
            if budget is None:
                continue
            before: int | None = None
            for row, known in self.spent[which]:
                left = self.program.variable()
                row[left] = 1.0
                if before is not None:
                    row[before] = -policy.carry_over
                self.program.at_most(row, budget - known)
                before = left


def ward_hours(brute: Brute, ward: str) -> dict[str, float]:
    """Return the hours a year that a block of beds takes, by skill."""
    hours = brute.problem.hours_a_year
    return {row.skill: row.fte * hours.get(row.skill, 0.0) for row in brute.data.ward_staff if str(row.ward) == ward}


def _minus(row: Mapping[int, float]) -> dict[int, float]:
    return {column: -amount for column, amount in row.items()}
