"""From what a search leaves to a result: the plan read and checked, its value beside the bound proven."""

import hashlib
import math
import platform
import time
from importlib.metadata import version

from gst_opt.pillars.purchasing.classic.total_quantity.audit import check
from gst_opt.pillars.purchasing.classic.total_quantity.model import plan_of
from gst_opt.pillars.purchasing.classic.total_quantity.records import TotalQuantityPlan, TotalQuantityProblem
from gst_opt.pillars.purchasing.classic.total_quantity.search import Found
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import Progress, SolveOptions
from gst_opt.solve.result import (
    ROUNDING,
    Provenance,
    Result,
    Stage,
    Status,
    Stop,
    TermValue,
    relative_gap,
)


class Teller:
    """Tells whoever asked of a better plan or bound; an exception stops the search and is in the provenance."""

    def __init__(self, options: SolveOptions, cancelled: Interruption, started: float) -> None:
        self.options, self.cancelled, self.started = options, cancelled, started
        self.told = (math.inf, -math.inf)

    def tell(self, cost: float, bound: float) -> None:
        """Tell of the best cost and the bound, where one of them is new."""
        if self.options.progress is None or self.cancelled.is_set() or self.told == (cost, bound):
            return
        self.told = cost, bound
        gap, seconds = relative_gap(cost, bound, 0.0), time.monotonic() - self.started
        try:
            self.options.progress(Progress(1, 1, 0, 1, cost, bound, gap, seconds))
        except KeyboardInterrupt:
            self.cancelled.set(KeyboardInterrupt.__name__)
        except Exception as error:
            self.cancelled.set(f"{type(error).__name__}: {error}")


def proven(
    problem: TotalQuantityProblem, found: Found, options: SolveOptions, cancelled: Interruption, seconds: float
) -> Result[TotalQuantityPlan]:
    """Return the result of a search that took so many seconds."""
    plan = plan_of(problem, found.bought)
    checked = check(problem, plan)
    value = math.fsum(checked.terms.values())
    stage = Stage(
        goal=" + ".join(checked.terms),
        unit="",
        value=value,
        reached=value,
        bound=min(found.bound, value),
        today=0.0,
        tolerance=0.0,
    )
    stop = _stop(stage, found, options, cancelled)
    reached = stage.gap <= options.gap + ROUNDING
    provenance = Provenance(
        gst_opt=version("gst_opt"),
        highspy=version("highspy"),
        pyomo=version("pyomo"),
        python=platform.python_version(),
        question=type(problem).__name__,
        problem_digest=hashlib.sha256(problem.model_dump_json().encode()).hexdigest(),
        gap=options.gap,
        seconds_allowed=options.seconds,
        nodes_allowed=options.nodes,
        seed=options.seed,
        seconds=seconds,
        columns=found.columns,
        rows=found.rows,
        parts=1,
        cut_by_time=stop in (Stop.TIME, Stop.INTERRUPT),
        coefficient_range=None,
        attempts=(),
        interrupted_by=cancelled.why,
    )
    if checked.violations:
        return Result(Status.REJECTED, stop, None, (stage,), (), checked.violations, provenance)
    terms = tuple(
        TermValue(name=name, unit="", today=0.0, planned=planned, constant=0.0)
        for name, planned in checked.terms.items()
    )
    status = Status.OPTIMAL if reached else Status.FEASIBLE
    return Result(status, stop, plan, (stage,), terms, (), provenance)


def _stop(stage: Stage, found: Found, options: SolveOptions, cancelled: Interruption) -> Stop:
    """Say why the search ended."""
    if stage.gap <= ROUNDING:
        return Stop.PROOF
    if stage.gap <= options.gap + ROUNDING:
        return Stop.GAP
    if cancelled.is_set():
        return Stop.INTERRUPT
    return Stop.NODES if found.cut_by_nodes else Stop.TIME
