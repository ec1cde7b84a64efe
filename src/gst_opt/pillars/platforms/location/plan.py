"""The answer: units, beds, sessions, who is served where, what is bought, lent, read from afar, left unmet, spent."""

from enum import StrEnum

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.region import Level, Ward
from gst_opt.core.units import (
    Acts,
    Beds,
    Days,
    EquipmentTypeId,
    FacilityId,
    Hours,
    Identifier,
    Label,
    Mad,
    Minutes,
    MobileUnitId,
    PathwayId,
    PlaceId,
    ServiceId,
    SessionCount,
    SkillId,
    Units,
    Year,
    ZoneId,
)
from gst_opt.model.problem import Plan, PlanTable

NOMINAL = "nominal"
"""Id of the demand as the data have it."""


class Mode(StrEnum):
    """How people are served."""

    ON_SITE = "on_site"
    CONTRACT = "contract"
    MOBILE = "mobile"


class UnmetReason(StrEnum):
    """Why a need is not met."""

    NO_SITE_IN_REACH = "no_site_in_reach"
    EARLIER_STEP = "earlier_step"
    NO_UNIT_IN_REACH = "no_unit_in_reach"
    FULL = "full"
    LIMITED = "limited"


class SiteUnits(Frozen):
    """Units of one type at one facility in one year.

    units = units of the year before - retired - closed - moved_out - upgraded_out + bought + moved_in + upgraded_in;
    those renewed stay
    """

    province: Label = Field(description="Province of the facility")
    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    year: Year = Field(description="Year")
    units_today: Units = Field(description="Units today; at a planned facility: those that come with its opening")
    units: Units = Field(description="Units in this year")
    bought: Units = Field(description="Units bought, beyond renewals")
    renewed: Units = Field(description="Units at the end of their life that are replaced")
    retired: Units = Field(description="Units at the end of their life that are taken out")
    closed: Units = Field(description="Units taken out before the end of their life")
    moved_in: Units = Field(description="Units that come from another site")
    moved_out: Units = Field(description="Units that go to another site")
    upgraded_in: Units = Field(default=0, description="Units of another type that become units of this one")
    upgraded_out: Units = Field(default=0, description="Units that become units of another type")
    sessions: SessionCount = Field(description="Sessions run for the grouping's patients, a year")
    sessions_per_week: SessionCount = Field(description="Sessions run for them in a week of work")
    sessions_sold: SessionCount = Field(description="Sessions hired out, a year")
    use: float = Field(ge=0, description="Share of the units' full time in use", json_schema_extra={"unit": "share"})
    wait: Days = Field(description="Mean wait, from use and number of units")


class UpgradedUnits(Frozen):
    """Units of one type at one facility that become units of another in one year."""

    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    becomes: EquipmentTypeId = Field(description="Type that they become")
    year: Year = Field(description="Year")
    units: Units = Field(description="Units upgraded")
    cost: Mad = Field(description="Price of the works")


class SiteBeds(Frozen):
    """Beds of one group of wards at one facility in one year."""

    province: Label = Field(description="Province of the facility")
    facility: FacilityId = Field(description="Facility")
    ward: Ward = Field(description="Group of wards")
    year: Year = Field(description="Year")
    beds_today: Beds = Field(description="Beds today; at a planned facility: those that come with its opening")
    beds: Beds = Field(description="Beds in this year")
    opened: Beds = Field(description="Beds opened at its start")
    closed: Beds = Field(description="Beds closed at its start")
    bed_days: float = Field(ge=0, description="Days that patients stay", json_schema_extra={"unit": "bed-day"})
    occupancy: float = Field(ge=0, description="Share of bed-days in use", json_schema_extra={"unit": "share"})


class Served(Frozen):
    """Acts of the people of one zone given at one place in one year."""

    zone: ZoneId = Field(description="Zone where they live")
    service: ServiceId = Field(description="Service")
    pathway: PathwayId | None = Field(default=None, description="Pathway that they follow; empty: none")
    step: int | None = Field(default=None, description="Step of the pathway", json_schema_extra={"unit": "step"})
    year: Year = Field(description="Year")
    scenario: Identifier = Field(default=NOMINAL, description="Demand scenario")
    mode: Mode = Field(description="on_site, contract (bought from a private provider) or mobile")
    place: PlaceId = Field(description="Facility (that the provider is near to, for a contract) or docking point")
    platform: Identifier | None = Field(
        default=None,
        description="Equipment type; mobile unit; empty for a contract, and for an act that takes a bed only",
    )
    acts: Acts = Field(description="Acts a year")
    minutes: Minutes = Field(description="Journey from the zone, one way")


class Unmet(Frozen):
    """Acts that the people of one zone need and are not given in one year."""

    zone: ZoneId = Field(description="Zone where they live")
    service: ServiceId = Field(description="Service")
    pathway: PathwayId | None = Field(default=None, description="Pathway that they follow; empty: none")
    step: int | None = Field(default=None, description="Step of the pathway", json_schema_extra={"unit": "step"})
    year: Year = Field(description="Year")
    scenario: Identifier = Field(default=NOMINAL, description="Demand scenario")
    acts: Acts = Field(description="Acts a year")
    reason: UnmetReason = Field(description="Why")


