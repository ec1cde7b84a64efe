"""A year's needs month by month, for call-offs after a tender whose data are by year; no solver."""

from collections.abc import Sequence

from gst_opt.core.errors import GstOptError, expect
from gst_opt.core.grouping import Grouping
from gst_opt.core.time import Grain, Horizon, Period
from gst_opt.text import Message


def purchases_by_month(grouping: Grouping) -> Grouping:
    """Return what a grouping buys, on a calendar of months.

    Acts and units required are spread over the months of their period in proportion to days. Sections that purchases
    do not read (staff, equipment, support, money, needs of care) are left out.

    Raises
    ------
    GstOptError
        If the calendar of the grouping has weeks or half-days.

    Examples
    --------
    >>> from gst_opt.samples import load_sample
    >>> year = purchases_by_month(load_sample("two_towns"))
    >>> len(year.horizon.periods), {row.period for row in year.activity} >= {"2026-01", "2026-12"}
    (12, True)
    """
    expect(grouping, Grouping)
    calendar, shares = months_of(grouping.horizon)
    return Grouping(
        id=grouping.id,
        name=grouping.name,
        horizon=calendar,
        region=grouping.region,
        services=grouping.services,
        activity=tuple(
            row.replace(period=month, acts=share * row.acts)
            for row in grouping.activity
            for month, share in shares[row.period].items()
        ),
        catalogue=grouping.catalogue.replace(
            requirements=tuple(
                row.replace(period=month, units=share * row.units)
                for row in grouping.catalogue.requirements
                for month, share in shares[row.period].items()
            )
        ),
        tenders=grouping.tenders,
        stocks=grouping.stocks,
    )


def months_of(horizon: Horizon) -> tuple[Horizon, dict[str, dict[str, float]]]:
    """Return the months of a calendar, and by period the share of its days that each of its months has.

    Raises
    ------
    GstOptError
        If the calendar has weeks or half-days.
    """
    months = {period.id: _months(period) for period in horizon.periods}
    calendar = Horizon(periods=tuple(month for own in months.values() for month in own))
    return calendar, {period: _shares(own) for period, own in months.items()}


def _months(period: Period) -> tuple[Period, ...]:
    """Return the months that make a period."""
    months = Horizon.of(Grain.MONTH, period.start, max(1, round(12 * period.years))).periods
    if months[-1].end != period.end:
        raise GstOptError(Message("pillars.no_months_in", {"period": period.id}))
    return months


def _shares(months: Sequence[Period]) -> dict[str, float]:
    """Return the share of the days of all months that each one has."""
    days = {month.id: (month.end - month.start).days + 1 for month in months}
    return {month: own / sum(days.values()) for month, own in days.items()}
