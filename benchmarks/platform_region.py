"""Equipment of a region: how many units of four kinds at each site within one budget, the search and one MIP of HiGHS.

`python -m benchmarks.platform_region [--quick] [--growth] [--seconds S] [SEED ...]` prints a table and, last, one JSON
object. 400 zones and 80 sites on a map of 200 by 150 minutes, 3.5 million people; scanners, MRI, mammography and
radiography with the units of today, costs a year in thousands of MAD, prices of units within one budget, floor space
of each site shared by the kinds. The figures are drawn around round ones of the right size: they are nobody's data.
`--growth` takes once, twice and four times the region, people and budget with it; `--quick` is a small one.

Ours (`pillars.platforms.modular_search`) comes first, with two workers and the gap asked for; highspy then has the
same limit of wall time and two threads, in one piece: whole units and an opening for each site and kind, strong links,
purchases, budget, floors. Processor seconds are told beside, as a busy machine gives less than two cores. The instance
holds, and the best plan shows: three sites or more in reach of each zone for each kind, opening costs (units apart) of
30 % of all, a budget that binds.
"""

import argparse
import resource
import time
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from benchmarks.table import Figures, print_figures, print_table
from gst_opt.pillars.platforms.modular import Modular
from gst_opt.pillars.platforms.modular_search import minimise_modular
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.workers import close_workers

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

SECONDS, GAP = 60.0, 5e-3
ZONES, SITES, PEOPLE = 400, 80, 3.5e6
SEEDS = (1, 2, 3)
SCALES = (1, 2, 4)
LEAST_OPENING = 0.3
UNITS, IN_REACH = 4, 3
PRESENT, FUNDED = 0.55, 0.7
"""Share of the units needed that stand there today, and share of what the others cost that the budget pays."""

MINUTE_COST = 3e-3
"""Thousands of MAD for a minute of journey there and back, with whoever comes along."""


class Kind(NamedTuple):
    """One kind of equipment.

    Acts a year for 1,000 people, minutes an act, thousands of minutes a unit and year, thousands of MAD a year to open
    at a site and for a unit, price of a unit, its floor in m2, thousands of MAD for an act unmet, longest journey.
    """

    rate: float
    minutes: float
    capacity: float
    opening: float
    unit: float
    price: float
    floor: float
    unmet: float
    reach: float


KINDS = (
    Kind(35, 20, 130, 3200, 1000, 6000, 60, 1.1, 60),  # scanner
    Kind(16, 35, 150, 4500, 1500, 14000, 90, 2.0, 75),  # MRI
    Kind(50, 15, 100, 1300, 350, 2200, 25, 0.5, 50),  # mammography
    Kind(180, 8, 100, 900, 300, 1500, 30, 0.25, 45),  # radiography
)


@dataclass(frozen=True)
class Region:
    """One instance; platforms are sites by kinds, streams zones by kinds, and option ``a`` serves one from the other.

    Attributes
    ----------
    site, today, capacity, opening, unit, price, floor
        By platform.
    minutes, unmet
        By stream: thousands of minutes, and cost of serving nobody.
    stream, platform, travel
        By option: stream, platform, cost of serving the whole stream.
    budget, space
        Of all, and by site.
    """

    site: Positions
    today: Positions
    capacity: Floats
    opening: Floats
    unit: Floats
    price: Floats
    floor: Floats
    minutes: Floats
    unmet: Floats
    stream: Positions
    platform: Positions
    travel: Floats
    budget: float
    space: Floats

    def modular(self) -> Modular:
        """Return it as levels: none to `UNITS` units at each platform; rows are the budget, then the floors."""
        count = len(self.site)
        platform, units = np.repeat(np.arange(count), UNITS + 1), np.tile(np.arange(UNITS + 1), count)
        level, columns = np.arange(len(platform)), len(platform) + len(self.stream)
        spent = self.price[platform] * np.maximum(units - self.today[platform], 0)
        values = np.concatenate([spent, self.floor[platform] * units])
        rows = np.concatenate([np.zeros(len(level), dtype=np.intp), 1 + self.site[platform]])
        matrix = csr_array(coo_array((values, (rows, np.tile(level, 2))), shape=(1 + len(self.space), columns)))
        matrix.eliminate_zeros()
        return Modular(
            platform=platform,
            cost=np.where(units > 0, self.opening[platform] + self.unit[platform] * units, 0.0),
            capacity=self.capacity[platform] * units,
            stream=self.stream,
            at=self.platform,
            price=self.travel,
            minutes=self.minutes[self.stream],
            unmet=self.unmet,
            rows=matrix,
            sides=np.concatenate([[self.budget], self.space]),
        )


