"""What buying together saves against buying alone, counted by hand."""

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement
from gst_opt.core.stocks import Stocks
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Offer, Supplier, Tenders

ONE = gst.SolveOptions(workers=1, gap=0.0)


def test_a_threshold_that_each_town_alone_does_not_reach() -> None:
    """60 gloves each at 1, a tenth off from 100 on, a contract of 5: 60 + 5 twice, or 108 + 5."""
    towns = gst.load_sample("two_towns")
    given = towns.replace(
        catalogue=Catalogue(
            needs=(Need(id="gloves", name_fr="Gants", name_en="Gloves", unit="u", category=Category.CONSUMABLE),),
            product_references=(ProductReference(id="latex", need="gloves"),),
            requirements=tuple(
                Requirement(facility=one, need="gloves", period="2026", units=60.0) for one in ("hp-north", "hpr-south")
            ),
        ),
        tenders=Tenders(
            suppliers=(Supplier(id="atlas", contract_cost=5.0),),
            offers=(Offer(supplier="atlas", reference="latex", price=1.0),),
            discount_schedules=(DiscountSchedule(id="all", supplier="atlas"),),
            discount_tiers=(DiscountTier(schedule="all", threshold=100.0, rebate=0.1),),
        ),
        stocks=Stocks(),
        sources=(),
    )
    terms = {line.name: line for line in gst.silo(gst.AwardProblem.of, given, ONE).terms}
    assert (terms["supplies"].alone, terms["supplies"].together) == pytest.approx((120.0, 108.0))
    assert terms["supplies"].gain == pytest.approx(12.0)
    assert terms["supplier_contracts"].gain == pytest.approx(5.0)
    assert terms["shortages"].gain == pytest.approx(0.0)
