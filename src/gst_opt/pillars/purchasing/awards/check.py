"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model."""

import math
from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.purchasing.awards.check_facts import Facts, Key
from gst_opt.pillars.purchasing.awards.check_payments import payment_violations
from gst_opt.pillars.purchasing.awards.check_tables import prices_today, table_violations
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.policy import TERMS
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.tolerance import TOLERANCE, at_least, at_most, broken_pins, compared, reaches


def check(problem: AwardProblem, plan: AwardPlan) -> Check:
    """Recompute every rule, every table and every term of a plan of awards.

    Rules, by name: ``known_orders``, ``offer_capacity``, ``minimum_order``, ``whole_packs``, ``no_surplus``, ``split``,
    ``awards_per_lot``, ``reserved``, ``reserve``, ``contract_minimum``, ``contract_maximum``, ``max_references``,
    ``max_share``, ``sources``, ``max_supplier_share``, ``tender_budget``, ``cash``, ``payments``, ``pins``,
    ``order_value``, ``threshold``, ``paid``, ``awards``, ``lots``, ``references``, ``needs``, ``met``, ``reason``,
    ``saving``, ``groups``.
    """
    facts = Facts(problem, plan)
    terms = _terms(facts)
    violations = (
        *_orders(facts),
        *_deliveries(facts),
        *_lots(facts),
        *_needs(facts),
        *_limits(facts, terms),
        *_pins(facts),
        *payment_violations(facts),
        *table_violations(facts),
    )
    shortages = [(cell, problem.shortage_prices[cell.need] * cell.units) for cell in problem.cells]
    return Check(
        violations=violations,
        terms=terms,
        today=_today(facts),
        constants={"shortages": math.fsum(mad for cell, mad in shortages if not cell.suppliers)},
    )


def _today(facts: Facts) -> dict[str, float]:
    """Return every term today: what is needed is bought at today's prices; where none is known nothing is counted."""
    prices, reached = prices_today(facts), [cell for cell in facts.problem.cells if cell.suppliers]
    needs = {cell.need for cell in reached}
    kept = [facts.references[one] for one in facts.problem.in_use if facts.references[one].need in needs]
    return dict.fromkeys(TERMS, 0.0) | {
        "supplies": math.fsum(prices.get(cell.need, 0.0) * cell.units for cell in reached),
        "kept_references": math.fsum(one.keeping_cost for one in kept),
    }


def _orders(facts: Facts) -> Iterator[Violation]:
    """Yield orders that are not on offer, and those beyond what the offer allows."""
    seen: set[Key] = set()
    for order in facts.plan.orders:
        key = (order.supplier, order.reference)
        bid = facts.bids.get(key)
        if bid is None or key in seen or order.units <= 0 or (order.need, order.lot) != (bid.need, bid.lot):
            yield Violation("known_orders", key, 0, 1)
        seen.add(key)
    for key, units in facts.units.items():
        bid = facts.bids[key]
        if not at_most(units, bid.most):
            yield Violation("offer_capacity", key, units, bid.most)
        if not at_least(units, bid.offer.min_order):
            yield Violation("minimum_order", key, units, bid.offer.min_order)
        if bid.offer.pack is not None:
            packs = units / bid.offer.pack
            if abs(packs - round(packs)) > 1e-9 * max(1.0, packs):
                yield Violation("whole_packs", key, units, bid.offer.pack)


def _deliveries(facts: Facts) -> Iterator[Violation]:
    """Yield orders that are not delivered in full, and deliveries to who cannot be reached or has no need."""
    groups = {(cell.need, cell.group): cell for cell in facts.problem.cells}
    sent: dict[Key, list[float]] = {}
    for one in facts.plan.deliveries:
        key = (one.supplier, one.reference)
        cell = groups.get((facts.bids[key].need, one.group)) if key in facts.bids else None
        if cell is None or one.supplier not in cell.suppliers:
            yield Violation("split", (*key, str(one.group)), one.units, 0)
        sent.setdefault(key, []).append(one.units)
    for key in sorted(facts.units.keys() | sent.keys()):
        yield from compared("split", key, [(math.fsum(sent.get(key, ())), facts.units.get(key, 0.0))])


def _lots(facts: Facts) -> Iterator[Violation]:
    """Yield lots with too many suppliers, with one that is not a small firm, or with contracts out of bounds."""
    held = {one.lot for one in facts.plan.lots if one.reserved}
    for lot, keys in sorted(facts.by("lot").items()):
        row = facts.problem.lots[lot]
        own: dict[str, list[float]] = {}
        for key in keys:
            own.setdefault(key[0], []).append(facts.values[key])
        if len(own) > row.max_awards:
            yield Violation("awards_per_lot", (lot,), len(own), row.max_awards)
        for supplier, values in sorted(own.items()):
            value = math.fsum(values)
            if lot in held and not facts.problem.suppliers[supplier].small_firm:
                yield Violation("reserved", (lot, supplier), 1, 0)
            if not at_least(value, row.min_amount):
                yield Violation("contract_minimum", (lot, supplier), value, row.min_amount)
            if row.max_amount is not None and not at_most(value, row.max_amount):
                yield Violation("contract_maximum", (lot, supplier), value, row.max_amount)
    offered = {bid.lot for bid in facts.bids.values()}
    forecast = {lot.id: lot.forecast for lot in facts.problem.tenders.lots if lot.id in offered}
    kept = math.fsum(amount for lot, amount in forecast.items() if lot in held)
    least = facts.policy.small_firm_share * math.fsum(forecast.values())
    if not at_least(kept, least):
        yield Violation("reserve", ("*",), kept, least)
    for one in facts.problem.tenders.lots:
        if one.reserved and one.id in offered and one.id not in held:
            yield Violation("reserve", (one.id,), 0, 1)


