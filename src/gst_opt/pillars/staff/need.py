"""What staff is needed, facility by facility, from the staffing norms; no solver."""

from dataclasses import dataclass

from gst_opt.core.region import Region
from gst_opt.core.standards import StaffingNorm
from gst_opt.core.workforce import Workforce
from gst_opt.network import Travel, catchments


@dataclass(frozen=True)
class Need:
    """Staff that a facility should have in one skill.

    Attributes
    ----------
    fte
        Full-time equivalents, unrounded.
    minimum_team
        Heads that must stay whatever the need.
    """

    fte: float
    minimum_team: int


NO_NEED = Need(0.0, 0)


def needs(region: Region, workforce: Workforce, journeys: Travel | None = None) -> dict[tuple[str, str], Need]:
    """Return the need of every open facility, by (facility, skill), from the norm of its level and kind.

    ``need = max(minimum_fte, fte + fte_per_10k_inhabitants * people / 10,000 + fte_per_100_beds * beds / 100)``,
    where people are those that the facility serves (`network.catchments`).

    Parameters
    ----------
    region, workforce
        Facilities, beds, people; norms.
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
            fte = max(
                norm.minimum_fte,
                norm.fte
                + norm.fte_per_10k_inhabitants * people.get(facility.id, 0.0) / 10_000
                + norm.fte_per_100_beds * beds.get(facility.id, 0) / 100,
            )
            if fte > 0 or norm.minimum_team > 0:
                result[facility.id, norm.skill] = Need(fte, norm.minimum_team)
    return result
