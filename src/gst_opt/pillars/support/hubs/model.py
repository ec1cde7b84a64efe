"""The mathematics: capacitated hub location with steps, over the spans in which facilities keep one hub."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Entries
from gst_opt.pillars.support.hubs.index import TODAY, Index, floats, positions
from gst_opt.pillars.support.hubs.money import opening_costs, terms
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.ports import ports
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.pillars.support.hubs.values import read, write

Block = Any


def variables(block: Block, problem: HubProblem) -> None:
    """Who serves whom, sizes of hubs, the share of a size that is used, changes, what is paid to open."""
    block.index = sets = Index(problem)
    names = {name: [span.name for span in own] for name, own in sets.spans.items()}
    periods = [period.id for period in problem.periods]
    keys = [(one.function, one.facility, one.hub, names[one.function][one.span]) for one in sets.choices]
    linear.variables(block, "served", keys, upper=1.0, integer=True)
    halls = [(hall.function, hall.hub, hall.size.capacity, names[hall.function][hall.span]) for hall in sets.halls]
    linear.variables(block, "size", halls, upper=1.0, integer=True)
    fills = [(*halls[fill.hall], periods[sets.pieces[fill.piece].period]) for fill in sets.fills]
    linear.variables(block, "filled", fills, upper=1.0)
    linear.variables(block, "change", [keys[position] for position in sets.away.tolist()], upper=1.0)
    linear.variables(block, "opening", sets.dated(sets.hubs), upper=(opening_costs(sets) > 0).astype(float))


def one_way(block: Block, problem: HubProblem) -> None:
    """Somebody does every function for every facility that needs it: one hub, or whoever does it today.

    ::

        sum_j x_ijs = 1    for every function and facility i and span s

    where j are today's way and the hubs within the longest journey whose quality is not below the function's floor.
    Source: single-source capacitated location.
    """
    sets: Index = block.index
    entries = [Entries(block.served, sets.place_row, np.arange(len(sets.choices)))]
    linear.rows(block, "one_way", sets.dated(sets.places), entries, lower=1.0, upper=1.0)


def one_size(block: Block, problem: HubProblem) -> None:
    """A hub has one size, or none.

    ::

        sum_z y_jzs <= 1    for every hub j and span s

    Source: step costs as modules, the sizes of a hub.
    """
    sets: Index = block.index
    entries = [Entries(block.size, sets.hall_row, np.arange(len(sets.halls)))]
    linear.rows(block, "one_size", sets.dated(sets.hubs), entries, upper=1.0)


def at_work(block: Block, problem: HubProblem) -> None:
    """Nobody is served by a hub that is not at work.

    ::

        x_ijs <= sum_z y_jzs    for every facility i, hub j and span s

    Source: the strong link of facility location; capacity says the same of all facilities together.
    """
    sets: Index = block.index
    rows = np.arange(len(sets.away))
    halls = linear.by_group(sets.hall_row, len(sets.hubs))
    counts = positions(len(halls[hub]) for hub in sets.hub_row.tolist())
    columns = np.concatenate([positions(()), *(halls[hub] for hub in sets.hub_row.tolist())])
    entries = [Entries(block.served, rows, sets.away), Entries(block.size, np.repeat(rows, counts), columns, -1.0)]
    linear.rows(block, "at_work", list(block.change), entries, upper=0.0)


def hub_volume(block: Block, problem: HubProblem) -> None:
    """What a hub does for its facilities is done within its sizes, in every part of a period.

    ::

        sum_i V_isp x_ijs = sum_z c_jz L_sp v_jzsp    for every hub j, span s and period p that they have in common

    where V is the facilities' volume then, c what a size can do in a year, and L the years that s and p share.
    Source: the hull of a step cost: a volume is a share of each size, and all of it of the one that is chosen.
    """
    sets: Index = block.index
    at = {piece[:4]: row for row, piece in enumerate(sets.pieces)}
    rows: list[int] = []
    columns: list[int] = []
    amounts: list[float] = []
    for position in sets.away.tolist():
        one = sets.choices[position]
        by_period = problem.volumes[one.function, one.facility]
        for period, share in sets.spans[one.function][one.span].parts.items():
            rows.append(at[one.function, one.hub, one.span, period])
            columns.append(position)
            amounts.append(share * by_period[period])
    piece = positions(fill.piece for fill in sets.fills)
    scale = np.zeros(len(sets.pieces))
    np.maximum.at(scale, piece, sets.room)
    entries = [
        Entries(block.served, rows, columns, floats(amounts) / scale[rows]),
        Entries(block.filled, piece, np.arange(len(piece)), -sets.room / scale[piece]),
    ]
    periods = [period.id for period in problem.periods]
    keys = [
        (one.function, one.hub, sets.spans[one.function][one.span].name, periods[one.period]) for one in sets.pieces
    ]
    linear.rows(block, "hub_volume", keys, entries, lower=0.0, upper=0.0)


def hub_capacity(block: Block, problem: HubProblem) -> None:
    """A hub does no more than its size can.

    ::

        v_jzsp <= y_jzs    for every hub j, size z, span s and period p

    Source: capacities of the hubs; with `hub_volume`, the hull of a step cost.
    """
    sets: Index = block.index
    rows = np.arange(len(sets.fills))
    halls = positions(fill.hall for fill in sets.fills)
    entries = [Entries(block.filled, rows, rows), Entries(block.size, rows, halls, -1.0)]
    linear.rows(block, "hub_capacity", list(block.filled), entries, upper=0.0)


def own_hub(block: Block, problem: HubProblem) -> None:
    """A hub does the function for its own facility too.

    ::

        sum_z y_jzs <= x_jjs    for every hub j that needs the function itself, and span s

    Source: nobody keeps two workshops of one trade in one place.
    """
    sets: Index = block.index
    own = {(one.function, one.hub, one.span): c for c, one in enumerate(sets.choices) if one.facility == one.hub}
    chosen = [hub for hub in sets.hubs if hub in own]
    row = {hub: at for at, hub in enumerate(chosen)}
    rows = positions(row.get(sets.hubs[hub], -1) for hub in sets.hall_row.tolist())
    halls = np.flatnonzero(rows >= 0)
    entries = [
        Entries(block.size, rows[halls], halls),
        Entries(block.served, np.arange(len(chosen)), positions(own[hub] for hub in chosen), -1.0),
    ]
    linear.rows(block, "own_hub", sets.dated(chosen), entries, upper=0.0)


def no_return(block: Block, problem: HubProblem) -> None:
    """What a facility has given up it does not take up again.

    ::

        x_i0s <= x_i0(s-1)    for every function and facility i and span s, where 0 is today's way

    Source: its equipment is gone and its staff does other work.
    """
    sets: Index = block.index
    later = sets.kept[sets.before[sets.kept] >= 0]
    rows = np.arange(len(later))
    entries = [Entries(block.served, rows, later), Entries(block.served, rows, sets.before[later], -1.0)]
    keys = sets.dated((one.function, one.facility, one.span) for one in map(sets.choices.__getitem__, later.tolist()))
    linear.rows(block, "no_return", keys, entries, upper=0.0)


def changed(block: Block, problem: HubProblem) -> None:
    """A facility that a hub begins to serve changes hub.

    ::

        x_ijs - x_ij(s-1) <= c_ijs    for every facility i, hub j and span s; before the first one all is as today

    Source: definition of a change.
    """
    sets: Index = block.index
    rows = np.arange(len(sets.away))
    before = sets.before[sets.away]
    later = np.flatnonzero(before >= 0)
    entries = [
        Entries(block.served, rows, sets.away),
        Entries(block.served, later, before[later], -1.0),
        Entries(block.change, rows, rows, -1.0),
    ]
    linear.rows(block, "changed", list(block.change), entries, upper=0.0)


def max_changes(block: Block, problem: HubProblem) -> None:
    """A function of a facility changes hub no more often in a calendar year than the grouping allows.

    ::

        sum_(s in year),j c_ijs <= max_changes    for every function and facility i and year

    Source: the grouping's policy.
    """
    sets: Index = block.index
    own = [sets.choices[c] for c in sets.away.tolist()]
    places = [(one.function, one.facility, sets.spans[one.function][one.span].year) for one in own]
    keys = sorted(set(places))
    at = {key: row for row, key in enumerate(keys)}
    entries = [Entries(block.change, positions(at[place] for place in places), np.arange(len(places)))]
    linear.rows(block, "max_changes", keys, entries, upper=float(problem.policy.max_changes))


def opened(block: Block, problem: HubProblem) -> None:
    """Works are paid when a hub opens or grows.

    ::

        sum_z K_jz (y_jzs - y_jz(s-1)) <= K_j o_js    for every hub j and span s; before the first one there is none

    where K_jz is the opening cost of a size and K_j that of the largest.
    Source: definition of what is paid: the difference between two sizes.
    """
    sets: Index = block.index
    scale = opening_costs(sets)
    paid = np.flatnonzero(scale > 0)
    row = np.full(len(sets.hubs), -1)
    row[paid] = np.arange(len(paid))
    at = {hub: position for position, hub in enumerate(sets.hubs)}
    after = positions(at.get((hall.function, hall.hub, hall.span + 1), -1) for hall in sets.halls)
    cost = floats(hall.size.opening_cost for hall in sets.halls)
    now = np.flatnonzero((row[sets.hall_row] >= 0) & (cost > 0))
    then = now[after[now] >= 0]
    entries = [
        Entries(block.size, row[sets.hall_row[now]], now, cost[now] / scale[sets.hall_row[now]]),
        Entries(block.size, row[after[then]], then, -cost[then] / scale[after[then]]),
        Entries(block.opening, row[paid], paid, -1.0),
    ]
    linear.rows(block, "opened", [list(block.opening)[hub] for hub in paid.tolist()], entries, upper=0.0)


def pins(block: Block, problem: HubProblem) -> None:
    """Decisions already taken about who does what hold at the end of every period that they select.

    ::

        low_q <= sum of x_ijs that pin q selects <= high_q    for every pin q and period, s being the last span begun

    Source: the grouping's policy; every pin carries its reason.
    """
    sets: Index = block.index
    at = {name: [span.first for span in own] for name, own in sets.spans.items()}
    keys: list[str] = []
    sides: list[tuple[float, float]] = []
    entries: list[Entries] = []
    for number, pin in enumerate(problem.policy.pins, 1):
        places = [place for place in problem.volumes if pin.as_today and pin.selects(*place, None)]
        for position, period in enumerate(problem.periods):
            if pin.period not in (None, period.id):
                continue
            last = {name: sum(first <= position for first in firsts) - 1 for name, firsts in at.items()}
            chosen = [
                c
                for c, one in enumerate(sets.choices)
                if one.span == last[one.function]
                and pin.selects(one.function, one.facility, None if one.hub == TODAY else one.hub)
            ]
            unchanged = sum(last[function] < 0 for function, _ in places)
            low, high = pin.sides(today=float(len(places)))
            entries.append(Entries(block.served, len(keys), positions(chosen)))
            keys.append(f"{number}: {pin.reason} ({period.id})")
            sides.append((low - unchanged, high - unchanged))
    if keys:
        lower, upper = (floats(side) for side in zip(*sides, strict=True))
        linear.rows(block, "pins", keys, entries, lower=lower, upper=upper)


def goals(problem: HubProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


FORMULATION: Formulation[HubProblem, HubPlan] = Formulation(
    variables=variables,
    constraints=(
        *(one_way, one_size, at_work, hub_volume, hub_capacity, own_hub),
        *(no_return, changed, max_changes, opened, pins),
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"one_way", "one_size", "hub_volume", "hub_capacity", "changed"}),
)
