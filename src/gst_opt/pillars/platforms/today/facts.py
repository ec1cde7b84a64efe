"""What the tables of the diagnosis look up, each computed once; no solver."""

from functools import cached_property

from gst_opt.core.equipment import CoverStandard
from gst_opt.core.grouping import Grouping
from gst_opt.network import Travel, travel
from gst_opt.pillars.platforms.demand import DemandTables, acts_needed, with_pathways
from gst_opt.pillars.platforms.today.reach import FarZone, able_sites, beyond, high_enough
from gst_opt.pillars.platforms.today.use import BedUse, Use, acts_done, bed_uses, unit_uses

REGION = "*"
"""Stands for the whole region in the place of a province."""


class Today:
    """What several parts of the diagnosis look up, each computed once."""

    def __init__(self, grouping: Grouping) -> None:
        self.grouping = grouping
        self.equipment, self.region = grouping.equipment, grouping.region
        self.facilities = self.region.open_facilities()
        self.province_of = {site.id: site.province for site in self.facilities}
        self.zone_province = {zone.id: zone.province for zone in self.region.zones}
        self.zones = tuple(self.zone_province)
        self.people = self.region.inhabitants()
        self.types = {kind.id: kind for kind in self.equipment.equipment_types}
        self.done = {
            place: acts
            for place, acts in acts_done(grouping.activity, grouping.horizon).items()
            if place[0] in self.province_of
        }

    @cached_property
    def inhabitants(self) -> dict[str, int]:
        """Inhabitants by province that has people or open facilities, in order."""
        totals = dict.fromkeys(sorted({*self.zone_province.values(), *self.province_of.values()}), 0)
        for zone, province in self.zone_province.items():
            totals[province] += self.people[zone]
        return totals

    @cached_property
    def uses(self) -> dict[tuple[str, str], Use]:
        """Use of the units of open facilities, by (facility, type)."""
        uses = unit_uses(self.equipment, self.done, self.grouping.horizon)
        return {place: use for place, use in uses.items() if place[0] in self.province_of}

    @cached_property
    def bed_uses(self) -> dict[tuple[str, str], BedUse]:
        """Use of the beds of open facilities, by (facility, ward)."""
        rows = [row for row in self.region.ward_beds if row.facility in self.province_of]
        return bed_uses(rows, self.equipment, self.done)

    @cached_property
    def past_life(self) -> dict[tuple[str, str], int]:
        """Units older than their life when the calendar begins; none without a calendar."""
        old: dict[tuple[str, str], int] = {}
        for row in self.equipment.equipment_units:
            life = self.types[row.equipment_type].life
            if self.grouping.horizon.periods and row.installed is not None:
                age = self.grouping.horizon.periods[0].start.year - row.installed
                place = row.facility, row.equipment_type
                old[place] = old.get(place, 0) + (row.units if age >= life else 0)
        return old

    @cached_property
    def journeys(self) -> Travel:
        """Minutes between all places."""
        return travel(self.region)

    @cached_property
    def needed(self) -> dict[tuple[str, str], float]:
        """Acts needed in the first year, steps of pathways among them, by (zone, service)."""
        needed = acts_needed(self.region, DemandTables.of(self.grouping), self.grouping.horizon)
        everything = with_pathways(needed, self.grouping.pathways, self.grouping.pathway_steps)
        return {place: acts for place, (acts,) in everything.items()}

    @cached_property
    def far(self) -> dict[str, list[FarZone]]:
        """Zones too far from each service that has a longest journey, where something says who can give it."""
        limits = {service.id: service.max_travel for service in self.grouping.services}
        return {
            service: beyond(self.journeys, self.zones, sites, limit)
            for service, sites in self.able.items()
            if (limit := limits[service]) is not None
        }

    @cached_property
    def able(self) -> dict[str, tuple[str, ...]]:
        """Sites able to give each service, where something says so: a type, a ward or acts."""
        beds = {place: use.beds for place, use in self.bed_uses.items()}
        told = {row.service for row in self.equipment.session_standards}
        told |= {row.service for row in self.equipment.stay_standards} | {service for _, service in self.done}
        return {
            service.id: able_sites(service, self.facilities, self.equipment, self.uses, beds, self.done)
            for service in self.grouping.services
            if service.id in told
        }

    @cached_property
    def uncovered(self) -> dict[CoverStandard, list[FarZone]]:
        """Zones with fewer sites within its time than each cover standard asks."""
        levels = {site.id: site for site in self.facilities}
        return {
            standard: beyond(
                self.journeys,
                self.zones,
                [
                    facility
                    for facility, kind in self.uses
                    if kind == standard.equipment_type and high_enough(levels[facility], standard.min_level)
                ],
                standard.minutes,
                standard.sites,
            )
            for standard in self.equipment.cover_standards
        }
