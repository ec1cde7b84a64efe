"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model."""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.purchasing.distribution.check_facts import Facts
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Reason
from gst_opt.pillars.purchasing.distribution.policy import TERMS
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.tolerance import TOLERANCE, at_most, broken_pins, compared


def check(problem: DistributionProblem, plan: DistributionPlan) -> Check:
    """Recompute every rule, every table and every term of a plan of distribution.

    Rules, by name: ``known_flows``, ``available``, ``met``, ``reason``, ``max_stops``, ``storage``, ``pins``,
    ``rounds``, ``facilities``, ``tariffs``, ``invoices``, ``groups``.
    """
    facts = Facts(problem, plan)
    violations = (
        *_flows(facts),
        *_needs(facts),
        *_stops(facts),
        *_depots(facts),
        *_facilities(facts),
        *_pins(facts),
        *_tariffs(facts),
        *_invoices(facts),
    )
    prices = {place: problem.shortage_prices[place[0]] for place in facts.demand}
    near = [place for place in facts.demand if facts.in_reach(place)]
    far = [place for place in facts.demand if not facts.in_reach(place)]
    return Check(
        violations=violations,
        terms={
            "deliveries": math.fsum(facts.transport(flow) for flow in facts.flows),
            "stops": problem.policy.stop_cost * sum(len(facts.members[stop[1]]) for stop in facts.visits),
            "depot_stock": math.fsum(facts.keeping(flow) for flow in facts.flows if flow.depot is not None),
            "facility_stock": math.fsum(facts.keeping(flow) for flow in facts.flows if flow.depot is None),
            "shortages": math.fsum(prices[place] * facts.short(place) for place in near),
        },
        today=dict.fromkeys(TERMS, 0.0)
        | {"shortages": math.fsum(prices[place] * facts.demand[place] for place in near)},
        constants={"shortages": math.fsum(prices[place] * facts.demand[place] for place in far)},
    )


def _flows(facts: Facts) -> Iterator[Violation]:
    """Yield flows that no way can bring, and arrivals that are delivered twice."""
    for flow in facts.plan.flows:
        if not facts.possible(flow):
            place = (*flow.arrival, str(flow.group), flow.depot or "*")
            yield Violation("known_flows", place, flow.units, 0)
    sent: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for flow in facts.flows:
        sent[flow.arrival].append(flow.units)
    for key, parts in sorted(sent.items()):
        if not at_most(math.fsum(parts), facts.arrivals[key].units):
            yield Violation("available", key, math.fsum(parts), facts.arrivals[key].units)


def _needs(facts: Facts) -> Iterator[Violation]:
    """Yield needs met twice, and shortages or reasons that are not what the flows say."""
    for place, units in facts.met.items():
        if not at_most(units, facts.demand.get(place, 0.0)):
            yield Violation("met", tuple(map(str, place)), units, facts.demand.get(place, 0.0))
    own: dict[tuple[str, str], list[tuple[str, int, str]]] = defaultdict(list)
    for place in facts.demand:
        own[place[0], place[2]].append(place)
    rows = {(row.need, row.period): row for row in facts.plan.needs}
    if rows.keys() != own.keys() or len(rows) != len(facts.plan.needs):
        yield Violation("met", ("*",), len(facts.plan.needs), len(own))
    for key in sorted(rows.keys() & own.keys()):
        row, places = rows[key], own[key]
        demand = math.fsum(facts.demand[place] for place in places)
        short = math.fsum(facts.short(place) for place in places)
        yield from compared("met", key, [(row.demand, demand), (row.short, short)])
        if row.reason is not _reason(facts, [place for place in places if facts.short(place)]):
            yield Violation("reason", key, 0, 1)


def _reason(facts: Facts, lacking: list[tuple[str, int, str]]) -> Reason | None:
    """Say why units are not delivered: nothing is left, no way leads there from what is left, or something else."""
    if not lacking:
        return None
    left = [
        row
        for row in facts.coming(lacking[0][0], lacking[0][2])
        if facts.sent(row.key_values()) < row.units * (1 - TOLERANCE)
    ]
    if not left:
        return Reason.NO_STOCK
    return Reason.LIMITED if any(facts.in_reach(place, left) for place in lacking) else Reason.NO_WAY


