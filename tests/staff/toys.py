"""Small redeployments with values computed by hand."""

from typing import Any

from gst_opt.core.mobility import Consent, Post, PremiumKind, PremiumStep, TaskShift
from gst_opt.core.region import Facility, Level, Region, Road, TravelTime, Zone
from gst_opt.core.standards import StaffingNorm, WorkingTime
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.goals import minimise
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import Equity, MovePin, RedeploymentPolicy, RedeploymentProblem


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
TRIANGLE_BEST = (1.0, 50.0, 1.0)
"""Uncovered need, minutes, moves."""


def pin(kind: PinKind, value: float | None = None, *, origin: str | None = None, host: str | None = None) -> MovePin:
    """Pin the doctors' moves between two places."""
    return MovePin(kind=kind, value=value, origin=origin, host=host, skill="doctor", reason="decided by the board")


TRIANGLE_FORBID = pin(PinKind.FORBID, host="far")
TRIANGLE_FORBIDDEN = (1.5, 30.0, 1.0)


def two_spare(near: int = 1, **changes: Any) -> RedeploymentProblem:
    """The triangle with a team of 2 that must stay at the hospital, so 2 of its 4 doctors are spare.

    Both centres get one: 0.5 FTE uncovered (`far`), 2 moves, 80 minutes. With 2 doctors at `near`, which is then
    full, both go to `far`: 0 uncovered, 2 moves, 100 minutes.

    Parameters
    ----------
    near
        Doctors at `near`.
    changes
        Knobs of the policy, or tables of the workforce, by name.
    """
    problem = triangle()
    force = problem.workforce
    tables = {name: changes.pop(name) for name in list(changes) if name in Workforce.model_fields}
    heads = {"hospital": 4, "near": near}
    base = {
        "staff": tuple(Staff(facility=site, skill="doctor", heads=count) for site, count in heads.items()),
        "staffing_norms": tuple(row.replace(minimum_team=min(row.minimum_team, 2)) for row in force.staffing_norms),
    }
    return problem.replace(workforce=force.replace(**(base | tables)), policy=problem.policy.replace(**changes))


TWO_BEST = (0.5, 80.0, 2.0)
ONE_TO_FAR = (1.0, 50.0, 1.0)
TWO_TO_FAR = (0.0, 100.0, 2.0)


def doctors(needs_approval: bool = True) -> tuple[Skill, ...]:
    """Return the one skill, whose permanent moves need approval."""
    return (
        Skill(id="doctor", name_fr="médecin", name_en="doctor", profession="doctor", needs_approval=needs_approval),
    )


def wish(origin: str, host: str, rank: int = 1, heads: int = 1) -> Consent:
    """Return a wish of doctors."""
    return Consent(origin=origin, host=host, skill="doctor", rank=rank, heads=heads)


def relay() -> RedeploymentProblem:
    """A chain in which one team could send more heads than it has, if those who join it could leave it again.

    `a` has 3 doctors for half a post, `b` 1 for 1 post, `c` and `d` none for 1 post each. Journeys of 50 minutes:
    a - b, b - c, b - d; the others are too long. Two who join `b` would free only the one who is there: 1 FTE stays
    uncovered, with 2 moves of 50 minutes.
    """
    problem = triangle()
    levels = {"a": Level.PROVINCIAL_HOSPITAL, "b": Level.LOCAL_HOSPITAL, "c": Level.DISPENSARY, "d": Level.DISPENSARY}
    near = (("a", "b"), ("b", "c"), ("b", "d"))
    return problem.replace(
        region=problem.region.replace(
            facilities=tuple(facility(site, level) for site, level in levels.items()),
            travel_times=tuple(
                TravelTime(origin=one, destination=other, minutes=50.0 if {one, other} in map(set, near) else 100.0)
                for one in levels
                for other in levels
                if one != other
            ),
        ),
        workforce=problem.workforce.replace(
            staff=tuple(Staff(facility=site, skill="doctor", heads={"a": 3, "b": 1}.get(site, 0)) for site in levels),
            staffing_norms=(
                norm(Level.PROVINCIAL_HOSPITAL, "doctor", 0.5),
                norm(Level.LOCAL_HOSPITAL, "doctor", 1.0),
                norm(Level.DISPENSARY, "doctor", 1.0),
            ),
        ),
        policy=RedeploymentPolicy(max_travel=60.0, backfill=True),
    )


RELAY_BEST = (1.0, 100.0, 2.0)

ROADS = (
    Road(origin="hospital", destination="near", km=20.0, minutes=30.0),
    Road(origin="hospital", destination="far", km=34.0, minutes=50.0),
    Road(origin="near", destination="far", km=15.0, minutes=25.0),
)


def step(threshold: float, amount: float, kind: PremiumKind = PremiumKind.MOVE) -> PremiumStep:
    """Return a step of a premium by distance."""
    return PremiumStep(kind=kind, threshold=threshold, amount=amount, source="toy")


def with_roads(problem: RedeploymentProblem) -> RedeploymentProblem:
    """Add roads of 20, 34 and 15 km to the triangle; `far` is 50 minutes and 34 km from the hospital."""
    return problem.replace(region=problem.region.replace(roads=ROADS))


