"""What the stories of several questions say alike."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Ward
from gst_opt.model.problem import Pin, PlanTable
from gst_opt.report.tables import paragraph
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

_WARDS = {
    Ward.MEDICINE: "diagnosis.ward_medicine",
    Ward.SURGERY: "diagnosis.ward_surgery",
    Ward.MOTHER_AND_CHILD: "diagnosis.ward_mother_and_child",
    Ward.INTENSIVE_CARE: "diagnosis.ward_intensive_care",
    Ward.PSYCHIATRY: "diagnosis.ward_psychiatry",
    Ward.ONCOLOGY: "diagnosis.ward_oncology",
}


def place_names(grouping: Grouping) -> dict[str, str]:
    """Return the names of facilities and zones."""
    region = grouping.region
    return {zone.id: zone.name for zone in region.zones} | {one.id: one.name for one in region.facilities}


def platform_names(grouping: Grouping, lang: Lang) -> dict[str, str]:
    """Return the names of the types of equipment and of the mobile units in one language."""
    types, units = grouping.equipment.equipment_types, grouping.equipment.mobile_units
    names = {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in types}
    return names | {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in units}


def service_names(grouping: Grouping, lang: Lang) -> dict[str, str]:
    """Return the names of the services in one language."""
    return {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in grouping.services}


def need_names(grouping: Grouping, lang: Lang) -> dict[str, str]:
    """Return the names of the needs that are bought in one language."""
    return {need.id: need.name_fr if lang is Lang.FR else need.name_en for need in grouping.catalogue.needs}


def function_names(grouping: Grouping, lang: Lang) -> dict[str, str]:
    """Return the names of the support functions in one language."""
    return {row.id: row.name_fr if lang is Lang.FR else row.name_en for row in grouping.support.support_functions}


def ward_names(lang: Lang) -> dict[str, str]:
    """Return the names of the groups of wards in one language."""
    return {ward: say(key, lang) for ward, key in _WARDS.items()}


def skill_names(grouping: Grouping, lang: Lang) -> dict[str, str]:
    """Return the names of the skills in one language."""
    return {skill.id: skill.name_fr if lang is Lang.FR else skill.name_en for skill in grouping.workforce.skills}


def pins_told(pins: tuple[Pin, ...], lang: Lang) -> Iterator[str]:
    """Yield the decisions already taken, each by its reason, if there are any."""
    if pins:
        yield "\n".join([say("report.pins", lang), *(f"  - {pin.reason}" for pin in pins)])


def prices_told(key: str, prices: Mapping[str, float], lang: Lang) -> str:
    """Say at which prices the one goal in money was made of other terms."""
    return paragraph(key, lang, {term: figure(price, lang) for term, price in prices.items()})


def fairness_told(provinces: PlanTable, fairness: PlanTable, lang: Lang) -> Iterator[str]:
    """Yield how the provinces compare, where several have a need."""
    need = provinces.columns.index("need")
    if sum(bool(row[need]) for row in provinces.rows[:-1]) > 1:
        rows = {str(measure): (float(today or 0), float(planned or 0)) for measure, today, planned in fairness.rows}
        values = {
            "worst_today": percent(rows["worst_share"][0], lang),
            "worst_planned": percent(rows["worst_share"][1], lang),
            "gini_today": figure(rows["gini"][0], lang, 3),
            "gini_planned": figure(rows["gini"][1], lang, 3),
        }
        yield paragraph("report.fairness", lang, values)
