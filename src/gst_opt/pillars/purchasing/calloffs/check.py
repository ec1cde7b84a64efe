"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model."""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.purchasing.calloffs.check_facts import Facts, missing
from gst_opt.pillars.purchasing.calloffs.check_stock import stock_violations
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, Reason
from gst_opt.pillars.purchasing.calloffs.policy import TERMS
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.tolerance import TOLERANCE, at_least, at_most, broken_pins, compared


def check(problem: CallOffProblem, plan: CallOffPlan) -> Check:
    """Recompute every rule, every table and every term of a plan of call-offs.

    Rules, by name: ``known_calls``, ``whole_packs``, ``minimum_order``, ``period_capacity``, ``offer_maximum``,
    ``contract_maximum``, ``window``, ``left``, ``met``, ``reason``, ``commitment``, ``contract_minimum``, ``cash``,
    ``call_budget``, ``pins``, ``order_by``, ``paid``, ``orders``, ``payments``, ``from_stock``, ``groups``.
    """
    facts = Facts(problem, plan)
    terms = _terms(facts)
    violations = (
        *_calls(facts),
        *_uses(facts),
        *_needs(facts),
        *_offers(facts),
        *_contracts(facts),
        *_money(facts, terms),
        *_pins(facts),
        *_tables(facts),
        *stock_violations(facts),
    )
    nothing = Facts(problem, plan.replace(calls=(), uses=()))
    return Check(
        violations=violations,
        terms=terms,
        today=dict.fromkeys(TERMS, 0.0) | {name: _terms(nothing)[name] for name in ("commitments", "shortages")},
        constants={"shortages": math.fsum(facts.price(place) * facts.demand[place] for place in facts.out_of_reach)},
    )


def _calls(facts: Facts) -> Iterator[Violation]:
    """Yield lines that cannot be, and those beyond what the offer allows."""
    seen = set()
    for row in facts.plan.calls:
        place = (row.supplier, row.reference, row.received)
        call = facts.offers.get((row.supplier, row.reference))
        possible = call is not None and facts.at.get(row.received) in call.window
        if call is None or not possible or place in seen or row.units <= 0 or row.need != call.need:
            yield Violation("known_calls", place, 0, 1)
        seen.add(place)
    for place, units in facts.received.items():
        call = facts.offers[place[:2]]
        if call.pack is not None and abs(units / call.pack - round(units / call.pack)) > 1e-9 * max(
            1.0, units / call.pack
        ):
            yield Violation("whole_packs", place, units, call.pack)
        least = facts.rows[call.key].min_order
        if not at_least(units, least):
            yield Violation("minimum_order", place, units, least)
        limit = facts.awards[call.key].per_period
        if limit is not None and not at_most(units, limit):
            yield Violation("period_capacity", place, units, limit)


def _uses(facts: Facts) -> Iterator[Violation]:
    """Yield uses out of time or place, uses beyond what is received, and what is said to be left over and is not."""
    used: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for use in facts.plan.uses:
        place = (use.supplier, use.reference, use.received)
        if not facts.usable(use):
            yield Violation("window", (*place, use.period, str(use.group)), use.units, 0)
        used[place].append(use.units)
    for place in sorted(used.keys() | facts.received.keys()):
        units, spent = facts.received.get(place, 0.0), math.fsum(used.get(place, ()))
        if not at_most(spent, units):
            yield Violation("left", place, spent, units)
    for row in facts.plan.calls:
        place = (row.supplier, row.reference, row.received)
        if place in facts.received:
            spent = math.fsum(used.get(place, ()))
            yield from compared("left", place, [(row.left, max(row.units - spent, 0.0))])


def _needs(facts: Facts) -> Iterator[Violation]:
    """Yield needs met twice, and shortages or reasons that are not what the uses say."""
    for place, units in facts.met.items():
        if not at_most(units, facts.demand.get(place, 0.0)):
            yield Violation("met", tuple(map(str, place)), units, facts.demand.get(place, 0.0))
    own: dict[tuple[str, str], list[tuple[str, int, str]]] = defaultdict(list)
    for need, group, period in facts.demand:
        own[need, period].append((need, group, period))
    rows = {(row.need, row.period): row for row in facts.plan.needs}
    if rows.keys() != own.keys() or len(rows) != len(facts.plan.needs):
        yield Violation("met", ("*",), len(facts.plan.needs), len(own))
    for key in sorted(rows.keys() & own.keys()):
        row, places = rows[key], own[key]
        demand = math.fsum(facts.demand[place] for place in places)
        short = math.fsum(facts.short(place) for place in places)
        yield from compared("met", key, [(row.demand, demand), (row.short, short)])
        if row.reason is not _reason(facts, [place for place in places if facts.short(place)]):
            yield Violation("reason", key, 0, 1)


def _reason(facts: Facts, lacking: list[tuple[str, int, str]]) -> Reason | None:
    """Say why units are not met: nobody, not in time, nothing left that could come, or something else."""
    if not lacking:
        return None
    near = [call for call in facts.offers.values() if any(facts.reaches(call, place) for place in lacking)]
    chances = [
        (call, period)
        for call in near
        for period in facts.periods
        if any(facts.reaches(call, place) and facts.in_window(call, period, place[2]) for place in lacking)
    ]
    if not chances:
        return Reason.LEAD_TIME if near else Reason.NO_OFFER
    for call, period in chances:
        award, units = facts.awards[call.key], facts.received.get((*call.key, period), 0.0)
        whole = facts.total(call.key)
        rooms = [(award.per_period, units), (award.most, whole), (award.most, units)]
        if all(limit is None or facts.down(call, limit) * (1 - TOLERANCE) > found for limit, found in rooms):
            return Reason.LIMITED
    return Reason.CAPACITY


