"""The JSON Schema of a grouping's file."""

from typing import Any

from gst_opt.core.grouping import Grouping
from gst_opt.io.draft import Head


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the files that `read_json` reads.

    Beside the standard words it has ``unit`` for numbers and ``references`` (a table) for ids. What rows must say of
    one another is beyond a schema: `read_json` checks it.
    """
    schema = Grouping.model_json_schema()
    version = Head.model_json_schema()["properties"]["format_version"]
    return schema | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {"format_version": version} | schema["properties"],
        "required": ["format_version", *schema["required"]],
    }
