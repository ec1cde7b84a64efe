"""Premiums by step: what one head receives; no solver."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.mobility import PremiumKind, PremiumStep


def premium(steps: Iterable[PremiumStep], kind: PremiumKind, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the premium of one head a year, in MAD, for each amount.

    The last step of the kind whose threshold is at most the amount holds; below the first step there is none.

    Parameters
    ----------
    steps
        Steps of any kind, in any order.
    kind
        What the premium is paid for.
    amounts
        Kilometres by road of moves or missions, weekly half-days of shared time; any shape.

    Examples
    --------
    >>> steps = [PremiumStep(kind=PremiumKind.MOVE, threshold=km, amount=km * 100, source="-") for km in (20.0, 50.0)]
    >>> premium(steps, PremiumKind.MOVE, np.array([19.0, 20.0, 120.0])).tolist()
    [0.0, 2000.0, 5000.0]
    """
    own = sorted((step.threshold, step.amount) for step in steps if step.kind is kind)
    paid = np.array([0.0, *(amount for _, amount in own)])
    reached = np.searchsorted([threshold for threshold, _ in own], amounts, side="right")
    result: NDArray[np.float64] = paid[reached]
    return result
