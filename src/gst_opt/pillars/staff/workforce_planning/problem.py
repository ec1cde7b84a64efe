"""The question: which posts to open, whom to train and whom to move, period by period, as people leave and retire?"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, DataProblem, GstOptError, expect
from gst_opt.core.grouping import Grouping
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.units import FacilityId, Heads, Identifier, Label, Mad, Minutes, Share, SkillId
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import Pin, Policy, Problem
from gst_opt.pillars.staff.question import StaffProblem
from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
from gst_opt.text import Message


class Decision(StrEnum):
    """What a pin decides."""

    MOVES = "moves"
    POSTS = "posts"
    TRAINEES = "trainees"


class WorkforcePin(Pin):
    """A decision about heads moved, posts opened or heads that begin a training, summed over what it selects."""

    decision: Decision = Field(description="moves, posts or trainees")
    facility: FacilityId | None = Field(
        default=None, description="Facility that heads join, where posts open, or that trainees leave; empty: any"
    )
    origin: FacilityId | None = Field(default=None, description="Facility that heads leave, for moves; empty: any")
    skill: SkillId | None = Field(default=None, description="Skill (the one learnt, for trainees); empty: any")
    period: Identifier | None = Field(
        default=None, description="Period (calendar year, such as 2026, for posts); empty: any"
    )

    def selects(self, decision: Decision, period: str, places: tuple[str, str], skill: str) -> bool:
        """Say whether the pin counts a decision; `places` are the facility left and the one joined."""
        return (
            decision is self.decision
            and self.period in (None, period)
            and self.origin in (None, places[0])
            and self.facility in (None, places[1])
            and self.skill in (None, skill)
        )


class WorkforcePolicy(Policy):
    """What the grouping has decided about the years to come."""

    grain: Literal[Grain.YEAR, Grain.QUARTER, Grain.MONTH] = Field(
        default=Grain.QUARTER, description="Length of the periods: year, quarter or month"
    )
    start: date | None = Field(
        default=None, description="A day of the first period; empty: the first day of the grouping's calendar"
    )
    periods: int = Field(
        default=8,
        ge=1,
        le=60,
        description="Number of periods; 8 quarters are two budget years. A year of which the plan has a part brings "
        "that part of its new posts, training places and newcomers, rounded down",
    )
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
    leaving_share: Share = Field(
        default=0.25,
        description="Share of a team of today that may leave it in one period, moved or in training, and of all heads "
        "of a facility; rounded down but at least one head: neither is emptied at once. The grouping decides",
    )
    onward_moves: bool = Field(
        default=False,
        description="Whether who has arrived during the plan may be moved on, or trained, once the minimum tenure is "
        "over. Not by default: nobody is planned to move twice",
    )
    moves_per_period: Heads | None = Field(default=None, description="Heads moved in one period at most; empty: any")
    approved_moves: Heads | None = Field(
        default=None,
        description="Moves, over the plan, of skills that need the central administration's approval; empty: any",
    )
    yearly_budget: Mad | None = Field(
        default=None, description="Incentives and trainings paid in one calendar year at most; empty: no limit"
    )
    counted: tuple[Label, ...] = Field(
        default=(),
        description="Professional groups that a target for * counts; empty: the skills that the data marks as health "
        "professionals",
    )
    uncovered_price: Mad = Field(
        default=250_000.0,
        ge=0,
        description="Price of one FTE of need left uncovered for a year. 250,000: full yearly cost of a post (general "
        "practitioner 235,000, specialist 310,000, nurse 150,000), an estimate of ours",
    )
    shortfall_price: Mad = Field(
        default=50_000.0,
        ge=0,
        description="Price of one head missing to a target at the end of a year. 50,000: a fifth of a post's cost, as "
        "heads per inhabitants say less than the need of a team; an estimate of ours, the grouping decides",
    )
    move_price: Mad = Field(
        default=20_000.0,
        ge=0,
        description="Price of moving one head. 20,000: a month of a post's cost, lost in moving and settling in; an "
        "estimate of ours, the grouping decides",
    )
    minute_price: Mad = Field(
        default=750.0,
        ge=0,
        description="Price of a minute between the old post of one head and the new one. 750: two journeys a day on "
        "217 days of one year, a kilometre a minute at 1.75 MAD (decree 2-97-1053), as if nobody changed home",
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: one sum in MAD, of money and of the other terms at the prices above. To "
        "order goals: uncovered (FTE x years: a post covered early counts longer, and no province waits for the last "
        "quarter), target_shortfall (heads), spending (MAD), moves (heads), travel (minutes between old and new post)",
    )
    pins: tuple[WorkforcePin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def prices(self) -> dict[str, float]:
        """Price of every term, in MAD per unit of it."""
        return {
            "uncovered": self.uncovered_price,
            "target_shortfall": self.shortfall_price,
            "spending": 1.0,
            "moves": self.move_price,
            "travel": self.minute_price,
        }

    @property
    def chosen_goals(self) -> Goals:
        """What to minimise: the goals, or without any the sum at its prices."""
        return self.goals or in_mad(self.prices)


class WorkforcePlanningProblem(StaffProblem, Problem[WorkforcePlan]):
    """Workforce planning: needs, heads and careers, the posts and trainings that may be had, and what is allowed.

    Raises
    ------
    DataError
        If a pin names a facility, a skill, a period or a year that the data or the plan does not have.
    GstOptError
        If neither the policy nor the grouping says when the plan starts.
    """

    policy: WorkforcePolicy = Field(default=WorkforcePolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: WorkforcePolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            region=grouping.region,
            workforce=grouping.workforce,
            activity=grouping.activity,
            horizon=grouping.horizon,
            policy=policy or WorkforcePolicy(),
        )

    @property
    def counted_skills(self) -> frozenset[str]:
        """Skills whose heads count towards a target for all professions."""
        groups = self.policy.counted
        return frozenset(
            skill.id
            for skill in self.workforce.skills
            if (skill.profession in groups if groups else skill.health_professional)
        )

    def calendar(self) -> Horizon:
        """Return the periods of the plan."""
        start = self.policy.start or self.horizon.periods[0].start
        return Horizon.of(self.policy.grain, start, self.policy.periods)

    @model_validator(mode="after")
    def _has_a_start(self) -> Self:
        if self.policy.start is None and not self.horizon.periods:
            raise GstOptError(Message("workforce.no_start"))
        return self

    @model_validator(mode="after")
    def _pins_name_what_exists(self) -> Self:
        problems = [*self.unknown_ids("pins", self.policy.pins), *self._unknown_periods()]
        if problems:
            raise DataError(problems)
        return self

    def _unknown_periods(self) -> Iterator[DataProblem]:
        periods = {period.id for period in self.calendar().periods}
        years = {str(period.start.year) for period in self.calendar().periods}
        for position, pin in enumerate(self.policy.pins, 1):
            known = years if pin.decision is Decision.POSTS else periods
            if pin.period is not None and pin.period not in known:
                expected = Message("core.unknown_reference", {"table": "periods"})
                yield DataProblem("pins", position, "period", pin.period, expected)
