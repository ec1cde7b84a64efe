"""Mend and better a plan, some platforms near each other at a time.

A step decides a neighbourhood anew (`modular_near`) with what the others leave of the rows; a unit beyond a row's side
has a penalty, so that each step has a plan and none makes things worse. Only the levels least dear at the prices are
left to a step. A sweep visits every site; neighbourhoods that share no stream are decided side by side.
Source: large neighbourhood search (Shaw, 1998); the restriction is that of kernel search (Angelelli, Mansini and
Speranza, 2010).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import cycle
from typing import NamedTuple

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.pillars.platforms.modular import TOLERANCE, Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Flags, Rest, Restricted, restrict
from gst_opt.pillars.platforms.modular_near import Neighbourhood, Sites, around, local, touched
from gst_opt.pillars.platforms.modular_prices import Knapsacks, Prices
from gst_opt.solve.highs import Run
from gst_opt.solve.threads import at_once

PENALTY, HARDER = 5.0, 10.0
"""A unit beyond a row's side costs so many times its price, or what levels cost for a unit; and so many times more
after each sweep that leaves the row broken.
"""

BETTER = 1e-5
"""A step that gains less than this, relatively, is none."""


def first_penalty(problem: Modular, prices: Prices) -> Floats:
    """Return what a unit beyond each row's side costs at first."""
    rows = abs(problem.rows)
    total, size = (rows > 0)[:, : len(problem.cost)] @ np.abs(problem.cost), rows.sum(axis=1)
    penalty: Floats = PENALTY * np.maximum(prices.row, total / np.where(size > 0, size, 1.0))
    return penalty


class Width(NamedTuple):
    """Platforms of a neighbourhood at most, and how many levels for each of them, beyond one, it may take."""

    platforms: int
    levels: float


