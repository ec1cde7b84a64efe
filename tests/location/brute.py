"""Small questions of location solved by trying every whole decision; nothing is shared with the model.

Whole decisions are lives of platforms, units that move, contracts, rounds, places fitted out and links. What is left
is linear, and is given to scipy. Needs, units of today and rules are read from the data again.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from gst_opt.core.region import Status
from tests.location.brute_facts import Facts, Life, Site
from tests.location.brute_rest import Rest

MOST_ASKED = 10
"""Contracts, rounds, places and links at most, in all years."""


class Brute(Facts):
    """Every whole decision of a question whose goal is one weighted sum of terms."""

    def lives(self, site: Site) -> list[Life]:
        """Return what a platform may do over the years."""
        own, (facility, resource) = self.own[site], site
        works = [
            r.opening for r in self.data.site_limits if (r.facility, r.equipment_type) == (facility, resource)
        ] or [0.0]
        found = []
        for levels in itertools.product(range(len(own.amounts)), repeat=len(self.years) - own.first):
            before, rows = own.amounts[own.level], [(0, 0, 0, 0.0)] * own.first
            ages = sorted(t for t, many in enumerate(own.ends) for _ in range(many))
            for t, level in enumerate(levels, own.first):
                after = own.amounts[level]
                ended = ages.count(t)
                up = after - before + ended
                renewed = max(0, min(up, ended))
                added, closed, retired = max(0, up - renewed), max(0, -up), ended - renewed
                if own.ward:
                    ward = self.wards[resource]
                    cost = ward.opening * added + ward.closing * closed
                else:
                    kind = self.types[resource]
                    cost = kind.purchase * (added + renewed) + kind.closing * (closed + retired)
                    cost += works[0] * (before == 0 < after)
                rows.append((after, added, closed, cost))
                ages = ages[ended + closed :]
                before = after
            found.append(Life(*(tuple(column) for column in zip(*rows, strict=True))))
        return found

    def moves(self, chosen: Mapping[Site, Life]) -> Iterator[list[float]]:
        """Yield what moves and upgrades add to purchases by year, for every way to move and upgrade units."""
        slots = [(site, t) for site in self.own for t in self.years if self.own[site].lasting or chosen[site].added[t]]
        slots = [(site, t) for site, t in slots if not self.own[site].ward and self.policy.move]
        ranges = []
        for site, t in slots:
            out = min(chosen[site].closed[t], self.own[site].lasting)
            ranges.append([(i, o) for i in range(chosen[site].added[t] + 1) for o in range(out + 1)])
        changes, upgraded = self._upgrades(chosen)
        for counts, changed in itertools.product(itertools.product(*ranges), itertools.product(*upgraded)):
            balance: dict[tuple[str, int], int] = {}
            left: dict[Site, int] = {}
            saved = [0.0 for _ in self.years]
            came: dict[tuple[Site, int], int] = {}
            gone: dict[tuple[Site, int], int] = {}
            for (site, t), (arrives, leaves) in zip(slots, counts, strict=True):
                kind = self.types[site[1]]
                came[site, t], gone[site, t] = arrives, leaves
                balance[site[1], t] = balance.get((site[1], t), 0) + arrives - leaves
                left[site] = left.get(site, 0) + leaves
                saved[t] += (kind.moving - kind.purchase) * arrives - kind.closing * leaves
            for (site, other, price, t), count in zip(changes, changed, strict=True):
                came[other, t] = came.get((other, t), 0) + count
                gone[site, t] = gone.get((site, t), 0) + count
                left[site] = left.get(site, 0) + count
                saved[t] += (price - self.types[other[1]].purchase - self.types[site[1]].closing) * count
            enough = all(count <= chosen[site].added[t] for (site, t), count in came.items())
            enough &= all(count <= chosen[site].closed[t] for (site, t), count in gone.items())
            enough &= all(count <= self.own[site].lasting for site, count in left.items())
            if enough and not any(balance.values()):
                yield saved

    def _upgrades(self, chosen: Mapping[Site, Life]) -> tuple[list[tuple[Site, Site, float, int]], list[range]]:
        """Return the upgrades that may be done, by site and year, and how many of each."""
        found, many = [], []
        for row, site, t in itertools.product(self.data.upgrades, sorted(self.sites), self.years):
            one, other = (site, row.equipment_type), (site, row.becomes)
            if not {one, other} <= self.own.keys() or self._ends(one, row.becomes):
                continue
            if most := min(chosen[one].closed[t], chosen[other].added[t]):
                found.append((one, other, row.price, t))
                many.append(range(most + 1))
        return found, many

    def _ends(self, site: Site, becomes: str) -> bool:
        """Say whether a unit of today would end within the plan as what it becomes."""
        rows = [row for row in self.data.equipment_units if (row.facility, row.equipment_type) == site]
        ends = [row.installed + math.ceil(self.types[becomes].life) for row in rows if row.installed is not None]
        return self.sites[site[0]].status is Status.OPEN and min(ends, default=math.inf) <= self.problem.years[-1]

    def yes_or_no(self) -> list[tuple[str, Any, int]]:
        """Return contracts, places visited and fitted out, and links: each is or is not."""
        found: list[tuple[str, Any, int]] = []
        for offer in sorted({(row.facility, row.service) for row in self.data.private_offers}):
            found += [("contract", offer, t) for t in self.years if offer[0] in self.sites and self.offer(offer, t)[0]]
        for row in self.data.docking_points:
            base = self.data.mobile_units[0].base
            if base in self.sites and self.left(row.place) > 0:
                years = [t for t in self.years if t >= self.first[base]]
                found += [(what, row.place, t) for what in ("docked", "fitted") for t in years]
        if self.staffed and any(row.remote for row in self.data.expert_times):
            pairs = itertools.permutations(sorted(self.sites), 2)
            found += [("link", pair, t) for pair in pairs for t in self.years]
        return found

    def answers(self) -> list[dict[tuple[str, Any, int], int]]:
        """Return every way to answer these: places are fitted out before they are visited, and stay so."""
        asked = self.yes_or_no()
        if len(asked) > MOST_ASKED:
            return []
        found = (dict(zip(asked, said, strict=True)) for said in itertools.product((0, 1), repeat=len(asked)))
        return [said for said in found if _sensible(said)]

    def count(self) -> int:
        """Return how many whole decisions there are at most, moves left aside; 0 where they are far too many."""
        return math.prod(len(self.lives(site)) for site in self.own) * len(self.answers())

    def best(self) -> float:
        """Return the least value of the goal over all whole decisions."""
        names, answers = list(self.own), self.answers()
        least = math.inf
        for lives in itertools.product(*(self.lives(site) for site in names)):
            chosen = dict(zip(names, lives, strict=True))
            if self._allowed(chosen):
                for saved, said in itertools.product(self.moves(chosen), answers):
                    least = min(least, Rest(self, chosen, saved, said).best())
        return least

    def _allowed(self, chosen: Mapping[Site, Life]) -> bool:
        """Say whether floor space and pins hold."""
        for row in self.data.floor_spaces:
            for t in self.years:
                taken = 0.0
                for (facility, resource), life in chosen.items():
                    own = self.own[facility, resource]
                    if facility == row.facility and t >= own.first:
                        space = self.wards[resource] if own.ward else self.types[resource]
                        taken += space.floor_space * (life.amounts[t] - own.amounts[own.level])
                if taken > row.free + 1e-9:
                    return False
        for pin in self.policy.pins:
            for t in self.years:
                if pin.year in (None, self.problem.years[t]):
                    mine = [site for site in chosen if pin.selects(*site) and t >= self.own[site].first]
                    low, high = pin.sides(float(sum(self.own[s].amounts[self.own[s].level] for s in mine)))
                    if not low <= sum(chosen[site].amounts[t] for site in mine) <= high:
                        return False
        return True


def _sensible(said: Mapping[tuple[str, Any, int], int]) -> bool:
    for (what, place, t), yes in said.items():
        if what == "docked" and yes and not said["fitted", place, t]:
            return False
        if what == "fitted" and yes and said.get(("fitted", place, t + 1)) == 0:
            return False
    return True
