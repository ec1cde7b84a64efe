"""Changes whose price may be asked for: rules of call-offs left out, one at a time; no solver."""

from collections.abc import Iterator
from dataclasses import dataclass

from gst_opt.model.changes import Change
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.changes import where_valid, with_policy, with_rows, without_pins
from gst_opt.text import Message

CallOffChange = Change[CallOffProblem]


@dataclass(frozen=True)
class CallOffChanges:
    """Changes of a question about call-offs, for `rule_prices`.

    A rule that the question does not have is not left out, so that every price is that of a rule; nor is one without
    which the question is not valid, as where it alone keeps receipts below a million packs.

    Attributes
    ----------
    problem
        The question as it is.
    """

    problem: CallOffProblem

    def every(self) -> tuple[CallOffChange, ...]:
        """Leave out each rule in turn: those of the policy, of awards and contracts, of offers, and pins."""
        return (*self.limits(), *self.awards(), *self.offers(), *self.pins())

    def limits(self) -> tuple[CallOffChange, ...]:
        """Leave out how long goods may wait, the budget, money by period."""
        return tuple(self._limits())

    def _limits(self) -> Iterator[CallOffChange]:
        problem, policy = self.problem, self.problem.policy
        if policy.max_cover is not None:
            label = Message("prices.without_cover")
            yield from where_valid(label, lambda: with_policy(problem, {"max_cover": None}), relaxes=True)
        if policy.budget is not None:
            yield Change(Message("prices.without_budget"), with_policy(problem, {"budget": None}), relaxes=True)
        if policy.cash_limits:
            yield Change(Message("prices.without_cash"), with_policy(problem, {"cash_limits": ()}), relaxes=True)

    def awards(self) -> tuple[CallOffChange, ...]:
        """Leave out quantities to order at least, quantities at most, amounts of contracts."""
        return tuple(self._awards())

    def _awards(self) -> Iterator[CallOffChange]:
        problem, awards = self.problem, self.problem.awards
        if any(one.least > 0 for one in awards):
            free = problem.replace(awards=tuple(one.replace(least=0.0) for one in awards))
            yield Change(Message("prices.without_least"), free, relaxes=True)
        if any(one.most is not None or one.per_period is not None for one in awards):
            free_awards = tuple(one.replace(most=None, per_period=None) for one in awards)
            label = Message("prices.without_most")
            yield from where_valid(label, lambda: problem.replace(awards=free_awards), relaxes=True)
        if any(one.min_amount > 0 or one.max_amount is not None for one in problem.contracts):
            yield Change(Message("prices.without_contract_amounts"), problem.replace(contracts=()), relaxes=True)

    def offers(self) -> tuple[CallOffChange, ...]:
        """Leave out minimum orders, and packs."""
        return tuple(self._offers())

    def _offers(self) -> Iterator[CallOffChange]:
        problem, offers = self.problem, self.problem.tenders.offers
        if any(offer.min_order > 0 for offer in offers):
            free = with_rows(problem, "tenders", "offers", {"min_order": 0.0})
            yield Change(Message("prices.without_minimum_orders"), free)
        if any(offer.pack is not None for offer in offers):
            yield Change(Message("prices.without_packs"), with_rows(problem, "tenders", "offers", {"pack": None}))

    def pins(self) -> tuple[CallOffChange, ...]:
        """Leave out each pin in turn."""
        return without_pins(self.problem)
