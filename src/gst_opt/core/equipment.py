"""Technical platforms: equipment types, units present, sessions, mobile units, and what private providers offer."""

from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.region import Level
from gst_opt.core.units import (
    Acts,
    Days,
    EquipmentTypeId,
    FacilityId,
    HalfDays,
    Identifier,
    Label,
    Mad,
    Minutes,
    MobileUnitId,
    PeriodId,
    PlaceId,
    ServiceId,
    SessionCount,
    Share,
    SkillId,
    SquareMetres,
    Units,
    Year,
)
from gst_opt.core.wards import StayStandard, WardLimit, WardStaff, WardStandard


class EquipmentType(Row):
    """A kind of platform: an operating room, a scanner, a consulting room, an emergency department, ...

    Minutes that one unit gives in a year = weeks_per_year x sessions_per_week x minutes_per_session x max_use.
    """

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    life: float = Field(default=10.0, gt=0, description="Years that a unit works", json_schema_extra={"unit": "year"})
    sessions_per_week: SessionCount = Field(default=10.0, description="Sessions that one unit can run in a week")
    minutes_per_session: Minutes = Field(default=240.0, gt=0, description="Length of a session")
    weeks_per_year: float = Field(
        default=50.0, gt=0, le=52.2, description="Weeks of work in a year", json_schema_extra={"unit": "week"}
    )
    max_use: Share = Field(default=0.85, gt=0, description="Largest share of its time that may be used")
    min_use: Share = Field(
        default=0.0, description="Smallest share of its time that must be used where there are units"
    )
    min_acts: Acts = Field(default=0.0, description="Fewest acts a year of a site that has units")
    max_wait: Days | None = Field(default=None, description="Longest mean wait; empty: only max_use limits it")
    variability: float = Field(
        default=1.0,
        ge=0,
        description="How irregular arrivals and lengths of acts are: mean of their squared coefficients of variation",
        json_schema_extra={"unit": "ratio"},
    )
    min_level: Level | None = Field(default=None, description="Lowest level of care that may have it; empty: any")
    floor_space: SquareMetres = Field(default=0.0, description="Space of one unit")
    purchase: Mad = Field(default=0.0, description="Price of a unit, installed")
    upkeep: Mad = Field(default=0.0, description="Maintenance of a unit, a year")
    session_cost: Mad = Field(default=0.0, description="Supplies of one session, without staff")
    moving: Mad = Field(default=0.0, description="Moving a unit to another site")
    closing: Mad = Field(default=0.0, description="Taking a unit out")
    source: Label | None = Field(default=None, description="Where the figures come from")

    @property
    def minutes_per_year(self) -> float:
        """Minutes that one unit is open in a year when it runs all its sessions."""
        return self.weeks_per_year * self.sessions_per_week * self.minutes_per_session


class EquipmentUnits(Row):
    """Units present at one facility that were installed in the same year.

    At a facility that is planned: units that come with its opening.
    """

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type", "installed")

    facility: FacilityId = Field(description="Facility that has them")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    units: Units = Field(description="Units present and working")
    installed: Year | None = Field(
        default=None, description="Year of installation; empty: not known, they outlive every plan"
    )


class SiteLimit(Row):
    """How many units of a type a facility may have, and what it costs to prepare it for the first one."""

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type")

    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    max_units: Units = Field(description="Most units that it may have")
    opening: Mad = Field(default=0.0, description="Works before the first unit, where there is none")
    source: Label = Field(description="Where the figures come from")


class FloorSpace(Row):
    """Space of a facility that new units and beds can take; a facility without a row has no such limit."""

    key: ClassVar[tuple[str, ...]] = ("facility",)

    facility: FacilityId = Field(description="Facility")
    free: SquareMetres = Field(description="Space beyond what is in use today")
    source: Label = Field(description="Where the figure comes from")


class SessionStandard(Row):
    """Time of a unit that one act of a service takes; a service made by several types may be given on any of them."""

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "service")

    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    service: ServiceId = Field(description="Service that it makes")
    minutes_per_act: Minutes = Field(gt=0, description="Time of the unit for one act")
    source: Label = Field(description="Where the figure comes from")


class SessionStaff(Row):
    """Staff present in every session of a type of equipment."""

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "skill")

    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    skill: SkillId = Field(description="Skill")
    heads: float = Field(gt=0, description="People present", json_schema_extra={"unit": "head"})
    source: Label = Field(description="Where the figure comes from")


class ExpertTime(Row):
    """Time of an expert for one act, beyond the staff of the session: reading an image, seeing a patient from afar."""

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "service", "skill")

    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    service: ServiceId = Field(description="Service")
    skill: SkillId = Field(description="Skill of the expert")
    minutes_per_act: Minutes = Field(gt=0, description="Time of the expert for one act")
    remote: bool = Field(default=False, description="Whether an expert of another site may give it at a distance")
    source: Label = Field(description="Where the figure comes from")


class Sessions(Row):
    """Half-day sessions that the units of one facility run today."""

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type", "period")

    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    period: PeriodId = Field(description="Period")
    half_days: HalfDays = Field(description="Half-day sessions run")


