"""Classical facility location: by hand, by enumeration, and the published instances with their known optima."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from benchmarks.cflp import bare
from benchmarks.locations import FOLDER, Arrays, Floats, Instance, instances
from scipy.optimize import linprog

import gst_opt as gst
from gst_opt.pillars.platforms.classic import (
    FORMULATION,
    LocationPlan,
    LocationProblem,
    Share,
    cflp,
    check,
)
from gst_opt.solve.run import direct

PROVEN = gst.SolveOptions(gap=0.0, workers=1)
FEW_CUSTOMERS = [f"holmberg_p{number}" for number in range(1, 13)]
missing = pytest.mark.skipif(not FOLDER.is_dir(), reason="no published instances: set GST_OPT_BENCH")


def named(instance: Instance) -> str:
    return instance.name


def is_proven(instance: Instance) -> None:
    result = cflp(*instance.arrays(), instance.single_source, PROVEN)
    assert (result.status, result.stop, result.checked) == (gst.Status.OPTIMAL, gst.Stop.PROOF, True)
    assert result.objective == pytest.approx(instance.optimum, rel=1e-9)
    assert result.bound == pytest.approx(instance.optimum, rel=1e-9)


@missing
@pytest.mark.parametrize("instance", instances("cap4", "cap5", "cap6", "cap7"), ids=named)
def test_published_instances_with_shared_customers_are_proven(instance: Instance) -> None:
    is_proven(instance)


@missing
@pytest.mark.slow
@pytest.mark.parametrize("instance", [one for one in instances("holmberg") if one.name in FEW_CUSTOMERS], ids=named)
def test_published_instances_with_one_site_a_customer_are_proven(instance: Instance) -> None:
    is_proven(instance)


@missing
def test_the_word_capacity_is_the_number_in_the_name() -> None:
    """Some files leave capacity open: each site has 8000 in ``capa_8000`` and 14000 in ``capa_14000``, costs alike."""
    small, large = (one.arrays() for one in instances("capa_8000", "capa_14000"))
    assert small[0].shape == (100, 1000)
    assert (set(small[3]), set(large[3])) == ({8000.0}, {14000.0})
    assert np.array_equal(small[0], large[0])
    assert small[1][0] == 2141200.0
    assert {one.name for one in instances("cap") if "capacity" in one.file.read_text(encoding="ascii")} == {
        *(f"capa_{room}" for room in (8000, 10000, 12000, 14000)),
        *(f"capb_{room}" for room in (5000, 6000, 7000, 8000)),
    }


@missing
def test_both_layouts_are_read_as_sites_by_customers() -> None:
    """First numbers of the files: OR-Library's costs come customer by customer, Holmberg's site by site."""
    cost, fixed, demand, room = instances("cap41")[0].arrays()
    assert (cost.shape, demand[0], room[0], fixed[10]) == ((16, 50), 146.0, 5000.0, 0.0)
    assert cost[:3, 0].tolist() == [6739.725, 10355.05, 7650.4]
    cost, fixed, demand, room = next(one for one in instances("holmberg") if one.name == "holmberg_p1").arrays()
    assert (cost.shape, demand[:2].tolist(), room[0], fixed[0]) == ((10, 50), [49.0, 29.0], 258.0, 366.0)


class Case(NamedTuple):
    """Arrays by hand: site 0 is near customers 0 and 1, site 1 is near customer 2."""

    cost: tuple[tuple[float, ...], ...] = ((1, 2, 8), (6, 5, 1))
    fixed: tuple[float, ...] = (4, 3)
    demand: tuple[float, ...] = (10, 10, 20)
    capacity: tuple[float, ...] = (30, 25)


def test_shared_and_single_by_hand() -> None:
    """Neither site holds 40. Near sites: opening 7 and serving 1 + 2 + 1. All fits, so nobody is shared."""
    result = gst.cflp(*Case(), options=PROVEN)
    assert (result.objective, result.bound) == (11.0, 11.0)
    plan = result.require()
    assert plan.open == (0, 1)
    assert [(one.customer, one.site, one.share) for one in plan.assignment] == [(0, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0)]
    assert {term.name: term.planned for term in result.terms} == {"opening": 7.0, "serving": 4.0}
    assert [table.rows for table in plan.tables()] == [((0,), (1,)), ((0, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0))]


def test_a_customer_is_shared_only_where_that_is_allowed() -> None:
    """Site 0 has room for 15 of the 20 near it; half of customer 1 costs 1.5 more at site 1.

    Shared: 7 + 4 + 1.5. One site each: customer 1 goes to site 1 for 3 more, which then serves 30.
    """
    shared = cflp(*Case(capacity=(15, 30)), options=PROVEN)
    assert shared.objective == pytest.approx(12.5)
    assert {(one.customer, one.site): one.share for one in shared.require().assignment}[1, 1] == pytest.approx(0.5)
    single = cflp(*Case(capacity=(15, 30)), single_source=True, options=PROVEN)
    assert (single.objective, single.bound) == (14.0, 14.0)
    assert cflp(*Case(capacity=(15, 29)), single_source=True).status is gst.Status.INFEASIBLE


def test_a_site_that_serves_nobody_stays_closed_unless_opening_it_pays() -> None:
    assert cflp([[1], [2], [2]], [0, 0, -1], [1], [1, 1, 1], options=PROVEN).require().open == (0, 2)


@pytest.mark.parametrize(
    ("rule", "arrays", "value", "less"),
    [
        ("each_customer", Case(), 11.0, 7.0),
        ("capacity", Case(capacity=(15, 30)), 12.5, 11.0),
        ("link", Case(demand=(0, 0, 20)), 11.0, 4.0),
        ("total_capacity", Case(capacity=(15, 30)), 12.5, 12.5),
    ],
)
def test_every_rule_binds_and_total_capacity_only_tightens(rule: str, arrays: Case, value: float, less: float) -> None:
    """By hand. Without `each_customer` sites only open, for their total capacity; without `link`, a site that has
    capacity for all serves without being open."""
    assert cflp(*arrays, options=PROVEN).objective == pytest.approx(value)
    kept = tuple(piece for piece in FORMULATION.constraints if piece.__name__ != rule)
    result = direct(replace(FORMULATION, constraints=kept), problem_of(arrays), check, PROVEN)
    assert result.stages[0].value == pytest.approx(less)
    assert (result.status is gst.Status.REJECTED) == (rule not in FORMULATION.redundant)


def test_a_capacity_that_never_limits_may_be_any_number() -> None:
    """One millionth of the demand, and a capacity that stands for none: site 1 alone costs 3 + 6 + 1."""
    arrays = Case(cost=((1, 8), (6, 1)), fixed=(9, 3), demand=(1, 999_999), capacity=(20, 1e30))
    assert cflp(*arrays, options=PROVEN).objective == 10.0
    with pytest.raises(gst.SolverError, match="another unit"):
        cflp(*Case(capacity=(1e9, 1e9), demand=(1e9, 1, 1)))


@pytest.mark.parametrize("single_source", [False, True])
def test_the_bare_side_of_the_benchmark_solves_the_same_problem(single_source: bool) -> None:
    case = Case(capacity=(15, 30))
    cost, fixed, demand, capacity = (np.array(array, dtype=np.float64) for array in case)
    expected = cflp(*case, single_source, PROVEN).objective
    assert bare((cost, fixed, demand, capacity), single_source) == pytest.approx((expected, expected))


def problem_of(arrays: Case, single_source: bool = False) -> LocationProblem:
    return LocationProblem(**arrays._asdict(), single_source=single_source)


def by_enumeration(arrays: Arrays, single_source: bool) -> float | None:
    """Try every set of sites, and in it every site of every customer, or the transport problem (by scipy)."""
    cost, fixed, demand, capacity = arrays
    best = single_cost if single_source else shared_cost
    found = []
    for chosen in itertools.product((False, True), repeat=len(fixed)):
        opened = np.flatnonzero(chosen)
        serving = best(cost[opened], demand, capacity[opened])
        if serving is not None:
            found.append(float(fixed[opened].sum()) + serving)
    return min(found, default=None)


def single_cost(cost: Floats, demand: Floats, capacity: Floats) -> float | None:
    sites, customers = cost.shape
    costs = [
        float(cost[list(given), range(customers)].sum())
        for given in itertools.product(range(sites), repeat=customers)
        if np.all(np.bincount(given, demand, sites) <= capacity)
    ]
    return min(costs, default=None)


def shared_cost(cost: Floats, demand: Floats, capacity: Floats) -> float | None:
    sites, customers = cost.shape
    if sites == 0:
        return None
    served = np.tile(np.eye(customers), sites)
    loads = np.kron(np.eye(sites), demand)
    answer = linprog(cost.ravel(), loads, capacity, served, np.ones(customers))
    return float(answer.fun) if answer.status == 0 else None


def drawn(seeds: range) -> Iterator[tuple[int, Arrays]]:
    """Draw small arrays; about one in four holds too much demand."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sites, customers = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        cost, demand = rng.integers(-5, 30, (sites, customers)), rng.integers(0, 9, customers)
        fixed, capacity = rng.integers(-5, 40, sites), rng.integers(0, 20, sites)
        yield seed, (cost.astype(float), fixed.astype(float), demand.astype(float), capacity.astype(float))


