"""What a plan rests on, in words: where the figures come from, how journeys were found, who is counted nowhere."""

from collections.abc import Iterator

import numpy as np

from gst_opt.core.grouping import Grouping
from gst_opt.core.sources import SourceLabel
from gst_opt.network import Method, Travel, catchments, travel
from gst_opt.network.areas import is_first_contact
from gst_opt.report.tables import paragraph
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

NAMED = 5
"""Facilities named in one line at most."""

_TABLES = {
    "staff": "report.table_staff",
    "staffing_norms": "report.table_staffing_norms",
    "facilities": "report.table_facilities",
    "populations": "report.table_populations",
    "ward_beds": "report.table_ward_beds",
    "roads": "report.table_roads",
    "travel_times": "report.table_travel_times",
    "terrain_speeds": "report.table_terrain_speeds",
    "activity": "report.table_activity",
    "activity_standards": "report.table_activity_standards",
    "working_times": "report.table_working_times",
    "posts": "report.table_posts",
    "consents": "report.table_consents",
    "task_shifts": "report.table_task_shifts",
    "premium_steps": "report.table_premium_steps",
    "private_times": "report.table_private_times",
    "staff_ages": "report.table_staff_ages",
    "careers": "report.table_careers",
    "new_posts": "report.table_new_posts",
    "attractions": "report.table_attractions",
    "trainings": "report.table_trainings",
    "staffing_targets": "report.table_staffing_targets",
    "equipment_types": "report.table_equipment_types",
    "equipment_units": "report.table_equipment_units",
    "site_limits": "report.table_site_limits",
    "floor_spaces": "report.table_floor_spaces",
    "session_standards": "report.table_session_standards",
    "session_staff": "report.table_session_staff",
    "expert_times": "report.table_expert_times",
    "sessions": "report.table_sessions",
    "session_sales": "report.table_session_sales",
    "private_offers": "report.table_private_offers",
    "mobile_units": "report.table_mobile_units",
    "docking_points": "report.table_docking_points",
    "upgrades": "report.table_upgrades",
    "cover_standards": "report.table_cover_standards",
    "ward_standards": "report.table_ward_standards",
    "ward_limits": "report.table_ward_limits",
    "ward_staff": "report.table_ward_staff",
    "stay_standards": "report.table_stay_standards",
    "pathway_steps": "report.table_pathway_steps",
    "demand": "report.table_demand",
    "demand_rates": "report.table_demand_rates",
    "service_totals": "report.table_service_totals",
    "growth_rates": "report.table_growth_rates",
    "openings": "report.table_openings",
    "served_people": "report.table_served_people",
}
"""The tables that a plan rests on."""

_LABELS = {
    SourceLabel.OFFICIAL: "report.label_official",
    SourceLabel.PRESS: "report.label_press",
    SourceLabel.ESTIMATE: "report.label_estimate",
    SourceLabel.SYNTHETIC: "report.label_synthetic",
}
"""From the most to the least to be trusted."""

_METHODS = {
    Method.USER: "report.method_user",
    Method.ROAD: "report.method_road",
    Method.GREAT_CIRCLE: "report.method_great_circle",
    Method.UNREACHABLE: "report.method_unreachable",
}


def data_text(grouping: Grouping, lang: Lang) -> str:
    """Say where the figures come from, how journeys were found, and beware of what is missing."""
    journeys = travel(grouping.region)
    return "\n".join(
        [
            *_sources(grouping, lang),
            *_journeys(grouping, journeys, lang),
            *_unserved(grouping, journeys, lang),
            *_not_open(grouping, lang),
        ]
    )


def _sources(grouping: Grouping, lang: Lang) -> Iterator[str]:
    """Yield the tables by their weakest label, if any source is known."""
    if not grouping.sources:
        return
    rows = grouping.tables()
    ranks = list(_LABELS)
    tables: dict[SourceLabel | None, list[str]] = {}
    for table, key in _TABLES.items():
        if rows[table]:
            labels = [source.label for source in grouping.sources if source.table == table]
            tables.setdefault(max(labels, key=ranks.index, default=None), []).append(say(key, lang))
    said = (
        f"{say('report.label_none' if label is None else _LABELS[label], lang)} ({', '.join(tables[label])})"
        for label in (*ranks, None)
        if label in tables
    )
    if tables:
        yield paragraph("report.sources", lang, {"tables": ", ".join(said)})
    if SourceLabel.SYNTHETIC in tables:
        yield paragraph("report.synthetic", lang)


def _journeys(grouping: Grouping, journeys: Travel, lang: Lang) -> Iterator[str]:
    """Yield how the journeys between open facilities were found; beware of those that could not be."""
    numbers = {place: number for number, place in enumerate(journeys.places)}
    sites = [numbers[facility.id] for facility in grouping.region.open_facilities()]
    methods = journeys.methods[np.ix_(sites, sites)]
    count = {method: int((methods == method).sum()) for method in _METHODS}
    pairs = sum(count.values())
    if not pairs:
        return
    shares = [
        f"{say(key, lang)} {percent(count[method] / pairs, lang)}" for method, key in _METHODS.items() if count[method]
    ]
    yield paragraph("report.journeys", lang, {"methods": ", ".join(shares)})
    if lost := count[Method.UNREACHABLE]:
        yield paragraph("report.unreachable", lang, {"lost": figure(lost, lang), "all": figure(pairs, lang)})


def _unserved(grouping: Grouping, journeys: Travel, lang: Lang) -> Iterator[str]:
    """Beware of the inhabitants whom no first-contact facility counts."""
    region = grouping.region
    inhabitants = region.inhabitants()
    everybody = sum(inhabitants.values())
    served = catchments(region, journeys)
    left = everybody - sum(served[facility.id] for facility in region.open_facilities() if is_first_contact(facility))
    if round(left) <= 0:
        return
    zones = [zone.id for zone in region.zones]
    nearest, _ = journeys.nearest(zones, [facility.id for facility in region.open_facilities()])
    cut_off = sum(inhabitants[zone] for zone, site in zip(zones, nearest.tolist(), strict=True) if site < 0)
    values = {"left": figure(left, lang), "all": figure(everybody, lang), "cut_off": figure(cut_off, lang)}
    yield paragraph("report.unserved", lang, values)


def _not_open(grouping: Grouping, lang: Lang) -> Iterator[str]:
    """Beware of the heads in post at facilities that are not open: no question counts them."""
    is_open = {facility.id for facility in grouping.region.open_facilities()}
    heads: dict[str, int] = {}
    for row in grouping.workforce.staff:
        if row.heads and row.facility not in is_open:
            heads[row.facility] = heads.get(row.facility, 0) + row.heads
    if heads:
        named = sorted(facility.name for facility in grouping.region.facilities if facility.id in heads)
        shown = ", ".join(named[:NAMED]) + (", ..." if len(named) > NAMED else "")
        values = {"heads": figure(sum(heads.values()), lang), "sites": figure(len(heads), lang), "named": shown}
        yield paragraph("report.not_open", lang, values)
