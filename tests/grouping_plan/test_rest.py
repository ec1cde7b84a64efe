"""What the tender costs, as platforms and staff leave acts and money to it.

The poor twins have 5,200 MAD, in units of 15.60: 1,040 tubes of gel cost 10,400, or 30 each when missing, so that a
dirham buys what two more would be lost for, and after 5,200 more it buys nothing. Platforms and staff spend nothing.
"""

from dataclasses import replace

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.grouping_plan import rest
from gst_opt.grouping_plan.neighbours import PARTS
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.search import Search
from gst_opt.model.linear import Floats
from gst_opt.solve.once import Limits
from tests.grouping_plan import toys
from tests.grouping_plan.test_search import searched

UNIT, RESERVE = 15.6, 0.012 * 5_200 / 15.6
DEAR = 2 * UNIT


def after(search: Search, limits: Limits | None = None) -> rest.Rest:
    """Return what is planned after platforms and staff."""
    assert search.prices is not None
    assert search.spent is not None
    return rest.Rest(search.tied, PARTS, search.prices, search.spent, limits or Limits(1e-6, None, 1))


def poor() -> tuple[Search, Floats, float]:
    """Return a search of the poor twins, their best point, and what no decision changes."""
    search, today, constant = searched(toys.poor())
    search.relax()
    search.in_turn(["awards"], search.together(PARTS, today))
    assert search.best is not None
    assert search.value + constant == pytest.approx(80_800.0)
    return search, search.best, constant


def test_the_rest_is_valued_with_a_reserve_of_money() -> None:
    """80,800, and two dirhams for each of the 62.40 kept: 124.80."""
    search, x, constant = poor()
    valued = after(search).at(x)
    assert valued is not None
    assert valued.value + constant == pytest.approx(80_800.0 + 124.8)


def test_money_is_worth_two_dirhams_until_all_is_bought() -> None:
    """20,924.80 falling by 31.20 a unit, 10,400 from 337.3 units more on; from none left on 312 a unit."""
    search, x, _ = poor()
    after_them = after(search)
    after_them.price = 0.5
    cuts = after_them.cuts(x)
    none = 31_200 + RESERVE * DEAR - 10 * DEAR * 5_200 / UNIT
    expected = [(0.0, 10_400.0), (DEAR, 20_924.8), (10 * DEAR, none)]
    assert np.array(sorted((cut.price, cut.value) for cut in cuts)) == pytest.approx(np.array(expected), abs=1e-6)
    assert cuts[0].at(10.0) == pytest.approx(20_924.8 - 10 * DEAR)


