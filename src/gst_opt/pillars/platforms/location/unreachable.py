"""Needs that nothing can reach, named before solving, with what is nearest; no solver."""

import numpy as np
from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Acts, Minutes, PlaceId, ServiceId, ZoneId
from gst_opt.pillars.platforms.location.index import index
from gst_opt.pillars.platforms.location.options import Options, options
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.streams import Stream


class Unreachable(Frozen):
    """Acts of a service that the people of a zone need, and that no plan can give them."""

    zone: ZoneId = Field(description="Zone where they live")
    service: ServiceId = Field(description="Service")
    acts: Acts = Field(description="Acts needed a year, mean of the years planned")
    place: PlaceId | None = Field(description="Nearest place that gives it or could; empty: none that a road reaches")
    minutes: Minutes | None = Field(description="Journey there, one way; empty: none")
    limit: Minutes | None = Field(description="Longest journey allowed; empty: any")


def unreachable(problem: LocationProblem) -> tuple[Unreachable, ...]:
    """Return the needs that have no option in any year, the largest first.

    An option is a facility that has, or may have, what the service takes at its level of care, a private offer, or a
    place of a mobile unit, within the longest journey. A service that nothing makes (no session, no stay, no offer in
    the data) is named too, though no plan counts it. Steps of pathways count with the rest of the service where the
    nearest place and the limit are the same.

    Parameters
    ----------
    problem
        The question: its policy says which planned facilities open, and how far people may travel.
    """
    here, anywhere = _options(problem), _options(_without_limit(problem))
    first = np.searchsorted(anywhere.stream, np.arange(len(anywhere.streams)))
    acts: dict[tuple[str, str, str | None, float | None, float | None], float] = {}
    nearest: dict[Stream, tuple[str | None, float | None]] = dict.fromkeys(
        set(problem.needed) - set(problem.streams), (None, None)
    )
    for stream in np.flatnonzero(~here.served).tolist():
        place: str | None = None
        minutes: float | None = None
        if anywhere.served[stream]:
            place, minutes = anywhere.places[anywhere.place[first[stream]]], float(anywhere.minutes[first[stream]])
        nearest[here.streams[stream]] = place, minutes
    for own, (place, minutes) in nearest.items():
        limit = own.max_travel if np.isfinite(own.max_travel) else None
        key = own.zone, own.service, place, minutes, limit
        acts[key] = acts.get(key, 0.0) + sum(own.acts) / len(own.acts)
    found = [
        Unreachable(zone=zone, service=service, acts=amount, place=place, minutes=minutes, limit=limit)
        for (zone, service, place, minutes, limit), amount in acts.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.acts, one.zone, one.service)))


def _options(problem: LocationProblem) -> Options:
    return options(problem, index(problem))


def _without_limit(problem: LocationProblem) -> LocationProblem:
    """Return the question as if people could travel as long as it takes."""
    services = tuple(one.replace(max_travel=None) for one in problem.services)
    return problem.replace(services=services, policy=problem.policy.replace(max_travel=None))
