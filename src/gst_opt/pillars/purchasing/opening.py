"""What is in store at the start is used before anything is ordered; no solver."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import Field

from gst_opt.core.catalogue import Catalogue, ProductReference
from gst_opt.core.frozen import Frozen
from gst_opt.core.stocks import OpeningStock, Stocks
from gst_opt.core.time import Grain, Horizon, Period
from gst_opt.core.units import Quantity
from gst_opt.pillars.purchasing.demand import Requirements
from gst_opt.pillars.purchasing.months import months_of

TINY = 1e-9
"""Share of a need that rounding explains."""


class StockUse(Frozen):
    """Units in store at the start, and the period that uses them."""

    facility: str | None = Field(description="Facility whose own store they are in; empty: a depot")
    depot: str | None = Field(description="Depot where they are; empty: a facility's own store")
    reference: str = Field(description="Reference")
    need: str = Field(description="Need that it meets")
    period: str | None = Field(description="Period that uses them; empty: none does, they expire or are not needed")
    units: Quantity = Field(description="Units of the reference")


class Opened(NamedTuple):
    """How stock is used.

    Attributes
    ----------
    uses
        Every unit in store, by need and period of use.
    beyond_own
        What facilities need beyond their own stores.
    beyond
        What they need beyond those of depots too: what is to be ordered.
    """

    uses: tuple[StockUse, ...]
    beyond_own: Requirements
    beyond: Requirements


def open_stocks(required: Requirements, catalogue: Catalogue, stocks: Stocks, horizon: Horizon) -> Opened:
    """Use what is in store: the first needs first, of what expires first, which wastes least.

    A facility uses its own store. What a depot has goes to the facilities that it delivers to, in proportion to what
    they still need in the period. Units are used in periods that end before they expire.

    Parameters
    ----------
    required
        Units by period, of each (need, facility).
    catalogue, stocks, horizon
        References, what is in store, who delivers where, the calendar.
    """
    rows = [row for row in stocks.opening_stocks if row.units > 0]
    if not rows:
        return Opened((), required, required)
    references = {one.id: one for one in catalogue.product_references}
    own = [row for row in rows if row.facility is not None]
    reach: dict[str | None, set[str]] = {}
    for delivery in stocks.depot_deliveries:
        reach.setdefault(delivery.depot, set()).add(delivery.facility)
    left = {place: dict(periods) for place, periods in required.items()}
    uses = list(_used(own, {row.facility: {row.facility or ""} for row in own}, references, horizon.periods, left))
    beyond_own = _still(left)
    uses += _used([row for row in rows if row.depot is not None], reach, references, horizon.periods, left)
    return Opened(tuple(uses), beyond_own, _still(left))


def beyond_stocks(required: Requirements, catalogue: Catalogue, stocks: Stocks, horizon: Horizon) -> Requirements:
    """Return what is to be bought for whole periods, what is in store being used month by month.

    So stock that lasts for a part of the year counts for that part, as it does for call-offs by month
    (`purchases_by_month`). Calendars of weeks or half-days stay as they are.
    """
    if not stocks.opening_stocks or any(one.grain in (Grain.WEEK, Grain.HALF_DAY) for one in horizon.periods):
        return open_stocks(required, catalogue, stocks, horizon).beyond
    calendar, shares = months_of(horizon)
    by_month = {
        place: {month: part * units for period, units in periods.items() for month, part in shares[period].items()}
        for place, periods in required.items()
    }
    beyond = open_stocks(by_month, catalogue, stocks, calendar).beyond
    return {
        place: {
            period: sum(left.get(month, 0.0) for month in shares[period])
            for period in periods
            if any(month in left for month in shares[period])
        }
        for place, periods in required.items()
        if (left := beyond.get(place))
    }


def _used(
    rows: Sequence[OpeningStock],
    reach: dict[str | None, set[str]],
    references: dict[str, ProductReference],
    periods: Sequence[Period],
    left: Requirements,
) -> Iterator[StockUse]:
    """Yield the uses of some stock, and take them from what is left to meet."""
    in_store = {row.key_values(): row.units for row in rows}
    first = sorted(rows, key=lambda row: (float("inf") if row.shelf_life is None else row.shelf_life, row.key_values()))
    by_need: dict[str, list[OpeningStock]] = {}
    for row in first:
        by_need.setdefault(references[row.reference].need, []).append(row)
    facilities: dict[str, list[str]] = {}
    for need, facility in left:
        facilities.setdefault(need, []).append(facility)
    for need, own in sorted(by_need.items()):
        for period in periods:
            for row in own:
                factor, stock = references[row.reference].factor, in_store[row.key_values()]
                near = reach.get(row.depot or row.facility, set())
                open_needs = [left[need, one] for one in facilities.get(need, ()) if one in near]
                wanted = sum(needs.get(period.id, 0.0) for needs in open_needs)
                taken = min(stock, wanted / factor) if _keeps(row, periods[0], period) else 0.0
                if taken <= 0:
                    continue
                in_store[row.key_values()] = stock - taken
                part = 1 - taken * factor / wanted
                for needs in open_needs:
                    if period.id in needs:
                        needs[period.id] *= part if part > TINY else 0.0
                yield _use(row, need, period.id, taken)
        for row in own:
            if in_store[row.key_values()] > 0:
                yield _use(row, need, None, in_store[row.key_values()])


def _keeps(row: OpeningStock, first: Period, used: Period) -> bool:
    return row.shelf_life is None or (used.end - first.start).days + 1 <= row.shelf_life


def _use(row: OpeningStock, need: str, period: str | None, units: float) -> StockUse:
    return StockUse(
        facility=row.facility, depot=row.depot, reference=row.reference, need=need, period=period, units=units
    )


def _still(left: Requirements) -> Requirements:
    """Return what is left to meet, as a copy without what is met."""
    found = {
        place: {period: units for period, units in periods.items() if units > 0} for place, periods in left.items()
    }
    return {place: periods for place, periods in found.items() if periods}
