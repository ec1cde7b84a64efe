"""Goals in stages: hand-computed toys of each kind, and random models against enumeration."""

import numpy as np
import pytest

from gst_opt.model.goals import (
    Goals,
    TermLimit,
    leximax,
    leximin,
    max_min,
    min_max,
    minimise,
    weighted,
)
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.components import Part, split
from gst_opt.solve.couple import couple, steps_of
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.phases import phases_of
from gst_opt.solve.result import Result, Status, Stop
from gst_opt.solve.run import direct, whole_model
from tests.solve.random_goals import FORMULATION, GoalProblem, Heads, best, check, draw, draw_goals, least, tolerances

KINDS = ("weighted", "lexicographic", "epsilon", "min_max", "max_min", "worst_mean", "leximax", "leximin")
EXACT = SolveOptions(workers=1, gap=0.0)
SHARES = (("north", 1 / 4), ("south", 1 / 4), ("east", 1 / 8))
UNCOVERED = (("north", 1.0), ("south", 1.0), ("east", 1.0))


def pieces(compiled: Compiled) -> list[Part]:
    return split(compiled, small=1)


def three(goals: Goals, heads: int = 6) -> GoalProblem:
    """Heads for three provinces that need 4, 4 and 8; none takes more than 4.

    ``north``, ``south``, ``east`` are uncovered heads: 4 - n, 4 - s, 8 - e; ``west`` is the heads sent, at most 6 in
    all. With 12 no row ties the provinces together.
    """
    return GoalProblem(
        upper=(4, 4, 4),
        matrix=((1, 1, 1),) if heads < 12 else (),
        low=(0,) if heads < 12 else (),
        high=(heads,) if heads < 12 else (),
        costs=((-1, 0, 0), (0, -1, 0), (0, 0, -1), (1, 1, 1)),
        constants=(4, 4, 8, 0),
        goals=goals,
    )


def solved(problem: GoalProblem, options: SolveOptions = EXACT) -> Result[Heads]:
    result = direct(FORMULATION, problem, check, options, splitter=pieces)
    assert result.checked
    return result


def reached(result: Result[Heads]) -> list[float]:
    return [stage.reached for stage in result.stages]


def test_a_weighted_sum_leaves_one_province_aside() -> None:
    """A head is worth 1/4 in the north and south, 1/8 in the east: all six go north and south."""
    result = solved(three(weighted(*SHARES)))
    assert reached(result) == pytest.approx([0.0 + 0.5 + 1.0])
    assert result.require().x[2] == 0


def test_min_max_makes_the_worst_share_as_small_as_it_can_be() -> None:
    """Shares of 3/4 everywhere take 1 + 1 + 2 heads; below that, 2 + 2 + 3 = 7. The sum alone leaves the east at 1."""
    result = solved(three(min_max(*SHARES)))
    assert (result.status, result.stop) == (Status.OPTIMAL, Stop.PROOF)
    assert reached(result) == pytest.approx([0.75])
    assert [stage.bound for stage in result.stages] == pytest.approx([0.75])
    assert result.stages[0].today == 1.0


def test_leximax_goes_on_with_the_next_worst() -> None:
    """With the worst at 3/4, two heads more: (2, 2, 2) leaves 3/4, 1/2, 1/2; any other, a second above 1/2."""
    result = solved(three(leximax(*SHARES)))
    assert result.require().x == (2, 2, 2)
    assert reached(result) == pytest.approx([0.75, 1.25, 1.75])
    assert [stage.bound for stage in result.stages] == pytest.approx([0.75, 1.25, 1.75])
    assert result.gap == pytest.approx(0.0, abs=1e-6)


def test_max_min_and_leximin_raise_the_smallest() -> None:
    """Uncovered heads are (4 - n, 4 - s, 8 - e) >= 0; raising the smallest sends nobody: 4, 4, 8."""
    assert reached(solved(three(max_min(*UNCOVERED)))) == pytest.approx([-4.0])
    result = solved(three(leximin(*UNCOVERED).replace(limits=(TermLimit(term="west", at_least=6),))))
    # six heads must go, four at most to the east: (1, 1, 4) leaves 3, 3, 4; the sum alone could leave 0
    assert reached(result) == pytest.approx([-3.0, -6.0, -10.0])
    assert result.require().x == (1, 1, 4)


