"""Discount schedules: what a unit costs once a quantity is reached, on all units or on those beyond."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from pydantic import Field

from gst_opt.core.errors import DataProblem
from gst_opt.core.frozen import Frozen
from gst_opt.model.arrays import wrong
from gst_opt.model.linear import Floats
from gst_opt.text import Message


class TierSchedule(Frozen):
    """Tiers of quantity, each with its rate; rates fall, so that no quantity is better bought in a lower tier.

    A quantity exactly at a threshold is in the tier that begins there.

    Examples
    --------
    >>> schedule = TierSchedule(thresholds=(0, 500), rates=(1.0, 0.9))
    >>> schedule.paid(499), schedule.paid(500)
    (499.0, 450.0)
    >>> schedule.replace(incremental=True).paid(600)
    590.0
    """

    thresholds: tuple[float, ...] = Field(description="Least quantity of each tier; the first: the minimum order")
    rates: tuple[float, ...] = Field(description="Price of a unit in each tier, as a multiple of the list price")
    fixed: float = Field(default=0.0, description="Paid once where anything is bought")
    incremental: bool = Field(
        default=False, description="Whether a rate is for the units beyond its threshold only, else for all units"
    )

    def tier(self, quantity: float) -> int:
        """Return the position of the tier of a quantity; -1 below the minimum order."""
        return bisect_right(self.thresholds, quantity) - 1

    def paid(self, quantity: float) -> float:
        """Return what a quantity of list price 1 costs, without the fixed cost."""
        tier = self.tier(quantity)
        if not self.incremental or tier < 1:
            return self.rates[max(tier, 0)] * quantity
        return self.intercepts()[tier] + self.rates[tier] * quantity

    def intercepts(self) -> tuple[float, ...]:
        """Return what a quantity in each tier costs beyond its rate: the dearer units before the threshold."""
        if not self.incremental:
            return (0.0,) * len(self.rates)
        falls = [before - rate for before, rate in pairwise(self.rates)]
        steps = [fall * start for fall, start in zip(falls, self.thresholds[1:], strict=True)]
        return tuple(math.fsum(steps[:tier]) for tier in range(len(self.rates)))


def wrong_schedule(table: str, row: int, schedule: TierSchedule) -> Iterator[DataProblem]:
    """Yield every number of a schedule that cannot be used.

    Parameters
    ----------
    table, row
        Where the schedule stands; columns are the positions of its tiers.
    schedule
        The schedule.
    """
    starts, rates = schedule.thresholds, schedule.rates
    if not starts or len(starts) != len(rates):
        yield DataProblem(table, row, "", f"{len(starts)}, {len(rates)}", Message("pillars.rate_each_threshold"))
    if schedule.fixed < 0:
        yield DataProblem(table, row, "fixed", str(schedule.fixed), Message("model.number_from_zero"))
    for values, key, falls in ((starts, "pillars.thresholds_rise", False), (rates, "pillars.rates_fall", True)):
        for place, value in enumerate(values):
            before = values[place - 1] if place else None
            misplaced = before is not None and (value > before if falls else value <= before)
            if value < 0 or misplaced:
                yield DataProblem(table, row, str(place), str(value), Message(key))


def above_zero(table: str, array: Floats, length: int) -> Iterator[DataProblem]:
    """Yield every number that is not finite and above zero, or that the array is not a row of `length` (-1: any)."""
    problems = [*wrong(table, array, (length,))]
    yield from problems
    for row in np.flatnonzero(array <= 0).tolist() if not problems else ():
        yield DataProblem(table, row + 1, "", str(array[row]), Message("pillars.number_above_zero"))
