"""Small workforce plans with values computed by hand."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gst_opt.core.careers import Attraction, NewPosts, StaffingTarget, Training
from gst_opt.core.mobility import Post
from gst_opt.core.ports import money, staff_hours
from gst_opt.core.region import Facility, Level, Population, Region, TravelTime, Zone
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.time import Grain
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.workforce_planning.problem import (
    Decision,
    WorkforcePin,
    WorkforcePlanningProblem,
    WorkforcePolicy,
)

Values = tuple[float, float, float, float, float]
"""Uncovered (FTE x years), missing to targets, MAD spent, heads moved, minutes."""
PRICES: Values = (250_000.0, 50_000.0, 1.0, 20_000.0, 750.0)
"""What the policy asks for each by default, in MAD."""
LEVELS = {"hub": Level.PROVINCIAL_HOSPITAL, "far": Level.RURAL_CENTRE_1, "mid": Level.URBAN_CENTRE_1}
MINUTES = {frozenset(("hub", "far")): 50.0, frozenset(("hub", "mid")): 30.0, frozenset(("mid", "far")): 40.0}
START = date(2026, 1, 1)


def mad(values: Sequence[float]) -> tuple[float]:
    """Return the one goal of the policy: the terms at their prices."""
    return (math.fsum(price * value for price, value in zip(PRICES, values, strict=True)),)


def make(
    need: Mapping[tuple[str, str], float],
    heads: Mapping[tuple[str, str], int],
    policy: Mapping[str, Any],
    **tables: Any,
) -> WorkforcePlanningProblem:
    """Make a problem from needs and heads by (site, skill), a policy and tables of the workforce."""
    sites = sorted({site for site, _ in [*need, *heads]})
    skills = sorted({skill for _, skill in [*need, *heads]})
    given = {
        "skills": tuple(
            Skill(id=skill, name_fr=skill, name_en=skill, profession=skill, needs_approval=skill == "nurse")
            for skill in skills
        ),
        "staff": tuple(Staff(facility=site, skill=skill, heads=count) for (site, skill), count in heads.items()),
        "staffing_norms": tuple(
            StaffingNorm(level=LEVELS[site], skill=skill, fte=fte, source="toy") for (site, skill), fte in need.items()
        ),
    }
    return WorkforcePlanningProblem(
        region=Region(
            facilities=tuple(
                Facility(id=site, name=site, commune="C", province="P", level=LEVELS[site]) for site in sites
            ),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            populations=(Population(zone="Z", age_group="all", inhabitants=10_000),),
            travel_times=tuple(
                TravelTime(origin=one, destination=other, minutes=MINUTES[frozenset((one, other))])
                for one in sites
                for other in sites
                if one != other
            ),
        ),
        workforce=Workforce(**(given | tables)),
        policy=WorkforcePolicy(**({"grain": Grain.YEAR, "start": START, "periods": 2} | dict(policy))),
    )


ROOMY = {"moves_per_period": 10, "approved_moves": 10, "yearly_budget": 1_000_000.0}


def valley(
    *pins: WorkforcePin, protected: int = 0, chiefs: int = 1, far: Mapping[str, int] | None = None, **policy: Any
) -> Any:
    """Two years; a hub with two nurses to spare and a centre without any, 50 minutes away.

    ==========  =====  ====  ====================  ===================
    site        heads  need  may leave             a post is filled
    ==========  =====  ====  ====================  ===================
    hub         4      2     2, one a year         for sure
    far         0      2.5   0                     half; 1,000 MAD: for sure
    ==========  =====  ====  ====================  ===================

    One new post, in 2026. A nurse moves each year, and the post opens at `far` with its incentive: 2 nurses there at
    the end of 2026, 3 at the end of 2027. Uncovered: 0.5 + 0. The target of 9 heads is missed by 4 at each end. The
    incentive is paid in both years.

    The hub also has a chief nurse, whom nobody needs to follow, and `far` a driver, whom no decision touches.

    In MAD: 0.5 x 250,000 + 8 x 50,000 + 2,000 + 2 x 20,000 + 100 x 750 = 642,000. A move costs 20,000 + 50 x 750 =
    57,500, less than the half FTE (125,000) that the second one covers in 2027; the incentive adds half a head.
    """
    return make(
        {("hub", "nurse"): 2.0, ("far", "nurse"): 2.5},
        {},
        ROOMY | {"pins": pins} | policy,
        skills=(
            Skill(id="nurse", name_fr="n", name_en="n", profession="nurse", needs_approval=True),
            Skill(id="chief", name_fr="c", name_en="c", profession="chief"),
            Skill(id="driver", name_fr="d", name_en="d", profession="driver"),
        ),
        staff=(
            Staff(facility="hub", skill="nurse", heads=4, protected=protected),
            Staff(facility="hub", skill="chief", heads=chiefs),
            Staff(facility="far", skill="driver", heads=1),
        ),
        new_posts=(NewPosts(year=2026, profession="nurse", posts=1, source="toy"),),
        attractions=(
            Attraction(
                facility="far",
                profession="nurse",
                fill_share=0.5,
                fill_share_with_incentive=1.0,
                incentive=1000.0,
                source="toy",
            ),
        ),
        staffing_targets=(StaffingTarget(year=2025, province="P", profession="nurse", per_1000=0.9, source="toy"),),
        trainings=(
            Training(
                origin_skill="nurse", skill="chief", places=1, months=12, success_share=0.5, cost=300.0, source="toy"
            ),
        ),
        posts=(
            Post(facility="hub", skill="chief", trainees=1),
            Post(facility="far", skill="nurse", **({"budgeted": 10, "newcomers": 10} | dict(far or {}))),
        ),
        working_times=tuple(
            WorkingTime(skill=skill, days_per_week=5, hours_per_day=8, source="toy") for skill in ("driver", "nurse")
        ),
    )


VALLEY_BEST: Values = (0.5, 8.0, 2000.0, 2.0, 100.0)
VALLEY_TODAY: Values = (5.0, 10.0, 0.0, 0.0, 0.0)
ONE_MOVE: Values = (1.0, 8.0, 2000.0, 1.0, 50.0)
NO_MOVE: Values = (3.0, 8.0, 2000.0, 0.0, 0.0)


def school(trainees: int = 5) -> WorkforcePlanningProblem:
    """Two years; an aide at each of two sites may become a nurse in one, one place a year.

    Nurses: 2 needed and none at the hub, 2 needed and 1 at `far`, so 3 uncovered each year. One aide trained in 2026 is
    a nurse in 2027: 3 + 2 = 5 uncovered. The nurse at `far` supervises.
    """
    return make(
        {("hub", "nurse"): 2.0, ("far", "nurse"): 2.0},
        {("hub", "aide"): 1, ("far", "aide"): 1, ("far", "nurse"): 1},
        {},
        trainings=(
            Training(
                origin_skill="aide", skill="nurse", places=1, months=12, success_share=1.0, cost=300.0, source="toy"
            ),
        ),
        posts=(Post(facility="far", skill="nurse", trainees=trainees),),
    )


SCHOOL_BEST: Values = (5.0, 0.0, 300.0, 0.0, 0.0)


def lone_heads() -> WorkforcePlanningProblem:
    """Two years; a midwife and a nurse alone in their teams at the hub, both needed at `far` only.

    A quarter of two heads is none, so one head may leave the hub in a year: 1 uncovered in 2026, 0 in 2027.
    """
    return make({("far", "midwife"): 1.0, ("far", "nurse"): 1.0}, {("hub", "midwife"): 1, ("hub", "nurse"): 1}, {})


def pin(kind: PinKind, decision: Decision, value: float | None = None, **selects: str) -> WorkforcePin:
    """Pin a decision."""
    return WorkforcePin(kind=kind, decision=decision, value=value, reason="decided by the board", **selects)


AT_THE_HUB: Values = (2.0, 8.0, 0.0, 2.0, 100.0)
PINS: dict[PinKind, tuple[WorkforcePin, Values]] = {
    PinKind.FIX: (pin(PinKind.FIX, Decision.POSTS, 1.0, facility="hub", period="2026"), AT_THE_HUB),
    PinKind.FORBID: (pin(PinKind.FORBID, Decision.MOVES, origin="hub"), NO_MOVE),
    PinKind.AT_LEAST: (pin(PinKind.AT_LEAST, Decision.POSTS, 1.0, facility="hub"), AT_THE_HUB),
    PinKind.AT_MOST: (pin(PinKind.AT_MOST, Decision.MOVES, 1.0, facility="far"), ONE_MOVE),
    PinKind.KEEP: (pin(PinKind.KEEP, Decision.MOVES, period="2026"), (2.0, 8.0, 2000.0, 1.0, 50.0)),
}
"""The post at the hub leaves 1.5 + 0.5 uncovered; without a move in 2026, so do the post and one nurse in 2027."""

WITHOUT: dict[str, tuple[WorkforcePlanningProblem, Values]] = {
    "stock": (school(), (0.0, 0.0, 0.0, 0.0, 0.0)),
    "cover": (school(), (0.0, 0.0, 0.0, 0.0, 0.0)),
    "targets": (valley(leaving_share=1.0), (0.0, 0.0, 0.0, 2.0, 100.0)),
    "standing": (valley(protected=3), VALLEY_BEST),
    "release": (valley(protected=3), VALLEY_BEST),
    "leaving": (valley(chiefs=4), (0.0, 8.0, 2000.0, 2.0, 100.0)),
    "leaving_site": (lone_heads(), (0.0, 0.0, 0.0, 2.0, 100.0)),
    "moves_cap": (valley(moves_per_period=0), VALLEY_BEST),
    "approval": (valley(approved_moves=1), VALLEY_BEST),
    "envelope": (valley(), (0.0, 5.0, 2000.0, 1.0, 50.0)),
    "budgeted": (valley(far={"budgeted": 1}), VALLEY_BEST),
    "reception": (valley(far={"newcomers": 1}), VALLEY_BEST),
    "budget": (valley(yearly_budget=500.0), VALLEY_BEST),
    "pins": (valley(PINS[PinKind.FORBID][0]), VALLEY_BEST),
    "places": (school(), (4.0, 0.0, 600.0, 0.0, 0.0)),
    "placement": (school(trainees=0), SCHOOL_BEST),
    "supervision": (school(trainees=0), SCHOOL_BEST),
}
"""For each constraint a problem where it binds, and the values when it is left out.

