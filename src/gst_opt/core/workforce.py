"""The people of a grouping: skills, staff in post, and the standards that say how many are needed."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.region import Kind, Level
from gst_opt.core.units import FacilityId, Fte, Heads, Identifier, Label, Minutes, ServiceId, Share, SkillId


class Skill(Row):
    """A profession or, for specialists, a specialty: people of one skill can replace one another."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    profession: Label = Field(description="Professional group, such as specialist, nurse, technician")


class Staff(Row):
    """Heads in post at one facility in one skill."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill")

    facility: FacilityId = Field(description="Facility where they work")
    skill: SkillId = Field(description="Skill")
    heads: Heads = Field(description="People in post, each full time")


class Person(Row):
    """One professional, by a pseudonym: the grouping's data holds no name, birth date or contact."""

    id: Identifier = Field(description="Pseudonym, meaningless outside the grouping")
    facility: FacilityId = Field(description="Present post")
    skill: SkillId = Field(description="Skill")
    fte: Share = Field(default=1.0, description="Share of full time")


class ActivityStandard(Row):
    """Time that one act of a service takes from one skill (WHO's workload indicators of staffing need)."""

    key: ClassVar[tuple[str, ...]] = ("service", "skill")

    service: ServiceId = Field(description="Service")
    skill: SkillId = Field(description="Skill that does the work")
    minutes_per_act: Minutes = Field(description="Working time for one act")
    source: Label = Field(description="Where the figure comes from")


class StaffingNorm(Row):
    """Staff that a facility of one level and kind should have in one skill.

    Need = max(minimum_fte, fte + fte_per_10k_inhabitants x population / 10,000 + fte_per_100_beds x beds / 100).
    """

    key: ClassVar[tuple[str, ...]] = ("level", "facility_kind", "skill")

    level: Level = Field(description="Level of the facilities that it holds for")
    facility_kind: Kind = Field(default=Kind.GENERAL, description="Kind of the facilities that it holds for")
    skill: SkillId = Field(description="Skill")
    fte: Fte = Field(default=0.0, description="Staff for the facility as such")
    fte_per_10k_inhabitants: Fte = Field(default=0.0, description="More staff for each 10,000 people it serves")
    fte_per_100_beds: Fte = Field(default=0.0, description="More staff for each 100 beds")
    minimum_fte: Fte = Field(default=0.0, description="Need is never below this")
    minimum_team: Heads = Field(default=0, description="Heads that must stay: no move takes the team below")
    source: Label = Field(description="Where the figures come from: a law, a norm, an estimate")


class Workforce(Section):
    """Skills, staff and standards."""

    skills: tuple[Skill, ...] = Field(default=(), description="Professions and specialties")
    staff: tuple[Staff, ...] = Field(default=(), description="Heads in post")
    persons: tuple[Person, ...] = Field(default=(), description="Professionals by pseudonym")
    activity_standards: tuple[ActivityStandard, ...] = Field(default=(), description="Working time per act")
    staffing_norms: tuple[StaffingNorm, ...] = Field(default=(), description="Staff by level, kind and skill")
