"""Calls, receipts, wants and what links them as arrays: the positions that rows and terms are made of; no solver.

Quantities are shares: of a want, what a receipt meets of it; of the most of a receipt, what is left over.
"""

import math
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.purchasing.calloffs.calls import Call
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class Index:
    """Everything that rows, terms and reading look up.

    Attributes
    ----------
    calls, wants
        What may be called off; what groups need.
    call, received
        Call and period (positions) of every slot: a receipt that some want can use.
    slot, want
        Slot and want of every pair.
    units
        Units of the reference that meet the whole want, for every pair.
    most
        Largest share of each pair.
    largest
        Most units of each slot: what its wants can use, in whole packs, at least the minimum order.
    leeway
        Most units left over of each slot: a pack, or the minimum order; 0 where every unit is for a want.
    reached
        Positions of wants that some pair can meet.
    """

    def __init__(self, problem: CallOffProblem) -> None:
        self.problem = problem
        self.calls, self.wants = problem.calls, problem.wanted.wants
        self.periods = [period.id for period in problem.horizon.periods]
        by_need: dict[str, list[int]] = {}
        for position, want in enumerate(self.wants):
            by_need.setdefault(want.need, []).append(position)
        slots: list[tuple[int, int]] = []
        pairs: list[tuple[int, int]] = []
        for number, call in enumerate(self.calls):
            own = [k for k in by_need.get(call.need, ()) if call.supplier in self.wants[k].suppliers]
            for received, last in call.window.items():
                used = [k for k in own if received <= self.wants[k].period <= last]
                pairs += [(len(slots), k) for k in used]
                slots += [(number, received)] * bool(used)
        self.call, self.received = _columns(slots)
        self.slot, self.want = _columns(pairs)
        self.keys = [(*self.calls[call].key, self.periods[s]) for call, s in slots]
        self.of_call = self.call[self.slot]
        self.demand = floats(want.units for want in self.wants)
        self.period = np.array([want.period for want in self.wants], dtype=np.intp)
        self.units = self.demand[self.want] / self.each("factor")[self.of_call]
        usable = np.bincount(self.slot, weights=self.units, minlength=len(slots))
        self.leeway = floats(max(self.calls[call].smallest, self.calls[call].pack or 0.0) for call, _ in slots)
        self.largest = floats(_largest(self.calls[call], units) for (call, _), units in zip(slots, usable, strict=True))
        self.most = np.minimum(1.0, self.largest[self.slot] / self.units)
        self.reached = np.unique(self.want)

    def each(self, name: str) -> Floats:
        """Return one figure of every call."""
        return floats(getattr(call, name) for call in self.calls)

    @cached_property
    def price(self) -> Floats:
        """Price paid for a unit of each call (MAD)."""
        return self.each("price")

    @cached_property
    def orders(self) -> list[tuple[str, str]]:
        """Suppliers and periods with a receipt, where an order costs something."""
        found = {(supplier, period) for supplier, _, period in self.keys}
        return sorted(found) if self.problem.policy.order_cost > 0 else []

    @cached_property
    def lines(self) -> Positions:
        """Slots whose line is counted: it costs something, or has a minimum order."""
        smallest = self.each("smallest")[self.call]
        return np.flatnonzero((smallest > 0) | (self.problem.policy.line_cost > 0))

    @cached_property
    def packed(self) -> Positions:
        """Slots in whole packs."""
        return np.array([n for n, call in enumerate(self.call.tolist()) if self.calls[call].pack], dtype=np.intp)

    @cached_property
    def loose(self) -> Positions:
        """Slots where something may be left over."""
        return np.flatnonzero(self.leeway > 0)

    @cached_property
    def pack(self) -> Floats:
        """Units of a pack of each slot; 0 where there are none."""
        return np.array([self.calls[call].pack or 0.0 for call in self.call.tolist()])

    @cached_property
    def committed(self) -> Positions:
        """Calls with a least quantity."""
        return np.flatnonzero(self.each("least") > 0)

    @cached_property
    def contracts(self) -> list[tuple[str, str]]:
        """Framework contracts with a minimum."""
        return [(one.lot, one.supplier) for one in self.problem.contracts if one.min_amount > 0]

    def of_contract(self, lot: str, supplier: str) -> Positions:
        """Return the calls of a framework contract."""
        own = [n for n, call in enumerate(self.calls) if (call.lot, call.supplier) == (lot, supplier)]
        return np.array(own, dtype=np.intp)

    @cached_property
    def lengths(self) -> Floats:
        """Years from the first day of the calendar to that of each period, and to its end."""
        return np.concatenate([[0.0], np.cumsum([period.years for period in self.problem.horizon.periods])])

    @cached_property
    def waits(self) -> Floats:
        """Years that the goods of each pair are kept."""
        return np.asarray(self.lengths[self.period[self.want]] - self.lengths[self.received[self.slot]])

    @cached_property
    def left_waits(self) -> Floats:
        """Years that what is left over of each slot is kept: to the end of the calendar."""
        return np.asarray(self.lengths[-1] - self.lengths[self.received])

    def delivery(self) -> Floats:
        """Return what deliveries of the whole want cost, for each pair (MAD)."""
        volume = self.each("volume")[self.of_call]
        beyond = floats(
            self.wants[want].base + self.wants[want].suppliers[self.calls[call].supplier]
            for want, call in zip(self.want.tolist(), self.of_call.tolist(), strict=True)
        )
        return np.asarray(volume * self.units * beyond)

    @cached_property
    def due(self) -> Positions:
        """Period in which each slot is paid; -1 after the calendar."""
        found = [self.calls[call].due[s] for call, s in zip(self.call.tolist(), self.received.tolist(), strict=True)]
        return np.array([-1 if one is None else one for one in found], dtype=np.intp)


def _largest(call: Call, usable: float) -> float:
    units = max(usable, call.smallest)
    if call.pack is not None:
        units = call.pack * math.ceil(units / call.pack - 1e-9)
    return min(units, call.largest)


def _columns(pairs: list[tuple[int, int]]) -> tuple[Positions, Positions]:
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return first, second


def floats(values: Iterable[float]) -> Floats:
    """Return numbers as an array."""
    return np.array(list(values), dtype=np.float64)
