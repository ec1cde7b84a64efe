"""Goals and limits that tie parts of a model together, as columns and rows beside its own.

The largest of several terms, or the sum of their ``k`` largest, is made linear as

::

    v_j = w_j * term_j                         the terms to compare, one column each
    sum of the k largest = min k * t_k + sum_j d_kj    with d_kj >= v_j - t_k, d_kj >= 0

which holds at every point, so it is exact for whole numbers too. Minimising it for k = 1, 2, ... in turn, each kept,
leaves the lexicographically smallest vector of sorted terms. For k = 1 no d is needed, for k = all no t and no d.
Source: Ogryczak and Sliwinski (2006), On direct methods for lexicographic min-max optimization.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array, vstack

from gst_opt.model.goals import Goal, Goals, TermLimit, TermWeight, WorstFirst
from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.compiled import Compiled, CompiledTerm
from gst_opt.solve.preflight import LARGEST_COEFFICIENT, SMALLEST_COEFFICIENT
from gst_opt.solve.standard import middle


@dataclass(frozen=True)
class Step:
    """One linear thing to minimise: a weighted goal, or one round of terms compared with one another.

    Attributes
    ----------
    position
        Position of the goal among the goals, from 1.
    goal
        The goal.
    number
        Round, from 1; 0 for a weighted goal.
    """

    position: int
    goal: Goal | WorstFirst
    number: int

    @property
    def name(self) -> str:
        """The terms in words."""
        return self.goal.name if isinstance(self.goal, Goal) else self.goal.round_name(self.number)

    @property
    def linear(self) -> Goal:
        """The step as a weighted sum of terms of the coupled model."""
        if isinstance(self.goal, Goal):
            return self.goal
        return Goal(weights=(TermWeight(term=f"goal[{self.label}]"),))

    @property
    def guide(self) -> Goal | None:
        """Goal to search by: the largest of several terms does not change with most moves, their sum does."""
        if isinstance(self.goal, Goal) or self.number == len(self.goal.worst_of):
            return None
        return Goal(weights=self.goal.worst_of)

    @property
    def label(self) -> str:
        """Goal and round, as in the names of columns and rows."""
        return f"{self.position},{self.number}" if self.number else str(self.position)


def steps_of(goals: Goals) -> list[Step]:
    """Return the steps of goals, in order."""
    return [
        Step(position, goal, number)
        for position, goal in enumerate(goals.stages, 1)
        for number in (goal.numbers if isinstance(goal, WorstFirst) else (0,))
    ]


@dataclass(frozen=True)
class Held:
    """A row that keeps what an earlier step has reached, over some columns or (None) over all of them."""

    step: Step
    columns: Positions | None
    side: float


@dataclass(frozen=True)
class Compared:
    """The terms of one `WorstFirst`, each a column, as ``shares @ x + constants``, and the rounds so far."""

    shares: csr_array
    constants: Floats
    rounds: tuple[int, ...]

    def columns(self, x: Floats) -> Floats:
        """Return the values of its columns at a point of the model, none larger than needed."""
        values = self.shares @ x + self.constants
        largest_first = np.sort(values)[::-1]
        pieces = [values]
        for number in self.rounds:
            if number < len(values):
                level = largest_first[number - 1]
                pieces.append(np.array([level]))
                if number > 1:
                    pieces.append(np.maximum(values - level, 0.0))
        return np.concatenate(pieces)


@dataclass(frozen=True)
class Coupled(Compiled):
    """A model with the columns and rows of its goals below its own; `load` and `stored` are those of `base`.

    `terms` has one more for each round of terms compared, such as ``goal[2,1]``: goal 2, round 1. `fixed` are the
    values of the limits' constants; `row_units` what one unit of its own rows' sides is worth.
    """

    base: Compiled
    compared: tuple[Compared, ...]
    fixed: Floats
    column_names: tuple[str, ...]
    row_names: tuple[str, ...]
    row_units: tuple[float, ...]

    def column_name(self, column: int) -> str:
        """Return the name of a column."""
        own = column - len(self.base.lower)
        return self.base.column_name(column) if own < 0 else self.column_names[own]

    def row_name(self, row: int) -> str:
        """Return the name of a row, such as ``goal[at_most,travel]``."""
        own = row - len(self.base.row_lower)
        return self.base.row_name(row) if own < 0 else self.row_names[own]

    def row_unit(self, row: int) -> float:
        """Return what one unit of a row's sides is worth, in the unit of the term that it limits."""
        own = row - len(self.base.row_lower)
        return 1.0 if own < 0 else self.row_units[own]

    def extended(self, x: Floats) -> Floats:
        """Return a point of the base model with the values of the goals' columns."""
        return np.concatenate([x, self.fixed, *(compared.columns(x) for compared in self.compared)])

    def constant(self, goal: Goal) -> float:
        """Return what a goal is worth at zero."""
        return sum(weight.weight * self.terms[weight.term].constant for weight in goal.weights)


