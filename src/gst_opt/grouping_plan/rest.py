"""What parts that are planned later cost, as acts and money are left to them: cuts of their relaxation around a point.

::

    rest >= V_k + g_k (y - x)

for the columns y of the parts that are planned now, around a point x: V_k and g_k are the value of the relaxation, its
switches as tight as the acts of x allow, and what the columns take of its rows at their duals, when some more or less
money is left, told at the money that is. They guide a search near x and prove nothing. A price alone does not tell what
money is worth: what the tender pays for the next dirham jumps a hundredfold where it begins to be short.

Source: Benders (1962), Partitioning procedures for solving mixed-variables programming problems.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from gst_opt.grouping_plan.arrays import Tied, held
from gst_opt.grouping_plan.relaxation import tightened, warm
from gst_opt.model.linear import Floats
from gst_opt.solve.components import Part
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.lp_answer import LpStatus
from gst_opt.solve.once import Limits
from gst_opt.solve.standard import middle

RESERVE = 0.012
"""What whole awards and hubs take more than the relaxation, as a share of the money that it spends on them."""

WIDER, NEARER = 8, 2
"""Times that the money left is shifted, each time twice as far, until it is worth more on one side, and less on the
other, than its price; and times that the two are brought nearer."""

DEAR = 10.0
"""How many times dearer money beyond the budget is than in the relaxation, and than what is paid with it at least."""

CAREFUL, GENTLE = 1.03, 1.25
"""How many times dearer than in the relaxation money is before its worth is told by cuts; and how many times at most,
where it is to keep near its price there."""

SAME = 1e-9
"""Cuts whose price and value differ by a smaller part are one."""


@dataclass(frozen=True)
class _Cut:
    """What the rest costs at least: at the point, by what is spent beyond it, by column.

    Attributes
    ----------
    value
        At the point.
    price
        By unit of money spent more; it is in `slope` too.
    slope
        By unit of each column of the parts that are planned now.
    """

    value: float
    price: float
    slope: Floats

    def at(self, shift: float) -> float:
        """Return what the rest costs at least when more money is left."""
        return self.value - self.price * shift

    def at_price(self, price: float, shift: float, spends: Floats) -> "_Cut":
        """Return a cut with another price of money, and the same value when so much more money is left."""
        more = price - self.price
        return _Cut(self.value + more * shift, price, self.slope + more * spends)


@dataclass(frozen=True)
class Valued:
    """Some parts with what the rest costs: by one cut in their costs, and above it in one column more, the last.

    Attributes
    ----------
    part, costs, x
        The parts with that column, their costs, and the point.
    value
        What the point costs, the rest at its relaxation; infinite where that was not solved.
    """

    part: Part
    costs: Floats
    x: Floats
    value: float


class Rest:
    """What is not planned now; what is spent beyond the budget is dear, so that there is always a plan of it.

    Parameters
    ----------
    tied
        The model.
    names
        Parts that are planned now.
    prices, spent
        Prices of the rows in the relaxation of the whole, and its point.
    limits
        Limits of the linear problems.
    """

    def __init__(self, tied: Tied, names: Collection[str], prices: Floats, spent: Floats, limits: Limits) -> None:
        self.tied, self.free, self.limits = tied, tied.owned(names), limits
        self.prices, self.spent = prices, spent
        spends = np.asarray(tied.part.matrix[tied.money].sum(axis=0))
        self.spends, self.price = spends[self.free], float(-prices[tied.money].min(initial=0.0))
        budget = float(tied.part.row_upper[tied.money].sum())
        self.reserve = RESERVE * max(float(spends[~self.free] @ spent[~self.free]), 0.0)
        self.step = self.reserve or RESERVE * budget
        paid = (spends > 0) & (tied.costs > 0)
        usual = float(np.median(tied.costs[paid] / spends[paid])) if paid.any() else 1.0
        self.dear = DEAR * max(self.price, usual)

    def at_prices(self, x: Floats) -> Valued:
        """Value the rest as the relaxation of the whole does, money a little dearer: whole awards take more of it.

        Columns that are not planned now count only in rows that are not priced.
        """
        tied = self.tied
        cut = _Cut(0.0, self.price, -(tied.part.matrix[tied.priced].T @ self.prices[tied.priced])[self.free])
        return self._valued([cut.at_price(CAREFUL * self.price, 0.0, self.spends)], x)

    def at(self, x: Floats, *, gentle: bool = False) -> Valued | None:
        """Value the rest at a point; None where that has no solution, or the time is over.

        Parameters
        ----------
        x
            A point. Columns that are not planned now count only in rows that are not priced.
        gentle
            Whether money keeps near its price in the relaxation of the whole, unless it is beyond the budget:
            neighbourhoods that are searched first pay a high price where others could save for less.
        """
        found = self.cuts(x)
        if not found:
            return None
        return self._valued(self.gentle(found) if gentle else found, x, self._total(x, found[0]))

    def _valued(self, cuts: list[_Cut], x: Floats, value: float = np.inf) -> Valued:
        """Return the parts that are planned now: what the rest costs by the first cut, and how much more by others."""
        tied, free = self.tied, self.free
        first, *others = cuts
        unit, size = middle(tied.costs[free]), (len(others), np.count_nonzero(free))
        more = np.array([cut.value - first.value for cut in others]) / unit
        slopes = np.array([cut.slope - first.slope for cut in others]).reshape(size) / unit
        part = held(tied.part.dropping_rows(tied.priced), free, x)
        wider = _with_column(part, np.zeros(len(part.rows)), len(tied.costs))
        rows = csr_array(np.column_stack([-slopes, np.ones(len(others))]))
        return Valued(
            part=_with_rows(wider, rows, more - slopes @ x[free]),
            costs=np.append(tied.costs[free] + first.slope, unit),
            x=np.append(x[free], more.max(initial=0.0)),
            value=value,
        )

    def gentle(self, found: list[_Cut]) -> list[_Cut]:
        """Return cuts with money near its price, unless it is beyond the budget."""
        shift, most = self._meet(found), GENTLE * self.price
        if shift is None:
            return found
        return [cut.at_price(most, shift, self.spends) if most < cut.price < self.dear else cut for cut in found]

    def value(self, x: Floats) -> float:
        """Return what a point costs, the rest at its relaxation; infinite where that is not solved."""
        part, costs = self._part(x)
        with warm(part, costs) as lp:
            cut = self._cut(lp, part, 0.0)
        return np.inf if cut is None else self._total(x, cut)

    def _total(self, x: Floats, cut: _Cut) -> float:
        """Return what a point costs, the rest at the value of its cut there."""
        return float(self.tied.costs[self.free] @ x[self.free]) + cut.value

    def cuts(self, x: Floats) -> list[_Cut]:
        """Return the cuts at a point, that of the money left first; none as `at` says.

        More or less money is left, until it is worth its price between two of them, then nearer there; beyond all of it
        money is dear.
        """
        part, costs = self._part(x)
        with warm(part, costs) as lp:
            first = self._cut(lp, part, 0.0)
            if first is None or not len(self.tied.money):
                return [] if first is None else [first]
            found, short = [first], first.price > self.price
            shift = self.step if short else -self.step
            for _ in range(WIDER):
                cut = self._cut(lp, part, shift)
                if cut is None:
                    break
                _take(found, cut)
                if (cut.price > self.price) != short:
                    break
                shift *= 2
            for _ in range(NEARER):
                meet = self._meet(found)
                cut = None if meet is None else self._cut(lp, part, meet)
                if cut is None or not _take(found, cut):
                    break
        left = self._left(x)
        steep = max(found, key=lambda cut: cut.at(-left))
        return [*found, steep.at_price(self.dear, -left, self.spends)]

    def _part(self, x: Floats) -> tuple[Part, Floats]:
        """Return what is not planned now as a problem, with money beyond the budget as one more column, the last."""
        beyond = np.zeros(len(self.tied.part.rows))
        beyond[self.tied.money] = -1.0
        free = np.append(~self.free, True)
        wider = _with_column(self.tied.part, beyond, len(self.tied.costs))
        return tightened(held(wider, free, np.append(x, 0.0))), np.append(self.tied.costs, self.dear)[free]

    def _left(self, x: Floats) -> float:
        """Return what the parts that are planned now leave of the budget."""
        return float(self.tied.part.row_upper[self.tied.money].sum()) - float(self.spends @ x[self.free])

    def _meet(self, found: list[_Cut]) -> float | None:
        """Return how much more money must be left to be worth its price; None where one side is not known."""
        short = min((cut for cut in found if cut.price > self.price), key=lambda cut: cut.price, default=None)
        enough = max((cut for cut in found if cut.price <= self.price), key=lambda cut: cut.price, default=None)
        if short is None or enough is None:
            return None
        return (short.value - enough.value) / (short.price - enough.price)

    def _cut(self, lp: WarmLp, part: Part, shift: float) -> _Cut | None:
        """Return the cut where so much more money is left, but the reserve."""
        tied = self.tied
        money = np.flatnonzero(np.isin(part.rows, tied.money))
        lp.change_sides(money, part.row_lower[money], part.row_upper[money] + shift - self.reserve)
        answer = lp.solve(self.limits.seconds_left(), cancelled=self.limits.cancelled)
        if answer.status is not LpStatus.OPTIMAL or answer.duals is None:
            return None
        duals = np.zeros(tied.part.matrix.shape[0])
        duals[part.rows] = answer.duals
        price = float(-answer.duals[money].sum())
        return _Cut(answer.bound + price * shift, price, -(tied.part.matrix.T @ duals)[self.free])


def _take(found: list[_Cut], cut: _Cut) -> bool:
    """Take a cut unless it is there already; say whether it is new."""
    near = [
        one for one in found if np.isclose(one.price, cut.price, SAME, SAME) and np.isclose(one.value, cut.value, SAME)
    ]
    if not near:
        found.append(cut)
    return not near


def _with_column(part: Part, entries: Floats, column: int) -> Part:
    """Return a part with one column more, the last, which is not below zero."""
    return replace(
        part,
        columns=np.append(part.columns, column),
        matrix=csr_array(hstack([part.matrix, csr_array(entries[:, np.newaxis])])),
        lower=np.append(part.lower, 0.0),
        upper=np.append(part.upper, np.inf),
        integer=np.append(part.integer, False),
        together=None if part.together is None else np.append(part.together, -1),
    )


def _with_rows(part: Part, rows: csr_array, least: Floats) -> Part:
    """Return a part with more rows, which are not below `least`."""
    count = len(least)
    return replace(
        part,
        rows=np.append(part.rows, int(part.rows.max(initial=-1)) + 1 + np.arange(count)),
        matrix=csr_array(vstack([part.matrix, rows])),
        row_lower=np.append(part.row_lower, least),
        row_upper=np.append(part.row_upper, np.full(count, np.inf)),
        redundant=None if part.redundant is None else np.append(part.redundant, np.zeros(count, dtype=bool)),
    )
