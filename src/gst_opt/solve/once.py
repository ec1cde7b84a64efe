"""One run of HiGHS in a worker: what it may use, what it streams, and what it leaves."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

from gst_opt.model.linear import Floats
from gst_opt.solve.belief import CLAIMS, Claim, Rung
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.standard import StandardForm, holds
from gst_opt.solve.workers import Worker, borrowed

POLL_SECONDS = 0.05
GRACE_SECONDS = 5.0
"""A worker that is silent this long after its time limit (or 10 % of the limit, if longer) is killed."""

MARGIN_SECONDS = 0.1
"""Where there is no grace, a worker is asked to end this long before it is killed."""

ABSOLUTE_GAP = 1e-6
"""A search is over when bound and point are this near, in the unit of the goal."""

DIED, NOT_RUN = "died", "not run"
"""Status of a run whose worker ended without an answer, and of one for which there was no time."""

Watch = Callable[[int, float, float | None], None]
"""Told the stage (from 0), the value and the bound of every point found, in the thread that waits for the run."""


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
    nodes
        Nodes of a run's search tree at most; None for no limit.
    in_process
        Whether HiGHS runs in a thread of this process.
    watch, stage
        Told of every point found; the stage that runs are now for.
    started
        Time of `time.monotonic` when the solve began.
    margin
        Seconds after the deadline at which a silent worker is killed; None for `grace`.
    effort
        Processor seconds of a run's search at most, which a busy machine does not change; None for no limit.
    goals_left
        Goals that the time left is for, this one included.
    workers
        Runs that there may be at once.
    """

    gap: float
    deadline: float | None
    seed: int
    cancelled: Interruption = field(default_factory=Interruption)
    nodes: int | None = None
    in_process: bool = False
    watch: Watch | None = None
    stage: int = 0
    started: float = field(default_factory=time.monotonic)
    margin: float | None = None
    effort: float | None = None
    goals_left: int = 1
    workers: int = 1

    def for_one_goal(self) -> Self:
        """Return limits that leave the later goals their share of the time left."""
        return replace(self.for_a_share(1 / self.goals_left), goals_left=1)

    def for_a_share(self, share: float) -> Self:
        """Return limits that leave the rest of the time left for what follows."""
        left = self.seconds_left()
        return self if left is None else replace(self, deadline=time.monotonic() + share * left)

    def over(self) -> bool:
        """Say whether the time is over, or somebody has interrupted."""
        return self.cancelled.is_set() or self.seconds_left() == 0.0

    def until(self, moment: float) -> Self:
        """Return limits of runs that nobody watches, each over at a time of `time.monotonic`, killed if need be."""
        return replace(self, deadline=moment - MARGIN_SECONDS, margin=MARGIN_SECONDS, watch=None)

    def seconds_left(self) -> float | None:
        """Return the time left, never below zero; None for no limit."""
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.0)


@dataclass(frozen=True)
class Answer:
    """What one run of the solver left: its best point as it is, the bound, what it claims, its word for it.

    `sound` is the last point streamed whose whole numbers, rounded, keep every row: the best point may not. `seconds`
    is the time that it took, `nodes` those of its search tree.
    """

    x: Floats | None
    bound: float | None
    claim: Claim
    status: str
    has_point: bool = False
    sound: Floats | None = None
    seconds: float = 0.0
    nodes: int = 0


def grace(seconds: float) -> float:
    """Return how long after a time limit of `seconds` whoever has not answered is given up."""
    return max(GRACE_SECONDS, 0.1 * seconds)


def once(problem: StandardForm, limits: Limits, known: Floats | None, rung: Rung) -> Answer:
    """Run once."""
    seconds = limits.seconds_left()
    if limits.cancelled.is_set() or seconds == 0.0:
        claim = Claim.INTERRUPT if limits.cancelled.is_set() else Claim.LIMIT
        return Answer(known, None, claim, NOT_RUN)
    unit = problem.cost_unit
    options: dict[str, object] = {
        "threads": 1,
        "parallel": "off",
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": ABSOLUTE_GAP / unit,
        **rung.options(limits.seed),
    }
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    arrays = {**problem.frame(), "cost": problem.costs / unit}
    if known is not None:
        arrays["known"] = known
    began, kill_at = time.monotonic(), None
    if seconds is not None:
        kill_at = began + seconds + (grace(seconds) if limits.margin is None else limits.margin)
    header = {"kind": "minimise", "options": options, "deadline": limits.deadline, "effort": limits.effort}
    with borrowed(in_process=limits.in_process) as worker:
        worker.request(header, arrays)
        answer = _await(worker, problem, known, kill_at, limits)
    return replace(answer, seconds=time.monotonic() - began)


def _await(
    worker: Worker, problem: StandardForm, known: Floats | None, kill_at: float | None, limits: Limits
) -> Answer:
    """Take what a run streams until its answer; the frames of a worker that was killed are still read."""
    best, bound, stopped, unit = known, None, None, problem.cost_unit
    sound: Floats | None = None
    while True:
        if stopped is None and (limits.cancelled.is_set() or (kill_at is not None and time.monotonic() > kill_at)):
            stopped = Claim.INTERRUPT if limits.cancelled.is_set() else Claim.LIMIT
            worker.kill()
        frame = worker.next_frame(POLL_SECONDS)
        if frame is None:
            if not worker.alive:
                return Answer(best, bound, Claim.NOTHING if stopped is None else stopped, DIED, sound=sound)
            continue
        header, arrays = frame
        if header["bound"] is not None:
            told = header["bound"] * unit
            bound = told if bound is None else max(bound, told)
        if "x" in arrays and (known is None or problem.value(arrays["x"]) <= problem.value(known)):
            best = arrays["x"]
            if holds(problem, whole := problem.rounded(best)):
                sound = whole
        if "duals" in arrays:
            proven = problem.proven(arrays["duals"] * unit, problem.value(arrays["x"]) if "x" in arrays else math.inf)
            bound = proven if bound is None or proven is None else max(bound, proven)
        if header["kind"] == "answer":
            claim = CLAIMS.get(header["status"], Claim.NOTHING) if stopped is None else stopped
            return Answer(best, bound, claim, header["status"], "x" in arrays, sound, nodes=header["nodes"])
        if limits.watch is not None and best is not None:
            limits.watch(limits.stage, problem.value(best), bound)
