"""What the tables of purchases say of one another: every kind of problem alone, then that a good grouping has none."""

import ast
import inspect

import pytest

from gst_opt.core import crosscheck_catalogue
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, TodayPurchase
from gst_opt.core.errors import DataError
from gst_opt.core.grouping import Grouping
from gst_opt.core.stocks import OpeningStock
from gst_opt.core.tenders import (
    DiscountKind,
    DiscountSchedule,
    DiscountTier,
    Lot,
    LotItem,
    Measure,
    Offer,
    Supplier,
    Tenders,
)

Found = tuple[str, int, str, str, str]

GLOVES = Need(id="gloves", name_fr="Gants", name_en="Gloves", unit="pair", category=Category.CONSUMABLE)
OFFER = Offer(supplier="atlas", reference="latex", price=1.0, capacity=500, min_order=500, pack=100)
BY_REFERENCE = DiscountSchedule(id="d1", supplier="atlas", reference="latex", measure=Measure.QUANTITY)
BY_LOT = DiscountSchedule(id="d2", supplier="atlas", lot="lot1")
OVERALL = DiscountSchedule(id="d3", supplier="atlas")
LOT = Lot(id="lot1", forecast=1000, min_amount=500, max_amount=500)

GOOD: dict[str, tuple[object, ...]] = {
    "needs": (GLOVES,),
    "product_references": (
        ProductReference(id="latex", need="gloves"),
        ProductReference(id="nitrile", need="gloves", factor=2),
    ),
    "today_purchases": (
        TodayPurchase(reference="latex", price=1.2, share=0.7),
        TodayPurchase(reference="nitrile", price=2.2, share=0.3),
    ),
    "suppliers": (Supplier(id="atlas"), Supplier(id="rif", small_firm=True)),
    "offers": (OFFER, OFFER.replace(supplier="rif", pack=None)),
    "discount_schedules": (BY_REFERENCE, BY_LOT, OVERALL),
    "discount_tiers": (
        DiscountTier(schedule="d1", threshold=900, rebate=0.3),
        DiscountTier(schedule="d1", threshold=1000, rebate=0.5),
        DiscountTier(schedule="d2", threshold=10, rebate=0.3),
        DiscountTier(schedule="d3", threshold=0, rebate=0.2),
    ),
    "lots": (LOT,),
    "lot_items": (LotItem(need="gloves", lot="lot1"),),
}

CASES: dict[str, tuple[dict[str, tuple[object, ...]], list[Found]]] = {
    "a least order above what can be delivered": (
        {"offers": (OFFER.replace(min_order=501),)},
        [("offers", 1, "min_order", "501", "at_most_column")],
    ),
    "a pack larger than what can be delivered": (
        {"offers": (OFFER.replace(pack=600),)},
        [("offers", 1, "pack", "600", "at_most_column")],
    ),
    "a least order that no number of packs within what can be delivered reaches": (
        {"offers": (OFFER.replace(min_order=25, pack=20, capacity=35),)},
        [("offers", 1, "min_order", "25", "at_most_in_packs")],
    ),
    "a discount on a reference and a lot at once": (
        {"discount_schedules": (BY_REFERENCE.replace(lot="lot1"), BY_LOT, OVERALL)},
        [("discount_schedules", 1, "lot", "lot1", "reference_or_lot")],
    ),
    "a discount on what is not on offer": (
        {"discount_schedules": (BY_REFERENCE.replace(reference="nitrile"), BY_LOT, OVERALL)},
        [("discount_schedules", 1, "reference", "nitrile", "reference_on_offer")],
    ),
    "an incremental discount by units on several references": (
        {
            "discount_schedules": (
                BY_REFERENCE,
                BY_LOT,
                OVERALL.replace(measure=Measure.QUANTITY, kind=DiscountKind.INCREMENTAL),
            )
        },
        [("discount_schedules", 3, "measure", "quantity", "by_value")],
    ),
    "a rebate that falls: 900 units, then 1000, although text sorts 1000 first": (
        {"discount_tiers": (DiscountTier(schedule="d1", threshold=1000, rebate=0.29), *GOOD["discount_tiers"][::2])},
        [("discount_tiers", 1, "rebate", "0.29", "rebate_rises")],
    ),
    "rebates that take more than the price": (
        {"discount_tiers": (*GOOD["discount_tiers"][:3], DiscountTier(schedule="d3", threshold=0, rebate=0.21))},
        [("offers", 1, "reference", "latex", "rebates_at_most_1")],
    ),
    "a lot without needs": (
        {"lots": (LOT, LOT.replace(id="lot2"))},
        [("lots", 2, "id", "lot2", "lot_with_items")],
    ),
    "a least amount above the largest": (
        {"lots": (LOT.replace(max_amount=499),)},
        [("lots", 1, "min_amount", "500", "at_most_column")],
    ),
    "a need met more than once today": (
        {
            "today_purchases": (
                TodayPurchase(reference="latex", price=1.2, share=0.7),
                TodayPurchase(reference="nitrile", price=2.2, share=0.31),
            )
        },
        [("today_purchases", 2, "share", "0.31", "need_met_once")],
    ),
}


def grouping(**tables: tuple[object, ...]) -> Grouping:
    data = GOOD | tables
    return Grouping(
        id="g",
        name="G",
        catalogue=Catalogue.model_validate({name: data[name] for name in Catalogue.tables_of() if name in data}),
        tenders=Tenders.model_validate({name: data[name] for name in Tenders.tables_of() if name in data}),
    )


def test_a_good_catalogue_has_no_problem() -> None:
    assert len(grouping().tables()["discount_tiers"]) == 4


@pytest.mark.parametrize("case", CASES)
def test_each_problem_alone(case: str) -> None:
    changed, expected = CASES[case]
    with pytest.raises(DataError) as caught:
        grouping(**changed)
    found = [(p.table, p.row, p.column, p.value, p.expected.key.partition(".")[2]) for p in caught.value.problems]
    assert found == expected


def test_every_message_is_reached() -> None:
    tree = ast.parse(inspect.getsource(crosscheck_catalogue))
    written = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("core.")
    }
    told = {f"core.{key}" for _, expected in CASES.values() for *_, key in expected}
    assert written == told | {"core.facility_or_depot"}


def test_stock_is_in_a_depot_or_in_a_facility() -> None:
    rows = [{"facility": "hp", "depot": "store"}, {}, {"depot": "store"}, {"facility": "hp"}]
    stock = tuple(OpeningStock.model_validate({"reference": "latex", "units": 1.0} | row) for row in rows)
    found = crosscheck_catalogue.catalogue_problems({"opening_stocks": stock})
    assert [(p.row, p.column, p.value, p.expected.key) for p in found] == [
        (1, "depot", "store", "core.facility_or_depot"),
        (2, "depot", "", "core.facility_or_depot"),
    ]


def test_what_a_refused_table_lacks_is_not_reported() -> None:
    tables = {name: tuple(rows) for name, rows in grouping().tables().items()}
    tables["offers"] = ()
    assert crosscheck_catalogue.catalogue_problems(tables, {"offers"}) == []
    assert [one.expected.key for one in crosscheck_catalogue.catalogue_problems(tables)] == ["core.reference_on_offer"]
    tables["lot_items"] = ()
    assert crosscheck_catalogue.catalogue_problems(tables, {"offers", "lot_items"}) == []
