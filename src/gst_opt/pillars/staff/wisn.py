"""WHO's Workload Indicators of Staffing Need: the staff that the work done calls for; no solver.

Source: WHO (2010), Workload Indicators of Staffing Need, user's manual.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from gst_opt.core.crosscheck_staff import standard_problems
from gst_opt.core.errors import DataError
from gst_opt.core.services import Activity
from gst_opt.core.standards import ActivityStandard, WorkingTime
from gst_opt.core.time import Horizon
from gst_opt.core.workforce import Workforce

TINY = 1e-9


@dataclass(frozen=True)
class Workload:
    """What the work done at a facility calls for in one skill, and who is there for it.

    Attributes
    ----------
    basic
        Staff for the acts alone (FTE): sum of yearly acts / standard workload.
    category_factor
        What the support activities of everybody multiply it by, at least 1.
    individual_factor
        Staff for the additional activities of some (FTE).
    existing
        Heads in post.
    """

    basic: float
    category_factor: float
    individual_factor: float
    existing: int

    @property
    def required(self) -> float:
        """Required staff (FTE), unrounded: ``basic x category_factor + individual_factor``."""
        return self.basic * self.category_factor + self.individual_factor

    @property
    def difference(self) -> float:
        """Heads in post above the required staff; negative when short."""
        return self.existing - self.required

    @property
    def ratio(self) -> float | None:
        """Heads in post for one required: below 1 the staff is under pressure; None when none is required."""
        return self.existing / self.required if self.required else None


def workloads(workforce: Workforce, activity: Iterable[Activity], horizon: Horizon) -> dict[tuple[str, str], Workload]:
    """Return the workload by (facility, skill), where acts are done that a standard gives to a skill.

    Rows of no act say nothing of a need. Acts are made yearly over all the periods that any activity is recorded
    for: a facility without a row in one of them did nothing then.

    Parameters
    ----------
    workforce
        Working times, activity standards, allowances, staff. A skill without a working time is left out.
    activity
        Acts done.
    horizon
        Calendar of their periods.

    Raises
    ------
    DataError
        If the standards contradict one another.
    GstOptError
        If an activity is of a period that the calendar does not have.
    """
    problems = standard_problems({name: getattr(workforce, name) for name in Workforce.model_fields})
    if problems:
        raise DataError(problems)
    yearly = _yearly_acts(activity, horizon)
    times = {row.skill: row for row in workforce.working_times}
    hours: dict[tuple[str, str], float] = {}
    by_service: dict[str, list[tuple[str, float]]] = {}
    for standard in workforce.activity_standards:
        if standard.skill in times:
            by_service.setdefault(standard.service, []).append((standard.skill, standard.hours_per_act))
    for (facility, service), acts in yearly.items():
        for skill, hours_per_act in by_service.get(service, ()):
            hours[facility, skill] = hours.get((facility, skill), 0.0) + acts * hours_per_act
    factors = category_factors(workforce)
    individual = _individual_hours(workforce)
    heads = {(row.facility, row.skill): row.heads for row in workforce.staff}
    return {
        place: Workload(
            basic=hours[place] / times[place[1]].available_hours,
            category_factor=factors[place[1]],
            individual_factor=individual.get(place, 0.0) / times[place[1]].available_hours,
            existing=heads.get(place, 0),
        )
        for place in sorted(hours)
    }


def standard_workload(standard: ActivityStandard, time: WorkingTime) -> float:
    """Return the acts that one person who did nothing else would do in a year."""
    return time.available_hours / standard.hours_per_act


def category_factors(workforce: Workforce) -> dict[str, float]:
    """Return the category allowance factor of every skill with a working time: 1 / (1 - share of support work)."""
    times = {row.skill: row for row in workforce.working_times}
    shares: dict[str, list[float]] = {skill: [] for skill in times}
    for allowance in workforce.category_allowances:
        if allowance.skill in times:
            shares[allowance.skill].append(allowance.share(times[allowance.skill]))
    return {skill: 1 / (1 - math.fsum(own)) for skill, own in shares.items()}


def rounded(required: float) -> int:
    """Round required staff to heads, as the manual's table does; for reports, never inside a model.

    The part above a whole number n goes down up to n tenths, since each of n people can take on a tenth more: up to
    1.1, 2.2, 3.3, 4.4, 5.5. There the table ends, at one half; from then on one half is the limit. Less than one is 1.

    Examples
    --------
    >>> [rounded(required) for required in (0.0, 0.2, 1.1, 1.15, 2.2, 5.5, 5.6, 18.49)]
    [0, 1, 1, 2, 2, 5, 6, 18]
    """
    whole = math.floor(required + TINY)
    return whole if required - whole <= min(whole / 10, 0.5) + TINY else whole + 1


def _yearly_acts(activity: Iterable[Activity], horizon: Horizon) -> dict[tuple[str, str], float]:
    """Return the acts of one year by (facility, service)."""
    acts: dict[tuple[str, str], float] = {}
    recorded = set()
    for row in activity:
        recorded.add(row.period)
        place = row.facility, row.service
        acts[place] = acts.get(place, 0.0) + row.acts
    length = horizon.years_in(recorded)
    return {place: total / length for place, total in acts.items() if total > 0}


def _individual_hours(workforce: Workforce) -> dict[tuple[str, str], float]:
    """Return the hours a year that additional activities take, by (facility, skill)."""
    hours: dict[tuple[str, str], float] = {}
    for row in workforce.individual_allowances:
        place = row.facility, row.skill
        hours[place] = hours.get(place, 0.0) + row.heads * row.hours_per_year
    return hours
