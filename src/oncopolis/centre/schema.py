"""The JSON Schema of a project's `centre.yaml`, for editors that check while one types."""

from typing import Any

from oncopolis.centre.definition import Centre

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:oncopolis:schema:project:1"


def to_project_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Centre` by the names used in files.

    Required keys are not asked for: a project states only what differs from its library, and the files
    of one folder complete each other. What is missing in the end is found by `read_project`.
    """
    schema = Centre.model_json_schema(by_alias=True, mode="validation")
    schema.pop("required", None)
    for name in ("title", "description"):
        schema.pop(name, None)
    head = {
        "$schema": _DIALECT,
        "$id": _ID,
        "title": "Oncopolis project",
        "description": "A centre: whom it serves, what it does for them, with what, and where.",
    }
    return head | _loosen(schema)


def _loosen(schema: dict[str, Any]) -> dict[str, Any]:
    """Let entries of sections state only a part of their keys, as laid over the library."""
    entries = set()
    for section in schema.get("properties", {}).values():
        entries |= set(_list_entries(section))
    for name in entries:
        schema["$defs"][name].pop("required", None)
    return schema


def _list_entries(section: dict[str, Any]) -> list[str]:
    """Name the models whose keys are merged: sections that are mappings, and single models."""
    parts = [section, *section.get("anyOf", ()), section.get("additionalProperties")]
    parts += list(section.get("patternProperties", {}).values())
    return [part["$ref"].rsplit("/", 1)[-1] for part in parts if isinstance(part, dict) and "$ref" in part]
