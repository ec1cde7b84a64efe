"""The host's own copy of a linear problem: its numbers checked as they come, and what they prove.

Nothing here believes a solver: a point is checked on the arrays, and a bound is computed from multipliers that may be
anything at all.
"""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, hstack, vstack

from gst_opt.core.errors import SolverError
from gst_opt.model.linear import Floats
from gst_opt.text import Message

Indices = NDArray[np.int32]
Mask = NDArray[np.bool_]

INFINITE = 1e20
"""HiGHS takes any bound or cost from here on as infinite."""

SMALLEST_COEFFICIENT, LARGEST_COEFFICIENT = 1e-9, 1e9
"""HiGHS drops smaller coefficients without an error, and larger ones drown the others."""

CLOSED = 1e-7
"""A bound this near to the objective, relatively, is not improved further."""

REACH = 1e8
"""Where a proof needs a bound that neither a column nor its rows give, no value of it beyond this is looked at."""

_TINY = 1e-300
_EPS = float(np.finfo(np.float64).eps)
_SUM_ERROR = 64 * _EPS
"""Relative error of numpy's pairwise sums, with room to spare."""


class LpData:
    """Minimise ``costs . x`` over ``row_lower <= matrix x <= row_upper`` and ``lower <= x <= upper``.

    Every method that changes it checks all of its arguments first and changes nothing when it refuses.
    """

    def __init__(
        self,
        costs: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        matrix: Any,
        row_lower: ArrayLike,
        row_upper: ArrayLike,
    ) -> None:
        self.costs = _finite("costs", costs, None)
        columns = len(self.costs)
        self.lower, self.upper = _sides("bounds", lower, upper, columns)
        self.matrix = _coefficients(matrix, None, columns)
        self.row_lower, self.row_upper = _sides("sides", row_lower, row_upper, self.matrix.shape[0])

    @classmethod
    def trusted(
        cls, costs: Floats, columns: tuple[Floats, Floats], matrix: csr_array, rows: tuple[Floats, Floats]
    ) -> Self:
        """Return a problem whose numbers were checked elsewhere: a proof needs them, but no range of coefficients."""
        data = cls.__new__(cls)
        data.costs, data.matrix = costs, matrix
        if not np.all(matrix.data):
            data.matrix = matrix.copy()
            data.matrix.eliminate_zeros()
        (data.lower, data.upper), (data.row_lower, data.row_upper) = columns, rows
        return data

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows, number of columns."""
        return len(self.row_lower), len(self.costs)

    def add_rows(self, matrix: Any, lower: ArrayLike, upper: ArrayLike) -> csr_array:
        """Add rows at the end; return them as they were taken."""
        rows = _coefficients(matrix, None, self.shape[1])
        low, high = _sides("sides", lower, upper, rows.shape[0])
        self.matrix = csr_array(vstack([self.matrix, rows], format="csr"))
        self.row_lower, self.row_upper = np.append(self.row_lower, low), np.append(self.row_upper, high)
        return rows

    def add_columns(self, matrix: Any, costs: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> csr_array:
        """Add columns at the end; return their coefficients, rows by new columns, as they were taken."""
        columns = _coefficients(matrix, self.shape[0], None)
        price = _finite("costs", costs, columns.shape[1])
        low, high = _sides("bounds", lower, upper, columns.shape[1])
        self.matrix = csr_array(hstack([self.matrix, columns], format="csr"))
        self.costs = np.append(self.costs, price)
        self.lower, self.upper = np.append(self.lower, low), np.append(self.upper, high)
        return columns

    def change_costs(self, columns: ArrayLike, costs: ArrayLike) -> Indices:
        """Give some columns other costs; return the positions."""
        where = positions("columns", columns, self.shape[1])
        self.costs = _replaced(self.costs, where, _finite("costs", costs, len(where)))
        return where

    def change_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Indices:
        """Give some columns other bounds; return the positions."""
        where = positions("columns", columns, self.shape[1])
        low, high = _sides("bounds", lower, upper, len(where))
        self.lower, self.upper = _replaced(self.lower, where, low), _replaced(self.upper, where, high)
        return where

    def change_sides(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Indices:
        """Give some rows other sides; return the positions."""
        where = positions("rows", rows, self.shape[0])
        low, high = _sides("sides", lower, upper, len(where))
        self.row_lower, self.row_upper = _replaced(self.row_lower, where, low), _replaced(self.row_upper, where, high)
        return where

    def delete_rows(self, rows: ArrayLike) -> Indices:
        """Take some rows away; later rows move up. Return the positions, sorted."""
        where = np.sort(positions("rows", rows, self.shape[0]))
        keep = np.ones(self.shape[0], dtype=bool)
        keep[where] = False
        self.matrix = self.matrix[np.flatnonzero(keep)]
        self.row_lower, self.row_upper = self.row_lower[keep], self.row_upper[keep]
        return where

    def violation(self, x: Floats) -> float:
        """Return how far a point is outside a row or a bound at the most, relative to its side if that is above 1."""
        if not np.all(np.isfinite(x)):
            return np.inf
        activity = self.matrix @ x
        worst = 0.0
        for value, low, high in ((activity, self.row_lower, self.row_upper), (x, self.lower, self.upper)):
            for side, outside in ((low, low - value), (high, value - high)):
                relative = outside / np.maximum(1.0, np.where(np.isfinite(side), np.abs(side), 1.0))
                worst = max(worst, float(np.max(relative, initial=0.0)))
        return worst

    def reduced_costs(self, duals: Floats) -> Floats:
        """Return ``costs - matrix' duals``."""
        return np.asarray(self.costs - self.matrix.T @ duals)

    def bound(self, duals: Floats, objective: float = np.inf) -> float:
        """Return what the value of no feasible point is below, proven by multipliers of the rows.

        Weak duality: for any multipliers ``y`` and ``r = costs - matrix' y``, every feasible point costs at least
        ``y+ . row_lower - y- . row_upper + r+ . lower - r- . upper``. The error of the floating-point arithmetic is
        estimated from above and taken off. Where a column without a bound has a reduced cost of the wrong sign by a
        little, the multipliers are scaled, or the bound that the rows imply is used (Neumaier and Shcherbina, 2004,
        Mathematical Programming 99, 283-296), or, when nothing else helps, `REACH`. Minus infinity when nothing is
        proven.

        Parameters
        ----------
        duals
            Multipliers, shape (rows,).
        objective
            Value to reach: a bound close to it is not improved further.
        """
        return self._proven(self.costs, duals, objective - CLOSED * max(1.0, abs(objective)))

    def proves_infeasible(self, ray: Floats) -> bool:
        """Say whether multipliers of the rows prove that no point is feasible (Farkas)."""
        largest = float(np.max(np.abs(ray), initial=0.0))
        if not 0.0 < largest < np.inf:
            return False
        ray = np.where(np.abs(ray) > 1e-9 * largest, ray / largest, 0.0)
        none = np.zeros_like(self.costs)
        return any(self._proven(none, sign * ray, _TINY) > 0.0 for sign in (1.0, -1.0))

    def proves_unbounded(self, x: Floats, ray: Floats) -> bool:
        """Say whether a feasible point may be moved along a ray for ever (within 1e-9), each step cheaper."""
        largest = float(np.max(np.abs(ray), initial=0.0))
        if not 0.0 < largest < np.inf or not self.violation(x) <= 1e-6:
            return False
        ray = ray / largest
        drift = self.matrix @ ray
        stays = all(
            bool(np.all(move[np.isfinite(low)] >= -1e-9) and np.all(move[np.isfinite(high)] <= 1e-9))
            for move, low, high in ((drift, self.row_lower, self.row_upper), (ray, self.lower, self.upper))
        )
        return stays and float(self.costs @ ray) < -1e-9

    def _proven(self, costs: Floats, duals: Floats, enough: float) -> float:
        if not np.all(np.isfinite(duals)):
            return -np.inf
        usable = np.where(duals > 0, np.isfinite(self.row_lower), np.isfinite(self.row_upper))
        y = np.where(usable, duals, 0.0)
        best = -np.inf
        for lower, upper in self._boxes():
            best = max(best, _Lagrangian(self, costs, lower, upper).value(y))
            if best >= enough:
                break
        return best

    def _boxes(self) -> Iterator[tuple[Floats, Floats]]:
        """Walk over bounds of columns that hold for every feasible point; the last ones for those within reach."""
        yield self.lower, self.upper
        lower, upper = self._implied_bounds()
        yield lower, upper
        near_lower = np.where(np.isfinite(lower), lower, np.minimum(upper, 0.0) - REACH)
        yield near_lower, np.where(np.isfinite(upper), upper, np.maximum(lower, 0.0) + REACH)

    def _implied_bounds(self) -> tuple[Floats, Floats]:
        """Return the bounds of columns, made finite where a row and the bounds of its other columns say so."""
        rows = np.repeat(np.arange(self.shape[0]), np.diff(self.matrix.indptr))
        columns, values = self.matrix.indices, self.matrix.data
        lower, upper = self.lower.copy(), self.upper.copy()
        for sign, sides in ((1.0, self.row_upper), (-1.0, -self.row_lower)):  # each as: sum of a x <= side
            a = sign * values
            least = np.where(a > 0, a * self.lower[columns], a * self.upper[columns])
            missing = ~np.isfinite(least)
            known = np.where(missing, 0.0, least)
            count = np.bincount(rows, missing, self.shape[0])
            total = np.bincount(rows, known, self.shape[0])
            size = np.bincount(rows, np.abs(known), self.shape[0])
            holds = (count[rows] - missing == 0) & np.isfinite(sides[rows])
            room = np.where(holds, sides[rows], 0.0) - (total[rows] - known)
            room = room + 1e-9 * (np.abs(np.where(holds, sides[rows], 0.0)) + size[rows])
            reach = room / a
            up, down = holds & (a > 0), holds & (a < 0)
            np.minimum.at(upper, columns[up], reach[up])
            np.maximum.at(lower, columns[down], reach[down])
        return lower, upper


