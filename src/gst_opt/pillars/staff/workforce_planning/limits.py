"""Limits of the decisions: caps, envelopes, room, places, money, and decisions already taken."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries
from gst_opt.pillars.staff.workforce_planning.flows import Flows
from gst_opt.pillars.staff.workforce_planning.index import envelopes
from gst_opt.pillars.staff.workforce_planning.problem import Decision, WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.teams import TINY, Positions

Block = Any


def leaving(block: Block, problem: WorkforcePlanningProblem) -> None:
    """No team gives up more than a share of its heads of today in one period.

    ::

        out_jkt + begun_jkt <= max(1, floor(leaving_share * heads_jk))    for every team (j, k), period t

    Source: `WorkforcePolicy.leaving_share`: no team is emptied on the way to a better end.
    """
    own: Flows = block.flows
    sets, teams = own.sets, own.sets.standing
    place = np.full(len(sets.teams.keys), -1, dtype=np.intp)
    place[teams] = np.arange(len(teams))
    entries = [
        Entries(block.moves, sets.move_period * len(teams) + place[sets.origin], np.arange(len(sets.origin))),
        Entries(block.trainees, sets.training_period * len(teams) + place[sets.trainee], np.arange(len(sets.trainee))),
    ]
    most = np.maximum(1.0, np.floor(problem.policy.leaving_share * sets.teams.heads[teams] + TINY))
    linear.rows(block, "leaving", own.keys(teams), entries, upper=np.tile(most, sets.calendar.length))


def leaving_site(block: Block, problem: WorkforcePlanningProblem) -> None:
    """No facility gives up more than a share of its heads of today, of all skills, in one period.

    ::

        sum_k (out_jkt + begun_jkt) <= max(1, floor(leaving_share * sum_k heads_jk))    for every facility j, period t

    Source: `WorkforcePolicy.leaving_share`: teams of one head each do not all leave a facility at once.
    """
    own: Flows = block.flows
    sets = own.sets
    sites = sorted({sets.teams.keys[team][0] for team in sets.standing.tolist()})
    number = {site: position for position, site in enumerate(sites)}
    of_team = np.array([number.get(site, -1) for site, _ in sets.teams.keys], dtype=np.intp)
    here = of_team >= 0
    heads = np.bincount(of_team[here], sets.teams.heads[here], minlength=len(sites))
    entries = [
        Entries(family, period * len(sites) + of_team[team], np.arange(len(team)))
        for family, period, team in (
            (block.moves, sets.move_period, sets.origin),
            (block.trainees, sets.training_period, sets.trainee),
        )
    ]
    keys = [(period, site) for period in sets.calendar.ids for site in sites]
    most = np.maximum(1.0, np.floor(problem.policy.leaving_share * heads + TINY))
    linear.rows(block, "leaving_site", keys, entries, upper=np.tile(most, sets.calendar.length))


def moves_cap(block: Block, problem: WorkforcePlanningProblem) -> None:
    """No more heads are moved in a period than the grouping can handle.

    ::

        sum_ijk x_ijkt <= moves_per_period    for every period t

    Source: `WorkforcePolicy.moves_per_period`.
    """
    sets = block.flows.sets
    if problem.policy.moves_per_period is not None:
        entries = [Entries(block.moves, sets.move_period, np.arange(len(sets.origin)))]
        linear.rows(block, "moves_cap", sets.calendar.ids, entries, upper=float(problem.policy.moves_per_period))


def approval(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Moves of skills that need prior approval stay within those approved.

    ::

        sum_ijkt x_ijkt <= approved_moves    over the skills k that need approval

    Source: prior approval by the central administration; `Skill.needs_approval`.
    """
    sets = block.flows.sets
    if problem.policy.approved_moves is not None:
        asked = {skill.id for skill in problem.workforce.skills if skill.needs_approval}
        flagged = np.array([skill in asked for _, skill in sets.teams.keys])
        chosen = np.flatnonzero(flagged[sets.origin])
        limit = float(problem.policy.approved_moves)
        linear.rows(block, "approval", ["approved"], [Entries(block.moves, 0, chosen)], upper=limit)


