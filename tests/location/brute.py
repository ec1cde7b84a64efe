"""Small questions of location solved by trying every whole decision; nothing is shared with the model.

Whole decisions are lives of platforms, units that move, contracts, rounds, places fitted out and links. What is left
is linear, and is given to scipy. Needs, units of today and rules are read from the data again.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

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
        """Yield what moves add to purchases by year, for every way to move units."""
        slots = [(site, t) for site in self.own for t in self.years if self.own[site].movable or chosen[site].added[t]]
        slots = [(site, t) for site, t in slots if not self.own[site].ward and self.policy.move]
        ranges = []
        for site, t in slots:
            out = min(chosen[site].closed[t], self.own[site].movable)
            ranges.append([(i, o) for i in range(chosen[site].added[t] + 1) for o in range(out + 1)])
        for counts in itertools.product(*ranges):
            balance: dict[tuple[str, int], int] = {}
            left: dict[Site, int] = {}
            saved = [0.0 for _ in self.years]
            for (site, t), (arrives, leaves) in zip(slots, counts, strict=True):
                kind = self.types[site[1]]
                balance[site[1], t] = balance.get((site[1], t), 0) + arrives - leaves
                left[site] = left.get(site, 0) + leaves
                saved[t] += (kind.moving - kind.purchase) * arrives - kind.closing * leaves
            if not any(balance.values()) and all(count <= self.own[site].movable for site, count in left.items()):
                yield saved

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
