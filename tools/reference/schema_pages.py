"""The JSON Schemas of what goes in and what comes out, as files for editors and as tables for people."""

import json
from collections.abc import Iterator
from typing import Any

from oncopolis.centre import to_project_schema
from oncopolis.planning import to_plan_schema
from oncopolis.twin.document import to_twin_schema
from reference.markdown import to_code, to_page, to_table

_SCHEMAS = (
    ("project", "The project (`centre.yaml`)", to_project_schema),
    ("plan", "The plan (`plan.json`)", to_plan_schema),
    ("twin", "A run of the twin (`twin.json`)", to_twin_schema),
)


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield each schema twice: as JSON and as a page of tables."""
    for name, title, to_schema in _SCHEMAS:
        schema = to_schema()
        yield f"{name}.schema.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        about = (
            f"Printed by `oncopolis schema {name}`; for editors: [{name}.schema.json]({name}.schema.json)."
        )
        yield f"{name}.md", to_page(title, about, *_list_parts(schema))


def _list_parts(schema: dict[str, Any]) -> Iterator[str]:
    yield _to_part(schema)
    for name, part in sorted(schema.get("$defs", {}).items()):
        yield f"## {name}"
        yield _to_part(part)


def _to_part(part: dict[str, Any]) -> str:
    about = part.get("description", "")
    required = set(part.get("required", ()))
    rows = [
        (to_code(key), to_type(field), _to_default(key, field, required), field.get("description", ""))
        for key, field in part.get("properties", {}).items()
    ]
    if not rows:
        return f"{about}\n\n{to_type(part)}".strip()
    return f"{about}\n\n{to_table(('key', 'type', 'default', 'meaning'), rows)}".strip()


def _to_default(key: str, field: dict[str, Any], required: set[str]) -> str:
    if key in required:
        return "*required*"
    return to_code(json.dumps(field["default"], ensure_ascii=False)) if "default" in field else ""


def to_type(field: dict[str, Any]) -> str:
    """Write the type of a field in words, with links to the models it refers to."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for union in ("anyOf", "oneOf", "allOf"):
        if union in field:
            return " or ".join(dict.fromkeys(to_type(option) for option in field[union]))
    if "enum" in field:
        return ", ".join(to_code(value) for value in field["enum"])
    if "const" in field:
        return to_code(field["const"])
    return _to_container(field) + _to_bounds(field)


def _to_container(field: dict[str, Any]) -> str:
    kind = str(field.get("type", "anything"))
    if kind == "array":
        items = field.get("items") or {
            "type": "/".join(to_type(item) for item in field.get("prefixItems", ()))
        }
        return f"list of {to_type(items)}"
    if kind == "object" and isinstance(field.get("additionalProperties"), dict):
        return f"mapping to {to_type(field['additionalProperties'])}"
    return {"null": "nothing", "string": "text", "object": "mapping"}.get(kind, kind)


def _to_bounds(field: dict[str, Any]) -> str:
    names = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {field[name]}" for name, sign in names.items() if name in field]
    return f" ({', '.join(bounds)})" if bounds else ""
