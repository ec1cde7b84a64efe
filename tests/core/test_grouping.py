"""The same data make the same grouping: whatever the order of the rows, and after JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.grouping import Grouping, grouping_tables
from gst_opt.core.region import Region
from gst_opt.samples import load_sample
from tests.core.small import CENTRE, GROUPING, HOSPITAL, REGION


@pytest.fixture(scope="module")
def towns() -> Grouping:
    return load_sample("two_towns")


def as_given(grouping: Grouping) -> dict[str, object]:
    """Return a grouping as nested plain values, the way JSON holds it."""
    return grouping.model_dump(mode="json")


@given(st.data())
def test_order_of_rows_does_not_matter(data: st.DataObject) -> None:
    content = as_given(GROUPING)
    for table in grouping_tables():
        owner = content[table.section] if table.section else content
        assert isinstance(owner, dict)
        owner[table.name] = data.draw(st.permutations(owner[table.name]))
    again = Grouping.model_validate(content)
    assert again == GROUPING
    assert again.model_dump_json() == GROUPING.model_dump_json()


def test_tables_are_sorted_by_key(towns: Grouping) -> None:
    for rows in towns.tables().values():
        keys = [row.key_values() for row in rows]
        assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["small", "two_towns"])
def test_json_round_trip(name: str, towns: Grouping) -> None:
    grouping = GROUPING if name == "small" else towns
    assert Grouping.model_validate_json(grouping.model_dump_json()) == grouping


def test_totals_of_a_region() -> None:
    assert REGION.inhabitants() == {"bourg": 0, "desert": 0, "ville": 9000}
    assert REGION.beds() == {}
    annex = HOSPITAL.replace(id="annex", establishment="hp")
    closed = CENTRE.replace(id="planned", status="planned")
    region = Region(facilities=(HOSPITAL, CENTRE, annex, closed), zones=REGION.zones)
    assert [facility.id for facility in region.open_facilities()] == ["annex", "cs", "hp"]
    assert region.establishments() == ("cs", "hp")


def test_what_if_is_checked_again_and_leaves_the_original() -> None:
    larger = GROUPING.replace(name="Larger", region=REGION.replace(roads=()))
    assert (larger.region.roads, len(GROUPING.region.roads)) == ((), 1)
    assert larger.workforce is GROUPING.workforce