def test_a_tolerance_is_honoured_once_for_all_parts_and_reported() -> None:
    """Three free provinces: 4 uncovered with 12 heads. Two given back in all save two heads, not two a province."""
    strict = solved(three(weighted(*UNCOVERED).then(minimise("west")), heads=12))
    assert [stage.value for stage in strict.stages] == [4.0, 12.0]
    first = weighted(*UNCOVERED).stages[0].replace(tolerance=2.0)
    result = solved(three(Goals(stages=(first, *minimise("west").stages)), heads=12))
    assert [stage.value for stage in result.stages] == [6.0, 10.0]
    assert (result.stages[0].reached, result.stages[0].bound, result.stages[0].tolerance) == (4.0, 4.0, 2.0)
    assert (result.status, result.provenance.parts) == (Status.OPTIMAL, 3)
    assert result.gap < 1e-6


def test_a_tolerance_of_a_fair_goal_is_given_to_later_goals_not_to_its_rounds() -> None:
    """With 1/4 given back: the worst at most 1, the sum at most 2, so 4 heads at 1/4 each, in the north and south."""
    first = leximax(*SHARES).stages[0].replace(tolerance=0.25)
    result = solved(three(Goals(stages=(first, *minimise("west").stages))))
    assert reached(result) == pytest.approx([0.75, 1.25, 1.75, 4.0])
    assert result.require().x == (2, 2, 0)
    assert all(stage.value <= stage.reached + 0.25 + 1e-6 for stage in result.stages[:3])


def test_a_limit_on_a_term_ties_parts_together() -> None:
    """Free provinces are three parts; five heads at most in all make them one. Uncovered: 16 - 12 = 4, then 11."""
    free = solved(three(weighted(*UNCOVERED), heads=12))
    assert (reached(free), free.provenance.parts) == ([4.0], 3)
    limit = TermLimit(term="west", at_most=5)
    tied = solved(three(weighted(*UNCOVERED).replace(limits=(limit,)), heads=12))
    assert (reached(tied), tied.provenance.parts) == ([11.0], 1)
    least_sent = solved(three(minimise("west").replace(limits=(TermLimit(term="north", at_most=1),)), heads=12))
    assert reached(least_sent) == [3.0]


def test_a_limit_that_nothing_can_keep_is_infeasible_and_named() -> None:
    """North needs 4 and takes at most 4: 0 uncovered is the least."""
    goals = minimise("west").replace(limits=(TermLimit(term="north", at_most=-1),))
    result = direct(FORMULATION, three(goals), check, EXACT)
    assert (result.status, result.plan) == (Status.INFEASIBLE, None)
    assert result.conflict is not None
    given = [(r.rule, r.place, r.asked, r.needed) for r in result.conflict.relaxations]
    assert given == [("goal", "at_most,north", -1.0, 0.0)]


def in_millions(at_most: float, least: int = 2) -> GoalProblem:
    """Scanners at 2,500,000 or 3,000,000 MAD, and 1 MAD of paper (``north``), with 2 or 1 to train each (``south``)."""
    money = TermLimit(term="north", at_most=at_most)
    return GoalProblem(
        upper=(3, 3),
        matrix=((1, 1),),
        low=(least,),
        high=(6,),
        costs=((2_500_000, 3_000_000), (2, 1)),
        constants=(1, 0),
        goals=minimise("south").replace(limits=(money,)),
    )


def test_a_limit_on_money_by_the_million() -> None:
    for at_most, people, spent in ((6_000_001, 2, 6_000_001), (5_999_999, 3, 5_500_001), (5_000_001, 4, 5_000_001)):
        result = solved(in_millions(at_most))
        assert (result.objective, result.terms[0].planned) == (people, spent)
    unlimited = solved(in_millions(1e9))
    assert unlimited.objective == 2
    assert unlimited.provenance.coefficient_range == (1.0, 750_000.0), "3,000,000 in units of 4 MAD"


def test_a_limit_on_money_that_nothing_can_keep_is_said_in_money() -> None:
    result = direct(FORMULATION, in_millions(-1_000_000.0, least=0), check, EXACT)
    assert result.conflict is not None
    given = [(r.rule, r.place, r.asked, r.needed) for r in result.conflict.relaxations]
    assert given == [("goal", "at_most,north", -1_000_000.0, 1.0)]


