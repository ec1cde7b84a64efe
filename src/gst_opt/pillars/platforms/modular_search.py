"""Search of a modular location problem: blocks at prices for the bound, blocks side by side for the plan.

A plan is made from the levels at the prices and bettered by deciding neighbourhoods anew (`modular_repair`): whole
blocks one by one where these are small, else platforms near each other within a block; then sites with all that stands
there. Every block is also solved alone, the rows at their prices and levels dearer than a room left out: what it proves
holds up to that room, and the bound of all is the sum of the blocks' less the sides paid. Rounds grow wider; where a
neighbourhood would hold all, what no better plan can use is left out and the rest solved in one piece.

Source: reduced-cost fixing (Dantzig, Fulkerson and Johnson, 1954); Lagrangean decomposition with blocks solved in whole
numbers (Geoffrion, 1974).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.pillars.platforms.modular import Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Flags, Rest, Restricted, restrict
from gst_opt.pillars.platforms.modular_near import Sites, joined
from gst_opt.pillars.platforms.modular_prices import Knapsacks, ascend
from gst_opt.pillars.platforms.modular_repair import Repair, Width, first_penalty
from gst_opt.solve.belief import Ended
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import Stop, relative_gap
from gst_opt.solve.threads import at_once

STEPS = 600
"""Steps of the prices before the first round."""

FIRST_ROOM = 1e-3
"""First room of a block, relative to the bound."""

WHOLE, NEAR = Width(80, 0.6), Width(40, 0.4)
"""Blocks of at most so many platforms are decided whole, larger ones so many platforms at once; in the first round."""

LARGER, MORE = 1.5, 2.0
"""How many more platforms, and levels for each of them, a neighbourhood has in the next round."""

JOINED = 0.4
"""A neighbourhood of sites, whatever the block, has this share of the platforms of one within a block."""

FIRST_NODES, WIDER, MOST_NODES = 15, 3, 10**6
"""Nodes of a run in the first round; how much more of nodes and room there is in the next."""

RUN_GAP, NEAR_GAP, RUN_SHARE = 0.02, 0.1, 0.3
"""Gap of a block's run and of a neighbourhood's, relative to the gap asked for; share of the time left for a run."""

SMALL = 3000
"""With fewer options and levels the search is in one piece from the start."""


@dataclass(frozen=True)
class ModularAnswer:
    """What a search left.

    Attributes
    ----------
    plan, value
        The best plan and what it costs; None and infinity without one.
    bound
        What no plan can be below; infinite when there is none.
    row
        Price of each row, at which the bound was proven: what one more unit of its side is worth at most, nearly.
    stop
        Why it ended.
    cut
        Whether time or an interruption cut a run: another search may find another plan.
    seconds
        Time used.
    """

    plan: ModularPlan | None
    value: float
    bound: float
    row: Floats
    stop: Stop
    cut: bool
    seconds: float

    @property
    def gap(self) -> float:
        """Relative distance between value and bound; infinite without a plan."""
        return float("inf") if self.plan is None else relative_gap(self.value, self.bound, 0.0)


def minimise_modular(problem: Modular, options: SolveOptions, start: ModularPlan | None = None) -> ModularAnswer:
    """Search a modular location problem for its best plan until the gap or a limit is reached.

    Parameters
    ----------
    problem
        The problem; its costs and those of unmet demand are finite.
    options
        Gap, time, nodes, seed, workers, cancellation.
    start
        A plan known, such as today's.
    """
    began = time.monotonic()
    with Interruption(options.cancel) as cancelled:
        search = _Search(problem, options, limits_of(options, began, cancelled))
        if start is not None:
            search.take(start)
        stop = search.run()
    bound, seconds = min(search.bound, search.value), time.monotonic() - began
    return ModularAnswer(search.best, search.value, bound, search.prices.row, stop, search.cut, seconds)


@dataclass(frozen=True)
class _Found:
    """What came of a block alone: a plan that is right for it only, and its bound."""

    plan: ModularPlan
    block: int
    bound: float


class _Search:
    """The best plan and bound, the prices, and what is known of each block at those prices."""

    def __init__(self, problem: Modular, options: SolveOptions, limits: Limits) -> None:
        self.problem, self.options, self.limits = problem, options, limits
        self.best: ModularPlan | None = None
        self.value, self.cut = np.inf, False
        self.nodes, self.turn = FIRST_NODES, 0
        self.whole = np.bincount(problem.block[0]).max(initial=0) <= WHOLE.platforms
        self.width = WHOLE if self.whole else NEAR
        self.take(ModularPlan(problem.first, np.zeros(len(problem.price))))
        knapsacks = Knapsacks(problem)
        self.blocks = knapsacks.blocks
        self.prices = ascend(knapsacks, STEPS, stop=self._over)
        self.root = self.bound = self.prices.total(problem)
        self.room = np.full(self.blocks, FIRST_ROOM * max(1.0, abs(self.root)))
        self.floor = self.prices.bound.copy()
        self.apart = ModularPlan(problem.first + self.prices.value.argmin(axis=1), np.zeros(len(problem.price)))
        solve = self._limited if self.whole else partial(self._limited, gap=NEAR_GAP)
        penalty = first_penalty(problem, self.prices)
        self.repair = Repair(problem, self.prices, penalty, solve, self._over, options.workers)
        self.free = np.zeros(len(self.prices.row))

    @cached_property
    def each(self) -> Sites:
        """Every platform as a site of its own."""
        return Sites(self.problem, self.prices, np.arange(self.problem.platforms))

    @cached_property
    def joined(self) -> Sites:
        """Platforms that a local row joins as one site."""
        return Sites(self.problem, self.prices, joined(self.problem))

    def run(self) -> Stop:
        """Search; return why it ended."""
        small = len(self.problem.cost) + len(self.problem.price) <= SMALL
        plan = self.apart
        while not self._over() and not self._proven():
            if small or self.width.platforms >= self.problem.platforms:
                return self._in_one_piece()
            if not self.whole:
                plan = self._mend(plan)
            if not self._over() and not self._proven():
                self._bounds()
            if self.whole and not self._over() and not self._proven():
                self._chains()
            platforms, levels = self.width
            self.width = Width(int(LARGER * platforms) + 1, MORE * levels)
        return self._reason()

    def _chains(self) -> None:
        """Mend the blocks' plans side by side and the best plan block by block, and sweep over sites."""
        starts = [self.apart] if self.best is None else [self.apart, self.best]
        jobs = [partial(self.repair.chain, plan, self.width.levels, first) for first, plan in enumerate(starts)]
        for plan in chain.from_iterable(at_once(jobs, self.options.workers)):
            self.take(plan)
        if self.best is not None:
            self.take(self.repair.sweep(self.best, self.joined, self.free, self._across(), self.turn))
        self.turn += 1

    def _across(self) -> Width:
        """Return the width of a neighbourhood of sites."""
        return self.width._replace(platforms=int(JOINED * self.width.platforms))

    def _mend(self, plan: ModularPlan) -> ModularPlan:
        """Sweep within blocks (the first time rows have their prices), then by sites; return what to go on with."""
        sweeps = [(self.each, self.width, self.free), (self.joined, self._across(), self.free)]
        if self.turn == 0:  # the blocks apart have no shares yet
            sweeps.insert(0, (self.each, self.width, self.prices.row))
        for sites, width, price in sweeps:
            plan = self.repair.sweep(plan, sites, price, width, self.turn)
            self.take(plan)
            self.repair, self.turn = self.repair.harder(plan), self.turn + 1
        known = [plan] if self.best is None else [plan, self.best]
        return min(known, key=lambda one: self.repair.merit(one, self.free))

    def take(self, plan: ModularPlan) -> None:
        """Keep a plan that breaks nothing and is better."""
        value = plan.value(self.problem)
        if value < self.value and not plan.broken(self.problem):
            self.best, self.value = plan, value

    def _bounds(self) -> None:
        """Solve every block that is open alone; the first time a plan may be made beside, from the levels at prices."""
        near = RUN_GAP * self.options.gap * max(1.0, abs(self.root))
        opened = [block for block in range(self.blocks) if self._worth(block) - self.floor[block] > near]
        jobs: list[Callable[[], _Found | list[ModularPlan]]] = [partial(self._block, block) for block in opened]
        if self.whole and self.nodes == FIRST_NODES:
            jobs.insert(0, partial(self.repair.chain, self.apart, self.width.levels, 0))
        for found in at_once(jobs, self.options.workers):
            if isinstance(found, list):
                for plan in found:
                    self.take(plan)
                continue
            mine, plan = self._only(found.block)[self.problem.block[0]], found.plan
            share = np.where(mine[self.problem.at], plan.share, self.apart.share)
            self.apart = ModularPlan(np.where(mine, plan.level, self.apart.level), share)
            self.floor[found.block] = max(self.floor[found.block], found.bound)
        self.bound = max(self.bound, float(self.floor.sum() - self.prices.row @ self.problem.sides))
        self.take(self.apart)
        self.nodes = min(WIDER * self.nodes, MOST_NODES)

    def _block(self, block: int) -> _Found:
        """Solve a block with the rows at their prices, in a wider room while one is exhausted."""
        bound, plan, only = self.floor[block], self.apart, self._only(block)
        while True:
            reach = self.prices.bound[block] + self.room[block]
            part = restrict(self.problem, self.prices, self.prices.reduced(self.problem) <= self.room[block], only)
            run = self._limited(part, part.point(self.problem, plan))
            if run.x is not None:
                plan = part.plan(self.problem, run.x, plan)
            proven = reach if run.ended is Ended.INFEASIBLE else -np.inf if run.bound is None else run.bound
            bound = max(bound, min(reach, proven))
            if proven < reach or self._over():
                return _Found(plan, block, bound)
            self.room[block] *= WIDER

    def _in_one_piece(self) -> Stop:
        """Solve all blocks at once with every level that a better plan can use."""
        keep = self.prices.reduced(self.problem) <= max(self.value - self.root, 0.0)
        sides = self.problem.sides
        rest = Rest(sides, np.full(len(sides), np.inf), np.zeros(len(sides)))
        part = restrict(self.problem, self.prices, keep, np.ones(self.blocks, dtype=bool), rest)
        known = None if self.best is None else part.point(self.problem, self.best)
        run = minimise(part.part, part.costs, (), self.limits, known)
        if run.x is not None:
            self.take(part.plan(self.problem, run.x, self.apart))
        if run.ended is Ended.INFEASIBLE:
            self.bound = self.value
        elif run.bound is not None:
            self.bound = max(self.bound, min(run.bound, self.value))
        self.cut |= run.ended in (Ended.LIMIT, Ended.INTERRUPT)
        return Stop.FAULT if run.ended is Ended.FAULT else self._reason()

    def _limited(self, part: Restricted, known: Floats | None, gap: float = RUN_GAP) -> Run:
        """Solve within the nodes of the round and a share of the time left."""
        left = self.limits.seconds_left()
        limits = replace(
            self.limits,
            gap=gap * self.options.gap,
            nodes=self.nodes if self.limits.nodes is None else min(self.nodes, self.limits.nodes),
            deadline=None if left is None else time.monotonic() + RUN_SHARE * left,
        )
        run = minimise(part.part, part.costs, (), limits, known)
        self.cut |= run.ended in (Ended.LIMIT, Ended.INTERRUPT)
        return run

    def _worth(self, block: int) -> float:
        """Return what a block costs at the prices in the plan of the blocks apart."""
        problem, only = self.problem, self._only(block)
        costs, fees = problem.priced(self.prices.row)
        mine, streams = only[problem.block[0]], only[problem.block[1]]
        serving = float((fees * self.apart.share)[mine[problem.at]].sum())
        unmet = float((problem.unmet * self.apart.unmet(problem))[streams].sum())
        return float(costs[self.apart.level[mine]].sum()) + serving + unmet

    def _only(self, block: int) -> Flags:
        only: Flags = np.arange(self.blocks) == block
        return only

    def _over(self) -> bool:
        return self.limits.over()

    def _proven(self) -> bool:
        return self.best is not None and self.value - self.bound <= self.options.gap * max(1.0, abs(self.value))

    def _reason(self) -> Stop:
        if self._proven() or self.bound == np.inf:
            return Stop.GAP
        if self.limits.cancelled.is_set():
            return Stop.INTERRUPT
        return Stop.TIME if self._over() else Stop.NODES
