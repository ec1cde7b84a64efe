"""What the two towns buy, small enough to be counted by hand: three needs, three suppliers, three lots.

===========  ====================================  ======  ======  ======  =====  =========
need         used by                               North   South   total   boxes  forecast
===========  ====================================  ======  ======  ======  =====  =========
paracetamol  4 a consultation, 10 an admission     42,000  21,000  63,000  3,150  30,000
gloves       2 a consultation, 20 an admission     57,000  28,500  85,500    855  33,000
contrast     0.4 a scan                               800     340   1,140    114  47,000
===========  ====================================  ======  ======  ======  =====  =========

Boxes hold 20 tablets, 100 gloves, 10 vials; the second reference of paracetamol is a box of 100 (630 of them), and
taking it up costs 500. Prices of a box:

===========  =====  =====  =====  =====
need         alpha  beta   gamma  today
===========  =====  =====  =====  =====
paracetamol   9.00  40.00             9.50  (box of 20; beta's holds 100)
gloves       30.00  29.00            34.00
contrast            400.00 350.00   420.00
===========  =====  =====  =====  =====

Alpha is a small firm, gamma is not resident; beta gives 5 % on all from 60,000 MAD on. A contract costs 1,000.
Goods go to a depot in North (50 MAD a cubic metre) and on to South (100 more); beta also delivers itself, for 60.

- Today: 29,925 + 29,070 + 47,880 = 106,875.
- Three tenths of 110,000 are reserved to small firms: 33,000, the lot of gloves exactly. Alpha sells them (25,650);
  beta sells the rest, 25,200 + 45,600 = 70,800, and gives 3,540: 92,910 in all. Two contracts; gamma's 39,900 count as
  45,885 in the comparison, more than the 45,600 that would no longer earn the rebate.
- Deliveries: gloves 1.71 m3 x (50 x 2/3 + 150 / 3) = 142.50; of beta, which reaches South for 60, 67.20 for
  paracetamol (1.26 m3) and 6.04 for contrast (0.08 x 50 + 0.034 x 60). With 500 for the new box: 95,625.74.
- Without the reserve beta sells everything: 95,595 less 5 % = 90,815.25, one contract, deliveries 164.44: 92,479.69.
- Without national preference gamma sells contrast: 25,650 + 25,200 + 39,900, three contracts, and 9.10 for deliveries
  of contrast (0.08 x 50 + 0.034 x 150): 94,468.80.
"""

from gst_opt.core.catalogue import Catalogue, Category, Consumption, Need, ProductReference, TodayPurchase
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, Stocks
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Lot, LotItem, Offer, Supplier, Tenders

SOURCE = "invented, so that the best plan can be found by hand"
NORTH, SOUTH = "hp-north", "hpr-south"
ALPHA, BETA, GAMMA = "alpha", "beta", "gamma"


def catalogue() -> Catalogue:
    """Return three needs, what acts use of them, and today's prices."""
    uses: dict[str, dict[str, float]] = {
        "consultation": {"paracetamol": 4, "gloves": 2},
        "admission": {"paracetamol": 10, "gloves": 20},
        "ct": {"contrast": 0.4},
    }
    today = {"paracetamol-20": 9.5, "gloves-100": 34.0, "contrast-10": 420.0}
    return Catalogue(
        needs=(
            _need("paracetamol", "Paracétamol 500 mg", "Paracetamol 500 mg", "comprimé", Category.MEDICINE),
            _need("gloves", "Gants d'examen", "Examination gloves", "unité", Category.CONSUMABLE),
            _need("contrast", "Produit de contraste iodé", "Iodinated contrast", "flacon", Category.MEDICINE),
        ),
        product_references=(
            ProductReference(id="paracetamol-20", need="paracetamol", factor=20, volume=0.0004),
            ProductReference(id="paracetamol-100", need="paracetamol", factor=100, volume=0.002, switching_cost=500),
            ProductReference(id="gloves-100", need="gloves", factor=100, volume=0.002),
            ProductReference(id="contrast-10", need="contrast", factor=10, volume=0.001),
        ),
        today_purchases=tuple(TodayPurchase(reference=name, price=price) for name, price in today.items()),
        consumption=tuple(
            Consumption(service=service, need=need, units_per_act=units)
            for service, own in uses.items()
            for need, units in own.items()
        ),
    )


def _need(name: str, french: str, english: str, unit: str, category: Category) -> Need:
    return Need(id=name, name_fr=french, name_en=english, unit=unit, category=category)


def tenders() -> Tenders:
    """Return a small firm, a large one and one from abroad, and a lot for each need."""
    prices = {
        (ALPHA, "paracetamol-20"): 9.0,
        (BETA, "paracetamol-100"): 40.0,
        (ALPHA, "gloves-100"): 30.0,
        (BETA, "gloves-100"): 29.0,
        (BETA, "contrast-10"): 400.0,
        (GAMMA, "contrast-10"): 350.0,
    }
    forecasts = {"paracetamol": 30_000, "gloves": 33_000, "contrast": 47_000}
    return Tenders(
        suppliers=(
            Supplier(id=ALPHA, small_firm=True, contract_cost=1_000),
            Supplier(id=BETA, contract_cost=1_000),
            Supplier(id=GAMMA, resident=False, contract_cost=1_000),
        ),
        offers=tuple(
            Offer(supplier=firm, reference=reference, price=price, lead_time=30, shelf_life=365)
            for (firm, reference), price in prices.items()
        ),
        discount_schedules=(DiscountSchedule(id="beta-all", supplier=BETA),),
        discount_tiers=(DiscountTier(schedule="beta-all", threshold=60_000, rebate=0.05),),
        lots=tuple(Lot(id=f"lot-{need}", forecast=forecast) for need, forecast in forecasts.items()),
        lot_items=tuple(LotItem(need=need, lot=f"lot-{need}") for need in forecasts),
    )


def stocks() -> Stocks:
    """Return a depot in North that all suppliers deliver to, and beta, which also delivers itself."""
    return Stocks(
        depots=(Depot(id="depot-north", facility=NORTH, storage=5, holding_rate=0.1, source=SOURCE),),
        depot_supplies=tuple(
            DepotSupply(supplier=firm, depot="depot-north", mad_per_m3=50) for firm in (ALPHA, BETA, GAMMA)
        ),
        depot_deliveries=(
            DepotDelivery(depot="depot-north", facility=NORTH, mad_per_m3=0),
            DepotDelivery(depot="depot-north", facility=SOUTH, mad_per_m3=100),
        ),
        direct_deliveries=tuple(DirectDelivery(supplier=BETA, facility=site, mad_per_m3=60) for site in (NORTH, SOUTH)),
    )
