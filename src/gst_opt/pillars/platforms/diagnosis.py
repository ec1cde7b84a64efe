"""Platforms and beds as they are today: what there is, its use, duplicates, gaps; no solver."""

from pydantic import Field

from gst_opt.core.errors import expect
from gst_opt.core.grouping import Grouping
from gst_opt.core.units import Minutes
from gst_opt.model.problem import Plan, PlanTable, Policy
from gst_opt.pillars.platforms.today import gaps, inventory
from gst_opt.pillars.platforms.today.facts import Today
from gst_opt.pillars.platforms.today.findings import (
    Duplicate,
    Estimated,
    ProvinceCover,
    ProvinceMeans,
    ProvinceReach,
    ProvinceUnits,
    ServiceReach,
    SiteBeds,
    SiteUnits,
    TypeUse,
    WardUse,
    ZoneBeyond,
    ZoneUncovered,
)
from gst_opt.pillars.platforms.today.origins import shares


class DiagnosisPolicy(Policy):
    """What the diagnosis compares with."""

    neighbour: Minutes = Field(
        default=30.0,
        description="Longest journey between two sites that could share a unit. 30: a patient sent on stays within an "
        "hour of home where the first site was within half an hour of it; a choice of ours, no text sets one",
    )
    staff_per_1000: float = Field(
        default=4.45,
        gt=0,
        description="Health professionals for 1,000 inhabitants below which a province is short. 4.45: physicians, "
        "nurses and midwives for the Sustainable Development Goals (WHO, Human Resources for Health Observer 17, "
        "2016); here all health professionals of the public sites are counted, technicians among them",
        json_schema_extra={"unit": "head"},
    )


class Diagnosis(Plan):
    """Inventory, use, duplicates and gaps of today, and how far these figures are estimates."""

    provinces: tuple[ProvinceMeans, ...] = Field(description="Staff and beds by province, the region last")
    types: tuple[TypeUse, ...] = Field(description="Units and their use by type")
    wards: tuple[WardUse, ...] = Field(description="Beds and their occupancy by group of wards")
    units: tuple[SiteUnits, ...] = Field(description="Units by province, facility and type")
    beds: tuple[SiteBeds, ...] = Field(description="Beds by province, facility and ward")
    province_units: tuple[ProvinceUnits, ...] = Field(description="Units against the region's mean")
    duplicates: tuple[Duplicate, ...] = Field(description="Pairs of sites that could share a unit")
    services: tuple[ServiceReach, ...] = Field(description="Services: needed, done, in reach")
    reach: tuple[ProvinceReach, ...] = Field(description="People too far from a service, by province")
    zones_beyond: tuple[ZoneBeyond, ...] = Field(description="Zones too far from a service")
    cover: tuple[ProvinceCover, ...] = Field(description="People beyond a cover standard, by province and in all")
    zones_uncovered: tuple[ZoneUncovered, ...] = Field(description="Zones beyond a cover standard")
    estimates: tuple[Estimated, ...] = Field(description="How far each figure rests on estimates")

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe it: provinces, use by type and ward, sites, duplicates, gaps, estimates."""
        return (
            PlanTable.of("provinces", ProvinceMeans, self.provinces),
            PlanTable.of("types", TypeUse, self.types),
            PlanTable.of("wards", WardUse, self.wards),
            PlanTable.of("site_units", SiteUnits, self.units),
            PlanTable.of("site_beds", SiteBeds, self.beds),
            PlanTable.of("province_units", ProvinceUnits, self.province_units),
            PlanTable.of("duplicates", Duplicate, self.duplicates),
            PlanTable.of("service_reach", ServiceReach, self.services),
            PlanTable.of("province_reach", ProvinceReach, self.reach),
            PlanTable.of("zones_beyond", ZoneBeyond, self.zones_beyond),
            PlanTable.of("cover", ProvinceCover, self.cover),
            PlanTable.of("zones_uncovered", ZoneUncovered, self.zones_uncovered),
            PlanTable.of("estimates", Estimated, self.estimates),
        )


DEFAULT_POLICY = DiagnosisPolicy()


def diagnose(grouping: Grouping, policy: DiagnosisPolicy = DEFAULT_POLICY) -> Diagnosis:
    """Say what platforms and beds a grouping has, how they are used, and what is double or missing; no solver.

    Only open facilities count. What nothing recorded says (the use of a unit without sessions or acts) stays empty.

    - Use: sessions recorded x their length, or acts x time per act (`today.use.unit_uses`), over all sessions.
    - Occupancy: acts x mean stay (`today.use.bed_uses`) over 365 days of every bed.
    - Duplicates: two sites at most `policy.neighbour` minutes apart, whose units of one type are used less, together,
      than one unit may be (minutes of a year x max_use); both uses known.
    - Gaps: people whose nearest site able to give a service (`today.reach.able_sites`) is beyond its longest journey;
      people with fewer sites than a cover standard asks within its time; units missing to the region's mean; heads
      missing to `policy.staff_per_1000`. Private and mobile units are not counted.
    - Acts needed: `demand.acts_needed` in the first year, with the steps of pathways.

    Raises
    ------
    GstOptError
        If `grouping` is not a grouping.

    Examples
    --------
    >>> import gst_opt as gst
    >>> towns = gst.diagnose(gst.load_sample("two_towns"))
    >>> [(row.province, row.heads, row.beds) for row in towns.provinces]
    [('North', 33, 50), ('South', 13, 20), ('*', 46, 70)]
    """
    expect(grouping, Grouping)
    today = Today(grouping)
    return Diagnosis(
        provinces=inventory.provinces(today, policy.staff_per_1000),
        types=inventory.types(today),
        wards=inventory.wards(today),
        units=inventory.site_units(today),
        beds=inventory.site_beds(today),
        province_units=inventory.province_units(today),
        duplicates=inventory.duplicates(today, policy.neighbour),
        services=gaps.services(today),
        reach=gaps.reach(today),
        zones_beyond=gaps.zones_beyond(today),
        cover=gaps.cover(today),
        zones_uncovered=gaps.zones_uncovered(today),
        estimates=tuple(
            Estimated(figure=figure, columns=columns, share_estimate=soft, share_unlabelled=bare)
            for figure, (columns, soft, bare) in shares(grouping).items()
        ),
    )
