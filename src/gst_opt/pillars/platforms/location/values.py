"""Values of the variables: from decisions to a block, and back from a solved block."""

from typing import Any

import numpy as np

from gst_opt.model.linear import Floats, Positions, set_values, values
from gst_opt.pillars.platforms.location.access import access_values
from gst_opt.pillars.platforms.location.decided import NOTHING, Decided, Hours, Outcome
from gst_opt.pillars.platforms.location.index import Index
from gst_opt.pillars.platforms.location.money import THOUSAND, capex_and_opex, level_year_values
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.paths import path_values
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.recall import decided_by
from gst_opt.pillars.platforms.location.staff import remote_given
from gst_opt.pillars.platforms.location.tails import tail_values
from gst_opt.pillars.platforms.location.teams import Pairs, Teams
from gst_opt.pillars.platforms.location.today import decided_today
from gst_opt.pillars.platforms.location.uses import Uses
from gst_opt.pillars.platforms.location.waiting import waiting_values

Block = Any


def write(block: Block, problem: LocationProblem, plan: LocationPlan | None) -> None:
    """Give every variable its value under a plan, as far as it is still allowed; under None, today's network."""
    sets: Index = block.index
    found: Options = block.options
    used: Uses = block.uses
    made = decided_today(problem, sets, found, used) if plan is None else decided_by(problem, sets, found, used, plan)
    outcome = Outcome(problem, sets, found, used, made)
    _states(block, outcome)
    _serving(block, outcome)
    _staff(block, outcome)
    path_values(block)
    access_values(block)
    waiting_values(block)
    tail_values(block, problem)
    _budgets(block, problem)
    level_year_values(block)


def _states(block: Block, outcome: Outcome) -> None:
    step = np.zeros(len(outcome.sets.source))
    step[outcome.taken] = 1.0
    set_values(block.step, step)
    set_values(block.moved_in, outcome.decided.moved_in[block.moving])
    set_values(block.moved_out, outcome.decided.moved_out[block.moving])
    set_values(block.upgraded, outcome.decided.upgraded.astype(np.float64))


def _serving(block: Block, outcome: Outcome) -> None:
    used, made = outcome.used, outcome.decided
    set_values(block.share, made.share)
    left = 1 - np.bincount(used.need, made.share, len(used.stream))
    set_values(block.unmet, np.maximum(left, 0.0))
    set_values(block.sessions, made.sessions[block.session_slots])
    set_values(block.sold, made.sold[block.sale_slots])
    set_values(block.bought, made.bought[block.offer_years])
    set_values(block.contract, made.bought[block.offer_years] > NOTHING)
    set_values(block.rounds, made.rounds[block.dock_years])
    set_values(block.docked, made.rounds[block.dock_years] > NOTHING)
    set_values(block.fitted, made.fitted[block.dock_years])


def _staff(block: Block, outcome: Outcome) -> None:
    staff: Teams = block.staff
    set_values(block.lent, _hours(staff, staff.lending, outcome.decided.lent))
    remote = _hours(staff, staff.remote, outcome.decided.remote)
    set_values(block.remote, remote)
    joined = np.zeros(len(block.joined))
    joined[staff.link[remote > NOTHING]] = 1.0
    set_values(block.joined, joined)


def _hours(staff: Teams, pairs: Pairs, rows: tuple[Hours, ...]) -> Floats:
    number = {key: position for position, key in enumerate(staff.pair_keys(pairs))}
    found = np.zeros(len(number))
    for row in rows:
        position = number.get((row.origin, row.host, row.skill, row.year))
        if position is not None:
            found[position] += row.hours
    return found


def _budgets(block: Block, problem: LocationProblem) -> None:
    """Leave what spending leaves of every budget; below zero where a plan spends more than it may."""
    policy = problem.policy
    for left, budget, spent in zip(
        (block.capex_left, block.opex_left),
        (policy.capex_a_year, policy.opex_a_year),
        capex_and_opex(block, problem),
        strict=True,
    ):
        if budget is not None:
            rest, found = 0.0, []
            for mad in spent.tolist():
                rest = budget + policy.carry_over * rest - mad
                found.append(rest)
            set_values(left, np.array(found) / THOUSAND)


def decided(block: Block, problem: LocationProblem) -> Decided:
    """Return what a solved block decided."""
    sets: Index = block.index
    found: Options = block.options
    taken = np.flatnonzero(values(block.step) > 0.5)
    level = np.empty(len(sets.slot_keys), dtype=np.intp)
    level[sets.arc_slot[taken]] = sets.level[sets.target[taken]]
    bought = np.where(values(block.contract) > 0.5, values(block.bought), 0.0)
    rounds = np.where(values(block.docked) > 0.5, values(block.rounds), 0.0)
    by_dock = _by_pair(block.dock_years, (len(found.docks), sets.years), rounds)
    share = np.clip(values(block.share), 0.0, 1.0)
    staff: Teams = block.staff
    return Decided(
        level=level,
        moved_in=_by_slot(sets, block.moving, np.rint(values(block.moved_in))).astype(np.intp),
        moved_out=_by_slot(sets, block.moving, np.rint(values(block.moved_out))).astype(np.intp),
        upgraded=np.rint(values(block.upgraded)).astype(np.intp),
        sessions=_by_slot(sets, block.session_slots, values(block.sessions)),
        sold=_by_slot(sets, block.sale_slots, values(block.sold)),
        share=share,
        bought=_by_pair(block.offer_years, (len(found.offers), sets.years), bought),
        fitted=_fitted(block, by_dock),
        rounds=by_dock,
        lent=_rows(staff, staff.lending, values(block.lent)),
        remote=_rows(staff, staff.remote, remote_given(block, problem, np.where(share > NOTHING, share, 0.0))),
    )


def _by_slot(sets: Index, slots: Positions, amounts: Floats) -> Floats:
    found = np.zeros(len(sets.slot_keys))
    found[slots] = amounts
    return found


def _by_pair(pairs: tuple[Positions, Positions], shape: tuple[int, int], amounts: Floats) -> Floats:
    found = np.zeros(shape)
    found[pairs] = amounts
    return found


def _fitted(block: Block, rounds: Floats) -> Floats:
    """Return the places fitted out, which may be before the first year with a round; none without any round."""
    fitted = _by_pair(block.dock_years, rounds.shape, values(block.fitted)) > 0.5
    visited: Floats = (fitted & (rounds > NOTHING).any(axis=1, keepdims=True)).astype(np.float64)
    return visited


def _rows(staff: Teams, pairs: Pairs, hours: Floats) -> tuple[Hours, ...]:
    keys = staff.pair_keys(pairs)
    return tuple(
        Hours(skill, origin, host, year, hours[row])
        for row in np.flatnonzero(hours > NOTHING).tolist()
        for origin, host, skill, year in (keys[row],)
    )
