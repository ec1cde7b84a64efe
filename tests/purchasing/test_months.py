"""A year's needs by month: shares of days, the same totals; calendars that have no months are refused."""

import math
from datetime import date

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Requirement
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.purchasing.demand import total
from gst_opt.pillars.purchasing.months import months_of


@pytest.fixture(scope="module")
def towns() -> gst.Grouping:
    return gst.load_sample("two_towns")


def test_acts_follow_days(towns: gst.Grouping) -> None:
    """4,500 consultations in North: 31 and 28 days of 365."""
    year = gst.purchases_by_month(towns)
    acts = {
        row.period: row.acts for row in year.activity if (row.facility, row.service) == ("hp-north", "consultation")
    }
    assert len(acts) == 12
    assert acts["2026-01"] == pytest.approx(4_500 * 31 / 365)
    assert acts["2026-02"] == pytest.approx(4_500 * 28 / 365)
    assert math.fsum(acts.values()) == pytest.approx(4_500)


def test_the_tender_of_the_months_is_that_of_the_year(towns: gst.Grouping) -> None:
    year, months = (gst.AwardProblem.of(one) for one in (towns, gst.purchases_by_month(towns)))
    assert months.demand == pytest.approx(year.demand)
    assert {place: total(own) for place, own in months.required.items()} == pytest.approx(
        {place: total(own) for place, own in year.required.items()}
    )
    assert gst.solve(months).objective == pytest.approx(95_625.74)


def test_rows_of_requirements_are_spread_too(towns: gst.Grouping) -> None:
    """365 boxes for South: a box a day."""
    row = Requirement(facility="csu-south", need="gloves", period="2026", units=365)
    year = gst.purchases_by_month(towns.replace(catalogue=towns.catalogue.replace(requirements=(row,))))
    units = {one.period: one.units for one in year.catalogue.requirements}
    assert (units["2026-02"], units["2026-12"]) == pytest.approx((28, 31))


def test_a_calendar_of_months_stays_as_it_is(towns: gst.Grouping) -> None:
    once = gst.purchases_by_month(towns)
    assert gst.purchases_by_month(once) == once


def test_weeks_are_not_made_of_months() -> None:
    weeks = Horizon.of(Grain.WEEK, date(2026, 1, 1), 4)
    with pytest.raises(gst.GstOptError, match="2026-W01"):
        months_of(weeks)
