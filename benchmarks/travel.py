"""Time and memory of the minutes between all pairs of places.

`python -m benchmarks.travel [--quick]` prints a table and, last, one JSON object: for each size, the median
seconds of `travel` on a region that has roads, places off the road and none with a known time, and the peak
memory of the whole process that ran it. Each case runs in a process of its own.
"""

import argparse
import hashlib
import json
import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from gst_opt.core.region import Facility, Level, Region, Road, Terrain, TerrainSpeed, Zone
from gst_opt.network import Method, travel

SEED = 20_261_122
SPEEDS = {Terrain.URBAN: 25.0, Terrain.PLAIN: 60.0, Terrain.MOUNTAIN: 35.0}


class Case(NamedTuple):
    name: str
    facilities: int
    zones: int
    off_road: float
    runs: int


class Figures(NamedTuple):
    digest: str
    roads: int
    shares: dict[str, float]
    seconds: float
    peak_mb: float


def region_of(case: Case) -> Region:
    """Draw places in a box of 200 km, roads from each to its four nearest, and some places off the road."""
    random = np.random.default_rng(SEED)
    count = case.facilities + case.zones
    latitude, longitude = 34.2 + 1.7 * random.random(count), -6.2 + 2.2 * random.random(count)
    terrains = random.choice([terrain.value for terrain in SPEEDS], count)
    names = [f"p{number:05d}" for number in range(count)]
    places = [
        {
            "id": name,
            "name": name,
            "commune": f"c{number % 150}",
            "province": f"v{number % 8}",
            "terrain": Terrain(terrain),
            "latitude": float(north),
            "longitude": float(east),
        }
        for number, (name, terrain, north, east) in enumerate(zip(names, terrains, latitude, longitude, strict=True))
    ]
    on_road = np.flatnonzero(random.random(count) >= case.off_road)
    roads = []
    if len(on_road) > 4:
        km = np.column_stack([latitude[on_road] * 111.2, longitude[on_road] * 91.3])
        distances, neighbours = cKDTree(km).query(km, k=5)
        links = {
            (min(start, end), max(start, end)): round(float(length) * 1.3, 3)
            for start, lengths, ends in zip(on_road, distances, on_road[neighbours], strict=True)
            for end, length in zip(ends[1:], lengths[1:], strict=True)
        }
        roads = [
            Road(origin=names[start], destination=names[end], km=length, minutes=round(length * 60 / 45, 3))
            for (start, end), length in links.items()
        ]
    return Region(
        facilities=tuple(
            Facility.model_validate(place | {"level": Level.URBAN_CENTRE_1}) for place in places[: case.facilities]
        ),
        zones=tuple(Zone.model_validate(place | {"urban": True}) for place in places[case.facilities :]),
        roads=tuple(roads),
        terrain_speeds=tuple(
            TerrainSpeed(terrain=terrain, detour=1.35, km_per_hour=speed, source="benchmark")
            for terrain, speed in SPEEDS.items()
        ),
    )


def run(case: Case) -> Figures:
    region = region_of(case)
    seconds = []
    for _ in range(case.runs):
        start = time.perf_counter()
        journeys = travel(region)
        seconds.append(time.perf_counter() - start)
        del journeys
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    methods = travel(region).methods
    shares = {method.name: float((methods == method).mean()) for method in Method}
    digest = hashlib.sha256(region.model_dump_json().encode()).hexdigest()[:12]
    return Figures(digest, len(region.roads), shares, statistics.median(seconds), peak)


def cases(quick: bool) -> list[Case]:
    runs = 1 if quick else 5
    sizes = [(318, 150), (3400, 0)] if quick else [(318, 150), (1700, 0), (3400, 0)]
    return [
        Case(f"{facilities + zones}_{name}", facilities, zones, off_road, runs)
        for facilities, zones in sizes
        for name, off_road in (("roads", 0.0), ("mixed", 0.1), ("no_roads", 1.0))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two sizes that count, one run each")
    quick = parser.parse_args().quick
    figures: dict[str, dict[str, float]] = {}
    print(f"{'case':>15} {'digest':>13} {'roads':>7} {'by road':>8} {'by air':>7} {'seconds':>8} {'peak MB':>8}")
    for case in cases(quick):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            got = pool.submit(run, case).result()
        shares = f"{got.shares['ROAD']:8.1%} {got.shares['GREAT_CIRCLE']:7.1%}"
        print(f"{case.name:>15} {got.digest:>13} {got.roads:7d} {shares} {got.seconds:8.3f} {got.peak_mb:8.0f}")
        figures[case.name] = {"seconds": round(got.seconds, 4), "peak_mb": round(got.peak_mb)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
