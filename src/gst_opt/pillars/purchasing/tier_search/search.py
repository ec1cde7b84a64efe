"""A tree over the tiers of suppliers: Lagrangean bounds, tiers ruled out by their prices, plans by local search.

A node allows each supplier some states (its tiers, or none). Its bound is that of the hull relaxation within them, up
to a few subgradient steps; a state whose cost at the best prices is above the best plan's is ruled out. A plan is the
linear problem of `fixed` under the states that look best, and the changes of one state or two whose own bound is below
the best plan.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gst_opt.model.linear import Floats, Positions
from gst_opt.pillars.purchasing.tier_search.fixed import Buying, FixedTiers
from gst_opt.pillars.purchasing.tier_search.prices import (
    Answer,
    Ascent,
    Market,
    Mask,
    answer,
    ascend,
)
from gst_opt.solve.once import Limits

ROOT_STEPS, AGAIN_STEP = 1500, 0.25
"""Subgradient steps at the root, and the length of the first once a good plan is known."""

NODE_STEPS, NODE_STEP, LONGEST_STEP = 30, 0.05, 0.5
"""Subgradient steps at a node, and the length of its first: at the root, whose prices are near its own, and at most.

Steps are in parts of what is left to prove, so they are longer where less is left."""

TRIES = 20
"""Changes of two states that are tried of one plan before it is left, the most promising first."""

EXACT = 1e-9
"""A smaller gap, relative, is rounding."""


@dataclass(order=True)
class _Node:
    bound: float
    number: int
    states: Mask = field(compare=False)
    ascent: Ascent = field(compare=False)


@dataclass(frozen=True)
class Found:
    """What a search leaves: the best quantities (suppliers by offers), the bound proven, the size of its problems.

    `cut_by_nodes` says whether the limit of nodes ended it.
    """

    bought: Floats
    bound: float
    rows: int
    columns: int
    cut_by_nodes: bool


Watch = Callable[[float, float], None]


def search(market: Market, limits: Limits, watch: Watch) -> Found | None:
    """Search until the gap asked for is proven or a limit is reached; None where no first plan is found.

    Parameters
    ----------
    market
        The problem.
    limits
        Gap, time, nodes, interruption.
    watch
        Called with the best cost and the bound, at each node.
    """
    with FixedTiers(market, limits.cancelled) as fixed:
        tree = _Tree(market, limits, watch, fixed)
        return tree.searched() if tree.begun() else None


class _Tree:
    """The search of one market."""

    def __init__(self, market: Market, limits: Limits, watch: Watch, fixed: FixedTiers) -> None:
        self.market, self.limits, self.watch, self.fixed = market, limits, watch, fixed
        self.best = Buying(np.inf, -np.inf)
        self.tiers: Positions = np.where(market.states[:, :-1].any(axis=1), 0, market.start.shape[1])
        self.tried: set[bytes] = set()
        self.left, self.root = np.inf, -np.inf
        self.numbers = 0

    def begun(self) -> bool:
        """Try every supplier at its first tier; say whether the demand is met."""
        self._try(self.tiers)
        return self.best.bought is not None

    def searched(self) -> Found:
        """Search the tree, the node of the least bound first."""
        states = self.market.states
        assert self.best.pi is not None
        root = ascend(self.market, states, self.best.pi, self.best.cost, ROOT_STEPS)
        self.root = root.answer.bound
        self._improve(np.where(root.share.any(axis=1), root.share.argmax(axis=1), self.tiers), root.answer)
        root = ascend(self.market, states, root.pi, self.best.cost, ROOT_STEPS, AGAIN_STEP)
        self.root = root.answer.bound
        heap = [_Node(root.answer.bound, 0, states, root)]
        most = np.inf if self.limits.nodes is None else self.limits.nodes
        nodes = 0
        while heap and heap[0].bound < self._enough() and nodes < most and not self._over():
            self.watch(self.best.cost, min(heap[0].bound, self.left))
            nodes += 1
            for child in self._children(heapq.heappop(heap)):
                heapq.heappush(heap, child)
        bound = min(heap[0].bound if heap else np.inf, self.left, self.best.cost)
        self.watch(self.best.cost, bound)
        assert self.best.bought is not None
        return Found(self.best.bought, bound, *self.fixed.lp.shape, cut_by_nodes=nodes >= most)

    def _over(self) -> bool:
        """Say whether time or patience are over."""
        return self.limits.over()

    def _enough(self) -> float:
        """Return the bound from which on the gap asked for is proven."""
        return self.best.cost - max(self.limits.gap, EXACT) * max(abs(self.best.cost), 1.0)

    def _children(self, node: _Node) -> list[_Node]:
        """Split the states of the supplier that is least decided: not to sell, or the one chosen most, and the others.

        Least decided is where the states that were chosen less often, and the cost of the second best, are high.
        """
        free = node.states.sum(axis=1) > 1
        if not free.any():
            self._close(node)
            return []
        share = np.where(node.states, node.ascent.share, 0.0)
        values = np.where(node.states, node.ascent.answer.values, np.inf)
        lowest = np.partition(values, 1, axis=1)[free, :2]
        open_share = share[free].sum(axis=1) - share[free].max(axis=1)
        place = int((open_share * (lowest[:, 1] - lowest[:, 0])).argmax())
        supplier = int(np.flatnonzero(free)[place])
        first = np.zeros(node.states.shape[1], dtype=bool)
        first[-1 if node.states[supplier, -1] else share[supplier].argmax()] = True
        children = []
        for kept in (node.states[supplier] & first, node.states[supplier] & ~first):
            states = node.states.copy()
            states[supplier] = kept
            child = self._bounded(node, states)
            if child is not None:
                children.append(child)
        return children

    def _bounded(self, parent: _Node, states: Mask) -> _Node | None:
        """Return a node with its bound and the states that prices leave it; None where it holds no better plan."""
        left = max(self.best.cost - parent.bound, EXACT * abs(self.best.cost))
        step = min(NODE_STEP * (self.best.cost - self.root) / left, LONGEST_STEP)
        ascent = ascend(self.market, states, parent.ascent.pi, self.best.cost, NODE_STEPS, step)
        self._improve_from(ascent.answer)
        bound = max(ascent.answer.bound, parent.bound)
        if bound >= self._enough():
            self.left = min(self.left, bound)
            return None
        values = ascent.answer.values
        dearer = ascent.answer.bound + values - values.min(axis=1, keepdims=True)
        kept = states & (dearer < self.best.cost)
        self.numbers += 1
        return _Node(bound, self.numbers, kept, ascent)

    def _close(self, node: _Node) -> None:
        """Solve a node whose tiers are all decided."""
        tiers = node.states.argmax(axis=1)
        bought = self.fixed.buy(tiers, self.limits.seconds_left())
        self._keep(tiers, bought)
        self.left = min(self.left, max(bought.bound, node.bound))

    def _improve_from(self, found: Answer) -> None:
        """Improve on the states that suppliers prefer, where their bound allows a better plan."""
        if found.bound < self.best.cost and self._try(found.best):
            self._improve(self.tiers, found)

    def _improve(self, tiers: Positions, found: Answer) -> None:
        """Change one state, or two, while that makes a better plan; bounds say which changes may."""
        self._try(tiers)
        better = True
        while better and self.root < self._enough() and not self._over():
            assert self.best.pi is not None
            own = answer(self.market, self.market.states, self.best.pi)
            changes = _Changes(self.tiers, (own, found), self.best.cost)
            better = any(self._try(other) for other in changes.of_one()) or any(
                self._try(other) for other in changes.of_two(TRIES)
            )

    def _try(self, tiers: Positions) -> bool:
        """Buy under some tiers, unless that was done before; say whether it is the best plan."""
        key = tiers.astype(np.int16).tobytes()
        if key in self.tried or self._over():
            return False
        self.tried.add(key)
        return self._keep(tiers, self.fixed.buy(tiers, self.limits.seconds_left()))

    def _keep(self, tiers: Positions, bought: Buying) -> bool:
        better = bought.cost < self.best.cost
        if better:
            self.best, self.tiers = bought, tiers
        return better


class _Changes:
    """The tiers with one state or two changed whose bound is below a cost, the lowest first."""

    def __init__(self, tiers: Positions, answers: Sequence[Answer], cost: float) -> None:
        self.tiers, self.cost = tiers, cost
        everybody = np.arange(len(tiers))
        self.more, self.base = [], []
        for one in answers:
            own = one.values[everybody, tiers]
            if np.isfinite(own).all():
                self.more.append((one.values - own[:, None]).ravel())
                self.base.append(one.bound + float((own - one.values.min(axis=1)).sum()))
        self.states = answers[0].values.shape[1]
        self.supplier = np.repeat(everybody, self.states)

    def of_one(self) -> Iterator[Positions]:
        """Yield those with one change."""
        bounds = np.max([base + more for base, more in zip(self.base, self.more, strict=True)], axis=0)
        for change in np.argsort(bounds, kind="stable").tolist():
            if bounds[change] >= self.cost:
                return
            yield self._changed(change)

    def of_two(self, most: int) -> Iterator[Positions]:
        """Yield at most so many of those with two."""
        bounds = np.max(
            [base + more[:, None] + more for base, more in zip(self.base, self.more, strict=True)],
            axis=0,
        )
        first, second = np.nonzero((self.supplier[:, None] < self.supplier) & (bounds < self.cost))
        for place in np.argsort(bounds[first, second], kind="stable")[:most].tolist():
            yield self._changed(int(first[place]), int(second[place]))

    def _changed(self, *changes: int) -> Positions:
        tiers = self.tiers.copy()
        for change in changes:
            tiers[self.supplier[change]] = change % self.states
        return tiers