def test_a_limit_on_a_term_that_nothing_changes() -> None:
    problem = three(minimise("west").replace(limits=(TermLimit(term="north", at_most=3),)))
    still = problem.replace(costs=((0, 0, 0), *problem.costs[1:]))
    assert direct(FORMULATION, still, check, EXACT).status is Status.INFEASIBLE
    assert direct(FORMULATION, still.replace(constants=(3, 4, 8, 0)), check, EXACT).status is Status.OPTIMAL


def test_columns_of_goals_are_named_extended_and_never_loaded() -> None:
    problem = three(leximax(*SHARES).replace(limits=(TermLimit(term="east", at_most=7),)))
    model = FORMULATION.build(problem)
    compiled = compile_model(model, FORMULATION.terms(model, problem))
    steps = steps_of(problem.goals)
    coupled = couple(compiled, steps, problem.goals.limits)
    names = [coupled.column_name(column) for column in range(len(coupled.lower))]
    assert names[3:8] == [
        "goal[constant,east]",
        *(f"goal_value[1,{t}]" for t in ("north", "south", "east")),
        "goal_level[1,1]",
    ]
    assert coupled.row_name(1) == "goal[at_most,east]"
    point = coupled.extended(np.array([2.0, 2.0, 2.0]))
    activity = coupled.matrix @ point
    assert np.all(activity >= coupled.row_lower - 1e-12)
    assert np.all(activity <= coupled.row_upper + 1e-12)
    assert [float(coupled.costs(step.linear) @ point) for step in steps] == pytest.approx([0.75, 1.25, 1.75])
    coupled.load(point)
    assert [data.value for data in model.x.values()] == [2.0, 2.0, 2.0]
    assert len(coupled.stored()) == 3
    fewer = couple(compiled, steps[:2], problem.goals.limits)
    assert coupled.column_names[: len(fewer.column_names)] == fewer.column_names


def test_goals_before_one_that_compares_are_reached_in_parts() -> None:
    goals = minimise("west", "north").then(leximax(*SHARES)).then(minimise("south"))
    assert [len(phase) for phase in phases_of(steps_of(goals))] == [2, 1, 1, 1, 1]


def agree(kind: str, seeds: range) -> None:
    for seed in seeds:
        problem = draw(seed, draw_goals(seed, kind))
        splitter = pieces if seed % 2 else whole_model
        result = direct(FORMULATION, problem, check, EXACT, splitter=splitter)
        expected = best(problem)
        if expected is None:
            assert (result.status, result.plan) == (Status.INFEASIBLE, None), seed
            continue
        assert (result.status, result.checked) == (Status.OPTIMAL, True), seed
        assert reached(result) == pytest.approx(expected, abs=1e-5), seed
        assert [stage.bound for stage in result.stages] == pytest.approx(expected, abs=1e-5), seed
        assert all(stage.value <= stage.reached + stage.tolerance + 1e-5 for stage in result.stages), seed


@pytest.mark.parametrize("kind", KINDS)
def test_random_small_models_equal_enumeration(kind: str) -> None:
    agree(kind, range(30))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_300_random_small_models_equal_enumeration(kind: str) -> None:
    agree(kind, range(300))


def bounded(kind: str, seeds: range, seconds: float) -> None:
    """No bound is above the least value of the points that keep what the earlier steps reached."""
    for seed in seeds:
        problem = draw(seed, draw_goals(seed, kind))
        expected = best(problem)
        result = direct(
            FORMULATION, problem, check, SolveOptions(workers=1, seconds=seconds, gap=0.0), splitter=whole_model
        )
        if expected is None:
            assert result.plan is None, seed
            continue
        given = tolerances(problem.goals)
        for step, stage in enumerate(result.stages):
            kept = [
                earlier.reached + (tolerance if position != given[step][0] else 0.0)
                for earlier, (position, tolerance) in zip(result.stages[:step], given, strict=False)
            ]
            assert stage.bound is None or stage.bound <= least(problem, step, kept) + 1e-5, (seed, step)
        if result.stages:
            assert result.stages[0].bound is None or result.stages[0].bound <= expected[0] + 1e-5, seed


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_a_bound_is_true_whatever_the_time(seconds: float) -> None:
    for kind in ("lexicographic", "leximin"):
        bounded(kind, range(12), seconds)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.01])
@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_is_true_whatever_the_time_on_many(kind: str, seconds: float) -> None:
    bounded(kind, range(100), seconds)
