"""What tables say of one another: every kind of problem alone, then all of them at once."""

import ast
import inspect
from collections.abc import Mapping
from datetime import date

import pytest

from gst_opt.core import crosscheck
from gst_opt.core.errors import DataError
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Level, Population, Region, Road
from gst_opt.core.services import Activity
from gst_opt.core.sources import Source, SourceLabel
from gst_opt.core.time import Grain, Horizon, Period
from gst_opt.core.workforce import Staff
from gst_opt.text import Lang
from tests.core.small import CARE, CENTRE, GROUPING, HOSPITAL, REGION, TOWN, VILLAGE, WORKFORCE

Q1, Q2, Q3, Q4 = GROUPING.horizon.periods
Found = tuple[str, int, str, str, str]


def found(changes: Mapping[str, object]) -> list[Found]:
    """Return what is wrong: table, row (by key order), column, value, kind of problem."""
    with pytest.raises(DataError) as raised:
        GROUPING.replace(**changes)
    return [(p.table, p.row, p.column, p.value, p.expected.key.removeprefix("core.")) for p in raised.value.problems]


def region(**changes: object) -> dict[str, object]:
    return {"region": REGION.replace(**changes)}


def horizon(*periods: Period) -> dict[str, object]:
    return {"horizon": Horizon(periods=periods), "activity": ()}


def source(table: str, column: str) -> Source:
    return Source(table=table, column=column, label=SourceLabel.SYNTHETIC, source="made for tests")


STAFF_TWICE = (*WORKFORCE.staff, Staff(facility="hp", skill="nurse", heads=3))