def two_provinces(problem: RedeploymentProblem, **changes: Any) -> RedeploymentProblem:
    """Put `far` in a province Q of its own, and change the policy.

    Today P (hospital, near: need 3) has 2.5 covered, a share of 0.8333; Q (need 1.5) has none. The Gini coefficient is
    0.5. With one doctor at `far`, Q has 0.6667 and the coefficient is 0.1667 / (2 x 1.5) = 0.0556.
    """
    facilities = (one.replace(province="Q") if one.id == "far" else one for one in problem.region.facilities)
    zones = (*problem.region.zones, Zone(id="Y", name="Y", commune="D", province="Q", urban=True))
    region = problem.region.replace(facilities=tuple(facilities), zones=zones)
    return problem.replace(region=region, policy=problem.policy.replace(**changes))


def narrow_gini() -> RedeploymentProblem:
    """Two provinces with 1 doctor at `far`, and a Gini ceiling of 0.05; only moves are minimised.

    Today P has 2.5 of 3 and Q 1 of 1.5: 0.8333 and 0.6667, coefficient 0.1667 / (2 x 1.5) = 0.0556. The spare doctor
    at `far` brings 1.0 and 0.8333: 0.1667 / (2 x 1.8333) = 0.0455. If the doctor of `near` could be put in the part
    post beside the empty whole one, P would fall to 2 of 3, as low as Q, and nobody would have to move.
    """
    problem = two_provinces(triangle(), equity=Equity(gini_ceiling=0.05), goals=minimise("moves"))
    force = problem.workforce
    return problem.replace(
        workforce=force.replace(staff=(*force.staff, Staff(facility="far", skill="doctor", heads=1)))
    )


def everything(*pins: MovePin) -> RedeploymentProblem:
    """The triangle in two provinces with every rule of the policy, and a nurse at `near`.

    Doctors' moves need approval; a move of 30 km or more has a premium of 1,000 MAD, a mission of 400. One doctor of
    the hospital is protected; one wishes to go to `far` first, to `near` second. `far` may receive one and have one.
    The nurse may fill a doctor's post with an efficiency of 0.4, so the part post of `near` to 0.2. Limits: one move,
    one approval, one mission, 1,000 MAD, Gini 0.6.

    Today P has 2.5 of 3 covered, Q 0 of 1.5: short shares 1/6 and 1. Best: a mission to `far` covers 1, the nurse 0.2:
    short shares 0.5 / 1.5 and 0.3 / 3, 0.8 uncovered, 400 MAD, 50 minutes, 1 move.
    """
    problem = with_roads(two_provinces(triangle(*pins)))
    force = problem.workforce
    (doctor,) = doctors()
    nurse = Skill(id="nurse", name_fr="infirmier", name_en="nurse", profession="nurse")
    heads = [("hospital", "doctor", 4, 1), ("near", "doctor", 1, 0), ("near", "nurse", 1, 0)]
    return problem.replace(
        workforce=force.replace(
            skills=(doctor, nurse),
            staff=tuple(Staff(facility=f, skill=k, heads=n, protected=p) for f, k, n, p in heads),
            posts=(Post(facility="far", skill="doctor", newcomers=1, budgeted=1),),
            consents=(wish("hospital", "far"), wish("hospital", "near", rank=2)),
            task_shifts=(TaskShift(skill="doctor", substitute="nurse", efficiency=0.4, source="toy"),),
            premium_steps=(step(30.0, 1000.0), step(30.0, 400.0, PremiumKind.MISSION)),
            working_times=(WorkingTime(skill="doctor", days_per_week=5, hours_per_day=8, source="toy"),),
        ),
        policy=problem.policy.replace(
            voluntary=True,
            max_moves=1,
            max_approvals=1,
            max_missions=1,
            premium_budget=1000.0,
            equity=Equity(gini_ceiling=0.6),
        ),
    )


EVERYTHING_BEST = (1 / 3, 1 / 3 + 0.1, 0.8, 400.0, 50.0, 1.0)
"""Worst short share, sum of both, uncovered need, premiums, minutes, moves."""
EVERYTHING_STILL = (1.0, 1.1, 1.8, 0.0, 0.0, 0.0)
EVERYTHING_NEAR = (1.0, 1.0, 1.5, 0.0, 30.0, 1.0)

EVERYTHING_PINS: dict[PinKind, tuple[MovePin, tuple[float, ...]]] = {
    PinKind.FIX: (pin(PinKind.FIX, 0.0), EVERYTHING_STILL),
    PinKind.FORBID: (pin(PinKind.FORBID, host="far"), EVERYTHING_NEAR),
    PinKind.AT_LEAST: (pin(PinKind.AT_LEAST, 1.0, host="near"), EVERYTHING_NEAR),
    PinKind.AT_MOST: (pin(PinKind.AT_MOST, 0.0, origin="hospital"), EVERYTHING_STILL),
    PinKind.KEEP: (pin(PinKind.KEEP, origin="hospital"), EVERYTHING_STILL),
}
