"""Total quantity discounts and the other classical cores of purchasing: the library and highspy alone.

`python -m benchmarks.purchasing_classic [--quick] [--seconds S] [NAME ...]` prints a table and, last, one JSON object.
Names: `tqd_...` a published tender, `100x20` a drawn one (items x suppliers), `G30` a lot-sizing
file, `p1` a single-award file. Without names: the published tenders of 50 and 100 items, `100x20`, `tqd_500x20_s5` and
`1000x20`; `--quick`: the two smallest tenders, `p1` and `F1`. Published instances are read from `GST_OPT_BENCH`
(`tenders.py`); those missing are left out, and it says so.

All sides get the same arrays, the same gap (none below 500 items, then 1 %), one thread and `--seconds` each (60). The
bare sides of a tender are the hull of the tiers (the library's own formulation), segments of spending with a bound
for each offer, and big-M; they write their model straight into a `HighsLp` and check nothing. For lot sizing and
awards the library hands one MIP to HiGHS, so that its side says what the guard costs: the bare side is left out. A gap
is what a side's own bound leaves, relative to its value.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import highspy
import numpy as np
from scipy.sparse import bmat, coo_array, csc_array, diags_array

from benchmarks.table import Figures, print_figures, print_table
from benchmarks.tenders import FOLDER, Floats, Tender, awards, drawn, lot_sizing, tender
from gst_opt.pillars.purchasing.classic.lot_sizing import capacitated_lot_sizing
from gst_opt.pillars.purchasing.classic.single_award import single_award
from gst_opt.pillars.purchasing.classic.total_quantity.method import total_quantity_discount
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result

USUAL = ("tqd_50x10_s1", "tqd_100x10_s2", "100x20", "tqd_500x20_s5", "1000x20")
QUICK = ("tqd_50x10_s1", "tqd_100x10_s2", "p1", "F1")
OFFERS, SEED = 5, 6
"""Offers an item of a drawn tender beyond 100 items; up to 100 everybody offers all, as in the published ones."""
FEW_ITEMS, LARGE, LARGE_GAP = 100, 500, 0.01


class Side(NamedTuple):
    """What one side found: seconds, and the value and the bound of its plan; none where there is none in time."""

    seconds: float
    value: float
    bound: float

    @property
    def gap(self) -> float:
        return (self.value - self.bound) / self.value if np.isfinite(self.value) else float("inf")


class Model(NamedTuple):
    """Columns with costs, upper bounds and whether they are whole; rows by columns, and their sides."""

    costs: Floats
    upper: Floats
    whole: Floats
    matrix: Any
    lower_side: Floats
    upper_side: Floats


class Parts(NamedTuple):
    """A tender as lists: offers (supplier, item, most, price) and tiers (supplier, threshold, next, rate)."""

    demand: Floats
    supplier: Any
    item: Any
    most: Floats
    price: Floats
    seller: Any
    start: Floats
    end: Floats
    rate: Floats
    fixed: Floats


def parts_of(given: Tender) -> Parts:
    """Return a tender with all-units tiers as lists."""
    most = np.minimum(given.capacity, given.demand)
    supplier, item = np.nonzero(most)
    volume = most.sum(axis=1)
    tiers = [
        (j, start, end, rate, schedule.fixed)
        for j, schedule in enumerate(given.schedules)
        for start, end, rate in zip(
            schedule.thresholds, (*schedule.thresholds[1:], volume[j]), schedule.rates, strict=True
        )
        if start <= volume[j]
    ]
    seller, start, end, rate, fixed = np.array(tiers).T
    offers = supplier, item, most[supplier, item], given.prices[supplier, item]
    return Parts(given.demand, *offers, seller.astype(np.intp), start, end, rate, fixed)


def hull(given: Tender) -> Model:
    """One copy of every offer for each tier, each bounded by its tier."""
    p = parts_of(given)
    offer, tier = np.nonzero(p.supplier[:, None] == p.seller)
    copies, tiers = len(offer), len(p.seller)
    tier_rows = diags_array(np.ones(tiers))
    rows: list[list[Any]] = [
        [_ones(p.item[offer], len(p.demand)), None],
        [diags_array(np.ones(copies)), coo_array((-p.most[offer], (np.arange(copies), tier)), shape=(copies, tiers))],
        [_ones(tier, tiers), tier_rows * -p.start],
        [None, _ones(p.seller, len(given.schedules))],
    ]
    lower = [p.demand, np.full(copies, -np.inf), np.zeros(tiers), np.full(len(given.schedules), -np.inf)]
    upper = [p.demand, np.zeros(copies), np.full(tiers, np.inf), np.ones(len(given.schedules))]
    return Model(
        np.concatenate([p.price[offer] * p.rate[tier], p.fixed]),
        np.concatenate([p.most[offer], np.ones(tiers)]),
        np.repeat([0.0, 1.0], [copies, tiers]),
        bmat(rows),
        np.concatenate(lower),
        np.concatenate(upper),
    )


def segments(given: Tender) -> Model:
    """Quantity and list value of a supplier in the segment of its tier; offers bounded by the supplier's contract."""
    p = parts_of(given)
    offers, tiers, suppliers = len(p.supplier), len(p.seller), len(given.schedules)
    value = np.bincount(p.supplier, p.price * p.most, suppliers)[p.seller]
    by_supplier, of_tier = _ones(p.supplier, suppliers), _ones(p.seller, suppliers)
    one = diags_array(np.ones(tiers))
    contract = (of_tier.T @ by_supplier).T.tocoo()
    bounded = coo_array((-p.most[contract.row], (contract.row, contract.col)), shape=(offers, tiers))
    rows: list[list[Any]] = [
        [_ones(p.item, len(p.demand)), None, None, None],
        [by_supplier, -of_tier, None, None],
        [by_supplier * p.price, None, -of_tier, None],
        [None, one, None, one * -p.start],
        [None, one, None, one * -p.end],
        [None, None, one, one * -value],
        [diags_array(np.ones(offers)), None, None, bounded],
        [None, None, None, of_tier],
    ]
    none, free = np.zeros(suppliers), np.full(tiers, -np.inf)
    lower = [p.demand, none, none, np.zeros(tiers), free, free, np.full(offers, -np.inf), np.full(suppliers, -np.inf)]
    upper = [p.demand, none, none, -free, np.zeros(tiers), np.zeros(tiers), np.zeros(offers), np.ones(suppliers)]
    return Model(
        np.concatenate([np.zeros(offers + tiers), p.rate, p.fixed]),
        np.concatenate([p.most, p.end, value, np.ones(tiers)]),
        np.repeat([0.0, 1.0], [offers + 2 * tiers, tiers]),
        bmat(rows),
        np.concatenate(lower),
        np.concatenate(upper),
    )


