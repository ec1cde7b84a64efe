"""Rules over the whole calendar: awarded quantities, framework contracts, money, pins."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats
from gst_opt.pillars.purchasing.calloffs.index import Index, floats
from gst_opt.pillars.purchasing.calloffs.money import PAID, amounts, received
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.scaled import scaled_rows

Block = Any


def offer_maximum(block: Block, problem: CallOffProblem) -> None:
    """No more is ordered of an offer than was awarded at most.

    ::

        sum_s q_jrs <= most_jr    for every awarded offer (j, r) with a limit

    where q are the units received. Source: the award.
    """
    sets: Index = block.index
    most = sets.each("most")
    reach = np.bincount(sets.call, weights=sets.largest + sets.leeway, minlength=len(sets.calls))
    calls = np.flatnonzero(reach > most)
    _totals(block, "offer_maximum", calls, most, upper=1.0)


def commitment(block: Block, problem: CallOffProblem) -> None:
    """What was awarded at least is ordered, or owed all the same.

    ::

        sum_s q_jrs + least_jr o_jr >= least_jr    for every awarded offer (j, r) with a least quantity

    where o is the share owed. Source: take or pay (Sadrian and Yoon, 1994): rebates were given for a volume.
    """
    sets: Index = block.index
    every = np.arange(len(sets.committed))
    owed = Entries(block.owed, every, every)
    _totals(block, "commitment", sets.committed, sets.each("least"), owed, lower=1.0)


def _totals(
    block: Block, name: str, calls: Any, side: Floats, *more: Entries, lower: float = -np.inf, upper: float = np.inf
) -> None:
    """Add a row for each of some calls: what is received of it, counted in the side."""
    sets: Index = block.index
    row = np.full(len(sets.calls), -1, dtype=np.intp)
    row[calls] = np.arange(len(calls))
    pairs, loose = np.flatnonzero(row[sets.of_call] >= 0), np.flatnonzero(row[sets.call[sets.loose]] >= 0)
    left = sets.loose[loose]
    counted = sets.units[pairs] / side[sets.of_call[pairs]]
    seen = counted >= 1e-9
    entries = [
        Entries(block.share, row[sets.of_call[pairs[seen]]], pairs[seen], counted[seen]),
        Entries(block.left, row[sets.call[left]], loose, sets.leeway[left] / side[sets.call[left]]),
        *more,
    ]
    keys = [sets.calls[n].key for n in calls.tolist()]
    linear.rows(block, name, keys, entries, lower=lower, upper=upper)


def contract_minimum(block: Block, problem: CallOffProblem) -> None:
    """A framework contract orders its minimum at list prices, or owes what is missing beyond what its offers owe.

    ::

        sum_(r,s) p_jr q_jrs + sum_r c_jr least_jr o_jr + min_lj m_lj >= min_lj    for every contract with a minimum

    where p are list prices, c prices paid, m is the share missing. Source: framework contracts, minimum and maximum.
    """
    sets: Index = block.index
    least = {(one.lot, one.supplier): one.min_amount for one in problem.contracts}
    for_least = sets.price * sets.each("least")
    entries = _by_contract(block, sets.contracts)
    for row, contract in enumerate(sets.contracts):
        own = np.flatnonzero(np.isin(sets.committed, sets.of_contract(*contract)))
        entries.append(Entries(block.owed, row, own, for_least[sets.committed[own]]))
    side = floats(least[one] for one in sets.contracts)
    entries.append(Entries(block.missing, np.arange(len(side)), np.arange(len(side)), side))
    scaled_rows(block, "contract_minimum", sets.contracts, entries, lower=side)


def contract_maximum(block: Block, problem: CallOffProblem) -> None:
    """A framework contract orders no more than its maximum at list prices.

    ::

        sum_(r,s) p_jr q_jrs <= max_lj    for every contract with a maximum

    Source: framework contracts, minimum and maximum.
    """
    most = {(one.lot, one.supplier): one.max_amount for one in problem.contracts if one.max_amount is not None}
    scaled_rows(block, "contract_maximum", list(most), _by_contract(block, list(most)), upper=floats(most.values()))


def _by_contract(block: Block, contracts: Sequence[tuple[str, str]]) -> list[Entries]:
    """Return the value of what is received at list prices, one row a contract."""
    sets: Index = block.index
    prices = sets.each("list_price")[sets.call]
    found = []
    for row, contract in enumerate(contracts):
        slots = np.flatnonzero(np.isin(sets.call, sets.of_contract(*contract)))
        found += [_in_row(entry, row) for entry in received(block, prices, slots)]
    return found


def _in_row(entry: Entries, row: int) -> Entries:
    return Entries(entry.variable, row, entry.columns, entry.coefficients)


def cash(block: Block, problem: CallOffProblem) -> None:
    """Payments to suppliers that fall due in a period stay within its money.

    ::

        sum_(j,r,s): due(j,s) = t  c_jr q_jrs <= cash_t    for every period t with a limit

    where c are prices paid, due a supplier's payment delay after receipt. Source: the grouping's treasury.
    """
    sets: Index = block.index
    at = {period: position for position, period in enumerate(sets.periods)}
    limits = problem.policy.cash_limits
    entries = [
        _in_row(entry, row)
        for row, limit in enumerate(limits)
        for entry in received(block, sets.price[sets.call], np.flatnonzero(sets.due == at[limit.period]))
    ]
    scaled_rows(block, "cash", [one.period for one in limits], entries, upper=floats(one.mad for one in limits))


def call_budget(block: Block, problem: CallOffProblem) -> None:
    """What is paid stays within the budget.

    ::

        supplies + deliveries + orders + order_lines + stock + commitments <= budget

    Source: the grouping's budget.
    """
    if problem.policy.budget is not None:
        parts = amounts(block)
        entries = [entry for name in PAID for entry in parts[name].entries]
        scaled_rows(block, "call_budget", ["*"], entries, upper=problem.policy.budget)


def pins(block: Block, problem: CallOffProblem) -> None:
    """Decisions already taken about what is received, at the prices paid, hold.

    ::

        low_p <= sum of c_jr q_jrs over the receipts that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nothing is ordered, so "keep" means nothing.
    """
    sets: Index = block.index
    own = problem.policy.pins
    entries = []
    for row, pin in enumerate(own):
        chosen = [
            number
            for number, ((supplier, reference, period), call) in enumerate(
                zip(sets.keys, sets.call.tolist(), strict=True)
            )
            if pin.selects((supplier, reference, sets.calls[call].need, sets.calls[call].lot, period))
        ]
        slots = np.array(chosen, dtype=np.intp)
        entries += [_in_row(entry, row) for entry in received(block, sets.price[sets.call], slots)]
    if own:
        low, high = (np.array(side) for side in zip(*(pin.sides(today=0.0) for pin in own), strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(own, 1)]
        scaled_rows(block, "pins", keys, entries, lower=low, upper=high)
