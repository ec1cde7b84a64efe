"""The fast path: Pyomo variables and rows made from numpy index arrays.

A `Rows` component is an ordinary Pyomo constraint to whoever prints it, writes it to a file, deactivates one of
its rows or reads its expressions; those expressions are made from the arrays when somebody asks, and the compiler
(`solve.compiled`) takes the arrays themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from typing import Any
from weakref import ref

import numpy as np
import pyomo.environ as pyo
from numpy.typing import ArrayLike, NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.constraint import ConstraintData, IndexedConstraint
from pyomo.core.base.var import IndexedVar, VarData
from pyomo.core.expr import LinearExpression, inequality

Keys = Sequence[Any]
Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Entries:
    """Coefficients of one family of variables in a family of rows.

    Entry ``e`` puts ``coefficients[e]`` times the variable at position ``columns[e]`` into row ``rows[e]``; entries
    that meet add up.

    Parameters
    ----------
    variable
        An indexed Pyomo variable.
    rows, columns
        Positions in the rows' keys and in the variable's keys, shape (n,).
    coefficients
        Shape (n,), or one number for all.
    """

    variable: Any
    rows: ArrayLike
    columns: ArrayLike
    coefficients: ArrayLike = 1.0

    def arrays(self) -> tuple[Positions, Positions, Floats]:
        """Return rows, columns and coefficients as arrays of one length."""
        columns = np.asarray(self.columns, dtype=np.intp)
        rows = np.broadcast_to(np.asarray(self.rows, dtype=np.intp), columns.shape)
        return rows, columns, np.broadcast_to(np.asarray(self.coefficients, dtype=np.float64), columns.shape)


@dataclass(frozen=True)
class Affine:
    """A linear quantity: the entries, all in row 0, plus a constant."""

    entries: tuple[Entries, ...] = ()
    constant: float = 0.0

    def expression(self) -> Any:
        """Return it as a Pyomo expression."""
        variables: list[Any] = []
        coefficients: list[float] = []
        for entries in self.entries:
            _, columns, values = entries.arrays()
            data = members(entries.variable)
            variables += [data[column] for column in columns.tolist()]
            coefficients += values.tolist()
        with PauseGC():
            return LinearExpression(constant=self.constant, linear_coefs=coefficients, linear_vars=variables)


@dataclass(frozen=True)
class Reading:
    """How people put the sides of a family of rows: ``constant + side / divisor``.

    Parameters
    ----------
    constant
        What the rule counts and no variable of the row does, shape (rows,) or one number for all.
    divisor
        What the rule was multiplied by to be linear; none where it was linear.
    """

    constant: ArrayLike = 0.0
    divisor: Affine | None = None


def total(variable: Any, coefficients: ArrayLike = 1.0, columns: ArrayLike | None = None) -> Entries:
    """Return the entries of a weighted sum of a family of variables (all of them unless `columns` says which)."""
    return Entries(variable, 0, np.arange(len(variable)) if columns is None else columns, coefficients)


def by_group(group_of: Positions, groups: int) -> list[Positions]:
    """Return the positions that belong to each group, in order."""
    order = np.argsort(group_of, kind="stable")
    return np.split(order, np.searchsorted(group_of[order], np.arange(1, groups)))[:groups]


def variables(
    block: Any, name: str, keys: Keys, *, lower: ArrayLike = 0.0, upper: ArrayLike = np.inf, integer: bool = False
) -> Any:
    """Add a family of variables to `block` and return it.

    Parameters
    ----------
    block
        Pyomo block.
    name
        Name of the component.
    keys
        Distinct keys, in the order of the positions that `Entries` use.
    lower, upper
        Bounds, one number for all or shape (n,); infinite where there is none.
    integer
        Whether they take whole values.
    """
    with PauseGC():
        sides = [np.broadcast_to(np.asarray(side, dtype=np.float64), (len(keys),)) for side in (lower, upper)]
        family = Columns(keys, sides[0], sides[1], pyo.Integers if integer else pyo.Reals)
        block.add_component(name, family)
    return family


def members(family: Any) -> list[Any]:
    """Return the Pyomo data objects of an indexed component, by position (its own iterator is ten times slower)."""
    return list(family._data.values())


def rows(
    block: Any,
    name: str,
    keys: Keys,
    entries: Sequence[Entries],
    *,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
) -> Any:
    """Add a family of rows ``lower <= sum of entries <= upper`` to `block` and return it.

    Parameters
    ----------
    block
        Pyomo block.
    name
        Name of the component.
    keys
        Distinct keys of the rows; a row without entries is kept, as ``lower <= 0 <= upper``.
    entries
        Coefficients, one `Entries` for each family of variables.
    lower, upper
        Sides, one number for all or shape (n,); infinite where there is none.
    """
    with PauseGC():
        family = Rows(list(keys), tuple(entries), np.asarray(lower, np.float64), np.asarray(upper, np.float64))
        block.add_component(name, family)
    return family


def set_values(variable: Any, values: ArrayLike) -> None:
    """Give a family of variables their values, by position."""
    for data, value in zip(members(variable), np.asarray(values, dtype=np.float64).tolist(), strict=True):
        data.set_value(value, skip_validation=True)


def values(variable: Any) -> Floats:
    """Return the values of a family of variables, by position."""
    return np.array([data.value for data in members(variable)], dtype=np.float64)


class Columns(IndexedVar):  # type: ignore[misc]  # Pyomo ships no types
    """A family of variables made in one go: Pyomo's own index set and rules would cost more than all the rest.

    It is indexed like any other (``model.moves["a", "b", "midwife"]``); a key that it was not made with is refused.

    Attributes
    ----------
    together
        Label of each variable, shape (n,): a search of a large problem decides those of one label together; empty
        for a variable without one. None unless somebody says so.
    """

    _constructed: bool
    _data: dict[Any, VarData]

    def __init__(self, keys: Keys, lower: Floats, upper: Floats, domain: Any) -> None:
        super().__init__(pyo.Any, domain=domain, dense=False)
        self.together: NDArray[np.str_] | None = None
        self._given = (keys, lower, upper, domain)

    def construct(self, data: Any = None) -> None:
        """Make the variables' data objects; called by Pyomo when the component joins a block."""
        if self._constructed:
            return
        self._constructed = True
        (keys, lower, upper, domain), self._given = self._given, ((), np.empty(0), np.empty(0), None)
        family, new, made = ref(self), VarData.__new__, self._data
        for key, low, high in zip(keys, lower.tolist(), upper.tolist(), strict=True):
            made[key] = one = new(VarData)  # what VarData.__init__ does, without the call: twice as fast
            one._component = family
            one._index = key
            one._value = None
            one._lb = None if low == -inf else low
            one._ub = None if high == inf else high
            one._domain = domain
            one._fixed = False
            one._stale = 0

    def _getitem_when_not_present(self, index: Any) -> Any:
        raise KeyError(index)


