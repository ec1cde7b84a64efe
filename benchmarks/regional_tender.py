"""A region's yearly tender drawn from a seed: lots, packs, discounts of every scope, reserve, two sources, depots.

`python -m benchmarks.regional_tender [--needs N] [--suppliers J] [--seconds S]` solves one and prints its figures and,
last, one JSON object. Lots hold five needs; four suppliers bid for each, on all of its needs, each with one of two
references of each need; prices are within 25 % of the need's own, which is drawn from 0.5 to 200 MAD on a log scale;
half of the offers come in packs; every supplier has rebates on all that it sells, a third of the offers on quantities.
Nothing in it stands for a real firm, price or facility.
"""

import argparse
import time
from datetime import date

import numpy as np

from benchmarks.table import print_figures
from gst_opt.api import solve
from gst_opt.core.catalogue import Catalogue, Category, Need, ProductReference, Requirement, TodayPurchase
from gst_opt.core.stocks import Depot, DepotDelivery, DepotSupply, DirectDelivery, Stocks
from gst_opt.core.tenders import DiscountSchedule, DiscountTier, Lot, LotItem, Measure, Offer, Supplier, Tenders
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.purchasing.awards.policy import AwardPolicy, NeedRule
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.solve.options import SolveOptions

FACILITIES, HOSPITALS, LOT, BIDDERS = 60, 12, 5, 4
REBATES = (0.03, 0.06, 0.1)


def drawn_tender(needs: int, suppliers: int, seed: int = 0, facilities: int = FACILITIES) -> AwardProblem:
    """Draw a tender of so many needs and suppliers, for so many facilities."""
    rng = np.random.default_rng(seed)
    year = Horizon.of(Grain.YEAR, date(2026, 1, 1), 1)
    ids, firms = [f"n{i:04d}" for i in range(needs)], [f"s{j:02d}" for j in range(suppliers)]
    sites = [f"f{k:02d}" for k in range(facilities)]
    price = np.exp(rng.uniform(np.log(0.5), np.log(200), needs))
    per_site = np.ceil(np.exp(rng.normal(4, 1, (needs, 1))) * rng.uniform(0.3, 3, (needs, facilities)))
    wanted = per_site * (rng.random((needs, facilities)) < 0.5)
    wanted[:, 0] = per_site[:, 0]
    references = [(f"{need}-{letter}", i) for i, need in enumerate(ids) for letter in "ab"]
    offers = []
    bidders = [rng.permutation(suppliers)[:BIDDERS].tolist() for _ in range(0, needs, LOT)]
    for i, need in enumerate(ids):
        for j in bidders[i // LOT]:
            total = float(wanted[i].sum())
            offers.append(
                Offer(
                    supplier=firms[j],
                    reference=f"{need}-{'ab'[int(rng.integers(2))]}",
                    price=round(float(price[i] * rng.uniform(0.75, 1.25)), 2),
                    pack=float(rng.choice([10, 50, 100])) if rng.random() < 0.5 else None,
                    capacity=float(np.ceil(total * rng.uniform(0.9, 2.0))) + 100,
                )
            )
    worth = {firm: sum(one.price * (one.capacity or 0.0) for one in offers if one.supplier == firm) for firm in firms}
    schedules = [DiscountSchedule(id=f"all-{firm}", supplier=firm) for firm in firms]
    tiers = [
        DiscountTier(schedule=f"all-{firm}", threshold=round(part * worth[firm]), rebate=rebate)
        for firm in firms
        for part, rebate in zip((0.1, 0.25, 0.5), REBATES, strict=True)
    ]
    for number in np.flatnonzero(rng.random(len(offers)) < 1 / 3).tolist():
        one, name = offers[number], f"own-{number}"
        schedules.append(
            DiscountSchedule(id=name, supplier=one.supplier, reference=one.reference, measure=Measure.QUANTITY)
        )
        tiers += [
            DiscountTier(schedule=name, threshold=round(part * (one.capacity or 0.0)), rebate=rebate)
            for part, rebate in ((0.3, 0.02), (0.6, 0.05))
        ]
    lots = [f"lot{n:03d}" for n in range(-(-needs // LOT))]
    forecast = [round(float((price * wanted.sum(axis=1))[n * LOT : (n + 1) * LOT].sum())) for n in range(len(lots))]
    return AwardProblem(
        catalogue=Catalogue(
            needs=tuple(Need(id=one, name_fr=one, name_en=one, unit="u", category=Category.MEDICINE) for one in ids),
            product_references=tuple(
                ProductReference(id=name, need=ids[i], volume=0.001, switching_cost=float(rng.choice([0, 500, 2000])))
                for name, i in references
            ),
            today_purchases=tuple(
                TodayPurchase(reference=f"{need}-a", price=round(float(price[i]) * 1.1, 2))
                for i, need in enumerate(ids)
            ),
            requirements=tuple(
                Requirement(facility=site, need=need, period=year.periods[0].id, units=float(wanted[i, k]))
                for i, need in enumerate(ids)
                for k, site in enumerate(sites)
                if wanted[i, k]
            ),
        ),
        tenders=Tenders(
            suppliers=tuple(
                Supplier(id=firm, small_firm=j % 3 == 0, resident=j % 5 != 1, contract_cost=20_000.0)
                for j, firm in enumerate(firms)
            ),
            offers=tuple(offers),
            discount_schedules=tuple(schedules),
            discount_tiers=tuple(tiers),
            lots=tuple(
                Lot(id=lot, max_awards=3 if n % 4 == 0 else 2, forecast=forecast[n]) for n, lot in enumerate(lots)
            ),
            lot_items=tuple(LotItem(need=need, lot=lots[i // LOT]) for i, need in enumerate(ids)),
        ),
        stocks=Stocks(
            depots=(Depot(id="depot", facility=sites[0], source="drawn"),),
            depot_supplies=tuple(DepotSupply(supplier=firm, depot="depot", mad_per_m3=20.0) for firm in firms),
            depot_deliveries=tuple(
                DepotDelivery(depot="depot", facility=site, mad_per_m3=80.0 + k) for k, site in enumerate(sites)
            ),
            direct_deliveries=tuple(
                DirectDelivery(supplier=firm, facility=site, mad_per_m3=60.0)
                for firm in firms[::2]
                for site in sites[:HOSPITALS]
            ),
        ),
        horizon=year,
        policy=AwardPolicy(
            rules=tuple(
                NeedRule(need=need, min_sources=2, source_share=0.2, reason="two sources") for need in ids[::20]
            )
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=500)
    parser.add_argument("--suppliers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    problem = drawn_tender(asked.needs, asked.suppliers)
    began = time.perf_counter()
    result = solve(problem, SolveOptions(gap=0.01, workers=2, seconds=asked.seconds))
    seconds = time.perf_counter() - began
    value, bound = result.objective, result.bound
    print(result)
    gap = 100 * (value - bound) / value if value is not None and bound is not None else None
    print_figures(
        {
            "needs": asked.needs,
            "seconds": round(seconds, 1),
            "value": value and round(value),
            "bound": bound and round(bound),
            "gap_percent": gap and round(gap, 3),
            "columns": result.provenance.columns,
            "rows": result.provenance.rows,
            "checked": result.checked,
        }
    )


if __name__ == "__main__":
    main()
