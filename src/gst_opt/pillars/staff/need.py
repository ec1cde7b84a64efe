"""What staff is needed, facility by facility, from the work done or from the staffing norms; no solver."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gst_opt.core.region import Region
from gst_opt.core.services import Activity
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.time import Horizon
from gst_opt.core.workforce import Workforce
from gst_opt.network import Travel, catchments
from gst_opt.pillars.staff.wisn import workloads


class Basis(StrEnum):
    """What a need comes from."""

    WORKLOAD = "workload"
    NORM = "norm"
    MINIMUM = "minimum"


@dataclass(frozen=True)
class Need:
    """Staff that a facility should have in one skill.

    Attributes
    ----------
    fte
        Full-time equivalents, unrounded.
    minimum_team
        Heads that must stay whatever the need.
    basis
        The acts done, the staffing norm, or the norm's minimum where that is more.
    """

    fte: float
    minimum_team: int
    basis: Basis = Basis.NORM


NO_NEED = Need(0.0, 0)
NO_CALENDAR = Horizon()


def available_hours(working_time: WorkingTime) -> float:
    """Return the hours that one person has for work in a year."""
    return working_time.available_hours


def needs(
    region: Region,
    workforce: Workforce,
    activity: Iterable[Activity] = (),
    horizon: Horizon = NO_CALENDAR,
    journeys: Travel | None = None,
) -> dict[tuple[str, str], Need]:
    """Return the need of every open facility, by (facility, skill): from the work done where it is known.

    - Where acts are recorded that a standard gives to the skill, WHO's method (`wisn.workloads`)::

        need = max(minimum_fte, required staff)

    - elsewhere the norm of the facility's level and kind::

        need = max(minimum_fte, fte + fte_per_10k_inhabitants * people / 10,000 + fte_per_100_beds * beds / 100)

      where people are those that the facility serves (`network.catchments`).

    `minimum_fte` is the norm's, 0 where there is none. A need of nothing, without a team that must stay, is left out.

    Parameters
    ----------
    region, workforce
        Facilities, beds, people; standards and norms.
    activity, horizon
        Acts done, and the calendar of their periods.
    journeys
        Journey times, if already known; computed from the region otherwise.

    Raises
    ------
    DataError
        If the standards contradict one another.
    GstOptError
        If an activity is of a period that the calendar does not have.
    """
    people = catchments(region, journeys)
    beds = region.beds()
    norms: dict[tuple[str, str], dict[str, StaffingNorm]] = {}
    for norm in workforce.staffing_norms:
        norms.setdefault((norm.level, norm.facility_kind), {})[norm.skill] = norm
    worked: dict[str, dict[str, float]] = {}
    for (place, skill), workload in workloads(workforce, activity, horizon).items():
        worked.setdefault(place, {})[skill] = workload.required
    result = {}
    for facility in region.open_facilities():
        own, required = norms.get((facility.level, facility.kind), {}), worked.get(facility.id, {})
        for skill in sorted(own.keys() | required.keys()):
            rule = own.get(skill)
            minimum, team = (rule.minimum_fte, rule.minimum_team) if rule else (0.0, 0)
            if skill in required:
                asked, basis = required[skill], Basis.WORKLOAD
            else:
                asked, basis = _by_norm(own[skill], people[facility.id], beds.get(facility.id, 0)), Basis.NORM
            if max(asked, minimum, team) > 0:
                result[facility.id, skill] = Need(
                    max(asked, minimum), team, basis if asked >= minimum else Basis.MINIMUM
                )
    return result


def _by_norm(norm: StaffingNorm, people: float, beds: int) -> float:
    return norm.fte + norm.fte_per_10k_inhabitants * people / 10_000 + norm.fte_per_100_beds * beds / 100
