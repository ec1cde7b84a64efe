"""What the grouping has decided about its support functions: years, changes, discount, goals, pins."""

from pydantic import Field

from gst_opt.core.units import FacilityId, PeriodId, SupportFunctionId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy

MONEY = ("as_today", "hub_sizes", "hub_volumes", "carriage", "openings", "migrations")
"""Lines of money, each a term; they add up to what is paid."""
INVESTMENTS = ("openings", "migrations")
"""Lines that are paid once; the others are spent on running."""


class HubPin(Pin):
    """A decision already taken: functions of facilities done as it selects, counted at the end of each period."""

    support_function: SupportFunctionId | None = Field(default=None, description="Function; empty: all")
    facility: FacilityId | None = Field(default=None, description="Facility that needs it; empty: all")
    hub: FacilityId | None = Field(default=None, description="Hub that does it; empty: any hub, unless as_today says")
    as_today: bool = Field(
        default=False, description="true: what is done as today is counted; false: what hubs do is counted"
    )
    period: PeriodId | None = Field(default=None, description="Period planned; empty: every one")

    def selects(self, function: str, facility: str, hub: str | None) -> bool:
        """Say whether the pin counts a facility's function done by a hub (none: as today)."""
        if self.support_function not in (None, function) or self.facility not in (None, facility):
            return False
        return hub is None if self.as_today else hub is not None and self.hub in (None, hub)


class HubPolicy(Policy):
    """What the grouping has decided about its support functions."""

    years: int = Field(
        default=5,
        ge=1,
        le=15,
        description="Years planned, from the calendar's first period. 5: the accounts of a grouping look five years "
        "ahead",
        json_schema_extra={"unit": "year"},
    )
    change_years: int | None = Field(
        default=None,
        ge=1,
        description="Years in which facilities and hubs may change, from the first one on; empty: all",
        json_schema_extra={"unit": "year"},
    )
    max_changes: int = Field(
        default=1,
        ge=0,
        description="Changes of hub of a function at a facility in a calendar year, at most. 1: a team learns one "
        "way of working a year; 0: nothing changes",
        json_schema_extra={"unit": "unit"},
    )
    discount_rate: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="Discount of money by year. 0.05: near the yield of long Treasury bonds, as for platforms, an "
        "estimate of ours",
        json_schema_extra={"unit": "share"},
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: the sum of all money. Terms: as_today, hub_sizes, "
        "hub_volumes, carriage, openings, migrations (MAD, discounted), distance (minutes between facilities and who "
        "does their functions, one way), below_floor (functions of facilities done below the quality asked of hubs), "
        "staff_hours and staff_hours[skill] (hours that hubs need beyond those freed); the last three as means a year",
    )
    pins: tuple[HubPin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any all money."""
        return self.goals or in_mad(dict.fromkeys(MONEY, 1.0))
