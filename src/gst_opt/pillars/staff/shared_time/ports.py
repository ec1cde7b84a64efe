"""Quantities of shared time that other questions may bind: hours at work by team, and money."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, money, staff_hours
from gst_opt.model.linear import Affine, Positions, total
from gst_opt.pillars.staff.shared_time.index import Index
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem

Block = Any


def ports(block: Block, problem: SharedTimeProblem) -> Mapping[PortKey, Affine]:
    """Publish hours at work by site, skill and period, and the money for premiums and half-days bought.

    Hours are those of heads, less half-days lent, more those received and bought, at the hours that one person has in a
    year; only for skills with a working time. Without a calendar there is one period, ``*``, of a year.
    """
    sets: Index = block.index
    periods = {one.id: one.years for one in problem.horizon.periods} or {"*": 1.0}
    hours = {row.skill: row.available_hours for row in problem.workforce.working_times}
    touched = np.unique(np.concatenate([sets.origin, sets.host, sets.offer]))
    lent = _by_team(sets.origin[sets.arc], len(sets.teams))
    received = _by_team(sets.host[sets.arc], len(sets.teams))
    sold = _by_team(sets.offer, len(sets.teams))
    found: dict[PortKey, Affine] = {}
    for period, years in periods.items():
        for team in touched.tolist():
            facility, skill = sets.teams[team]
            if skill not in hours:
                continue
            person = hours[skill] * years
            half_day = person / float(sets.week[team])
            entries = (
                total(block.half_days, -half_day, lent[team]),
                total(block.half_days, half_day * sets.yields[sets.arc[received[team]]], received[team]),
                total(block.bought, half_day, sold[team]),
            )
            found[staff_hours(facility, skill, period)] = Affine(entries, person * float(sets.heads[team]))
        cost = problem.policy.weeks_per_year * sets.price
        found[money("premiums", period)] = Affine((total(block.people, years * sets.premium),))
        found[money("private_time", period)] = Affine((total(block.bought, years * cost),))
    return found


def _by_team(team_of_column: Positions, teams: int) -> list[Positions]:
    """Return the positions of the columns of each team."""
    order = np.argsort(team_of_column, kind="stable")
    return np.split(order, np.searchsorted(team_of_column[order], np.arange(1, teams)))
