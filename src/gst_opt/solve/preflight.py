"""Numbers first: what HiGHS would swallow silently or hang on is refused here, by row and column name."""

import numpy as np

from gst_opt.core.errors import SolverError
from gst_opt.solve.compiled import Compiled
from gst_opt.text import Message

LARGEST_INTEGER_BOUND = 1e6
"""HiGHS 1.15 can hang beyond its time limit on larger finite bounds of whole-number columns."""

SMALLEST_COEFFICIENT, LARGEST_COEFFICIENT = 1e-6, 1e6
"""Outside this range a whole-number column at 1e-6 of a unit, which HiGHS accepts as zero, moves other columns."""


def check_numbers(model: Compiled) -> None:
    """Refuse numbers that a solver cannot be trusted with.

    Raises
    ------
    SolverError
        Naming the first row or column with a NaN or infinite cost or coefficient, a bound that is NaN, a
        whole-number column with a finite bound beyond 1e6, or a coefficient outside [1e-6, 1e6].
    """
    coefficients = model.matrix.data
    for wrong, key in (
        (~np.isfinite(coefficients), "solve.coefficient_not_finite"),
        (
            (np.abs(coefficients) > LARGEST_COEFFICIENT)
            | ((np.abs(coefficients) < SMALLEST_COEFFICIENT) & (coefficients != 0)),
            "solve.coefficient_out_of_range",
        ),
    ):
        if wrong.any():
            entry = int(np.flatnonzero(wrong)[0])
            row = int(np.searchsorted(model.matrix.indptr, entry, side="right")) - 1
            column = model.column_name(int(model.matrix.indices[entry]))
            values = {"row": model.row_name(row), "column": column, "value": f"{coefficients[entry]:g}"}
            raise SolverError(Message(key, values))
    for name, term in model.terms.items():
        _refuse_columns(model, ~np.isfinite(term.costs), Message("solve.cost_not_finite", {"term": name}))
    for side in (model.lower, model.upper):
        _refuse_columns(model, np.isnan(side), Message("solve.bound_not_a_number"))
        too_large = model.integer & np.isfinite(side) & (np.abs(side) > LARGEST_INTEGER_BOUND)
        _refuse_columns(model, too_large, Message("solve.integer_bound_too_large"))
    for side in (model.row_lower, model.row_upper):
        if np.isnan(side).any():
            row_name = model.row_name(int(np.flatnonzero(np.isnan(side))[0]))
            raise SolverError(Message("solve.side_not_a_number", {"row": row_name}))


def _refuse_columns(model: Compiled, wrong: np.ndarray[tuple[int], np.dtype[np.bool_]], why: Message) -> None:
    if wrong.any():
        column = model.column_name(int(np.flatnonzero(wrong)[0]))
        raise SolverError(Message("solve.column", {"column": column, "why": why}))
