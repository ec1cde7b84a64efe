"""The question: which staff, platforms, purchases and hubs together, so that fewer needs go unmet within one budget?"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.stocks import Stocks
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Problem
from gst_opt.pillars.platforms.location.policy import MONEY
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.staff.redeployment.problem import Priority, RedeploymentProblem
from gst_opt.pillars.support.hubs.policy import INVESTMENTS
from gst_opt.pillars.support.hubs.policy import MONEY as HUB_MONEY
from gst_opt.pillars.support.hubs.problem import HubProblem
from gst_opt.text import Message

PAID = ("supplies", "supplier_contracts", "deliveries", "kept_references", "new_references")
"""Lines of the tender that are paid."""

LENGTH = 1e-9
"""Room for rounding in the length of the calendar, in years."""


class GroupingProblem(Frozen, Problem[GroupingPlan]):
    """The grouping's questions of one year, tied: staff runs platforms, acts use purchases, one budget pays.

    Raises
    ------
    DataError
        If the calendar is not of one year, platforms or hubs are planned for several years, demand may turn out in
        several ways, no question is asked, or a part refuses its data.
    """

    grouping: Grouping = Field(description="The grouping")
    policy: GroupingPolicy = Field(default=GroupingPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: GroupingPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(grouping=grouping, policy=policy or GroupingPolicy())

    @cached_property
    def location(self) -> LocationProblem | None:
        """Platforms and beds, if asked, with the staff of today."""
        return None if self.policy.location is None else LocationProblem.of(self.grouping, self.policy.location)

    @cached_property
    def staff(self) -> RedeploymentProblem | None:
        """Heads that move, if asked.

        Need in skills that platforms take weighs less where platforms are asked: the same hours are in their acts.
        """
        policy = self.policy.staff
        if policy is None:
            return None
        own = tuple(Priority(skill=one, weight=self.policy.platform_skill_weight) for one in self.platform_skills)
        return RedeploymentProblem.of(self.grouping, policy.replace(priorities=(*policy.priorities, *own)))

    @cached_property
    def awards(self) -> AwardProblem | None:
        """The year's tender, if asked, for the acts of today.

        Whole packs, and how supplies travel, are questions for later: here any quantity is sold and delivered.
        """
        if self.policy.awards is None:
            return None
        tenders = self.grouping.tenders
        offers = tuple(offer.replace(pack=None) for offer in tenders.offers)
        asked = AwardProblem.of(self.grouping, self.policy.awards)
        return asked.replace(stocks=Stocks(), tenders=tenders.replace(offers=offers))

    @cached_property
    def support(self) -> HubProblem | None:
        """Support functions and their hubs, if asked."""
        return None if self.policy.support is None else HubProblem.of(self.grouping, self.policy.support)

    @property
    def parts(self) -> dict[str, Problem[Any]]:
        """Questions asked, by name."""
        every = {"location": self.location, "staff": self.staff, "awards": self.awards, "support": self.support}
        return {name: problem for name, problem in every.items() if problem is not None}

    @cached_property
    def platform_skills(self) -> tuple[str, ...]:
        """Skills that platforms, beds or experts take; none where platforms are not asked or staff is no limit."""
        if self.policy.location is None or not self.policy.location.staff_limit:
            return ()
        equipment = self.grouping.equipment
        taken = {row.skill for rows in (equipment.session_staff, equipment.expert_times) for row in rows}
        return tuple(sorted(taken | {row.skill for row in equipment.ward_staff}))

    @property
    def skills(self) -> frozenset[str]:
        """Skills that have staff: those of others are no limit to anybody."""
        return frozenset(row.skill for row in self.grouping.workforce.staff)

    @cached_property
    def services(self) -> frozenset[str]:
        """Services whose acts the plan decides."""
        return frozenset() if self.location is None else frozenset(one.service for one in self.location.streams)

    @property
    def year(self) -> int:
        """The year planned: that of the calendar, or 2026 without any."""
        periods = self.grouping.horizon.periods
        return periods[0].start.year if periods else 2026

    @property
    def periods(self) -> dict[str, float]:
        """Length in years of every period of the calendar; of ``*``, one year, without any."""
        return {period.id: period.years for period in self.grouping.horizon.periods} or {"*": 1.0}

    @property
    def tied_staff(self) -> bool:
        """Whether platforms run with the staff that the staff plan leaves at their site."""
        location = self.location
        return (
            self.staff is not None
            and location is not None
            and location.policy.staff_limit
            and bool(location.workforce.staff)
        )

    @property
    def tied_supplies(self) -> bool:
        """Whether acts use what the tender buys."""
        return self.location is not None and self.awards is not None

    @property
    def borne(self) -> dict[str, float]:
        """Share of every line of money, by the name of its term, that the year's budget bears."""
        policy = self.policy
        found = {} if policy.location is None else dict.fromkeys(MONEY, 1.0) | {"purchases": policy.annuity}
        found |= {} if policy.staff is None else {"premiums": 1.0}
        found |= {} if policy.awards is None else dict.fromkeys(PAID, 1.0)
        once = dict.fromkeys(INVESTMENTS, policy.annuity)
        return found if policy.support is None else found | dict.fromkeys(HUB_MONEY, 1.0) | once

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the policy's goals, or without any the sum of all terms at their prices."""
        return self.policy.goals or in_mad(self.policy.prices)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        problems = [*self._one_year()]
        if problems:
            raise DataError(problems)
        _ = self.parts
        return self

    def _one_year(self) -> Iterator[DataProblem]:
        """Yield what is not of one year, and a plan of nothing."""
        location, length = self.policy.location, sum(self.periods.values())
        support = self.policy.support
        if location is None and self.policy.staff is None and self.policy.awards is None and support is None:
            yield DataProblem("policy", 1, "location", "", Message("grouping_plan.some_question"))
        if abs(length - 1) > LENGTH:
            yield DataProblem("periods", 1, "", f"{length:g}", Message("grouping_plan.one_year"))
        if location is not None and location.years != 1:
            yield DataProblem("policy", 1, "years", str(location.years), Message("grouping_plan.one_year"))
        if support is not None and support.years != 1:
            yield DataProblem("policy", 1, "years", str(support.years), Message("grouping_plan.one_year"))
        if location is not None and location.scenarios:
            found = str(len(location.scenarios))
            yield DataProblem("policy", 1, "scenarios", found, Message("grouping_plan.one_demand"))
