"""Goals as data: names, terms, limits, order, JSON."""

import pytest

import gst_opt as gst
from gst_opt.core.errors import GstOptError
from tests.staff.toys import triangle

ALL_KINDS = (
    gst.minimise("uncovered")
    .then(gst.weighted(("moves", 1.0), ("travel", 0.5)))
    .then(gst.leximax(("uncovered", 0.25), ("moves", 1.0), ("travel", 1.0)))
    .then(gst.max_min(("moves", 1.0), ("travel", 2.0)))
    .replace(limits=(gst.TermLimit(term="travel", at_most=90.0), gst.TermLimit(term="moves", at_least=1.0)))
)


def test_json_keeps_every_kind_of_goal() -> None:
    assert gst.Goals.model_validate_json(ALL_KINDS.model_dump_json()) == ALL_KINDS
    assert [type(goal) for goal in ALL_KINDS.stages] == [gst.Goal, gst.Goal, gst.WorstFirst, gst.WorstFirst]


def test_a_policy_takes_them_through_json() -> None:
    policy = gst.RedeploymentPolicy(goals=ALL_KINDS)
    assert gst.RedeploymentPolicy.model_validate_json(policy.model_dump_json()) == policy


def test_terms_are_named_once() -> None:
    assert ALL_KINDS.terms == ("uncovered", "moves", "travel")


def test_rounds_are_named_by_how_many_of_the_largest_they_add() -> None:
    goal = ALL_KINDS.stages[2]
    assert isinstance(goal, gst.WorstFirst)
    assert [goal.round_name(number) for number in goal.numbers] == [
        "max(0.25 uncovered, moves, travel)",
        "max2(0.25 uncovered, moves, travel)",
        "0.25 uncovered + moves + travel",
    ]


def test_one_round_alone_and_a_label() -> None:
    goal = ALL_KINDS.stages[2].replace(first_round=2, rounds=2, label="shares")
    assert isinstance(goal, gst.WorstFirst)
    assert [goal.round_name(number) for number in goal.numbers] == ["max2(shares)"]
    assert goal.replace(first_round=5, rounds=None).numbers == range(3, 4)
    assert goal.round_name(3) == "sum(shares)"


def test_one_after_the_other_keeps_limits_of_both() -> None:
    first = gst.minimise("moves").replace(limits=(gst.TermLimit(term="moves", at_most=3.0),))
    both = first.then(gst.min_max(("travel", 1.0)).replace(limits=(gst.TermLimit(term="travel", at_most=9.0),)))
    assert [limit.term for limit in both.limits] == ["moves", "travel"]
    assert len(both.stages) == 2


@pytest.mark.parametrize("sides", [{}, {"at_most": 1.0, "at_least": 2.0}])
def test_a_limit_without_room_is_refused(sides: dict[str, float]) -> None:
    with pytest.raises(GstOptError, match="travel"):
        gst.TermLimit(term="travel", **sides)


@pytest.mark.parametrize(
    "goals",
    [
        gst.minimise("uncovered", "beds"),
        gst.leximin(("beds", 1.0)),
        gst.minimise("moves").replace(limits=(gst.TermLimit(term="beds", at_most=1.0),)),
    ],
)
def test_an_unknown_term_is_refused_wherever_it_is_named(goals: gst.Goals) -> None:
    problem = triangle()
    problem = problem.replace(policy=problem.policy.replace(goals=goals))
    with pytest.raises(GstOptError, match="beds"):
        gst.solve(problem)
