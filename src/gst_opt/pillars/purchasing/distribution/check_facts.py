"""What the check knows: the data by id, and what a plan's flows add up to; nothing of the model."""

import math
from collections import defaultdict
from functools import cached_property

from gst_opt.pillars.purchasing.distribution.arrivals import Arrival
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Flow
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.distribution.ways import Source
from gst_opt.pillars.purchasing.tolerance import TOLERANCE

Place = tuple[str, int, str]
"""Need, group and period."""


class Facts:
    """Arrivals, needs and ways by id; flows that are possible, and their sums."""

    def __init__(self, problem: DistributionProblem, plan: DistributionPlan) -> None:
        self.problem, self.policy, self.plan = problem, problem.policy, plan
        self.at = {period.id: position for position, period in enumerate(problem.horizon.periods)}
        self.periods = {period.id: period for period in problem.horizon.periods}
        self.references = {one.id: one for one in problem.catalogue.product_references}
        self.arrivals: dict[tuple[str, ...], Arrival] = {one.key_values(): one for one in problem.arrivals}
        self.members: dict[int, list[str]] = defaultdict(list)
        for facility, group in sorted(problem.groups.items()):
            self.members[group].append(facility)
        self.parts: dict[Place, dict[str, float]] = defaultdict(dict)
        for (need, facility), periods in problem.required.items():
            for period, units in periods.items():
                self.parts[need, problem.groups[facility], period][facility] = units
        self.demand = {place: math.fsum(parts.values()) for place, parts in self.parts.items()}
        self.flows = [flow for flow in plan.flows if self.possible(flow)]
        met: dict[Place, list[float]] = defaultdict(list)
        for flow in self.flows:
            met[self.place(flow)].append(flow.units * self.references[flow.reference].factor)
        self.met = {place: math.fsum(units) for place, units in met.items()}
        self.visits: set[tuple[Source, int, str]] = {
            (self.source(flow), flow.group, flow.received if flow.depot is None else flow.period) for flow in self.flows
        }

    def need(self, reference: str) -> str:
        """Need that a reference meets."""
        return self.references[reference].need

    def place(self, flow: Flow) -> Place:
        """Where a flow goes."""
        return self.need(flow.reference), flow.group, flow.period

    def source(self, flow: Flow) -> Source:
        """Who stops to bring a flow."""
        return ("supplier", str(flow.supplier)) if flow.depot is None else ("depot", flow.depot)

    def possible(self, flow: Flow) -> bool:
        """Say whether a flow is of an arrival, to a group that needs it, by a way that there is, in time."""
        arrival = self.arrivals.get(flow.arrival)
        if arrival is None or self.place(flow) not in self.parts or flow.units <= 0:
            return False
        if (self.source(flow), self.members[flow.group][0]) not in self.problem.ways.to_facility:
            return False
        if flow.depot is not None:
            return flow.supplier is None or (flow.supplier, flow.depot) in self.problem.ways.to_depot
        waits = (self.periods[flow.period].start - self.periods[flow.received].start).days
        return waits == 0 or waits <= self.policy.facility_cover

    def in_reach(self, place: Place, arrivals: list[Arrival] | None = None) -> bool:
        """Say whether something can be brought to a place, of all that arrives or of some arrivals."""
        return any(
            self.possible(
                Flow(
                    supplier=row.supplier,
                    reference=row.reference,
                    received=row.received,
                    period=row.period,
                    group=place[1],
                    depot=depot,
                    units=1.0,
                )
            )
            for row in (self.coming(place[0], place[2]) if arrivals is None else arrivals)
            for depot in (None, *(one.id for one in self.problem.stocks.depots))
        )

    def coming(self, need: str, period: str) -> list[Arrival]:
        """Return what arrives of a need for a period."""
        return self._arrivals_for.get((need, period), [])

    @cached_property
    def _arrivals_for(self) -> dict[tuple[str, str], list[Arrival]]:
        found: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
        for row in self.problem.arrivals:
            if row.units > 0:
                found[self.need(row.reference), row.period].append(row)
        return found

    def short(self, place: Place) -> float:
        """Units that are not delivered; nothing where rounding explains it."""
        found, needed = self.met.get(place, 0.0), self.demand[place]
        return needed - found if found < needed * (1 - TOLERANCE) else 0.0

    def sent(self, key: tuple[str, ...]) -> float:
        """Units of an arrival that are delivered."""
        return math.fsum(self._sent.get(key, ()))

    @cached_property
    def _sent(self) -> dict[tuple[str, ...], list[float]]:
        found: dict[tuple[str, ...], list[float]] = defaultdict(list)
        for flow in self.flows:
            found[flow.arrival].append(flow.units)
        return found

    def worth(self, flow: Flow) -> float:
        """Price of a flow."""
        return flow.units * self.arrivals[flow.arrival].price

    def way(self, flow: Flow, facility: str) -> float:
        """Cost of a cubic metre of a flow to a facility (MAD)."""
        bought = flow.supplier is not None and flow.depot is not None
        inward = self.problem.ways.to_depot[str(flow.supplier), str(flow.depot)] if bought else 0.0
        return inward + self.problem.ways.to_facility[self.source(flow), facility]

    def transport(self, flow: Flow) -> float:
        """Cost of bringing a flow: its facilities share it by what they need (MAD)."""
        parts, volume = self.parts[self.place(flow)], flow.units * self.references[flow.reference].volume
        ways = math.fsum(units * self.way(flow, facility) for facility, units in parts.items())
        return volume * ways / self.demand[self.place(flow)]

    def keeping(self, flow: Flow) -> float:
        """Cost of keeping a flow until it is used (MAD)."""
        rates = {one.id: one.holding_rate for one in self.problem.stocks.depots}
        rate = self.policy.facility_holding_rate if flow.depot is None else rates[flow.depot]
        between = list(self.periods.values())[self.at[flow.received] : self.at[flow.period]]
        return self.worth(flow) * rate * math.fsum(period.years for period in between)

    @cached_property
    def tariffs(self) -> dict[str, tuple[float, float]]:
        """Units and money of every need that is delivered."""
        units: dict[str, list[float]] = defaultdict(list)
        paid: dict[str, list[float]] = defaultdict(list)
        for flow in self.flows:
            units[self.need(flow.reference)].append(flow.units * self.references[flow.reference].factor)
            paid[self.need(flow.reference)].append(self.worth(flow))
        return {need: (math.fsum(units[need]), math.fsum(paid[need])) for need in units}

    def invoices(self) -> dict[str, tuple[float, float, float, float, float]]:
        """Supplies, deliveries, stops, stock and common costs of every facility."""
        supplies, moved, stock = (defaultdict[str, list[float]](list) for _ in range(3))
        for flow in self.flows:
            place = self.place(flow)
            units, paid = self.tariffs[place[0]]
            reference, keeping = self.references[flow.reference], self.keeping(flow)
            for facility, needed in self.parts[place].items():
                part = needed / self.demand[place]
                supplies[facility].append(part * flow.units * reference.factor * paid / units)
                moved[facility].append(part * flow.units * reference.volume * self.way(flow, facility))
                stock[facility].append(part * keeping)
        total = math.fsum(paid for _, paid in self.tariffs.values())
        unused = math.fsum(row.price * row.units for row in self.problem.arrivals) - total
        common = max(self.problem.common + unused, 0.0)
        found = {}
        for facility, group in self.problem.groups.items():
            own = math.fsum(supplies[facility])
            stops = self.policy.stop_cost * sum(visited == group for _, visited, _ in self.visits)
            shared = common * own / total if total else 0.0
            found[facility] = (own, math.fsum(moved[facility]), stops, math.fsum(stock[facility]), shared)
        return found
