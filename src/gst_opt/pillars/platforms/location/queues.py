"""How long people wait for a platform, from its use and its units; no solver, used by the model and by its check.

Mean wait of a queue of c units, by H. Sakasegawa, "An approximation formula Lq = alpha rho^beta / (1 - rho)", Annals
of the Institute of Statistical Mathematics 29 (1977) 67-75, times the variability of arrivals and acts as W. Whitt,
"Approximations for the GI/G/m queue", Production and Operations Management 2 (1993) 114-161:

    wait = variability x s x u^(sqrt(2 (c + 1)) - 1) / (c (1 - u))

with s the mean minutes of an act and u the use. It is exact for one unit at variability 1 (M/M/1). Against Erlang C
at variability 1, for 1 to 10 units, it is never too short, at most 0.034 s too long at any use, and at most 8 % too
long from a use of 0.8 on. Minutes are those that units are open: a day has minutes_per_year / 365 of them.
"""

from math import inf, pow, sqrt
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.equipment import Equipment, EquipmentType

DAYS = 365.0
"""Days of a year, over which the open minutes of a unit are spread."""
BREAKS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9)
"""Uses at which the lines of waiting meet, below the limit."""
LAST_BREAK = 0.98
"""Use beyond which the last line goes on: at 1 a wait has no end."""
MOST_USE = 0.999
"""Use from which on a wait is counted as at this use: at 1 a queue has no mean wait, and a plan needs a figure."""
HALVINGS = 60
"""Steps of the bisection: past the precision of a float."""


def mean_minutes(equipment: Equipment, type_id: str) -> float:
    """Return the minutes of a unit that an act takes, mean of the standards of a type; 0 without any."""
    own = [row.minutes_per_act for row in equipment.session_standards if row.equipment_type == type_id]
    return fmean(own) if own else 0.0


def wait(kind: EquipmentType, units: int, use: float, minutes_per_act: float) -> float:
    """Return the mean wait in days: 0 without units or use; from a use of 0.999 on, that of 0.999.

    Parameters
    ----------
    kind
        Type of equipment.
    units
        Units at the site, which share one queue.
    use
        Share of the units' open minutes in use.
    minutes_per_act
        Mean time of a unit that an act takes, in minutes.
    """
    return _steady(kind, units, min(use, MOST_USE), minutes_per_act)


def _steady(kind: EquipmentType, units: int, use: float, minutes_per_act: float) -> float:
    if units <= 0 or use <= 0 or kind.variability == 0:
        return 0.0
    if use >= 1:
        return inf
    minutes = kind.variability * minutes_per_act * pow(use, sqrt(2 * (units + 1)) - 1) / (units * (1 - use))
    return minutes / (kind.minutes_per_year / DAYS)


def use_limit(kind: EquipmentType, units: int, minutes_per_act: float, max_wait: float | None) -> float:
    """Return the largest use that is at most the type's `max_use` and whose wait is at most `max_wait` days.

    Bisection from below: never above either limit. 0 without units.

    Parameters
    ----------
    kind
        Type of equipment.
    units
        Units at the site.
    minutes_per_act
        Mean time of a unit that an act takes, in minutes.
    max_wait
        Longest mean wait, in days; None: only `max_use` limits.
    """
    if units <= 0:
        return 0.0
    if max_wait is None or _steady(kind, units, kind.max_use, minutes_per_act) <= max_wait:
        return kind.max_use
    low, high = 0.0, kind.max_use
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _steady(kind, units, middle, minutes_per_act) <= max_wait:
            low = middle
        else:
            high = middle
    return low


def wait_lines(
    kind: EquipmentType, units: int, minutes_per_act: float, max_use: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lines whose largest is the waiting of a site, in patient-days a year, by the minutes used in a year.

    waiting(m) = max over lines of slope x m + intercept

    This is what the term `waiting` means. Between the uses of `BREAKS` below `max_use`, and `max_use`, it joins the
    points of m / minutes_per_act x wait, which by Little's law is 365 times the mean number of people waiting: convex
    in m, so that the lines are never below it.

    Parameters
    ----------
    kind
        Type of equipment.
    units
        Units at the site.
    minutes_per_act
        Mean time of a unit that an act takes, in minutes.
    max_use
        Largest use, as of `use_limit`; from 0.98 on the last line goes on.

    Returns
    -------
    tuple of two arrays
        Slopes, in patient-days per minute, rising, and intercepts, in patient-days; one line of 0 where nothing can
        be used.
    """
    last = min(max_use, LAST_BREAK)
    if units <= 0 or last <= 0 or minutes_per_act <= 0:
        return np.zeros(1), np.zeros(1)
    uses = np.array([*(one for one in BREAKS if one < last), last])
    minutes = uses * units * kind.minutes_per_year
    waiting = minutes / minutes_per_act * [wait(kind, units, use, minutes_per_act) for use in uses.tolist()]
    slopes = np.diff(waiting) / np.diff(minutes)
    return slopes, waiting[:-1] - slopes * minutes[:-1]
