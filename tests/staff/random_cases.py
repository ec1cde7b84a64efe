"""Random small redeployments, and their best plans by enumeration and as a minimum-cost flow."""

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import networkx as nx
import numpy as np

from gst_opt.core.mobility import Consent, Post, PremiumKind, PremiumStep, TaskShift
from gst_opt.core.region import Level, Region, Road, TravelTime, Zone
from gst_opt.core.workforce import Skill, Staff, Workforce
from gst_opt.model.problem import PinKind
from gst_opt.network import distances
from gst_opt.pillars.staff.redeployment.problem import (
    Equity,
    EquityKind,
    MovePin,
    Priority,
    RedeploymentPolicy,
    RedeploymentProblem,
)
from tests.staff.toys import facility, norm

LEVELS = (Level.PROVINCIAL_HOSPITAL, Level.URBAN_CENTRE_1, Level.RURAL_CENTRE_1, Level.DISPENSARY)


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
    """Return (uncovered in all, minutes, moves) of the best plan, by enumeration; None when no plan keeps the pins.

    Uncovered is over every facility, so it includes what no move can reach; it is never more than today.
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
    today = sum(max(need[place] - heads[place], 0.0) for place in heads)
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
            if uncovered <= today:
                found.append((uncovered, travelled, float(sum(flow))))
    return min(found, default=None)


def _keeps(one: MovePin, total: int) -> bool:
    low, high = one.sides(today=0.0)
    return low <= total <= high


def draw_with_side_rows(seed: int) -> RedeploymentProblem:
    """Draw two facilities and two skills, or three and one, with some of the rules that tie teams together."""
    rng = np.random.default_rng(seed)

    def sometimes(share: float = 0.4) -> bool:
        return bool(rng.random() < share)

    two_skills = sometimes(0.5)
    sites = ["f0", "f1"] if two_skills else ["f0", "f1", "f2"]
    skills = ["s0", "s1"] if two_skills else ["s0"]
    provinces = {site: "PQ"[int(rng.integers(2))] for site in sites}
    teams = [(site, skill) for site in sites for skill in skills]
    heads = {team: int(rng.integers(0, 3)) for team in teams}
    pairs = list(itertools.permutations(sites, 2))
    voluntary = sometimes()
    missions = int(rng.integers(1, 3)) if sometimes() else 0
    return RedeploymentProblem(
        region=Region(
            facilities=tuple(
                facility(site, level, provinces[site]) for site, level in zip(sites, LEVELS, strict=False)
            ),
            zones=tuple(Zone(id=f"Z{p}", name=p, commune="C", province=p, urban=True) for p in "PQ"),
            roads=tuple(
                Road(origin=a, destination=b, km=float(rng.integers(5, 60)), minutes=float(rng.integers(10, 90)))
                for a, b in itertools.combinations(sites, 2)
            ),
        ),
        workforce=Workforce(
            skills=tuple(
                Skill(id=skill, name_fr=skill, name_en=skill, profession="p", needs_approval=skill == "s0")
                for skill in skills
            ),
            staff=tuple(
                Staff(facility=site, skill=skill, heads=count, protected=int(rng.integers(0, count + 1)) * sometimes())
                for (site, skill), count in heads.items()
            ),
            staffing_norms=tuple(
                norm(level, skill, float(rng.integers(0, 11)) / 4, int(rng.integers(0, 2)) if sometimes() else 0)
                for level in LEVELS[: len(sites)]
                for skill in skills
            ),
            posts=tuple(
                Post(
                    facility=site,
                    skill=skill,
                    newcomers=int(rng.integers(0, 3)) if sometimes() else None,
                    budgeted=int(rng.integers(0, 4)) if sometimes() else None,
                )
                for site, skill in teams
                if sometimes()
            ),
            consents=tuple(
                Consent(origin=a, host=b, skill=skill, rank=rank, heads=1)
                for a, b in pairs
                for skill in skills
                for rank in (1, 2)
                if sometimes(0.5)
            ),
            task_shifts=(
                (TaskShift(skill="s0", substitute="s1", efficiency=float(rng.choice([0.5, 0.8])), source="drawn"),)
                if two_skills and sometimes(0.6)
                else ()
            ),
            premium_steps=tuple(
                PremiumStep(kind=kind, threshold=km, amount=float(rng.integers(1, 5)), source="drawn")
                for kind in (PremiumKind.MOVE, PremiumKind.MISSION)
                for km in (10.0, 30.0)
            )
            if sometimes(0.6)
            else (),
        ),
        policy=RedeploymentPolicy(
            max_travel=float(rng.choice([40.0, 90.0])),
            kept_share=float(rng.choice([1.0, 0.5, 0.0])),
            backfill=sometimes(),
            voluntary=voluntary,
            worst_rank=1 if sometimes() else None,
            premium_budget=float(rng.integers(0, 8)) if sometimes() else None,
            max_moves=int(rng.integers(0, 3)) if sometimes() else None,
            max_approvals=int(rng.integers(0, 2)) if sometimes() else None,
            max_missions=missions,
            priorities=(Priority(skill="s0", weight=2.0), Priority(facility="f0", weight=0.5)) if sometimes() else (),
            equity=Equity(
                kind=list(EquityKind)[int(rng.integers(4))],
                gini_ceiling=float(rng.choice([0.1, 0.2, 0.3])) if sometimes(0.3) else None,
                coverage_floor=float(rng.choice([0.0, 0.4])) if sometimes(0.3) else None,
            ),
        ),
    )


class Flow(NamedTuple):
    """Heads of one skill that go from one facility to another, on mission or not."""

    origin: str
    host: str
    skill: str
    mission: bool
    heads: int


Team = tuple[str, str]


class Enumeration:
    """Every plan of a small problem, by the rules as a reader of the policy would put them."""

    def __init__(self, problem: RedeploymentProblem) -> None:
        self.problem, self.policy, force = problem, problem.policy, problem.workforce
        self.sites = {one.id: one for one in problem.region.facilities}
        norms = {(row.level, row.skill): row for row in force.staffing_norms}
        self.heads = {(row.facility, row.skill): row.heads for row in force.staff}
        self.protected = {(row.facility, row.skill): row.protected for row in force.staff}
        own = {team: norms[self.sites[team[0]].level, team[1]] for team in self.heads}
        self.need = {team: row.fte for team, row in own.items()}
        self.minimum = {team: row.minimum_team for team, row in own.items()}
        self.posts = {(row.facility, row.skill): row for row in force.posts}
        names = sorted(self.sites)
        km = distances(problem.region, problem.journeys, names, names)
        self.km = {(a, b): float(km[x, y]) for x, a in enumerate(names) for y, b in enumerate(names)}
        self.minutes = {(a, b): problem.journeys.minutes(a, b) for a, b in self.km}
        self.asking = {skill.id for skill in force.skills if skill.needs_approval}
        self.shift = force.task_shifts[0] if force.task_shifts else None
        provinces = sorted({one.province for one in self.sites.values()})
        needs = {p: sum(fte for team, fte in self.need.items() if self.sites[team[0]].province == p) for p in provinces}
        self.provinces = {province: fte for province, fte in needs.items() if fte > 0}

    def best(self) -> tuple[float, ...] | None:
        """Return the goals' values of the best plan, in order; None when no plan keeps the rules."""
        values = (self.value(flows, cover) for flows in self.flows() for cover in self.covers(flows))
        return min((one for one in values if one is not None), default=None)

    def flows(self) -> Iterator[list[Flow]]:
        """Walk over the moves and missions that keep every rule but those on coverage."""
        per_team = [self.from_team(team) for team in self.heads]
        for parts in itertools.product(*per_team):
            flows = [flow for part in parts for flow in part]
            if self.allowed(flows):
                yield flows

    def from_team(self, team: Team) -> list[list[Flow]]:
        """Return every way in which heads leave one team."""
        site, skill = team
        kinds = (False, True) if self.policy.max_missions and skill in self.asking else (False,)
        ways = [
            (host, mission)
            for host in self.sites
            if host != site and self.minutes[site, host] <= self.policy.max_travel and self.useful((host, skill))
            for mission in kinds
        ]
        free = self.heads[team] - self.protected[team]
        return [
            [
                Flow(site, host, skill, mission, heads)
                for (host, mission), heads in zip(ways, counts, strict=True)
                if heads
            ]
            for counts in itertools.product(range(free + 1), repeat=len(ways))
            if sum(counts) <= free
        ]

    def useful(self, team: Team) -> bool:
        """Say whether a head may find a post there; nobody would think of it but to make the better-off poorer."""
        if self.policy.equity.gini_ceiling is None:
            return True
        room = math.ceil(self.need[team])
        if self.shift and team[1] == self.shift.substitute:
            room += math.ceil(self.need[team[0], self.shift.skill])
        return room + self.policy.backfill * (self.heads[team] - self.protected[team]) > self.heads[team]

    def allowed(self, flows: list[Flow]) -> bool:
        """Say whether moves and missions keep their rules."""
        policy = self.policy
        missions = sum(flow.heads for flow in flows if flow.mission)
        approvals = sum(flow.heads for flow in flows if not flow.mission and flow.skill in self.asking)
        limits = (
            (sum(flow.heads for flow in flows), policy.max_moves),
            (approvals, policy.max_approvals),
            (missions, policy.max_missions),
            (sum(self.premium(flow) for flow in flows), policy.premium_budget),
        )
        if any(limit is not None and found > limit for found, limit in limits):
            return False
        return all(self.team_allowed(team, flows) for team in self.heads) and self.wished(flows)

    def team_allowed(self, team: Team, flows: list[Flow]) -> bool:
        """Say whether a team sends and receives no more than it may."""
        out = sum(flow.heads for flow in flows if (flow.origin, flow.skill) == team)
        into = sum(flow.heads for flow in flows if (flow.host, flow.skill) == team)
        heads = self.heads[team]
        kept = max(self.minimum[team], math.ceil(self.policy.kept_share * min(heads, self.need[team])))
        if out and out - (into if self.policy.backfill else 0) > max(heads - kept, 0):
            return False
        if out > heads - self.protected[team]:
            return False
        post = self.posts.get(team)
        if post is None or not into:
            return True
        beyond = post.budgeted is not None and heads - out + into > max(post.budgeted, heads)
        return not beyond and (post.newcomers is None or into <= post.newcomers)

    def wished(self, flows: list[Flow]) -> bool:
        """Say whether every head that goes has wished it."""
        if not self.policy.voluntary:
            return True
        rows = [
            row
            for row in self.problem.workforce.consents
            if self.policy.worst_rank is None or row.rank <= self.policy.worst_rank
        ]
        for origin, skill in self.heads:
            own = [flow for flow in flows if (flow.origin, flow.skill) == (origin, skill)]
            wishes = [row for row in rows if (row.origin, row.skill) == (origin, skill)]
            by_rank = [sum(row.heads for row in wishes if row.rank == rank) for rank in (1, 2)]
            if sum(flow.heads for flow in own) > max(by_rank):
                return False
            for host in self.sites:
                going = sum(flow.heads for flow in own if flow.host == host)
                if going > sum(row.heads for row in wishes if row.host == host):
                    return False
        return True

    def premium(self, flow: Flow) -> float:
        """Return the premiums of a flow."""
        kind = PremiumKind.MISSION if flow.mission else PremiumKind.MOVE
        steps = [row for row in self.problem.workforce.premium_steps if row.kind is kind]
        paid = [(row.threshold, row.amount) for row in steps if row.threshold <= self.km[flow.origin, flow.host]]
        return flow.heads * max(paid)[1] if paid else 0.0

    def covers(self, flows: list[Flow]) -> Iterator[dict[Team, float]]:
        """Walk over the need covered by every team, substitutes filling as many posts as they like."""
        after = dict(self.heads)
        for flow in flows:
            after[flow.origin, flow.skill] -= flow.heads
            after[flow.host, flow.skill] += flow.heads
        helped = [(site, self.shift) for site in self.sites if self.shift]
        ways = []
        for site, shift in helped:
            need, free = self.need[site, shift.skill], after[site, shift.substitute]
            whole, part = math.floor(need), math.ceil(need) - math.floor(need)
            ways.append([(v, w) for v in range(whole + 1) for w in range(part + 1) if v + w <= free])
        for fills in itertools.product(*ways):
            cover = {}
            taken = {}
            for (site, shift), (v, w) in zip(helped, fills, strict=True):
                taken[site, shift.skill] = (v, w, shift.efficiency)
            for team, heads in after.items():
                v, w, efficiency = taken.get(team, (0, 0, 0.0))
                lent = sum(
                    sum(fill)
                    for (site, shift), fill in zip(helped, fills, strict=True)
                    if team == (site, shift.substitute)
                )
                need = self.need[team]
                rest = need - math.floor(need)
                own = min(heads - lent, math.floor(need) - v)
                last = min(heads - lent - own, (1 if rest else 0) - w)
                cover[team] = own + rest * last + efficiency * (v + rest * w)
            yield cover

    def value(self, flows: list[Flow], cover: dict[Team, float]) -> tuple[float, ...] | None:
        """Return the goals' values of a plan; None when it breaks a rule on coverage."""
        equity = self.policy.equity
        today = sum(min(float(self.heads[team]), self.need[team]) for team in self.heads)
        floor = today if equity.coverage_floor is None else equity.coverage_floor * sum(self.need.values())
        if sum(cover.values()) < floor - 1e-9:
            return None
        short = [
            sum(self.need[team] - cover[team] for team in cover if self.sites[team[0]].province == province) / fte
            for province, fte in self.provinces.items()
        ]
        shares = [1 - share for share in short]
        spread = sum(abs(a - b) for a in shares for b in shares)
        if equity.gini_ceiling is not None and spread > 2 * len(shares) * sum(shares) * equity.gini_ceiling + 1e-9:
            return None
        first: list[float] = []
        if len(short) > 1:
            worst = sorted(short, reverse=True)
            rounds = {
                EquityKind.NONE: (),
                EquityKind.MAX_MIN: (1,),
                EquityKind.WORST_MEAN: (min(equity.worst, len(short)),),
                EquityKind.LEXIMIN: range(1, len(short) + 1),
            }[equity.kind]
            first = [sum(worst[:number]) for number in rounds]
        weight = {
            team: math.prod(one.weight for one in self.policy.priorities if one.holds_for(self.sites[team[0]], team[1]))
            for team in cover
        }
        uncovered = sum(weight[team] * (self.need[team] - cover[team]) for team in cover)
        paid = [sum(self.premium(flow) for flow in flows)] if self.problem.workforce.premium_steps else []
        travelled = sum(flow.heads * self.minutes[flow.origin, flow.host] for flow in flows)
        values = (*first, uncovered, *paid, travelled, sum(flow.heads for flow in flows))
        return tuple(round(float(value), 7) for value in values)


