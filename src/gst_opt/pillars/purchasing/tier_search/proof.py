"""From what a search leaves to a result: the value of its plan, checked, beside the bound proven."""

import math
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import Check, Plan
from gst_opt.pillars.purchasing.tier_search.search import Found
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
from gst_opt.solve.run import problem_digest

P = TypeVar("P", bound=Plan)


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


@dataclass(frozen=True)
class Ended:
    """How a search was asked for and how it ended: options, interruption, seconds that it took, what it found."""

    options: SolveOptions
    cancelled: Interruption
    seconds: float
    found: Found


def proven(problem: Frozen, plan: P, checked: Check, ended: Ended, unit: str = "") -> Result[P]:
    """Return the result of a search: the plan and what its check found, beside the bound proven.

    Parameters
    ----------
    problem, plan, checked
        The question, the plan that the search found, and what the independent check says of it.
    ended
        How the search ended.
    unit
        Unit of all terms.
    """
    options, cancelled, found = ended.options, ended.cancelled, ended.found
    value = math.fsum(checked.terms.values())
    stage = Stage(
        goal=" + ".join(checked.terms),
        unit=unit,
        value=value,
        reached=value,
        bound=min(found.bound, value),
        today=math.fsum(checked.today.values()),
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
        problem_digest=problem_digest(problem),
        gap=options.gap,
        seconds_allowed=options.seconds,
        nodes_allowed=options.nodes,
        seed=options.seed,
        seconds=ended.seconds,
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
        TermValue(
            name=name,
            unit=unit,
            today=checked.today[name],
            planned=planned,
            constant=checked.constants.get(name, 0.0),
        )
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
