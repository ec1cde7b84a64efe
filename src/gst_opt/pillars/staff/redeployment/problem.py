"""The question: which heads should move from one facility to another, so that more of the need is covered, fairly?"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level
from gst_opt.core.units import FacilityId, Heads, Mad, Minutes, Share, SkillId
from gst_opt.model.goals import Goals
from gst_opt.model.problem import Pin, Policy, Problem
from gst_opt.pillars.staff.question import StaffProblem
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan


class MovePin(Pin):
    """A decision about moves and missions: the heads that go between the selected places in the selected skill."""

    origin: FacilityId | None = Field(default=None, description="Facility that they leave; empty: any")
    host: FacilityId | None = Field(default=None, description="Facility that they join; empty: any")
    skill: SkillId | None = Field(default=None, description="Skill; empty: any")

    def selects(self, origin: str, host: str, skill: str) -> bool:
        """Say whether the pin counts a move."""
        return self.origin in (None, origin) and self.host in (None, host) and self.skill in (None, skill)


class Priority(Frozen):
    """How much the need of some teams weighs; the weights of all priorities that a team falls under multiply."""

    skill: SkillId | None = Field(default=None, description="Skill; empty: any")
    level: Level | None = Field(default=None, description="Level of the facility; empty: any")
    facility: FacilityId | None = Field(default=None, description="Facility; empty: any")
    weight: float = Field(gt=0, description="Weight of one FTE uncovered", json_schema_extra={"unit": "ratio"})

    def holds_for(self, facility: Facility, skill: str) -> bool:
        """Say whether a team falls under it."""
        return (
            self.skill in (None, skill)
            and self.level in (None, facility.level)
            and self.facility in (None, facility.id)
        )


class EquityKind(StrEnum):
    """How the uncovered shares of the provinces are compared."""

    LEXIMIN = "leximin"
    MAX_MIN = "max_min"
    WORST_MEAN = "worst_mean"
    NONE = "none"


class Equity(Frozen):
    """Fairness between provinces, by the share of their need that is covered."""

    kind: EquityKind = Field(
        default=EquityKind.LEXIMIN,
        description="leximin: the worst-off province first, then the second worst-off, ...; max_min: the worst-off "
        "only; worst_mean: the mean of the worst-off; none. A choice of the grouping; leximin wastes nothing",
    )
    worst: int = Field(
        default=2,
        ge=1,
        description="Worst-off provinces whose mean worst_mean improves",
        json_schema_extra={"unit": "province"},
    )
    gini_ceiling: Share | None = Field(
        default=None,
        description="Highest Gini coefficient of the provinces' covered shares, 0 (all equal) to 1; empty: no ceiling",
    )
    coverage_floor: Share | None = Field(
        default=None,
        description="Lowest share of all need that is covered; empty: no less than today, so that nothing is made "
        "fair by taking from the better-off alone",
    )


class RedeploymentPolicy(Policy):
    """What the grouping has decided about moves."""

    max_travel: Minutes = Field(
        default=60.0,
        description="Longest journey from the present post to the new one, one way, in minutes. No Moroccan text sets "
        "a distance (the mobility decree was not published by January 2026): the grouping decides",
    )
    kept_share: Share = Field(
        default=1.0,
        description="Share of the need (or of the team, when smaller) that every facility keeps of its own heads. "
        "1: nobody is taken from a facility that is short",
    )
    backfill: bool = Field(
        default=False,
        description="Whether those who join a team count against those who leave it. false: nobody leaves before a "
        "replacement is there, the practice reported for transfers",
    )
    voluntary: bool = Field(
        default=False,
        description="Whether only heads that have named the new facility as a wish move. The grouping decides",
    )
    worst_rank: int | None = Field(
        default=None,
        ge=1,
        description="Lowest rank of a wish that counts, when moves are voluntary; empty: any. The grouping decides",
        json_schema_extra={"unit": "rank"},
    )
    premium_budget: Mad | None = Field(
        default=None, description="Premiums of all moves and missions, a year, at most; empty: no limit. Its budget"
    )
    max_moves: Heads | None = Field(
        default=None, description="Heads that move or go on mission, at most; empty: no limit. The grouping decides"
    )
    max_approvals: Heads | None = Field(
        default=None,
        description="Permanent moves that need prior approval by the central administration, at most; empty: no "
        "limit, each is flagged. The memo in force since 10 November 2025 sets no number",
    )
    max_missions: Heads = Field(
        default=0,
        description="Heads whose permanent move would need approval sent on temporary mission instead, at most. 0: "
        "no missions. The grouping decides",
    )
    priorities: tuple[Priority, ...] = Field(
        default=(), description="Needs that weigh more or less than 1. The grouping's medical programme decides"
    )
    equity: Equity = Field(default=Equity(), description="Fairness between provinces")
    goals: Goals | None = Field(
        default=None,
        description="What to minimise, in order; empty: unfairness as `equity` says, uncovered need (FTE), premiums "
        "(MAD), minutes between old and new posts, heads moved",
    )
    pins: tuple[MovePin, ...] = Field(default=(), description="Decisions already taken, each with its reason")


class RedeploymentProblem(StaffProblem, Problem[RedeploymentPlan]):
    """Staff redeployment: needs, heads in post, and what moves are allowed.

    Raises
    ------
    DataError
        If a pin or a priority names a facility or a skill that the data does not have.
    """

    policy: RedeploymentPolicy = Field(default=RedeploymentPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: RedeploymentPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            region=grouping.region,
            workforce=grouping.workforce,
            activity=grouping.activity,
            horizon=grouping.horizon,
            policy=policy or RedeploymentPolicy(),
        )

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        problems = [
            *self.unknown_ids("pins", self.policy.pins),
            *self.unknown_ids("priorities", self.policy.priorities),
        ]
        if problems:
            raise DataError(problems)
        return self
