"""Every decision allowed, as arrays for the model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gst_opt.core.careers import Training
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.teams import TINY, Bools, Calendar, Floats, Positions, Teams, teams_of


@dataclass(frozen=True)
class Index:
    """What may be decided.

    Attributes
    ----------
    calendar, teams
        Periods and teams.
    move_period, origin, host, minutes
        One allowed move each: its period, two teams, and the journey.
    post_year, post_team, post_paid, fill, incentive
        One kind of post each: its year, its team, whether the incentive is paid, the share filled, and the incentive
        of one filled post a year.
    course
        Trainings that somebody may begin.
    training_period, training_course, trainee, trained
        One way to begin each: period, course, the team left and the one come back to with success.
    placed_period, placed_team, room
        One place for trainees each: period, team, and how many (infinite: not limited).
    """

    calendar: Calendar
    teams: Teams
    move_period: Positions
    origin: Positions
    host: Positions
    minutes: Floats
    post_year: Positions
    post_team: Positions
    post_paid: Bools
    fill: Floats
    incentive: Floats
    course: tuple[Training, ...]
    training_period: Positions
    training_course: Positions
    trainee: Positions
    trained: Positions
    placed_period: Positions
    placed_team: Positions
    room: Floats

    @cached_property
    def active(self) -> Positions:
        """Teams whose heads some decision changes."""
        return np.unique(np.concatenate([self.origin, self.host, self.post_team, self.trainee, self.trained]))

    @cached_property
    def standing(self) -> Positions:
        """Teams that heads may leave by decision."""
        return np.unique(np.concatenate([self.origin, self.trainee]))

    @cached_property
    def hosts(self) -> Positions:
        """Teams that heads may be moved to."""
        return np.unique(self.host)

    @cached_property
    def uncovered(self) -> tuple[Positions, Positions]:
        """Periods and positions in `active` of what may end a period with need uncovered."""
        stays = self.teams.tenure >= self.calendar.length  # no arrival leaves again: heads of today alone do
        lowest = self.teams.natural.copy()
        lowest[:, self.standing] -= np.where(stays, self.teams.room, np.inf)[:, self.standing]
        lowest = np.maximum(lowest, 0.0)
        period, place = np.nonzero((self.teams.need - lowest)[:, self.active] > TINY)
        return period, place

    @cached_property
    def lasts(self) -> Positions:
        """Periods that each course takes."""
        return np.array([self.calendar.lasting(course.months) for course in self.course], dtype=np.intp)

    @cached_property
    def success(self) -> Floats:
        """Success share of each course."""
        return np.array([course.success_share for course in self.course])

    def move_keys(self) -> list[tuple[str, str, str, str]]:
        """(period, origin, host, skill) of the moves."""
        ids, keys = self.calendar.ids, self.teams.keys
        triples = zip(self.move_period.tolist(), self.origin.tolist(), self.host.tolist(), strict=True)
        return [(ids[t], keys[i][0], keys[j][0], keys[i][1]) for t, i, j in triples]

    def post_keys(self) -> list[tuple[int, str, str, str]]:
        """(year, facility, skill, paid or plain) of the posts."""
        years, keys = self.calendar.years, self.teams.keys
        triples = zip(self.post_year.tolist(), self.post_team.tolist(), self.post_paid.tolist(), strict=True)
        return [(years[y], *keys[j], "paid" if paid else "plain") for y, j, paid in triples]

    def training_keys(self) -> list[tuple[str, str, str, str]]:
        """(period, facility, skill left, skill learnt) of the trainings."""
        ids, keys = self.calendar.ids, self.teams.keys
        triples = zip(self.training_period.tolist(), self.trainee.tolist(), self.trained.tolist(), strict=True)
        return [(ids[t], *keys[i], keys[d][1]) for t, i, d in triples]

    def placed_keys(self) -> list[tuple[str, str, str]]:
        """(period, facility, skill) of the places for trainees."""
        ids, keys = self.calendar.ids, self.teams.keys
        return [(ids[t], *keys[j]) for t, j in zip(self.placed_period.tolist(), self.placed_team.tolist(), strict=True)]


def index(problem: WorkforcePlanningProblem) -> Index:
    """Derive teams and decisions from the data."""
    calendar = Calendar.of(problem.calendar())
    teams = teams_of(problem, calendar)
    post_year, post_team, post_paid, fill, incentive = _posts(problem, calendar, teams)
    course = tuple(one for one in problem.workforce.trainings if one.places > 0)
    gains = teams.short.copy()
    gains[post_team] = True
    gains[[j for j, (_, skill) in enumerate(teams.keys) if any(skill == one.skill for one in course)]] = True
    leaves = _may_leave(calendar, teams, gains)
    origin, host, minutes = _arcs(problem, teams, np.any(leaves, axis=0))
    move_period, arc = np.nonzero(leaves[:, origin])
    training_period, training_course, trainee, trained = _trainings(course, teams, leaves)
    placed_team, room = _rooms(problem, teams, course)
    placed_period = np.repeat(np.arange(calendar.length), len(placed_team))
    return Index(
        calendar,
        teams,
        move_period,
        origin[arc],
        host[arc],
        minutes[arc],
        post_year,
        post_team,
        post_paid,
        fill,
        incentive,
        course,
        training_period,
        training_course,
        trainee,
        trained,
        placed_period,
        np.tile(placed_team, calendar.length),
        np.tile(room, calendar.length),
    )


def envelopes(problem: WorkforcePlanningProblem, calendar: Calendar) -> dict[tuple[int, str], int]:
    """Return the new posts that the plan's part of each year brings, by (year, profession)."""
    return {
        (row.year, row.profession): calendar.within(row.posts, calendar.years.index(row.year))
        for row in problem.workforce.new_posts
        if row.year in calendar.years
    }


