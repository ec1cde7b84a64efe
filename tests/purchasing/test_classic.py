"""Classical purchasing: by hand, by enumeration, and the published instances with their known optima."""

import itertools
import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from benchmarks.tenders import FOLDER, Tender, award_files, awards, bid, drawn, known, lot_sizing, tender
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import gst_opt as gst
from gst_opt.model.formulation import Formulation
from gst_opt.pillars.purchasing.classic import lot_sizing as lots
from gst_opt.pillars.purchasing.classic import single_award as award
from gst_opt.pillars.purchasing.classic.total_quantity import audit, model
from gst_opt.pillars.purchasing.classic.total_quantity.method import problem_of
from gst_opt.pillars.purchasing.classic.total_quantity.records import Purchase, TierReached, TotalQuantityPlan
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.lp import WarmLp
from gst_opt.solve.run import direct

PROVEN = gst.SolveOptions(gap=0.0, workers=1)
missing = pytest.mark.skipif(not FOLDER.is_dir(), reason="no published instances: set GST_OPT_BENCH")


def tiers(*pairs: tuple[float, float], fixed: float = 0.0, incremental: bool = False) -> gst.TierSchedule:
    starts, rates = zip(*pairs, strict=True)
    return gst.TierSchedule(thresholds=starts, rates=rates, fixed=fixed, incremental=incremental)


def is_proven(result: gst.Result[Any], optimum: float, within: float) -> None:
    assert (result.status, result.stop, result.checked) == (gst.Status.OPTIMAL, gst.Stop.PROOF, True)
    assert result.objective == pytest.approx(optimum, abs=within)
    assert result.bound == pytest.approx(optimum, abs=within)


def relaxation(formulation: Formulation[Any, Any], problem: Any) -> float:
    """Return the value of the linear relaxation, proven by its duals."""
    built = formulation.build(problem)
    compiled = compile_model(built, formulation.terms(built, problem))
    costs = sum(term.costs for term in compiled.terms.values())
    sides = compiled.lower, compiled.upper, compiled.matrix, compiled.row_lower, compiled.row_upper
    with WarmLp(costs, *sides) as lp:
        return lp.solve().bound


# Published instances


@missing
@pytest.mark.parametrize("name", ["tqd_50x10_s1", "tqd_100x10_s2"])
def test_published_tenders_are_proven(name: str) -> None:
    (optimum,) = known(name)
    is_proven(gst.total_quantity_discount(*tender(name), PROVEN), optimum, 0.01)


@missing
@pytest.mark.slow
@pytest.mark.parametrize("name", ["tqd_50x10_s1", "tqd_100x10_s2"])
def test_published_tenders_are_proven_by_the_mip(name: str) -> None:
    (optimum,) = known(name)
    is_proven(direct(model.FORMULATION, problem_of(*tender(name)), audit.check, PROVEN), optimum, 0.01)


@missing
@pytest.mark.parametrize(("name", "value"), [("tqd_50x10_s1", 40_928.58), ("tqd_100x10_s2", 109_329.12)])
def test_relaxation_of_published_tenders(name: str, value: float) -> None:
    """1.04 and 0.79 % below the known optima, 41,358.61 and 110,204.14: not more than 1.1 %."""
    assert relaxation(model.FORMULATION, problem_of(*tender(name))) == pytest.approx(value, abs=0.01)
    assert (1 - 0.011) * known(name)[0] <= value


@missing
@pytest.mark.slow
def test_relaxation_of_the_large_published_tender() -> None:
    assert relaxation(model.FORMULATION, problem_of(*tender("tqd_500x20_s5"))) == pytest.approx(531_742, rel=1e-4)


@missing
def test_published_bid_evaluation() -> None:
    """Bracken and McCormick's vendors, with incremental segments, a minimum order and set-up costs."""
    result = gst.total_quantity_discount(*bid(), PROVEN)
    is_proven(result, known("bid", "minimum cost")[0], 0.5)
    assert result.objective == pytest.approx(15_210_109.512, abs=0.001)
    assert {one.supplier: one.quantity for one in result.require().purchases} == pytest.approx(
        {0: 33_000, 2: 165_600, 4: 41_000.48}
    )


