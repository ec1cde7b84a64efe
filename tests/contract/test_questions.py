"""What every registered question must keep: equations, binding constraints, golden LP, pins, round trips, names."""

import inspect
import random
import re
from pathlib import Path
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.api import PILLARS, Question, question_of
from gst_opt.core.frozen import Frozen
from gst_opt.model.formulation import equation
from gst_opt.model.problem import PinKind
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.components import split
from gst_opt.solve.once import Limits
from gst_opt.solve.phases import reach
from tests.contract.toys import TOYS

GOLDEN = Path(__file__).parent / "golden"
ONE = gst.SolveOptions(workers=1)
GIVEN_BACK, GIVEN_BACK_SHARE = 2e-6, 2e-7
"""What later goals may give back of earlier ones, where no plan is read from the point: a millionth of a unit each, or
a ten-millionth of what they reached."""


def near(values: Any) -> Any:
    """Return values to compare with, within what may be given back."""
    return pytest.approx(values, abs=GIVEN_BACK, rel=GIVEN_BACK_SHARE)


each_question = pytest.mark.parametrize("question", PILLARS, ids=lambda question: question.problem.__name__)


def values_without(question: Question, problem: Any, name: str) -> tuple[float, ...]:
    """Return the value of every goal when a constraint is left out, and those that only tighten the relaxation.

    Such a plan would not pass the check. What tightens may say the same as the constraint, so it does not stay.
    """
    formulation = question.formulation()
    model = formulation.build(problem, without={name, *formulation.redundant})
    compiled = compile_model(model, formulation.terms(model, problem))
    formulation.write(model, problem, None)
    limits = Limits(ONE.gap, None, ONE.seed)
    today = compiled.stored()
    found = reach(compiled, formulation.goals(problem), [today], ONE, limits, split)
    assert found.x is not None
    return tuple(stage.value for stage in found.stages(found.x, today))


@each_question
def test_every_question_has_a_toy_solved_by_hand(question: Question) -> None:
    toy = TOYS[question.problem]
    result = gst.solve(toy.problem, ONE)
    assert result.status is gst.Status.OPTIMAL
    assert tuple(stage.value for stage in result.stages) == pytest.approx(toy.best)
    assert result.gap == pytest.approx(0.0, abs=1e-12)
    assert result.checked


@each_question
def test_every_constraint_says_what_it_is_in_words_equation_and_source(question: Question) -> None:
    for piece in question.formulation().constraints:
        text = inspect.getdoc(piece) or ""
        assert re.match(r"[A-Z].*\.$", text.splitlines()[0]), piece.__name__
        assert equation(piece), piece.__name__
        assert "Source:" in text, piece.__name__
    assert list(question.formulation().math()) == [piece.__name__ for piece in question.formulation().constraints]


@each_question
def test_every_constraint_binds_or_is_declared_redundant(question: Question) -> None:
    toy, formulation = TOYS[question.problem], question.formulation()
    names = {piece.__name__ for piece in formulation.constraints}
    assert toy.without.keys() == names - formulation.redundant
    for name, (problem, expected) in toy.without.items():
        with_all = tuple(stage.value for stage in gst.solve(problem, ONE).stages)
        assert expected != pytest.approx(with_all), name
        assert values_without(question, problem, name) == near(expected), name
    for name in formulation.redundant:
        assert values_without(question, toy.problem, name) == near(toy.best), name


@each_question
def test_the_model_as_text_is_the_golden_one(question: Question, tmp_path: Path) -> None:
    """A sign or a side that has drifted shows here, where values might not. Delete the file to write it anew."""
    toy, formulation = TOYS[question.problem], question.formulation()
    problem = next(problem for problem, _ in toy.pins.values())
    model = formulation.build(problem)
    written = tmp_path / "model.lp"
    model.write(str(written), io_options={"symbolic_solver_labels": True})
    text = written.read_text(encoding="utf-8")
    golden = GOLDEN / f"{question.problem.__name__}.lp"
    if not golden.exists():
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    for piece in formulation.constraints:
        assert re.search(rf"^[cr]_\w*{piece.__name__}", text, re.MULTILINE), piece.__name__


@each_question
@pytest.mark.parametrize("kind", PinKind)
def test_every_kind_of_pin_works(question: Question, kind: PinKind) -> None:
    problem, expected = TOYS[question.problem].pins[kind]
    result = gst.solve(problem, ONE)
    assert result.checked
    assert tuple(stage.value for stage in result.stages) == pytest.approx(expected)


@each_question
def test_problem_and_plan_survive_json(question: Question) -> None:
    problem: Any = TOYS[question.problem].problem
    again = question.problem.model_validate_json(problem.model_dump_json())  # type: ignore[attr-defined]
    assert again == problem
    plan = gst.solve(problem, ONE).require()
    assert type(plan).model_validate_json(plan.model_dump_json()) == plan
    assert gst.solve(again, ONE).plan == plan


def renamed(record: Frozen, seed: int) -> Any:
    """Return a record with every id of it renamed at random, so that no order of names is kept."""
    data = record.model_dump(mode="json")
    ids = sorted(found_ids(data))
    shuffled = [f"n{number}" for number in range(len(ids))]
    random.Random(seed).shuffle(shuffled)
    new = dict(zip(ids, shuffled, strict=True))

    def rename(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: rename(item) for key, item in value.items()}
        if isinstance(value, list):
            return [rename(item) for item in value]
        return new.get(value, value) if isinstance(value, str) else value

    return type(record).model_validate(rename(data))


def found_ids(data: Any) -> set[str]:
    """Return the values of every field called id."""
    if isinstance(data, dict):
        own = {data["id"]} if isinstance(data.get("id"), str) else set()
        return own.union(*(found_ids(item) for item in data.values()))
    return set().union(*(found_ids(item) for item in data)) if isinstance(data, list) else set()


@each_question
@pytest.mark.parametrize("seed", range(3))
def test_other_names_change_neither_objective_nor_bound(question: Question, seed: int) -> None:
    problem: Any = TOYS[question.problem].problem
    before, after = gst.solve(problem, ONE), gst.solve(renamed(problem, seed), ONE)
    assert [(s.value, s.bound, s.today) for s in after.stages] == [(s.value, s.bound, s.today) for s in before.stages]


@each_question
def test_ports_are_linear_quantities_with_today_s_value(question: Question) -> None:
    toy, formulation = TOYS[question.problem], question.formulation()
    model = formulation.build(toy.problem)
    formulation.write(model, toy.problem, None)
    ports = formulation.ports(model, toy.problem)
    assert toy.ports
    assert {key: sum_of(quantity) for key, quantity in ports.items()} == toy.ports


def sum_of(quantity: Any) -> float:
    """Evaluate a linear quantity at the model's values."""
    from pyomo.environ import value

    return float(value(quantity.expression()))


@each_question
def test_the_question_is_found_from_its_problem(question: Question) -> None:
    assert question_of(TOYS[question.problem].problem) is question
