"""A small linear program for brute force."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog


@dataclass
class Program:
    """A linear program, row by row."""

    costs: list[float] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)

    def variable(self, cost: float = 0.0, high: float = math.inf, low: float = 0.0) -> int:
        """Add a variable."""
        self.costs.append(cost)
        self.bounds.append((low, high))
        return len(self.costs) - 1

    def at_most(self, row: Mapping[int, float], most: float) -> None:
        """Add a row."""
        self.rows.append((dict(row), most))

    def best(self) -> float:
        """Return the least cost; inf where nothing fits."""
        if not self.costs:
            return 0.0 if all(most >= -1e-9 for _, most in self.rows) else math.inf
        sides: list[Any] = []
        for rows in (self.rows, self.equal):
            matrix = np.zeros((len(rows), len(self.costs)))
            for number, (row, _) in enumerate(rows):
                for column, value in row.items():
                    matrix[number, column] = value
            sides += [matrix, np.array([side for _, side in rows])] if rows else [None, None]
        found = linprog(self.costs, sides[0], sides[1], sides[2], sides[3], self.bounds, method="highs")
        return float(found.fun) if found.status == 0 else math.inf
