"""What is in store at the start is used before anything is ordered, counted by hand."""

import pytest

import gst_opt as gst
from gst_opt.core.ports import items
from gst_opt.core.stocks import Depot, DepotDelivery, OpeningStock, Stocks
from gst_opt.pillars.purchasing.calloffs.check import check
from gst_opt.pillars.purchasing.calloffs.model import FORMULATION
from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.opening import open_stocks
from tests.purchasing.awards.test_deliveries import value_of
from tests.purchasing.awards.toys import tender
from tests.purchasing.calloffs.toys import FEB, JAN, in_store, season

ONE = gst.SolveOptions(workers=1, gap=0.0)


def told(plan: CallOffPlan) -> list[tuple[str | None, float]]:
    return [(use.period, use.units) for use in plan.from_stock]


def solved(problem: CallOffProblem) -> tuple[float, CallOffPlan]:
    result = gst.solve(problem, ONE)
    assert result.checked
    return result.stages[0].value, result.require()


@pytest.mark.parametrize(
    ("shelf_life", "uses", "cost"),
    [
        # January, and half of February: 200 to order in February, 15 for the order and 15 to keep 150 a month
        (None, [(JAN, 100.0), (FEB, 50.0)], 230.0),
        # 31 days: January alone, 50 are lost: 250, an order in February and 15 to keep 150
        (31.0, [(JAN, 100.0), (None, 50.0)], 280.0),
        # 30 days: nothing can be used, as without any store
        (30.0, [(None, 150.0)], 390.0),
    ],
)
def test_a_store_is_used_in_time(shelf_life: float | None, uses: list[tuple[str | None, float]], cost: float) -> None:
    """100, 100 and 150 gloves, 150 in store."""
    found, plan = solved(season(stocks=in_store(shelf_life, hp=150.0)))
    assert found == pytest.approx(cost)
    assert told(plan) == uses


def test_what_expires_first_is_used_first() -> None:
    """60 that last a month and 100 that last: none is lost, and 190 of 350 are ordered."""
    rows = tuple(
        OpeningStock(facility="hp", reference="latex", units=units, shelf_life=days)
        for units, days in ((100.0, None), (60.0, 31.0))
    )
    _, plan = solved(season(stocks=Stocks(opening_stocks=rows)))
    assert told(plan) == [(JAN, 60.0), (JAN, 40.0), (FEB, 60.0)]
    assert sum(call.units for call in plan.calls) == pytest.approx(190.0)
    assert plan.stocks().rows[0] == ("latex", JAN, 60.0)


def test_a_store_serves_its_own_facility_alone() -> None:
    """The centre has 90 more than it needs: the hospital still orders all of its gloves."""
    demand = {("gloves", "hp"): (100.0, 100.0, 150.0), ("gloves", "cs"): (10.0, 0.0, 0.0)}
    found, plan = solved(season(demand=demand, stocks=in_store(cs=100.0)))
    assert found == pytest.approx(390.0)
    assert told(plan) == [(JAN, 10.0), (None, 90.0)]


DEPOT = Stocks(
    depots=(Depot(id="store", facility="hp", source="test"),),
    opening_stocks=(OpeningStock(depot="store", reference="latex", units=120.0),),
    depot_deliveries=(DepotDelivery(depot="store", facility="hp"), DepotDelivery(depot="store", facility="cs")),
)


def test_a_depot_serves_those_that_it_delivers_to_by_what_they_need() -> None:
    """120 in the depot for 90 and 60 in January: 72 and 48; the other site is not served by it."""
    demand = {("gloves", "hp"): (90.0, 0.0), ("gloves", "cs"): (60.0, 0.0), ("gloves", "far"): (30.0, 0.0)}
    problem = season(demand=demand, stocks=DEPOT)
    assert problem.required == {
        ("gloves", "hp"): {JAN: pytest.approx(18.0)},
        ("gloves", "cs"): {JAN: pytest.approx(12.0)},
        ("gloves", "far"): {JAN: 30.0},
    }
    _, plan = solved(problem)
    assert told(plan) == [(JAN, 120.0)]
    model = FORMULATION.build(problem)
    FORMULATION.write(model, problem, plan)
    assert value_of(FORMULATION.ports(model, problem)[items("gloves", "hp", JAN)]) == pytest.approx(90.0)


def test_own_stores_come_before_depots_and_all_that_is_in_store_is_told() -> None:
    """The hospital has 50 of its 90: 40 and 60 are left for the depot, which has 20 over."""
    demand = {("gloves", "hp"): (90.0,), ("gloves", "cs"): (60.0,)}
    rows = (*DEPOT.opening_stocks, OpeningStock(facility="hp", reference="latex", units=50.0))
    problem = season(demand=demand, stocks=DEPOT.replace(opening_stocks=rows))
    opened = open_stocks(problem.used, problem.catalogue, problem.stocks, problem.horizon)
    assert [(use.facility, use.depot, use.period, use.units) for use in opened.uses] == [
        ("hp", None, JAN, 50.0),
        (None, "store", JAN, 100.0),
        (None, "store", None, 20.0),
    ]
    assert opened.beyond_own == {("gloves", "hp"): {JAN: 40.0}, ("gloves", "cs"): {JAN: 60.0}}
    assert opened.beyond == {}


def test_a_store_left_idle_is_named() -> None:
    """150 in store told as unused, though the needs are ordered as if it were: both are seen."""
    problem = season(stocks=in_store(hp=150.0))
    _, plan = solved(problem)
    idle = plan.from_stock[0].replace(period=None, units=150.0)
    found = check(problem, plan.replace(from_stock=(idle,))).violations
    assert {violation.rule for violation in found} == {"from_stock"}


def test_a_tender_of_a_year_counts_what_lasts_for_a_part_of_it() -> None:
    """1,200 gloves a year; 500 in store last until the end of March, 90 days: 1,200 less 90 / 365 of them."""
    problem = tender({("atlas", "latex"): 1.0}, demand={("gloves", "hp"): 1200.0}, stocks=in_store(90.0, hp=500.0))
    assert problem.required == {("gloves", "hp"): {"2026": pytest.approx(1200.0 * 275 / 365)}}
    assert gst.solve(problem, ONE).checked
    plenty = tender({("atlas", "latex"): 1.0}, demand={("gloves", "hp"): 100.0}, stocks=in_store(hp=500.0))
    assert plenty.required == {}
