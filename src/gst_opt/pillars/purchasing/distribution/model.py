"""The mathematics: every need of a group in a period as shares of the ways that can bring it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.purchasing.distribution.index import Index, floats
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan
from gst_opt.pillars.purchasing.distribution.ports import amounts, ports
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.distribution.read import read
from gst_opt.pillars.purchasing.distribution.write import write
from gst_opt.pillars.purchasing.scaled import scaled_rows

Block = Any


def variables(block: Block, problem: DistributionProblem) -> None:
    """Shares of needs by arrival and way, stops, shortages."""
    block.index = sets = Index(problem)
    wants = [(want.need, want.group, sets.periods[want.period]) for want in sets.wants]
    linear.variables(block, "share", sets.keys, upper=sets.most)
    linear.variables(block, "short", [wants[k] for k in sets.reached.tolist()], upper=1.0)
    stops = [(*source, group, period) for source, group, period in sets.stops]
    linear.variables(block, "stop", stops, upper=1.0, integer=True)


def met(block: Block, problem: DistributionProblem) -> None:
    """What a group of facilities needs in a period is delivered, or stays short.

    ::

        sum_(j,r,s),h x_jrsgth + u_igt = 1    for every need i, group g and period t that some way reaches

    where r are the references of need i that supplier j delivers in period s for period t, h a depot or none.
    What reaches a group, and what stays short of it, is shared out among its facilities in proportion to their needs.
    Source: requirements of the facilities; aggregation is exact where facilities differ by one cost for all ways, stops
    cost nothing and nothing is short.
    """
    sets: Index = block.index
    every, rows = np.arange(len(sets.reached)), np.searchsorted(sets.reached, sets.want)
    entries = [Entries(block.share, rows, np.arange(len(rows))), Entries(block.short, every, every)]
    linear.rows(block, "met", list(block.short), entries, lower=1.0, upper=1.0)


def available(block: Block, problem: DistributionProblem) -> None:
    """No more is delivered than arrives.

    ::

        sum_(g,h) d_igt / factor_r x_jrsgth <= q_jrst    for every arrival

    Source: what was called off.
    """
    sets: Index = block.index
    counted = sets.units / sets.available[sets.arrival]
    seen = np.flatnonzero(counted >= 1e-9)
    keys = [one.key_values() for one in sets.arrivals]
    entries = [Entries(block.share, sets.arrival[seen], seen, counted[seen])]
    linear.rows(block, "available", keys, entries, upper=1.0)


def stopped(block: Block, problem: DistributionProblem) -> None:
    """Nothing reaches a group where nobody stops.

    ::

        x_jrsgth <= most_jrsgth y_ags    where supplier a = j stops in period s
        x_jrsgth <= most_jrsgth y_agt    where depot a = h stops in period t

    Source: joint deliveries; the link of facility location, one share at a time.
    """
    sets: Index = block.index
    at = {stop: position for position, stop in enumerate(sets.stops)}
    ways = np.arange(len(sets.want) if at else 0)
    columns = np.array([at[sets.stop_of[way]] for way in ways.tolist()], dtype=np.intp)
    entries = [Entries(block.share, ways, ways), Entries(block.stop, ways, columns, -sets.most[ways])]
    linear.rows(block, "stopped", sets.keys[: len(ways)], entries, upper=0.0)


def max_stops(block: Block, problem: DistributionProblem) -> None:
    """A facility has no more stops in a period than it can receive.

    ::

        sum_a y_agt <= max_stops    for every group g and period t

    Source: the grouping's policy.
    """
    sets: Index = block.index
    most = problem.policy.max_stops
    if most is not None:
        places = [(group, period) for _, group, period in sets.stops]
        keys = sorted(set(places))
        at = {place: row for row, place in enumerate(keys)}
        entries = [Entries(block.stop, [at[place] for place in places], np.arange(len(places)))]
        linear.rows(block, "max_stops", keys, entries, upper=float(most))


def storage(block: Block, problem: DistributionProblem) -> None:
    """What a depot keeps at the end of a period fits in it.

    ::

        sum_(j,r,s,g,t): s <= p < t  v_r d_igt / factor_r x_jrsgth <= room_h    for every depot h and period p

    Source: room of the depot.
    """
    sets: Index = block.index
    keys: list[tuple[str, str]] = []
    entries: list[Entries] = []
    room: list[float] = []
    for depot, row in enumerate(problem.stocks.depots):
        if row.storage is None:
            continue
        own = np.flatnonzero(sets.depot == depot)
        for position, period in enumerate(sets.periods):
            kept = own[(sets.received[own] <= position) & (position < sets.period[own])]
            if len(kept):
                entries.append(Entries(block.share, len(keys), kept, (sets.volume * sets.units)[kept]))
                keys.append((row.id, period))
                room.append(row.storage)
    scaled_rows(block, "storage", keys, entries, upper=floats(room))


def pins(block: Block, problem: DistributionProblem) -> None:
    """Decisions already taken about what is delivered, at the prices paid, hold.

    ::

        low_p <= sum of c_jr d_igt / factor_r x_jrsgth over the ways that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nothing is delivered, so "keep" means nothing.
    """
    sets: Index = block.index
    own = problem.policy.pins
    worth = sets.price * sets.units
    entries = []
    for row, pin in enumerate(own):
        chosen = [
            way
            for way, (u, h) in enumerate(zip(sets.arrival.tolist(), sets.depot.tolist(), strict=True))
            if pin.selects(
                (
                    sets.arrivals[u].supplier,
                    sets.arrivals[u].reference,
                    sets.need[u],
                    sets.arrivals[u].period,
                    None if h < 0 else sets.depots[h],
                )
            )
        ]
        entries.append(Entries(block.share, row, np.array(chosen, dtype=np.intp), worth[chosen]))
    if own:
        low, high = (np.array(side) for side in zip(*(pin.sides(today=0.0) for pin in own), strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(own, 1)]
        scaled_rows(block, "pins", keys, entries, lower=low, upper=high)


def terms(block: Block, problem: DistributionProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; shortage where no way leads is left out (it is a constant)."""
    sets: Index = block.index
    prices = floats(problem.shortage_prices[want.need] * want.units for want in sets.wants)
    parts = amounts(block)
    parts["shortages"] = Affine((total(block.short, prices[sets.reached]),))
    return {name: Term(quantity, "MAD") for name, quantity in parts.items()}


def goals(problem: DistributionProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


FORMULATION: Formulation[DistributionProblem, DistributionPlan] = Formulation(
    variables=variables,
    constraints=(met, available, stopped, max_stops, storage, pins),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"met", "available", "stopped"}),
)
