"""Figures compared but for rounding: thresholds everywhere, the rest in the checks of purchasing plans."""

import math
from collections.abc import Iterable, Iterator

from gst_opt.model.problem import Pin, Violation

TOLERANCE = 1e-6
"""Room for rounding, relative to the figure allowed."""
EXACT = 1e-9
"""Room of thresholds, relative to them: no more than the model's rows leave to the solver, so both say the same."""


def reaches(measured: float, threshold: float) -> bool:
    """Say whether a figure reaches a threshold: nothing is forgiven below it but rounding."""
    return measured >= threshold * (1 - EXACT)


def at_least(found: float, least: float) -> bool:
    """Say whether a figure is at least another, but for rounding."""
    return found >= least - TOLERANCE * max(1.0, abs(least))


def at_most(found: float, most: float) -> bool:
    """Say whether a figure is at most another, but for rounding."""
    return found <= most + TOLERANCE * max(1.0, abs(most))


def same(found: float | None, right: float | None) -> bool:
    """Say whether two figures are one, or both unknown."""
    if found is None or right is None:
        return found is right
    return at_least(found, right) and at_most(found, right)


def compared(rule: str, place: tuple[str, ...], pairs: Iterable[tuple[float | None, float | None]]) -> list[Violation]:
    """Return a violation for each figure of a plan that is not the right one."""
    return [
        Violation(rule, place, math.nan if found is None else found, math.nan if right is None else right)
        for found, right in pairs
        if not same(found, right)
    ]


def broken_pins(pins: Iterable[tuple[Pin, float]]) -> Iterator[Violation]:
    """Yield the pins that the sum of what they select, beside each, does not keep; as today is nothing at all."""
    for number, (pin, found) in enumerate(pins, 1):
        low, high = pin.sides(today=0.0)
        if not (at_least(found, low) and at_most(found, high)):
            yield Violation("pins", (str(number), pin.reason), found, pin.value or 0.0)
