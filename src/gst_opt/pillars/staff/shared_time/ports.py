"""Quantities of shared time that other questions may bind: hours at work by team, and money."""

from collections.abc import Mapping
from typing import Any

from gst_opt.core.ports import PortKey, money, staff_hours
from gst_opt.model.linear import Affine, by_group, total
from gst_opt.pillars.staff.shared_time.index import Index
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem

Block = Any


def ports(block: Block, problem: SharedTimeProblem) -> Mapping[PortKey, Affine]:
    """Publish hours at work by site, skill and period, those that nothing can change too, and money by line.

    Lines: ``shared_time_premiums`` and ``private_time`` (half-days bought).

    Hours are those of heads, less half-days lent, more those received and bought, at the hours that one person has in a
    year. Without a calendar there is one period, ``*``, of a year.
    """
    sets: Index = block.index
    lent = by_group(sets.origin[sets.arc], len(sets.teams))
    received = by_group(sets.host[sets.arc], len(sets.teams))
    sold = by_group(sets.offer, len(sets.teams))
    found: dict[PortKey, Affine] = {}
    for period, years in problem.years.items():
        for team, (facility, skill) in enumerate(sets.teams):
            person = problem.hours_a_year[skill] * years
            half_day = person / float(sets.week[team])
            entries = (
                total(block.half_days, -half_day, lent[team]),
                total(block.half_days, half_day * sets.yields[sets.arc[received[team]]], received[team]),
                total(block.bought, half_day, sold[team]),
            )
            found[staff_hours(facility, skill, period)] = Affine(entries, person * float(sets.heads[team]))
        found[money("shared_time_premiums", period)] = Affine((total(block.people, years * sets.premium),))
        found[money("private_time", period)] = Affine((total(block.bought, years * sets.cost),))
    return found
