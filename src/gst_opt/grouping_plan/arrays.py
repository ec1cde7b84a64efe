"""A grouping's model as arrays: which columns are whose, parts with columns held, rows that may be priced."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from gst_opt.grouping_plan.relaxation import tightened
from gst_opt.grouping_plan.tender import choices
from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, whole
from gst_opt.solve.standard import holds

Bools = NDArray[np.bool_]
OWN = "ties"
"""Who owns the columns that no part has."""

PRICED = ("activity", "year_budget")
"""Rows that are priced in a search for plans: acts that use supplies, and money."""

APART = ("staff_tie", "floor_space", "remote_need", "transfer", "step_order")
"""Rows that are priced too for a bound: without them, platforms fall apart by type and ward."""

MONEY = "year_budget"


@dataclass(frozen=True)
class Tied:
    """A compiled grouping with one goal.

    Attributes
    ----------
    model
        The model.
    costs
        Costs of the goal, shape (columns,).
    owner
        Name of the part that each column is of, shape (columns,).
    priced, money
        Positions of the rows that are priced in a search, and of those of them that are money.
    apart
        Positions of all rows that are priced for a bound.
    choices
        Positions of the whole numbers that tie lots of the tender, of each set of which one at most is 1.
    """

    model: Compiled
    costs: Floats
    owner: NDArray[np.str_]
    priced: Positions
    money: Positions
    apart: Positions
    choices: list[Positions]

    @classmethod
    def of(cls, compiled: Compiled, costs: Floats) -> "Tied":
        """Return a compiled model with the costs of its goal."""
        owner = np.full(len(costs), OWN, dtype="<U16")
        for start, family in compiled.families:
            part, dot, _ = str(family.name).partition(".")
            if dot:
                owner[start : start + len(family)] = part
        priced, money, apart = (_rows(compiled, names) for names in (PRICED, (MONEY,), (*PRICED, *APART)))
        return cls(compiled, costs, owner, priced, money, apart, choices(compiled))

    @cached_property
    def part(self) -> Part:
        """The whole model as one part."""
        return whole(self.model)

    @cached_property
    def acts(self) -> Positions:
        """Columns of acts that use supplies: of no part, tied at a price and by supplies."""
        matrix = csc_array(self.model.matrix)
        entries, priced = np.diff(matrix.indptr), np.diff(csc_array(matrix[self.priced]).indptr)
        return np.flatnonzero((self.owner == OWN) & ~self.model.integer & (priced > 0) & (entries > priced))

    def within(self, lower: Floats, upper: Floats) -> "Tied":
        """Return the model with other bounds of columns, its switches tightened; rows that may be priced stay."""
        return replace(self, model=tightened(replace(self.model, lower=lower, upper=upper), self.apart))

    def owned(self, names: Collection[str]) -> Bools:
        """Say which columns are of some parts."""
        return np.isin(self.owner, list(names))

    def value(self, x: Floats) -> float:
        """Return what a point costs."""
        return float(self.costs @ x)

    def allows(self, x: Floats) -> bool:
        """Say whether the model allows a point."""
        return holds(self.part, x)


def _rows(compiled: Compiled, names: Collection[str]) -> Positions:
    """Return the positions of some families of rows."""
    found = [
        np.arange(start, start + len(data))
        for start, data in compiled.row_data
        if data and data[0].parent_component().local_name in names
    ]
    return np.concatenate([*found, np.empty(0, dtype=np.intp)])


def held(part: Part, free: Bools, x: Floats) -> Part:
    """Return the part without the columns that are not free, which keep their value.

    Rows that only held columns enter are left out, kept or not.
    """
    columns = np.flatnonzero(free)
    mine = part.matrix[:, columns]
    rows = np.flatnonzero(np.diff(csr_array(mine).indptr))
    given = (part.matrix @ np.where(free, 0.0, x))[rows]
    return replace(
        part,
        columns=part.columns[columns],
        rows=part.rows[rows],
        matrix=csr_array(csr_array(mine)[rows]),
        row_lower=part.row_lower[rows] - given,
        row_upper=part.row_upper[rows] - given,
        lower=part.lower[columns],
        upper=part.upper[columns],
        integer=part.integer[columns],
        costs={},
        redundant=None if part.redundant is None else part.redundant[rows],
        together=None if part.together is None else part.together[columns],
    )


def fixed(part: Part, columns: Bools, x: Floats) -> Part:
    """Return the part with some columns fixed at their value."""
    return replace(part, lower=np.where(columns, x, part.lower), upper=np.where(columns, x, part.upper))