class _Lagrangian:
    """The bound as a function of the multipliers, with given bounds of columns."""

    def __init__(self, data: LpData, costs: Floats, lower: Floats, upper: Floats) -> None:
        self.data = data
        self.costs = costs
        self.lower = lower
        self.upper = upper
        self.absolute = csr_array((np.abs(data.matrix.data), data.matrix.indices, data.matrix.indptr), data.shape)
        self.longest = int(np.max(np.bincount(data.matrix.indices), initial=0)) + 3

    def value(self, y: Floats) -> float:
        """Return the bound, rounding errors taken off; minus infinity where no scaling of `y` gives one."""
        reduced, error = self._reduced(y)
        wrong = self._open(reduced, error)
        if wrong.any():
            y = self._scale(reduced[wrong], error[wrong], wrong) * y
            reduced, error = self._reduced(y)
            if self._open(reduced, error).any():
                return -np.inf
        rows = np.where(y > 0, self.data.row_lower, self.data.row_upper)
        from_rows = y * np.where(y == 0, 0.0, rows)
        low = np.where(np.isfinite(self.lower), self.lower, np.where(np.isfinite(self.upper), self.upper, 0.0))
        high = np.where(np.isfinite(self.upper), self.upper, low)
        least, most = reduced - error, reduced + error
        from_columns = np.minimum(np.minimum(least * low, most * low), np.minimum(least * high, most * high))
        size = float(np.abs(from_rows).sum() + np.abs(from_columns).sum())
        return float(from_rows.sum() + from_columns.sum()) - _SUM_ERROR * size

    def _scale(self, reduced: Floats, error: Floats, wrong: Mask) -> float:
        """Return a factor that gives the columns in `wrong` a reduced cost of the sign that they need; 0 if none."""
        costs, free = self.costs[wrong], np.isinf(self.lower[wrong]) & np.isinf(self.upper[wrong])
        if np.any(free | (np.where(np.isinf(self.upper[wrong]), costs, -costs) <= 2 * error)):
            return 0.0
        most = np.min((np.abs(costs) - 2 * error) / np.abs(costs - reduced))
        return max(float((1 - 4 * _EPS) * most), 0.0)

    def _reduced(self, y: Floats) -> tuple[Floats, Floats]:
        """Return reduced costs and an upper limit of their error."""
        reduced = self.costs - self.data.matrix.T @ y
        size = self.absolute.T @ np.abs(y)
        return reduced, _EPS * (self.longest * size + np.abs(reduced))

    def _open(self, reduced: Floats, error: Floats) -> Mask:
        """Say which columns would run away for ever: no bound on the side to which their reduced cost may push."""
        return (np.isinf(self.upper) & (reduced < error)) | (np.isinf(self.lower) & (reduced > -error))


