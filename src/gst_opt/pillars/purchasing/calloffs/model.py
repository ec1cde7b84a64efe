"""The mathematics: every need of a period as shares of the receipts that can meet it, in (s, t) form.

The index pair (received, used) carries shelf life and cover as a window, so that there are no ages of stock, and links
every share to the order of its own receipt: the facility location form of lot sizing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.purchasing.calloffs.index import Index, floats
from gst_opt.pillars.purchasing.calloffs.money import amounts
from gst_opt.pillars.purchasing.calloffs.packs import packs_so_far
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.ports import ports
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.calloffs.read import read
from gst_opt.pillars.purchasing.calloffs.rules import (
    call_budget,
    cash,
    commitment,
    contract_maximum,
    contract_minimum,
    offer_maximum,
    pins,
)
from gst_opt.pillars.purchasing.calloffs.write import write

Block = Any


def variables(block: Block, problem: CallOffProblem) -> None:
    """Shares of needs by receipt, what is left over, orders, lines, packs, shortages, what is owed."""
    block.index = sets = Index(problem)
    wants = [(want.need, want.group, sets.periods[want.period]) for want in sets.wants]
    pairs = [(*sets.keys[n], *wants[k][1:]) for n, k in zip(sets.slot.tolist(), sets.want.tolist(), strict=True)]
    most = np.rint(sets.largest[sets.packed] / sets.pack[sets.packed])
    linear.variables(block, "share", pairs, upper=sets.most)
    linear.variables(block, "left", [sets.keys[n] for n in sets.loose.tolist()], upper=1.0)
    linear.variables(block, "short", [wants[k] for k in sets.reached.tolist()], upper=1.0)
    linear.variables(block, "order", sets.orders, upper=1.0, integer=True)
    linear.variables(block, "line", [sets.keys[n] for n in sets.lines.tolist()], upper=1.0, integer=True)
    linear.variables(block, "packs", [sets.keys[n] for n in sets.packed.tolist()], upper=most, integer=True)
    linear.variables(block, "owed", [sets.calls[n].key for n in sets.committed.tolist()], upper=1.0)
    linear.variables(block, "missing", sets.contracts, upper=1.0)


def met(block: Block, problem: CallOffProblem) -> None:
    """What a group of facilities needs in a period was received in time, or stays short.

    ::

        sum_(j,r),s x_jrsgt + u_igt = 1    for every need i, group g and period t that something can reach in time

    where r are the references of need i, j their suppliers and s <= t the periods of receipt from which the goods may
    still be used: not before the lead time, not after shelf life or cover. What stays short of a group
    is shared out among its facilities in proportion to their needs. Source: facility location form of lot sizing
    (Krarup and Bilde, 1977); aggregation is exact where facilities differ by one cost for all suppliers.
    """
    sets: Index = block.index
    every, keys = np.arange(len(sets.reached)), list(block.short)
    rows = np.searchsorted(sets.reached, sets.want)
    entries = [Entries(block.share, rows, np.arange(len(rows))), Entries(block.short, every, every)]
    linear.rows(block, "met", keys, entries, lower=1.0, upper=1.0)


def ordered(block: Block, problem: CallOffProblem) -> None:
    """Without an order to the supplier, nothing arrives.

    ::

        x_jrsgt <= most_jrsgt y_js    for every share of an offer whose line is not counted, where orders cost something

    Source: joint replenishment; facility location form of lot sizing (Krarup and Bilde, 1977).
    """
    sets: Index = block.index
    counted = np.isin(sets.slot, sets.lines)
    pairs = np.flatnonzero(~counted) if len(block.order) else np.empty(0, dtype=np.intp)
    orders = _orders(sets, sets.slot[pairs])
    _gate(block, "ordered", pairs, block.order, orders)


def in_line(block: Block, problem: CallOffProblem) -> None:
    """Without a line in an order, nothing of the reference arrives.

    ::

        x_jrsgt <= most_jrsgt y_jrs    for every share of an offer whose line has a cost or a minimum order

    Source: joint replenishment; facility location form of lot sizing (Krarup and Bilde, 1977).
    """
    sets: Index = block.index
    pairs = np.flatnonzero(np.isin(sets.slot, sets.lines))
    _gate(block, "in_line", pairs, block.line, np.searchsorted(sets.lines, sets.slot[pairs]))


def line_in_order(block: Block, problem: CallOffProblem) -> None:
    """A line is in an order.

    ::

        y_jrs <= y_js    for every line, where orders cost something

    Source: joint replenishment.
    """
    sets: Index = block.index
    every = np.arange(len(sets.lines) if len(block.order) else 0)
    entries = [Entries(block.line, every, every), Entries(block.order, every, _orders(sets, sets.lines[every]), -1.0)]
    linear.rows(block, "line_in_order", list(block.line)[: len(every)], entries, upper=0.0)


def left_in_line(block: Block, problem: CallOffProblem) -> None:
    """Nothing is left over of what is not received.

    ::

        l_jrs <= y_jrs    or y_js, where the line is not counted

    Source: only a last pack, or a minimum order, leaves something over.
    """
    sets: Index = block.index
    slots = sets.loose if len(block.order) else sets.loose[np.isin(sets.loose, sets.lines)]
    in_lines = np.isin(slots, sets.lines)
    every, columns = np.arange(len(slots)), np.searchsorted(sets.loose, slots)
    lines, orders = slots[in_lines], slots[~in_lines]
    entries = [
        Entries(block.left, every, columns),
        Entries(block.line, every[in_lines], np.searchsorted(sets.lines, lines), -1.0),
        Entries(block.order, every[~in_lines], _orders(sets, orders), -1.0),
    ]
    linear.rows(block, "left_in_line", [sets.keys[n] for n in slots.tolist()], entries, upper=0.0)


def whole_packs(block: Block, problem: CallOffProblem) -> None:
    """Packs are delivered whole.

    ::

        sum_(g,t) d_igt / factor_r x_jrsgt + leeway_jr l_jrs = pack_jr n_jrs    for every receipt in packs

    Source: the supplier's offer.
    """
    sets: Index = block.index
    every = np.arange(len(sets.packed))
    entries = [*_received(block, sets.packed, sets.pack), Entries(block.packs, every, every, -1.0)]
    linear.rows(block, "whole_packs", list(block.packs), entries, lower=0.0, upper=0.0)


def minimum_order(block: Block, problem: CallOffProblem) -> None:
    """A supplier delivers its minimum order, or nothing.

    ::

        sum_(g,t) d_igt / factor_r x_jrsgt + leeway_jr l_jrs >= least_jr y_jrs    for every line with a minimum order

    Source: the supplier's offer.
    """
    sets: Index = block.index
    smallest = sets.each("smallest")[sets.call]
    slots = sets.lines[smallest[sets.lines] > 0]
    entries = [
        *_received(block, slots, smallest),
        Entries(block.line, np.arange(len(slots)), np.searchsorted(sets.lines, slots), -1.0),
    ]
    linear.rows(block, "minimum_order", [sets.keys[n] for n in slots.tolist()], entries, lower=0.0)


def period_capacity(block: Block, problem: CallOffProblem) -> None:
    """A supplier delivers no more of an offer in a period than it can.

    ::

        sum_(g,t) d_igt / factor_r x_jrsgt + leeway_jr l_jrs <= capacity_jr    for every receipt that could exceed it

    Source: the award.
    """
    sets: Index = block.index
    limit = sets.each("largest")[sets.call]
    usable = np.bincount(sets.slot, weights=sets.units, minlength=len(sets.call)) + sets.leeway
    slots = np.flatnonzero(usable > limit)
    keys = [sets.keys[n] for n in slots.tolist()]
    linear.rows(block, "period_capacity", keys, _received(block, slots, limit), upper=1.0)


def _received(block: Block, slots: Any, unit: Any) -> list[Entries]:
    """Return what is received of some slots, one row each, counted in a unit of each slot."""
    sets: Index = block.index
    row = np.full(len(sets.call), -1, dtype=np.intp)
    row[slots] = np.arange(len(slots))
    pairs, loose = np.flatnonzero(row[sets.slot] >= 0), np.flatnonzero(row[sets.loose] >= 0)
    left = sets.loose[loose]
    counted = sets.units[pairs] / unit[sets.slot[pairs]]
    seen = counted >= 1e-9
    return [
        Entries(block.share, row[sets.slot[pairs[seen]]], pairs[seen], counted[seen]),
        Entries(block.left, row[left], loose, sets.leeway[left] / unit[left]),
    ]


def _orders(sets: Index, slots: Any) -> Any:
    """Return the order of each of some slots."""
    at = {order: position for position, order in enumerate(sets.orders)}
    return np.array([at[sets.keys[n][0], sets.keys[n][2]] for n in slots.tolist()], dtype=np.intp)


def _gate(block: Block, name: str, pairs: Any, gate: Any, gates: Any) -> None:
    """Add rows: a pair has a share only where its gate is open."""
    every, keys = np.arange(len(pairs)), list(block.share)
    entries = [Entries(block.share, every, pairs), Entries(gate, every, gates, -block.index.most[pairs])]
    linear.rows(block, name, [keys[pair] for pair in pairs.tolist()], entries, upper=0.0)


def terms(block: Block, problem: CallOffProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; shortage that nothing can relieve is left out (it is a constant)."""
    sets: Index = block.index
    prices = floats(problem.shortage_prices[want.need] * want.units for want in sets.wants)
    parts = amounts(block)
    parts["shortages"] = Affine((total(block.short, prices[sets.reached]),))
    return {name: Term(quantity, "MAD") for name, quantity in parts.items()}


def goals(problem: CallOffProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


FORMULATION: Formulation[CallOffProblem, CallOffPlan] = Formulation(
    variables=variables,
    constraints=(
        met,
        ordered,
        in_line,
        line_in_order,
        left_in_line,
        whole_packs,
        packs_so_far,
        minimum_order,
        period_capacity,
        offer_maximum,
        commitment,
        contract_minimum,
        contract_maximum,
        cash,
        call_budget,
        pins,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"left_in_line", "packs_so_far"}),
    hard=frozenset({"met", "ordered", "in_line", "line_in_order", "left_in_line", "commitment", "contract_minimum"}),
)