@missing
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "unit_use", "optimum"),
    [
        *(("F1", None, 40_854.0), ("F2", None, 39_734.0), ("F3", None, 37_739.0)),
        *(("G1", None, 38_791.0), ("G2", None, 37_685.0), ("G3", None, 46_225.0)),
        *(("G30", None, 37_809.0), ("G30", 1.0, 37_721.0), ("G53", None, 74_634.0)),
    ],
)
def test_published_lot_sizing_is_proven(name: str, unit_use: float | None, optimum: float) -> None:
    """G30 with one unit of capacity for a unit of each item is the instance tr6-15 (G30b)."""
    is_proven(gst.capacitated_lot_sizing(*lot_sizing(name, unit_use), PROVEN), optimum, 0.05)


@missing
def test_relaxation_of_published_lot_sizing() -> None:
    """The bound published for tr12-15 (G53), 73,848, rounded."""
    demand, setup, hold, use, capacity = lot_sizing("G53")
    problem = lots.LotProblem(demand=demand, setup=setup, hold=hold, use=use, capacity=capacity)
    assert relaxation(lots.FORMULATION, problem) == pytest.approx(73_848, abs=0.5)


@missing
@pytest.mark.parametrize("name", award_files())
def test_published_single_awards_are_proven(name: str) -> None:
    (optimum,) = known(f"sscflp_orlib_small_{name}", "optimum")
    is_proven(gst.single_award(*awards(name), PROVEN), optimum, 0.01)


@missing
def test_documented_order_quantities() -> None:
    references = json.loads((FOLDER / "procurement" / "stockpyl_refs.json").read_text(encoding="utf-8"))
    for name, incremental in (("eoq_all_units", False), ("eoq_incremental", True)):
        given = references[name]
        schedule = tiers(*zip(given["breakpoints"], given["costs"], strict=True), incremental=incremental)
        best = gst.eoq_discount(given["lambda"], given["K"], given["i"], schedule)
        assert (best.quantity, best.cost) == pytest.approx(given["optimum"], rel=1e-9)
    given = references["jrp_silver"]
    joint = gst.joint_replenishment(given["K"], given["k"], given["d"], given["h"])
    assert joint.cost == pytest.approx(given["cost"], rel=1e-9)
    assert list(joint.multiples) == given["multiples"]
    given = references["wagner_whitin"]
    room = [sum(given["d"])] * given["T"]
    one = gst.capacitated_lot_sizing([given["d"]], [given["K"]], [given["h"]], [[1, 0]], room, PROVEN)
    is_proven(one, given["optimum"], 1e-3)
    made = {lot.period: lot.quantity for lot in one.require().lots}
    assert [made.get(period, 0.0) for period in range(given["T"])] == pytest.approx(given["orders"])


# Total quantity discounts


def case() -> Tender:
    """Two items, two suppliers: the first has 10 % off from 150 units on, the second is dearer by 1 for item 1."""
    schedules = (tiers((0, 1.0), (150, 0.9)), tiers((0, 1.0), fixed=20.0))
    return Tender(np.array([[4.0, 5.0], [3.9, 6.0]]), np.array([100.0, 50.0]), schedules, np.full((2, 2), 100.0))


def test_a_quantity_exactly_at_a_threshold_gets_that_tier() -> None:
    """All 150 from supplier 0 at 90 %: 0.9 (400 + 250) = 585. One unit less, item 0 at supplier 1: 640 and 20."""
    result = gst.total_quantity_discount(*case(), PROVEN)
    assert result.objective == 585.0
    assert result.bound == pytest.approx(585.0, abs=1e-6)
    assert [table.rows for table in result.require().tables()] == [((0, 0, 100.0), (0, 1, 50.0)), ((0, 1, 150.0),)]
    schedules = (tiers((0, 1.0), (151, 0.9)), tiers((0, 1.0), fixed=20.0))
    missed = gst.total_quantity_discount(*case()._replace(schedules=schedules), PROVEN)
    assert (missed.objective, missed.require().tiers) == (650.0, (TierReached(supplier=0, tier=0, quantity=150.0),))
    assert {term.name: term.planned for term in missed.terms} == {"purchases": 650.0, "contracts": 0.0}


