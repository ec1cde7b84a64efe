"""How a solve is asked for, and what it reports while it runs."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from pydantic import ConfigDict, Field

from gst_opt.core.frozen import Frozen
from gst_opt.solve.interrupts import Cancellation


@dataclass(frozen=True)
class Progress:
    """What a solve reports: each better point of a part, each better bound, each part done.

    Attributes
    ----------
    part, parts
        The part that reports, from 1, and how many are at work on these goals; parts whose time ran out are counted
        anew when they go on with the time that the others left.
    done
        Parts done.
    stage
        The goal that the part is at: its position in `Result.stages`, from 1, where each round of terms compared is
        one.
    incumbent
        Value of that goal at the part's best point, constants left out; None while there is none, and while only the
        bound is looked for.
    bound
        What no point of the part can be below; None while nothing is proven.
    gap
        As `Stage.gap`, for the part alone and constants left out: ``|incumbent - bound| / max(|incumbent|, |today|,
        1)``, where `today` is the part's value when nothing changes; None without both.
    seconds
        Time since the start of the solve, building included.
    """

    part: int
    parts: int
    done: int
    stage: int
    incumbent: float | None
    bound: float | None
    gap: float | None
    seconds: float


class SolveOptions(Frozen):
    """Limits of a solve, and where it runs.

    Whatever ends a search early (a limit, Ctrl-C, `cancel`, an exception in `progress`, the death of a worker), the
    best plan found is checked and returned with the bound proven so far.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    gap: float = Field(default=1e-4, ge=0, description="Stop a goal when its relative gap is at most this")
    seconds: float | None = Field(default=None, ge=0, description="Time limit in seconds; empty: none")
    nodes: int | None = Field(
        default=None,
        ge=0,
        le=2**31 - 1,
        description="Nodes of the search tree at most, for each goal and part: a limit that gives the same plan again",
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Seed of the solver")
    workers: int = Field(
        default=2,
        ge=1,
        description="Processes at once: one for each independent part; where there is one large part, its bound is "
        "proven beside the search for its plan",
    )
    progress: Callable[[Progress], None] | None = Field(
        default=None,
        exclude=True,
        repr=False,
        description="Called from the calling thread; an exception in it stops the search and is in the provenance",
    )
    cancel: Cancellation | None = Field(
        default=None, exclude=True, repr=False, description="Stops the search from any thread"
    )
    executor: Executor | None = Field(
        default=None,
        exclude=True,
        repr=False,
        description="Runs the parts, `workers` saying how many at once. A thread pool: as without it. Processes: "
        "one for each part, and the parts lost when it breaks keep the plan known. A cluster without common files: "
        "points found are not reported, and an interruption drops the parts not begun and gives up on the others",
    )
    in_process: bool = Field(
        default=False,
        description="Run the solver in threads of this process: no protection against a crash or a hang, and "
        "impossible beside ortools",
    )
