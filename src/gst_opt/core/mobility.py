"""What moves and shared time may count on: posts, wishes, substitutes, premiums, time on sale."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row
from gst_opt.core.units import FacilityId, HalfDays, Heads, Label, Mad, Share, SkillId


class Post(Row):
    """What a facility can hold, receive and supervise in one skill; what is left empty is not limited."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill")

    facility: FacilityId = Field(description="Facility")
    skill: SkillId = Field(description="Skill")
    budgeted: Heads | None = Field(
        default=None, description="Budgeted posts: nobody joins beyond them; empty: no limit"
    )
    newcomers: Heads | None = Field(
        default=None, description="Newcomers that can be housed and introduced in a year; empty: no limit"
    )
    trainees: Heads | None = Field(
        default=None, description="Trainees that can be supervised at a time; empty: no limit"
    )


class Consent(Row):
    """Heads of one team that have named another facility as their wish of some rank."""

    key: ClassVar[tuple[str, ...]] = ("origin", "host", "skill", "rank")

    origin: FacilityId = Field(description="Facility where they work")
    host: FacilityId = Field(description="Facility that they would go to")
    skill: SkillId = Field(description="Skill")
    rank: int = Field(
        ge=1, le=100, description="Rank of the wish, 1 being the first", json_schema_extra={"unit": "rank"}
    )
    heads: Heads = Field(description="Heads that have this wish at this rank")


class TaskShift(Row):
    """Posts of one skill that another skill may fill, by a text or a protocol (task shifting)."""

    key: ClassVar[tuple[str, ...]] = ("skill", "substitute")

    skill: SkillId = Field(description="Skill of the post")
    substitute: SkillId = Field(description="Skill of the head who fills it")
    efficiency: Share = Field(description="Share of the post's work that the substitute does")
    source: Label = Field(description="Text or protocol that allows it")


class PremiumKind(StrEnum):
    """What a premium is paid for."""

    MOVE = "move"
    MISSION = "mission"
    SHARED_TIME = "shared_time"


class PremiumStep(Row):
    """One step of a premium: from its threshold on, one head receives so much in a year, until the next step.

    The threshold of a move or a mission is the distance by road in km; that of shared time is weekly half-days.
    """

    key: ClassVar[tuple[str, ...]] = ("kind", "threshold")

    kind: PremiumKind = Field(description="What it is paid for: a move, a mission, shared time")
    threshold: float = Field(
        ge=0, description="Where the step begins, in the unit of what is paid for: km, or half-days a week"
    )
    amount: Mad = Field(description="Premium of one head, a year")
    source: Label = Field(description="Where the figure comes from: a text, an agreement, an estimate")


class PrivateTime(Row):
    """Half-days that private practitioners of one skill sell at a facility."""

    key: ClassVar[tuple[str, ...]] = ("facility", "skill")

    facility: FacilityId = Field(description="Facility where they would work")
    skill: SkillId = Field(description="Skill")
    half_days: HalfDays = Field(description="Half-days a week at most")
    price: Mad = Field(description="Price of one half-day")
    source: Label = Field(description="Where the figures come from")
