"""Rules of the tender: lots, reserves, contracts, references, shares, budget, pins."""

from dataclasses import replace
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Positions
from gst_opt.pillars.purchasing.awards.index import Index, floats, positions
from gst_opt.pillars.purchasing.awards.money import PAID, amounts
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.scaled import scaled_rows

Block = Any


def lot_award(block: Block, problem: AwardProblem) -> None:
    """In a lot nothing is bought from a supplier that it is not awarded to.

    ::

        x_jr <= most_jr w_lj    for every bid (j, r) for a need of lot l that no schedule on the lot is for

    Such a schedule has no tier without the award. Source: decree 2-22-431: a contract is awarded by lot.
    """
    sets: Index = block.index
    free = np.flatnonzero(~np.isin(sets.in_lots, sets.gated("award")))
    _gate(block, "lot_award", sets.in_lots[free], block.award, sets.contract_of[free])


def awards_per_lot(block: Block, problem: AwardProblem) -> None:
    """A lot is awarded to no more suppliers than it may be.

    ::

        sum_j w_lj <= max_awards_l    for every lot l

    Source: the tender's rules, single or several awards.
    """
    sets: Index = block.index
    rows = positions(sets.lots, (lot for lot, _ in sets.contracts))
    most = floats(problem.lots[lot].max_awards for lot in sets.lots)
    linear.rows(block, "awards_per_lot", sets.lots, [Entries(block.award, rows, np.arange(len(rows)))], upper=most)


def reserved(block: Block, problem: AwardProblem) -> None:
    """A lot reserved to small firms goes to none that is not.

    ::

        w_lj + R_l <= 1    for every lot l and supplier j that is not a small firm

    Source: decree 2-22-431, lots reserved to small and medium firms.
    """
    sets: Index = block.index
    others = [n for n, (_, supplier) in enumerate(sets.contracts) if not problem.suppliers[supplier].small_firm]
    keys = [sets.contracts[n] for n in others]
    entries = [
        Entries(block.award, np.arange(len(others)), others),
        Entries(block.held, np.arange(len(others)), positions(sets.lots, (lot for lot, _ in keys))),
    ]
    linear.rows(block, "reserved", keys, entries, upper=1.0)


def reserved_needs(block: Block, problem: AwardProblem) -> None:
    """Of the needs of a lot reserved to small firms nothing is bought from all others together.

    ::

        sum_(j,r) x_jr <= most_i (1 - R_l)    for every lot l, need i of it, suppliers j that are not small firms

    where most_i is what they can sell, or may. It only tightens the relaxation: a lot that is reserved in part goes to
    them in part. Source: decree 2-22-431, lots reserved to small and medium firms.
    """
    sets: Index = block.index
    others = [n for n in sets.in_lots.tolist() if not problem.suppliers[sets.keys[n][0]].small_firm]
    needs, row = np.unique(sets.need[others], return_inverse=True)
    most = np.minimum(np.bincount(row, sets.most[others], len(needs)), 1 + sets.over[needs])
    of_need = {bid.need: bid.lot for bid in sets.bids}
    keys = [sets.needs[need] for need in needs.tolist()]
    held = positions(sets.lots, (of_need[need] or "" for need in keys))
    entries = [Entries(block.share, row, others), Entries(block.held, np.arange(len(needs)), held, most)]
    linear.rows(block, "reserved_needs", keys, entries, upper=most)


def reserve(block: Block, problem: AwardProblem) -> None:
    """A share of the forecast amounts is reserved to small firms.

    ::

        sum_l forecast_l R_l >= small_firm_share sum_l forecast_l

    Source: decree 2-22-431: 30 % of the forecast amount of the year; an input of the policy.
    """
    sets: Index = block.index
    amount = floats(problem.lots[lot].forecast for lot in sets.lots)
    if amount.any() and problem.policy.small_firm_share > 0:
        every = np.flatnonzero(amount)
        entries = [Entries(block.held, 0, every, amount[every])]
        scaled_rows(block, "reserve", ["*"], entries, lower=problem.policy.small_firm_share * float(amount.sum()))


def contract_minimum(block: Block, problem: AwardProblem) -> None:
    """Each contract of a lot orders at least its minimum, at list prices.

    ::

        sum_r v_jr x_jr >= min_amount_l w_lj    for every lot l with a minimum and supplier j

    where v is the value of the whole need. Source: framework contracts, minimum and maximum.
    """
    least = {lot.id: lot.min_amount for lot in problem.tenders.lots if lot.min_amount > 0}
    _contract_amount(block, "contract_minimum", least, lower=0.0, upper=np.inf)


def contract_maximum(block: Block, problem: AwardProblem) -> None:
    """Each contract of a lot orders at most its maximum, at list prices.

    ::

        sum_r v_jr x_jr <= max_amount_l w_lj    for every lot l with a maximum and supplier j

    Source: framework contracts, minimum and maximum.
    """
    most = {lot.id: lot.max_amount for lot in problem.tenders.lots if lot.max_amount is not None}
    _contract_amount(block, "contract_maximum", most, lower=-np.inf, upper=0.0)


def _contract_amount(block: Block, name: str, amount: dict[str, float], *, lower: float, upper: float) -> None:
    sets: Index = block.index
    chosen = [n for n, (lot, _) in enumerate(sets.contracts) if lot in amount]
    row = np.full(len(sets.contracts), -1, dtype=np.intp)
    row[chosen] = np.arange(len(chosen))
    own = np.flatnonzero(row[sets.contract_of] >= 0)
    bids = sets.in_lots[own]
    keys = [sets.contracts[n] for n in chosen]
    asked = floats(amount[lot] for lot, _ in keys)
    entries = [
        Entries(block.share, row[sets.contract_of[own]], bids, sets.value[bids]),
        Entries(block.award, np.arange(len(chosen)), chosen, -asked),
    ]
    family = scaled_rows(block, name, keys, entries, lower=lower, upper=upper)
    family.reading = replace(family.reading, constant=asked)


