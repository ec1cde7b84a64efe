"""Numbers that a solver cannot be trusted with are refused, and the row or column is named."""

import numpy as np
import pyomo.environ as pyo
import pytest

from gst_opt.core.errors import SolverError
from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.goals import Goal, TermWeight, minimise
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.preflight import check_numbers, coefficient_range, prepared
from gst_opt.text import Lang


def check(
    coefficient: float = 1.0,
    cost: float = 1.0,
    upper: float = 5.0,
    side: float = 2.0,
    floor: float = -np.inf,
    lower: float = 0.0,
    constant: float = 0.0,
    weight: float = 1.0,
) -> None:
    model = pyo.ConcreteModel()
    x = linear.variables(model, "beds", ["tetouan"], lower=[lower], upper=[upper], integer=True)
    linear.rows(model, "space", ["tetouan"], [Entries(x, [0], [0], coefficient)], lower=floor, upper=side)
    goal = Goal(weights=(TermWeight(term="cost", weight=weight),))
    check_numbers(compile_model(model, {"cost": Term(Affine((total(x, cost),), constant), "MAD")}), [goal])


def test_plain_numbers_pass() -> None:
    check()
    check(upper=np.inf, side=np.inf)
    check(cost=9e13, constant=1e200)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"coefficient": np.nan}, "space"),
        ({"coefficient": np.inf}, "space"),
        ({"coefficient": 1e-12}, "beds"),
        ({"coefficient": 1e16}, "beds"),
        ({"cost": np.nan}, "cost"),
        ({"cost": -np.inf}, "beds"),
        ({"upper": 1e10}, "beds"),
        ({"upper": 1e12}, "beds"),
        ({"upper": np.nan}, "beds"),
        ({"side": np.nan}, "space"),
        ({"lower": np.inf, "upper": np.inf}, r"beds\[tetouan\].*no finite value"),
        ({"lower": -np.inf, "upper": -np.inf}, r"beds\[tetouan\].*no finite value"),
        ({"side": -np.inf}, r"space\[tetouan\].*no finite value"),
        ({"floor": np.inf, "side": np.inf}, r"space\[tetouan\].*no finite value"),
        ({"constant": np.nan}, "constant.*cost.*nan"),
        ({"constant": np.inf}, "constant.*cost.*inf"),
        ({"constant": 1e10, "cost": 0.0, "weight": 1e300}, "constant.*cost.*inf"),
        ({"cost": 1e14}, r"beds\[tetouan\].*goal .*cost pays .*1e\+14"),
        ({"cost": -1e20}, r"beds\[tetouan\].*goal .*cost pays .*1e\+20"),
        ({"weight": 1e300}, r"beds\[tetouan\].*goal .*cost pays .*1e\+300"),
        ({"weight": 1e300, "cost": 1e100}, r"beds\[tetouan\].*goal .*cost pays inf"),
    ],
)
def test_hostile_numbers_are_refused_by_name(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(SolverError, match=named):
        check(**wrong)


def test_a_switch_that_lets_too_much_through_is_named_in_domain_words() -> None:
    """Beds only where open, as many as one likes: a millionth of a site would hold one bed."""
    model = pyo.ConcreteModel()
    beds = linear.variables(model, "beds", ["tetouan"])
    is_open = linear.variables(model, "open", ["tetouan"], upper=1, integer=True)
    entries = [Entries(beds, [0], [0]), Entries(is_open, [0], [0], -1e6)]
    linear.rows(model, "only_where_open", ["tetouan"], entries, upper=0)
    with pytest.raises(SolverError) as refusal:
        check_numbers(prepared(compile_model(model, {})))
    assert refusal.value.text(Lang.EN) == (
        "open[tetouan] opens only_where_open[tetouan] with a coefficient of 1e+06: the solver takes a millionth for "
        "zero, which lets 1 through where the smallest unit is 1; at most 100000 would do: give the other variables a "
        "bound, or use a larger unit"
    )
    assert refusal.value.text(Lang.FR).startswith("open[tetouan] ouvre only_where_open[tetouan]")
    linear.rows(model, "space", ["tetouan"], [Entries(beds, [0], [0])], upper=30)
    tight = prepared(compile_model(model, {}))
    check_numbers(tight)
    assert coefficient_range(tight) == (1.0, 30.0)


def test_rows_that_keep_goals_are_counted_in_the_range_of_coefficients() -> None:
    model = pyo.ConcreteModel()
    x = linear.variables(model, "beds", ["tetouan"], upper=5)
    linear.rows(model, "space", ["tetouan"], [Entries(x, [0], [0], 3.0)], upper=9)
    compiled = compile_model(model, {"cost": Term(Affine((total(x, 0.25),)), "MAD")})
    assert coefficient_range(compiled) == (3.0, 3.0)
    assert coefficient_range(compiled, [Goal(weights=(TermWeight(term="cost"),))]) == (0.25, 3.0)


def test_a_goal_without_end_is_refused_unless_an_earlier_goal_is_in_the_way() -> None:
    model = pyo.ConcreteModel()
    x = linear.variables(model, "beds", ["tetouan"])
    terms = {"cost": Term(Affine((total(x),)), "MAD"), "gain": Term(Affine((total(x, -1.0),)), "MAD")}
    compiled = compile_model(model, terms)
    gain, cost = (minimise(name).stages[0] for name in ("gain", "cost"))
    assert isinstance(gain, Goal)
    assert isinstance(cost, Goal)
    check_numbers(compiled, [cost, gain])
    with pytest.raises(SolverError, match=r"beds\[tetouan\].*gain"):
        check_numbers(compiled, [gain, cost])
