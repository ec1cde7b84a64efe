"""The support functions of the Tanger sample: volumes tied to its staff, beds, equipment and activity by fixed rules.

``volume = sum(factor * size)`` over the rows of ``support_drivers.csv`` that hold for a facility, rounded. A facility
that has a volume does the function itself today, at the costs of ``support_costs.csv``.
"""

from collections.abc import Iterable

from gst_opt.core.equipment import Equipment
from gst_opt.core.region import Facility, Kind, Region
from gst_opt.core.services import Activity
from gst_opt.core.support import (
    Hub,
    HubLevel,
    HubStaff,
    Support,
    SupportFunction,
    SupportStaff,
    SupportToday,
    SupportVolume,
)
from gst_opt.core.workforce import Staff
from gst_opt.samples.facts import facts, records

BED_DAYS = ("medical_day", "surgical_day", "mother_child_day", "intensive_care_day", "psychiatric_day")

Sizes = dict[str, dict[str, float]]
"""Size by facility, by kind of size."""


def support(
    region: Region, staff: Iterable[Staff], equipment: Equipment, activity: Iterable[Activity], period: str
) -> Support:
    """Build the support functions of a region."""
    sizes = _sizes(region, staff, equipment, activity)
    volumes = _volumes(region.open_facilities(), sizes)
    costs = {(row["support_function"], row["scope"]): row for row in facts("support_costs")}
    scopes = {site.id: _scope(site) for site in region.facilities}
    own = [(function, site, costs[function, scopes[site]]) for function, site in volumes]
    hubs = [
        (row, site)
        for row in facts("hub_rules")
        for site in region.open_facilities()
        if _can_be(row, site, region.beds())
    ]
    return Support(
        support_functions=records("support_functions", SupportFunction),
        support_volumes=tuple(
            SupportVolume(support_function=function, facility=site, period=period, volume=volume)
            for (function, site), volume in volumes.items()
        ),
        support_today=tuple(
            SupportToday(
                support_function=function,
                facility=site,
                fixed_cost=float(row["fixed_cost"]),
                unit_cost=float(row["unit_cost"]),
                quality=float(row["quality"]),
            )
            for function, site, row in own
        ),
        support_staff=tuple(
            SupportStaff(
                support_function=function,
                facility=site,
                skill=row["skill"],
                hours_per_unit=float(row["hours_per_unit"]),
            )
            for function, site, row in own
        ),
        hubs=tuple(
            Hub(support_function=row["support_function"], facility=site.id, quality=float(row["quality"]))
            for row, site in hubs
        ),
        hub_levels=tuple(
            HubLevel(
                support_function=size["support_function"],
                facility=site.id,
                capacity=float(size["capacity"]),
                fixed_cost=float(size["fixed_cost"]),
                unit_cost=float(size["unit_cost"]),
                opening_cost=float(size["opening_cost"]),
            )
            for row, site in hubs
            for size in facts("hub_sizes")
            if size["support_function"] == row["support_function"]
        ),
        hub_staff=records("hub_rules", HubStaff),
    )


def _scope(site: Facility) -> str:
    return "hospital" if site.level.is_hospital else "centre"


def _can_be(row: dict[str, str], site: Facility, beds: dict[str, int]) -> bool:
    """Say whether a facility can be a hub: a general hospital with enough beds."""
    return site.kind is Kind.GENERAL and site.level.is_hospital and beds.get(site.id, 0) >= int(row["least_beds"])


def _volumes(sites: Iterable[Facility], sizes: Sizes) -> dict[tuple[str, str], float]:
    """Return the volume of every function and facility that has one, rounded."""
    totals: dict[tuple[str, str], float] = {}
    for row in facts("support_drivers"):
        for site in sites:
            if row["scope"] in ("any", _scope(site)):
                volume = float(row["factor"]) * sizes[row["size"]].get(site.id, 0.0)
                key = (row["support_function"], site.id)
                totals[key] = totals.get(key, 0.0) + volume
    return {key: float(round(volume)) for key, volume in totals.items() if round(volume)}


def _sizes(region: Region, staff: Iterable[Staff], equipment: Equipment, activity: Iterable[Activity]) -> Sizes:
    sizes: Sizes = {
        "site": {site.id: 1.0 for site in region.open_facilities()},
        "beds": {site: float(beds) for site, beds in region.beds().items()},
        "heads": {},
        "administered_heads": {},
        "units": {},
        "bed_days": {},
    }
    keeper = _hospitals(region)
    for team in staff:
        _add(sizes["heads"], team.facility, team.heads)
        _add(sizes["administered_heads"], keeper[team.facility], team.heads)
    for row in equipment.equipment_units:
        _add(sizes["units"], row.facility, row.units)
    for done in activity:
        _add(sizes.setdefault(done.service, {}), done.facility, done.acts)
        if done.service in BED_DAYS:
            _add(sizes["bed_days"], done.facility, done.acts)
    return sizes


def _hospitals(region: Region) -> dict[str, str]:
    """Return the hospital that every facility refers to, through others where it does; a hospital is its own."""
    sites = {site.id: site for site in region.facilities}
    found = {}
    for site in region.facilities:
        at = site
        while not at.level.is_hospital and at.reference:
            at = sites[at.reference]
        found[site.id] = at.id
    return found


def _add(sizes: dict[str, float], site: str, amount: float) -> None:
    sizes[site] = sizes.get(site, 0.0) + amount