class SessionSale(Row):
    """Sessions of a facility's units that private practitioners would hire."""

    key: ClassVar[tuple[str, ...]] = ("facility", "equipment_type")

    facility: FacilityId = Field(description="Facility")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment")
    sessions: SessionCount = Field(description="Sessions a year at most")
    mad_per_session: Mad = Field(description="Tariff of one session")
    source: Label = Field(description="Where the tariff comes from")


class PrivateOffer(Row):
    """Acts that a private provider can sell to the grouping near one facility."""

    key: ClassVar[tuple[str, ...]] = ("facility", "service", "period")

    facility: FacilityId = Field(description="Nearest public facility")
    service: ServiceId = Field(description="Service")
    period: PeriodId = Field(description="Period")
    acts: Acts = Field(description="Acts on offer")
    min_acts: Acts = Field(default=0.0, description="Fewest acts of a contract")
    mad_per_act: Mad = Field(description="Price of one act")


class MobileUnit(Row):
    """A unit on wheels: it gives the services of its type of equipment where it docks, with staff of its base."""

    id: Identifier = Field(description="Identifier")
    name_fr: Label = Field(description="Name in French")
    name_en: Label = Field(description="Name in English")
    equipment_type: EquipmentTypeId = Field(description="Type of equipment on board")
    base: FacilityId = Field(description="Facility where it and its staff stand")
    sessions_per_week: SessionCount = Field(description="Sessions that it can run in a week")
    session_cost: Mad = Field(default=0.0, description="Fuel and supplies of one session")
    source: Label = Field(description="Where the figures come from")


class DockingPoint(Row):
    """A place where a mobile unit can stand; the journey from its base is taken off the session."""

    key: ClassVar[tuple[str, ...]] = ("mobile_unit", "place")

    mobile_unit: MobileUnitId = Field(description="Mobile unit")
    place: PlaceId = Field(description="Facility or zone where it stands")
    min_sessions: SessionCount = Field(default=0.0, description="Fewest sessions a week if it comes at all")
    opening: Mad = Field(default=0.0, description="Fitting out of the place, once")
    source: Label = Field(description="Where the figures come from")


class Upgrade(Row):
    """Works that make a unit of one type a unit of another where it stands.

    It keeps its age: only units that outlive a plan, as what they become too, are upgraded in it.
    """

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "becomes")

    equipment_type: EquipmentTypeId = Field(description="Type of the unit")
    becomes: EquipmentTypeId = Field(description="Type that it becomes")
    price: Mad = Field(description="Price of the works on one unit")
    source: Label = Field(description="Where the price comes from")


class CoverStandard(Row):
    """People should be within some minutes of one or two sites with units of a type: emergencies, ambulances."""

    key: ClassVar[tuple[str, ...]] = ("equipment_type", "min_level", "sites")

    equipment_type: EquipmentTypeId = Field(description="Type of equipment, such as an emergency department")
    min_level: Level | None = Field(default=None, description="Lowest level of care that counts; empty: any")
    sites: int = Field(
        default=1,
        ge=1,
        le=2,
        description="Sites within the time: 1, or 2 for a second cover",
        json_schema_extra={"unit": "site"},
    )
    minutes: Minutes = Field(description="Longest journey from home, one way")
    source: Label = Field(description="Where the figure comes from")


class Equipment(Section):
    """Platforms and beds present, what they can do, what they need and cost."""

    equipment_types: tuple[EquipmentType, ...] = Field(default=(), description="Kinds of platform")
    equipment_units: tuple[EquipmentUnits, ...] = Field(default=(), description="Units present")
    site_limits: tuple[SiteLimit, ...] = Field(default=(), description="Most units by facility, works to open")
    floor_spaces: tuple[FloorSpace, ...] = Field(default=(), description="Space for new units and beds")
    session_standards: tuple[SessionStandard, ...] = Field(default=(), description="Time per act")
    session_staff: tuple[SessionStaff, ...] = Field(default=(), description="Staff present in a session")
    expert_times: tuple[ExpertTime, ...] = Field(default=(), description="Time of experts per act, on site or remote")
    sessions: tuple[Sessions, ...] = Field(default=(), description="Sessions run today")
    session_sales: tuple[SessionSale, ...] = Field(default=(), description="Sessions that can be sold")
    private_offers: tuple[PrivateOffer, ...] = Field(default=(), description="Acts that can be bought")
    mobile_units: tuple[MobileUnit, ...] = Field(default=(), description="Units on wheels")
    docking_points: tuple[DockingPoint, ...] = Field(default=(), description="Places where they can stand")
    upgrades: tuple[Upgrade, ...] = Field(default=(), description="Types that become others")
    cover_standards: tuple[CoverStandard, ...] = Field(default=(), description="Times within which people are covered")
    ward_standards: tuple[WardStandard, ...] = Field(default=(), description="Blocks, occupancy and prices of beds")
    ward_limits: tuple[WardLimit, ...] = Field(default=(), description="Most beds by facility and ward")
    ward_staff: tuple[WardStaff, ...] = Field(default=(), description="Staff of a block of beds")
    stay_standards: tuple[StayStandard, ...] = Field(default=(), description="Length of stay by service")
