"""Small redeployments with values computed by hand, and random ones with values by enumeration."""

import itertools
import math

import numpy as np

from gst_opt.core.region import Facility, Level, Region, TravelTime, Zone
from gst_opt.core.standards import StaffingNorm
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentPolicy, RedeploymentProblem


def facility(name: str, level: Level = Level.URBAN_CENTRE_1, province: str = "P") -> Facility:
    """Make a facility named by its id."""
    return Facility(id=name, name=name, commune="C", province=province, level=level)


def norm(level: Level, skill: str, fte: float, minimum_team: int = 0) -> StaffingNorm:
    """Make a norm that depends on nothing but the level."""
    return StaffingNorm(level=level, skill=skill, fte=fte, minimum_team=minimum_team, source="toy")


def triangle(*pins: MovePin, max_travel: float = 60.0) -> RedeploymentProblem:
    """One hospital with doctors to spare and two centres that are short.

    ==========  =====  ====  ============  =====
    facility    heads  need  must stay     spare
    ==========  =====  ====  ============  =====
    hospital    4      1.5   3 (its team)  1
    near        1      1.5   1             0
    far         0      1.5   0             0
    ==========  =====  ====  ============  =====

    Journeys: hospital - near 30 minutes, hospital - far 50, near - far 20. Today 0.5 + 1.5 = 2 FTE are uncovered.
    The one spare doctor covers 1 FTE at `far` but only 0.5 at `near`: the best plan sends it to `far`, and leaves
    1 FTE uncovered, with 1 move of 50 minutes.
    """
    times = {("hospital", "near"): 30.0, ("hospital", "far"): 50.0, ("near", "far"): 20.0}
    return RedeploymentProblem(
        region=Region(
            facilities=(facility("hospital", Level.PROVINCIAL_HOSPITAL), facility("near"), facility("far")),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            travel_times=tuple(
                TravelTime(origin=a, destination=b, minutes=minutes)
                for (one, other), minutes in times.items()
                for a, b in ((one, other), (other, one))
            ),
        ),
        workforce=Workforce(
            skills=(Skill(id="doctor", name_fr="médecin", name_en="doctor", profession="doctor"),),
            staff=(
                Staff(facility="hospital", skill="doctor", heads=4),
                Staff(facility="near", skill="doctor", heads=1),
            ),
            staffing_norms=(
                norm(Level.PROVINCIAL_HOSPITAL, "doctor", 1.5, minimum_team=3),
                norm(Level.URBAN_CENTRE_1, "doctor", 1.5),
            ),
        ),
        policy=RedeploymentPolicy(max_travel=max_travel, pins=pins),
    )


TRIANGLE_TODAY = (2.0, 0.0, 0.0)
TRIANGLE_BEST = (1.0, 1.0, 50.0)


def pin(kind: PinKind, value: float | None = None, *, origin: str | None = None, host: str | None = None) -> MovePin:
    """Pin the doctors' moves between two places."""
    return MovePin(kind=kind, value=value, origin=origin, host=host, skill="doctor", reason="decided by the board")


TRIANGLE_PINS: dict[PinKind, tuple[MovePin, tuple[float, float, float]]] = {
    PinKind.FIX: (pin(PinKind.FIX, 0.0), TRIANGLE_TODAY),
    PinKind.FORBID: (pin(PinKind.FORBID, host="far"), (1.5, 1.0, 30.0)),
    PinKind.AT_LEAST: (pin(PinKind.AT_LEAST, 1.0, host="near"), (1.5, 1.0, 30.0)),
    PinKind.AT_MOST: (pin(PinKind.AT_MOST, 0.0, origin="hospital"), TRIANGLE_TODAY),
    PinKind.KEEP: (pin(PinKind.KEEP, origin="hospital"), TRIANGLE_TODAY),
}