class RowData(ConstraintData):  # type: ignore[misc]  # Pyomo ships no types
    """One row; its expression is made from the family's arrays each time, unless somebody has given it another."""

    __slots__ = ()
    _component: Any
    _index: Any

    def __init__(self, family: "ref[Rows]", key: Any) -> None:
        self._component = family
        self._active = True  # type: ignore[misc]  # a slot of the base, which Pyomo does not type
        self._index = key

    @property
    def _expr(self) -> Any:
        family = self._component()
        return family.rewritten[self._index] if self._index in family.rewritten else family.relation(self._index)

    @_expr.setter
    def _expr(self, expression: Any) -> None:
        self._component().rewritten[self._index] = expression


class Rows(IndexedConstraint):  # type: ignore[misc]  # Pyomo ships no types
    """A family of rows held as arrays: rows, columns and coefficients by variable, and two sides.

    Attributes
    ----------
    variables
        The families of variables that it names.
    owner, row, column, coefficient
        One triplet and the position of its variable in `variables`, sorted by row; shape (n,).
    lower, upper
        Sides, shape (number of rows,).
    rewritten
        Expressions that somebody has given to rows instead of their arrays, by key.
    reading
        How people put the sides.
    redundant
        Whether the rows only tighten the relaxation: a search may do without those that it does not need. False unless
        somebody says so.
    """

    _ComponentDataClass = RowData
    _constructed: bool

    def __init__(self, keys: list[Any], entries: tuple[Entries, ...], lower: Floats, upper: Floats) -> None:
        super().__init__(pyo.Any)
        arrays = [entry.arrays() for entry in entries]
        row = np.concatenate([rows for rows, _, _ in arrays]) if arrays else np.empty(0, np.intp)
        order = np.argsort(row, kind="stable")
        self.variables = tuple(entry.variable for entry in entries)
        self.row = row[order]
        self.owner = np.repeat(np.arange(len(arrays)), [len(rows) for rows, _, _ in arrays])[order]
        self.column = np.concatenate([columns for _, columns, _ in arrays] or [np.empty(0, np.intp)])[order]
        self.coefficient = np.concatenate([values for _, _, values in arrays] or [np.empty(0)])[order]
        self.lower = np.broadcast_to(lower, (len(keys),))
        self.upper = np.broadcast_to(upper, (len(keys),))
        self.rewritten: dict[Any, Any] = {}
        self.reading = Reading()
        self.redundant = False
        self._keys = keys
        self._position: dict[Any, int] = {}
        self._variable_data: list[list[Any]] = []

    def construct(self, data: Any = None) -> None:
        """Make the rows' data objects; called by Pyomo when the component joins a block."""
        if not self._constructed:
            self._constructed = True
            family = ref(self)
            self._data = {key: RowData(family, key) for key in self._keys}

    def as_built(self) -> NDArray[np.bool_]:
        """Say which rows are active and still what their arrays say."""
        data = members(self)
        active = np.array(list(map(attrgetter("_active"), data)), dtype=bool)
        if self.rewritten:
            active &= np.array([key not in self.rewritten for key in self._data], dtype=bool)
        return active

    def relation(self, key: Any) -> Any:
        """Return the row as a Pyomo relation."""
        if not self._position:
            self._position = {key: position for position, key in enumerate(self._keys)}
            self._variable_data = [members(variable) for variable in self.variables]
        position = self._position[key]
        start, stop = np.searchsorted(self.row, (position, position + 1)).tolist()
        variables = [
            self._variable_data[owner][column]
            for owner, column in zip(self.owner[start:stop].tolist(), self.column[start:stop].tolist(), strict=True)
        ]
        body = LinearExpression(linear_coefs=self.coefficient[start:stop].tolist(), linear_vars=variables)
        lower, upper = float(self.lower[position]), float(self.upper[position])
        if lower == upper:
            return body == upper
        return inequality(lower if np.isfinite(lower) else None, body, upper if np.isfinite(upper) else None)
