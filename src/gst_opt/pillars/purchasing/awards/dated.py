"""When a tender is paid: purchases follow the periods that need them, and each supplier's delay; no solver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gst_opt.core.tenders import Supplier
from gst_opt.core.time import Horizon
from gst_opt.pillars.purchasing.demand import Requirements
from gst_opt.pillars.purchasing.payments import due

Parts = dict[str, float]
"""Part of an amount that falls due in each period; what falls due after the calendar is in none."""


@dataclass(frozen=True)
class Due:
    """Parts of what a supplier is paid, by the period in which they fall due.

    Attributes
    ----------
    bought
        Of what is bought for a need, by supplier and need: it is received in each period as it is required.
    once
        Of what is counted once for the calendar, by supplier: it follows the length of the periods.
    """

    bought: dict[tuple[str, str], Parts]
    once: dict[str, Parts]


def due_dates(required: Requirements, horizon: Horizon, suppliers: Iterable[Supplier]) -> Due:
    """Return when suppliers are paid for what the calendar requires."""
    needed: dict[str, Parts] = {}
    for (need, _), periods in required.items():
        own = needed.setdefault(need, {})
        for period, units in periods.items():
            own[period] = own.get(period, 0.0) + units
    used = {period for periods in needed.values() for period in periods}
    lengths = {period.id: period.years for period in horizon.periods if period.id in used}
    bought: dict[tuple[str, str], Parts] = {}
    once: dict[str, Parts] = {}
    for supplier in suppliers:
        paid_in = {
            period.id: due(horizon.periods, position, supplier.payment_delay)
            for position, period in enumerate(horizon.periods)
        }
        once[supplier.id] = _parts(lengths, paid_in, horizon)
        for need, own in needed.items():
            bought[supplier.id, need] = _parts(own, paid_in, horizon)
    return Due(bought, once)


def _parts(amounts: Parts, paid_in: Mapping[str, int | None], horizon: Horizon) -> Parts:
    found: Parts = {}
    for period, amount in amounts.items():
        position = paid_in.get(period)
        if position is not None:
            paid = horizon.periods[position].id
            found[paid] = found.get(paid, 0.0) + amount / sum(amounts.values())
    return found
