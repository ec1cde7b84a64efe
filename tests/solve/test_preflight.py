"""Numbers that a solver cannot be trusted with are refused, and the row or column is named."""

import numpy as np
import pyomo.environ as pyo
import pytest

from gst_opt.core.errors import SolverError
from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, total
from gst_opt.solve.compiled import compile_model
from gst_opt.solve.preflight import check_numbers


def check(coefficient: float = 1.0, cost: float = 1.0, upper: float = 5.0, side: float = 2.0) -> None:
    model = pyo.ConcreteModel()
    x = linear.variables(model, "beds", ["tetouan"], upper=[upper], integer=True)
    linear.rows(model, "space", ["tetouan"], [Entries(x, [0], [0], coefficient)], upper=side)
    check_numbers(compile_model(model, {"cost": Term(Affine((total(x, cost),)), "MAD")}))


def test_plain_numbers_pass() -> None:
    check()
    check(upper=np.inf, side=np.inf)


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
    ],
)
def test_hostile_numbers_are_refused_by_name(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(SolverError, match=named):
        check(**wrong)
