"""A Pyomo model as arrays: columns, rows, named terms, and the names of all of them in domain words.

Rows made by `model.linear` are taken as arrays; any other active linear constraint, such as one that a user added,
goes through Pyomo's own linear representation.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.repn import generate_standard_repn
from scipy.sparse import coo_array, csr_array

from gst_opt.core.errors import SolverError
from gst_opt.model.formulation import Term
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Affine, Columns, Floats, Positions, Rows, members
from gst_opt.text import Message


@dataclass(frozen=True)
class CompiledTerm:
    """A named term as a cost vector, its constant and its unit."""

    costs: Floats
    constant: float
    unit: str


@dataclass(frozen=True)
class Compiled:
    """A model as arrays.

    Attributes
    ----------
    matrix
        Rows by columns, CSR, duplicates summed.
    row_lower, row_upper, lower, upper
        Sides of rows and bounds of columns; infinite where there is none.
    integer
        Whether each column takes whole values, shape (columns,).
    redundant
        Whether each row only tightens the relaxation, shape (rows,).
    together
        Number of the label of each column, in the order of the labels, shape (columns,): a search decides those of
        one label together. -1 without a label.
    terms
        Named parts of the objective.
    families
        Position of the first column of each family of variables, and the family.
    row_data
        Position of the first row of each family of rows, and the Pyomo data of its rows.
    """

    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    redundant: NDArray[np.bool_]
    together: Positions
    terms: Mapping[str, CompiledTerm]
    families: tuple[tuple[int, Any], ...]
    row_data: tuple[tuple[int, list[Any]], ...]

    def column_name(self, column: int) -> str:
        """Return the name of a column, such as ``moves[tetouan,chefchaouen,midwife]``."""
        start, family = self.families[bisect_right([first for first, _ in self.families], column) - 1]
        return _name(members(family)[column - start])

    def row_name(self, row: int) -> str:
        """Return the name of a row, such as ``release[tetouan,midwife]``."""
        start, data = self.row_data[bisect_right([first for first, _ in self.row_data], row) - 1]
        return _name(data[row - start])

    def row_unit(self, row: int) -> float:
        """Return what one unit of a row's sides is worth."""
        return 1.0

    def told(self, row: int, side: float, point: Floats) -> float:
        """Return a side that a row has, or would need at a point, as people put its rule."""
        before = bisect_right([first for first, _ in self.row_data], row) - 1
        start, data = self.row_data[before] if before >= 0 else (0, [])
        if row - start >= len(data) or not isinstance(data[row - start].parent_component(), Rows):
            return self.row_unit(row) * side
        family = data[row - start].parent_component()
        constants = np.broadcast_to(np.asarray(family.reading.constant, dtype=np.float64), (len(family),))
        constant, divisor = float(constants[list(family).index(data[row - start].index())]), family.reading.divisor
        if divisor is None:
            return constant + side
        offset = {id(variables): first for first, variables in self.families}
        worth = divisor.constant + float(_costs(divisor, offset, len(point)) @ point)
        return constant + float(side / worth)

    def costs(self, goal: Goal) -> Floats:
        """Return the cost vector of a goal."""
        costs: Floats = np.sum([weight.weight * self.terms[weight.term].costs for weight in goal.weights], axis=0)
        return costs

    def load(self, values: Floats) -> None:
        """Give the model's variables their values."""
        for start, family in self.families:
            for data, value in zip(members(family), values[start : start + len(family)].tolist(), strict=True):
                data.set_value(value, skip_validation=True)

    def stored(self) -> Floats:
        """Return the values that the model's variables hold now; NaN for those without one."""
        return np.array(
            [np.nan if data.value is None else data.value for _, family in self.families for data in members(family)]
        )


def compile_model(model: pyo.ConcreteModel, terms: Mapping[str, Term]) -> Compiled:
    """Turn a Pyomo model into arrays.

    Raises
    ------
    SolverError
        If an active constraint is not linear.
    """
    with PauseGC():
        families: list[tuple[int, Any]] = []
        count = 0
        for family in model.component_objects(pyo.Var):
            families.append((count, family))
            count += len(family)
        offset = {id(family): start for start, family in families}
        lower, upper, integer = _columns(families, count)
        rows = _RowCollector(offset)
        for component in model.component_objects(pyo.Constraint, active=True):
            rows.add(component)
        return Compiled(
            matrix=rows.matrix(count),
            row_lower=np.concatenate(rows.lower or [np.empty(0)]),
            row_upper=np.concatenate(rows.upper or [np.empty(0)]),
            lower=lower,
            upper=upper,
            integer=integer,
            redundant=np.concatenate(rows.redundant or [np.empty(0, dtype=bool)]),
            together=_together(families, count),
            terms={
                name: CompiledTerm(_costs(term.quantity, offset, count), term.quantity.constant, term.unit)
                for name, term in terms.items()
            },
            families=tuple(families),
            row_data=tuple(rows.data),
        )


def _name(data: Any) -> str:
    """Return a name such as ``moves[tetouan,chefchaouen,midwife]``, its key as it is given."""
    key = data.index()
    if key is None:
        return str(data.name)
    return f"{data.parent_component().name}[{','.join(map(str, key if isinstance(key, tuple) else (key,)))}]"


