"""Rows that only tighten the relaxation: heads come whole, so a small shortage cannot be met by a part of one."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries
from gst_opt.pillars.staff.workforce_planning.flows import Flows
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.staff.workforce_planning.teams import Floats, Positions

Block = Any
LEAST = 1e-4
"""Shortages this near a whole number of heads need no such row; a smaller part would make it ill-conditioned."""


def arrivals(block: Block, problem: WorkforcePlanningProblem) -> None:
    """Heads moved to a team are counted up.

    ::

        a_jkt = a_jkt-1 + sum_i x_ijkt    for every team (j, k) that heads may be moved to, period t

    Source: definition, for `whole_heads`.
    """
    own: Flows = block.flows
    sets, width = own.sets, len(own.sets.hosts)
    place = _place(len(sets.teams.keys), sets.hosts)
    row = sets.move_period * width + place[sets.host]
    entries = [
        Entries(block.arrived, *own.itself(sets.hosts)),
        Entries(block.arrived, *own.before(np.ones(width))),
        Entries(block.moves, row, np.arange(len(row)), -1.0),
    ]
    linear.rows(block, "arrivals", own.keys(sets.hosts), entries, lower=0.0, upper=0.0)


def whole_heads(block: Block, problem: WorkforcePlanningProblem) -> None:
    """A part of a head covers nothing: a shortage of 0.3 is met by one head or not at all.

    ::

        u_jkt >= f (ceil(d) - a_jkt - sum_m G(share_m) n_m),  d = need_jk - N_jkt,  f = d - floor(d)
        G(share) = floor(share) + min((share - floor(share)) / f, 1)    for every team (j, k), period t with d > 0

    where N are the heads when nothing is decided, a those moved to the team so far, n_m the posts opened there and
    the trainees who come back there, and share_m the heads that one of them has brought so far at most. Source:
    mixed-integer rounding of u + a + sum share_m n_m >= d (Nemhauser and Wolsey 1990, A recursive procedure to generate
    all cuts for 0-1 mixed integer programs).
    """
    own: Flows = block.flows
    sets, teams = own.sets, own.sets.teams
    period, place = sets.uncovered
    team = sets.active[place]
    short = teams.need[team] - teams.natural[period, team]
    part = short - np.floor(short)
    kept = np.flatnonzero((short > 0) & (part > LEAST) & (part < 1 - LEAST))
    row_of = np.full((sets.calendar.length, len(teams.keys)), -1, dtype=np.intp)
    row_of[period[kept], team[kept]] = np.arange(len(kept))
    part_of = np.ones(row_of.shape)
    part_of[period, team] = part
    hosts = _place(len(teams.keys), sets.hosts)
    joined = np.flatnonzero(hosts[team[kept]] >= 0)
    entries = [
        Entries(block.uncovered, np.arange(len(kept)), kept),
        Entries(
            block.arrived,
            joined,
            period[kept][joined] * len(sets.hosts) + hosts[team[kept]][joined],
            part[kept][joined],
        ),
    ]
    elapsed = np.arange(sets.calendar.length)[:, None]
    so_far = sets.calendar.filled[:, sets.post_year] * sets.fill
    back = sets.training_period + sets.lasts[sets.training_course]
    returned = np.where(elapsed >= back, sets.success[sets.training_course], 0.0)
    for family, gained, where in ((block.posts, so_far, sets.post_team), (block.trainees, returned, sets.trained)):
        t, column = np.nonzero((gained > 0) & (row_of[:, where] >= 0))
        rest = part_of[t, where[column]]
        entries.append(Entries(family, row_of[t, where[column]], column, rest * _rounded(gained[t, column], rest)))
    keys = list(block.uncovered)
    side = part[kept] * np.ceil(short[kept])
    linear.rows(block, "whole_heads", [keys[one] for one in kept.tolist()], entries, lower=side)


def _rounded(share: Floats, part: Floats) -> Floats:
    whole = np.floor(share)
    rounded: Floats = whole + np.minimum((share - whole) / part, 1.0)
    return rounded


def _place(teams: int, chosen: Positions) -> Positions:
    place = np.full(teams, -1, dtype=np.intp)
    place[chosen] = np.arange(len(chosen))
    return place