@pytest.mark.parametrize("quantity", [149.0, 150.0, 151.0])
def test_all_units_and_incremental_rates_around_a_threshold(quantity: float) -> None:
    for incremental in (False, True):
        schedule = tiers((0, 2.0), (150, 1.5), fixed=7.0, incremental=incremental)
        result = gst.total_quantity_discount([[1.0]], [quantity], [schedule], [[200.0]], PROVEN)
        below, beyond = min(quantity, 150.0), max(quantity - 150.0, 0.0)
        all_units = 1.5 * quantity if quantity >= 150 else 2.0 * quantity
        expected = 2.0 * below + 1.5 * beyond if incremental else all_units
        assert result.objective == pytest.approx(7.0 + expected, abs=1e-9)
        assert result.require().tiers[0].tier == int(quantity >= 150)


def test_it_pays_to_buy_dearer_to_reach_a_tier() -> None:
    """Item 0 costs 4.4 at supplier 0 and 3.9 elsewhere; with it 150 units are reached: 0.9 (440 + 250) = 621.

    Apart: 390 + 250 + 20 = 660.
    """
    prices = np.array([[4.4, 5.0], [3.9, 6.0]])
    assert gst.total_quantity_discount(*case()._replace(prices=prices), PROVEN).objective == pytest.approx(621.0)


@pytest.mark.parametrize(
    ("rule", "given", "value", "less"),
    [
        ("each_item", case(), 585.0, 0.0),
        ("link", case()._replace(schedules=(tiers((0, 1.0), fixed=50.0), tiers((0, 1.0), fixed=70.0))), 700.0, 640.0),
        ("threshold", case()._replace(prices=np.array([[4.0, 5.0], [3.0, 6.0]])), 570.0, 545.0),
        ("one_tier", case()._replace(schedules=(tiers((0, 1.0), (150, 0.9)),) * 2), 585.0, 585.0),
    ],
)
def test_rules_bind(rule: str, given: Tender, value: float, less: float) -> None:
    """By hand, as proven: a plan read back has the tiers that it reaches. `one_tier` binds in the relaxation only."""
    problem = problem_of(*given)
    assert direct(model.FORMULATION, problem, audit.check, PROVEN).objective == pytest.approx(value)
    kept = tuple(piece for piece in model.FORMULATION.constraints if piece.__name__ != rule)
    result = direct(replace(model.FORMULATION, constraints=kept), problem, audit.check, PROVEN)
    assert result.stages[0].bound == pytest.approx(less)


def by_tiers(given: Tender) -> float | None:
    """Try every tier of every supplier, or none; then what is left is a linear problem (by scipy)."""
    suppliers, items = given.prices.shape
    found = []
    for chosen in itertools.product(*([None, *range(len(schedule.rates))] for schedule in given.schedules)):
        rates, fixed, rows, sides = np.ones(suppliers), 0.0, [], []
        upper = given.capacity.copy()
        for supplier, (tier, schedule) in enumerate(zip(chosen, given.schedules, strict=True)):
            if tier is None:
                upper[supplier] = 0.0
                continue
            rates[supplier] = schedule.rates[tier]
            fixed += schedule.fixed
            if schedule.incremental:
                steps = zip(itertools.pairwise(schedule.rates[: tier + 1]), schedule.thresholds[1:], strict=False)
                fixed += given.prices[supplier].max() * sum((a - b) * start for (a, b), start in steps)
            rows.append(-np.repeat(np.arange(suppliers) == supplier, items).astype(float))
            sides.append(-schedule.thresholds[tier])
        answer = linprog(
            (given.prices * rates[:, None]).ravel(),
            A_ub=np.array(rows) if rows else None,
            b_ub=sides or None,
            A_eq=np.tile(np.eye(items), suppliers),
            b_eq=given.demand,
            bounds=np.column_stack([np.zeros(upper.size), upper.ravel()]),
        )
        if answer.status == 0:
            found.append(fixed + float(answer.fun))
    return min(found, default=None)


