"""What is believed of a run, and what is tried next: every status, and each way in which a run can lie."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named

from gst_opt.model.linear import Floats
from gst_opt.solve import highs
from gst_opt.solve.belief import CLAIMS, LADDER, Claim, Ended, Refusal, Rung
from gst_opt.solve.components import Part, whole
from gst_opt.solve.highs import Run, minimise
from gst_opt.solve.once import DIED, Answer, Limits, once
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.run import direct
from gst_opt.solve.standard import Extra, standard_form
from gst_opt.solve.workers import borrowed, close_workers
from gst_opt.text import Lang
from tests.solve.random_models import FORMULATION, RandomProblem, check
from tests.solve.test_run import knapsack as hard_part

LIMITS = Limits(1e-4, None, 0)
TWO = np.array([2.0])
EXPECTED = {
    Claim.OPTIMAL: (Ended.OPTIMAL, Ended.FAULT),
    Claim.NODES: (Ended.NODES, Ended.NODES),
    Claim.LIMIT: (Ended.LIMIT, Ended.LIMIT),
    Claim.INTERRUPT: (Ended.INTERRUPT, Ended.INTERRUPT),
    Claim.INFEASIBLE: (Ended.FAULT, Ended.INFEASIBLE),
    Claim.EITHER: (Ended.FAULT, Ended.INFEASIBLE),
    Claim.UNBOUNDED: (Ended.FAULT, Ended.FAULT),
    Claim.MEMORY: (Ended.FAULT, Ended.FAULT),
    Claim.NOTHING: (Ended.FAULT, Ended.FAULT),
}
"""How a run that always says the same ends, with and without a point."""


def part(rows: Any = (([1.0], 2.0, INF),), columns: Any = ((0.0, 5.0, 1),)) -> Part:
    """x >= 2, x whole and at most 5."""
    return whole(named([1.0], rows, columns))


def run(monkeypatch: pytest.MonkeyPatch, *answers: Answer, known: Floats | None = None, **of: Any) -> Run:
    """Minimise x with a solver that gives these answers, the last one for ever."""
    said, last = iter(answers), answers[-1]

    def once(*_: Any) -> Answer:
        nonlocal last
        last = next(said, last)
        return last

    monkeypatch.setattr(highs, "once", once)
    return minimise(part(**of), np.array([1.0]), (), LIMITS, known)


def says(status: str, x: float | None = None, bound: float | None = None) -> Answer:
    point = None if x is None else np.array([x])
    return Answer(point, bound, CLAIMS.get(status, Claim.NOTHING), status, x is not None, nodes=1)


def statuses() -> Iterator[str]:
    """Ask a process of its own: the host never imports HiGHS."""
    code = "import highspy; print(*highspy.HighsModelStatus.__members__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    yield from done.stdout.split()


def test_every_status_of_highs_is_mapped() -> None:
    assert set(statuses()) == set(CLAIMS)


@pytest.mark.parametrize("status", [*CLAIMS, "refused", "kFromTheFuture"])
@pytest.mark.parametrize("has_point", [True, False])
def test_each_status_with_and_without_a_point(monkeypatch: pytest.MonkeyPatch, status: str, has_point: bool) -> None:
    answer = says(status, 2.0, 2.0) if has_point else says(status)
    found = run(monkeypatch, answer)
    with_point, without = EXPECTED[answer.claim]
    assert found.ended is (with_point if has_point else without)
    assert (found.x is not None) == has_point
    assert found.x is None or found.x.tolist() == [2.0]
    assert bool(found.attempts) == (found.ended in (Ended.FAULT,))


def test_an_optimum_is_never_claimed_without_a_point_a_bound_and_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, says("kOptimal", 2.0, 2.0)).ended is Ended.OPTIMAL
    for answer, refusal in (
        (says("kOptimal"), Refusal.POINT),
        (says("kOptimal", 1.0, 1.0), Refusal.ROWS),
        (says("kOptimal", 3.0, 2.0), Refusal.GAP),
        (says("kOptimal", 2.0), Refusal.GAP),
        (says("kOptimal", 3.0, 3.0), Refusal.CONTRADICTED),
    ):
        found = run(monkeypatch, answer, known=TWO if refusal is Refusal.CONTRADICTED else None)
        assert found.ended is Ended.FAULT, refusal
        assert found.bound is None, "a bound that was not believed is not reported"
        assert {attempt.refused for attempt in found.attempts} == {refusal}


def test_a_point_that_is_almost_whole_is_made_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kOptimal", 2.0000004, 2.0))
    assert found.x is not None
    assert (found.x.tolist(), found.ended) == ([2.0], Ended.OPTIMAL)


def test_the_ladder_is_seed_then_presolve_then_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kSolveError"))
    assert [attempt.options for attempt in found.attempts] == ["", "seed + 1", "presolve off", "seed + 1, jump off"]
    assert LADDER[1].options(7) == {
        "random_seed": 8,
        "presolve": "choose",
        "mip_heuristic_run_feasibility_jump": True,
    }
    assert LADDER[3].options(2**31 - 1)["random_seed"] == 0


def test_presolve_stays_on_where_a_switch_is_loose(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (([1.0, -2e4], -INF, 0.0),)
    costs = np.array([1.0, 1.0])
    loose = whole(named([1.0, 1.0], rows, ((1.0, 2e4), (0.0, 1.0, 1))))
    monkeypatch.setattr(highs, "once", lambda *_: says("kSolveError"))
    found = minimise(loose, costs, (), LIMITS, None)
    assert [attempt.options for attempt in found.attempts] == ["", "seed + 1", "seed + 1, jump off"]


def test_a_retry_that_is_believed_ends_the_ladder_and_both_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kSolveError"), says("kOptimal", 2.0, 2.0))
    assert found.ended is Ended.OPTIMAL
    assert [attempt.refused for attempt in found.attempts] == [Refusal.STATUS, None]


def test_a_worker_that_dies_leaves_its_point_and_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    died = Answer(np.array([3.0]), 1.5, Claim.NOTHING, DIED)
    found = run(monkeypatch, died)
    assert found.x is not None
    assert (found.x.tolist(), found.bound, found.ended) == ([3.0], 1.5, Ended.FAULT)
    assert {attempt.refused for attempt in found.attempts} == {Refusal.DIED}


def test_a_lack_of_memory_is_not_a_limit_of_time_and_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kMemoryLimit", 3.0, 1.5))
    assert found.x is not None
    assert (found.x.tolist(), found.bound, found.ended) == ([3.0], 1.5, Ended.FAULT)
    (attempt,) = found.attempts
    assert (attempt.text(), attempt.text(Lang.FR)) == (
        "kMemoryLimit: it ran out of memory",
        "kMemoryLimit: la mémoire a manqué",
    )
    assert run(monkeypatch, says("kIterationLimit")).ended is Ended.FAULT, "no limit on iterations is ever set"


def test_infeasible_needs_a_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    no, yes = says("kInfeasible"), says("kOptimal", 2.0, 2.0)
    assert run(monkeypatch, no, no).ended is Ended.INFEASIBLE
    assert run(monkeypatch, no, no).attempts == ()
    against = run(monkeypatch, no, yes)
    assert against.ended is Ended.OPTIMAL
    assert [attempt.refused for attempt in against.attempts] == [Refusal.CONTRADICTED, None]
    alone = run(monkeypatch, no, says("kTimeLimit"), no, says("kTimeLimit"))
    assert (alone.x, alone.ended) == (None, Ended.FAULT)
    assert {attempt.refused for attempt in alone.attempts} == {Refusal.ALONE}


def test_infeasible_is_never_believed_against_a_known_point(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kInfeasible"), known=TWO)
    assert found.ended is Ended.FAULT
    assert found.x is TWO


def test_rows_that_contradict_one_another_are_a_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    """x >= 6 with x at most 5: one run is enough."""
    found = run(monkeypatch, says("kInfeasible"), says("kTimeLimit"), rows=(([1.0], 6.0, INF),))
    assert found.ended is Ended.INFEASIBLE


def test_a_column_without_a_value_is_infeasible_without_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(monkeypatch, says("kSolveError"), columns=((0.2, 0.8, 1),))
    assert found == Run(None, None, Ended.INFEASIBLE)


def test_unbounded_or_infeasible_is_settled_without_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    either = says("kUnboundedOrInfeasible")
    found = run(monkeypatch, either, says("kOptimal", 2.0, 0.0))
    assert found.ended is Ended.FAULT
    assert [attempt.refused for attempt in found.attempts] == [Refusal.UNBOUNDED]
    assert run(monkeypatch, either, says("kInfeasible")).ended is Ended.INFEASIBLE


def test_a_better_point_without_presolve_refutes_an_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS#3274."""
    found = run(monkeypatch, says("kOptimal", 3.0, 3.0), says("kOptimal", 2.0, 2.0))
    assert found.x is not None
    assert (found.x.tolist(), found.bound, found.ended) == ([2.0], 2.0, Ended.OPTIMAL)
    assert [attempt.refused for attempt in found.attempts] == [Refusal.CONTRADICTED, None]


