"""The tables of a plan recomputed: values, rebates, awards, lots, references, needs, groups."""

import math
from collections.abc import Iterator

from gst_opt.model.problem import Violation
from gst_opt.pillars.purchasing.awards.cells import Cell
from gst_opt.pillars.purchasing.awards.check_facts import Facts, Key
from gst_opt.pillars.purchasing.awards.plan import Reason
from gst_opt.pillars.purchasing.tolerance import TOLERANCE, compared, reaches


def table_violations(facts: Facts) -> Iterator[Violation]:
    """Yield every figure of a table that is not what the orders make of it."""
    paid = facts.paid()
    for key, order in facts.orders.items():
        yield from compared("order_value", key, [(order.value, facts.values[key])])
        yield from compared("paid", key, [(order.paid, paid[key])])
    yield from _tiers(facts)
    yield from _awards(facts, paid)
    yield from _references(facts)
    yield from _needs(facts, paid)
    groups = {one.facility: one.group for one in facts.plan.groups}
    if groups != facts.problem.routes.group or len(groups) != len(facts.plan.groups):
        yield Violation("groups", ("*",), len(facts.plan.groups), len(facts.problem.routes.group))


def _tiers(facts: Facts) -> Iterator[Violation]:
    """Yield discounts whose tier, rebate or distance to the next tier is not what the orders reach."""
    listed = {one.schedule: one for one in facts.plan.tiers}
    schedules = facts.problem.tenders.discount_schedules
    expected = {one.id: one for one in schedules if facts.tiers[one.id] and facts.covered(one)}
    if listed.keys() != expected.keys() or len(listed) != len(facts.plan.tiers):
        yield Violation("threshold", ("*",), len(facts.plan.tiers), len(expected))
    for name in sorted(listed.keys() & expected.keys()):
        one, schedule = listed[name], expected[name]
        measured, tiers = facts.measured(schedule), facts.tiers[name]
        reached = [tier for tier in tiers if reaches(measured, tier.threshold)]
        following = tiers[len(reached)] if len(reached) < len(tiers) else None
        value = math.fsum(facts.values[key] for key in facts.covered(schedule))
        yield from compared(
            "threshold",
            (name,),
            [
                (one.measured, measured),
                (one.value, value),
                (one.rebate, reached[-1].rebate if reached else 0.0),
                (one.saved, facts.saved(schedule)),
                (one.next_rebate, following.rebate if following else None),
                (one.to_next, following.threshold - measured if following else None),
            ],
        )
        if one.supplier != schedule.supplier:
            yield Violation("threshold", (name, one.supplier), 0, 1)


def _awards(facts: Facts, paid: dict[Key, float]) -> Iterator[Violation]:
    """Yield awards and lots that the orders do not make."""
    sums: dict[Key, list[Key]] = {}
    for lot, keys in facts.by("lot").items():
        for key in keys:
            sums.setdefault((lot, key[0]), []).append(key)
    listed = {(one.lot, one.supplier): one for one in facts.plan.awards}
    if listed.keys() != sums.keys() or len(listed) != len(facts.plan.awards):
        yield Violation("awards", ("*",), len(facts.plan.awards), len(sums))
    for place in sorted(listed.keys() & sums.keys()):
        value = math.fsum(facts.values[key] for key in sums[place])
        spent = math.fsum(paid[key] for key in sums[place])
        yield from compared("awards", place, [(listed[place].value, value), (listed[place].paid, spent)])
    lots = {one.lot: one for one in facts.plan.lots}
    if lots.keys() != facts.problem.lots.keys() or len(lots) != len(facts.plan.lots):
        yield Violation("lots", ("*",), len(facts.plan.lots), len(facts.problem.lots))
    for name in sorted(lots.keys() & facts.problem.lots.keys()):
        awards = sum(lot == name for lot, _ in sums)
        forecast = facts.problem.lots[name].forecast
        yield from compared("lots", (name,), [(lots[name].awards, awards), (lots[name].forecast, forecast)])