def small(seed: int) -> Tender:
    """Draw a small tender; about one in ten cannot be met."""
    rng = np.random.default_rng(seed)
    suppliers, items = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    demand = rng.integers(0, 12, items).astype(float)
    capacity = rng.integers(0, 14, (suppliers, items)).astype(float)
    incremental = rng.random(suppliers) < 0.3
    prices = rng.integers(1, 10, (suppliers, items)).astype(float)
    prices[incremental] = prices[incremental, :1]
    schedules = tuple(
        tiers(
            *zip(
                np.cumsum(rng.integers(1, 8, 3)) - rng.integers(0, 2),
                -np.sort(-rng.integers(5, 11, 3)) / 10,
                strict=True,
            ),
            fixed=float(rng.integers(0, 10)),
            incremental=bool(late),
        )
        for late in incremental
    )
    return Tender(prices, demand, schedules, capacity)


def tenders_agree(seeds: range) -> None:
    for seed in seeds:
        given = small(seed)
        result, expected = gst.total_quantity_discount(*given, PROVEN), by_tiers(given)
        assert result.status is (gst.Status.INFEASIBLE if expected is None else gst.Status.OPTIMAL), seed
        assert result.objective == (None if expected is None else pytest.approx(expected, abs=1e-5)), seed


def test_small_random_tenders_equal_enumeration() -> None:
    tenders_agree(range(15))


@pytest.mark.slow
def test_1000_small_random_tenders_equal_enumeration() -> None:
    tenders_agree(range(15, 1015))


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 9))
@settings(max_examples=15)
def test_another_supplier_or_tier_never_costs_more(seed: int, start: int, rate: int) -> None:
    before = drawn(3, 2, 2, seed)
    cost = gst.total_quantity_discount(*before, PROVEN).objective
    if cost is None:
        return
    first = before.schedules[0]
    longer = first.replace(
        thresholds=(*first.thresholds, first.thresholds[-1] + start), rates=(*first.rates, first.rates[-1] * rate / 10)
    )
    more_tiers = before._replace(schedules=(longer, *before.schedules[1:]))
    another = Tender(
        np.vstack([before.prices, before.prices[:1] + 0.5]),
        before.demand,
        (*before.schedules, first),
        np.vstack([before.capacity, before.capacity[:1]]),
    )
    for given_more in (more_tiers, another):
        less = gst.total_quantity_discount(*given_more, PROVEN).objective
        assert less is not None
        assert less <= cost + 1e-6


def test_demand_beyond_what_is_on_sale_is_explained() -> None:
    result = gst.total_quantity_discount(*case()._replace(demand=np.array([100.0, 250.0])))
    assert (result.status, result.conflict is not None) == (gst.Status.INFEASIBLE, True)
    assert result.conflict is not None
    assert [(one.rule, one.place) for one in result.conflict.relaxations] == [("each_item", "1")]
    nothing = gst.total_quantity_discount(np.zeros((0, 0)), [], [], np.zeros((0, 0)))
    assert nothing.require() == TotalQuantityPlan(purchases=(), tiers=())


def test_a_minimum_order_is_kept() -> None:
    """Supplier 1 is cheaper and sells from 60 units on; 50 are needed."""
    schedules = [tiers((0, 1.0)), tiers((60, 0.5))]
    result = gst.total_quantity_discount([[4.0], [4.0]], [50.0], schedules, [[100.0], [100.0]], PROVEN)
    assert result.objective == 200.0


PLAN = ((0, 0, 100.0), (0, 1, 50.0)), ((0, 1, 150.0),)


