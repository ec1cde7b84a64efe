"""What is proven of each part of a grouping plan, as data."""

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.model.goals import Goal
from gst_opt.model.problem import PlanTable
from gst_opt.solve.result import ROUNDING, relative_gap


class PartProof(Frozen):
    """What one part of a grouping plan costs, and what it cannot cost less than while the others stay as they are."""

    part: str = Field(description="location, staff, awards or support")
    today: float = Field(description="Its share of the sum when nothing changes", json_schema_extra={"unit": "MAD"})
    planned: float = Field(description="The same with the plan", json_schema_extra={"unit": "MAD"})
    bound: float | None = Field(
        description="No plan of it that fits the others can cost less; empty when nothing was proven",
        json_schema_extra={"unit": "MAD"},
    )
    target: float = Field(description="Gap asked for")

    @property
    def gap(self) -> float:
        """Relative distance between what it costs and its bound, as of a goal; infinite without a bound."""
        return float("inf") if self.bound is None else relative_gap(self.planned, self.bound, self.today)

    @property
    def reached(self) -> bool:
        """Whether the gap asked for is proven."""
        return self.gap <= self.target + ROUNDING


PARTS = ("location", "staff", "awards", "support")


def prices_of(policy: GroupingPolicy, name: str, goal: Goal) -> dict[str, float]:
    """Return what the terms of one part are weighed by in a goal of the whole."""
    own = policy.replace(**{one: None for one in PARTS if one != name}).prices
    return {weight.term: weight.weight for weight in goal.weights if weight.term in own}


def proofs_table(proofs: tuple[PartProof, ...]) -> PlanTable:
    """Describe the proofs as a table; a bound further away than all that a part costs says nothing and is empty."""
    rows = tuple(
        (one.part, one.today, one.planned, *((one.bound, one.gap) if one.gap <= 1 else (None, None)), one.target)
        for one in proofs
    )
    return PlanTable(name="parts", columns=("part", "today", "planned", "bound", "gap", "gap_asked"), rows=rows)
