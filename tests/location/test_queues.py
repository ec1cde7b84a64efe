"""Waits: the formula against Erlang C, the use that a longest wait allows, and the lines that the goal counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.equipment import Equipment, EquipmentType, SessionStandard
from gst_opt.pillars.platforms.location.queues import mean_minutes, use_limit, wait, wait_lines

SCANNER = EquipmentType(
    id="scanner",
    name_fr="Scanner",
    name_en="Scanner",
    sessions_per_week=10,
    minutes_per_session=240,
    weeks_per_year=50,
    max_use=0.9,
)
A_DAY = 50 * 10 * 240 / 365
"""Open minutes of a unit in a day: 328.8."""
USES = st.floats(0.01, 0.97)
UNITS = st.integers(1, 10)
TYPES = st.builds(
    lambda variability, max_use: SCANNER.replace(variability=variability, max_use=max_use),
    st.floats(0, 4),
    st.floats(0.05, 1),
)


def erlang_c(units: int, use: float) -> float:
    """Return the mean wait of M/M/c in mean service times, by the recursion of Erlang B."""
    blocked = 1.0
    for count in range(1, units + 1):
        blocked = units * use * blocked / (count + units * use * blocked)
    return blocked / (1 - use * (1 - blocked)) / (units * (1 - use))


def test_one_unit_is_exact() -> None:
    """M/M/1 at a use of 0.8, 20 minutes an act: 20 x 0.8 / 0.2 = 80 open minutes; a day has 328.8."""
    assert wait(SCANNER, 1, 0.8, 20) == pytest.approx(80 / A_DAY)


@pytest.mark.parametrize("units", range(1, 11))
def test_the_formula_is_as_near_to_erlang_c_as_its_page_says(units: int) -> None:
    for use in np.linspace(0.01, 0.98, 98):
        found, exact = wait(SCANNER, units, float(use), 1) * A_DAY, erlang_c(units, float(use))
        assert exact - 1e-4 <= found <= exact + 0.034
        if use >= 0.8:
            assert found <= 1.08 * exact


def test_two_units_of_one_queue_wait_less_than_two_queues() -> None:
    """At a use of 0.9 two units that share a queue wait less than half as long as each alone: 0.48."""
    assert wait(SCANNER, 2, 0.9, 20) < 0.5 * wait(SCANNER, 1, 0.9, 20)


def test_irregular_arrivals_wait_in_proportion() -> None:
    assert wait(SCANNER.replace(variability=2), 3, 0.8, 20) == pytest.approx(2 * wait(SCANNER, 3, 0.8, 20))


def test_waits_at_the_ends() -> None:
    """At a use of 1 a queue grows for ever: it counts as one of 0.999, 20 x 999 minutes at one unit."""
    assert wait(SCANNER, 0, 0.5, 20) == wait(SCANNER, 2, 0.0, 20) == 0.0
    assert wait(SCANNER, 1, 1.0, 20) == wait(SCANNER, 1, 1.3, 20) == pytest.approx(20 * 999 / A_DAY)


def test_a_longest_wait_never_allows_a_use_of_1() -> None:
    """Unless nothing is irregular, so that nobody waits."""
    kind = SCANNER.replace(max_use=1.0)
    assert use_limit(kind.replace(variability=0), 1, 20, 0.0) == 1.0
    assert 0.999 < use_limit(kind, 1, 20, 100 * wait(kind, 1, 0.999, 20)) < 1


def test_a_longest_wait_limits_the_use() -> None:
    """One unit, 20 minutes an act, 80 minutes at most: 20 u / (1 - u) = 80 at u = 0.8, below 0.9."""
    assert use_limit(SCANNER, 1, 20, 80 / A_DAY) == pytest.approx(0.8, abs=1e-12)
    assert use_limit(SCANNER, 1, 20, 1000 / A_DAY) == 0.9
    assert use_limit(SCANNER, 1, 20, None) == 0.9
    assert use_limit(SCANNER, 0, 20, None) == 0.0
    assert use_limit(SCANNER, 1, 20, 0.0) == pytest.approx(0.0, abs=1e-12)


@given(TYPES, UNITS, st.floats(1, 300), st.floats(0, 30))
def test_the_use_allowed_is_within_both_limits_and_grows_with_units(
    kind: EquipmentType, units: int, minutes: float, longest: float
) -> None:
    limit = use_limit(kind, units, minutes, longest)
    assert 0 <= limit <= kind.max_use
    assert wait(kind, units, limit, minutes) <= longest
    if limit < min(kind.max_use, 0.99):
        assert wait(kind, units, limit + 1e-6, minutes) > longest
    assert use_limit(kind, units + 1, minutes, longest) >= limit - 1e-12


def test_lines_by_hand() -> None:
    """One unit (120,000 minutes) up to a use of 0.7: 365 u^2 / (1 - u) patient-days: 0, 182.5 at 0.5, 596.17 at 0.7."""
    slopes, intercepts = wait_lines(SCANNER, 1, 20, 0.7)
    first, second = 182.5 / 60_000, (365 * 0.49 / 0.3 - 182.5) / 24_000
    np.testing.assert_allclose(slopes, [first, second])
    np.testing.assert_allclose(intercepts, [0, 182.5 - second * 60_000], atol=1e-9)


@given(TYPES, UNITS, st.floats(1, 300), USES, USES)
def test_lines_join_the_curve_and_are_never_below_it(
    kind: EquipmentType, units: int, minutes: float, use: float, max_use: float
) -> None:
    slopes, intercepts = wait_lines(kind, units, minutes, max_use)

    def lines(at: float) -> float:
        return float(np.max(slopes * at * units * kind.minutes_per_year + intercepts))

    def curve(at: float) -> float:
        return at * units * kind.minutes_per_year / minutes * wait(kind, units, at, minutes)

    assert (np.diff(slopes) >= -1e-9).all()
    assert lines(max_use) == pytest.approx(curve(max_use), abs=1e-6)
    assert lines(0.0) == pytest.approx(0.0, abs=1e-9)
    if use <= max_use:
        assert lines(use) >= curve(use) - 1e-6
        assert lines(use) <= curve(max_use) + 1e-6


def test_lines_end_where_there_is_nothing_to_use_and_at_0_98() -> None:
    for slopes, intercepts in (wait_lines(SCANNER, 0, 20, 0.9), wait_lines(SCANNER, 1, 20, 0.0)):
        assert slopes.tolist() == intercepts.tolist() == [0.0]
    for full, near in zip(wait_lines(SCANNER, 2, 20, 1.0), wait_lines(SCANNER, 2, 20, 0.98), strict=True):
        np.testing.assert_array_equal(full, near)


def test_mean_minutes_of_a_type() -> None:
    rows = (("scanner", "head", 20.0), ("scanner", "body", 30.0), ("mri", "head", 45.0))
    standards = tuple(
        SessionStandard(equipment_type=kind, service=service, minutes_per_act=minutes, source="test")
        for kind, service, minutes in rows
    )
    equipment = Equipment(session_standards=standards)
    assert mean_minutes(equipment, "scanner") == 25.0
    assert mean_minutes(equipment, "theatre") == 0.0
