"""Small problems on which some release of HiGHS was wrong, with their true value, after public issues.

`wrong` says what a wrong answer looks like. A value of None means that there is no point; `UNBOUNDED` that there is no
least one. Issues are those of github.com/ERGO-Code/HiGHS unless they say otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from gst_opt.model.goals import Goal, TermWeight
from gst_opt.solve.compiled import Compiled, CompiledTerm
from gst_opt.solve.components import whole
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.preflight import check_numbers, prepared

UNBOUNDED = float("-inf")
INF = float("inf")
GOAL = Goal(weights=(TermWeight(term="cost"),))


class Named(Compiled):
    """Arrays without a Pyomo model behind them; columns are ``x[0]``, ``x[1]``, ..., rows ``row[0]``, ..."""

    def column_name(self, column: int) -> str:
        """Return the name of a column."""
        return f"x[{column}]"

    def row_name(self, row: int) -> str:
        """Return the name of a row."""
        return f"row[{row}]"


def named(
    costs: Sequence[float], rows: Sequence[tuple[Sequence[float], float, float]], columns: Sequence[tuple[float, ...]]
) -> Named:
    """Return a problem.

    Parameters
    ----------
    costs
        To minimise.
    rows
        Coefficients, lower and upper side.
    columns
        Lower and upper bound; a third number for whole numbers.
    """
    matrix = np.array([coefficients for coefficients, _, _ in rows], dtype=float).reshape(len(rows), len(costs))
    return Named(
        matrix=csr_array(matrix),
        row_lower=np.array([low for _, low, _ in rows], dtype=float),
        row_upper=np.array([high for _, _, high in rows], dtype=float),
        lower=np.array([column[0] for column in columns], dtype=float),
        upper=np.array([column[1] for column in columns], dtype=float),
        integer=np.array([len(column) == 3 for column in columns], dtype=bool),
        redundant=np.zeros(len(rows), dtype=bool),
        together=np.full(len(columns), -1, dtype=np.intp),
        terms={"cost": CompiledTerm(np.array(costs, dtype=float), 0.0, "MAD")},
        families=(),
        row_data=(),
    )


def guarded(model: Compiled, limits: Limits) -> Run:
    """Minimise the costs of a problem with the whole guard: numbers, tightening, belief, retries.

    Raises
    ------
    SolverError
        If its numbers are refused.
    """
    tight = prepared(model)
    check_numbers(tight, [GOAL])
    part = whole(tight)
    return minimise(part, part.costs["cost"], (), limits, None)


@dataclass(frozen=True)
class Case:
    """A problem, its true value, the issue that it is after, and what a wrong answer looks like."""

    name: str
    issue: str
    wrong: str
    value: float | None
    model: Named


PANEL = (
    Case(
        "stuffing with one whole number",
        "#3043, fixed in 1.15.0",
        "Optimal 15 at (0, 5) with presolve",
        9.0,
        named([2, 3], [([1, 1], 4.5, INF)], [(0, 10), (0, 10, 1)]),
    ),
    Case(
        "stuffing against a floor",
        "#2957, fixed in 1.15.0",
        "Optimal 29 with presolve",
        28.2,
        named([1, 2], [([1, 1], 20.1, INF)], [(0, 20, 1), (8, 20)]),
    ),
    Case(
        "stuffing of a column that follows another",
        "#3050, cvxpy#3368, fixed in 1.15.0",
        "Optimal -99.99 at (1, 1) with presolve",
        -299.97,
        named([-100, 0.01], [([1, -1], -INF, 0)], [(1, 3, 1), (1, 3)]),
    ),
    Case(
        "distance to a target",
        "#3073, fixed in 1.15.0",
        "Optimal 200.01 with presolve",
        0.03,
        named(
            [100, 0.01, 0],
            [
                ([1, 0, 1], 3, 3),
                ([0, -1, 1], -INF, 0),
                ([0, -1, -1], -INF, 0),
                ([0, 0, 1], -INF, 3),
                ([0, 0, -1], -INF, -0.45),
            ],
            [(0, INF), (-INF, INF), (0, INF, 1)],
        ),
    ),
    Case(
        "two sites of which one may open",
        "#3094, fixed in 1.15.0",
        "Optimal 10000 with presolve: the dearer site opens",
        8000.0,
        named(
            [0, 0, 10, 8, 0, 0],
            [
                ([1, 0, 0, 0, -1000, 0], -INF, 0),
                ([0, 1, 0, 0, 0, -1000], -INF, 0),
                ([1, 0, 1, 0, 0, 0], 1000, 1000),
                ([0, 1, 0, 1, 0, 0], 1000, 1000),
                ([0, 0, 0, 0, 1, 1], -INF, 1),
            ],
            [(0, 1000)] * 4 + [(0, 1, 1)] * 2,
        ),
    ),
    Case(
        "an equation with a half",
        "#3002, fixed in 1.15.0",
        "Optimal 76 with presolve",
        64.0,
        named(
            [1, 4, 9],
            [([1, 1, 0], -INF, 5), ([1, 0, 1], 10, INF), ([0, -1, 1], 7.5, 7.5)],
            [(0, 4), (-1, 1), (0, INF, 1)],
        ),
    ),
    Case(
        "false infeasibility, two whole numbers of three",
        "#2432, fixed in 1.12",
        "Infeasible with presolve",
        -3777.571243523316,
        named(
            [-93, 25, 17],
            [
                ([-89, -40.7, -12], 3994.5, INF),
                ([-0.1, 77.2, -23.7], -4878.3, INF),
                ([-8.6, -6.5, 72.78], -4930, INF),
            ],
            [(-100, 120, 1), (-100, 10), (-100, 0, 1)],
        ),
    ),
    Case(
        "false infeasibility, decimals everywhere",
        "#2585, fixed in 1.12",
        "Infeasible with presolve",
        -175.91,
        named(
            [-24, 5, 7.4, 9],
            [
                ([96.55, 0, -32.45, 88.78], -INF, 1216.06),
                ([-3.14, -78.02, 0, 0], -INF, -50.5404),
                ([0, 11.8, -21.94, 0], -INF, 3.422),
                ([0, 0, 91.59, -10.58], -INF, -35.25),
                ([79.17, 1.73, 0, -73.23], -INF, 411.403),
                ([-10.61, -94.66, 0, 76.88], -INF, 195.69),
            ],
            [(-100, 100), (-100, 100), (-100, 100, 1), (-100, 100, 1)],
        ),
    ),
    Case(
        "whole number with the bound 4.5",
        "#3271, fixed after 1.15.1",
        "Optimal -4.5",
        -4.0,
        named([-1], [([1], -INF, 10)], [(0, 4.5, 1)]),
    ),
    Case(
        "whole number between -0.5 and 0.5",
        "#3272, fixed after 1.15.1",
        "a point at -0.5",
        0.0,
        named([1, 0], [([-1, -1], 0, INF)], [(-0.5, 0.5, 1), (0, INF)]),
    ),
    Case(
        "no whole number is left",
        "#1191",
        "Optimal 1 at (0.5, 0.5)",
        None,
        named([1, 1], [([1, 1], -INF, 1)], [(0.5, INF, 1), (0.5, INF, 1)]),
    ),
    Case(
        "coefficient tightened with a bound that is not whole",
        "#3274, fixed after 1.15.1",
        "Optimal 1 with presolve",
        0.0,
        named(
            [0, 1, 0, 0],
            [([0, 1, -1, 0], 0, INF), ([1, 0, 1, -1], 0, 0), ([0, 0, -68, -1], -12, INF)],
            [(-INF, INF, 1), (-INF, INF, 1), (0, INF), (0, INF, 1)],
        ),
    ),
    Case(
        "parity over free whole numbers",
        "#2226, open",
        "without presolve it never ends, whatever the time limit",
        None,
        named([0, 0, 0], [([0, 4, -1], 0, 0), ([8, 0, 1], -19, -19)], [(-INF, INF, 1)] * 3),
    ),
    Case(
        "a limit written as unlimited",
        "#2866, #2997, open; hangs from 1e10 in 1.15.1",
        "420 or 451 instead of 417 there; here no end, or a wrong value",
        23.0,
        named(
            [5, 7, 4, 3],
            [([2, 3, 1, 0], 7, INF), ([1, 0, 2, 3], 5.5, INF), ([0, 2, 1, 1], 4, INF), ([1, 1, 1, 1], -INF, 40)],
            [(0, 1e12, 1)] * 3 + [(0, 1e10, 1)],
        ),
    ),
    Case(
        "an indicator with its switch turned round",
        "#3296, open",
        "Infeasible with presolve",
        9004.0,
        named([1, 4], [([1, -9000], 0, INF), ([0, 1], 1, INF)], [(0, 1e5), (0, 1, 1)]),
    ),
    Case(
        "a big-M of 1e12",
        "#1704, open",
        "Infeasible with presolve, against a known point",
        0.0,
        named([-1, 0], [([100.4534, 1e12], -INF, 1e12), ([100.4534, -1e12], -INF, 0)], [(0, 1, 1)] * 2),
    ),
    Case(
        "sites that open for nothing",
        "found by differential testing in 1.15.1; by design",
        "Optimal 3.7e-6 without presolve: 6e-7 of a site is taken for none",
        5.6,
        named(
            [2.5, 3.1, 0, 0],
            [([-1e6, 0, 1, 0], -INF, 0), ([0, -1e6, 0, 1], -INF, 0), ([0, 0, 1, 1], 1.3, INF)],
            [(0, 1, 1)] * 2 + [(0, 0.6), (0, 0.7)],
        ),
    ),
    Case(
        "an epigraph that was fixed before",
        "#2409, fixed in 1.12",
        "Infeasible, or a value above 0.1",
        0.1,
        named([-1, 1], [([-1, 1], 0.1, INF), ([1, 1], 0.1, INF)], [(-INF, INF), (-INF, INF, 1)]),
    ),
    Case(
        "a whole number without end",
        "#1962, #654",
        "it freezes, or says Optimal",
        UNBOUNDED,
        named([-1, 0, 0.5], [([1, -1, 0], 0, 0), ([0, 1, -1], -3, 5)], [(0, INF, 1), (0, INF), (0, INF, 1)]),
    ),
    Case(
        "a disjunction at the edge of a tolerance",
        "#3034",
        "Optimal with a row broken by 200",
        None,
        named(
            [0, 0, 0, 0],
            [([1, -1, 0, 0], 193200, 193200), ([1, -1, 99807000, 0], -INF, 1e8)],
            [(0, 1e8), (0, 1e8), (1, 1), (-1e3, 1e3, 1)],
        ),
    ),
)