@pytest.mark.parametrize(("bound", "refuted"), [(2.5, True), (2.000_01, True), (1.999_999, False), (1.5, False)])
def test_a_point_below_the_bound_refutes_it_however_large_the_gap(
    monkeypatch: pytest.MonkeyPatch, bound: float, refuted: bool
) -> None:
    """A point of 2 where 3 was said to be within one half of the optimum: it is, unless the bound is above 2."""
    monkeypatch.setattr("tests.solve.test_belief.LIMITS", replace(LIMITS, gap=0.5))
    found = run(monkeypatch, says("kOptimal", 3.0, bound), says("kOptimal", 2.0, 2.0))
    assert found.x is not None
    assert found.ended is Ended.OPTIMAL
    if refuted:
        assert (found.x.tolist(), found.bound) == ([2.0], 2.0)
        assert [attempt.refused for attempt in found.attempts] == [Refusal.CONTRADICTED, None]
    else:
        assert (found.x.tolist(), found.bound, found.attempts) == ([3.0], bound, ())


@pytest.mark.parametrize(("seconds", "effort"), [(0.001, 0.03), (2.0, 0.04)])
def test_the_second_look_is_given_a_share_of_the_run(
    monkeypatch: pytest.MonkeyPatch, seconds: float, effort: float
) -> None:
    given: list[Limits] = []

    def once(_: object, limits: Limits, *__: object) -> Answer:
        given.append(limits)
        return replace(says("kOptimal", 2.0, 2.0), seconds=seconds)

    monkeypatch.setattr(highs, "once", once)
    assert minimise(part(), np.array([1.0]), (), LIMITS, None).ended is Ended.OPTIMAL
    first, second = given
    assert (first.effort, second.effort) == (None, effort)
    assert second.deadline is not None
    assert second.margin is not None
    assert second.deadline + second.margin <= time.monotonic() + highs.CONFIRM_SECONDS


