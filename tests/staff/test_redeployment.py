"""Redeployment: values by hand, by enumeration, and with the radius at zero."""

from collections.abc import Callable

import pytest

import gst_opt as gst
from gst_opt.core.errors import DataError, GstOptError
from gst_opt.model.problem import PinKind
from gst_opt.pillars.staff.redeployment.plan import Move, RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import MovePin, RedeploymentPolicy
from tests.staff.random_cases import Enumeration, as_flow, best, draw, draw_flow, draw_with_side_rows
from tests.staff.toys import RELAY_BEST, TRIANGLE_BEST, relay, triangle

ONE = gst.SolveOptions(workers=1)


def test_the_triangle_sends_its_one_spare_doctor_where_it_covers_most() -> None:
    plan = gst.solve(triangle(), ONE).require()
    assert plan.moves == (Move(origin="hospital", host="far", skill="doctor", heads=1, minutes=50.0),)
    cover = {team.facility: (team.covered_today, team.covered_planned) for team in plan.teams}
    assert cover == {"hospital": (1.5, 1.5), "near": (1.0, 1.0), "far": (0.0, 1.0)}


def test_stages_hold_value_bound_and_today() -> None:
    result = gst.solve(triangle(), ONE)
    assert tuple(stage.value for stage in result.stages) == TRIANGLE_BEST
    assert tuple(stage.bound for stage in result.stages) == TRIANGLE_BEST
    assert tuple(stage.today for stage in result.stages) == (2.0, 0.0, 0.0)
    assert [stage.unit for stage in result.stages] == ["FTE", "min", "heads"]


def test_a_radius_below_the_nearest_journey_moves_nobody_and_reports_all_need_as_constant() -> None:
    result = gst.solve(triangle(max_travel=0.0), ONE)
    assert result.status is gst.Status.OPTIMAL
    plan = result.require()
    assert plan.moves == ()
    assert all(team.covered_planned == team.covered_today for team in plan.teams)
    assert [(term.name, term.planned, term.constant) for term in result.terms] == [
        ("uncovered", 0.0, 2.0),
        ("premiums", 0.0, 0.0),
        ("travel", 0.0, 0.0),
        ("moves", 0.0, 0.0),
        ("short_in[p]", 2.0, 0.0),
    ]


def test_need_that_no_move_reaches_is_a_constant() -> None:
    """Within 40 minutes the hospital reaches `near` only: `far` keeps its 1.5 FTE uncovered, outside the objective."""
    result = gst.solve(triangle(max_travel=40.0), ONE)
    uncovered = result.terms[0]
    assert (uncovered.today, uncovered.planned, uncovered.constant) == (0.5, 0.0, 1.5)


def test_a_team_sends_no_more_heads_than_it_has_though_others_join_it() -> None:
    result = gst.solve(relay(), ONE)
    assert tuple(stage.value for stage in result.stages) == RELAY_BEST == Enumeration(relay()).best()
    assert sum(move.heads for move in result.require().moves if move.origin == "b") == 1


def test_kept_share_lets_a_short_team_give() -> None:
    """`near` (2 heads, need 3.5) keeps ceil(0.5 x 2) = 1 of them at one half: its other one is worth as much at `far`.

    With 1 FTE uncovered at `far` (need 1.5, nobody there) and 1.5 at `near`, a move only shifts the shortage, so it is
    made only when a pin asks for it.
    """
    problem = triangle()
    workforce = problem.workforce.replace(
        staff=tuple(row.replace(heads=2) if row.facility == "near" else row for row in problem.workforce.staff),
        staffing_norms=tuple(
            row.replace(fte=3.5) if row.level == "CSU-1" else row for row in problem.workforce.staffing_norms
        ),
    )
    pin = MovePin(kind=PinKind.AT_LEAST, value=1, origin="near", host="far", reason="a midwife asked for it")
    half, all_of_it = (
        problem.replace(workforce=workforce, policy=RedeploymentPolicy(kept_share=share, pins=(pin,)))
        for share in (0.5, 1.0)
    )
    plan = gst.solve(half, ONE).require()
    assert ("near", "far", 1) in [(move.origin, move.host, move.heads) for move in plan.moves]
    assert gst.solve(all_of_it, ONE).status is gst.Status.INFEASIBLE


