"""What falls due in each period, counted by hand."""

from datetime import date

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Requirement
from gst_opt.core.errors import DataError
from gst_opt.core.ports import money
from gst_opt.core.tenders import DiscountKind
from gst_opt.core.time import Grain, Horizon
from gst_opt.pillars.purchasing.awards.model import FORMULATION
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.payments import CashLimit
from tests.purchasing.awards.test_deliveries import value_of
from tests.purchasing.awards.toys import TWO, tender

ONE = gst.SolveOptions(workers=1, gap=0.0)
JAN, FEB, MAR = "2026-01", "2026-02", "2026-03"


def monthly(problem: AwardProblem, *units: float) -> AwardProblem:
    """Return a tender whose gloves are required month by month."""
    months = Horizon.of(Grain.MONTH, date(2026, 1, 1), len(units))
    rows = tuple(
        Requirement(facility="hp", need="gloves", period=period.id, units=amount)
        for period, amount in zip(months.periods, units, strict=True)
    )
    return problem.replace(catalogue=problem.catalogue.replace(requirements=rows), horizon=months)


def test_payments_follow_needs_and_delays() -> None:
    """100, 100 and 200 gloves at 1, a fifth off beyond 100, are 340, paid 31 days after the first of each month.

    At four fifths 80, 80 and 160, of which the last is paid in April; the 20 that the first 100 gloves do not get are
    a third a month.
    """
    bulk = {"d": ({"supplier": "atlas", "kind": DiscountKind.INCREMENTAL}, {100.0: 0.2})}
    problem = monthly(
        tender({("atlas", "latex"): 1.0}, suppliers={"atlas": {"payment_delay": 31.0}}, discounts=bulk), 100, 100, 200
    )
    result = gst.solve(problem, ONE)
    assert result.checked
    plan = result.require()
    assert sum(one.paid for one in plan.orders) == pytest.approx(340.0)
    paid = {one.period: one.mad for one in plan.payments}
    assert paid == pytest.approx({JAN: 0.0, FEB: 80.0 + 20 / 3, MAR: 80.0 + 20 / 3})
    model = FORMULATION.build(problem)
    FORMULATION.write(model, problem, plan)
    ports = FORMULATION.ports(model, problem)
    assert {month: value_of(ports[money("supplies", month)]) for month in paid} == pytest.approx(paid)


def test_money_of_a_month_makes_a_supplier_that_is_paid_later_worth_its_price() -> None:
    """Atlas, at 1, is paid in the month: 60 of its gloves, and 60 short of 120 at 6 each, or of rif at 2 two months on.

    Needs of both months follow one share of each supplier, so half of all gloves are of rif: 120 and 240.
    """
    limits = tuple(CashLimit(period=month, mad=60.0) for month in (JAN, FEB))
    suppliers = {"atlas": {"payment_delay": 0.0}, "rif": {"payment_delay": 62.0}}
    problem = monthly(tender(TWO, suppliers=suppliers), 120, 120)
    problem = problem.replace(policy=problem.policy.replace(cash_limits=limits))
    result = gst.solve(problem, ONE)
    assert result.checked
    assert {(one.supplier, one.units) for one in result.require().orders} == {("atlas", 120.0), ("rif", 120.0)}
    assert [one.mad for one in result.require().payments] == pytest.approx([60.0, 60.0])
    (cash,) = gst.rule_prices(problem, gst.AwardChanges(problem).limits(), ONE).rules
    assert cash.change.text() == "without the money of each period"
    assert cash.goals[0].price == pytest.approx(-120.0)


def test_money_of_an_unknown_period_is_refused_where_it_stands() -> None:
    with pytest.raises(DataError) as caught:
        tender(TWO, cash_limits=(CashLimit(period="2027", mad=1.0), CashLimit(period="2027", mad=2.0)))
    found = [(one.table, one.row, one.column) for one in caught.value.problems]
    assert sorted(found) == [("cash_limits", 1, "period"), ("cash_limits", 2, "period"), ("cash_limits", 2, "period")]
