"""Mend a plan whose blocks are good each and break rows together.

Blocks are solved again one by one with what the others leave of the rows; a unit beyond a row's side has a penalty, so
that each step has a plan and none makes things worse. Only the levels least dear at the prices are left to a block.
Source: block coordinate search; the restriction is that of kernel search (Angelelli, Mansini and Speranza, 2010).
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.pillars.platforms.modular import TOLERANCE, Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Flags, Rest, Restricted, restrict
from gst_opt.pillars.platforms.modular_prices import Prices
from gst_opt.solve.highs import Run
from gst_opt.solve.threads import Threads

PENALTY = 5.0
"""A unit beyond a row's side costs so many times its price, or so many times what levels cost for a unit."""

BETTER = 1e-5
"""A step that gains less than this, relatively, is none."""

T = TypeVar("T")


def at_once(jobs: Sequence[Callable[[], T]], workers: int) -> list[T]:
    """Do some jobs, several at a time, and return what they return in their order."""
    with closing(Threads[T](workers)) as threads:
        futures = [threads.submit(job) for job in jobs]
        return [future.result() for future in futures]


@dataclass(frozen=True)
class Repair:
    """How plans are mended.

    Attributes
    ----------
    problem, prices
        The problem, and prices that say which levels are worth a look.
    levels
        How many levels for each platform, beyond one, a block is left.
    solve
        Solves some blocks, from a point.
    over
        Says whether to stop.
    """

    problem: Modular
    prices: Prices
    levels: float
    solve: Callable[[Restricted, Floats | None], Run]
    over: Callable[[], bool]

    def order(self) -> list[int]:
        """Return the blocks, those first whose levels take least of the rows: small units fit best."""
        used = (abs(self.problem.rows).T @ self.prices.row)[: len(self.problem.cost)]
        block = self.problem.block[0][self.problem.platform]
        blocks = len(self.prices.bound)
        mean = np.bincount(block, used, blocks) / np.maximum(np.bincount(block, minlength=blocks), 1)
        return [int(block) for block in np.argsort(mean, kind="stable")]

    def chain(self, plan: ModularPlan, order: Sequence[int]) -> list[ModularPlan]:
        """Return the plans that come of solving the blocks again one by one.

        Once around the rows have their prices, so that no block takes what another one makes more of; then they are
        free, as long as a block gains.
        """
        plans = [plan]
        for block in order:
            plans += self._better(plans[-1], block, self.prices.row)
        idle = 0
        for block in cycle(order):
            if idle >= len(order) or self.over():
                break
            found = self._better(plans[-1], block, np.zeros(len(self.prices.row)))
            plans, idle = plans + found, 1 if found else idle + 1
        return plans

    def _better(self, plan: ModularPlan, block: int, price: Floats) -> list[ModularPlan]:
        """Return the plan with a block solved again where it gains, rows at some prices."""
        if self.over():
            return []
        found = self._again(plan, np.arange(len(self.prices.bound)) == block, price)
        merit = self.merit(plan, price)
        return [] if found is None or self.merit(found, price) >= merit - BETTER * abs(merit) else [found]

    def merit(self, plan: ModularPlan, price: Floats) -> float:
        """Return what a plan costs, rows at some prices, and its penalties."""
        sides, used = self.problem.sides, plan.used(self.problem)
        excess = used - sides
        excess = np.where(excess > TOLERANCE * np.maximum(1.0, np.abs(sides)), excess, 0.0)
        return plan.value(self.problem) + float(price @ used + self._penalty() @ excess)

    def _penalty(self) -> Floats:
        """Return what a unit beyond each row's side costs."""
        rows = abs(self.problem.rows)
        size = rows.sum(axis=1) / np.maximum(np.diff(rows.indptr), 1)
        worth = float(np.abs(np.concatenate([self.problem.cost, self.problem.unmet])).mean())
        return PENALTY * np.maximum(self.prices.row, worth / np.where(size > 0, size, 1.0))

    def _again(self, base: ModularPlan, free: Flags, price: Floats) -> ModularPlan | None:
        """Return a plan with some blocks solved again; None without one."""
        problem = self.problem
        mine = free[problem.block[0]]
        keep = self._promising(mine)
        keep[base.level] = True
        kept = np.concatenate([base.taken(problem) * ~mine[problem.platform], base.share * ~mine[problem.at]])
        rest = Rest(problem.sides - problem.rows @ kept, self._penalty(), price)
        part = restrict(problem, self.prices, keep, free, rest)
        run = self.solve(part, part.point(problem, base))
        return None if run.x is None else part.plan(problem, run.x, base)

    def _promising(self, mine: Flags) -> Flags:
        """Say which levels of some platforms are the least dear, so many for each platform."""
        reduced = np.where(mine[self.problem.platform], self.prices.reduced(self.problem), np.inf)
        most = min(int((1.0 + self.levels) * mine.sum()), len(reduced)) - 1
        keep: Flags = reduced <= np.partition(reduced, most)[most]
        return keep
