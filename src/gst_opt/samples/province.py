"""The teaching sample of one province: Tétouan as the Tanger sample has it, and the hospital next door."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from gst_opt.core.careers import NewPosts
from gst_opt.core.catalogue import Catalogue
from gst_opt.core.equipment import Equipment
from gst_opt.core.frozen import Row
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Region
from gst_opt.core.stocks import Stocks
from gst_opt.core.support import Support
from gst_opt.core.tenders import Tenders
from gst_opt.core.workforce import Workforce
from gst_opt.samples.finances import part

PROVINCE = "Tétouan"
NEIGHBOUR = "hp-mdiq"  # the provincial hospital nearest to those of Tétouan: 25 minutes from Saniat Rmel

LEFT_OUT = ("service_totals", "mobile_units", "docking_points")  # the rates hold; the mobile unit stands elsewhere
PURCHASES = (Catalogue, Tenders, Stocks)  # the tender is the region's

RowT = TypeVar("RowT", bound=Row)


def province(tanger: Grouping) -> Grouping:
    """Cut Tétouan and the hospital of M'diq out of the Tanger sample.

    The town of M'diq is kept as a place on the road, without its inhabitants, who are served elsewhere;
    referrals to hospitals that are left out end at the hospitals of Tétouan.
    """
    region = _region(tanger.region)
    kept = {facility.id for facility in region.facilities}
    types = {(facility.level, facility.kind) for facility in region.facilities}
    workforce = tanger.workforce
    norms = _where(workforce.staffing_norms, lambda norm: (norm.level, norm.facility_kind) in types)
    staff = _where(workforce.staff, lambda row: row.facility in kept)
    used = {norm.skill for norm in norms} | {row.skill for row in staff}
    professions = {skill.profession for skill in workforce.skills if skill.id in used}
    left_out = {*LEFT_OUT, *(table for section in PURCHASES for table in section.tables_of())}
    return tanger.replace(
        id="province",
        name=f"Province de {PROVINCE}",
        region=region,
        pathways=tuple(row if row.specialty in used else row.replace(specialty=None) for row in tanger.pathways),
        activity=_where(tanger.activity, lambda row: row.facility in kept),
        service_totals=(),
        workforce=Workforce(
            skills=_where(workforce.skills, lambda skill: skill.id in used),
            staff=staff,
            staff_ages=_where(workforce.staff_ages, lambda row: row.facility in kept),
            working_times=_where(workforce.working_times, lambda row: row.skill in used),
            activity_standards=_where(workforce.activity_standards, lambda row: row.skill in used),
            category_allowances=_where(workforce.category_allowances, lambda row: row.skill in used),
            individual_allowances=_where(workforce.individual_allowances, lambda row: row.facility in kept),
            staffing_norms=norms,
            posts=_where(workforce.posts, lambda row: row.facility in kept),
            consents=_where(workforce.consents, lambda row: {row.origin, row.host} <= kept),
            task_shifts=_where(workforce.task_shifts, lambda row: {row.skill, row.substitute} <= used),
            premium_steps=workforce.premium_steps,
            private_times=_where(workforce.private_times, lambda row: row.facility in kept),
            careers=_where(workforce.careers, lambda row: row.skill in used),
            new_posts=_share_of_new_posts(tanger, region, professions),
            attractions=_where(workforce.attractions, lambda row: row.facility in kept),
            staffing_targets=_where(workforce.staffing_targets, lambda row: row.province == PROVINCE),
            trainings=_where(workforce.trainings, lambda row: {row.origin_skill, row.skill} <= used),
        ),
        equipment=_equipment(tanger.equipment, kept, used),
        catalogue=Catalogue(),
        tenders=Tenders(),
        stocks=Stocks(),
        finances=part(tanger.finances, _share(tanger, region), PROVINCE),
        support=_support(tanger.support, kept, used),
        sources=_where(tanger.sources, lambda row: row.table not in left_out),
    )


def _equipment(whole: Equipment, kept: Collection[str], skills: Collection[str]) -> Equipment:
    return whole.replace(
        equipment_units=_where(whole.equipment_units, lambda row: row.facility in kept),
        site_limits=_where(whole.site_limits, lambda row: row.facility in kept),
        floor_spaces=_where(whole.floor_spaces, lambda row: row.facility in kept),
        session_staff=_where(whole.session_staff, lambda row: row.skill in skills),
        expert_times=_where(whole.expert_times, lambda row: row.skill in skills),
        session_sales=_where(whole.session_sales, lambda row: row.facility in kept),
        private_offers=_where(whole.private_offers, lambda row: row.facility in kept),
        mobile_units=(),
        docking_points=(),
        ward_limits=_where(whole.ward_limits, lambda row: row.facility in kept),
        ward_staff=_where(whole.ward_staff, lambda row: row.skill in skills),
    )


def _support(whole: Support, kept: Collection[str], skills: Collection[str]) -> Support:
    return whole.replace(
        support_volumes=_where(whole.support_volumes, lambda row: row.facility in kept),
        support_today=_where(whole.support_today, lambda row: row.facility in kept),
        support_staff=_where(whole.support_staff, lambda row: row.facility in kept and row.skill in skills),
        hubs=_where(whole.hubs, lambda row: row.facility in kept),
        hub_levels=_where(whole.hub_levels, lambda row: row.facility in kept),
        hub_staff=_where(whole.hub_staff, lambda row: row.skill in skills),
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
        growth_rates=_where(whole.growth_rates, lambda row: row.province == PROVINCE),
        openings=_where(whole.openings, lambda row: row.facility in kept),
        roads=_where(whole.roads, lambda road: road.origin in places and road.destination in places),
        terrain_speeds=whole.terrain_speeds,
    )


def _share_of_new_posts(tanger: Grouping, region: Region, professions: Collection[str]) -> tuple[NewPosts, ...]:
    """Return the new posts of the professions of the province, pro rata to its inhabitants, rounded."""
    share = _share(tanger, region)
    return tuple(
        row.replace(posts=round(share * row.posts))
        for row in tanger.workforce.new_posts
        if row.profession in professions
    )


def _share(tanger: Grouping, region: Region) -> float:
    """Return the share of the inhabitants."""
    return sum(region.inhabitants().values()) / sum(tanger.region.inhabitants().values())


def _cut_reference(facility: Facility, kept: set[str]) -> Facility:
    return facility if facility.reference in kept else facility.replace(reference=None)


def _where(rows: Iterable[RowT], keep: Callable[[RowT], bool]) -> tuple[RowT, ...]:
    return tuple(row for row in rows if keep(row))
