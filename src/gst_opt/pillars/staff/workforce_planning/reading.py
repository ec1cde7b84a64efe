"""Between a plan and the values of the model's variables, in both directions."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.staff.workforce_planning.flows import Flows, Triplets
from gst_opt.pillars.staff.workforce_planning.plan import (
    BegunTraining,
    OpenedPosts,
    PeriodSpending,
    Placement,
    PlannedMove,
    Reason,
    Shortage,
    TargetYear,
    TeamPeriod,
    WorkforcePlan,
)
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.targets import Targets
from gst_opt.pillars.staff.workforce_planning.teams import TINY, Floats, Positions

Block = Any


def write(block: Block, problem: WorkforcePlanningProblem, plan: WorkforcePlan | None) -> None:
    """Set the decisions of a plan (none: nothing is decided), as far as they are still allowed, and what follows."""
    own: Flows = block.flows
    sets = own.sets
    moved: dict[tuple[str, str, str, str], int] = {}
    opened: dict[tuple[int, str, str, str], int] = {}
    begun: dict[tuple[str, str, str, str], int] = {}
    placed: dict[tuple[str, str, str], int] = {}
    if plan is not None:
        moved = {(one.period, one.origin, one.host, one.skill): one.heads for one in plan.moves}
        opened = {(one.year, one.facility, one.skill, "paid"): one.with_incentive for one in plan.posts}
        opened |= {(one.year, one.facility, one.skill, "plain"): one.posts - one.with_incentive for one in plan.posts}
        begun = {(one.period, one.facility, one.origin_skill, one.skill): one.heads for one in plan.trainings}
        placed = {(one.period, one.facility, one.skill): one.trainees for one in plan.placements}
    x = np.array([moved.get(key, 0) for key in sets.move_keys()], dtype=np.float64)
    y = np.array([opened.get(key, 0) for key in sets.post_keys()], dtype=np.float64)
    q = np.array([begun.get(key, 0) for key in sets.training_keys()], dtype=np.float64)
    linear.set_values(block.moves, x)
    linear.set_values(block.posts, y)
    linear.set_values(block.trainees, q)
    linear.set_values(block.placed, [placed.get(key, 0) for key in sets.placed_keys()])
    heads = _course(own, sets.active, ((own.stock_moves, x), (own.stock_posts, y), (own.stock_trainees, q)))
    changes = _sum_of(((own.standing_moves, x), (own.standing_posts, y), (own.standing_trainees, q)), len(block.gone))
    gone = np.cumsum(changes.reshape(sets.calendar.length, -1), axis=0)
    linear.set_values(block.heads, heads.ravel())
    linear.set_values(block.gone, gone.ravel())
    come = np.zeros((sets.calendar.length, len(sets.teams.keys)))
    np.add.at(come, (sets.move_period, sets.host), x)
    linear.set_values(block.arrived, np.cumsum(come[:, sets.hosts], axis=0).ravel())
    period, place = sets.uncovered
    need = sets.teams.need[sets.active]
    linear.set_values(block.uncovered, np.maximum(need[place] - heads[period, place], 0.0))
    targets: Targets = block.goals_of_years
    linear.set_values(block.shortfall, np.maximum(targets.heads - _counted(targets, heads), 0.0))


def _course(own: Flows, teams: Positions, changes: tuple[tuple[Triplets, Floats], ...]) -> Floats:
    """Return the heads at the end of each period, shape (periods, teams)."""
    gained = own.course(teams)
    course = (gained + _sum_of(changes, len(gained))).reshape(own.sets.calendar.length, len(teams))
    for t in range(1, len(course)):
        course[t] += own.sets.teams.staying[teams] * course[t - 1]
    return course


def _sum_of(changes: tuple[tuple[Triplets, Floats], ...], rows: int) -> Floats:
    """Return what the values of the decisions add to each row of a balance."""
    total = np.zeros(rows)
    for (row, column, share), values in changes:
        total += np.bincount(row, share * values[column], minlength=rows)
    return total


def _counted(targets: Targets, heads: Floats) -> Floats:
    """Return the heads that count towards each target."""
    found: Floats = targets.elsewhere + np.bincount(
        targets.row, heads.ravel()[targets.column], minlength=len(targets.keys)
    )
    return found


def read(block: Block, problem: WorkforcePlanningProblem) -> WorkforcePlan:
    """Read the decisions, and recompute from them every team, target and expense."""
    own: Flows = block.flows
    x, y, q, placed = (
        np.rint(linear.values(family)) for family in (block.moves, block.posts, block.trainees, block.placed)
    )
    sets, calendar = own.sets, own.sets.calendar
    moves = [
        PlannedMove(period=t, origin=i, host=j, skill=k, heads=int(x[m]), minutes=float(sets.minutes[m]))
        for m, (t, i, j, k) in _chosen(sets.move_keys(), x)
    ]
    ends = (*calendar.ids, *[""] * max(own.sets.lasts, default=0))
    trainings = [
        BegunTraining(
            period=t,
            facility=i,
            origin_skill=k,
            skill=d,
            heads=int(q[m]),
            back=ends[sets.training_period[m] + sets.lasts[sets.training_course[m]]],
            successes=float(q[m] * sets.success[sets.training_course[m]]),
            cost=float(q[m] * own.training_cost[m]),
        )
        for m, (t, i, k, d) in _chosen(sets.training_keys(), q)
    ]
    placements = [
        Placement(period=t, facility=j, skill=d, trainees=int(placed[m]))
        for m, (t, j, d) in _chosen(sets.placed_keys(), placed)
    ]
    teams = tuple(_team_periods(problem, own, x, y, q))
    return WorkforcePlan(
        moves=tuple(sorted(moves, key=lambda one: (one.period, one.origin, one.host, one.skill))),
        posts=tuple(_posts(own, y)),
        trainings=tuple(sorted(trainings, key=lambda one: (one.period, one.facility, one.origin_skill, one.skill))),
        placements=tuple(placements),
        teams=teams,
        targets=tuple(_targets(own, block.goals_of_years, x, y, q)),
        spending=tuple(_spending(own, y, q)),
        shortages=tuple(_shortages(own, teams[-len(sets.teams.keys) :])),
    )


def _chosen(keys: list[Any], values: Floats) -> Iterator[tuple[int, Any]]:
    for position in np.flatnonzero(values > 0).tolist():
        yield position, keys[position]


def _posts(own: Flows, y: Floats) -> Iterator[OpenedPosts]:
    """Yield the posts, those with and without incentive together."""
    sets = own.sets
    together: dict[tuple[int, str, str], list[int]] = {}
    for position, (year, facility, skill, _) in _chosen(sets.post_keys(), y):
        together.setdefault((year, facility, skill), []).append(position)
    for (year, facility, skill), positions in sorted(together.items()):
        yield OpenedPosts(
            year=year,
            facility=facility,
            skill=skill,
            posts=int(y[positions].sum()),
            with_incentive=int(y[positions][sets.post_paid[positions]].sum()),
            filled=float((y * sets.fill)[positions].sum()),
            incentives=float((y * sets.fill * sets.incentive)[positions].sum()),
        )


def _team_periods(
    problem: WorkforcePlanningProblem, own: Flows, x: Floats, y: Floats, q: Floats
) -> Iterator[TeamPeriod]:
    """Yield every team in every period."""
    sets, teams = own.sets, own.sets.teams
    shape = sets.calendar.length, len(teams.keys)
    end = teams.natural.copy()
    end[:, sets.active] = _course(
        own, sets.active, ((own.stock_moves, x), (own.stock_posts, y), (own.stock_trainees, q))
    )
    start = np.vstack([teams.heads[None, :], end[:-1]])
    come, gone, begun, back, filled = (np.zeros(shape) for _ in range(5))
    np.add.at(come, (sets.move_period, sets.host), x)
    np.add.at(gone, (sets.move_period, sets.origin), x)
    np.add.at(begun, (sets.training_period, sets.trainee), q)
    returned = sets.training_period + sets.lasts[sets.training_course]
    inside = returned < shape[0]
    success = sets.success[sets.training_course]
    np.add.at(back, (returned[inside], sets.trained[inside]), (q * success)[inside])
    np.add.at(back, (returned[inside], sets.trainee[inside]), (q * (1 - success))[inside])
    period, post = np.nonzero(sets.calendar.year[:, None] == sets.post_year[None, :])
    part = (sets.fill * y)[post] / sets.calendar.in_year[sets.post_year[post]]
    np.add.at(filled, (period, sets.post_team[post]), part)
    left = (1 - teams.staying) * (start + come - gone - begun + back)
    covered = np.minimum(end, teams.need)
    places = {facility.id: facility for facility in problem.region.facilities}
    figures = [np.maximum(one, 0.0).tolist() for one in (start, back, left, teams.retiring, filled, end, covered)]
    whole = [one.astype(np.intp).tolist() for one in (come, gone, begun)]
    for t, period_id in enumerate(sets.calendar.ids):
        for j, (facility, skill) in enumerate(teams.keys):
            before, returns, departures, retirements, new, after, cover = (one[t][j] for one in figures)
            yield TeamPeriod(
                period=period_id,
                province=teams.province[j],
                establishment=places[facility].establishment or facility,
                facility=facility,
                skill=skill,
                profession=teams.profession[j],
                need=float(teams.need[j]),
                heads_start=before,
                moved_in=whole[0][t][j],
                moved_out=whole[1][t][j],
                training_begun=whole[2][t][j],
                training_back=returns,
                departures=departures,
                retirements=retirements,
                filled=new,
                heads_end=after,
                covered=cover,
            )


def _targets(own: Flows, targets: Targets, x: Floats, y: Floats, q: Floats) -> Iterator[TargetYear]:
    sets = own.sets
    heads = _course(own, sets.active, ((own.stock_moves, x), (own.stock_posts, y), (own.stock_trainees, q)))
    for (year, province, profession), asked, have in zip(
        targets.keys, targets.heads.tolist(), _counted(targets, heads).tolist(), strict=True
    ):
        yield TargetYear(
            year=year,
            province=province,
            profession=profession,
            target=asked,
            heads=max(have, 0.0),
            shortfall=max(asked - have, 0.0),
        )


def _spending(own: Flows, y: Floats, q: Floats) -> Iterator[PeriodSpending]:
    sets, calendar = own.sets, own.sets.calendar
    for t, period in enumerate(calendar.ids):
        yield PeriodSpending(
            period=period,
            year=calendar.years[calendar.year[t]],
            incentives=float(own.incentives[t] @ y),
            trainings=float((own.training_cost * q)[sets.training_period == t].sum()),
        )


def _shortages(own: Flows, last: tuple[TeamPeriod, ...]) -> Iterator[Shortage]:
    """Yield what is left uncovered in the last period, and whether anything allowed could bring heads there."""
    sets = own.sets
    within_reach = np.zeros(len(last), dtype=np.bool_)
    for teams in (sets.host, sets.post_team, sets.trained):
        within_reach[teams] = True
    for team, reached in zip(last, within_reach.tolist(), strict=True):
        if team.need - team.covered > TINY:
            yield Shortage(
                facility=team.facility,
                skill=team.skill,
                uncovered=team.need - team.covered,
                reason=Reason.SCARCE if reached else Reason.NO_MEANS,
            )
