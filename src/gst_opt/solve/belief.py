"""What a run of HiGHS claims, whether it is believed, and what is tried next when it is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.text import Lang, say


class Ended(IntEnum):
    """How a run ended, from the best to the worst."""

    OPTIMAL = 0
    NODES = 1
    LIMIT = 2
    INTERRUPT = 3
    FAULT = 4
    INFEASIBLE = 5


class Claim(StrEnum):
    """What a status of HiGHS says about the problem."""

    OPTIMAL = "optimal"
    NODES = "nodes"
    LIMIT = "limit"
    INTERRUPT = "interrupt"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    EITHER = "either"
    MEMORY = "memory"
    NOTHING = "nothing"


CLAIMS: Mapping[str, Claim] = {
    "kNotset": Claim.NOTHING,
    "kLoadError": Claim.NOTHING,
    "kModelError": Claim.NOTHING,
    "kPresolveError": Claim.NOTHING,
    "kSolveError": Claim.NOTHING,
    "kPostsolveError": Claim.NOTHING,
    "kModelEmpty": Claim.NOTHING,
    "kOptimal": Claim.OPTIMAL,
    "kInfeasible": Claim.INFEASIBLE,
    "kUnboundedOrInfeasible": Claim.EITHER,
    "kUnbounded": Claim.UNBOUNDED,
    "kObjectiveBound": Claim.NOTHING,
    "kObjectiveTarget": Claim.NOTHING,
    "kTimeLimit": Claim.LIMIT,
    "kIterationLimit": Claim.NOTHING,
    "kUnknown": Claim.NOTHING,
    "kSolutionLimit": Claim.NODES,
    "kInterrupt": Claim.INTERRUPT,
    "kMemoryLimit": Claim.MEMORY,
    "kHighsInterrupt": Claim.INTERRUPT,
}
"""Every member of `HighsModelStatus`. Limits on the objective and on iterations are never set, and an empty model is
never sent; a solution limit is that of nodes. Anything else that HiGHS may say one day is `Claim.NOTHING`."""


class Refusal(StrEnum):
    """Why a run is not believed."""

    STATUS = "status"
    DIED = "died"
    MEMORY = "memory"
    POINT = "point"
    ROWS = "rows"
    GAP = "gap"
    CONTRADICTED = "contradicted"
    START = "start"
    ALONE = "alone"
    UNBOUNDED = "unbounded"


class Attempt(Frozen):
    """One run of the solver that was not believed, or the one that was after it."""

    options: str = Field(description="What was changed from the usual options; empty for the first attempt")
    status: str = Field(description="Status that the solver gave; died when its process ended without an answer")
    refused: Refusal | None = Field(description="Why it was not believed; empty when it was")

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it on one line."""
        key = "solve.attempt_believed" if self.refused is None else f"solve.refused_{self.refused}"
        start = f"{self.options}: " if self.options else ""
        return f"{start}{self.status}: {say(key, lang)}"


@dataclass(frozen=True)
class Rung:
    """One step of the retry ladder.

    Attributes
    ----------
    seed
        Added to the seed asked for.
    presolve
        Whether presolve runs.
    jump
        Whether the heuristic that HiGHS#3262 crashes in runs.
    """

    seed: int = 0
    presolve: bool = True
    jump: bool = True

    @property
    def name(self) -> str:
        """What it changes, such as ``seed + 1``."""
        changes = ((f"seed + {self.seed}", self.seed), ("presolve off", not self.presolve), ("jump off", not self.jump))
        return ", ".join(name for name, changed in changes if changed)

    def options(self, seed: int) -> dict[str, object]:
        """Return the options of HiGHS that it sets."""
        return {
            "random_seed": (seed + self.seed) % 2**31,
            "presolve": "choose" if self.presolve else "off",
            "mip_heuristic_run_feasibility_jump": self.jump,
        }


WITHOUT_PRESOLVE = Rung(presolve=False)
LADDER = (Rung(), Rung(seed=1), WITHOUT_PRESOLVE, Rung(seed=1, jump=False))
"""Presolve is turned off only where no 0/1 column lets much through: without it HiGHS takes a millionth for zero."""
