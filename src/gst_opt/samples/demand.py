"""What the people of the Tanger sample need: services, pathways, rates by age and totals, growth.

``service_needs.csv`` gives the acts that the whole region needs. Those of the later steps of pathways follow from
their first step, so the totals of the sample are what is left: ``total + shares of the steps x totals of the
services that pathways begin with = acts needed``, solved for the totals.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from gst_opt.core.pathways import Pathway, PathwayStep
from gst_opt.core.region import Facility, GrowthRate, Kind, Opening, Region
from gst_opt.core.services import Activity, DemandRate, Service, ServiceTotal
from gst_opt.samples.facts import facts, records

YEARS = 10  # between the censuses of 2014 and 2024
SHARES = {"0-4": "share_0_4", "5-59": "share_5_59", "60+": "share_60_plus"}


def services() -> tuple[Service, ...]:
    """Return what is counted in acts, with the longest journey, lowest level and weight of what platforms give."""
    access = {row["service"]: row for row in facts("service_needs")}
    named = [*facts("services"), *facts("admissions")]
    return tuple(
        Service(
            id=row["id"],
            name_fr=row["name_fr"],
            name_en=row["name_en"],
            **{
                column: access[row["id"]][column]
                for column in ("max_travel", "min_level", "weight")
                if row["id"] in access and access[row["id"]][column]
            },
        )
        for row in named
    )


def admissions(sites: Sequence[Facility], done: Sequence[Activity]) -> tuple[Activity, ...]:
    """Return the admissions that the days of activity make, by group of wards: days over mean stay, rounded."""
    oncology = {site.id for site in sites if site.kind is Kind.ONCOLOGY}
    return tuple(
        Activity(facility=row.facility, service=kind["id"], period=row.period, acts=acts)
        for kind in facts("admissions")
        for row in done
        if row.service == kind["day_service"]
        and (row.facility in oncology) == (kind["facility_kind"] == Kind.ONCOLOGY.value)
        and (acts := round(row.acts / float(kind["days"])))
    )


def pathways() -> tuple[Pathway, ...]:
    """Return the pathways."""
    return records("pathways", Pathway)


def pathway_steps() -> tuple[PathwayStep, ...]:
    """Return their steps."""
    return records("pathway_steps", PathwayStep)


def service_totals() -> tuple[ServiceTotal, ...]:
    """Return the acts needed outside the later steps of pathways, so that with them they are those of the facts."""
    rows = facts("service_needs")
    number = {row["service"]: position for position, row in enumerate(rows)}
    shares = {pathway.id: pathway.share for pathway in pathways()}
    entry = {step.pathway: step.service for step in pathway_steps() if step.step == 1}
    later = np.eye(len(rows))
    for step in pathway_steps():
        if step.step > 1:
            follows = shares[step.pathway] * step.share / (1 - step.returning)
            later[number[step.service], number[entry[step.pathway]]] += follows
    totals = np.linalg.solve(later, [float(row["acts"]) for row in rows])
    return tuple(
        ServiceTotal(service=row["service"], acts=round(total), source=row["source"])
        for row, total in zip(rows, totals.tolist(), strict=True)
    )


def demand_rates(region: Region) -> tuple[DemandRate, ...]:
    """Return rates by age that make the totals of the region, in the proportions of the facts."""
    totals = {row.service: row.acts for row in service_totals()}
    urban = {zone.id: zone.urban for zone in region.zones}
    rates = []
    for row in facts("service_needs"):
        rural = float(row["rural_factor"])
        weighted = sum(
            people.inhabitants * float(row[SHARES[people.age_group]]) * (1.0 if urban[people.zone] else rural)
            for people in region.populations
        )
        rates += [
            DemandRate(
                service=row["service"],
                age_group=group,
                acts_per_1000=round(1000 * totals[row["service"]] * float(row[share]) / weighted, 4),
                rural_factor=rural,
                source=row["source"],
            )
            for group, share in SHARES.items()
        ]
    return tuple(rates)


def growth_rates(region: Region) -> tuple[GrowthRate, ...]:
    """Return the growth of each province between two censuses, compounded."""
    province = {zone.id: zone.province for zone in region.zones}
    people: dict[str, int] = {}
    for zone, inhabitants in region.inhabitants().items():
        people[province[zone]] = people.get(province[zone], 0) + inhabitants
    return tuple(
        GrowthRate(
            province=row["province"],
            per_year=round((people[row["province"]] / int(row["inhabitants_2014"])) ** (1 / YEARS) - 1, 5),
            source=row["source"],
        )
        for row in facts("growth")
    )


def openings() -> tuple[Opening, ...]:
    """Return the days when planned facilities open."""
    return tuple(
        Opening(facility=row["facility"], opens=date.fromisoformat(row["opens"]), source=row["source"])
        for row in facts("openings")
    )
