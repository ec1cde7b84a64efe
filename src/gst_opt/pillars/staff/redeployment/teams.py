"""The data of the question as arrays: teams, the moves allowed, who may fill which posts; no solver."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.mobility import PremiumKind
from gst_opt.network import distances
from gst_opt.pillars.staff.need import NO_NEED, Basis
from gst_opt.pillars.staff.premiums import premium
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Key = tuple[str, str]
TINY = 1e-9
NO_LIMIT = np.inf


@dataclass(frozen=True)
class Teams:
    """Every team with heads or need, or that a substitute could join, as arrays sorted by (facility, skill).

    Attributes
    ----------
    keys
        (facility, skill).
    need, basis, weight
        FTE needed, what the need comes from, weight of one FTE uncovered.
    heads, protected, kept
        Heads in post, those of them that never move, those that stay under the release floor.
    newcomers, ceiling, wishing
        Heads that may join in a year, heads present at most, heads that wish to leave; `inf` where there is no limit.
    province
        Position in `provinces`, which are sorted.
    approval
        Whether permanent moves of the skill need approval.
    """

    keys: tuple[Key, ...]
    need: Floats
    basis: tuple[Basis, ...]
    weight: Floats
    heads: Positions
    protected: Positions
    kept: Positions
    newcomers: Floats
    ceiling: Floats
    wishing: Floats
    province: Positions
    provinces: tuple[str, ...]
    approval: NDArray[np.bool_]

    @property
    def spare(self) -> Positions:
        """Heads above those that stay."""
        result: Positions = np.maximum(self.heads - self.kept, 0)
        return result

    @property
    def movable(self) -> Positions:
        """Heads that are not protected."""
        result: Positions = np.maximum(self.heads - self.protected, 0)
        return result

    @property
    def whole_posts(self) -> Positions:
        """Posts of weight 1."""
        return np.floor(self.need + TINY).astype(np.intp)

    @property
    def part_post(self) -> Floats:
        """Weight of the one part post; 0 where the need is whole."""
        rest = self.need - self.whole_posts
        return np.where(rest > TINY, rest, 0.0)

    @property
    def posts(self) -> Positions:
        """Whole posts and the part post."""
        return np.ceil(self.need - TINY).astype(np.intp)


@dataclass(frozen=True)
class Index:
    """Teams, moves and substitutions as arrays; teams are named by their position in `teams`.

    Attributes
    ----------
    teams
        Every team.
    active
        Teams that can send or receive, or whose posts substitutes may fill, sorted.
    origin, host, minutes, km, premium, wishes, most
        One allowed move each: teams, journey, distance (`inf` where unknown), MAD a year of one head, heads that wish
        it (`inf` when moves are not voluntary), heads at most.
    mission, mission_premium
        Moves that may be missions (positions among the moves), MAD a year of one head.
    post, helper, efficiency
        One substitution each: team of the posts, team of the heads who may fill them, share of the work done.
    """

    teams: Teams
    active: Positions
    origin: Positions
    host: Positions
    minutes: Floats
    km: Floats
    premium: Floats
    wishes: Floats
    most: Positions
    mission: Positions
    mission_premium: Floats
    post: Positions
    helper: Positions
    efficiency: Floats

    @property
    def move_keys(self) -> list[tuple[str, str, str]]:
        """(origin, host, skill) of the allowed moves."""
        keys = self.teams.keys
        return [
            (keys[i][0], keys[j][0], keys[i][1]) for i, j in zip(self.origin.tolist(), self.host.tolist(), strict=True)
        ]

    @property
    def mission_keys(self) -> list[tuple[str, str, str]]:
        """(origin, host, skill) of the allowed missions."""
        keys = self.move_keys
        return [keys[position] for position in self.mission.tolist()]

    @property
    def substitution_keys(self) -> list[tuple[str, str, str]]:
        """(facility, skill of the posts, substitute)."""
        keys = self.teams.keys
        return [(*keys[j], keys[c][1]) for j, c in zip(self.post.tolist(), self.helper.tolist(), strict=True)]

    def keys_of(self, teams: Positions) -> list[Key]:
        """Return (facility, skill) of some teams."""
        return [self.teams.keys[team] for team in teams.tolist()]

    def heads_after(self, moved: Positions) -> Positions:
        """Return the heads present in every team when so many take each move."""
        after = self.teams.heads.copy()
        np.subtract.at(after, self.origin, moved)
        np.add.at(after, self.host, moved)
        return after


def index(problem: RedeploymentProblem) -> Index:
    """Derive teams, allowed moves and substitutions from the data."""
    teams = teams_of(problem)
    post, helper, efficiency = _substitutions(problem, teams)
    origin, host, minutes, most = _moves(problem, teams, post, helper)
    wishes = _wishes(problem, teams, origin, host)
    wished = wishes > 0
    origin, host, most = origin[wished], host[wished], most[wished]
    minutes, wishes = minutes[wished], wishes[wished]
    km = _km(problem, teams, origin, host)
    known = np.where(np.isfinite(km), km, -1.0)  # no premium where no distance is known
    steps = problem.workforce.premium_steps
    mission = np.flatnonzero(teams.approval[origin]) if problem.policy.max_missions else np.empty(0, dtype=np.intp)
    filled = teams.need[post] > TINY
    present = (teams.heads > 0) | np.isin(np.arange(len(teams.keys)), host)
    able = filled & present[helper]
    post, helper, efficiency = post[able], helper[able], efficiency[able]
    return Index(
        teams=teams,
        active=np.unique(np.concatenate([origin, host, post, helper])),
        origin=origin,
        host=host,
        minutes=minutes,
        km=km,
        premium=premium(steps, PremiumKind.MOVE, known),
        wishes=wishes,
        most=most,
        mission=mission,
        mission_premium=premium(steps, PremiumKind.MISSION, known[mission]),
        post=post,
        helper=helper,
        efficiency=efficiency,
    )


def teams_of(problem: RedeploymentProblem) -> Teams:
    """Derive the teams from the data."""
    force, policy, needs = problem.workforce, problem.policy, problem.needs
    places = {facility.id: facility for facility in problem.region.open_facilities()}
    staff = {(row.facility, row.skill): row for row in force.staff if row.facility in places}
    joined = {
        (facility, shift.substitute)
        for shift in force.task_shifts
        for facility, skill in needs
        if skill == shift.skill and shift.efficiency > 0
    }
    keys = tuple(sorted(needs.keys() | staff.keys() | joined))
    need = np.array([needs.get(key, NO_NEED).fte for key in keys])
    heads = np.array([staff[key].heads if key in staff else 0 for key in keys], dtype=np.intp)
    team = np.array([needs.get(key, NO_NEED).minimum_team for key in keys], dtype=np.intp)
    share = np.ceil(policy.kept_share * np.minimum(heads, need) - TINY).astype(np.intp)
    limits = {(row.facility, row.skill): row for row in force.posts}
    newcomers = [limits[key].newcomers if key in limits else None for key in keys]
    budgeted = np.array(_or_no_limit([limits[key].budgeted if key in limits else None for key in keys]))
    provinces = tuple(sorted({place.province for place in places.values()}))
    number = {province: position for position, province in enumerate(provinces)}
    asks = {skill.id for skill in force.skills if skill.needs_approval}
    return Teams(
        keys=keys,
        need=need,
        basis=tuple(needs.get(key, NO_NEED).basis for key in keys),
        weight=_weights(problem, keys),
        heads=heads,
        protected=np.array([staff[key].protected if key in staff else 0 for key in keys], dtype=np.intp),
        kept=np.maximum(team, share),
        newcomers=np.array(_or_no_limit(newcomers)),
        ceiling=np.maximum(budgeted, heads),
        wishing=_wishing(problem, keys),
        province=np.array([number[places[facility].province] for facility, _ in keys], dtype=np.intp),
        provinces=provinces,
        approval=np.array([skill in asks for _, skill in keys], dtype=bool),
    )


def _or_no_limit(limits: Sequence[int | None]) -> list[float]:
    return [NO_LIMIT if limit is None else float(limit) for limit in limits]


def _weights(problem: RedeploymentProblem, keys: Sequence[Key]) -> Floats:
    weight = np.ones(len(keys))
    if problem.policy.priorities:
        places = {facility.id: facility for facility in problem.region.facilities}
        for position, (facility, skill) in enumerate(keys):
            for priority in problem.policy.priorities:
                if priority.holds_for(places[facility], skill):
                    weight[position] *= priority.weight
    return weight


def _wishing(problem: RedeploymentProblem, keys: Sequence[Key]) -> Floats:
    """Return the heads of each team that have a wish that counts: one wish a head at each rank."""
    if not problem.policy.voluntary:
        return np.full(len(keys), NO_LIMIT)
    worst = problem.policy.worst_rank or NO_LIMIT
    by_rank: dict[Key, dict[int, int]] = {}
    for row in problem.workforce.consents:
        if row.rank <= worst:
            ranks = by_rank.setdefault((row.origin, row.skill), {})
            ranks[row.rank] = ranks.get(row.rank, 0) + row.heads
    return np.array([float(max(by_rank.get(key, {}).values(), default=0)) for key in keys])


def _wishes(problem: RedeploymentProblem, teams: Teams, origin: Positions, host: Positions) -> Floats:
    """Return the heads that have named each move as a wish that counts."""
    if not problem.policy.voluntary:
        return np.full(len(origin), NO_LIMIT)
    worst = problem.policy.worst_rank or NO_LIMIT
    named: dict[tuple[str, str, str], int] = {}
    for row in problem.workforce.consents:
        if row.rank <= worst:
            place = (row.origin, row.host, row.skill)
            named[place] = named.get(place, 0) + row.heads
    pairs = zip(origin.tolist(), host.tolist(), strict=True)
    return np.array([float(named.get((teams.keys[i][0], *teams.keys[j]), 0)) for i, j in pairs])


def _substitutions(problem: RedeploymentProblem, teams: Teams) -> tuple[Positions, Positions, Floats]:
    """Return who may fill whose posts at the same facility: team of the posts, of the heads, share of the work."""
    position = {key: number for number, key in enumerate(teams.keys)}
    found = [
        (number, position[facility, shift.substitute], shift.efficiency)
        for shift in problem.workforce.task_shifts
        if shift.efficiency > 0 and shift.skill != shift.substitute
        for number, (facility, skill) in enumerate(teams.keys)
        if skill == shift.skill and (facility, shift.substitute) in position
    ]
    post, helper, efficiency = (np.array([one[part] for one in found]) for part in range(3))
    return post.astype(np.intp), helper.astype(np.intp), efficiency.astype(np.float64)


def useful_room(teams: Teams, post: Positions, helper: Positions, backfill: bool) -> Positions:
    """Return the heads that a team can use: its posts, others that it may fill and, with backfill, those replaced."""
    room = teams.posts.copy()
    np.add.at(room, helper, teams.posts[post])
    return room + teams.movable if backfill else room


def _moves(
    problem: RedeploymentProblem, teams: Teams, post: Positions, helper: Positions
) -> tuple[Positions, Positions, Floats, Positions]:
    """Return origin, host, minutes and heads at most of every move that can be of use within the radius."""
    backfill = problem.policy.backfill
    room = useful_room(teams, post, helper, backfill)
    leaving = teams.movable if backfill else np.minimum(teams.spare, teams.movable)
    free = teams.ceiling - teams.heads + leaving
    receives = (room > teams.heads) & (teams.newcomers > 0) & (free > 0)
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(teams.keys):
        by_skill.setdefault(skill, []).append(position)
    origins, hosts, minutes = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    for members in by_skill.values():
        own = np.array(members, dtype=np.intp)
        senders, receivers = own[leaving[own] > 0], own[receives[own]]
        names = ([teams.keys[i][0] for i in some.tolist()] for some in (senders, receivers))
        times = problem.journeys.between(*names)
        row, column = np.nonzero((times <= problem.policy.max_travel) & (senders[:, None] != receivers))
        origins.append(senders[row])
        hosts.append(receivers[column])
        minutes.append(times[row, column])
    origin, host = np.concatenate(origins), np.concatenate(hosts)
    most = np.minimum.reduce([leaving[origin], room[host], np.minimum(teams.newcomers, free)[host]])
    return origin, host, np.concatenate(minutes), most.astype(np.intp)


def _km(problem: RedeploymentProblem, teams: Teams, origin: Positions, host: Positions) -> Floats:
    """Return the distance by road of each move."""
    facilities = sorted({facility for facility, _ in teams.keys})
    if not len(origin):
        return np.empty(0)
    number = {facility: position for position, facility in enumerate(facilities)}
    at = np.array([number[facility] for facility, _ in teams.keys], dtype=np.intp)
    result: Floats = distances(problem.region, problem.journeys, facilities, facilities)[at[origin], at[host]]
    return result
