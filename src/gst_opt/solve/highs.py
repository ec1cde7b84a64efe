"""One guarded run of HiGHS in a worker process: limits, incumbents, interruption, and what to believe."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from scipy.sparse import csr_array, vstack

from gst_opt.model.linear import Floats
from gst_opt.solve import wire
from gst_opt.solve.components import Part
from gst_opt.solve.workers import Worker, borrowed

POLL_SECONDS = 0.05
GRACE_SECONDS = 5.0
"""A worker that is silent this long after its time limit (or 10 % of the limit, if longer) is killed."""


class Ended(IntEnum):
    """How a run ended, from the best to the worst."""

    OPTIMAL = 0
    LIMIT = 1
    INTERRUPT = 2
    FAULT = 3
    INFEASIBLE = 4


@dataclass(frozen=True)
class Limits:
    """What runs may use, and how they are to search.

    Attributes
    ----------
    gap
        Relative gap to stop at.
    deadline
        Time of `time.monotonic` to stop at; None for no limit.
    seed
        Seed of the solver.
    cancelled
        Set by another thread to stop now.
    """

    gap: float
    deadline: float | None
    seed: int
    cancelled: threading.Event = field(default_factory=threading.Event)

    def seconds_left(self) -> float | None:
        """Return the time left, never below zero; None for no limit."""
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.0)


@dataclass(frozen=True)
class Run:
    """What one run left: the best feasible point, the proven bound, and why it ended."""

    x: Floats | None
    bound: float | None
    ended: Ended


@dataclass(frozen=True)
class Extra:
    """One more row ``costs . x <= side``: what an earlier goal has reached."""

    costs: Floats
    side: float


def minimise(part: Part, costs: Floats, extras: Sequence[Extra], limits: Limits, known: Floats | None) -> Run:
    """Minimise ``costs . x`` over a part in a worker, its whole numbers rounded and its rows checked again.

    Parameters
    ----------
    part
        Rows and columns.
    costs
        Shape (columns,).
    extras
        Rows added below the part's own.
    limits
        Gap, time, seed, cancellation.
    known
        A feasible point to start from, or None.
    """
    problem = standard_form(part, costs, extras)
    run = _attempt(problem, limits, known, presolve=True)
    if run.ended == Ended.INFEASIBLE:  # believed only when a second run, without presolve, says so too
        if known is not None and problem.holds(known):
            return Run(known, None, Ended.FAULT)
        again = _attempt(problem, limits, None, presolve=False)
        run = run if again.ended == Ended.INFEASIBLE else again
    return run


@dataclass(frozen=True)
class StandardForm:
    """One linear problem in whole numbers as HiGHS takes it; the fields are those of `Part`, one goal's costs first."""

    costs: Floats
    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: "np.ndarray[tuple[int], np.dtype[np.bool_]]"

    def frame(self) -> wire.Arrays:
        """Return it as the arrays that the worker reads."""
        return {
            "cost": self.costs,
            "lower": self.lower,
            "upper": self.upper,
            "row_lower": self.row_lower,
            "row_upper": self.row_upper,
            "start": self.matrix.indptr.astype(np.int32),
            "index": self.matrix.indices.astype(np.int32),
            "value": self.matrix.data.astype(np.float64),
            "integer": self.integer.astype(np.int32),
        }

    def holds(self, x: Floats, tolerance: float = 1e-6) -> bool:
        """Say whether a point keeps every row and bound, each within a tolerance relative to its side."""
        activity = self.matrix @ x
        inside = np.all(activity >= self.row_lower - tolerance * np.maximum(1.0, np.abs(self.row_lower))) and np.all(
            activity <= self.row_upper + tolerance * np.maximum(1.0, np.abs(self.row_upper))
        )
        return bool(inside and np.all(x >= self.lower - tolerance) and np.all(x <= self.upper + tolerance))

    def rounded(self, x: Floats) -> Floats:
        """Return the point with its whole numbers whole and every column inside its bounds."""
        return np.clip(np.where(self.integer, np.rint(x), x), self.lower, self.upper)

    def with_integers_fixed(self, x: Floats) -> "StandardForm":
        """Return the linear problem that is left when the whole numbers are those of `x`."""
        lower, upper = np.where(self.integer, x, self.lower), np.where(self.integer, x, self.upper)
        none = np.zeros_like(self.integer)
        return StandardForm(self.costs, self.matrix, self.row_lower, self.row_upper, lower, upper, none)


def standard_form(part: Part, costs: Floats, extras: Sequence[Extra] = ()) -> StandardForm:
    """Return a part with one cost vector and some more rows, the bounds of its whole numbers made whole."""
    lower = np.where(part.integer, np.ceil(part.lower - 1e-9), part.lower)
    upper = np.where(part.integer, np.floor(part.upper + 1e-9), part.upper)
    matrix = part.matrix
    if extras:
        matrix = csr_array(vstack([matrix, *(csr_array(extra.costs[None, :]) for extra in extras)], format="csr"))
    row_lower = np.append(part.row_lower, np.full(len(extras), -np.inf))
    row_upper = np.append(part.row_upper, [extra.side for extra in extras])
    return StandardForm(costs, matrix, row_lower, row_upper, lower, upper, part.integer)


def _attempt(problem: StandardForm, limits: Limits, known: Floats | None, *, presolve: bool) -> Run:
    run = _send(problem, limits, known, presolve=presolve)
    if run.x is None:
        return run
    x = problem.rounded(run.x)
    if not problem.holds(x):
        repaired = _send(problem.with_integers_fixed(x), limits, None, presolve=True)
        if repaired.x is None or not problem.holds(problem.rounded(repaired.x)):
            return Run(known, run.bound, Ended.FAULT)
        x = problem.rounded(repaired.x)
    return Run(x, run.bound, run.ended)


def _send(problem: StandardForm, limits: Limits, known: Floats | None, *, presolve: bool) -> Run:
    options: dict[str, object] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": limits.seed,
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": 1e-6,
        "presolve": "choose" if presolve else "off",
    }
    seconds = limits.seconds_left()
    if seconds is not None:
        options["time_limit"] = seconds
    arrays = dict(problem.frame())
    if known is not None:
        arrays["known"] = known
    kill_at = None if seconds is None else time.monotonic() + seconds + max(GRACE_SECONDS, 0.1 * seconds)
    with borrowed() as worker:
        worker.request({"kind": "minimise", "options": options}, arrays)
        return _await(worker, known, kill_at, limits.cancelled)


def _await(worker: Worker, known: Floats | None, kill_at: float | None, cancelled: threading.Event) -> Run:
    best, bound = known, None
    while True:
        frame = worker.next_frame(POLL_SECONDS)
        if frame is None:
            if not worker.alive:
                return Run(best, bound, Ended.FAULT)
            if cancelled.is_set():
                worker.kill()
                return Run(best, bound, Ended.INTERRUPT)
            if kill_at is not None and time.monotonic() > kill_at:
                worker.kill()
                return Run(best, bound, Ended.LIMIT)
            continue
        header, arrays = frame
        best = arrays.get("x", best)
        bound = header["bound"] if header["bound"] is not None else bound
        if header["kind"] == "answer":
            return Run(best, bound, _ended(header["status"], "x" in arrays))


def _ended(status: str, has_point: bool) -> Ended:
    if status == "kOptimal":
        return Ended.OPTIMAL if has_point else Ended.FAULT
    if status in ("kInfeasible", "kUnboundedOrInfeasible"):
        return Ended.INFEASIBLE
    return Ended.LIMIT if status in ("kTimeLimit", "kSolutionLimit", "kIterationLimit") else Ended.FAULT
