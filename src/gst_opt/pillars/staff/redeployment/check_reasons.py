"""Which rule kept the last helper away from a need left uncovered? Read from the data and the plan; for the check."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from gst_opt.core.mobility import PremiumKind
from gst_opt.pillars.staff.redeployment.check_facts import TOLERANCE, Facts, Place
from gst_opt.pillars.staff.redeployment.plan import MoveKind, Reason, RedeploymentPlan


class Reasons:
    """What a plan uses of what it may, and so the reason of every need that it leaves uncovered."""

    def __init__(self, plan: RedeploymentPlan, facts: Facts) -> None:
        self.facts, self.policy = facts, facts.policy
        self.leaving: Counter[Place] = Counter()
        self.joining: Counter[Place] = Counter()
        self.going: Counter[tuple[str, str, str]] = Counter()
        for move in plan.moves:
            self.leaving[move.origin, move.skill] += move.heads
            self.joining[move.host, move.skill] += move.heads
            self.going[move.origin, move.host, move.skill] += move.heads
        missions = sum(move.heads for move in plan.moves if move.kind is MoveKind.MISSION)
        asking = sum(
            move.heads for move in plan.moves if move.kind is MoveKind.PERMANENT and facts.needs_approval(move.skill)
        )
        self.no_approval_left = (
            self.policy.max_approvals is not None
            and asking >= self.policy.max_approvals
            and missions >= self.policy.max_missions
        )
        self.no_move_left = self.policy.max_moves is not None and self.going.total() >= self.policy.max_moves
        budget = self.policy.premium_budget
        paid = math.fsum(facts.premium_of(move) for move in plan.moves)
        self.money_left = math.inf if budget is None else budget - paid
        self.full_pins = [
            pin
            for pin in self.policy.pins
            if sum(heads for way, heads in self.going.items() if pin.selects(*way)) >= pin.sides(today=0.0)[1]
        ]

    def of(self, places: Iterable[Place]) -> dict[Place, Reason]:
        """Return the reason of each place that is short."""
        short: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            short[place[1]].append(place)
        return {
            place: self._reason(place, helpers)
            for skill, hosts in short.items()
            for place, helpers in self._near(skill, hosts).items()
        }

    def _near(self, skill: str, hosts: list[Place]) -> Mapping[Place, list[str]]:
        """Return the other facilities within the radius that have heads of the skill who may move, for each host."""
        heads, protected = self.facts.heads, self.facts.protected
        origins = [name for name, one in heads if one == skill and heads[name, one] > protected.get((name, one), 0)]
        minutes = self.facts.journeys.between(origins, [name for name, _ in hosts]).T.tolist()
        radius = self.policy.max_travel
        return {
            host: [name for name, time in zip(origins, row, strict=True) if name != host[0] and time <= radius]
            for host, row in zip(hosts, minutes, strict=True)
        }

    def _reason(self, place: Place, left: list[str]) -> Reason:
        """Strike off helpers, rule by rule, until nobody is left."""
        facts, (host, skill) = self.facts, place
        if not left:
            return Reason.NOBODY_WITHIN_REACH
        if not self.policy.backfill:
            left = [name for name in left if facts.spare((name, skill)) > 0]
            if not left:
                return Reason.RELEASE_FLOOR
        if self.policy.voluntary:
            left = [name for name in left if facts.wishes(name, host, skill) > 0]
            if not left:
                return Reason.NO_CONSENT
        left = [name for name in left if not any(pin.selects(name, host, skill) for pin in self.full_pins)]
        if not left:
            return Reason.PIN
        after = facts.heads.get(place, 0) + self.joining[place] - self.leaving[place]
        if self.joining[place] >= facts.newcomers(place) or after >= facts.ceiling(place):
            return Reason.RECEPTION_FULL
        left = [name for name in left if self._can_still_send(name, place)]
        if not left:
            return Reason.NOBODY_LEFT
        if self.no_approval_left and facts.needs_approval(skill):
            return Reason.APPROVALS
        if self.no_move_left:
            return Reason.MOVES
        cheapest = min(self._premium(name, place) for name in left)
        return Reason.BUDGET if cheapest > self.money_left + TOLERANCE else Reason.GOALS

    def _can_still_send(self, origin: str, place: Place) -> bool:
        """Say whether heads, floor and wishes allow one more head to leave for a place."""
        facts, team = self.facts, (origin, place[1])
        gone = self.leaving[team]
        stay = facts.protected.get(team, 0)
        net = gone - (self.joining[team] if self.policy.backfill else 0)
        if gone >= facts.heads.get(team, 0) - stay or net >= facts.spare(team):
            return False
        if not self.policy.voluntary:
            return True
        way = (origin, *place)
        return gone < facts.wishing(team) and self.going[way] < facts.wishes(*way)

    def _premium(self, origin: str, place: Place) -> float:
        """Return the least premium of one more head, as a mission where it may be one."""
        kinds = [PremiumKind.MOVE]
        if self.policy.max_missions and self.facts.needs_approval(place[1]):
            kinds.append(PremiumKind.MISSION)
        return min(self.facts.rate(kind, origin, place[0]) for kind in kinds)
