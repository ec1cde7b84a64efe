"""Changes of a question about platforms, each priced by hand.

1,500 people of each of two zones need a scan; only the hospital a is within reach, and its scanner makes 2,000. The
scanner of b is closed, since its upkeep of 10 brings nothing: 1,000 scans are unmet, and 10 dirhams spent.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import gst_opt as gst
from gst_opt.core.equipment import PrivateOffer
from gst_opt.core.errors import DataError
from gst_opt.core.region import Opening, Status, Ward, WardBeds
from gst_opt.core.time import Grain, Horizon
from gst_opt.core.wards import WardStandard
from gst_opt.model.goals import minimise, weighted
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.changes import LocationChange, LocationChanges
from gst_opt.pillars.platforms.location.policy import Guarantee, LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.row_toys import NEAREST
from tests.location.two_sites import ROOM, SCANNER, SOURCE, equipment, facility, region, two_sites

ONE = gst.SolveOptions(workers=1)
GOALS = minimise("unmet").then(weighted(("purchases", 1.0), ("upkeep", 1.0), ("contracts", 1.0)))
PRICED = SCANNER.replace(purchase=1000, upkeep=10, moving=100)
OFFER = PrivateOffer(facility="a", service="scan", period="2026", acts=500, mad_per_act=2)


def town(policy: dict[str, Any] | None = None, **more: Any) -> LocationProblem:
    """Return the question of the module's first lines."""
    own = equipment(equipment_types=(PRICED, ROOM), **more)
    return two_sites({"scan": 1500}, {"goals": GOALS, **NEAREST, **(policy or {})}, equipment=own)


def prices(problem: LocationProblem, *changes: LocationChange) -> list[tuple[float | None, ...]]:
    """Return the price of both goals for each change, once all are proven."""
    found = gst.rule_prices(problem, changes, ONE)
    assert all(goal.proven for rule in found.rules for goal in rule.goals)
    return [tuple(goal.price for goal in rule.goals) for rule in found.rules]


@pytest.mark.parametrize(
    ("change", "price"),
    [
        pytest.param(lambda own: own.one_more_unit("a", "scanner"), (-1000, 110), id="the scanner of b moves to a"),
        pytest.param(lambda own: own.one_unit_given("a", "scanner"), (-1000, 10), id="its upkeep is paid"),
        pytest.param(lambda own: own.one_more_session("scanner"), (-200, 0), id="11 sessions for 10"),
        pytest.param(lambda own: own.site_refused("a"), (2000, -10), id="nothing is left in reach"),
        pytest.param(lambda own: own.site_kept("b"), (0, 10), id="the scanner of b stays"),
    ],
)
def test_what_a_change_costs_and_brings(
    change: Callable[[LocationChanges], LocationChange], price: tuple[float, float]
) -> None:
    problem = town()
    assert prices(problem, change(LocationChanges(problem))) == [pytest.approx(price)]


def test_one_more_unit_is_bought_where_none_may_move() -> None:
    problem = town({"move": False})
    assert prices(problem, LocationChanges(problem).one_more_unit("a", "scanner")) == [pytest.approx((-1000, 1010))]


def test_a_unit_given_counts_where_nothing_was_in_reach() -> None:
    """A hospital a without a scanner leaves 3,000 scans that no decision can give; with one, 1,000."""
    problem = town(equipment_units=tuple(row for row in equipment().equipment_units if row.facility == "b"))
    assert prices(problem, LocationChanges(problem).one_unit_given("a", "scanner")) == [pytest.approx((-2000, 10))]


def test_an_offer_withdrawn() -> None:
    """500 scans at 2 dirhams are not bought any more."""
    problem = town(private_offers=(OFFER,)).replace(horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1))
    (change,) = LocationChanges(problem).offers()
    assert change.text() == "without the private offer of scan near a"
    assert prices(problem, change) == [pytest.approx((500, -1000))]