def _posts(
    problem: WorkforcePlanningProblem, calendar: Calendar, teams: Teams
) -> tuple[Positions, Positions, Bools, Floats, Floats]:
    """Posts may open where a skill is needed; without a row of attraction they are all filled."""
    yearly = envelopes(problem, calendar)
    attraction = {(row.facility, row.profession): row for row in problem.workforce.attractions}
    found: list[tuple[int, int, bool, float, float]] = []
    for position, year in enumerate(calendar.years):
        for team in np.flatnonzero(teams.need > 0).tolist():
            if not yearly.get((year, teams.profession[team])):
                continue
            row = attraction.get((teams.keys[team][0], teams.profession[team]))
            plain = row.fill_share if row else 1.0
            if plain > 0:
                found.append((position, team, False, plain, 0.0))
            if row and row.fill_share_with_incentive > plain:
                found.append((position, team, True, row.fill_share_with_incentive, row.incentive))
    columns = list(zip(*found, strict=True)) or [()] * 5
    return (
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=np.intp),
        np.array(columns[2], dtype=np.bool_),
        np.array(columns[3], dtype=np.float64),
        np.array(columns[4], dtype=np.float64),
    )


def _may_leave(calendar: Calendar, teams: Teams, gains: Bools) -> Bools:
    """Say which teams may give up a head in which period, shape (periods, teams).

    Either it has room for that until the end of the plan, or somebody who could have joined it in the first period
    has stayed for the minimum tenure.
    """
    stayed: Bools = teams.tenure[None, :] <= np.arange(calendar.length)[:, None]
    leaves: Bools = (teams.room[-1] >= 1) | (gains & stayed)
    return leaves


def _arcs(problem: WorkforcePlanningProblem, teams: Teams, leaves: Bools) -> tuple[Positions, Positions, Floats]:
    """Return origin, host and minutes of the moves within the radius, towards teams that are or will be short."""
    journeys = problem.journeys
    by_skill: dict[str, list[int]] = {}
    for position, (_, skill) in enumerate(teams.keys):
        by_skill.setdefault(skill, []).append(position)
    origins, hosts, minutes = [], [], []
    for positions in by_skill.values():
        senders = np.array([position for position in positions if leaves[position]], dtype=np.intp)
        receivers = np.array([position for position in positions if teams.short[position]], dtype=np.intp)
        times = journeys.between([teams.keys[i][0] for i in senders], [teams.keys[j][0] for j in receivers])
        near, where = np.nonzero(times <= problem.policy.max_travel)
        different = senders[near] != receivers[where]
        origins.append(senders[near][different])
        hosts.append(receivers[where][different])
        minutes.append(times[near, where][different])
    return _joined(origins), _joined(hosts), np.concatenate([*minutes, np.empty(0)])


def _trainings(
    courses: Sequence[Training], teams: Teams, leaves: Bools
) -> tuple[Positions, Positions, Positions, Positions]:
    """Trainings begin in teams that may give up a head, at facilities that have a team of the skill learnt."""
    found = [
        (period, number, team, teams.position[facility, course.skill])
        for number, course in enumerate(courses)
        for team, (facility, skill) in enumerate(teams.keys)
        if skill == course.origin_skill and (facility, course.skill) in teams.position
        for period in np.flatnonzero(leaves[:, team]).tolist()
    ]
    columns = list(zip(*found, strict=True)) or [()] * 4
    period, number, trainee, trained = (np.array(column, dtype=np.intp) for column in columns)
    return period, number, trainee, trained


def _rooms(problem: WorkforcePlanningProblem, teams: Teams, courses: Sequence[Training]) -> tuple[Positions, Floats]:
    """Trainees are supervised by heads of the skill that they learn; a post without a figure is not limited."""
    limits = {(row.facility, row.skill): row.trainees for row in problem.workforce.posts}
    learnt = {course.skill for course in courses}
    placed = [
        (team, np.inf if (limit := limits.get(key)) is None else float(limit))
        for team, key in enumerate(teams.keys)
        if key[1] in learnt and teams.heads[team] > 0
    ]
    return np.array([team for team, _ in placed], dtype=np.intp), np.array([room for _, room in placed])


def _joined(arrays: Iterable[Positions]) -> Positions:
    return np.concatenate([*arrays, np.empty(0, dtype=np.intp)])
