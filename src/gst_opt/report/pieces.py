"""What the stories of several questions say alike."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Pin
from gst_opt.report.tables import paragraph
from gst_opt.text import Lang, say
from gst_opt.text.words import figure


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
