"""What the stories of several questions say alike."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Pin, PlanTable
from gst_opt.report.tables import paragraph
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent


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
