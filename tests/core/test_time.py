"""One calendar: ids, whole periods, exact roll-up."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.errors import GstOptError
from gst_opt.core.time import Grain, Horizon, Period, bounds

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
LONG = [Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK]
FINER = [
    (Grain.QUARTER, Grain.YEAR),
    (Grain.MONTH, Grain.QUARTER),
    (Grain.MONTH, Grain.YEAR),
    (Grain.HALF_DAY, Grain.WEEK),
    (Grain.HALF_DAY, Grain.MONTH),
    (Grain.HALF_DAY, Grain.YEAR),
]


def ids(horizon: Horizon) -> list[str]:
    return [period.id for period in horizon.periods]


@pytest.mark.parametrize(
    ("grain", "start", "expected"),
    [
        (Grain.YEAR, date(2026, 7, 14), ["2026", "2027", "2028"]),
        (Grain.QUARTER, date(2026, 11, 22), ["2026-Q4", "2027-Q1", "2027-Q2"]),
        (Grain.MONTH, date(2026, 11, 30), ["2026-11", "2026-12", "2027-01"]),
        (Grain.WEEK, date(2026, 12, 24), ["2026-W52", "2026-W53", "2027-W01"]),
        (Grain.WEEK, date(2027, 1, 1), ["2026-W53", "2027-W01", "2027-W02"]),
        (Grain.HALF_DAY, date(2026, 3, 6), ["2026-03-06-am", "2026-03-06-pm", "2026-03-09-am"]),
        (Grain.HALF_DAY, date(2026, 3, 7), ["2026-03-09-am", "2026-03-09-pm", "2026-03-10-am"]),
    ],
)
def test_ids_are_those_of_the_calendar(grain: Grain, start: date, expected: list[str]) -> None:
    assert ids(Horizon.of(grain, start, 3)) == expected


@pytest.mark.parametrize(
    ("grain", "day", "first", "last"),
    [
        (Grain.MONTH, date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        (Grain.MONTH, date(2100, 2, 28), date(2100, 2, 1), date(2100, 2, 28)),
        (Grain.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (Grain.WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4)),
        (Grain.YEAR, date.max, date(9999, 1, 1), date.max),
        (Grain.WEEK, date.max, date(9999, 12, 27), date.max),
        (Grain.HALF_DAY, date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_bounds_of_a_period(grain: Grain, day: date, first: date, last: date) -> None:
    assert bounds(grain, day) == (first, last)


@given(st.sampled_from(LONG), DAYS, st.integers(1, 30))
def test_periods_follow_one_another_and_hold_the_start(grain: Grain, start: date, count: int) -> None:
    periods = Horizon.of(grain, start, count).periods
    assert len(periods) == len({period.id for period in periods}) == count
    assert periods[0].start <= start <= periods[0].end
    for before, after in pairwise(periods):
        assert after.start - before.end == timedelta(days=1)


@given(st.sampled_from(FINER), DAYS, st.data())
def test_roll_up_loses_nothing(grains: tuple[Grain, Grain], start: date, data: st.DataObject) -> None:
    fine, coarse = grains
    horizon = Horizon.of(fine, start, data.draw(st.integers(1, 40)))
    values = data.draw(st.dictionaries(st.sampled_from(ids(horizon)), st.integers(0, 10**9).map(float)))
    totals = horizon.roll_up(values, coarse)
    assert list(totals) == ids(horizon.coarser(coarse))
    assert sum(totals.values()) == sum(values.values())
    for parent in horizon.coarser(coarse).periods:
        inside = [period.id for period in horizon.periods if parent.start <= period.start <= parent.end]
        assert totals[parent.id] == sum(values.get(period, 0.0) for period in inside)


@given(DAYS, st.integers(1, 40), st.data())
def test_roll_up_by_quarters_is_the_roll_up_by_years(start: date, count: int, data: st.DataObject) -> None:
    months = Horizon.of(Grain.MONTH, start, count)
    values = {period: float(data.draw(st.integers(0, 1000))) for period in ids(months)}
    quarters = months.coarser(Grain.QUARTER)
    assert quarters.roll_up(months.roll_up(values, Grain.QUARTER), Grain.YEAR) == months.roll_up(values, Grain.YEAR)


def test_a_week_across_two_months_cannot_be_rolled_up() -> None:
    weeks = Horizon.of(Grain.WEEK, date(2026, 3, 23), 2)
    assert ids(Horizon(periods=weeks.periods[:1]).coarser(Grain.MONTH)) == ["2026-03"]
    with pytest.raises(GstOptError, match="The period 2026-W14 does not lie inside one longer period"):
        weeks.coarser(Grain.MONTH)
    with pytest.raises(GstOptError, match="2026-W14"):
        weeks.roll_up({}, Grain.MONTH)


@pytest.mark.parametrize("grain", [Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.HALF_DAY])
def test_a_year_does_not_lie_inside_anything_shorter(grain: Grain) -> None:
    with pytest.raises(GstOptError, match="2026"):
        Horizon.of(Grain.YEAR, date(2026, 1, 1), 1).coarser(grain)


@pytest.mark.parametrize("grain", list(Grain))
def test_the_same_grain_gives_the_same_periods(grain: Grain) -> None:
    horizon = Horizon.of(grain, date(2026, 3, 2), 3)
    assert horizon.coarser(grain) == horizon


def test_own_ids_of_periods_are_kept_at_their_grain() -> None:
    spring = Horizon(periods=(Period(id="T2", grain=Grain.QUARTER, start=date(2026, 4, 1), end=date(2026, 6, 30)),))
    assert spring.roll_up({"T2": 3.0}, Grain.QUARTER) == {"T2": 3.0}
    assert spring.roll_up({"T2": 3.0}, Grain.YEAR) == {"2026": 3.0}


def test_a_value_of_an_unknown_period_is_refused() -> None:
    with pytest.raises(GstOptError, match=r"2025-12, 2026-1$"):
        Horizon.of(Grain.MONTH, date(2026, 1, 1), 3).roll_up({"2026-1": 1.0, "2025-12": 1.0}, Grain.YEAR)


def test_periods_are_kept_in_order_of_time() -> None:
    periods = Horizon.of(Grain.WEEK, date(2026, 12, 7), 6).periods
    assert Horizon(periods=periods[::-1]).periods == periods
    halves = Horizon.of(Grain.HALF_DAY, date(2026, 3, 2), 4).periods
    assert Horizon(periods=halves[::-1]).periods == halves