def envelope(block: Block, problem: WorkforcePlanningProblem) -> None:
    """No more posts are opened in a year and a professional group than its envelope holds.

    ::

        sum_{j, k in g} (y_jk plain + y_jk paid) <= floor(posts_g * part)    for every year, professional group g

    where part is the share of the year within the plan. Source: `NewPosts`, the budgeted posts of a finance law.
    """
    sets = block.flows.sets
    profession = sets.teams.profession
    rows = envelopes(problem, sets.calendar)
    number = {key: position for position, key in enumerate(rows)}
    pairs = zip(sets.post_year.tolist(), sets.post_team.tolist(), strict=True)
    row = np.array([number[sets.calendar.years[y], profession[j]] for y, j in pairs], dtype=np.intp)
    entries = [Entries(block.posts, row, np.arange(len(row)))]
    linear.rows(block, "envelope", list(rows), entries, upper=np.array(list(rows.values()), dtype=np.float64))


def budgeted(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Nobody joins a team beyond its budgeted posts and the new posts opened there.

    ::

        S_jkt <= max(budgeted_jk, N_jkt) + sum_{years so far} (y_jk plain + y_jk paid)    for every team (j, k), t

    where N are the heads of the team when nothing is decided. Source: `Post.budgeted`.
    """
    own: Flows = block.flows
    sets = own.sets
    given = {(row.facility, row.skill): row.budgeted for row in problem.workforce.posts}
    teams = [sets.teams.keys[team] for team in sets.active.tolist()]
    limited = np.array([place for place, key in enumerate(teams) if given.get(key) is not None], dtype=np.intp)
    most = np.array([float(given[teams[place]] or 0) for place in limited.tolist()])
    periods = np.arange(sets.calendar.length)
    columns = (periods[:, None] * len(sets.active) + limited[None, :]).ravel()
    row_of = np.full(len(sets.teams.keys), -1, dtype=np.intp)
    row_of[sets.active[limited]] = np.arange(len(limited))
    period, post = np.nonzero(
        (sets.calendar.year[:, None] >= sets.post_year[None, :]) & (row_of[sets.post_team] >= 0)[None, :]
    )
    entries = [
        Entries(block.heads, np.arange(len(columns)), columns),
        Entries(block.posts, period * len(limited) + row_of[sets.post_team[post]], post, -1.0),
    ]
    keys, side = own.keys(sets.active[limited]), np.maximum(most, sets.teams.natural[:, sets.active[limited]])
    linear.rows(block, "budgeted", keys, entries, upper=side.ravel())


def reception(block: Block, problem: WorkforcePlanningProblem) -> None:
    """A team receives no more newcomers in a year, moved or hired, than it can house and introduce.

    ::

        sum_{t in year} (in_jkt + filled_jkt) <= floor(newcomers_jk * part)    for every team (j, k), year

    where part is the share of the year within the plan. Source: `Post.newcomers`.
    """
    sets = block.flows.sets
    limits = {
        sets.teams.position[row.facility, row.skill]: row.newcomers
        for row in problem.workforce.posts
        if row.newcomers is not None and (row.facility, row.skill) in sets.teams.position
    }
    years = sets.calendar.years
    row_of = np.full(len(sets.teams.keys), -1, dtype=np.intp)
    row_of[list(limits)] = np.arange(len(limits))
    moves, posts = np.flatnonzero(row_of[sets.host] >= 0), np.flatnonzero(row_of[sets.post_team] >= 0)
    move_year = sets.calendar.year[sets.move_period[moves]]
    entries = [
        Entries(block.moves, move_year * len(limits) + row_of[sets.host[moves]], moves),
        Entries(
            block.posts, sets.post_year[posts] * len(limits) + row_of[sets.post_team[posts]], posts, sets.fill[posts]
        ),
    ]
    keys = [(year, *sets.teams.keys[team]) for year in years for team in limits]
    most = [float(sets.calendar.within(yearly, year)) for year in range(len(years)) for yearly in limits.values()]
    linear.rows(block, "reception", keys, entries, upper=np.array(most))


def places(block: Block, problem: WorkforcePlanningProblem) -> None:
    """No more heads begin a training in a year than it has places.

    ::

        sum_{i, t in year} q_ikdt <= floor(places_kd * part)    for every training from k to d, year

    where part is the share of the year within the plan. Source: `Training.places`.
    """
    sets = block.flows.sets
    years = sets.calendar.years
    row = sets.calendar.year[sets.training_period] * len(sets.course) + sets.training_course
    keys = [(year, course.origin_skill, course.skill) for year in years for course in sets.course]
    most = [float(sets.calendar.within(course.places, year)) for year in range(len(years)) for course in sets.course]
    linear.rows(block, "places", keys, [Entries(block.trainees, row, np.arange(len(row)))], upper=np.array(most))


def placement(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Everybody in training has a place under supervision in every period.

    ::

        sum_j p_jdt = sum_{k, i} sum_{t-l < s <= t} q_ikds    for every skill d that is learnt, period t

    where l are the periods that the training takes. Source: practical training under supervision.
    """
    sets = block.flows.sets
    learnt = sorted({course.skill for course in sets.course})
    number = {skill: position for position, skill in enumerate(learnt)}
    of_team = np.array([number.get(skill, -1) for _, skill in sets.teams.keys], dtype=np.intp)
    begun, lasts = sets.training_period, sets.lasts[sets.training_course]
    period, column = _during(begun, begun + lasts, sets.calendar.length)
    placed = sets.placed_period * len(learnt) + of_team[sets.placed_team]
    entries = [
        Entries(block.placed, placed, np.arange(len(placed))),
        Entries(block.trainees, period * len(learnt) + of_team[sets.trained[column]], column, -1.0),
    ]
    keys = [(period, skill) for period in sets.calendar.ids for skill in learnt]
    linear.rows(block, "placement", keys, entries, lower=0.0, upper=0.0)


def supervision(block: Block, problem: WorkforcePlanningProblem) -> None:
    """A team supervises no more trainees at a time than it can.

    ::

        p_jdt <= trainees_jd    for every team (j, d) with a limit, period t

    Source: `Post.trainees`.
    """
    sets = block.flows.sets
    limited = np.flatnonzero(np.isfinite(sets.room))
    keys = sets.placed_keys()
    entries = [Entries(block.placed, np.arange(len(limited)), limited)]
    linear.rows(block, "supervision", [keys[place] for place in limited.tolist()], entries, upper=sets.room[limited])


def budget(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Incentives and trainings of a calendar year stay within its budget.

    ::

        sum_{t in year} (sum_{posts opened so far} incentive_jk fill_jk filled_t y_jk paid * part + sum cost_kd q_ikdt)
            <= budget

    where part is the length of a period in years, filled_t how much of the year's posts is filled by the end of t: no
    incentive is paid for a post that nobody holds yet. Source: `WorkforcePolicy.yearly_budget`.
    """
    own: Flows = block.flows
    sets, calendar = own.sets, own.sets.calendar
    if problem.policy.yearly_budget is None:
        return
    paid = np.zeros((len(calendar.years), len(sets.post_team)))
    np.add.at(paid, calendar.year, own.incentives)
    year, post = np.nonzero(paid)
    entries = [
        Entries(block.posts, year, post, paid[year, post]),
        Entries(block.trainees, calendar.year[sets.training_period], np.arange(len(sets.trainee)), own.training_cost),
    ]
    linear.rows(block, "budget", calendar.years, entries, upper=problem.policy.yearly_budget)


def pins(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Decisions already taken hold.

    ::

        low_p <= sum of the moves, posts or trainees that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. When nothing is decided all of them are zero, so
    "keep" means none.
    """
    if not problem.policy.pins:
        return
    sets = block.flows.sets
    of = {
        Decision.MOVES: (block.moves, [(t, (i, j), k) for t, i, j, k in sets.move_keys()]),
        Decision.POSTS: (block.posts, [(str(year), (j, j), k) for year, j, k, _ in sets.post_keys()]),
        Decision.TRAINEES: (block.trainees, [(t, (i, i), d) for t, i, _, d in sets.training_keys()]),
    }
    entries = []
    for row, pin in enumerate(problem.policy.pins):
        family, keys = of[pin.decision]
        chosen = [column for column, key in enumerate(keys) if pin.selects(pin.decision, *key)]
        entries.append(Entries(family, row, np.array(chosen, dtype=np.intp)))
    low, high = (np.array(side) for side in zip(*(pin.sides(today=0.0) for pin in problem.policy.pins), strict=True))
    names = [f"{number}: {pin.reason}" for number, pin in enumerate(problem.policy.pins, 1)]
    linear.rows(block, "pins", names, entries, lower=low, upper=high)


def _during(start: Positions, stop: Positions, periods: int) -> tuple[Positions, Positions]:
    """Return (period, column) for every period of the plan from `start` until before `stop`."""
    t = np.arange(periods)[:, None]
    period, column = np.nonzero((t >= start[None, :]) & (t < stop[None, :]))
    return period, column
