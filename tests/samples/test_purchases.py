"""The catalogue of the Tanger sample: as large, as dear and as contested as the published figures say."""

import math
from collections import Counter, defaultdict
from statistics import median

import pytest

from gst_opt.core.catalogue import BuyingLevel, Category
from gst_opt.core.grouping import Grouping
from gst_opt.pillars.purchasing.demand import units_required
from gst_opt.samples import load_sample
from gst_opt.samples.facts import facts
from gst_opt.samples.tenders import levels
from tests.samples.test_facts import wider


@pytest.fixture(scope="module")
def prices(tanger: Grouping) -> dict[str, list[float]]:
    """Prices of a unit of each need on offer."""
    references = {one.id: one for one in tanger.catalogue.product_references}
    found = defaultdict[str, list[float]](list)
    for offer in tanger.tenders.offers:
        found[references[offer.reference].need].append(offer.price / references[offer.reference].factor)
    return found


@pytest.fixture(scope="module")
def units(tanger: Grouping) -> dict[str, float]:
    """Units of each need that the acts of the region use."""
    found = defaultdict[str, float](float)
    required = units_required(tanger.catalogue, tanger.activity, tuple(BuyingLevel))
    for (need, _), periods in required.items():
        found[need] += math.fsum(periods.values())
    return found


def test_about_500_needs_of_every_category_and_18_coded_suppliers(tanger: Grouping) -> None:
    bought = [need for need in tanger.catalogue.needs if need.level is BuyingLevel.REGIONAL]
    assert len(bought) == 529
    assert Counter(need.category for need in bought) == {
        Category.MEDICINE: 279,
        Category.CONSUMABLE: 108,
        Category.DEVICE: 84,
        Category.REAGENT: 58,
    }
    assert Counter(need.level for need in tanger.catalogue.needs)[BuyingLevel.NATIONAL] == 32
    assert [one.id for one in tanger.tenders.suppliers] == [f"supplier-{number:02d}" for number in range(1, 19)]


def test_every_regional_need_is_in_a_lot_and_on_offer(tanger: Grouping, prices: dict[str, list[float]]) -> None:
    bought = {need.id for need in tanger.catalogue.needs if need.level is BuyingLevel.REGIONAL}
    assert {item.need for item in tanger.tenders.lot_items} == bought == set(prices)
    assert len(tanger.tenders.lots) == 121
    assert {lot.max_awards for lot in tanger.tenders.lots} == {1, 2}


def test_four_suppliers_in_the_middle_of_the_needs_that_several_sell(prices: dict[str, list[float]]) -> None:
    several = [len(own) for own in prices.values() if len(own) >= 3]
    assert median(several) == 4
    assert max(several) <= 17
    assert sum(len(own) == 1 for own in prices.values()) == 72


def test_the_best_price_is_11_7_percent_below_the_median_and_the_dearest_1_39_times_the_best(
    prices: dict[str, list[float]],
) -> None:
    several = [own for own in prices.values() if len(own) >= 3]
    assert median(1 - min(own) / median(own) for own in several) == pytest.approx(0.117, abs=0.003)
    assert median(max(own) / min(own) for own in several) == pytest.approx(1.39, abs=0.01)


def test_offers_are_at_0_63_of_the_public_price(tanger: Grouping, prices: dict[str, list[float]]) -> None:
    public = {row["id"]: float(row["public_price"]) / int(row["pack"]) for row in facts("needs") if row["public_price"]}
    medicines = {need.id for need in tanger.catalogue.needs if need.category is Category.MEDICINE}
    assert public.keys() == medicines
    ratios = [median(own) / public[need] for need, own in prices.items() if need in medicines]
    assert median(ratios) == pytest.approx(0.63, abs=0.005)


@pytest.mark.parametrize("count", range(1, 9))
def test_prices_of_a_need_have_their_median_in_the_middle(count: int) -> None:
    for number in range(50):
        own = levels(count, number)
        assert len(own) == count
        assert own == sorted(own)
        assert median(own) == pytest.approx(1)


