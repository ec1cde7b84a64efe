"""What the check knows: the data by id, and what a plan's orders add up to; nothing of the model."""

import math
from collections import defaultdict

from gst_opt.core.tenders import DiscountKind, DiscountSchedule, DiscountTier, Measure
from gst_opt.pillars.purchasing.awards.plan import AwardPlan, Order
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.market import Bid
from gst_opt.pillars.purchasing.tolerance import reaches

Key = tuple[str, str]


class Facts:
    """Bids, discounts and lots by id; orders that exist, and their sums."""

    def __init__(self, problem: AwardProblem, plan: AwardPlan) -> None:
        self.problem, self.policy, self.plan = problem, problem.policy, plan
        self.bids: dict[Key, Bid] = {(bid.offer.supplier, bid.offer.reference): bid for bid in problem.bids}
        self.references = {one.id: one for one in problem.catalogue.product_references}
        self.tiers: dict[str, list[DiscountTier]] = defaultdict(list)
        for tier in sorted(problem.tenders.discount_tiers, key=lambda one: one.threshold):
            self.tiers[tier.schedule].append(tier)
        self.orders: dict[Key, Order] = {}
        for order in plan.orders:
            if (order.supplier, order.reference) in self.bids and order.units > 0:
                self.orders.setdefault((order.supplier, order.reference), order)
        self.of_supplier: dict[str, list[Key]] = defaultdict(list)
        for key in self.orders:
            self.of_supplier[key[0]].append(key)
        self.units = {key: order.units for key, order in self.orders.items()}
        self.values = {key: units * self.bids[key].offer.price for key, units in self.units.items()}

    def met(self, key: Key) -> float:
        """Units of the need that an order meets."""
        return self.units[key] * self.bids[key].factor

    def by(self, name: str) -> dict[str, list[Key]]:
        """Return the orders by need, lot or supplier."""
        found: dict[str, list[Key]] = defaultdict(list)
        for key in self.orders:
            bid = self.bids[key]
            group = {"need": bid.need, "lot": bid.lot, "supplier": key[0]}[name]
            if group is not None:
                found[group].append(key)
        return found

    def covered(self, schedule: DiscountSchedule) -> list[Key]:
        """Return the orders that a schedule is for."""
        return [
            key
            for key in self.of_supplier[schedule.supplier]
            if schedule.reference in (None, key[1]) and schedule.lot in (None, self.bids[key].lot)
        ]

    def measured(self, schedule: DiscountSchedule) -> float:
        """Return what the thresholds of a schedule count of the orders."""
        counted = self.units if schedule.measure is Measure.QUANTITY else self.values
        return math.fsum(counted[key] for key in self.covered(schedule))

    def saved(self, schedule: DiscountSchedule) -> float:
        """Return the rebate of a schedule in money; on what is beyond each threshold where it is incremental."""
        own, measured = self.covered(schedule), self.measured(schedule)
        value = math.fsum(self.values[key] for key in own)
        reached = [tier for tier in self.tiers[schedule.id] if reaches(measured, tier.threshold)]
        if not reached or not own:
            return 0.0
        if schedule.kind is DiscountKind.ALL_UNITS:
            return reached[-1].rebate * value
        ends = [*(tier.threshold for tier in reached[1:]), measured]
        slices = [tier.rebate * (end - tier.threshold) for tier, end in zip(reached, ends, strict=True)]
        return math.fsum(slices) * value / measured

    def paid(self) -> dict[Key, float]:
        """Return what is paid for each order: rebates on several are shared out by value."""
        less: dict[Key, list[float]] = defaultdict(list)
        for schedule in self.problem.tenders.discount_schedules:
            own = self.covered(schedule)
            value, saved = math.fsum(self.values[key] for key in own), self.saved(schedule)
            for key in own:
                less[key].append(saved * self.values[key] / value)
        return {key: value - math.fsum(less[key]) for key, value in self.values.items()}
