"""What the diagnosis finds: one record a table."""

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.region import Level
from gst_opt.core.units import Acts, Beds, Heads, Hours, Inhabitants, Minutes, Units
from gst_opt.pillars.platforms.today.origins import Figure
from gst_opt.pillars.platforms.today.use import UseBasis

Ratio = float


class SiteUnits(Frozen):
    """The units of one type at one facility, how far they are used, and the limits of their use."""

    province: str = Field(description="Province of the facility")
    facility: str = Field(description="Facility")
    equipment_type: str = Field(description="Type of equipment")
    units: Units = Field(description="Units present")
    past_life: Units = Field(description="Those among them older than their life when the calendar begins")
    hours_open: Hours = Field(description="Time that they can be open, a year: all the sessions of their type")
    hours_used: Hours | None = Field(description="Time used, a year; empty: nothing recorded says")
    share_used: Ratio | None = Field(description="Time used over time open")
    share_floor: Ratio = Field(description="Smallest share that must be used")
    share_ceiling: Ratio = Field(description="Largest share that may be used")
    acts: Acts | None = Field(description="Acts that they make, a year; empty: none recorded")
    acts_floor: Acts = Field(description="Fewest acts a year of a site that has units")
    use_from: UseBasis | None = Field(description="sessions or acts recorded; empty: neither")


class SiteBeds(Frozen):
    """The beds of one group of wards of one facility, and how far they are occupied."""

    province: str = Field(description="Province of the facility")
    facility: str = Field(description="Facility")
    ward: str = Field(description="Group of wards")
    beds: Beds = Field(description="Beds open; 0 where recorded acts call for beds that there are not")
    bed_days: float | None = Field(description="Days that patients keep a bed, a year; empty: no act recorded says")
    share_occupied: Ratio | None = Field(description="Bed-days over 365 days of every bed")
    share_floor: Ratio | None = Field(description="Smallest occupancy; empty: no standard for the ward")
    share_ceiling: Ratio | None = Field(description="Largest occupancy; empty: no standard for the ward")


class TypeUse(Frozen):
    """The units of one type in the whole region."""

    equipment_type: str = Field(description="Type of equipment")
    sites: int = Field(description="Facilities that have some")
    units: Units = Field(description="Units present")
    past_life: Units = Field(description="Those among them older than their life when the calendar begins")
    hours_open: Hours = Field(description="Time that they can be open, a year")
    hours_used: Hours | None = Field(description="Time used, a year, where it is known")
    share_used: Ratio | None = Field(description="Time used over time open, where it is known")
    share_known: Ratio = Field(description="Part of the time open whose use is known")


class WardUse(Frozen):
    """The beds of one group of wards in the whole region."""

    ward: str = Field(description="Group of wards")
    sites: int = Field(description="Facilities that have some")
    beds: Beds = Field(description="Beds open")
    bed_days: float | None = Field(description="Days that patients keep a bed, a year, where they are known")
    share_occupied: Ratio | None = Field(description="Bed-days over 365 days of every bed, where they are known")
    share_known: Ratio = Field(description="Part of the beds whose occupancy is known")


class ProvinceMeans(Frozen):
    """Staff and beds of one province, against its people; * for the region."""

    province: str = Field(description="Province")
    inhabitants: Inhabitants = Field(description="Inhabitants")
    heads: Heads = Field(description="Health professionals in post")
    heads_per_1000: Ratio | None = Field(description="Health professionals for 1,000 inhabitants")
    target_per_1000: Ratio = Field(description="Threshold for 1,000 inhabitants")
    heads_missing: float = Field(description="Heads missing to the threshold")
    beds: Beds = Field(description="Beds open")
    beds_per_1000: Ratio | None = Field(description="Beds for 1,000 inhabitants")


class ProvinceUnits(Frozen):
    """Units of one type in one province, against those that the region has for as many people."""

    equipment_type: str = Field(description="Type of equipment")
    province: str = Field(description="Province")
    units: Units = Field(description="Units present")
    units_per_million: Ratio | None = Field(description="Units for a million inhabitants of the province")
    region_per_million: Ratio = Field(description="Units for a million inhabitants of the region")
    units_missing: float = Field(description="Units missing to the region's mean")


