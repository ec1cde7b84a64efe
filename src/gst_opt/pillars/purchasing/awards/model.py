"""The mathematics: every bid as a share of its need, each tier of a discount in its tight form.

A bid's share is split over the tiers of each schedule that it counts for. Rebates rise from tier to tier, so no row
keeps a quantity below the next threshold: a lower tier only costs more.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.purchasing.awards.cash import cash
from gst_opt.pillars.purchasing.awards.index import Index, floats, positions
from gst_opt.pillars.purchasing.awards.labels import labels
from gst_opt.pillars.purchasing.awards.money import amounts
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.ports import ports
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.awards.read import read
from gst_opt.pillars.purchasing.awards.rules import (
    awards_per_lot,
    contract,
    contract_maximum,
    contract_minimum,
    lot_award,
    max_references,
    max_share,
    max_supplier_share,
    pins,
    reference_used,
    reserve,
    reserved,
    reserved_needs,
    tender_budget,
)
from gst_opt.pillars.purchasing.awards.sources import source_awarded, source_room, source_share, source_tier, sources
from gst_opt.pillars.purchasing.awards.write import write

Block = Any


def variables(block: Block, problem: AwardProblem) -> None:
    """Shares bought, also by tier and by group; tiers, lots, contracts, references, packs, sources; shortages."""
    block.index = sets = Index(problem)
    tiers, flows = sets.tiers, sets.flows
    copies = [
        (*tiers.keys[tier], sets.keys[bid][1])
        for tier, bid in zip(tiers.of_tier.tolist(), tiers.bid.tolist(), strict=True)
    ]
    cells = [(cell.need, cell.group) for cell in sets.cells]
    sent = [
        (*sets.keys[bid], cells[cell][1]) for bid, cell in zip(flows.bid.tolist(), flows.cell.tolist(), strict=True)
    ]
    ordered, packed = np.flatnonzero(sets.least > 0), np.flatnonzero(sets.packs > 0)
    linear.variables(block, "share", sets.keys, upper=sets.most)
    linear.variables(block, "under", copies, upper=sets.most[tiers.bid])
    small = (tiers.scaled * sets.most[tiers.bid])[tiers.small]
    linear.variables(block, "small", [copies[copy] for copy in tiers.small.tolist()], upper=small)
    linear.variables(block, "sent", sent, upper=sets.most[flows.bid])
    linear.variables(block, "short", cells, upper=floats(cell.share for cell in sets.cells))
    linear.variables(block, "tier", tiers.keys, upper=1.0, integer=True)
    linear.variables(block, "award", sets.contracts, upper=1.0, integer=True)
    held = floats(float(problem.lots[lot].reserved) for lot in sets.lots)
    linear.variables(block, "held", sets.lots, lower=held, upper=1.0, integer=True)
    linear.variables(block, "signed", sets.signed, upper=1.0, integer=True)
    linear.variables(block, "placed", [sets.keys[bid] for bid in ordered.tolist()], upper=1.0, integer=True)
    most = np.rint(sets.most[packed] / sets.packs[packed])
    linear.variables(block, "packs", [sets.keys[bid] for bid in packed.tolist()], upper=most, integer=True)
    linear.variables(block, "used", sets.kept, upper=1.0, integer=True)
    linear.variables(block, "source", sets.sources, upper=1.0, integer=True)
    for name, own in labels(sets).items():
        getattr(block, name).together = np.array(own, dtype=np.str_)


def met(block: Block, problem: AwardProblem) -> None:
    """What is bought for a group of facilities, or stays short, makes up what it needs.

    ::

        sum_(j,r) x_jrg + u_ig >= d_ig / d_i    for every need i and group g that can be reached

    where r are the references of need i, j their suppliers, x their shares of the need; what stays short of a group is
    shared out among its facilities in proportion to their needs. Source: requirements of the facilities; aggregation is
    exact where facilities differ by one cost for all suppliers.
    """
    sets: Index = block.index
    every = np.arange(len(sets.cells))
    entries = [
        Entries(block.share, sets.whole.cell, sets.whole.bid),
        Entries(block.sent, sets.flows.cell, np.arange(len(sets.flows.cell))),
        Entries(block.short, every, every),
    ]
    linear.rows(block, "met", list(block.short), entries, lower=floats(cell.share for cell in sets.cells))


def split(block: Block, problem: AwardProblem) -> None:
    """What a supplier sells goes to the groups that it can reach.

    ::

        sum_g x_jrg = x_jr    for every bid (j, r) for a need of several groups

    Source: deliveries, direct or through a depot.
    """
    sets: Index = block.index
    bids, row = np.unique(sets.flows.bid, return_inverse=True)
    entries = [
        Entries(block.sent, row, np.arange(len(row))),
        Entries(block.share, np.arange(len(bids)), bids, -1.0),
    ]
    linear.rows(block, "split", [sets.keys[bid] for bid in bids.tolist()], entries, lower=0.0, upper=0.0)


def no_surplus(block: Block, problem: AwardProblem) -> None:
    """No more is bought than is needed, but for a last pack, a minimum order, or the surplus that the policy allows.

    ::

        sum_(j,r) x_jr <= 1 + over_i    for every need i
        over_i = surplus + max_(j,r) factor_r max(pack_jr, least_jr) / d_i

    Source: the grouping's policy; goods bought for a rebate alone expire.
    """
    sets: Index = block.index
    allowed = 1 + sets.over
    reach = np.bincount(sets.need, weights=sets.most, minlength=len(sets.needs))
    needs = np.flatnonzero(reach > allowed)
    row = np.full(len(sets.needs), -1, dtype=np.intp)
    row[needs] = np.arange(len(needs))
    bids = np.flatnonzero(row[sets.need] >= 0)
    entries = [Entries(block.share, row[sets.need[bids]], bids)]
    linear.rows(block, "no_surplus", [sets.needs[need] for need in needs.tolist()], entries, upper=allowed[needs])


def tier_link(block: Block, problem: AwardProblem) -> None:
    """Under a tier that is not reached nothing is bought.

    ::

        x_jrk <= most_jr z_k    for every tier k and every bid (j, r) that it is for

    Source: the hull of a disjunction (Balas, 1979).
    """
    tiers = block.index.tiers
    every = np.arange(len(block.under))
    entries = [
        Entries(block.under, every, every),
        Entries(block.tier, every, tiers.of_tier, -block.index.most[tiers.bid]),
    ]
    linear.rows(block, "tier_link", list(block.under), entries, upper=0.0)


def in_tiers(block: Block, problem: AwardProblem) -> None:
    """All that is bought is in some tier of each schedule.

    ::

        sum_k x_jrk = x_jr    for every schedule and every bid (j, r) that it is for

    Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    sets: Index = block.index
    tiers = sets.tiers
    places = list(zip(tiers.schedule[tiers.of_tier].tolist(), tiers.bid.tolist(), strict=True))
    found = sorted(set(places))
    name = {number: key[0] for number, key in zip(tiers.schedule.tolist(), tiers.keys, strict=True)}
    entries = [
        Entries(block.under, positions(found, places), np.arange(len(places))),
        Entries(block.share, np.arange(len(found)), [bid for _, bid in found], -1.0),
    ]
    keys = [(name[schedule], sets.keys[bid][1]) for schedule, bid in found]
    linear.rows(block, "in_tiers", keys, entries, lower=0.0, upper=0.0)