@pytest.mark.parametrize("goals", [gst.minimise("moves"), gst.minimise("travel"), gst.weighted(("moves", -1.0))])
def test_goals_without_cover_still_give_a_checked_plan(goals: gst.Goals) -> None:
    pin = MovePin(kind=PinKind.AT_LEAST, value=1, origin="hospital", reason="promised")
    problem = triangle(pin)
    result = gst.solve(problem.replace(policy=problem.policy.replace(goals=goals)), ONE)
    assert result.status is gst.Status.OPTIMAL
    assert sum(move.heads for move in result.require().moves) == 1


def test_a_journey_as_long_as_the_radius_is_allowed() -> None:
    plan = gst.solve(triangle(max_travel=50.0), ONE).require()
    assert [move.host for move in plan.moves] == ["far"]


def test_staff_and_need_of_a_facility_that_is_not_open_do_not_count() -> None:
    """With the hospital planned, nobody has anybody to spare: 2 FTE stay uncovered, and its 4 doctors are not seen."""
    problem = triangle()
    region = problem.region.replace(
        facilities=tuple(
            one.replace(status="planned") if one.id == "hospital" else one for one in problem.region.facilities
        )
    )
    plan = gst.solve(problem.replace(region=region), ONE).require()
    assert {team.facility for team in plan.teams} == {"near", "far"}
    assert plan.moves == ()


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_any_time_limit_leaves_a_checked_plan(seconds: float) -> None:
    problem = gst.RedeploymentProblem.of(
        gst.load_sample("province"), RedeploymentPolicy(kept_share=0.0, max_travel=90.0)
    )
    result = gst.solve(problem, gst.SolveOptions(seconds=seconds))
    assert result.checked, [violation.text() for violation in result.violations]
    assert result.stages[0].bound is None or result.stages[0].bound <= result.stages[0].value + 1e-9


def test_a_pin_that_nothing_can_keep_is_infeasible() -> None:
    pin = MovePin(kind=PinKind.AT_LEAST, value=2, origin="hospital", reason="more than it can spare")
    result = gst.solve(triangle(pin), ONE)
    assert (result.status, result.plan) == (gst.Status.INFEASIBLE, None)
    with pytest.raises(gst.NoPlanError):
        result.require()


def test_a_pin_on_moves_that_cannot_exist_is_infeasible() -> None:
    pin = MovePin(kind=PinKind.AT_LEAST, value=1, origin="far", reason="nobody is there")
    assert gst.solve(triangle(pin), ONE).status is gst.Status.INFEASIBLE


def test_pins_on_unknown_places_are_all_reported() -> None:
    wrong = MovePin(kind=PinKind.FORBID, origin="nowhere", skill="wizard", reason="?")
    with pytest.raises(DataError) as caught:
        triangle(wrong)
    assert [(p.table, p.row, p.column, p.value) for p in caught.value.problems] == [
        ("pins", 1, "origin", "nowhere"),
        ("pins", 1, "skill", "wizard"),
    ]


@pytest.mark.parametrize(("kind", "value"), [(PinKind.FIX, None), (PinKind.FORBID, 1.0), (PinKind.KEEP, 0.0)])
def test_a_pin_has_a_value_exactly_when_its_kind_needs_one(kind: PinKind, value: float | None) -> None:
    with pytest.raises(GstOptError, match=kind.value):
        MovePin(kind=kind, value=value, reason="?")


def test_provinces_and_establishments_add_up() -> None:
    provinces, establishments = gst.solve(triangle(), ONE).require().tables()[3:5]
    assert provinces.rows == (
        ("P", 4.5, 5, 5, 1, 1, 2.5, 3.5, 0.5556, 0.7778, 1.1111, 1.1111),
        ("*", 4.5, 5, 5, 1, 1, 2.5, 3.5, 0.5556, 0.7778, 1.1111, 1.1111),
    )
    assert [(row[0], row[4], row[5]) for row in establishments.rows] == [
        ("far", 1, 0),
        ("hospital", 0, 1),
        ("near", 0, 0),
        ("*", 1, 1),
    ]