def draw_flow(seed: int) -> RedeploymentProblem:
    """Draw three to six facilities and one to three skills with rules on single teams and pairs of facilities."""
    rng = np.random.default_rng(seed)
    sites = [f"f{number}" for number in range(int(rng.integers(3, 7)))]
    skills = [f"s{number}" for number in range(int(rng.integers(1, 4)))]
    teams = [(site, skill) for site in sites for skill in skills]
    return RedeploymentProblem(
        region=Region(
            facilities=tuple(facility(site, LEVELS[n % len(LEVELS)]) for n, site in enumerate(sites)),
            zones=(Zone(id="Z", name="Z", commune="C", province="P", urban=True),),
            travel_times=tuple(
                TravelTime(origin=a, destination=b, minutes=float(rng.integers(5, 90)))
                for a, b in itertools.permutations(sites, 2)
            ),
        ),
        workforce=Workforce(
            skills=tuple(Skill(id=skill, name_fr=skill, name_en=skill, profession="p") for skill in skills),
            staff=tuple(
                Staff(facility=site, skill=skill, heads=count, protected=int(rng.integers(0, count + 1)))
                for site, skill in teams
                for count in (int(rng.integers(0, 9)),)
            ),
            staffing_norms=tuple(
                norm(level, skill, float(rng.integers(0, 29)) / 4, int(rng.integers(0, 3)))
                for level in LEVELS
                for skill in skills
            ),
            posts=tuple(
                Post(facility=site, skill=skill, newcomers=int(rng.integers(0, 4)))
                for site, skill in teams
                if rng.random() < 0.3
            ),
            consents=tuple(
                Consent(origin=a, host=b, skill=skill, rank=1, heads=int(rng.integers(1, 4)))
                for a, b in itertools.permutations(sites, 2)
                for skill in skills
                if rng.random() < 0.6
            ),
        ),
        policy=RedeploymentPolicy(max_travel=float(rng.choice([30.0, 60.0, 90.0])), voluntary=bool(rng.random() < 0.5)),
    )


