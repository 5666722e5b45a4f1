"""A row of a table: a field, an element, and the kind of value that goes from one to the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol, TypeAlias

from oncopolis.interop.hl7.message import DELETED, Components, Segment
from oncopolis.interop.naming import Naming

__all__ = ["Change", "Entry", "Kind", "Repetition", "Row", "read_rows", "write_rows"]

Entry: TypeAlias = Mapping[str, Any]
Repetition: TypeAlias = Sequence[Sequence[str]]
"""Components of a repetition, and the subcomponents of each."""
Replaces: TypeAlias = Callable[[Entry, Sequence[Entry]], bool]
"""Whether an entry of a list gives way to the entries a message states."""


class Kind(Protocol):
    """A data type of HL7 and one of FHIR, as two ways to write one thing."""

    @property
    def name(self) -> str:
        """Data type of HL7."""

    def read(self, repetition: Repetition, where: str, naming: Naming) -> Any:
        """Return the value of FHIR, None if there is none; `Refusal` naming ``where``."""

    def write(self, value: Any, naming: Naming) -> Components:
        """Return the components of HL7."""


def all_of_them(_entry: Entry, _stated: Sequence[Entry]) -> bool:
    """The message states the whole list."""
    return True


def of_one_system(entry: Entry, stated: Sequence[Entry]) -> bool:
    """Entries of the systems that the message states; those of others are kept."""
    return entry.get("system") in {one.get("system") for one in stated}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Parameters
    ----------
    field
        Segment and number, such as ``PID-5``.
    element
        Path in the resource; ``period.start`` is a member of a member.
    is_list
        Whether the element is a list, whose entries the repetitions are.
    replaces
        Which entries of the list give way; they are also those that are written.
    way
        ``in`` for a field that is read and not written.
    """

    field: str
    element: str
    kind: Kind
    is_list: bool = False
    replaces: Replaces = all_of_them
    way: Literal["both", "in", "out"] = "both"

    @property
    def segment(self) -> str:
        """Name of the segment."""
        return self.field.partition("-")[0]

    @property
    def number(self) -> int:
        """Number of the field."""
        return int(self.field.partition("-")[2])


@dataclass(frozen=True, slots=True)
class Change:
    """What a message says of one element: its value, or that there is none (None)."""

    element: str
    value: Any
    is_list: bool = False
    replaces: Replaces = all_of_them
    keeps: Callable[[Entry], Entry] | None = None
    """What becomes of entries that give way; None if they go."""


_DELETED: Final = [[[DELETED]]]


def read_rows(rows: Iterable[Row], segment: Segment, naming: Naming) -> list[Change]:
    """Return what a segment states; an empty field states nothing."""
    changes = []
    for row in rows:
        repetitions = segment.list_repetitions(row.number) if row.way != "out" else []
        if repetitions == _DELETED:
            changes.append(Change(row.element, None, row.is_list, row.replaces))
            continue
        values = []
        for n, repetition in enumerate(repetitions, 1):
            value = row.kind.read(repetition, segment.name_field(row.number, n), naming)
            if value is not None:
                values.append(value)
        if values:
            changes.append(
                Change(row.element, values if row.is_list else values[0], row.is_list, row.replaces)
            )
    return changes


def read_all(rows: Sequence[Row], segments: Iterable[Segment], naming: Naming) -> list[Change]:
    """Return what several segments of a name state together: their lists are one."""
    made: dict[str, Change] = {}
    for segment in segments:
        for change in read_rows(rows, segment, naming):
            earlier = made.get(change.element)
            if earlier is None:
                made[change.element] = change
            elif change.is_list and change.value and earlier.value:
                made[change.element] = replace(earlier, value=[*earlier.value, *change.value])
    return list(made.values())


def write_rows(rows: Iterable[Row], resource: Entry, naming: Naming) -> dict[int, list[Components]]:
    """Return the fields of a segment that tell what a resource says."""
    fields: dict[int, list[Components]] = {}
    for row in rows:
        value = find(resource, row.element)
        if row.way == "in" or value is None:
            continue
        entries = [one for one in value if row.replaces(one, [one])] if row.is_list else [value]
        written = [row.kind.write(one, naming) for one in entries]
        present = [components for components in written if any(components)]
        if present:
            fields.setdefault(row.number, []).extend(present)
    return fields


def find(resource: Entry, element: str) -> Any:
    """Return the value of an element, None if there is none."""
    value: Any = resource
    for name in element.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