def couple(model: Compiled, steps: Sequence[Step], limits: Sequence[TermLimit], held: Sequence[Held] = ()) -> Coupled:
    """Return a model with limits on terms, the columns that some steps need, and what earlier steps reached.

    Columns come in the order of the limits, then of the goals: those of fewer steps are the first of those of more.
    """
    grown = _Growing(model)
    for limit in limits:
        grown.limit(limit)
    compared = {step.position: step.goal for step in steps if isinstance(step.goal, WorstFirst)}
    for position, goal in compared.items():
        grown.compare(position, goal, [step for step in steps if step.position == position])
    for row in held:
        grown.hold(row)
    return grown.coupled()


class _Growing:
    """Gathers columns, rows and terms."""

    def __init__(self, model: Compiled) -> None:
        self.base = model
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.column_names: list[str] = []
        self.rows: list[tuple[Positions, Floats]] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.row_names: list[str] = []
        self.row_units: list[float] = []
        self.terms: dict[str, tuple[Positions, Floats, str]] = {}
        self.fixed: list[float] = []
        self.compared: list[Compared] = []

    def column(self, name: str, lower: float, upper: float) -> int:
        self.column_names.append(name)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.base.lower) + len(self.column_names) - 1

    def row(
        self, name: str, columns: ArrayLike, values: ArrayLike, sides: tuple[float, float], unit: float = 1.0
    ) -> None:
        self.rows.append((np.asarray(columns, dtype=np.intp), np.asarray(values, dtype=np.float64) / unit))
        self.row_lower.append(sides[0] / unit)
        self.row_upper.append(sides[1] / unit)
        self.row_names.append(name)
        self.row_units.append(unit)

    def limit(self, limit: TermLimit) -> None:
        """Keep a term within its limit; its constant is a fixed column, so that the row's side is the limit itself.

        The row is in a unit of its own where its coefficients would be too large or too small for the solver.
        """
        term = self.base.terms[limit.term]
        columns = np.flatnonzero(term.costs)
        values = term.costs[columns]
        if term.constant:
            size = middle(values)
            fixed = term.constant / size
            self.fixed.append(fixed)
            columns = np.append(columns, self.column(f"goal[constant,{limit.term}]", fixed, fixed))
            values = np.append(values, size)
        low, high = limit.sides()
        unit = _unit(values)
        if limit.at_most is not None:
            self.row(f"goal[at_most,{limit.term}]", columns, values, (-np.inf, high), unit)
        if limit.at_least is not None:
            self.row(f"goal[at_least,{limit.term}]", columns, values, (low, np.inf), unit)

    def compare(self, position: int, goal: WorstFirst, steps: Sequence[Step]) -> None:
        """Compare the terms of one goal: a column for each, then the columns of each round."""
        names = [weight.term for weight in goal.worst_of]
        terms = [self.base.terms[name] for name in names]
        weights = np.array([weight.weight for weight in goal.worst_of])
        weighted = csr_array(np.array([term.costs for term in terms]) * weights[:, None])
        scale = middle(weighted.data)
        shares = csr_array(weighted / scale)
        constants = weights * np.array([term.constant for term in terms]) / scale
        low, high = _reach(shares, self.base, constants)
        value = []
        for j, name in enumerate(names):
            value.append(self.column(f"goal_value[{position},{name}]", low[j], high[j]))
            own = slice(shares.indptr[j], shares.indptr[j + 1])
            columns, entries = np.append(shares.indices[own], value[j]), np.append(-shares.data[own], 1.0)
            self.row(f"goal_value[{position},{name}]", columns, entries, (constants[j], constants[j]))
        least, most = np.sort(low)[::-1], np.sort(high)[::-1]
        for step in steps:
            columns, costs = np.array(value), np.ones(len(value))
            if step.number < len(value):
                level = self.column(f"goal_level[{step.label}]", least[step.number - 1], most[step.number - 1])
                excess = []
                for j, name in enumerate(names):
                    if step.number > 1:
                        room = max(high[j] - least[step.number - 1], 0.0)
                        excess.append(self.column(f"goal_excess[{step.label},{name}]", 0.0, room))
                    above = [level, *excess[j:]]
                    self.row(
                        f"goal_level[{step.label},{name}]",
                        [*above, value[j]],
                        [*np.ones(len(above)), -1.0],
                        (0.0, np.inf),
                    )
                columns, costs = np.array([level, *excess]), np.append(float(step.number), np.ones(len(excess)))
            self.terms[f"goal[{step.label}]"] = columns, scale * costs, goal.unit or terms[0].unit
        self.compared.append(Compared(shares, constants, tuple(step.number for step in steps)))

    def hold(self, held: Held) -> None:
        """Keep what a step has reached."""
        goal = held.step.linear
        costs = np.zeros(len(self.base.lower) + len(self.lower))
        for weight in goal.weights:
            if weight.term in self.terms:
                columns, values, _ = self.terms[weight.term]
                costs[columns] += weight.weight * values
            else:
                costs[: len(self.base.lower)] += weight.weight * self.base.terms[weight.term].costs
        used = np.flatnonzero(costs) if held.columns is None else held.columns[costs[held.columns] != 0]
        if len(used):
            self.row(f"goal_reached[{held.step.label}]", used, costs[used], (-np.inf, held.side))

    def coupled(self) -> Coupled:
        """Return the model with what was gathered."""
        base, extra = self.base, len(self.lower)
        count = len(base.lower) + extra
        matrix = csr_array(
            (base.matrix.data, base.matrix.indices, base.matrix.indptr), shape=(len(base.row_lower), count)
        )
        if self.rows:
            lengths = [len(columns) for columns, _ in self.rows]
            columns = np.concatenate([columns for columns, _ in self.rows])
            values = np.concatenate([values for _, values in self.rows])
            row = np.repeat(np.arange(len(lengths)), lengths)
            more = csr_array(coo_array((values, (row, columns)), shape=(len(lengths), count)))
            matrix = csr_array(vstack([matrix, more], format="csr"))
        terms = {name: replace(term, costs=np.append(term.costs, np.zeros(extra))) for name, term in base.terms.items()}
        for name, (columns, values, unit) in self.terms.items():
            costs = np.zeros(count)
            costs[columns] = values
            terms[name] = CompiledTerm(costs, 0.0, unit)
        return Coupled(
            matrix=matrix,
            row_lower=np.append(base.row_lower, self.row_lower),
            row_upper=np.append(base.row_upper, self.row_upper),
            lower=np.append(base.lower, self.lower),
            upper=np.append(base.upper, self.upper),
            integer=np.append(base.integer, np.zeros(extra, dtype=bool)),
            redundant=np.append(base.redundant, np.zeros(len(self.rows), dtype=bool)),
            together=np.append(base.together, np.full(extra, -1)),
            terms=terms,
            families=base.families,
            row_data=base.row_data,
            base=base,
            compared=tuple(self.compared),
            fixed=np.array(self.fixed),
            column_names=tuple(self.column_names),
            row_names=tuple(self.row_names),
            row_units=tuple(self.row_units),
        )


def _unit(values: Floats) -> float:
    """Return 1, or the power of two nearest to it in which coefficients are what a solver can be trusted with."""
    sizes = np.abs(values[values != 0])
    if not len(sizes):
        return 1.0
    least = np.ceil(np.log2(max(sizes.max() / LARGEST_COEFFICIENT, 1.0)))
    most = np.floor(np.log2(min(sizes.min() / SMALLEST_COEFFICIENT, 1.0)))
    return float(2.0 ** (least or most))


def _reach(shares: csr_array, model: Compiled, constants: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and the highest value of each row of `shares` between the bounds of the columns."""
    low, high = [], []
    for j, constant in enumerate(constants.tolist()):
        own = slice(shares.indptr[j], shares.indptr[j + 1])
        values, columns = shares.data[own], shares.indices[own]
        ends = values * model.lower[columns], values * model.upper[columns]
        low.append(constant + float(np.minimum(*ends).sum()))
        high.append(constant + float(np.maximum(*ends).sum()))
    return np.array(low), np.array(high)
