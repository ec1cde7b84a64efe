"""Needs that are not met, and why; no solver."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.platforms.location.decided import NOTHING, Outcome
from gst_opt.pillars.platforms.location.index import Floats, Positions
from gst_opt.pillars.platforms.location.plan import Unmet, UnmetReason
from gst_opt.pillars.platforms.location.room import room
from gst_opt.pillars.platforms.location.streams import Stream

TINY = 1e-6
"""Relative: a need with less than this of it left is met, a limit with less than this of it left is reached."""


def steps_before(streams: tuple[Stream, ...]) -> Positions:
    """Return the stream of the step before of each stream, for the same zone and pathway; -1 where there is none."""
    numbers = {(one.zone, one.pathway, one.step): number for number, one in enumerate(streams) if one.pathway}
    before = np.full(len(streams), -1, dtype=np.intp)
    last: dict[tuple[str, str | None], int] = {}
    for zone, pathway, step in sorted(numbers, key=lambda key: (key[0], key[1] or "", key[2] or 0)):
        number = numbers[zone, pathway, step]
        before[number] = last.get((zone, pathway), -1)
        last[zone, pathway] = number
    return before


def unmet(outcome: Outcome) -> Iterator[Unmet]:
    """Yield what is left of every need, by stream, year and scenario.

    The first of these that holds:

    1. no_site_in_reach: it has no option in any year;
    2. earlier_step: the step before is given to no larger share of its patients;
    3. no_unit_in_reach: none of its options has units, beds, a contract or rounds in that year;
    4. full: every option that has is at its limit of minutes, bed-days or acts bought;
    5. limited: by staff, money, or another rule.
    """
    problem, found = outcome.problem, outcome.found
    needed = _needed(outcome)
    given = np.zeros_like(needed)
    np.add.at(given, found.stream, outcome.acts)
    share = np.divide(given, needed, out=np.ones_like(needed), where=needed > 0)
    before = steps_before(found.streams)
    after = (before >= 0)[:, None, None] & (share >= share[before] - TINY)
    opened, full = _open(outcome)
    some, spare = np.zeros(needed.shape, dtype=np.bool_), np.zeros(needed.shape, dtype=np.bool_)
    np.logical_or.at(some, found.stream, opened[:, :, None])
    np.logical_or.at(spare, found.stream, opened[:, :, None] & ~full)
    reasons = np.select(
        [~np.broadcast_to(found.served[:, None, None], needed.shape), after, ~some, ~spare],
        range(4),
        default=4,
    )
    left, names = needed - given, tuple(UnmetReason)
    for stream, year, scenario in np.argwhere((needed > 0) & (share < 1 - TINY)).tolist():
        own = found.streams[stream]
        yield Unmet(
            zone=own.zone,
            service=own.service,
            pathway=own.pathway,
            step=own.step,
            year=problem.years[year],
            scenario=problem.scenarios[scenario].id,
            acts=float(left[stream, year, scenario]),
            reason=names[reasons[stream, year, scenario]],
        )


def _needed(outcome: Outcome) -> Floats:
    """Return the acts needed, shape (streams, years, scenarios), of streams without an option too."""
    problem, used = outcome.problem, outcome.used
    needed = np.zeros((len(outcome.found.streams), outcome.sets.years, len(problem.scenarios)))
    needed[used.stream, used.year, used.scenario] = used.acts
    provinces = {zone.id: zone.province for zone in problem.region.zones}
    for stream in np.flatnonzero(~outcome.found.served).tolist():
        own = outcome.found.streams[stream]
        factors = [problem.factor(one, own.service, provinces[own.zone]) for one in problem.scenarios]
        needed[stream] = np.outer(own.acts, factors)
    return needed


def _open(outcome: Outcome) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether each option has units, beds, a contract or rounds in each year, and is full by scenario."""
    problem, sets, found, decided = outcome.problem, outcome.sets, outcome.found, outcome.decided
    types = {one.id: one for one in problem.equipment.equipment_types}
    limit, used = np.zeros(sets.slot.shape), np.zeros((*sets.slot.shape, len(problem.scenarios)))
    limit[sets.slots] = room(problem, sets)[outcome.nodes]
    length = np.array([0.0 if one.block else types[one.resource].minutes_per_session for one in sets.platforms])
    used += outcome.minutes + outcome.bed_days
    used[sets.slots] += (length[sets.slots[0]] * decided.sold)[:, None]
    of_round = [types[dock.unit.equipment_type].max_use * dock.minutes_left for dock in found.docks]
    rounds = np.array(of_round)[:, None] * decided.rounds
    opened = np.ones((len(found.stream), sets.years), dtype=np.bool_)
    full = np.zeros((*opened.shape, len(problem.scenarios)), dtype=np.bool_)
    for owner, able, most, now in (
        (found.platform, outcome.amount, limit, used),
        (found.offer, decided.bought, decided.bought, outcome.contracted),
        (found.dock, decided.rounds, rounds, outcome.round_minutes),
    ):
        mine = np.flatnonzero(owner >= 0)
        opened[mine] &= able[owner[mine]] > NOTHING
        full[mine] |= _reached(now, most)[owner[mine]]
    lacking = outcome.amount[found.bed_platform] <= 0
    np.logical_and.at(opened, found.bed_option, ~lacking)
    np.logical_or.at(full, found.bed_option, _reached(used, limit)[found.bed_platform])
    return opened, full


def _reached(now: Floats, most: Floats) -> NDArray[np.bool_]:
    reached: NDArray[np.bool_] = now >= (most * (1 - TINY))[:, :, None]
    return reached
