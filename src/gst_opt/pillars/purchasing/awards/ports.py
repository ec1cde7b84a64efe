"""Quantities of awards that other questions may bind: needs met by facility and period, orders, and money."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, items, money, ordered
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.purchasing.awards.cash import falls_due
from gst_opt.pillars.purchasing.awards.index import Index
from gst_opt.pillars.purchasing.awards.money import amounts
from gst_opt.pillars.purchasing.awards.problem import AwardProblem

Block = Any


def ports(block: Block, problem: AwardProblem) -> Mapping[PortKey, Affine]:
    """Publish units met of every need by facility and period, from store too, units ordered, money by period.

    Lines: ``supplies`` (when payment falls due; what falls due after the calendar is left out), ``contracts``,
    ``deliveries``, ``references`` (kept and taken up).

    What is bought for the calendar is met in each period in proportion to what is required in it, and delivered then;
    what is paid once for a supplier or a reference follows the length of the periods.
    """
    sets: Index = block.index
    at = {(cell.need, cell.group): position for position, cell in enumerate(sets.cells)}
    found: dict[PortKey, Affine] = {}
    for (need, facility), periods in problem.used.items():
        bought = problem.required.get((need, facility), {})
        position = at.get((need, problem.routes.group.get(facility, 0)))
        for period, needed in periods.items():
            units = bought.get(period, 0.0)
            if position is None or not units:
                found[items(need, facility, period)] = Affine((), needed - units)
            else:
                each = -units / sets.cells[position].share
                found[items(need, facility, period)] = Affine((total(block.short, each, [position]),), needed)
    for bid, (key, units) in enumerate(zip(sets.keys, sets.units.tolist(), strict=True)):
        found[ordered(*key)] = Affine((total(block.share, units, [bid]),))
    parts = amounts(block)
    lines = {
        "contracts": ("supplier_contracts",),
        "deliveries": ("deliveries",),
        "references": ("kept_references", "new_references"),
    }
    used = {period for periods in problem.required.values() for period in periods}
    lengths = {period.id: period.years for period in problem.horizon.periods if period.id in used}
    for period in (one.id for one in problem.horizon.periods):
        found[money("supplies", period)] = Affine(falls_due(block, period))
        weights = _weights(sets, problem, period)
        constant = lengths.get(period, 0.0) / sum(lengths.values()) if lengths else 0.0
        for line, names in lines.items():
            entries = [_weighted(entry, block, weights, constant) for name in names for entry in parts[name].entries]
            found[money(line, period)] = Affine(tuple(entries))
    return found


def _weights(sets: Index, problem: AwardProblem, period: str) -> Any:
    """Return the part of each need that is required in a period."""
    needed = dict.fromkeys(sets.needs, 0.0)
    for (need, _), periods in problem.required.items():
        if need in needed:
            needed[need] += periods.get(period, 0.0)
    return np.array([needed[need] for need in sets.needs]) / sets.demand


def _weighted(entry: Entries, block: Block, weights: Any, constant: float) -> Entries:
    """Return the part of an amount that falls in a period."""
    sets: Index = block.index
    rows, columns, values = entry.arrays()
    if entry.variable is block.share:
        factor = weights[sets.need[columns]]
    elif entry.variable is block.sent:
        factor = weights[sets.need[sets.flows.bid[columns]]]
    else:
        factor = constant
    return Entries(entry.variable, rows, columns, values * factor)
