"""One goal in money: terms at their prices; no solver."""

from collections.abc import Mapping

from gst_opt.model.goals import Goal, Goals, TermWeight

FULL_COST = 250_000.0
"""Full yearly cost of a post in MAD, of which prices of need are a multiple.

Estimate of ours: a general practitioner 235,000, a specialist 310,000, a nurse 150,000.
"""


def in_mad(prices: Mapping[str, float]) -> Goals:
    """Return one goal in MAD: terms by their prices, in MAD per unit of each; one without a price is left out.

    Examples
    --------
    >>> in_mad({"uncovered": 250_000.0, "spending": 1.0, "moves": 0.0}).stages[0].name
    '250000 uncovered + spending'
    """
    weights = tuple(TermWeight(term=term, weight=price) for term, price in prices.items() if price)
    return Goals(stages=(Goal(weights=weights, unit="MAD"),))
