"""Random small whole-number models with four terms and any goals, and their best plans by enumeration."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from gst_opt.core.frozen import Frozen
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goal, Goals, TermLimit, TermWeight, WorstFirst
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.model.problem import Check, Plan, Problem, Violation

TERMS = ("north", "south", "east", "west")
NEAR = 1e-6


class Heads(Plan):
    """The values of the columns."""

    x: tuple[int, ...]


class GoalProblem(Frozen, Problem[Heads]):
    """Columns 0 <= x <= upper, rows low <= A x <= high, one cost vector and one constant a term."""

    upper: tuple[int, ...]
    matrix: tuple[tuple[int, ...], ...] = ()
    low: tuple[int, ...] = ()
    high: tuple[int, ...] = ()
    costs: tuple[tuple[float, ...], ...]
    constants: tuple[float, ...]
    goals: Goals

    def values(self, x: Sequence[int]) -> dict[str, float]:
        """Return every term at a point."""
        return {
            name: float(np.dot(costs, x)) + constant
            for name, costs, constant in zip(TERMS, self.costs, self.constants, strict=False)
        }

    def keeps(self, x: Sequence[int]) -> bool:
        """Say whether a point keeps the rows; the limits on terms are left out."""
        rows = zip(self.low, self.matrix, self.high, strict=True)
        return all(low <= int(np.dot(row, x)) <= high for low, row, high in rows)


def draw(seed: int, goals: Goals) -> GoalProblem:
    """Draw a model with the goals; half of them fall into two blocks without a common row."""
    rng = np.random.default_rng(seed)
    columns, rows = int(rng.integers(2, 7)), int(rng.integers(0, 5))
    matrix = rng.integers(-3, 4, (rows, columns)) * (rng.random((rows, columns)) < 0.6)
    if rng.random() < 0.5:
        half = columns // 2
        matrix[: rows // 2, :half] = 0
        matrix[rows // 2 :, half:] = 0
    upper = rng.integers(1, 3, columns)
    middle = matrix @ rng.integers(0, upper + 1)
    low, high = middle - rng.integers(0, 4, rows), middle + rng.integers(0, 4, rows)
    costs = rng.integers(-4, 5, (len(TERMS), columns)) * (rng.random((len(TERMS), columns)) < 0.7)
    return GoalProblem(
        upper=tuple(upper.tolist()),
        matrix=tuple(tuple(row) for row in matrix.tolist()),
        low=tuple(low.astype(int).tolist()),
        high=tuple(high.astype(int).tolist()),
        costs=tuple(tuple(row) for row in costs.astype(float).tolist()),
        constants=tuple(rng.integers(-3, 4, len(TERMS)).astype(float).tolist()),
        goals=goals,
    )


def draw_goal(rng: np.random.Generator, kind: str) -> Goal | WorstFirst:
    """Draw a goal of a kind; weights are halves, or the shares of a need."""
    terms = [str(term) for term in rng.permutation(TERMS)[: int(rng.integers(1, 5))]]
    sign = -1.0 if kind in ("max_min", "leximin") else 1.0
    whole = rng.random() < 0.5
    weights = tuple(
        TermWeight(term=term, weight=sign * (float(rng.integers(1, 7)) / 2 if whole else 1 / float(rng.integers(3, 9))))
        for term in terms
    )
    tolerance = float(rng.integers(0, 3)) if rng.random() < 0.3 else 0.0
    if kind == "weighted":
        return Goal(weights=weights, tolerance=tolerance)
    if kind == "worst_mean":
        worst = int(rng.integers(1, len(terms) + 2))
        return WorstFirst(worst_of=weights, first_round=worst, rounds=worst, label="worst", tolerance=tolerance)
    return WorstFirst(worst_of=weights, rounds=1 if kind in ("min_max", "max_min") else None, tolerance=tolerance)


def draw_goals(seed: int, kind: str) -> Goals:
    """Draw goals whose first is of a kind (``lexicographic`` and ``epsilon`` are sums), others may follow."""
    rng = np.random.default_rng(seed + 10_000)
    first = "weighted" if kind in ("lexicographic", "epsilon") else kind
    more = {"weighted": 0, "lexicographic": 2, "epsilon": 1}.get(kind, int(rng.integers(0, 2)))
    stages = [draw_goal(rng, first), *(draw_goal(rng, "weighted") for _ in range(more))]
    limits = []
    if kind == "epsilon":
        for term in rng.permutation(TERMS)[:2]:
            side = float(rng.integers(-4, 5))
            limits.append(
                TermLimit(term=str(term), at_most=side)
                if rng.random() < 0.6
                else TermLimit(term=str(term), at_least=side)
            )
    return Goals(stages=tuple(stages), limits=tuple(limits))


def steps(goals: Goals, values: dict[str, float]) -> list[float]:
    """Return what each step minimises at a point: a sum, or the sum of the k largest for each round."""
    found: list[float] = []
    for goal in goals.stages:
        weights = goal.weights if isinstance(goal, Goal) else goal.worst_of
        parts = sorted((weight.weight * values[weight.term] for weight in weights), reverse=True)
        if isinstance(goal, Goal):
            found.append(sum(parts))
        else:
            found += [sum(parts[:number]) for number in goal.numbers]
    return found


def tolerances(goals: Goals) -> list[tuple[int, float]]:
    """Return goal and tolerance of each step."""
    found = []
    for position, goal in enumerate(goals.stages):
        found += [(position, goal.tolerance)] * (1 if isinstance(goal, Goal) else len(goal.numbers))
    return found


def points(problem: GoalProblem) -> list[list[float]]:
    """Return the steps of every point that keeps rows and limits."""
    allowed = []
    for x in itertools.product(*(range(limit + 1) for limit in problem.upper)):
        if problem.keeps(x):
            values = problem.values(x)
            sides = [(limit.sides(), values[limit.term]) for limit in problem.goals.limits]
            if all(low - NEAR <= value <= high + NEAR for (low, high), value in sides):
                allowed.append(steps(problem.goals, values))
    return allowed


def best(problem: GoalProblem) -> list[float] | None:
    """Return the least value of each step, given that each earlier one is kept; None when there is no point."""
    left = points(problem)
    if not left:
        return None
    found: list[float] = []
    given = tolerances(problem.goals)
    for step, (position, _) in enumerate(given):
        keeping = [
            point
            for point in left
            if all(
                point[earlier] <= found[earlier] + (tolerance if other != position else 0.0) + NEAR
                for earlier, (other, tolerance) in enumerate(given[:step])
            )
        ]
        found.append(min(point[step] for point in keeping))
    return found


def least(problem: GoalProblem, step: int, kept: Sequence[float]) -> float:
    """Return the least value of a step over the points that keep the first steps at most at some values."""
    return min(p[step] for p in points(problem) if all(p[e] <= side + NEAR for e, side in enumerate(kept)))


def check(problem: GoalProblem, plan: Heads) -> Check:
    """Recompute rows and terms."""
    broken = () if problem.keeps(plan.x) else (Violation("rows", (), 0, 0),)
    return Check(broken, problem.values(plan.x), problem.values([0] * len(plan.x)))


def _variables(block: Any, problem: GoalProblem) -> None:
    upper = np.array(problem.upper, dtype=float)
    linear.variables(block, "x", range(len(upper)), upper=upper, integer=True)


def rows(block: Any, problem: GoalProblem) -> None:
    matrix = np.array(problem.matrix, dtype=float).reshape(len(problem.low), len(problem.upper))
    row, column = np.nonzero(matrix)
    entries = [Entries(block.x, row, column, matrix[row, column])]
    keys = range(len(problem.low))
    linear.rows(block, "rows", keys, entries, lower=np.array(problem.low, float), upper=np.array(problem.high, float))


def _terms(block: Any, problem: GoalProblem) -> dict[str, Term]:
    quantities = zip(TERMS, problem.costs, problem.constants, strict=False)
    return {name: Term(Affine((total(block.x, costs),), constant), "heads") for name, costs, constant in quantities}


def _write(block: Any, problem: GoalProblem, plan: Heads | None) -> None:
    linear.set_values(block.x, np.zeros(len(problem.upper)) if plan is None else plan.x)


def _read(block: Any, problem: GoalProblem) -> Heads:
    return Heads(x=tuple(round(value) for value in linear.values(block.x)))


FORMULATION: Formulation[GoalProblem, Heads] = Formulation(
    variables=_variables,
    constraints=(rows,),
    terms=_terms,
    goals=lambda problem: problem.goals,
    ports=lambda block, problem: {},
    write=_write,
    read=_read,
)
