"""Random small workforce plans, and all plans of each by enumeration, in plain Python."""

import itertools
import math
from typing import Any

import numpy as np

from gst_opt.core.careers import Attraction, Career, NewPosts, StaffingTarget, Training
from gst_opt.core.mobility import Post
from gst_opt.core.workforce import StaffAge
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from tests.workforce_planning.toys import MINUTES, Values, make

SITES = ("far", "hub", "mid")


def draw(seed: int) -> WorkforcePlanningProblem:
    """Draw two or three sites, one skill (two with a training), two years, few heads, few posts."""
    rng = np.random.default_rng(seed)
    sites = SITES[: int(rng.integers(2, 4))]
    with_school = bool(rng.random() < 0.4)
    need = {(site, "nurse"): float(rng.integers(0, 13)) / 4 for site in sites}
    heads = {(site, "nurse"): int(rng.integers(0, 4)) for site in sites}
    if with_school:
        heads |= {(sites[0], "aide"): int(rng.integers(0, 3))}
    ages = tuple(
        StaffAge(facility=site, skill=skill, age=int(rng.integers(58, 66)), heads=1)
        for (site, skill), count in heads.items()
        if count and rng.random() < 0.4
    )
    policy: dict[str, Any] = {
        "onward_moves": bool(rng.integers(2)),
        "max_travel": float(rng.choice([35.0, 45.0, 60.0])),
        "kept_share": float(rng.choice([1.0, 0.5])),
        "leaving_share": float(rng.choice([0.25, 1.0])),
        "moves_per_period": [None, 1][int(rng.integers(2))] if len(sites) == 2 else 1,
        "yearly_budget": [None, 700.0][int(rng.integers(2))],
    }
    post = {
        "budgeted": [None, 2][int(rng.integers(2))],
        "newcomers": [None, 1][int(rng.integers(2))],
        "trainees": [None, 1][int(rng.integers(2))],
    }
    training = Training(
        origin_skill="aide", skill="nurse", places=1, months=12, success_share=0.5, cost=300.0, source="drawn"
    )
    return make(
        {key: fte for key, fte in need.items() if fte > 0},
        heads,
        policy,
        staff_ages=ages,
        careers=(
            Career(
                skill="nurse",
                retirement_age=63,
                yearly_departures=float(rng.choice([0.0, 0.1])),
                minimum_tenure=int(rng.choice([6, 24])),
                source="drawn",
            ),
        ),
        new_posts=tuple(
            NewPosts(year=year, profession="nurse", posts=int(rng.integers(0, 2)), source="drawn")
            for year in (2026, 2027)
        ),
        attractions=(
            Attraction(
                facility=sites[0],
                profession="nurse",
                fill_share=0.5,
                fill_share_with_incentive=0.8,
                incentive=1000.0,
                source="drawn",
            ),
        ),
        staffing_targets=(
            StaffingTarget(year=2025, province="P", profession="nurse", per_1000=0.3, source="drawn"),
            StaffingTarget(year=2027, province="*", profession="*", per_1000=0.6, source="drawn"),
        ),
        trainings=(training,) if with_school else (),
        posts=(Post(facility=sites[-1], skill="nurse", **post),),
    )


def every(problem: WorkforcePlanningProblem) -> list[Values]:
    """Return (uncovered in all, shortfall, spending, moves, minutes) of every plan that keeps the rules."""
    own = _Small(problem)
    return [value for plan in own.plans() if (value := own.value(*plan)) is not None]


