"""The mathematics: expected heads by team and period (continuous), moved and gained by whole decisions."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, money, staff_hours
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.staff.workforce_planning.flows import Flows, flows
from gst_opt.pillars.staff.workforce_planning.limits import (
    approval,
    budget,
    budgeted,
    envelope,
    leaving,
    leaving_site,
    moves_cap,
    pins,
    placement,
    places,
    reception,
    supervision,
)
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.reading import read, write
from gst_opt.pillars.staff.workforce_planning.targets import Targets, targets_of
from gst_opt.pillars.staff.workforce_planning.whole import arrivals, whole_heads

Block = Any


def variables(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Whole decisions (moves, posts, trainees, places for trainees), and what heads and need follow from them."""
    block.flows = own = flows(problem)
    block.goals_of_years = targets = targets_of(problem, own.sets)
    sets = own.sets
    linear.variables(block, "moves", sets.move_keys(), upper=own.most_moved, integer=True)
    linear.variables(block, "posts", sets.post_keys(), upper=own.most_posts, integer=True)
    linear.variables(block, "trainees", sets.training_keys(), upper=own.most_trained, integer=True)
    linear.variables(block, "placed", sets.placed_keys(), upper=own.most_placed, integer=True)
    linear.variables(block, "heads", own.keys(sets.active))
    linear.variables(block, "arrived", own.keys(sets.hosts))
    linear.variables(block, "gone", own.keys(sets.standing), lower=-np.inf)
    keys, (period, place) = own.keys(sets.active), sets.uncovered
    missing = (period * len(sets.active) + place).tolist()
    need = sets.teams.need[sets.active][place]
    linear.variables(block, "uncovered", [keys[position] for position in missing], upper=need)
    linear.variables(block, "shortfall", targets.keys, upper=targets.heads)


