"""The answer: who does which function for whom, hubs and their sizes, changes, staff, money."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Hours, Mad, Minutes, Quantity
from gst_opt.model.problem import Plan, PlanTable


class Reason(StrEnum):
    """Why a function stays as it is done today."""

    NO_HUB_IN_REACH = "no_hub_in_reach"
    LOW_QUALITY = "low_quality"
    NOT_CHOSEN = "not_chosen"


class Assignment(Frozen):
    """Who does a function for a facility, at the end of a period."""

    support_function: str = Field(description="Function")
    facility: str = Field(description="Facility that needs it")
    period: str = Field(description="Period")
    hub: str | None = Field(description="Hub; empty: as today")
    minutes: Minutes = Field(description="Journey to who does it, one way")
    quantity: Quantity = Field(description="Volume of the period, in the function's driver")
    reason: Reason | None = Field(
        description="Why it is done as today: no_hub_in_reach, low_quality (all hubs in reach are below the floor), "
        "not_chosen (it costs less, or goals and decisions say so); empty: a hub does it"
    )


class HubSize(Frozen):
    """A hub at work."""

    support_function: str = Field(description="Function")
    hub: str = Field(description="Hub")
    period: str = Field(description="Period")
    capacity: Quantity = Field(description="Most volume in a year, at the end of the period; 0: it has closed")
    quantity: Quantity = Field(description="Volume done in the period, in the function's driver")
    facilities: int = Field(
        ge=0, description="Facilities served at the end of the period", json_schema_extra={"unit": "unit"}
    )


class Migration(Frozen):
    """A change of hub."""

    support_function: str = Field(description="Function")
    facility: str = Field(description="Facility that needs it")
    month: str = Field(description="Month on whose first day it changes")
    origin: str | None = Field(description="Hub before; empty: as today")
    hub: str = Field(description="Hub after")
    cost: Mad = Field(description="Cost of the change")


class StaffHours(Frozen):
    """Hours of a skill that a facility no longer needs, or that a hub needs."""

    facility: str = Field(description="Facility")
    skill: str = Field(description="Skill")
    period: str = Field(description="Period")
    hours_freed: Hours = Field(description="Hours that functions taken over by hubs took there")
    hours_needed: Hours = Field(description="Hours that its own hubs need")


class Spending(Frozen):
    """What a function costs in a period, not discounted; State salaries left out."""

    support_function: str = Field(description="Function")
    period: str = Field(description="Period")
    as_today: Mad = Field(description="What is done as today")
    hub_sizes: Mad = Field(description="Hubs, by their size")
    hub_volumes: Mad = Field(description="Hubs, by their volume")
    carriage: Mad = Field(description="Carriage between facilities and hubs")
    openings: Mad = Field(description="Works and equipment of hubs, paid once")
    migrations: Mad = Field(description="Changes of hub, paid once")
    cost: Mad = Field(description="All of these")
    cost_unchanged: Mad = Field(description="Cost if nothing changes")
    saving: float = Field(
        description="Cost if nothing changes less the plan's; below 0 where works are paid",
        json_schema_extra={"unit": "MAD"},
    )


class HubPlan(Plan):
    """Who does what for whom, hubs, changes, staff, money."""

    spending: tuple[Spending, ...] = Field(description="Money by function and period")
    hubs: tuple[HubSize, ...] = Field(description="Hubs at work")
    migrations: tuple[Migration, ...] = Field(description="Changes of hub")
    staff: tuple[StaffHours, ...] = Field(description="Hours freed and needed")
    assignments: tuple[Assignment, ...] = Field(description="Who does what for whom")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan: spending, hubs, migrations, staff, assignments."""
        return (
            PlanTable.of("spending", Spending, self.spending),
            PlanTable.of("hubs", HubSize, self.hubs),
            PlanTable.of("migrations", Migration, self.migrations),
            PlanTable.of("staff", StaffHours, self.staff),
            PlanTable.of("assignments", Assignment, self.assignments),
        )