@pytest.mark.parametrize(
    ("bought", "reached", "rules"),
    [
        (*PLAN, []),
        (PLAN[0], ((0, 0, 150.0),), ["threshold"]),
        (PLAN[0], ((0, 1, 149.0),), ["threshold"]),
        (PLAN[0], (), ["threshold"]),
        (PLAN[0], (*PLAN[1], (1, 0, 0.0)), ["threshold"]),
        (((0, 0, 100.0), (0, 1, 49.0)), ((0, 0, 149.0),), ["each_item"]),
        (((0, 0, 101.0), (0, 1, 50.0)), ((0, 1, 151.0),), ["each_item", "capacity"]),
        ((*PLAN[0], (0, 1, 0.0)), PLAN[1], ["places"]),
        ((*PLAN[0], (7, 1, 5.0)), PLAN[1], ["places"]),
    ],
)
def test_check_of_a_tender_names_the_rule(
    bought: tuple[tuple[int, int, float], ...], reached: tuple[tuple[int, int, float], ...], rules: list[str]
) -> None:
    """The plan by hand, changed one thing at a time; a tier claimed below its threshold is named."""
    plan = TotalQuantityPlan(
        purchases=tuple(Purchase(supplier=j, item=i, quantity=quantity) for j, i, quantity in bought),
        tiers=tuple(TierReached(supplier=j, tier=k, quantity=quantity) for j, k, quantity in reached),
    )
    assert [one.rule for one in audit.check(problem_of(*case()), plan).violations] == rules


# Lot sizing


def test_lots_by_hand() -> None:
    """One lot of 20 and 10 kept for 1 cost 60; two lots 100. With capacity for 15 both periods need a set-up."""
    one = gst.capacitated_lot_sizing([[10, 10]], [50], [1], [[1, 0]], [20, 20], PROVEN)
    assert (one.objective, one.bound) == (60.0, 60.0)
    assert one.require().tables()[0].rows == ((0, 0, 20.0),)
    assert {term.name: term.planned for term in one.terms} == {"setups": 50.0, "stock": 10.0}
    assert gst.capacitated_lot_sizing([[10, 10]], [50], [1], [[1, 0]], [15, 15], PROVEN).objective == 100.0
    assert gst.capacitated_lot_sizing([[10, 10]], [50], [1], [[1, 1]], [20, 20], PROVEN).objective == 100.0


@pytest.mark.parametrize(
    ("rule", "capacity", "value", "less"),
    [("each_need", (20, 20), 60.0, 0.0), ("link", (20, 20), 60.0, 0.0), ("capacity", (15, 15), 100.0, 60.0)],
)
def test_rules_of_lot_sizing_bind(rule: str, capacity: tuple[float, float], value: float, less: float) -> None:
    problem = lots.LotProblem(demand=((10, 10),), setup=(50,), hold=(1,), use=((1, 0),), capacity=capacity)
    assert direct(lots.FORMULATION, problem, lots.check, PROVEN).objective == value
    kept = tuple(piece for piece in lots.FORMULATION.constraints if piece.__name__ != rule)
    result = direct(replace(lots.FORMULATION, constraints=kept), problem, lots.check, PROVEN)
    assert result.status is gst.Status.REJECTED
    assert result.stages[0].bound == pytest.approx(less)


def by_setups(demand: Any, setup: Any, hold: Any, use: Any, capacity: Any) -> float | None:
    """Try every set of set-ups; then what is made when is a linear problem over quantities and stocks (by scipy)."""
    items, periods = demand.shape
    made_until = np.kron(np.eye(items), np.tri(periods))
    keeping = np.kron(hold, np.arange(periods, 0, -1))
    kept = float((hold[:, None] * np.cumsum(demand, axis=1)).sum())
    found = []
    for chosen in itertools.product((0, 1), repeat=items * periods):
        begun = np.array(chosen).reshape(items, periods)
        answer = linprog(
            keeping,
            A_ub=np.vstack([-made_until, np.kron(use[:, 0], np.eye(periods))]),
            b_ub=np.concatenate([-np.cumsum(demand, axis=1).ravel(), capacity - use[:, 1] @ begun]),
            bounds=np.column_stack([np.zeros(items * periods), 1e3 * begun.ravel()]),
        )
        if answer.status == 0:
            found.append(float(answer.fun) - kept + float(setup @ begun.sum(axis=1)))
    return min(found, default=None)