def test_a_run_ends_when_its_effort_is_spent() -> None:
    hard, costs = hard_part(60)
    answer = once(standard_form(hard, costs), replace(LIMITS, effort=0.1), None, Rung(presolve=False))
    assert answer.claim is Claim.INTERRUPT
    assert 0.1 <= answer.seconds < 10.0


LINEAR = whole(named([2.0, 3.0], (([1.0, 1.0], 4.0, INF),), ((0.0, 3.0), (0.0, INF))))
"""a = 3, b = 1: 9 in all, each unit more that is asked for costs 3."""


def test_the_bound_of_a_linear_problem_is_proven_by_its_duals() -> None:
    """Not the solver's own figure, which is the value itself: what the host's arithmetic proves is a little less."""
    found = minimise(LINEAR, np.array([2.0, 3.0]), (), replace(LIMITS, gap=0.0), None)
    assert found.x is not None
    assert found.bound is not None
    assert (found.x.tolist(), found.ended, found.attempts) == ([3.0, 1.0], Ended.OPTIMAL, ())
    assert 9.0 - 1e-9 < found.bound < 9.0


@pytest.mark.parametrize("dual", [3.0, 2.0, -1.0])
def test_an_optimum_of_a_linear_problem_that_its_duals_do_not_prove_is_refused(
    monkeypatch: pytest.MonkeyPatch, dual: float
) -> None:
    """The solver says that (3, 1.1) is best, 9.3 in all."""

    class Wrong:
        alive = True

        def request(self, *_: object) -> None: ...

        def next_frame(self, _: float) -> Any:
            header = {"kind": "answer", "status": "kOptimal", "bound": None, "nodes": 0}
            return header, {"x": np.array([3.0, 1.1]), "duals": np.array([dual])}

    monkeypatch.setattr(sys.modules[once.__module__], "borrowed", lambda **_: nullcontext(Wrong()))
    found = minimise(LINEAR, np.array([2.0, 3.0]), (), LIMITS, None)
    assert found.x is not None
    assert (found.x.tolist(), found.ended) == ([3.0, 1.1], Ended.FAULT)
    assert found.bound is None, "a bound that was not believed is not reported"
    assert {attempt.refused for attempt in found.attempts} == {Refusal.GAP}


