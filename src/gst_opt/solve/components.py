"""Split a model into independent parts; merging their answers is adding them up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.compiled import Compiled

SMALL_PART = 400
"""Parts with fewer columns are solved together: a run costs some milliseconds whatever its size."""


@dataclass(frozen=True)
class Part:
    """Some columns of a model and the rows that hold only them.

    Attributes
    ----------
    columns, rows
        Positions in the whole model, shape (n,) and (m,).
    matrix, row_lower, row_upper, lower, upper, integer
        As in `Compiled`, for these rows and columns.
    costs
        Cost vector of each term.
    redundant
        As in `Compiled`; None: no row is.
    together
        As in `Compiled`; None: no column has a label.
    """

    columns: Positions
    rows: Positions
    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    costs: Mapping[str, Floats]
    redundant: NDArray[np.bool_] | None = None
    together: Positions | None = None

    @property
    def labels(self) -> Positions:
        """Number of the label of each column, -1 without one."""
        return np.full(len(self.lower), -1) if self.together is None else self.together

    def keeping_rows(self, rows: Positions) -> "Part":
        """Return the part with only the rows at these positions of its own."""
        return replace(
            self,
            rows=self.rows[rows],
            matrix=self.matrix[rows],
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            redundant=None if self.redundant is None else self.redundant[rows],
        )

    def dropping_rows(self, rows: Positions) -> "Part":
        """Return the part without the rows at these positions of its own."""
        return self.keeping_rows(np.setdiff1d(np.arange(len(self.rows)), rows))


def costs_of(goal: Goal, part: Part) -> Floats:
    """Return the cost vector of a goal over a part."""
    costs: Floats = np.sum([weight.weight * part.costs[weight.term] for weight in goal.weights], axis=0)
    return costs


def whole(model: Compiled) -> Part:
    """Return the model as one part."""
    return Part(
        columns=np.arange(model.matrix.shape[1]),
        rows=np.arange(model.matrix.shape[0]),
        matrix=model.matrix,
        row_lower=model.row_lower,
        row_upper=model.row_upper,
        lower=model.lower,
        upper=model.upper,
        integer=model.integer,
        redundant=model.redundant,
        together=model.together,
        costs={name: term.costs for name, term in model.terms.items()},
    )


def split(model: Compiled | Part, small: int = SMALL_PART) -> list[Part]:
    """Return the independent parts of a model, the largest first; their positions are those in it.

    Parameters
    ----------
    model
        Compiled model, or a part of one.
    small
        Components with fewer columns than this are put together until they reach it.
    """
    rows, columns = model.matrix.shape
    if columns == 0:
        return []
    given = model if isinstance(model, Part) else whole(model)
    entries = coo_array(given.matrix)
    edges = (np.ones(entries.nnz), (entries.coords[0], entries.coords[1] + rows))
    bipartite = coo_array(edges, shape=(rows + columns, rows + columns))
    _, label = connected_components(bipartite, directed=False)
    row_label, column_label = label[:rows], label[rows:]
    part_of_label = _bundle(np.bincount(column_label, minlength=label.max() + 1), small)
    row_part, column_part = part_of_label[row_label], part_of_label[column_label]
    row_order, column_order = np.argsort(row_part, kind="stable"), np.argsort(column_part, kind="stable")
    count = int(column_part.max()) + 1
    row_ends = np.searchsorted(row_part[row_order], np.arange(count + 1))
    column_ends = np.searchsorted(column_part[column_order], np.arange(count + 1))
    parts = []
    for part in range(count):
        own_rows = np.sort(row_order[row_ends[part] : row_ends[part + 1]])
        own_columns = np.sort(column_order[column_ends[part] : column_ends[part + 1]])
        parts.append(_piece(given, own_columns, own_rows))
    return sorted(parts, key=lambda part: (-len(part.columns), int(part.columns[0])))


def _bundle(sizes: Positions, small: int) -> Positions:
    """Give each label a part: its own when it is large, shared with its neighbours when small.

    Labels without a column (rows that no column enters) get the part -1: `empty_rows_hold` looks at those.
    """
    part = np.full(len(sizes), -1, dtype=np.intp)
    large = np.flatnonzero(sizes >= small)
    part[large] = np.arange(len(large))
    little = np.flatnonzero((sizes < small) & (sizes > 0))
    if len(little):
        filled = np.cumsum(sizes[little])
        part[little] = len(large) + (filled - sizes[little]) // max(small, 1)
        _, part[little] = np.unique(part[little], return_inverse=True)
        part[little] += len(large)
    return part


def empty_rows_hold(model: Compiled, tolerance: float = 1e-9) -> bool:
    """Say whether every row that no column enters allows zero."""
    empty = np.diff(model.matrix.indptr) == 0
    return bool(np.all(model.row_lower[empty] <= tolerance) and np.all(model.row_upper[empty] >= -tolerance))


def same_place(model: Compiled, part: Part) -> Part:
    """Return the rows and columns of a part as another model with the same rows and columns has them."""
    return _piece(whole(model), part.columns, part.rows)


def _piece(part: Part, columns: Positions, rows: Positions) -> Part:
    """Return some columns and rows of a part, at their positions in it."""
    return Part(
        columns=columns,
        rows=rows,
        matrix=part.matrix[rows][:, columns],
        row_lower=part.row_lower[rows],
        row_upper=part.row_upper[rows],
        lower=part.lower[columns],
        upper=part.upper[columns],
        integer=part.integer[columns],
        redundant=None if part.redundant is None else part.redundant[rows],
        together=None if part.together is None else part.together[columns],
        costs={name: costs[columns] for name, costs in part.costs.items()},
    )
