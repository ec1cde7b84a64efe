"""What call-offs cost, as linear quantities of the model's variables."""

from typing import Any

import numpy as np

from gst_opt.model.linear import Affine, Entries, Floats, Positions, total
from gst_opt.pillars.purchasing.calloffs.index import Index, floats

Block = Any
PAID = ("supplies", "deliveries", "orders", "order_lines", "stock", "commitments")
"""Terms that the grouping pays."""


def received(block: Block, weights: Floats, slots: Positions | None = None) -> tuple[Entries, ...]:
    """Return what is received, each unit of a slot times its weight; of all slots, or of some."""
    sets: Index = block.index
    chosen = np.ones(len(sets.call), dtype=np.bool_) if slots is None else np.isin(np.arange(len(sets.call)), slots)
    pairs, loose = np.flatnonzero(chosen[sets.slot]), np.flatnonzero(chosen[sets.loose])
    left = sets.loose[loose]
    return (
        total(block.share, (weights[sets.slot] * sets.units)[pairs], pairs),
        total(block.left, weights[left] * sets.leeway[left], loose),
    )


def amounts(block: Block) -> dict[str, Affine]:
    """Return every term in money but shortages, by name."""
    sets: Index = block.index
    policy, price = sets.problem.policy, sets.price
    rate = policy.holding_rate * price
    left = sets.loose
    least = {(one.lot, one.supplier): one.min_amount for one in sets.problem.contracts}
    return {
        "supplies": Affine(received(block, price[sets.call])),
        "deliveries": Affine((total(block.share, sets.delivery()),)),
        "orders": Affine((total(block.order, policy.order_cost),)),
        "order_lines": Affine((total(block.line, policy.line_cost),)),
        "stock": Affine(
            (
                total(block.share, rate[sets.of_call] * sets.units * sets.waits),
                total(block.left, (rate[sets.call] * sets.left_waits * sets.leeway)[left]),
            )
        ),
        "commitments": Affine(
            (
                total(block.owed, (price * sets.each("least"))[sets.committed]),
                total(block.missing, floats(least[one] for one in sets.contracts)),
            )
        ),
    }