def positions(name: str, given: ArrayLike, count: int) -> Indices:
    """Return distinct positions below `count`.

    Raises
    ------
    SolverError
        If one is outside, is named twice or is not a whole number.
    """
    where = np.asarray(given)
    if where.ndim != 1:
        raise SolverError(Message("solve.lp_shape", {"name": name, "found": where.shape, "expected": "(n,)"}))
    _refuse(name, where, np.full(len(where), where.dtype.kind not in "iu"))
    _refuse(name, where, (where < 0) | (where >= count))
    twice = np.ones(len(where), dtype=bool)
    twice[np.unique(where, return_index=True)[1]] = False
    _refuse(name, where, twice)
    return where.astype(np.int32)


def _refuse(name: str, values: NDArray[Any], wrong: Mask) -> None:
    if wrong.any():
        position = int(np.flatnonzero(wrong)[0])
        found = {"name": name, "position": position, "value": values[position]}
        raise SolverError(Message("solve.lp_number", found))


def _vector(name: str, values: ArrayLike, count: int | None) -> Floats:
    vector = np.array(values, dtype=np.float64)
    if vector.ndim == 0 and count is not None:
        vector = np.full(count, float(vector))
    if vector.ndim != 1 or (count is not None and len(vector) != count):
        expected = f"({'n' if count is None else count},)"
        raise SolverError(Message("solve.lp_shape", {"name": name, "found": vector.shape, "expected": expected}))
    return vector