def threshold(block: Block, problem: AwardProblem) -> None:
    """A tier holds from its threshold on.

    ::

        sum_(j,r) m_jr x_jrk >= start_k z_k    for every tier k that does not start at 0

    where m is the measure of the whole need: units of the reference, or their value at list prices; of small needs
    what `small_items` counts stands for it. Source: total quantity discount (Goossens, Maas, Spieksma and van de
    Klundert, 2007).
    """
    tiers = block.index.tiers
    chosen = np.flatnonzero(tiers.start > 0)
    row = np.full(len(tiers.start), -1, dtype=np.intp)
    row[chosen] = np.arange(len(chosen))
    large = np.setdiff1d(tiers.counted, tiers.small)
    entries = [
        Entries(block.under, row[tiers.of_tier[large]], large, tiers.scaled[large]),
        Entries(block.small, row[tiers.of_tier[tiers.small]], np.arange(len(tiers.small))),
        Entries(block.tier, np.arange(len(chosen)), chosen, -1e3 * tiers.start[chosen] / tiers.largest[chosen]),
    ]
    linear.rows(block, "threshold", [tiers.keys[tier] for tier in chosen.tolist()], entries, lower=0.0)


def small_items(block: Block, problem: AwardProblem) -> None:
    """A need that is small beside a threshold counts towards it in the unit of the threshold.

    ::

        q_jrk <= m_jr x_jrk    for every tier k and every bid (j, r) for a need with m_jr < 0.00002 start_k

    where q stands for m x in `threshold`: a coefficient so small beside that of the tier would be lost in the rounding
    of the tier. Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    tiers = block.index.tiers
    every = np.arange(len(tiers.small))
    entries = [Entries(block.small, every, every), Entries(block.under, every, tiers.small, -tiers.scaled[tiers.small])]
    linear.rows(block, "small_items", list(block.small), entries, upper=0.0)


def one_tier(block: Block, problem: AwardProblem) -> None:
    """A schedule has one tier, and none without the contract or the award that all of its bids need.

    ::

        sum_k z_k <= a_j     for every schedule on all that supplier j sells, where its contract has a cost
        sum_k z_k <= w_lj    for every schedule on lot l
        sum_k z_k <= 1       for every other schedule

    Source: total quantity discount (Goossens, Maas, Spieksma and van de Klundert, 2007).
    """
    sets: Index = block.index
    tiers = sets.tiers
    numbers, row = np.unique(tiers.schedule, return_inverse=True)
    entries, upper = [Entries(block.tier, row, np.arange(len(row)))], np.ones(len(numbers))
    for family, gate in (("signed", block.signed), ("award", block.award)):
        own = [(n, sets.gates[number][1]) for n, number in enumerate(numbers.tolist()) if _held(sets, number, family)]
        rows, columns = np.array(own, dtype=np.intp).reshape(-1, 2).T
        entries.append(Entries(gate, rows, columns, -1.0))
        upper[rows] = 0.0
    name = {number: key[0] for number, key in zip(tiers.schedule.tolist(), tiers.keys, strict=True)}
    linear.rows(block, "one_tier", [name[number] for number in numbers.tolist()], entries, upper=upper)


def _held(sets: Index, schedule: int, family: str) -> bool:
    return schedule in sets.gates and sets.gates[schedule][0] == family


def minimum_order(block: Block, problem: AwardProblem) -> None:
    """A supplier sells its minimum order, or none.

    ::

        x_jr >= least_jr y_jr    for every bid (j, r) with a minimum order

    Source: the supplier's offer.
    """
    _placed(block, "minimum_order", block.index.least, lower=0.0, upper=np.inf)


def order_placed(block: Block, problem: AwardProblem) -> None:
    """Where no order is placed nothing is bought.

    ::

        x_jr <= most_jr y_jr    for every bid (j, r) with a minimum order

    Source: the supplier's offer.
    """
    _placed(block, "order_placed", block.index.most, lower=-np.inf, upper=0.0)


def _placed(block: Block, name: str, side: Any, *, lower: float, upper: float) -> None:
    bids = np.flatnonzero(block.index.least > 0)
    every = np.arange(len(bids))
    entries = [Entries(block.share, every, bids), Entries(block.placed, every, every, -side[bids])]
    linear.rows(block, name, list(block.placed), entries, lower=lower, upper=upper)


def whole_packs(block: Block, problem: AwardProblem) -> None:
    """Packs are sold whole.

    ::

        d_i x_jr / factor_r = pack_jr n_jr    for every bid (j, r) in packs

    Source: the supplier's offer.
    """
    sets: Index = block.index
    bids = np.flatnonzero(sets.packs > 0)
    every = np.arange(len(bids))
    entries = [Entries(block.share, every, bids, 1 / sets.packs[bids]), Entries(block.packs, every, every, -1.0)]
    linear.rows(block, "whole_packs", list(block.packs), entries, lower=0.0, upper=0.0)


def terms(block: Block, problem: AwardProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; shortage that no supplier can relieve is left out (it is a constant)."""
    sets: Index = block.index
    prices = floats(problem.shortage_prices[cell.need] * problem.demand[cell.need] for cell in sets.cells)
    parts = amounts(block)
    parts["shortages"] = Affine((total(block.short, prices),))
    return {name: Term(quantity, "MAD") for name, quantity in parts.items()}


def goals(problem: AwardProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


FORMULATION: Formulation[AwardProblem, AwardPlan] = Formulation(
    variables=variables,
    constraints=(
        met,
        split,
        no_surplus,
        tier_link,
        in_tiers,
        threshold,
        small_items,
        one_tier,
        minimum_order,
        order_placed,
        whole_packs,
        lot_award,
        awards_per_lot,
        reserved,
        reserved_needs,
        reserve,
        contract_minimum,
        contract_maximum,
        contract,
        reference_used,
        max_references,
        max_share,
        sources,
        source_share,
        source_awarded,
        source_room,
        source_tier,
        max_supplier_share,
        tender_budget,
        cash,
        pins,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    redundant=frozenset({"reserved_needs", "source_awarded", "source_room", "source_tier"}),
    hard=frozenset({"met", "split", "tier_link", "in_tiers", "threshold", "one_tier", "order_placed", "lot_award"}),
)
