"""What decisions already taken cost: a problem solved with all its pins, and without each in turn."""

from typing import Any

from pydantic import Field

from gst_opt.api import solve
from gst_opt.core.errors import GstOptError
from gst_opt.core.frozen import Frozen
from gst_opt.core.units import Label
from gst_opt.model.problem import Pin, PlanTable, Problem
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.result import Result, Status
from gst_opt.text import Message


class TermPrice(Frozen):
    """What one pin changes in one term."""

    term: str = Field(description="Name of the term")
    unit: str = Field(description="Unit of the term")
    with_pin: float | None = Field(description="Value with all pins; empty when they leave no plan")
    without_pin: float | None = Field(description="Value without this pin; empty when the others leave no plan")

    @property
    def price(self) -> float | None:
        """What the pin adds to the term; None where there is no plan on one side."""
        return None if self.with_pin is None or self.without_pin is None else self.with_pin - self.without_pin


class PinPrice(Frozen):
    """What one pin costs, in every term of the problem."""

    number: int = Field(ge=1, description="Position among the pins of the policy")
    reason: Label = Field(description="Why the decision was taken")
    status: Status = Field(description="What is held without this pin")
    gap: float | None = Field(description="Gap of the plan without this pin; empty when nothing was proven")
    terms: tuple[TermPrice, ...] = Field(description="Every term, with and without")


class PinPrices(Frozen):
    """What every pin of a problem costs."""

    status: Status = Field(description="What is held with all pins")
    gap: float | None = Field(description="Gap of the plan with all pins; empty when nothing was proven")
    pins: tuple[PinPrice, ...] = Field(description="Pins, in the order of the policy")

    def tables(self) -> tuple[PlanTable, ...]:
        """Return one table, with a row for each pin and term that it changes or could not be compared on."""
        rows = tuple(
            (pin.number, pin.reason, pin.status, one.term, one.unit, one.with_pin, one.without_pin, one.price)
            for pin in self.pins
            for one in pin.terms
        )
        columns = ("pin", "pin_reason", "status", "term", "unit", "with_pin", "without_pin", "price")
        return (PlanTable(name="pin_prices", columns=columns, rows=rows),)


def pin_prices(problem: Problem[Any], options: SolveOptions | None = None) -> PinPrices:
    """Solve a problem with all its pins, and without each in turn; return the difference of every term.

    A price is what the pin costs beside the others: two pins that ask for the same may each cost nothing. In a term
    that comes later among the goals it can be negative, where the pin spoils an earlier one. Prices are as exact as the
    gaps of the plans that they compare.

    Parameters
    ----------
    problem
        A question whose policy has pins; their number plus one problems are solved.
    options
        As for `solve`, for each of them.

    Raises
    ------
    GstOptError
        If the problem has no policy with pins.
    DataError, SolverError
        As `solve` does.
    """
    policy: Any = getattr(problem, "policy", None)
    pins: tuple[Pin, ...] | None = getattr(policy, "pins", None)
    if pins is None:
        raise GstOptError(Message("model.no_pins", {"type": type(problem).__name__}))
    bound: Any = problem
    all_pins = solve(problem, options)
    prices = []
    for number, pin in enumerate(pins, 1):
        others = (*pins[: number - 1], *pins[number:])
        without = solve(bound.replace(policy=policy.replace(pins=others)), options)
        prices.append(
            PinPrice(
                number=number,
                reason=pin.reason,
                status=without.status,
                gap=_gap(without),
                terms=_compared(all_pins, without),
            )
        )
    return PinPrices(status=all_pins.status, gap=_gap(all_pins), pins=tuple(prices))


def _gap(result: Result[Any]) -> float | None:
    return result.gap if result.gap < float("inf") else None


def _compared(with_pin: Result[Any], without_pin: Result[Any]) -> tuple[TermPrice, ...]:
    """Return every term, with what lies beyond the plan: a pin may bring need within the plan's reach."""
    here, there = ({term.name: term.planned + term.constant for term in one.terms} for one in (with_pin, without_pin))
    units = {term.name: term.unit for term in (*without_pin.terms, *with_pin.terms)}
    return tuple(
        TermPrice(term=name, unit=unit, with_pin=here.get(name), without_pin=there.get(name))
        for name, unit in units.items()
    )