def test_published_prices_are_those_of_the_wider_table() -> None:
    """Hospital and public price of a molecule, of the year 2014, rounded to a dirham or to two digits."""
    theirs = {
        row["dci"]: (float(row["ph_median"]), float(row["ppv_median"])) for row in wider("medicine_prices_cnops2014")
    }
    named = [row for row in facts("needs") if row["molecule"]]
    assert len(named) == 22
    for row in named:
        hospital, public = theirs[row["molecule"]]
        assert float(row["price"]) == pytest.approx(hospital, abs=0.51), row["id"]
        assert float(row["public_price"]) == pytest.approx(public, abs=0.81), row["id"]


def test_money_by_category_is_that_of_a_region(tanger: Grouping, units: dict[str, float]) -> None:
    """At today's prices 492 million for the region, 122 for each inhabitant; medicines three fifths, reagents least."""
    references = {one.id: one for one in tanger.catalogue.product_references}
    today = {
        references[row.reference].need: row.price / references[row.reference].factor
        for row in tanger.catalogue.today_purchases
    }
    spent = Counter[tuple[BuyingLevel, Category]]()
    for need in tanger.catalogue.needs:
        spent[need.level, need.category] += round(units[need.id] * today[need.id])
    region = {category: spent[BuyingLevel.REGIONAL, category] for category in Category}
    assert sum(region.values()) == pytest.approx(492e6, rel=0.001)
    assert region[Category.MEDICINE] / sum(region.values()) == pytest.approx(0.61, abs=0.01)
    assert sorted(region, key=lambda one: region[one])[0] is Category.REAGENT
    assert sum(lot.forecast for lot in tanger.tenders.lots) == pytest.approx(sum(region.values()), rel=0.001)


def test_needs_follow_the_acts_of_the_sample(tanger: Grouping, units: dict[str, float]) -> None:
    """Dialysers: 2,050 MAD for 24; 210 MAD an act, 9 parts of 64 for those of high permeability."""
    sessions = sum(row.acts for row in tanger.activity if row.service == "dialysis")
    assert units["high-flux-dialyser-1-8-m2"] == pytest.approx(sessions * 210 * 9 / 64 / (2050 / 24), rel=0.01)
    assert all(units[need.id] > 0 for need in tanger.catalogue.needs)


def test_small_firms_can_take_the_reserve_and_two_sources_are_at_hand(tanger: Grouping) -> None:
    small = {one.id for one in tanger.tenders.suppliers if one.small_firm}
    needs = {one.id: one.need for one in tanger.catalogue.product_references}
    lot_of = {item.need: item.lot for item in tanger.tenders.lot_items}
    bidders = defaultdict[str, set[str]](set)
    for offer in tanger.tenders.offers:
        bidders[lot_of[needs[offer.reference]]].add(offer.supplier)
    forecast = {lot.id: lot.forecast for lot in tanger.tenders.lots}
    open_to_small = sum(forecast[lot] for lot, firms in bidders.items() if firms & small)
    assert open_to_small / sum(forecast.values()) >= 0.6
    assert all(len(bidders[lot.id]) >= 2 for lot in tanger.tenders.lots if lot.max_awards == 2)
    for lot in tanger.tenders.lots:
        if lot.max_amount is not None:
            assert lot.max_amount == 2 * lot.min_amount
            assert lot.max_amount >= 1.19 * lot.forecast


def test_every_open_site_has_a_depot_and_large_hospitals_a_straight_way(tanger: Grouping) -> None:
    reached = {row.facility for row in tanger.stocks.depot_deliveries}
    assert reached == {site.id for site in tanger.region.open_facilities()}
    beds = tanger.region.beds()
    straight = {row.facility for row in tanger.stocks.direct_deliveries}
    assert straight == {site.id for site in tanger.region.open_facilities() if beds.get(site.id, 0) >= 100}
    cost = {(row.depot, row.facility): row.mad_per_m3 for row in tanger.stocks.depot_deliveries}
    assert cost["depot-tetouan", "hp-saniat-rmel"] == 90
    assert ("depot-al-hoceima", "hpr-assilah") not in cost


def test_the_province_leaves_purchases_to_the_region() -> None:
    province = load_sample("province")
    assert not province.catalogue.needs
    assert not province.tenders.offers
    assert not province.stocks.depots
