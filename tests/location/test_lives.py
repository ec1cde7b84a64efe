"""Lives of units: what is taken out is what would have ended first; a unit bought outlives the plan."""

import pytest

from gst_opt.api import solve
from gst_opt.core.equipment import EquipmentType, EquipmentUnits, SiteLimit
from gst_opt.core.errors import DataError
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.policy import LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.two_sites import ROOM, SOURCE, equipment, two_sites

SCANNER = EquipmentType(
    id="scanner", name_fr="Scanner", name_en="Scanner", max_use=0.5, purchase=1_000_000, upkeep=100_000, life=6
)
ONE_ROOM = LocationPin(kind=PinKind.AT_MOST, value=1, facility="a", equipment_type="scanner", reason="one room")


def with_units(*ends: int, life: float = 6, pins: tuple[LocationPin, ...] = (ONE_ROOM,)) -> LocationProblem:
    """One scanner for each year, counted from the first of the plan, in which it ends; at most one from the start."""
    first = two_sites({"scan": 10.0}).years[0]
    rows = tuple(
        EquipmentUnits(facility="a", equipment_type="scanner", units=1, installed=first + end - 6) for end in ends
    )
    limits = (SiteLimit(facility="a", equipment_type="scanner", max_units=3, source=SOURCE),)
    kinds = (SCANNER.replace(life=life), ROOM)
    tables = equipment(equipment_types=kinds, equipment_units=rows, site_limits=limits)
    policy = {"years": 5, "discount_rate": 0.0, "staff_limit": False, "pins": pins}
    return two_sites({"scan": 10.0}, policy, equipment=tables)


def decided(*units: int) -> tuple[LocationPin, ...]:
    """Units of each year."""
    pin = ONE_ROOM.replace(kind=PinKind.FIX)
    return tuple(pin.replace(value=n, year=year) for year, n in enumerate(units, two_sites({"scan": 10.0}).years[0]))


def purchases(problem: LocationProblem) -> float:
    """Money spent on purchases in all years."""
    return sum(row.mad for row in solve(problem).require().costs if row.line == "purchases")


def test_the_unit_that_ends_first_is_taken_out_and_the_other_is_not_renewed() -> None:
    """One ends in the third year, one after the plan: only the first is taken out. It was renewed before: 1,000,000."""
    assert purchases(with_units(2, 10)) == pytest.approx(0.0, abs=1e-6)


def test_the_unit_that_stays_is_renewed_once() -> None:
    """One ends in the third year, one in the fourth: the second stays and is renewed once, not twice."""
    assert purchases(with_units(2, 3)) == pytest.approx(1_000_000.0)


def test_a_unit_bought_before_another_is_taken_out_is_not_renewed() -> None:
    """Two end in the third year; one is bought, and one of the two taken out: one renewal, where two were counted."""
    assert purchases(with_units(2, 2, pins=decided(3, 2, 2, 2, 2))) == pytest.approx(2_000_000.0)


def test_a_unit_renewed_before_another_is_taken_out_is_not_renewed_again() -> None:
    """One is renewed in the second year; the other, that would end in the fourth, is taken out in the third."""
    assert purchases(with_units(1, 3, pins=decided(2, 2, 1, 1, 1))) == pytest.approx(1_000_000.0)


def test_a_type_that_ends_within_the_plan_is_refused() -> None:
    """Bought in the first year, it would end in the fourth of five."""
    with pytest.raises(DataError, match="life"):
        with_units(2, life=3)


def test_a_pin_of_a_year_that_is_not_planned_is_refused() -> None:
    problem = with_units(2)
    with pytest.raises(DataError, match="2050"):
        problem.replace(policy=problem.policy.replace(pins=(ONE_ROOM.replace(year=2050),)))
