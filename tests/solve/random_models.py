"""Random small whole-number models with two ordered goals, and their value by enumeration."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.frozen import Frozen
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import minimise
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check, Plan, Problem, Violation


class Numbers(Plan):
    """The values of the columns."""

    x: tuple[int, ...]


class RandomProblem(Frozen, Problem[Numbers]):
    """Columns 0 <= x <= upper, rows low <= A x <= high, two cost vectors."""

    upper: tuple[int, ...]
    matrix: tuple[tuple[int, ...], ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]


def draw(seed: int) -> RandomProblem:
    """Draw a model; about a quarter have no point at all."""
    rng = np.random.default_rng(seed)
    columns, rows = int(rng.integers(1, 7)), int(rng.integers(0, 6))
    matrix = rng.integers(-3, 4, (rows, columns)) * (rng.random((rows, columns)) < 0.6)
    middle = matrix @ rng.integers(0, 3, columns) if rows else np.empty(0)
    low, high = middle - rng.integers(0, 4, rows), middle + rng.integers(0, 4, rows)
    if rows and rng.random() < 0.25:
        low[0], high[0] = 40, 41
    return RandomProblem(
        upper=tuple(rng.integers(0, 3, columns).tolist()),
        matrix=tuple(tuple(row) for row in matrix.tolist()),
        low=tuple(low.astype(int).tolist()),
        high=tuple(high.astype(int).tolist()),
        first=tuple(rng.integers(-4, 5, columns).tolist()),
        second=tuple(rng.integers(-4, 5, columns).tolist()),
    )


def best(problem: RandomProblem) -> tuple[int, int] | None:
    """Return the best (first, second) by enumeration; None when there is no point."""
    values = [
        (int(np.dot(problem.first, x)), int(np.dot(problem.second, x)))
        for x in itertools.product(*(range(limit + 1) for limit in problem.upper))
        if not broken(problem, x)
    ]
    return min(values, default=None)


def broken(problem: RandomProblem, x: tuple[int, ...]) -> list[int]:
    """Return the rows that a point breaks."""
    activity = [int(np.dot(row, x)) for row in problem.matrix]
    return [
        number
        for number, (low, value, high) in enumerate(zip(problem.low, activity, problem.high, strict=True))
        if not low <= value <= high
    ]


def check(problem: RandomProblem, plan: Numbers) -> Check:
    """Recompute rows and costs."""
    terms = {"first": float(np.dot(problem.first, plan.x)), "second": float(np.dot(problem.second, plan.x))}
    wrong = tuple(Violation("rows", (str(row),), 0, 0) for row in broken(problem, plan.x))
    return Check(wrong, terms, {"first": 0.0, "second": 0.0})


def _variables(block: Any, problem: RandomProblem) -> None:
    upper: NDArray[np.float64] = np.array(problem.upper, dtype=float)
    linear.variables(block, "x", range(len(upper)), upper=upper, integer=True)


def _rows(block: Any, problem: RandomProblem) -> None:
    matrix = np.array(problem.matrix, dtype=float).reshape(len(problem.low), len(problem.upper))
    row, column = np.nonzero(matrix)
    entries = [Entries(block.x, row, column, matrix[row, column])]
    keys = range(len(problem.low))
    linear.rows(block, "rows", keys, entries, lower=np.array(problem.low, float), upper=np.array(problem.high, float))


def _write(block: Any, problem: RandomProblem, plan: Numbers | None) -> None:
    linear.set_values(block.x, np.zeros(len(problem.upper)) if plan is None else plan.x)


@dataclass(frozen=True)
class _Read:
    def __call__(self, block: Any, problem: RandomProblem) -> Numbers:
        return Numbers(x=tuple(int(value) for value in linear.values(block.x)))


FORMULATION: Formulation[RandomProblem, Numbers] = Formulation(
    variables=_variables,
    constraints=(_rows,),
    terms=lambda block, problem: {
        "first": Term(Affine((total(block.x, problem.first),)), "MAD"),
        "second": Term(Affine((total(block.x, problem.second),)), "MAD"),
    },
    goals=lambda problem: minimise("first", "second"),
    ports=lambda block, problem: {},
    write=_write,
    read=_Read(),
)
