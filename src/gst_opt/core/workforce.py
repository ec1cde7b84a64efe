"""The people of a grouping: skills, staff in post, and what moves, recruitment and shared time may count on."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.frozen import Row, Section
from gst_opt.core.mobility import Consent, Post, PremiumStep, PrivateTime, TaskShift
from gst_opt.core.standards import ActivityStandard, CategoryAllowance, IndividualAllowance, StaffingNorm, WorkingTime
from gst_opt.core.units import FacilityId, Heads, Identifier, Label, Share, SkillId


class Skill(Row):
    """A profession or, for specialists, a specialty: people of one skill can replace one another."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    profession: Label = Field(description="Professional group, such as specialist, nurse, technician")
    needs_approval: bool = Field(
        default=False,
        description="Whether a permanent move needs prior approval by the central administration, as a memo in force "
        "since 10 November 2025 asks for specialists",
    )
    health_professional: bool = Field(
        default=True,
        description="Whether these people count where a staffing target for all professions (*) counts heads: those "
        "who give care or examinations do; administrative, auxiliary, social, maintenance and statistics staff do not",
    )


class Staff(Row):
    """Heads in post at one facility in one skill."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill")

    facility: FacilityId = Field(description="Facility where they work")
    skill: SkillId = Field(description="Skill")
    heads: Heads = Field(description="People in post, each full time")
    protected: Heads = Field(default=0, description="Heads among them that may not be moved")


class StaffAge(Row):
    """Heads of one age at one facility in one skill, on the first day of the horizon."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill", "age")

    facility: FacilityId = Field(description="Facility where they work")
    skill: SkillId = Field(description="Skill")
    age: int = Field(ge=16, le=100, description="Age in full years", json_schema_extra={"unit": "year"})
    heads: Heads = Field(description="People of this age")


class Person(Row):
    """One professional, by a pseudonym: the grouping's data holds no name, birth date or contact."""

    id: Identifier = Field(description="Pseudonym, meaningless outside the grouping")
    facility: FacilityId = Field(description="Present post")
    skill: SkillId = Field(description="Skill")
    fte: Share = Field(default=1.0, description="Share of full time")


class Workforce(Section):
    """Skills, staff, standards of need, and what moves, recruitment and shared time may count on."""

    skills: tuple[Skill, ...] = Field(default=(), description="Professions and specialties")
    staff: tuple[Staff, ...] = Field(default=(), description="Heads in post")
    persons: tuple[Person, ...] = Field(default=(), description="Professionals by pseudonym")
    staff_ages: tuple[StaffAge, ...] = Field(default=(), description="Heads in post by age")
    working_times: tuple[WorkingTime, ...] = Field(default=(), description="Days and hours worked in a year")
    activity_standards: tuple[ActivityStandard, ...] = Field(default=(), description="Working time per act")
    category_allowances: tuple[CategoryAllowance, ...] = Field(
        default=(), description="Working time of everybody in a skill that no act counts"
    )
    individual_allowances: tuple[IndividualAllowance, ...] = Field(
        default=(), description="Working time of some people that no act counts"
    )
    staffing_norms: tuple[StaffingNorm, ...] = Field(default=(), description="Staff by level, kind and skill")
    posts: tuple[Post, ...] = Field(default=(), description="What facilities can hold, receive and supervise")
    consents: tuple[Consent, ...] = Field(default=(), description="Who would go where, by rank of wish")
    task_shifts: tuple[TaskShift, ...] = Field(default=(), description="Which skill may do the work of which")
    premium_steps: tuple[PremiumStep, ...] = Field(default=(), description="Premiums by step")
    private_times: tuple[PrivateTime, ...] = Field(default=(), description="Half-days on sale by private practitioners")
    careers: tuple[Career, ...] = Field(default=(), description="Retirement, departures, tenure")
    new_posts: tuple[NewPosts, ...] = Field(default=(), description="Yearly envelopes of new posts")
    attractions: tuple[Attraction, ...] = Field(default=(), description="How likely posts are filled")
    staffing_targets: tuple[StaffingTarget, ...] = Field(default=(), description="Staff per 1,000 inhabitants")
    trainings: tuple[Training, ...] = Field(default=(), description="Ways from one skill to another")
