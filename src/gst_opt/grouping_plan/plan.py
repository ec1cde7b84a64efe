"""The answer: the plan of every part, what ties them, and what the budget pays."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.model.problem import Plan, PlanTable
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.support.hubs.plan import HubPlan


class TieKind(StrEnum):
    """What a tie ties."""

    STAFF = "staff"
    SUPPLIES = "supplies"
    BUDGET = "budget"


class Tie(Frozen):
    """A quantity of one part that another part bounds."""

    tie: TieKind = Field(
        description="staff (hours that platforms and hubs take, of those that the staff plan leaves), supplies (units "
        "that acts use, of those bought) or budget (money spent)"
    )
    facility: str | None = Field(description="Facility; empty: all together")
    subject: str | None = Field(description="Skill or need; empty: money")
    unit: str = Field(description="Unit of the figures")
    used: float = Field(description="What is taken", json_schema_extra={"unit": "unit"})
    bound: float = Field(description="What there is", json_schema_extra={"unit": "unit"})
    slack: float = Field(
        description="What is left; below zero where acts use more than is bought, which is short at a price",
        json_schema_extra={"unit": "unit"},
    )
    binding: bool = Field(description="Whether nothing is left")


class Spending(Frozen):
    """What one line of money takes of the year's budget."""

    line: str = Field(description="Line, a term of a part; what is paid once by its annuity")
    mad: float = Field(description="Money of the year", json_schema_extra={"unit": "MAD"})


class GroupingPlan(Plan):
    """The parts' plans, the ties between them, and the year's budget."""

    location: LocationPlan | None = Field(default=None, description="Platforms and beds; empty: not asked")
    staff: RedeploymentPlan | None = Field(default=None, description="Heads that move; empty: not asked")
    awards: AwardPlan | None = Field(default=None, description="The year's tender; empty: not asked")
    support: HubPlan | None = Field(default=None, description="Support functions and hubs; empty: not asked")
    ties: tuple[Tie, ...] = Field(default=(), description="Ties")
    spending: tuple[Spending, ...] = Field(default=(), description="The year's budget")

    @property
    def parts(self) -> dict[str, Plan]:
        """Plans of the questions asked, by name."""
        every: dict[str, Plan | None] = {
            "location": self.location,
            "staff": self.staff,
            "awards": self.awards,
            "support": self.support,
        }
        return {name: plan for name, plan in every.items() if plan is not None}

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: ties, the budget, and the tables of every part under its name."""
        return (
            PlanTable.of("ties", Tie, self.ties),
            PlanTable.of("spending", Spending, self.spending),
            *(
                table.replace(name=f"{name}_{table.name}")
                for name, plan in self.parts.items()
                for table in plan.tables()
            ),
        )
