"""Seasons counted by hand, seasons counted by enumeration, invoices that add up, and groups of facilities."""

import math

import pytest

import gst_opt as gst
from gst_opt.core.errors import DataError
from gst_opt.pillars.purchasing.distribution.arrivals import called_off, common_costs
from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan, Reason
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from tests.purchasing.calloffs.toys import everything as called
from tests.purchasing.distribution.brute import cheapest
from tests.purchasing.distribution.draw import draw
from tests.purchasing.distribution.toys import ARRIVALS, BEST, FEB, JAN, gloves, season

ONE = gst.SolveOptions(workers=1, gap=0.0)


def solved(problem: DistributionProblem) -> tuple[float, DistributionPlan]:
    result = gst.solve(problem, ONE)
    assert result.checked
    assert result.status is gst.Status.OPTIMAL
    return result.stages[0].value + sum(term.constant for term in result.terms), result.require()


@pytest.mark.parametrize("name", BEST)
def test_the_cost_is_the_one_counted_by_hand(name: str) -> None:
    problem, best = BEST[name]
    assert solved(problem)[0] == pytest.approx(best)


def compare(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        assert solved(problem)[0] == pytest.approx(cheapest(problem), abs=1e-5), seed


def test_40_small_seasons_cost_what_enumeration_finds() -> None:
    compare(range(40))


@pytest.mark.slow
def test_500_small_seasons_cost_what_enumeration_finds() -> None:
    compare(range(100, 600))


def test_invoices_add_up_to_all_that_is_paid() -> None:
    """Supplies of all arrivals, whoever receives them, common costs, and every term but shortages."""
    for seed in range(30):
        problem = draw(seed)
        result = gst.solve(problem, ONE)
        plan = result.require()
        paid = sum(term.planned for term in result.terms if term.name != "shortages")
        paid += problem.common + sum(one.price * one.units for one in problem.arrivals)
        if plan.flows:
            assert math.fsum(one.invoice for one in plan.invoices) == pytest.approx(paid), seed


def test_a_facility_pays_the_tariff_its_own_transport_and_stops() -> None:
    """Gloves at 1: the hospital pays 200, 200 for 2 m3 straight, a stop, 20 for stock; the centre 320, two stops, 5."""
    _, plan = solved(gloves(common=40.0))
    found = {one.facility: (one.supplies, one.deliveries, one.rounds, one.kept, one.common) for one in plan.invoices}
    assert found["hp"] == pytest.approx((200.0, 200.0, 20.0, 20.0, 20.0))
    assert found["cs"] == pytest.approx((200.0, 320.0, 40.0, 5.0, 20.0))
    assert [(row.need, row.price) for row in plan.tariffs] == [("gloves", 1.0)]


def test_depots_say_what_they_keep_at_the_end_of_every_month() -> None:
    rows = [(row.period, row.volume, row.worth) for row in solved(gloves())[1].depots]
    assert rows == [(JAN, pytest.approx(1.0), pytest.approx(100.0)), (FEB, 0.0, 0.0)]


def test_shortages_have_reasons() -> None:
    fewer = ARRIVALS | {("atlas", "latex", JAN, FEB): 150.0}
    for problem, reason in (
        (gloves(onward={"hp": 50.0}, direct={("atlas", "hp"): 100.0}), Reason.NO_WAY),
        (gloves(arrivals=fewer), Reason.NO_STOCK),
        (gloves(storage=0.5), Reason.LIMITED),
    ):
        rows = {row.period: row.reason for row in solved(problem)[1].needs}
        assert rows[FEB] is reason


def test_groups_cost_what_facilities_one_by_one_do_where_stops_cost_nothing() -> None:
    """Costs that differ by one figure for all ways make one group; a hair's breadth makes two. Nothing is short."""
    for seed in range(5):
        hair, found = (0.0, 1e-5), []
        for one in hair:
            problem = season(
                {("gloves", "hp"): (60.0, 10.0 + seed), ("gloves", "cs"): (20.0, 45.0)},
                {("atlas", "latex", JAN, JAN): 80.0, ("rif", "latex", JAN, FEB): 60.0, ("rif", "latex", FEB, FEB): 5.0},
                direct={
                    ("atlas", "hp"): 100.0,
                    ("atlas", "cs"): 130.0 + one,
                    ("rif", "hp"): 90.0,
                    ("rif", "cs"): 120.0,
                },
                inward={"atlas": 20.0, "rif": 30.0},
                onward={"hp": 75.0, "cs": 105.0},
                storage=0.3,
                stop_cost=0.0,
            )
            assert len(set(problem.groups.values())) == (1 if one == 0 else 2)
            found.append(solved(problem)[0])
        assert found[0] == pytest.approx(found[1], abs=1e-4)


def test_facilities_that_compare_alike_up_to_a_width_are_one_group() -> None:
    """The plan of the group is one of the facilities': it never costs less."""
    near = {("atlas", "hp"): 100.0, ("atlas", "cs"): 103.0}
    fine, coarse = (gloves(direct=near, onward={"hp": 50.0, "cs": 52.0}, group_width=width) for width in (0.0, 5.0))
    assert (len(set(fine.groups.values())), len(set(coarse.groups.values()))) == (2, 1)
    assert solved(coarse)[0] >= solved(fine)[0] - 1e-6


def test_arrivals_are_the_uses_of_call_offs() -> None:
    """A need of 100 swabs is met by 90 in packs; nothing is left over, 350 gloves are for three months."""
    plan = gst.solve(called(), ONE).require()
    arrivals = called_off(plan)
    assert sum(one.units for one in arrivals if one.reference == "latex") == pytest.approx(350.0)
    assert [one.units for one in arrivals if one.reference == "cotton"] == [pytest.approx(90.0)]
    assert common_costs(plan) == pytest.approx(0.0)


def test_arrivals_used_before_they_come_or_twice_are_refused_where_they_stand() -> None:
    with pytest.raises(DataError) as caught:
        gloves(arrivals={("atlas", "latex", FEB, JAN): 1.0})
    (problem,) = caught.value.problems
    assert (problem.table, problem.row, problem.column, problem.value) == ("arrivals", 1, "period", JAN)
    good = gloves()
    with pytest.raises(DataError):
        good.replace(arrivals=(*good.arrivals, good.arrivals[0]))


def test_facilities_receive_and_keep_what_reaches_them() -> None:
    """The hospital gets both months in January and keeps one; the centre gets each from the store when it is due."""
    rows = {(row.facility, row.period): row for row in solved(gloves())[1].facilities}
    assert {key: (row.volume_in, row.worth_in, row.volume, row.worth) for key, row in rows.items()} == {
        ("hp", JAN): (2.0, 200.0, 1.0, 100.0),
        ("hp", FEB): (0.0, 0.0, 0.0, 0.0),
        ("cs", JAN): (1.0, 100.0, 0.0, 0.0),
        ("cs", FEB): (1.0, 100.0, 0.0, 0.0),
    }
