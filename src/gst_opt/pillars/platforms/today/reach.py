"""Who is too far from what, today: services within their longest journey, cover standards; no solver."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gst_opt.core.equipment import Equipment
from gst_opt.core.region import Facility, Level
from gst_opt.core.services import Service
from gst_opt.network import Travel


class FarZone(NamedTuple):
    """A zone too far from a site; the nearest is None, and the minutes `inf`, when none can be reached."""

    zone: str
    facility: str | None
    minutes: float


def able_sites(
    service: Service,
    facilities: Sequence[Facility],
    equipment: Equipment,
    units: Mapping[tuple[str, str], object],
    beds: Mapping[tuple[str, str], int],
    acts: Mapping[tuple[str, str], float],
) -> tuple[str, ...]:
    """Return the facilities that can give a service today, in order.

    They have its lowest level of care, and

    - units of a type that makes it, the type's lowest level, and beds in every ward that it keeps;
    - where no type makes it and it keeps no bed: acts of it recorded.
    """
    types = {row.id: row for row in equipment.equipment_types}
    makers = [types[row.equipment_type] for row in equipment.session_standards if row.service == service.id]
    wards = [str(row.ward) for row in equipment.stay_standards if row.service == service.id]

    def able(site: Facility) -> bool:
        if not high_enough(site, service.min_level):
            return False
        if not makers and not wards:
            return acts.get((site.id, service.id), 0.0) > 0
        made = not makers or any((site.id, kind.id) in units and high_enough(site, kind.min_level) for kind in makers)
        return made and all(beds.get((site.id, ward), 0) > 0 for ward in wards)

    return tuple(site.id for site in facilities if able(site))


def high_enough(site: Facility, lowest: Level | None) -> bool:
    """Tell whether a facility has at least a level of care."""
    return lowest is None or site.level.rank >= lowest.rank


def beyond(journeys: Travel, zones: Sequence[str], sites: Sequence[str], limit: float, count: int = 1) -> list[FarZone]:
    """Return the zones with fewer than `count` sites within the limit, and the site that would be the last of these.

    Parameters
    ----------
    limit
        Longest journey, in minutes, one way.
    count
        Sites that should be within it: 1, or 2 for a second cover.
    """
    if len(sites) < count:
        return [FarZone(zone, None, np.inf) for zone in zones]
    times = journeys.between(zones, sites)
    order = np.argsort(times, axis=1, kind="stable")[:, count - 1]
    last = times[np.arange(len(zones)), order]
    return [
        FarZone(zone, sites[site] if np.isfinite(minutes) else None, minutes)
        for zone, site, minutes in zip(zones, order.tolist(), last.tolist(), strict=True)
        if minutes > limit
    ]
