"""Arrivals, wants, ways and stops as arrays: the positions that rows and terms are made of; no solver."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.distribution.ways import Source

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class Index:
    """Everything that rows, terms and reading look up.

    Attributes
    ----------
    arrivals, wants
        What arrives, by key; what groups need.
    arrival, want, depot
        Arrival, want and depot of every way (positions); depot -1 is straight from the supplier.
    units
        Units of the reference that meet the whole want, for every way.
    most
        Largest share of the want of each way.
    reached
        Positions of wants that some way can meet.
    """

    def __init__(self, problem: DistributionProblem) -> None:
        self.problem = problem
        self.arrivals = sorted((one for one in problem.arrivals if one.units > 0), key=lambda one: one.key_values())
        self.wants = problem.wants
        self.periods = [period.id for period in problem.horizon.periods]
        self.at = {period: position for position, period in enumerate(self.periods)}
        self.depots = [depot.id for depot in problem.stocks.depots]
        references = {one.id: one for one in problem.catalogue.product_references}
        by_place: dict[tuple[str, int], list[int]] = {}
        for position, want in enumerate(self.wants):
            by_place.setdefault((want.need, want.period), []).append(position)
        found: list[tuple[int, int, int]] = []
        costs: list[float] = []
        for number, arrival in enumerate(self.arrivals):
            reference = references[arrival.reference]
            for position in by_place.get((reference.need, self.at[arrival.period]), ()):
                for depot, mad in problem.ways_to(arrival, self.wants[position]):
                    found.append((number, position, -1 if depot is None else self.depots.index(depot)))
                    costs.append(mad * reference.volume)
        self.arrival, self.want, self.depot = np.array(found, dtype=np.intp).reshape(-1, 3).T
        self.cost = floats(costs)
        """Delivery of a unit, for every way (MAD)."""
        own = [references[one.reference] for one in self.arrivals]
        self.volume = floats(one.volume for one in own)[self.arrival]
        self.units = floats(want.units for want in self.wants)[self.want]
        self.units = self.units / floats(one.factor for one in own)[self.arrival]
        self.received = np.array([self.at[one.received] for one in self.arrivals], dtype=np.intp)[self.arrival]
        self.period = np.array([self.at[one.period] for one in self.arrivals], dtype=np.intp)[self.arrival]
        self.price = floats(one.price for one in self.arrivals)[self.arrival]
        self.available = floats(one.units for one in self.arrivals)
        self.most = np.minimum(1.0, self.available[self.arrival] / self.units)
        self.reached = np.unique(self.want)
        self.need = [one.need for one in own]

    @cached_property
    def keys(self) -> list[tuple[str | int, ...]]:
        """Arrival, group and depot of every way."""
        return [
            (*self.arrivals[u].key_values(), self.wants[k].group, "direct" if h < 0 else self.depots[h])
            for u, k, h in zip(self.arrival.tolist(), self.want.tolist(), self.depot.tolist(), strict=True)
        ]

    @cached_property
    def stop_of(self) -> list[tuple[Source, int, str]]:
        """Who stops where and when, of every way: depots deliver in the period of use."""
        return [
            (
                ("supplier", str(self.arrivals[u].supplier)) if h < 0 else ("depot", self.depots[h]),
                self.wants[k].group,
                self.arrivals[u].received if h < 0 else self.arrivals[u].period,
            )
            for u, k, h in zip(self.arrival.tolist(), self.want.tolist(), self.depot.tolist(), strict=True)
        ]

    @cached_property
    def stops(self) -> list[tuple[Source, int, str]]:
        """Stops that are counted: they cost something, or are limited."""
        policy = self.problem.policy
        return sorted(set(self.stop_of)) if policy.stop_cost > 0 or policy.max_stops is not None else []

    @cached_property
    def members(self) -> dict[int, int]:
        """Facilities of every group."""
        found: dict[int, int] = {}
        for group in self.problem.groups.values():
            found[group] = found.get(group, 0) + 1
        return found

    @cached_property
    def years(self) -> Floats:
        """Years that the goods of every way are kept."""
        lengths = np.concatenate([[0.0], np.cumsum([period.years for period in self.problem.horizon.periods])])
        return np.asarray(lengths[self.period] - lengths[self.received])

    @cached_property
    def depot_rate(self) -> Floats:
        """Holding rate of the depot of every way; 0 where there is none."""
        rates = floats(depot.holding_rate for depot in self.problem.stocks.depots)
        return np.append(rates, 0.0)[self.depot]


def floats(values: Iterable[float]) -> Floats:
    """Return numbers as an array."""
    return np.array(list(values), dtype=np.float64)
