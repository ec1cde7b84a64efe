"""What the tables of support functions say of one another: every kind of problem alone; good ones have none."""

import ast
import inspect
from datetime import date

import pytest

from gst_opt.core import crosscheck_support
from gst_opt.core.errors import DataError
from gst_opt.core.grouping import Grouping
from gst_opt.core.region import Facility, Level, Region
from gst_opt.core.support import Hub, HubLevel, Support, SupportFunction, SupportToday, SupportVolume
from gst_opt.core.time import Grain, Horizon

Found = tuple[str, int, str, str, str]

HOSPITAL = Facility(id="hp", name="HP", commune="C", province="P", level=Level.PROVINCIAL_HOSPITAL)
LAUNDRY = SupportFunction(id="laundry", name_fr="Linge", name_en="Laundry", driver="kg")
SMALL = HubLevel(support_function="laundry", facility="hp", capacity=900, fixed_cost=10, opening_cost=500)
LARGE = SMALL.replace(capacity=1000, opening_cost=501)

GOOD: dict[str, tuple[object, ...]] = {
    "support_functions": (LAUNDRY,),
    "support_volumes": (SupportVolume(support_function="laundry", facility="hp", period="2026", volume=800),),
    "support_today": (SupportToday(support_function="laundry", facility="hp"),),
    "hubs": (Hub(support_function="laundry", facility="hp"),),
    "hub_levels": (SMALL, LARGE),
}

CASES: dict[str, tuple[dict[str, tuple[object, ...]], list[Found]]] = {
    "a volume of which nobody says how it is done": (
        {"support_today": ()},
        [("support_volumes", 1, "facility", "hp", "with_support_today")],
    ),
    "a hub without a size": (
        {"hubs": (Hub(support_function="laundry", facility="cs"), *GOOD["hubs"])},
        [("hubs", 1, "facility", "cs", "hub_with_level")],
    ),
    "a size of what is no hub": (
        {"hub_levels": (SMALL.replace(facility="cs"), SMALL)},
        [("hub_levels", 1, "facility", "cs", "hub_of_function")],
    ),
    "a larger hub that opens for less: 900, then 1000, although text sorts 1000 first": (
        {"hub_levels": (SMALL, LARGE.replace(opening_cost=499))},
        [("hub_levels", 1, "opening_cost", "499", "opening_cost_rises")],
    ),
}


def grouping(**tables: tuple[object, ...]) -> Grouping:
    return Grouping(
        id="g",
        name="G",
        horizon=Horizon.of(Grain.YEAR, date(2026, 1, 1), 1),
        region=Region(facilities=(HOSPITAL, HOSPITAL.replace(id="cs", level=Level.LOCAL_HOSPITAL))),
        support=Support.model_validate(GOOD | tables),
    )


def test_good_support_functions_have_no_problem() -> None:
    assert len(grouping().tables()["hub_levels"]) == 2


@pytest.mark.parametrize("case", CASES)
def test_each_problem_alone(case: str) -> None:
    changed, expected = CASES[case]
    with pytest.raises(DataError) as caught:
        grouping(**changed)
    found = [(p.table, p.row, p.column, p.value, p.expected.key.partition(".")[2]) for p in caught.value.problems]
    assert found == expected


def test_every_message_is_reached() -> None:
    tree = ast.parse(inspect.getsource(crosscheck_support))
    written = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("core.")
    }
    assert written == {f"core.{key}" for _, expected in CASES.values() for *_, key in expected}


def test_what_a_refused_table_lacks_is_not_reported() -> None:
    tables = {name: tuple(rows) for name, rows in grouping().tables().items()}
    for emptied, key in (
        ("support_today", "core.with_support_today"),
        ("hub_levels", "core.hub_with_level"),
        ("hubs", "core.hub_of_function"),
    ):
        fewer = tables | {emptied: ()}
        assert {one.expected.key for one in crosscheck_support.support_problems(fewer)} == {key}
        assert crosscheck_support.support_problems(fewer, {emptied}) == []
