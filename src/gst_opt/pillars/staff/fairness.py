"""Figures of fairness between the covered shares of provinces; no solver."""

from collections.abc import Iterable, Sequence
from itertools import combinations

NONE = 1e-12
"""A share below this is none."""


def figures(shares: Sequence[float]) -> dict[str, float | None]:
    """Return the lowest of some shares, their Gini coefficient, and the highest over the lowest (None when that is 0).

    Examples
    --------
    >>> figures([0.5, 1.0])
    {'worst_share': 0.5, 'gini': 0.16666666666666666, 'best_to_worst': 2.0}
    """
    worst, best = min(shares), max(shares)
    return {"worst_share": worst, "gini": gini(shares), "best_to_worst": best / worst if worst > NONE else None}


def before_and_after(
    teams: Iterable[tuple[str, float, float, float]],
) -> list[tuple[str, float | None, float | None]]:
    """Return (measure, today, planned) of the provinces of teams, each as (province, need, covered today, planned)."""
    sums: dict[str, list[float]] = {}
    for province, *amounts in teams:
        own = sums.setdefault(province, [0.0, 0.0, 0.0])
        for place, amount in enumerate(amounts):
            own[place] += amount
    needed = [own for own in sums.values() if own[0] > 0]
    if not needed:
        return []
    today, planned = (figures([own[when] / own[0] for own in needed]) for when in (1, 2))
    return [(measure, today[measure], planned[measure]) for measure in today]


def gini(shares: Sequence[float]) -> float:
    """Return the Gini coefficient of some shares; 0 where all are 0.

    Examples
    --------
    >>> gini([0.5, 0.5]), gini([0.0, 1.0])
    (0.0, 0.5)
    """
    total = sum(shares)
    return sum(abs(a - b) for a, b in combinations(shares, 2)) / (len(shares) * total) if total else 0.0
