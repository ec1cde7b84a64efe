"""Searches of a grouping's model as arrays: parts in turn, neighbourhood after neighbourhood, ties priced.

Sources: Geoffrion (1974), Lagrangean relaxation for integer programming; Shaw (1998), Using constraint programming and
local search methods to solve vehicle routing problems (large neighbourhoods).
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from gst_opt.grouping_plan.arrays import OWN, Bools, Tied, fixed, held
from gst_opt.grouping_plan.proof import proven
from gst_opt.grouping_plan.relaxation import Relaxation, tightened, warm
from gst_opt.grouping_plan.rest import Rest, Valued
from gst_opt.grouping_plan.tender import by_lots, is_large
from gst_opt.model.linear import Floats, Positions
from gst_opt.solve.components import Part, split
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.standard import holds

RAISED, DEARER = 4, 1.5
"""Times that a part is searched alone with money at a price that rises, and by how much."""

ENOUGH = 0.2
"""Share of the gap asked for that all neighbourhoods may leave: one that gains less than its part is not searched
again, and searches end that near."""

EFFORT, PART_EFFORT, NEAR_EFFORT, TOLD_EFFORT = 30.0, 6.0, 10.0, 3.0
"""Processor seconds of one search at most, where a busy machine does not change what is found: of a tender; of another
part; of a neighbourhood in a part alone; of one in parts together, where the next ones still gain more."""

FIRST_GAP, PART_GAP = 0.1, 2e-3
"""Gaps at which the searches end for a first point of platforms, and of a part."""

SHARE, AROUND, FINAL = 0.6, 0.56, 0.85
"""Shares of the time left that one search may take; that a sweep over all neighbourhoods may take; and the last one."""

AHEAD, QUICK = 0.82, 0.5
"""Shares of the time left for searches of parts together, which leave the rest to those planned after them; and for a
first plan of these."""


class Search:
    """The best point of a model and what no point can be below, constants left out.

    Attributes
    ----------
    best
        The best point that the model allows; None without one.
    bound
        What no point can be below; minus infinity when nothing is proven.
    prices, spent
        What the linear relaxation pays for one unit of each row, and its solution; None while it is not solved.
    gained
        What each neighbourhood gained in the last sweep of parts together; empty before.
    """

    def __init__(self, tied: Tied, limits: Limits, near: Sequence[Bools]) -> None:
        self.tied, self.limits, self.near = tied, limits, near
        self.best: Floats | None = None
        self.bound = -np.inf
        self.prices: Floats | None = None
        self.spent: Floats | None = None
        self.gained: Floats = np.empty(0)

    @cached_property
    def relaxation(self) -> Relaxation:
        """The linear relaxation, made when it is asked for: parts in turn need none."""
        return Relaxation(self.tied.part, self.tied.costs, self.limits)

    @property
    def value(self) -> float:
        """Cost of the best point; infinite without one."""
        return np.inf if self.best is None else self.tied.value(self.best)

    def in_turn(
        self, order: Sequence[str], x: Floats, start: Floats | None = None, *, quick: bool = False
    ) -> Floats | None:
        """Plan parts one after the other, each with what those before it leave, and keep the plan where it is better.

        The plan is returned; None where a part has none.

        Parameters
        ----------
        order
            Names of the parts. Short supplies are the tender's concern, nobody else's.
        x
            Where the parts that are not planned yet stay. What platforms spend there is not counted before they are
            planned: the budget may not be enough for today's.
        start
            Where searches begin, if not at `x`: whole numbers of it that may stay as they are.
        quick
            Whether any good plan will do: a large tender is made lot by lot, and not searched around.
        """
        whole, money = self.tied.part, self.tied.money
        for number, name in enumerate(order):
            free = self.tied.owned([name, OWN])
            paid = self.tied.owned([name, OWN] if name == "awards" else [name])
            later = np.where(self.tied.owned({"location"} & set(order[number + 1 :])), x, 0.0)
            upper = whole.row_upper.copy()
            upper[money] += whole.matrix[money] @ later
            part = held(replace(whole, row_upper=upper), free, x)
            costs = np.where(paid, self.tied.costs, 0.0)[free]
            found = self._planned(name, part, costs, x[free], None if start is None else start[free], quick)
            if found is None:
                return None
            x = _with(x, free, found)
        self.take(x)
        return x

    def first(self, name: str, x: Floats) -> Floats | None:
        """Return a point with any plan of one part, all others staying where they are; None where none is found."""
        free = self.tied.owned([name])
        part, costs = held(self.tied.part.dropping_rows(self.tied.priced), free, x), self.tied.costs[free]
        known = x[free] if holds(part, x[free]) else None
        found = minimise_large(part, costs, (), self._limits(FIRST_GAP), None).x if known is None else known
        return None if found is None else _with(x, free, found)

    def jointly(self, x: Floats, names: Sequence[str], last: Sequence[str]) -> bool:
        """Search parts together around a point and plan others with what they leave; then again, told what that costs.

        So there is a plan of all as soon as may be, where the second one begins. Return whether nobody interrupted it.
        """
        limits, ahead = self.limits, self.limits.for_a_share(AHEAD)
        self.limits = ahead
        x = self.together(names, x)
        self.limits = limits.for_a_share(QUICK)
        first = self.in_turn(last, x, quick=True)
        complete = not limits.cancelled.is_set()
        self.limits = ahead
        better = self.again(names, x)
        self.limits = limits
        self.in_turn(last, better, first)
        return complete

    def together(self, names: Sequence[str], x: Floats) -> Floats:
        """Search parts together around a point, money and acts near their prices; return it, those ties broken."""
        rest = self._rest(names)
        return x if rest is None else self._swept(rest, rest.at_prices(x), x, AROUND)

    def again(self, names: Sequence[str], x: Floats) -> Floats:
        """Search parts together around a point, told by cuts there what acts and money are worth to the rest.

        Money keeps near its price first. The best point by what the rest costs there is returned, the last where the
        time is over.
        """
        rest = self._rest(names)
        if rest is None:
            return x
        found: list[tuple[float, Floats]] = []
        for gentle, share in ((True, AROUND), (False, FINAL)):
            valued = rest.at(x, gentle=gentle)
            if valued is None:
                break
            found.append((valued.value, x))
            x = self._swept(rest, valued, x, share)
        if self.limits.over():
            return x
        found.append((rest.value(x), x))
        return min(found, key=lambda one: one[0])[1]

    def _rest(self, names: Sequence[str]) -> Rest | None:
        """Return what is planned after some parts; None where there is nothing of them, or no prices."""
        if self.prices is None or self.spent is None or not self.tied.owned(names).any():
            return None
        return Rest(self.tied, names, self.prices, self.spent, self.limits)

    def _swept(self, rest: Rest, valued: Valued, x: Floats, share: float) -> Floats:
        """Search neighbourhoods that know what the rest costs, those first that gained most before."""
        near, enough = self._near(np.flatnonzero(rest.free)), self._enough(self.tied.value(rest.spent))
        order = np.argsort(-self.gained, kind="stable") if len(self.gained) else np.arange(len(near))
        wider = [np.append(near[one], True) for one in order]
        limits = self._limits(effort=TOLD_EFFORT, share=share)
        own, gains = self._sweep(valued.part, valued.costs, valued.x, wider, enough, limits)
        self.gained = np.zeros(len(near))
        self.gained[order] = gains
        return _with(x, rest.free, own[:-1])

    def relax(self) -> None:
        """Solve the linear relaxation for prices and a first bound."""
        with self.relaxation as lp:
            lp.solve()
            self.bound, self.prices, self.spent = lp.bound, lp.prices, lp.x

    def prove(self, limits: Limits) -> None:
        """Prove a better bound than that of the relaxation."""
        self.bound = proven(self.tied, self.relaxation, limits)

    def polish(self) -> None:
        """Keep all whole numbers of the best point, and find the best for the rest."""
        x = None if self.best is None else self._filled(self.tied.part, self.tied.costs, self.best)
        if x is not None:
            self.take(x)

    def take(self, x: Floats) -> None:
        """Keep a point that the model allows, where it is the best."""
        if self.tied.value(x) < self.value and self.tied.allows(x):
            self.best = x

    def _planned(
        self, name: str, part: Part, costs: Floats, x: Floats, start: Floats | None, quick: bool
    ) -> Floats | None:
        """Plan a part from a point, which it may not allow: a large tender lot by lot, others with money at a price."""
        if name == "location":
            first = x if holds(part, x) else minimise_large(part, costs, (), self._limits(FIRST_GAP), None).x
            return None if first is None else self._around(part, costs, first)
        start = None if start is None else self._filled(part, costs, start)
        known = _cheaper(costs, start, x if holds(part, x) else self._filled(part, costs, x))
        if self.limits.over():
            return known
        if name == "awards" and is_large(part):
            tight = tightened(part)
            found = by_lots(tight, costs, self.tied.choices, self._limits()) if start is None else start
            if not quick:
                found = minimise_large(tight, costs, (), self._limits(), found).x
            return _cheaper(costs, found, known)
        effort, begin = (EFFORT, start) if name == "awards" else (PART_EFFORT, known)
        found = self._within_money(part, costs, begin, effort) if part.integer.any() else None
        if found is None:
            found = minimise_large(part, costs, (), self._limits(effort=effort), begin).x
        return _cheaper(costs, found, known)

    def _within_money(self, part: Part, costs: Floats, begin: Floats | None, effort: float) -> Floats | None:
        """Search a part with money at a price that rises until the budget holds: as a limit it hides good plans.

        What is continuous in the point is the best for its whole numbers. None where none is found, or where money is
        no limit.
        """
        money, price = self._money(part, costs)
        if price is None:
            return None
        priced, found, best = part.dropping_rows(money), begin, None
        for _ in range(RAISED):
            dearer = costs - part.matrix[money].T @ price
            found = self._apart(priced, dearer, found, effort)
            best = _cheaper(costs, best, None if found is None else self._filled(part, costs, found))
            if found is None or np.all((part.matrix[money] @ found <= part.row_upper[money]) | (price == 0)):
                break
            price = DEARER * price
        return best

    def _money(self, part: Part, costs: Floats) -> tuple[Positions, Floats | None]:
        """Return the rows of money in a part and what its relaxation pays for them; None without any, or unsolved."""
        money = np.flatnonzero(np.isin(part.rows, self.tied.money))
        if not len(money):
            return money, None
        with warm(part, costs) as lp:
            answer = lp.solve(self._limits().seconds_left(), cancelled=self.limits.cancelled)
        return money, None if answer.duals is None else np.minimum(answer.duals[money], 0.0)

    def _apart(self, part: Part, costs: Floats, known: Floats | None, effort: float) -> Floats | None:
        """Search what a part falls into, each piece for its share of the effort; None where one has no point."""
        found = np.empty(len(costs))
        for piece in split(part):
            mine = piece.columns
            limits = self._limits(effort=effort * len(mine) / len(costs))
            run = minimise_large(piece, costs[mine], (), limits, None if known is None else known[mine])
            if run.x is None:
                return None
            found[mine] = run.x
        return found

    def _filled(self, part: Part, costs: Floats, x: Floats) -> Floats | None:
        """Return the best point with the whole numbers of another; None where there is none."""
        return minimise(fixed(part, part.integer, np.rint(x)), costs, (), self._limits(), None).x

    def _around(self, part: Part, costs: Floats, x: Floats) -> Floats:
        """Search one neighbourhood of a point after another, small ones first, those that gain something again.

        Some of the time left is kept for another search.
        """
        near, enough = self._near(part.columns), self._enough(float(costs @ x))
        limits = self._limits(effort=NEAR_EFFORT, share=AROUND)
        while near:
            x, gains = self._sweep(part, costs, x, near, enough, limits)
            near = [free for free, gain in zip(near, gains, strict=True) if gain]
        return x

    def _near(self, columns: Positions) -> list[Bools]:
        """Return the neighbourhoods in some columns, small ones first."""
        return sorted((mine for one in self.near if (mine := one[columns]).any()), key=np.count_nonzero)

    def _enough(self, value: float) -> float:
        """Return what a neighbourhood may leave of a value."""
        return ENOUGH * self.limits.gap * abs(value) / max(len(self.near), 1)

    def _sweep(
        self, part: Part, costs: Floats, x: Floats, near: Sequence[Bools], enough: float, limits: Limits
    ) -> tuple[Floats, Floats]:
        """Search each neighbourhood of a point; return the point, and what each gained, 0 where not enough."""
        gains = np.zeros(len(near))
        for number, free in enumerate(near):
            if limits.over():
                break
            found = _one(part, costs, x, free, enough, limits)
            gain = float(costs @ x - costs @ found)
            gains[number], x = gain if gain > enough else 0.0, found
        return x, gains

    def _limits(self, gap: float = PART_GAP, effort: float = EFFORT, share: float = SHARE) -> Limits:
        """Return limits of a search, or of several that have a share of the time left together."""
        limits, left = replace(self.limits, gap=gap, effort=effort, watch=None), self.limits.seconds_left()
        return limits if left is None else limits.until(time.monotonic() + share * left)


def _one(part: Part, costs: Floats, x: Floats, free: Bools, enough: float, limits: Limits) -> Floats:
    """Search the free columns, all others held; keep what is better."""
    own = costs[free]
    gap = min(enough / max(abs(float(own @ x[free])), 1.0), 0.5)
    run = minimise(held(part, free, x), own, (), replace(limits, gap=gap), x[free])
    if run.x is None or own @ run.x >= own @ x[free]:
        return x
    return _with(x, free, run.x)


def _with(x: Floats, free: Bools, own: Floats) -> Floats:
    """Return a point with other values of some columns."""
    found = x.copy()
    found[free] = own
    return found


def _cheaper(costs: Floats, one: Floats | None, other: Floats | None) -> Floats | None:
    """Return the cheaper of two points, of which either may be none."""
    if one is None or other is None:
        return other if one is None else one
    return one if costs @ one <= costs @ other else other
