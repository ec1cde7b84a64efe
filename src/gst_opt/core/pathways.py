"""Pathways: the ordered steps of care of the patients of one specialty."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.region import Level
from gst_opt.core.units import Days, Identifier, Label, Minutes, PathwayId, ServiceId, Share, SkillId


class StepKind(StrEnum):
    """What a step of a pathway is."""

    FIRST_CONTACT = "first_contact"
    CONSULTATION = "consultation"
    IMAGING = "imaging"
    ACT = "act"
    STAY = "stay"
    FOLLOW_UP = "follow_up"


class Pathway(Row):
    """Patients who go through the same steps: a share of those who need the service of its first step."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    specialty: SkillId | None = Field(default=None, description="Specialty that it belongs to; empty: none")
    share: Share = Field(
        default=1.0, description="Share of the acts of the service of its first step whose patients follow it"
    )


class PathwayStep(Row):
    """One step of a pathway, from 1 on.

    Acts needed = patients of the pathway x share / (1 - returning).
    """

    key: ClassVar[tuple[str, ...]] = ("pathway", "step")

    pathway: PathwayId = Field(description="Pathway")
    step: int = Field(ge=1, le=20, description="Position, the first step being 1", json_schema_extra={"unit": "step"})
    kind: StepKind = Field(description="first_contact, consultation, imaging, act, stay or follow_up")
    service: ServiceId = Field(description="Service given at this step")
    share: Share = Field(default=1.0, description="Share of the pathway's patients who need it")
    returning: float = Field(
        default=0.0,
        ge=0,
        le=0.9,
        description="Share of its acts after which the patient returns for another one",
        json_schema_extra={"unit": "share"},
    )
    min_level: Level | None = Field(default=None, description="Lowest level of care that may give it; empty: any")
    delay: Days = Field(default=0.0, description="Days planned between the step before and this one")
    max_wait: Days | None = Field(default=None, description="Longest mean wait for it; empty: that of the equipment")
    max_transfer: Minutes | None = Field(
        default=None,
        description="Longest journey from the site of the step before; 0: the same site; empty: any site",
    )
    counter_referral: bool = Field(
        default=False, description="Whether patients go back to the lowest capable level near home for it"
    )
    near_home: Minutes | None = Field(
        default=None,
        description="For a counter-referral: longest journey, one way, to a site near home; empty: any in reach",
    )