def big_m(given: Tender) -> Model:
    """A supplier's cost is at least that under a tier, unless another tier is chosen: the least M for every tier."""
    p = parts_of(given)
    offers, tiers, suppliers = len(p.supplier), len(p.seller), len(given.schedules)
    value = np.bincount(p.supplier, p.price * p.most, suppliers)[p.seller]
    volume = np.bincount(p.supplier, p.most, suppliers)
    by_supplier, of_tier = _ones(p.supplier, suppliers), _ones(p.seller, suppliers)
    seller_rows = of_tier.T @ by_supplier
    rows: list[list[Any]] = [
        [_ones(p.item, len(p.demand)), None, None],
        [by_supplier, None, of_tier * -volume[p.seller]],
        [seller_rows, None, diags_array(-p.start)],
        [diags_array(p.rate) @ seller_rows * p.price, -of_tier.T, diags_array(p.rate * value)],
        [None, None, of_tier],
    ]
    lower = [p.demand, np.full(suppliers, -np.inf), np.zeros(tiers), np.full(tiers, -np.inf), np.zeros(suppliers)]
    upper = [p.demand, np.zeros(suppliers), np.full(tiers, np.inf), p.rate * value, np.ones(suppliers)]
    return Model(
        np.concatenate([np.zeros(offers), np.ones(suppliers), p.fixed]),
        np.concatenate([p.most, np.full(suppliers, np.inf), np.ones(tiers)]),
        np.repeat([0.0, 1.0], [offers + suppliers, tiers]),
        bmat(rows),
        np.concatenate(lower),
        np.concatenate(upper),
    )