def draw(seed: int, scale: float = 1.0) -> Region:
    """Draw a region; the same seed and scale give the same numbers."""
    random = np.random.default_rng(seed)
    zones, sites, kinds = round(ZONES * scale), round(SITES * scale), len(KINDS)
    size = np.array([200.0, 150.0]) * np.sqrt(scale)
    towns = random.uniform(0.0, size, (max(3, round(12 * scale)), 2))
    own = random.integers(0, len(towns), zones)
    around, anywhere = towns[own] + random.normal(0.0, 10.0, (zones, 2)), random.uniform(0.0, size, (zones, 2))
    places = np.where(random.random((zones, 1)) < 0.55, around, anywhere)
    people = random.lognormal(8.7, 0.8, zones)
    people *= PEOPLE * scale / people.sum()
    at = random.choice(zones, sites, replace=False, p=people / people.sum())
    journey = 8.0 + 1.3 * np.hypot(*(places[:, None] - places[at]).transpose(2, 0, 1))
    table = np.array(KINDS)
    kind, site = np.tile(np.arange(kinds), sites), np.repeat(np.arange(sites), kinds)
    of = np.tile(np.arange(kinds), zones)
    acts = np.repeat(people, kinds) / 1000 * table[of, 0] * random.uniform(0.8, 1.2, len(of))
    need = people.sum() / 1000 * table[:, 0] * table[:, 1] / 1000 / table[:, 2]
    today = np.zeros(len(kind), dtype=np.intp)
    for one in range(kinds):
        chosen = random.choice(sites, round(PRESENT * need[one]), p=people[at] / people[at].sum())
        np.add.at(today, chosen * kinds + one, 1)
    today = np.minimum(today, UNITS)
    nearest = np.sort(journey, axis=1)[:, IN_REACH - 1 : IN_REACH]
    reached = [np.nonzero(journey <= np.maximum(one.reach, nearest)) for one in KINDS]
    zone = np.concatenate([pairs[0] for pairs in reached])
    host = np.concatenate([pairs[1] for pairs in reached])
    which = np.repeat(np.arange(kinds), [len(pairs[0]) for pairs in reached])
    stream = zone * kinds + which
    missing = need - np.bincount(kind, today, kinds)
    space = np.round(random.uniform(150, 400, sites))
    region = Region(
        site=site,
        today=today,
        capacity=table[kind, 2],
        opening=np.round(table[kind, 3] * random.uniform(0.8, 1.2, len(kind))),
        unit=np.round(table[kind, 4] * random.uniform(0.8, 1.2, len(kind))),
        price=table[kind, 5],
        floor=table[kind, 6],
        minutes=acts * table[of, 1] / 1000,
        unmet=acts * table[of, 7],
        stream=stream,
        platform=host * kinds + which,
        travel=acts[stream] * journey[zone, host] * MINUTE_COST,
        budget=float(np.round(FUNDED * (missing * table[:, 5]).sum())),
        space=np.maximum(space, np.bincount(site, today * table[kind, 6], sites)),
    )
    assert np.bincount(stream, minlength=len(of)).min() >= min(IN_REACH, sites)
    return region


