"""Bounds and big-Ms derived from the rows, so that a solver's tolerances cannot be taken for a plan.

A 0/1 column that HiGHS accepts at a millionth of a unit moves the rest of its row by a millionth of its coefficient.
Where the column only switches a limit (once it is on, the row limits nothing), the smallest coefficient that still
does so is known from the other columns' bounds; it allows the same whole-number points and fewer fractional ones
(coefficient tightening: Savelsbergh, ORSA Journal on Computing 6, 1994, section 1.2).
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.compiled import Compiled

LARGEST_INTEGER_BOUND = 1e6
"""HiGHS 1.15 can hang beyond its time limit on larger finite bounds of whole-number columns."""

INTEGER_TOLERANCE = 1e-6
"""How far from whole HiGHS accepts a whole number."""

LOOSE = 1e3
"""A switch is tightened when its coefficient is this many times the smallest other one of its row."""

FAR = 1e9
"""Products beyond this count as infinite: sums with them would be rounded by more than the tolerances."""

ROUNDS = 20
"""Most rounds of propagation; a bound that is still moving then is valid, only not the best."""


class Bounded(Protocol):
    """What has rows, columns and bounds: `Compiled`, `Part`, `StandardForm`."""

    @property
    def matrix(self) -> csr_array:
        """Rows by columns, CSR."""

    @property
    def row_lower(self) -> Floats:
        """Lower sides of rows."""

    @property
    def row_upper(self) -> Floats:
        """Upper sides of rows."""

    @property
    def lower(self) -> Floats:
        """Lower bounds of columns."""

    @property
    def upper(self) -> Floats:
        """Upper bounds of columns."""

    @property
    def integer(self) -> NDArray[np.bool_]:
        """Whether each column takes whole values."""


@dataclass(frozen=True)
class Switches:
    """Entries of 0/1 columns by which a row limits nothing once the column is on (or off).

    Attributes
    ----------
    entry
        Positions in the matrix's data.
    row
        Rows that they are in.
    needed
        Smallest coefficient, in absolute value, that does the same; infinite where the other columns have no bound.
    unit
        Smallest coefficient of the row's other columns, in absolute value.
    """

    entry: Positions
    row: Positions
    needed: Floats
    unit: Floats


def tighten(model: Compiled) -> Compiled:
    """Derive the bounds of whole numbers that have none or a large one, and make loose switches tight.

    The whole-number points stay the same; a model without anything to derive comes back as it is, and so does one
    whose rows contradict one another, except for large bounds that have no part in it.
    """
    if not model.matrix.nnz or not (_open(model).any() or _large_entries(model).any()):
        return model
    lower, upper = propagate(model)
    if contradict(lower, upper):
        return _without_large_bounds(model)
    whole = _open(model)
    tight = replace(
        model,
        lower=np.where(whole & np.isfinite(lower), lower, model.lower),
        upper=np.where(whole & np.isfinite(upper), upper, model.upper),
    )
    return _tighten_switches(tight, lower, upper)


def propagate(model: Bounded) -> tuple[Floats, Floats]:
    """Return bounds of the columns that the rows and the columns' own bounds imply, those of whole numbers whole.

    Every point that the model allows is between them; where they `contradict` each other there is none.
    """
    matrix = model.matrix
    row, column, value = _row_of(matrix), matrix.indices, matrix.data
    lower = np.where(model.integer, np.ceil(model.lower - INTEGER_TOLERANCE), model.lower)
    upper = np.where(model.integer, np.floor(model.upper + INTEGER_TOLERANCE), model.upper)
    whole = model.integer[column]
    for _ in range(ROUNDS):
        implied_lower, implied_upper = np.full(len(lower), -np.inf), np.full(len(upper), np.inf)
        for sign, side in ((1.0, model.row_upper), (-1.0, -model.row_lower)):
            entry = sign * value
            least = _products(entry, np.where(entry > 0, lower[column], upper[column]))
            others = _others(least, row, -np.inf)
            known = np.flatnonzero(np.isfinite(side[row]) & np.isfinite(others) & (entry != 0))
            limit = (side[row[known]] - others[known]) / entry[known]
            room = INTEGER_TOLERANCE * np.maximum(1.0, np.abs(limit))
            ceiling = np.where(whole[known], np.floor(limit + room), limit) + 0.0
            floor = np.where(whole[known], np.ceil(limit - room), limit) + 0.0
            up = entry[known] > 0
            np.minimum.at(implied_upper, column[known[up]], ceiling[up])
            np.maximum.at(implied_lower, column[known[~up]], floor[~up])
        better = _gains(upper, implied_upper) | _gains(-lower, -implied_lower)
        upper, lower = np.minimum(upper, implied_upper), np.maximum(lower, implied_lower)
        if not better.any() or contradict(lower, upper):
            break
    return lower, upper


def contradict(lower: Floats, upper: Floats) -> bool:
    """Say whether a lower bound passes an upper one by more than a solver would forgive: then there is no point."""
    room = INTEGER_TOLERANCE * np.maximum(1.0, np.minimum(np.abs(lower), np.abs(upper)))
    return bool(np.any(lower > upper + np.where(np.isfinite(room), room, 0.0)))


def switches(model: Bounded, lower: Floats, upper: Floats) -> Switches:
    """Find the switches of a model.

    Parameters
    ----------
    model
        Compiled model.
    lower, upper
        Bounds of its columns, such as those of `propagate`.
    """
    matrix = model.matrix
    row, column, value = _row_of(matrix), matrix.indices, matrix.data
    one_sided = np.isfinite(model.row_upper) != np.isfinite(model.row_lower)
    binary = model.integer & (lower == 0) & (upper == 1)
    sign = np.where(np.isfinite(model.row_upper), 1.0, -1.0)
    side = np.where(np.isfinite(model.row_upper), model.row_upper, -model.row_lower)
    entry = sign[row] * value
    most = _products(entry, np.where(entry > 0, upper[column], lower[column]))
    reach = _others(most, row, np.inf)
    needed = reach - np.where(entry < 0, side[row], side[row] - entry)
    found = np.flatnonzero(one_sided[row] & binary[column] & (entry != 0) & (needed <= np.abs(entry) * (1 + 1e-9)))
    unbounded = np.flatnonzero(one_sided[row] & binary[column] & np.isposinf(needed) & (entry < 0))
    found = np.union1d(found, unbounded)
    return Switches(found, row[found], np.maximum(needed[found], 0.0), smallest_others(matrix)[found])


def smallest_others(matrix: csr_array) -> Floats:
    """Return, for every entry, the smallest absolute coefficient of the other entries of its row; infinite if none."""
    size = np.where(matrix.data != 0, np.abs(matrix.data), np.inf)
    row = _row_of(matrix)
    order = np.lexsort((size, row))
    start = matrix.indptr[:-1]
    filled = np.diff(matrix.indptr)
    padded = np.append(size[order], [np.inf, np.inf])
    first = np.where(filled > 0, padded[np.minimum(start, len(size))], np.inf)
    second = np.where(filled > 1, padded[np.minimum(start + 1, len(size))], np.inf)
    rank = np.empty(len(size), dtype=np.intp)
    rank[order] = np.arange(len(size))
    return np.where(rank == start[row], second[row], first[row])


def _without_large_bounds(model: Compiled) -> Compiled:
    """Drop the large bounds of whole numbers where there is no point even so: a solver can be asked that safely."""
    lower = np.where(model.integer & (np.abs(model.lower) > LARGEST_INTEGER_BOUND), -np.inf, model.lower)
    upper = np.where(model.integer & (np.abs(model.upper) > LARGEST_INTEGER_BOUND), np.inf, model.upper)
    relaxed = replace(model, lower=lower, upper=upper)
    return relaxed if contradict(*propagate(relaxed)) else model


def _tighten_switches(model: Compiled, lower: Floats, upper: Floats) -> Compiled:
    """Give loose switches the coefficient that they need; those that raise a limit one a row and round.

    With a switch at 0 or 1 the new row allows nothing that the old one did not, so it gets these bounds: the old row
    may have been all that kept it there.
    """
    for _ in range(ROUNDS):
        found = switches(model, lower, upper)
        data = model.matrix.data
        size = np.abs(data[found.entry])
        loose = np.isfinite(found.needed) & (found.needed < size * (1 - 1e-9)) & (size > LOOSE * found.unit)
        if not loose.any():
            return model
        at_most = np.where(np.isfinite(model.row_upper), 1.0, -1.0)[found.row]
        lowers = loose & (at_most * data[found.entry] < 0)
        raises = loose & (at_most * data[found.entry] > 0) & ~np.isin(found.row, found.row[lowers])
        raises &= _first_of_row(found.row, raises)
        changed = data.copy()
        chosen = lowers | raises
        changed[found.entry[chosen]] = (np.sign(data[found.entry]) * found.needed)[chosen]
        cut = np.zeros(len(model.row_upper))
        cut[found.row[raises]] = (at_most * (size - found.needed))[raises]
        switched = _marked(model.matrix.indices[found.entry[chosen]], len(lower))
        model = replace(
            model,
            matrix=csr_array((changed, model.matrix.indices, model.matrix.indptr), shape=model.matrix.shape),
            row_lower=model.row_lower - cut,
            row_upper=model.row_upper - cut,
            lower=np.where(switched, 0.0, model.lower),
            upper=np.where(switched, 1.0, model.upper),
        )
    return model


def _marked(positions: Positions, count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, dtype=bool)
    marked[positions] = True
    return marked


def _first_of_row(row: Positions, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    positions = np.flatnonzero(wanted)
    return _marked(positions[np.unique(row[positions], return_index=True)[1]], len(row))


def _open(model: Compiled) -> NDArray[np.bool_]:
    """Say which whole numbers have a bound that is missing or larger than a solver can be trusted with."""
    return model.integer & ~((np.abs(model.lower) <= LARGEST_INTEGER_BOUND) & (model.upper <= LARGEST_INTEGER_BOUND))


def _large_entries(model: Compiled) -> NDArray[np.bool_]:
    matrix = model.matrix
    large: NDArray[np.bool_] = model.integer[matrix.indices] & (np.abs(matrix.data) > LOOSE * smallest_others(matrix))
    return large


def _gains(before: Floats, after: Floats) -> NDArray[np.bool_]:
    """Say where a new upper bound is better by more than rounding or a slow sequence of small steps."""
    step = np.where(np.isfinite(before), 1e-3 * np.maximum(1.0, np.abs(before)), 0.0)
    gains: NDArray[np.bool_] = after < before - step
    return gains


def _row_of(matrix: csr_array) -> Positions:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _products(entry: Floats, bound: Floats) -> Floats:
    return np.multiply(entry, bound, out=np.zeros_like(entry), where=entry != 0)


def _others(products: Floats, row: Positions, endless: float) -> Floats:
    """Return for every entry the sum of the products of its row's other entries; `endless` where one has no end."""
    far = np.abs(products) > FAR
    near = np.where(far, 0.0, products)
    total = np.bincount(row, near)[row] - near
    return np.where(np.bincount(row, far)[row] - far > 0, endless, total)
