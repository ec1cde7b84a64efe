"""Rows in money or volume, whose figures span many orders of magnitude."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Affine, Entries, Floats, Reading

Block = Any


def scaled_rows(
    block: Block,
    name: str,
    keys: Sequence[Any],
    entries: Sequence[Entries],
    *,
    lower: float | Floats = -np.inf,
    upper: float | Floats = np.inf,
) -> Any:
    """Add rows scaled so that no coefficient is above 1,000; what is a billionth of the largest is left out.

    The family is returned, so that a rule may tell its figures its own way.
    """
    arrays = [entry.arrays() for entry in entries]
    largest = max((float(np.abs(values).max()) for _, _, values in arrays if len(values)), default=0.0)
    scale = 1e3 / largest if largest else 1.0
    scaled = []
    for entry, (rows, columns, values) in zip(entries, arrays, strict=True):
        seen = np.abs(values * scale) >= 1e-6
        scaled.append(Entries(entry.variable, rows[seen], columns[seen], values[seen] * scale))
    family = linear.rows(block, name, keys, scaled, lower=np.asarray(lower) * scale, upper=np.asarray(upper) * scale)
    family.reading = Reading(divisor=Affine(constant=scale))
    return family
