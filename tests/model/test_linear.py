"""Rows made from arrays are, to Pyomo, the rows that somebody would have written by hand."""

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from gst_opt.core.errors import SolverError
from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.solve.compiled import compile_model


def small_model() -> pyo.ConcreteModel:
    """Two families of variables, a row family with a free row, an equality."""
    model = pyo.ConcreteModel()
    x = linear.variables(model, "x", [("a", 1), ("b", 2), ("c", 3)], upper=[1, 2, np.inf])
    y = linear.variables(model, "y", ["p", "q"], upper=1, integer=True)
    entries = [Entries(x, [0, 0, 1], [0, 1, 2], [1, 2, 3.0]), Entries(y, [0, 1], [0, 1], -5.0)]
    linear.rows(model, "link", ["r1", "r2"], entries, upper=0)
    linear.rows(model, "level", [0], [Entries(x, [0, 0], [0, 0], [1, 2])], lower=1, upper=1)
    return model


def test_rows_print_as_the_equations_they_are() -> None:
    model = small_model()
    assert str(model.link["r1"].expr) == "x[a,1] + 2.0*x[b,2] - 5.0*y[p]  <=  0.0"
    assert str(model.level[0].expr) == "x[a,1] + 2.0*x[a,1]  ==  1.0"
    assert (model.link["r2"].lb, model.link["r2"].ub) == (None, 0.0)


def test_a_row_can_be_evaluated_deactivated_rewritten_and_cloned() -> None:
    model = small_model()
    for data in model.component_data_objects(pyo.Var):
        data.set_value(1.0)
    assert pyo.value(model.link["r1"].body) == 1 + 2 - 5
    model.link["r2"].deactivate()
    copy = model.clone()
    copy.link["r1"].set_value(copy.x["a", 1] <= 0.5)
    compiled = compile_model(copy, {})
    assert compiled.matrix.toarray().tolist() == [[1, 0, 0, 0, 0], [3, 0, 0, 0, 0]]
    assert compiled.row_upper.tolist() == [0.5, 1.0]
    assert compile_model(model, {}).matrix.shape == (2, 5), "the original keeps its own first row"


def test_a_users_own_rule_is_compiled_beside_the_arrays() -> None:
    model = small_model()
    model.own = pyo.Constraint(expr=2 * model.x["c", 3] - model.y["q"] >= 4 - model.x["a", 1])
    compiled = compile_model(model, {})
    row = compiled.matrix.toarray()[-1].tolist()
    assert row in ([1, 0, 2, 0, -1], [-1, 0, -2, 0, 1])
    assert compiled.row_name(3) == "own"


def test_a_rule_that_is_not_linear_is_refused_by_name() -> None:
    model = small_model()
    model.bent = pyo.Constraint(expr=model.x["a", 1] * model.x["b", 2] <= 1)
    with pytest.raises(SolverError, match="bent"):
        compile_model(model, {})


def test_fixed_variables_become_equal_bounds_and_names_are_in_domain_words() -> None:
    model = small_model()
    model.x["b", 2].fix(1.5)
    compiled = compile_model(model, {"cost": Term(Affine((total(model.y, [3.0, 4.0]),), 7.0), "MAD")})
    assert (compiled.lower[1], compiled.upper[1]) == (1.5, 1.5)
    assert compiled.upper[2] == np.inf
    assert compiled.integer.tolist() == [False, False, False, True, True]
    assert compiled.column_name(4) == "y[q]"
    assert compiled.terms["cost"].costs.tolist() == [0, 0, 0, 3, 4]
    assert compiled.terms["cost"].constant == 7.0


def test_binary_and_nonnegative_domains_of_a_users_variable_count() -> None:
    model = small_model()
    model.open = pyo.Var(["s"], domain=pyo.Binary)
    model.more = pyo.Var(["s"], domain=pyo.NonNegativeReals)
    compiled = compile_model(model, {})
    assert (compiled.lower[5], compiled.upper[5], compiled.integer[5]) == (0, 1, True)
    assert (compiled.lower[6], compiled.upper[6], compiled.integer[6]) == (0, np.inf, False)


def test_an_empty_row_is_kept_as_a_statement_about_zero() -> None:
    model = pyo.ConcreteModel()
    x = linear.variables(model, "x", ["a"], upper=1)
    linear.rows(model, "demand", [1], [Entries(x, [], [])], lower=3)
    compiled = compile_model(model, {})
    assert compiled.matrix.shape == (1, 1)
    assert compiled.row_lower.tolist() == [3]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(-3, 3)), max_size=30),
    st.lists(st.integers(-4, 4), min_size=5, max_size=5),
)
def test_arrays_equal_idiomatic_pyomo_and_its_own_compiler(
    triplets: list[tuple[int, int, int]], sides: list[int]
) -> None:
    """The same rows by rule and by arrays: equal matrices, and equal to Pyomo's standard form."""
    fast, slow = pyo.ConcreteModel(), pyo.ConcreteModel()
    keys = list(range(6))
    x = linear.variables(fast, "x", keys, upper=9)
    slow.x = pyo.Var(keys, bounds=(0, 9))
    rows, columns, values = (np.array([t[k] for t in triplets], dtype=float) for k in range(3))
    linear.rows(fast, "r", range(5), [Entries(x, rows, columns, values)], upper=[float(side) for side in sides])
    slow.r = pyo.Constraint(
        [row for row in range(5) if any(t[0] == row for t in triplets)],
        rule=lambda m, row: sum(v * m.x[c] for r, c, v in triplets if r == row) + 0 * m.x[0] <= sides[row],
    )
    ours = compile_model(fast, {}).matrix.toarray()
    theirs = compile_model(slow, {}).matrix.toarray()
    filled = [row for row in range(5) if any(t[0] == row for t in triplets)]
    assert np.array_equal(ours[filled], theirs)
    for row in set(range(5)) - {row for row in range(5) if ours[row].any()}:
        fast.r[row].deactivate()
    slow.r.deactivate()
    written = LinearStandardFormCompiler().write(fast, mixed_form=True)
    order = [int(str(variable).split("[")[1][:-1]) for variable in written.columns]
    standard = np.zeros((len(written.rows), 6))
    standard[:, order] = written.A.toarray()
    assert np.array_equal(standard, ours[[row for row in range(5) if ours[row].any()]])


def test_a_key_that_a_family_was_not_made_with_is_refused() -> None:
    model = small_model()
    with pytest.raises(KeyError):
        model.x["z", 9]
    assert len(model.x) == 3


def test_variables_keep_bounds_domain_and_values_through_a_clone() -> None:
    model = small_model()
    model.y["q"].set_value(1)
    copy = model.clone()
    assert (copy.x["a", 1].lb, copy.x["a", 1].ub, copy.x["c", 3].ub) == (0.0, 1.0, None)
    assert (copy.y["q"].value, copy.y["q"].is_integer(), copy.x["a", 1].is_integer()) == (1, True, False)
    assert copy.y["q"].parent_component() is copy.y
