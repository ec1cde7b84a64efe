"""Whole numbers that add up to a known total."""

from collections.abc import Sequence
from math import floor

DECIMALS = 9  # quotas that differ by less are equal, so that the result is the same on every machine


def largest_remainder(weights: Sequence[float], total: int) -> list[int]:
    """Share `total` in proportion to `weights`: round down, then one more to the largest remainders.

    Of equal remainders, the first in the sequence is served first.

    Examples
    --------
    >>> largest_remainder([1.0, 1.0, 4.0], 10)
    [2, 2, 6]
    """
    whole = sum(weights)
    quotas = [round(total * weight / whole, DECIMALS) for weight in weights]
    shares = [floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda index: (round(shares[index] - quotas[index], DECIMALS), index))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares
