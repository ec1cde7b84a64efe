"""Quantities of hubs that other questions may bind: staff hours freed and needed, money by line."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, money, staff_hours_freed, staff_hours_needed
from gst_opt.model.linear import Affine, total
from gst_opt.pillars.support.hubs.index import Index, floats, positions
from gst_opt.pillars.support.hubs.money import amounts, paid_before
from gst_opt.pillars.support.hubs.policy import INVESTMENTS, MONEY
from gst_opt.pillars.support.hubs.problem import HubProblem

Block = Any


def ports(block: Block, problem: HubProblem) -> Mapping[PortKey, Affine]:
    """Publish hours freed and needed by facility, skill and period, and money by line and period.

    Lines: ``support`` (as today, hubs, carriage), ``support_investments`` (openings, migrations). Money is not
    discounted.
    """
    found: dict[PortKey, Affine] = {}
    lines = {"support": [name for name in MONEY if name not in INVESTMENTS], "support_investments": list(INVESTMENTS)}
    for position, period in enumerate(problem.periods):
        only = np.zeros(len(problem.periods))
        only[position] = 1.0
        parts = amounts(block, only)
        before = paid_before(problem, only)
        for line, names in lines.items():
            entries = tuple(entry for name in names for entry in parts[name].entries)
            found[money(line, period.id)] = Affine(entries, before if line == "support" else 0.0)
        found |= _hours(block, problem, period.id, only)
    return found


def _hours(block: Block, problem: HubProblem, period: str, only: "np.ndarray") -> Mapping[PortKey, Affine]:
    """Return the hours of one period: those that hubs free where a function was done, and those that they need."""
    sets: Index = block.index
    volumes = sets.volumes(only)
    at_hub: dict[str, list[tuple[str, float]]] = {}
    for row in problem.support.hub_staff:
        at_hub.setdefault(row.support_function, []).append((row.skill, row.hours_per_unit))
    today: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for own in problem.support.support_staff:
        today.setdefault((own.support_function, own.facility), []).append((own.skill, own.hours_per_unit))
    parts: dict[PortKey, list[tuple[int, float]]] = {}
    for position in sets.away.tolist():
        one = sets.choices[position]
        for skill, hours in at_hub.get(one.function, ()):
            parts.setdefault(staff_hours_needed(one.hub, skill, period), []).append((position, hours))
        for skill, hours in today.get((one.function, one.facility), ()):
            parts.setdefault(staff_hours_freed(one.facility, skill, period), []).append((position, hours))
    found = {}
    for key, own_parts in sorted(parts.items()):
        columns = positions(column for column, _ in own_parts)
        found[key] = Affine((total(block.served, floats(hours for _, hours in own_parts) * volumes[columns], columns),))
    return found