def _references(facts: Facts) -> Iterator[Violation]:
    """Yield references whose shares or costs are not those of the orders."""
    total = {need: math.fsum(facts.met(key) for key in keys) for need, keys in facts.by("need").items()}
    met: dict[Key, list[float]] = {}
    for key in facts.orders:
        met.setdefault((facts.bids[key].need, key[1]), []).append(facts.met(key))
    listed = {(one.need, one.reference): one for one in facts.plan.references}
    if listed.keys() != met.keys() or len(listed) != len(facts.plan.references):
        yield Violation("references", ("*",), len(facts.plan.references), len(met))
    for place in sorted(listed.keys() & met.keys()):
        one, known = listed[place], facts.references[place[1]]
        in_use = place[1] in facts.problem.in_use
        yield from compared(
            "references",
            place,
            [
                (one.in_use, in_use),
                (one.share, math.fsum(met[place]) / total[place[0]]),
                (one.keeping, known.keeping_cost),
                (one.switching, 0.0 if in_use else known.switching_cost),
            ],
        )


def _needs(facts: Facts, paid: dict[Key, float]) -> Iterator[Violation]:
    """Yield needs whose figures, reason or saving do not follow from orders and deliveries."""
    listed = [one.need for one in facts.plan.needs]
    if listed != sorted(facts.problem.demand):
        yield Violation("needs", ("*",), len(listed), len(facts.problem.demand))
        return
    received: dict[tuple[str, int], list[float]] = {}
    for one in facts.plan.deliveries:
        bid = facts.bids.get((one.supplier, one.reference))
        if bid is not None:
            received.setdefault((bid.need, one.group), []).append(one.units * bid.factor)
    missing: dict[str, list[tuple[Cell, float]]] = {}
    for cell in facts.problem.cells:
        short = cell.units - math.fsum(received.get((cell.need, cell.group), ()))
        missing.setdefault(cell.need, []).append((cell, short if short > TOLERANCE * cell.units else 0.0))
    bidding: dict[str, list[Key]] = {need: [] for need in facts.problem.demand}
    for key, bid in facts.bids.items():
        bidding[bid.need].append(key)
    category = {need.id: need.category for need in facts.problem.catalogue.needs}
    by_need, today = facts.by("need"), prices_today(facts)
    for need in facts.plan.needs:
        keys, place = by_need.get(need.need, []), (need.need,)
        if need.category is not category[need.need]:
            yield Violation("needs", place, 0, 1)
        short = math.fsum(units for _, units in missing[need.need])
        spent, bought = math.fsum(paid[key] for key in keys), math.fsum(facts.met(key) for key in keys)
        demand = facts.problem.demand[need.need]
        yield from compared("needs", place, [(need.demand, demand), (need.bought, bought), (need.paid, spent)])
        yield from compared("needs", place, [(need.price, spent / bought if bought else None)])
        yield from compared("met", place, [(need.short, short)])
        if need.reason is not _reason(facts, bidding[need.need], missing[need.need]):
            yield Violation("reason", place, 0, 1)
        price = today.get(need.need)
        saving = None if price is None else price * (demand - short) - spent
        yield from compared("saving", place, [(need.price_today, price), (need.saving, saving)])


def _reason(facts: Facts, own: list[Key], missing: list[tuple[Cell, float]]) -> Reason | None:
    """Say why units are not met: nobody to sell or deliver them, nothing left on offer, or something else."""
    if not any(short for _, short in missing):
        return None
    if all(not short for cell, short in missing if cell.suppliers):
        return Reason.NO_OFFER
    used_up = all(facts.units.get(key, 0.0) >= facts.bids[key].most * (1 - TOLERANCE) for key in own)
    return Reason.CAPACITY if used_up else Reason.LIMITED


def prices_today(facts: Facts) -> dict[str, float]:
    """Return the price of a unit of each need today: references in use, by their shares."""
    prices: dict[str, list[tuple[float, float]]] = {}
    for row in facts.problem.catalogue.today_purchases:
        reference = facts.references[row.reference]
        prices.setdefault(reference.need, []).append((row.share, row.price / reference.factor))
    return {
        need: math.fsum(share * price for share, price in own) / math.fsum(share for share, _ in own)
        for need, own in prices.items()
    }
