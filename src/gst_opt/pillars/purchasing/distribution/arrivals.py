"""What arrives, or is in a depot at the start: units of a reference for the needs of a period."""

import math
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from gst_opt.core.catalogue import Catalogue
from gst_opt.core.frozen import Row
from gst_opt.core.tenders import Tenders
from gst_opt.core.time import Horizon
from gst_opt.core.units import DepotId, Mad, PeriodId, Quantity, ReferenceId, SupplierId
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.demand import Requirements
from gst_opt.pillars.purchasing.opening import StockUse


class Arrival(Row):
    """Units received in a period, for the needs of that period or of a later one; or in a depot at the start."""

    key: ClassVar[tuple[str, ...]] = ("supplier", "depot", "reference", "received", "period")

    supplier: SupplierId | None = Field(default=None, description="Supplier; empty: in store at the start")
    depot: DepotId | None = Field(default=None, description="Depot that has them at the start; empty: none, they come")
    reference: ReferenceId = Field(description="Reference")
    received: PeriodId = Field(description="Period that receives it")
    period: PeriodId = Field(description="Period that uses it")
    units: Quantity = Field(description="Units of the reference")
    price: Mad = Field(description="Price of one unit, less rebates")


def called_off(plan: CallOffPlan) -> tuple[Arrival, ...]:
    """Return what call-offs bring, use by use."""
    prices = {(call.supplier, call.reference): call.paid / call.units for call in plan.calls}
    units: dict[tuple[str, str, str, str], list[float]] = {}
    for use in plan.uses:
        units.setdefault((use.supplier, use.reference, use.received, use.period), []).append(use.units)
    return tuple(
        Arrival(supplier=j, reference=r, received=s, period=t, units=math.fsum(parts), price=prices[j, r])
        for (j, r, s, t), parts in sorted(units.items())
    )


def in_depots(uses: Iterable[StockUse], horizon: Horizon) -> tuple[Arrival, ...]:
    """Return what depots have at the start for every period; it is paid already."""
    units: dict[tuple[str, str, str], list[float]] = {}
    for use in uses:
        if use.depot is not None and use.period is not None:
            units.setdefault((use.depot, use.reference, use.period), []).append(use.units)
    return tuple(
        Arrival(
            depot=depot,
            reference=reference,
            received=horizon.periods[0].id,
            period=period,
            units=math.fsum(parts),
            price=0.0,
        )
        for (depot, reference, period), parts in sorted(units.items())
    )


def common_costs(plan: CallOffPlan) -> float:
    """Return what call-offs pay for no use in particular: units left over, amounts owed (MAD)."""
    left = [call.left * call.paid / call.units for call in plan.calls]
    return math.fsum([*left, *(one.owed for one in plan.offers), *(one.owed for one in plan.contracts)])


def as_needed(catalogue: Catalogue, tenders: Tenders, required: Requirements) -> tuple[Arrival, ...]:
    """Return what would arrive if every need came in its own period, from its cheapest offer at list price."""
    references = {one.id: one for one in catalogue.product_references}
    offers = sorted((one.price / references[one.reference].factor, one.key_values(), one) for one in tenders.offers)
    cheapest = {references[offer.reference].need: offer for _, _, offer in reversed(offers)}
    needed: dict[tuple[str, str], list[float]] = {}
    for (need, _), periods in required.items():
        for period, units in periods.items():
            needed.setdefault((need, period), []).append(units)
    return tuple(
        Arrival(
            supplier=cheapest[need].supplier,
            reference=cheapest[need].reference,
            received=period,
            period=period,
            units=math.fsum(parts) / references[cheapest[need].reference].factor,
            price=cheapest[need].price,
        )
        for (need, period), parts in sorted(needed.items())
        if need in cheapest
    )
