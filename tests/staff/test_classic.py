"""Classical assignment: by hand, by enumeration, and the published instances with their known optima."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from benchmarks.assignments import FOLDER, Instance, instances
from scipy.optimize import linear_sum_assignment

import gst_opt as gst
from gst_opt.pillars.staff.classic import (
    AssignmentPlan,
    AssignmentProblem,
    check,
    generalised_assignment,
    linear_assignment,
)

PROVEN = gst.SolveOptions(gap=0.0, workers=1)
QUICK = ("a", "c0515", "c0520_", "c1050_1")
missing = pytest.mark.skipif(not FOLDER.is_dir(), reason="no published instances: set GST_OPT_BENCH")


def cases(kind: str, *begins: str) -> list[Instance]:
    return [one for one in instances(kind) if one.name.startswith(begins)]


def named(instance: Instance) -> str:
    return f"{instance.name}-{instance.sense}"


def is_proven(instance: Instance) -> None:
    result = generalised_assignment(*instance.assignment(), PROVEN)
    assert (result.status, result.stop, result.checked) == (gst.Status.OPTIMAL, gst.Stop.PROOF, True)
    assert (result.objective, result.bound) == (instance.sign * instance.optimum,) * 2


@missing
@pytest.mark.parametrize("instance", cases("GAP", *QUICK), ids=named)
def test_quick_published_instances_are_proven(instance: Instance) -> None:
    is_proven(instance)


@missing
@pytest.mark.slow
@pytest.mark.parametrize("instance", cases("GAP", ""), ids=named)
def test_every_published_instance_is_proven(instance: Instance) -> None:
    is_proven(instance)


@missing
@pytest.mark.parametrize("instance", cases("LAP", ""), ids=named)
def test_published_linear_assignment_is_proven(instance: Instance) -> None:
    cost = instance.square()
    result = linear_assignment(cost, PROVEN)
    assert (result.objective, result.bound) == (instance.optimum, instance.optimum)
    assert sorted(result.require().agents) == list(range(len(cost)))


def test_two_agents_and_three_jobs_by_hand() -> None:
    """Agent 0 is cheaper for every job (1 each, against 2, 5 and 4) but has room for two: job 0 goes to agent 1."""
    result = generalised_assignment([[1, 1, 1], [2, 5, 4]], [[1, 1, 1], [2, 2, 2]], [2, 3], PROVEN)
    assert (result.objective, result.bound, result.require().agents) == (4.0, 4.0, (1, 0, 0))
    assert result.require().tables()[0].rows == ((0, 1), (1, 0), (2, 0))


def test_bound_of_whole_costs_is_whole_and_that_of_others_is_not() -> None:
    whole = generalised_assignment([[3, 5], [4, 4]], [[2, 2], [2, 2]], [3, 3])
    assert (whole.objective, whole.bound) == (7.0, 7.0)
    parts = generalised_assignment([[0.3, 0.5], [0.4, 0.4]], [[2, 2], [2, 2]], [3, 3], PROVEN)
    assert parts.objective == pytest.approx(0.7)
    assert parts.bound == pytest.approx(0.7)


def by_enumeration(cost: np.ndarray, use: np.ndarray, capacity: np.ndarray) -> float | None:
    agents, jobs = cost.shape
    found = [
        float(sum(cost[agent, job] for job, agent in enumerate(given)))
        for given in itertools.product(range(agents), repeat=jobs)
        if np.all(np.bincount(given, [use[a, j] for j, a in enumerate(given)], agents) <= capacity + 1e-9)
    ]
    return min(found, default=None)


def drawn(seeds: range) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    for seed in seeds:
        rng = np.random.default_rng(seed)
        shape = (int(rng.integers(1, 4)), int(rng.integers(1, 6)))
        yield seed, rng.integers(-9, 20, shape), rng.integers(0, 9, shape), rng.integers(0, 16, shape[0])


def agree(seeds: range) -> None:
    for seed, cost, use, capacity in drawn(seeds):
        result, expected = generalised_assignment(cost, use, capacity, PROVEN), by_enumeration(cost, use, capacity)
        assert result.objective == expected, seed
        assert result.status is (gst.Status.INFEASIBLE if expected is None else gst.Status.OPTIMAL), seed


def test_small_random_assignments_equal_enumeration() -> None:
    agree(range(60))


@pytest.mark.slow
def test_1000_small_random_assignments_equal_enumeration() -> None:
    agree(range(1000))


def test_random_linear_assignments_equal_scipy() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        jobs = int(rng.integers(1, 12))
        cost = rng.normal(size=(jobs + int(rng.integers(0, 4)), jobs))
        rows, columns = linear_sum_assignment(cost)
        assert linear_assignment(cost, PROVEN).objective == pytest.approx(cost[rows, columns].sum(), abs=1e-6)


def test_jobs_that_do_not_fit_name_the_agents_that_lack_room() -> None:
    result = generalised_assignment([[1, 1], [1, 1]], [[3, 3], [4, 4]], [3, 3])
    assert result.status is gst.Status.INFEASIBLE
    with pytest.raises(gst.NoPlanError, match="capacity"):
        result.require()
    assert linear_assignment([[1, 2, 3], [4, 5, 6]]).status is gst.Status.INFEASIBLE


@pytest.mark.parametrize(
    ("call", "problems"),
    [
        (lambda: linear_assignment([[1.0, np.nan], [np.inf, 2.0]]), [("cost", 1, "1"), ("cost", 2, "0")]),
        (lambda: linear_assignment([1, 2]), [("cost", 0, "")]),
        (lambda: linear_assignment(np.zeros((0, 3))), [("cost", 0, "")]),
        (lambda: generalised_assignment(np.zeros((0, 3)), np.zeros((0, 3)), []), [("cost", 0, "")]),
        (lambda: linear_assignment([[1, 2], [3]]), [("cost", 0, "")]),
        (lambda: linear_assignment([["a"]]), [("cost", 0, "")]),
        (lambda: generalised_assignment([[1, 2]], [[1], [2]], [1, 2]), [("capacity", 0, ""), ("use", 0, "")]),
        (lambda: generalised_assignment([[1]], [[-1]], [-2]), [("capacity", 1, ""), ("use", 1, "0")]),
    ],
)
def test_everything_wrong_with_the_arrays_is_said(
    call: Callable[[], object], problems: list[tuple[str, int, str]]
) -> None:
    with pytest.raises(gst.DataError) as caught:
        call()
    assert [(one.table, one.row, one.column) for one in caught.value.problems] == problems
    assert all(one.text(lang) for one in caught.value.problems for lang in gst.Lang)


def test_no_job_costs_nothing() -> None:
    assert linear_assignment(np.zeros((2, 0))).require() == AssignmentPlan(agents=())


def test_check_names_the_rule() -> None:
    problem = AssignmentProblem(cost=((1, 2), (3, 4)), use=((1, 1), (1, 1)), capacity=(1, 1))
    expected = {(0, 1): [], (1, 0): [], (0, 0): ["capacity"], (0, 2): ["each_job"], (0, -1): ["each_job"]}
    for agents, rules in expected.items():
        assert [one.rule for one in check(problem, AssignmentPlan(agents=agents)).violations] == rules, agents
    assert [one.rule for one in check(problem, AssignmentPlan(agents=(0,))).violations] == ["each_job"]
