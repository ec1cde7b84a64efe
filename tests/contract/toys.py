"""One entry a question: small problems with values computed by hand. A new question adds its own here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gst_opt.model.formulation import PortKey
from gst_opt.model.problem import PinKind, Problem
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from tests.staff import toys as staff

Values = tuple[float, ...]


@dataclass(frozen=True)
class Toy:
    """A problem solved by hand.

    Attributes
    ----------
    problem
        The question.
    best
        Value of every goal, in order.
    without
        Value of every goal when one constraint is left out; different from `best`, or the constraint does not bind.
    ports
        Value of every port when nothing changes.
    pins
        For every kind of pin: the problem with such a pin, and its values.
    """

    problem: Problem[Any]
    best: Values
    without: Mapping[str, tuple[Problem[Any], Values]]
    ports: Mapping[PortKey, float]
    pins: Mapping[PinKind, tuple[Problem[Any], Values]]


def _redeployment() -> Toy:
    """See `tests.staff.toys.triangle` for the data and the best plan.

    Without `posts`, posts are filled by nobody: 0 uncovered, 0 moves. Without `release`, the hospital sends two of
    its four doctors (it still covers its 1.5): 1 to each centre, 0.5 uncovered, 2 moves, 80 minutes. Without `pins`,
    forbidding moves to `far` has no effect.
    """
    forbid, forbidden = staff.TRIANGLE_PINS[PinKind.FORBID]
    assert forbidden != staff.TRIANGLE_BEST
    return Toy(
        problem=staff.triangle(),
        best=staff.TRIANGLE_BEST,
        without={
            "posts": (staff.triangle(), (0.0, 0.0, 0.0)),
            "release": (staff.triangle(), (0.5, 2.0, 80.0)),
            "pins": (staff.triangle(forbid), staff.TRIANGLE_BEST),
        },
        ports={("staff", "far", "doctor"): 0.0, ("staff", "hospital", "doctor"): 4.0, ("staff", "near", "doctor"): 1.0},
        pins={kind: (staff.triangle(pin), values) for kind, (pin, values) in staff.TRIANGLE_PINS.items()},
    )


TOYS: dict[type[Problem[Any]], Toy] = {RedeploymentProblem: _redeployment()}
