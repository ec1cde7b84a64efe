"""Which variables are decided together: those of a lot, or of a need without one; what ties several has no label."""

from collections.abc import Iterable, Mapping

from gst_opt.pillars.purchasing.awards.index import Index


def labels(sets: Index) -> Mapping[str, list[str]]:
    """Return the label of every variable, by family: its lot, else its need; empty for what ties several."""
    of_need = {bid.need: f"need {bid.need}" if bid.lot is None else f"lot {bid.lot}" for bid in sets.bids}
    of_bid = [of_need[bid.need] for bid in sets.bids]
    return {
        "share": of_bid,
        "under": _at(of_bid, sets.tiers.bid.tolist()),
        "small": _at(of_bid, sets.tiers.bid[sets.tiers.small].tolist()),
        "sent": _at(of_bid, sets.flows.bid.tolist()),
        "short": [of_need[cell.need] for cell in sets.cells],
        "tier": _tiers(sets, of_bid),
        "award": [f"lot {lot}" for lot, _ in sets.contracts],
        "held": [f"lot {lot}" for lot in sets.lots],
        "placed": [label for label, least in zip(of_bid, sets.least.tolist(), strict=True) if least > 0],
        "packs": [label for label, pack in zip(of_bid, sets.packs.tolist(), strict=True) if pack > 0],
        "used": [of_need[need] for need, _ in sets.kept],
        "source": [of_need[need] for need, _ in sets.sources],
    }


def _at(labels: list[str], places: Iterable[int]) -> list[str]:
    return [labels[place] for place in places]


def _tiers(sets: Index, of_bid: list[str]) -> list[str]:
    """Return the label of every tier: none where its bids have several."""
    own: list[set[str]] = [set() for _ in sets.tiers.keys]
    for tier, bid in zip(sets.tiers.of_tier.tolist(), sets.tiers.bid.tolist(), strict=True):
        own[tier].add(of_bid[bid])
    return [min(found) if len(found) == 1 else "" for found in own]