def agree(seeds: range) -> None:
    for seed, arrays in drawn(seeds):
        for single_source in (False, True):
            result, expected = cflp(*arrays, single_source, PROVEN), by_enumeration(arrays, single_source)
            place = seed, single_source
            assert result.status is (gst.Status.INFEASIBLE if expected is None else gst.Status.OPTIMAL), place
            assert result.objective == (None if expected is None else pytest.approx(expected, abs=1e-6)), place


def test_small_random_instances_equal_enumeration() -> None:
    agree(range(12))


@pytest.mark.slow
def test_500_small_random_instances_equal_enumeration() -> None:
    agree(range(12, 512))


def test_demand_beyond_all_capacity_is_explained() -> None:
    """Demand 40, capacity 35: so much is missing, and somebody is not served in full."""
    result = cflp(*Case(capacity=(20, 15)))
    assert (result.status, result.stop) == (gst.Status.INFEASIBLE, gst.Stop.PROOF)
    assert result.conflict is not None
    assert result.conflict.rules == ("total_capacity",)
    least = {one.rule: (one.asked, one.needed) for one in result.conflict.relaxations}
    assert least == {"total_capacity": (40.0, 35.0), "each_customer": (1.0, 0.75)}
    with pytest.raises(gst.NoPlanError, match="at least 40 is asked, 35 is possible"):
        result.require()


