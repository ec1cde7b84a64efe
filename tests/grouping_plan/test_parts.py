"""What the whole is made of: without ties the sum of its parts, with a question off the rest; how it is solved."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import gst_opt as gst
from gst_opt.api import PILLARS, question_of
from gst_opt.core.errors import DataError
from gst_opt.core.time import Grain, Horizon
from gst_opt.grouping_plan import search
from gst_opt.grouping_plan.arrays import OWN, Tied, held
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.method import tied
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.sequential import in_turn
from gst_opt.grouping_plan.tender import by_lots
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.model.prices import in_mad
from gst_opt.pillars.platforms.location.policy import DemandScenario, LocationPolicy
from gst_opt.pillars.support.hubs.policy import HubPolicy
from gst_opt.solve.belief import Ended
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.components import Part, split
from gst_opt.solve.highs import Run
from gst_opt.solve.once import Limits
from gst_opt.solve.phases import reach
from gst_opt.solve.standard import holds
from tests.grouping_plan import toys

ONE = gst.SolveOptions(workers=1, gap=1e-7)
OFF: dict[str, Any] = {"location": None, "staff": None, "awards": None, "support": None}
YEAR = LocationPolicy(years=1)


def two_towns(**policy: Any) -> GroupingProblem:
    """Return the joint question of the two towns."""
    return GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(**policy))


def compiled(problem: GroupingProblem, without: tuple[str, ...] = ()) -> Compiled:
    """Return the model as arrays."""
    model = FORMULATION.build(problem, without=without)
    found = compile_model(model, FORMULATION.terms(model, problem))
    FORMULATION.write(model, problem, None)
    return found


def goal_of(problem: GroupingProblem) -> Goal:
    """Return the one goal of a question."""
    (goal,) = FORMULATION.goals(problem).stages
    assert isinstance(goal, Goal)
    return goal


def alone(problem: Any, policy: GroupingPolicy) -> float:
    """Solve one part by itself, its own terms at the prices of the whole."""
    formulation = question_of(problem).formulation()
    terms = formulation.terms(formulation.build(problem), problem)
    goals = in_mad({name: price for name, price in policy.prices.items() if name in terms})
    value = gst.solve(problem.replace(policy=problem.policy.replace(goals=goals)), ONE).objective
    assert value is not None
    return value


def test_without_ties_the_whole_is_the_sum_of_its_parts() -> None:
    """No tie: platforms find staff everywhere, nobody moves for them, and nothing is bought for acts."""
    problem = two_towns()
    model = compiled(problem, tuple(piece.__name__ for piece in FORMULATION.constraints))
    found = reach(model, FORMULATION.goals(problem), [model.stored()], ONE, Limits(1e-7, None, 1), split)
    assert found.x is not None
    stage = found.stages(found.x, found.x)[0]
    assert problem.location is not None
    free = problem.location.replace(policy=problem.location.policy.replace(staff_limit=False))
    parts = sum(alone(one, problem.policy) for one in (free, problem.staff, problem.support))
    assert stage.value == pytest.approx(parts, rel=1e-6)
    with_ties = gst.solve(problem, ONE).objective
    assert with_ties is not None
    assert with_ties > stage.value + 90_000


@pytest.mark.parametrize("name", ["location", "staff", "awards", "support"])
def test_with_the_other_questions_off_the_whole_is_the_one_left(name: str) -> None:
    problem = two_towns(**OFF | {name: getattr(GroupingPolicy(), name)})
    result = gst.solve(problem, ONE)
    assert result.objective == pytest.approx(alone(problem.parts[name], problem.policy), rel=1e-6)
    assert list(result.require().parts) == [name]
    assert [tie.tie for tie in result.require().ties] == []


def test_with_the_tender_off_nothing_is_bought_and_all_else_is_as_before() -> None:
    without = gst.solve(toys.twins(awards=None), ONE)
    assert without.objective == pytest.approx(toys.BEST[0] - 10_400.0)
    assert {tie.tie for tie in without.require().ties} == {"staff"}


def test_the_plan_of_two_towns_is_the_best_of_a_tree_of_its_whole_numbers() -> None:
    problem = two_towns(budget=4_000_000.0)
    model = compiled(problem)
    goal = goal_of(problem)
    constant = sum(one.weight * model.terms[one.term].constant for one in goal.weights)
    best = smallest(model, model.costs(goal)) + constant
    assert gst.solve(problem, ONE).objective == pytest.approx(best, rel=1e-6)


def smallest(model: Compiled, costs: Any) -> float:
    """Return the least cost, by branching on whole numbers until every leaf is solved or no better."""
    matrix = model.matrix.toarray()
    upper, lower = np.isfinite(model.row_upper), np.isfinite(model.row_lower)
    rows = np.vstack([matrix[upper], -matrix[lower]])
    sides = np.concatenate([model.row_upper[upper], -model.row_lower[lower]])
    best, open_nodes = np.inf, [(-np.inf, model.lower, model.upper)]
    while open_nodes:
        open_nodes.sort(key=lambda node: -node[0])
        bound, low, high = open_nodes.pop()
        if bound >= best - 1e-4:
            continue
        answer = linprog(costs, rows, sides, bounds=np.column_stack([low, high]))
        if answer.status != 0 or answer.fun >= best - 1e-4:
            continue
        broken = np.where(model.integer, np.abs(answer.x - np.rint(answer.x)), 0.0)
        column = int(np.argmax(broken))
        if broken[column] < 1e-6:
            best = float(answer.fun)
            continue
        down, up = high.copy(), low.copy()
        down[column], up[column] = np.floor(answer.x[column]), np.ceil(answer.x[column])
        open_nodes += [(answer.fun, low, down), (answer.fun, up, high)]
    return best


def test_the_method_of_large_groupings_is_right_on_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices, pieces and repairs reach the gap asked for, and their bound is below the best plan."""
    problem = two_towns(budget=4_000_000.0)
    best = gst.solve(problem, ONE).objective
    assert best is not None
    monkeypatch.setattr("gst_opt.grouping_plan.case.SMALL", 0)
    result = gst.solve(problem, gst.SolveOptions(workers=1, gap=1e-3), method=tied)
    assert result.status is gst.Status.OPTIMAL
    assert result.checked
    assert result.bound is not None
    assert result.objective is not None
    assert result.bound <= best * (1 + 1e-9) <= result.objective * (1 + 2e-9)


