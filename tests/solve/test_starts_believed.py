"""A start that HiGHS takes for the optimum: 500 columns of a redeployment by wishes, the worst province first."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from gst_opt.solve import highs
from gst_opt.solve.belief import LADDER, Claim, Ended, Refusal
from gst_opt.solve.components import Part
from gst_opt.solve.once import Answer, Limits, once
from gst_opt.solve.standard import StandardForm, middle

BEST = 0.37416574882010056
"""Its optimum by HiGHS without presolve, without a start, and by every seed without a start."""


def pruned() -> tuple[Part, np.ndarray, np.ndarray]:
    data = np.load(Path(__file__).parent / "data" / "start_taken_for_optimum.npz")
    rows, columns = len(data["row_lower"]), len(data["cost"])
    starts = np.append(data["start"], len(data["index"]))[: rows + 1]
    part = Part(
        columns=np.arange(columns),
        rows=np.arange(rows),
        matrix=csr_array((data["value"], data["index"], starts), shape=(rows, columns)),
        row_lower=data["row_lower"],
        row_upper=data["row_upper"],
        lower=data["lower"],
        upper=data["upper"],
        integer=data["integer"].astype(bool),
        costs={},
    )
    return part, data["cost"], data["known"]


def test_the_start_is_not_taken_for_the_optimum() -> None:
    part, costs, start = pruned()
    assert float(costs @ start) == pytest.approx(0.38003, abs=1e-5)
    run = highs.minimise(part, costs, (), Limits(1e-4, None, 0), start)
    assert (run.ended, run.attempts) == (Ended.OPTIMAL, ())
    assert run.x is not None
    assert run.bound is not None
    assert float(costs @ run.x) == pytest.approx(BEST, rel=1e-4)
    assert run.bound <= BEST + 1e-9


def test_an_optimum_at_its_start_needs_the_relaxation_or_a_run_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the costs given as they are, HiGHS would stop at the start; a run without it then decides."""
    monkeypatch.setattr(StandardForm, "cost_unit", 1.0)
    part, costs, start = pruned()
    run = highs.minimise(part, costs, (), Limits(1e-4, None, 0), start)
    assert run.x is not None
    assert float(costs @ run.x) == pytest.approx(BEST, rel=1e-4)
    assert run.bound is not None
    assert run.bound <= BEST + 1e-9
    assert [attempt.refused for attempt in run.attempts] in ([Refusal.START, None], [])


def test_costs_are_given_near_one_and_values_and_bounds_come_back_in_their_unit() -> None:
    assert middle(np.array([0.0, 2.0**-13])) == 2.0**-13
    assert middle(np.array([1e-3, -1e3])) == 1.0
    form = StandardForm(
        costs=np.array([-3e6, -2e6]),
        matrix=csr_array(np.array([[1.0, 1.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([1.5]),
        lower=np.zeros(2),
        upper=np.ones(2),
        integer=np.array([True, True]),
    )
    answer: Answer = once(form, Limits(0.0, None, 0), None, LADDER[0])
    assert answer.claim is Claim.OPTIMAL
    assert answer.bound == pytest.approx(-3e6)