class Contract(Frozen):
    """Acts bought from a private provider in one year."""

    facility: FacilityId = Field(description="Public facility that it is near to")
    service: ServiceId = Field(description="Service")
    year: Year = Field(description="Year")
    acts: Acts = Field(description="Acts contracted; in each scenario at most these are used")
    mad_per_act: Mad = Field(description="Price of one act")
    cost: Mad = Field(description="Price of all of them")


class Visits(Frozen):
    """Sessions of a mobile unit at one docking point in one year."""

    mobile_unit: MobileUnitId = Field(description="Mobile unit")
    place: PlaceId = Field(description="Facility or zone where it stands")
    year: Year = Field(description="Year")
    sessions: SessionCount = Field(description="Sessions a year")
    fitted_out: bool = Field(description="Whether the place is fitted out in this year")
    cost: Mad = Field(description="Sessions, and fitting out")


class LentHours(Frozen):
    """Hours that staff of one site works at another in one year."""

    skill: SkillId = Field(description="Skill")
    origin: FacilityId = Field(description="Site that lends")
    host: FacilityId = Field(description="Site where they work")
    year: Year = Field(description="Year")
    hours: Hours = Field(description="Hours worked there, a year")
    minutes: Minutes = Field(description="Journey between the two, one way")
    cost: Mad = Field(description="Cost of the hours lent")


class RemoteHours(Frozen):
    """Hours that experts of one site give to another at a distance in one year: who reads for whom."""

    skill: SkillId = Field(description="Skill")
    origin: FacilityId = Field(description="Site of the experts")
    host: FacilityId = Field(description="Site of the patients")
    year: Year = Field(description="Year")
    hours: Hours = Field(description="Hours a year")
    cost: Mad = Field(description="Cost of the link")


class StaffUse(Frozen):
    """Hours of one skill that platforms and beds of a facility need in one year."""

    facility: FacilityId = Field(description="Facility")
    skill: SkillId = Field(description="Skill")
    year: Year = Field(description="Year")
    hours_needed: Hours = Field(description="Hours needed by sessions, beds and experts")
    hours_available: Hours = Field(description="Hours of its own staff that they may use")


class CoverGap(Frozen):
    """People farther than a cover standard wants from sites with units."""

    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    min_level: Level | None = Field(default=None, description="Lowest level of care that counts; empty: any")
    sites: int = Field(description="Sites wanted within the time", json_schema_extra={"unit": "site"})
    zone: ZoneId = Field(description="Zone where they live")
    year: Year = Field(description="Year")
    people: float = Field(ge=0, description="People, times sites missing", json_schema_extra={"unit": "inhabitant"})


class CostLine(Frozen):
    """Money spent on one line in one year, not discounted; sessions sold count below zero."""

    line: Identifier = Field(description="purchases, upkeep, sessions, contracts, mobile, lending, remote or sales")
    year: Year = Field(description="Year")
    mad: float = Field(description="Money spent", json_schema_extra={"unit": "MAD"})


class LocationPlan(Plan):
    """Units and beds by site and year, where every zone is served, and what it takes."""

    units: tuple[SiteUnits, ...] = Field(default=(), description="Units by site, type and year")
    upgrades: tuple[UpgradedUnits, ...] = Field(default=(), description="Units that change type")
    beds: tuple[SiteBeds, ...] = Field(default=(), description="Beds by site, group of wards and year")
    served: tuple[Served, ...] = Field(default=(), description="Who is served where")
    unmet: tuple[Unmet, ...] = Field(default=(), description="Who is not, and why")
    contracts: tuple[Contract, ...] = Field(default=(), description="Acts bought")
    visits: tuple[Visits, ...] = Field(default=(), description="Rounds of the mobile units")
    lent_hours: tuple[LentHours, ...] = Field(default=(), description="Staff hours lent between sites")
    remote_hours: tuple[RemoteHours, ...] = Field(default=(), description="Expert hours given at a distance")
    staff: tuple[StaffUse, ...] = Field(default=(), description="Staff hours needed and available")
    cover_gaps: tuple[CoverGap, ...] = Field(default=(), description="People beyond the time of a cover standard")
    costs: tuple[CostLine, ...] = Field(default=(), description="Money by line and year")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe the plan as tables."""
        return (
            PlanTable.of("site_units", SiteUnits, self.units),
            PlanTable.of("upgraded_units", UpgradedUnits, self.upgrades),
            PlanTable.of("site_beds", SiteBeds, self.beds),
            PlanTable.of("served", Served, self.served),
            PlanTable.of("unmet", Unmet, self.unmet),
            PlanTable.of("contracts", Contract, self.contracts),
            PlanTable.of("visits", Visits, self.visits),
            PlanTable.of("lent_hours", LentHours, self.lent_hours),
            PlanTable.of("remote_hours", RemoteHours, self.remote_hours),
            PlanTable.of("staff_use", StaffUse, self.staff),
            PlanTable.of("cover_gaps", CoverGap, self.cover_gaps),
            PlanTable.of("costs", CostLine, self.costs),
        )
