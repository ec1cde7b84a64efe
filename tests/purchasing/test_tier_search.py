"""The search over tiers: its bounds, its plans against the MIP, and how it ends."""

import numpy as np
import pytest
from benchmarks.purchasing_classic import BARE, bare
from benchmarks.tenders import FOLDER, Tender, drawn, known, tender
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import gst_opt as gst
from gst_opt.pillars.purchasing.classic.total_quantity import audit, model
from gst_opt.pillars.purchasing.classic.total_quantity.market import market_of
from gst_opt.pillars.purchasing.classic.total_quantity.method import problem_of
from gst_opt.pillars.purchasing.tier_search.fixed import FixedTiers
from gst_opt.pillars.purchasing.tier_search.prices import answer, ascend
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.run import direct

PROVEN = gst.SolveOptions(gap=0.0, workers=1)
missing = pytest.mark.skipif(not FOLDER.is_dir(), reason="no published instances: set GST_OPT_BENCH")


@pytest.mark.parametrize("seed", range(4))
def test_every_state_costs_what_its_knapsack_costs(seed: int) -> None:
    """Each supplier and tier alone at drawn prices, by scipy; then the bound and what is bought in the best states."""
    market = market_of(problem_of(*drawn(12, 3, 2, seed)))
    pi = np.random.default_rng(seed).uniform(0, 15, 12)
    found = answer(market, market.states, pi)
    bought = np.zeros(12)
    for supplier, tier in np.argwhere(np.isfinite(market.start)).tolist():
        costs = market.price[supplier] * market.rate[supplier, tier] - pi[market.item[supplier]]
        bounds = np.column_stack([np.zeros(len(costs)), market.most[supplier]])
        volume = -np.ones((1, len(costs)))
        alone = linprog(costs, A_ub=volume, b_ub=[-market.start[supplier, tier]], bounds=bounds)
        assert found.values[supplier, tier] == pytest.approx(market.cost[supplier, tier] + alone.fun)
        if found.best[supplier] == tier:
            np.add.at(bought, market.item[supplier], alone.x)
    assert found.values[:, -1].tolist() == [0.0] * 3
    assert found.bound == pytest.approx(pi @ market.demand + found.values.min(axis=1).sum())
    assert found.bought == pytest.approx(bought)


@given(st.integers(0, 10_000), st.floats(0.1, 2.0))
@settings(max_examples=8)
def test_no_prices_give_a_bound_above_the_optimum(seed: int, scale: float) -> None:
    given_tender = drawn(6, 3, 2, seed)
    optimum, _ = bare(BARE["hull"](given_tender), 0.0, 10.0)
    market = market_of(problem_of(*given_tender))
    pi = scale * np.random.default_rng(seed).uniform(0, 10, 6)
    assert answer(market, market.states, pi).bound <= optimum * (1 + 1e-9)
    assert ascend(market, market.states, pi, optimum, 100).answer.bound <= optimum * (1 + 1e-9)


@missing
def test_prices_reach_the_relaxation_of_published_tenders() -> None:
    """Within 0.05 % of the relaxation's 40,928.58 and 109,329.12."""
    for name, value in (("tqd_50x10_s1", 40_928.58), ("tqd_100x10_s2", 109_329.12)):
        market = market_of(problem_of(*tender(name)))
        first = ascend(market, market.states, np.zeros(len(market.demand)), known(name)[0], 3000)
        assert 0.9995 * value <= first.answer.bound <= value


def test_purchases_under_given_tiers() -> None:
    """Supplier 0 from 150 units on at 90 %, supplier 1 closed: 585; the other way round item 1 is short."""
    schedules = (
        gst.TierSchedule(thresholds=(0, 150), rates=(1, 0.9)),
        gst.TierSchedule(thresholds=(0,), rates=(1,), fixed=20),
    )
    market = market_of(problem_of([[4.0, 5.0], [3.9, 6.0]], [100, 50], schedules, [[100, 100], [100, 40]]))
    with FixedTiers(market, Interruption()) as fixed:
        for tiers, cost in (((1, 2), 585.0), ((0, 2), 650.0), ((0, 0), 660.0), ((2, 0), np.inf), ((1, 2), 585.0)):
            bought = fixed.buy(np.array(tiers))
            assert (bought.cost, bought.bound) == pytest.approx((cost, cost))


