"""What the grouping has decided about its platforms and beds: knobs, pins, guarantees, demand scenarios."""

from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.core.region import Ward
from gst_opt.core.units import (
    EquipmentTypeId,
    FacilityId,
    Identifier,
    Label,
    Mad,
    Minutes,
    ServiceId,
    Share,
    Year,
)
from gst_opt.model.goals import Goals
from gst_opt.model.problem import Pin, Policy
from gst_opt.text import Message

MONEY = ("purchases", "upkeep", "sessions", "contracts", "mobile", "lending", "remote", "sales")
"""Lines of money, each a term."""


class LocationPin(Pin):
    """A decision already taken: units (or beds) of what it selects, summed over sites, in each year it selects."""

    facility: FacilityId | None = Field(default=None, description="Facility; empty: all together")
    equipment_type: EquipmentTypeId | None = Field(default=None, description="Type of equipment; empty: see ward")
    ward: Ward | None = Field(default=None, description="Group of wards; empty: see equipment_type")
    year: Year | None = Field(default=None, description="Year; empty: every year")

    @model_validator(mode="after")
    def _one_resource(self) -> Self:
        if (self.equipment_type is None) == (self.ward is None):
            raise GstOptError(Message("pillars.pin_of_one_resource"))
        return self

    def selects(self, facility: str, resource: str) -> bool:
        """Say whether the pin counts the units or beds of a facility; a resource is a type's id or a ward's name."""
        return self.facility in (None, facility) and resource == (self.equipment_type or self.ward)


class Guarantee(Frozen):
    """A share of the acts needed that must be given within a time, in every year and demand scenario."""

    province: Label | None = Field(default=None, description="Province; empty: every one of them")
    service: ServiceId | None = Field(default=None, description="Service; empty: all together")
    minutes: Minutes | None = Field(default=None, description="Longest journey, one way; empty: any")
    share: Share = Field(description="Share of the acts needed, at least")
    reason: Label = Field(description="Why, as it will be printed beside it")


class DemandScenario(Frozen):
    """A way demand may turn out: needs times a factor."""

    id: Identifier = Field(description="Identifier")
    probability: float = Field(gt=0, le=1, description="Probability", json_schema_extra={"unit": "share"})
    factor: float = Field(
        default=1.0, ge=0, description="Needs against those of the data", json_schema_extra={"unit": "ratio"}
    )
    province: Label | None = Field(default=None, description="Province where the factor holds; empty: everywhere")
    service: ServiceId | None = Field(default=None, description="Service it holds for; empty: all")