def contract(block: Block, problem: AwardProblem) -> None:
    """Nothing is bought from a supplier without a contract, where a contract has a cost.

    ::

        x_jr <= most_jr a_j    for every bid (j, r) of a supplier with a contract cost and no schedule on all it sells

    Such a schedule has no tier without the contract. Source: cost of preparing and following a contract.
    """
    sets: Index = block.index
    at = {supplier: n for n, supplier in enumerate(sets.signed)}
    held = set(sets.gated("signed").tolist())
    bids = np.array([n for n, key in enumerate(sets.keys) if key[0] in at and n not in held], dtype=np.intp)
    _gate(block, "contract", bids, block.signed, np.array([at[sets.keys[n][0]] for n in bids.tolist()], dtype=np.intp))


def reference_used(block: Block, problem: AwardProblem) -> None:
    """Nothing is bought of a reference that is not in the catalogue.

    ::

        x_jr <= most_jr y_r    for every bid (j, r) for a reference whose use has a cost or is limited

    Source: standardisation; cost of keeping and of taking up a reference.
    """
    sets: Index = block.index
    at = {reference: n for n, (_, reference) in enumerate(sets.kept)}
    bids = np.array([n for n, key in enumerate(sets.keys) if key[1] in at], dtype=np.intp)
    used = np.array([at[sets.keys[n][1]] for n in bids.tolist()], dtype=np.intp)
    _gate(block, "reference_used", bids, block.used, used)


def max_references(block: Block, problem: AwardProblem) -> None:
    """A need is met by no more references than its rule allows.

    ::

        sum_r y_r <= max_references_i    for every need i with such a rule

    Source: standardisation of references, the grouping's policy.
    """
    sets: Index = block.index
    own = {need: problem.rules[need].max_references for need, _ in sets.kept if need in problem.rules}
    most = {need: float(count) for need, count in own.items() if count is not None}
    used = [n for n, (need, _) in enumerate(sets.kept) if need in most]
    rows = positions(most, (sets.kept[n][0] for n in used))
    linear.rows(block, "max_references", list(most), [Entries(block.used, rows, used)], upper=floats(most.values()))


def max_share(block: Block, problem: AwardProblem) -> None:
    """No supplier sells more than its largest share of what is bought of a need.

    ::

        sum_r x_jr <= max_share_i sum_j'r x_j'r    for every need i with such a rule and supplier j

    Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    own: dict[str, list[int]] = {}
    for number, bid in enumerate(sets.bids):
        own.setdefault(bid.need, []).append(number)
    rows, bids, weights = [], [], []
    for row, (need, supplier, most) in enumerate(sets.limited):
        for number in own[need]:
            rows.append(row)
            bids.append(number)
            weights.append(float(sets.keys[number][0] == supplier) - most)
    keys = [(need, supplier) for need, supplier, _ in sets.limited]
    linear.rows(block, "max_share", keys, [Entries(block.share, rows, bids, weights)], upper=0.0)


def max_supplier_share(block: Block, problem: AwardProblem) -> None:
    """No supplier sells more than its largest share of all that is bought, at list prices.

    ::

        sum_r v_jr x_jr <= max_supplier_share sum_j'r v_j'r x_j'r    for every supplier j

    Source: the grouping's policy.
    """
    sets: Index = block.index
    most = problem.policy.max_supplier_share
    if most < 1:
        every = np.arange(len(sets.bids))
        rows, bids = np.repeat(np.arange(len(sets.suppliers)), len(every)), np.tile(every, len(sets.suppliers))
        weights = sets.value[bids] * ((sets.supplier[bids] == rows) - most)
        scaled_rows(block, "max_supplier_share", sets.suppliers, [Entries(block.share, rows, bids, weights)], upper=0.0)


def tender_budget(block: Block, problem: AwardProblem) -> None:
    """What is paid stays within the budget.

    ::

        supplies + supplier_contracts + deliveries + kept_references + new_references <= budget

    Source: the grouping's budget.
    """
    if problem.policy.budget is not None:
        parts = amounts(block)
        entries = [entry for name in PAID for entry in parts[name].entries]
        scaled_rows(block, "tender_budget", ["*"], entries, upper=problem.policy.budget)


def pins(block: Block, problem: AwardProblem) -> None:
    """Decisions already taken about what is bought, at list prices, hold.

    ::

        low_p <= sum of v_jr x_jr over the bids that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nothing is awarded, so "keep" means nothing.
    """
    sets: Index = block.index
    own = problem.policy.pins
    pairs = [
        (row, number)
        for row, pin in enumerate(own)
        for number, bid in enumerate(sets.bids)
        if pin.selects(*sets.keys[number], bid.need, bid.lot)
    ]
    if own:
        rows, bids = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        low, high = (np.array(side) for side in zip(*(pin.sides(today=0.0) for pin in own), strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(own, 1)]
        scaled_rows(block, "pins", keys, [Entries(block.share, rows, bids, sets.value[bids])], lower=low, upper=high)


def _gate(block: Block, name: str, bids: Positions, gate: Any, gates: Positions) -> None:
    """Add rows: a bid has a share only where its gate is open."""
    every = np.arange(len(bids))
    entries = [Entries(block.share, every, bids), Entries(gate, every, gates, -block.index.most[bids])]
    linear.rows(block, name, [block.index.keys[bid] for bid in bids.tolist()], entries, upper=0.0)