Without `stock`, heads come from nowhere. Without `cover`, no need counts.
Without `targets`, the post opens without its incentive (2 moves at 57,500 and no money). Without `leaving`, both nurses
move in 2026 (four chiefs let two heads leave the hub). Without `leaving_site`, both heads of the hub do. Without
`envelope`, one post of each kind opens: at `far` 1 and 0.5 filled, at the hub 1. Without `places`, both aides are
trained in 2026.
"""

WITH: dict[str, Values] = {
    "stock": SCHOOL_BEST,
    "cover": SCHOOL_BEST,
    "targets": (0.0, 8.0, 2000.0, 2.0, 100.0),
    "standing": ONE_MOVE,
    "release": ONE_MOVE,
    "leaving_site": (1.0, 0.0, 0.0, 2.0, 100.0),
    "moves_cap": NO_MOVE,
    "approval": ONE_MOVE,
    "budgeted": ONE_MOVE,
    "reception": (2.0, 8.0, 2000.0, 1.0, 50.0),
    "budget": (1.0, 9.0, 0.0, 2.0, 100.0),
    "pins": NO_MOVE,
    "places": SCHOOL_BEST,
    "placement": (6.0, 0.0, 0.0, 0.0, 0.0),
    "supervision": (6.0, 0.0, 0.0, 0.0, 0.0),
}
"""The values of those problems with all their constraints, where they are not those of the valley.

With `reception`, one newcomer a year at `far`: the post there in 2026 and a nurse in 2027 leave 1.5 + 0.5, as would the
post at the hub and a nurse each year; that one more move (57,500) is dearer than the incentive (2,000).
"""

PORTS = (
    {staff_hours("far", "driver", year): 2080.0 for year in ("2026", "2027")}
    | {staff_hours("hub", "nurse", year): 8320.0 for year in ("2026", "2027")}
    | {staff_hours("far", "nurse", year): 0.0 for year in ("2026", "2027")}
    | {money(line, year): 0.0 for line in ("incentives", "trainings") for year in ("2026", "2027")}
)