def as_flow(problem: RedeploymentProblem) -> tuple[float, float, float]:
    """Return (uncovered in all, minutes, moves) of the best plan as a minimum-cost flow, in whole numbers.

    Heads leave their team through a gate as wide as its spare, enter others through a door, and fill posts; a quarter
    of an FTE is worth more than all minutes together, and a minute more than all moves.
    """
    everything = Enumeration(problem)
    heads_in_all = sum(everything.heads.values())
    minute = heads_in_all + 1
    quarter = minute * (90 * heads_in_all + 1)
    network = nx.DiGraph()
    network.add_node("end", demand=heads_in_all)
    wishes = {(row.origin, row.host, row.skill): row.heads for row in problem.workforce.consents}
    for team, heads in everything.heads.items():
        need, post = everything.need[team], everything.posts.get(team)
        kept = max(everything.minimum[team], math.ceil(min(heads, need)))
        network.add_node(("team", team), demand=-heads)
        spare = max(min(heads - kept, heads - everything.protected[team]), 0)
        network.add_edge(("team", team), ("gate", team), capacity=spare, weight=0)
        newcomers = heads_in_all if post is None or post.newcomers is None else post.newcomers
        network.add_edge(("door", team), ("team", team), capacity=newcomers, weight=0)
        network.add_edge(("team", team), "end", capacity=heads_in_all, weight=0)
        for name, count, worth in (("whole", math.floor(need), 4), ("part", 1, round(4 * (need - math.floor(need))))):
            network.add_edge(("team", team), (name, team), capacity=count, weight=-worth * quarter)
            network.add_edge((name, team), "end", capacity=count, weight=0)
    for (origin, skill), (host, other) in itertools.permutations(everything.heads, 2):
        minutes = everything.minutes[origin, host]
        if skill == other and minutes <= problem.policy.max_travel:
            most = wishes.get((origin, host, skill), 0) if problem.policy.voluntary else heads_in_all
            cost = int(minutes) * minute + 1
            network.add_edge(("gate", (origin, skill)), ("door", (host, skill)), capacity=most, weight=cost)
    cost, flow = nx.network_simplex(network)
    moved = [
        (count, everything.minutes[start[1][0], end[1][0]])
        for start, ends in flow.items()
        if start[0] == "gate"
        for end, count in ends.items()
    ]
    covered = sum(flow["team", team]["whole", team] for team in everything.heads)
    covered += sum(
        flow["team", team]["part", team] * (everything.need[team] - math.floor(everything.need[team]))
        for team in everything.heads
    )
    uncovered = sum(everything.need.values()) - covered
    return uncovered, sum(count * minutes for count, minutes in moved), float(sum(count for count, _ in moved))
