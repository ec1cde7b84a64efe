"""Who is too far from what: services within their longest journey, cover standards; no solver."""

import math
from collections.abc import Iterable, Iterator

from gst_opt.core.equipment import CoverStandard
from gst_opt.core.services import Service
from gst_opt.pillars.platforms.today.facts import REGION, Today
from gst_opt.pillars.platforms.today.findings import (
    ProvinceCover,
    ProvinceReach,
    ServiceReach,
    ZoneBeyond,
    ZoneUncovered,
)
from gst_opt.pillars.platforms.today.reach import FarZone


def services(today: Today) -> tuple[ServiceReach, ...]:
    """Return every service: acts needed and done, sites able to give it, people too far from them."""
    needed, done = _by_service(today.needed), _by_service(today.done)
    everybody = sum(today.people.values())
    return tuple(_service(today, service, needed, done, everybody) for service in today.grouping.services)


def _service(
    today: Today, service: Service, needed: dict[str, float], done: dict[str, float], everybody: int
) -> ServiceReach:
    far = today.far.get(service.id)
    people = None if far is None else sum(today.people[one.zone] for one in far)
    return ServiceReach(
        service=service.id,
        acts_needed=needed.get(service.id),
        acts_done=done.get(service.id),
        sites=len(today.able[service.id]) if service.id in today.able else None,
        limit=service.max_travel,
        people_beyond=people,
        share_beyond=people / everybody if people is not None and everybody else None,
        acts_beyond=None if far is None else _acts(today, service.id, (one.zone for one in far)),
    )


def reach(today: Today) -> tuple[ProvinceReach, ...]:
    """Return the people too far from every service that has a longest journey, by service and province."""
    return tuple(
        ProvinceReach(
            service=service,
            province=province,
            inhabitants=count,
            people_beyond=sum(today.people[zone] for zone in zones[province]),
            share_beyond=sum(today.people[zone] for zone in zones[province]) / count if count else None,
            acts_beyond=_acts(today, service, zones[province]),
        )
        for service, far in today.far.items()
        for zones in (_by_province(today, far),)
        for province, count in today.inhabitants.items()
    )


def zones_beyond(today: Today) -> tuple[ZoneBeyond, ...]:
    """Return the zones too far from every service that has a longest journey."""
    return tuple(
        ZoneBeyond(
            service=service.id,
            zone=one.zone,
            province=today.zone_province[one.zone],
            inhabitants=today.people[one.zone],
            acts_beyond=today.needed.get((one.zone, service.id), 0.0),
            facility=one.facility,
            minutes=_finite(one.minutes),
            limit=service.max_travel,
        )
        for service in today.grouping.services
        if service.max_travel is not None
        for one in today.far.get(service.id, ())
    )


def cover(today: Today) -> tuple[ProvinceCover, ...]:
    """Return the people that every cover standard leaves out, by province, the region last."""
    return tuple(row for standard, far in today.uncovered.items() for row in _cover(today, standard, far))


def _cover(today: Today, standard: CoverStandard, far: list[FarZone]) -> Iterator[ProvinceCover]:
    zones = _by_province(today, far)
    left = {province: sum(today.people[zone] for zone in own) for province, own in zones.items()}
    people = dict(today.inhabitants)
    for totals in (left, people):
        totals[REGION] = sum(totals.values())
    for province, count in people.items():
        yield ProvinceCover(
            equipment_type=standard.equipment_type,
            level=standard.min_level,
            sites_asked=standard.sites,
            limit=standard.minutes,
            province=province,
            inhabitants=count,
            people_beyond=left[province],
            share_beyond=left[province] / count if count else None,
        )


def zones_uncovered(today: Today) -> tuple[ZoneUncovered, ...]:
    """Return the zones that every cover standard leaves out."""
    return tuple(
        ZoneUncovered(
            equipment_type=standard.equipment_type,
            level=standard.min_level,
            sites_asked=standard.sites,
            limit=standard.minutes,
            zone=one.zone,
            province=today.zone_province[one.zone],
            inhabitants=today.people[one.zone],
            facility=one.facility,
            minutes=_finite(one.minutes),
        )
        for standard, far in today.uncovered.items()
        for one in far
    )


def _by_province(today: Today, far: Iterable[FarZone]) -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {province: [] for province in today.inhabitants}
    for one in far:
        zones[today.zone_province[one.zone]].append(one.zone)
    return zones


def _acts(today: Today, service: str, zones: Iterable[str]) -> float:
    return math.fsum(today.needed.get((zone, service), 0.0) for zone in zones)


def _by_service(acts: dict[tuple[str, str], float]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for (_, service), value in acts.items():
        totals[service] = totals.get(service, 0.0) + value
    return totals


def _finite(minutes: float) -> float | None:
    return minutes if math.isfinite(minutes) else None
