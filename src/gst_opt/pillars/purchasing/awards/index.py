"""Bids, groups, tiers and lots as arrays: the positions that rows and terms are made of; no solver.

Quantities are shares of a need: a bid's share is the units of the need that it meets, over all units needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.purchasing.awards.cells import Cell
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.market import Bid, by_scope, left_over, scope_of
from gst_opt.pillars.purchasing.tolerance import reaches

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
T = TypeVar("T")
SMALL = 2e-5
"""Part of a threshold from which an item stands beside it: the solver takes a millionth of a tier for none."""


@dataclass(frozen=True)
class Flows:
    """Pairs of a bid and a cell of its need."""

    bid: Positions
    cell: Positions


@dataclass(frozen=True)
class TierColumns:
    """Tiers that can be reached, and their bids, each once for every tier.

    Attributes
    ----------
    keys
        (schedule, number of the tier from 1); number 0 is what comes before the first threshold.
    schedule
        Number of the schedule of each tier, from 0.
    start, rebate, lost
        Threshold, rebate and lost rebate (MAD) of each tier.
    of_tier, bid
        Tier and bid of each copy.
    measure
        What the threshold counts of the whole need in each copy (units or MAD).
    """

    keys: list[tuple[str, int]]
    schedule: Positions
    start: Floats
    rebate: Floats
    lost: Floats
    of_tier: Positions
    bid: Positions
    measure: Floats

    @cached_property
    def largest(self) -> Floats:
        """Largest figure of the measure of each tier: 1,000 in the model."""
        largest = self.start.copy()
        np.maximum.at(largest, self.of_tier, self.measure)
        return largest

    @cached_property
    def scaled(self) -> Floats:
        """Measure of each copy in the model."""
        return self.measure * (1e3 / self.largest[self.of_tier])

    @cached_property
    def counted(self) -> Positions:
        """Copies that the threshold of their tier counts; what is a billionth of the largest is left out."""
        return np.flatnonzero((self.start > 0)[self.of_tier] & (self.scaled >= 1e-6))

    @cached_property
    def small(self) -> Positions:
        """Those of them whose whole need is small beside the threshold."""
        return self.counted[(self.measure < SMALL * self.start[self.of_tier])[self.counted]]


class Index:
    """Everything that rows, terms and reading look up.

    Attributes
    ----------
    bids, keys
        Bids, and the supplier and reference of each.
    needs, suppliers
        Those that have bids; `need` and `supplier` are the positions of each bid's.
    demand
        Units of each need.
    units, value
        Units of each bid's reference that meet the whole need, and their value at list prices (MAD).
    most, least, packs
        Largest share of each bid, smallest if any, and that of a pack; 0 where there is none.
    over
        Share of each need that may be bought beyond it.
    """

    def __init__(self, problem: AwardProblem) -> None:
        self.problem = problem
        self.bids = problem.bids
        self.keys = [(bid.offer.supplier, bid.offer.reference) for bid in self.bids]
        self.needs = sorted({bid.need for bid in self.bids})
        self.suppliers = sorted({bid.offer.supplier for bid in self.bids})
        self.need = positions(self.needs, (bid.need for bid in self.bids))
        self.supplier = positions(self.suppliers, (bid.offer.supplier for bid in self.bids))
        self.demand = floats(problem.demand[need] for need in self.needs)
        self.units = self.demand[self.need] / floats(bid.factor for bid in self.bids)
        self.value = self.units * floats(bid.offer.price for bid in self.bids)
        self.most = floats(bid.most for bid in self.bids) / self.units
        self.packs = floats((bid.offer.pack or 0.0) for bid in self.bids) / self.units
        self.least = floats(bid.least for bid in self.bids) / self.units
        by_need: dict[str, list[Bid]] = {need: [] for need in self.needs}
        for bid in self.bids:
            by_need[bid.need].append(bid)
        own = (left_over(by_need[need], problem.demand[need], problem.policy.surplus) for need in self.needs)
        self.over = floats(own) / self.demand

    @cached_property
    def cells(self) -> list[Cell]:
        """Groups that need something and can be reached."""
        return [cell for cell in self.problem.cells if cell.suppliers]

    @cached_property
    def flows(self) -> Flows:
        """Bids and the cells that they reach, where their need has several groups."""
        by_need: dict[str, list[int]] = {}
        for position, cell in enumerate(self.cells):
            if not cell.alone:
                by_need.setdefault(cell.need, []).append(position)
        return _pairs(
            (number, position)
            for number, bid in enumerate(self.bids)
            for position in by_need.get(bid.need, ())
            if bid.offer.supplier in self.cells[position].suppliers
        )

    @cached_property
    def whole(self) -> Flows:
        """Bids of needs with one group, and its cell."""
        cell_of = {cell.need: position for position, cell in enumerate(self.cells) if cell.alone}
        return _pairs((number, cell_of[bid.need]) for number, bid in enumerate(self.bids) if bid.need in cell_of)

    def delivery(self, flows: Flows) -> Floats:
        """Return what deliveries of the whole need cost, for each pair of a bid and a cell (MAD)."""
        beyond = self.problem.routes.beyond
        return floats(
            self.bids[bid].volume
            * self.units[bid]
            * (self.cells[cell].base + beyond[self.bids[bid].offer.supplier, self.cells[cell].group])
            for bid, cell in zip(flows.bid.tolist(), flows.cell.tolist(), strict=True)
        )

    @cached_property
    def tiers(self) -> TierColumns:
        """Tiers that all of their bids together can reach, for schedules where one of them gives a rebate."""
        scopes = by_scope(self.bids)
        keys: list[tuple[str, int]] = []
        columns: list[tuple[int, float, float, float]] = []
        copies: list[tuple[int, int, float]] = []
        for position, tiers in enumerate(self.problem.schedules):
            own = scopes.get(scope_of(tiers.schedule), [])
            measure = [tiers.measure(float(self.units[n]), float(self.value[n])) for n in own]
            largest = sum(float(self.most[n]) * counted for n, counted in zip(own, measure, strict=True))
            rows = zip(tiers.thresholds, tiers.rebates, tiers.lost, strict=True)
            reached = [(number, *row) for number, row in enumerate(rows, 1) if row[0] <= largest * (1 + 1e-9)]
            if tiers.thresholds[0] > 0:
                reached.insert(0, (0, 0.0, 0.0, 0.0))
            for number, start, rebate, lost_here in reached if own and any(row[2] for row in reached) else ():
                copies += [(len(keys), n, counted) for n, counted in zip(own, measure, strict=True)]
                keys.append((tiers.schedule.id, number))
                columns.append((position, start, rebate, lost_here))
        schedule, start_of, rebates, lost = zip(*columns, strict=True) if columns else ((), (), (), ())
        of_tier, bid_of, counted_of = zip(*copies, strict=True) if copies else ((), (), ())
        return TierColumns(
            keys=keys,
            schedule=np.array(schedule, dtype=np.intp),
            start=floats(start_of),
            rebate=floats(rebates),
            lost=floats(lost),
            of_tier=np.array(of_tier, dtype=np.intp),
            bid=np.array(bid_of, dtype=np.intp),
            measure=floats(counted_of),
        )

    @cached_property
    def gates(self) -> dict[int, tuple[str, int]]:
        """Schedules that hold the contract or the award of all of their bids: its family of variables and position."""
        found: dict[int, tuple[str, int]] = {}
        signed = {supplier: position for position, supplier in enumerate(self.signed)}
        awards = {contract: position for position, contract in enumerate(self.contracts)}
        for number in np.unique(self.tiers.schedule).tolist():
            schedule = self.problem.schedules[number].schedule
            if schedule.lot is not None:
                found[number] = ("award", awards[schedule.lot, schedule.supplier])
            elif schedule.reference is None and schedule.supplier in signed:
                found[number] = ("signed", signed[schedule.supplier])
        return found

    def gated(self, family: str) -> Positions:
        """Return the bids that a schedule holds to a contract (`signed`) or an award already."""
        own = [number for number, (name, _) in self.gates.items() if name == family]
        return np.unique(self.tiers.bid[np.isin(self.tiers.schedule[self.tiers.of_tier], own)])

    @cached_property
    def foreign(self) -> NDArray[np.bool_]:
        """Whether the supplier of each bid is not resident."""
        return np.array([not self.problem.suppliers[bid.offer.supplier].resident for bid in self.bids], dtype=np.bool_)

    @cached_property
    def lots(self) -> list[str]:
        """Lots that have bids, sorted."""
        return sorted({bid.lot for bid in self.bids if bid.lot is not None})

    @cached_property
    def in_lots(self) -> Positions:
        """Bids for needs of a lot."""
        return np.array([number for number, bid in enumerate(self.bids) if bid.lot is not None], dtype=np.intp)

    @cached_property
    def contracts(self) -> list[tuple[str, str]]:
        """Lots and suppliers that they may be awarded to."""
        return sorted({(self.lot_of(n), self.keys[n][0]) for n in self.in_lots.tolist()})

    @cached_property
    def contract_of(self) -> Positions:
        """Position of the contract of each bid in a lot."""
        return positions(self.contracts, ((self.lot_of(n), self.keys[n][0]) for n in self.in_lots.tolist()))

    def lot_of(self, bid: int) -> str:
        """Return the lot of a bid, or an empty string."""
        return self.bids[bid].lot or ""

    @cached_property
    def signed(self) -> list[str]:
        """Suppliers whose contract costs something."""
        return [one for one in self.suppliers if self.problem.suppliers[one].contract_cost > 0]

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """Needs and references whose use costs something, or is limited."""
        references = {one.id: one for one in self.problem.catalogue.product_references}
        found: dict[str, set[str]] = {}
        for bid in self.bids:
            found.setdefault(bid.need, set()).add(bid.offer.reference)
        rules = self.problem.rules
        most = {need: rule.max_references for need, rule in rules.items() if rule.max_references is not None}
        return [
            (need, one)
            for need in sorted(found)
            for one in sorted(found[need])
            if references[one].keeping_cost > 0
            or (references[one].switching_cost > 0 and one not in self.problem.in_use)
            or most.get(need, len(found[need])) < len(found[need])
        ]

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """Needs that ask for several suppliers, and the suppliers that can be a source of them."""
        able: dict[tuple[str, str], float] = {}
        for number, bid in enumerate(self.bids):
            place = (bid.need, bid.offer.supplier)
            able[place] = able.get(place, 0.0) + float(self.most[number])
        rules = self.problem.rules
        return sorted(
            place
            for place, most in able.items()
            if place[0] in rules and rules[place[0]].min_sources > 1 and reaches(most, rules[place[0]].source_share)
        )

    @cached_property
    def asked_sources(self) -> dict[str, int]:
        """How many sources each need that asks for several must have: as many as there can be, where they are fewer."""
        able: dict[str, int] = {}
        for need, _ in self.sources:
            able[need] = able.get(need, 0) + 1
        return {need: min(self.problem.rules[need].min_sources, count) for need, count in able.items()}

    @cached_property
    def limited(self) -> list[tuple[str, str, float]]:
        """Needs whose suppliers have a largest share, their suppliers, and that share."""
        suppliers: dict[str, set[str]] = {}
        for bid in self.bids:
            suppliers.setdefault(bid.need, set()).add(bid.offer.supplier)
        found = []
        for need, own in sorted(suppliers.items()):
            most = max(self.problem.rules[need].max_share, 1 / len(own)) if need in self.problem.rules else 1.0
            if most < 1:
                found += [(need, supplier, most) for supplier in sorted(own)]
        return found


def _pairs(pairs: Iterable[tuple[int, int]]) -> Flows:
    bids, cells = zip(*pairs, strict=True) if (pairs := list(pairs)) else ((), ())
    return Flows(np.array(bids, dtype=np.intp), np.array(cells, dtype=np.intp))


def positions(keys: Iterable[T], wanted: Iterable[T]) -> Positions:
    """Return where each of some keys stands."""
    at = {key: position for position, key in enumerate(keys)}
    return np.array([at[key] for key in wanted], dtype=np.intp)


def floats(values: Iterable[float]) -> Floats:
    """Return numbers as an array."""
    return np.array(list(values), dtype=np.float64)