def stock(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Heads follow from those before, comings and goings, departures and retirements.

    ::

        S_jkt = stay_k (S_jkt-1 - out_jkt + in_jkt - begun_jkt + back_jkt) + filled_jkt - retiring_jkt
        out_jkt = sum_i x_jikt,  in_jkt = sum_i x_ijkt,  filled_jkt = sum_z fill_jz y_jkz / periods in its year
        back_jkt = sum success_d q_j?kt-l + sum (1 - success_d) q_jk?t-l    for every team (j, k) and period t

    where x are heads moved, y posts opened (with and without incentive), q trainees, l the periods that a training
    takes, stay_k = (1 - yearly departures)^(length of a period). Source: definition (manpower planning; Bartholomew,
    Forbes and McClean 1991, Statistical Techniques for Manpower Planning).
    """
    own: Flows = block.flows
    active = own.sets.active
    entries = [
        Entries(block.heads, *own.itself(active)),
        Entries(block.heads, *own.before(own.sets.teams.staying[active])),
    ]
    entries += [
        Entries(family, rows, columns, -shares)
        for family, (rows, columns, shares) in (
            (block.moves, own.stock_moves),
            (block.posts, own.stock_posts),
            (block.trainees, own.stock_trainees),
        )
    ]
    side = own.course(active)
    linear.rows(block, "stock", own.keys(active), entries, lower=side, upper=side)


def standing(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Heads gone by decision are counted, less those who have come since and stayed for the minimum tenure.

    ::

        g_jkt = g_jkt-1 + out_jkt + begun_jkt - failed_jkt - (in + learnt)_jkt-l - filled_jkt-l-1
        for every team (j, k) that heads may leave, period t

    where l is the minimum tenure in periods, at least one: nobody leaves in the period of the arrival. Source:
    minimum tenure before a new move; `Career.minimum_tenure`.
    """
    own: Flows = block.flows
    teams = own.sets.standing
    entries = [Entries(block.gone, *own.itself(teams)), Entries(block.gone, *own.before(np.ones(len(teams))))]
    entries += [
        Entries(family, rows, columns, -shares)
        for family, (rows, columns, shares) in (
            (block.moves, own.standing_moves),
            (block.posts, own.standing_posts),
            (block.trainees, own.standing_trainees),
        )
    ]
    linear.rows(block, "standing", own.keys(teams), entries, lower=0.0, upper=0.0)


def release(block: Block, problem: WorkforcePlanningProblem) -> None:
    """A team gives up no more heads than it will have, when nothing is decided, above those that must stay.

    ::

        g_jkt <= max(floor(N_jkt) - kept_jk, 0)    for every team (j, k) that heads may leave, period t
        kept_jk = max(minimum_team_jk, protected_jk, ceil(kept_share * min(heads_jk, need_jk)))

    where N are the heads expected at the end of t when nothing is decided: those who retire, or leave for another
    reason, are not there to be moved, and what is left of the team after a move is never less than N - g. Source:
    minimum staff at the origin ("no release before replacement", the practice reported for transfers), on every day of
    the plan.
    """
    own: Flows = block.flows
    teams = own.sets.standing
    rows, columns, _ = own.itself(teams)
    room = own.sets.teams.room[:, teams].ravel()
    linear.rows(block, "release", own.keys(teams), [Entries(block.gone, rows, columns)], upper=room)


def cover(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Need is covered by the heads at the end of a period, one head covering one FTE.

    ::

        S_jkt + u_jkt >= need_jk    for every team (j, k) and period t that may be short

    Source: definition of uncovered need; u costs, so that it is max(need - S, 0).
    """
    own: Flows = block.flows
    period, place = own.sets.uncovered
    here = np.arange(len(period))
    width = len(own.sets.active)
    entries = [Entries(block.heads, here, period * width + place), Entries(block.uncovered, here, here)]
    linear.rows(block, "cover", list(block.uncovered), entries, lower=own.sets.teams.need[own.sets.active][place])


def targets(block: Block, problem: WorkforcePlanningProblem) -> None:
    """A staffing target that is not reached at the end of a year counts as a shortfall.

    ::

        sum_{j in p, k in g} S_jkt + w_pgt >= per_1000_pg * inhabitants_p / 1000    for every target (p, g),
        year's end t

    Source: `StaffingTarget`; the last target whose year has begun holds.
    """
    own: Targets = block.goals_of_years
    here = np.arange(len(own.keys))
    entries = [Entries(block.heads, own.row, own.column), Entries(block.shortfall, here, here)]
    linear.rows(block, "targets", own.keys, entries, lower=own.heads - own.elsewhere)


def terms(block: Block, problem: WorkforcePlanningProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; what no decision can change is left out (it is a constant)."""
    own: Flows = block.flows
    spending = (total(block.posts, own.post_cost), total(block.trainees, own.training_cost))
    return {
        "uncovered": Term(Affine((total(block.uncovered, own.sets.calendar.part),)), "FTE-years"),
        "target_shortfall": Term(Affine((total(block.shortfall),)), "heads"),
        "spending": Term(Affine(spending), "MAD"),
        "moves": Term(Affine((total(block.moves),)), "heads"),
        "travel": Term(Affine((total(block.moves, own.sets.minutes),)), "min"),
    }


def goals(problem: WorkforcePlanningProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


def ports(block: Block, problem: WorkforcePlanningProblem) -> Mapping[PortKey, Affine]:
    """Publish the money, and the hours of every team whose working time is known: constant where none changes it."""
    own: Flows = block.flows
    sets, calendar = own.sets, own.sets.calendar
    yearly = problem.hours_a_year
    found: dict[PortKey, Affine] = {}
    for t, team in np.ndindex(sets.teams.natural.shape):
        facility, skill = sets.teams.keys[team]
        if skill in yearly:
            hours = yearly[skill] * calendar.part * float(sets.teams.natural[t, team])
            found[staff_hours(facility, skill, calendar.ids[t])] = Affine(constant=hours)
    for column, (period, facility, skill) in enumerate(own.keys(sets.active)):
        if skill in yearly:
            changed = total(block.heads, yearly[skill] * calendar.part, np.array([column]))
            found[staff_hours(facility, skill, period)] = Affine((changed,))
    for t, period in enumerate(calendar.ids):
        paid = np.flatnonzero(own.incentives[t])
        begun = np.flatnonzero(sets.training_period == t)
        incentives = total(block.posts, own.incentives[t, paid], paid)
        found[money("incentives", period)] = Affine((incentives,))
        found[money("trainings", period)] = Affine((total(block.trainees, own.training_cost[begun], begun),))
    return found


FORMULATION: Formulation[WorkforcePlanningProblem, WorkforcePlan] = Formulation(
    variables=variables,
    constraints=(
        stock,
        standing,
        release,
        cover,
        leaving,
        leaving_site,
        moves_cap,
        approval,
        envelope,
        budgeted,
        reception,
        places,
        placement,
        supervision,
        budget,
        targets,
        pins,
        arrivals,
        whole_heads,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    redundant=frozenset({"arrivals", "whole_heads"}),
    hard=frozenset({"stock", "standing", "cover", "targets", "arrivals", "whole_heads"}),
    read=read,
)