def draw(seed: int) -> RedeploymentProblem:
    """Draw two or three facilities, one or two skills, a few heads, needs by quarter of an FTE."""
    rng = np.random.default_rng(seed)
    sites = [f"f{number}" for number in range(int(rng.integers(2, 4)))]
    skills = [f"s{number}" for number in range(int(rng.integers(1, 3)))]
    levels = [Level.PROVINCIAL_HOSPITAL, Level.URBAN_CENTRE_1, Level.RURAL_CENTRE_1]
    pins: list[MovePin] = []
    if rng.random() < 0.4:
        kind = list(PinKind)[int(rng.integers(5))]
        value = None if kind in (PinKind.FORBID, PinKind.KEEP) else float(rng.integers(0, 3))
        origin = str(rng.choice(sites)) if rng.random() < 0.5 else None
        pins.append(MovePin(kind=kind, value=value, origin=origin, reason="drawn"))
    return RedeploymentProblem(
        region=Region(
            facilities=tuple(facility(site, level) for site, level in zip(sites, levels, strict=False)),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            travel_times=tuple(
                TravelTime(origin=a, destination=b, minutes=float(rng.integers(10, 90)))
                for a, b in itertools.permutations(sites, 2)
            ),
        ),
        workforce=Workforce(
            skills=tuple(Skill(id=skill, name_fr=skill, name_en=skill, profession="p") for skill in skills),
            staff=tuple(
                Staff(facility=site, skill=skill, heads=int(rng.integers(0, 4))) for site in sites for skill in skills
            ),
            staffing_norms=tuple(
                norm(level, skill, float(rng.integers(0, 13)) / 4, int(rng.integers(0, 3)) if rng.random() < 0.4 else 0)
                for level in levels
                for skill in skills
            ),
        ),
        policy=RedeploymentPolicy(
            max_travel=float(rng.choice([0.0, 40.0, 60.0, 90.0])),
            kept_share=float(rng.choice([1.0, 0.5])),
            pins=tuple(pins),
        ),
    )


def best(problem: RedeploymentProblem) -> tuple[float, float, float] | None:
    """Return (uncovered in all, moves, minutes) of the best plan, by enumeration; None when no plan keeps the pins.

    Uncovered is over every facility, so it includes what no move can reach.
    """
    minutes = {(row.origin, row.destination): row.minutes for row in problem.region.travel_times}
    level_of = {one.id: one.level for one in problem.region.facilities}
    norms = {(row.level, row.skill): row for row in problem.workforce.staffing_norms}
    heads = {(row.facility, row.skill): row.heads for row in problem.workforce.staff}
    need = {place: norms[level_of[place[0]], place[1]].fte for place in heads}
    spare = {
        place: max(
            0,
            heads[place]
            - max(
                norms[level_of[place[0]], place[1]].minimum_team,
                math.ceil(problem.policy.kept_share * min(heads[place], need[place])),
            ),
        )
        for place in heads
    }
    arcs = [
        (i, j, k)
        for (i, k), (j, other) in itertools.permutations(heads, 2)
        if k == other and minutes[i, j] <= problem.policy.max_travel and spare[i, k] > 0 and need[j, k] > heads[j, k]
    ]
    found = []
    for flow in itertools.product(*(range(spare[i, k] + 1) for i, _, k in arcs)):
        after = dict(heads)
        out = dict.fromkeys(heads, 0)
        for (i, j, k), moved in zip(arcs, flow, strict=True):
            after[i, k] -= moved
            after[j, k] += moved
            out[i, k] += moved
        selected = [
            sum(moved for (i, j, k), moved in zip(arcs, flow, strict=True) if one.selects(i, j, k))
            for one in problem.policy.pins
        ]
        kept = all(_keeps(one, value) for one, value in zip(problem.policy.pins, selected, strict=True))
        if kept and all(out[place] <= spare[place] for place in heads):
            uncovered = sum(max(need[place] - after[place], 0.0) for place in heads)
            travelled = sum(minutes[i, j] * moved for (i, j, _), moved in zip(arcs, flow, strict=True))
            found.append((uncovered, float(sum(flow)), travelled))
    return min(found, default=None)


def _keeps(one: MovePin, total: int) -> bool:
    low, high = one.sides(today=0.0)
    return low <= total <= high
