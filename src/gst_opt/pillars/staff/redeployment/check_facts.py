"""What the data say, read again for the check: who is where, who may move, what posts there are."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gst_opt.core.mobility import PremiumKind
from gst_opt.core.region import Status
from gst_opt.model.provinces import province_terms
from gst_opt.network import distances
from gst_opt.pillars.staff.redeployment.plan import Move, MoveKind, RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem

Place = tuple[str, str]
TOLERANCE = 1e-6
WHOLE = 1e-9


def gini_of(shares: Sequence[float]) -> float:
    """Return the mean difference of all ordered pairs over twice the mean; 0 where all shares are 0."""
    mean = math.fsum(shares) / len(shares) if shares else 0.0
    spread = math.fsum(2 * abs(a - b) for a, b in combinations(shares, 2)) / max(len(shares), 1) ** 2
    return spread / (2 * mean) if mean else 0.0


class Facts:
    """What the data say: who is where, how many are needed and must stay, how far places are."""

    def __init__(self, problem: RedeploymentProblem) -> None:
        force, self.policy = problem.workforce, problem.policy
        self.problem = problem
        self.journeys = problem.journeys
        self.facilities = {one.id: one for one in problem.region.facilities if one.status is Status.OPEN}
        self.skills = {skill.id: skill for skill in force.skills}
        self.needs = problem.needs
        staff = [row for row in force.staff if row.facility in self.facilities]
        self.heads: dict[Place, int] = {(row.facility, row.skill): row.heads for row in staff if row.heads}
        self.protected: dict[Place, int] = {(row.facility, row.skill): row.protected for row in staff}
        self.limits = {(row.facility, row.skill): row for row in force.posts}
        self.efficiency = {(row.skill, row.substitute): row.efficiency for row in force.task_shifts}

    def places(self) -> set[Place]:
        """Teams with heads or need."""
        return set(self.needs) | set(self.heads)

    def need(self, place: Place) -> float:
        """FTE that a team should have."""
        return self.needs[place].fte if place in self.needs else 0.0

    def slots(self, place: Place) -> tuple[int, float]:
        """Whole posts of a team, and the weight of its part post."""
        whole = math.floor(self.need(place) + WHOLE)
        rest = self.need(place) - whole
        return whole, rest if rest > WHOLE else 0.0

    def weight(self, place: Place) -> float:
        """Weight of one FTE uncovered."""
        holds = (one.weight for one in self.policy.priorities if one.holds_for(self.facilities[place[0]], place[1]))
        return math.prod(holds)

    def spare(self, place: Place) -> int:
        """Heads above the team that must stay and above the share of the need to be kept."""
        heads = self.heads.get(place, 0)
        minimum = self.needs[place].minimum_team if place in self.needs else 0
        kept = self.policy.kept_share * min(float(heads), self.need(place))
        return max(heads - max(minimum, math.ceil(kept - WHOLE)), 0)

    def newcomers(self, place: Place) -> float:
        """Heads that may join a team."""
        limit = self.limits[place].newcomers if place in self.limits else None
        return math.inf if limit is None else limit

    def ceiling(self, place: Place) -> float:
        """Heads that a team may have."""
        limit = self.limits[place].budgeted if place in self.limits else None
        return math.inf if limit is None else max(limit, self.heads.get(place, 0))

    def needs_approval(self, skill: str) -> bool:
        """Whether permanent moves of a skill need approval."""
        return skill in self.skills and self.skills[skill].needs_approval

    @cached_property
    def _wishes(self) -> Mapping[tuple[str, str, str], Mapping[int, int]]:
        """Heads that wish each move, by rank."""
        found: dict[tuple[str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.problem.workforce.consents:
            if self.policy.worst_rank is None or row.rank <= self.policy.worst_rank:
                found[row.origin, row.host, row.skill][row.rank] += row.heads
        return found

    def wishes(self, origin: str, host: str, skill: str) -> int:
        """Heads that have named a facility."""
        return sum(self._wishes.get((origin, host, skill), {}).values())

    def wishing(self, place: Place) -> int:
        """Heads of a team with a wish: the most at any rank."""
        return max(self._ranks.get(place, {}).values(), default=0)

    @cached_property
    def _ranks(self) -> Mapping[Place, Mapping[int, int]]:
        """Heads of each team that have a wish, by rank."""
        found: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for (origin, _, skill), heads in self._wishes.items():
            for rank, count in heads.items():
                found[origin, skill][rank] += count
        return found

    def km(self, origin: str, host: str) -> float | None:
        """Distance by road, None where it is not known."""
        found = float(self._km[self._number[origin], self._number[host]])
        return found if math.isfinite(found) else None

    @cached_property
    def _km(self) -> NDArray[np.float64]:
        names = list(self.facilities)
        return distances(self.problem.region, self.journeys, names, names)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {facility: number for number, facility in enumerate(self.facilities)}

    def premium_of(self, move: Move) -> float:
        """Premiums of a move, a year: those of the last step that its distance reaches."""
        kind = PremiumKind.MISSION if move.kind is MoveKind.MISSION else PremiumKind.MOVE
        known = {move.origin, move.host} <= self.facilities.keys()
        return move.heads * self.rate(kind, move.origin, move.host) if known else 0.0

    def rate(self, kind: PremiumKind, origin: str, host: str) -> float:
        """Premium of one head, a year: that of the last step that the distance reaches."""
        km = self.km(origin, host)
        steps = [row for row in self.problem.workforce.premium_steps if row.kind is kind]
        reached = [row for row in steps if km is not None and row.threshold <= km]
        return max(reached, key=lambda row: row.threshold).amount if reached else 0.0

    def heads_after(self, plan: RedeploymentPlan) -> dict[Place, int]:
        """Heads of every team when the plan is carried out."""
        after = dict(self.heads)
        for move in plan.moves:
            after[move.origin, move.skill] = after.get((move.origin, move.skill), 0) - move.heads
            after[move.host, move.skill] = after.get((move.host, move.skill), 0) + move.heads
        return after

    def cover_today(self) -> dict[Place, float]:
        """Need of every team that its own heads cover today."""
        return {place: min(float(self.heads.get(place, 0)), self.need(place)) for place in self.places()}

    def cover_planned(self, plan: RedeploymentPlan, after: Mapping[Place, int]) -> dict[Place, float]:
        """Need of every team covered by the plan: substitutes fill the posts that it says, own heads what is left."""
        free = dict(after)
        whole = {place: self.slots(place)[0] for place in self.places()}
        part = {place: int(self.slots(place)[1] > 0) for place in self.places()}
        cover = dict.fromkeys(self.places(), 0.0)
        for fill in plan.fills:
            helper, place = (fill.facility, fill.substitute), (fill.facility, fill.skill)
            free[helper] = free.get(helper, 0) - fill.whole_posts - fill.part_posts
            if place in cover:
                efficiency = self.efficiency.get((fill.skill, fill.substitute), 0.0)
                cover[place] += efficiency * (fill.whole_posts + fill.part_posts * self.slots(place)[1])
                whole[place] -= fill.whole_posts
                part[place] -= fill.part_posts
        for place in cover:
            own = max(min(free.get(place, 0), whole[place]), 0)
            rest = max(min(free.get(place, 0) - own, part[place]), 0)
            cover[place] += own + rest * self.slots(place)[1]
        return cover

    def uncovered(self, cover: Mapping[Place, float], among: Collection[Place]) -> float:
        """Need of some teams left uncovered, weighed by priority."""
        return math.fsum(self.weight(place) * (self.need(place) - cover[place]) for place in among if place in cover)

    def _provinces(self) -> dict[str, float]:
        """Need of the provinces that have any."""
        totals: dict[str, float] = defaultdict(float)
        for place in self.places():
            totals[self.facilities[place[0]].province] += self.need(place)
        return {name: totals[name] for name in sorted(totals) if totals[name] > 0}

    def province_terms(self) -> dict[str, str]:
        """Name of the term of every province with a need."""
        return province_terms(self._provinces())

    def short_in(self, province: str, cover: Mapping[Place, float]) -> float:
        """Need of a province left uncovered."""
        own = [place for place in cover if self.facilities[place[0]].province == province]
        return math.fsum(self.need(place) - cover[place] for place in own)

    def shares(self, cover: Mapping[Place, float]) -> list[float]:
        """Covered share of every province with a need."""
        return [1 - self.short_in(province, cover) / need for province, need in self._provinces().items()]

    def can_take_part(self) -> set[Place]:
        """Teams that a useful move may leave or join, and those whose posts substitutes may fill, with these."""
        helped: dict[Place, list[Place]] = defaultdict(list)
        for (skill, substitute), efficiency in self.efficiency.items():
            for facility, needed in self.needs:
                if needed == skill and substitute != skill and efficiency > 0:
                    helped[facility, substitute].append((facility, skill))
        by_skill: dict[str, list[Place]] = defaultdict(list)
        for place in sorted(self.places() | set(helped)):
            by_skill[place[1]].append(place)
        result: set[Place] = set()
        for places in by_skill.values():
            givers = [place for place in places if self._may_leave(place) > 0]
            takers = [place for place in places if self._is_of_use(place, helped.get(place, []))]
            times = self.journeys.between([place[0] for place in givers], [place[0] for place in takers])
            near = (times <= self.policy.max_travel).tolist()
            for giver, row in zip(givers, near, strict=True):
                for taker, reached in zip(takers, row, strict=True):
                    if reached and giver != taker and (not self.policy.voluntary or self.wishes(giver[0], *taker) > 0):
                        result.update((giver, taker))
        joined = set(result)
        for helper, posts in helped.items():
            filled = [place for place in posts if self.need(place) > WHOLE]
            if filled and (self.heads.get(helper, 0) > 0 or helper in joined):
                result.update((helper, *filled))
        return result

    def _may_leave(self, place: Place) -> int:
        free = max(self.heads.get(place, 0) - self.protected.get(place, 0), 0)
        return free if self.policy.backfill else min(free, self.spare(place))

    def _is_of_use(self, place: Place, helped: Collection[Place]) -> bool:
        """Say whether one more head finds a post there, and may join."""
        heads, leaving = self.heads.get(place, 0), self._may_leave(place)
        room = sum(math.ceil(self.need(one) - WHOLE) for one in (place, *helped))
        if self.policy.backfill:
            room += leaving
        return room > heads and self.newcomers(place) > 0 and self.ceiling(place) - heads + leaving > 0
