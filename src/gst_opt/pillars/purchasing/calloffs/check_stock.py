"""What is in store at the start: all of it told, used in time, and before anything is ordered."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from gst_opt.core.stocks import OpeningStock
from gst_opt.model.problem import Violation
from gst_opt.pillars.purchasing.calloffs.check_facts import Facts
from gst_opt.pillars.purchasing.opening import StockUse
from gst_opt.pillars.purchasing.tolerance import TOLERANCE, at_most, compared

Store = tuple[str | None, str | None, str]
"""Facility or depot, and reference."""
Left = dict[tuple[str, str], dict[str, float]]


def stock_violations(facts: Facts) -> Iterator[Violation]:
    """Yield uses of stock that cannot be, stock that is not told, and needs that are left while stock is."""
    held: dict[Store, list[OpeningStock]] = defaultdict(list)
    for row in facts.problem.stocks.opening_stocks:
        held[row.facility, row.depot, row.reference].append(row)
    told: dict[Store, list[StockUse]] = {store: [] for store in held}
    for use in facts.plan.from_stock:
        store = (use.facility, use.depot, use.reference)
        if store not in held or use.units <= 0 or facts.references[use.reference].need != use.need:
            yield Violation("from_stock", tuple(map(str, store)), use.units, 0)
        else:
            told[store].append(use)
    left = _left(facts)
    for store, rows in held.items():
        needed = {place: left[place] for place in _near(facts, rows[0]) if place in left}
        yield from _used_in_time(facts, rows, told[store], needed)
    for place, periods in sorted(left.items()):
        ordered = facts.problem.required.get(place, {})
        for period, units in periods.items():
            yield from compared("from_stock", (*place, period), [(units, ordered.get(period, 0.0))])


def _near(facts: Facts, row: OpeningStock | StockUse) -> list[tuple[str, str]]:
    """Return the need that a stock meets, with every facility that it can reach."""
    need = facts.references[row.reference].need
    if row.depot is None:
        return [(need, row.facility or "")]
    ways = facts.problem.stocks.depot_deliveries
    return [(need, way.facility) for way in ways if way.depot == row.depot]


def _left(facts: Facts) -> Left:
    """Return what is left of every need when the uses are taken from it, one after the other; below 0 if too much."""
    left = {place: dict(periods) for place, periods in facts.problem.used.items()}
    for use in facts.plan.from_stock:
        if use.period is None or use.reference not in facts.references:
            continue
        units = use.units * facts.references[use.reference].factor
        near = _near(facts, use)
        places = [place for place in near if left.get(place, {}).get(use.period, 0.0) > 0]
        wanted = math.fsum(left[place][use.period] for place in places)
        for place in places:
            met = units / wanted
            left[place][use.period] *= 1 - met if abs(1 - met) > TOLERANCE else 0.0
        if near and not places:
            left.setdefault(near[0], {})[use.period] = -units
    return left


def _used_in_time(facts: Facts, rows: list[OpeningStock], uses: list[StockUse], left: Left) -> Iterator[Violation]:
    """Yield a store that is not told whole, used after it expires, or idle while it could be used."""
    place = (str(rows[0].facility or rows[0].depot), rows[0].reference)
    units = math.fsum(row.units for row in rows)
    yield from compared("from_stock", place, [(math.fsum(use.units for use in uses), units)])
    names, first, room = list(facts.periods), next(iter(facts.periods.values())).start, []
    for name, period in facts.periods.items():
        days = (period.end - first).days + 1
        fresh = math.fsum(row.units for row in rows if row.shelf_life is None or days <= row.shelf_life)
        later = math.fsum(use.units for use in uses if use.period in names[names.index(name) :])
        if not at_most(later, fresh):
            yield Violation("from_stock", (*place, name), later, fresh)
        room.append(fresh - later)
    for name, free in zip(facts.periods, accumulate(room, min), strict=True):
        wanted = math.fsum(periods.get(name, 0.0) for periods in left.values())
        if free > TOLERANCE * max(1.0, units) and wanted > TOLERANCE:
            yield Violation("from_stock", (*place, name), free, 0)
