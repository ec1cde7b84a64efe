"""Every constraint of every registered question says its equation."""

import pytest

from gst_opt.api import PILLARS, Question
from gst_opt.model.formulation import equation

RELATIONS = ("<=", ">=", "=")


@pytest.fixture(params=PILLARS, ids=lambda question: question.package)
def question(request: pytest.FixtureRequest) -> Question:
    chosen: Question = request.param
    return chosen


def test_every_constraint_has_an_equation(question: Question) -> None:
    equations = question.formulation().math()
    assert list(equations) == [piece.__name__ for piece in question.formulation().constraints]
    for name, text in equations.items():
        assert any(relation in text for relation in RELATIONS), name


def test_every_constraint_begins_with_a_sentence_and_cites_its_source(question: Question) -> None:
    for piece in question.formulation().constraints:
        text = piece.__doc__ or ""
        assert text.splitlines()[0].endswith("."), piece.__name__
        assert "Source:" in text, piece.__name__


def test_redundant_constraints_are_constraints(question: Question) -> None:
    formulation = question.formulation()
    assert formulation.redundant <= set(formulation.math())


def test_equation_is_the_indented_block_after_the_colons() -> None:
    def capacity(block: object, problem: object) -> None:
        """No more than there is.

        ::

            sum_i x_ij <= c_j    for every j
            x_ij >= 0

        Source: arithmetic.
        """

    def without(block: object, problem: object) -> None:
        """No equation here."""

    assert equation(capacity) == "sum_i x_ij <= c_j    for every j\nx_ij >= 0"
    assert equation(without) == ""
