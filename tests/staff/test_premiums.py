"""Premiums by step: where a step begins, and what is paid beside the steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.mobility import PremiumKind, PremiumStep
from gst_opt.pillars.staff.premiums import premium


def step(threshold: float, amount: float, kind: PremiumKind = PremiumKind.MOVE) -> PremiumStep:
    return PremiumStep(kind=kind, threshold=threshold, amount=amount, source="test")


def test_a_step_begins_at_its_threshold_and_holds_until_the_next() -> None:
    """From 100 km on the premium is less: nothing says that it must rise. Text order would put 100 before 20."""
    steps = (step(100, 5000), step(20, 12000), step(9, 3000))
    km = np.array([[0, 8.9, 9], [19.9, 20, 99.9], [100, 500, np.inf]])
    paid = [[0, 0, 3000], [3000, 12000, 12000], [5000, 5000, 5000]]
    assert premium(steps, PremiumKind.MOVE, km).tolist() == paid


def test_a_kind_without_steps_pays_nothing() -> None:
    assert premium([step(0, 900)], PremiumKind.MISSION, np.array([0.0, 50.0])).tolist() == [0.0, 0.0]
    assert premium([step(0, 900)], PremiumKind.MOVE, np.empty(0)).tolist() == []


@given(
    st.dictionaries(st.integers(0, 30), st.integers(0, 9), max_size=6),
    st.lists(st.integers(0, 40), max_size=8),
)
def test_it_is_the_last_step_reached(steps: dict[int, int], amounts: list[int]) -> None:
    slow = [steps[max(below)] if (below := [one for one in steps if one <= amount]) else 0 for amount in amounts]
    rows = [step(threshold, amount) for threshold, amount in steps.items()]
    assert premium(rows, PremiumKind.MOVE, np.array(amounts, dtype=np.float64)).tolist() == slow