def _offers(facts: Facts) -> Iterator[Violation]:
    """Yield offers ordered beyond their most, and those that owe another amount than the plan says."""
    if [(row.supplier, row.reference) for row in facts.plan.offers] != sorted(facts.offers):
        yield Violation("commitment", ("*",), len(facts.plan.offers), len(facts.offers))
    for row in facts.plan.offers:
        key = (row.supplier, row.reference)
        if key not in facts.offers:
            continue
        award, units = facts.awards[key], facts.total(key)
        if award.most is not None and not at_most(units, award.most):
            yield Violation("offer_maximum", key, units, award.most)
        owed = award.price * missing(units, award.least)
        found = [(row.units, units), (row.least, award.least), (row.owed, owed)]
        yield from compared("commitment", key, found)


def _contracts(facts: Facts) -> Iterator[Violation]:
    """Yield framework contracts beyond their maximum, and those that owe another amount than the plan says."""
    rows = {(row.lot, row.supplier): row for row in facts.plan.contracts}
    for contract in facts.problem.contracts:
        place = (contract.lot, contract.supplier)
        value, owed = facts.contract(contract)
        if contract.max_amount is not None and not at_most(value, contract.max_amount):
            yield Violation("contract_maximum", place, value, contract.max_amount)
        row = rows.get(place)
        if row is None:
            yield Violation("contract_minimum", place, 0, 1)
        else:
            found = [(row.value, value), (row.min_amount, contract.min_amount), (row.owed, owed)]
            yield from compared("contract_minimum", place, found)


def _money(facts: Facts, terms: dict[str, float]) -> Iterator[Violation]:
    due = facts.payments()
    for limit in facts.policy.cash_limits:
        if not at_most(due[limit.period], limit.mad):
            yield Violation("cash", (limit.period,), due[limit.period], limit.mad)
    spent = math.fsum(mad for name, mad in terms.items() if name != "shortages")
    if facts.policy.budget is not None and not at_most(spent, facts.policy.budget):
        yield Violation("call_budget", ("*",), spent, facts.policy.budget)
    found = {row.period: row.mad for row in facts.plan.payments}
    if found.keys() != due.keys():
        yield Violation("payments", ("*",), len(found), len(due))
    for period in sorted(found.keys() & due.keys()):
        yield from compared("payments", (period,), [(found[period], due[period])])


def _pins(facts: Facts) -> Iterator[Violation]:
    return broken_pins(
        (
            pin,
            math.fsum(
                units * facts.awards[place[:2]].price
                for place, units in facts.received.items()
                if pin.selects((*place[:2], facts.offers[place[:2]].need, facts.offers[place[:2]].lot, place[2]))
            ),
        )
        for pin in facts.policy.pins
    )


def _tables(facts: Facts) -> Iterator[Violation]:
    """Yield days, prices, orders and groups that the data do not give."""
    own: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in facts.plan.calls:
        place = (row.supplier, row.reference, row.received)
        if place not in facts.received:
            continue
        paid = row.units * facts.awards[place[:2]].price
        own[row.supplier, row.received].append(paid)
        if (row.order_by, row.due) != facts.days(place):
            yield Violation("order_by", place, 0, 1)
        yield from compared("paid", place, [(row.paid, paid)])
    found = {(row.supplier, row.received): row for row in facts.plan.orders}
    if found.keys() != own.keys() or len(found) != len(facts.plan.orders):
        yield Violation("orders", ("*",), len(facts.plan.orders), len(own))
    for key in sorted(found.keys() & own.keys()):
        figures = [(float(found[key].lines), float(len(own[key]))), (found[key].paid, math.fsum(own[key]))]
        yield from compared("orders", key, figures)
    members = {(row.group, row.facility) for row in facts.plan.groups}
    wanted = {(group, one) for group, own_members in facts.problem.wanted.members.items() for one in own_members}
    if members != wanted:
        yield Violation("groups", ("*",), len(members), len(wanted))


def _terms(facts: Facts) -> dict[str, float]:
    """Recompute every term."""
    rate = facts.policy.holding_rate
    stock, delivered = [], []
    for use in facts.plan.uses:
        if facts.usable(use):
            call = facts.offers[use.supplier, use.reference]
            kept = facts.years(use.received, use.period)
            stock.append(rate * facts.awards[call.key].price * use.units * kept)
            delivered.append(use.units * call.volume * facts.way(call, (call.need, use.group, use.period)))
    for place, units in facts.left().items():
        kept = facts.years(place[2], None)
        stock.append(rate * facts.awards[place[:2]].price * units * kept)
    owed = [
        facts.awards[key].price * missing(facts.total(key), facts.awards[key].least) for key in sorted(facts.offers)
    ]
    owed += [facts.contract(contract)[1] for contract in facts.problem.contracts]
    return {
        "supplies": math.fsum(units * facts.awards[place[:2]].price for place, units in facts.received.items()),
        "deliveries": math.fsum(delivered),
        "orders": facts.policy.order_cost * len({(place[0], place[2]) for place in facts.received}),
        "order_lines": facts.policy.line_cost * len(facts.received),
        "stock": math.fsum(stock),
        "commitments": math.fsum(owed),
        "shortages": math.fsum(facts.price(place) * facts.short(place) for place in facts.in_reach),
    }
