"""What facilities receive and keep: their parts of the flows to their group, by what they need; no solver."""

from collections.abc import Iterable

from pydantic import Field

from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Quantity
from gst_opt.model.problem import PlanTable
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, FacilityStock, Flow
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem


class Receipt(Frozen):
    """Units that a facility receives in a period."""

    period: str = Field(description="Period in which it receives them")
    need: str = Field(description="Need that they meet")
    supplier: str | None = Field(description="Supplier; empty: in the depot at the start")
    reference: str = Field(description="Reference")
    depot: str | None = Field(description="Depot that brings them; empty: the supplier does")
    units: Quantity = Field(description="Units of the reference")


def facility_receipts(problem: DistributionProblem, plan: DistributionPlan, facility: str) -> PlanTable:
    """Return what a facility receives, by period and need.

    What reaches a group in a period is shared out among its facilities in proportion to what they need of it, so
    quantities may be parts of a pack.

    Parameters
    ----------
    problem, plan
        A question and its answer.
    facility
        Facility; one that needs nothing receives nothing.
    """
    need_of = {one.id: one.need for one in problem.catalogue.product_references}
    at = {period.id: position for position, period in enumerate(problem.horizon.periods)}
    parts = {
        (want.need, want.group, want.period): want.parts[facility] / want.units
        for want in problem.wants
        if facility in want.parts
    }
    units: dict[tuple[int, str, str, str, str], float] = {}
    for flow in plan.flows:
        part = parts.get((need_of[flow.reference], flow.group, at[flow.period]))
        if part is not None:
            when = at[flow.received if flow.depot is None else flow.period]
            key = (when, need_of[flow.reference], flow.supplier or "", flow.reference, flow.depot or "")
            units[key] = units.get(key, 0.0) + part * flow.units
    periods = list(at)
    return PlanTable.of(
        "receipts",
        Receipt,
        (
            Receipt(
                period=periods[when], need=need, supplier=j or None, reference=r, depot=depot or None, units=quantity
            )
            for (when, need, j, r, depot), quantity in sorted(units.items())
        ),
    )


def facility_stocks(problem: DistributionProblem, flows: Iterable[Flow]) -> tuple[FacilityStock, ...]:
    """Return what every facility receives in every period, and keeps at its end of what came straight.

    What a facility has in its own store at the start is not in it.
    """
    references = {one.id: one for one in problem.catalogue.product_references}
    price = {one.key_values(): one.price for one in problem.arrivals}
    periods = [period.id for period in problem.horizon.periods]
    at = {period: position for position, period in enumerate(periods)}
    wants = {(want.need, want.group, want.period): want for want in problem.wants}
    found: dict[tuple[str, str], list[float]] = {
        (facility, period): [0.0] * 4 for facility in sorted(problem.groups) for period in periods
    }
    for flow in flows:
        reference, end = references[flow.reference], at[flow.period]
        start = at[flow.received] if flow.depot is None else end
        want = wants[reference.need, flow.group, end]
        for facility, needed in want.parts.items():
            units = flow.units * needed / want.units
            amount = (units * reference.volume, units * price[flow.arrival])
            came = found[facility, periods[start]]
            came[0] += amount[0]
            came[1] += amount[1]
            for period in periods[start:end]:
                kept = found[facility, period]
                kept[2] += amount[0]
                kept[3] += amount[1]
    return tuple(
        FacilityStock(facility=facility, period=period, volume_in=a, worth_in=b, volume=c, worth=d)
        for (facility, period), (a, b, c, d) in found.items()
    )