def lots_agree(seeds: range) -> None:
    for seed in seeds:
        rng = np.random.default_rng(seed)
        items, periods = int(rng.integers(1, 3)), int(rng.integers(1, 4))
        given = (
            rng.integers(0, 9, (items, periods)).astype(float),
            rng.integers(0, 30, items).astype(float),
            rng.integers(0, 5, items).astype(float),
            np.column_stack([rng.integers(1, 4, items), rng.integers(0, 4, items)]).astype(float),
            rng.integers(5, 40, periods).astype(float),
        )
        result, expected = gst.capacitated_lot_sizing(*given, PROVEN), by_setups(*given)
        assert result.status is (gst.Status.INFEASIBLE if expected is None else gst.Status.OPTIMAL), seed
        assert result.objective == (None if expected is None else pytest.approx(expected, abs=1e-5)), seed


def test_small_random_lot_sizing_equals_enumeration() -> None:
    lots_agree(range(10))


@pytest.mark.slow
def test_300_small_random_lot_sizings_equal_enumeration() -> None:
    lots_agree(range(10, 310))


def test_check_of_lots_names_the_rule() -> None:
    problem = lots.LotProblem(demand=((10, 10),), setup=(50,), hold=(1,), use=((1, 1),), capacity=(21, 20))
    for given_lots, rules in (
        (((0, 0, 20.0),), []),
        (((0, 0, 19.0),), ["each_need"]),
        (((0, 1, 20.0),), ["capacity", "each_need"]),
        (((0, 0, 21.0),), ["capacity"]),
        (((0, 0, 20.0), (0, 5, 1.0)), ["places"]),
        (((0, 0, 20.0), (0, 1, 0.0)), ["places"]),
    ):
        plan = lots.LotPlan(lots=tuple(lots.Lot(item=i, period=t, quantity=quantity) for i, t, quantity in given_lots))
        assert [one.rule for one in lots.check(problem, plan).violations] == rules, given_lots


# Single award


def test_awards_by_hand() -> None:
    """Supplier 0 alone costs 10 + 3 + 3, supplier 1 alone 4 + 6 + 6. With room for one lot each: 14 + 3 + 6."""
    cost, fixed, load = [[3, 3], [6, 6]], [10, 4], [5, 5]
    result = gst.single_award(cost, fixed, load, [10, 9], PROVEN)
    assert (result.objective, result.require().winners) == (16.0, (0, 0))
    assert {term.name: term.planned for term in result.terms} == {"prices": 6.0, "contracts": 10.0}
    both = gst.single_award(cost, fixed, load, [9, 9], PROVEN)
    assert (both.objective, sorted(both.require().winners)) == (23.0, [0, 1])
    assert gst.single_award(cost, fixed, load, [4, 9]).status is gst.Status.INFEASIBLE


@pytest.mark.parametrize(
    ("rule", "capacity", "value", "less"),
    [
        *(("each_lot", (9, 9), 23.0, 14.0), ("link", (10, 10), 16.0, 6.0)),
        *(("capacity", (9, 10), 16.0, 16.0), ("total_capacity", (9, 9), 23.0, 23.0)),
    ],
)
def test_rules_of_awards(rule: str, capacity: tuple[float, float], value: float, less: float) -> None:
    """Without `each_lot` contracts only have room for all; where all fit at one supplier its capacity adds nothing."""
    problem = award.AwardProblem(cost=((3, 3), (6, 6)), fixed=(10, 4), load=(5, 5), capacity=capacity)
    assert direct(award.FORMULATION, problem, award.check, PROVEN).objective == value
    kept = tuple(piece for piece in award.FORMULATION.constraints if piece.__name__ != rule)
    result = direct(replace(award.FORMULATION, constraints=kept), problem, award.check, PROVEN)
    assert result.stages[0].bound == pytest.approx(less)


