"""Numbers first: what HiGHS would swallow silently, hang on or misread is refused here, by row and column name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.errors import SolverError
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.tighten import INTEGER_TOLERANCE, LARGEST_INTEGER_BOUND, contradict, propagate, switches, tighten
from gst_opt.text import Message

SMALLEST_COEFFICIENT, LARGEST_COEFFICIENT = 1e-6, 1e6
"""Outside this range a whole-number column at 1e-6 of a unit, which HiGHS accepts as zero, moves other columns."""

LARGEST_COST = 1e14
"""HiGHS takes a cost of 1e20 for infinite, and no row with a coefficient of 1e15, such as one that keeps a goal."""

LARGEST_TRICKLE = 0.1
"""Share of the smallest unit of a row that a 0/1 column may let through when HiGHS takes a millionth for zero."""


def prepared(model: Compiled) -> Compiled:
    """Return a model with the same whole-number points, its bounds and big-Ms derived from the rows where that helps.

    Raises
    ------
    SolverError
        Naming the first row, column or term with a cost, coefficient, constant, bound or side that is not a number, or
        that no value is within.
    """
    _check_finite(model)
    return tighten(model)


def check_numbers(model: Compiled, goals: Sequence[Goal] = ()) -> None:
    """Refuse numbers that a solver cannot be trusted with.

    Parameters
    ----------
    model
        A model, best after `prepared`.
    goals
        What will be minimised, in order.

    Raises
    ------
    SolverError
        Naming the first row, column or term with a cost, coefficient, constant, bound or side that is not a number, or
        that no value is within, a whole number with a finite bound beyond 1e6, a 0/1 column that lets too much
        through, a coefficient outside [1e-6, 1e6], a goal that pays 1e14 or more for one unit, or one that pays for a
        column without end. Coefficients do not matter where the rows contradict one
        another: then that is what there is to say.
    """
    _check_finite(model)
    _check_bounds(model)
    _check_switches(model)
    _check_coefficients(model)
    _check_costs(model, goals)


def coefficient_range(model: Compiled, kept: Sequence[Goal] = ()) -> tuple[float, float] | None:
    """Return the smallest and the largest coefficient in absolute value; None without coefficients.

    Parameters
    ----------
    model
        A model.
    kept
        Goals that rows will keep where they were reached.
    """
    size = np.abs(np.concatenate([model.matrix.data, *(model.costs(goal) for goal in kept)]))
    size = size[size > 0]
    return (float(size.min()), float(size.max())) if len(size) else None


def _check_finite(model: Compiled) -> None:
    _refuse_entries(model, ~np.isfinite(model.matrix.data), "solve.coefficient_not_finite")
    for name, term in model.terms.items():
        _refuse_columns(model, ~np.isfinite(term.costs), Message("solve.cost_not_finite", {"term": name}))
        _check_constant(name, term.constant)
    columns, rows = (model.lower, model.upper), (model.row_lower, model.row_upper)
    for side in columns:
        _refuse_columns(model, np.isnan(side), Message("solve.bound_not_a_number"))
    for side in rows:
        _refuse_rows(model, np.isnan(side), "solve.side_not_a_number")
    _refuse_columns(model, _without_values(*columns), Message("solve.bounds_without_values"))
    _refuse_rows(model, _without_values(*rows), "solve.sides_without_values")


def _without_values(lower: Floats, upper: Floats) -> NDArray[np.bool_]:
    """Say where no finite value is above the lower and below the upper side."""
    return np.isposinf(lower) | np.isneginf(upper)


def _check_constant(term: str, constant: float) -> None:
    if not np.isfinite(constant):
        raise SolverError(Message("solve.constant_not_finite", {"term": term, "value": f"{constant:g}"}))


def _check_bounds(model: Compiled) -> None:
    for side in (model.lower, model.upper):
        too_large = model.integer & np.isfinite(side) & (np.abs(side) > LARGEST_INTEGER_BOUND)
        if too_large.any():
            value = f"{side[too_large][0]:g}"
            _refuse_columns(model, too_large, Message("solve.integer_bound_too_large", {"value": value}))


def _check_coefficients(model: Compiled) -> None:
    size = np.abs(model.matrix.data)
    outside = (size > LARGEST_COEFFICIENT) | ((size < SMALLEST_COEFFICIENT) & (size != 0))
    if outside.any() and not contradict(*propagate(model)):
        _refuse_entries(model, outside, "solve.coefficient_out_of_range")


def _check_switches(model: Compiled) -> None:
    """Refuse 0/1 columns whose millionth moves more than a tenth of the smallest unit of a row."""
    size = np.abs(model.matrix.data)
    if not np.any(model.integer[model.matrix.indices] & (size > _largest_switch(1.0) * size.min(initial=np.inf))):
        return
    lower, upper = propagate(model)
    if contradict(lower, upper):
        return
    found = switches(model, lower, upper)
    wrong = np.flatnonzero(size[found.entry] > _largest_switch(found.unit))
    if len(wrong):
        entry, row = int(found.entry[wrong[0]]), int(found.row[wrong[0]])
        values = {
            "row": model.row_name(row),
            "column": model.column_name(int(model.matrix.indices[entry])),
            "value": f"{size[entry]:g}",
            "moved": f"{INTEGER_TOLERANCE * size[entry]:g}",
            "unit": f"{found.unit[wrong[0]]:g}",
            "largest": f"{_largest_switch(found.unit[wrong[0]]):g}",
        }
        raise SolverError(Message("solve.switch_too_large", values))


def _largest_switch(unit: Floats | float) -> Floats | float:
    return LARGEST_TRICKLE * unit / INTEGER_TOLERANCE


def _check_costs(model: Compiled, goals: Sequence[Goal]) -> None:
    """Refuse columns that cost too much, or that a goal pushes towards an infinite bound with nothing in the way.

    What may be in the way is a row, or an earlier goal.
    """
    matrix, columns = model.matrix, len(model.lower)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    above, below = np.isfinite(model.row_upper)[row], np.isfinite(model.row_lower)[row]
    rises, falls = matrix.data > 0, matrix.data < 0
    held_up = np.isfinite(model.upper) | _any(matrix.indices, (rises & above) | (falls & below), columns)
    held_down = np.isfinite(model.lower) | _any(matrix.indices, (falls & above) | (rises & below), columns)
    for goal in goals:
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large for a number is too large
            costs = model.costs(goal)
        for weight in goal.weights:
            _check_constant(weight.term, weight.weight * model.terms[weight.term].constant)
        too_large = ~(np.abs(costs) < LARGEST_COST)
        if too_large.any():
            values = {"goal": goal.name, "value": f"{costs[too_large][0]:g}"}
            _refuse_columns(model, too_large, Message("solve.cost_too_large", values))
        endless = ((costs < 0) & ~held_up) | ((costs > 0) & ~held_down)
        _refuse_columns(model, endless, Message("solve.endless", {"goal": goal.name}))
        held_up, held_down = held_up | (costs > 0), held_down | (costs < 0)


def _any(columns: NDArray[np.int32], wanted: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Say for each column whether one of its entries is wanted."""
    found = np.zeros(count, dtype=bool)
    found[columns[wanted]] = True
    return found


def _refuse_entries(model: Compiled, wrong: NDArray[np.bool_], key: str) -> None:
    if wrong.any():
        entry = int(np.flatnonzero(wrong)[0])
        row = int(np.searchsorted(model.matrix.indptr, entry, side="right")) - 1
        column = model.column_name(int(model.matrix.indices[entry]))
        values = {"row": model.row_name(row), "column": column, "value": f"{model.matrix.data[entry]:g}"}
        raise SolverError(Message(key, values))


def _refuse_rows(model: Compiled, wrong: NDArray[np.bool_], key: str) -> None:
    if wrong.any():
        raise SolverError(Message(key, {"row": model.row_name(int(np.flatnonzero(wrong)[0]))}))


def _refuse_columns(model: Compiled, wrong: NDArray[np.bool_], why: Message) -> None:
    if wrong.any():
        column = model.column_name(int(np.flatnonzero(wrong)[0]))
        raise SolverError(Message("solve.column", {"column": column, "why": why}))
