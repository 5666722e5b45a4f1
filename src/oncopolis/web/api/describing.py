"""The acts of the live centre in the OpenAPI document, from what each asks for."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from oncopolis import biobank
from oncopolis.foundation import Frozen
from oncopolis.operations import Act
from oncopolis.web.api.refusing import Refusal

_TEMPLATE = "#/components/schemas/{model}"
_REFUSED = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Done(Frozen):
    """What every act answers, beside what it tells itself."""

    seq: int
    """Its place among all acts."""
    at_ms: int
    """When it was done, milliseconds since 1970 (UTC)."""
    made: tuple[str, ...]
    """Ids of the records it made, in the order they were given."""
    changes: int
    """How much was written: versions, claims taken and given back, lines of the journal, messages."""


def describe_acts(document: Mapping[str, Any], acts: Iterable[Act[Any] | biobank.Act[Any]]) -> dict[str, Any]:
    """Return an OpenAPI document with a path for each act."""
    schemas: dict[str, Any] = dict(document.get("components", {}).get("schemas", {}))
    for model in (Done, Refusal):
        _add(schemas, model.__name__, model)
    schemas[Done.__name__]["additionalProperties"] = True
    paths = dict(document["paths"])
    for act in acts:
        name = f"act_{act.name}"
        _add(schemas, name, act.asked)
        said = schemas[name]
        said["properties"] = {**said.get("properties", {}), "at": _AT}
        paths[f"/acts/{act.name}"] = {"post": _describe(act, name)}
    return {**document, "paths": paths, "components": {**document.get("components", {}), "schemas": schemas}}


_AT = {
    "type": "string", "format": "date-time",
    "description": "When it was done: for programs, while the server is in shadow mode.",
}  # fmt: skip


def _add(schemas: dict[str, Any], name: str, model: type[Frozen]) -> None:
    schema = model.model_json_schema(ref_template=_TEMPLATE)
    schemas.update(schema.pop("$defs", {}))
    schemas[name] = schema


def _describe(act: Act[Any] | biobank.Act[Any], schema: str) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key", "in": "header", "required": False,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:~+/=-]{1,128}$"},
        "description": "The same one is done once.",
    }  # fmt: skip
    answers = {str(status.value): _answer(status.phrase, Refusal.__name__) for status in _REFUSED}
    return {
        "operationId": act.name,
        "tags": ["acts"],
        "summary": (getdoc(act.asked) or act.name).partition("\n")[0],
        "parameters": [key],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _TEMPLATE.format(model=schema)}}},
        },
        "responses": {"200": _answer("Done", Done.__name__), **answers},
    }


def _answer(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _TEMPLATE.format(model=schema)}}}
    return {"description": description, "content": content}
