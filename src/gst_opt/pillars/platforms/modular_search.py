"""Search of a modular location problem: blocks at prices for the bound, blocks side by side for the plan.

A round solves every block alone, the rows at their prices and levels dearer than a room left out: what a block proves
holds up to that room, and the bound of all is the sum of the blocks' less the sides paid. The blocks' plans side by
side may break a row, and are mended (`modular_repair`). Rooms and trees grow from round to round; where that brings no
more, what no better plan can use is left out and the rest solved in one piece.

Source: reduced-cost fixing (Dantzig, Fulkerson and Johnson, 1954); Lagrangean decomposition with blocks solved in whole
numbers (Geoffrion, 1974).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gst_opt.model.linear import Floats
from gst_opt.pillars.platforms.modular import Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Flags, Rest, Restricted, restrict
from gst_opt.pillars.platforms.modular_prices import Knapsacks, ascend
from gst_opt.pillars.platforms.modular_repair import Repair, at_once
from gst_opt.solve.belief import Ended
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import Stop, relative_gap

STEPS = 600
"""Steps of the prices before the first round."""

FIRST_ROOM = 1e-3
"""First room of a block, relative to the bound."""

FREE_LEVELS = 0.6
"""Levels for each platform, beyond one, of a block that is solved again in the first round."""

FIRST_NODES, WIDER, MOST_NODES = 15, 3, 10**6
"""Nodes of a run in the first round; how much more of nodes, room and levels there is in the next."""

RUN_GAP, RUN_SHARE = 0.02, 0.3
"""Gap of a run, relative to the gap asked for; share of the time left that it may take."""

SMALL = 3000
"""With fewer options and levels the search is in one piece from the start."""

WORTHWHILE = 0.1
"""A round that closes less than this share of the gap is followed by the search in one piece."""


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
    """Plans that came of a job; where it was a block alone, the last is right for it only, and its bound."""

    plans: Sequence[ModularPlan]
    block: int | None = None
    bound: float = -np.inf


def _mended(repair: Repair, start: ModularPlan, order: Sequence[int]) -> _Found:
    return _Found(repair.chain(start, order))


class _Search:
    """The best plan and bound, the prices, and what is known of each block at those prices."""

    def __init__(self, problem: Modular, options: SolveOptions, limits: Limits) -> None:
        self.problem, self.options, self.limits = problem, options, limits
        self.best: ModularPlan | None = None
        self.value, self.cut, self.nodes, self.levels = np.inf, False, FIRST_NODES, FREE_LEVELS
        self.take(ModularPlan(problem.first, np.zeros(len(problem.price))))
        knapsacks = Knapsacks(problem)
        self.blocks = knapsacks.blocks
        self.prices = ascend(knapsacks, STEPS, stop=self._over)
        self.root = self.bound = self.prices.total(problem)
        self.room = np.full(self.blocks, FIRST_ROOM * max(1.0, abs(self.root)))
        self.floor = self.prices.bound.copy()
        self.apart = ModularPlan(problem.first + self.prices.value.argmin(axis=1), np.zeros(len(problem.price)))

    def run(self) -> Stop:
        """Search; return why it ended."""
        if not self._over() and not self._proven() and len(self.problem.cost) + len(self.problem.price) <= SMALL:
            return self._in_one_piece()
        while not self._over() and not self._proven():
            left = self.value - self.bound
            self._bounds()
            if not self._over() and not self._proven():
                self._repair()
            if not left - (self.value - self.bound) >= WORTHWHILE * left:
                return self._in_one_piece()
            self.nodes, self.levels = min(WIDER * self.nodes, MOST_NODES), WIDER * self.levels
        return self._reason()

    def take(self, plan: ModularPlan) -> None:
        """Keep a plan that breaks nothing and is better."""
        value = plan.value(self.problem)
        if value < self.value and not plan.broken(self.problem):
            self.best, self.value = plan, value

    def _bounds(self) -> None:
        """Solve every block that is open alone; the first time a plan is made beside, from the levels at the prices."""
        near = RUN_GAP * self.options.gap * max(1.0, abs(self.root))
        opened = [block for block in range(self.blocks) if self._worth(block) - self.floor[block] > near]
        jobs = [] if self.nodes > FIRST_NODES else self._chains([self.apart])
        jobs += [partial(self._block, block) for block in opened]
        for found in at_once(jobs, self.options.workers):
            for plan in found.plans:
                self.take(plan)
            if found.block is not None:
                mine, plan = self._only(found.block)[self.problem.block[0]], found.plans[-1]
                share = np.where(mine[self.problem.at], plan.share, self.apart.share)
                self.apart = ModularPlan(np.where(mine, plan.level, self.apart.level), share)
                self.floor[found.block] = max(self.floor[found.block], found.bound)
        self.bound = max(self.bound, float(self.floor.sum() - self.prices.row @ self.problem.sides))
        self.take(self.apart)

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
                return _Found((plan,), block, bound)
            self.room[block] *= WIDER

    def _repair(self) -> None:
        """Mend the blocks' plans side by side, and look around the best plan."""
        starts = [self.apart] if self.best is None else [self.apart, self.best]
        for found in at_once(self._chains(starts), self.options.workers):
            for plan in found.plans:
                self.take(plan)

    def _chains(self, starts: Sequence[ModularPlan]) -> list[Callable[[], _Found]]:
        """Return what mends some plans, each from another first block."""
        repair = Repair(self.problem, self.prices, self.levels, self._limited, self._over)
        order = repair.order()
        return [
            partial(_mended, repair, start, order[first % self.blocks :] + order[: first % self.blocks])
            for first, start in enumerate(starts)
        ]

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

    def _limited(self, part: Restricted, known: Floats | None) -> Run:
        """Solve within the nodes of the round and a share of the time left."""
        left = self.limits.seconds_left()
        limits = replace(
            self.limits,
            gap=RUN_GAP * self.options.gap,
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
