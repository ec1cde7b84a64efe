"""The question: from whom to buy what is needed for a year, so that the grouping pays less and lacks nothing?"""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.catalogue import Catalogue, Need
from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.services import Activity
from gst_opt.core.stocks import Stocks
from gst_opt.core.tables import repeated, unknown_references
from gst_opt.core.tenders import Lot, Supplier, Tenders
from gst_opt.core.time import Horizon
from gst_opt.model.problem import Problem
from gst_opt.pillars.purchasing import market
from gst_opt.pillars.purchasing.awards.cells import Cell, cells_of
from gst_opt.pillars.purchasing.awards.dated import Due, due_dates
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy, NeedRule
from gst_opt.pillars.purchasing.delivery import Routes, routes
from gst_opt.pillars.purchasing.demand import Requirements, total, units_required
from gst_opt.pillars.purchasing.market import Bid, Tiers
from gst_opt.pillars.purchasing.opening import beyond_stocks
from gst_opt.text import Message

LEAST_SOURCE_SHARE = 1e-5
"""Share of a need that a source sells at least: ten times the room that rows leave to the solver."""


class AwardProblem(Frozen, Problem[AwardPlan]):
    """Awards: needs, offers, discounts, lots, deliveries, and what is allowed, over the whole calendar.

    Raises
    ------
    DataError
        If a rule, a limit or a pin names what the data does not have, a rule asks for more suppliers than a lot may
        have or counts next to nothing as a source, or an offer would be bought in more than a million packs.
    """

    catalogue: Catalogue = Field(description="Needs, references, how much is needed")
    tenders: Tenders = Field(description="Suppliers, offers, discounts, lots")
    stocks: Stocks = Field(default=Stocks(), description="Depots and deliveries")
    activity: tuple[Activity, ...] = Field(default=(), description="Acts done, for needs that acts use")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")
    policy: AwardPolicy = Field(default=AwardPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: AwardPolicy | None = None) -> Self:
        """Ask the question of a grouping."""
        expect(grouping, Grouping)
        return cls(
            catalogue=grouping.catalogue,
            tenders=grouping.tenders,
            stocks=grouping.stocks,
            activity=grouping.activity,
            horizon=grouping.horizon,
            policy=policy or AwardPolicy(),
        )

    @cached_property
    def used(self) -> Requirements:
        """Units that each (need, facility) uses, by period."""
        return units_required(self.catalogue, self.activity, self.policy.levels)

    @cached_property
    def required(self) -> Requirements:
        """Units by period that each (need, facility) needs beyond what is in store."""
        return beyond_stocks(self.used, self.catalogue, self.stocks, self.horizon)

    @cached_property
    def demand(self) -> dict[str, float]:
        """Units of each need that is bought, over the calendar."""
        parts: dict[str, dict[str, float]] = {}
        for (need, facility), periods in self.required.items():
            parts.setdefault(need, {})[facility] = total(periods)
        return {need: total(own) for need, own in parts.items()}

    @cached_property
    def bids(self) -> tuple[Bid, ...]:
        """Offers that can be taken and that reach some facility that needs them."""
        found = market.bids(self.catalogue, self.tenders, self.demand, self.policy.surplus)
        where: dict[str, set[int]] = {}
        for need, facility in self.required:
            where.setdefault(need, set()).add(self.routes.group[facility])
        reaches = self.routes.beyond
        return tuple(bid for bid in found if any((bid.offer.supplier, group) in reaches for group in where[bid.need]))

    @cached_property
    def schedules(self) -> tuple[Tiers, ...]:
        """Discount schedules with their tiers."""
        return market.schedules(self.tenders)

    @cached_property
    def routes(self) -> Routes:
        """Cheapest deliveries from suppliers to the facilities that need something."""
        suppliers = [supplier.id for supplier in self.tenders.suppliers]
        return routes(self.stocks, suppliers, (facility for _, facility in self.required))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """What each group of facilities needs, by need and group."""
        return cells_of(self.required, self.demand, self.routes, self.bids)

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        """Suppliers by id."""
        return {supplier.id: supplier for supplier in self.tenders.suppliers}

    @cached_property
    def due(self) -> Due:
        """When suppliers are paid."""
        return due_dates(self.required, self.horizon, self.tenders.suppliers)

    @cached_property
    def lots(self) -> dict[str, Lot]:
        """Lots by id."""
        return {lot.id: lot for lot in self.tenders.lots}

    @cached_property
    def shortage_prices(self) -> dict[str, float]:
        """Price of a unit of each need that is not bought (MAD)."""
        return market.shortage_prices(self.catalogue, self.tenders, self.policy.shortage_factor)

    @cached_property
    def in_use(self) -> frozenset[str]:
        """References in use today."""
        return frozenset(row.reference for row in self.catalogue.today_purchases)

    @cached_property
    def rules(self) -> dict[str, NeedRule]:
        """The rule of each need that has any: all that select it, the strictest of each figure that they ask for."""
        found: dict[str, NeedRule] = {}
        for need in self.catalogue.needs:
            own = [rule for rule in self.policy.rules if rule.selects(need)]
            if own and need.id in self.demand:
                found[need.id] = _strictest(need, own)
        return found

    @model_validator(mode="after")
    def _known(self) -> Self:
        limits = repeated("cash_limits", self.policy.cash_limits)
        problems = [*self._unknown_ids(), *limits, *self._too_many_sources(), *self._sources_too_small()] or [
            *self._packs_too_small()
        ]
        if problems:
            raise DataError(problems)
        return self

    def _packs_too_small(self) -> Iterator[DataProblem]:
        most = {(bid.offer.supplier, bid.offer.reference): bid.most for bid in self.bids}
        return market.packs_too_small(self.tenders, most)

    def _unknown_ids(self) -> Iterator[DataProblem]:
        """Yield what rules and pins name and the data does not have."""
        known = {
            "need": ("needs", {one.id for one in self.catalogue.needs}),
            "reference": ("product_references", {one.id for one in self.catalogue.product_references}),
            "supplier": ("suppliers", {one.id for one in self.tenders.suppliers}),
            "lot": ("lots", {one.id for one in self.tenders.lots}),
            "period": ("periods", {one.id for one in self.horizon.periods}),
        }
        policy = self.policy
        for table, records in (("rules", policy.rules), ("cash_limits", policy.cash_limits), ("pins", policy.pins)):
            yield from unknown_references(table, records, known)

    def _too_many_sources(self) -> Iterator[DataProblem]:
        """Yield rules that ask for more suppliers of a need than its lot is awarded to."""
        lot_of = {item.need: item.lot for item in self.tenders.lot_items}
        awards = {lot.id: lot.max_awards for lot in self.tenders.lots}
        for position, rule in enumerate(self.policy.rules, 1):
            lots = {lot_of.get(need.id, "") for need in self.catalogue.needs if rule.selects(need)} & awards.keys()
            for lot in sorted(lots):
                if rule.min_sources > awards[lot]:
                    expected = Message("pillars.sources_of_lot", {"most": awards[lot], "lot": lot})
                    yield DataProblem("rules", position, "min_sources", str(rule.min_sources), expected)

    def _sources_too_small(self) -> Iterator[DataProblem]:
        """Yield rules by which a supplier of next to nothing would be a source."""
        expected = Message("pillars.least_source_share", {"least": f"{LEAST_SOURCE_SHARE:g}"})
        for position, rule in enumerate(self.policy.rules, 1):
            if rule.min_sources > 1 and rule.source_share < LEAST_SOURCE_SHARE:
                yield DataProblem("rules", position, "source_share", f"{rule.source_share:g}", expected)


def _strictest(need: Need, rules: list[NeedRule]) -> NeedRule:
    references = [rule.max_references for rule in rules if rule.max_references is not None]
    several = [rule for rule in rules if rule.min_sources > 1] or rules
    return NeedRule(
        need=need.id,
        max_references=min(references, default=None),
        min_sources=max(rule.min_sources for rule in rules),
        source_share=max(rule.source_share for rule in several),
        max_share=min(rule.max_share for rule in rules),
        reason=rules[0].reason,
    )