class LocationPolicy(Policy):
    """What the grouping has decided about its platforms and beds."""

    years: int = Field(
        default=5,
        ge=1,
        le=15,
        description="Years planned, from that of the calendar's first period. 5: the accounts of a grouping look five "
        "years ahead",
        json_schema_extra={"unit": "year"},
    )
    opened: tuple[FacilityId, ...] = Field(
        default=(), description="Planned facilities that open in this plan, each in the year of its opening"
    )
    max_travel: Minutes | None = Field(
        default=None, description="Longest journey for services that have none of their own; empty: no limit"
    )
    max_change: int = Field(
        default=3,
        ge=0,
        description="Units of a type, or blocks of beds, that a site may be above or below today; an upgrade is one "
        "fewer of a type and one more of another, so that 0 allows none. 3: more than that in five years would be "
        "another hospital; the grouping decides",
        json_schema_extra={"unit": "unit"},
    )
    close: bool = Field(
        default=True,
        description="Whether a site may have fewer units of a type, or beds, than today; if not, none of these is "
        "closed, goes to another site or becomes another type",
    )
    move: bool = Field(default=True, description="Whether units may go to another site")
    capex_a_year: Mad | None = Field(
        default=None, description="Purchases (with renewals, works, moves, beds opened) of a year; empty: no limit"
    )
    opex_a_year: Mad | None = Field(
        default=None, description="Other spending of a year, less sessions sold; empty: no limit"
    )
    carry_over: Share = Field(
        default=1.0,
        description="Share of what a year's budgets leave that the next year may spend. 1: all of it; credits of a "
        "public establishment may be carried over by its board, the grouping decides",
    )
    staff_limit: bool = Field(default=True, description="Whether sessions, beds and acts need staff in post")
    staff_share: Share = Field(
        default=0.85,
        description="Share of working time that platforms and beds may use. 0.85: the rest goes to training, meetings "
        "and duty; an estimate of ours",
    )
    max_lending: Minutes = Field(
        default=60.0,
        description="Longest journey between sites that lend one another staff hours. No Moroccan text sets one",
    )
    lent_day: Minutes = Field(
        default=480.0,
        gt=0,
        description="Minutes of a day of staff who work at another site, both journeys included. 480: eight hours; an "
        "estimate of ours",
    )
    lending_price: Mad = Field(
        default=40.0,
        description="Cost of an hour lent. 40: 45 km both ways at 1.75 MAD/km (decree 2-97-1053) for a half-day of "
        "four hours; an estimate of ours",
    )
    remote_link: Mad = Field(
        default=60_000.0,
        description="Cost of a link for experts at a distance between two sites, a year. An estimate of ours",
    )
    stay_progress: Share = Field(
        default=0.0, description="How far lengths of stay go towards their target: 0 as today, 1 the target"
    )
    guarantees: tuple[Guarantee, ...] = Field(default=(), description="Shares within a time that must be kept")
    scenarios: tuple[DemandScenario, ...] = Field(
        default=(),
        description="Ways demand may turn out: units, beds and contracts are decided before it is known; empty: the "
        "data's own",
    )
    cvar_level: float = Field(
        default=0.9,
        ge=0,
        lt=1,
        description="Level of unmet_cvar: the mean unmet need of the worst 10 % of scenarios",
        json_schema_extra={"unit": "share"},
    )
    cover_weight: float = Field(
        default=0.17,
        ge=0,
        description="Acts a year that one person beyond the time of a cover standard counts as. 0.17: emergency visits "
        "of one person in a year, an estimate",
        json_schema_extra={"unit": "act"},
    )
    slack: Share = Field(
        default=0.0,
        description="Share of the need that later goals may give back of unmet need. 0: nothing, so that no plan is "
        "cheaper by leaving more needs unmet; the grouping decides",
    )
    discount_rate: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="Discount of money by year. 0.05: near the yield of long Treasury bonds, an estimate of ours",
        json_schema_extra={"unit": "share"},
    )
    travel_price: Mad = Field(
        default=2.0,
        description="Price of a minute of a patient's journey, one way. 2: both ways at half a kilometre a minute "
        "and 1.75 MAD/km (decree 2-97-1053)",
    )
    level_price: Mad = Field(
        default=100.0,
        description="Price of an act of counter-referral given above the lowest capable level. An estimate of ours",
    )
    wait_price: Mad = Field(
        default=0.0, description="Price of a day that one patient waits; 0: waits are capped by the data, not minimised"
    )
    inequality_aversion: float = Field(
        default=0.02,
        gt=0,
        le=0.2,
        description="Aversion to long journeys in kolm_pollak, per minute. 0.02: an hour more counts 3.3 times as much",
        json_schema_extra={"unit": "1/min"},
    )
    goals: Goals | None = Field(
        default=None,
        description="What to minimise; empty: unmet need with people not covered, then the worst province's unmet "
        "share, then money, journeys and waits at the prices above. Terms: unmet (acts), not_covered (people), "
        "unmet_in[province] (acts), purchases, upkeep, sessions, contracts, mobile, lending, remote, sales (MAD), "
        "journeys (minutes of patients), above_level (acts), waiting (days of patients), kolm_pollak (acts, by the "
        "exponent of their journey), unmet_cvar (acts)",
    )
    pins: tuple[LocationPin, ...] = Field(default=(), description="Decisions already taken, each with its reason")

    @property
    def prices(self) -> dict[str, float]:
        """Price of every term of the last goal, in MAD per unit of it."""
        return dict.fromkeys(MONEY, 1.0) | {
            "journeys": self.travel_price,
            "above_level": self.level_price,
            "waiting": self.wait_price,
        }

    @model_validator(mode="after")
    def _whole_probability(self) -> Self:
        if self.scenarios and abs(sum(one.probability for one in self.scenarios) - 1) > 1e-9:
            raise GstOptError(Message("pillars.probabilities"))
        if len({one.id for one in self.scenarios}) < len(self.scenarios):
            raise GstOptError(Message("pillars.scenario_twice"))
        return self
