"""The tender of a grouping plan by the tender's own method: lot by lot, in what the budget leaves."""

from dataclasses import replace

import numpy as np

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.awards.lots import LotByLot
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part
from gst_opt.solve.once import Limits

LARGE = 5000
"""A tender of fewer columns is searched as it is."""

PART = "awards."
"""How names of the tender's variables begin."""


def choices(model: Compiled) -> list[Positions]:
    """Return the tender's whole numbers that tie lots, together where their keys begin alike: tiers of a discount."""
    found: dict[tuple[int, object], list[int]] = {}
    for start, family in model.families:
        for column, key in enumerate(family.keys() if str(family.name).startswith(PART) else (), start):
            if model.integer[column] and model.together[column] < 0:
                found.setdefault((start, key[0] if isinstance(key, tuple) else key), []).append(column)
    return [np.array(columns, dtype=np.intp) for columns in found.values()]


def is_large(part: Part) -> bool:
    """Say whether a tender is large, and has lots."""
    return len(part.columns) >= LARGE and bool(np.any(part.labels >= 0))


def by_lots(part: Part, costs: Floats, tied: list[Positions], limits: Limits) -> Floats | None:
    """Return a point of a large tender made lot by lot; None where none is found.

    Parameters
    ----------
    part, costs, limits
        What to minimise, within which limits: the tender's columns, those of short supplies, nothing else that is free.
    tied
        What ties lots, as positions in the whole model (`choices`).
    """
    labelled = part.labels >= 0
    numbers = np.full(len(labelled), -1, dtype=np.intp)
    numbers[labelled] = np.unique(part.labels[labelled], return_inverse=True)[1]
    place = np.full(int(np.concatenate([part.columns, *tied]).max()) + 1, -1, dtype=np.intp)
    place[part.columns] = np.arange(len(part.columns))
    with LotByLot(replace(part, together=numbers), costs, limits, workers=1) as search:
        return search.plan([place[one] for one in tied], rounds=0)