def _ones(rows: Any, count: int) -> Any:
    """Return a matrix that adds up columns by row."""
    return csc_array(coo_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(count, len(rows))))


def bare(model: Model, gap: float, seconds: float) -> tuple[float, float]:
    """Minimise by highspy alone; return value and bound."""
    matrix = csc_array(model.matrix)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.costs, np.zeros(len(model.costs)), model.upper
    lp.row_lower_, lp.row_upper_ = model.lower_side, model.upper_side
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    lp.integrality_ = [kinds[int(whole)] for whole in model.whole]
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", 1e-6),
        ("time_limit", seconds),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    info = highs.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)


BARE: dict[str, Callable[[Tender], Model]] = {"hull": hull, "segments": segments, "big_m": big_m}


def timed(run: Callable[[], tuple[float, float]]) -> Side:
    """Return what a run found and how long it took."""
    began = time.perf_counter()
    value, bound = run()
    return Side(time.perf_counter() - began, value, bound)


def of_result(result: Result[Any]) -> tuple[float, float]:
    """Return value and bound."""
    value, bound = result.objective, result.bound
    return np.inf if value is None else value, -np.inf if bound is None else bound


def sides(name: str, seconds: float) -> dict[str, Side]:
    """Return every side of an instance."""
    options = SolveOptions(gap=0.0, workers=1, seconds=seconds)
    if name[0] in "FG":
        return {"ours": timed(lambda: of_result(capacitated_lot_sizing(*lot_sizing(name), options)))}
    if name[0] == "p":
        return {"ours": timed(lambda: of_result(single_award(*awards(name), options)))}
    given = tender(name) if name.startswith("tqd") else _drawn(name)
    gap = LARGE_GAP if len(given.demand) >= LARGE else 0.0
    options = options.replace(gap=gap)
    found = {"ours": timed(lambda: of_result(total_quantity_discount(*given, options)))}
    chosen = BARE if len(given.demand) < LARGE else {"hull": hull}
    for side, model in chosen.items():
        found[side] = timed(lambda model=model: bare(model(given), gap, seconds))  # type: ignore[misc]
    return found


def _drawn(name: str) -> Tender:
    """Return a drawn tender by its sizes, items x suppliers."""
    items, suppliers = (int(part) for part in name.split("x"))
    return drawn(items, suppliers, suppliers if items <= FEW_ITEMS else OFFERS, SEED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="instances, such as tqd_50x10_s1, 100x20, G30 or p1")
    parser.add_argument("--quick", action="store_true", help="the quick instances only")
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit of each side")
    asked = parser.parse_args()
    names = QUICK if asked.quick else asked.names or USUAL
    there = [name for name in names if FOLDER.is_dir() or name[0].isdigit()]
    if len(there) < len(names):
        print(f"no instances in {FOLDER.name}: set GST_OPT_BENCH")
    single_award([[1.0]], [1.0], [1.0], [1.0])  # the worker starts
    rows, figures = [], {}
    for name in there:
        found = sides(name, asked.seconds)
        own: dict[str, Figures] = {}
        for side, one in found.items():
            own[side] = {
                "seconds": round(one.seconds, 2),
                "value": round(one.value, 2) if np.isfinite(one.value) else None,
                "bound": round(one.bound, 2) if np.isfinite(one.bound) else None,
                "gap_percent": round(100 * one.gap, 4) + 0.0 if np.isfinite(one.gap) else None,
                "ratio": round(one.seconds / found["ours"].seconds, 2),
            }
            rows.append([name, side, *map(str, own[side].values())])
        figures[name] = own
    print_table(["instance", "side", "seconds", "value", "bound", "gap %", "time over ours"], rows)
    print_figures({"instances": len(figures), "by_instance": figures})


if __name__ == "__main__":
    main()
