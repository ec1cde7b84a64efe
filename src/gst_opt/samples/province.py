"""The teaching sample of one province: Tétouan as the Tanger sample has it, and the hospital next door."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from gst_opt.core.equipment import Equipment
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Region
from gst_opt.core.workforce import Workforce

PROVINCE = "Tétouan"
NEIGHBOUR = "hp-mdiq"  # the provincial hospital nearest to those of Tétouan: 25 minutes from Saniat Rmel

RowT = TypeVar("RowT", bound=Row)


def province(tanger: Grouping) -> Grouping:
    """Cut Tétouan and the hospital of M'diq out of the Tanger sample.

    The town of M'diq is kept as a place on the road, without its inhabitants, who are served elsewhere;
    referrals to hospitals that are left out end at the hospitals of Tétouan.
    """
    region = _region(tanger.region)
    kept = {facility.id for facility in region.facilities}
    types = {(facility.level, facility.kind) for facility in region.facilities}
    norms = _where(tanger.workforce.staffing_norms, lambda norm: (norm.level, norm.facility_kind) in types)
    staff = _where(tanger.workforce.staff, lambda row: row.facility in kept)
    used = {norm.skill for norm in norms} | {row.skill for row in staff}
    return tanger.replace(
        id="province",
        name=f"Province de {PROVINCE}",
        region=region,
        workforce=Workforce(
            skills=_where(tanger.workforce.skills, lambda skill: skill.id in used), staff=staff, staffing_norms=norms
        ),
        equipment=Equipment(
            equipment_types=tanger.equipment.equipment_types,
            equipment_units=_where(tanger.equipment.equipment_units, lambda row: row.facility in kept),
        ),
    )


def _region(whole: Region) -> Region:
    facilities = _where(whole.facilities, lambda place: place.province == PROVINCE or place.id == NEIGHBOUR)
    kept = {facility.id for facility in facilities}
    communes = {(facility.province, facility.commune) for facility in facilities}
    zones = _where(whole.zones, lambda zone: zone.province == PROVINCE or (zone.province, zone.commune) in communes)
    inhabited = {zone.id for zone in zones if zone.province == PROVINCE}
    places = kept | {zone.id for zone in zones}
    return Region(
        facilities=tuple(_cut_reference(facility, kept) for facility in facilities),
        ward_beds=_where(whole.ward_beds, lambda row: row.facility in kept),
        zones=zones,
        populations=_where(whole.populations, lambda row: row.zone in inhabited),
        roads=_where(whole.roads, lambda road: road.origin in places and road.destination in places),
        terrain_speeds=whole.terrain_speeds,
    )


def _cut_reference(facility: Facility, kept: set[str]) -> Facility:
    return facility if facility.reference in kept else facility.replace(reference=None)


def _where(rows: Iterable[RowT], keep: Callable[[RowT], bool]) -> tuple[RowT, ...]:
    return tuple(row for row in rows if keep(row))
