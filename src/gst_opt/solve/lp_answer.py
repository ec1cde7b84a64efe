"""What a solve of a warm LP left, and how much of what the solver said is believed."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.linear import Floats
from gst_opt.solve.lp_data import LpData
from gst_opt.solve.wire import Frame

TOLERANCE = 1e-6
"""How far a point may be outside a row or bound, relative to its side, to be believed."""

DOUBT = 1e-4
"""An optimum this far from its own bound, relatively, is solved a second time, cold."""


class LpStatus(StrEnum):
    """What a solve found."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    INTERRUPT = "interrupt"
    FAULT = "fault"


_STATUS = {
    "kOptimal": LpStatus.OPTIMAL,
    "kInfeasible": LpStatus.INFEASIBLE,
    "kUnbounded": LpStatus.UNBOUNDED,
    "kTimeLimit": LpStatus.LIMIT,
}
"""What HiGHS may say; anything else is a fault."""


@dataclass(frozen=True)
class Basis:
    """Where the simplex method stands: one code a column and a row.

    0 at its lower bound, 1 basic, 2 at its upper bound, 3 free and at zero, 4 nonbasic at a bound not said.
    """

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True)
class LpAnswer:
    """What a solve left.

    Attributes
    ----------
    status
        What was found. OPTIMAL needs the solver's word and a point that keeps every row and bound of the host's own
        arrays. INFEASIBLE and UNBOUNDED need a ray that proves it on these arrays, or two runs that agree.
    objective
        ``costs . x``, computed on the host; infinite without a point, minus infinity when unbounded.
    bound
        No feasible point is below: computed on the host from the duals, whatever the solver said, so that it holds
        after a limit too. Minus infinity when nothing is proven; infinite when a ray proves that there is no point.
        Columns that have no bound, and get none from their rows, are taken to stay within 1e8.
    x
        The point, inside the bounds of its columns; None when there is none that keeps the rows.
    duals
        By row: the change of the optimum for one unit more of the side that binds (>= 0 where the lower side binds,
        <= 0 where the upper side does). None when the solver has none.
    reduced_costs
        ``costs - matrix' duals``: the same for the bound that binds, by column.
    ray
        When infeasible: multipliers of the rows (Farkas); when unbounded: a direction of the columns. None when the
        solver gives none that proves it.
    basis
        Where the solver stands; None unless asked for, and when there is none.
    iterations, runs, seconds
        Simplex iterations and runs of the solver (two when the first was doubtful), and the time of it all.
    """

    status: LpStatus
    objective: float
    bound: float
    x: Floats | None = None
    duals: Floats | None = None
    reduced_costs: Floats | None = None
    ray: Floats | None = None
    basis: Basis | None = None
    iterations: int = 0
    runs: int = 0
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """``(objective - bound) / max(|objective|, 1)``, not below zero; infinite without a point or a bound."""
        if not (np.isfinite(self.objective) and np.isfinite(self.bound)):
            return np.inf
        return max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1.0)


def judged(outcome: Frame | LpStatus, data: LpData) -> tuple[LpAnswer, bool]:
    """Return what may be believed of one run, and whether it needs no second one."""
    if isinstance(outcome, LpStatus):
        return LpAnswer(outcome, np.inf, -np.inf, runs=1), True
    header, arrays = outcome
    status = _STATUS.get(header["status"], LpStatus.FAULT)
    x, duals, ray = arrays.get("x"), arrays.get("duals"), arrays.get("ray")
    if x is not None:
        x = np.clip(x, data.lower, data.upper)
        x = x if data.violation(x) <= TOLERANCE else None
    objective = np.inf if x is None else float(data.costs @ x)
    bound = -np.inf if duals is None else data.bound(duals, objective)
    sure = status is LpStatus.LIMIT
    if status is LpStatus.OPTIMAL:
        status = status if x is not None and header["sound"] else LpStatus.FAULT
        near = objective - bound <= DOUBT * max(1.0, abs(objective)) or bound == -np.inf
        sure = status is LpStatus.OPTIMAL and near
    elif status is LpStatus.INFEASIBLE:
        x, objective, duals = None, np.inf, None
        sure = ray is not None and data.proves_infeasible(ray)
        bound = np.inf if sure else -np.inf
    elif status is LpStatus.UNBOUNDED:
        sure = x is not None and ray is not None and data.proves_unbounded(x, ray)
        objective = bound = -np.inf
    return LpAnswer(
        status=status,
        objective=objective,
        bound=bound,
        x=x,
        duals=duals,
        reduced_costs=None if duals is None else data.reduced_costs(duals),
        ray=ray if sure else None,
        basis=Basis(arrays["basis_columns"], arrays["basis_rows"]) if "basis_rows" in arrays else None,
        iterations=header["iterations"],
        runs=1,
    ), sure
