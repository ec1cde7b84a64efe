"""Needs that several suppliers must sell, and rows that tighten the relaxation of such a tender.

Without these, the relaxation awards a lot in part to many, and lets each source reach a high tier of its discounts in
part: with a fifth of the need from it, a quarter of a tier is enough.
"""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions, Reading
from gst_opt.pillars.purchasing.awards.index import Index, floats, positions
from gst_opt.pillars.purchasing.awards.problem import AwardProblem

Block = Any


def sources(block: Block, problem: AwardProblem) -> None:
    """A need has as many suppliers as its rule asks for, or all that can be a source.

    ::

        sum_j a_ij >= min(min_sources_i, suppliers that can be a source)    for every need i with such a rule

    Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    asked = sets.asked_sources
    rows = positions(asked, (need for need, _ in sets.sources))
    entries = [Entries(block.source, rows, np.arange(len(rows)))]
    linear.rows(block, "sources", list(asked), entries, lower=floats(asked.values()))


def source_share(block: Block, problem: AwardProblem) -> None:
    """A supplier is a source of a need if it sells at least some share of it.

    ::

        sum_r x_jr >= source_share_i a_ij    for every need i with several sources and supplier j

    Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    at = {place: n for n, place in enumerate(sets.sources)}
    bids = [n for n, bid in enumerate(sets.bids) if (bid.need, bid.offer.supplier) in at]
    rows = [at[sets.bids[n].need, sets.bids[n].offer.supplier] for n in bids]
    every = np.arange(len(at))
    least = floats(problem.rules[need].source_share for need, _ in sets.sources)
    entries = [Entries(block.share, rows, bids), Entries(block.source, every, every, -least)]
    family = linear.rows(block, "source_share", sets.sources, entries, lower=0.0)
    family.reading = Reading(constant=least)


def source_awarded(block: Block, problem: AwardProblem) -> None:
    """A source of a need of a lot has an award of it.

    ::

        a_ij <= w_lj    for every need i of lot l with several sources and supplier j

    It only tightens the relaxation: a source sells some of the need. Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    lot_of = {bid.need: bid.lot for bid in sets.bids}
    own = [n for n, (need, _) in enumerate(sets.sources) if lot_of[need] is not None]
    keys = [sets.sources[n] for n in own]
    awards = positions(sets.contracts, ((lot_of[need] or "", supplier) for need, supplier in keys))
    every = np.arange(len(own))
    entries = [Entries(block.source, every, own), Entries(block.award, every, awards, -1.0)]
    linear.rows(block, "source_awarded", keys, entries, upper=0.0)


def source_room(block: Block, problem: AwardProblem) -> None:
    """Under a tier that is not reached nothing is bought, and under one that is, no more than other sources leave.

    ::

        sum_r x_jrk <= (1 + over_i - (sources_i - 1) source_share_i) z_k

    for every need i with several sources, supplier j that can be one and could sell more, and tier k, where sources_i
    is how many there must be. It only tightens the relaxation. Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    sold, least = _Sold(sets), _shares(sets)
    at = positions(sets.needs, (need for need, _ in sets.sources))
    others = floats(sets.asked_sources[need] - 1 for need, _ in sets.sources)
    room = (1 + sets.over[at] - others * least)[sold.source]
    most = np.bincount(sold.row, sets.most[sets.tiers.bid[sold.copy]], len(room))
    own = np.flatnonzero(room < most)
    rows, copies = sold.entries(own)
    entries = [Entries(block.under, rows, copies), Entries(block.tier, np.arange(len(own)), sold.tier[own], -room[own])]
    linear.rows(block, "source_room", sold.keys(own), entries, upper=0.0)


def source_tier(block: Block, problem: AwardProblem) -> None:
    """A source sells its share under the tier that is reached.

    ::

        sum_r x_jrk + source_share_i sum_(k' != k) z_k' >= source_share_i a_ij

    for every need i with several sources, supplier j, schedule that is for all that j offers of i, and tier k of it. It
    only tightens the relaxation. Source: security of supply, the grouping's policy.
    """
    sets: Index = block.index
    sold, least = _Sold(sets), _shares(sets)
    own = np.flatnonzero(sold.whole)
    rows, copies = sold.entries(own)
    asked = least[sold.source[own]]
    other, tiers = sold.others(own)
    entries = [
        Entries(block.under, rows, copies),
        Entries(block.tier, other, tiers, asked[other]),
        Entries(block.source, np.arange(len(own)), sold.source[own], -asked),
    ]
    linear.rows(block, "source_tier", sold.keys(own), entries, lower=0.0)


def _shares(sets: Index) -> Floats:
    """Return the share from which each supplier counts as a source."""
    return floats(sets.problem.rules[need].source_share for need, _ in sets.sources)


class _Sold:
    """What suppliers that can be a source sell of the need under each tier.

    Attributes
    ----------
    source, tier
        Position in `Index.sources` and tier, each pair once.
    copy, row
        Copies of bids under tiers, and the pair that each is of.
    whole
        Whether the schedule is for all that the supplier offers of the need, by pair.
    """

    def __init__(self, sets: Index) -> None:
        self.sets, tiers = sets, sets.tiers
        at = {place: n for n, place in enumerate(sets.sources)}
        of_bid = np.array([at.get((bid.need, bid.offer.supplier), -1) for bid in sets.bids], dtype=np.intp)
        self.copy = np.flatnonzero(of_bid[tiers.bid] >= 0)
        source, tier = of_bid[tiers.bid[self.copy]], tiers.of_tier[self.copy]
        pair, self.row = np.unique(source * len(tiers.keys) + tier, return_inverse=True)
        self.source, self.tier = pair // max(len(tiers.keys), 1), pair % max(len(tiers.keys), 1)
        offers = np.bincount(of_bid[of_bid >= 0], minlength=len(at))
        self.whole = np.bincount(self.row, minlength=len(pair)) == offers[self.source]

    def entries(self, pairs: Positions) -> tuple[Positions, Positions]:
        """Return the copies of some pairs, each with the position of its pair among them."""
        at = np.full(len(self.source), -1, dtype=np.intp)
        at[pairs] = np.arange(len(pairs))
        own = np.flatnonzero(at[self.row] >= 0)
        return at[self.row[own]], self.copy[own]

    def others(self, pairs: Positions) -> tuple[Positions, Positions]:
        """Return the other tiers of the schedule of some pairs, each with the position of its pair among them."""
        schedule = self.sets.tiers.schedule  # ascending: the tiers of a schedule stand together
        own = schedule[self.tier[pairs]]
        first, last = np.searchsorted(schedule, own), np.searchsorted(schedule, own, side="right")
        row = np.repeat(np.arange(len(pairs)), last - first)
        tier = np.arange(len(row)) - np.repeat(np.cumsum(last - first) - last, last - first)
        different = tier != self.tier[pairs][row]
        return row[different], tier[different]

    def keys(self, pairs: Positions) -> list[tuple[str, str, str, int]]:
        """Return need, supplier, schedule and tier of some pairs."""
        places = zip(self.source[pairs].tolist(), self.tier[pairs].tolist(), strict=True)
        return [(*self.sets.sources[source], *self.sets.tiers.keys[tier]) for source, tier in places]