def test_before_cuts_a_unit_of_money_costs_three_percent_more_than_in_the_relaxation() -> None:
    """The two towns at 4 million: what is spent more, and nothing else of what is priced, is paid by that much."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0))
    search, today, _ = searched(problem)
    search.relax()
    after_them = after(search)
    valued, tied = after_them.at_prices(today), search.tied
    assert after_them.price > 0
    paid = valued.costs[:-1] - tied.costs[after_them.free]
    only = np.asarray(abs(tied.part.matrix[np.setdiff1d(tied.priced, tied.money)]).sum(axis=0))[after_them.free] == 0
    assert np.count_nonzero(after_them.spends[only]) > 10
    assert paid[only] == pytest.approx(1.03 * after_them.price * after_them.spends[only])


def test_the_last_column_is_what_other_cuts_cost_above_the_first() -> None:
    """The poor twins, money at 0.5 a unit: above the cut of the money that is, one where more is left, one of none."""
    search, x, _ = poor()
    after_them = after(search)
    after_them.price = 0.5
    cuts, valued = after_them.cuts(x), after_them.at(x)
    assert valued is not None
    assert len(cuts) == 3
    assert valued.part.lower[-1] == 0.0
    assert valued.x[-1] == 0.0
    above = np.array([(cut.value - cuts[0].value) / valued.costs[-1] for cut in cuts[1:]])
    assert valued.part.row_lower[-2:] - valued.part.matrix[-2:] @ np.append(x[after_them.free], 0) == pytest.approx(
        above
    )


def test_without_time_to_value_it_the_last_point_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two towns: the sweep with cuts gains 970,000, and is not lost when the time is over after it."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0))
    search, today, _ = searched(problem)
    search.relax()
    first = search.first("location", today)
    assert first is not None
    x = search.together(PARTS, first)
    true_at = rest.Rest.at

    def over_then(self: rest.Rest, point: Floats, *, gentle: bool = False) -> rest.Valued | None:
        if not gentle:
            search.limits.cancelled.set("interrupt")
            return None
        return true_at(self, point, gentle=True)

    monkeypatch.setattr(rest.Rest, "at", over_then)
    last = search.again(PARTS, x)
    search.limits = Limits(1e-6, None, 1)
    assert after(search).value(last) < after(search).value(x) - 900_000


def test_a_gentle_price_of_money_keeps_what_is_enough() -> None:
    """Once it is 1.25 times 0.5 a unit at most, being 337.3 units short costs 210.8 instead of 10,524.80."""
    search, x, _ = poor()
    after_them = after(search)
    after_them.price = 0.5
    short = (20_924.8 - 10_400.0) / DEAR
    assert short == pytest.approx(5_200 / UNIT + RESERVE)
    found = sorted((cut.price, cut.value) for cut in after_them.gentle(after_them.cuts(x)))
    expected = [(0.0, 10_400.0), (0.625, 10_400.0 + 0.625 * short)]
    assert np.array(found[:2]) == pytest.approx(np.array(expected), abs=1e-6)
    assert found[2][0] == pytest.approx(10 * DEAR)


def test_a_minimum_order_that_today_s_money_does_not_buy_may_be_bought_with_more() -> None:
    """1,040 tubes at 10 with half off from 13,000 on, 300 at least, 3,000 MAD: with 3,600 more, 5,200 at most."""
    offers = (toys.ATLAS[0].replace(min_order=300.0),)
    search, today, _ = searched(toys.twins(offers, rebate=(13_000.0, 0.5), budget=3_000.0))
    search.relax()
    assert max(cut.at(400.0) for cut in after(search).cuts(today)) <= 5_200.0


@pytest.mark.parametrize("more", [-40.0, -10.0, 5.0, 300.0])
def test_no_cut_is_above_what_the_rest_costs_with_other_money(more: float) -> None:
    """The two towns at 4 million, with more or less left to the tender and support."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0))
    search, today, _ = searched(problem)
    search.relax()
    x = search.together(PARTS, today)
    cuts = after(search).cuts(x)
    upper = search.tied.model.row_upper.copy()
    upper[search.tied.money] += more
    search.tied = replace(search.tied, model=replace(search.tied.model, row_upper=upper))
    true = after(search).cuts(x)[0].value
    assert max(cut.at(more) for cut in cuts) <= true + 1e-6 * abs(true)


def test_without_time_nothing_is_valued() -> None:
    search, x, _ = poor()
    limits = Limits(1e-6, None, 1)
    limits.cancelled.set("interrupt")
    assert after(search, limits).at(x) is None


BUDGETS = [
    ({"awards": None, "support": None}, 1.6e6),
    ({"awards": None, "support": None}, 2e6),
    ({"awards": None}, 3e6),
]


@pytest.mark.parametrize(("off", "budget"), BUDGETS)
def test_platforms_and_staff_leave_what_the_rest_cannot_do_without(off: dict[str, None], budget: float) -> None:
    """At the price alone they spend more than there is, or more than support leaves: no plan was found of these."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy.model_validate({"budget": budget, **off}))
    search, today, constant = searched(problem)
    search.relax()
    first = search.first("location", today)
    assert first is not None
    search.jointly(first, PARTS, [name for name in ("support",) if name in problem.parts])
    assert search.value + constant == pytest.approx(gst.solve(problem, gst.SolveOptions(gap=1e-6)).objective)
