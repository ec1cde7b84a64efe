"""Why there is no plan: the rules that contradict one another, and the least that would have to give way."""

import itertools
import os
import signal
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named

import gst_opt as gst
from gst_opt.model.linear import Floats
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.problem import MovePin
from gst_opt.solve import conflict, stages
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled
from gst_opt.solve.components import Part, split, whole
from gst_opt.solve.conflict import explain
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.restrict import minimise_large
from gst_opt.solve.result import Conflict, Status
from gst_opt.solve.run import direct
from gst_opt.solve.workers import borrowed, close_workers
from tests.solve.hard import on_linux, workers_of
from tests.solve.random_models import FORMULATION, RandomProblem, check, draw
from tests.staff.toys import triangle

ONE = SolveOptions(workers=1)


def rows_of(matrix: Floats, sides: Floats, upper: Floats) -> tuple[Compiled, Part]:
    """Return equations over whole numbers from 0, each row a rule."""
    rows = [(row.tolist(), float(side), float(side)) for row, side in zip(matrix, sides, strict=True)]
    model = named([0.0] * len(upper), rows, [(0.0, float(bound), 1) for bound in upper])
    return model, whole(model)


def conflict_of(problem: RandomProblem) -> Conflict:
    result = direct(FORMULATION, problem, check, ONE)
    assert result.status is Status.INFEASIBLE
    assert result.conflict is not None
    return result.conflict


def test_a_pin_beyond_what_can_leave_is_named_with_the_rule_that_it_meets() -> None:
    """The hospital can spare 1 doctor; a pin asks that 2 leave. Either gives way by 1."""
    pin = MovePin(kind=PinKind.AT_LEAST, value=2, origin="hospital", reason="promised to the unions")
    result = gst.solve(triangle(pin), ONE)
    conflict = result.conflict
    assert conflict is not None
    assert conflict.rules == ("pins", "release")
    (relaxation,) = conflict.relaxations
    assert (relaxation.rule, relaxation.asked, relaxation.needed) in (("pins", 2.0, 1.0), ("release", 1.0, 2.0))
    with pytest.raises(gst.NoPlanError, match="contradict"):
        result.require()


def test_a_pin_that_nothing_can_keep_is_alone() -> None:
    pin = MovePin(kind=PinKind.AT_LEAST, value=1, origin="far", reason="promised to the unions")
    conflict = gst.solve(triangle(pin), ONE).conflict
    assert conflict is not None
    assert conflict.rules == ("pins",)
    assert [r.place for r in conflict.relaxations] == ["1: promised to the unions"]
    assert conflict.text(gst.Lang.EN).splitlines() == [
        "These rules contradict one another: pinned decisions. The least change that would allow a plan:",
        "  rule pinned decisions (1: promised to the unions): at least 1 is asked, 0 is possible",
    ]
    assert "au moins 1 est demandé, 0 est possible" in conflict.text(gst.Lang.FR)


def test_a_conflict_of_whole_numbers_is_explained() -> None:
    """2 x = 1: the relaxation has a point, whole numbers have none; 2 x = 0 or 2 is one unit away."""
    problem = RandomProblem(upper=(2,), matrix=((2,),), low=(1,), high=(1,), first=(1,), second=(0,))
    (relaxation,) = conflict_of(problem).relaxations
    assert (relaxation.asked, relaxation.needed) in ((1.0, 0.0), (1.0, 2.0))


def two_without_a_plan() -> RandomProblem:
    """x from 5 up but at most 2; y from 7 up but at most 3; z free."""
    return RandomProblem(
        upper=(9, 9, 9),
        matrix=((1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1)),
        low=(5, 0, 7, 0, 0),
        high=(9, 2, 9, 3, 9),
        first=(1, 1, 1),
        second=(0, 0, 0),
    )


def in_pieces(compiled: Compiled) -> list[Part]:
    return split(compiled, small=1)


def test_every_part_without_a_plan_is_explained() -> None:
    """One explained alone would say that a change of 3 is enough; 3 + 4 are needed."""
    result = direct(FORMULATION, two_without_a_plan(), check, ONE, splitter=in_pieces)
    assert (result.status, result.provenance.parts) == (Status.INFEASIBLE, 3)
    assert result.conflict is not None
    assert result.conflict.proven
    assert [abs(r.asked - r.needed) for r in result.conflict.relaxations] == [3.0, 4.0]
    allowed = two_without_a_plan().replace(low=(2, 0, 3, 0, 0))
    assert direct(FORMULATION, allowed, check, ONE, splitter=in_pieces).status is Status.OPTIMAL


