"""Every record is frozen and closed, and says what its fields are and in which unit."""

import types
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from gst_opt.core.errors import DataProblem, MissingExtraError, shorten
from gst_opt.core.frozen import Frozen, Row, Section
from gst_opt.core.grouping import Grouping, grouping_tables, rows_of
from gst_opt.core.region import Facility, Level, Region, Road
from gst_opt.core.units import reference_of, unit_of
from gst_opt.core.workforce import Skill, Staff
from gst_opt.text import Lang, Message
from tests.core.small import CENTRE, GROUPING, HOSPITAL

ROWS = {table.name: table.row for table in grouping_tables()}

UNIT_IN_A_COLUMN = {
    ("category_allowances", "amount"),
    ("cost_parameters", "value"),
    ("discount_tiers", "threshold"),
    ("premium_steps", "threshold"),
}
"""Numbers whose unit is another column of the row."""


def records(base: type[BaseModel] = Frozen) -> set[type[BaseModel]]:
    """Return every record of the library, the questions' own included."""
    import gst_opt.api  # noqa: F401  (so that they are all there)

    return {base}.union(*(records(child) for child in base.__subclasses__()))


def numeric(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(numeric(arg) for arg in get_args(annotation))
    inner = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    return inner in (int, float)


@pytest.mark.parametrize("record", sorted(records(), key=str))
def test_record_is_frozen_closed_and_described(record: type[BaseModel]) -> None:
    assert record.model_config["frozen"] is True
    assert record.model_config["extra"] == "forbid"
    assert record.model_config["allow_inf_nan"] is False
    assert [name for name, field in record.model_fields.items() if not (field.description or "").strip()] == []


@pytest.mark.parametrize("name", ROWS)
def test_every_number_of_a_table_has_a_unit(name: str) -> None:
    without = {
        (name, column)
        for column, field in ROWS[name].model_fields.items()
        if numeric(field.annotation) and not unit_of(field)
    }
    assert without <= UNIT_IN_A_COLUMN


@pytest.mark.parametrize("name", ROWS)
def test_units_and_references_reach_the_json_schema(name: str) -> None:
    properties = ROWS[name].model_json_schema()["properties"]
    for column, field in ROWS[name].model_fields.items():
        schema = properties[column]
        branches = [schema, *schema.get("anyOf", ())]
        for extra, expected in (("unit", unit_of(field)), ("references", reference_of(field))):
            assert next((branch[extra] for branch in branches if extra in branch), "") == expected
        assert schema["description"] == field.description


@pytest.mark.parametrize("name", ROWS)
def test_references_and_keys_name_what_exists(name: str) -> None:
    row = ROWS[name]
    assert set(row.key) <= set(row.model_fields)
    assert {reference_of(field) for field in row.model_fields.values()} - {""} <= {*ROWS, "places"}
    for column in ("facility", "zone", "skill", "service", "period", "need", "supplier", "equipment_type"):
        if column in row.model_fields:
            assert reference_of(row.model_fields[column]) == f"{column}s".replace("facilitys", "facilities")


def test_no_field_can_hold_the_name_or_birth_of_a_person() -> None:
    assert set(ROWS["persons"].model_fields) == {"id", "facility", "skill", "fte"}
    assert set(ROWS["staff"].model_fields) == {"facility", "skill", "heads", "protected"}
    assert set(ROWS["staff_ages"].model_fields) == {"facility", "skill", "age", "heads"}


def test_fields_cannot_be_set_added_or_made_nan() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        CENTRE.name = "Autre"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        CENTRE.replace(nom="Autre")
    for value in (float("nan"), float("inf"), -1.0):
        with pytest.raises(ValidationError):
            Road(origin="a", destination="b", km=value, minutes=1)


@pytest.mark.parametrize("identifier", ["", " a", "a b", "é", "-a", "=1+1", "a" * 65, "a\n", "@a"])
def test_identifiers_are_plain(identifier: str) -> None:
    with pytest.raises(ValidationError):
        Skill(id=identifier, name_fr="x", name_en="x", profession="x")


def test_replace_validates_and_leaves_the_original() -> None:
    moved = CENTRE.replace(commune="Ville")
    assert (moved.commune, CENTRE.commune) == ("Ville", "Bourg")
    assert moved.replace(commune="Bourg") == CENTRE
    with pytest.raises(ValidationError):
        CENTRE.replace(level="XX")


def test_records_are_values() -> None:
    assert Staff(facility="a", skill="b", heads=1) == Staff(facility="a", skill="b", heads=1)
    assert len({CENTRE, CENTRE.replace(), HOSPITAL}) == 2


def test_sections_tell_their_tables() -> None:
    assert Region.tables_of()["facilities"] is Facility
    assert set(Region.tables_of()) == set(Region.model_fields)
    assert all(issubclass(row, Row) for row in ROWS.values())
    assert len(ROWS) == len(grouping_tables())
    sections = {name for name, field in Grouping.model_fields.items() if _is_section(field.annotation)}
    assert {table.section for table in grouping_tables()} == {*sections, ""}


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def test_rows_of_a_table_wherever_it_stands() -> None:
    by_name = {table.name: table for table in grouping_tables()}
    assert rows_of(GROUPING, by_name["services"]) == GROUPING.services
    assert rows_of(GROUPING, by_name["facilities"]) == GROUPING.region.facilities


def test_levels_climb_the_referral_ladder() -> None:
    ranks = [level.rank for level in Level]
    assert ranks == sorted(ranks)
    assert [level.value for level in Level if level.is_hospital] == ["HPr", "HP", "HR", "HIR", "CHU"]


def test_a_long_or_strange_value_is_shown_on_one_line() -> None:
    assert shorten("x" * 500) == "«" + "x" * 30 + "…" + "x" * 15 + "»"
    assert shorten("a\nb\x1b[31m") == r"'a\nb\x1b[31m'"
    problem = DataProblem("staff", 0, "", "a\nb", Message("core.known_table"))
    assert problem.text(Lang.EN) == r"staff: 'a\nb'; expected a table of the grouping"


def test_a_missing_extra_is_named_with_its_command() -> None:
    assert str(MissingExtraError("cli")).endswith("pip install 'gst_opt[cli]'")
    assert MissingExtraError("cli").text(Lang.FR).startswith("Il manque")
