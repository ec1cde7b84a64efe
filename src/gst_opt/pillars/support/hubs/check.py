"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gst_opt.model.problem import Check, PinKind, Violation
from gst_opt.pillars.support.hubs.check_facts import TOLERANCE, Facts
from gst_opt.pillars.support.hubs.check_terms import constants, terms, terms_today
from gst_opt.pillars.support.hubs.plan import HubPlan
from gst_opt.pillars.support.hubs.policy import MONEY
from gst_opt.pillars.support.hubs.problem import HubProblem


def check(problem: HubProblem, plan: HubPlan) -> Check:
    """Recompute every rule, every table and every term of a plan of hubs.

    Rules, by name: ``one_way``, ``known_hub``, ``within_reach``, ``min_quality``, ``known_size``, ``at_work``,
    ``hub_capacity``, ``own_hub``, ``no_return``, ``max_changes``, ``pins``, ``journey``, ``reason``, ``hub_tables``,
    ``changed``, ``hour_tables``, ``cost_tables``.
    """
    facts = Facts(problem, plan)
    violations = (
        *_assignments(facts),
        *_hubs(facts),
        *_capacity(facts),
        *_changes(facts),
        *_pins(facts),
        *_hours(facts),
        *_spending(facts),
    )
    return Check(violations=violations, terms=terms(facts), today=terms_today(facts), constants=constants(facts))


def _assignments(facts: Facts) -> Iterator[Violation]:
    """Yield places that somebody does not serve once, hubs that cannot serve them, and figures beside them."""
    problem, rows = facts.problem, facts.plan.assignments
    said = [(row.support_function, row.facility, row.period) for row in rows]
    expected = {(*place, period) for place in facts.hub for period in facts.ids}
    for key in sorted(set(said) ^ expected):
        yield Violation("one_way", key, said.count(key), int(key in expected))
    if len(said) != len(set(said)):
        yield Violation("one_way", ("*",), len(said), len(set(said)))
    at = {period: position for position, period in enumerate(facts.ids)}
    for row in rows:
        place, key = (row.support_function, row.facility), (row.support_function, row.facility, row.period)
        if key not in expected:
            continue
        if row.hub is not None and (row.support_function, row.hub) not in facts.quality:
            yield Violation("known_hub", (*key, row.hub), 1, 0)
            continue
        minutes = 0.0 if row.hub is None else facts.minutes[row.facility, row.hub]
        function = problem.functions[row.support_function]
        longest = math.inf if function.max_minutes is None else function.max_minutes
        if not math.isfinite(minutes) or minutes > longest:
            yield Violation("within_reach", key, minutes, longest)
        if row.hub is not None and facts.quality[row.support_function, row.hub] < function.min_quality:
            yield Violation("min_quality", key, facts.quality[row.support_function, row.hub], function.min_quality)
        volume = problem.volumes[place][at[row.period]]
        yield from compared("journey", key, [(row.minutes, minutes), (row.quantity, volume)])
        if row.reason is not (facts.reason(place) if row.hub is None else None):
            yield Violation("reason", key, 0, 1)


def _hubs(facts: Facts) -> Iterator[Violation]:
    """Yield hubs whose rows are not what they do, and sizes that the data does not have."""
    rows = {(row.support_function, row.hub, row.period): row for row in facts.plan.hubs}
    worked: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for (name, hub, _, _, period), volume in facts.volumes.items():
        if hub is not None:
            worked[name, hub, facts.ids[period]].append(volume)
    missing = worked.keys() - rows.keys()
    unknown = {key for key in rows if key[:2] not in facts.capacity or key[2] not in facts.ids}
    for key in sorted(missing | unknown):
        yield Violation("hub_tables", key, int(key in rows), int(key in worked))
    if len(rows) != len(facts.plan.hubs):
        yield Violation("hub_tables", ("*",), len(facts.plan.hubs), len(rows))
    for key, row in rows.items():
        if key in unknown:
            continue
        if row.capacity and row.capacity not in facts.sizes[key[:2]]:
            yield Violation("known_size", key, row.capacity, 0)
        at = facts.ids.index(key[2])
        number = facts.begun(key[0], at)
        size = facts.size_in(key[:2], number)
        if row.capacity != (size.capacity if size else 0.0):
            yield Violation("hub_tables", key, row.capacity, size.capacity if size else 0.0)
        served = sum(hubs[at] == key[1] for place, hubs in facts.hub.items() if place[0] == key[0])
        yield from compared(
            "hub_tables", key, [(row.quantity, math.fsum(worked.get(key, ()))), (row.facilities, served)]
        )


