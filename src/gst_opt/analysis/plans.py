"""The plans of a grouping's questions, put together: each may be missing."""

from typing import Self

from pydantic import Field

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.model.problem import Plan
from gst_opt.pillars.platforms.location.plan import NOMINAL, LocationPlan
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.pillars.staff.shared_time.plan import SharedTimePlan
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.text import Message


def of_one_demand(plan: LocationPlan) -> None:
    """Refuse a plan that was made for several ways that demand may turn out.

    Raises
    ------
    GstOptError
        If it is one.
    """
    if ({row.scenario for row in plan.served} | {row.scenario for row in plan.unmet}) - {NOMINAL}:
        raise GstOptError(Message("accounts.one_demand"))


class Plans(Frozen):
    """The answers of several questions about one grouping."""

    location: LocationPlan | None = Field(default=None, description="Platforms and beds; empty: no plan")
    redeployment: RedeploymentPlan | None = Field(default=None, description="Moves; empty: no plan")
    workforce: WorkforcePlan | None = Field(default=None, description="Recruitment and training; empty: no plan")
    shared_time: SharedTimePlan | None = Field(default=None, description="Shared time; empty: no plan")
    awards: AwardPlan | None = Field(default=None, description="The tender; empty: no plan")
    distribution: DistributionPlan | None = Field(default=None, description="Deliveries; empty: no plan")
    hubs: HubPlan | None = Field(default=None, description="Support functions; empty: no plan")

    @classmethod
    def of(cls, *plans: Plan) -> Self:
        """Put plans together; a plan of the whole grouping counts as its parts.

        Raises
        ------
        GstOptError
            If two plans answer the same question, or one is of none of these.
        """
        found: dict[str, Plan] = {}
        for plan in (part for one in plans for part in _parts(one)):
            name = next((name for name, kind in _KINDS.items() if isinstance(plan, kind)), None)
            if name is None or name in found:
                raise GstOptError(Message("accounts.other_plan", {"type": type(plan).__name__}))
            found[name] = plan
        return cls.model_validate(found)

    @classmethod
    def reads(cls, plan: Plan) -> bool:
        """Say whether a plan can be put together with others here."""
        return isinstance(plan, (GroupingPlan, *_KINDS.values()))


_KINDS: dict[str, type[Plan]] = {
    "location": LocationPlan,
    "redeployment": RedeploymentPlan,
    "workforce": WorkforcePlan,
    "shared_time": SharedTimePlan,
    "awards": AwardPlan,
    "distribution": DistributionPlan,
    "hubs": HubPlan,
}


def _parts(plan: Plan) -> tuple[Plan, ...]:
    return tuple(plan.parts.values()) if isinstance(plan, GroupingPlan) else (plan,)