def agree(seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed)
        result = gst.solve(problem, ONE)
        expected = best(problem)
        if expected is None:
            assert result.status is gst.Status.INFEASIBLE, seed
            continue
        assert result.status is gst.Status.OPTIMAL, (seed, str(result), result.violations)
        uncovered = result.terms[0].planned + result.terms[0].constant
        found = (uncovered, result.terms[2].planned, result.terms[3].planned)
        assert found == pytest.approx(expected, abs=1e-6), seed


def test_random_small_redeployments_equal_enumeration() -> None:
    agree(range(60))


@pytest.mark.slow
def test_1000_random_small_redeployments_equal_enumeration() -> None:
    agree(range(1000))


def agree_with_side_rows(seeds: range) -> None:
    for seed in seeds:
        problem = draw_with_side_rows(seed)
        result, expected = gst.solve(problem, ONE), Enumeration(problem).best()
        if expected is None:
            assert result.status is gst.Status.INFEASIBLE, (seed, str(result))
            continue
        assert result.status is gst.Status.OPTIMAL, (seed, str(result), result.violations)
        assert values_in_all(result) == pytest.approx(expected, abs=1e-5), seed


def values_in_all(result: gst.Result[RedeploymentPlan]) -> tuple[float, ...]:
    """Return the goals' values, with what no decision can change."""
    constants = {term.name: term.constant for term in result.terms}
    return tuple(stage.value + constants.get(stage.goal, 0.0) for stage in result.stages)


def test_random_small_redeployments_with_side_rows_equal_enumeration() -> None:
    agree_with_side_rows(range(40))


@pytest.mark.slow
def test_500_random_small_redeployments_with_side_rows_equal_enumeration() -> None:
    agree_with_side_rows(range(500))


def agree_with_flow(seeds: range) -> None:
    for seed in seeds:
        problem = draw_flow(seed)
        result = gst.solve(problem, ONE)
        assert result.status is gst.Status.OPTIMAL, (seed, str(result), result.violations)
        assert values_in_all(result) == pytest.approx(as_flow(problem), abs=1e-6), seed


def test_random_redeployments_without_side_rows_equal_a_minimum_cost_flow() -> None:
    agree_with_flow(range(60))


@pytest.mark.slow
def test_1000_random_redeployments_without_side_rows_equal_a_minimum_cost_flow() -> None:
    agree_with_flow(range(1000))


def test_the_same_data_make_the_same_plan_with_one_worker_or_two() -> None:
    problem = draw(11)
    one, two = (gst.solve(problem, gst.SolveOptions(workers=workers)) for workers in (1, 2))
    assert one.plan == two.plan
    assert one.stages == two.stages


def test_a_plan_shows_its_tables_in_a_notebook_and_escapes_what_they_hold() -> None:
    plan = gst.solve(triangle(), ONE).require()
    assert repr(plan) == (
        "RedeploymentPlan(moves 1, fills 0, premiums 1, provinces 2, establishments 4, facilities 4, skills 2, "
        "teams 3, fairness 3, unmet 2)"
    )
    assert "<td>hospital</td><td>far</td>" in plan._repr_html_()
    hostile = plan.replace(moves=(), teams=(plan.teams[0].replace(province="<script>"),))
    assert "&lt;script&gt;" in hostile._repr_html_()
    assert "<script>" not in hostile._repr_html_()


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        (lambda: gst.solve(triangle(), 60), "SolveOptions"),  # type: ignore[arg-type]
        (lambda: gst.RedeploymentProblem.of("tanger"), "Grouping"),  # type: ignore[arg-type]
        (lambda: gst.travel(gst.load_sample("two_towns")), "Region"),  # type: ignore[arg-type]
        (lambda: gst.solve("tanger"), "str"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_type_is_refused_in_words(mistake: Callable[[], object], named: str) -> None:
    with pytest.raises(GstOptError, match=named):
        mistake()
