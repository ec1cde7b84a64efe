"""What a tender costs, as linear quantities of the model's variables."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gst_opt.model.linear import Affine, Entries, total
from gst_opt.pillars.purchasing.awards.index import Index, floats

Block = Any
PAID = ("supplies", "supplier_contracts", "deliveries", "kept_references", "new_references")
"""Terms that the grouping pays."""


def paid(block: Block, chosen: NDArray[np.bool_], weights: Any = 1.0) -> tuple[Entries, ...]:
    """Return what suppliers are paid for some bids, each times a weight: list prices, less rebates.

    `chosen` holds whole suppliers where their rebates are incremental, as what such a rebate loses is theirs.
    """
    sets: Index = block.index
    tiers = sets.tiers
    weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), (len(sets.bids),))
    bids = np.flatnonzero(chosen)
    copies = np.flatnonzero(chosen[tiers.bid])
    rebate = tiers.rebate[tiers.of_tier] * (weight * sets.value)[tiers.bid]
    return (
        total(block.share, (weight * sets.value)[bids], bids),
        total(block.under, -rebate[copies], copies),
    )


def lost(block: Block, weights: Any) -> Entries:
    """Return what incremental rebates do not give before their thresholds, by tier times a weight."""
    return total(block.tier, block.index.tiers.lost * weights)


def amounts(block: Block) -> dict[str, Affine]:
    """Return every term in money but shortages, by name."""
    sets: Index = block.index
    problem, tiers = sets.problem, sets.tiers
    references = {one.id: one for one in problem.catalogue.product_references}
    every = np.ones(len(sets.bids), dtype=np.bool_)
    foreign_tier = np.zeros(len(tiers.start))
    foreign_tier[tiers.of_tier] = sets.foreign[tiers.bid]
    margin = problem.policy.preference
    return {
        "supplies": Affine((*paid(block, every), lost(block, 1.0))),
        "supplier_contracts": Affine(
            (total(block.signed, floats(problem.suppliers[j].contract_cost for j in sets.signed)),)
        ),
        "deliveries": Affine(
            (
                total(block.share, sets.delivery(sets.whole), sets.whole.bid),
                total(block.sent, sets.delivery(sets.flows)),
            )
        ),
        "kept_references": Affine((total(block.used, floats(references[r].keeping_cost for _, r in sets.kept)),)),
        "new_references": Affine(
            (
                total(
                    block.used,
                    floats(0.0 if r in problem.in_use else references[r].switching_cost for _, r in sets.kept),
                ),
            )
        ),
        "preference": Affine((*paid(block, sets.foreign, margin), lost(block, margin * foreign_tier))),
    }