def agrees_with_mip(seeds: range, size: tuple[int, int, int]) -> None:
    for seed in seeds:
        given_tender = drawn(*size, seed)
        found = gst.total_quantity_discount(*given_tender, PROVEN)
        other = direct(model.FORMULATION, problem_of(*given_tender), audit.check, PROVEN)
        assert (found.status, found.stop) == (other.status, gst.Stop.PROOF), seed
        assert found.objective == pytest.approx(other.objective), seed
        assert found.bound == pytest.approx(other.bound, rel=1e-6), seed


def test_search_and_mip_agree() -> None:
    agrees_with_mip(range(5), (10, 4, 3))


@pytest.mark.slow
def test_search_and_mip_agree_on_larger_ones() -> None:
    agrees_with_mip(range(10), (40, 8, 4))


@pytest.mark.parametrize("side", ["segments", "big_m"])
def test_the_bare_sides_of_the_benchmark_solve_the_same_problem(side: str) -> None:
    given_tender = drawn(10, 3, 2, 1)
    expected = gst.total_quantity_discount(*given_tender, PROVEN).objective
    assert bare(BARE[side](given_tender), 0.0, 60.0) == pytest.approx((expected, expected))


def hard() -> Tender:
    return drawn(30, 8, 5, 4)


def test_a_gap_ends_the_search() -> None:
    result = gst.total_quantity_discount(*hard(), gst.SolveOptions(gap=0.05))
    assert (result.status, result.stop, result.provenance.cut_by_time) == (gst.Status.OPTIMAL, gst.Stop.GAP, False)
    assert result.gap <= 0.05


def test_a_limit_of_nodes_keeps_plan_and_bound_and_gives_them_again() -> None:
    first, second = (gst.total_quantity_discount(*hard(), gst.SolveOptions(gap=0.0, nodes=1)) for _ in range(2))
    assert (first.status, first.stop) == (gst.Status.FEASIBLE, gst.Stop.NODES)
    assert (first.plan, first.bound) == (second.plan, second.bound)
    proof = gst.total_quantity_discount(*hard(), PROVEN)
    assert first.bound is not None
    assert proof.objective is not None
    assert first.objective is not None
    assert first.bound <= proof.objective <= first.objective + 1e-6


def test_progress_is_told_and_what_it_raises_ends_the_search() -> None:
    told: list[gst.Progress] = []
    result = gst.total_quantity_discount(*hard(), PROVEN.replace(progress=told.append))
    assert [one.bound for one in told] == sorted(one.bound for one in told if one.bound is not None)
    assert told[-1].incumbent == pytest.approx(result.objective)

    def refuse(progress: gst.Progress) -> None:
        raise ValueError("enough")

    ended = gst.total_quantity_discount(*hard(), PROVEN.replace(progress=refuse))
    assert (ended.stop, ended.provenance.interrupted_by) == (gst.Stop.INTERRUPT, "ValueError: enough")
    assert ended.plan is not None


def test_a_cancellation_and_no_time_at_all() -> None:
    cancel = gst.Cancellation()
    cancel.cancel()
    assert gst.total_quantity_discount(*hard(), PROVEN.replace(cancel=cancel)).stop is gst.Stop.INTERRUPT
    assert gst.total_quantity_discount(*hard(), PROVEN.replace(seconds=0.0)).stop is gst.Stop.TIME


def test_in_process_it_is_the_mip() -> None:
    given_tender = drawn(6, 3, 2, 5)
    inside = gst.total_quantity_discount(*given_tender, PROVEN.replace(in_process=True))
    assert inside.objective == pytest.approx(gst.total_quantity_discount(*given_tender, PROVEN).objective)


@missing
@pytest.mark.slow
def test_the_large_published_tender_is_certified_within_1_percent() -> None:
    """The best plan known costs 539,819.74, with a bound of 536,284.48."""
    upper, lower = known("tqd_500x20_s5", "upper | lower")
    result = gst.total_quantity_discount(*tender("tqd_500x20_s5"), gst.SolveOptions(gap=0.01, seconds=150))
    assert result.status is gst.Status.OPTIMAL
    assert result.objective is not None
    assert result.bound is not None
    assert lower <= result.objective
    assert result.bound <= upper
