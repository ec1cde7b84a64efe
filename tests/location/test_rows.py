"""Rows of staff, pathways, access, waits and scenarios: what each is worth, and what it says of small arrays."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import gst_opt as gst
from gst_opt.api import question_of
from gst_opt.pillars.platforms.location.model import FORMULATION
from gst_opt.pillars.platforms.location.transfers import hall_sets, joined
from tests.contract.test_questions import values_without
from tests.location.contract_toys import RULES
from tests.location.row_toys import HOURS, ROWS, chain, readers, technicians
from tests.location.toys import valley

ONE = gst.SolveOptions(workers=1)


@pytest.mark.parametrize("name", RULES | ROWS)
def test_a_rule_is_worth_what_it_is_by_hand(name: str) -> None:
    problem, best, without = (RULES | ROWS)[name]
    result = gst.solve(problem, ONE)
    assert result.checked
    assert tuple(stage.value for stage in result.stages) == pytest.approx(best)
    assert values_without(question_of(problem), problem, name) == pytest.approx(without, abs=1e-5, rel=2e-7)


@pytest.mark.parametrize(("day", "worked"), [(480.0, 0.75), (240.0, 0.5)])
def test_hours_lent_lose_the_journey(day: float, worked: float) -> None:
    """Of an hour lent over 60 minutes, 1 - 120/480 is worked, or half where the day is of four hours."""
    problem = technicians(max_travel=30.0, lent_day=day)
    only_b = problem.workforce.replace(staff=tuple(row.replace(facility="b") for row in problem.workforce.staff))
    result = gst.solve(problem.replace(workforce=only_b), ONE)
    assert result.plan is not None
    assert [row.hours for row in result.plan.lent_hours] == pytest.approx([HOURS])
    assert result.stages[0].value == pytest.approx(2000 - worked * HOURS)


def test_a_link_serves_all_it_can() -> None:
    """The radiologist of b reads 1,000 scans for a in 500 hours, over one link."""
    plan = gst.solve(readers(), ONE).plan
    assert plan is not None
    (row,) = plan.remote_hours
    assert (row.origin, row.host, row.cost) == ("b", "a", 60_000.0)
    assert row.hours == pytest.approx(500.0)


def test_without_staff_to_count_nothing_is_limited() -> None:
    unlimited = technicians(staff_limit=False)
    model = FORMULATION.build(unlimited)
    assert model.find_component("staff_hours") is None
    assert gst.solve(unlimited, ONE).stages[0].value == pytest.approx(0.0)
    assert len(model.lent) == len(model.remote) == 0
    assert any(key[:3] == ("staff_hours_needed", "a", "technician") for key in FORMULATION.ports(model, unlimited))


def test_flows_stand_only_where_sets_of_places_would_be_more() -> None:
    assert len(FORMULATION.build(chain()).flow) == 8
    assert len(FORMULATION.build(ROWS["transfer"][0]).flow) == 0


def test_values_of_today_stand_in_every_row() -> None:
    """Nothing that today's network implies is left without a value: its rows hold but for the floors and the budget."""
    for problem in (valley(), *(one for one, _, _ in ROWS.values())):
        model = FORMULATION.build(problem)
        FORMULATION.write(model, problem, None)
        for name in ("uncovered", "flow", "level_hours", "wait", "worst_from", "beyond", "lent", "remote", "joined"):
            assert all(one.value is not None for one in getattr(model, name).values()), name


shares = st.integers(0, 3).map(float)


@st.composite
def near_places(draw: st.DrawFn) -> tuple[NDArray[np.bool_], list[float], list[float]]:
    """Draw which of up to five places are near which, and how many people are at each before and after."""
    start, end = draw(st.integers(0, 5)), draw(st.integers(1, 5))
    near = draw(st.lists(st.lists(st.booleans(), min_size=end, max_size=end), min_size=start, max_size=start))
    before = draw(st.lists(shares, min_size=start, max_size=start))
    after = draw(st.lists(shares, min_size=end, max_size=end))
    return np.array(near, dtype=np.bool_).reshape(start, end), before, after


@given(near_places())
@settings(max_examples=300, deadline=None)
def test_sets_of_places_say_what_transfers_can(drawn: tuple[NDArray[np.bool_], list[float], list[float]]) -> None:
    near, before, after = drawn
    sets = hall_sets(near)
    if sets is None:
        return
    said = all(np.array(after)[into].sum() <= np.array(before)[start].sum() for start, into in sets)
    ways = nx.DiGraph()
    ways.add_nodes_from(("in", "out"))
    ways.add_edges_from(("in", f"a{a}", {"capacity": people}) for a, people in enumerate(before))
    ways.add_edges_from((f"b{b}", "out", {"capacity": people}) for b, people in enumerate(after))
    ways.add_edges_from((f"a{a}", f"b{b}") for a, b in np.argwhere(near).tolist())
    assert said == (nx.maximum_flow_value(ways, "in", "out") >= sum(after))


def test_positions_are_joined_by_their_values() -> None:
    left, right = joined(np.array([3, 1, 2]), np.array([1, 3, 3, 5]))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 0)]