def test_each_pin_left_out() -> None:
    """No scanner at a leaves 3,000 scans unmet instead of 1,000; one at b costs its upkeep."""
    refused = LocationPin(kind=PinKind.FORBID, facility="a", equipment_type="scanner", reason="works")
    kept = LocationPin(kind=PinKind.KEEP, facility="b", equipment_type="scanner", reason="promised")
    problem = town({"pins": (refused, kept)})
    changes = LocationChanges(problem).pins()
    assert [change.text(gst.Lang.FR) for change in changes] == [
        "sans la décision 1 : works",
        "sans la décision 2 : promised",
    ]
    assert prices(problem, *changes) == [pytest.approx((-2000, 10)), pytest.approx((0, -10))]
    found = gst.pin_prices(problem, ONE).pins
    assert [{one.term: one.price for one in pin.terms}["unmet"] for pin in found] == pytest.approx([2000, 0])


def test_what_is_guaranteed_to_each_province() -> None:
    """Four in five of 1,000 scans of each zone within 25 minutes: 800 journeys of 10 minutes, 800 of 20."""
    everywhere = Guarantee(minutes=25, share=0.8, reason="decided")
    here = Guarantee(province="Here", minutes=25, share=0.5, reason="at least half")
    problem = two_sites({"scan": 1000}, {"goals": minimise("journeys"), "guarantees": (everywhere, here)})
    own = LocationChanges(problem)
    assert prices(problem, *own.guarantees()) == [pytest.approx((500 * 10 - 24_000,)), pytest.approx((0.0,))]
    assert prices(problem, *own.province_guarantees()) == [pytest.approx((-8_000,)), pytest.approx((-16_000,))]
    assert [change.text() for change in own.province_guarantees()] == [
        "without any guarantee for the province Here",
        "without any guarantee for the province There",
    ]


def test_a_site_refused_or_kept_has_a_pin_for_each_resource() -> None:
    beds = WardStandard(ward=Ward.SURGERY, block=5, source=SOURCE)
    problem = two_sites(
        {"scan": 1000},
        region=region(ward_beds=(WardBeds(facility="a", ward=Ward.SURGERY, beds=10),)),
        equipment=equipment(ward_standards=(beds,)),
    )
    pins = LocationChanges(problem).site_refused("a").problem.policy.pins
    assert [(pin.kind, pin.facility, pin.equipment_type, pin.ward) for pin in pins] == [
        (PinKind.FORBID, "a", "scanner", None),
        (PinKind.FORBID, "a", None, Ward.SURGERY),
    ]
    assert {pin.kind for pin in LocationChanges(problem).site_kept("a").problem.policy.pins} == {PinKind.KEEP}


def test_one_more_unit_is_asked_of_the_years_that_a_site_is_there() -> None:
    planned = facility("c", status=Status.PLANNED)
    opens = Opening(facility="c", opens=date(2027, 1, 1), source=SOURCE)
    own = region(facilities=(*region().facilities, planned), openings=(opens,))
    problem = two_sites({"scan": 1000}, {"years": 3, "opened": ("c",)}, region=own)
    change = LocationChanges(problem).one_more_unit("c", "scanner")
    assert [(pin.year, pin.value) for pin in change.problem.policy.pins] == [(2027, 1.0), (2028, 1.0)]
    assert [row.max_units for row in change.problem.equipment.site_limits] == [1]


def test_dated_units_stay_beside_one_given() -> None:
    rows = equipment().equipment_units
    dated = town(equipment_units=tuple(row.replace(installed=2020) for row in rows if row.facility == "a"))
    given = LocationChanges(dated).one_unit_given("a", "scanner").problem.equipment.equipment_units
    assert [(row.units, row.installed) for row in given] == [(1, 2020), (1, None)]
    twice = LocationChanges(LocationChanges(dated).one_unit_given("a", "scanner").problem)
    again = twice.one_unit_given("a", "scanner").problem.equipment.equipment_units
    assert [(row.units, row.installed) for row in again] == [(1, 2020), (2, None)]


def test_what_the_plan_does_not_have_is_refused() -> None:
    own = LocationChanges(town())
    with pytest.raises(DataError, match="2") as both:
        own.one_more_unit("nowhere", "laser")
    assert [(one.column, one.value) for one in both.value.problems] == [
        ("equipment_type", "laser"),
        ("facility", "nowhere"),
    ]
    for wrong in (own.site_refused, own.site_kept, own.one_more_session):
        with pytest.raises(DataError):
            wrong("nowhere")
