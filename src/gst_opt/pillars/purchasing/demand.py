"""Units of every need that facilities must receive, from the table of requirements or from their acts; no solver."""

import math
from collections.abc import Collection, Iterable

from gst_opt.core.catalogue import BuyingLevel, Catalogue
from gst_opt.core.services import Activity

Requirements = dict[tuple[str, str], dict[str, float]]
"""Units by period, of each (need, facility)."""


def units_required(catalogue: Catalogue, activity: Iterable[Activity], levels: Collection[BuyingLevel]) -> Requirements:
    """Return the units of each need that each facility must receive, by period.

    Rows of `requirements` come first, then what the acts of the facility use (acts x units per act, summed over
    services) where the facility has no row of the need. What is not needed at all is left out.

    Parameters
    ----------
    catalogue
        Needs, requirements, consumption.
    activity
        Acts done.
    levels
        Who buys: needs of other levels are left out.
    """
    bought = {need.id for need in catalogue.needs if need.level in levels}
    recorded: Requirements = {}
    for row in catalogue.requirements:
        recorded.setdefault((row.need, row.facility), {})[row.period] = row.units
    uses: dict[str, list[tuple[str, float]]] = {}
    for use in catalogue.consumption:
        uses.setdefault(use.service, []).append((use.need, use.units_per_act))
    used: dict[tuple[str, str], dict[str, list[float]]] = {}
    for done in activity:
        for need, units in uses.get(done.service, ()):
            by_period = used.setdefault((need, done.facility), {})
            by_period.setdefault(done.period, []).append(done.acts * units)
    derived = {
        place: {period: math.fsum(parts) for period, parts in periods.items()} for place, periods in used.items()
    }
    found: Requirements = {}
    for place, periods in sorted((derived | recorded).items()):
        needed = {period: units for period, units in sorted(periods.items()) if units > 0}
        if needed and place[0] in bought:
            found[place] = needed
    return found


def total(periods: dict[str, float]) -> float:
    """Return the units of all periods together."""
    return math.fsum(periods.values())
