"""ORC and OBR / ServiceRequest."""

from typing import Any, Final

from oncopolis.interop.mapping.concepts import Concept
from oncopolis.interop.mapping.kinds import Code, Moment, Text, Wrapped
from oncopolis.interop.mapping.people import IDENTIFIER_TYPES, Identifier, Person
from oncopolis.interop.mapping.rows import Entry, Replaces, Row

__all__ = ["CONTROLS", "ORC", "OUT_CONTROLS", "ROWS"]

CONTROLS: Final = {
    "NW": "active", "SN": "active", "RO": "active", "RL": "active", "OE": "active", "OK": "active",
    "XO": "", "XX": "", "SC": "",
    "CA": "revoked", "OC": "revoked", "DC": "revoked", "OD": "revoked", "CR": "revoked", "DR": "revoked",
    "HD": "on-hold", "OH": "on-hold",
    "RE": "completed", "CM": "completed",
}  # fmt: skip
"""ORC-1 (HL7 table 0119) -> status of the request; '' if it stays."""
OUT_CONTROLS: Final = {"revoked": "CA", "on-hold": "HD", "completed": "SC", "entered-in-error": "CA"}
"""Status of a request that was sent before -> ORC-1; any other is XO."""
PRIORITIES: Final = {"R": "routine", "S": "stat", "A": "asap", "U": "urgent", "T": "urgent", "P": "routine"}
"""HL7 table 0485 -> RequestPriority."""


def of_type(code: str) -> Replaces:
    """Return whether an identifier is of a type of table 0203."""

    def replaces(entry: Entry, _stated: Any) -> bool:
        codings = entry.get("type", {}).get("coding", ())
        return any(one.get("code") == code and one.get("system") == IDENTIFIER_TYPES for one in codings)

    return replaces


def _identifiers(segment: str, placer: int, filler: int) -> tuple[Row, Row]:
    return tuple(  # type: ignore[return-value]
        Row(
            f"{segment}-{number}", "identifier", Identifier(code, is_entity=True),
            is_list=True, replaces=of_type(code),
        )
        for number, code in ((placer, "PLAC"), (filler, "FILL"))
    )  # fmt: skip


ORC: Final = (
    *_identifiers("ORC", 2, 3),
    Row("ORC-9", "authoredOn", Moment()),
    Row("ORC-12", "requester", Person()),
)
ROWS: Final = (
    *_identifiers("OBR", 2, 3),
    Row("OBR-4", "code", Concept()),
    Row("OBR-5", "priority", Code(PRIORITIES, other="routine")),
    Row("OBR-6", "occurrenceDateTime", Moment()),
    Row("OBR-13", "patientInstruction", Text()),
    Row("OBR-16", "requester", Person(), way="in"),
    Row("OBR-31", "reasonCode", Concept(), is_list=True),
)
TIMING: Final = (
    Row("TQ1-7", "occurrenceDateTime", Moment(), way="in"),
    Row("TQ1-9", "priority", Code(PRIORITIES, other="routine", name="CWE"), way="in"),
)
NOTES: Final = (Row("NTE-3", "note", Wrapped(Text("FT"), "text"), is_list=True),)
