"""The region: its facilities, the zones where people live, and the roads between them."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Row, Section
from gst_opt.core.units import (
    Beds,
    FacilityId,
    Identifier,
    Inhabitants,
    Km,
    Label,
    Latitude,
    Longitude,
    Minutes,
    PlaceId,
    ZoneId,
)


class Level(StrEnum):
    """Level of care, by the ministry's abbreviation."""

    DISPENSARY = "DR"
    RURAL_CENTRE_1 = "CSR-1"
    RURAL_CENTRE_2 = "CSR-2"
    URBAN_CENTRE_1 = "CSU-1"
    URBAN_CENTRE_2 = "CSU-2"
    SPECIALISED_CENTRE = "CSS"
    LOCAL_HOSPITAL = "HPr"
    PROVINCIAL_HOSPITAL = "HP"
    REGIONAL_HOSPITAL = "HR"
    INTERREGIONAL_HOSPITAL = "HIR"
    UNIVERSITY_HOSPITAL = "CHU"

    @property
    def rank(self) -> int:
        """Position in the referral ladder: 0 dispensary, 1 centres, 2 to 6 hospitals."""
        return _RANKS[self]

    @property
    def is_hospital(self) -> bool:
        """Whether the level is a hospital."""
        return self.rank >= _RANKS[Level.LOCAL_HOSPITAL]


_RANKS = {
    Level.DISPENSARY: 0,
    Level.RURAL_CENTRE_1: 1,
    Level.RURAL_CENTRE_2: 1,
    Level.URBAN_CENTRE_1: 1,
    Level.URBAN_CENTRE_2: 1,
    Level.SPECIALISED_CENTRE: 1,
    Level.LOCAL_HOSPITAL: 2,
    Level.PROVINCIAL_HOSPITAL: 3,
    Level.REGIONAL_HOSPITAL: 4,
    Level.INTERREGIONAL_HOSPITAL: 5,
    Level.UNIVERSITY_HOSPITAL: 6,
}


class Kind(StrEnum):
    """What a facility is for."""

    GENERAL = "general"
    PSYCHIATRIC = "psychiatric"
    ONCOLOGY = "oncology"
    MOTHER_AND_CHILD = "mother_and_child"
    RESPIRATORY = "respiratory"
    REPRODUCTIVE_HEALTH = "reproductive_health"
    LABORATORY = "laboratory"


class Status(StrEnum):
    """Whether a facility counts in the grouping."""

    OPEN = "open"
    PLANNED = "planned"
    EXCLUDED = "excluded"


class Ward(StrEnum):
    """Group of wards that beds belong to."""

    MEDICINE = "medicine"
    SURGERY = "surgery"
    MOTHER_AND_CHILD = "mother_and_child"
    INTENSIVE_CARE = "intensive_care"
    PSYCHIATRY = "psychiatry"
    ONCOLOGY = "oncology"


class Terrain(StrEnum):
    """Kind of road, which sets the speed and the detour of a journey without a known time."""

    MOTORWAY = "motorway"
    URBAN = "urban"
    PLAIN = "plain"
    MOUNTAIN = "mountain"


class Facility(Row):
    """One site that gives care."""

    id: Identifier = Field(description="Identifier, unique among facilities and zones")
    name: Label = Field(description="Name as people know it")
    commune: Label = Field(description="Commune where it stands")
    province: Label = Field(description="Province or prefecture")
    level: Level = Field(description="Level of care (ministry's abbreviation)")
    kind: Kind = Field(default=Kind.GENERAL, description="What it is for")
    status: Status = Field(default=Status.OPEN, description="open, planned, or excluded from the grouping")
    reference: FacilityId | None = Field(
        default=None, description="Facility that receives its referrals; empty at the top of the ladder"
    )
    establishment: FacilityId | None = Field(
        default=None, description="Facility whose establishment it belongs to; empty when it is its own"
    )
    terrain: Terrain = Field(default=Terrain.PLAIN, description="Terrain around it, for journeys without a road")
    latitude: Latitude | None = Field(default=None, description="Latitude, WGS 84")
    longitude: Longitude | None = Field(default=None, description="Longitude, WGS 84")


class WardBeds(Row):
    """Beds open in one group of wards of one facility."""

    key: ClassVar[tuple[str, ...]] = ("facility", "ward")

    facility: FacilityId = Field(description="Facility that holds the beds")
    ward: Ward = Field(description="Group of wards")
    beds: Beds = Field(description="Beds open")


class Zone(Row):
    """A place where people live: a commune or a part of one."""

    id: Identifier = Field(description="Identifier, unique among facilities and zones")
    name: Label = Field(description="Name")
    commune: Label = Field(description="Commune that it is, or is part of")
    province: Label = Field(description="Province or prefecture")
    urban: bool = Field(description="true for an urban commune, false for a rural one")
    terrain: Terrain = Field(default=Terrain.PLAIN, description="Terrain around it, for journeys without a road")
    latitude: Latitude | None = Field(default=None, description="Latitude, WGS 84")
    longitude: Longitude | None = Field(default=None, description="Longitude, WGS 84")


