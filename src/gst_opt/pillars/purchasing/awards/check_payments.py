"""Payments of a plan recomputed, with the dates of the calendar and the delays of suppliers."""

import math
from collections.abc import Iterator
from datetime import timedelta

from gst_opt.model.problem import Violation
from gst_opt.pillars.purchasing.awards.check_facts import Facts
from gst_opt.pillars.purchasing.tolerance import at_most, compared, reaches


def payment_violations(facts: Facts) -> Iterator[Violation]:
    """Yield periods where more falls due than there is money for, or something else than the plan says."""
    due = _due(facts)
    for limit in facts.policy.cash_limits:
        if not at_most(due[limit.period], limit.mad):
            yield Violation("cash", (limit.period,), due[limit.period], limit.mad)
    found = {row.period: row.mad for row in facts.plan.payments}
    if found.keys() != due.keys() or len(found) != len(facts.plan.payments):
        yield Violation("payments", ("*",), len(facts.plan.payments), len(due))
    for period in sorted(found.keys() & due.keys()):
        yield from compared("payments", (period,), [(found[period], due[period])])


def _due(facts: Facts) -> dict[str, float]:
    """Return what falls due in every period.

    An order is received in each period as its need is required, and paid at list price less the rebates of its tiers.
    What an incremental rebate gives less than that is paid with what its supplier delivers, by the length of periods.
    """
    calendar = facts.problem.horizon.periods
    parts: dict[str, list[float]] = {period.id: [] for period in calendar}
    units: dict[str, dict[str, float]] = {}
    for (need, _), periods in facts.problem.required.items():
        for name, amount in periods.items():
            units.setdefault(need, {})[name] = units.get(need, {}).get(name, 0.0) + amount
    years = {period.id: period.years for period in calendar if any(period.id in own for own in units.values())}
    less: dict[tuple[str, str], float] = dict.fromkeys(facts.values, 0.0)
    amounts: list[tuple[str, float, dict[str, float]]] = []
    for schedule in facts.problem.tenders.discount_schedules:
        own = facts.covered(schedule)
        reached = [one.rebate for one in facts.tiers[schedule.id] if reaches(facts.measured(schedule), one.threshold)]
        if own and reached:
            for key in own:
                less[key] += reached[-1]
            full = reached[-1] * math.fsum(facts.values[key] for key in own)
            amounts.append((schedule.supplier, full - facts.saved(schedule), years))
    for key, value in facts.values.items():
        amounts.append((key[0], value * (1 - less[key]), units[facts.bids[key].need]))
    for supplier, amount, weights in amounts:
        delay = timedelta(days=math.ceil(facts.problem.suppliers[supplier].payment_delay))
        for received in calendar:
            day = received.start + delay
            for period in calendar:
                if period.start <= day <= period.end:
                    part = weights.get(received.id, 0.0) / math.fsum(weights.values())
                    parts[period.id].append(amount * part)
    return {period: math.fsum(own) for period, own in parts.items()}