class _Small:
    """Two years of yearly periods, the skills of `draw`."""

    def __init__(self, problem: WorkforcePlanningProblem) -> None:
        work, self.policy = problem.workforce, problem.policy
        levels = {one.id: one.level for one in problem.region.facilities}
        fte = {row.level: row.fte for row in work.staffing_norms}
        self.sites = sorted(levels)
        self.need = {site: fte.get(levels[site], 0.0) for site in self.sites}
        self.heads = {(row.facility, row.skill): row.heads for row in work.staff}
        career = work.careers[0]
        self.stay = 1.0 - career.yearly_departures
        self.tenure = 1 if self.policy.onward_moves and career.minimum_tenure <= 12 else 2
        self.retired = {site: [0, 0] for site in self.sites}
        for row in work.staff_ages:
            if row.skill == "nurse":
                for year in (0, 1):  # a head that reaches the age in year n is gone at its end
                    self.retired[row.facility][year] += int(row.age + year + 1 >= career.retirement_age)
        self.envelope = {row.year - 2026: row.posts for row in work.new_posts}
        self.attraction = {row.facility: row for row in work.attractions}
        self.posts = {row.facility: row for row in work.posts}
        self.school = work.trainings
        self.targets = work.staffing_targets
        self.natural = {
            site: [(self.nurses(site) - self.retired[site][t]) * self.stay ** (t + 1) for t in (0, 1)]
            for site in self.sites
        }

    def nurses(self, site: str) -> int:
        return self.heads.get((site, "nurse"), 0)

    def plans(self) -> Any:
        """Yield moves by (year, origin, host), posts by (year, site, paid or not), trainees by site."""
        arcs = [
            (t, i, j)
            for t in (0, 1)
            for i, j in itertools.permutations(self.sites, 2)
            if MINUTES[frozenset((i, j))] <= self.policy.max_travel and self.need[j] - self.natural[j][1] > 1e-9
        ]
        kinds = [
            (year, site, paid)
            for year, posts in self.envelope.items()
            if posts
            for site in self.sites
            if self.need[site] > 0
            for paid in ((False, True) if site in self.attraction else (False,))
        ]
        aides = {site: count for (site, skill), count in self.heads.items() if skill == "aide"} if self.school else {}
        aides = {site: count for site, count in aides.items() if (site, "nurse") in self.heads or self.need[site] > 0}
        flows = [
            [flow for flow in self.flows(len(own)) if self.moves_allowed(dict(zip(own, flow, strict=True)))]
            for own in ([arc for arc in arcs if arc[0] == t] for t in (0, 1))
        ]
        for first, second in itertools.product(*flows):
            moves = {arc: count for arc, count in zip(arcs, (*first, *second), strict=True) if count}
            for opened in itertools.product((0, 1), repeat=len(kinds)):
                posts = {kind: count for kind, count in zip(kinds, opened, strict=True) if count}
                for begun in itertools.product(*(range(min(count, 1) + 1) for count in aides.values())):
                    yield moves, posts, dict(zip(aides, begun, strict=True))

    def flows(self, arcs: int) -> Any:
        """Yield the heads on each of some arcs of one year."""
        most = self.policy.moves_per_period
        return (flow for flow in itertools.product(range(3), repeat=arcs) if most is None or sum(flow) <= most)

    def moves_allowed(self, moves: dict[Any, int]) -> bool:
        """Rules of moves alone, to cut the enumeration short."""
        cap = self.policy.moves_per_period
        for t in (0, 1):
            if cap is not None and sum(count for arc, count in moves.items() if arc[0] == t) > cap:
                return False
            for site in self.sites:
                out = sum(count for arc, count in moves.items() if arc[:2] == (t, site))
                if out > max(1, math.floor(self.policy.leaving_share * self.nurses(site))):
                    return False
        return True

    def fill(self, site: str, paid: bool) -> float:
        row = self.attraction.get(site)
        return 1.0 if row is None else row.fill_share_with_incentive if paid else row.fill_share

    def value(self, moves: Any, posts: Any, begun: Any) -> Values | None:
        """Return the terms of a plan, None when it breaks a rule."""
        trained = sum(begun.values())
        if trained > 1:
            return None
        rooms = [
            math.inf if (row := self.posts.get(site)) is None or row.trainees is None else row.trainees
            for site in self.sites
            if self.nurses(site) > 0
        ]
        if trained > sum(rooms):
            return None
        for t, site in itertools.product((0, 1), self.sites):
            out = sum(count for arc, count in moves.items() if arc[:2] == (t, site)) + (t == 0) * begun.get(site, 0)
            of_site = self.nurses(site) + self.heads.get((site, "aide"), 0)
            if out > max(1, math.floor(self.policy.leaving_share * of_site)):
                return None
        money = [0.0, 0.0]
        for (year, site, paid), count in posts.items():
            if sum(other for key, other in posts.items() if key[0] == year) > self.envelope[year]:
                return None
            if paid:
                for t in range(year, 2):
                    money[t] += count * self.fill(site, True) * self.attraction[site].incentive
        money[0] += 300.0 * trained
        if self.policy.yearly_budget is not None and max(money) > self.policy.yearly_budget:
            return None
        uncovered, ends, aides = 0.0, [0.0, 0.0], [0.0, 0.0]
        for site in self.sites:
            heads, gone, row = float(self.nurses(site)), 0.0, self.posts.get(site)
            kept = math.ceil(self.policy.kept_share * min(heads, self.need[site]) - 1e-9)
            came_before = 0.0
            for t in (0, 1):
                out = sum(count for arc, count in moves.items() if arc[:2] == (t, site))
                come = sum(count for arc, count in moves.items() if (arc[0], arc[2]) == (t, site))
                new = sum(
                    count * self.fill(site, paid)
                    for (year, where, paid), count in posts.items()
                    if (year, where) == (t, site)
                )
                learnt = 0.5 * begun.get(site, 0) if t == 1 else 0.0
                retired = self.retired[site][t] - (self.retired[site][t - 1] if t else 0)
                heads = self.stay * (heads - out + come + learnt) - retired * self.stay ** (t + 1) + new
                gone += out - (came_before if self.tenure == 1 else 0.0)
                came_before = float(come)
                room = max(math.floor(self.natural[site][t] + 1e-9) - kept, 0)
                ever_leaves = any(arc[1] == site for arc in moves)
                if heads < -1e-9 or (ever_leaves and gone > room + 1e-9):
                    return None
                if row is not None and row.newcomers is not None and come + new > row.newcomers + 1e-9:
                    return None
                opened = sum(count for (year, where, _), count in posts.items() if where == site and year <= t)
                limit = math.inf if row is None or row.budgeted is None else max(row.budgeted, self.natural[site][t])
                if heads > limit + opened + 1e-9:
                    return None
                uncovered += max(self.need[site] - heads, 0.0)
                ends[t] += heads
        for site, count in ((site, count) for (site, skill), count in self.heads.items() if skill == "aide"):
            for t in (0, 1):
                aides[t] += count - begun.get(site, 0) * (1.0 if t == 0 else 0.5)
        shortfall = 0.0
        for target in self.targets:
            for t in (0, 1):
                if 2026 + t >= target.year:
                    have = ends[t] + (aides[t] if target.profession == "*" else 0.0)
                    shortfall += max(target.per_1000 * 10 - have, 0.0)
        travelled = sum(MINUTES[frozenset(arc[1:])] * count for arc, count in moves.items())
        # rounded, so that plans that are equal in one term are compared in the next
        return round(uncovered, 9), round(shortfall, 9), sum(money), float(sum(moves.values())), travelled