class Population(Row):
    """Inhabitants of one zone in one age group."""

    key: ClassVar[tuple[str, ...]] = ("zone", "age_group")

    zone: ZoneId = Field(description="Zone where they live")
    age_group: Label = Field(description="Age group, such as 0-4, 5-59, 60+")
    inhabitants: Inhabitants = Field(description="Inhabitants")


class ServedPeople(Row):
    """People that a facility serves, where it is known: those registered, or a catchment that was drawn."""

    key: ClassVar[tuple[str, ...]] = ("facility",)

    facility: FacilityId = Field(description="Facility")
    people: float = Field(
        ge=0, description="People; a split zone may give a part of one", json_schema_extra={"unit": "inhabitant"}
    )
    source: Label = Field(description="Where the figure comes from")


class Road(Row):
    """A road between two places (facilities or zones), usable both ways."""

    key: ClassVar[tuple[str, ...]] = ("origin", "destination")

    origin: PlaceId = Field(description="Facility or zone at one end")
    destination: PlaceId = Field(description="Facility or zone at the other end")
    km: Km = Field(description="Length by road")
    minutes: Minutes = Field(description="Driving time")
    terrain: Terrain = Field(default=Terrain.PLAIN, description="Kind of road")


class TravelTime(Row):
    """A journey time that the user knows, which comes before any computed one; one row a direction."""

    key: ClassVar[tuple[str, ...]] = ("origin", "destination")

    origin: PlaceId = Field(description="Facility or zone where the journey starts")
    destination: PlaceId = Field(description="Facility or zone where it ends")
    minutes: Minutes = Field(description="Door to door, one way")


class TerrainSpeed(Row):
    """How a great-circle distance becomes a journey time on one kind of terrain."""

    key: ClassVar[tuple[str, ...]] = ("terrain",)

    terrain: Terrain = Field(description="Kind of terrain")
    detour: float = Field(
        ge=1, description="Road length over great-circle distance", json_schema_extra={"unit": "ratio"}
    )
    km_per_hour: float = Field(gt=0, description="Mean speed", json_schema_extra={"unit": "km/h"})
    source: Label = Field(description="Where the figures come from")


class Opening(Row):
    """The day a planned facility opens, with the units and beds listed for it."""

    key: ClassVar[tuple[str, ...]] = ("facility",)

    facility: FacilityId = Field(description="Planned facility")
    opens: date = Field(description="First day")
    source: Label = Field(description="Where the date comes from")


class GrowthRate(Row):
    """How fast the people of a province grow in number."""

    key: ClassVar[tuple[str, ...]] = ("province",)

    province: Label = Field(description="Province or prefecture")
    per_year: float = Field(
        gt=-0.5, lt=0.5, description="Growth in a year: 0.02 for 2 %", json_schema_extra={"unit": "share"}
    )
    source: Label = Field(description="Where the figure comes from")


class Region(Section):
    """Facilities, people and roads."""

    facilities: tuple[Facility, ...] = Field(default=(), description="Sites that give care")
    ward_beds: tuple[WardBeds, ...] = Field(default=(), description="Beds open by group of wards")
    zones: tuple[Zone, ...] = Field(default=(), description="Places where people live")
    populations: tuple[Population, ...] = Field(default=(), description="Inhabitants by zone and age group")
    served_people: tuple[ServedPeople, ...] = Field(
        default=(), description="People that facilities serve; where there is no row, they are estimated"
    )
    growth_rates: tuple[GrowthRate, ...] = Field(default=(), description="Growth of the provinces")
    openings: tuple[Opening, ...] = Field(default=(), description="Days when planned facilities open")
    roads: tuple[Road, ...] = Field(default=(), description="Roads, both ways")
    travel_times: tuple[TravelTime, ...] = Field(default=(), description="Journey times that the user knows")
    terrain_speeds: tuple[TerrainSpeed, ...] = Field(
        default=(),
        description="Detour and speed by terrain, for journeys with neither a known time nor a road",
    )

    def open_facilities(self) -> tuple[Facility, ...]:
        """Return the facilities that count in the grouping today."""
        return tuple(facility for facility in self.facilities if facility.status is Status.OPEN)

    def establishments(self) -> tuple[str, ...]:
        """Return the ids of the open establishments; several sites may form one."""
        return tuple(sorted({facility.establishment or facility.id for facility in self.open_facilities()}))

    def beds(self) -> dict[str, int]:
        """Return the beds open in each facility that has any."""
        totals: dict[str, int] = {}
        for row in self.ward_beds:
            totals[row.facility] = totals.get(row.facility, 0) + row.beds
        return totals

    def inhabitants(self) -> dict[str, int]:
        """Return the inhabitants of each zone, all ages together."""
        totals = {zone.id: 0 for zone in self.zones}
        for row in self.populations:
            totals[row.zone] += row.inhabitants
        return totals
