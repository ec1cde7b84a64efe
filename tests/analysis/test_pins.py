"""What pins cost, by hand."""

import pytest

import gst_opt as gst
from gst_opt.core.errors import GstOptError
from gst_opt.model.problem import PinKind, Plan, Problem
from tests.staff.toys import TRIANGLE_FORBID, pin, triangle

ONE = gst.SolveOptions(workers=1)


def prices(found: gst.PinPrices) -> list[dict[str, float | None]]:
    return [{one.term: one.price for one in row.terms} for row in found.pins]


def test_a_pin_costs_what_the_plan_without_it_saves() -> None:
    """With moves to `far` forbidden, the spare doctor covers 0.5 at `near` (30 minutes), not 1 at `far` (50)."""
    (row,) = prices(gst.pin_prices(triangle(TRIANGLE_FORBID), ONE))
    assert row == pytest.approx({"uncovered": 0.5, "premiums": 0.0, "travel": -20.0, "moves": 0.0, "short_in[p]": 0.5})


def test_two_pins_that_ask_for_the_same_cost_nothing_each() -> None:
    again = pin(PinKind.AT_MOST, 0.0, host="far")
    assert all(row["uncovered"] == 0.0 for row in prices(gst.pin_prices(triangle(TRIANGLE_FORBID, again), ONE)))


def test_a_pin_that_nothing_can_keep_has_no_price_but_says_so() -> None:
    found = gst.pin_prices(triangle(pin(PinKind.AT_LEAST, 2.0, origin="hospital")), ONE)
    (row,) = found.pins
    assert (found.status, row.status) == (gst.Status.INFEASIBLE, gst.Status.OPTIMAL)
    assert {one.price for one in row.terms} == {None}
    assert {one.without_pin for one in row.terms if one.term == "uncovered"} == {1.0}


def test_no_pin_no_price_and_the_table_has_a_row_a_pin_and_term() -> None:
    assert gst.pin_prices(triangle(), ONE).pins == ()
    (table,) = gst.pin_prices(triangle(TRIANGLE_FORBID), ONE).tables()
    assert table.name == "pin_prices"
    assert next(row[:2] + row[3:] for row in table.rows) == (
        1,
        "decided by the board",
        "uncovered",
        "FTE",
        1.5,
        1.0,
        0.5,
    )


def test_a_problem_without_pins_is_refused() -> None:
    class Other(Problem[Plan]):
        pass

    with pytest.raises(GstOptError, match="Other"):
        gst.pin_prices(Other())