def awards_agree(seeds: range) -> None:
    for seed in seeds:
        rng = np.random.default_rng(seed)
        suppliers, count = int(rng.integers(1, 4)), int(rng.integers(1, 5))
        cost, fixed = rng.integers(-5, 30, (suppliers, count)), rng.integers(0, 40, suppliers)
        load, capacity = rng.integers(0, 9, count), rng.integers(0, 20, suppliers)
        found = []
        for winners in itertools.product(range(suppliers), repeat=count):
            if np.all(np.bincount(winners, load, suppliers) <= capacity):
                found.append(float(cost[list(winners), range(count)].sum() + fixed[sorted(set(winners))].sum()))
        result, expected = gst.single_award(cost, fixed, load, capacity, PROVEN), min(found, default=None)
        assert result.objective == (None if expected is None else pytest.approx(expected, abs=1e-6)), seed


def test_small_random_awards_equal_enumeration() -> None:
    awards_agree(range(15))


@pytest.mark.slow
def test_500_small_random_awards_equal_enumeration() -> None:
    awards_agree(range(15, 515))


def test_check_of_awards_names_the_rule() -> None:
    problem = award.AwardProblem(cost=((3, 3), (6, 6)), fixed=(10, 4), load=(5, 5), capacity=(10, 9))
    for winners, rules in (
        ((0, 0), []),
        ((1, 1), ["capacity"]),
        ((0, 2), ["each_lot"]),
        ((0,), ["each_lot"]),
    ):
        plan = award.AwardPlan(winners=winners)
        assert [one.rule for one in award.check(problem, plan).violations] == rules, winners


# Order quantities and joint replenishment


@given(
    st.floats(1, 1e4),
    st.floats(1, 1e3),
    st.floats(0.01, 1),
    st.lists(st.tuples(st.integers(1, 500), st.floats(0.5, 1)), max_size=3),
    st.booleans(),
)
@settings(max_examples=60)
def test_no_order_quantity_is_better(
    demand: float, order_cost: float, hold: float, steps: list[tuple[int, float]], incremental: bool
) -> None:
    """Thresholds, and quantities close together around them and far beyond, by the schedule's own prices."""
    starts, rates = [0.0], [100.0]
    for width, factor in steps:
        starts.append(starts[-1] + width)
        rates.append(rates[-1] * factor)
    schedule = gst.TierSchedule(thresholds=starts, rates=rates, incremental=incremental)
    best = gst.eoq_discount(demand, order_cost, hold, schedule)
    tried = np.concatenate([starts[1:], np.geomspace(0.1, 1e5, 2000)])
    costs = [
        demand * by_units(schedule, size) / size + demand * order_cost / size + hold * by_units(schedule, size) / 2
        for size in tried.tolist()
    ]
    assert best.cost <= min(costs) * (1 + 1e-12)
    assert schedule.thresholds[best.tier] <= best.quantity
    paid = by_units(schedule, best.quantity)
    assert best.purchases == pytest.approx(demand * paid / best.quantity)
    assert best.stock == pytest.approx(hold * paid / 2)


def by_units(schedule: gst.TierSchedule, size: float) -> float:
    """Add up what each stretch of a quantity costs."""
    reached = [rate for start, rate in zip(schedule.thresholds, schedule.rates, strict=True) if start <= size]
    if not schedule.incremental:
        return reached[-1] * size
    ends = [*schedule.thresholds[1 : len(reached)], size]
    return math.fsum(rate * (end - start) for rate, start, end in zip(reached, schedule.thresholds, ends, strict=False))


def test_an_order_at_a_threshold_exactly() -> None:
    """Harris at 450: 67; the threshold 500 costs 450,000 + 400 + 22,500."""
    schedule = tiers((0, 500), (200, 475), (500, 450))
    best = gst.eoq_discount(1000, 200, 0.2, schedule)
    assert (best.quantity, best.tier) == (500.0, 2)
    assert (best.purchases, best.orders, best.stock, best.cost) == (450_000.0, 400.0, 22_500.0, 472_900.0)


