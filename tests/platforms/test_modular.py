"""Modular location: bounds hold, plans keep every rule, and small problems end at the optimum that others find."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from gst_opt.model.linear import Floats
from gst_opt.pillars.platforms import modular_search
from gst_opt.pillars.platforms.modular import Modular, ModularPlan
from gst_opt.pillars.platforms.modular_model import Rest, Restricted, restrict
from gst_opt.pillars.platforms.modular_near import Sites, around, joined, local
from gst_opt.pillars.platforms.modular_prices import Knapsacks, ascend
from gst_opt.pillars.platforms.modular_repair import Repair, Width, first_penalty
from gst_opt.pillars.platforms.modular_search import minimise_modular
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Stop

EXACT = SolveOptions(gap=1e-7, workers=2)


def drawn(seed: int, platforms: int = 4, streams: int = 5) -> Modular:
    """Draw two kinds of platforms, a budget over both, and a floor that a site's platforms share."""
    random = np.random.default_rng(seed)
    levels = random.integers(1, 4, platforms)
    platform = np.repeat(np.arange(platforms), levels)
    units = np.arange(len(platform)) - np.repeat(np.cumsum(levels) - levels, levels)
    kind = np.arange(platforms) % 2
    stream, at = np.nonzero(random.random((streams, platforms)) < 0.7)
    same = kind[at] == stream % 2
    stream, at = stream[same], at[same]
    cost = np.where(units > 0, random.integers(5, 20, platforms)[platform] + units * random.integers(3, 9), 0).astype(
        float
    )
    capacity = np.where(units > 0, units * random.integers(3, 8, platforms)[platform], 0).astype(float)
    minutes = random.integers(1, 7, streams)[stream].astype(float)
    price = np.round(random.uniform(0, 6, len(stream)), 2)
    spent, space = units * 2.0 + kind[platform], units * random.integers(1, 3, platforms)[platform]
    rows = np.zeros((3, len(platform) + len(stream)))
    rows[0, : len(platform)] = spent
    rows[1, : len(platform)] = np.where(platform // 2 == 0, space, 0)
    rows[2, len(platform) :] = np.where(random.random(len(stream)) < 0.3, 1.0, 0.0)
    sides = np.array([random.integers(2, 2 + int(spent.sum())), random.integers(1, 5), random.uniform(0.5, 2.0)])
    unmet = random.integers(4, 30, streams).astype(float)
    return Modular(platform, cost, capacity, stream, at, price, minutes, unmet, csr_array(rows), sides)


def kept_by_today(problem: Modular) -> Modular:
    """Widen the rows until the plan with every platform at its first level keeps them."""
    used = ModularPlan(problem.first, np.zeros(len(problem.price))).used(problem)
    return replace(problem, sides=np.maximum(problem.sides, used))


def by_milp(problem: Modular) -> float:
    """Return the least cost by scipy's MIP on the plain model: options, unmet shares, levels."""
    options, streams, levels = len(problem.price), len(problem.unmet), len(problem.cost)
    x, w, ones = np.arange(options), np.arange(levels), np.ones(options)
    served = csr_array(coo_array((ones, (problem.stream, x)), shape=(streams, options)))
    load = csr_array(coo_array((problem.minutes, (problem.at, x)), shape=(problem.platforms, options)))
    chosen = csr_array(coo_array((np.ones(levels), (problem.platform, w)), shape=(problem.platforms, levels)))
    room = csr_array(coo_array((problem.capacity, (problem.platform, w)), shape=(problem.platforms, levels)))
    opened = csr_array(chosen * (problem.capacity > 0))[problem.at]
    matrix = block_array(
        [
            [served, eye_array(streams), None],
            [None, None, chosen],
            [load, None, -room],
            [eye_array(options), None, -opened],
            [problem.rows[:, levels:], None, problem.rows[:, :levels]],
        ]
    )
    equal = np.ones(streams + problem.platforms)
    upper = np.concatenate([equal, np.zeros(problem.platforms + options), problem.sides])
    lower = np.concatenate([equal, np.full(len(upper) - len(equal), -np.inf)])
    answer = milp(
        np.concatenate([problem.price, problem.unmet, problem.cost]),
        integrality=np.repeat([0, 0, 1], [options, streams, levels]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lower, upper),
        options={"mip_rel_gap": 1e-9},
    )
    return float(answer.fun) if answer.success else float("inf")


def by_enumeration(problem: Modular) -> float:
    """Return the least cost over every choice of levels, streams shared out by a linear program."""
    best, count = float("inf"), len(problem.cost)
    ranges = [np.flatnonzero(problem.platform == one) for one in range(problem.platforms)]
    streams = len(problem.unmet)
    for level in map(np.array, product(*ranges)):
        room = problem.capacity[level]
        load = np.zeros((problem.platforms, len(problem.at)))
        load[problem.at, np.arange(len(problem.at))] = problem.minutes
        taken = np.zeros(count)
        taken[level] = 1.0
        upper = np.vstack([load, problem.rows[:, count:].toarray()])
        served = np.zeros((streams, len(problem.at)))
        served[problem.stream, np.arange(len(problem.at))] = 1.0
        answer = linprog(
            np.concatenate([problem.price, problem.unmet]),
            A_ub=np.hstack([upper, np.zeros((len(upper), streams))]),
            b_ub=np.concatenate([room, problem.sides - problem.rows[:, :count] @ taken]),
            A_eq=np.hstack([served, np.eye(streams)]),
            b_eq=np.ones(streams),
            bounds=[(0.0, float(room[at] > 0)) for at in problem.at] + [(0.0, 1.0)] * streams,
        )
        if answer.success:
            best = min(best, float(answer.fun + problem.cost[level].sum()))
    return best


@pytest.fixture(params=["whole blocks", "near", "in one piece"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search small problems in rounds too, as large ones are: whole blocks one by one, or what is near."""
    if request.param != "in one piece":
        monkeypatch.setattr(modular_search, "SMALL", 0)
        monkeypatch.setattr(modular_search, "WHOLE", Width(0 if request.param == "near" else 3, 0.4))
        monkeypatch.setattr(modular_search, "NEAR", Width(1, 0.4))


def agrees(problem: Modular, optimum: float) -> None:
    """Assert that the search ends at the optimum, with a plan that keeps every rule."""
    answer = minimise_modular(problem, EXACT)
    assert answer.stop is Stop.GAP
    assert not answer.cut
    assert answer.value == pytest.approx(optimum, rel=1e-5, abs=1e-5)
    assert answer.bound <= optimum + 1e-5 * max(1.0, optimum)
    assert answer.plan is not None
    assert answer.plan.broken(problem) == {}
    assert answer.plan.value(problem) == answer.value


@pytest.mark.parametrize("seed", range(10))
def test_every_choice_of_levels_is_no_better(seed: int, way: None) -> None:
    problem = drawn(seed, platforms=3, streams=4)
    agrees(problem, by_enumeration(problem))


@pytest.mark.parametrize("seed", range(20))
def test_small_problems_end_at_the_optimum(seed: int, way: None) -> None:
    problem = drawn(100 + seed)
    agrees(problem, by_milp(problem))


@pytest.mark.slow
def test_five_hundred_problems_each_way_end_at_the_optimum(way: None) -> None:
    for seed in range(500):
        problem = drawn(1000 + seed, platforms=2 + seed % 7, streams=3 + seed % 8)
        agrees(problem, by_milp(problem))


@pytest.mark.parametrize("seed", range(20))
def test_prices_prove_what_no_plan_is_below(seed: int) -> None:
    problem = drawn(200 + seed, platforms=6, streams=9)
    knapsacks, optimum = Knapsacks(problem), by_milp(problem)
    prices = ascend(knapsacks, 200)
    assert prices.total(problem) <= optimum + 1e-6
    random = np.random.default_rng(seed)
    for _ in range(20):
        stream, row = random.random(len(problem.unmet)) * problem.unmet, random.random(len(problem.sides)) * 3
        assert knapsacks.at(stream, row).prices.total(problem) <= optimum + 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_a_level_costs_its_reduced_cost_above_the_bound(seed: int) -> None:
    problem = drawn(300 + seed)
    prices = ascend(Knapsacks(problem), 100)
    reduced = prices.reduced(problem)
    for level in range(len(problem.cost)):
        keep = (problem.platform != problem.platform[level]) | (np.arange(len(problem.cost)) == level)
        kept = np.flatnonzero(keep)
        columns = np.concatenate([kept, len(problem.cost) + np.arange(len(problem.price))])
        only = replace(
            problem,
            platform=problem.platform[kept],
            cost=problem.cost[kept],
            capacity=problem.capacity[kept],
            rows=problem.rows[:, columns],
        )
        assert by_milp(only) >= prices.total(problem) + reduced[level] - 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_is_a_point_of_the_restricted_model_at_its_cost(seed: int) -> None:
    problem = drawn(400 + seed, platforms=6, streams=9)
    plan = minimise_modular(problem, EXACT).plan
    assert plan is not None
    prices = ascend(Knapsacks(problem), 100)
    blocks = np.ones(len(prices.bound), dtype=bool)
    every = np.ones(len(problem.cost), dtype=bool)
    free = np.zeros(len(problem.sides))
    hard = Rest(problem.sides, np.full(len(problem.sides), np.inf), free)
    soft = Rest(problem.sides - 1.0, np.full(len(problem.sides), 2.0), free)
    part = restrict(problem, prices, every, blocks, hard)
    point = part.point(problem, plan)
    assert point is not None
    activity = part.part.matrix @ point
    assert np.all(activity <= part.part.row_upper + 1e-6)
    assert np.all(activity >= part.part.row_lower - 1e-6)
    assert part.costs @ point == pytest.approx(plan.value(problem))
    assert part.plan(problem, point, plan).value(problem) == pytest.approx(plan.value(problem))
    beyond = restrict(problem, prices, every, blocks, soft)
    excess = np.maximum(plan.used(problem) - problem.sides + 1.0, 0.0)
    used = np.diff(problem.rows.indptr) > 0
    point = beyond.point(problem, plan)
    assert point is not None
    assert beyond.costs @ point == pytest.approx(plan.value(problem) + 2.0 * excess[used].sum())


def two_towns() -> Modular:
    """Make two towns far apart with a scanner (10 minutes, 8 to open) and an X-ray (20 minutes, 3) each.

    Each town has 10 minutes of scans and 20 of X-rays, 30 and 9 unmet; each unit takes a floor, one for each town, by
    20 and 10 of 25; one of the four may be bought. Platforms and streams: scan A, X-ray A, scan B, X-ray B.
    """
    platform, units = np.repeat(np.arange(4), 2), np.tile([0, 1], 4)
    kind = platform % 2
    rows = np.zeros((3, 12))
    rows[0, :8] = units
    rows[1, :4], rows[2, 4:8] = (np.where(kind == 0, 20.0, 10.0) * units).reshape(2, 4)
    near = np.arange(4)
    return Modular(
        platform=platform,
        cost=np.where(kind == 0, 8.0, 3.0) * units,
        capacity=np.where(kind == 0, 10.0, 20.0) * units,
        stream=near,
        at=near,
        price=np.ones(4),
        minutes=np.array([10.0, 20.0, 10.0, 20.0]),
        unmet=np.array([30.0, 9.0, 30.0, 9.0]),
        rows=csr_array(rows),
        sides=np.array([2.0, 25.0, 25.0]),
    )


def test_platforms_on_one_floor_are_a_site_and_a_budget_joins_none() -> None:
    problem = two_towns()
    linked = replace(problem, stream=np.array([0, 1, 0, 1]), unmet=np.array([30.0, 9.0]))  # scans may go to either town
    assert joined(linked).tolist() == [0, 0, 1, 1]
    assert local(linked).tolist() == [False, True, True]
    assert joined(problem).tolist() == [0, 0, 0, 0], "alone in their blocks, all four are joined by the budget"


def test_what_is_near_serves_the_same_streams() -> None:
    problem = two_towns()
    linked = replace(problem, stream=np.array([0, 1, 0, 1]), unmet=np.array([30.0, 9.0]))
    prices = Knapsacks(linked).at(linked.unmet, np.zeros(3)).prices
    each, sites = Sites(linked, prices, np.arange(4)), Sites(linked, prices, joined(linked))
    assert np.flatnonzero(each.near(0, 4)).tolist() == [0, 2], "scanners only, however many are asked for"
    assert np.flatnonzero(each.near(0, 1)).tolist() == [0]
    assert np.flatnonzero(sites.near(1, 2)).tolist() == [2, 3]
    assert np.flatnonzero(sites.near(1, 4)).tolist() == [0, 1, 2, 3]


def test_a_neighbourhood_leaves_what_others_do_not_use() -> None:
    problem = two_towns()
    plan = ModularPlan(np.array([1, 2, 4, 7]), np.array([1.0, 0.0, 0.0, 1.0]))  # scans in A, X-rays in B
    assert plan.value(problem) == 8 + 1 + 3 + 1 + 9 + 30
    near = around(problem, plan, np.array([False, False, True, True]), np.ones(8, dtype=bool))
    assert near.problem.sides.tolist() == [1.0, 5.0, 25.0], "one unit, and the floor beside the scanner of A"
    assert near.problem.platforms == 2
    found = minimise_modular(near.problem, EXACT).plan
    assert found is not None
    whole = near.into(problem, plan, found)
    assert whole.level.tolist() == [1, 2, 5, 6], "a scanner instead of the X-ray in B"
    assert whole.value(problem) == 8 + 1 + 8 + 1 + 9 + 9
    assert whole.broken(problem) == {}


@pytest.mark.parametrize("seed", range(20))
def test_a_neighbourhood_of_everything_has_the_same_optimum(seed: int) -> None:
    problem = drawn(500 + seed)
    plan = ModularPlan(problem.first, np.zeros(len(problem.price)))
    near = around(problem, plan, np.ones(problem.platforms, dtype=bool), np.ones(len(problem.cost), dtype=bool))
    aside = float(problem.unmet[~near.streams].sum())
    assert by_milp(near.problem) + aside == pytest.approx(by_milp(problem))


@pytest.mark.parametrize("seed", range(20))
def test_a_neighbourhood_is_never_worse_and_breaks_nothing(seed: int) -> None:
    problem, random = kept_by_today(drawn(600 + seed, platforms=8, streams=12)), np.random.default_rng(seed)
    plan = ModularPlan(problem.first, np.zeros(len(problem.price)))
    every = np.ones(len(problem.cost), dtype=bool)
    for _ in range(4):
        near = around(problem, plan, random.random(problem.platforms) < 0.4, every)
        assert near.base.broken(near.problem) == {}
        found = minimise_modular(near.problem, EXACT, near.base).plan
        assert found is not None
        better = near.into(problem, plan, found)
        assert better.broken(problem) == {}
        assert better.value(problem) <= plan.value(problem) + 1e-6
        gained = near.base.value(near.problem) - found.value(near.problem)
        assert plan.value(problem) - better.value(problem) == pytest.approx(gained, abs=1e-6)
        plan = better


@pytest.mark.parametrize("seed", range(10))
def test_sweeps_mend_what_blocks_apart_break_and_never_make_worse(seed: int) -> None:
    problem = kept_by_today(drawn(700 + seed, platforms=12, streams=20))
    prices = ascend(Knapsacks(problem), 100)
    limits = Limits(gap=1e-6, deadline=None, seed=0)

    def solve(part: Restricted, known: Floats | None) -> Run:
        return minimise(part.part, part.costs, (), limits, known)

    repair = Repair(problem, prices, first_penalty(problem, prices), solve, lambda: False, workers=2)
    free = np.zeros(len(problem.sides))
    plan = ModularPlan(problem.first + prices.value.argmin(axis=1), np.zeros(len(problem.price)))
    for turn, sites in enumerate([Sites(problem, prices, np.arange(12)), Sites(problem, prices, joined(problem))] * 2):
        after = repair.sweep(plan, sites, free, Width(6, 5.0), turn)
        assert repair.merit(after, free) <= repair.merit(plan, free)
        plan, repair = after, repair.harder(after)
    assert plan.broken(problem) == {}
    assert plan.value(problem) >= prices.total(problem)


def test_every_broken_rule_is_named() -> None:
    problem = drawn(0)
    serving = int(np.flatnonzero(problem.minutes)[0])
    plan = ModularPlan(problem.first.copy(), np.zeros(len(problem.price)))
    assert plan.broken(problem) == {}
    share = plan.share.copy()
    share[serving] = 1.5
    assert {"shares", "demand", "capacity", "link"} <= set(ModularPlan(plan.level, share).broken(problem))
    full = np.append(problem.first[1:], len(problem.cost)) - 1
    narrow = replace(problem, sides=np.zeros(3))
    assert "rows" in ModularPlan(full, plan.share).broken(narrow)
    assert "levels" in ModularPlan(np.roll(full, 1), plan.share).broken(problem)


def test_rows_that_no_plan_keeps_are_proven(way: None) -> None:
    problem = drawn(1)
    rows = csr_array(np.ones((1, problem.rows.shape[1])))
    answer = minimise_modular(replace(problem, rows=rows, sides=np.array([0.5])), EXACT)
    assert answer.plan is None
    assert answer.bound == np.inf


def test_nothing_to_decide_costs_what_is_unmet(way: None) -> None:
    none, floats = np.array([], dtype=np.intp), np.array([], dtype=float)
    level, unmet = (np.array([0]), np.array([2.0]), np.array([0.0])), np.array([3.0, 4.0])
    alone = Modular(*level, none, none, floats, floats, unmet, csr_array((0, 1)), floats)
    answer = minimise_modular(alone, EXACT)
    assert answer.value == pytest.approx(9.0)
    assert answer.bound == pytest.approx(9.0)


def test_time_is_kept_and_told(way: None) -> None:
    problem = drawn(5, platforms=40, streams=120)
    answer = minimise_modular(problem, EXACT.replace(seconds=0.0))
    assert answer.stop is Stop.TIME
    assert answer.seconds < 2.0
    assert answer.bound <= answer.value


def test_same_problem_same_plan(way: None) -> None:
    problem = drawn(7, platforms=16, streams=30)
    first, second = (minimise_modular(problem, SolveOptions(gap=1e-3)) for _ in range(2))
    assert first.plan is not None
    assert second.plan is not None
    assert first.value == second.value
    assert np.array_equal(first.plan.level, second.plan.level)
    assert np.array_equal(first.plan.share, second.plan.share)


def test_nothing_to_decide_costs_nothing() -> None:
    none, no_costs = np.empty(0, dtype=np.intp), np.empty(0)
    nothing = Modular(none, no_costs, no_costs, none, none, *(no_costs,) * 3, csr_array((1, 0)), np.ones(1))
    answer = minimise_modular(nothing, SolveOptions())
    assert (answer.value, answer.bound, answer.stop) == (0.0, 0.0, Stop.GAP)
