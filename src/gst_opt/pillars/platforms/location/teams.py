"""Staff of a plan as arrays: hours that sessions, acts and beds take, and who may lend or read for whom; no solver.

A team is one skill at one site in one year. Staff of mobile units, experts too, are of the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.platforms.location.index import Floats, Index, Positions
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.staffing import StaffHours, staff_hours
from gst_opt.pillars.platforms.location.uses import Uses

Bools = NDArray[np.bool_]


class Sources(NamedTuple):
    """What takes hours: platforms, options and uses; slots that have sessions; docking points and years."""

    sets: Index
    found: Options
    used: Uses
    session_slots: Positions
    dock_years: tuple[Positions, Positions]


class Take(NamedTuple):
    """Hours that one unit of a variable takes of a team: position of the variable, team, hours."""

    column: Positions
    team: Positions
    hours: Floats


class Pairs(NamedTuple):
    """Teams that may help each other: who gives, who receives, most hours a year."""

    origin: Positions
    host: Positions
    most: Floats


class Links(NamedTuple):
    """Pairs of sites that may be joined in a year, whatever the skill: positions of the sites and of the year."""

    origin: Positions
    host: Positions
    year: Positions


@dataclass(frozen=True)
class Teams:
    """Hours taken and in post.

    Attributes
    ----------
    limited
        Whether hours in post are a limit.
    skills, sites, years
        What the number of a team is made of: ``(skill x sites + site) x years + year``.
    sessions, beds, rounds
        What sessions, steps between levels of beds, and rounds of mobile units take.
    experts, distant
        What serving a whole need takes of experts, and the part of it that may be given at a distance.
    available
        Hours in post that platforms and beds may use, by team.
    lending, worked
        Who may lend hours to whom, and the share of an hour lent that is worked there.
    remote, link, links
        Who may give expert hours to whom at a distance, the link that they use, and the links.
    """

    limited: bool
    skills: tuple[str, ...]
    sites: tuple[str, ...]
    years: int
    sessions: Take
    beds: Take
    rounds: Take
    experts: Take
    distant: Take
    available: Floats
    lending: Pairs
    worked: Floats
    remote: Pairs
    link: Positions
    links: Links

    @cached_property
    def rows(self) -> Positions:
        """Teams of which something is taken, or may be."""
        taken = [take.team for take in (self.sessions, self.beds, self.rounds, self.experts)]
        return np.unique(np.concatenate([*taken, self.lending.origin, self.remote.origin]))

    def key(self, team: int) -> tuple[str, str, int]:
        """Return (site, skill, position of the year) of a team."""
        rest, year = divmod(team, self.years)
        skill, site = divmod(rest, len(self.sites))
        return self.sites[site], self.skills[skill], year

    def pair_keys(self, pairs: Pairs) -> list[tuple[str, str, str, int]]:
        """Return (origin, host, skill, position of the year) of some pairs."""
        both = zip(map(self.key, pairs.origin.tolist()), map(self.key, pairs.host.tolist()), strict=True)
        return [(origin, host, skill, year) for (origin, skill, year), (host, _, _) in both]


def teams(problem: LocationProblem, sources: Sources) -> Teams:
    """Derive the hours that are taken, and who may help whom: nobody where staff sets no limit, or none is known."""
    maker = _Maker(problem, sources)
    distant, experts = maker.of_uses(maker.distant), maker.of_uses(maker.standards.expert)
    sessions, beds, rounds = maker.of_sessions(), maker.of_beds(), maker.of_rounds()
    needed = np.unique(np.concatenate([take.team for take in (sessions, beds, rounds, experts)]))
    lending, worked = maker.lending(needed)
    remote = maker.remote(np.bincount(lending.host, lending.most * worked, maker.size).astype(np.float64))
    codes = _code(maker, remote)
    found, link = np.unique(codes, return_inverse=True)
    sites, years = len(maker.sites), maker.years
    return Teams(
        limited=maker.limited,
        skills=maker.skills,
        sites=maker.sites,
        years=years,
        sessions=sessions,
        beds=beds,
        rounds=rounds,
        experts=experts,
        distant=distant,
        available=maker.available.reshape(-1),
        lending=lending,
        worked=worked,
        remote=remote,
        link=link.reshape(-1),
        links=Links(found // years // sites, found // years % sites, found % years),
    )


def _code(maker: "_Maker", pairs: Pairs) -> Positions:
    """Return one number by site that gives, site that receives and year."""
    sites, years = max(len(maker.sites), 1), maker.years
    origin, host = pairs.origin // years % sites, pairs.host // years % sites
    return (origin * sites + host) * years + pairs.host % years


class _Maker:
    """Makes takes and pairs of a problem."""

    def __init__(self, problem: LocationProblem, sources: Sources) -> None:
        self.problem, self.sources = problem, sources
        self.standards: StaffHours = staff_hours(problem)
        remote = {(row.equipment_type, row.service, row.skill) for row in problem.equipment.expert_times if row.remote}
        self.distant = {
            key: {skill: hours for skill, hours in own.items() if (*key, skill) in remote}
            for key, own in self.standards.expert.items()
        }
        self.limited = problem.policy.staff_limit and bool(problem.workforce.staff)
        tables = (self.standards.session, self.standards.expert, self.standards.bed)
        self.skills = tuple(sorted({k for table in tables for own in table.values() for k in own}))
        self.sites = tuple(sorted(problem.facilities))
        self.years = sources.sets.years
        self.size = len(self.skills) * len(self.sites) * self.years
        self.number = {name: position for position, name in enumerate(self.sites)}
        platforms, docks = sources.sets.platforms, sources.found.docks
        self.kinds = [*(one.resource for one in platforms), *(dock.unit.equipment_type for dock in docks)]
        homes = [*(one.facility for one in platforms), *(dock.unit.base for dock in docks)]
        self.home = np.array([self.number[one] for one in homes], dtype=np.intp)
        found = sources.found
        self.owner = np.where(found.dock >= 0, len(platforms) + found.dock, found.platform)
        self.makes, self.make = self._makes()
        first = [problem.first_year[site] - problem.years[0] for site in self.sites]
        there = np.arange(self.years) >= np.array(first, dtype=np.intp)[:, None]
        heads = [[self.standards.available.get((site, k), 0.0) for site in self.sites] for k in self.skills]
        self.available = np.array(heads).reshape(len(self.skills), len(self.sites), 1) * there

    def _makes(self) -> tuple[list[tuple[str, str]], Positions]:
        """Return the types, each with a service that it makes, and the position of that of every option."""
        found = self.sources.found
        names = sorted({*self.kinds, ""})
        services = sorted({one.service for one in found.streams})
        kind = np.array([names.index(one) for one in (*self.kinds, "")], dtype=np.intp)[self.owner]
        service = np.array([services.index(one.service) for one in found.streams], dtype=np.intp)[found.stream]
        codes, make = np.unique(kind * len(services) + service, return_inverse=True)
        makes = [(names[code // len(services)], services[code % len(services)]) for code in codes.tolist()]
        return makes, make.reshape(-1)

    def take(self, hours: Floats, sites: Positions, years: Positions, columns: Positions | None = None) -> Take:
        """Return what is above zero of hours by skill and variable, given the variables' sites and years."""
        skill, own = np.nonzero(hours)
        team = (skill * len(self.sites) + sites[own]) * self.years + years[own]
        return Take(own if columns is None else columns[own], team, hours[skill, own])

    def of_owners(self, standards: Mapping[str, Mapping[str, float]]) -> Floats:
        """Return hours by skill, and platform or docking point."""
        rows = [[standards.get(kind, {}).get(skill, 0.0) for kind in self.kinds] for skill in self.skills]
        return np.array(rows, dtype=np.float64).reshape(len(self.skills), len(self.kinds))

    def of_sessions(self) -> Take:
        """Return what sessions take."""
        platform, year = (column[self.sources.session_slots] for column in self.sources.sets.slots)
        return self.take(self.of_owners(self.standards.session)[:, platform], self.home[platform], year)

    def of_beds(self) -> Take:
        """Return what steps into a level of beds take."""
        sets = self.sources.sets
        hours = self.of_owners(self.standards.bed)[:, sets.arc_platform] * sets.amount[sets.target]
        return self.take(hours, self.home[sets.arc_platform], sets.arc_year)

    def of_rounds(self) -> Take:
        """Return what rounds of mobile units take at their base."""
        dock, year = self.sources.dock_years
        own = len(self.sources.sets.platforms) + dock
        return self.take(self.of_owners(self.standards.session)[:, own], self.home[own], year)

    def of_options(self, standards: Mapping[tuple[str, str], Mapping[str, float]]) -> Floats:
        """Return hours of one act by skill and option."""
        rows = [[standards.get(make, {}).get(skill, 0.0) for make in self.makes] for skill in self.skills]
        return np.array(rows, dtype=np.float64).reshape(len(self.skills), len(self.makes))[:, self.make]

    def of_uses(self, standards: Mapping[tuple[str, str], Mapping[str, float]]) -> Take:
        """Return what serving the whole need takes of experts, by use."""
        used = self.sources.used
        each = self.of_options(standards)
        columns = np.flatnonzero(each.max(axis=0, initial=0.0)[used.option])
        option, need = used.option[columns], used.need[columns]
        return self.take(each[:, option] * used.acts[need], self.home[self.owner[option]], used.year[need], columns)

    def most_distant(self) -> Floats:
        """Return the most hours that may be given at a distance, by skill, site and year, in any scenario.

        At one platform or docking point: of all needs in reach, and no more than its units have time for.
        """
        found, used, owners = self.sources.found, self.sources.used, len(self.kinds)
        each, scenarios = self.of_options(self.distant), len(self.problem.scenarios)
        most = np.zeros((len(self.skills), len(self.sites), self.years))
        for skill, hours in enumerate(each):
            uses = np.flatnonzero(hours[used.option])
            option, need = used.option[uses], used.need[uses]
            total = np.zeros((owners, self.years, scenarios))
            np.add.at(
                total, (self.owner[option], used.year[need], used.scenario[need]), hours[option] * used.acts[need]
            )
            ratio = np.zeros(owners)
            np.maximum.at(ratio, self.owner[option], hours[option] / found.per_act[option])
            bounded = np.minimum(total.max(axis=2, initial=0.0), (ratio * self._minutes())[:, None])
            np.add.at(most[skill], self.home, bounded)
        return most

    def _minutes(self) -> Floats:
        """Return the most minutes of use in a year, by platform and docking point."""
        types = {one.id: one for one in self.problem.equipment.equipment_types}
        found = [
            0.0 if one.block else types[one.resource].max_use * types[one.resource].minutes_per_year * one.high
            for one in self.sources.sets.platforms
        ]
        for dock in self.sources.found.docks:
            kind = types[dock.unit.equipment_type]
            found.append(kind.max_use * dock.minutes_left * dock.unit.sessions_per_week * kind.weeks_per_year)
        return np.array(found, dtype=np.float64)

    def lending(self, needed: Positions) -> tuple[Pairs, Floats]:
        """Return who may lend to whom, and the share worked there: teams that platforms take of, at near sites."""
        minutes = self.problem.journeys.between(self.sites, self.sites)
        worked = 1 - 2 * minutes / self.problem.policy.lent_day
        near = (minutes <= self.problem.policy.max_lending) & (worked > 0)
        taken = _mask(needed, self.available.shape)
        pairs = self._pairs(near, np.where(taken, self.available, 0.0), taken)
        origin, host = (team // self.years % max(len(self.sites), 1) for team in (pairs.origin, pairs.host))
        return pairs, worked[origin, host]

    def remote(self, borrowed: Floats) -> Pairs:
        """Return who may give expert hours to whom at a distance, no more than both have, hours borrowed included."""
        most = self.most_distant()
        pairs = self._pairs(np.ones((len(self.sites),) * 2, dtype=np.bool_), self.available, most > 0)
        hours = self.available.reshape(-1) + borrowed
        return pairs._replace(most=np.minimum(hours[pairs.origin], most.reshape(-1)[pairs.host]))

    def _pairs(self, near: Bools, available: Floats, wanted: Bools) -> Pairs:
        apart = near & ~np.eye(len(self.sites), dtype=np.bool_)
        sites, years = len(self.sites), self.years
        found: list[tuple[Positions, Positions]] = []
        for skill in range(len(self.skills) if self.limited else 0):
            both = apart[:, :, None] & (available[skill] > 0)[:, None, :] & wanted[skill][None, :, :]
            origin, host, year = np.nonzero(both)
            found.append(((skill * sites + origin) * years + year, (skill * sites + host) * years + year))
        gives = np.concatenate([one for one, _ in found]) if found else np.empty(0, dtype=np.intp)
        takes = np.concatenate([one for _, one in found]) if found else np.empty(0, dtype=np.intp)
        return Pairs(gives, takes, available.reshape(-1)[gives])


def _mask(teams: Positions, shape: tuple[int, ...]) -> Bools:
    found = np.zeros(shape, dtype=np.bool_)
    found.reshape(-1)[teams] = True
    return found
