"""The question: what to order when, of what was awarded, so that it is there in time at the least cost?"""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.catalogue import Catalogue
from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen, Row
from gst_opt.core.grouping import Grouping
from gst_opt.core.services import Activity
from gst_opt.core.stocks import Stocks
from gst_opt.core.tables import repeated, unknown_references
from gst_opt.core.tenders import Tenders
from gst_opt.core.time import Horizon
from gst_opt.model.problem import Problem
from gst_opt.pillars.purchasing import market
from gst_opt.pillars.purchasing.awards.plan import AwardPlan
from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer, FrameworkContract
from gst_opt.pillars.purchasing.calloffs.calls import Call, Wanted, calls_of, largest_receipts, wanted_of
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.policy import CallOffPolicy
from gst_opt.pillars.purchasing.demand import Requirements, units_required
from gst_opt.pillars.purchasing.opening import Opened, open_stocks
from gst_opt.text import Message


class CallOffProblem(Frozen, Problem[CallOffPlan]):
    """Call-offs: what was awarded, what every period needs, lead times, costs of orders and of stock.

    Raises
    ------
    DataError
        If an award, a contract, a limit or a pin names what the data does not have, or names it twice, or an offer
        would be received in more than a million packs at once.
    """

    catalogue: Catalogue = Field(description="Needs, references, how much is needed")
    tenders: Tenders = Field(description="Suppliers, offers, lots")
    stocks: Stocks = Field(default=Stocks(), description="Depots and deliveries")
    activity: tuple[Activity, ...] = Field(default=(), description="Acts done, for needs that acts use")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")
    awards: tuple[AwardedOffer, ...] = Field(default=(), description="Offers that may be called off")
    contracts: tuple[FrameworkContract, ...] = Field(default=(), description="Framework contracts")
    policy: CallOffPolicy = Field(default=CallOffPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: CallOffPolicy | None = None, awards: AwardPlan | None = None) -> Self:
        """Ask the question of a grouping and of its awards; without awards, every offer stands at its list price.

        The units awarded are the least that is ordered, as rebates were given for them; the capacity of an offer is
        the most.
        """
        expect(grouping, Grouping)
        offered = {(one.supplier, one.reference): one for one in grouping.tenders.offers}
        if awards is None:
            own = [AwardedOffer(supplier=j, reference=r, price=one.price) for (j, r), one in offered.items()]
        else:
            own = [
                AwardedOffer(
                    supplier=one.supplier, reference=one.reference, price=one.paid / one.units, least=one.units
                )
                for one in awards.orders
            ]
        lots = {lot.id: lot for lot in grouping.tenders.lots}
        return cls(
            catalogue=grouping.catalogue,
            tenders=grouping.tenders,
            stocks=grouping.stocks,
            activity=grouping.activity,
            horizon=grouping.horizon,
            awards=tuple(one.replace(most=offered[one.supplier, one.reference].capacity) for one in own),
            contracts=tuple(
                FrameworkContract(
                    lot=one.lot,
                    supplier=one.supplier,
                    min_amount=lots[one.lot].min_amount,
                    max_amount=lots[one.lot].max_amount,
                )
                for one in (awards.awards if awards else ())
            ),
            policy=policy or CallOffPolicy(),
        )

    @property
    def at_list_prices(self) -> bool:
        """Whether every offer may be called off at its list price and nothing is owed, as before any award."""
        offered = {(one.supplier, one.reference): one.price for one in self.tenders.offers}
        owed = self.contracts or any(one.least > 0 for one in self.awards)
        return not owed and {(one.supplier, one.reference): one.price for one in self.awards} == offered

    @cached_property
    def used(self) -> Requirements:
        """Units that each (need, facility) uses, by period."""
        return units_required(self.catalogue, self.activity, self.policy.levels)

    @cached_property
    def opened(self) -> Opened:
        """How what is in store at the start is used."""
        return open_stocks(self.used, self.catalogue, self.stocks, self.horizon)

    @cached_property
    def required(self) -> Requirements:
        """Units by period that each (need, facility) needs beyond what is in store."""
        return self.opened.beyond

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Awarded offers for what is needed, and when they can be received and used."""
        return calls_of(self.catalogue, self.tenders, self.awards, self.horizon, self.policy)

    @cached_property
    def wanted(self) -> Wanted:
        """What every group of facilities needs in every period."""
        return wanted_of(self.required, self.stocks, self.calls, self.horizon)

    @cached_property
    def shortage_prices(self) -> dict[str, float]:
        """Price of a unit of each need that is not there (MAD)."""
        return market.shortage_prices(self.catalogue, self.tenders, self.policy.shortage_factor)

    @model_validator(mode="after")
    def _known(self) -> Self:
        problems = [*self._unknown(), *self._twice()] or [*self._packs_too_small()]
        if problems:
            raise DataError(problems)
        return self

    def _packs_too_small(self) -> Iterator[DataProblem]:
        return market.packs_too_small(self.tenders, largest_receipts(self.calls, self.wanted))

    def _unknown(self) -> Iterator[DataProblem]:
        """Yield what awards, contracts, limits and pins name and the data does not have."""
        known = {
            "supplier": ("suppliers", {one.id for one in self.tenders.suppliers}),
            "reference": ("product_references", {one.id for one in self.catalogue.product_references}),
            "need": ("needs", {one.id for one in self.catalogue.needs}),
            "lot": ("lots", {one.id for one in self.tenders.lots}),
            "period": ("periods", {one.id for one in self.horizon.periods}),
        }
        offered = {(one.supplier, one.reference) for one in self.tenders.offers}
        for position, award in enumerate(self.awards, 1):
            if (award.supplier, award.reference) not in offered:
                expected = Message("core.reference_on_offer", {"supplier": award.supplier})
                yield DataProblem("awards", position, "reference", award.reference, expected)
        tables = (
            ("contracts", self.contracts),
            ("cash_limits", self.policy.cash_limits),
            ("pins", self.policy.pins),
        )
        for table, records in tables:
            yield from unknown_references(table, records, known)

    def _twice(self) -> Iterator[DataProblem]:
        """Yield rows that come twice."""
        tables: tuple[tuple[str, tuple[Row, ...]], ...] = (
            ("awards", self.awards),
            ("contracts", self.contracts),
            ("cash_limits", self.policy.cash_limits),
        )
        for table, rows in tables:
            yield from repeated(table, rows)
