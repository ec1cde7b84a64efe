"""What support functions cost, line by line, and the other terms."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, total
from gst_opt.pillars.support.hubs.index import TODAY, Floats, Index, floats
from gst_opt.pillars.support.hubs.problem import HubProblem

Block = Any


def amounts(block: Block, weights: Floats) -> dict[str, Affine]:
    """Return every line of money from the first changes on, each period by its weight."""
    sets: Index = block.index
    problem, lengths, volumes = sets.problem, sets.lengths(weights), sets.volumes(weights)
    kept, away = sets.kept, sets.away
    today = {row.key_values(): row for row in problem.support.support_today}
    own = [today[one.function, one.facility] for one in map(sets.choices.__getitem__, kept.tolist())]
    years = floats(lengths[one.function, one.span] for one in map(sets.choices.__getitem__, kept.tolist()))
    as_today = floats(row.fixed_cost for row in own) * years + floats(row.unit_cost for row in own) * volumes[kept]
    hubs = [sets.choices[position] for position in away.tolist()]
    carried = floats(problem.functions[one.function].carriage * one.minutes for one in hubs)
    once = floats(weights[sets.first_period(one.function, one.span)] for one in hubs)
    changes = floats(problem.functions[one.function].migration_cost for one in hubs) * once
    sizes = floats(hall.size.fixed_cost * lengths[hall.function, hall.span] for hall in sets.halls)
    filled = floats(
        sets.halls[fill.hall].size.unit_cost * weights[sets.pieces[fill.piece].period] for fill in sets.fills
    )
    opened = floats(weights[sets.first_period(function, span)] for function, _, span in sets.hubs)
    return {
        "as_today": Affine((total(block.served, as_today, kept),)),
        "hub_sizes": Affine((total(block.size, sizes),)),
        "hub_volumes": Affine((total(block.filled, filled * sets.room),)),
        "carriage": Affine((total(block.served, carried * volumes[away], away),)),
        "openings": Affine((total(block.opening, opened * opening_costs(sets)),)),
        "migrations": Affine((total(block.change, changes),)),
    }


def opening_costs(sets: Index) -> Floats:
    """Return the opening cost of the largest size of every hub and span (MAD): the unit of what is paid."""
    largest = dict.fromkeys(sets.hubs, 0.0)
    for hall in sets.halls:
        hub = (hall.function, hall.hub, hall.span)
        largest[hub] = max(largest[hub], hall.size.opening_cost)
    return floats(largest.values())


def paid_before(problem: HubProblem, weights: Floats) -> float:
    """Return what is paid before the first changes, each period by its weight (MAD); no decision changes it."""
    today = {row.key_values(): row for row in problem.support.support_today}
    return sum(
        share
        * float(weights[at])
        * (today[place].fixed_cost * problem.periods[at].years + today[place].unit_cost * volume[at])
        for place, volume in problem.volumes.items()
        for at, share in problem.spans[place[0]][0].parts.items()
    )


def terms(block: Block, problem: HubProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; what is paid before the first changes is left out (it is a constant)."""
    sets: Index = block.index
    money = amounts(block, floats(problem.discount(period.start.year) for period in problem.periods))
    found = {name: Term(quantity, "MAD") for name, quantity in money.items()}
    each = np.full(len(problem.periods), 1 / problem.policy.years)
    lengths, volumes = sets.lengths(each), sets.volumes(each)
    share = floats(lengths[one.function, one.span] for one in sets.choices)
    quality = {row.key_values(): row.quality for row in problem.support.support_today}
    below = [
        position
        for position in sets.kept.tolist()
        if quality[sets.choices[position][:2]] < problem.functions[sets.choices[position].function].min_quality
    ]
    minutes = floats(one.minutes for one in sets.choices)
    away = sets.away
    found["distance"] = Term(Affine((total(block.served, (minutes * share)[away], away),)), "min")
    found["below_floor"] = Term(Affine((total(block.served, share[below], below),)), "unit")
    more = extra_hours(sets)
    for skill in [None, *more]:
        hours = more[skill] if skill else sum(more.values(), np.zeros(len(sets.choices)))
        name = f"staff_hours[{skill}]" if skill else "staff_hours"
        own = away[hours[away] != 0]
        found[name] = Term(Affine((total(block.served, (hours * volumes)[own], own),)), "h")
    return found


def extra_hours(sets: Index) -> dict[str, Floats]:
    """Return the hours of every skill that a unit of volume takes beyond those that it takes today, by choice."""
    support = sets.problem.support
    hub = {row.key_values(): row.hours_per_unit for row in support.hub_staff}
    today = {row.key_values(): row.hours_per_unit for row in support.support_staff}
    skills = sorted({row.skill for row in support.hub_staff} | {row.skill for row in support.support_staff})
    return {
        skill: floats(
            0.0
            if one.hub == TODAY
            else hub.get((one.function, skill), 0.0) - today.get((one.function, one.facility, skill), 0.0)
            for one in sets.choices
        )
        for skill in skills
    }
