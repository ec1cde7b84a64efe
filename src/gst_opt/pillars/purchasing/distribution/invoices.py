"""What every facility pays: its supplies at one tariff a need, its own transport, stops and stock; no solver."""

import math
from collections.abc import Iterable

from gst_opt.pillars.purchasing.distribution.plan import Flow, Invoice
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.distribution.ways import Source

COLUMNS = ("supplies", "deliveries", "stops", "stock")


def invoices(problem: DistributionProblem, flows: Iterable[Flow]) -> tuple[Invoice, ...]:
    """Return the invoice of every facility that needs something.

    Supplies are units at the tariff of their need, the mean price of what all facilities receive. What is paid for
    goods that reach nobody, and other common costs, are shared in proportion to supplies.
    """
    flows = list(flows)
    references = {one.id: one for one in problem.catalogue.product_references}
    arrivals = {one.key_values(): one for one in problem.arrivals}
    at = {period.id: position for position, period in enumerate(problem.horizon.periods)}
    wants = {(want.need, want.group, want.period): want for want in problem.wants}
    tariff = _tariffs(problem, flows)
    parts: dict[tuple[str, str], list[float]] = {}
    paid: list[float] = []
    for flow in flows:
        reference = references[flow.reference]
        price = arrivals[flow.arrival].price
        want = wants[reference.need, flow.group, at[flow.period]]
        worth = price * flow.units
        paid.append(worth)
        source = source_of(flow)
        inward = problem.ways.to_depot.get((str(flow.supplier), str(flow.depot)), 0.0)
        stock = worth * _holding(problem, flow.depot) * _years(problem, at[flow.received], at[flow.period])
        for facility, needed in want.parts.items():
            part = needed / want.units
            way = inward + problem.ways.to_facility[source, facility]
            parts.setdefault((facility, "supplies"), []).append(
                part * flow.units * reference.factor * tariff[reference.need]
            )
            parts.setdefault((facility, "deliveries"), []).append(part * flow.units * reference.volume * way)
            parts.setdefault((facility, "stock"), []).append(part * stock)
    for facility, stops in _stops(problem, flows).items():
        parts[facility, "stops"] = [problem.policy.stop_cost * stops]
    total = math.fsum(paid)
    common = problem.common + math.fsum(one.price * one.units for one in problem.arrivals) - total
    found = []
    for facility in sorted(problem.groups):
        supplies, deliveries, stopped, stock = (math.fsum(parts.get((facility, name), ())) for name in COLUMNS)
        share = max(common, 0.0) * supplies / total if total else 0.0
        found.append(
            Invoice(
                facility=facility,
                supplies=supplies,
                deliveries=deliveries,
                rounds=stopped,
                kept=stock,
                common=share,
                invoice=math.fsum((supplies, deliveries, stopped, stock, share)),
            )
        )
    return tuple(found)


def source_of(flow: Flow) -> Source:
    """Return who stops to bring a flow."""
    return ("supplier", str(flow.supplier)) if flow.depot is None else ("depot", flow.depot)


def _tariffs(problem: DistributionProblem, flows: Iterable[Flow]) -> dict[str, float]:
    """Return the mean price of a unit of each need that is delivered."""
    references = {one.id: one for one in problem.catalogue.product_references}
    arrivals = {one.key_values(): one for one in problem.arrivals}
    sums: dict[str, list[tuple[float, float]]] = {}
    for flow in flows:
        price = arrivals[flow.arrival].price
        reference = references[flow.reference]
        sums.setdefault(reference.need, []).append((flow.units * reference.factor, flow.units * price))
    return {
        need: math.fsum(worth for _, worth in own) / math.fsum(units for units, _ in own) for need, own in sums.items()
    }


def _stops(problem: DistributionProblem, flows: Iterable[Flow]) -> dict[str, int]:
    """Return the stops at every facility."""
    visits = {(*source_of(flow), flow.received if flow.depot is None else flow.period, flow.group) for flow in flows}
    counts: dict[int, int] = {}
    for *_, group in visits:
        counts[int(group)] = counts.get(int(group), 0) + 1
    return {facility: counts.get(group, 0) for facility, group in problem.groups.items()}


def _holding(problem: DistributionProblem, depot: str | None) -> float:
    if depot is None:
        return problem.policy.facility_holding_rate
    return next(one.holding_rate for one in problem.stocks.depots if one.id == depot)


def _years(problem: DistributionProblem, first: int, last: int) -> float:
    return math.fsum(period.years for period in problem.horizon.periods[first:last])
