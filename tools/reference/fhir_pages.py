"""What the FHIR server does and does not: interactions, operations and searches, from the routing tables."""

from collections.abc import Iterator

from oncopolis.record.following.subscribing import PAYLOADS
from oncopolis.record.search.conformance import make_reference_page
from oncopolis.web.fhir.exporting import NDJSON
from oncopolis.web.fhir.headers import FHIR_VERSIONS, JSON_TYPES, PATCH_JSON
from oncopolis.web.fhir.interactions import INTERACTIONS, Interaction
from oncopolis.web.fhir.operations import OPERATIONS
from oncopolis.web.fhir.policy import KEPT
from reference.markdown import to_code, to_page, to_table

_NOT = (
    ("XML and Turtle", "JSON; a request for them is answered with 406, a body in them with 415"),
    ("FHIRPath Patch and XML Patch", "JSON Patch"),
    (
        "GraphQL, FHIR messaging, documents by `$document`",
        "REST, HL7 v2 over MLLP, a Composition of your own",
    ),
    ("topics of R5 and their backport to R4", "Subscriptions with criteria, as R4 has them"),
    ("channels websocket, email, sms, message", "rest-hook, or the stream of events"),
    ("terminology: `$expand`, `$lookup`, `$validate-code`, `:in`, `:above` of codes", "codes one by one"),
    ("deletion of what was written about patients", "entered in error, or erasure by the patient's key"),
    ("conversion of units (UCUM) in searches of quantities", "the unit as it was written"),
)


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield the page of conformance and that of searches."""
    yield "fhir.md", _make_page()
    yield "fhir_search.md", make_reference_page()


def _make_page() -> str:
    ways = dict.fromkeys(
        (to_code(one.code), to_code(_show(one))) for one in INTERACTIONS if one.level != "operation"
    )
    operations = [
        (
            to_code(f"${one.name}"),
            ", ".join(one.at),
            ", ".join(sorted(one.types)) if one.types else "all",
            " ".join(one.methods),
            one.definition,
        )
        for one in OPERATIONS
    ]
    marks = [
        (type_, to_code(f"{kept.element} = {kept.value}") if kept.element else "an update")
        for type_, kept in sorted(KEPT.items())
    ]
    return to_page(
        "FHIR conformance",
        f"FHIR R4 ({', '.join(FHIR_VERSIONS)}) in JSON ({', '.join(map(to_code, JSON_TYPES))}), patches in "
        f"{to_code(PATCH_JSON)}, exports in {to_code(NDJSON)}, messages of subscriptions in "
        f"{', '.join(map(to_code, PAYLOADS))}. `GET /fhir/metadata` says the same to programs. What a search "
        "understands is on [its own page](fhir_search.md); what `$validate` checks, on "
        "[another](validating_records.md).",
        "## Interactions",
        to_table(
            ("interaction", "request"),
            [
                *ways,
                *((to_code(code), to_code("POST /fhir")) for code in ("transaction", "batch")),
            ],
        ),
        "## Operations",
        to_table(("operation", "at", "types", "methods", "definition"), operations),
        "## Not supported",
        to_table(("what", "instead"), _NOT),
        "## Records that are never deleted",
        "What was written about a patient, or proves who did what, is marked. All other records that belong "
        "to a patient are kept too.",
        to_table(("type", "marked by"), marks),
    )


def _show(one: Interaction) -> str:
    path = f"/fhir/{one.path}".rstrip("/").replace("/?", "/{type or *}")
    return f"{one.method} {path}{'?search' if one.with_query else ''}"
