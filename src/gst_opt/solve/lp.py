"""A linear problem that stays warm in a worker: changed a little, solved again, its bound proven on the host.

Trees, column generation, cutting loops and local search use `WarmLp` and nothing else to solve linear problems.
"""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

from gst_opt.core.errors import SolverError
from gst_opt.model.linear import Floats
from gst_opt.solve import wire
from gst_opt.solve.interrupts import Cancellation, Interruption
from gst_opt.solve.lp_answer import Basis, LpAnswer, LpStatus, judged
from gst_opt.solve.lp_data import LpData
from gst_opt.solve.lp_steps import Step, Steps
from gst_opt.solve.once import POLL_SECONDS, grace
from gst_opt.solve.workers import Worker, borrowed
from gst_opt.text import Message

MOST_STEPS = 1000
"""With more steps to carry out the problem is handed over anew, without its basis."""

_LOWER, _BASIC, _UPPER, _FREE = range(4)


@dataclass(frozen=True)
class _Ask:
    """How one solve is to be run."""

    deadline: float | None
    cancelled: Interruption
    basis: bool

    def seconds_left(self) -> float | None:
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.0)


class WarmLp:
    """Minimise ``costs . x`` over ``row_lower <= matrix x <= row_upper`` and ``lower <= x <= upper``, again and again.

    It holds one worker from its first solve to its end. Changes are checked at once (`SolverError` names the number)
    and travel with the next `solve`, in one frame. If the worker dies, another one takes over from the host's own
    copy. Use it in one thread at a time.

    Examples
    --------
    >>> with WarmLp([1.0, 2.0], 0.0, 1.0, [[1.0, 1.0]], 1.0, np.inf) as lp:
    ...     first = lp.solve().objective
    ...     lp.change_costs([0], [3.0])
    ...     first, lp.solve().objective
    (1.0, 2.0)
    """

    def __init__(
        self,
        costs: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        matrix: Any,
        row_lower: ArrayLike,
        row_upper: ArrayLike,
    ) -> None:
        self._data = LpData(costs, lower, upper, matrix, row_lower, row_upper)
        self._steps = Steps()
        self._start: Basis | None = None
        self._lease = ExitStack()
        self._worker: Worker | None = None
        self._fresh = True
        self._process = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._forget_parent()
        if self._worker is not None and self._worker.alive:
            self._worker.request({"kind": "lp", "fresh": False, "run": False}, {})
        self._give_back()

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows, number of columns."""
        return self._data.shape

    def add_rows(self, matrix: Any, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add rows at the end: `matrix` new rows by columns (anything that `csr_array` takes), and their sides."""
        first = self.shape[0]
        rows = self._data.add_rows(matrix, lower, upper)
        self._later("rows", _matrix(rows) | self._sides(first))

    def add_columns(self, matrix: Any, costs: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add columns at the end: `matrix` rows by new columns (anything that `csc_array` takes), costs, bounds."""
        first = self.shape[1]
        added = csc_array(self._data.add_columns(matrix, costs, lower, upper))
        self._later("columns", _matrix(added) | self._column_data(first))

    def change_costs(self, columns: ArrayLike, costs: ArrayLike) -> None:
        """Give some columns (positions) other costs."""
        where = self._data.change_costs(columns, costs)
        self._later("costs", {"where": where, "cost": self._data.costs[where]})

    def change_bounds(self, columns: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Give some columns (positions) other bounds."""
        where = self._data.change_bounds(columns, lower, upper)
        self._later("bounds", {"where": where, "lower": self._data.lower[where], "upper": self._data.upper[where]})

    def change_sides(self, rows: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Give some rows (positions) other sides."""
        where, data = self._data.change_sides(rows, lower, upper), self._data
        self._later("sides", {"where": where, "lower": data.row_lower[where], "upper": data.row_upper[where]})

    def delete_rows(self, rows: ArrayLike) -> None:
        """Take some rows (positions) away; later rows move up."""
        self._later("delete", {"where": self._data.delete_rows(rows)})

    def set_basis(self, basis: Basis) -> None:
        """Start the next solve from a basis.

        Rows and columns added since it was taken enter as basic and as nonbasic; what no longer fits a bound is
        moved to one that it does.

        Raises
        ------
        SolverError
            If it has more rows or columns than the problem, or another code.
        """
        for name, codes, count in zip(("rows", "columns"), (basis.rows, basis.columns), self.shape, strict=True):
            if len(codes) > count or not np.isin(codes, range(5)).all():
                raise SolverError(Message("solve.lp_basis", {"name": name, "found": len(codes), "most": count}))
        self._start = basis

    def solve(
        self,
        seconds: float | None = None,
        *,
        cancelled: Cancellation | Interruption | None = None,
        basis: bool = False,
    ) -> LpAnswer:
        """Carry out the changes made since the last solve, and solve from where it ended.

        Parameters
        ----------
        seconds
            Time limit. A worker that is silent 5 s (or 10 %, if longer) after it is killed.
        cancelled
            Stops it from another thread.
        basis
            Whether the answer is to hold the basis.
        """
        started = time.monotonic()
        deadline = None if seconds is None else started + max(seconds, 0.0)
        interruption = cancelled if isinstance(cancelled, Interruption) else Interruption(cancelled)
        ask = _Ask(deadline, interruption, basis)
        if not self.shape[1]:
            return self._without_columns()
        answer, sure = judged(self._run(ask, cold=False), self._data)
        if not sure:
            second, sure = judged(self._run(ask, cold=True), self._data)
            agreed = answer.status is second.status is not LpStatus.FAULT
            answer = replace(
                second,
                status=second.status if sure or agreed else LpStatus.FAULT,
                bound=-np.inf if second.status is LpStatus.UNBOUNDED else max(answer.bound, second.bound),
                iterations=answer.iterations + second.iterations,
                runs=answer.runs + second.runs,
            )
        return replace(answer, seconds=time.monotonic() - started)

    def _without_columns(self) -> LpAnswer:
        """Answer for HiGHS, which has no answer to a problem without columns."""
        missing = np.maximum(self._data.row_lower, 0.0) + np.minimum(self._data.row_upper, 0.0)
        if not missing.any():
            return LpAnswer(LpStatus.OPTIMAL, 0.0, 0.0, np.empty(0), np.zeros(self.shape[0]), np.empty(0))
        return LpAnswer(LpStatus.INFEASIBLE, np.inf, np.inf, ray=np.sign(missing))

    def _run(self, ask: _Ask, *, cold: bool) -> wire.Frame | LpStatus:
        """Send what is to be sent, and wait; a worker that dies is replaced once."""
        if ask.cancelled.is_set():
            return LpStatus.INTERRUPT
        for _ in range(2):
            try:
                outcome = self._await(self._sent(ask, cold=cold), ask)
            except BaseException:
                self._lose()
                raise
            if not isinstance(outcome, LpStatus) and outcome[0]["status"] != "refused":
                self._start = None
                return outcome
            self._lose()
            if outcome in (LpStatus.LIMIT, LpStatus.INTERRUPT):
                return outcome
        return LpStatus.FAULT

    def _sent(self, ask: _Ask, *, cold: bool) -> Worker:
        self._forget_parent()
        if self._worker is None:
            self._worker = self._lease.enter_context(borrowed())
        self._fresh = self._fresh or len(self._steps) > MOST_STEPS
        steps = self._all_steps() if self._fresh else self._steps.merged()
        if self._start is not None:
            steps = [*steps, ("basis", self._fitted(self._start))]
        header = {
            "kind": "lp",
            "run": True,
            "fresh": self._fresh,
            "cold": cold,
            "basis": ask.basis,
            "deadline": ask.deadline,
            "steps": [name for name, _ in steps],
        }
        arrays = {f"{place}.{name}": a for place, (_, given) in enumerate(steps) for name, a in given.items()}
        self._worker.request(header, arrays)
        self._steps, self._fresh = Steps(), False
        return self._worker

    def _await(self, worker: Worker, ask: _Ask) -> wire.Frame | LpStatus:
        seconds = ask.seconds_left()
        kill_at = np.inf if seconds is None else time.monotonic() + seconds + grace(seconds)
        while (frame := worker.next_frame(POLL_SECONDS)) is None:
            if not worker.alive:
                return LpStatus.FAULT
            if ask.cancelled.is_set():
                return LpStatus.INTERRUPT
            if time.monotonic() > kill_at:
                return LpStatus.LIMIT
        return frame

    def _lose(self) -> None:
        """End the worker; the next run starts from the host's own copy in another one."""
        if self._worker is not None:
            self._worker.kill()
        self._give_back()

    def _give_back(self) -> None:
        self._worker, self._fresh, self._steps = None, True, Steps()
        self._lease.close()

    def _forget_parent(self) -> None:
        """After a fork the worker is the parent's: it is neither used nor given back here."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._give_back()

    def _later(self, step: str, arrays: wire.Arrays) -> None:
        if not self._fresh:
            self._steps.add(step, arrays)

    def _all_steps(self) -> list[Step]:
        none = csc_array((0, self.shape[1]))
        return [
            ("columns", _matrix(none) | self._column_data(0)),
            ("rows", _matrix(self._data.matrix) | self._sides(0)),
        ]

    def _column_data(self, first: int) -> dict[str, Floats]:
        data = self._data
        return {"cost": data.costs[first:], "lower": data.lower[first:], "upper": data.upper[first:]}

    def _sides(self, first: int) -> dict[str, Floats]:
        return {"lower": self._data.row_lower[first:], "upper": self._data.row_upper[first:]}

    def _fitted(self, basis: Basis) -> wire.Arrays:
        data = self._data
        return {
            "columns": _fitted(basis.columns, data.lower, data.upper, _LOWER),
            "rows": _fitted(basis.rows, data.row_lower, data.row_upper, _BASIC),
        }


def _matrix(compressed: csr_array | csc_array) -> dict[str, NDArray[Any]]:
    return {
        "start": compressed.indptr[:-1].astype(np.int32),
        "index": compressed.indices.astype(np.int32),
        "value": compressed.data,
    }


def _fitted(codes: NDArray[np.int8], lower: Floats, upper: Floats, new: int) -> NDArray[np.int8]:
    """Return one code for each column or row: `new` where there was none, and never at a bound that does not exist."""
    fitted = np.full(len(lower), new, dtype=np.int8)
    fitted[: len(codes)] = codes
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    resting = np.select([has_lower, has_upper], [_LOWER, _UPPER], _FREE)
    fits = np.select(
        [fitted == _LOWER, fitted == _BASIC, fitted == _UPPER, fitted == _FREE],
        [has_lower, np.ones(len(lower), dtype=bool), has_upper, ~has_lower & ~has_upper],
        False,
    )
    return np.where(fits, fitted, resting).astype(np.int8)


class OverLp:
    """What is built over one warm LP: to enter and leave it is to enter and leave the LP."""

    lp: WarmLp

    def __enter__(self) -> Self:
        self.lp.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lp.__exit__(kind, error, trace)
