"""The Tanger sample: the grouping of Tanger-Tétouan-Al Hoceima as public facts give it.

Every figure comes from the tables of the folder ``facts`` by fixed rules: the same tables make the same grouping.
"""

from collections.abc import Mapping
from datetime import date

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Region
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.workforce import Workforce
from gst_opt.network import Travel, travel
from gst_opt.pillars.staff.need import Need, needs
from gst_opt.samples import (
    activity,
    careers,
    catalogue,
    demand,
    finances,
    mobility,
    places,
    platforms,
    routes,
    staffing,
    stores,
    support,
    tenders,
    workload,
)
from gst_opt.samples.facts import facts
from gst_opt.samples.referrals import refer


def tanger() -> Grouping:
    """Build the grouping of Tanger-Tétouan-Al Hoceima."""
    places_only = _region()
    journeys = travel(places_only)
    region = refer(places_only, journeys)
    horizon = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
    first = horizon.periods[0]
    equipment = platforms.equipment(region, journeys, first.start.year, first.id)
    present = Workforce(
        skills=staffing.skills(),
        staff=staffing.staff(region, journeys),
        staffing_norms=staffing.staffing_norms(),
    )
    done = activity.activity(region, present, equipment, journeys, first.id)
    acts = (*done, *demand.admissions(region.facilities, done))
    measured = present.replace(
        working_times=workload.working_times(present.skills),
        activity_standards=workload.activity_standards(),
        category_allowances=workload.category_allowances(),
        individual_allowances=workload.individual_allowances(present.staff),
    )
    lots = tenders.drawn_lots()
    return Grouping(
        id="tanger",
        name="GST Tanger-Tétouan-Al Hoceima",
        horizon=horizon,
        region=region.replace(growth_rates=demand.growth_rates(region), openings=demand.openings()),
        services=demand.services(),
        pathways=demand.pathways(),
        pathway_steps=demand.pathway_steps(),
        activity=acts,
        demand_rates=demand.demand_rates(region),
        service_totals=demand.service_totals(),
        workforce=_with_decisions(region, measured, needs(region, measured, done, horizon, journeys), journeys),
        equipment=equipment,
        finances=finances.finances(),
        catalogue=catalogue.catalogue(tenders.sellers(lots)),
        tenders=tenders.tenders(lots, catalogue.units_a_year(acts)),
        stocks=stores.stocks(region, journeys),
        support=support.support(region, present.staff, equipment, acts, first.id),
        sources=sources(),
    )


def sources() -> tuple[Source, ...]:
    """Return where each column of the sample comes from."""
    return tuple(
        Source(
            table=row["table"],
            column=row["column"],
            rows=row["rows"],
            label=SourceLabel(row["label"]),
            source=row["source"],
        )
        for row in facts("sources")
    )


def _region() -> Region:
    zones = places.zones()
    facilities = places.facilities(zones)
    return Region(
        facilities=facilities,
        ward_beds=places.ward_beds(),
        zones=zones,
        populations=places.populations(),
        roads=routes.roads(zones, facilities),
        terrain_speeds=routes.terrain_speeds(),
    )


def _with_decisions(
    region: Region, workforce: Workforce, need: Mapping[tuple[str, str], Need], journeys: Travel
) -> Workforce:
    """Add to the staff and its need what moves, recruitment and shared time may count on."""
    skills, staff = workforce.skills, workforce.staff
    distance = staffing.distances(region, journeys)
    return workforce.replace(
        staff_ages=careers.staff_ages(skills, staff),
        posts=mobility.posts(staff, need),
        consents=mobility.consents(region.open_facilities(), staff, need, journeys, distance),
        task_shifts=mobility.task_shifts(),
        premium_steps=mobility.premium_steps(),
        private_times=mobility.private_times(),
        careers=careers.careers(skills),
        new_posts=careers.new_posts(sum(region.inhabitants().values())),
        attractions=careers.attractions(region, skills, need, distance),
        staffing_targets=careers.staffing_targets(region),
        trainings=careers.trainings(),
    )
