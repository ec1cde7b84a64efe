"""From flows to a plan: stops, stocks of depots, what each need lacks and why, tariffs; no solver."""

import math
from collections.abc import Iterable, Iterator, Sequence

from gst_opt.pillars.purchasing.distribution.arrivals import Arrival
from gst_opt.pillars.purchasing.distribution.facility import facility_stocks
from gst_opt.pillars.purchasing.distribution.invoices import invoices
from gst_opt.pillars.purchasing.distribution.plan import (
    DepotStock,
    DistributionPlan,
    Flow,
    GroupMember,
    NeedDelivered,
    Reason,
    Stops,
    Tariff,
)
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.purchasing.distribution.ways import Want

ROUNDING = 1e-6
"""Room for rounding, relative to the figure that it is compared with."""


def plan_of(problem: DistributionProblem, flows: Sequence[Flow]) -> DistributionPlan:
    """Return the plan that flows stand for."""
    return DistributionPlan(
        flows=tuple(flows),
        rounds=tuple(_rounds(problem, flows)),
        depots=tuple(_depots(problem, flows)),
        facilities=facility_stocks(problem, flows),
        needs=tuple(_needs(problem, flows)),
        tariffs=tuple(_tariffs(problem, flows)),
        invoices=invoices(problem, flows),
        groups=tuple(
            GroupMember(group=group, facility=facility)
            for group, facility in sorted((group, facility) for facility, group in problem.groups.items())
        ),
    )


def _rounds(problem: DistributionProblem, flows: Iterable[Flow]) -> Iterator[Stops]:
    sizes = list(problem.groups.values())
    found = {
        (flow.received, flow.group, str(flow.supplier), "")
        if flow.depot is None
        else (flow.period, flow.group, "", flow.depot)
        for flow in flows
    }
    for period, group, supplier, depot in sorted(found):
        yield Stops(
            period=period, group=group, supplier=supplier or None, depot=depot or None, stops=sizes.count(group)
        )


def _depots(problem: DistributionProblem, flows: Iterable[Flow]) -> Iterator[DepotStock]:
    at = {period.id: position for position, period in enumerate(problem.horizon.periods)}
    volume = {one.id: one.volume for one in problem.catalogue.product_references}
    price = {one.key_values(): one.price for one in problem.arrivals}
    kept: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for flow in flows:
        for position in range(at[flow.received], at[flow.period]) if flow.depot is not None else ():
            worth = flow.units * price[flow.arrival]
            kept.setdefault((flow.depot or "", position), []).append((flow.units * volume[flow.reference], worth))
    for depot in problem.stocks.depots:
        for period, position in at.items():
            own = kept.get((depot.id, position), [])
            yield DepotStock(
                depot=depot.id,
                period=period,
                volume=math.fsum(part for part, _ in own),
                storage=depot.storage,
                worth=math.fsum(part for _, part in own),
            )


def _needs(problem: DistributionProblem, flows: Iterable[Flow]) -> Iterator[NeedDelivered]:
    references = {one.id: one for one in problem.catalogue.product_references}
    periods = [period.id for period in problem.horizon.periods]
    got: dict[tuple[str, int, str], list[float]] = {}
    sent: dict[tuple[str, ...], list[float]] = {}
    for flow in flows:
        reference = references[flow.reference]
        got.setdefault((reference.need, flow.group, flow.period), []).append(flow.units * reference.factor)
        sent.setdefault(flow.arrival, []).append(flow.units)
    wants: dict[tuple[str, int], list[Want]] = {}
    for want in problem.wants:
        wants.setdefault((want.need, want.period), []).append(want)
    arrivals: dict[tuple[str, str], list[Arrival]] = {}
    for one in problem.arrivals:
        arrivals.setdefault((references[one.reference].need, one.period), []).append(one)
    left = {
        one.key_values(): one.units * (1 - ROUNDING) > math.fsum(sent.get(one.key_values(), ()))
        for one in problem.arrivals
    }
    for (need, position), own in sorted(wants.items()):
        period = periods[position]
        missing = [(want, _missing(math.fsum(got.get((need, want.group, period), ())), want.units)) for want in own]
        lacking = [want for want, units in missing if units]
        yield NeedDelivered(
            need=need,
            period=period,
            demand=math.fsum(want.units for want in own),
            short=math.fsum(units for _, units in missing),
            reason=_reason(problem, lacking, arrivals.get((need, period), []), left),
        )


def _missing(found: float, least: float) -> float:
    """Return what is missing to a figure; nothing where rounding explains it."""
    return least - found if found < least * (1 - ROUNDING) else 0.0


def _reason(
    problem: DistributionProblem, lacking: list[Want], arrivals: list[Arrival], left: dict[tuple[str, ...], bool]
) -> Reason | None:
    """Say why groups lack something: nothing left of what arrived, no way from it to them, or something else."""
    if not lacking:
        return None
    own = [one for one in arrivals if left[one.key_values()]]
    if not own:
        return Reason.NO_STOCK
    near = any(True for one in own for want in lacking for _ in problem.ways_to(one, want))
    return Reason.LIMITED if near else Reason.NO_WAY


def _tariffs(problem: DistributionProblem, flows: Iterable[Flow]) -> Iterator[Tariff]:
    references = {one.id: one for one in problem.catalogue.product_references}
    price = {one.key_values(): one.price for one in problem.arrivals}
    units: dict[str, list[float]] = {}
    paid: dict[str, list[float]] = {}
    for flow in flows:
        reference = references[flow.reference]
        units.setdefault(reference.need, []).append(flow.units * reference.factor)
        worth = flow.units * price[flow.arrival]
        paid.setdefault(reference.need, []).append(worth)
    for need in sorted(units):
        bought, spent = math.fsum(units[need]), math.fsum(paid[need])
        yield Tariff(need=need, bought=bought, paid=spent, price=spent / bought)