@dataclass(frozen=True)
class Repair:
    """How plans are mended.

    Attributes
    ----------
    problem, prices
        The problem, and prices that say which levels are worth a look.
    penalty
        What a unit beyond the side costs, by row.
    solve
        Solves a neighbourhood, from a point.
    over
        Says whether to stop.
    workers
        How many neighbourhoods are decided at once.
    """

    problem: Modular
    prices: Prices
    penalty: Floats
    solve: Callable[[Restricted, Floats | None], Run]
    over: Callable[[], bool]
    workers: int

    def chain(self, plan: ModularPlan, levels: float, first: int) -> list[ModularPlan]:
        """Return the plans that come of deciding whole blocks anew one by one, so many levels beyond one left to them.

        Once around the rows have their prices, so that no block takes what another one makes more of; then they are
        free, as long as a block gains. Blocks whose levels take least of the rows come first: small units fit best.
        """
        used = (abs(self.problem.rows).T @ self.prices.row)[: len(self.problem.cost)]
        of = self.problem.block[0]
        count = np.bincount(of[self.problem.platform], minlength=self.problem.blocks)
        mean = np.bincount(of[self.problem.platform], used, self.problem.blocks) / np.maximum(count, 1)
        ranked = np.argsort(mean, kind="stable")
        order = np.roll(ranked[count[ranked] > 0], -first)
        free, plans, idle = np.zeros(len(self.penalty)), [plan], 0
        for turn, block in enumerate(cycle(order)):
            if idle >= len(order) or self.over():
                break
            price = self.prices.row if turn < len(order) else free
            mine = of == block
            near, found = self._again(plans[-1], mine, self._promising(mine, levels), Rest(free, self.penalty, price))
            better = None if found is None else near.into(self.problem, plans[-1], found)
            after = plans[-1] if better is None else self._better(plans[-1], better, price)
            idle = 0 if turn < len(order) or after is not plans[-1] else idle + 1
            plans.append(after)
        return plans

    def sweep(self, plan: ModularPlan, sites: Sites, price: Floats, width: Width, turn: int) -> ModularPlan:
        """Return a plan with every site looked at once.

        Parameters
        ----------
        plan
            The plan to begin with.
        sites
            What to visit, and what is near what.
        price
            Price of each row: at their prices no neighbourhood takes what another one makes more of; free, each takes
            what is left.
        width
            How large neighbourhoods are.
        turn
            Sites are visited in another order each turn.
        """
        seeds = [int(site) for site in np.random.default_rng(turn).permutation(sites.count)]
        visited = np.zeros(sites.count, dtype=bool)
        while seeds and not self.over():
            batch = self._apart(sites, seeds, width.platforms)
            for free in batch:
                visited[sites.of[free]] = True
            rest = Rest(self._kept(plan, len(batch)), self.penalty, price)
            keep = [self._promising(free, width.levels) | self._mending(plan, free) for free in batch]
            jobs = [partial(self._again, plan, *one, rest) for one in zip(batch, keep, strict=True)]
            for near, found in at_once(jobs, self.workers):
                plan = plan if found is None else self._better(plan, near.into(self.problem, plan, found), price)
            seeds = [site for site in seeds if not visited[site]]
        return plan

    def merit(self, plan: ModularPlan, price: Floats) -> float:
        """Return what a plan costs, rows at some prices, and its penalties."""
        used = plan.used(self.problem)
        excess = np.where(self._broken(plan), used - self.problem.sides, 0.0)
        return plan.value(self.problem) + float(price @ used + self.penalty @ excess)

    def harder(self, plan: ModularPlan) -> "Repair":
        """Return it with a larger penalty on the rows that a plan breaks."""
        return replace(self, penalty=np.where(self._broken(plan), HARDER * self.penalty, self.penalty))

    def _apart(self, sites: Sites, seeds: Sequence[int], size: int) -> list[Flags]:
        """Return as many neighbourhoods as there are workers, without a stream in common if possible."""
        batch, rest = list[Flags](), list[Flags]()
        busy = np.zeros(len(self.problem.unmet), dtype=bool)
        for seed in seeds:
            free = sites.near(seed, size)
            streams = touched(self.problem, free)
            if (streams & busy).any():
                rest.append(free)
                continue
            batch.append(free)
            busy |= streams
            if len(batch) == self.workers:
                break
        return [*batch, *rest[: self.workers - len(batch)]]

    def _better(self, plan: ModularPlan, found: ModularPlan, price: Floats) -> ModularPlan:
        """Return the better of two plans, the first unless the other keeps all but the rows."""
        merit = self.merit(plan, price)
        if self.merit(found, price) >= merit - BETTER * abs(merit) or set(found.broken(self.problem)) - {"rows"}:
            return plan
        return found

    def _kept(self, plan: ModularPlan, count: int) -> Floats:
        """Return what each of some neighbourhoods leaves to the others of what a plan leaves of the rows."""
        left = np.maximum(self.problem.sides - plan.used(self.problem), 0.0)
        kept: Floats = np.where(self._local, 0.0, left * (1.0 - 1.0 / count))
        return kept

    def _again(
        self, plan: ModularPlan, free: Flags, keep: Flags, rest: Rest
    ) -> tuple[Neighbourhood, ModularPlan | None]:
        """Decide some platforms anew among some levels, sides of `rest` kept for others; None if nothing is found."""
        near = around(self.problem, plan, free, keep)
        small = near.problem
        knapsacks = Knapsacks(small)
        prices = knapsacks.at(self.prices.stream[near.streams], self.prices.row).prices
        every, blocks = np.ones(len(small.cost), dtype=bool), np.ones(knapsacks.blocks, dtype=bool)
        part = restrict(small, prices, every, blocks, replace(rest, sides=small.sides - rest.sides))
        run = self.solve(part, part.point(small, near.base))
        return near, None if run.x is None else part.plan(small, run.x, near.base)

    def _promising(self, free: Flags, levels: float) -> Flags:
        """Say which levels of some platforms are the least dear, so many for each platform."""
        mine = free[self.problem.platform]
        reduced = np.where(mine, self._reduced, np.inf)
        most = min(int((1.0 + levels) * free.sum()), len(reduced)) - 1
        keep: Flags = mine & (reduced <= np.partition(reduced, most)[most])
        return keep

    def _mending(self, plan: ModularPlan, free: Flags) -> Flags:
        """Say which levels of some platforms are in a local row that a plan breaks."""
        broken = self._local & self._broken(plan)
        inside = np.bincount(self.problem.rows[broken].indices, minlength=self.problem.rows.shape[1]) > 0
        mending: Flags = free[self.problem.platform] & inside[: len(self.problem.cost)]
        return mending

    def _broken(self, plan: ModularPlan) -> Flags:
        """Say which rows a plan breaks."""
        sides = self.problem.sides
        broken: Flags = plan.used(self.problem) > sides + TOLERANCE * np.maximum(1.0, np.abs(sides))
        return broken

    @cached_property
    def _local(self) -> Flags:
        return local(self.problem)

    @cached_property
    def _reduced(self) -> Floats:
        return self.prices.reduced(self.problem)
