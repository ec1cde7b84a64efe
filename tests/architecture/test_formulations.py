"""Equations of constraints: how they are read, and that they are relations (tests/contract holds the rest)."""

import pytest

from gst_opt.api import PILLARS, Question
from gst_opt.model.formulation import equation


@pytest.mark.parametrize("question", PILLARS, ids=lambda question: question.package)
def test_every_equation_is_a_relation_and_redundancy_names_constraints(question: Question) -> None:
    formulation = question.formulation()
    equations = formulation.math()
    assert [name for name, text in equations.items() if not any(sign in text for sign in ("<=", ">=", "="))] == []
    assert formulation.redundant <= set(equations)


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