def test_the_change_is_the_least_only_if_it_is_in_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(part: Part, costs: Floats, *of: Any) -> Run:
        run = minimise(part, costs, *of)
        return replace(run, ended=Ended.LIMIT) if 7.0 in part.row_lower and costs.any() else run

    monkeypatch.setattr(conflict, "minimise", cut)
    found = direct(FORMULATION, two_without_a_plan(), check, ONE, splitter=in_pieces).conflict
    assert found is not None
    assert not found.proven
    assert len(found.relaxations) == 2


def test_a_part_whose_search_was_cut_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second part is not known to have no plan when the search ends, but the change named must allow one."""

    def cut(part: Part, *of: Any) -> Run:
        return Run(None, None, Ended.LIMIT) if 7.0 in part.row_lower else minimise_large(part, *of)

    monkeypatch.setattr(stages, "minimise_large", cut)
    found = direct(FORMULATION, two_without_a_plan(), check, ONE, splitter=in_pieces).conflict
    assert found is not None
    assert [abs(r.asked - r.needed) for r in found.relaxations] == [3.0, 4.0]


def least_violation(problem: RandomProblem) -> int:
    """Return the least total distance of rows from their sides, by enumeration."""
    matrix = np.array(problem.matrix).reshape(len(problem.low), len(problem.upper))
    totals = []
    for x in itertools.product(*(range(limit + 1) for limit in problem.upper)):
        activity = matrix @ np.array(x)
        totals.append(np.maximum(problem.low - activity, 0).sum() + np.maximum(activity - problem.high, 0).sum())
    return int(min(totals))


def explain_all(seeds: range) -> None:
    explained = 0
    for seed in seeds:
        problem = draw(seed)
        least = least_violation(problem)
        if least == 0:
            continue
        relaxations = conflict_of(problem).relaxations
        assert sum(abs(r.asked - r.needed) for r in relaxations) == pytest.approx(least), seed
        explained += 1
    assert explained > len(seeds) / 10


def test_the_least_violation_equals_enumeration() -> None:
    explain_all(range(100))


@pytest.mark.slow
def test_the_least_violation_equals_enumeration_over_2000_models() -> None:
    explain_all(range(2000))


def test_a_feasible_problem_has_no_conflict() -> None:
    assert gst.solve(triangle(), ONE).conflict is None


def test_a_change_that_is_not_proven_to_be_the_least_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*of: Any) -> Run:
        run = minimise(*of)
        return run if run.ended is Ended.INFEASIBLE else replace(run, ended=Ended.LIMIT)

    problem = RandomProblem(upper=(2,), matrix=((2,),), low=(1,), high=(1,), first=(1,), second=(0,))
    assert conflict_of(problem).proven
    monkeypatch.setattr(conflict, "minimise", cut)
    found = direct(FORMULATION, problem, check, ONE)
    assert found.conflict is not None
    assert not found.conflict.proven
    with pytest.raises(gst.NoPlanError, match=r"A change that would allow a plan \(the search ended before"):
        found.require()
    assert "Un changement qui permettrait un plan (le calcul s'est arrêté" in found.text(gst.Lang.FR)


def test_a_hard_conflict_is_cut_and_says_that_it_is_not_proven() -> None:
    """Five equations over forty 0/1 columns (market split): that none has a point takes far more than a second."""
    rng = np.random.default_rng(1)
    matrix = rng.integers(0, 100, (5, 40)) * 2
    sides = matrix.sum(axis=1) // 2 // 2 * 2 + 1
    model, part = rows_of(matrix.astype(float), sides.astype(float), np.ones(40))
    started = time.monotonic()
    found = explain(model, [part], (), Limits(1e-4, started + 2.0, 0))
    assert time.monotonic() - started < 3.0
    assert found is not None
    assert not found.proven
    assert sum(abs(one.asked - one.needed) for one in found.relaxations) >= 5 - 1e-6


@pytest.mark.parametrize("bound", [1e10, 1e12, INF])
def test_a_conflict_of_whole_numbers_without_a_useful_bound_is_explained(bound: float) -> None:
    """2 x + 4 y = 7 for whole x and y: one unit away, whatever the solver makes of their bounds."""
    model, part = rows_of(np.array([[2.0, 4.0]]), np.array([7.0]), np.full(2, bound))
    started = time.monotonic()
    found = explain(model, [part], (), Limits(1e-4, started + 5.0, 0))
    assert time.monotonic() - started < 6.0
    assert found is not None
    assert sum(abs(one.asked - one.needed) for one in found.relaxations) == pytest.approx(1.0)
    assert found.proven


@on_linux
def test_an_explanation_is_over_at_its_deadline_even_if_its_worker_hangs() -> None:
    close_workers()
    model, part = rows_of(np.array([[2.0, 4.0]]), np.array([7.0]), np.full(2, 9.0))
    with borrowed() as worker:
        assert worker.settled(20.0)
    for pid in workers_of(os.getpid()):
        os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    assert explain(model, [part], (), Limits(1e-4, started + 0.5, 0)) is None
    assert time.monotonic() - started < 2.0