def one_piece(region: Region, seconds: float) -> tuple[float, float]:
    """Minimise by highspy alone; return value and bound. Columns: options, unmet, opened, units, units bought."""
    options, streams, platforms = len(region.stream), len(region.unmet), len(region.site)
    each, one = np.arange(options), np.ones(options)
    served = csr_array(coo_array((one, (region.stream, each)), shape=(streams, options)))
    load = csr_array(coo_array((region.minutes[region.stream], (region.platform, each)), shape=(platforms, options)))
    opened = csr_array(coo_array((one, (each, region.platform)), shape=(options, platforms)))
    unit = eye_array(platforms)
    room = csr_array(unit * region.capacity)
    price = csr_array(region.price[None, :])
    floor = csr_array(
        coo_array((region.floor, (region.site, np.arange(platforms))), shape=(len(region.space), platforms))
    )
    matrix = csr_array(
        block_array(
            [
                [served, eye_array(streams), None, None, None],
                [load, None, None, -room, None],
                [eye_array(options), None, -opened, None, None],
                [None, None, -UNITS * unit, unit, None],
                [None, None, unit, -unit, None],
                [None, None, None, unit, -unit],
                [None, None, None, None, price],
                [None, None, None, floor, None],
            ],
            format="csr",
        )
    )
    none = np.zeros(platforms)
    sides = [np.ones(streams), none, np.zeros(options), none, none, region.today, [region.budget], region.space]
    upper: Floats = np.concatenate([np.asarray(side, dtype=float) for side in sides])
    highspy.Highs.resetGlobalScheduler(True)  # else the threads of an earlier run in this process hold
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    for name, value in (("output_flag", False), ("threads", 2), ("mip_rel_gap", GAP), ("time_limit", seconds)):
        highs.setOptionValue(name, value)
    highs.passModel(
        matrix.shape[1],
        matrix.shape[0],
        matrix.nnz,
        highspy.MatrixFormat.kRowwise.value,
        highspy.ObjSense.kMinimize.value,
        0.0,
        np.concatenate([region.travel, region.unmet, region.opening, region.unit, none]),
        np.zeros(matrix.shape[1]),
        np.repeat([1.0, float(UNITS)], [options + streams + platforms, 2 * platforms]),
        np.concatenate([np.ones(streams), np.full(len(upper) - streams, -np.inf)]),
        upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(float),
        np.repeat([0, 1], [options + streams, 3 * platforms]).astype(np.int32),
    )
    highs.run()
    info = highs.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)


def run(seed: int, scale: float, seconds: float) -> Figures:
    """Solve a region by both and return their figures; those of the instance are of our plan."""
    region = draw(seed, scale)
    problem = region.modular()
    before = _processor()
    answer = minimise_modular(problem, SolveOptions(gap=GAP, seconds=seconds, workers=2))
    close_workers()
    between, began = _processor(), time.perf_counter()
    value, bound = one_piece(region, seconds)
    bare_seconds = time.perf_counter() - began
    assert answer.plan is not None
    assert answer.plan.broken(problem) == {}
    opening = float(region.opening[problem.capacity[answer.plan.level] > 0].sum()) / answer.value
    left = float(region.budget - answer.plan.used(problem)[0])
    bare_gap = (value - bound) / abs(value) if np.isfinite(value) else 1.0
    return {
        "seconds": round(answer.seconds, 1),
        "processor": round(between - before, 1),
        "value": round(answer.value),
        "bound": round(answer.bound),
        "gap_percent": round(100 * answer.gap, 3),
        "seconds_bare": round(bare_seconds, 1),
        "processor_bare": round(_processor() - between, 1),
        "value_bare": round(value) if np.isfinite(value) else None,
        "bound_bare": round(bound),
        "gap_percent_bare": round(100 * bare_gap, 3),
        "gap_ratio": round(answer.gap / bare_gap, 3) if bare_gap > 0 else None,
        "opening_percent": round(100 * opening, 1),
        "budget_left": round(left),
        "budget_price": round(float(answer.row[0]), 3),
        "meets": bool(opening >= LEAST_OPENING and answer.row[0] > 0 and left < region.price.max()),
    }


def _processor() -> float:
    """Return the processor seconds of this process and of its workers that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=list(SEEDS))
    parser.add_argument("--quick", action="store_true", help="a tenth of the region, 5 s, one seed")
    parser.add_argument("--growth", action="store_true", help="once, twice and four times the region, first seed")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    seeds, seconds = (asked.seeds[:1], min(asked.seconds, 5.0)) if asked.quick else (asked.seeds, asked.seconds)
    cases = [(seed, 0.1 if asked.quick else 1.0) for seed in seeds]
    if asked.growth:
        cases = [(seeds[0], scale) for scale in SCALES]
    figures, heads = {}, list[str]()
    for seed, scale in cases:
        figures[f"seed {seed} x{scale:g}"] = found = run(seed, scale, seconds)
        heads = ["region", *found]
    rows = [[name, *map(str, found.values())] for name, found in figures.items()]
    print_table(heads, rows)
    gaps = [float(str(found["gap_percent"])) for found in figures.values()]
    ratios = [float(str(found["gap_ratio"])) for found in figures.values() if found["gap_ratio"] is not None]
    print_figures(
        {
            "worst_gap_percent": max(gaps),
            "worst_gap_ratio": max(ratios, default=None),
            "seconds_allowed": seconds,
            "by_region": figures,
        }
    )
    assert asked.quick or all(found["meets"] for found in figures.values()), "a region is not as it is meant to be"


if __name__ == "__main__":
    main()
