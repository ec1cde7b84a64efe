"""Do units and beds go from year to year as they may, fit where they are, and keep the pins?"""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from gst_opt.core.region import Status
from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import Facts, above, same
from gst_opt.pillars.platforms.location.check_stocks import Key, Stock
from gst_opt.pillars.platforms.location.plan import LocationPlan, SiteBeds, SiteUnits, UpgradedUnits


class Step(NamedTuple):
    """What going from an amount to another means."""

    renewed: int
    retired: int
    added: int
    closed: int


def step(stock: Stock, t: int, before: tuple[int, int], now: int) -> tuple[Step, int]:
    """Return what a change means, and the units of today that are still to come to their end after it.

    `before` is the amount of the year before, and of these the units still to come to their end. The oldest units leave
    first; those at the end of their life are renewed first.
    """
    amount, old = before
    ended = max(0, old - sum(stock.expiring[t + 1 :]))
    more = now - (amount - ended)
    renewed = min(max(more, 0), ended)
    closed = max(-more, 0)
    return Step(renewed, ended - renewed, max(more - renewed, 0), closed), max(old - ended - closed, 0)


def units(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    """Yield what is wrong with units and beds by site."""
    rows = {(row.facility, row.equipment_type, row.year): row for row in plan.units}
    beds = {(row.facility, str(row.ward), row.year): row for row in plan.beds}
    for key, stock in facts.stocks.items():
        before, old = stock.today, sum(stock.expiring)
        for t, year in enumerate(facts.years):
            place, now = (*key, str(year)), course.amounts[key][t]
            if t < stock.first:
                if not _idle(rows.get((*key, year)), beds.get((*key, year))):
                    yield Violation("not_open", place, now, 0)
                continue
            if now not in stock.allowed:
                side = stock.allowed[0] if now < stock.allowed[0] else stock.allowed[-1]
                yield Violation("levels", place, now, side)
            rule = "state_start" if t == stock.first else "state_flow"
            taken, old = step(stock, t, (before, old), now)
            if key[1] in facts.wards:
                yield from _bed_row(rule, place, beds.get((*key, year)), stock, taken)
            else:
                yield from _unit_row(rule, place, rows.get((*key, year)), stock, taken)
            before = now


def _idle(row: SiteUnits | None, beds: SiteBeds | None) -> bool:
    """Say whether nothing is, comes or goes at a site that is not there yet."""
    of_units = [] if row is None else [row.units, row.bought, row.renewed, row.retired, row.closed, row.moved_in]
    of_units += [] if row is None else [row.moved_out, row.upgraded_in, row.upgraded_out]
    of_units += [] if row is None else [int(row.sessions > 0), int(row.sessions_sold > 0)]
    return not any([*of_units, *([] if beds is None else [beds.beds, beds.opened, beds.closed])])


def _unit_row(
    rule: str, place: tuple[str, ...], row: SiteUnits | None, stock: Stock, taken: Step
) -> Iterator[Violation]:
    """Yield what a year's units do not owe to the year before."""
    if row is None:
        if any(taken):
            yield Violation(rule, place, 0, stock.today)
        return
    if row.units_today != stock.today:
        yield Violation("units_today", place, row.units_today, stock.today)
    for name, found, right in (
        (rule, row.bought + row.moved_in + row.upgraded_in, taken.added),
        (rule, row.closed + row.moved_out + row.upgraded_out, taken.closed),
        ("life", row.renewed, taken.renewed),
        ("life", row.retired, taken.retired),
    ):
        if found != right:
            yield Violation(name, place, found, right)
    arrived, gone = row.moved_in + row.upgraded_in, row.moved_out + row.upgraded_out
    if arrived > taken.added:
        yield Violation("moves_in", place, arrived, taken.added)
    if gone > taken.closed:
        yield Violation("moves_out", place, gone, taken.closed)


def _bed_row(rule: str, place: tuple[str, ...], row: SiteBeds | None, stock: Stock, taken: Step) -> Iterator[Violation]:
    if row is None:
        if any(taken):
            yield Violation(rule, place, 0, stock.today)
        return
    if row.beds_today != stock.today:
        yield Violation("units_today", place, row.beds_today, stock.today)
    for found, right in ((row.opened, taken.added), (row.closed, taken.closed)):
        if found != right:
            yield Violation(rule, place, found, right)


def moves(facts: Facts, plan: LocationPlan) -> Iterator[Violation]:
    """Yield units that leave and arrive nowhere, arrive from nowhere, or may not leave."""
    gone: dict[Key, int] = defaultdict(int)
    moved: dict[Key, int] = defaultdict(int)
    balance: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in plan.units:
        gone[row.facility, row.equipment_type] += row.moved_out + row.upgraded_out
        moved[row.facility, row.equipment_type] += row.moved_out
        balance[row.equipment_type, row.year][0] += row.moved_in
        balance[row.equipment_type, row.year][1] += row.moved_out
    for key, count in sorted(gone.items()):
        if count > facts.stocks[key].lasting:
            yield Violation("movable", key, count, facts.stocks[key].lasting)
        elif moved[key] and not facts.policy.move:
            yield Violation("movable", key, moved[key], 0)
    for (kind, year), (arrived, left) in sorted(balance.items()):
        if arrived != left:
            yield Violation("moves_balance", (kind, str(year)), arrived, left)


def _ends_as_what_it_becomes(facts: Facts, row: UpgradedUnits) -> bool:
    """Say whether a unit of an open site, at its age, is at the end of the other type's life within the plan."""
    if facts.sites[row.facility].status is Status.PLANNED:
        return False
    own = [one for one in facts.equipment.equipment_units if one.facility == row.facility]
    installed = [one.installed for one in own if one.equipment_type == row.equipment_type and one.installed is not None]
    return any(math.ceil(year + facts.kinds[row.becomes].life) <= facts.years[-1] for year in installed)


def upgrades(facts: Facts, plan: LocationPlan) -> Iterator[Violation]:
    """Yield units that change type otherwise than the rows of upgrades say, and upgrades at a wrong cost."""
    sides: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in plan.units:
        own = sides[row.facility, row.equipment_type, row.year]
        own[0], own[1] = row.upgraded_in, row.upgraded_out
    for one in plan.upgrades:
        sides[one.facility, one.becomes, one.year][2] += one.units
        sides[one.facility, one.equipment_type, one.year][3] += one.units
        cost = facts.upgrades[one.equipment_type, one.becomes] * one.units
        if one.units and _ends_as_what_it_becomes(facts, one):
            yield Violation("movable", (one.facility, one.equipment_type, one.becomes), one.units, 0)
        if not same(one.cost, cost):
            place = (one.facility, one.equipment_type, one.becomes, str(one.year))
            yield Violation("upgrade_cost", place, one.cost, cost)
    for (facility, kind, year), (arrived, gone, came, left) in sorted(sides.items()):
        for found, right in ((arrived, came), (gone, left)):
            if found != right:
                yield Violation("upgrades", (facility, kind, str(year)), found, right)


def floor_space(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield facilities where more than today does not fit."""
    free = {row.facility: row.free for row in facts.equipment.floor_spaces if row.facility in facts.sites}
    taken = {facility: [0.0] * len(facts.years) for facility in sorted(free)}
    for key, stock in facts.stocks.items():
        standard = facts.wards[key[1]] if key[1] in facts.wards else facts.kinds[key[1]]
        for t in range(stock.first, len(facts.years)) if key[0] in taken else ():
            taken[key[0]][t] += standard.floor_space * (course.amounts[key][t] - stock.today)
    for facility, own in taken.items():
        for year, space in zip(facts.years, own, strict=True):
            if above(space, free[facility]):
                yield Violation("floor_space", (facility, str(year)), space, free[facility])


def pins(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield the pins that units or beds do not keep."""
    for number, pin in enumerate(facts.policy.pins, 1):
        for t, year in enumerate(facts.years):
            if pin.year not in (None, year):
                continue
            there = [key for key, one in facts.stocks.items() if pin.selects(*key) and t >= one.first]
            low, high = pin.sides(float(sum(facts.stocks[key].today for key in there)))
            total = float(sum(course.amounts[key][t] for key in there))
            if above(low, total) or above(total, high):
                yield Violation("pins", (str(number), pin.reason, str(year)), total, low if total < low else high)