def _columns(families: list[tuple[int, Any]], count: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Read bounds and integrality; a fixed variable becomes a column between equal bounds."""
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    integer = np.zeros(count, dtype=bool)
    for start, family in families:
        data = members(family)
        stop = start + len(data)
        domain_of = list(map(attrgetter("_domain"), data))
        domains = {id(domain): domain for domain in domain_of}
        plain = all(domain in (pyo.Reals, pyo.Integers) for domain in domains.values())
        lower[start:stop] = _bounds(data, "_lb" if plain else "lb", -np.inf)
        upper[start:stop] = _bounds(data, "_ub" if plain else "ub", np.inf)
        whole = {key: bool(domain.get_interval()[2] == 1) for key, domain in domains.items()}
        integer[start:stop] = [whole[key] for key in map(id, domain_of)]
        for position in np.flatnonzero(list(map(attrgetter("_fixed"), data))).tolist():
            lower[start + position] = upper[start + position] = data[position].value
    return lower, upper, integer


def _together(families: list[tuple[int, Any]], count: int) -> Positions:
    """Number the labels of columns that a search decides together."""
    together = np.full(count, -1, dtype=np.intp)
    labelled = [
        (np.arange(start, start + len(family)), family.together)
        for start, family in families
        if isinstance(family, Columns) and family.together is not None
    ]
    if labelled:
        columns, labels = (np.concatenate(pieces) for pieces in zip(*labelled, strict=True))
        said = labels != ""
        together[columns[said]] = np.unique(labels[said], return_inverse=True)[1]
    return together


def _bounds(data: list[Any], side: str, missing: float) -> Floats:
    """Read one side; the stored value (``_lb``, ``_ub``) is enough where the domain has no bound of its own."""
    values = list(map(attrgetter(side), data))
    if not set(map(type, values)) <= {float, int, type(None)}:
        values = list(map(attrgetter(side.strip("_")), data))
    return np.array([missing if value is None else value for value in values], dtype=np.float64)


def _costs(quantity: Affine, offset: Mapping[int, int], count: int) -> Floats:
    costs = np.zeros(count)
    for entries in quantity.entries:
        _, columns, values = entries.arrays()
        np.add.at(costs, offset[id(entries.variable)] + columns, values)
    return costs


class _RowCollector:
    """Gathers triplets and sides, component by component."""

    def __init__(self, offset: Mapping[int, int]) -> None:
        self.offset = offset
        self.count = 0
        self.row: list[Positions] = []
        self.column: list[Positions] = []
        self.coefficient: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.redundant: list[NDArray[np.bool_]] = []
        self.data: list[tuple[int, list[Any]]] = []

    def add(self, component: Any) -> None:
        """Add the active rows of one Pyomo constraint."""
        others = members(component)
        if isinstance(component, Rows):
            wanted = component.as_built()
            self._add_arrays(component, wanted, [others[row] for row in np.flatnonzero(wanted).tolist()])
            others = [others[row] for row in np.flatnonzero(~wanted).tolist()]
        for data in others:
            if data.active:
                self._add_expression(data)

    def _add_arrays(self, component: Rows, wanted: NDArray[np.bool_], data: list[Any]) -> None:
        starts = np.array([self.offset[id(variable)] for variable in component.variables], dtype=np.intp)
        keep = wanted[component.row] if len(component.row) else np.empty(0, dtype=bool)
        renumbered = self.count + np.cumsum(wanted) - 1
        self.row.append(renumbered[component.row[keep]])
        self.column.append(starts[component.owner[keep]] + component.column[keep])
        self.coefficient.append(component.coefficient[keep])
        self._sides(component.lower[wanted], component.upper[wanted], data, redundant=component.redundant)

    def _add_expression(self, data: Any) -> None:
        low, body, high = data.to_bounded_expression(evaluate_bounds=True)
        linear = generate_standard_repn(body, compute_values=True)
        if not linear.is_linear():
            raise SolverError(Message("solve.not_linear", {"row": data.name}))
        positions = [self._position(variable) for variable in linear.linear_vars]
        self.row.append(np.full(len(positions), self.count, dtype=np.intp))
        self.column.append(np.array(positions, dtype=np.intp))
        self.coefficient.append(np.array(linear.linear_coefs, dtype=np.float64))
        low = -np.inf if low is None else low - linear.constant
        high = np.inf if high is None else high - linear.constant
        self._sides(np.array([low]), np.array([high]), [data])

    def _position(self, variable: Any) -> int:
        family = variable.parent_component()
        return self.offset[id(family)] + list(family.keys()).index(variable.index())

    def _sides(self, lower: Floats, upper: Floats, data: list[Any], *, redundant: bool = False) -> None:
        self.data.append((self.count, data))
        self.redundant.append(np.full(len(lower), redundant))
        self.lower.append(lower)
        self.upper.append(upper)
        self.count += len(lower)

    def matrix(self, columns: int) -> csr_array:
        """Return the rows gathered so far as one matrix."""
        if not self.row:
            return csr_array((0, columns))
        triplets = (
            np.concatenate(self.coefficient),
            (np.concatenate(self.row), np.concatenate(self.column)),
        )
        return csr_array(coo_array(triplets, shape=(self.count, columns)))
