"""From the tender to the invoices: awards, their call-offs, and the way to every facility."""

import math
from datetime import date

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, OpeningStock, Stocks
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Lot, LotItem, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.purchasing.distribution.facility import facility_receipts

ONE = gst.SolveOptions(workers=1, gap=0.0)
NEEDS = {"gloves": ("latex", 300.0), "swabs": ("cotton", 90.0)}
SHARES = {"hp-north": 0.5, "csu-north": 0.2, "csu-south": 0.3}


def grouping() -> gst.Grouping:
    """Return two towns that need gloves and swabs month by month; the store of the north serves both."""
    year = Horizon.of(Grain.MONTH, date(2026, 1, 1), 3)
    return gst.Grouping(
        id="towns",
        name="Two towns",
        horizon=year,
        region=gst.load_sample("two_towns").region,
        catalogue=Catalogue(
            needs=tuple(
                Need(id=one, name_fr=one, name_en=one, unit="unit", category=Category.CONSUMABLE) for one in NEEDS
            ),
            product_references=tuple(
                ProductReference(id=one, need=need, volume=0.01) for need, (one, _) in NEEDS.items()
            ),
            requirements=tuple(
                Requirement(facility=facility, need=need, period=period.id, units=units * share)
                for need, (_, units) in NEEDS.items()
                for facility, share in SHARES.items()
                for period in year.periods
            ),
        ),
        tenders=Tenders(
            suppliers=(Supplier(id="atlas", contract_cost=10.0), Supplier(id="rif")),
            offers=(
                Offer(supplier="atlas", reference="latex", price=1.0, pack=50.0, lead_time=20.0, shelf_life=62.0),
                Offer(supplier="atlas", reference="cotton", price=2.0),
                Offer(supplier="rif", reference="latex", price=1.1),
                Offer(supplier="rif", reference="cotton", price=1.9, min_order=60.0),
            ),
            discount_schedules=(DiscountSchedule(id="overall", supplier="atlas"),),
            discount_tiers=(DiscountTier(schedule="overall", threshold=1000.0, rebate=0.1),),
            lots=(Lot(id="lot1", max_awards=2, partial_bids=True, max_amount=5000.0),),
            lot_items=tuple(LotItem(need=need, lot="lot1") for need in NEEDS),
        ),
        stocks=Stocks(
            depots=(Depot(id="store", facility="hp-north", storage=4.0, holding_rate=0.2, source="test"),),
            depot_supplies=tuple(DepotSupply(supplier=one, depot="store", mad_per_m3=5.0) for one in ("atlas", "rif")),
            depot_deliveries=tuple(
                DepotDelivery(depot="store", facility=one, mad_per_m3=mad)
                for one, mad in (("hp-north", 1.0), ("csu-north", 10.0), ("csu-south", 20.0))
            ),
            direct_deliveries=(DirectDelivery(supplier="atlas", facility="hp-north", mad_per_m3=8.0),),
        ),
    )


def test_what_one_question_plans_is_an_input_of_the_next() -> None:
    """All from atlas at nine tenths: what is called off is what was awarded, and invoices hold all that is paid."""
    given = grouping()
    awards = gst.solve(gst.AwardProblem.of(given, gst.AwardPolicy(small_firm_share=0.0)), ONE).require()
    assert {(one.supplier, one.reference, one.units) for one in awards.orders} == {
        ("atlas", "latex", 900.0),
        ("atlas", "cotton", 270.0),
    }
    calling = gst.CallOffProblem.of(given, awards=awards)
    called = gst.solve(calling, ONE)
    assert called.checked
    assert called.status is gst.Status.OPTIMAL
    calls = called.require()
    assert {(one.supplier, one.reference): one.units for one in calls.offers} == pytest.approx(
        {("atlas", "cotton"): 270.0, ("atlas", "latex"): 900.0}
    )
    assert sum(one.owed for one in calls.offers) == 0.0
    assert sum(row.short for row in calls.needs) == 0.0
    moving = gst.DistributionProblem.of(given, calls=calls)
    moved = gst.solve(moving, ONE)
    assert moved.checked
    plan = moved.require()
    spent = sum(term.planned for term in moved.terms if term.name != "shortages")
    assert math.fsum(one.invoice for one in plan.invoices) == pytest.approx(0.9 * (900.0 + 540.0) + spent)
    for facility, share in SHARES.items():
        table = facility_receipts(moving, plan, facility)
        units = sum(float(row[table.columns.index("units")] or 0.0) for row in table.rows)
        assert units == pytest.approx(share * 3 * 390.0)


def test_without_the_question_before_offers_stand_at_their_list_prices() -> None:
    """Gloves of atlas and swabs of rif; each month arrives for itself."""
    given = grouping()
    calls = gst.solve(gst.CallOffProblem.of(given), ONE)
    assert calls.checked
    assert {(one.supplier, one.reference) for one in calls.require().calls} <= {
        (one.supplier, one.reference) for one in given.tenders.offers
    }
    problem = gst.DistributionProblem.of(given)
    assert {(one.supplier, one.reference, one.units) for one in problem.arrivals if one.received == "2026-01"} == {
        ("atlas", "latex", 300.0),
        ("rif", "cotton", 90.0),
    }
    assert gst.solve(problem, ONE).checked


def test_what_is_in_store_is_neither_awarded_nor_called_off_but_delivered() -> None:
    """400 gloves in the depot and 30 swabs in the hospital's own store, of 900 and 270."""
    given = grouping()
    rows = (
        OpeningStock(depot="store", reference="latex", units=400.0),
        OpeningStock(facility="hp-north", reference="cotton", units=30.0),
    )
    given = given.replace(stocks=given.stocks.replace(opening_stocks=rows))
    awards = gst.solve(gst.AwardProblem.of(given, gst.AwardPolicy(small_firm_share=0.0)), ONE).require()
    assert {one.reference: one.units for one in awards.orders} == pytest.approx({"latex": 500.0, "cotton": 240.0})
    calls = gst.solve(gst.CallOffProblem.of(given, awards=awards), ONE).require()
    assert {one.reference: one.units for one in calls.offers} == pytest.approx({"latex": 500.0, "cotton": 240.0})
    assert sum(row.short for row in calls.needs) == 0.0
    moved = gst.solve(gst.DistributionProblem.of(given, calls=calls), ONE)
    assert moved.checked
    flows = moved.require().flows
    assert sum(one.units for one in flows if one.supplier is None) == pytest.approx(400.0)
    assert sum(one.units for one in flows if one.reference == "latex") == pytest.approx(900.0)
    assert sum(one.units for one in flows if one.reference == "cotton") == pytest.approx(240.0)
