"""Units that become others where they stand: what it is worth, counted by hand, and that no unit counts twice."""

from typing import Any

import pytest

from gst_opt.api import PILLARS, solve
from gst_opt.core.equipment import FloorSpace, SessionStandard, SiteLimit, Upgrade
from gst_opt.model.goals import minimise
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.policy import LocationPin
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.today import today
from gst_opt.report.location_tables import Compared
from tests.contract.test_questions import values_without
from tests.location.contract_toys import PRICED
from tests.location.row_toys import NEAREST
from tests.location.two_sites import ROOM, SOURCE, equipment, two_sites, units

FAST = PRICED.replace(id="fast", floor_space=40)
QUESTION = next(one for one in PILLARS if one.problem is LocationProblem)
UPGRADE = Upgrade(equipment_type="scanner", becomes="fast", price=600, source=SOURCE)


def faster(scans: float = 1500, policy: dict[str, Any] | None = None, **own: Any) -> LocationProblem:
    """Return scans of both zones at a, whose scanner makes 2,000 a year; a fast one, 10 square metres larger, 4,000.

    There are 10 square metres. A fast one costs 1,000, or 600 if the scanner becomes one; to take that out costs 30.
    """
    standards = (("scanner", "scan", 30), ("fast", "scan", 15), ("room", "visit", 30))
    given: dict[str, Any] = {
        "equipment_types": (PRICED, FAST, ROOM),
        "equipment_units": units(("a", "scanner", 1)),
        "site_limits": (SiteLimit(facility="a", equipment_type="fast", max_units=1, source=SOURCE),),
        "floor_spaces": (FloorSpace(facility="a", free=10, source=SOURCE),),
        "session_standards": tuple(
            SessionStandard(equipment_type=kind, service=service, minutes_per_act=time, source=SOURCE)
            for kind, service, time in standards
        ),
        "upgrades": (UPGRADE,),
    }
    chosen = {"goals": minimise("unmet", "purchases"), "staff_limit": False, **NEAREST} | (policy or {})
    return two_sites({"scan": scans}, chosen, equipment=equipment(**(given | own)))


def values(problem: LocationProblem) -> tuple[float, ...]:
    """Return the best value of every goal."""
    result = solve(problem)
    assert result.violations == ()
    return tuple(stage.value for stage in result.stages)


def test_a_scanner_becomes_a_fast_one() -> None:
    """3,000 scans: 600 to upgrade; 1,030 to close and buy; 1,000 scans unmet where no fast one may stand."""
    assert values(faster()) == pytest.approx((0.0, 600.0))
    assert values(faster(upgrades=())) == pytest.approx((0.0, 1030.0))
    assert values(faster(site_limits=(), upgrades=())) == pytest.approx((1000.0, 0.0))


def test_the_plan_says_which_unit_became_which() -> None:
    plan = solve(faster()).require()
    (row,) = plan.upgrades
    assert (row.facility, row.equipment_type, row.becomes, row.year) == ("a", "scanner", "fast", 2026)
    assert (row.units, row.cost) == (1, 600.0)
    by_type = {own.equipment_type: own for own in plan.units if own.facility == "a"}
    assert (by_type["scanner"].units, by_type["scanner"].upgraded_out, by_type["scanner"].closed) == (0, 1, 0)
    assert (by_type["fast"].units, by_type["fast"].upgraded_in, by_type["fast"].bought) == (1, 1, 0)


def test_the_story_counts_the_unit_that_left_its_type() -> None:
    problem = faster()
    plan = solve(problem).require()
    table = Compared(problem, plan, today(problem)).unit_changes()
    told = {row[0]: dict(zip(table.columns[2:], row[2:], strict=True)) for row in table.rows}
    none = dict.fromkeys(("bought", "moved_in", "renewed", "retired", "closed"), 0)
    assert told == {
        "scanner": none | {"units": 0, "upgraded_in": 0, "upgraded_out": 1},
        "fast": none | {"units": 1, "upgraded_in": 1, "upgraded_out": 0},
    }


def test_a_unit_that_ends_within_the_plan_is_not_upgraded() -> None:
    """Installed in 2017 with a life of 10 years, it ends in 2027: to be closed, and another bought, for 1,030."""
    old = units(("a", "scanner", 1), installed=2017)
    assert values(faster(equipment_units=old, policy={"years": 2, "discount_rate": 0.0}))[1] == pytest.approx(1030.0)


def test_a_unit_that_would_end_as_what_it_becomes_is_not_upgraded() -> None:
    """Installed in 2018, it lives 15 years as a scanner, and 8 as a fast one, until 2026: closed, another bought."""
    kinds = (PRICED.replace(life=15), FAST.replace(life=8), ROOM)
    old = faster(equipment_types=kinds, equipment_units=units(("a", "scanner", 1), installed=2018))
    assert values(old)[1] == pytest.approx(1030.0)
    plan = solve(faster(equipment_types=kinds)).require()
    assert [one.rule for one in QUESTION.check(old, plan).violations] == ["movable"]


def decided(kind: PinKind, value: float, resource: str, **more: Any) -> LocationPin:
    """Return a decision about units of a."""
    return LocationPin(kind=kind, value=value, facility="a", equipment_type=resource, reason="decided", **more)


BOTH = {"pins": (decided(PinKind.AT_LEAST, 1, "scanner"), decided(PinKind.AT_LEAST, 1, "fast"))}
NEITHER = {"move": False, "pins": (decided(PinKind.AT_MOST, 0, "scanner"), decided(PinKind.AT_MOST, 0, "fast"))}
AGAIN = {
    "years": 3,
    "discount_rate": 0.0,
    "pins": tuple(
        decided(PinKind.FIX, count, kind, year=2026 + year)
        for kind, counts in (("scanner", (2, 1, 0)), ("fast", (0, 1, 2)))
        for year, count in enumerate(counts)
    ),
}
"""A second scanner is bought, 1,000; one becomes fast, 600; the other is closed, 30, and a second fast one bought."""
WIDE: dict[str, Any] = {
    "floor_spaces": (),
    "site_limits": tuple(
        SiteLimit(facility="a", equipment_type=kind, max_units=2, source=SOURCE) for kind in ("scanner", "fast")
    ),
}


@pytest.mark.parametrize(
    ("rule", "policy", "best", "without"),
    [
        # one is bought; or it is said to come from a scanner that is still there, whose closing is saved
        ("moves_out", BOTH, 1000.0, 600.0 - 30),
        # the scanner is closed; or it is said to have become one that is not there
        ("moves_in", NEITHER, 30.0, 600.0 - 1000),
        # what was bought is not upgraded
        ("movable", AGAIN, 1000.0 + 600 + 30 + 1000, 1000.0 + 2 * 600),
    ],
)
def test_an_upgraded_unit_is_counted_once(rule: str, policy: dict[str, Any], best: float, without: float) -> None:
    problem = faster(0.0 if rule == "moves_in" else 10.0, policy | {"goals": minimise("purchases")}, **WIDE)
    assert solve(problem).stages[0].value == pytest.approx(best)
    assert values_without(QUESTION, problem, rule) == pytest.approx((without,))