def _stops(facts: Facts) -> Iterator[Violation]:
    """Yield stops beyond the most of a facility, and rounds that are not those of the flows."""
    most = facts.policy.max_stops
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for _, group, period in facts.visits:
        counts[group, period] += 1
    for (group, period), count in sorted(counts.items()):
        if most is not None and count > most:
            yield Violation("max_stops", (str(group), period), count, most)
    said = [
        (("supplier", row.supplier) if row.depot is None else ("depot", row.depot), row.group, row.period)
        for row in facts.plan.rounds
    ]
    if set(said) != facts.visits or len(set(said)) != len(said):
        yield Violation("rounds", ("*",), len(said), len(facts.visits))
    for row in facts.plan.rounds:
        if row.stops != len(facts.members[row.group]):
            yield Violation("rounds", (str(row.group), row.period), row.stops, len(facts.members[row.group]))


def _depots(facts: Facts) -> Iterator[Violation]:
    """Yield depots that keep more than they have room for, or something else than the plan says."""
    rows = {(row.depot, row.period): row for row in facts.plan.depots}
    expected = {(depot.id, period) for depot in facts.problem.stocks.depots for period in facts.at}
    if rows.keys() != expected:
        yield Violation("storage", ("*",), len(rows), len(expected))
    for depot in facts.problem.stocks.depots:
        for period, position in facts.at.items():
            kept = [
                flow
                for flow in facts.flows
                if flow.depot == depot.id and facts.at[flow.received] <= position < facts.at[flow.period]
            ]
            volume = math.fsum(flow.units * facts.references[flow.reference].volume for flow in kept)
            worth = math.fsum(facts.worth(flow) for flow in kept)
            if depot.storage is not None and not at_most(volume, depot.storage):
                yield Violation("storage", (depot.id, period), volume, depot.storage)
            row = rows.get((depot.id, period))
            if row is not None:
                found = [(row.volume, volume), (row.storage, depot.storage), (row.worth, worth)]
                yield from compared("storage", (depot.id, period), found)


def _facilities(facts: Facts) -> Iterator[Violation]:
    """Yield facilities that receive or keep something else than the plan says."""
    rows = {(row.facility, row.period): row for row in facts.plan.facilities}
    expected = {(facility, period) for facility in facts.problem.groups for period in facts.at}
    if rows.keys() != expected or len(rows) != len(facts.plan.facilities):
        yield Violation("facilities", ("*",), len(facts.plan.facilities), len(expected))
    right: dict[tuple[str, str], list[float]] = {place: [0.0] * 4 for place in expected}
    for flow in facts.flows:
        place = facts.place(flow)
        volume, worth = flow.units * facts.references[flow.reference].volume, facts.worth(flow)
        came = flow.received if flow.depot is None else flow.period
        for facility, needed in facts.parts[place].items():
            part = needed / facts.demand[place]
            right[facility, came][0] += part * volume
            right[facility, came][1] += part * worth
            for period in list(facts.at)[facts.at[came] : facts.at[flow.period]]:
                right[facility, period][2] += part * volume
                right[facility, period][3] += part * worth
    for key in sorted(rows.keys() & expected):
        row = rows[key]
        said = (row.volume_in, row.worth_in, row.volume, row.worth)
        yield from compared("facilities", key, zip(said, right[key], strict=True))


def _pins(facts: Facts) -> Iterator[Violation]:
    return broken_pins(
        (
            pin,
            math.fsum(
                facts.worth(flow)
                for flow in facts.flows
                if pin.selects((flow.supplier, flow.reference, facts.need(flow.reference), flow.period, flow.depot))
            ),
        )
        for pin in facts.policy.pins
    )


def _tariffs(facts: Facts) -> Iterator[Violation]:
    """Yield tariffs that are not the mean price of what is delivered, and groups that the ways do not make."""
    tariffs = facts.tariffs
    rows = {row.need: row for row in facts.plan.tariffs}
    if rows.keys() != tariffs.keys():
        yield Violation("tariffs", ("*",), len(rows), len(tariffs))
    for need in sorted(rows.keys() & tariffs.keys()):
        row, (units, paid) = rows[need], tariffs[need]
        yield from compared("tariffs", (need,), [(row.bought, units), (row.paid, paid), (row.price, paid / units)])
    members = {(row.facility, row.group) for row in facts.plan.groups}
    if members != set(facts.problem.groups.items()):
        yield Violation("groups", ("*",), len(members), len(facts.problem.groups))


def _invoices(facts: Facts) -> Iterator[Violation]:
    """Yield invoices that are not what a facility's part of the flows costs."""
    rows = {row.facility: row for row in facts.plan.invoices}
    if rows.keys() != facts.problem.groups.keys():
        yield Violation("invoices", ("*",), len(rows), len(facts.problem.groups))
    for facility, parts in facts.invoices().items():
        row = rows.get(facility)
        if row is not None:
            said = (row.supplies, row.deliveries, row.rounds, row.kept, row.common, row.invoice)
            yield from compared("invoices", (facility,), zip(said, (*parts, math.fsum(parts)), strict=True))
