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
        The acts done, the staffing norm, or the norm's minimum where it is above both.
    """

    fte: float
    minimum_team: int
    basis: Basis = Basis.NORM


NO_NEED = Need(0.0, 0)
NO_CALENDAR = Horizon()


def available_hours(working_time: WorkingTime) -> float:
    """Return the hours that one person has for work in a year: days available x hours a day."""
    absent = (
        working_time.public_holidays + working_time.annual_leave + working_time.sick_leave + working_time.other_absence
    )
    return (52 * working_time.days_per_week - absent) * working_time.hours_per_day


def needs(
    region: Region,
    workforce: Workforce,
    activity: Iterable[Activity] = (),
    horizon: Horizon = NO_CALENDAR,
    journeys: Travel | None = None,
) -> dict[tuple[str, str], Need]:
    """Return the need of every open facility, by (facility, skill), from the norm of its level and kind.

    ``need = max(minimum_fte, fte + fte_per_10k_inhabitants * people / 10,000 + fte_per_100_beds * beds / 100)``,
    where people are those that the facility serves (`network.catchments`).

    Parameters
    ----------
    region, workforce
        Facilities, beds, people; norms.
    activity, horizon
        Acts done, and the calendar of their periods.
    journeys
        Journey times, if already known; computed from the region otherwise.
    """
    people = catchments(region, journeys)
    beds = region.beds()
    norms: dict[tuple[str, str], list[StaffingNorm]] = {}
    for norm in workforce.staffing_norms:
        norms.setdefault((norm.level, norm.facility_kind), []).append(norm)
    result = {}
    for facility in region.open_facilities():
        for norm in norms.get((facility.level, facility.kind), ()):
            asked = (
                norm.fte
                + norm.fte_per_10k_inhabitants * people.get(facility.id, 0.0) / 10_000
                + norm.fte_per_100_beds * beds.get(facility.id, 0) / 100
            )
            fte = max(norm.minimum_fte, asked)
            if fte > 0 or norm.minimum_team > 0:
                basis = Basis.MINIMUM if norm.minimum_fte > asked else Basis.NORM
                result[facility.id, norm.skill] = Need(fte, norm.minimum_team, basis)
    return result
