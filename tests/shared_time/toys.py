"""A small problem of shared time with values computed by hand, and random ones with values by enumeration."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gst_opt.core.mobility import PremiumKind, PremiumStep, PrivateTime
from gst_opt.core.region import Level, Region, Road, Zone
from gst_opt.core.standards import WorkingTime
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.shared_time.problem import SharedTimePin, SharedTimePolicy, SharedTimeProblem
from tests.staff.toys import facility, norm

Values = tuple[float, ...]
"""Uncovered (FTE), bought and premiums (MAD a year), minutes a week, agreements."""
PRICES: Values = (1_000_000.0, 1.0, 1.0, 10.0, 1_000.0)
"""What the policy of the fork asks for each, in MAD."""
DEAR = {
    "uncovered_price": PRICES[0],
    "minute_price": PRICES[3],
    "agreement_price": PRICES[4],
    "max_half_days_per_person": 10,
}


def mad(values: Sequence[float], prices: Values = PRICES) -> tuple[float]:
    """Return the one goal of the policy: the terms at their prices."""
    return (math.fsum(price * value for price, value in zip(prices, values, strict=True)),)


def fork(protected: int = 1, **policy: Any) -> SharedTimeProblem:
    """One hospital with doctors' time to spare, and two centres that are short, on two roads from it.

    ==========  =====  ====  ==================  ========
    facility    heads  need  keeps               may lend
    ==========  =====  ====  ==================  ========
    hospital    4      1.5   30 (a team of 3)    10
    near        1      1.5
    far         0      1.5
    ==========  =====  ====  ==================  ========

    A week has 10 half-days of 240 minutes. Hospital - near: 15 km, 30 minutes, so that 1 - 60 / 240 = 3/4 of a half-day
    is left; hospital - far: 40 km, 60 minutes, 1/2 is left, and an agreement of 2 or 3 half-days has a premium of
    12,000, one of 4 or more 24,000. `far` may buy 2 half-days at 500, in the 40
    weeks (200 days of 5) that doctors work: 20,000 MAD a year each. One of the doctors may not be moved: 3 may lend.

    Today near is short of 5 half-days and far of 15: 2 FTE. Of the 10 half-days, 7 to near cover 5 (5.25 at most) and 3
    to far cover 1.5; 6 and 4 cover as much (4.5 and 2). With the 2 bought, 8.5 of 20 are covered: 1.15 FTE stay short.
    7 and 3 cost one premium of 12,000 (6 and 4: 24,000), and 7 x 60 + 3 x 120 = 780 minutes; near's 7 take two people.

    An FTE uncovered costs 1,000,000 here, so that a half-day at work (100,000) pays for every premium; a minute costs
    10, an agreement 1,000. In all: 1,150,000 + 40,000 + 12,000 + 7,800 + 3,000 = 1,212,800 MAD.
    """
    return SharedTimeProblem(
        region=Region(
            facilities=(facility("hospital", Level.PROVINCIAL_HOSPITAL), facility("near"), facility("far")),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            roads=(
                Road(origin="hospital", destination="near", km=15.0, minutes=30.0),
                Road(origin="hospital", destination="far", km=40.0, minutes=60.0),
            ),
        ),
        workforce=Workforce(
            skills=(Skill(id="doctor", name_fr="médecin", name_en="doctor", profession="doctor"),),
            staff=(
                Staff(facility="hospital", skill="doctor", heads=4, protected=protected),
                Staff(facility="near", skill="doctor", heads=1),
            ),
            working_times=(
                WorkingTime(skill="doctor", days_per_week=5, hours_per_day=8, annual_leave=60, source="toy"),
            ),
            staffing_norms=(
                norm(Level.PROVINCIAL_HOSPITAL, "doctor", 1.5, minimum_team=3),
                norm(Level.URBAN_CENTRE_1, "doctor", 1.5),
            ),
            premium_steps=tuple(
                PremiumStep(kind=PremiumKind.SHARED_TIME, threshold=from_, amount=mad, source="toy")
                for from_, mad in ((2.0, 12_000.0), (4.0, 24_000.0))
            ),
            private_times=(PrivateTime(facility="far", skill="doctor", half_days=2.0, price=500.0, source="toy"),),
        ),
        policy=SharedTimePolicy(**(DEAR | policy)),
    )


TODAY = (2.0, 0.0, 0.0, 0.0, 0.0)
BEST = (1.15, 40_000.0, 12_000.0, 780.0, 3.0)
ONLY_BOUGHT = (1.8, 40_000.0, 0.0, 0.0, 0.0)
ONLY_NEAR = (1.3, 40_000.0, 0.0, 420.0, 2.0)

WITHOUT: dict[str, tuple[SharedTimeProblem, Values]] = {
    # Nothing is short when no row says so.
    "need": (fork(), (0.0, 0.0, 0.0, 0.0, 0.0)),
    # 7 half-days to near and 9 to far, three people each for at most 3: 5 and 4.5 of 20.
    "kept": (fork(max_half_days=3, private_budget=0.0), (1.05, 0.0, 36_000.0, 1_500.0, 6.0)),
    # From 4 half-days on, 5 and 5 are best (3.75 + 2.5); without the rule 7 and 3 again, at the premium of 4.
    "shortest_agreement": (fork(min_half_days=4), (1.15, 40_000.0, 24_000.0, 780.0, 3.0)),
    # Half-days without anybody: no agreement, no premium.
    "longest_agreement": (fork(), (1.15, 40_000.0, 0.0, 780.0, 0.0)),
    # One lender, three hosts, 3 half-days each: once to each host, or twice to near.
    "distinct_people": (fork(protected=3, hosts_per_person=3, max_half_days=3), (1.2, 40_000.0, 12_000.0, 720.0, 3.0)),
    # One lender and one host: 5 half-days to near (3.75); without the rule 5 to far too.
    "hosts_per_person": (fork(protected=3, hosts_per_person=1), (1.175, 40_000.0, 24_000.0, 900.0, 2.0)),
    # One lender, 5 half-days away: all to near (3.75), or 2 to each (2.5). Without the rule one goes to near for 5 and
    # another to both for 2: near's 5 are covered, and 1 of far's.
    "lenders": (fork(protected=3, max_half_days_per_person=5), (1.2, 40_000.0, 12_000.0, 660.0, 3.0)),
    # 6,000 pay no premium: nobody goes to far.
    "premium_budget": (fork(premium_budget=6_000.0), BEST),
    # 30,000 buy one half-day a week.
    "private_budget": (fork(private_budget=30_000.0), BEST),
    "pins": (fork(pins=(SharedTimePin(kind=PinKind.FORBID, host="far", reason="the road is closed"),)), BEST),
}
"""For every constraint, a problem that it binds in, and the values without it."""

WITH: dict[str, Values] = {
    "kept": (1.35, 0.0, 12_000.0, 780.0, 4.0),
    "shortest_agreement": (1.175, 40_000.0, 24_000.0, 900.0, 2.0),
    "distinct_people": (1.425, 40_000.0, 12_000.0, 540.0, 2.0),
    "hosts_per_person": (1.425, 40_000.0, 0.0, 300.0, 1.0),
    "lenders": (1.425, 40_000.0, 0.0, 300.0, 1.0),
    "premium_budget": ONLY_NEAR,
    "private_budget": (1.25, 20_000.0, 12_000.0, 780.0, 3.0),
    "pins": ONLY_NEAR,
}
"""The values of these problems with the constraint."""


def _pin(kind: PinKind, value: float | None = None, *, origin: str | None = None, host: str | None = None) -> Any:
    pin = SharedTimePin(kind=kind, value=value, origin=origin, host=host, reason="decided")
    return fork(protected=2, premium_budget=1e5, private_budget=1e5, pins=(pin,))


PINS: dict[PinKind, tuple[SharedTimeProblem, Values]] = {
    PinKind.FIX: (_pin(PinKind.FIX, 0.0), ONLY_BOUGHT),
    PinKind.FORBID: (_pin(PinKind.FORBID, host="far"), ONLY_NEAR),
    # 6 to near, 4 to far.
    PinKind.AT_LEAST: (_pin(PinKind.AT_LEAST, 4.0, host="far"), (1.15, 40_000.0, 24_000.0, 840.0, 3.0)),
    # 2 to near, 8 to far: one for 5 and one for 3.
    PinKind.AT_MOST: (_pin(PinKind.AT_MOST, 2.0, host="near"), (1.25, 40_000.0, 36_000.0, 1_080.0, 3.0)),
    PinKind.KEEP: (_pin(PinKind.KEEP, origin="hospital"), ONLY_BOUGHT),
}

PORTS = {
    ("staff_hours", "hospital", "doctor", "*"): 4 * 1_600.0,
    ("staff_hours", "near", "doctor", "*"): 1_600.0,
    ("staff_hours", "far", "doctor", "*"): 0.0,
    ("money", "shared_time_premiums", "*"): 0.0,
    ("money", "private_time", "*"): 0.0,
}


def draw(seed: int) -> SharedTimeProblem:
    """Draw two lenders and two short sites, few people, weeks of 4 to 6 half-days, limits that often bind."""
    rng = np.random.default_rng(seed)
    sites = ["a", "b", "c"]
    levels = [Level.PROVINCIAL_HOSPITAL, Level.URBAN_CENTRE_1, Level.RURAL_CENTRE_1]
    heads = [int(rng.integers(1, 3)), int(rng.integers(0, 2)), int(rng.integers(0, 3))]
    pins: tuple[SharedTimePin, ...] = ()
    if rng.random() < 0.3:
        kind = list(PinKind)[int(rng.integers(5))]
        value = None if kind in (PinKind.FORBID, PinKind.KEEP) else float(rng.integers(0, 4))
        pins = (SharedTimePin(kind=kind, value=value, host=str(rng.choice(sites)), reason="drawn"),)
    steps = ((1.0, 100.0), (2.0, 180.0), (3.0, 400.0))
    return SharedTimeProblem(
        region=Region(
            facilities=tuple(facility(site, level) for site, level in zip(sites, levels, strict=True)),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            roads=tuple(
                Road(origin=one, destination=other, km=float(rng.integers(5, 50)), minutes=float(rng.integers(10, 70)))
                for one, other in itertools.combinations(sites, 2)
            ),
        ),
        workforce=Workforce(
            skills=(Skill(id="s", name_fr="s", name_en="s", profession="p"),),
            staff=tuple(
                Staff(facility=site, skill="s", heads=count, protected=int(rng.integers(0, 2)) * (count > 1))
                for site, count in zip(sites, heads, strict=True)
            ),
            working_times=(
                WorkingTime(
                    skill="s",
                    days_per_week=float(rng.integers(4, 7)) / 2,
                    hours_per_day=6,
                    annual_leave=float(rng.integers(0, 30)),
                    source="drawn",
                ),
            ),
            staffing_norms=tuple(
                norm(level, "s", float(rng.integers(0, 9)) / 4, int(rng.integers(0, 2)) if rng.random() < 0.2 else 0)
                for level in levels
            ),
            premium_steps=tuple(
                PremiumStep(kind=PremiumKind.SHARED_TIME, threshold=from_, amount=mad, source="drawn")
                for from_, mad in steps[: int(rng.integers(0, 4))]
            ),
            private_times=tuple(
                PrivateTime(facility=site, skill="s", half_days=float(rng.integers(0, 3)), price=10.0, source="drawn")
                for site in sites[: int(rng.integers(0, 3))]
            ),
        ),
        policy=SharedTimePolicy(
            max_travel=float(rng.choice([40.0, 60.0])),
            kept_share=float(rng.choice([1.0, 0.5])),
            min_half_days=int(rng.integers(1, 3)),
            max_half_days=int(rng.integers(2, 4)),
            max_half_days_per_person=int(rng.integers(2, 6)),
            hosts_per_person=int(rng.integers(1, 3)),
            premium_budget=float(rng.choice([150.0, 500.0])) if rng.random() < 0.5 else None,
            private_budget=600.0 if rng.random() < 0.5 else None,
            pins=pins,
        ),
    )


def every(problem: SharedTimeProblem) -> list[Values]:
    """Return uncovered in all, bought, premiums, minutes and agreements of every plan, person by person.

    Every person is given half-days at every host, so that hosts a person, lengths and premiums are looked at as they
    are lived; empty when no plan keeps the pins.
    """
    policy, workforce = problem.policy, problem.workforce
    level_of = {one.id: one.level for one in problem.region.facilities}
    norms = {row.level: row for row in workforce.staffing_norms}
    week, minutes_of_half_day = 2 * workforce.working_times[0].days_per_week, 180.0
    heads = {row.facility: row.heads for row in workforce.staff}
    need = {site: norms[level_of[site]].fte for site in heads}
    time = workforce.working_times[0]
    weeks_a_year = (52 * time.days_per_week - time.annual_leave) / time.days_per_week
    away = min(week, policy.max_half_days_per_person)
    minutes, km = _shortest(problem)
    people = [(row.facility, number) for row in workforce.staff for number in range(row.heads - row.protected)]
    hosts = [site for site in heads if need[site] > heads[site]]
    spare = {
        site: math.floor(
            max(
                heads[site] - max(norms[level_of[site]].minimum_team, policy.kept_share * min(heads[site], need[site])),
                0,
            )
            * week
            + 1e-9
        )
        for site in heads
    }
    weeks = [list(_weeks(policy, hosts, origin, minutes, minutes_of_half_day, away)) for origin, _ in people]
    offers = {row.facility: int(row.half_days) for row in workforce.private_times if row.facility in hosts}
    found: list[Values] = []
    for chosen in itertools.product(*weeks):
        lent = dict.fromkeys(heads, 0)
        received = dict.fromkeys(heads, 0.0)
        premiums = travelled = agreements = 0.0
        by_pair: dict[tuple[str, str], int] = {}
        for (origin, _), own in zip(people, chosen, strict=True):
            for host, half_days in own:
                lent[origin] += half_days
                received[host] += half_days * (1 - 2 * minutes[origin, host] / minutes_of_half_day)
                travelled += 2 * minutes[origin, host] * half_days
                agreements += 1
                by_pair[origin, host] = by_pair.get((origin, host), 0) + half_days
                if km[origin, host] >= policy.premium_distance:
                    paid = [step.amount for step in workforce.premium_steps if step.threshold <= half_days]
                    premiums += paid[-1] if paid else 0.0
        pinned = [
            pin.sides(0.0)[0] <= sum(h for (i, j), h in by_pair.items() if pin.selects(i, j, "s")) <= pin.sides(0.0)[1]
            for pin in policy.pins
        ]
        over = policy.premium_budget is not None and premiums > policy.premium_budget
        if over or not all(pinned) or any(lent[site] > spare[site] for site in heads):
            continue
        for counts in itertools.product(*(range(most + 1) for most in offers.values())):
            bought = dict(zip(offers, counts, strict=True))
            cost = weeks_a_year * 10.0 * sum(counts)
            if policy.private_budget is not None and cost > policy.private_budget:
                continue
            uncovered = sum(
                max(need[site] - heads[site] - (received[site] + bought.get(site, 0) - lent[site]) / week, 0.0)
                for site in heads
            )
            found.append((round(uncovered, 9), cost, premiums, travelled, agreements))
    return found


def _weeks(
    policy: SharedTimePolicy,
    hosts: list[str],
    origin: str,
    minutes: dict[tuple[str, str], float],
    half_day: float,
    away: float,
) -> Iterator[tuple[tuple[str, int], ...]]:
    """Yield what one person may do in a week: hosts, and half-days at each."""
    near = [
        host
        for host in hosts
        if host != origin and minutes[origin, host] <= policy.max_travel and 2 * minutes[origin, host] < half_day
    ]
    for count in range(policy.hosts_per_person + 1):
        for chosen in itertools.combinations(near, count):
            longest = min(policy.max_half_days, math.floor(away / max(count, 1) + 1e-9))
            for lengths in itertools.product(range(policy.min_half_days, longest + 1), repeat=count):
                yield tuple(zip(chosen, lengths, strict=True))


def _shortest(problem: SharedTimeProblem) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Return minutes and km between three sites, each joined to both others by a road; the quicker way."""
    roads = {}
    for road in problem.region.roads:
        roads[road.origin, road.destination] = roads[road.destination, road.origin] = (road.minutes, road.km)
    quickest = {}
    for one, other in itertools.permutations("abc", 2):
        (third,) = set("abc") - {one, other}
        around = tuple(a + b for a, b in zip(roads[one, third], roads[third, other], strict=True))
        quickest[one, other] = min(roads[one, other], (around[0], around[1]))
    return {pair: way[0] for pair, way in quickest.items()}, {pair: way[1] for pair, way in quickest.items()}
