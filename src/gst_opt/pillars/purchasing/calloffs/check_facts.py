"""What the check knows: the data by id, and what a plan's lines and uses add up to; nothing of the model."""

import math
from collections import defaultdict
from datetime import timedelta
from functools import cached_property

from gst_opt.core.tenders import Offer
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer, FrameworkContract
from gst_opt.pillars.purchasing.calloffs.calls import Call, Want
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, Use
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.tolerance import TOLERANCE

Receipt = tuple[str, str, str]
"""Supplier, reference and period of receipt."""
Place = tuple[str, int, str]
"""Need, group and period."""


def missing(found: float, least: float) -> float:
    """Return what is missing to a least figure; nothing where rounding explains it."""
    return least - found if found < least * (1 - TOLERANCE) else 0.0


class Facts:
    """Offers, wants and periods by id; lines and uses that are possible, and their sums."""

    def __init__(self, problem: CallOffProblem, plan: CallOffPlan) -> None:
        self.problem, self.policy, self.plan = problem, problem.policy, plan
        self.periods = {period.id: period for period in problem.horizon.periods}
        self.at = {period: position for position, period in enumerate(self.periods)}
        self.offers: dict[tuple[str, str], Call] = {call.key: call for call in problem.calls}
        self.awards: dict[tuple[str, str], AwardedOffer] = {(a.supplier, a.reference): a for a in problem.awards}
        self.references = {one.id: one for one in problem.catalogue.product_references}
        self.rows: dict[tuple[str, str], Offer] = {(one.supplier, one.reference): one for one in problem.tenders.offers}
        ids = list(self.periods)
        self.wants: dict[Place, Want] = {(w.need, w.group, ids[w.period]): w for w in problem.wanted.wants}
        self.demand = {place: want.units for place, want in self.wants.items()}
        self.received: dict[Receipt, float] = {}
        for row in plan.calls:
            call = self.offers.get((row.supplier, row.reference))
            if call is not None and self.at.get(row.received) in call.window and row.units > 0:
                self.received.setdefault((row.supplier, row.reference, row.received), row.units)
        self.met: dict[Place, float] = {}
        parts: dict[Place, list[float]] = defaultdict(list)
        for use in plan.uses:
            call = self.offers.get((use.supplier, use.reference))
            if call is not None:
                parts[call.need, use.group, use.period].append(use.units * call.factor)
        self.met = {place: math.fsum(units) for place, units in parts.items()}

    @cached_property
    def in_reach(self) -> list[Place]:
        """Places that something can arrive at in time."""
        calls: dict[str, list[Call]] = defaultdict(list)
        for call in self.offers.values():
            calls[call.need].append(call)
        return [
            place
            for place in self.wants
            if any(
                self.reaches(call, place) and any(self.in_window(call, period, place[2]) for period in self.periods)
                for call in calls[place[0]]
            )
        ]

    @cached_property
    def out_of_reach(self) -> list[Place]:
        """Places that nothing can arrive at in time."""
        near = set(self.in_reach)
        return [place for place in self.wants if place not in near]

    def price(self, place: Place) -> float:
        """Price of a unit that is not there (MAD)."""
        return self.problem.shortage_prices[place[0]]

    def short(self, place: Place) -> float:
        """Units that are not there; nothing where rounding explains it."""
        return missing(self.met.get(place, 0.0), self.demand[place])

    def reaches(self, call: Call, place: Place) -> bool:
        """Say whether an offer is for a place's need and its supplier delivers there."""
        return call.need == place[0] and call.supplier in self.wants[place].suppliers

    def in_window(self, call: Call, received: str, used: str) -> bool:
        """Say whether goods received in a period can be used in another."""
        start, end = self.at[received], self.at[used]
        if start not in call.window or end < start:
            return False
        offer = self.rows[call.key]
        days = (self.periods[used].end - self.periods[received].start).days + 1
        waits = (self.periods[used].start - self.periods[received].start).days
        expired = offer.shelf_life is not None and days > offer.shelf_life
        too_long = self.policy.max_cover is not None and waits > self.policy.max_cover
        return start == end or not (expired or too_long)

    def usable(self, use: Use) -> bool:
        """Say whether a use is of a possible receipt, in time and in reach."""
        call = self.offers.get((use.supplier, use.reference))
        if call is None or use.received not in self.at or (call.need, use.group, use.period) not in self.wants:
            return False
        place = (call.need, use.group, use.period)
        return self.reaches(call, place) and self.in_window(call, use.received, use.period)

    def way(self, call: Call, place: Place) -> float:
        """Delivery of a cubic metre (MAD)."""
        want = self.wants[place]
        return want.base + want.suppliers[call.supplier]

    def years(self, first: str, last: str | None) -> float:
        """Years from the beginning of a period to that of another, or to the end of the calendar."""
        stop = len(self.at) if last is None else self.at[last]
        return math.fsum(period.years for period in list(self.periods.values())[self.at[first] : stop])

    def total(self, key: tuple[str, str]) -> float:
        """Units ordered of an offer."""
        return math.fsum(self.received.get((*key, period), 0.0) for period in self.periods)

    def left(self) -> dict[Receipt, float]:
        """Units received that no use takes."""
        used: dict[Receipt, list[float]] = defaultdict(list)
        for use in self.plan.uses:
            used[use.supplier, use.reference, use.received].append(use.units)
        return {place: max(units - math.fsum(used.get(place, ())), 0.0) for place, units in self.received.items()}

    def contract(self, contract: FrameworkContract) -> tuple[float, float]:
        """Return the value ordered under a framework contract, at list prices, and what it owes beyond its offers."""
        own = [key for key, call in self.offers.items() if (call.lot, key[0]) == (contract.lot, contract.supplier)]
        prices = {key: self.rows[key].price for key in own}
        value = math.fsum(prices[key] * self.total(key) for key in own)
        owed = math.fsum(self.awards[key].price * missing(self.total(key), self.awards[key].least) for key in own)
        return value, missing(value + owed, contract.min_amount)

    def down(self, call: Call, units: float) -> float:
        """Round a limit down to whole packs."""
        return units if call.pack is None else call.pack * math.floor(units / call.pack + 1e-9)

    def days(self, place: Receipt) -> tuple[str, str | None]:
        """Return the day that a line is ordered by, and the period in which it is paid."""
        offer, start = self.rows[place[:2]], self.periods[place[2]].start
        delay = next(one.payment_delay for one in self.problem.tenders.suppliers if one.id == place[0])
        pay = start + timedelta(days=math.ceil(delay))
        due = [period.id for period in self.periods.values() if period.start <= pay <= period.end]
        return str(start - timedelta(days=math.ceil(offer.lead_time))), due[0] if due else None

    def payments(self) -> dict[str, float]:
        """Return what falls due in every period."""
        found: dict[str, list[float]] = {period: [] for period in self.periods}
        for place, units in self.received.items():
            due = self.days(place)[1]
            if due is not None:
                found[due].append(units * self.awards[place[:2]].price)
        return {period: math.fsum(parts) for period, parts in found.items()}
