"""The question: which heads should move from one facility to another, so that more of the need is covered?"""

from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Region
from gst_opt.core.units import FacilityId, Minutes, Share, SkillId
from gst_opt.core.workforce import Workforce
from gst_opt.model.goals import Goals, minimise
from gst_opt.model.problem import Pin, Policy, Problem
from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
from gst_opt.text import Message


class MovePin(Pin):
    """A decision about moves: the heads that move between the selected places in the selected skill."""

    origin: FacilityId | None = Field(default=None, description="Facility that they leave; empty: any")
    host: FacilityId | None = Field(default=None, description="Facility that they join; empty: any")
    skill: SkillId | None = Field(default=None, description="Skill; empty: any")

    def selects(self, origin: str, host: str, skill: str) -> bool:
        """Say whether the pin counts a move."""
        return self.origin in (None, origin) and self.host in (None, host) and self.skill in (None, skill)


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
    goals: Goals = Field(
        default=minimise("uncovered", "moves", "travel"),
        description="What to minimise, in order: uncovered need (FTE), heads moved, minutes between old and new post",
    )
    pins: tuple[MovePin, ...] = Field(default=(), description="Decisions already taken, each with its reason")


class RedeploymentProblem(Frozen, Problem[RedeploymentPlan]):
    """Staff redeployment: needs from the staffing norms, heads in post, and what moves are allowed.

    Raises
    ------
    DataError
        If a pin names a facility or a skill that the data does not have.
    """

    region: Region = Field(description="Facilities, people, roads")
    workforce: Workforce = Field(description="Skills, staff, norms")
    policy: RedeploymentPolicy = Field(default=RedeploymentPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: RedeploymentPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(region=grouping.region, workforce=grouping.workforce, policy=policy or RedeploymentPolicy())

    @model_validator(mode="after")
    def _pins_name_what_exists(self) -> Self:
        facilities = {facility.id for facility in self.region.facilities}
        skills = {skill.id for skill in self.workforce.skills}
        problems = [
            DataProblem("pins", position, column, value, Message("core.unknown_reference", {"table": table}))
            for position, pin in enumerate(self.policy.pins, 1)
            for column, value, known, table in (
                ("origin", pin.origin, facilities, "facilities"),
                ("host", pin.host, facilities, "facilities"),
                ("skill", pin.skill, skills, "skills"),
            )
            if value is not None and value not in known
        ]
        if problems:
            raise DataError(problems)
        return self
