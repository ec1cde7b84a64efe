"""How a solve is asked for, and what it reports while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from gst_opt.core.frozen import Frozen


@dataclass(frozen=True)
class Progress:
    """What a solve reports each time a part is done.

    Attributes
    ----------
    part, parts
        Parts done and parts in all.
    seconds
        Time since the start.
    """

    part: int
    parts: int
    seconds: float


class SolveOptions(Frozen):
    """Limits of a solve."""

    gap: float = Field(default=1e-4, ge=0, description="Stop a goal when its relative gap is at most this")
    seconds: float | None = Field(default=None, ge=0, description="Time limit in seconds; empty: none")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Seed of the solver")
    workers: int = Field(default=2, ge=1, description="Independent parts solved at once, each by one process")
    progress: Callable[[Progress], None] | None = Field(
        default=None, exclude=True, repr=False, description="Called from the calling thread as parts are done"
    )
