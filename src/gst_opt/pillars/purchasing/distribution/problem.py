"""The question: how does what was called off reach every facility at the least cost, and what does each pay?"""

from collections.abc import Iterator
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gst_opt.core.catalogue import Catalogue
from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.services import Activity
from gst_opt.core.stocks import Stocks
from gst_opt.core.tables import repeated, unknown_references
from gst_opt.core.tenders import Tenders
from gst_opt.core.time import Horizon
from gst_opt.core.units import Mad
from gst_opt.model.problem import Problem
from gst_opt.pillars.purchasing import market
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.demand import Requirements, units_required
from gst_opt.pillars.purchasing.distribution.arrivals import Arrival, as_needed, called_off, common_costs, in_depots
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan
from gst_opt.pillars.purchasing.distribution.policy import DistributionPolicy
from gst_opt.pillars.purchasing.distribution.ways import Want, Ways, groups_of, wants_of, ways_of
from gst_opt.pillars.purchasing.opening import open_stocks
from gst_opt.text import Message


class DistributionProblem(Frozen, Problem[DistributionPlan]):
    """Distribution: what arrives when for which period, what every facility needs, depots, ways and their costs.

    Raises
    ------
    DataError
        If an arrival or a pin names what the data does not have, or an arrival is used before it is received.
    """

    catalogue: Catalogue = Field(description="Needs, references, how much is needed")
    tenders: Tenders = Field(description="Suppliers, offers")
    stocks: Stocks = Field(default=Stocks(), description="Depots and deliveries")
    activity: tuple[Activity, ...] = Field(default=(), description="Acts done, for needs that acts use")
    horizon: Horizon = Field(default=Horizon(), description="Calendar of the grouping")
    arrivals: tuple[Arrival, ...] = Field(default=(), description="What arrives")
    common: Mad = Field(default=0.0, description="What is paid for no facility in particular; invoiced by supplies")
    policy: DistributionPolicy = Field(default=DistributionPolicy(), description="What the grouping has decided")

    @classmethod
    def of(cls, grouping: Grouping, policy: DistributionPolicy | None = None, calls: CallOffPlan | None = None) -> Self:
        """Ask the question of a grouping and of its call-offs.

        Without call-offs, every need arrives in its own period from its cheapest offer at list price.
        """
        expect(grouping, Grouping)
        chosen = policy or DistributionPolicy()
        used = units_required(grouping.catalogue, grouping.activity, chosen.levels)
        opened = open_stocks(used, grouping.catalogue, grouping.stocks, grouping.horizon)
        coming = called_off(calls) if calls else as_needed(grouping.catalogue, grouping.tenders, opened.beyond)
        return cls(
            catalogue=grouping.catalogue,
            tenders=grouping.tenders,
            stocks=grouping.stocks,
            activity=grouping.activity,
            horizon=grouping.horizon,
            arrivals=(*coming, *in_depots(opened.uses, grouping.horizon)),
            common=common_costs(calls) if calls else 0.0,
            policy=chosen,
        )

    @cached_property
    def used(self) -> Requirements:
        """Units that each (need, facility) uses, by period."""
        return units_required(self.catalogue, self.activity, self.policy.levels)

    @cached_property
    def required(self) -> Requirements:
        """Units by period that each (need, facility) needs beyond its own store."""
        return open_stocks(self.used, self.catalogue, self.stocks, self.horizon).beyond_own

    @cached_property
    def ways(self) -> Ways:
        """Costs of every way from who sells to who needs."""
        suppliers = {arrival.supplier for arrival in self.arrivals if arrival.supplier is not None}
        depots = {arrival.depot for arrival in self.arrivals if arrival.depot is not None}
        return ways_of(self.stocks, suppliers, depots, (facility for _, facility in self.required))

    @cached_property
    def groups(self) -> dict[str, int]:
        """Group of every facility that needs something."""
        return groups_of(self.ways, (facility for _, facility in self.required), self.policy.group_width)

    @cached_property
    def wants(self) -> tuple[Want, ...]:
        """What every group needs of every need in every period."""
        return wants_of(self.required, self.ways, self.groups, self.horizon)

    def ways_to(self, arrival: Arrival, want: Want) -> Iterator[tuple[str | None, float]]:
        """Yield the ways of an arrival to who wants it: the depot, or none, and the cost of a cubic metre (MAD)."""
        start = {period.id: period.start for period in self.horizon.periods}
        waits = (start[arrival.period] - start[arrival.received]).days
        if arrival.supplier is None:
            onward = want.costs.get(("depot", str(arrival.depot)))
            yield from [] if onward is None else [(arrival.depot, onward)]
            return
        straight = want.costs.get(("supplier", arrival.supplier))
        if straight is not None and (waits == 0 or waits <= self.policy.facility_cover):
            yield None, straight
        for depot in self.stocks.depots:
            inward, onward = self.ways.to_depot.get((arrival.supplier, depot.id)), want.costs.get(("depot", depot.id))
            if inward is not None and onward is not None:
                yield depot.id, inward + onward

    @cached_property
    def shortage_prices(self) -> dict[str, float]:
        """Price of a unit of each need that is not delivered (MAD)."""
        return market.shortage_prices(self.catalogue, self.tenders, self.policy.shortage_factor)

    @model_validator(mode="after")
    def _known(self) -> Self:
        problems = [*self._unknown(), *self._impossible()]
        if problems:
            raise DataError(problems)
        return self

    def _unknown(self) -> Iterator[DataProblem]:
        """Yield what arrivals and pins name and the data does not have."""
        periods = ("periods", {one.id for one in self.horizon.periods})
        known = {
            "supplier": ("suppliers", {one.id for one in self.tenders.suppliers}),
            "reference": ("product_references", {one.id for one in self.catalogue.product_references}),
            "need": ("needs", {one.id for one in self.catalogue.needs}),
            "depot": ("depots", {one.id for one in self.stocks.depots}),
            "received": periods,
            "period": periods,
        }
        for table, records in (("arrivals", self.arrivals), ("pins", self.policy.pins)):
            yield from unknown_references(table, records, known)

    def _impossible(self) -> Iterator[DataProblem]:
        """Yield arrivals that come twice or from nowhere, and those used before they are received."""
        yield from repeated("arrivals", self.arrivals)
        for position, row in enumerate(self.arrivals, 1):
            if (row.supplier is None) == (row.depot is None):
                expected = Message("pillars.supplier_or_depot")
                yield DataProblem("arrivals", position, "depot", row.depot or "", expected)
        at = {period.id: position for position, period in enumerate(self.horizon.periods)}
        for position, row in enumerate(self.arrivals, 1):
            if at.get(row.period, 0) < at.get(row.received, 0):
                expected = Message("pillars.used_after_received", {"received": row.received})
                yield DataProblem("arrivals", position, "period", row.period, expected)
