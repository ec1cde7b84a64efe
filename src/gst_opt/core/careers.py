"""How staff comes and goes over the years: careers, new posts, attraction, targets, training."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.units import FacilityId, Heads, Label, Mad, Share, SkillId, Year


class Career(Row):
    """When people of a skill leave, and how long they stay at least."""

    key: ClassVar[tuple[str, ...]] = ("skill",)

    skill: SkillId = Field(description="Skill")
    retirement_age: int = Field(
        ge=40, le=100, description="Age at which they retire, in full years", json_schema_extra={"unit": "year"}
    )
    yearly_departures: Share = Field(
        default=0.0, description="Share of the heads that leave in a year for another reason than age"
    )
    minimum_tenure: int = Field(
        default=0,
        ge=0,
        description="Months that a newcomer stays before moving again",
        json_schema_extra={"unit": "month"},
    )
    source: Label = Field(description="Where the figures come from: a law, a statute, an estimate")


class NewPosts(Row):
    """New posts that the grouping may open in one year for one professional group, wherever it places them."""

    key: ClassVar[tuple[str, ...]] = ("year", "profession")

    year: Year = Field(description="Calendar year")
    profession: Label = Field(description="Professional group, as in the table of skills")
    posts: Heads = Field(description="New posts at most")
    source: Label = Field(description="Where the figure comes from: a finance law, an estimate")


class Attraction(Row):
    """How likely a new post at a facility is filled within the year, and what an incentive adds."""

    key: ClassVar[tuple[str, ...]] = ("facility", "profession")

    facility: FacilityId = Field(description="Facility")
    profession: Label = Field(description="Professional group, as in the table of skills")
    fill_share: Share = Field(description="Share of the posts opened there that are filled")
    fill_share_with_incentive: Share = Field(description="The same when the incentive is paid")
    incentive: Mad = Field(description="Incentive for one post, a year")
    source: Label = Field(description="Where the figures come from")


class StaffingTarget(Row):
    """Heads per 1,000 inhabitants that a province should have in a professional group, from a year on."""

    key: ClassVar[tuple[str, ...]] = ("year", "province", "profession")

    year: Year = Field(description="Calendar year from whose end it holds, until the next target")
    province: Label = Field(description="Province, as in the table of zones; * for the whole region")
    profession: Label = Field(description="Professional group, as in the table of skills; * for all that count")
    per_1000: float = Field(ge=0, description="Heads for 1,000 inhabitants", json_schema_extra={"unit": "head"})
    source: Label = Field(description="Where the figure comes from")


class Training(Row):
    """A way from one skill to another."""

    key: ClassVar[tuple[str, ...]] = ("origin_skill", "skill")

    origin_skill: SkillId = Field(description="Skill of those who are trained")
    skill: SkillId = Field(description="Skill that they acquire")
    places: Heads = Field(description="Places that open in a year")
    months: int = Field(ge=1, description="Months away from the post", json_schema_extra={"unit": "month"})
    success_share: Share = Field(description="Share of the trainees who acquire the skill; the others return as before")
    cost: Mad = Field(default=0.0, description="Cost of one trainee")
    source: Label = Field(description="Where the figures come from")
