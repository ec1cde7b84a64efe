"""Provinces in the terms of a question: one term each, so that goals can compare them; no solver."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from gst_opt.model.goals import Goals, TermWeight, WorstFirst

SHARES = {"short_in": "short_shares", "unmet_in": "unmet_shares"}
"""What the shares that the provinces lack are called together, by prefix of their terms."""


def province_terms(provinces: Iterable[str], prefix: str = "short_in") -> dict[str, str]:
    """Return the name of the term that holds what each province lacks, in order of name.

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
        while f"{prefix}[{name}]" in names.values():
            number += 1
            name = f"{slug}-{number}"
        names[province] = f"{prefix}[{name}]"
    return names


def worst_province_first(
    needs: Mapping[str, float], rounds: int | None = None, first_round: int = 1, prefix: str = "short_in"
) -> Goals:
    """Return one goal: the largest lacking share of a province as small as it can be, then the second largest, ...

    Parameters
    ----------
    needs
        Need of every province, in the unit of the terms; one without need is left out.
    rounds
        Last round; 1: the worst province only; empty: one a province.
    first_round
        Round to begin with; as high as the last: that one alone, the mean of so many of the worst-off.
    prefix
        Beginning of the names of the terms: ``short_in`` or ``unmet_in``.
    """
    terms = province_terms(needs, prefix)
    worst_of = tuple(TermWeight(term=terms[name], weight=1 / need) for name, need in sorted(needs.items()) if need > 0)
    first = WorstFirst(worst_of=worst_of, first_round=first_round, rounds=rounds, unit="share", label=SHARES[prefix])
    return Goals(stages=(first,))
