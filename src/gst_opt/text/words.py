"""Figures, terms and units as each language writes them."""

import re
from decimal import Decimal

from gst_opt.text.message import Lang, catalogue, say

SPACE = "\u00a0"
FEW_TERMS = 3
"""Terms of a sum that are said one by one."""

_TERM = re.compile(r"[^\s(),+]+(?=$|[),]| \+)")


def figure(value: float, lang: Lang, decimals: int = 0) -> str:
    """Write a number with its thousands apart.

    Examples
    --------
    >>> figure(4030222, Lang.EN), figure(0.25, Lang.EN, 1)
    ('4,030,222', '0.2')
    """
    text = f"{value:,.{decimals}f}"
    if text.strip("-0.,") == "":
        text = text.removeprefix("-")
    return text.replace(",", SPACE).replace(".", ",") if lang is Lang.FR else text


def plain_figure(value: float, lang: Lang) -> str:
    """Write a number in full: all of its whole part, and decimals as long as it has six digits or fewer.

    Examples
    --------
    >>> plain_figure(3_110_000.2, Lang.EN), plain_figure(4.5, Lang.FR), plain_figure(0.3, Lang.EN)
    ('3,110,000', '4,5', '0.3')
    """
    exponent = int(Decimal(f"{value:g}").as_tuple().exponent)
    return figure(value, lang, max(0, -exponent))


def percent(share: float, lang: Lang, decimals: int = 1) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.6438, Lang.EN)
    '64.4%'
    """
    return figure(100 * share, lang, decimals) + (f"{SPACE}%" if lang is Lang.FR else "%")


def goal_in_words(name: str, lang: Lang) -> str:
    """Say the terms of a goal; weights, what compares terms, such as ``max(...)``, and other names stay.

    Examples
    --------
    >>> goal_in_words("max(moves, 0.5 travel)", Lang.EN)
    'max(Staff moved, 0.5 Journeys to new posts)'
    """
    return _TERM.sub(lambda found: _term_in_words(found[0], lang), name)


def goal_in_brief(name: str, lang: Lang) -> str:
    """Say a goal as `goal_in_words` does, but a sum of many terms by their number.

    Examples
    --------
    >>> goal_in_brief("2 moves + travel", Lang.EN), goal_in_brief("4 moves + 3 travel + 2 premiums + unmet", Lang.EN)
    ('2 Staff moved + Journeys to new posts', 'Weighted sum of 4 terms')
    """
    terms = 1 if "(" in name else name.count(" + ") + 1
    return goal_in_words(name, lang) if terms <= FEW_TERMS else say("model.sum_of_terms", lang, {"terms": terms})


def _term_in_words(name: str, lang: Lang) -> str:
    """Say a term; what stands in brackets, such as a province, stays."""
    family, bracket, rest = name.partition("[")
    return _said(f"term.{family}", family, lang) + (f" [{rest}" if bracket else "")


def in_unit(value: float, unit: str) -> float:
    """Return a value as its unit in words counts it: a share as a percentage.

    Examples
    --------
    >>> in_unit(0.25, "share"), in_unit(0.25, "FTE")
    (25.0, 0.25)
    """
    return 100 * value if unit == "share" else value


def unit_in_words(unit: str, lang: Lang) -> str:
    """Say a unit; one that a planner gave to a goal stays as it was written.

    Examples
    --------
    >>> unit_in_words("heads", Lang.FR), unit_in_words("bananas", Lang.FR)
    ('agents', 'bananas')
    """
    return _said(f"unit.{unit}", unit, lang)


def profession_in_words(profession: str, lang: Lang) -> str:
    """Say a professional group; one of the planner's own stays as it was written.

    Examples
    --------
    >>> profession_in_words("midwife", Lang.FR), profession_in_words("astronaut", Lang.FR)
    ('Sages-femmes', 'astronaut')
    """
    return _said(f"profession.{profession}", profession, lang)


def rule_in_words(name: str, lang: Lang) -> str:
    """Say a rule; one that has no words keeps its name.

    Examples
    --------
    >>> rule_in_words("coverage_floor", Lang.FR), rule_in_words("mine", Lang.FR)
    ('plancher de couverture', 'mine')
    """
    return _said(f"rule.{name}", name, lang)


def _said(key: str, otherwise: str, lang: Lang) -> str:
    return say(key, lang) if key in catalogue() else otherwise
