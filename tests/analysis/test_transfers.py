"""What pooling moves between establishments: counted again from the tables of a plan, and by hand."""

from collections import defaultdict

import pytest

import gst_opt as gst
from gst_opt.analysis.establishments import partition
from gst_opt.analysis.transfers import Moved, Transfer, transfers, transfers_table
from gst_opt.grouping_plan.plan import GroupingPlan
from tests.grouping_plan import toys


@pytest.fixture(scope="module")
def towns() -> gst.GroupingProblem:
    return gst.GroupingProblem.of(gst.load_sample("two_towns"))


@pytest.fixture(scope="module")
def plan(towns: gst.GroupingProblem) -> GroupingPlan:
    return gst.solve(towns).require()


@pytest.fixture(scope="module")
def found(towns: gst.GroupingProblem, plan: GroupingPlan) -> dict[tuple[str, str], Transfer]:
    return {(row.moved, row.establishment): row for row in transfers(towns, plan)}


def test_scans_of_south_are_done_in_north(plan: GroupingPlan, found: dict[tuple[str, str], Transfer]) -> None:
    """One scanner is enough: the 850 scans of South go to the one that is kept, that of North; today both scan."""
    scans = {row.place for row in plan.location.served if row.service == "ct"} if plan.location else set()
    assert scans == {"hp-north"}
    south = found[Moved.ACTS, "hpr-south"]
    assert (south.given_today, south.given_planned) == pytest.approx((0, 850))
    assert found[Moved.ACTS, "hp-north"].received_planned == pytest.approx(850)


def test_what_all_give_all_receive(found: dict[tuple[str, str], Transfer]) -> None:
    for moved in Moved:
        own = [row for row in found.values() if row.moved is moved]
        for when in ("today", "planned"):
            given, received = (sum(getattr(row, f"{side}_{when}") for row in own) for side in ("given", "received"))
            assert given == pytest.approx(received)


def test_heads_and_functions_are_those_of_the_tables(
    towns: gst.GroupingProblem, plan: GroupingPlan, found: dict[tuple[str, str], Transfer]
) -> None:
    home = {place: one.id for one in partition(towns.grouping) for place in one.facilities}
    counted: dict[tuple[str, str], float] = defaultdict(float)
    assert plan.staff is not None
    assert plan.support is not None
    for move in plan.staff.moves:
        if home[move.origin] != home[move.host]:
            counted["heads", home[move.origin]] += move.heads
    for done in plan.support.assignments:
        if done.hub is not None and home[done.hub] != home[done.facility]:
            counted["functions", home[done.facility]] += 1
    given = {key: row.given_planned for key, row in found.items() if key[0] in ("heads", "functions")}
    assert {key: value for key, value in given.items() if value} == dict(counted)
    assert len(counted) == 2


def test_one_technician_goes_to_the_other_hospital() -> None:
    """The best plan of the twins (`toys`): b scans for its own people, as soon as it has a technician."""
    problem = toys.twins()
    rows = {(row.moved, row.establishment): row for row in transfers(problem, gst.solve(problem).require())}
    assert (rows[Moved.HEADS, "a"].given_planned, rows[Moved.HEADS, "b"].received_planned) == (1, 1)


def test_without_a_question_nothing_of_it_moves(towns: gst.GroupingProblem) -> None:
    only = gst.GroupingProblem.of(towns.grouping, gst.GroupingPolicy(location=None, awards=None, support=None))
    found = transfers(only, gst.solve(only).require())
    assert {row.moved for row in found} <= {Moved.HEADS}
    assert transfers_table(()).rows == ()
