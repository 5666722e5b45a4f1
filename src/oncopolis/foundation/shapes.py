"""Parts that the JSON Schemas of our documents are put together from."""

from typing import Any

Schema = dict[str, Any]

NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def object_of(**fields: Schema) -> Schema:
    """Return the schema of an object that has exactly these fields."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def list_of(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def map_of(item: Schema) -> Schema:
    """Return the schema of an object whose keys are free."""
    return {"type": "object", "additionalProperties": item}


def maybe(schema: Schema) -> Schema:
    """Return the schema of what may be null."""
    return {"anyOf": [schema, {"type": "null"}]}
