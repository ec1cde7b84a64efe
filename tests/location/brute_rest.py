"""What is left of a small question of location when its whole decisions are made: one linear program."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from gst_opt.core.equipment import EquipmentType
from tests.location.brute_facts import Facts, Life, Site
from tests.location.brute_program import Program


class Rest:
    """What is left when the whole decisions are made: one linear program."""

    def __init__(
        self,
        brute: Facts,
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
            near = [way for way in ways if way.mode == "on_site" and way.minutes <= need.back]
            longest = max(way.minutes for way in ways)
            for t, (s, scenario) in itertools.product(brute.years, enumerate(brute.problem.scenarios)):
                acts = need.acts[t] * brute.factor(scenario, need)
                if acts <= 0:
                    continue
                lowest = min((way.rank for way in near if way.first <= t), default=math.inf)
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
                    above = way.mode == "on_site" and way.rank > lowest
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
            most = brute.use_limit(kind, count) * count * minutes if count else 0.0
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
        days = [self.brute.wait(kind, count, use) * use * minutes / (sum(own) / len(own)) for use in uses]
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
                program.at_most({**used, rounds: -kind.max_use * brute.left(row.place)}, 0.0)
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
                if post[i] and both and minutes <= policy.max_lending and 2 * minutes < policy.lent_day:
                    lent = program.variable()
                    self._pay("lending", t, policy.lending_price, lent)
                    self._take(i, skill, t, {lent: 1.0})
                    self._take(j, skill, t, {lent: -(1 - 2 * minutes / policy.lent_day)})
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


def ward_hours(brute: Facts, ward: str) -> dict[str, float]:
    """Return the hours a year that a block of beds takes, by skill."""
    hours = brute.problem.hours_a_year
    return {row.skill: row.fte * hours.get(row.skill, 0.0) for row in brute.data.ward_staff if str(row.ward) == ward}


def _minus(row: Mapping[int, float]) -> dict[int, float]:
    return {column: -amount for column, amount in row.items()}