class Duplicate(Frozen):
    """Two sites near one another whose units of one type are used less, together, than one unit could be."""

    equipment_type: str = Field(description="Type of equipment")
    facility: str = Field(description="Facility")
    neighbour: str = Field(description="The other facility")
    minutes: Minutes = Field(description="Journey between the two, the longer way")
    units: Units = Field(description="Units of both")
    hours_used: Hours = Field(description="Time used at both, a year")
    hours_of_one: Hours = Field(description="Time that one unit may be used, a year: its sessions x max_use")
    share_of_one: Ratio = Field(description="Time used at both over that of one unit")


class ServiceReach(Frozen):
    """One service in the whole region: acts needed and done, sites able to give it, people too far from them."""

    service: str = Field(description="Service")
    acts_needed: Acts | None = Field(description="Acts needed in the first year; empty: nothing says")
    acts_done: Acts | None = Field(description="Acts recorded, a year; empty: none is")
    sites: int | None = Field(description="Facilities able to give it; empty: nothing says")
    limit: Minutes | None = Field(description="Longest acceptable journey; empty: none")
    people_beyond: Inhabitants | None = Field(description="People beyond it; empty: no limit, or nothing says")
    share_beyond: Ratio | None = Field(description="Their share of the people")
    acts_beyond: Acts | None = Field(description="Acts that they need")


class ProvinceReach(Frozen):
    """People of one province too far from any site able to give a service."""

    service: str = Field(description="Service")
    province: str = Field(description="Province")
    inhabitants: Inhabitants = Field(description="Inhabitants")
    people_beyond: Inhabitants = Field(description="People beyond the longest acceptable journey")
    share_beyond: Ratio | None = Field(description="Their share")
    acts_beyond: Acts = Field(description="Acts that they need")


class ZoneBeyond(Frozen):
    """A zone too far from any site able to give a service."""

    service: str = Field(description="Service")
    zone: str = Field(description="Zone")
    province: str = Field(description="Province")
    inhabitants: Inhabitants = Field(description="Inhabitants")
    acts_beyond: Acts = Field(description="Acts that they need")
    facility: str | None = Field(description="Nearest facility able to give it; empty: none can be reached")
    minutes: Minutes | None = Field(description="Journey to it, one way")
    limit: Minutes = Field(description="Longest acceptable journey")


class ProvinceCover(Frozen):
    """People of one province that a cover standard leaves out; * for the region."""

    equipment_type: str = Field(description="Type of equipment")
    level: Level | None = Field(description="Lowest level of care that counts; empty: any")
    sites_asked: int = Field(description="Sites that should be within the time")
    limit: Minutes = Field(description="Longest journey from home")
    province: str = Field(description="Province")
    inhabitants: Inhabitants = Field(description="Inhabitants")
    people_beyond: Inhabitants = Field(description="People with fewer sites within the time")
    share_beyond: Ratio | None = Field(description="Their share")


class ZoneUncovered(Frozen):
    """A zone that a cover standard leaves out."""

    equipment_type: str = Field(description="Type of equipment")
    level: Level | None = Field(description="Lowest level of care that counts; empty: any")
    sites_asked: int = Field(description="Sites that should be within the time")
    limit: Minutes = Field(description="Longest journey from home")
    zone: str = Field(description="Zone")
    province: str = Field(description="Province")
    inhabitants: Inhabitants = Field(description="Inhabitants")
    facility: str | None = Field(description="Site that would complete the cover; empty: none can be reached")
    minutes: Minutes | None = Field(description="Journey to it, one way")


class Estimated(Frozen):
    """How far one figure of the diagnosis rests on estimates."""

    figure: Figure = Field(description="Figure")
    columns: int = Field(description="Columns of the data that it is made of")
    share_estimate: Ratio = Field(description="Mean share of them labelled estimate or synthetic")
    share_unlabelled: Ratio = Field(description="Share of them without a source")
