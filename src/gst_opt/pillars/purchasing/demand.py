"""Units of every need that facilities must receive, from the table of requirements or from their acts; no solver."""

import math
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

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
        if row.need in bought:
            recorded.setdefault((row.need, row.facility), {})[row.period] = row.units
    found = {}
    for place, periods in sorted((_used(catalogue, activity, bought) | recorded).items()):
        needed = {period: units for period, units in sorted(periods.items()) if units > 0}
        if needed:
            found[place] = needed
    return found


def _used(catalogue: Catalogue, activity: Iterable[Activity], bought: Collection[str]) -> Requirements:
    """Return the units that acts use: for each facility, acts by service and period times units by need and service."""
    uses: dict[str, list[tuple[str, float]]] = {}
    for use in catalogue.consumption:
        if use.need in bought:
            uses.setdefault(use.service, []).append((use.need, use.units_per_act))
    acts: dict[str, dict[str, dict[str, float]]] = {}
    for done in activity:
        if done.service in uses:
            own = acts.setdefault(done.facility, {}).setdefault(done.service, {})
            own[done.period] = own.get(done.period, 0.0) + done.acts
    used: Requirements = {}
    for facility, services in acts.items():
        periods = sorted({period for by_period in services.values() for period in by_period})
        units: dict[str, NDArray[np.float64]] = {}
        for service, by_period in services.items():
            row = np.array([by_period.get(period, 0.0) for period in periods])
            for need, per_act in uses[service]:
                units[need] = units[need] + per_act * row if need in units else per_act * row
        for need, sums in units.items():
            used[need, facility] = dict(zip(periods, sums.tolist(), strict=True))
    return used


def total(periods: dict[str, float]) -> float:
    """Return the units of all periods together."""
    return math.fsum(periods.values())