def _capacity(facts: Facts) -> Iterator[Violation]:
    """Yield hubs that serve without a size, or beyond it, or that do not serve their own facility."""
    problem = facts.problem
    done: dict[tuple[str, str, int, int], list[float]] = defaultdict(list)
    for (name, hub, _, number, period), volume in facts.volumes.items():
        if hub is not None:
            done[name, hub, number, period].append(volume)
    for (name, hub, number, period), volumes in done.items():
        size = facts.size_in((name, hub), number)
        share = problem.spans[name][number].parts[period]
        most = size.capacity * share * problem.periods[period].years if size else 0.0
        place = (name, hub, problem.spans[name][number].name, facts.ids[period])
        if size is None:
            yield Violation("at_work", place, len(volumes), 0)
        elif math.fsum(volumes) > most * (1 + TOLERANCE):
            yield Violation("hub_capacity", place, math.fsum(volumes), most)
    for hub_place in facts.capacity:
        for number in range(1, len(problem.spans[hub_place[0]])):
            own = hub_place in facts.hub and facts.hub_in(hub_place, number) != hub_place[1]
            if own and facts.size_in(hub_place, number) is not None:
                yield Violation("own_hub", (*hub_place, problem.spans[hub_place[0]][number].name), 0, 1)


def _changes(facts: Facts) -> Iterator[Violation]:
    """Yield what goes back to today's way, changes too often or between dates, or is not in the table of changes."""
    problem = facts.problem
    for place, hubs in facts.hub.items():
        for at, period in enumerate(facts.ids):
            if hubs[at] != facts.hub_in(place, facts.begun(place[0], at)):
                yield Violation("changed", (*place, period), 1, 0)
    in_year: dict[tuple[str, str, str], int] = defaultdict(int)
    found = set()
    for name, facility, number, origin, hub in facts.changes:
        span = problem.spans[name][number]
        in_year[name, facility, str(span.year)] += 1
        if hub is None:
            yield Violation("no_return", (name, facility, span.name), 1, 0)
        else:
            found.add((name, facility, span.name, origin, hub, problem.functions[name].migration_cost))
    for year, count in in_year.items():
        if count > problem.policy.max_changes:
            yield Violation("max_changes", year, count, problem.policy.max_changes)
    rows = [
        (row.support_function, row.facility, row.month, row.origin, row.hub, row.cost) for row in facts.plan.migrations
    ]
    if set(rows) != found or len(rows) != len(found):
        yield Violation("changed", ("*",), len(rows), len(found))


def _pins(facts: Facts) -> Iterator[Violation]:
    """Yield the pins that a plan does not keep at the end of a period."""
    for number, pin in enumerate(facts.problem.policy.pins, 1):
        today = float(sum(pin.selects(*place, None) for place in facts.hub))
        for at, period in enumerate(facts.ids):
            if pin.period not in (None, period):
                continue
            count = sum(pin.selects(*place, hubs[at]) for place, hubs in facts.hub.items())
            wanted = today if pin.kind is PinKind.KEEP else pin.value or 0.0
            kept = {PinKind.AT_LEAST: count >= wanted - TOLERANCE, PinKind.AT_MOST: count <= wanted + TOLERANCE}.get(
                pin.kind, abs(count - wanted) <= TOLERANCE
            )
            if not kept:
                yield Violation("pins", (str(number), pin.reason, period), count, wanted)


def _hours(facts: Facts) -> Iterator[Violation]:
    """Yield hours freed and needed that are not those of the volumes."""
    rows = {(row.facility, row.skill, row.period): (row.hours_freed, row.hours_needed) for row in facts.plan.staff}
    hours = {(facility, skill, facts.ids[at]): own for (facility, skill, at), own in facts.hours.items()}
    if rows.keys() != hours.keys() or len(rows) != len(facts.plan.staff):
        yield Violation("hour_tables", ("*",), len(facts.plan.staff), len(hours))
    for key in sorted(rows.keys() & hours.keys()):
        yield from compared("hour_tables", key, zip(rows[key], hours[key], strict=True))


def _spending(facts: Facts) -> Iterator[Violation]:
    """Yield money that is not what the plan costs."""
    rows = {(row.support_function, row.period): row for row in facts.plan.spending}
    names = {name for name, _ in facts.hub}
    expected = {(name, period) for name in names for period in facts.ids}
    if rows.keys() != expected or len(rows) != len(facts.plan.spending):
        yield Violation("cost_tables", ("*",), len(facts.plan.spending), len(expected))
    for name, period in sorted(rows.keys() & expected):
        row, at = rows[name, period], facts.ids.index(period)
        lines = [facts.line(name, at, line) for line in MONEY]
        cost, today = math.fsum(lines), facts.unchanged(name, at)
        said = (*(getattr(row, line) for line in MONEY), row.cost, row.cost_unchanged, row.saving)
        yield from compared("cost_tables", (name, period), zip(said, (*lines, cost, today, today - cost), strict=True))


def compared(rule: str, place: tuple[str, ...], figures: Iterable[tuple[float, float]]) -> Iterator[Violation]:
    """Yield the figures that a plan says and that differ from those found, rounding apart."""
    for said, found in figures:
        if abs(said - found) > TOLERANCE * max(1.0, abs(found)):
            yield Violation(rule, place, said, found)