def _finite(name: str, values: ArrayLike, count: int | None) -> Floats:
    vector = _vector(name, values, count)
    _refuse(name, vector, ~(np.abs(vector) < INFINITE))
    return vector


def _sides(name: str, lower: ArrayLike, upper: ArrayLike, count: int) -> tuple[Floats, Floats]:
    low, high = _vector(name, lower, count), _vector(name, upper, count)
    _refuse(name, low, ~(low < INFINITE))
    _refuse(name, high, ~(high > -INFINITE))
    low[low <= -INFINITE], high[high >= INFINITE] = -np.inf, np.inf
    _refuse(name, low, low > high)
    return low, high


def _coefficients(matrix: Any, rows: int | None, columns: int | None) -> csr_array:
    taken = csr_array(matrix, dtype=np.float64, copy=True)
    found = taken.shape
    expected = (found[0] if rows is None else rows, found[1] if columns is None else columns)
    if found != expected:
        raise SolverError(Message("solve.lp_shape", {"name": "matrix", "found": found, "expected": expected}))
    taken.check_format(full_check=True)
    taken.sum_duplicates()
    size = np.abs(taken.data)
    _refuse("matrix", taken.data, ~((size == 0) | ((size >= SMALLEST_COEFFICIENT) & (size <= LARGEST_COEFFICIENT))))
    taken.eliminate_zeros()
    return taken


def _replaced(values: Floats, where: Indices, by: Floats) -> Floats:
    values = values.copy()
    values[where] = by
    return values
