"""One linear problem in whole numbers as HiGHS takes it, and what a point is worth in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from gst_opt.model.linear import Floats
from gst_opt.solve import wire
from gst_opt.solve.components import Part
from gst_opt.solve.lp_data import LpData
from gst_opt.solve.tighten import Bounded, smallest_others

ROW_TOLERANCE = 1e-6
"""How far a row may be broken relative to its side, and a bound or a whole number as it is: the solver's tolerance."""

LARGEST_ROOM, LARGEST_WHOLE_ROOM = 1.0, 0.1
"""Units by which a row may be broken at the most; one of whole numbers and whole coefficients by less than one."""

ROUNDING = 1e-9
"""Error of a large sum, relative to it: a row may be broken by so much whatever its unit."""

NEAR_ONE = 0.5, 1024.0
"""Costs whose middle is between these are given to HiGHS as they are."""


@dataclass(frozen=True)
class Extra:
    """One more row ``costs . x <= side``: what an earlier goal has reached."""

    costs: Floats
    side: float


@dataclass(frozen=True)
class Aim:
    """What is known of a goal beside its costs.

    Attributes
    ----------
    guide
        Costs of a goal to search by where those of the goal are flat; None to search by themselves.
    scale
        Least value that a gap is a share of, such as today's.
    later
        Costs of a later goal in the unit of its value today: a first plan looks at them too. None for none.
    """

    guide: Floats | None = None
    scale: float = 1.0
    later: Floats | None = None


@dataclass(frozen=True)
class StandardForm:
    """One linear problem in whole numbers as HiGHS takes it; the fields are those of `Part`, one goal's costs first."""

    costs: Floats
    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]

    def frame(self) -> wire.Arrays:
        """Return it as the arrays that the worker reads."""
        return {
            "cost": self.costs,
            "lower": self.lower,
            "upper": self.upper,
            "row_lower": self.row_lower,
            "row_upper": self.row_upper,
            "start": self.matrix.indptr.astype(np.int32),
            "index": self.matrix.indices.astype(np.int32),
            "value": self.matrix.data.astype(np.float64),
            "integer": self.integer.astype(np.int32),
        }

    @property
    def cost_unit(self) -> float:
        """Power of two by which costs are divided for HiGHS, which small ones mislead: 1 where they are near enough."""
        return cost_unit(self.costs)

    def value(self, x: Floats) -> float:
        """Return the cost of a point."""
        return float(self.costs @ x)

    def proven(self, duals: Floats, value: float) -> float | None:
        """Return what no point of the linear relaxation is below, by multipliers of the rows; None for nothing."""
        columns, rows = (self.lower, self.upper), (self.row_lower, self.row_upper)
        bound = LpData.trusted(self.costs, columns, self.matrix, rows).bound(duals, value)
        return bound if np.isfinite(bound) else None

    def rounding(self, x: Floats) -> float:
        """Return how far the cost of a point may be from exact: a millionth of its columns' costs, or of one unit."""
        sizes = np.abs(self.costs)
        return ROW_TOLERANCE * max(1.0, float(sizes @ np.abs(x)), float(sizes.max(initial=0.0)))

    def rounded(self, x: Floats) -> Floats:
        """Return the point with its whole numbers whole and every column inside its bounds."""
        return np.clip(np.where(self.integer, np.rint(x), x), self.lower, self.upper)

    def with_integers_fixed(self, x: Floats) -> "StandardForm":
        """Return the linear problem that is left when the whole numbers are those of `x`."""
        lower, upper = np.where(self.integer, x, self.lower), np.where(self.integer, x, self.upper)
        return replace(self, lower=lower, upper=upper, integer=np.zeros_like(self.integer))

    def relaxed(self) -> "StandardForm":
        """Return the problem without whole numbers."""
        return replace(self, integer=np.zeros_like(self.integer))

    def without_costs(self) -> "StandardForm":
        """Return the question whether there is a point at all."""
        return replace(self, costs=np.zeros_like(self.costs))

    @property
    def crossed(self) -> bool:
        """Whether a column has no value between its bounds."""
        return bool(np.any(self.lower > self.upper + ROW_TOLERANCE))

    @property
    def endless(self) -> bool:
        """Whether the costs push a column towards an infinite bound."""
        return not np.all(np.isfinite(np.where(self.costs > 0, self.lower, self.upper)[self.costs != 0]))

    @property
    def loosest(self) -> float:
        """Largest ratio of a 0/1 column's coefficient to the smallest other one of its row; 0 if there is none."""
        binary = self.integer & (self.lower >= 0) & (self.upper <= 1)
        ratio = np.abs(self.matrix.data) / smallest_others(self.matrix)
        return float(ratio[binary[self.matrix.indices]].max(initial=0.0))


def holds(model: Bounded, x: Floats) -> bool:
    """Say whether a model allows a point: its rows within their `rooms`, the rest within `ROW_TOLERANCE`."""
    activity = model.matrix @ x
    low, high = rooms(model)
    return bool(
        np.all(np.isfinite(x))
        and np.all(activity >= model.row_lower - low)
        and np.all(activity <= model.row_upper + high)
        and np.all(x >= model.lower - ROW_TOLERANCE)
        and np.all(x <= model.upper + ROW_TOLERANCE)
        and np.all(np.abs(x - np.rint(x))[model.integer] <= ROW_TOLERANCE)
    )


def rooms(model: Bounded) -> tuple[Floats, Floats]:
    """Return how far each row may be below its lower and above its upper side: less than a unit of anything whole."""
    matrix = model.matrix
    uneven = ~model.integer[matrix.indices] | (matrix.data != np.rint(matrix.data))
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    most = np.where(np.bincount(row, uneven, matrix.shape[0]) > 0, LARGEST_ROOM, LARGEST_WHOLE_ROOM)
    return _room(model.row_lower, most), _room(model.row_upper, most)


def _room(side: Floats, most: Floats) -> Floats:
    size = np.where(np.isfinite(side), np.abs(side), 0.0)
    return np.minimum(ROW_TOLERANCE * np.maximum(1.0, size), np.maximum(most, ROUNDING * size))


def cost_unit(costs: Floats) -> float:
    """Return the power of two by which costs are divided for HiGHS, which small ones mislead; 1 if they are near it."""
    unit = middle(costs)
    return 1.0 if NEAR_ONE[0] <= unit <= NEAR_ONE[1] else unit


def middle(values: Floats) -> float:
    """Return the power of two nearest to the middle of some sizes, so that dividing by it is exact; 1 for none."""
    sizes = np.abs(values[values != 0])
    return float(2.0 ** np.rint(np.log2(sizes.min() * sizes.max()) / 2)) if len(sizes) else 1.0


def standard_form(part: Part, costs: Floats, extras: Sequence[Extra] = ()) -> StandardForm:
    """Return a part with one cost vector and some more rows, the bounds of its whole numbers made whole."""
    lower = np.where(part.integer, np.ceil(part.lower - 1e-9), part.lower)
    upper = np.where(part.integer, np.floor(part.upper + 1e-9), part.upper)
    matrix = part.matrix
    if extras:
        matrix = csr_array(vstack([matrix, *(csr_array(extra.costs[None, :]) for extra in extras)], format="csr"))
    row_lower = np.append(part.row_lower, np.full(len(extras), -np.inf))
    row_upper = np.append(part.row_upper, [extra.side for extra in extras])
    return StandardForm(costs, matrix, row_lower, row_upper, lower, upper, part.integer)