def _needs(facts: Facts) -> Iterator[Violation]:
    """Yield needs bought beyond what they may be, from too few suppliers, too much from one, in too many references."""
    bidders: dict[str, dict[str, float]] = {}
    steps: dict[str, list[float]] = {}
    for (supplier, _), bid in facts.bids.items():
        own = bidders.setdefault(bid.need, {})
        own[supplier] = own.get(supplier, 0.0) + bid.most * bid.factor
        steps.setdefault(bid.need, []).append(max(bid.least, bid.offer.pack or 0.0) * bid.factor)
    orders = facts.by("need")
    for need, keys in orders.items():
        demand, bought = facts.problem.demand[need], math.fsum(facts.met(key) for key in keys)
        most = demand * (1 + facts.policy.surplus) + max(steps[need])
        if not at_most(bought, most):
            yield Violation("no_surplus", (need,), bought, most)
    for need, rule in sorted(facts.problem.rules.items()):
        demand, keys = facts.problem.demand[need], orders.get(need, [])
        references = {key[1] for key in keys}
        if rule.max_references is not None and len(references) > rule.max_references:
            yield Violation("max_references", (need,), len(references), rule.max_references)
        sold: dict[str, float] = {}
        for key in keys:
            sold[key[0]] = sold.get(key[0], 0.0) + facts.met(key)
        able = [one for one, most in bidders.get(need, {}).items() if reaches(most / demand, rule.source_share)]
        least = min(rule.min_sources, len(able)) if rule.min_sources > 1 else 0
        found = sum(at_least(units / demand, rule.source_share) for units in sold.values())
        if found < least:
            yield Violation("sources", (need,), found, least)
        share = max(rule.max_share, 1 / len(bidders[need])) if need in bidders else 1.0
        for supplier, units in sorted(sold.items()):
            if not at_most(units / demand, share * math.fsum(sold.values()) / demand):
                yield Violation("max_share", (need, supplier), units, share * math.fsum(sold.values()))


def _limits(facts: Facts, terms: dict[str, float]) -> Iterator[Violation]:
    total, most = math.fsum(facts.values.values()), facts.policy.max_supplier_share
    for supplier, keys in sorted(facts.by("supplier").items()):
        value = math.fsum(facts.values[key] for key in keys)
        if not at_most(value, most * total):
            yield Violation("max_supplier_share", (supplier,), value, most * total)
    spent = math.fsum(mad for name, mad in terms.items() if name not in ("shortages", "preference"))
    if facts.policy.budget is not None and not at_most(spent, facts.policy.budget):
        yield Violation("tender_budget", ("*",), spent, facts.policy.budget)


def _pins(facts: Facts) -> Iterator[Violation]:
    return broken_pins(
        (
            pin,
            math.fsum(
                value
                for key, value in facts.values.items()
                if pin.selects(*key, facts.bids[key].need, facts.bids[key].lot)
            ),
        )
        for pin in facts.policy.pins
    )


def _terms(facts: Facts) -> dict[str, float]:
    """Recompute every term."""
    problem, routes, paid = facts.problem, facts.problem.routes, facts.paid()
    suppliers = {key[0] for key in facts.orders}
    used = {key[1] for key in facts.orders}
    cells = {(cell.need, cell.group): cell for cell in problem.cells}
    delivered: list[float] = []
    received: dict[tuple[str, int], list[float]] = {}
    for one in facts.plan.deliveries:
        bid = facts.bids.get((one.supplier, one.reference))
        cell = cells.get((bid.need, one.group)) if bid else None
        if bid and cell and (one.supplier, one.group) in routes.beyond:
            way = cell.base + routes.beyond[one.supplier, one.group]
            delivered.append(one.units * bid.volume * way)
            received.setdefault((bid.need, one.group), []).append(one.units * bid.factor)
    short = [
        problem.shortage_prices[cell.need] * missing
        for place, cell in cells.items()
        if cell.suppliers and (missing := cell.units - math.fsum(received.get(place, ()))) > TOLERANCE * cell.units
    ]
    foreign = (mad for key, mad in paid.items() if not problem.suppliers[key[0]].resident)
    return {
        "supplies": math.fsum(paid.values()),
        "supplier_contracts": math.fsum(problem.suppliers[one].contract_cost for one in suppliers),
        "deliveries": math.fsum(delivered),
        "kept_references": math.fsum(facts.references[one].keeping_cost for one in used),
        "new_references": math.fsum(facts.references[one].switching_cost for one in used - problem.in_use),
        "shortages": math.fsum(short),
        "preference": facts.policy.preference * math.fsum(foreign),
    }
