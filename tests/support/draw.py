"""Small random questions of one function."""

from datetime import date
from typing import Any

import numpy as np

from gst_opt.core.time import Grain
from gst_opt.model.goals import Goals
from gst_opt.model.prices import in_mad
from gst_opt.model.problem import PinKind
from gst_opt.pillars.support.hubs.policy import MONEY, HubPin
from gst_opt.pillars.support.hubs.problem import HubProblem
from tests.support.toys import linen

WEIGHTS = {"distance": 0.5, "below_floor": 30.0, "staff_hours": 0.1}


def draw(seed: int) -> HubProblem:
    """Draw two or three facilities, one or two hubs of one or two sizes, up to four dates of change."""
    rng = np.random.default_rng(seed)
    grain, years, month = (
        (Grain.YEAR, 2, None),
        (Grain.YEAR, 3, 7),
        (Grain.QUARTER, 1, None),
        (Grain.QUARTER, 2, 5),
        (Grain.MONTH, 2, 3),
    )[int(rng.integers(5))]
    dates = 4 if grain is Grain.QUARTER and month is None else years
    facilities = "abc" if dates < 3 else "ab"
    start = date(2026, int(rng.choice([1, 4])), 1) if grain is not Grain.YEAR else date(2026, 1, 1)
    rows = {Grain.YEAR: 1, Grain.QUARTER: 4, Grain.MONTH: 12}[grain]
    least = 0 if rng.random() < 0.3 else 1
    volumes = {one: tuple(float(v) / rows for v in rng.integers(20 * least, 100, rows)) for one in facilities}
    sizes = {
        hub: tuple(
            (
                80.0 * n + float(rng.integers(40)),
                30.0 * n + float(rng.integers(60)),
                float(rng.integers(8)) / 10,
                30.0 * (n - 1) + float(rng.integers(30)),
            )
            for n in range(1, 1 + int(rng.integers(1, 3)))
        )
        for hub in "abc"[: int(rng.integers(1, 3))]
    }
    return linen(
        *_pins(rng, facilities),
        volumes=volumes,
        today={one: (float(rng.integers(40, 200)), float(rng.integers(15)) / 10) for one in facilities},
        sizes=sizes,
        function={
            "max_minutes": [None, 30.0, 60.0][int(rng.integers(3))],
            "min_quality": float(rng.choice([0.0, 0.6])),
            "carriage": float(rng.choice([0.0, 0.01])),
            "migration_cost": float(rng.choice([0.0, 10.0, 40.0])),
            "migration_month": month,
            "growth": float(rng.choice([0.0, 0.1, 0.3])),
        },
        quality={hub: float(rng.choice([0.5, 0.9])) for hub in sizes},
        today_quality={one: float(rng.choice([0.5, 0.9])) for one in facilities},
        grain=grain,
        start=start,
        years=years,
        discount_rate=float(rng.choice([0.0, 0.05])),
        change_years=[None, None, 1][int(rng.integers(3))],
        max_changes=int(rng.choice([1, 1, 2])),
        goals=_goals(rng),
    )


def _goals(rng: np.random.Generator) -> Goals | None:
    if rng.random() < 0.5:
        return None
    return in_mad(dict.fromkeys(MONEY, 1.0) | WEIGHTS)


def _pins(rng: np.random.Generator, facilities: str) -> tuple[HubPin, ...]:
    if rng.random() < 0.6:
        return ()
    kind = list(PinKind)[int(rng.integers(5))]
    value = None if kind in (PinKind.FORBID, PinKind.KEEP) else float(rng.integers(0, 3))
    selected: dict[str, Any] = {
        "facility": [None, *facilities][int(rng.integers(3))],
        "as_today": bool(rng.random() < 0.3),
    }
    if not selected["as_today"]:
        selected["hub"] = [None, "a"][int(rng.integers(2))]
    return (HubPin(kind=kind, value=value, reason="drawn", **selected),)
