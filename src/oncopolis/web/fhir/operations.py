"""Operations, whose names begin with a dollar sign: one table, which routes requests and is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from oncopolis.record.store import Store
from oncopolis.web.fhir import cancer, everything, exporting, sampling, trailing, validating
from oncopolis.web.fhir.exchange import Answer, Asked

Handler = Callable[[Store, Asked], Awaitable[Answer]]
Place = Literal["system", "type", "instance"]

BASE = "http://hl7.org/fhir/OperationDefinition"
BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition"
_EXPORTS: tuple[tuple[str, Place, frozenset[str] | None], ...] = (
    ("export", "system", None),
    ("patient-export", "type", frozenset({"Patient"})),
    ("group-export", "instance", frozenset({"Group"})),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Parameters
    ----------
    name
        Without the dollar sign.
    definition
        Canonical URL of its OperationDefinition.
    at
        Where it is asked for: at the base, a type or a record.
    types
        Resource types that have it; None for all.
    parameters
        Query parameters it knows; None if it looks at them itself.
    """

    name: str
    definition: str
    at: tuple[Place, ...]
    methods: tuple[str, ...]
    handler: Handler
    types: frozenset[str] | None = None
    parameters: frozenset[str] | None = None


OPERATIONS = (
    Operation(
        name="validate", definition=f"{BASE}/Resource-validate", at=("type", "instance"),
        methods=("GET", "POST"), handler=validating.validate, parameters=validating.PARAMETERS,
    ),
    Operation(
        name="everything", definition=f"{BASE}/Patient-everything", at=("instance",),
        methods=("GET", "POST"), handler=everything.everything, types=frozenset({"Patient"}),
    ),
    *(
        Operation(
            name="export", definition=f"{BULK}/{definition}", at=(place,), methods=("GET", "POST"),
            handler=exporting.start, types=types,
        )
        for definition, place, types in _EXPORTS
    ),
    Operation(
        name="mcode-everything", definition=cancer.MCODE_EVERYTHING, at=("instance",),
        methods=("GET", "POST"), handler=cancer.mcode_everything, types=frozenset({"Patient"}),
    ),
    Operation(
        name="cancer-notification", definition=cancer.NOTIFICATION, at=("instance",),
        methods=("GET", "POST"), handler=cancer.notify, types=frozenset({"Patient"}),
    ),
    Operation(
        name="access-log", definition="urn:oncopolis:operation:access-log", at=("instance",),
        methods=("GET",), handler=trailing.show_log, types=frozenset({"Patient"}),
    ),
    Operation(
        name="miabis", definition="urn:oncopolis:operation:miabis", at=("type",), methods=("GET",),
        handler=sampling.show_samples, types=frozenset({"Specimen"}), parameters=sampling.PARAMETERS,
    ),
)  # fmt: skip
"""Every operation there is."""


def list_of_type(type_: str) -> list[dict[str, Any]]:
    """Return the operations of a type and its records as the CapabilityStatement tells them."""
    return [
        _tell(one)
        for one in OPERATIONS
        if {"type", "instance"} & set(one.at) and (one.types is None or type_ in one.types)
    ]


def list_of_system() -> list[dict[str, Any]]:
    """Return the operations of the whole server as the CapabilityStatement tells them."""
    return [_tell(one) for one in OPERATIONS if "system" in one.at]


def _tell(operation: Operation) -> dict[str, Any]:
    return {"name": operation.name, "definition": operation.definition}