def test_costs_and_coefficients_that_a_warm_lp_refuses_have_a_proven_bound_too() -> None:
    """A row that keeps a goal in MAD by the billion."""
    kept = Extra(np.array([-3e10, 0.0]), -6e10)
    found = minimise(LINEAR, np.array([2.0, 3.0]), (kept,), LIMITS, None)
    assert found.ended is Ended.OPTIMAL
    assert found.bound == pytest.approx(9.0)


ONE_AND_A_HALF = whole(named([1.0, 1.0], (([1.0, 1.0], 2.5, 2.5),), ((0.0, 5.0, 1), (0.0, 5.0))))
"""x + y = 2.5 with x whole: (1.4, 1.1) is repaired to (1, 1.5)."""


def repaired(monkeypatch: pytest.MonkeyPatch, late: float, sound: Floats | None) -> tuple[Run, int]:
    """Minimise with a run that is `late` and leaves a point to be repaired; return what came and how many runs more."""
    runs = []

    def once_late(*of: Any) -> Answer:
        runs.append(of)
        if len(runs) > 1:
            return once(*of)
        return Answer(np.array([1.4, 1.1]), None, Claim.LIMIT, "kTimeLimit", sound=sound)

    monkeypatch.setattr(highs, "once", once_late)
    limits = Limits(1e-4, time.monotonic() - late, 0)
    found = minimise(ONE_AND_A_HALF, np.array([1.0, 0.0]), (), limits, None)
    return found, len(runs) - 1


def test_a_point_of_a_run_that_overran_its_limit_is_repaired_only_where_there_is_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with borrowed() as worker:
        assert worker.settled(20.0), "a start on a busy machine could outlast the repair"
    sound = np.array([2.0, 0.5])
    for late, known, expected, runs in (
        (0.0, sound, [1.0, 1.5], 1),
        (5.0, None, [1.0, 1.5], 1),
        (5.0, sound, [2.0, 0.5], 0),
    ):
        found, more = repaired(monkeypatch, late, known)
        assert found.x is not None
        assert (found.x.tolist(), more, found.ended) == (expected, runs, Ended.LIMIT)


def test_a_repair_that_hangs_is_killed_without_grace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    close_workers()
    monkeypatch.setattr(sys, "executable", str(program))
    started = time.monotonic()
    found, runs = repaired(monkeypatch, 5.0, None)
    assert time.monotonic() - started < highs.REPAIR_SECONDS + 1.0
    assert (found.x, runs, found.ended) == (None, 1, Ended.LIMIT)


def test_an_attempt_is_said_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = run(monkeypatch, says("kSolveError"), says("kOptimal", 2.0, 2.0)).attempts
    assert first.text() == "kSolveError: a status that says nothing"
    assert second.text(Lang.FR) == "seed + 1: kOptimal: vérifié et retenu"
    assert Rung().name == ""


def test_attempts_are_in_the_provenance(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[bool] = []

    def fails_first(*of: Any) -> Answer:
        if not failed:
            failed.append(True)
            return says("kSolveError")
        return once(*of)

    monkeypatch.setattr(highs, "once", fails_first)
    problem = RandomProblem(upper=(2, 2), matrix=((1, 3),), low=(2,), high=(5,), first=(2, 1), second=(0, 0))
    result = direct(FORMULATION, problem, check, SolveOptions(workers=1))
    assert result.objective == 1
    assert [attempt.refused for attempt in result.provenance.attempts] == [Refusal.STATUS, None]
    assert result.provenance.coefficient_range == (1.0, 3.0)
