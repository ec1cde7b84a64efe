"""Provinces in the terms of a question: one term each, so that goals can compare them; no solver."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from gst_opt.model.goals import Goals, TermWeight, WorstFirst

SHARES = "short_shares"
"""What the uncovered shares of the provinces are called together."""


def province_terms(provinces: Iterable[str]) -> dict[str, str]:
    """Return the name of the term that holds the uncovered need of each province, in order of name.

    Examples
    --------
    >>> province_terms(["Tétouan", "M'diq-Fnideq"])
    {"M'diq-Fnideq": 'short_in[m-diq-fnideq]', 'Tétouan': 'short_in[tetouan]'}
    """
    names: dict[str, str] = {}
    for province in sorted(set(provinces)):
        plain = unicodedata.normalize("NFKD", province).encode("ascii", "ignore").decode()
        slug = name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "province"
        number = 1
        while f"short_in[{name}]" in names.values():
            number += 1
            name = f"{slug}-{number}"
        names[province] = f"short_in[{name}]"
    return names


def worst_province_first(needs: Mapping[str, float], rounds: int | None = None, first_round: int = 1) -> Goals:
    """Return one goal: the largest uncovered share of a province as small as it can be, then the second largest, ...

    Parameters
    ----------
    needs
        Need of every province, in FTE; one without need is left out.
    rounds
        Last round; 1: the worst province only; empty: one a province.
    first_round
        Round to begin with; as high as the last: that one alone, the mean of so many of the worst-off.
    """
    terms = province_terms(needs)
    worst_of = tuple(TermWeight(term=terms[name], weight=1 / fte) for name, fte in sorted(needs.items()) if fte > 0)
    first = WorstFirst(worst_of=worst_of, first_round=first_round, rounds=rounds, unit="share", label=SHARES)
    return Goals(stages=(first,))
