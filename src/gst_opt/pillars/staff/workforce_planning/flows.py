"""How each decision changes the heads of which team in which period: coefficients of the two balances."""

from dataclasses import dataclass

import numpy as np

from gst_opt.pillars.staff.workforce_planning.index import Index, envelopes, index
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.teams import Floats, Positions

Triplets = tuple[Positions, Positions, Floats]
"""Rows, columns and coefficients."""


@dataclass(frozen=True)
class Flows:
    """What decisions add to each row of a balance.

    A row is a period and a position in `Index.active` (heads) or `Index.standing` (heads gone), period by period.

    Attributes
    ----------
    sets
        What may be decided.
    stock_moves, stock_posts, stock_trainees
        Changes of the heads of a team.
    standing_moves, standing_posts, standing_trainees
        Changes of the heads gone from a team by decision, those who have come and stayed long enough taken off.
    most_moved, most_posts, most_trained, most_placed
        Upper bounds.
    incentives, post_cost, training_cost
        Expected incentive of one post in each period, shape (periods, posts), and over the plan, cost of one trainee,
        in MAD.
    """

    sets: Index
    stock_moves: Triplets
    stock_posts: Triplets
    stock_trainees: Triplets
    standing_moves: Triplets
    standing_posts: Triplets
    standing_trainees: Triplets
    most_moved: Floats
    most_posts: Floats
    most_trained: Floats
    most_placed: Floats
    incentives: Floats
    post_cost: Floats
    training_cost: Floats

    def keys(self, teams: Positions) -> list[tuple[str, str, str]]:
        """(period, facility, skill) of the rows of a balance."""
        keys = [self.sets.teams.keys[team] for team in teams.tolist()]
        return [(period, *key) for period in self.sets.calendar.ids for key in keys]

    def itself(self, teams: Positions) -> Triplets:
        """Return one at each row's own column."""
        here = np.arange(self.sets.calendar.length * len(teams))
        return here, here, np.ones(len(here))

    def before(self, staying: Floats) -> Triplets:
        """Return minus the share that stays of each team, at the column of the period before."""
        later = np.arange(len(staying), self.sets.calendar.length * len(staying))
        return later, later - len(staying), -np.tile(staying, self.sets.calendar.length - 1)

    def course(self, teams: Positions) -> Floats:
        """Return what the data alone bring to each row: heads of today at first, then retirements."""
        side = -self.sets.teams.retiring[:, teams]
        side[0] += (self.sets.teams.staying * self.sets.teams.heads)[teams]
        result: Floats = side.ravel()
        return result


def flows(problem: WorkforcePlanningProblem) -> Flows:
    """Derive decisions and their effects from the data."""
    sets = index(problem)
    calendar, teams = sets.calendar, sets.teams
    stays = teams.staying
    active, standing = _Rows(sets, sets.active), _Rows(sets, sets.standing)
    moves = np.arange(len(sets.origin))
    begun, t, x = np.arange(len(sets.trainee)), sets.training_period, sets.move_period
    period, post = np.nonzero(calendar.year[:, None] == sets.post_year[None, :])
    filled = sets.fill[post] / calendar.in_year[sets.post_year[post]]
    joined = sets.post_team[post]
    back = t + sets.lasts[sets.training_course]
    success = sets.success[sets.training_course]
    failed, tenure = 1 - success, teams.tenure
    one, all_of_it = np.ones(len(x)), np.ones(len(t))
    incentives = sets.incentive * sets.fill * calendar.part * calendar.filled[:, sets.post_year]
    course_cost = np.array([course.cost for course in sets.course])
    return Flows(
        sets,
        active.of((x, sets.origin, moves, -stays[sets.origin]), (x, sets.host, moves, stays[sets.host])),
        active.of((period, joined, post, filled)),
        active.of(
            (t, sets.trainee, begun, -stays[sets.trainee]),
            (back, sets.trainee, begun, failed * stays[sets.trainee]),
            (back, sets.trained, begun, success * stays[sets.trained]),
        ),
        standing.of((x, sets.origin, moves, one), (x + tenure[sets.host], sets.host, moves, -one)),
        standing.of((period + tenure[joined] + 1, joined, post, -filled)),
        standing.of(
            (t, sets.trainee, begun, all_of_it),
            (back, sets.trainee, begun, -failed),
            (back + tenure[sets.trained], sets.trained, begun, -success),
        ),
        *_bounds(problem, sets),
        incentives,
        incentives.sum(axis=0),
        course_cost[sets.training_course],
    )


class _Rows:
    """Rows of a balance: a period and a team of some."""

    def __init__(self, sets: Index, teams: Positions) -> None:
        self.periods, self.width = sets.calendar.length, len(teams)
        self.place = np.full(len(sets.teams.keys), -1, dtype=np.intp)
        self.place[teams] = np.arange(self.width)

    def of(self, *changes: tuple[Positions, Positions, Positions, Floats]) -> Triplets:
        """Return what falls within the plan and these teams, of (period, team, column, coefficient)."""
        period, team, column, change = (np.concatenate(parts) for parts in zip(*changes, strict=True))
        inside = (period < self.periods) & (self.place[team] >= 0) & (change != 0)
        return (period * self.width + self.place[team])[inside], column[inside], change[inside]


def _bounds(problem: WorkforcePlanningProblem, sets: Index) -> tuple[Floats, Floats, Floats, Floats]:
    """Nobody is moved, hired or trained beyond the heads, posts and places of the whole region."""
    teams, years = sets.teams, sets.calendar.years
    yearly = envelopes(problem, sets.calendar)
    places: dict[str, float] = {}
    for course in sets.course:
        places[course.skill] = places.get(course.skill, 0.0) + course.places * len(years)
    heads: dict[str, float] = {}
    for (_, skill), own in zip(teams.keys, teams.heads.tolist(), strict=True):
        heads[skill] = heads.get(skill, 0.0) + own
    professions = dict(zip((skill for _, skill in teams.keys), teams.profession, strict=True))
    most = {
        skill: own + places.get(skill, 0.0) + sum(yearly.get((year, professions[skill]), 0) for year in years)
        for skill, own in heads.items()
    }
    of_team = np.array([most[skill] for _, skill in teams.keys])
    posts = [yearly[years[y], teams.profession[j]] for y, j in zip(sets.post_year, sets.post_team, strict=True)]
    learnt = np.array([places.get(skill, 0.0) for _, skill in teams.keys])
    trained = np.array([course.places for course in sets.course], dtype=np.float64)
    return (
        of_team[sets.origin],
        np.array(posts, dtype=np.float64),
        trained[sets.training_course],
        learnt[sets.placed_team],
    )
