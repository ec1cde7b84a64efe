"""Purchasing instances: the published ones, read from where they lie, and tenders drawn from a seed."""

import csv
import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gst_opt.pillars.purchasing.classic.schedule import TierSchedule

Floats = NDArray[np.float64]
FOLDER = Path(os.environ.get("GST_OPT_BENCH", Path(__file__).parents[2] / "shared" / "bench")) / "purchasing"


class Tender(NamedTuple):
    """Arrays of `total_quantity_discount`, in its order."""

    prices: Floats
    demand: Floats
    schedules: tuple[TierSchedule, ...]
    capacity: Floats


def known(name: str, quantity: str = "optimum") -> tuple[float, ...]:
    """Return a row's values in ``optima.csv``, by the beginning of its id."""
    with (FOLDER / "optima.csv").open(encoding="utf-8-sig", newline="") as lines:
        row = next(one for one in csv.DictReader(lines) if one["id"].startswith(name) and one["quantity"] == quantity)
    return tuple(float(part) for part in row["value"].split("|"))


def tender(name: str) -> Tender:
    """Return a published total quantity discount, such as ``tqd_50x10_s1``; its rebates are shares off the price."""
    data = json.loads((FOLDER / "tqdp" / f"{name}.json").read_text(encoding="utf-8"))
    shape = len(data["suppliers"]), len(data["demand"])
    prices, capacity = np.zeros(shape), np.zeros(shape)
    for item, supplier, price, available in data["offers_item_supplier_price_avail"]:
        prices[supplier, item], capacity[supplier, item] = price, available
    schedules = [
        TierSchedule(
            thresholds=tuple(one["tier_min_qty"]),
            rates=tuple(1 - rebate for rebate in one["discount"]),
            fixed=one["activation"],
        )
        for one in data["suppliers"]
    ]
    return Tender(prices, np.array(data["demand"]), tuple(schedules), capacity)


def drawn(items: int, suppliers: int, offers: int, seed: int) -> Tender:
    """Draw a total quantity discount in the style of the published files.

    Demand 10 to 200; each item is offered by `offers` suppliers, at a price of its own (1 to 12) within 25 %, for half
    of the demand to all of it; suppliers have four tiers that begin between 15 and 90 % of what they can sell, with
    three rebates of 1 to 6 % on top of one another, and a fixed cost of 3 to 20 % of the cost of all, shared by
    suppliers (as in the published files). Whole quantities, prices in hundredths.
    """
    rng = np.random.default_rng(seed)
    demand = rng.integers(10, 201, items).astype(float)
    sells = np.argsort(rng.random((suppliers, items)), axis=0) < offers
    base = rng.uniform(1, 12, items)
    prices = np.where(sells, np.round(base * rng.uniform(0.75, 1.25, (suppliers, items)), 2), 0.0)
    half = rng.random((suppliers, items)) < 0.5
    capacity = np.where(half, np.ceil(demand * rng.uniform(0.5, 1.0, (suppliers, items))), demand)
    capacity = np.where(sells, capacity, 0.0)
    worth = float(base @ demand) / suppliers
    schedules = []
    for volume in capacity.sum(axis=1):
        starts = np.sort(rng.uniform(0.15, 0.9, 3) * volume).round()
        starts = np.maximum.accumulate(starts - np.arange(3)) + np.arange(3)
        rebates = np.cumsum(rng.uniform(0.01, 0.06, 3)).round(3)
        schedules.append(
            TierSchedule(
                thresholds=(0.0, *starts.tolist()),
                rates=(1.0, *(1 - rebates).tolist()),
                fixed=float(round(worth * rng.uniform(0.03, 0.2))),
            )
        )
    return Tender(prices, demand, tuple(schedules), capacity)


def lot_sizing(name: str, unit_use: float | None = None) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return the arrays of `capacitated_lot_sizing` of a published file, such as ``G30``.

    Sizes, the number of machines, the capacity of every period; by item what a unit takes, its holding cost, what a
    set-up takes and costs; then what every period needs of each. `unit_use`: what a unit takes instead.
    """
    lines = (FOLDER / "lotsizing" / "trigeiro_dat" / f"{name}.DAT").read_text(encoding="ascii").splitlines()
    items, periods = (int(number) for number in lines[0].split())
    unit, hold, takes, costs = np.array([line.split() for line in lines[3 : 3 + items]], dtype=np.float64).T
    demand = np.array([line.split() for line in lines[3 + items : 3 + items + periods]], dtype=np.float64).T
    use = np.column_stack([unit if unit_use is None else np.full(items, unit_use), takes])
    return demand, costs, hold, use, np.full(periods, float(lines[2]))


def award_files() -> list[str]:
    """Return the names of the published single-award files, ``p1`` first; none where the folder is missing."""
    folder = FOLDER / "sscflp" / "orlib_small"
    return sorted((file.name for file in folder.glob("p*")), key=lambda name: int(name[1:]))


def awards(name: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the arrays of `single_award`: the file has sizes, capacities, fixed costs, loads, costs lot by lot."""
    text = (FOLDER / "sscflp" / "orlib_small" / name).read_text(encoding="ascii")
    numbers = np.array(text.split(), dtype=np.float64)
    suppliers, lots = (int(number) for number in numbers[:2])
    ends = 2 + np.cumsum([suppliers, suppliers, lots])
    capacity, fixed, load, costs = np.split(numbers[2:], ends - 2)
    return costs.reshape(lots, suppliers).T, fixed, load, capacity


def bid() -> Tender:
    """Return the published bid evaluation: one item; vendors have segments of quantity, each with its price."""
    with (FOLDER / "procurement" / "bid_gams.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    vendors = sorted({row["vendor"] for row in rows})
    own = [[row for row in rows if row["vendor"] == vendor] for vendor in vendors]
    schedules = tuple(
        TierSchedule(
            thresholds=tuple(float(row["q_min"]) for row in segments),
            rates=tuple(float(row["price"]) for row in segments),
            fixed=float(segments[0]["setup"]),
            incremental=True,
        )
        for segments in own
    )
    capacity = np.array([[float(segments[-1]["q_max"])] for segments in own])
    return Tender(np.ones((len(own), 1)), np.array([239600.48]), schedules, capacity)
