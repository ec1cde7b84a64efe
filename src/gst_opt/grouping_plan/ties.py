"""Rows made of ports: entries gathered by variable, constants by row."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Affine, Entries, Floats, Positions, Reading

Block = Any


class Gathered:
    """Linear quantities added up row by row."""

    def __init__(self, rows: int) -> None:
        self.constant = np.zeros(rows)
        self._parts: dict[int, tuple[Any, list[tuple[Positions, Positions, Floats]]]] = {}

    def add(self, row: int, quantity: Affine, factor: float = 1.0) -> None:
        """Add a multiple of a quantity to a row."""
        self.constant[row] += factor * quantity.constant
        for entry in quantity.entries:
            _, columns, values = entry.arrays()
            if len(columns):
                _, parts = self._parts.setdefault(id(entry.variable), (entry.variable, []))
                parts.append((np.full(len(columns), row, dtype=np.intp), columns, factor * values))

    def put(self, variable: Any, rows: Sequence[int], coefficients: Sequence[float]) -> None:
        """Add a multiple of each of a family of variables, in order, to a row of its own."""
        for column, (row, value) in enumerate(zip(rows, coefficients, strict=True)):
            self.add(row, Affine((linear.total(variable, value, [column]),)))

    def entries(self, scale: Floats) -> list[Entries]:
        """Return the entries, one for each variable, every row multiplied by its scale."""
        found = []
        for variable, parts in self._parts.values():
            rows, columns, values = (np.concatenate(column) for column in zip(*parts, strict=True))
            found.append(Entries(variable, rows, columns, values * scale[rows]))
        return found

    def at_most(self, block: Block, name: str, keys: Sequence[Any], scale: Floats | None = None) -> None:
        """Add the rows ``quantity <= 0``, each multiplied by a scale that leaves the solver handy figures."""
        self._rows(block, name, keys, scale, lower=-np.inf)

    def equal(self, block: Block, name: str, keys: Sequence[Any], scale: Floats | None = None) -> None:
        """Add the rows ``quantity = 0``."""
        self._rows(block, name, keys, scale, lower=None)

    def _rows(self, block: Block, name: str, keys: Sequence[Any], scale: Floats | None, lower: float | None) -> None:
        by = np.ones(len(self.constant)) if scale is None else scale
        side = -self.constant * by
        family = linear.rows(block, name, keys, self.entries(by), lower=side if lower is None else lower, upper=side)
        if scale is not None and len(scale):
            family.reading = Reading(divisor=Affine(constant=float(scale[0])))


def value_of(quantity: Affine) -> float:
    """Return a quantity at the model's values."""
    total = quantity.constant
    for entry in quantity.entries:
        _, columns, coefficients = entry.arrays()
        data = linear.members(entry.variable)
        total += sum(
            coefficient * data[column].value
            for column, coefficient in zip(columns.tolist(), coefficients.tolist(), strict=True)
        )
    return float(total)
