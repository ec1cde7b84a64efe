"""From a plan to the model's variables: the inverse of `read`."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.pillars.purchasing.awards.index import Floats, Index
from gst_opt.pillars.purchasing.awards.outcome import ROUNDING
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.tolerance import reaches

Block = Any


def write(block: Block, problem: AwardProblem, plan: AwardPlan | None) -> None:
    """Set what a plan buys, as far as it is on offer; without one nothing is bought, and all lots may be reserved."""
    sets: Index = block.index
    at = {key: position for position, key in enumerate(sets.keys)}
    share = np.zeros(len(sets.bids))
    for order in plan.orders if plan else ():
        if (order.supplier, order.reference) in at:
            bid = at[order.supplier, order.reference]
            share[bid] = order.units / sets.units[bid]
    linear.set_values(block.share, share)
    _tiers(block, sets, share)
    _groups(block, sets, share, plan)
    bought = np.flatnonzero(share > 0).tolist()
    suppliers = {sets.keys[bid][0] for bid in bought}
    contracts = {(sets.lot_of(bid), sets.keys[bid][0]) for bid in bought}
    linear.set_values(block.award, [float(one in contracts) for one in sets.contracts])
    reserved = set(sets.lots) if plan is None else {lot.lot for lot in plan.lots if lot.reserved}
    held = {lot for lot in sets.lots if problem.lots[lot].reserved}
    linear.set_values(block.held, [float(lot in reserved | held) for lot in sets.lots])
    linear.set_values(block.signed, [float(one in suppliers) for one in sets.signed])
    linear.set_values(block.placed, (share[sets.least > 0] > 0).astype(np.float64))
    packed = sets.packs > 0
    linear.set_values(block.packs, np.rint(share[packed] / sets.packs[packed]))
    references = {(sets.bids[bid].need, sets.keys[bid][1]) for bid in bought}
    linear.set_values(block.used, [float(one in references) for one in sets.kept])
    sold: dict[tuple[str, str], float] = {}
    for bid in bought:
        place = (sets.bids[bid].need, sets.keys[bid][0])
        sold[place] = sold.get(place, 0.0) + float(share[bid])
    least = {need: rule.source_share for need, rule in problem.rules.items()}
    linear.set_values(
        block.source, [float(sold.get(one, 0.0) >= least[one[0]] * (1 - ROUNDING)) for one in sets.sources]
    )


def _tiers(block: Block, sets: Index, share: Floats) -> None:
    """Set the last tier that each schedule reaches."""
    tiers = sets.tiers
    measured = np.bincount(tiers.of_tier, weights=tiers.measure * share[tiers.bid], minlength=len(tiers.start))
    used = np.bincount(tiers.of_tier, weights=share[tiers.bid], minlength=len(tiers.start)) > 0
    pairs = zip(measured.tolist(), tiers.start.tolist(), strict=True)
    reached = used & np.array([reaches(found, start) for found, start in pairs], dtype=np.bool_)
    last = {int(tiers.schedule[tier]): tier for tier in np.flatnonzero(reached).tolist()}
    chosen = np.zeros(len(tiers.start))
    chosen[list(last.values())] = 1.0
    linear.set_values(block.tier, chosen)
    under = share[tiers.bid] * chosen[tiers.of_tier]
    linear.set_values(block.under, under)
    linear.set_values(block.small, (tiers.scaled * under)[tiers.small])


def _groups(block: Block, sets: Index, share: Floats, plan: AwardPlan | None) -> None:
    """Set what every group receives, and what it lacks."""
    sent = np.zeros(len(sets.flows.bid))
    at = {
        (*sets.keys[bid], sets.cells[cell].group): flow
        for flow, (bid, cell) in enumerate(zip(sets.flows.bid.tolist(), sets.flows.cell.tolist(), strict=True))
    }
    for one in plan.deliveries if plan else ():
        flow = at.get((one.supplier, one.reference, one.group))
        if flow is not None:
            sent[flow] = one.units / sets.units[sets.flows.bid[flow]]
    linear.set_values(block.sent, sent)
    needed = np.array([cell.share for cell in sets.cells])
    short = needed.copy()
    np.subtract.at(short, sets.whole.cell, share[sets.whole.bid])
    np.subtract.at(short, sets.flows.cell, sent)
    linear.set_values(block.short, np.where(short > ROUNDING * needed, short, 0.0))
