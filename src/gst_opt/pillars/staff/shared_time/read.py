"""From counted agreements to a plan: who has which, and what it does to every team; no solver."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gst_opt.pillars.staff.shared_time.index import Floats, Index, Positions
from gst_opt.pillars.staff.shared_time.plan import Agreement, PrivateSessions, Reason, SharedTeam, SharedTimePlan
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem

SHORT = 1e-6
"""FTE below which a need counts as covered."""


class Decided(NamedTuple):
    """What was decided: people and half-days by step, half-days bought by offer."""

    people: Positions
    half_days: Positions
    bought: Positions


def plan_of(problem: SharedTimeProblem, sets: Index, decided: Decided) -> SharedTimePlan:
    """Return the plan that counts stand for."""
    sold = [
        PrivateSessions(
            facility=sets.teams[team][0],
            skill=sets.teams[team][1],
            half_days=count,
            price=price,
            cost=cost * count,
        )
        for team, count, price, cost in zip(
            *(column.tolist() for column in (sets.offer, decided.bought, sets.price, sets.cost)), strict=True
        )
        if count
    ]
    agreements = sorted(_agreements(sets, decided), key=lambda one: (one.origin, one.skill, one.person, one.host))
    return SharedTimePlan(
        agreements=tuple(agreements),
        private_sessions=tuple(sorted(sold, key=lambda one: (one.facility, one.skill))),
        teams=tuple(_teams(problem, sets, decided)),
    )


def _agreements(sets: Index, decided: Decided) -> Iterator[Agreement]:
    """Share half-days out as evenly as whole ones allow, and give agreements to people in turn."""
    groups: dict[tuple[int, int], list[tuple[int, int, float]]] = {}
    for step in np.flatnonzero(decided.people).tolist():
        arc, count = int(sets.arc[step]), int(decided.people[step])
        each, more = divmod(int(decided.half_days[step]), count)
        own = groups.setdefault((int(sets.origin[arc]), int(sets.hosts[step])), [])
        own += [(arc, each + (number < more), float(sets.premium[step])) for number in range(count)]
    numbered: dict[int, int] = {}
    for (team, hosts), own in groups.items():
        own.sort()
        at_one_host = int(np.bincount([arc for arc, _, _ in own]).max())
        people = max(at_one_host, -(-len(own) // hosts))
        first = numbered.get(team, 0) + 1
        numbered[team] = first + people - 1
        for number, (arc, half_days, paid) in enumerate(own):
            yield Agreement(
                origin=sets.teams[team][0],
                host=sets.teams[int(sets.host[arc])][0],
                skill=sets.teams[team][1],
                person=first + number % people,
                half_days=half_days,
                effective=float(half_days * sets.yields[arc]),
                minutes=float(sets.minutes[arc]),
                km=float(sets.km[arc]) if np.isfinite(sets.km[arc]) else None,
                premium=paid,
            )


def _teams(problem: SharedTimeProblem, sets: Index, decided: Decided) -> Iterator[SharedTeam]:
    lent, received, bought = (np.zeros(len(sets.teams)) for _ in range(3))
    np.add.at(lent, sets.origin[sets.arc], decided.half_days)
    np.add.at(received, sets.host[sets.arc], decided.half_days * sets.yields[sets.arc])
    np.add.at(bought, sets.offer, decided.bought)
    at_work = sets.heads + (received + bought - lent) / sets.week
    planned = np.minimum(sets.need, at_work)
    reasons = _reasons(problem, sets, decided, lent)
    places = {facility.id: facility for facility in problem.region.facilities}
    for team, (facility, skill) in enumerate(sets.teams):
        need, heads, covered = float(sets.need[team]), int(sets.heads[team]), float(planned[team])
        yield SharedTeam(
            province=places[facility].province,
            establishment=places[facility].establishment or facility,
            facility=facility,
            skill=skill,
            need=need,
            heads=heads,
            half_days_lent=float(lent[team]),
            half_days_received=float(received[team]),
            half_days_bought=float(bought[team]),
            fte_planned=float(at_work[team]),
            covered_today=min(float(heads), need),
            covered_planned=covered,
            reason=reasons[team] if need - covered > SHORT else None,
        )


def _reasons(problem: SharedTimeProblem, sets: Index, decided: Decided, lent: Floats) -> list[Reason]:
    """Return why each team would stay short: nothing in reach, all in reach used up, or something else."""
    reached, left = np.zeros(len(sets.teams), dtype=bool), np.zeros(len(sets.teams), dtype=bool)
    reached[sets.host] = reached[sets.offer] = True
    left[sets.host[(sets.lendable - lent)[sets.origin] >= problem.policy.min_half_days]] = True
    left[sets.offer[sets.on_sale > decided.bought]] = True
    return [
        Reason.LIMITED if more else Reason.USED_UP if any_at_all else Reason.NOBODY_IN_REACH
        for any_at_all, more in zip(reached.tolist(), left.tolist(), strict=True)
    ]
