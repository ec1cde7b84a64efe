"""Acts that the people of each zone need, from the user's table or from rates by age; no solver."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from pydantic import Field

from gst_opt.core.frozen import Section
from gst_opt.core.grouping import Grouping
from gst_opt.core.pathways import Pathway, PathwayStep
from gst_opt.core.region import Region
from gst_opt.core.services import Demand, DemandRate, ServiceTotal
from gst_opt.core.time import Horizon
from gst_opt.network.journeys import refuse_unknown


class DemandTables(Section):
    """What a grouping knows of the acts that its people need."""

    demand: tuple[Demand, ...] = Field(default=(), description="Acts needed, where they are known")
    demand_rates: tuple[DemandRate, ...] = Field(default=(), description="Acts needed by age, where they are not")
    service_totals: tuple[ServiceTotal, ...] = Field(default=(), description="Acts that the whole region needs")

    @classmethod
    def of(cls, grouping: Grouping) -> Self:
        """Take them from a grouping."""
        return cls(
            demand=grouping.demand,
            demand_rates=grouping.demand_rates,
            service_totals=grouping.service_totals,
        )


def acts_needed(
    region: Region, tables: DemandTables, horizon: Horizon, years: int = 1
) -> dict[tuple[str, str], tuple[float, ...]]:
    """Return the acts that each zone needs of each service, by (zone, service), in each of some years.

    Years are counted from the first day of the horizon. For each service, the first of these that holds:

    1. rows of `demand`: the acts of a year over the share of it that the service's periods cover; a zone without a
       row in a period needs nothing then. A year without rows is taken from the last year before it that has some
       (from the first that has some, where none is before), with growth;
    2. rates: inhabitants x acts_per_1000 / 1,000, summed over age groups, times rural_factor where the zone is not
       urban; scaled to the service's total where there is one. A total where rates say nothing is shared by
       inhabitants. They hold for the first year, and grow;
    3. nothing.

    Growth is that of the zone's province, compounded: ``acts x (1 + per_year) ^ years between``; 0 where not known.

    Parameters
    ----------
    region
        Zones, inhabitants by age, growth of the provinces.
    tables
        Demand, rates and totals.
    horizon
        Calendar of the periods of `demand`.
    years
        How many years.

    Returns
    -------
    dict
        Acts, one figure a year; a service that a zone never needs is left out.

    Raises
    ------
    GstOptError
        If a row of `demand` names a period that the calendar does not have, or a zone that the region does not.
    """
    refuse_unknown({zone.id for zone in region.zones}, (row.zone for row in tables.demand))
    known = _recorded(tables.demand, horizon) | _from_rates(region, tables)
    growth = {row.province: row.per_year for row in region.growth_rates}
    factors = {zone.id: 1 + growth.get(zone.province, 0.0) for zone in region.zones}
    needed = {
        place: tuple(_in_year(year, by_year, factors[place[0]]) for year in range(years))
        for place, by_year in sorted(known.items())
    }
    return {place: acts for place, acts in needed.items() if any(acts)}


def with_pathways(
    needed: Mapping[tuple[str, str], tuple[float, ...]], pathways: Iterable[Pathway], steps: Iterable[PathwayStep]
) -> dict[tuple[str, str], tuple[float, ...]]:
    """Return the acts needed with those of the steps that pathways lead to, by (zone, service).

    A share of those who need the service of a pathway's first step follow it; each step takes
    ``patients x share / (1 - returning)`` acts. The others need that service alone.
    """
    by_pathway: dict[str, list[PathwayStep]] = {}
    for step in sorted(steps, key=lambda one: (one.pathway, one.step)):
        by_pathway.setdefault(step.pathway, []).append(step)
    led: dict[str, dict[str, float]] = {}
    for pathway in pathways:
        own = by_pathway.get(pathway.id, [])
        for step in own:
            acts = led.setdefault(own[0].service, {own[0].service: 1.0})
            more = pathway.share * step.share / (1 - step.returning)
            acts[step.service] = acts.get(step.service, 0.0) + more
        if own:
            led[own[0].service][own[0].service] -= pathway.share
    totals: dict[tuple[str, str], tuple[float, ...]] = {}
    for (zone, service), years in sorted(needed.items()):
        for other, factor in led.get(service, {service: 1.0}).items():
            before = totals.get((zone, other), (0.0,) * len(years))
            totals[zone, other] = tuple(one + factor * acts for one, acts in zip(before, years, strict=True))
    return {place: years for place, years in totals.items() if any(years)}


def _in_year(year: int, by_year: Mapping[int, float], factor: float) -> float:
    """Return the acts of one year, grown from the nearest year known before it, or else from the first known."""
    base = max((one for one in by_year if one <= year), default=min(by_year))
    return by_year[base] * factor ** (year - base)


def _recorded(demand: tuple[Demand, ...], horizon: Horizon) -> dict[tuple[str, str], dict[int, float]]:
    """Return the acts of every year that a service has rows for, by (zone, service)."""
    horizon.years_in({row.period for row in demand})
    first = horizon.periods[0].start if horizon.periods else date.min
    year_of = {period.id: _full_years(first, period.start) for period in horizon.periods}
    acts: dict[tuple[str, str], dict[int, list[float]]] = {}
    periods: dict[str, dict[int, set[str]]] = {}
    for row in demand:
        year = year_of[row.period]
        acts.setdefault((row.zone, row.service), {}).setdefault(year, []).append(row.acts)
        periods.setdefault(row.service, {}).setdefault(year, set()).add(row.period)
    return {
        (zone, service): {
            year: math.fsum(own.get(year, ())) / horizon.years_in(covered) for year, covered in periods[service].items()
        }
        for (zone, service), own in acts.items()
    }


def _full_years(first: date, day: date) -> int:
    """Return the anniversaries of the first day that have passed, as an age is counted."""
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))


def _from_rates(region: Region, tables: DemandTables) -> dict[tuple[str, str], dict[int, float]]:
    """Return the acts of the first year by (zone, service), for services without rows of demand."""
    recorded = {row.service for row in tables.demand}
    rates: dict[str, list[DemandRate]] = {}
    for rate in tables.demand_rates:
        if rate.service not in recorded:
            rates.setdefault(rate.age_group, []).append(rate)
    urban = {zone.id: zone.urban for zone in region.zones}
    acts: dict[str, dict[str, float]] = {}
    for row in region.populations:
        for rate in rates.get(row.age_group, ()):
            own = acts.setdefault(rate.service, {})
            here = row.inhabitants * rate.acts_per_1000 / 1000 * (1.0 if urban[row.zone] else rate.rural_factor)
            own[row.zone] = own.get(row.zone, 0.0) + here
    people = {zone: float(count) for zone, count in region.inhabitants().items()}
    for total in tables.service_totals:
        if total.service not in recorded:
            acts[total.service] = _scaled(acts.get(total.service, {}), total.acts) or _scaled(people, total.acts)
    return {(zone, service): {0: value} for service, own in acts.items() for zone, value in own.items()}


def _scaled(values: Mapping[str, float], total: float) -> dict[str, float]:
    """Return values scaled to a total; nothing where they sum to nothing."""
    today = math.fsum(values.values())
    return {zone: value / today * total for zone, value in values.items()} if today > 0 else {}
