"""Streams: acts of one service that the people of one zone need, outside pathways or at one step of one; no solver."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gst_opt.core.equipment import Equipment
from gst_opt.core.pathways import Pathway, PathwayStep
from gst_opt.core.region import Level
from gst_opt.core.services import Service


class Stream(NamedTuple):
    """Acts of one service for one zone.

    Attributes
    ----------
    zone, service
        Ids.
    pathway, step
        Pathway and its step; None for needs outside pathways.
    acts
        Acts needed in each year planned, by the data.
    rank
        Lowest rank of a level of care that may give it.
    max_travel
        Longest journey, one way, in minutes; `inf`: any.
    max_transfer
        Longest journey from the site of the step before, in minutes; None: any site.
    near_home
        Minutes from home within which the lowest capable level should give it, `inf`: any in reach; None: no
        counter-referral.
    """

    zone: str
    service: str
    pathway: str | None
    step: int | None
    acts: tuple[float, ...]
    rank: int
    max_travel: float
    max_transfer: float | None
    near_home: float | None


def streams(
    services: Sequence[Service],
    pathways: Iterable[Pathway],
    steps: Iterable[PathwayStep],
    needs: Mapping[tuple[str, str], Sequence[float]],
    max_travel: float,
) -> tuple[Stream, ...]:
    """Return what is needed, sorted by zone, service, pathway and step.

    - A pathway has the share of its first step's service; the rest of the service's need is outside pathways.
    - Acts of a step = patients x share / (1 - returning).
    - A step whose service has no need of its own in the data gets its need from the pathway alone.

    Parameters
    ----------
    services, pathways, steps
        Tables of the grouping.
    needs
        Acts needed in each year by (zone, service).
    max_travel
        Longest journey for services without one of their own, in minutes; `inf`: any.
    """
    by_id = {one.id: one for one in services}
    by_pathway: dict[str, list[PathwayStep]] = {}
    for step in sorted(steps, key=lambda one: (one.pathway, one.step)):
        by_pathway.setdefault(step.pathway, []).append(step)
    shares = {one.id: one.share for one in pathways}
    followed: dict[str, float] = {}
    for pathway, own in by_pathway.items():
        followed[own[0].service] = followed.get(own[0].service, 0.0) + shares[pathway]
    found: list[Stream] = []
    for (zone, service), acts in needs.items():
        alone = 1 - followed.get(service, 0.0)
        if alone > 1e-12:
            found += _stream(by_id[service], zone, acts, alone, max_travel)
        for pathway, own in by_pathway.items():
            if own[0].service == service:
                found += _steps(by_id, own, zone, acts, shares[pathway], max_travel)
    kept = (one for one in found if any(acts > 0 for acts in one.acts))
    return tuple(sorted(kept, key=lambda one: (one.zone, one.service, one.pathway or "", one.step or 0)))


def made(equipment: Equipment) -> set[str]:
    """Return the services that equipment makes, that take a bed, or that somebody offers."""
    tables = (equipment.session_standards, equipment.stay_standards, equipment.private_offers)
    return {row.service for table in tables for row in table}


def _stream(service: Service, zone: str, acts: Sequence[float], share: float, max_travel: float) -> Iterator[Stream]:
    yield Stream(
        zone=zone,
        service=service.id,
        pathway=None,
        step=None,
        acts=tuple(one * share for one in acts),
        rank=_rank(service.min_level),
        max_travel=max_travel if service.max_travel is None else service.max_travel,
        max_transfer=None,
        near_home=None,
    )


def _steps(
    services: Mapping[str, Service],
    steps: Iterable[PathwayStep],
    zone: str,
    acts: Sequence[float],
    share: float,
    max_travel: float,
) -> Iterator[Stream]:
    for step in steps:
        service = services[step.service]
        yield Stream(
            zone=zone,
            service=service.id,
            pathway=step.pathway,
            step=step.step,
            acts=tuple(one * share * step.share / (1 - step.returning) for one in acts),
            rank=max(_rank(service.min_level), _rank(step.min_level)),
            max_travel=max_travel if service.max_travel is None else service.max_travel,
            max_transfer=step.max_transfer,
            near_home=_near_home(step),
        )


def _near_home(step: PathwayStep) -> float | None:
    if not step.counter_referral:
        return None
    return math.inf if step.near_home is None else step.near_home


def _rank(level: Level | None) -> int:
    return 0 if level is None else level.rank
