"""Known bugs of HiGHS against the guard: the true value, a refusal, or unknown; never a wrong answer."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from benchmarks.bug_panel import PANEL, UNBOUNDED, Case, guarded

from gst_opt.core.errors import SolverError
from gst_opt.solve.belief import Ended, Refusal
from gst_opt.solve.highs import Run
from gst_opt.solve.once import Limits

SECONDS = 1.0
REFUSED = {"a disjunction at the edge of a tolerance"}
UNKNOWN = {"parity over free whole numbers", "a whole number without end"}


def solve(case: Case) -> Run:
    return guarded(case.model, Limits(1e-6, time.monotonic() + SECONDS, 0))


@pytest.mark.parametrize("case", PANEL, ids=[case.name for case in PANEL])
def test_the_guard_is_right_or_says_that_it_does_not_know(case: Case) -> None:
    started = time.monotonic()
    if case.name in REFUSED:
        with pytest.raises(SolverError, match="row"):
            solve(case)
        return
    run = solve(case)
    assert time.monotonic() - started < SECONDS + 5.0, case.wrong
    if case.name in UNKNOWN:
        assert run.x is None
        assert run.ended in (Ended.LIMIT, Ended.FAULT)
        assert run.attempts
    elif case.value is None:
        assert run.ended is Ended.INFEASIBLE, case.wrong
    else:
        assert run.ended is Ended.OPTIMAL, case.wrong
        assert run.x is not None
        assert run.bound is not None
        assert float(case.model.terms["cost"].costs @ run.x) == pytest.approx(case.value, abs=1e-6), case.wrong
        assert run.bound == pytest.approx(case.value, rel=1e-5, abs=1e-6), case.wrong


def test_a_wrong_optimum_of_presolve_is_recorded() -> None:
    """HiGHS#3274: the first run says Optimal 1, which nothing contradicts but a second run."""
    run = solve(next(case for case in PANEL if "3274" in case.issue))
    assert [attempt.refused for attempt in run.attempts] in ([Refusal.CONTRADICTED, None], [])


def test_the_panel_has_twelve_cases_and_every_kind_of_answer() -> None:
    assert len(PANEL) >= 12
    assert {case.value for case in PANEL} >= {None, UNBOUNDED}


def test_threads_that_solve_at_once_get_the_same_answers() -> None:
    """HiGHS keeps one number of threads for each thread of a process: in the host, a mix is an error."""
    cases = [case for case in PANEL if case.name not in REFUSED | UNKNOWN] * 2
    with ThreadPoolExecutor(max_workers=3) as threads:
        runs = list(threads.map(solve, cases))
    half = len(cases) // 2
    for case, first, second in zip(cases, runs[:half], runs[half:], strict=False):
        assert (first.ended, first.bound) == (second.ended, second.bound), case.name
