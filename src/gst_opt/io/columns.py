"""What each column of a table accepts, read from the records themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any

from gst_opt.core.frozen import Row
from gst_opt.text import Message


class Kind(Enum):
    """How the text of a cell becomes a value."""

    TEXT = auto()
    NUMBER = auto()
    WHOLE = auto()
    BOOLEAN = auto()
    DATE = auto()
    CHOICE = auto()


@dataclass(frozen=True)
class Column:
    """One column: how it is read, whether each row must fill it, and what it accepts in words."""

    name: str
    kind: Kind
    required: bool
    expected: Message


@cache
def columns_of(row: type[Row]) -> Mapping[str, Column]:
    """Return the columns of a table by name, in the order in which they are written."""
    schema = row.model_json_schema()
    required = set(schema.get("required", ()))
    return {
        name: _column(name, _resolve(field, schema.get("$defs", {})), name in required)
        for name, field in schema["properties"].items()
    }


def _resolve(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the value itself: without null, and with its definition in place."""
    options = [option for option in field.get("anyOf", (field,)) if option.get("type") != "null"]
    reference = options[0].get("$ref")
    resolved: Mapping[str, Any] = definitions[reference.rsplit("/", 1)[-1]] if reference else options[0]
    return resolved


def _column(name: str, schema: Mapping[str, Any], required: bool) -> Column:
    kind, expected = _kind(schema)
    return Column(name, kind, required, expected if required else Message("io.or_empty", {"what": expected}))


def _kind(schema: Mapping[str, Any]) -> tuple[Kind, Message]:
    if "const" in schema:
        return Kind.WHOLE, Message("io.version", {"version": schema["const"]})
    if "enum" in schema:
        return Kind.CHOICE, Message("io.choice", {"values": ", ".join(schema["enum"])})
    if schema["type"] == "boolean":
        return Kind.BOOLEAN, Message("io.boolean")
    if schema["type"] == "integer":
        return Kind.WHOLE, Message("io.whole", {"bounds": _bounds(schema)})
    if schema["type"] == "number":
        return Kind.NUMBER, Message("io.number", {"bounds": _bounds(schema)})
    if schema.get("format") == "date":
        return Kind.DATE, Message("io.date")
    if "pattern" in schema:
        return Kind.TEXT, Message("io.identifier", {"high": schema["maxLength"]})
    return Kind.TEXT, Message("io.text", {"low": schema.get("minLength", 0), "high": schema["maxLength"]})


def _bounds(schema: Mapping[str, Any]) -> Message | str:
    if "exclusiveMinimum" in schema:
        return Message("io.above", {"low": schema["exclusiveMinimum"]})
    if "maximum" in schema:
        return Message("io.between", {"low": schema["minimum"], "high": schema["maximum"]})
    return Message("io.at_least", {"low": schema["minimum"]}) if "minimum" in schema else ""
