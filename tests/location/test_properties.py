"""What must hold of every plan, and what can only help: budget, units, reach, one option more."""

import gst_opt as gst
from tests.location.contract_toys import bus

ONE = gst.SolveOptions(workers=1)


def test_a_place_is_fitted_out_at_once() -> None:
    """Its 1,000 dirhams are more than the 600 of a year; with what the year before leaves, they are not."""
    policy = {"years": 2, "capex_a_year": 600.0}
    never = gst.solve(bus("unmet", scans=10, policy=policy | {"carry_over": 0.0}), ONE)
    assert (never.stages[0].value, never.require().visits) == (40.0, ())
    late = gst.solve(bus("unmet", scans=10, policy=policy), ONE)
    assert late.stages[0].value == 20.0
    assert [(row.year, row.fitted_out) for row in late.require().visits] == [(2027, True)]
