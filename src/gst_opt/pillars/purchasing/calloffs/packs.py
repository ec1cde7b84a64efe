"""Whole packs over the first periods: rows that only tighten the relaxation."""

import math
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries
from gst_opt.pillars.purchasing.calloffs.index import Index
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Block = Any
LEAST_PART, MOST_PACKS = 0.01, 1e4
"""Part of a pack below which a row would hold large numbers, and packs from which it would tighten nothing."""


def packs_so_far(block: Block, problem: CallOffProblem) -> None:
    """Packs received until a period are those that round up what is needed until then, but for what stays short.

    ::

        sum_(j,r),s<=p n_jrs + sum_(g,t<=p) d_igt u_igt / (b f) >= ceil(D / b)

    for every need i whose offers all have packs of b units of it, and period p, where D is what is needed until p and
    f = D / b - floor(D / b) the part of a pack above whole ones. Source: mixed integer rounding (Nemhauser and Wolsey,
    1990) of the sum of `met` and `whole_packs`.
    """
    sets: Index = block.index
    reached = {want: position for position, want in enumerate(sets.reached.tolist())}
    wants: dict[str, list[int]] = {}
    for want in reached:
        wants.setdefault(sets.wants[want].need, []).append(want)
    slots: dict[str, list[int]] = {}
    for slot, call in enumerate(sets.call.tolist()):
        slots.setdefault(sets.calls[call].need, []).append(slot)
    column = {slot: position for position, slot in enumerate(sets.packed.tolist())}
    keys: list[tuple[str, str]] = []
    packs, short, sides = [], [], []
    for need, own in sorted(slots.items()):
        sizes = {round(float(sets.pack[slot]) * sets.calls[int(sets.call[slot])].factor, 9) for slot in own}
        size = sizes.pop()
        if sizes or size <= 0:
            continue
        for last in sorted({int(sets.period[want]) for want in wants[need]}):
            until = [want for want in wants[need] if sets.period[want] <= last]
            count = math.fsum(float(sets.demand[want]) for want in until) / size
            part = count - math.floor(count)
            if LEAST_PART <= part <= 1 - 1e-9 and count <= MOST_PACKS:
                row = len(keys)
                packs += [(row, column[slot]) for slot in own if sets.received[slot] <= last]
                short += [(row, reached[want], float(sets.demand[want]) / (size * part)) for want in until]
                keys.append((need, sets.periods[last]))
                sides.append(float(math.ceil(count)))
    entries = [
        Entries(block.packs, [row for row, _ in packs], [one for _, one in packs]),
        Entries(block.short, [row for row, *_ in short], [one for _, one, _ in short], [value for *_, value in short]),
    ]
    linear.rows(block, "packs_so_far", keys, entries, lower=np.array(sides))