CASES: dict[str, tuple[dict[str, object], list[Found]]] = {
    "same id twice": (
        region(facilities=(HOSPITAL, CENTRE, CENTRE.replace(name="Autre"))),
        [("facilities", 2, "id", "cs", "duplicate")],
    ),
    "same key of two columns twice": (
        {"workforce": WORKFORCE.replace(staff=STAFF_TWICE)},
        [("staff", 3, "facility, skill", "hp, nurse", "duplicate")],
    ),
    "unknown facility": (
        {"workforce": WORKFORCE.replace(staff=(Staff(facility="hx", skill="gp", heads=1),))},
        [("staff", 1, "facility", "hx", "unknown_reference")],
    ),
    "unknown reference hospital, in an optional column": (
        region(facilities=(HOSPITAL, CENTRE.replace(reference="hx"))),
        [("facilities", 1, "reference", "hx", "unknown_reference")],
    ),
    "unknown place of a road": (
        region(roads=(Road(origin="hp", destination="nowhere", km=1, minutes=1),)),
        [("roads", 1, "destination", "nowhere", "unknown_reference")],
    ),
    "unknown period": (
        {"activity": (Activity(facility="cs", service="care", period="2027-Q1", acts=1),)},
        [("activity", 1, "period", "2027-Q1", "unknown_reference")],
    ),
    "a zone with the id of a facility": (
        region(zones=(TOWN, VILLAGE, VILLAGE.replace(id="hp"))),
        [("zones", 2, "id", "hp", "place_twice")],
    ),
    "referral to itself": (
        region(facilities=(HOSPITAL.replace(reference="hp"), CENTRE)),
        [("facilities", 2, "reference", "hp", "reference_to_itself")],
    ),
    "referral to a facility of the same level": (
        region(facilities=(HOSPITAL, CENTRE, CENTRE.replace(id="dr", level=Level.URBAN_CENTRE_2, reference="cs"))),
        [("facilities", 2, "reference", "cs", "reference_is_hospital")],
    ),
    "establishment that belongs to another": (
        region(facilities=(HOSPITAL, CENTRE.replace(establishment="hp"), CENTRE.replace(id="dr", establishment="cs"))),
        [("facilities", 2, "establishment", "cs", "establishment_of_its_own")],
    ),
    "province without people": (
        region(facilities=(HOSPITAL, CENTRE.replace(province="Sud"))),
        [("facilities", 1, "province", "Sud", "known_province")],
    ),
    "latitude alone": (
        region(facilities=(HOSPITAL.replace(latitude=35.0), CENTRE)),
        [("facilities", 2, "latitude", "35.0", "coordinates_together")],
    ),
    "longitude alone, of a zone": (
        region(zones=(TOWN.replace(latitude=None), VILLAGE)),
        [("zones", 2, "longitude", "-5.3", "coordinates_together")],
    ),
    "period that ends too late": (
        horizon(Q1, Q2.replace(end=date(2026, 7, 1)), Q3),
        [("periods", 2, "end", "2026-07-01", "period_bounds")],
    ),
    "period that ends before it starts": (
        horizon(Q1.replace(end=date(2025, 12, 31))),
        [("periods", 1, "end", "2025-12-31", "period_bounds")],
    ),
    "period that starts in the middle": (
        horizon(Q1, Q2.replace(start=date(2026, 4, 2))),
        [("periods", 2, "start", "2026-04-02", "period_bounds")],
    ),
    "half-day of two days": (
        horizon(Period(id="am", grain=Grain.HALF_DAY, start=date(2026, 3, 2), end=date(2026, 3, 3))),
        [("periods", 1, "end", "2026-03-03", "period_bounds")],
    ),
    "gap in the calendar": (horizon(Q1, Q2, Q4), [("periods", 3, "start", "2026-10-01", "period_after")]),
    "two grains": (
        horizon(Q1, *Horizon.of(Grain.MONTH, date(2026, 4, 1), 1).periods),
        [("periods", 2, "grain", "month", "period_same_grain")],
    ),
    "two periods with one id": (
        horizon(Q1, Q2.replace(id="2026-Q1")),
        [("periods", 2, "id", "2026-Q1", "duplicate")],
    ),
    "source of an unknown table": (
        {"sources": (source("stuff", "*"),)},
        [("sources", 1, "table", "stuff", "known_table")],
    ),
    "source of an unknown column": (
        {"sources": (source("staff", "head"),)},
        [("sources", 1, "column", "head", "known_column")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_problem_alone(case: str) -> None:
    changes, expected = CASES[case]
    assert found(changes) == expected


def test_every_kind_of_problem_has_a_case() -> None:
    tree = ast.parse(inspect.getsource(crosscheck))
    kinds = {
        node.value.removeprefix("core.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("core.")
    }
    assert {place[4] for _, expected in CASES.values() for place in expected} == kinds


def test_all_problems_come_at_once() -> None:
    """Each row is wrong in its own way, and no problem hides another."""
    changes = {
        "region": REGION.replace(
            facilities=(HOSPITAL.replace(reference="hp", latitude=35.0), CENTRE.replace(province="Sud")),
            zones=(TOWN, VILLAGE.replace(id="hp")),
            populations=(Population(zone="cs", age_group="all", inhabitants=1),),
        ),
        "horizon": Horizon(periods=(Q1, Q3)),
        "workforce": WORKFORCE.replace(staff=STAFF_TWICE),
        "sources": (source("stuff", "*"), source("staff", "head")),
    }
    assert found(changes) == [
        ("activity", 1, "period", "2026-Q2", "unknown_reference"),
        ("facilities", 1, "province", "Sud", "known_province"),
        ("facilities", 2, "latitude", "35.0", "coordinates_together"),
        ("facilities", 2, "reference", "hp", "reference_to_itself"),
        ("periods", 2, "start", "2026-07-01", "period_after"),
        ("populations", 1, "zone", "cs", "unknown_reference"),
        ("sources", 1, "column", "head", "known_column"),
        ("sources", 2, "table", "stuff", "known_table"),
        ("staff", 3, "facility, skill", "hp, nurse", "duplicate"),
        ("zones", 1, "id", "hp", "place_twice"),
    ]


def test_an_error_says_every_problem_in_both_languages() -> None:
    with pytest.raises(DataError) as raised:
        Grouping(id="g", name="G", region=Region(facilities=(CENTRE,)), sources=(source("stuff", "*"),))
    assert raised.value.text(Lang.EN).splitlines() == [
        "The data cannot be used; problems: 2",
        "  facilities, row 1, column reference: «hp»; expected an id that the table facilities has",
        "  sources, row 1, column table: «stuff»; expected a table of the grouping",
    ]
    assert raised.value.text(Lang.FR).splitlines() == [
        "Les données ne peuvent pas être utilisées ; problèmes : 2",
        "  facilities, ligne 1, colonne reference : «hp» ; attendu : un identifiant présent dans la table facilities",
        "  sources, ligne 1, colonne table : «stuff» ; attendu : une table du groupement",
    ]


def test_half_days_may_skip_days_off() -> None:
    days = Horizon.of(Grain.HALF_DAY, date(2026, 3, 6), 4)
    assert [period.id for period in days.periods] == [
        *("2026-03-06-am", "2026-03-06-pm", "2026-03-09-am", "2026-03-09-pm"),
    ]
    assert GROUPING.replace(horizon=days, activity=()).horizon == days


def test_the_small_grouping_is_good_and_empty_tables_are_allowed() -> None:
    assert GROUPING.tables()["services"] == (CARE,)
    assert sum(len(rows) for rows in Grouping(id="g", name="Empty").tables().values()) == 0
