"""One entry a question: small problems with values computed by hand. A new question adds its own here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gst_opt.core.mobility import Post
from gst_opt.core.ports import PortKey
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.model.goals import minimise
from gst_opt.model.problem import PinKind, Problem
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.purchasing.awards.problem import AwardProblem
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
from gst_opt.pillars.staff.redeployment.problem import Equity, RedeploymentProblem
from gst_opt.pillars.staff.shared_time.problem import SharedTimeProblem
from gst_opt.pillars.staff.workforce_planning.problem import WorkforcePlanningProblem
from gst_opt.pillars.support.hubs.problem import HubProblem
from tests.grouping_plan import toys as grouping
from tests.location import contract_toys as location
from tests.purchasing.awards import toys as awards
from tests.purchasing.calloffs import toys as calloffs
from tests.purchasing.distribution import toys as distribution
from tests.shared_time import toys as shared_time
from tests.staff import toys as staff
from tests.support import toys as support
from tests.workforce_planning import toys as planning

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
    """See `tests.staff.toys` for the data and the best plans.

    - `posts`: posts are filled by nobody. `slots`: the nurse fills the whole post of `near` again, 0.4 for 0.2.
    - `release`, `protected`, `leave`, the caps and `budget`: the hospital sends a second doctor, one to each centre;
      `reception`, `budgeted`, `consent`: `far` receives a second one.
    - `coverage_floor`: at least 0.7 of 4.5 asks for one move, where only moves are minimised.
    - `gini` and what defines it: a ceiling of 0.1 asks for one move; when heads may idle beside empty posts, or fill
      the part post first, provinces can be made as poor as the poorest on paper.
    - `pins`: forbidding moves to `far` has no effect.
    """
    one_move = staff.two_spare
    voluntary: dict[str, Any] = {"voluntary": True}
    both = (staff.wish("hospital", "far"), staff.wish("hospital", "near", rank=2))
    far = (staff.wish("hospital", "far"), staff.wish("hospital", "near", heads=2))
    mission: dict[str, Any] = {"skills": staff.doctors(), "max_missions": 1}
    narrow: dict[str, Any] = {"near": 2, **mission}
    paid = staff.with_roads(one_move(premium_steps=(staff.step(10.0, 1000.0),), premium_budget=1000.0))
    fair = staff.two_provinces(staff.triangle(), equity=Equity(gini_ceiling=0.1), goals=minimise("moves"))
    floor: dict[str, Any] = {"equity": Equity(coverage_floor=0.7), "goals": minimise("moves")}
    return Toy(
        problem=staff.everything(),
        best=staff.EVERYTHING_BEST,
        without={
            "posts": (staff.everything(), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
            "slots": (staff.everything(), (1 / 3, 1 / 3 + 0.1 / 3, 0.6, 400.0, 50.0, 1.0)),
            "release": (staff.triangle(), staff.TWO_BEST),
            "protected": (
                one_move(
                    staff=tuple(row.replace(protected=3 * (row.heads == 4)) for row in one_move().workforce.staff)
                ),
                staff.TWO_BEST,
            ),
            "reception": (
                one_move(posts=(Post(facility="far", skill="doctor", newcomers=1),), **narrow),
                staff.TWO_TO_FAR,
            ),
            "budgeted": (
                one_move(posts=(Post(facility="far", skill="doctor", budgeted=1),), **narrow),
                staff.TWO_TO_FAR,
            ),
            "leave": (one_move(consents=both, **voluntary), staff.TWO_BEST),
            "consent": (one_move(near=2, consents=far, **voluntary), staff.TWO_TO_FAR),
            "max_moves": (one_move(max_moves=1), staff.TWO_BEST),
            "max_approvals": (one_move(skills=staff.doctors(), max_approvals=1), staff.TWO_BEST),
            "max_missions": (one_move(max_approvals=0, **mission), staff.TWO_BEST),
            "budget": (paid, (0.5, 2000.0, 80.0, 2.0)),
            "coverage_floor": (staff.triangle().replace(policy=staff.triangle().policy.replace(**floor)), (0.0,)),
            "cover": (fair, (0.0,)),
            "differences": (fair, (0.0,)),
            "no_idle_head": (fair, (0.0,)),
            "gini": (fair, (0.0,)),
            "whole_first": (staff.narrow_gini(), (0.0,)),
            "pins": (staff.triangle(staff.TRIANGLE_FORBID), staff.TRIANGLE_BEST),
        },
        ports={
            ("staff_hours", "far", "doctor", "*"): 0.0,
            ("staff_hours", "hospital", "doctor", "*"): 4 * 2080.0,
            ("staff_hours", "near", "doctor", "*"): 2080.0,
            ("money", "premiums", "*"): 0.0,
        },
        pins={kind: (staff.everything(pin), values) for kind, (pin, values) in staff.EVERYTHING_PINS.items()},
    )


def _workforce_planning() -> Toy:
    """See `tests.workforce_planning.toys.valley` and `WITHOUT` for the data and the best plans."""
    return Toy(
        problem=planning.valley(),
        best=planning.mad(planning.VALLEY_BEST),
        without={name: (problem, planning.mad(values)) for name, (problem, values) in planning.WITHOUT.items()},
        ports=planning.PORTS,
        pins={kind: (planning.valley(pin), planning.mad(values)) for kind, (pin, values) in planning.PINS.items()},
    )


def _shared_time() -> Toy:
    """See `tests.shared_time.toys.fork` for the data and the best plan, and the comments there for the rest."""
    return Toy(
        problem=shared_time.fork(),
        best=shared_time.mad(shared_time.BEST),
        without={name: (problem, shared_time.mad(values)) for name, (problem, values) in shared_time.WITHOUT.items()},
        ports=shared_time.PORTS,
        pins={kind: (problem, shared_time.mad(values)) for kind, (problem, values) in shared_time.PINS.items()},
    )


def _location() -> Toy:
    """See `tests.location.contract_toys` and `tests.location.row_toys` for the data and the best plans."""
    return Toy(
        problem=location.hub(),
        best=location.BEST,
        without=location.WITHOUT,
        ports=location.PORTS,
        pins=location.PINS,
    )


def _awards() -> Toy:
    """See `tests.purchasing.awards.toys` for the tenders and what each rule costs."""
    return Toy(
        problem=awards.fair(), best=awards.FAIR_BEST, without=awards.WITHOUT, ports=awards.PORTS, pins=awards.PINS
    )


def _calloffs() -> Toy:
    """See `tests.purchasing.calloffs.toys` for the months of gloves and what each rule costs."""
    return Toy(
        problem=calloffs.gloves(),
        best=calloffs.GLOVES_BEST,
        without=calloffs.WITHOUT,
        ports=calloffs.PORTS,
        pins=calloffs.PINS,
    )


def _distribution() -> Toy:
    """See `tests.purchasing.distribution.toys` for the gloves of two facilities and what each rule costs."""
    return Toy(
        problem=distribution.gloves(),
        best=distribution.GLOVES_BEST,
        without=distribution.WITHOUT,
        ports=distribution.PORTS,
        pins=distribution.PINS,
    )


def _grouping() -> Toy:
    """See `tests.grouping_plan.toys` for two hospitals, their technicians and their gel."""
    return Toy(
        problem=grouping.twins(),
        best=grouping.BEST,
        without=grouping.WITHOUT,
        ports=grouping.PORTS,
        pins=grouping.PINS,
    )


def _hubs() -> Toy:
    """See `tests.support.toys` for the linen of three hospitals and what each rule costs."""
    return Toy(
        problem=support.linen(),
        best=support.BEST,
        without=support.WITHOUT,
        ports=support.PORTS,
        pins=support.PINS,
    )


TOYS: dict[type[Problem[Any]], Toy] = {
    RedeploymentProblem: _redeployment(),
    WorkforcePlanningProblem: _workforce_planning(),
    SharedTimeProblem: _shared_time(),
    LocationProblem: _location(),
    AwardProblem: _awards(),
    CallOffProblem: _calloffs(),
    DistributionProblem: _distribution(),
    HubProblem: _hubs(),
    GroupingProblem: _grouping(),
}
