"""OBR and OBX / DiagnosticReport and Observation."""

from dataclasses import dataclass, field
from typing import Final

from oncopolis.interop.hl7.message import Message, Segment
from oncopolis.interop.mapping.concepts import Concept
from oncopolis.interop.mapping.kinds import Code, Moment, Text, Wrapped
from oncopolis.interop.mapping.orders import of_type
from oncopolis.interop.mapping.people import Identifier, Person
from oncopolis.interop.mapping.rows import Row

__all__ = ["LINES", "NOTES", "OBSERVATION", "REPORT", "Group", "Result", "list_groups"]

REPORT_STATES: Final = {
    "F": "final", "P": "preliminary", "R": "preliminary", "C": "corrected", "X": "cancelled", "A": "partial",
    "S": "registered", "I": "registered", "O": "registered", "Y": "unknown", "Z": "unknown",
}  # fmt: skip
"""HL7 table 0123 -> DiagnosticReportStatus."""
STATES: Final = {
    "F": "final", "P": "preliminary", "R": "preliminary", "S": "preliminary", "C": "corrected",
    "X": "cancelled", "D": "entered-in-error", "W": "entered-in-error", "I": "registered", "O": "registered",
    "U": "final",
}  # fmt: skip
"""HL7 table 0085 -> ObservationStatus."""
INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

REPORT: Final = (
    Row("OBR-2", "identifier", Identifier("PLAC", is_entity=True), is_list=True, replaces=of_type("PLAC")),
    Row("OBR-3", "identifier", Identifier("FILL", is_entity=True), is_list=True, replaces=of_type("FILL")),
    Row("OBR-4", "code", Concept()),
    Row("OBR-7", "effectiveDateTime", Moment()),
    Row("OBR-22", "issued", Moment()),
    Row("OBR-25", "status", Code(REPORT_STATES)),
)
OBSERVATION: Final = (
    Row("OBX-3", "code", Concept()),
    Row("OBX-7", "referenceRange", Wrapped(Text(), "text"), is_list=True),
    Row("OBX-8", "interpretation", Concept(default=INTERPRETATION, name="IS"), is_list=True),
    Row("OBX-11", "status", Code(STATES)),
    Row("OBX-14", "effectiveDateTime", Moment()),
    Row("OBX-16", "performer", Person(), is_list=True),
)
NOTES: Final = (Row("NTE-3", "note", Wrapped(Text("FT"), "text"), is_list=True),)

LINES: Final = ("TX", "FT", "ST")


@dataclass
class Result:
    """One OBX, or the lines of a text over several, with its notes."""

    segment: Segment
    texts: list[str] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)


@dataclass
class Group:
    """An OBR with what follows it."""

    segment: Segment
    order: Segment | None = None
    notes: list[Segment] = field(default_factory=list)
    timings: list[Segment] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


def list_groups(message: Message) -> list[Group]:
    """Return the orders of a message; `Refusal` if there is none."""
    groups: list[Group] = []
    order: Segment | None = None
    timings: list[Segment] = []
    for segment in message.segments:
        if segment.name == "ORC":
            order, timings = segment, []
        elif segment.name == "OBR":
            groups.append(Group(segment, order, timings=timings))
            order, timings = None, []
        elif segment.name == "TQ1" and order is not None:
            timings.append(segment)
        elif groups:
            _add(groups[-1], segment)
    if not groups:
        message.get_first("OBR")
    return groups


def _add(group: Group, segment: Segment) -> None:
    if segment.name == "TQ1":
        group.timings.append(segment)
    elif segment.name == "NTE":
        (group.results[-1].notes if group.results else group.notes).append(segment)
    elif segment.name == "OBX":
        last = group.results[-1] if group.results else None
        if last is not None and _is_next_line(last.segment, segment):
            last.texts.append(_read_text(segment))
        else:
            group.results.append(Result(segment, [_read_text(segment)]))


def _is_next_line(last: Segment, segment: Segment) -> bool:
    """Whether an OBX is the next line of a text: the same type, code and sub-id."""
    return segment.get(2) in LINES and all(
        last.get_raw(number) == segment.get_raw(number) for number in (2, 3, 4)
    )


def _read_text(segment: Segment) -> str:
    if segment.get(2) not in LINES:
        return ""
    repetitions = segment.get_raw(5).split(segment.separators.repetition or "\n")
    return "\n".join(segment.separators.unescape(one, segment.charset) for one in repetitions)