def test_a_customer_too_large_for_every_site_is_named() -> None:
    result = cflp(*Case(capacity=(30, 25), demand=(10, 10, 31)), single_source=True)
    assert result.conflict is not None
    assert [(one.rule, one.place) for one in result.conflict.relaxations] == [("each_customer", "2")]
    nobody = cflp(np.zeros((0, 2)), [], [1, 2], [])
    assert nobody.status is gst.Status.INFEASIBLE
    assert cflp(np.zeros((2, 0)), [1, 2], [], [1, 2]).require() == LocationPlan(open=(), assignment=())


@pytest.mark.parametrize(
    ("call", "problems"),
    [
        (lambda: cflp([1, 2], [1], [1], [1]), [("cost", 0, "")]),
        (lambda: cflp([[1, 2], [3]], [1], [1], [1]), [("cost", 0, "")]),
        (lambda: cflp([["far"]], [1], [1], [1]), [("cost", 0, "")]),
        (lambda: cflp([[1, 2]], [[1]], [1], [1, 2]), [("capacity", 0, ""), ("demand", 0, ""), ("fixed", 0, "")]),
        (
            lambda: cflp([[1, np.nan], [np.inf, 2]], [1, -np.inf], [-1, 3], [np.nan, -2]),
            [
                *(("capacity", 1, ""), ("capacity", 2, "")),
                *(("cost", 1, "1"), ("cost", 2, "0")),
                *(("demand", 1, ""), ("fixed", 2, "")),
            ],
        ),
    ],
)
def test_everything_wrong_with_the_arrays_is_said(
    call: Callable[[], object], problems: list[tuple[str, int, str]]
) -> None:
    with pytest.raises(gst.DataError) as caught:
        call()
    assert [(one.table, one.row, one.column) for one in caught.value.problems] == problems
    assert all(one.text(lang) for one in caught.value.problems for lang in gst.Lang)


def test_single_source_is_yes_or_no() -> None:
    with pytest.raises(gst.GstOptError, match="bool"):
        cflp(*Case(), "yes")  # type: ignore[arg-type]


def test_check_names_the_rule() -> None:
    """The plan by hand, changed one thing at a time."""
    shares = ((0, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0))
    changed: list[tuple[tuple[int, ...], tuple[tuple[int, int, float], ...], list[str]]] = [
        ((0, 1), shares, []),
        ((0,), shares, ["link"]),
        ((0, 1, 1), shares, ["places"]),
        ((0, 1, 7), shares, ["places"]),
        ((0, 1), (*shares, (3, 0, 1.0)), ["places"]),
        ((0, 1), shares[:2], ["each_customer"]),
        ((0, 1), (*shares[:2], (2, 1, 0.9)), ["each_customer"]),
        ((0, 1), (shares[0], (1, 1, 1.0), shares[2]), ["capacity"]),
        ((0, 1), (*shares[:2], (2, 1, 0.5), (2, 0, 0.5)), ["single_source"]),
    ]
    for opened, triples, rules in changed:
        assignment = tuple(Share(customer=j, site=i, share=share) for j, i, share in triples)
        plan = LocationPlan(open=opened, assignment=assignment)
        assert [one.rule for one in check(problem_of(Case(), single_source=True), plan).violations] == rules, plan
    assert check(problem_of(Case()), plan).violations == ()
