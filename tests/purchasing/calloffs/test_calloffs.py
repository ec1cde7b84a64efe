"""Seasons counted by hand, seasons counted by enumeration, and what groups and rules do to the cost."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import vstack

import gst_opt as gst
from gst_opt.core.errors import DataError
from gst_opt.core.stocks import DirectDelivery, Stocks
from gst_opt.pillars.purchasing.calloffs.model import FORMULATION
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan, Reason
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from gst_opt.solve.compiled import compile_model
from tests.purchasing.calloffs.brute import cheapest
from tests.purchasing.calloffs.draw import draw
from tests.purchasing.calloffs.toys import BEST, FEB, JAN, LATEX, MAR, PACKS, gloves, season

ONE = gst.SolveOptions(workers=1, gap=0.0)


def solved(problem: CallOffProblem) -> tuple[float, CallOffPlan]:
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
    return result.stages[0].value + sum(term.constant for term in result.terms), result.require()


@pytest.mark.parametrize("name", BEST)
def test_the_cost_is_the_one_counted_by_hand(name: str) -> None:
    problem, best = BEST[name]
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.stages[0].value == pytest.approx(best)


def compare(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        assert solved(problem)[0] == pytest.approx(cheapest(problem), abs=1e-5), seed


def test_40_small_seasons_cost_what_enumeration_finds() -> None:
    compare(range(40))


@pytest.mark.slow
def test_500_small_seasons_cost_what_enumeration_finds() -> None:
    compare(range(100, 600))


def test_packs_too_small_to_be_counted_are_refused_where_they_stand() -> None:
    """Two million at once are too many to count; goods that last a month come by 900,000, twice."""
    with pytest.raises(DataError) as caught:
        season({LATEX: {"pack": 1.0}}, demand={("gloves", "hp"): (1e6, 1e6)})
    found = [(one.table, one.row, one.column, one.value) for one in caught.value.problems]
    assert found == [("offers", 1, "pack", "1")]
    monthly = season({LATEX: {"pack": 1.0, "shelf_life": 31.0}}, demand={("gloves", "hp"): (9e5, 9e5)})
    assert solved(monthly)[0] == pytest.approx(1_800_030.0)


def test_lines_say_when_to_order_and_when_to_pay() -> None:
    """Forty days before the first of January and of March; paid 45 days after."""
    _, plan = solved(season({LATEX: {"lead_time": 40.0}}, suppliers={"atlas": {"payment_delay": 45.0}}))
    assert [(call.received, call.order_by, call.units, call.due) for call in plan.calls] == [
        (JAN, "2025-11-22", 200.0, FEB),
        (MAR, "2026-01-20", 150.0, None),
    ]
    assert [(one.period, one.mad) for one in plan.payments] == [(JAN, 0.0), (FEB, 200.0), (MAR, 0.0)]


def test_stock_at_the_end_of_a_period_is_what_later_ones_use() -> None:
    assert solved(gloves())[1].stocks().rows == (("latex", JAN, 100.0), ("latex", FEB, 0.0), ("latex", MAR, 0.0))


def test_shortages_have_reasons() -> None:
    elsewhere = Stocks(direct_deliveries=(DirectDelivery(supplier="atlas", facility="cs"),))
    for problem, period, reason in (
        (season(stocks=elsewhere), JAN, Reason.NO_OFFER),
        (season({LATEX: {"lead_time": 90.0}}), JAN, Reason.LEAD_TIME),
        (gloves(awards={LATEX: {"per_period": 120.0}}, max_cover=0.0), MAR, Reason.CAPACITY),
        (gloves(budget=340.0), FEB, Reason.LIMITED),
    ):
        rows = {row.period: row.reason for row in solved(problem)[1].needs}
        assert rows[period] is reason


def test_groups_of_facilities_cost_what_facilities_one_by_one_do() -> None:
    """Two centres that suppliers see alike are one group; a hair's breadth of difference makes them two."""
    offers = {("atlas", "latex"): {"price": 1.0, "pack": 30.0}, ("rif", "latex"): {"price": 1.02, "min_order": 50.0}}
    demand = {("gloves", "hp"): (60.0, 10.0, 35.0), ("gloves", "cs"): (20.0, 45.0, 5.0)}

    def ways(hair: float) -> Stocks:
        costs = {("atlas", "hp"): 5.0, ("rif", "hp"): 2.0, ("atlas", "cs"): 9.0 + hair, ("rif", "cs"): 6.0}
        return Stocks(
            direct_deliveries=tuple(
                DirectDelivery(supplier=one, facility=facility, mad_per_m3=mad)
                for (one, facility), mad in costs.items()
            )
        )

    together, apart = season(offers, demand=demand, stocks=ways(0.0)), season(offers, demand=demand, stocks=ways(1e-5))
    assert len(together.wanted.members) == 1
    assert len(apart.wanted.members) == 2
    assert solved(together)[0] == pytest.approx(solved(apart)[0], abs=1e-4)


def test_unknown_ids_and_double_rows_are_refused_where_they_stand() -> None:
    with pytest.raises(DataError) as caught:
        gloves(cash_limits=(CashLimit(period="2027", mad=1.0), CashLimit(period=JAN, mad=1.0)) * 2)
    found = [(one.table, one.row, one.column, one.value) for one in caught.value.problems]
    assert found == [
        ("cash_limits", 1, "period", "2027"),
        ("cash_limits", 3, "period", "2027"),
        ("cash_limits", 3, "period", "2027"),
        ("cash_limits", 4, "period", JAN),
    ]


def test_one_more_offer_or_more_time_never_costs_more() -> None:
    """An offer without a least quantity, goods that never expire, orders that may be placed earlier."""
    for seed in range(30):
        problem = draw(seed)
        cost = solved(problem)[0]
        free = problem.awards[0].replace(least=0.0)
        fewer = solved(problem.replace(awards=problem.awards[1:], contracts=()))[0]
        more = solved(problem.replace(awards=(free, *problem.awards[1:]), contracts=()))[0]
        assert more <= fewer + 1e-6, seed
        offers = tuple(offer.replace(shelf_life=None) for offer in problem.tenders.offers)
        fresh = solved(problem.replace(tenders=problem.tenders.replace(offers=offers)))[0]
        early = solved(problem.replace(policy=problem.policy.replace(notice=1000.0)))[0]
        assert max(fresh, early) <= cost + 1e-6, seed


def relaxation(problem: CallOffProblem, *without: str) -> float:
    """Return the value of the linear relaxation, without some rows."""
    model = FORMULATION.build(problem, without=without)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    low, high = compiled.row_lower, compiled.row_upper
    sides = [compiled.matrix[np.isfinite(high)], -compiled.matrix[np.isfinite(low)]]
    answer = linprog(
        sum(term.costs for term in compiled.terms.values()),
        A_ub=vstack(sides),
        b_ub=np.concatenate([high[np.isfinite(high)], -low[np.isfinite(low)]]),
        bounds=np.column_stack([compiled.lower, compiled.upper]),
    )
    return float(answer.fun)


def test_the_relaxation_of_joint_orders_is_their_optimum_and_packs_are_rounded_up() -> None:
    """Gloves in two orders, 390; four packs, 137, where shares of packs would cost 115."""
    assert relaxation(gloves()) == pytest.approx(390.0)
    assert relaxation(PACKS, "packs_so_far") == pytest.approx(115.0)
    assert relaxation(PACKS) == pytest.approx(137.0)