@pytest.mark.parametrize("problem", [two_towns(), toys.twins(), toys.poor(), toys.several()])
def test_a_large_tender_is_made_by_lots_then_searched_around(
    problem: GroupingProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lots leave a point of the tender; around it the best one is found, as when it is searched as a small one."""
    monkeypatch.setattr("gst_opt.grouping_plan.tender.LARGE", 0)
    case, made = Case(FORMULATION, problem), []

    def counted(part: Part, costs: Floats, *rest: Any) -> Floats | None:
        found = by_lots(part, costs, *rest)
        assert found is not None
        assert holds(part, found)
        made.append(float(costs @ found))
        return found

    monkeypatch.setattr(search, "by_lots", counted)
    one = case.search(Limits(1e-6, None, 1))
    one.in_turn(["awards"], case.today)
    assert made
    large = one.value
    monkeypatch.setattr("gst_opt.grouping_plan.tender.LARGE", 10**9)
    one.best = None
    one.in_turn(["awards"], case.today)
    assert len(made) == 1
    assert large == pytest.approx(one.value, rel=2e-3)


def test_a_second_plan_in_turn_begins_at_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where searches find nothing any more, what was bought before is bought again; today nothing is."""
    case = Case(FORMULATION, toys.poor())
    one = case.search(Limits(1e-6, None, 1))
    first = one.in_turn(["awards"], case.today)
    assert first is not None
    begun: list[bool] = []

    def nothing(*given: Any) -> Run:
        begun.append(given[4] is not None)
        return Run(None, None, Ended.LIMIT, ())

    monkeypatch.setattr(search, "minimise_large", nothing)
    for start, value in ((first, case.value(first)), (None, case.value(case.today))):
        begun.clear()
        again = one.in_turn(["awards"], case.today, start)
        assert again is not None
        assert case.value(again) == pytest.approx(value)
        assert begun[0] == (start is not None)
    assert case.value(first) < case.value(case.today)


def test_parts_in_turn_are_a_plan_and_no_better_than_the_whole() -> None:
    """Platforms see no staff at b, so they plan no scan there: 520,000, and nobody is sent for them."""
    result = gst.solve(toys.twins(), ONE, method=in_turn)
    assert result.checked
    assert result.objective == pytest.approx(toys.STAY[0])
    assert gst.solve(toys.twins(), ONE).objective == pytest.approx(toys.BEST[0])


def test_columns_belong_to_parts_and_held_ones_move_to_the_sides() -> None:
    model = compiled(toys.poor())
    found = Tied.of(model, model.costs(goal_of(toys.poor())))
    assert set(found.owner) == {"location", "staff", "awards", OWN}
    assert len(found.priced) == 2
    free = found.owned(["staff"])
    x = np.where(free, 0.0, 1.0)
    part = held(found.part, free, x)
    assert len(part.columns) == free.sum()
    row = int(part.rows[0])
    assert part.row_upper[0] == pytest.approx(model.row_upper[row] - model.matrix[[row]] @ x)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (OFF, "at least one question"),
        ({"location": LocationPolicy(years=2)}, "one year"),
        ({"support": HubPolicy(years=2)}, "one year"),
        ({"location": YEAR.replace(scenarios=(DemandScenario(id="a", probability=1.0),))}, "no scenario"),
    ],
)
def test_what_is_not_a_plan_of_one_year_is_refused(policy: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        toys.twins(**policy)


def test_a_calendar_of_two_years_is_refused() -> None:
    grouping = toys.twins().grouping
    longer = grouping.replace(horizon=Horizon.of(Grain.YEAR, grouping.horizon.periods[0].start, 2))
    with pytest.raises(DataError, match="one year"):
        GroupingProblem.of(longer, toys.twins().policy)


def test_the_grouping_plan_is_registered_beside_the_pillars() -> None:
    assert [one.name for one in PILLARS if one.pillar == "grouping"] == ["grouping_plan"]


def test_hubs_free_staff_that_platforms_take_and_what_is_paid_whatever_is_decided_is_in_the_budget() -> None:
    """Nurses of the hospital of South stop sterilising: their hours are off what is taken of them."""
    plan = gst.solve(two_towns(), ONE).require()
    assert plan.location is not None
    assert plan.support is not None
    hub = next(one for one in plan.support.staff if (one.facility, one.skill) == ("hpr-south", "nurse"))
    own = next(one for one in plan.location.staff if (one.facility, one.skill) == ("hpr-south", "nurse"))
    tie = next(one for one in plan.ties if (one.facility, one.subject) == ("hpr-south", "nurse"))
    assert hub.hours_freed > hub.hours_needed == 0
    assert tie.used == pytest.approx(own.hours_needed - hub.hours_freed)
    paid = sum(row.as_today + row.hub_sizes + row.hub_volumes + row.carriage for row in plan.support.spending)
    lines = {one.line: one.mad for one in plan.spending}
    assert lines["as_today"] + lines["hub_sizes"] + lines["hub_volumes"] + lines["carriage"] == pytest.approx(paid)
