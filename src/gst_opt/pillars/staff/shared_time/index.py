"""Teams that can lend or be helped, and the agreements and half-days on sale, as arrays; no solver."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.mobility import PremiumKind
from gst_opt.network import distances
from gst_opt.pillars.staff.need import NO_NEED
from gst_opt.pillars.staff.premiums import premium
from gst_opt.pillars.staff.shared_time.problem import TINY, SharedTimeProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Key = tuple[str, str]
Step = tuple[int, int, int, float]


@dataclass(frozen=True)
class Index:
    """What may be decided.

    Attributes
    ----------
    teams
        (facility, skill) of every team with heads or need, sorted.
    need, heads, week
        FTE needed, heads in post, half-days in the week of one person, by team.
    lendable, lenders
        Half-days a week that may leave a team, and people who may lend them; both 0 where no agreement can be made.
    origin, host, minutes, km, yields
        One arc each: positions in `teams`, the journey, its length (infinite: unknown), and the share of a half-day
        that is left for work.
    arc, hosts, shortest, longest, premium
        One step of an arc each: its arc, hosts that a person may have in it, half-days a week of one person from and
        to, and the premium of one person.
    offer, on_sale, price, cost
        One offer of private half-days each: position in `teams`, half-days a week, price of one, cost of one every
        week that the staff works, a year.
    """

    teams: tuple[Key, ...]
    need: Floats
    heads: Positions
    week: Floats
    lendable: Positions
    lenders: Positions
    origin: Positions
    host: Positions
    minutes: Floats
    km: Floats
    yields: Floats
    arc: Positions
    hosts: Positions
    shortest: Positions
    longest: Positions
    premium: Floats
    offer: Positions
    on_sale: Positions
    price: Floats
    cost: Floats

    @cached_property
    def exposed(self) -> Positions:
        """Teams that a decision can help, or leave short."""
        touched = np.zeros(len(self.teams), dtype=np.bool_)
        touched[np.concatenate([self.origin, self.host, self.offer])] = True
        lowest = self.heads * self.week - self.lendable
        return np.flatnonzero(touched & (self.need * self.week > lowest + TINY))

    @cached_property
    def arc_keys(self) -> list[tuple[str, str, str]]:
        """(origin, host, skill) of the arcs."""
        pairs = zip(self.origin.tolist(), self.host.tolist(), strict=True)
        return [(self.teams[i][0], self.teams[j][0], self.teams[i][1]) for i, j in pairs]

    @cached_property
    def step_keys(self) -> list[tuple[str, str, str, str]]:
        """(origin, host, skill, half-days from and to, for a person of so many hosts) of the steps."""
        keys = self.arc_keys
        columns = (self.arc, self.shortest, self.longest, self.hosts)
        steps = zip(*(column.tolist() for column in columns), strict=True)
        return [(*keys[arc], f"{low}-{high} of {hosts}") for arc, low, high, hosts in steps]

    @cached_property
    def step_of(self) -> dict[tuple[str, str, str, int, int], int]:
        """Step by (origin, host, skill, hosts that the person may have, half-days)."""
        keys = self.arc_keys
        columns = (self.arc, self.hosts, self.shortest, self.longest)
        return {
            (*keys[arc], hosts, level): step
            for step, (arc, hosts, low, high) in enumerate(zip(*(one.tolist() for one in columns), strict=True))
            for level in range(low, high + 1)
        }

    @cached_property
    def crowded(self) -> Positions:
        """Steps from teams that can have more agreements than people: their agreements need sharing out."""
        origin = self.origin[self.arc]
        least = np.full(len(self.teams), np.iinfo(np.intp).max)
        np.minimum.at(least, origin, self.shortest)
        return np.flatnonzero((self.lendable // least > self.lenders)[origin])

    @cached_property
    def groups(self) -> tuple[Positions, Positions, Positions]:
        """People of crowded teams who may have as many hosts: team and hosts of each group, group of `crowded`."""
        both = np.stack([self.origin[self.arc[self.crowded]], self.hosts[self.crowded]], axis=1)
        found, row = np.unique(both, axis=0, return_inverse=True)
        return found[:, 0], found[:, 1], row.reshape(-1)

    def keys(self, teams: Positions) -> list[Key]:
        """(facility, skill) of some teams."""
        return [self.teams[team] for team in teams.tolist()]


def index(problem: SharedTimeProblem) -> Index:
    """Derive teams, arcs, steps and offers from the data."""
    is_open = {facility.id for facility in problem.region.open_facilities()}
    staff = {(row.facility, row.skill): row for row in problem.workforce.staff if row.facility in is_open}
    teams = tuple(sorted(problem.needs.keys() | staff.keys()))
    wanted = [problem.needs.get(team, NO_NEED) for team in teams]
    need = np.array([one.fte for one in wanted])
    heads = np.array([staff[team].heads if team in staff else 0 for team in teams], dtype=np.intp)
    lenders = np.array(
        [max(staff[team].heads - staff[team].protected, 0) if team in staff else 0 for team in teams], dtype=np.intp
    )
    week = np.array([problem.weeks[skill].half_days for _, skill in teams])
    stays = np.maximum(
        np.array([float(one.minimum_team) for one in wanted]), problem.policy.kept_share * np.minimum(heads, need)
    )
    lendable = np.floor(np.maximum((heads - stays) * week, 0.0) + TINY).astype(np.intp)
    longest = np.array([problem.longest(skill, 1) for _, skill in teams], dtype=np.intp)
    least = problem.policy.min_half_days
    lends = (lendable >= least) & (lenders > 0) & (longest >= least)
    lendable, lenders = np.where(lends, lendable, 0), np.where(lends, lenders, 0)
    short = need - heads > TINY
    origin, host, minutes, km, yields = _arcs(problem, teams, lends, short)
    arc, hosts, low, high, paid = _steps(problem, teams, lendable, origin, km)
    offer, on_sale, price, cost = _offers(problem, teams, short)
    return Index(
        teams,
        need,
        heads,
        week,
        lendable,
        lenders,
        origin,
        host,
        minutes,
        km,
        yields,
        arc,
        hosts,
        low,
        high,
        paid,
        offer,
        on_sale,
        price,
        cost,
    )


def _arcs(
    problem: SharedTimeProblem, teams: Sequence[Key], lends: NDArray[np.bool_], short: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats, Floats, Floats]:
    """Return the arcs within the radius from teams that lend to teams that are short, with some time left for work."""
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(teams):
        by_skill.setdefault(skill, []).append(position)
    found: list[tuple[Positions, Positions, Floats, Floats]] = []
    for skill, positions in sorted(by_skill.items()):
        senders = np.array([position for position in positions if lends[position]], dtype=np.intp)
        receivers = np.array([position for position in positions if short[position]], dtype=np.intp)
        times = problem.journeys.between([teams[i][0] for i in senders], [teams[j][0] for j in receivers])
        left = 1 - 2 * times / problem.weeks[skill].minutes
        near = (times <= problem.policy.max_travel) & (left > TINY) & (senders[:, None] != receivers)
        row, column = np.nonzero(near)
        found.append((senders[row], receivers[column], times[row, column], left[row, column]))
    columns = list(zip(*found, strict=True)) or [()] * 4
    origin, host = (np.concatenate([*column, np.empty(0, np.intp)]) for column in columns[:2])
    minutes, yields = (np.concatenate([*column, np.empty(0)]) for column in columns[2:])
    return origin, host, minutes, _kilometres(problem, teams, origin, host), yields


def _kilometres(problem: SharedTimeProblem, teams: Sequence[Key], origin: Positions, host: Positions) -> Floats:
    froms, row = np.unique([teams[i][0] for i in origin], return_inverse=True)
    tos, column = np.unique([teams[j][0] for j in host], return_inverse=True)
    if not len(origin):
        return np.empty(0)
    return distances(problem.region, problem.journeys, froms.tolist(), tos.tolist())[row, column]


def steps(problem: SharedTimeProblem, skill: str, *, paid: bool) -> list[Step]:
    """Return runs of half-days a week (hosts, from, to, premium), for an agreement with or without right to a premium.

    People who may have more hosts at the same lengths stand for those who may have fewer.
    """
    runs: list[Step] = []
    longer = 0
    for hosts in range(problem.policy.hosts_per_person, 0, -1):
        longest = problem.longest(skill, hosts)
        if longest > longer:
            first = problem.policy.min_half_days if hosts > 1 else max(problem.policy.min_half_days, longer + 1)
            runs += _runs(problem, hosts, np.arange(first, longest + 1), paid=paid)
        longer = longest
    return runs


def _runs(problem: SharedTimeProblem, hosts: int, levels: Positions, *, paid: bool) -> list[Step]:
    amounts = premium(problem.workforce.premium_steps, PremiumKind.SHARED_TIME, levels.astype(np.float64))
    runs: list[Step] = []
    for level, amount in zip(levels.tolist(), (amounts if paid else np.zeros(len(levels))).tolist(), strict=True):
        if runs and runs[-1][3] == amount:
            runs[-1] = (hosts, runs[-1][1], level, amount)
        else:
            runs.append((hosts, level, level, amount))
    return runs


def _steps(
    problem: SharedTimeProblem, teams: Sequence[Key], lendable: Positions, origin: Positions, km: Floats
) -> tuple[Positions, Positions, Positions, Positions, Floats]:
    """Return the steps that each arc's origin has the half-days for; an unknown distance gives right to no premium."""
    kinds = {
        (skill, paid): steps(problem, skill, paid=paid)
        for skill in {teams[i][1] for i in origin.tolist()}
        for paid in (False, True)
    }
    far = np.isfinite(km) & (km >= problem.policy.premium_distance - TINY)
    found = [
        (arc, *step)
        for arc, (team, paid) in enumerate(zip(origin.tolist(), far.tolist(), strict=True))
        for step in kinds[teams[team][1], paid]
        if step[1] <= lendable[team]
    ]
    columns = list(zip(*found, strict=True)) or [()] * 5
    arc, hosts, low, high = (np.array(column, dtype=np.intp) for column in columns[:4])
    return arc, hosts, low, high, np.array(columns[4], dtype=np.float64)


def _offers(
    problem: SharedTimeProblem, teams: Sequence[Key], short: NDArray[np.bool_]
) -> tuple[Positions, Positions, Floats, Floats]:
    """Return the half-days on sale where the skill is short."""
    place = {team: position for position, team in enumerate(teams) if short[position]}
    found = [
        (
            place[row.facility, row.skill],
            int(row.half_days + TINY),
            row.price,
            row.price * problem.weeks[row.skill].a_year,
        )
        for row in problem.workforce.private_times
        if (row.facility, row.skill) in place and row.half_days + TINY >= 1
    ]
    columns = list(zip(*found, strict=True)) or [()] * 4
    return (
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=np.intp),
        np.array(columns[2], dtype=np.float64),
        np.array(columns[3], dtype=np.float64),
    )