@given(
    st.floats(0.5, 1e3),
    st.lists(st.tuples(st.floats(0, 1e3), st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=3),
)
@settings(max_examples=60)
def test_no_joint_replenishment_is_better(major: float, items: list[tuple[float, float, float]]) -> None:
    """Every set of multiples up to 8, its best cycle in closed form."""
    minor, demand, hold = (np.array(column) for column in zip(*items, strict=True))
    best = gst.joint_replenishment(major, minor, demand, hold)
    costs = [
        2 * math.sqrt((major + (minor / multiples).sum()) * (demand * hold * multiples).sum() / 2)
        for multiples in map(np.array, itertools.product(range(1, 9), repeat=len(minor)))
    ]
    assert best.cost <= min(costs) * (1 + 1e-9)
    multiples = np.array(best.multiples)
    assert best.orders == pytest.approx((major + (minor / multiples).sum()) / best.cycle)
    assert best.stock == pytest.approx((demand * hold * multiples).sum() * best.cycle / 2)
    if multiples.max() <= 8:
        assert best.cost == pytest.approx(min(costs), rel=1e-9)


def test_one_item_is_ordered_by_harris() -> None:
    """Orders of 100 + 20 for 30 a year, kept at 2: a cycle of 2 years, 60 for orders and 60 for stock."""
    best = gst.joint_replenishment(100, [20], [30], [2])
    assert best.multiples == (1,)
    assert (best.cycle, best.cost) == pytest.approx((2.0, 120.0))


# What is wrong with the arrays


@pytest.mark.parametrize(
    ("call", "problems"),
    [
        (lambda: gst.total_quantity_discount([1, 2], [1], [tiers((0, 1))], [[1]]), [("prices", 0)]),
        (
            lambda: gst.total_quantity_discount(
                [[-1, np.nan]], [np.inf, -2], [tiers((5, 1), (5, 1.5), fixed=-1)], [[1, -1]]
            ),
            [
                *(("capacity", 1), ("demand", 1), ("demand", 2), ("prices", 1), ("prices", 1)),
                *(("schedules", 1), ("schedules", 1), ("schedules", 1)),
            ],
        ),
        (
            lambda: gst.total_quantity_discount([[1, 2]], [1, 1], [tiers((0, 1), incremental=True)], [[1, 1]]),
            [("prices", 1)],
        ),
        (
            lambda: gst.total_quantity_discount([[1]], [1], [gst.TierSchedule(thresholds=(), rates=())], [[1]]),
            [("schedules", 1)],
        ),
        (
            lambda: gst.capacitated_lot_sizing([[1, -1]], [-1], [np.nan], [[1]], [1]),
            [("capacity", 0), ("demand", 1), ("hold", 1), ("setup", 1), ("use", 0)],
        ),
        (
            lambda: gst.single_award([[1, np.inf]], [-1], [1], [-2]),
            [("capacity", 1), ("cost", 1), ("fixed", 1), ("load", 0)],
        ),
        (
            lambda: gst.eoq_discount(0, np.nan, -1, tiers((0, 1), (5, 0))),
            [("demand", 1), ("hold", 1), ("order_cost", 1), ("rates", 2)],
        ),
        (
            lambda: gst.joint_replenishment(0, [-1, 1], [0, 1], [1, np.inf]),
            [("demand", 1), ("hold", 2), ("major", 1), ("minor", 1)],
        ),
        (lambda: gst.joint_replenishment(0, [1], [0], [1]), [("demand", 1), ("major", 1)]),
        (lambda: gst.joint_replenishment(1, [], [], []), [("minor", 0)]),
    ],
)
def test_everything_wrong_with_the_arrays_is_said(call: Callable[[], object], problems: list[tuple[str, int]]) -> None:
    with pytest.raises(gst.DataError) as caught:
        call()
    assert [(one.table, one.row) for one in caught.value.problems] == problems
    assert all(one.text(lang) for one in caught.value.problems for lang in gst.Lang)


def test_schedules_are_tier_schedules() -> None:
    with pytest.raises(gst.GstOptError, match="TierSchedule"):
        gst.total_quantity_discount([[1]], [1], ["cheap"], [[1]])  # type: ignore[list-item]


@pytest.mark.parametrize("formulation", [model.FORMULATION, lots.FORMULATION, award.FORMULATION])
def test_every_rule_has_an_equation(formulation: Formulation[Any, Any]) -> None:
    assert all("=" in text for text in formulation.math().values())
