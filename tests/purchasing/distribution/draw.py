"""Small random seasons."""

from typing import Any

import numpy as np

from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from tests.purchasing.distribution.toys import FEB, JAN, season

SOLD = (("atlas", "latex"), ("rif", "latex"), ("rif", "cotton"))


def draw(seed: int) -> DistributionProblem:
    """Draw two months of one or two needs for two facilities that no way sees alike."""
    rng = np.random.default_rng(seed)
    sold = [SOLD[n] for n in sorted(rng.permutation(3)[: int(rng.integers(1, 3))])]
    facilities = ("hp", "cs")[: int(rng.integers(1, 3))]
    needs = sorted({"gloves" if reference == "latex" else "swabs" for _, reference in sold})
    suppliers = sorted({one for one, _ in sold})
    arrivals = {
        (*pair, received, used): float(rng.integers(0, 150))
        for pair in sold
        for received, used in ((JAN, JAN), (JAN, FEB), (FEB, FEB))
        if rng.random() < 0.7
    } or {("atlas", "latex", JAN, JAN): 50.0}
    more: dict[str, Any] = {"storage": float(rng.choice([0.2, 0.6, 5.0]))} if rng.random() < 0.6 else {}
    if rng.random() < 0.4:
        more["max_stops"] = int(rng.integers(0, 3))
    pairs = [(one, facility) for one in suppliers for facility in facilities]
    problem = season(
        {(need, one): tuple(float(rng.integers(1, 100)) for _ in range(2)) for need in needs for one in facilities},
        arrivals,
        direct={pair: float(rng.integers(10, 300)) for pair in pairs if rng.random() < 0.7},
        inward={one: float(rng.integers(10, 100)) for one in suppliers if rng.random() < 0.8},
        onward={one: float(rng.integers(10, 150)) for one in facilities if rng.random() < 0.9},
        prices={reference: float(rng.integers(1, 9)) for _, reference in sold},
        common=float(rng.choice([0, 100])),
        stop_cost=float(rng.choice([0, 20, 60])),
        facility_cover=float(rng.choice([0, 31])),
        shortage_factor=float(rng.choice([1.2, 3.0])),
        **more,
    )
    if rng.random() < 0.3:
        first, *others = problem.arrivals
        there = first.replace(supplier=None, depot="store", received=JAN)
        problem = problem.replace(arrivals=(*others, there))
    alone = len(set(problem.groups.values())) == len(problem.groups)
    return problem if alone else draw(seed + 100_000)
