"""One goal in money: terms at their prices; no solver."""

from collections.abc import Mapping

from gst_opt.model.goals import Goal, Goals, TermWeight


def in_mad(prices: Mapping[str, float]) -> Goals:
    """Return one goal in MAD: terms by their prices, in MAD per unit of each; one without a price is left out.

    Examples
    --------
    >>> in_mad({"uncovered": 250_000.0, "spending": 1.0, "moves": 0.0}).stages[0].name
    '250000 uncovered + spending'
    """
    weights = tuple(TermWeight(term=term, weight=price) for term, price in prices.items() if price)
    return Goals(stages=(Goal(weights=weights, unit="MAD"),))
