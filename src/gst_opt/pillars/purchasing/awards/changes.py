"""Changes whose price may be asked for: rules of the tender left out, one at a time; no solver."""

from collections.abc import Iterator
from dataclasses import dataclass

from gst_opt.model.changes import Change
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.changes import where_valid, with_policy, with_rows, without_pins
from gst_opt.text import Message

AwardChange = Change[AwardProblem]


@dataclass(frozen=True)
class AwardChanges:
    """Changes of a question about awards, for `rule_prices`.

    A rule that the question does not have is not left out, so that every price is that of a rule; nor is one without
    which the question is not valid, as where it alone keeps an offer in more than a million packs out.

    Attributes
    ----------
    problem
        The question as it is.
    """

    problem: AwardProblem

    def every(self) -> tuple[AwardChange, ...]:
        """Leave out each rule in turn: those of the policy, of lots, of offers, and pins."""
        return (*self.need_rules(), *self.limits(), *self.lots(), *self.offers(), *self.pins())

    def need_rules(self) -> tuple[AwardChange, ...]:
        """Leave out each rule by need in turn: references, sources and shares."""
        rules = self.problem.policy.rules
        return tuple(
            Change(
                Message("prices.without_need_rule", {"number": number, "reason": rule.reason}),
                with_policy(self.problem, {"rules": (*rules[: number - 1], *rules[number:])}),
            )
            for number, rule in enumerate(rules, 1)
        )

    def limits(self) -> tuple[AwardChange, ...]:
        """Leave out the reserve, the preference, the largest share of a supplier, the budget, money by period.

        The reserve to small firms goes with the lots reserved already. What preference costs is the difference of the
        terms that are paid: the goal also counts what is added to prices to compare them.
        """
        return tuple(self._limits())

    def _limits(self) -> Iterator[AwardChange]:
        problem, policy, lots = self.problem, self.problem.policy, self.problem.tenders.lots
        if any(lot.reserved or lot.forecast * policy.small_firm_share > 0 for lot in lots):
            free = with_rows(with_policy(problem, {"small_firm_share": 0.0}), "tenders", "lots", {"reserved": False})
            yield Change(Message("prices.without_reserve"), free, relaxes=True)
        if policy.preference > 0 and not all(one.resident for one in self.problem.tenders.suppliers):
            yield Change(Message("prices.without_preference"), with_policy(problem, {"preference": 0.0}))
        if policy.max_supplier_share < 1:
            free = with_policy(problem, {"max_supplier_share": 1.0})
            yield Change(Message("prices.without_supplier_share"), free, relaxes=True)
        if policy.budget is not None:
            yield Change(Message("prices.without_budget"), with_policy(problem, {"budget": None}), relaxes=True)
        if policy.cash_limits:
            yield Change(Message("prices.without_cash"), with_policy(problem, {"cash_limits": ()}), relaxes=True)

    def lots(self) -> tuple[AwardChange, ...]:
        """Award lots to any number of suppliers, take bids for parts of a lot, leave out amounts of contracts."""
        return tuple(self._lots())

    def _lots(self) -> Iterator[AwardChange]:
        problem, lots, suppliers = self.problem, self.problem.tenders.lots, len(self.problem.tenders.suppliers)
        if any(lot.max_awards < suppliers for lot in lots):
            most = max(suppliers, *(lot.max_awards for lot in lots))
            yield Change(
                Message("prices.several_awards"),
                with_rows(problem, "tenders", "lots", {"max_awards": most}),
                relaxes=True,
            )
        if not all(lot.partial_bids for lot in lots):
            label = Message("prices.partial_bids")
            yield from where_valid(label, lambda: with_rows(problem, "tenders", "lots", {"partial_bids": True}))
        if any(lot.min_amount > 0 or lot.max_amount is not None for lot in lots):
            free = with_rows(problem, "tenders", "lots", {"min_amount": 0.0, "max_amount": None})
            yield Change(Message("prices.without_contract_amounts"), free, relaxes=True)

    def offers(self) -> tuple[AwardChange, ...]:
        """Leave out minimum orders, and packs."""
        return tuple(self._offers())

    def _offers(self) -> Iterator[AwardChange]:
        problem, offers = self.problem, self.problem.tenders.offers
        if any(offer.min_order > 0 for offer in offers):
            label = Message("prices.without_minimum_orders")
            yield from where_valid(label, lambda: with_rows(problem, "tenders", "offers", {"min_order": 0.0}))
        if any(offer.pack is not None for offer in offers):
            yield Change(Message("prices.without_packs"), with_rows(problem, "tenders", "offers", {"pack": None}))

    def pins(self) -> tuple[AwardChange, ...]:
        """Leave out each pin in turn."""
        return without_pins(self.problem)
